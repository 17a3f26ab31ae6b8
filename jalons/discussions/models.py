"""Comments on anything that `accounts.subjects` knows, what people star and follow, the e-mails that Jalons sends."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jalons.accounts.models import Attached, Organisation, User
from jalons.core.fields import CodesField
from jalons.core.values import join_and
from jalons.discussions.enums import Frequency, NewsKind
from jalons.discussions.querysets import (
    CommentQuerySet,
    FavouriteQuerySet,
    MailChoiceQuerySet,
    MailQuerySet,
    SubscriptionQuerySet,
)

SUBJECT_LENGTH = 200
ERROR_LENGTH = 300


class Comment(Attached):
    """What a person wrote under a thing. Only added; its author may withdraw it.

    The text of a withdrawn comment stays in the database, for whoever must answer for it, and no page shows it.
    A `restricted` one exists for its author and those chosen when it was written, and for nobody else: every page reads
    through `visible_to`, every file through `for_everyone`.
    """

    text = models.TextField("commentaire")
    restricted = models.BooleanField("réservé à certains lecteurs", default=False, editable=False)
    for_organisations = models.ManyToManyField(
        Organisation, related_name="+", blank=True, editable=False, verbose_name="pour les structures"
    )
    for_people = models.ManyToManyField(
        User, related_name="+", blank=True, editable=False, verbose_name="pour les personnes"
    )
    mentioned = models.ManyToManyField(
        User, related_name="+", blank=True, editable=False, verbose_name="personnes nommées"
    )

    objects = CommentQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Attached.Meta):
        verbose_name = "commentaire"

    def __str__(self) -> str:
        return f"{self.author}, {self.created_at:%d/%m/%Y}"

    @property
    def audience(self) -> str:
        """« DDETS du Nord et Camille Nord » for a restricted comment; nothing for one that everybody reads."""
        if not self.restricted:
            return ""
        names = [str(reader) for reader in (*self.for_organisations.all(), *self.for_people.all())]
        return join_and(sorted(names)) or "personne d’autre que son auteur"


class Mail(models.Model):
    """One e-mail in the outbox: written with what it tells, in the same transaction, and sent at most once.

    Waiting, then claimed by a process (`claimed_at`), then sent or refused (`sent_at`, `failed_at`). One that
    stays claimed is uncertain: see docs/adr/0007-outbox.md. `attempts` counts the claims. `held_at`: the base was
    restored, it may have left already, and waits for someone's word (docs/adr/0038-sauvegarde.md).
    """

    key = models.CharField("clé", max_length=200, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="destinataire")
    topic = models.CharField("sujet d’envoi", max_length=40)
    subject = models.CharField("objet", max_length=SUBJECT_LENGTH)
    body = models.TextField("texte")
    html = models.TextField("texte en HTML", blank=True)
    # « site:abc… », « comment:xyz… »: what it speaks of, each still to be readable by its reader when it leaves.
    about = models.JSONField("ce dont il parle", default=list, blank=True, editable=False)
    # Keys of the news it tells: none is told twice.
    news = models.JSONField("nouvelles", default=list, blank=True, editable=False)
    created_at = models.DateTimeField("écrit le", default=timezone.now, editable=False)
    claimed_at = models.DateTimeField("pris le", null=True, editable=False)
    sent_at = models.DateTimeField("envoyé le", null=True, editable=False)
    failed_at = models.DateTimeField("refusé le", null=True, editable=False)
    attempts = models.PositiveSmallIntegerField("essais", default=0, editable=False)
    error = models.CharField("erreur", max_length=ERROR_LENGTH, blank=True, editable=False)
    held_at = models.DateTimeField("à confirmer depuis", null=True, editable=False)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, failed_at__isnull=True)
                | Q(claimed_at__isnull=False, sent_at__isnull=True)
                | Q(claimed_at__isnull=False, failed_at__isnull=True),
                name="discussions_mail_one_state",
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(sent_at__isnull=True), name="discussions_mail_unsent")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """What the e-mail is called in the journal of the mail server: the left part of its Message-ID.

        Unlike the key, no other e-mail ever bears it, even after a backup was restored.
        """
        return f"jalons.{self.pk}.{self.attempts}.{self.created_at:%Y%m%d%H%M%S}"


class MailChoice(models.Model):
    """Whether a person refuses a topic. No row: they never said, and receive it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="compte")
    topic = models.CharField("sujet d’envoi", max_length=40)
    muted = models.BooleanField("refusé")
    changed_at = models.DateTimeField("choisi le", default=timezone.now, editable=False)

    objects = MailChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "choix de courriel"
        verbose_name_plural = "choix de courriels"
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="discussions_mailchoice_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.topic}"


class Favourite(models.Model):
    """What a person keeps at hand. `kind` as in `followed`."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="compte")
    kind = models.CharField("sorte", max_length=20)
    object_id = models.PositiveBigIntegerField()
    created_at = models.DateTimeField("choisi le", default=timezone.now, editable=False)

    objects = FavouriteQuerySet.as_manager()

    class Meta:
        verbose_name = "favori"
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "object_id"], name="discussions_favourite_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.kind} {self.object_id}"


class Subscription(models.Model):
    """What a person wants to hear of a territory, of a theme or of one thing, and how often.

    `target`: « territory » (a scope), « theme » (its code), or a kind of `followed`; `target_key`: the primary key or
    the code, as text. Following gives no right: what may be read is looked at when an e-mail leaves.
    """

    TERRITORY, THEME = "territory", "theme"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="compte")
    target = models.CharField("sorte", max_length=20)
    target_key = models.CharField("cible", max_length=30)
    frequency = models.CharField("fréquence", max_length=8, choices=Frequency, default=Frequency.WEEKLY)
    events = CodesField("nouvelles", choices=NewsKind)
    created_at = models.DateTimeField("abonné depuis le", default=timezone.now, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "target", "target_key"], name="discussions_subscription_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.target} {self.target_key}"


class DigestWeek(models.Model):
    """A week (its Monday) of which every digest is in the outbox: nobody’s is looked for again."""

    monday = models.DateField("semaine du", unique=True)
    finished_at = models.DateTimeField("écrite le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "semaine de lettres"
        verbose_name_plural = "semaines de lettres"

    def __str__(self) -> str:
        return f"{self.monday:%d/%m/%Y}"
