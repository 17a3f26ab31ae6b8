"""Inside the annex, and from it to the article on payment and to the heading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.annex_model import annex_model
from jalons.conventions.dossier.content import TOTAL, Dossier, TableContent
from jalons.conventions.enums import LineKind
from jalons.conventions.models import AnnexLine
from jalons.conventions.money.reconciliation.links import (
    ChainStep,
    MoneyLink,
    MoneyLinkState,
    known_total,
    line_words,
    link_of_sums,
    ordered,
)
from jalons.core.values import Number, fold, join_and, plural
from jalons.core.values.numbers import add


@dataclass
class Running:
    """What the lines read so far add up to, by share. An unknown amount makes its share unknown."""

    amounts: dict[str, Number] = field(default_factory=dict)
    lines: int = 0

    def add(self, amounts: additions.Amounts) -> None:
        self.lines += 1
        for share, amount in amounts.items():
            if amount is not None:
                self.amounts[share] = add(self.amounts.get(share, 0), amount)


def inside_annex(dossier: Dossier) -> ChainStep:
    links: list[MoneyLink] = []
    for annex in dossier.annexes:
        totals: list[tuple[TableContent, AnnexLine]] = []
        for table in annex.tables:
            links += lines_own_sums(table, dossier)
            links += of_table(table, dossier, totals)
        links += of_recap(annex.tables, totals, dossier)
    whole = grand_total(dossier)
    return ChainStep(
        "annex_sums",
        "Dans l’annexe financière",
        "Lignes",
        "Sous-totaux et totaux",
        links,
        amount=whole.get(ledger.STATE),
    )


def lines_own_sums(table: TableContent, dossier: Dossier) -> Iterator[MoneyLink]:
    """The shares of a line make its total; those that do are told together."""
    right = 0
    for line in table.lines:
        amounts = ledger.amounts_of_line(line, dossier)
        parts = additions.total_of(additions.shares_without_total(amounts).values())
        link = MoneyLink(line_words(line), "parts et total", parts, amounts.get(TOTAL))
        if link.state == MoneyLinkState.RIGHT:
            right += 1
        elif parts is not None and amounts.get(TOTAL) is not None:
            yield link
    if right:
        count = f"{right} {plural(right, 'ligne', 'lignes')}"
        yield MoneyLink(
            f"{table_words(table)}, {count}",
            "parts et total",
            note="Chaque total est la somme de ses parts.",
            forced=MoneyLinkState.RIGHT,
        )


def of_table(
    table: TableContent, dossier: Dossier, totals: list[tuple[TableContent, AnnexLine]]
) -> Iterator[MoneyLink]:
    """Each sub-total adds up the lines since the one before; each total, all of them."""
    section, since, whole = "", Running(), Running()
    for line in table.lines:
        amounts = ledger.amounts_of_line(line, dossier)
        if line.kind == LineKind.SECTION:
            section, since = line.label, Running()
        elif line.kind == LineKind.SHEET or (line.kind == LineKind.OTHER and line.number):
            since.add(amounts)
            whole.add(amounts)
        elif line.kind == LineKind.SUBTOTAL:
            where = f"{table_words(table)}, {section}" if section else f"{table_words(table)}, {line.label}"
            yield from compared(where, since, amounts, dossier)
            since = Running()
        elif line.kind == LineKind.TOTAL:
            totals.append((table, line))
            yield from compared(f"{table_words(table)}, total", whole, amounts, dossier)


def of_recap(
    tables: Sequence[TableContent], totals: list[tuple[TableContent, AnnexLine]], dossier: Dossier
) -> Iterator[MoneyLink]:
    """The totals of families repeat those of the tables; the grand total adds them up."""
    families = [
        (table, line) for table in tables for line in table.lines if line.kind == LineKind.FAMILY_TOTAL
    ]
    left = list(totals)
    for place, (_, line) in enumerate(families):
        twin = twin_of(line, left, place if len(families) == len(totals) else None)
        if twin is None:
            continue
        repeated = Running()
        repeated.add(ledger.amounts_of_line(twin[1], dossier))
        yield from compared(line_words(line), repeated, ledger.amounts_of_line(line, dossier), dossier)
    added = Running()
    for _, line in families or totals:
        added.add(ledger.amounts_of_line(line, dossier))
    if not added.lines:
        for line in ledger.annex_lines(dossier):
            added.add(ledger.amounts_of_line(line, dossier))
    for table in tables:
        for line in table.lines:
            if line.kind == LineKind.GRAND_TOTAL:
                yield from compared("Total général", added, ledger.amounts_of_line(line, dossier), dossier)


def twin_of(
    line: AnnexLine, totals: Sequence[tuple[TableContent, AnnexLine]], place: int | None
) -> tuple[TableContent, AnnexLine] | None:
    """The total of a table that a line of the recapitulation repeats: by its words, else by its place."""
    words = set(fold(line.label).split()) - {"total", "engagements", "du", "de", "la", "des", "les", "a", "l"}
    scored = [
        (len(words & set(fold(table.table.title).split())), index) for index, (table, _) in enumerate(totals)
    ]
    best = max(scored, default=(0, 0))
    if best[0] and [score for score, _ in scored].count(best[0]) == 1:
        return totals[best[1]]
    return totals[place] if place is not None else None


def compared(
    where: str, expected: Running, actual: additions.Amounts, dossier: Dossier
) -> Iterator[MoneyLink]:
    for share in ordered({**expected.amounts, **actual}):
        left, right = expected.amounts.get(share), actual.get(share)
        if left is None and right is None:
            continue
        yield MoneyLink(where, ledger.share_words(share, dossier), left, right)


def table_words(table: TableContent) -> str:
    return table.table.title or table.table.key or "Tableau"


def annex_and_text(dossier: Dossier) -> ChainStep:
    """The total of the annex is what the text announces."""
    printed, announced = grand_total(dossier), ledger.announced(dossier)
    links = [
        MoneyLink(
            "Montants annoncés par la convention",
            ledger.share_words(share, dossier),
            printed.get(share),
            announced.get(share),
        )
        for share in ordered({**printed, **announced})
        if printed.get(share) is not None or announced.get(share) is not None
    ]
    return ChainStep(
        "announced",
        "Annexe et montants du texte",
        "Total de l’annexe",
        "Montants du texte",
        links,
        amount=announced.get(ledger.STATE),
    )


def annex_and_actions(dossier: Dossier, elsewhere: frozenset[str]) -> ChainStep:
    """Each action of the article on payment is the State's share of its line; each share has its action."""
    links: list[MoneyLink] = []
    for pair in annex_model(dossier).pairs:
        state = additions.total_of(
            ledger.amounts_of_line(line, dossier).get(ledger.STATE) for line in pair.lines
        )
        if pair.actions and (pair.lines or pair.number not in elsewhere):
            numbers = join_and([action.number or "sans numéro" for action in pair.actions])
            where = f"{plural(len(pair.actions), 'Action', 'Actions')} {numbers}, fiche {pair.number}"
            paid = additions.total_of(action.euros for action in pair.actions)
            key = pair.sheet.key if pair.sheet is not None else ""
            links.append(MoneyLink(where, "part de l’État", state, paid, key))
        elif dossier.planned and state and not pair.actions:
            note = "Aucune action du texte ne porte ce montant."
            for line in pair.lines:
                links.append(
                    MoneyLink(
                        line_words(line), "part de l’État", state, None, note=note, forced=MoneyLinkState.GAP
                    )
                )
    named = {id(action) for pair in annex_model(dossier).pairs for action in pair.actions}
    for action in dossier.planned:
        if id(action) not in named:
            note = "L’action ne dit pas de quelle fiche elle est."
            links.append(
                MoneyLink(
                    f"Action {action.number or 'sans numéro'}",
                    "part de l’État",
                    None,
                    action.euros,
                    note=note,
                )
            )
    planned = ledger.actions_sum(dossier)
    return ChainStep(
        "actions",
        "Annexe et actions de l’article sur le versement",
        "Part de l’État dans l’annexe",
        "Actions financées",
        links,
        amount=known_total(planned),
        lacks=planned.missing,
    )


def actions_and_heading(dossier: Dossier) -> ChainStep:
    actions, top = ledger.actions_sum(dossier), ledger.heading(dossier)
    state = ledger.announced(dossier).get(ledger.STATE)
    links = []
    if dossier.planned or top is not None:
        links.append(
            link_of_sums(
                "Somme des actions et montant du titre", "part de l’État", actions, additions.sum_of([top])
            )
        )
    if state is not None:
        links.append(MoneyLink("Part de l’État du texte et montant du titre", "part de l’État", state, top))
    return ChainStep(
        "heading",
        "Actions et montant du titre",
        "Somme des actions",
        "Montant en tête de la convention",
        links,
        amount=top,
    )


def grand_total(dossier: Dossier) -> additions.Amounts:
    """The total of the annexes: the line that says it, else its families, else its tables, else its lines."""
    for kinds in ((LineKind.GRAND_TOTAL,), (LineKind.FAMILY_TOTAL,), (LineKind.TOTAL,)):
        lines = [line for annex in dossier.annexes for line in annex.lines if line.kind in kinds]
        if lines:
            break
    else:
        lines = list(ledger.annex_lines(dossier))
    whole: additions.Amounts = {}
    for line in lines:
        for share, amount in ledger.amounts_of_line(line, dossier).items():
            whole[share] = additions.plus(whole.get(share), amount)
    return whole
