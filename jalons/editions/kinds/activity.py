"""« Rapport d’activité de l’opérateur »: what a structure did over a year, in tables for its own report."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.actions.enums import Block, ParticipationRole
from jalons.core.values import Sum, format_date, format_number, join_and, plural
from jalons.editions.blocks import KeyFigures, ReportBlock, ReportTable, SlideMessage
from jalons.editions.enums import ReportFormat, ReportRhythm
from jalons.editions.making.materials import ReportMaterials
from jalons.editions.making.messages import sentence_of, within
from jalons.editions.making.places import site_lines
from jalons.editions.making.yearly import AMOUNTS, YearLine, money_total, socle, total_of, year_lines
from jalons.editions.registry import ReportKind, ReportSection
from jalons.exports.document import Grid, Head, Note, Paragraph, Said
from jalons.figures.enums import AreaLevel

NOTHING = "Aucun dispositif de cette structure n’a eu lieu dans la période, parmi ceux que Jalons connaît."
UNTOLD = Said("non renseigné", missing=True)
FIRST = ("dispositifs", "sites-ouverts", "personnes", "mineurs", "scolarisation")
RESULTS = ("logement-personnes", "contrats", "resorptions", "orientes-logement")
FOLLOWED = {
    "menages": "Ménages",
    "personnes": "Personnes",
    "entrees": "Entrées",
    "sorties": "Sorties",
    "sorties-positives": "dont positives",
}
MONEY_NOTE = (
    "Un financement est celui du dispositif entier, quel que soit le nombre de ses opérateurs. "
    "Jalons ne dit pas ce qui revient à chacun."
)


def lines_of(materials: ReportMaterials) -> list[YearLine]:
    years = [materials.question.at.day.year]
    return materials.once("year lines", lambda: year_lines(materials, years=years))


def ran(count: int) -> str:
    return f"{format_number(count)} {plural(count, 'dispositif', 'dispositifs')}"


def key_figures(materials: ReportMaterials) -> Iterator[ReportBlock]:
    before, lines = materials.period.before, lines_of(materials)
    if not lines:
        yield Note(NOTHING)
    people = total_of(lines, "personnes")
    followed = f"{people.short().replace('≥', 'au moins')} personnes suivies" if people.is_known else ""
    yield SlideMessage(
        sentence_of(
            [ran(len(lines)) if lines else "", followed],
            "Aucun dispositif dans la période",
            when=within(materials.period),
        )
    )
    yield KeyFigures(
        materials.figures(FIRST, before=before),
        before=f"Au {format_date(before.last)}",
        caption="Les sites où la structure intervient",
    )
    yield KeyFigures(
        materials.figures(RESULTS, before=before),
        before=before.title.capitalize(),
        caption="Dans l’année, tous opérateurs de ces dispositifs",
    )


def dispositifs(materials: ReportMaterials) -> Iterator[ReportBlock]:
    lines = lines_of(materials)
    if not lines:
        yield Paragraph(NOTHING)
        return
    heads = [
        Head("Dispositif", weight=2),
        Head("Département", weight=1.3),
        Head("Du"),
        Head("Au"),
        Head("Pilotes", weight=1.4),
        Head("Sites", numeric=True),
        Head("ETP", numeric=True),
    ]
    rows = [
        [
            line.name,
            line.departement,
            line.row.run.valid_on,
            line.row.closed_on or Said("en cours"),
            join_and(line.who(ParticipationRole.PILOT)) or UNTOLD,
            len(line.row.sites),
            line.row.team,
        ]
        for line in lines
    ]
    grid = Grid(heads, rows, caption=f"{ran(len(lines))}{within(materials.period)}")
    yield ReportTable("dispositifs", grid, [line.key for line in lines])


def followed(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """Stocks are those of the last follow-up of the year, flows those of its periods: what this operator told."""
    lines = lines_of(materials)
    if not lines:
        yield Paragraph(NOTHING)
        return
    heads = [Head("Dispositif", weight=2.2), *(Head(label, numeric=True) for label in FOLLOWED.values())]
    rows = [[line.name, *(line.figure(code) for code in FOLLOWED)] for line in lines]
    sums: list[list[object]] = [["Total", *(total_of(lines, code) for code in FOLLOWED)]]
    yield ReportTable(
        "public", Grid(heads, rows, caption="Le public suivi", sums=sums), [line.key for line in lines]
    )
    yield Note(
        "Une personne suivie par deux dispositifs compte dans chacun\u00a0: le total peut la compter deux fois."
    )


def outcomes(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """Every number of the national core that this operator told, with how many dispositifs told it."""
    lines, any_row = lines_of(materials), False
    by_block: dict[str, list[tuple[str, str, Sum, int]]] = {}
    for code, revisions in socle(materials.question.at.day.year).items():
        known = total_of(lines, code)
        if known.is_known:
            last = revisions[-1]
            name = f"{last.parent.label}, dont {last.label.lower()}" if last.parent else last.label
            count = sum(code in line.figures for line in lines)
            by_block.setdefault(last.block, []).append((code, name, known, count))
            any_row = True
    if not any_row:
        yield Paragraph("Aucun indicateur n’est renseigné pour la période.")
        return
    heads = [
        Head("Indicateur", weight=2.6),
        Head("Valeur", numeric=True, weight=1.9),  # « ≥ 278 (2 non renseignés) » on one line
        Head("Dispositifs qui l’ont renseigné", numeric=True, weight=1.6),
    ]
    for block in Block:
        indicators = by_block.get(block, [])
        if indicators:
            rows = [
                [name, known, Said(f"{count} sur {known.expected}")] for _, name, known, count in indicators
            ]
            yield ReportTable(
                f"indicateurs-{block}",
                Grid(heads, rows, caption=str(block.label)),
                [code for code, *_ in indicators],
            )


def sites(materials: ReportMaterials) -> Iterator[ReportBlock]:
    lines = site_lines(materials.question)
    if not lines:
        yield Paragraph("Aucun site ouvert n’est couvert par cette structure à cette date.")
        return
    heads = [
        Head("Site", weight=2),
        Head("Commune", weight=1.4),
        Head("Personnes", numeric=True),
        Head("Recensé le"),
    ]
    rows = [[line.name, line.place, line.people, line.counted_on] for line in lines]
    count = f"{format_number(len(lines))} {plural(len(lines), 'site ouvert', 'sites ouverts')}"
    yield ReportTable("sites", Grid(heads, rows, caption=count), [line.key for line in lines])


def money(materials: ReportMaterials) -> Iterator[ReportBlock]:
    lines, year = lines_of(materials), materials.question.at.day.year
    if not lines:
        yield Paragraph(NOTHING)
        return
    heads = [
        Head("Dispositif", weight=2.2),
        *(Head(f"{label} (€)", numeric=True) for label in AMOUNTS.values()),
    ]
    rows = [[line.name, *(line.amount(year, name) for name in AMOUNTS)] for line in lines]
    sums: list[list[object]] = [["Total lisible", *(money_total(lines, year, name) for name in AMOUNTS)]]
    grid = Grid(heads, rows, caption=f"Financements {year}", sums=sums)
    yield ReportTable("argent", grid, [line.key for line in lines])
    yield Note(MONEY_NOTE)


def coverage(materials: ReportMaterials) -> Iterator[ReportBlock]:
    lines = lines_of(materials)
    if not lines:
        yield Paragraph(NOTHING)
        return
    silent = [line for line in lines if not line.figures]
    words = (
        f"{ran(len(lines) - len(silent))} sur {len(lines)} ont un chiffre de cette structure dans la période."
    )
    yield Paragraph(words)
    heads = [
        Head("Dispositif", weight=2.2),
        Head("Points de suivi, tous opérateurs", numeric=True, weight=1.6),
        Head("Dernier", weight=1.1),
        Head("Indicateurs renseignés par la structure", numeric=True, weight=1.6),
    ]
    rows = [
        [line.name, line.row.reports, line.row.last_report or Said("aucun", missing=True), len(line.figures)]
        for line in lines
    ]
    yield ReportTable(
        "couverture", Grid(heads, rows, caption="Ce qui est renseigné"), [line.key for line in lines]
    )


KIND = ReportKind(
    key="activite",
    order=50,
    title="Rapport d’activité de l’opérateur",
    audience="Pour votre structure\u00a0: ses dispositifs, leur public et leurs résultats dans l’année, en tableaux.",
    levels=frozenset([AreaLevel.OPERATOR]),
    rhythm=ReportRhythm.YEAR,
    template=5,
    own=True,
    right=Right.READ_ACTIONS,
    sections=(
        ReportSection(
            "chiffres", "L’année en chiffres", key_figures, right=Right.READ_ACTIONS, choosable=False
        ),
        ReportSection("dispositifs", "Les dispositifs", dispositifs, right=Right.READ_ACTIONS),
        ReportSection("public", "Le public suivi", followed, right=Right.READ_ACTIONS),
        ReportSection("resultats", "Les résultats", outcomes, right=Right.READ_ACTIONS),
        ReportSection("sites", "Les sites", sites),
        ReportSection("argent", "Financements", money, right=Right.READ_FUNDING),
        ReportSection("couverture", "Ce qui est renseigné", coverage, right=Right.READ_ACTIONS),
    ),
    formats=(ReportFormat.DOCX, ReportFormat.PDF, ReportFormat.XLSX, ReportFormat.PPTX),
)
