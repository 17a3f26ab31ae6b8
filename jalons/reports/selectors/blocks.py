"""The five blocks of a dashboard: which figures, in which order, and what each says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has, territory_of
from jalons.core.charts import Bar, BarChart
from jalons.core.values import Sum, format_number, plural
from jalons.figures.areas import holds_area
from jalons.figures.readings import FigureReading, Tally
from jalons.figures.registry import (
    Figure,
    FigureQuestion,
    families,
    figures,
    read_families,
    read_with_places,
)
from jalons.reports.selectors.below import column_below
from jalons.sites.enums import StepKind, Theme
from jalons.sites.resorption.figures import step_key
from jalons.sites.selectors import SIZES

Readings = Mapping[str, FigureReading]
THEMES = tuple(f"conditions-{theme}" for theme in Theme)
SIZE_KEYS = tuple(f"taille-{size}" for size in SIZES)
MOVEMENTS = ("ouvertures", "fermetures", "resorptions", "evacuations", "sites-reinstalles")
NOBODY = {"sites:list": "aucun site concerné", "actions:list": "aucun dispositif concerné"}
STEP_KEYS = tuple(step_key(kind) for kind in StepKind)
AMOUNTS = ("prevu", "engage", "execute")


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """`first`: what is read at once; `rest`: behind « Tout voir »."""

    anchor: str
    title: str
    first: tuple[str, ...]
    rest: tuple[str, ...] = ()


PLANS = (
    BlockPlan(
        "habitants",
        "Sites et habitants",
        ("sites-ouverts", "personnes", "mineurs", "sans-recensement"),
        ("menages", "femmes", *SIZE_KEYS),
    ),
    BlockPlan(
        "conditions",
        "Conditions de vie",
        ("conditions-water", "conditions-sanitation", "conditions-fire", "diagnostics"),
        ("conditions-electricity", "conditions-waste", "conditions-pests"),
    ),
    BlockPlan(
        "resorptions",
        "Résorptions : où elles en sont",
        ("resorption-objectif", "resorption-commencee", "resorption-retard", "amenageables"),
        STEP_KEYS,
    ),
    BlockPlan("scolarisation", "Scolarisation", ("scolarisation", "mineurs-scolarises")),
    BlockPlan(
        "resultats",
        "Ce qui a été fait et obtenu",
        ("dispositifs", "sites-couverts", "resorptions", "evacuations", "logement-personnes"),
        (
            "sites-sans-dispositif",
            "ouvertures",
            "fermetures",
            "sites-reinstalles",
            "personnes-reinstallees",
            "orientes-logement",
            "orientes-abri",
            "orientes-aucune",
            "contrats",
        ),
    ),
    BlockPlan("argent", "Argent", ("prevu", "execute", "execution"), ("engage", "financements-lisibles")),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure on the page. `text` is empty when nothing is known: `missing` says so."""

    figure: Figure
    text: str
    coverage: str
    url: str
    missing: str = "ND"


@dataclass(frozen=True, slots=True)
class DashboardBlock:
    anchor: str
    title: str
    tiles: Sequence[Tile]
    chart: BarChart | None = None
    note: str = ""


def all_readings(asked: FigureQuestion) -> Readings:
    """Every figure that the person may read: at most eleven queries."""
    return read_families(families(), asked)


def readings_and_places(asked: FigureQuestion) -> tuple[Readings, Mapping[Any, Readings]]:
    """The same, with the sites and the people of each place that the territory is made of: no query more."""
    by = column_below(asked.area)
    return read_with_places(families(), asked, by, "sites") if by else (all_readings(asked), {})


def tile_of(figure: Figure, reading: FigureReading, asked: FigureQuestion) -> Tile:
    remarks = [reading.coverage(*figure.covers) if figure.covers else "", reading.freshness]
    nothing = not reading.expected and not isinstance(reading.worth, Tally)
    return Tile(
        figure=figure,
        text=reading.short(euros=figure.euros, none=figure.none),
        coverage=NOBODY[figure.opens] if nothing else ", ".join(filter(None, remarks)),
        url=figure.address(asked),
        missing="sans objet" if nothing else missing_words(reading),
    )


def missing_words(reading: FigureReading) -> str:
    """« non renseigné », « ND »: why there is no figure."""
    empty = isinstance(reading.worth, Sum) and reading.worth.emptiness
    return empty.words if empty else "ND"


def blocks_of(asked: FigureQuestion, readings: Readings, *, everything: bool) -> list[DashboardBlock]:
    charts = {
        "habitants": size_chart(readings),
        "conditions": conditions_chart(readings),
        "resorptions": steps_chart(readings),
        "resultats": movements_chart(readings),
        "argent": money_chart(readings),
    }
    return [
        DashboardBlock(
            anchor=plan.anchor,
            title=title_of(plan, asked),
            tiles=[
                tile_of(figures()[key], readings[key], asked)
                for key in (*plan.first, *(plan.rest if everything else ()))
                if key in readings
            ],
            chart=charts.get(plan.anchor),
            note=money_note(asked, readings) if plan.anchor == "argent" else "",
        )
        for plan in PLANS
    ]


def title_of(plan: BlockPlan, asked: FigureQuestion) -> str:
    return f"{plan.title} de {asked.at.day.year}" if plan.anchor == "argent" else plan.title


def money_note(asked: FigureQuestion, readings: Readings) -> str:
    """What the person may not read of the money: it counts nothing, and is said."""
    reading = readings.get("financements-lisibles")
    if reading is None or not isinstance(reading.worth, Tally):
        return "Vos droits ne vous laissent lire aucun financement : aucun montant n’est compté."
    read, running = reading.worth.count, reading.worth.expected
    if read == running:
        return ""
    of_all = f"{format_number(running)} {plural(running, 'dispositif en cours', 'dispositifs en cours')}"
    if not read:
        return f"Vous ne pouvez lire les financements d’aucun des {of_all} de cette étendue."
    return f"Seulement les financements que vous pouvez lire : {format_number(read)} sur {of_all}."


def size_chart(readings: Readings) -> BarChart | None:
    return chart_of("Sites ouverts selon leur taille", SIZE_KEYS, readings, labels=tuple(SIZES.values()))


def movements_chart(readings: Readings) -> BarChart | None:
    labels = ("Ouverts", "Fermés", "dont résorbés", "dont évacués", "Quittés pour un autre site")
    return chart_of("Sites, sur la période", MOVEMENTS, readings, labels=labels)


def money_chart(readings: Readings) -> BarChart | None:
    return chart_of(
        "Montants de l’année", AMOUNTS, readings, labels=("Prévu", "Engagé", "Exécuté"), unit="euros"
    )


def chart_of(
    title: str, keys: Sequence[str], readings: Readings, *, labels: Sequence[str], unit: str = "sites"
) -> BarChart | None:
    """Nothing to draw when nothing is known, or when all is zero."""
    values = [readings[key].number if key in readings else None for key in keys]
    if not any(values):
        return None
    bars = [Bar(label, [value]) for label, value in zip(labels, values, strict=True)]
    return BarChart(title, bars, unit=unit)


def conditions_chart(readings: Readings) -> BarChart | None:
    """What is known to be bad or to improve beside what nobody described."""
    tallies = [
        (theme, readings[key].worth) for theme, key in zip(Theme, THEMES, strict=True) if key in readings
    ]
    bars = [
        Bar(str(theme.label), [tally.count, tally.known - tally.count, tally.missing])
        for theme, tally in tallies
        if isinstance(tally, Tally) and tally.expected
    ]
    labels = ("Mauvais ou à améliorer", "Bon", "Pas décrit")
    return BarChart("Conditions de vie des sites ouverts", bars, labels, unit="sites") if bars else None


def steps_chart(readings: Readings) -> BarChart | None:
    """On how many sites each of the nine steps is taken: how far the resorptions are, from the first to the opening."""
    title = "Sites où l’étape de la résorption est faite"
    return chart_of(title, STEP_KEYS, readings, labels=[kind.label for kind in StepKind])


def reading_limits(asked: FigureQuestion) -> list[str]:
    """What the person reads only in part here, in one sentence each."""
    user, area = asked.user, asked.area
    if not has(user, Right.READ_ACTIONS):
        return ["Vos droits ne vous laissent pas lire les dispositifs : ils ne sont pas comptés."]
    if area.is_place and not holds_area(territory_of(user, Right.READ_ACTIONS), area):
        return ["Seuls les dispositifs que vous pouvez lire sont comptés."]
    return []
