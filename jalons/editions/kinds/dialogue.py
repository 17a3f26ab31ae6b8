"""« Dialogue de gestion »: what a territory planned, engaged, spent, did and obtained, and what it asks for next."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.actions.enums import FundingType, ParticipationRole
from jalons.core.charts import Bar, BarChart
from jalons.core.values import Sum, format_euros, format_number, join_and, plural, total
from jalons.editions.blocks import KeyFigures, ReportBlock, ReportChart, ReportTable, SlideMessage
from jalons.editions.enums import ReportFormat, ReportRhythm
from jalons.editions.making.materials import ReportMaterials
from jalons.editions.making.messages import sentence_of
from jalons.editions.making.yearly import AMOUNTS, YearLine, money_total, total_of, year_lines
from jalons.editions.registry import ReportKind, ReportSection
from jalons.exports.document import Grid, Head, Note, Paragraph, Said
from jalons.figures.enums import AreaLevel
from jalons.reports.selectors.blocks import reading_limits

NOTHING = "Aucun dispositif n’a eu lieu dans l’année dans ce territoire, parmi ceux que Jalons connaît."
UNTOLD = Said("non renseigné", missing=True)
# Said once, wherever an amount is read: what the words of the dialogue are in the data.
ASKED_IS = (
    "Jalons enregistre trois montants par financement\u00a0: prévu, engagé, exécuté. "
    "Le «\u00a0prévu\u00a0» tient lieu de demande, l’«\u00a0engagé\u00a0» de décision. "
    "La date d’une demande, son refus et son motif ne sont pas enregistrés\u00a0: écrivez-les dans les textes."
)
STOCKS = (
    "sites-ouverts",
    "personnes",
    "dispositifs",
    "sites-couverts",
    "resorption-objectif",
    "sans-recensement",
)
FLOWS = ("resorptions", "evacuations", "orientes-logement", "logement-personnes", "contrats")
OBTAINED = {
    "personnes": "Personnes suivies",
    "sorties-positives": "Sorties positives",
    "logement-personnes": "Entrées en logement",
    "contrats": "Contrats de travail",
    "scolarises": "Enfants scolarisés",
}


def year_of(materials: ReportMaterials) -> int:
    return materials.question.at.day.year


def lines_of(materials: ReportMaterials) -> list[YearLine]:
    years = [year_of(materials), year_of(materials) + 1]
    return materials.once("year lines", lambda: year_lines(materials, years=years))


def readable(materials: ReportMaterials) -> list[YearLine]:
    return [line for line in lines_of(materials) if line.money is not None]


def limits(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """What the amounts leave out, for this reader."""
    every, read = len(lines_of(materials)), len(readable(materials))
    if read < every:
        yield Note(
            f"Vos droits laissent lire les financements de {read} dispositifs sur {every}.",
            warning=True,
        )


def in_euros(amount: Sum) -> str:
    return amount.short(format_euros).replace("≥\u00a0", "au moins ")


def situation(materials: ReportMaterials) -> Iterator[ReportBlock]:
    before = materials.period.before
    for limit in reading_limits(materials.question):
        yield Note(limit)
    yield KeyFigures(
        materials.figures(STOCKS, before=before),
        before=f"Fin {before.first.year}",
        caption="À la date du rapport",
    )
    yield KeyFigures(
        materials.figures(FLOWS, before=before), before=before.title.capitalize(), caption="Dans l’année"
    )


def funded(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """Asked and funded, dispositif after dispositif, then by whose money it is."""
    lines, year = readable(materials), year_of(materials)
    yield from limits(materials)
    sums = {name: money_total(lines, year, name) for name in AMOUNTS}
    parts = [
        f"{in_euros(sums[name])} {words}" if sums[name].is_known else ""
        for name, words in (("planned", "prévus"), ("committed", "engagés"), ("executed", "exécutés"))
    ]
    yield SlideMessage(
        f"{year}\u00a0: {join_and([part for part in parts if part]) or 'aucun montant n’est connu'}"
    )
    yield Note(ASKED_IS)
    if not lines:
        yield Paragraph(NOTHING)
        return
    yield money_bars("argent", f"Financements {year}", lines, year)
    yield money_table("argent", f"Demandé et financé, par dispositif, {year}", lines, year)
    kinds, heads = kind_rows(lines, year), amount_heads("Type de financement")
    if kinds:
        grid = Grid(heads, [row for _, row in kinds], caption=f"Par type de financement, {year}")
        yield ReportTable("argent-types", grid, [kind for kind, _ in kinds])


def amount_heads(first: str) -> list[Head]:
    return [Head(first, weight=2.2), *(Head(f"{label} (€)", numeric=True) for label in AMOUNTS.values())]


def money_table(key: str, caption: str, lines: list[YearLine], year: int) -> ReportTable:
    rows = [[line.name, *(line.amount(year, name) for name in AMOUNTS)] for line in lines]
    sums: list[list[object]] = [["Total", *(money_total(lines, year, name) for name in AMOUNTS)]]
    grid = Grid(amount_heads("Dispositif"), rows, caption=caption, sums=sums)
    return ReportTable(key, grid, [line.key for line in lines])


def money_bars(key: str, title: str, lines: list[YearLine], year: int) -> ReportChart:
    bars = []
    for name, label in AMOUNTS.items():
        amount = money_total(lines, year, name)
        bars.append(
            Bar(f"{label} (au moins)" if amount.bound else label, [amount.total if amount.is_known else None])
        )
    return ReportChart(key, BarChart(title, bars, ["Montant"], "euros"))


def kind_rows(lines: list[YearLine], year: int) -> list[tuple[str, list[object]]]:
    rows: list[tuple[str, list[object]]] = []
    for kind in FundingType:
        money = [row for line in lines for row in (line.money or {}).get(year, ()) if row.kind == kind]
        if money:
            amounts = [total(row.value(name) for row in money) for name in AMOUNTS]
            rows.append((str(kind.value), [str(kind.label), *amounts]))
    return rows


def done(materials: ReportMaterials) -> Iterator[ReportBlock]:
    lines = lines_of(materials)
    people = total_of(lines, "personnes")
    followed = f"{people.short().replace('≥', 'au moins')} personnes suivies" if people.is_known else ""
    count = f"{format_number(len(lines))} {plural(len(lines), 'dispositif', 'dispositifs')}" if lines else ""
    yield SlideMessage(
        sentence_of([count, followed], "Aucun dispositif dans l’année", when=f" en {year_of(materials)}")
    )
    if not lines:
        yield Paragraph(NOTHING)
        return
    heads = [
        Head("Dispositif", weight=2), Head("Opérateurs", weight=1.5), Head("Sites", numeric=True),
        *(Head(label, numeric=True) for label in OBTAINED.values()),
    ]  # fmt: skip
    rows = [
        [
            line.name,
            join_and(line.who(ParticipationRole.OPERATOR)) or UNTOLD,
            len(line.row.sites),
            *(line.figure(code) for code in OBTAINED),
        ]
        for line in lines
    ]
    sums: list[list[object]] = [["Total", "", "", *(total_of(lines, code) for code in OBTAINED)]]
    grid = Grid(heads, rows, caption="Fait et obtenu, par dispositif", sums=sums)
    yield ReportTable("obtenu", grid, [line.key for line in lines])


def following(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """The credits asked for the next year and what was decided, as far as lines of funding tell it."""
    lines, year = readable(materials), year_of(materials) + 1
    yield from limits(materials)
    asked, decided = money_total(lines, year, "planned"), money_total(lines, year, "committed")
    if asked.is_known:
        then = f"{in_euros(decided)} engagés" if decided.is_known else "rien n’est encore engagé"
        yield SlideMessage(f"{year}\u00a0: {in_euros(asked)} prévus, {then}")
    else:
        yield SlideMessage(f"{year}\u00a0: aucun montant prévu n’est enregistré")
    yield Note(ASKED_IS)
    with_lines = [line for line in lines if (line.money or {}).get(year)]
    if with_lines:
        yield money_table("annee-suivante", f"Crédits {year}, par dispositif", with_lines, year)
    without = [line for line in lines if line not in with_lines and not line.row.closed_on]
    if without:
        running = plural(len(without), "dispositif en cours n’a", "dispositifs en cours n’ont")
        yield Paragraph(f"{len(without)} {running} aucune ligne de financement {year}.")


def questions(materials: ReportMaterials) -> Iterator[ReportBlock]:
    """What the data leave to be asked; people add theirs. No amount is said: only that one is missing."""
    lines, year = lines_of(materials), year_of(materials)
    is_over = materials.question.at.day == materials.period.last
    rows: list[tuple[str, list[object]]] = []
    for line in lines:
        if not line.row.reports:
            rows.append(
                (
                    f"suivi-{line.key}",
                    [line.name, "Aucun point de suivi dans l’année\u00a0: où en est-il\u00a0?"],
                )
            )
        if not line.row.sites and not line.row.grounds:
            rows.append(
                (
                    f"lieu-{line.key}",
                    [line.name, "Aucun site ni terrain rattaché\u00a0: où intervient-il\u00a0?"],
                )
            )
        if line.money is not None:
            rows.extend(money_questions(line, year, is_over=is_over))
    number = f"{format_number(len(rows))} {plural(len(rows), 'question posée', 'questions posées')} par les données"
    yield SlideMessage(number if rows else "Les données ne posent pas de question")
    if rows:
        heads = [Head("Dispositif", weight=1.4), Head("Question", weight=2)]
        grid = Grid(heads, [row for _, row in rows], caption="Questions à poser")
        yield ReportTable("questions", grid, [key for key, _ in rows])
    yield Paragraph("Vos questions et les réponses s’écrivent dans le texte de cette partie.")


def money_questions(line: YearLine, year: int, *, is_over: bool) -> Iterator[tuple[str, list[object]]]:
    planned, committed, executed = (line.amount(year, name) for name in AMOUNTS)
    if not isinstance(planned, Sum) or not isinstance(committed, Sum) or not isinstance(executed, Sum):
        yield (
            f"ligne-{line.key}",
            [line.name, f"Aucune ligne de financement {year}\u00a0: qui le finance\u00a0?"],
        )
        return
    if is_over and not executed.is_complete:
        yield (
            f"execute-{line.key}",
            [line.name, f"L’exécuté {year} n’est pas entièrement renseigné\u00a0: qu’a-t-il coûté\u00a0?"],
        )
    if planned.is_complete and executed.is_known and executed.total > planned.total:
        yield f"depasse-{line.key}", [line.name, f"L’exécuté {year} dépasse le prévu\u00a0: pourquoi\u00a0?"]


KIND = ReportKind(
    key="dialogue",
    order=60,
    title="Dialogue de gestion",
    audience="Pour la préfecture et l’administration centrale\u00a0: demandé, financé, obtenu, et l’année d’après.",
    levels=frozenset([AreaLevel.NATION, AreaLevel.REGION, AreaLevel.DEPARTEMENT]),
    rhythm=ReportRhythm.YEAR,
    right=Right.READ_ACTIONS,
    sections=(
        ReportSection("situation", "La situation", situation, choosable=False),
        ReportSection("finance", "Demandé et financé", funded, right=Right.READ_FUNDING),
        ReportSection("obtenu", "Fait et obtenu", done, right=Right.READ_ACTIONS),
        ReportSection("suivante", "L’année suivante", following, right=Right.READ_FUNDING),
        ReportSection("questions", "Questions", questions, right=Right.READ_ACTIONS),
    ),
    formats=(ReportFormat.DOCX, ReportFormat.PDF, ReportFormat.XLSX, ReportFormat.PPTX),
)
