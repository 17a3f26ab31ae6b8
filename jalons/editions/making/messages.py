"""Sentences that hold a figure: the title of a slide says what its table and its drawing prove."""

from collections.abc import Iterable, Mapping

from jalons.core.charts import Bar, BarChart
from jalons.core.values import format_number, join_and, plural
from jalons.editions.blocks import ReportChart, ReportFigure
from jalons.editions.enums import ReportRhythm
from jalons.editions.making.materials import ReportMaterials
from jalons.editions.periods import ReportPeriod
from jalons.figures.readings import FigureReading

Noun = tuple[str, str, str]  # « site ouvert », « sites ouverts », « aucun site ouvert »


def counted(figure: ReportFigure | None, noun: Noun) -> str:
    """« 12 sites ouverts », « au moins 7 personnes », « aucun site ouvert »; empty when it is not known."""
    if figure is None or not figure.text or figure.number is None:
        return ""
    singular, several, none = noun
    if not figure.number:
        return none if figure.text == "0" or not none else f"{none} selon ceux qui ont répondu"
    bound = "au moins " if "≥" in figure.text else ""
    return f"{bound}{format_number(figure.number)} {plural(figure.number, singular, several)}"


def sentence_of(parts: Iterable[str], otherwise: str, *, when: str = "") -> str:
    """The known parts as one sentence, without its full stop: it is a title."""
    words = [part for part in parts if part]
    if not words:
        return otherwise
    sentence = join_and(words)
    return f"{sentence[:1].upper()}{sentence[1:]}{when}"


def within(period: ReportPeriod) -> str:
    """« en octobre 2026 », « au 1er semestre 2026 », « en 2026 »."""
    if period.rhythm == ReportRhythm.YEAR:
        return f" en {period.first.year}"
    return f" {'en' if period.rhythm == ReportRhythm.MONTH else 'au'} {period.title}"


def bound_name(name: str, readings: Iterable[FigureReading]) -> str:
    """« Eau (au moins) »: a bar cannot write « ≥ »."""
    bound = any(reading.is_partial and reading.number for reading in readings)
    return f"{name} (au moins)" if bound else name


def bars_of(
    materials: ReportMaterials,
    key: str,
    title: str,
    names: Mapping[str, str],
    *,
    compared: bool = False,
    unit: str = "",
) -> ReportChart:
    """A bar a figure, under its short name. `compared`: beside what it was over the period before."""
    periods = [materials.period, materials.period.before] if compared else [materials.period]
    readings = [materials.readings_on(period) for period in periods]
    bars = []
    for figure, name in names.items():
        known = [at[figure] for at in readings if figure in at]
        if known:
            values = [at[figure].number if figure in at else None for at in readings]
            bars.append(Bar(bound_name(name, known), values))
    labels = [period.title.capitalize() for period in periods] if compared else ["Valeur"]
    return ReportChart(key, BarChart(title, bars, labels, unit))
