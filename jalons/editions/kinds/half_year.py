"""« Bilan semestriel »: what a territory, or the nation, counted at the end of a half-year, and who told it."""

from collections.abc import Iterator, Mapping, Sequence

from jalons.accounts.enums import Right
from jalons.core.values import format_date, format_number, plural
from jalons.editions.blocks import KeyFigures, ReportBlock, ReportChart, ReportPicture, ReportTable
from jalons.editions.enums import ReportFormat, ReportLanguage, ReportRhythm
from jalons.editions.making.contributions import coverage_by_departement, silent_actions
from jalons.editions.making.materials import ReportMaterials
from jalons.editions.making.places import closed_lines, drawn_sites, site_lines
from jalons.editions.registry import ReportKind, ReportSection
from jalons.exports.document import Grid, Head, Note, Paragraph
from jalons.figures.enums import AreaLevel
from jalons.reports.selectors.areas import places_below
from jalons.reports.selectors.below import KEYS, below
from jalons.reports.selectors.blocks import SIZE_KEYS, STEP_KEYS, Readings, money_note, reading_limits
from jalons.reports.selectors.trends import trend_charts
from jalons.sites.figures.places import readings_by_place
from jalons.sites.figures.rows import EVACUATED

PEOPLE = ("sites-ouverts", "personnes", "menages", "femmes", "mineurs", "scolarisation", *SIZE_KEYS)
LIVING = (
    *("conditions-water", "conditions-sanitation", "conditions-electricity", "conditions-waste"),
    *("conditions-pests", "conditions-fire", "diagnostics"),
)
RESORPTION = ("resorption-objectif", "resorption-commencee", "resorption-retard", *STEP_KEYS)
MOVES = (
    *(
        "ouvertures",
        "fermetures",
        "resorptions",
        "evacuations",
        "sites-reinstalles",
        "personnes-reinstallees",
    ),
    *("orientes-logement", "orientes-abri", "orientes-aucune"),
)
ACTIONS = ("dispositifs", "sites-couverts", "sites-sans-dispositif")
OUTCOMES = ("logement-personnes", "contrats")
MONEY = ("prevu", "engage", "execute", "execution", "financements-lisibles")


def compared(
    materials: ReportMaterials, keys: Sequence[str], *, stock: bool, caption: str = ""
) -> KeyFigures:
    """Beside the two half-years before: at their last day for a stock, over them for a flow."""
    before = materials.period.before
    earlier = before.before
    heads = [f"Au {format_date(period.last)}" if stock else period.head for period in (before, earlier)]
    rows = materials.figures(keys, before=before, earlier=earlier)
    return KeyFigures(rows, before=heads[0], earlier=heads[1], caption=caption)


def people(materials: ReportMaterials) -> Iterator[ReportBlock]:
    if not materials.readings["sites-ouverts"].expected:
        yield Note("Aucun site n’est ouvert dans ce territoire à cette date.")
    for limit in reading_limits(materials.question):
        yield Note(limit)
    yield compared(materials, PEOPLE, stock=True)


def curves(materials: ReportMaterials) -> Iterator[ReportBlock]:
    for number, chart in enumerate(trend_charts(materials.question), start=1):
        yield ReportChart(f"courbe-{number}", chart)


def movements(materials: ReportMaterials) -> Iterator[ReportBlock]:
    yield compared(materials, MOVES, stock=False)


def evacuations(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """Counted and shown: how many, then one by one, with what is known of the people."""
    yield compared(materials, ("evacuations", "orientes-aucune"), stock=False)
    lines = closed_lines(materials.question, EVACUATED)
    if not lines:
        yield Paragraph("Aucune évacuation n’est connue sur ce semestre.")
        return
    grid = Grid(
        [
            Head("Site", weight=1.8),
            Head("Commune", weight=1.3),
            Head("Le"),
            Head("Décision", weight=1.8),
            Head("Personnes", numeric=True),
        ],
        [[line.name, line.town, line.ended_on, line.words, line.people] for line in lines],
        caption="Sites évacués dans le semestre, avec leur dernier recensement",
    )
    yield ReportTable("evacuations", grid, [line.key for line in lines])


def living(materials: ReportMaterials) -> Iterator[ReportBlock]:
    yield compared(materials, LIVING, stock=True)


def resorptions(materials: ReportMaterials) -> Iterator[ReportBlock]:
    yield compared(materials, RESORPTION, stock=True)


def actions(materials: ReportMaterials) -> Iterator[ReportBlock]:
    yield compared(materials, ACTIONS, stock=True)
    yield compared(materials, OUTCOMES, stock=False, caption="Obtenu dans le semestre")


def money(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """Of the whole year: amounts are planned and spent by year, and are not compared with a half-year."""
    note = money_note(materials.question, materials.readings)
    if note:
        yield Note(note)
    yield KeyFigures(materials.figures(MONEY), caption=f"Année {materials.period.last.year}")


def territories(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """The places of this territory that hold sites, beside the half-year before."""
    level, places = places_below(materials.area)
    if not level:
        yield Paragraph("Ce territoire n’en contient pas d’autre.")
        return
    now = readings_by_place(materials.question, KEYS[level])
    then = readings_by_place(materials.question_on(materials.period.before), KEYS[level])
    rows = [(key, name) for key, name, _ in places if key in now or key in then]
    if not rows:
        yield Paragraph("Aucun site n’y est ouvert.")
        return
    day = format_date(materials.period.before.last)
    grid = Grid(
        [
            Head(level, weight=2.4),
            Head("Sites ouverts", numeric=True),
            Head(f"Au {day}", numeric=True),
            Head("Personnes", numeric=True),
            Head(f"Au {day}", numeric=True),
        ],
        [
            [
                name,
                count(now, key),
                count(then, key),
                now[key]["personnes"].worth if key in now else 0,
                then[key]["personnes"].worth if key in then else 0,
            ]
            for key, name in rows
        ],
        caption=f"Par {level.lower()}",
    )
    yield ReportTable("territoires", grid, [str(key) for key, _ in rows])


def count(readings: Mapping[str, Readings], key: str) -> int:
    return int(readings[key]["sites-ouverts"].number or 0) if key in readings else 0


def place(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """Départements coloured by their sites for the nation and a région; the sites themselves elsewhere."""
    places = below(materials.question)
    if places is not None and places.drawing:
        title = f"Sites ouverts par département, {materials.area.label}"
        words = ", ".join(f"{row.name}\u00a0: {row.sites}" for row in places.rows)
        yield ReportPicture("carte", str(places.drawing), f"{title}. {words}." if words else f"{title}.")
        return
    drawing = drawn_sites(materials.question)
    yield ReportPicture("carte", drawing.svg, drawing.alt)


def coverage(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """What these figures rest on, département by département."""
    rows = coverage_by_departement(materials.question, site_lines(materials.question))
    if not rows:
        yield Paragraph("Aucun site n’est ouvert.")
        return
    whole = [sum(getattr(row, name) for row in rows) for name in ("sites", "counted", "never")]
    grid = Grid(
        [
            Head("Département", weight=2),
            Head("Sites ouverts", numeric=True),
            Head("Recensés dans le semestre", numeric=True, weight=1.3),
            Head("Jamais recensés", numeric=True),
        ],
        [[row.name, row.sites, row.counted, row.never] for row in rows],
        caption="Ce qui est recensé",
        sums=[["Total", *whole]],
    )
    yield ReportTable("couverture", grid, [row.code for row in rows])


def silent(materials: ReportMaterials) -> Iterator[ReportBlock]:
    rows = silent_actions(materials.question)
    if not rows:
        yield Paragraph("Chaque dispositif en cours a au moins un suivi dans le semestre.")
        return
    grid = Grid(
        [Head("Dispositif", weight=2.4), Head("Opérateur", weight=1.8), Head("Dernier suivi")],
        [[row.name, row.operators, row.latest or "aucun"] for row in rows],
        caption=f"{format_number(len(rows))} {plural(len(rows), 'dispositif', 'dispositifs')} sans suivi",
    )
    yield ReportTable("sans-suivi", grid, [row.key for row in rows])


KIND = ReportKind(
    key="bilan",
    order=20,
    title="Bilan semestriel",
    audience="Pour la Dihal, les ministères et la Commission européenne : où l’on en est au 30 juin et au 31 décembre.",
    levels=frozenset([AreaLevel.NATION, AreaLevel.REGION, AreaLevel.DEPARTEMENT, AreaLevel.EPCI]),
    rhythm=ReportRhythm.HALF_YEAR,
    formats=(ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.PPTX, ReportFormat.XLSX),
    languages=(ReportLanguage.FRENCH, ReportLanguage.ENGLISH),
    sections=(
        ReportSection("habitants", "Sites et habitants", people, choosable=False),
        ReportSection("mouvements", "Ce qui a bougé dans le semestre", movements),
        ReportSection("evacuations", "Les évacuations", evacuations),
        ReportSection("courbes", "Sur deux ans", curves),
        ReportSection("conditions", "Conditions de vie", living),
        ReportSection("resorptions", "Où en sont les résorptions", resorptions),
        ReportSection(
            "dispositifs", "Les dispositifs et ce qu’ils ont obtenu", actions, right=Right.READ_ACTIONS
        ),
        ReportSection("argent", "L’argent", money, right=Right.READ_FUNDING),
        ReportSection("carte", "Où sont les sites", place, has_words=False),
        ReportSection("territoires", "Territoire par territoire", territories),
        ReportSection("couverture", "Ce que ces chiffres couvrent", coverage, choosable=False),
        ReportSection("sans-suivi", "Ce qui n’a pas été renseigné", silent, right=Right.READ_ACTIONS),
    ),
)
