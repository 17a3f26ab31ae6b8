"""The figures of a team over a period, read once and shown on screen, on paper, in a workbook."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jalons.core.charts import Bar, BarChart, LineChart, Point, Series
from jalons.core.values import format_long_date, plural
from jalons.households.families.enums import Attendance, ExitReason, GoalState, VisitKind
from jalons.households.families.figures import family_figures
from jalons.households.families.own import OwnFigures, own_figures, people_over_time
from jalons.households.families.rules import RULES, SUMS
from jalons.households.families.spans import household_spans
from jalons.households.families.stored import families_of
from jalons.households.sheets.selectors import all_families
from jalons.households.vault import OpenRegister
from jalons.indicators.models import Indicator

GOALS = {"decided": "Décidés pendant la période", **dict(GoalState.choices)}
SOCLE = "Les chiffres du suivi"


class NamedCount(NamedTuple):
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class CountTable:
    """`drawn`: its counts are also bars."""

    caption: str
    rows: Sequence[NamedCount]
    drawn: bool = False

    @property
    def chart(self) -> BarChart:
        return BarChart(
            self.caption, [Bar(label, [number]) for label, number in self.rows], labels=["Nombre"]
        )

    @property
    def is_empty(self) -> bool:
        return not any(row.number for row in self.rows)


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """Of the families of one dispositif or of all (`action_name` empty), `first` and `last` days included."""

    first: dt.date
    last: dt.date
    action_name: str
    has_families: bool
    own: OwnFigures
    curve: LineChart
    tables: Sequence[CountTable]
    socle: CountTable

    @property
    def period(self) -> str:
        return f"Du {format_long_date(self.first)} au {format_long_date(self.last)}"

    @property
    def summary(self) -> str:
        """« 36 familles rencontrées. 5 familles sorties, dont la moitié accompagnée 16 mois ou plus. »"""
        met, gone, stay = self.own.families_met, self.own.families_gone, self.own.stay_months
        words = f"{met} {plural(met, 'famille rencontrée', 'familles rencontrées')}. "
        words += f"{gone} {plural(gone, 'famille sortie', 'familles sorties')}"
        return f"{words}, dont la moitié accompagnée {stay} mois ou plus." if stay else f"{words}."

    @property
    def every_table(self) -> Iterator[CountTable]:
        yield from self.tables
        yield self.socle


def team_figures(
    register: OpenRegister, action: tuple[str, str] | None, first: dt.date, last: dt.date
) -> TeamFigures:
    """`action`: identifier and name of the one dispositif to count. Reads every family of the register, once."""
    code, name = action or (None, "")
    families = list(families_of(all_families(register), code))
    counts = family_figures(families, code, last, first - dt.timedelta(days=1))
    labels = socle_labels()
    own = own_figures(families, code, first, last)
    points = [Point(day, people) for day, people in people_over_time(families, code, first, last)]
    return TeamFigures(
        first=first,
        last=last,
        action_name=name,
        has_families=any(
            span.since <= last and span.until >= first
            for family in families
            for span in household_spans(family, code)
        ),
        own=own,
        curve=LineChart("Personnes accompagnées", [Series("Personnes", points)], unit="personnes"),
        tables=own_tables(own),
        socle=CountTable(
            SOCLE,
            [
                NamedCount(labels[code], counts[code].value)
                for code in [*RULES, *SUMS]
                if code in labels and counts[code].value
            ],
        ),
    )


def socle_labels() -> dict[str, str]:
    """« Entrées, femmes » : a part is named with its whole, or the table would say « Femmes » five times."""
    rows = Indicator.objects.filter(code__in=[*RULES, *SUMS]).values_list("code", "label", "parent__label")
    return {code: f"{parent}, {label.lower()}" if parent else label for code, label, parent in rows}


def own_tables(own: OwnFigures) -> list[CountTable]:
    exits = {**dict(ExitReason.choices), "": "Motif non renseigné"}
    attendance = {**dict(Attendance.choices), "": "Inconnue"}
    return [
        CountTable("Personnes sorties, par motif", rows_of(own.exits, exits), drawn=True),
        CountTable("Objectifs décidés avec les familles", rows_of(own.goals, GOALS), drawn=True),
        CountTable("Enfants inscrits, assiduité au dernier jour", rows_of(own.attendance, attendance)),
        CountTable("Visites et notes", rows_of(own.visits, dict(VisitKind.choices))),
    ]


def rows_of(counts: Mapping[str, int], labels: Mapping[str, Any]) -> list[NamedCount]:
    return [NamedCount(str(labels[code]), count) for code, count in counts.items()]
