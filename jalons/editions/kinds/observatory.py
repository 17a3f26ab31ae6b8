"""« Observatoire mensuel »: what a département counts each month, on one page, then its sites and its curves."""

from collections.abc import Iterator

from jalons.core.values import Sum, format_date, format_long_date, format_number, plural
from jalons.editions.blocks import KeyFigures, ReportBlock, ReportChart, ReportPicture, ReportTable
from jalons.editions.enums import ReportFormat, ReportRhythm
from jalons.editions.making.materials import ReportMaterials
from jalons.editions.making.places import SiteLine, drawn_sites, site_lines, sites_that_moved
from jalons.editions.registry import ReportKind, ReportSection
from jalons.exports.document import Grid, Head, Note, Paragraph
from jalons.figures.enums import AreaLevel
from jalons.reports.selectors.barometer import barometer
from jalons.reports.selectors.blocks import reading_limits
from jalons.reports.selectors.trends import trend_charts

FIRST = (
    *("sites-ouverts", "personnes", "menages", "mineurs", "scolarisation", "sans-recensement"),
    *("conditions-water", "conditions-sanitation", "conditions-waste", "conditions-fire", "diagnostics"),
    *("dispositifs", "sites-couverts", "resorption-objectif"),
)
MOVES = (
    *("ouvertures", "fermetures", "resorptions", "evacuations", "personnes-reinstallees"),
    *("orientes-logement", "logement-personnes", "contrats"),
)


def key_figures(materials: ReportMaterials) -> Iterator[ReportBlock]:
    before = materials.period.before
    if not materials.readings["sites-ouverts"].expected:
        yield Note("Aucun site n’est ouvert dans ce territoire à cette date.")
    for limit in reading_limits(materials.question):
        yield Note(limit)
    yield KeyFigures(materials.figures(FIRST, before=before), before=f"Au {format_date(before.last)}")
    yield KeyFigures(
        materials.figures(MOVES, before=before), before=before.title.capitalize(), caption="Dans le mois"
    )


def movements(materials: ReportMaterials) -> Iterator[ReportBlock]:
    moved = barometer(materials.question, materials.readings)
    words = "\n".join([*moved.rose, *moved.fell])
    yield Paragraph(
        words or f"Rien n’a bougé depuis le {format_long_date(moved.before)}, d’après ce qui est connu."
    )
    lines = sites_that_moved(materials.question)
    if lines:
        grid = Grid(
            [Head("Site", weight=1.6), Head("Commune", weight=1.2), Head("Ce qui a changé", weight=2)],
            [[line.name, line.place, line.words] for line in lines],
            caption="Sites ouverts ou fermés dans le mois",
        )
        yield ReportTable("sites-mouvements", grid, [line.key for line in lines])


def sites(materials: ReportMaterials) -> Iterator[ReportBlock]:
    lines = site_lines(materials.question)
    if not lines:
        yield Paragraph("Aucun site n’est ouvert.")
        return
    grid = Grid(
        [
            Head("Site", weight=1.9),
            Head("Commune", weight=1.3),
            Head("Depuis"),
            Head("Personnes", numeric=True),
            Head("dont mineurs", numeric=True),
            Head("Recensé le"),
        ],
        [[line.name, line.place, line.since, line.people, line.minors, line.counted_on] for line in lines],
        caption=f"{format_number(len(lines))} {plural(len(lines), 'site ouvert', 'sites ouverts')}",
        sums=[["Total", "", "", sum_of(lines, "people"), sum_of(lines, "minors"), ""]],
    )
    yield ReportTable("sites", grid, [line.key for line in lines])


def sum_of(lines: list[SiteLine], name: str) -> Sum:
    known = [getattr(line, name) for line in lines if getattr(line, name) is not None]
    return Sum.from_counts(sum(known), known=len(known), expected=len(lines))


def place(materials: ReportMaterials) -> Iterator[ReportBlock]:
    drawing = drawn_sites(materials.question)
    yield ReportPicture("carte", drawing.svg, drawing.alt)


def curves(materials: ReportMaterials) -> Iterator[ReportBlock]:
    for number, chart in enumerate(trend_charts(materials.question), start=1):
        yield ReportChart(f"courbe-{number}", chart)


def to_update(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """The sites whose count is too old: what the next month has to mend."""
    lines = [line for line in site_lines(materials.question) if line.is_stale]
    if not lines:
        yield Paragraph("Tous les sites ouverts ont un recensement récent.")
        return
    grid = Grid(
        [Head("Site", weight=1.9), Head("Commune", weight=1.3), Head("Dernier recensement", weight=1.3)],
        [[line.name, line.place, line.counted_on or "jamais recensé"] for line in lines],
        caption=f"{format_number(len(lines))} {plural(len(lines), 'site', 'sites')} sans recensement récent",
    )
    yield ReportTable("a-jour", grid, [line.key for line in lines])


KIND = ReportKind(
    key="observatoire",
    order=10,
    title="Observatoire mensuel",
    audience="Pour la préfecture et ses partenaires : où en sont les sites du département, mois après mois.",
    levels=frozenset([AreaLevel.DEPARTEMENT, AreaLevel.EPCI]),
    rhythm=ReportRhythm.MONTH,
    contents=False,  # its figures are on its first page
    formats=(ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.PPTX, ReportFormat.XLSX),
    sections=(
        ReportSection("chiffres", "Les chiffres du mois", key_figures, choosable=False),
        ReportSection("mouvements", "Ce qui a bougé depuis un mois", movements, new_page=True),
        ReportSection("sites", "Les sites ouverts", sites),
        ReportSection("carte", "Où sont les sites", place, has_words=False),
        ReportSection("courbes", "Sur deux ans", curves),
        ReportSection("a-jour", "Ce qui n’est pas à jour", to_update),
    ),
)
