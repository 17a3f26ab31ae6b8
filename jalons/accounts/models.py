"""People, organisations, and who may do what where."""

from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from jalons.accounts.enums import LetterKind, OrganisationCategory, OrganisationKind, Right, Role
from jalons.accounts.querysets import (
    AccountLetterQuerySet,
    AttachedQuerySet,
    GrantQuerySet,
    MembershipQuerySet,
)
from jalons.accounts.siret import validate_siret
from jalons.core.clock import paris_day
from jalons.core.fields import PublicIdField
from jalons.history.models import Record
from jalons.territories.models import Scope


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None) -> "User":
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address. What they may do is in their memberships."""

    email = models.EmailField("adresse électronique", unique=True)
    name = models.CharField("nom affiché", max_length=120)
    is_active = models.BooleanField("actif", default=True)
    joined_at = models.DateTimeField("compte créé le", default=timezone.now, editable=False)
    charter_due = models.BooleanField("charte à accepter", default=False, editable=False)
    idle_warned_at = models.DateTimeField("prévenu le", null=True, editable=False)
    closed_at = models.DateTimeField("fermé le", null=True, editable=False)
    erased_at = models.DateTimeField("effacé le", null=True, editable=False)

    objects = UserManager()
    # The organisation that the person chose to write for, when they have several: see `middleware.ActingFor`.
    acting_for: int | None = None
    # Today's memberships, when they were read with the account: see `backends.SessionBackend`.
    held: "list[Membership] | None" = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "compte"
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="accounts_user_email_lowercase"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def active_memberships(self) -> list["Membership"]:
        """Today's memberships with their organisation, scopes and grants: one query, once a request.

        Those of the organisation that the person writes for come first: whoever signs with the first one agrees.
        """
        held = self.memberships.active().read_at_once() if self.held is None else self.held
        return sorted(held, key=lambda membership: membership.organisation_id != self.acting_for)

    @property
    def organisation_ids(self) -> set[int]:
        """Primary keys of the structures in whose name a person works today."""
        return {membership.organisation_id for membership in self.active_memberships}


class AccountLetter(models.Model):
    """The last letter of one kind to one person. Rows are taken and given back: see `letters`."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="letters", editable=False, verbose_name="compte"
    )
    kind = models.CharField("sorte", max_length=20, choices=LetterKind, editable=False)
    sent_at = models.DateTimeField("envoyée le", null=True, editable=False)
    digest = models.CharField("empreinte du lien encore valable", max_length=64, blank=True, editable=False)

    objects = AccountLetterQuerySet.as_manager()

    class Meta:
        verbose_name = "lettre de compte"
        verbose_name_plural = "lettres de compte"
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="accounts_letter_one_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.user}"


class Organisation(Record):
    """A structure: State service, local authority, association…"""

    name = models.CharField("nom", max_length=160)
    acronym = models.CharField("sigle", max_length=30, blank=True)
    kind = models.CharField("type", max_length=20, choices=OrganisationKind)
    category = models.CharField("catégorie", max_length=20, choices=OrganisationCategory)
    territory = models.ForeignKey(
        Scope, on_delete=models.PROTECT, related_name="organisations", verbose_name="territoire"
    )
    # The other row of the same structure, which is proposed instead of this one.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name="fusionnée dans",
    )
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])

    class Meta:
        verbose_name = "structure"
        constraints = [
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret=""),
                name="accounts_organisation_siret_unique",
                violation_error_message="Une autre structure a déjà ce SIRET.",
            ),
            models.UniqueConstraint(
                fields=["name", "territory"],
                name="accounts_organisation_unique",
                violation_error_message="Une structure porte déjà ce nom sur ce territoire.",
            ),
        ]

    def __str__(self) -> str:
        return self.acronym or self.name

    @property
    def standing_id(self) -> int:
        """Primary key of the structure that acts for this one today: itself, or the one it was merged into.

        One step: `merge_organisations` leaves no chain.
        """
        return self.merged_into_id or self.pk


class Membership(Record):
    """A person acts for an organisation, with a role, within scopes, between two dates (both included).

    `ended_at`: somebody ended it at that instant, without waiting for the end of the day.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name="compte"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name="structure"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    scopes = models.ManyToManyField(Scope, related_name="memberships", verbose_name="territoires")
    starts_on = models.DateField("à partir du", default=paris_day)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    ended_at = models.DateTimeField("terminé le", null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rattachement"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="accounts_membership_dates",
                violation_error_message="La fin du rattachement précède son début.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class Grant(Record):
    """One right given to, or taken from, one person beside what the role says. It wins over the role.

    The reason is in its history. `ended_at`: as in `Membership`.
    """

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="grants", verbose_name="rattachement"
    )
    right = models.CharField("droit", max_length=30, choices=Right)
    allowed = models.BooleanField("accordé", default=True)
    starts_on = models.DateField("à partir du", default=paris_day)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    ended_at = models.DateTimeField("terminé le", null=True, editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "droit personnel"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="accounts_grant_dates",
                violation_error_message="La fin du droit précède son début.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_right_display()} · {self.membership}"


class Attached(models.Model):
    """What a person attaches to a thing declared in `subjects`: a comment, a document. Rows are never deleted.

    A withdrawal keeps who, for which organisation and when; what is withdrawn is read by nobody any more.
    """

    public_id = PublicIdField()
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    subject = GenericForeignKey()
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="auteur"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="structure"
    )
    created_at = models.DateTimeField("ajouté le", default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField("retiré le", null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name="retiré par"
    )
    withdrawn_for = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="retiré pour",
    )

    objects = AttachedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_for__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_for__isnull=False),
                name="%(app_label)s_%(class)s_withdrawal_is_whole",
            )
        ]
        indexes = [
            models.Index(
                fields=["content_type", "object_id", "-created_at"], name="%(app_label)s_%(class)s_on"
            ),
        ]
