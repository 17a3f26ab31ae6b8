"""Fiches-actions: what is promised, how far it is, with which money."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from jalons.actions.models import Action
from jalons.conventions.enums import Family, Stage
from jalons.conventions.models.base import Droppable, Piece
from jalons.conventions.models.text import Convention, Party
from jalons.conventions.querysets import CommitmentQuerySet, CurrentQuerySet
from jalons.core.fields import PublicIdField
from jalons.core.values import Number, Value, exact, missing_from_text
from jalons.history.models import Fact

if TYPE_CHECKING:
    from jalons.accounts.permissions import Territory


class Commitment(Piece):
    """A sheet (« fiche »). `numbers` is a list: « FICHES 7 ET 8 » is one sheet; a theme has a `parent`.

    Its three labels may differ and none is derived from another: `title` (the sheet), the label of its line in the
    annex, and that of its action in the article on payment. `action`: the dispositif that it also is, whose money is
    then counted here only. `headings`: the titles printed on the sheet.
    """

    public_id = PublicIdField()
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="commitments")
    key = models.CharField("identifiant", max_length=120)
    numbers = models.JSONField("numéros", default=list, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="themes",
        verbose_name="fiche mère",
    )
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="next",
        verbose_name="fiche de l’an passé",
    )
    party = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name="partie",
    )
    action = models.ForeignKey(
        Action,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name="dispositif",
    )
    family = models.CharField("famille", max_length=10, choices=Family, default=Family.OTHER)
    family_words = models.CharField("famille, telle qu’imprimée", max_length=200, blank=True)
    family_label = models.CharField("bandeau de famille", max_length=300, blank=True)
    sheet_label = models.CharField("numéro imprimé", max_length=120, blank=True)
    title = models.TextField("intitulé de la fiche", blank=True)
    axis_theme = models.TextField("axe imprimé sur la fiche", blank=True)
    axis_annex = models.CharField("axe dans l’annexe", max_length=300, blank=True)
    headings = models.JSONField("titres imprimés", default=list, blank=True)
    resume_headers = models.JSONField("en-têtes du résumé", default=list, blank=True)
    sub_action_headers = models.JSONField("en-têtes des actions", default=list, blank=True)
    budget_headers = models.JSONField("en-têtes du budget", default=list, blank=True)
    objective_heading = models.CharField("titre de l’objectif", max_length=200, blank=True)
    start_on = models.DateField("début", null=True, blank=True)
    start_words = models.CharField("début, tel qu’imprimé", max_length=200, blank=True)
    months = models.PositiveSmallIntegerField("durée en mois", null=True, blank=True)
    duration_words = models.CharField("durée, telle qu’imprimée", max_length=200, blank=True)
    end_on = models.DateField("fin calculée", null=True, blank=True)
    narrative = models.JSONField("bilan rédigé", null=True, blank=True)
    cross_refs = models.JSONField("renvois", null=True, blank=True)
    row_header = models.CharField("en-tête des lignes d’indicateurs", max_length=300, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta(Piece.Meta):
        verbose_name = "fiche-action"
        verbose_name_plural = "fiches-actions"
        constraints = [
            models.UniqueConstraint(fields=["convention", "key"], name="conventions_commitment_once"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def number_words(self) -> str:
        """« Fiche 5 », « Fiches 7 et 8 », « Fiche sans numéro »; a theme bears the number of its parent."""
        if not self.numbers:
            return self.sheet_label or "Fiche sans numéro"
        numbers = [str(number) for number in self.numbers]
        if len(numbers) == 1:
            return f"Fiche {numbers[0]}"
        return f"Fiches {', '.join(numbers[:-1])} et {numbers[-1]}"

    @property
    def heading(self) -> str:
        """As printed, for documents; screens read `quiet_heading`."""
        return self.heading_with(self.title)

    def heading_with(self, title: str) -> str:
        return f"{self.number_words} – {title}" if title else self.number_words

    @property
    def quiet_title(self) -> str:
        return self.convention.quiet(self.title)

    @property
    def quiet_heading(self) -> str:
        return self.heading_with(self.quiet_title)

    def within(self, territory: "Territory") -> bool:
        """Does a right that holds on `territory` hold on this sheet? A sheet of another Département does not.

        See `CommitmentQuerySet.in_territory`.
        """
        if territory.everywhere:
            return True
        mine = (
            {self.party.departement_id} if self.party_id and self.party else self.convention.departement_codes
        )
        if mine & territory.departements:
            return True
        seats = self.convention.seats.all()
        return any(
            seat.organisation_id in territory.organisations
            and seat.role in territory.parts
            and seat.covers(self)
            for seat in (seats if territory.organisations else ())
        )


class ResumeRow(Piece):
    """A row of « RÉSUMÉ DU PROJET ». `description`: `{"raw", "items"}`; the dates as printed."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="resume")
    description = models.JSONField("description", null=True, blank=True)
    start_words = models.CharField("date de mise en place", max_length=300, blank=True)
    duration_words = models.CharField("durée", max_length=300, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "résumé"


class SubAction(Piece):
    """A row of « OBJECTIF N ». Each cell is `{"raw", "items": [{"text", "level", "bullet"}]}`: the bullets of a
    row stay aligned from one cell to the next.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="sub_actions")
    key = models.CharField("identifiant", max_length=120, blank=True)
    action = models.TextField("action", blank=True)
    progress = models.JSONField("état d’avancement", null=True, blank=True)
    calendar = models.JSONField("calendrier", null=True, blank=True)
    partners = models.JSONField("partenaires", null=True, blank=True)
    is_new = models.BooleanField("nouveau", null=True)

    class Meta(Piece.Meta):
        verbose_name = "action mise en place"
        verbose_name_plural = "actions mises en place"

    def __str__(self) -> str:
        return self.action[:120]


class SubBudget(Piece):
    """A named part of the money of a sheet; `parent` for what is « dont »."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="sub_budgets")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    sub_action_key = models.CharField("action", max_length=120, blank=True)
    label = models.TextField("intitulé", blank=True)
    raw = models.CharField("montant imprimé", max_length=200, blank=True)
    amount = models.DecimalField("montant", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "sous-budget"
        verbose_name_plural = "sous-budgets"

    def __str__(self) -> str:
        return self.label[:120]


class BudgetLine(Droppable):
    """A row of « VUE D’ENSEMBLE DU BUDGET »; its amounts are facts (`BudgetAmount`)."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="budget_lines")
    label = models.CharField("intitulé", max_length=300, blank=True)
    number = models.CharField("numéro de fiche", max_length=20, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    nature = models.CharField("nature", max_length=80, blank=True)  # « prévisionnel »
    notes = models.TextField("notes", blank=True)

    class Meta(Piece.Meta):
        verbose_name = "ligne de budget"
        verbose_name_plural = "lignes de budget"

    def __str__(self) -> str:
        return self.label


class BudgetAmount(Fact):
    """What one funder (`part`: « total », « part_etat », « part_departement », « part_cd62 »…) brings to a line.

    The printed total is one of them: it is stored, never computed. Without `amount`, `raw` says why (« - »).
    """

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="amounts", db_index=False)
    part = models.CharField("part", max_length=60)
    stage = models.CharField("nature", max_length=9, choices=Stage, default=Stage.PLANNED)
    raw = models.CharField("tel qu’imprimé", max_length=200, blank=True)
    amount = models.DecimalField("montant", max_digits=14, decimal_places=2, null=True, blank=True)
    kept = models.JSONField(default=dict, blank=True, editable=False)

    objects = CurrentQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Fact.Meta):
        verbose_name = "montant"
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["line", "part", "stage"],
                condition=Q(superseded_at__isnull=True, withdrawn=False),
                name="conventions_budgetamount_once",
            ),
        ]
        indexes = [models.Index(fields=["line", "recorded_at"], name="conventions_amount_known")]

    @property
    def euros(self) -> Number | None:
        return None if self.amount is None else exact(self.amount)

    @property
    def value(self) -> Value:
        """« ND », « sans objet », « – » and empty are as written in `raw`; other words stay words."""
        if self.amount is not None:
            return Value.amount(exact(self.amount))
        missing = missing_from_text(self.raw)
        return Value(missing) if missing else Value.text(self.raw)


class TrackingTable(Piece):
    """A table of a sheet whose columns its owner defines. `columns`: `[{"key", "header", "kind"}]`; `checks` as in
    the exchange format (`done_le_planned`).
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="tracking_tables")
    key = models.CharField("identifiant", max_length=120, blank=True)
    title = models.CharField("titre", max_length=300, blank=True)
    columns = models.JSONField("colonnes", default=list, blank=True)
    checks = models.JSONField("contrôles", default=list, blank=True)
    notes = models.JSONField("notes", default=list, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "tableau de suivi"
        verbose_name_plural = "tableaux de suivi"

    def __str__(self) -> str:
        return self.title


class TrackingRow(Piece):
    """A row of a tracking table. `cells`: by key of column, a plain value or a typed cell."""

    table = models.ForeignKey(TrackingTable, on_delete=models.PROTECT, related_name="rows")
    key = models.CharField("identifiant", max_length=120, blank=True)
    raw = models.TextField("ligne imprimée", blank=True)
    cells = models.JSONField("cellules", default=dict, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "ligne de suivi"
        verbose_name_plural = "lignes de suivi"


class MissingSheet(Piece):
    """A number named in the annexes without a page of its own."""

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="missing_sheets")
    number = models.CharField("numéro", max_length=20, blank=True)
    label = models.TextField("intitulé", blank=True)
    why = models.TextField("pourquoi", blank=True)

    class Meta(Piece.Meta):
        verbose_name = "fiche sans page"
        verbose_name_plural = "fiches sans page"


def new_key(prefix: str) -> str:
    """An identifier for what is created in Jalons, unlike those of a file."""
    return f"{prefix}-{uuid.uuid4().hex[:8]}"
