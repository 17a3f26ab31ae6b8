"""The register of families of an organisation. Nothing here says anything about people: what does is sealed.

No history is kept of these tables: a household is erased by destroying its key. See docs/adr/0087.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jalons.accounts.models import Organisation, User
from jalons.core.fields import PublicIdField
from jalons.households.enums import ErasureReason, RegisterAct
from jalons.households.querysets import (
    HouseholdQuerySet,
    MemberQuerySet,
    RegisterQuerySet,
    RegisterReadingQuerySet,
)
from jalons.households.sending import owner_mark
from jalons.indicators.models import Indicator

ADVISED_MONTHS = 24  # CNIL, délibération 2023-095 du 14 septembre 2023: two years after the last contact


def reference_of(number: int) -> str:
    return f"M-{number:04d}"


class Register(models.Model):
    """Of one organisation. `key_version`: the key under which households are sealed from now on.

    The recovery code, printed, is a holder like any other: `recovery_public` and `recovery_private`.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="register", verbose_name="structure"
    )
    created_at = models.DateTimeField("créé le", default=timezone.now, editable=False)
    key_version = models.PositiveIntegerField("version de la clé", default=1, editable=False)
    renewed_at = models.DateTimeField("clé changée le", null=True, editable=False)
    recovery_public = models.BinaryField("clé publique de secours")
    recovery_private = models.BinaryField("clé de secours, scellée")
    recovery_proof = models.BinaryField("preuve de la clé de secours")
    recovery_made_at = models.DateTimeField("code de secours fait le", default=timezone.now, editable=False)
    # What other organisations seal for this one is sealed for `box_public`; the private half, under the register's key.
    box_public = models.BinaryField("clé publique de réception", default=b"", editable=False)
    box_private = models.BinaryField("clé de réception, scellée", default=b"", editable=False)
    box_made_at = models.DateTimeField("clé de réception faite le", null=True, editable=False)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = "registre des familles"
        verbose_name_plural = "registres des familles"

    def __str__(self) -> str:
        return f"Registre de {self.organisation}"


class RegisterMember(models.Model):
    """A person of the organisation who may open its register.

    Invited, then has chosen a code (`public_key`), then admitted: somebody who had the register open wrapped its key
    for them (`RegisterKeyCopy`) and vouched for their public key (`proof`).
    """

    public_id = PublicIdField()
    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="members", verbose_name="registre"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="registers", verbose_name="compte")
    responsible = models.BooleanField("responsable", default=False)
    public_key = models.BinaryField("clé publique", default=b"", editable=False)
    private_key = models.BinaryField("clé privée, scellée par le code", default=b"", editable=False)
    proof = models.BinaryField("preuve de la clé publique", default=b"", editable=False)
    invited_at = models.DateTimeField("invité le", default=timezone.now, editable=False)
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="invité par"
    )
    code_chosen_at = models.DateTimeField("code choisi le", null=True, editable=False)
    admitted_at = models.DateTimeField("clé reçue le", null=True, editable=False)
    admitted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="clé donnée par"
    )
    withdrawn_at = models.DateTimeField("retiré le", null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="retiré par"
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "membre d’un registre"
        verbose_name_plural = "membres d’un registre"
        constraints = [
            models.UniqueConstraint(
                fields=["register", "user"],
                condition=Q(withdrawn_at__isnull=True),
                name="households_member_once",
                violation_error_message="Cette personne est déjà membre du registre.",
            ),
            models.CheckConstraint(
                condition=Q(admitted_at__isnull=True) | Q(code_chosen_at__isnull=False),
                name="households_member_admitted_with_a_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.register}"

    @property
    def browser_mark(self) -> str:
        return owner_mark(self.user_id, self.register.organisation_id)


class RegisterKeyCopy(models.Model):
    """One version of the key of a register, wrapped for one member, or for the recovery code (no member)."""

    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="key_copies", verbose_name="registre"
    )
    member = models.ForeignKey(
        RegisterMember, on_delete=models.PROTECT, null=True, related_name="key_copies", verbose_name="membre"
    )
    version = models.PositiveIntegerField("version de la clé")
    wrapped = models.BinaryField("clé du registre, scellée")

    class Meta:
        verbose_name = "copie de la clé d’un registre"
        verbose_name_plural = "copies de la clé d’un registre"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "version"],
                condition=Q(member__isnull=False),
                name="households_copy_of_member",
            ),
            models.UniqueConstraint(
                fields=["register", "version"],
                condition=Q(member__isnull=True),
                name="households_copy_of_recovery",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} · version {self.version}"


class Household(models.Model):
    """Its whole content is sealed in `content`; `summary` is the small part that the list and the figures need.

    `erase_on`, the first day of a month, is in clear because retention runs where no key is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="households", verbose_name="structure"
    )
    number = models.PositiveIntegerField("numéro", editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    content = models.BinaryField("contenu scellé", editable=False)
    summary = models.BinaryField("résumé scellé", editable=False)
    erase_on = models.DateField("à effacer le", null=True, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "ménage"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="households_number_once"),
        ]
        indexes = [models.Index(fields=["erase_on"], name="households_to_erase")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """« M-0142 »: all that Jalons ever calls a household outside of its register."""
        return reference_of(self.number)


class HouseholdKey(models.Model):
    """The key of one household, wrapped by the key of the register. Erasing a household is deleting this row.

    Without a constraint in the base: a table restored from another day than that of the households is no error, its
    households are unreadable, or are of nobody.
    """

    household = models.OneToOneField(
        Household,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="key",
        verbose_name="ménage",
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    version = models.PositiveIntegerField("version de la clé du registre")
    wrapped = models.BinaryField("clé scellée")

    class Meta:
        verbose_name = "clé d’un ménage"
        verbose_name_plural = "clés des ménages"
        indexes = [models.Index(fields=["organisation", "version"], name="households_key_by_version")]

    def __str__(self) -> str:
        return str(self.household_id)


class RegisterReading(models.Model):
    """What somebody did in a register: rows are added, read by its responsible person, erased with age.

    `household`: its identifier, which outlives the household and says nothing of it; none for the whole register.
    `about`: the person whom an act on members is about. `households`: how many an act is about, never which.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="compte")
    act = models.CharField("acte", max_length=10, choices=RegisterAct)
    household = models.UUIDField("ménage", null=True)
    number = models.PositiveIntegerField("numéro", null=True)
    households = models.PositiveIntegerField("nombre de ménages", null=True)
    about = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="personne concernée"
    )
    at = models.DateTimeField("le", default=timezone.now, editable=False)
    address = models.GenericIPAddressField("adresse réseau", null=True)
    device = models.CharField("appareil", max_length=80, blank=True)

    objects = RegisterReadingQuerySet.as_manager()

    class Meta:
        verbose_name = "lecture d’un registre"
        verbose_name_plural = "lectures d’un registre"
        indexes = [
            models.Index(fields=["organisation", "-at"], name="households_reading_at"),
            models.Index(fields=["organisation", "user", "-at"], name="households_reading_by"),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} · {self.at:%Y-%m-%d}"

    @property
    def reference(self) -> str:
        return reference_of(self.number) if self.number else ""


class RegisterRetention(models.Model):
    """How many months after the last contact a household is erased. Longer than the law advises: only with a reason."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    months = models.PositiveSmallIntegerField("mois après le dernier contact", default=ADVISED_MONTHS)
    reason = models.CharField("raison d’une durée plus longue", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="décidé par"
    )
    decided_at = models.DateTimeField("décidé le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "durée de conservation d’un registre"
        verbose_name_plural = "durées de conservation des registres"
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gte=1) & (Q(months__lte=ADVISED_MONTHS) | ~Q(reason="")),
                name="households_retention_reason",
                violation_error_message="Au-delà de 24 mois, il faut une raison écrite.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.months} mois"


class RetentionNotice(models.Model):
    """That the members of a register were told that households go on a day. Without it, nothing is erased."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    erase_on = models.DateField("effacement le")
    announced_on = models.DateField("annoncé le")

    class Meta:
        verbose_name = "annonce d’un effacement"
        verbose_name_plural = "annonces d’effacement"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "erase_on"], name="households_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.erase_on:%Y-%m-%d}"


class RegisterErasure(models.Model):
    """That a household was erased, when and why; nothing of whom."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    number = models.PositiveIntegerField("numéro")
    why = models.CharField("motif", max_length=9, choices=ErasureReason)
    erased_on = models.DateField("effacé le")

    class Meta:
        verbose_name = "effacement d’un ménage"
        verbose_name_plural = "effacements de ménages"
        indexes = [models.Index(fields=["organisation", "-erased_on"], name="households_erasure_on")]

    def __str__(self) -> str:
        return f"{reference_of(self.number)} · {self.erased_on:%Y-%m-%d}"


class MappedIndicator(models.Model):
    """That an organisation lets its register count a local indicator. `code`: what is counted; nothing of anybody."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="+", verbose_name="indicateur"
    )
    code = models.CharField("ce qui est compté", max_length=80)
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="choisi par")
    chosen_at = models.DateTimeField("choisi le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "indicateur compté par un registre"
        verbose_name_plural = "indicateurs comptés par un registre"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "indicator"], name="households_mapped_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.code}"
