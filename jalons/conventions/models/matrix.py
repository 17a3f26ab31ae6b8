"""The indicators of a sheet: columns that belong to it, rows that last from year to year, typed cells."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.models.base import Droppable, Piece
from jalons.conventions.models.sheets import Commitment
from jalons.conventions.querysets import CurrentQuerySet
from jalons.core.values import (
    Emptiness,
    Number,
    Part,
    Value,
    exact,
    format_long_date,
    kind_named,
    parse_partial_date,
)
from jalons.core.values.cells import Kind
from jalons.history.models import Fact
from jalons.indicators.models import Indicator

if TYPE_CHECKING:
    from jalons.accounts.permissions import Territory


class MatrixColumn(Droppable):
    """A column of the indicators of one sheet. `as_of`, `period_start`, `period_end` as written in the file (ISO,
    day or month). `partial`: it does not cover the whole year.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="columns")
    key = models.CharField("identifiant", max_length=120)
    header = models.CharField("en-tête", max_length=300, blank=True)
    subheader = models.CharField("sous en-tête", max_length=300, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    measure = models.CharField("mesure", max_length=8, choices=ColumnMeasure, blank=True)
    as_of = models.CharField("arrêté au", max_length=10, blank=True)
    period_start = models.CharField("du", max_length=10, blank=True)
    period_end = models.CharField("au", max_length=10, blank=True)
    partial = models.BooleanField("année incomplète", null=True)

    class Meta(Piece.Meta):
        verbose_name = "colonne d’indicateurs"
        verbose_name_plural = "colonnes d’indicateurs"
        constraints = [
            models.UniqueConstraint(fields=["commitment", "key"], name="conventions_matrixcolumn_once"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """« 2022 – REALISE MAI 2022 »."""
        return " – ".join(filter(None, (self.header, self.subheader))) or self.key

    @property
    def as_of_words(self) -> str:
        """« 30 novembre 2020 », the last day of what is written; as it is written when it is no date."""
        end = parse_partial_date(self.as_of).end
        return format_long_date(end) if end else self.as_of

    @property
    def is_objective(self) -> bool:
        return self.measure == ColumnMeasure.OBJECTIVE


class MatrixGroup(Piece):
    """A row that heads a section. `cells`: words printed in its columns, by key of column."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="groups")
    key = models.CharField("identifiant", max_length=120)
    label = models.CharField("section", max_length=400, blank=True)
    cells = models.JSONField("cellules", default=dict, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "section d’indicateurs"
        verbose_name_plural = "sections d’indicateurs"
        constraints = [
            models.UniqueConstraint(fields=["commitment", "key"], name="conventions_matrixgroup_once"),
        ]

    def __str__(self) -> str:
        return self.label


class MatrixRow(Droppable):
    """An indicator of a sheet, or the detail of another (`parent`). `indicator` is what it stays across years."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="rows")
    key = models.CharField("identifiant", max_length=120)
    label = models.TextField("intitulé", blank=True)
    group = models.ForeignKey(
        MatrixGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rows",
        verbose_name="section",
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="détail de",
    )
    children_relation = models.CharField("lien des détails", max_length=80, blank=True)  # « Dont »
    dimension = models.CharField("ventilation par", max_length=120, blank=True)
    breakdown = models.CharField("valeur de la ventilation", max_length=200, blank=True)
    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="matrix_rows",
        verbose_name="indicateur",
    )

    class Meta(Piece.Meta):
        verbose_name = "ligne d’indicateurs"
        verbose_name_plural = "lignes d’indicateurs"
        constraints = [
            models.UniqueConstraint(fields=["commitment", "key"], name="conventions_matrixrow_once"),
        ]

    def __str__(self) -> str:
        return self.label

    def within(self, territory: "Territory") -> bool:
        """A row of a breakdown is open to the seat of that breakdown; the others follow their sheet."""
        if territory.everywhere:
            return True
        return any(
            seat.organisation_id in territory.organisations
            and seat.role in territory.parts
            and seat.fills(self)
            for seat in (self.commitment.convention.seats.all() if territory.organisations else ())
        )


class Cell(Fact):
    """What a column says of a row. `raw` is verbatim; `kind` is that of the exchange format.

    `number`: the main number of a composite, if it has one (`main`: explicit, inferred, doubtful, none). `parts` as in
    the exchange format. True at the end of what its column covers (`valid_on`).
    """

    row = models.ForeignKey(MatrixRow, on_delete=models.PROTECT, related_name="cells", db_index=False)
    column = models.ForeignKey(MatrixColumn, on_delete=models.PROTECT, related_name="cells", db_index=False)
    raw = models.TextField("tel qu’imprimé", blank=True)
    kind = models.CharField("nature", max_length=14, blank=True)
    number = models.DecimalField("nombre", max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField("unité", max_length=30, blank=True)
    qualifier = models.CharField("ce qui est compté", max_length=300, blank=True)
    main = models.CharField("nombre principal", max_length=10, blank=True)
    parts = models.JSONField("parties", default=list, blank=True)
    note = models.TextField("note", blank=True)
    source = models.CharField("source", max_length=300, blank=True)
    kept = models.JSONField(default=dict, blank=True, editable=False)

    objects = CurrentQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Fact.Meta):
        verbose_name = "cellule"
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["row", "column"],
                condition=Q(superseded_at__isnull=True, withdrawn=False),
                name="conventions_cell_once",
            ),
        ]
        indexes = [
            models.Index(fields=["row", "recorded_at"], name="conventions_cell_known"),
            models.Index(fields=["column"], name="conventions_cell_column"),
        ]

    @property
    def euros(self) -> Number | None:
        return None if self.number is None else exact(self.number)

    @property
    def figure(self) -> Number | None:
        """Its number, exact; None without one."""
        return None if self.number is None else exact(self.number)

    @cached_property
    def value(self) -> Value:
        """The typed value. What does not stand by itself (a duration in days of a school year) stays a text."""
        return typed(self.kind, self.raw, self.number, self.unit, self.qualifier, self.parts)

    @property
    def is_missing(self) -> bool:
        """A figure is expected here and there is none yet."""
        return self.kind in ("", Emptiness.EMPTY.value)


def typed(kind: str, raw: str, number: Any, unit: str, qualifier: str, parts: Any) -> Value:
    """The `Value` of a cell of the exchange format."""
    named = kind_named(kind) if kind else Emptiness.EMPTY
    if isinstance(named, Emptiness):
        return Value(named)
    figure = None if number is None else exact(number)
    try:
        if named is Kind.COMPOSITE:
            return Value.composite(raw, tuple(map(part_of, parts or ())), figure, qualifier)
        if named is Kind.TEXT or figure is None:
            return Value.text(raw)
        if named is Kind.PERCENT:
            return Value.percent(figure, qualifier=qualifier)
        if named is Kind.DURATION:
            return Value.duration(figure, unit, qualifier)
        return Value(named, number=figure, unit=unit, qualifier=qualifier)
    except ValueError:
        return Value.text(raw)


def part_of(values: dict[str, Any]) -> Part:
    """A part of the exchange format, which says its value on the same level as its label."""
    value = typed(
        values.get("kind") or "number",
        values.get("raw") or "",
        values.get("number"),
        values.get("unit") or "",
        values.get("qualifier") or "",
        (),
    )
    return Part(
        value,
        label=values.get("label") or "",
        relation=values.get("relation") or "",
        raw=values.get("raw") or "",
        parts=tuple(map(part_of, values.get("parts") or ())),
    )
