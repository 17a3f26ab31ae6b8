"""The text that is signed: the convention, its parties, the law, its articles and its clauses."""

import datetime as dt
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from jalons.accounts.models import Organisation
from jalons.conventions.enums import ConventionNature, ConventionState, PartySide
from jalons.conventions.models.base import Piece
from jalons.conventions.models.printed import Printed, PrintedParagraph, as_list, euros
from jalons.conventions.querysets import ConventionQuerySet
from jalons.core.values import Number, Spellings, is_shouted, sentence_case, spellings_of
from jalons.history.models import Record
from jalons.territories.models import Departement

if TYPE_CHECKING:
    from jalons.accounts.permissions import Territory


# How the titles that every fiche prints are written, where its convention does not write their words.
USUAL = ("Le résumé du projet, la durée de l’action, ce qui est réalisé, l’année.",)


class Source(models.Model):
    """An exchange file as it was read: what it says of itself. `digest`: SHA-256 of its bytes."""

    name = models.CharField("fichier", max_length=200)
    digest = models.CharField("empreinte", max_length=64, db_index=True)
    kept = models.JSONField(default=dict)  # the keys of the file that belong to no convention
    read_at = models.DateTimeField("lu le", default=timezone.now)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )

    class Meta:
        verbose_name = "fichier lu"

    def __str__(self) -> str:
        return self.name


# Columns of a convention that are written alone, each by one statement.
COUNTED_APART = {"revision", "unamended", "unamended_since"}


class Convention(Record):
    """An agreement between the State and one or several Départements, for a year.

    `amounts`: as printed (`global`, `part_etat`, `part_departement`, `split_part_etat`…), each an amount or a rule in
    words. `revision` grows at each change of anything in it: what was computed for an older one is stale.
    """

    slug = models.SlugField("identifiant", max_length=80, unique=True)
    short_title = models.CharField("titre court", max_length=120)
    title = models.CharField("titre", max_length=500, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    nature = models.CharField(
        "nature", max_length=10, choices=ConventionNature, default=ConventionNature.ANNUAL
    )
    nature_words = models.CharField("nature, telle qu’imprimée", max_length=300, blank=True)
    state = models.CharField("état", max_length=8, choices=ConventionState, default=ConventionState.DRAFT)
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="next",
        verbose_name="précédente",
    )
    departement = models.ForeignKey(
        Departement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conventions",
        verbose_name="département",
    )
    heading_amount = models.JSONField("montant annoncé", null=True, blank=True)
    amounts = models.JSONField("montants", default=dict, blank=True)
    preamble = models.JSONField("préambule", default=list, blank=True)
    payment = models.JSONField("versement", default=dict, blank=True)  # without its article 4 actions
    place = models.CharField("fait à", max_length=120, blank=True)
    signed_on = models.DateField("signée le", null=True, blank=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="conventions"
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    # Changes of what was voted since the frozen version of that number, of which no amendment is being written.
    unamended = models.PositiveIntegerField("changements sans avenant", default=0, editable=False)
    unamended_since = models.PositiveIntegerField("depuis la version", null=True, blank=True, editable=False)
    kept = models.JSONField(default=dict, blank=True, editable=False)

    objects = ConventionQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        ordering = ["-year", "short_title"]

    def __str__(self) -> str:
        return self.short_title

    def save(self, *args: Any, **options: Any) -> None:
        """All but what is counted apart: a record read before somebody wrote does not put an older count back."""
        if not self._state.adding and options.get("update_fields") is None:
            names = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            options["update_fields"] = names - COUNTED_APART
        super().save(*args, **options)

    @property
    def part_etat(self) -> Number | None:
        return euros(self.amounts.get("part_etat"))

    @property
    def shares_of_state(self) -> list[Printed]:
        """How the State's part is split between Départements, when the text says it."""
        return [Printed.of(share) for share in as_list(self.amounts.get("split_part_etat"))]

    @property
    def start(self) -> dt.date | None:
        return dt.date(self.year, 1, 1) if self.year else None

    @property
    def end(self) -> dt.date | None:
        return dt.date(self.year, 12, 31) if self.year else None

    @cached_property
    def seated(self) -> frozenset[tuple[int, str]]:
        """(organisation, role) of every seat, whatever it is limited to."""
        return frozenset(self.seats.values_list("organisation_id", "role"))

    @cached_property
    def departement_codes(self) -> frozenset[str]:
        """Of its parties; the one it was declared for without any."""
        codes = self.parties.exclude(departement=None).values_list("departement_id", flat=True)
        return frozenset([*codes, *([self.departement_id] if self.departement_id else [])])

    @cached_property
    def spellings(self) -> Spellings:
        """How its text, annexes, indicators and other titles write the words of those in capitals. Two queries.

        Of a past view: see `convention_at`.
        """
        if self.pk is None:
            return {}
        annexes, sheets = self.annexes.order_by(), self.commitments.order_by()
        labels = annexes.filter(tables__lines__isnull=False).values_list("tables__lines__label", flat=True)
        rows = sheets.filter(rows__isnull=False).values_list("rows__label", flat=True)
        titles = labels.union(sheets.values_list("title", flat=True), rows, all=True)
        articles = chain.from_iterable(article.texts for article in self.articles.all())
        return spellings_of([*USUAL, *articles, *titles])

    def quiet(self, printed: str) -> str:
        """A title printed in capitals as a screen writes it: a sentence. Any other as it stands.

        Documents keep what is printed.
        """
        return sentence_case(printed, self.spellings) if is_shouted(printed) else printed

    def within(self, territory: "Territory") -> bool:
        """Does a right that holds on `territory` hold on this convention? See `ConventionQuerySet.in_territory`."""
        if territory.everywhere or self.departement_codes & territory.departements:
            return True
        return any(
            organisation in territory.organisations and role in territory.parts
            for organisation, role in (self.seated if territory.organisations else ())
        )


class Party(Piece):
    """A signatory. The same organisation may sign by two representatives: one line each."""

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField("qualité", max_length=120, blank=True)
    name = models.CharField("partie", max_length=300)
    side = models.CharField("part financière", max_length=11, choices=PartySide, default=PartySide.OTHER)
    representative = models.CharField("représentée par (fonction)", max_length=300, blank=True)
    signatory = models.CharField("signataire (fonction)", max_length=300, blank=True)
    designation = models.CharField("désignée", max_length=120, blank=True)
    side_words = models.CharField("côté", max_length=120, blank=True)  # « d’une part »
    place = models.CharField("fait à", max_length=120, blank=True)
    signed_on = models.DateField("signée le", null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="structure",
    )
    departement = models.ForeignKey(
        Departement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="département",
    )

    class Meta(Piece.Meta):
        verbose_name = "partie"
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return self.name


class LegalReference(Piece):
    """A « Vu… », in order. `placeholder`: a blank that was left in the text."""

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="legal_references")
    raw = models.TextField("visa")
    kind = models.CharField("type", max_length=80, blank=True)
    reference = models.CharField("référence", max_length=200, blank=True)
    dates = models.JSONField("dates", default=list, blank=True)  # ISO
    placeholder = models.CharField("blanc à compléter", max_length=200, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "référence juridique"
        verbose_name_plural = "références juridiques"

    def __str__(self) -> str:
        return self.raw[:80]


class Article(Piece):
    """An article. `paragraphs`: `[{"text", "bullet", "heading"}]` as printed."""

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="articles")
    number = models.CharField("numéro", max_length=20, blank=True)
    title = models.CharField("titre", max_length=300, blank=True)
    paragraphs = models.JSONField("alinéas", default=list, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "article"

    def __str__(self) -> str:
        return f"Article {self.number} – {self.title}"

    @property
    def texts(self) -> list[str]:
        """The words of its paragraphs."""
        return [PrintedParagraph.of(paragraph).text for paragraph in self.paragraphs]


class Clause(Piece):
    """What an article obliges to. `deadline`: a day of the year (« 03-31 »); `due_on`: the day written for this
    convention, which wins. Read by `clause_days` and nothing else.
    """

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="clauses")
    name = models.CharField("clause", max_length=60)
    text = models.TextField("texte", blank=True)
    article = models.CharField("article", max_length=20, blank=True)
    deadline = models.CharField("échéance (MM-JJ)", max_length=5, blank=True)
    due_on = models.DateField("échéance de cette convention", null=True, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "clause"
        constraints = [
            models.UniqueConstraint(fields=["convention", "name"], name="conventions_clause_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PlannedAction(Piece):
    """A line of the article on payment (« action 4, garantie d’activité ») with its budget codes as text, or of the
    list that a party signs (`listed`), which has no amount. Each Département numbers its own.
    """

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="planned_actions")
    listed = models.BooleanField("liste des actions", default=False)
    number = models.CharField("numéro", max_length=20, blank=True)
    label = models.TextField("intitulé", blank=True)
    axis = models.CharField("axe", max_length=200, blank=True)
    departement_words = models.CharField("département", max_length=120, blank=True)
    amount = models.JSONField("montant", null=True, blank=True)
    codes = models.JSONField("imputation", default=dict, blank=True)
    sheet_key = models.CharField("fiche", max_length=120, blank=True)
    sheet_number = models.CharField("numéro de fiche", max_length=20, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "action de la convention"
        verbose_name_plural = "actions de la convention"

    def __str__(self) -> str:
        return f"{self.number} – {self.label}"[:120]

    @property
    def euros(self) -> Number | None:
        return euros(self.amount)
