"""What is filled and what does not add up, counted in the base: no cell is read."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from jalons.conventions.enums import AlertLevel
from jalons.conventions.models import Acknowledgement, Alert, Cell, Commitment, MatrixRow
from jalons.core.values import Emptiness, format_percent

EMPTY_KIND = Emptiness.EMPTY.value


@dataclass(frozen=True, slots=True)
class FilledCount:
    """Cells of the columns of the year: those that say something (ND does), of those that should."""

    done: int = 0
    expected: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.done

    @property
    def is_complete(self) -> bool:
        return self.done >= self.expected

    @property
    def share(self) -> str:
        if not self.expected:
            return ""
        return format_percent(Decimal(self.done) * 100 / self.expected, 0)

    def __add__(self, other: "FilledCount") -> "FilledCount":
        return FilledCount(self.done + other.done, self.expected + other.expected)


def filled_by(sheets: QuerySet[Commitment], key: str = "pk") -> dict[Any, FilledCount]:
    """How much of the year is filled, by a column of the sheets (`pk`, `convention`). Three queries.

    A detail that is only printed in the cell of its row, or a row that is the title of its details, expects nothing.
    """
    path = f"commitment__{key}"
    valued = Cell.objects.known().filter(row=OuterRef("pk")).exclude(kind="")
    details = MatrixRow.objects.filter(parent=OuterRef("pk"), dropped=False)
    pairs = (
        MatrixRow.objects.filter(
            commitment__in=sheets,
            dropped=False,
            commitment__columns__dropped=False,
            commitment__columns__year=F("commitment__convention__year"),
        )
        .filter(Exists(valued) | (Q(parent=None) & ~Exists(details)))
        .order_by()
        .values_list(path)
        .annotate(count=Count("pk"))
    )
    cells = Cell.objects.known().filter(
        column__commitment__in=sheets,
        column__dropped=False,
        row__dropped=False,
        column__year=F("column__commitment__convention__year"),
    )
    values: Any = cells.order_by().values_list(f"column__{path}")
    done = values.exclude(kind__in=["", EMPTY_KIND]).annotate(count=Count("pk"))
    elsewhere = Cell.objects.known().filter(row=OuterRef("row")).exclude(kind="")
    told_above = values.filter(Exists(elsewhere), kind="").annotate(count=Count("pk"))
    expected, known, above = dict(pairs), dict(done), dict(told_above)
    return {
        pk: FilledCount(known.get(pk, 0), max(count - above.get(pk, 0), known.get(pk, 0)))
        for pk, count in expected.items()
    }


@dataclass(frozen=True, slots=True)
class SheetAlertCounts:
    """Alerts that nobody answered for."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0
    over: bool = False  # of a past year: counted, without a colour

    def __add__(self, other: "SheetAlertCounts") -> "SheetAlertCounts":
        return SheetAlertCounts(
            self.errors + other.errors,
            self.warnings + other.warnings,
            self.infos + other.infos,
            self.over or other.over,
        )

    def __bool__(self) -> bool:
        return bool(self.errors or self.warnings)


def alerts_by(alerts: QuerySet[Alert], key: str) -> dict[Any, SheetAlertCounts]:
    """Counts of the alerts not acknowledged, by a column (`commitment`, `convention`). One query."""
    answered = Acknowledgement.objects.filter(
        convention=OuterRef("convention"), fingerprint=OuterRef("fingerprint"), withdrawn=False
    )
    rows = alerts.exclude(Exists(answered)).order_by().values_list(key, "level").annotate(count=Count("pk"))
    counts: dict[Any, dict[str, int]] = defaultdict(dict)
    for owner, level, count in rows:
        counts[owner][level] = count
    return {
        owner: SheetAlertCounts(
            by_level.get(AlertLevel.ERROR, 0),
            by_level.get(AlertLevel.WARNING, 0),
            by_level.get(AlertLevel.INFO, 0),
        )
        for owner, by_level in counts.items()
    }


def alerts_seen(user: Any) -> QuerySet[Alert]:
    """Those of the common text and of the sheets that one sees."""
    return Alert.objects.filter(
        Q(commitment=None) | Q(commitment__in=Commitment.objects.visible_to(user).values("pk"))
    )
