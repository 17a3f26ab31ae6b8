"""What happens to a convention: who works on it, what was frozen, amended, reported, and what does not add up."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from jalons.accounts.models import Organisation
from jalons.conventions.enums import AlertLevel, AlertScope, ConventionRole, EditionKind, ReportState
from jalons.conventions.models.base import Piece
from jalons.conventions.models.sheets import Commitment
from jalons.conventions.models.text import Convention, Party
from jalons.core.fields import PublicIdField
from jalons.core.values import fold
from jalons.history.models import Record

if TYPE_CHECKING:
    from jalons.accounts.permissions import Territory
    from jalons.conventions.models.matrix import MatrixRow
    from jalons.conventions.models.money import Deliberation  # noqa: F401  # named below


class Seat(Record):
    """What an organisation does on a convention: all of it, the sheets of one party, one sheet, or one breakdown."""

    public_id = PublicIdField()
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="seats", verbose_name="structure"
    )
    role = models.CharField("rôle", max_length=21, choices=ConventionRole)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fiches de"
    )
    commitment = models.ForeignKey(
        Commitment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name="fiche",
    )
    breakdown = models.CharField("ventilation", max_length=200, blank=True)

    class Meta:
        verbose_name = "place dans la convention"
        verbose_name_plural = "places dans la convention"
        constraints = [
            models.UniqueConstraint(
                F("convention"),
                F("organisation"),
                F("role"),
                Coalesce(F("party"), 0),
                Coalesce(F("commitment"), 0),
                F("breakdown"),
                name="conventions_seat_once",
                violation_error_message="Cette structure tient déjà ce rôle ici.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {ConventionRole(self.role).label}"

    def covers(self, commitment: Commitment) -> bool:
        """A seat on a sheet also covers its themes; a seat of one party leaves the sheets of the others alone."""
        if self.commitment_id:
            return self.commitment_id in (commitment.pk, commitment.parent_id)
        return not (self.party_id and commitment.party_id and self.party_id != commitment.party_id)

    def fills(self, row: "MatrixRow") -> bool:
        """A contributor fills the rows of its own breakdown, and no other."""
        if not self.covers(row.commitment):
            return False
        return not self.breakdown or fold(self.breakdown) == fold(row.breakdown)


class Edition(models.Model):
    """A frozen version: the whole convention in the exchange format. Its documents are made from `content` for ever.

    `number` counts from 1 within a convention. `digest`: SHA-256 of the canonical JSON.
    """

    public_id = PublicIdField()
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField("version")
    kind = models.CharField("nature", max_length=9, choices=EditionKind)
    title = models.CharField("intitulé", max_length=200)
    content = models.JSONField()
    digest = models.CharField("empreinte", max_length=64)
    frozen_at = models.DateTimeField("figée le", default=timezone.now)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )

    class Meta:
        verbose_name = "version figée"
        verbose_name_plural = "versions figées"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "number"], name="conventions_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.convention} · version {self.number}"


class EditionFile(models.Model):
    """A document of a frozen version as it was first given: it is given again byte for byte, and never changes.

    `key`: digest of what the document says (see `versions.edition_files`).
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="files", verbose_name="version"
    )
    key = models.CharField("empreinte", max_length=64)
    part = models.CharField("document", max_length=30)
    format = models.CharField("format", max_length=4)
    content = models.BinaryField("fichier")
    made_at = models.DateTimeField("produit le", default=timezone.now)

    class Meta:
        verbose_name = "document figé"
        verbose_name_plural = "documents figés"
        ordering = ["edition", "part", "format"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="conventions_edition_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} · {self.part} ({self.format})"


class Amendment(Piece):
    """An « avenant »: what changes between the edition it starts from and the one it makes, and who voted it.

    `result` None: still being written; what it changes is then the working version against `base`.
    """

    public_id = PublicIdField()
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField("numéro")
    subject = models.TextField("objet", max_length=4000)
    dated = models.DateField("date", null=True, blank=True)
    base = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="+", verbose_name="version de départ"
    )
    result = models.ForeignKey(
        Edition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="version obtenue",
    )
    deliberation = models.ForeignKey(
        "conventions.Deliberation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="amendments",
        verbose_name="délibération",
    )

    class Meta(Piece.Meta):
        verbose_name = "avenant"
        constraints = [
            models.UniqueConstraint(fields=["convention", "number"], name="conventions_amendment_once"),
        ]

    def __str__(self) -> str:
        return f"Avenant n° {self.number}"


class ExecutionReport(Record):
    """The yearly « rapport d’exécution » of one party (of all of them without `party`)."""

    public_id = PublicIdField()
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="reports")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="partie"
    )
    state = models.CharField("étape", max_length=9, choices=ReportState, default=ReportState.TO_FILL)
    due_on = models.DateField("attendu le")
    financial_account = models.TextField("bilan financier", max_length=20000, blank=True)
    results = models.TextField("résultats obtenus", max_length=20000, blank=True)
    global_account = models.TextField("bilan global", max_length=20000, blank=True)
    steps = models.JSONField("dates des étapes", default=dict, blank=True)  # state: ISO day
    edition = models.ForeignKey(
        Edition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="version transmise",
    )

    class Meta:
        verbose_name = "rapport d’exécution"
        verbose_name_plural = "rapports d’exécution"
        constraints = [
            models.UniqueConstraint(F("convention"), Coalesce(F("party"), 0), name="conventions_report_once"),
        ]

    def __str__(self) -> str:
        return f"Rapport d’exécution {self.convention}"

    def within(self, territory: "Territory") -> bool:
        """Does a right that holds on `territory` hold on this report? One of another Département does not."""
        if territory.everywhere:
            return True
        codes = {self.party.departement_id} if self.party else self.convention.departement_codes
        if codes & territory.departements:
            return True
        seats = self.convention.seats.all() if territory.organisations else ()
        return any(
            seat.organisation_id in territory.organisations
            and seat.role in territory.parts
            and not (seat.party_id and self.party_id and seat.party_id != self.party_id)
            for seat in seats
        )


class Alert(models.Model):
    """What a rule found, kept so that a page need not look again. Written by `alerts.checking` and nothing else.

    `fingerprint` says the same thing as long as the alert says the same thing: an acknowledgement holds by it.
    """

    convention = models.ForeignKey(Convention, on_delete=models.CASCADE, related_name="alerts")
    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, null=True, related_name="alerts")
    rule = models.CharField("règle", max_length=60)
    scope = models.CharField("domaine", max_length=12, choices=AlertScope)
    level = models.CharField("niveau", max_length=7, choices=AlertLevel)
    where = models.CharField("où", max_length=400)
    expected = models.CharField("attendu", max_length=400, blank=True)
    found = models.CharField("trouvé", max_length=400, blank=True)
    gap = models.DecimalField("écart", max_digits=18, decimal_places=4, null=True)
    message = models.TextField("message")
    fingerprint = models.CharField(max_length=64)

    class Meta:
        verbose_name = "alerte"
        ordering = ["pk"]
        indexes = [models.Index(fields=["convention", "level"], name="conventions_alert_level")]

    def __str__(self) -> str:
        return self.message


class PendingCheck(models.Model):
    """A change whose rules are still to be run: written with it, removed with what they find (`alerts.checking`).

    `sheets`: the keys of those that changed; `scopes`: the subjects that changed. None: all of them.
    """

    convention = models.ForeignKey(Convention, on_delete=models.CASCADE, related_name="pending_checks")
    sheets = models.JSONField("fiches", null=True)
    scopes = models.JSONField("domaines", null=True)

    class Meta:
        verbose_name = "contrôle en attente"
        verbose_name_plural = "contrôles en attente"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Contrôle en attente de {self.convention}"


class Acknowledgement(Record):
    """Somebody knows of an alert and says why it stays."""

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="acknowledgements")
    fingerprint = models.CharField(max_length=64)
    rule = models.CharField("règle", max_length=60)
    message = models.TextField("alerte")
    reason = models.CharField("motif", max_length=500)
    withdrawn = models.BooleanField("levé", default=False)

    class Meta:
        verbose_name = "alerte acquittée"
        verbose_name_plural = "alertes acquittées"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "fingerprint"], name="conventions_acknowledgement_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reason
