"""The chain of the money of a convention: from its sheets to its payments, each link right or with its gap. Pure.

sheets → lines of the annex → its sub-totals → its total → actions of the article on payment → heading → deliberation →
accounting lines → payments. Nothing is corrected here, and an amount that nobody said is unknown, never 0.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from jalons.conventions import ledger
from jalons.conventions.dossier import TOTAL, DeliberationContent, Dossier, Sheet, TableContent
from jalons.conventions.enums import LineKind
from jalons.conventions.models import AnnexLine, Payment
from jalons.conventions.models.text import euros
from jalons.core.values import Number, exact, fold, format_euros, french_spaces, join_and, plural
from jalons.core.values.numbers import add

ROUNDING = 1  # euro a share: above, it is no rounding any more
# Above this many different sums the search for whole sheets stops, and says so.
MOST_SUMS = 200_000


class LinkState(StrEnum):
    """In the order of what to look at first."""

    GAP = "gap"
    ROUNDING = "rounding"
    UNKNOWN = "unknown"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Link:
    """Two amounts that must be the same. `where` in words; `share` in words (« part de l’État »); `sheet`: its key.

    `gap`: expected minus found, None when one of them is unknown. `note`: why it cannot be compared, or what the gap is.
    """

    where: str
    share: str = ""
    expected: Number | None = None
    found: Number | None = None
    sheet: str = ""
    note: str = ""
    forced: LinkState | None = None

    @property
    def gap(self) -> Decimal | None:
        if self.expected is None or self.found is None:
            return None
        return Decimal(self.expected) - Decimal(self.found)

    @property
    def state(self) -> LinkState:
        if self.forced is not None:
            return self.forced
        gap = self.gap
        if gap is None:
            return LinkState.UNKNOWN
        if not gap:
            return LinkState.RIGHT
        return LinkState.ROUNDING if abs(gap) <= ROUNDING else LinkState.GAP


@dataclass(frozen=True, slots=True)
class Step:
    """A link of the chain: between `left` and `right`, every amount that must be the same."""

    key: str
    title: str
    left: str
    right: str
    links: Sequence[Link]
    notes: Sequence[str] = ()
    amount: Number | None = None  # what stands at the end of this step, for the State

    @property
    def state(self) -> LinkState:
        """The worst of its links; unknown without any."""
        found = {link.state for link in self.links}
        return next((each for each in LinkState if each in found), LinkState.UNKNOWN)

    def count(self, state: LinkState) -> int:
        return sum(link.state == state for link in self.links)


@dataclass(frozen=True, slots=True)
class Chain:
    steps: Sequence[Step]
    equations: Sequence[str] = field(default_factory=tuple)

    def step(self, key: str) -> Step:
        return next(step for step in self.steps if step.key == key)

    @property
    def links(self) -> list[Link]:
        return [link for step in self.steps for link in step.links]

    @property
    def gaps(self) -> list[Link]:
        return [link for link in self.links if link.state in (LinkState.GAP, LinkState.ROUNDING)]

    @property
    def is_right(self) -> bool:
        return bool(self.links) and all(link.state == LinkState.RIGHT for link in self.links)


def chain(dossier: Dossier, payments: Iterable[Payment] = (), *, elsewhere: Collection[str] = ()) -> Chain:
    """The whole chain. `elsewhere`: numbers of the sheets of another Département, which the reader does not see."""
    steps = [
        inside_sheets(dossier),
        sheets_and_annex(dossier, frozenset(elsewhere)),
        inside_annex(dossier),
        annex_and_text(dossier),
        annex_and_actions(dossier, frozenset(elsewhere)),
        actions_and_heading(dossier),
        heading_and_vote(dossier),
        vote_and_accounts(dossier),
        state_and_payments(dossier, list(payments)),
    ]
    return Chain(steps, equations(dossier))


# --- 1. inside the sheets -----------------------------------------------------------------------------------------


def inside_sheets(dossier: Dossier) -> Step:
    links = [link for sheet in dossier.mothers for link in of_sheet(sheet, dossier)]
    amount = ledger.total_of(ledger.amounts_of(sheet, dossier).get(ledger.STATE) for sheet in dossier.mothers)
    return Step(
        "sheets",
        "Dans chaque fiche",
        "Parts, sous-budgets et thèmes",
        "Budget de la fiche",
        links,
        amount=amount,
    )


def of_sheet(sheet: Sheet, dossier: Dossier) -> Iterator[Link]:
    """Its parts make its total; its sub-budgets and its themes too, or the remainder is said."""
    words, key = sheet.commitment.number_words, sheet.key
    rows = ledger.budget_of(sheet, dossier)
    if not rows:
        note = "La fiche n’a pas de budget pour l’année."
        yield Link(f"{words}, budget", sheet=key, note=note, forced=LinkState.UNKNOWN)
    for row in rows:
        parts = ledger.total_of(row.euros(part) for part in row.parts)
        printed = row.euros(TOTAL)
        if parts is None and row.parts and printed == 0:
            parts = 0  # dashes everywhere: nobody brings anything
        where = f"{words}, {row.line.label}" if len(rows) > 1 and row.line.label else f"{words}, budget"
        yield Link(where, "parts et total", parts, printed, key)
    whole = ledger.whole_of(ledger.amounts_of(sheet, dossier))
    tops = [each for each in sheet.sub_budgets if each.parent is None]
    if tops:
        parts = ledger.total_of(None if each.amount is None else exact(each.amount) for each in tops)
        yield Link(f"{words}, sous-budgets", "", whole, parts, key, remainder(whole, parts))
    themes = dossier.themes(sheet)
    if themes:
        amounts = [ledger.whole_of(ledger.amounts_of(each, dossier)) for each in themes]
        told = ledger.total_of(amounts)
        note = remainder(whole, told)
        lacking = [each for each, amount in zip(themes, amounts, strict=True) if amount is None]
        if lacking:
            names = join_and([f"« {each.commitment.title or each.key} »" for each in lacking])
            note = french_spaces(f"{note} Sans budget : {names}.".strip())
        yield Link(f"{words}, thèmes", "", whole, told, key, note)


def remainder(whole: Number | None, parts: Number | None) -> str:
    """« Reste non réparti : 1 288 238 € »."""
    if whole is None or parts is None:
        return ""
    gap = Decimal(whole) - Decimal(parts)
    if gap > 0:
        return french_spaces(f"Reste non réparti : {format_euros(gap)}.")
    return french_spaces(f"Réparti en trop : {format_euros(-gap)}.") if gap else ""


# --- 2. sheets and lines of the annex -----------------------------------------------------------------------------


def sheets_and_annex(dossier: Dossier, elsewhere: frozenset[str]) -> Step:
    links: list[Link] = []
    told: set[str] = set()
    for sheet in dossier.mothers:
        for number in map(str, sheet.commitment.numbers):
            told.add(number)
            links += of_number(number, sheet, dossier)
    for line in ledger.annex_lines(dossier):
        if line.number and line.number not in told and line.number not in elsewhere:
            note = "L’annexe porte cette fiche, qui n’a pas de page."
            amount = ledger.amounts_of_line(line, dossier).get(TOTAL)
            links.append(Link(line_words(line), "total", None, amount, note=note, forced=LinkState.UNKNOWN))
    notes = []
    if elsewhere:
        notes.append("Les fiches des autres Départements ne sont pas comparées ici.")
    amount = ledger.total_of(
        ledger.amounts_of_line(line, dossier).get(ledger.STATE) for line in ledger.annex_lines(dossier)
    )
    return Step(
        "annex_lines", "Fiches et annexe financière", "Fiches", "Lignes de l’annexe", links, notes, amount
    )


def of_number(number: str, sheet: Sheet, dossier: Dossier) -> Iterator[Link]:
    """What the sheet brings under one of its numbers, and what the annex says of it, by share."""
    words = f"Fiche {number}"
    lines = ledger.lines_of_number(number, dossier)
    if not lines:
        if dossier.annexes:
            note = "L’annexe financière n’a pas de ligne pour cette fiche."
            yield Link(words, sheet=sheet.key, note=note, forced=LinkState.UNKNOWN)
        return
    budget = ledger.amounts_of(sheet, dossier, number)
    printed: ledger.Amounts = {}
    for line in lines:
        for share, amount in ledger.amounts_of_line(line, dossier).items():
            printed[share] = ledger.plus(printed.get(share), amount)
    if not budget:
        whole = printed.get(TOTAL)
        note = "La fiche n’a pas de budget, l’annexe si." if whole is not None else "Aucun montant."
        yield Link(words, "total", None, whole, sheet.key, note)
        return
    for share in ordered({**budget, **printed}):
        left, right = budget.get(share), printed.get(share)
        if (left or 0) == 0 and (right or 0) == 0 and share in budget and share in printed:
            left = right = 0  # a dash and « 0 € » both bring nothing
        yield Link(words, ledger.share_words(share, dossier), left, right, sheet.key)


def ordered(shares: Iterable[str]) -> list[str]:
    """State, Départements, others, total."""
    return sorted(
        shares,
        key=lambda each: (each == TOTAL, each != ledger.STATE, not each.startswith(ledger.COUNCIL), each),
    )


def line_words(line: AnnexLine) -> str:
    label = line.label[:90] + ("…" if len(line.label) > 90 else "")
    return label or (f"Fiche {line.number}" if line.number else "Ligne sans intitulé")


# --- 3. inside the annex ------------------------------------------------------------------------------------------


@dataclass
class Running:
    """What the lines read so far add up to, by share. An unknown amount makes its share unknown."""

    amounts: dict[str, Number] = field(default_factory=dict)
    lines: int = 0

    def add(self, amounts: ledger.Amounts) -> None:
        self.lines += 1
        for share, amount in amounts.items():
            if amount is not None:
                self.amounts[share] = add(self.amounts.get(share, 0), amount)


def inside_annex(dossier: Dossier) -> Step:
    links: list[Link] = []
    for annex in dossier.annexes:
        totals: list[tuple[TableContent, AnnexLine]] = []
        for table in annex.tables:
            links += lines_own_sums(table, dossier)
            links += of_table(table, dossier, totals)
        links += of_recap(annex.tables, totals, dossier)
    whole = grand_total(dossier)
    return Step(
        "annex_sums",
        "Dans l’annexe financière",
        "Lignes",
        "Sous-totaux et totaux",
        links,
        amount=whole.get(ledger.STATE),
    )


def lines_own_sums(table: TableContent, dossier: Dossier) -> Iterator[Link]:
    """The shares of a line make its total; those that do are told together."""
    right = 0
    for line in table.lines:
        amounts = ledger.amounts_of_line(line, dossier)
        parts = ledger.total_of(ledger.shares_without_total(amounts).values())
        link = Link(line_words(line), "parts et total", parts, amounts.get(TOTAL))
        if link.state == LinkState.RIGHT:
            right += 1
        elif parts is not None and amounts.get(TOTAL) is not None:
            yield link
    if right:
        count = f"{right} {plural(right, 'ligne', 'lignes')}"
        yield Link(
            f"{table_words(table)}, {count}",
            "parts et total",
            note="Chaque total est la somme de ses parts.",
            forced=LinkState.RIGHT,
        )


def of_table(
    table: TableContent, dossier: Dossier, totals: list[tuple[TableContent, AnnexLine]]
) -> Iterator[Link]:
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
) -> Iterator[Link]:
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


def compared(where: str, expected: Running, found: ledger.Amounts, dossier: Dossier) -> Iterator[Link]:
    for share in ordered({**expected.amounts, **found}):
        left, right = expected.amounts.get(share), found.get(share)
        if left is None and right is None:
            continue
        yield Link(where, ledger.share_words(share, dossier), left, right)


def table_words(table: TableContent) -> str:
    return table.table.title or table.table.key or "Tableau"


def grand_total(dossier: Dossier) -> ledger.Amounts:
    """The total of the annexes: the line that says it, else its families, else its tables, else its lines."""
    for kinds in ((LineKind.GRAND_TOTAL,), (LineKind.FAMILY_TOTAL,), (LineKind.TOTAL,)):
        lines = [line for annex in dossier.annexes for line in annex.lines if line.kind in kinds]
        if lines:
            break
    else:
        lines = list(ledger.annex_lines(dossier))
    whole: ledger.Amounts = {}
    for line in lines:
        for share, amount in ledger.amounts_of_line(line, dossier).items():
            whole[share] = ledger.plus(whole.get(share), amount)
    return whole


# --- 4, 5, 6. the annex, the article on payment, the heading ------------------------------------------------------


def annex_and_text(dossier: Dossier) -> Step:
    """The total of the annex is what the text announces."""
    printed, said = grand_total(dossier), ledger.announced(dossier)
    links = [
        Link(
            "Montants annoncés par la convention",
            ledger.share_words(share, dossier),
            printed.get(share),
            said.get(share),
        )
        for share in ordered({**printed, **said})
        if printed.get(share) is not None or said.get(share) is not None
    ]
    return Step(
        "announced",
        "Annexe et montants du texte",
        "Total de l’annexe",
        "Montants du texte",
        links,
        amount=said.get(ledger.STATE),
    )


def annex_and_actions(dossier: Dossier, elsewhere: frozenset[str]) -> Step:
    """Each action of the article on payment is the State's share of its line; each share has its action."""
    links: list[Link] = []
    told: set[str] = set()
    for action in dossier.planned:
        number = action.sheet_number or number_by_key(action.sheet_key, dossier)
        told.add(number)
        lines = ledger.lines_of_number(number, dossier) if number else []
        state = ledger.total_of(ledger.amounts_of_line(line, dossier).get(ledger.STATE) for line in lines)
        if not lines and number in elsewhere:
            continue
        where = f"Action {action.number or 'sans numéro'}" + (f", fiche {number}" if number else "")
        note = "" if number else "L’action ne dit pas de quelle fiche elle est."
        links.append(Link(where, "part de l’État", state, action.euros, action.sheet_key, note))
    if dossier.planned:
        for line in ledger.annex_lines(dossier):
            state = ledger.amounts_of_line(line, dossier).get(ledger.STATE)
            if line.number and line.number not in told and state:
                note = "Aucune action du texte ne porte ce montant."
                links.append(
                    Link(line_words(line), "part de l’État", state, None, note=note, forced=LinkState.GAP)
                )
    return Step(
        "actions",
        "Annexe et actions de l’article sur le versement",
        "Part de l’État dans l’annexe",
        "Actions financées",
        links,
        amount=ledger.actions_total(dossier),
    )


def number_by_key(key: str, dossier: Dossier) -> str:
    """The number of a sheet named by its key, when it has one only."""
    sheet = dossier.by_key.get(key)
    numbers = sheet.commitment.numbers if sheet else []
    return str(numbers[0]) if len(numbers) == 1 else ""


def actions_and_heading(dossier: Dossier) -> Step:
    actions, top = ledger.actions_total(dossier), ledger.heading(dossier)
    state = ledger.announced(dossier).get(ledger.STATE)
    links = []
    if dossier.planned or top is not None:
        links.append(Link("Somme des actions et montant du titre", "part de l’État", actions, top))
    if state is not None:
        links.append(Link("Part de l’État du texte et montant du titre", "part de l’État", state, top))
    return Step(
        "heading",
        "Actions et montant du titre",
        "Somme des actions",
        "Montant en tête de la convention",
        links,
        amount=top,
    )


# --- 7, 8, 9. the vote, the accounts, the payments ----------------------------------------------------------------


def heading_and_vote(dossier: Dossier) -> Step:
    top, slug = ledger.heading(dossier), dossier.convention.slug
    if top is None:
        top = ledger.announced(dossier).get(ledger.STATE)
    links, notes = [], []
    for votes, expected in by_aim(dossier, top):
        numbers = join_and([content.deliberation.number for content in votes])
        word = plural(len(votes), "Délibération", "Délibérations")
        links.append(Link(f"{word} {numbers}", "montant autorisé", expected, authorised_by(votes, slug)))
    for content in dossier.deliberations:
        for amount in content.amounts:
            if amount.convention_key and amount.convention_key != slug:
                said = format_euros(amount.euros) if amount.euros is not None else "un montant inconnu"
                sentence = f"La délibération {content.deliberation.number} autorise aussi {said} pour « {amount.convention_key} »."
                notes.append(french_spaces(sentence))
    allowed = ledger.authorised(dossier) if len(links) < 2 else None
    return Step(
        "vote",
        "Titre et délibération",
        "Montant du titre",
        "Montant autorisé par le vote",
        links,
        notes,
        allowed,
    )


def by_aim(dossier: Dossier, top: Number | None) -> list[tuple[list[DeliberationContent], Number | None]]:
    """The votes and what they should allow: each the whole, or its Département's part of it, or all of them together."""
    votes, slug = dossier.deliberations, dossier.convention.slug
    if len(votes) < 2:
        parts = [split_for(content, dossier) for content in votes]
        allowed = [authorised_by([content], slug) for content in votes]
        own = parts[0] if parts and allowed[0] is not None and allowed[0] == parts[0] else top
        return [([content], own) for content in votes]
    together = authorised_by(votes, slug)
    if top is not None and together == top:
        return [(list(votes), top)]
    found = []
    for content in votes:
        part = split_for(content, dossier)
        allowed_here = authorised_by([content], slug)
        found.append(([content], part if part is not None and part == allowed_here else top))
    return found


def authorised_by(votes: Iterable[DeliberationContent], slug: str) -> Number | None:
    return ledger.total_of(
        amount.euros for content in votes for amount in content.amounts if amount.convention_key == slug
    )


def split_for(content: DeliberationContent, dossier: Dossier) -> Number | None:
    party = content.deliberation.party
    words = party.name if party else content.deliberation.assembly
    return next((amount for name, amount in split(dossier) if same_place(name, words)), None)


def split(dossier: Dossier) -> list[tuple[str, Number]]:
    """How the State's share is split between Départements, when the text says it."""
    told = dossier.convention.amounts.get("split_part_etat")
    found = []
    for each in told if isinstance(told, list) else []:
        amount = euros(each)
        if amount is not None:
            found.append((str(each.get("party") or ""), amount))
    return found


def same_place(left: str, right: str) -> bool:
    """« Département du Nord » and « Le Département du Nord »: the same words, articles aside."""
    plain = {"le", "la", "l", "les", "du", "de", "des", "departement", "conseil", "departemental"}
    first, second = (
        set(fold(text).replace("-", " ").replace("'", " ").split()) - plain for text in (left, right)
    )
    return bool(first) and first == second


def vote_and_accounts(dossier: Dossier) -> Step:
    """The accounting lines add up to what was authorised; each one is a set of whole sheets, or is not explained."""
    links: list[Link] = []
    whole: Number | None = None
    pieces = amounts_to_choose(dossier)
    for content in dossier.deliberations:
        if not content.lines:
            continue
        number = content.deliberation.number
        proposed = ledger.total_of(line.proposed for line in content.lines)
        whole = ledger.plus(whole, proposed)
        allowed = ledger.total_of(amount.euros for amount in content.amounts)
        links.append(Link(f"Délibération {number}, somme des lignes", "montant autorisé", allowed, proposed))
        others = [
            amount.euros
            for amount in content.amounts
            if amount.convention_key != dossier.convention.slug and amount.euros
        ]
        for place, line in enumerate(content.lines, 1):
            words = join_and([each for each in (line.operation, line.envelope) if each]) or f"ligne {place}"
            links.append(explained(f"Ligne {words}", line.proposed, [*pieces, *others]))
    return Step(
        "accounts",
        "Délibération et lignes comptables",
        "Montants autorisés",
        "Lignes comptables",
        links,
        amount=whole,
    )


def amounts_to_choose(dossier: Dossier) -> list[Number]:
    """The State's share of each line of the annex, else of each sheet."""
    lines = [ledger.amounts_of_line(line, dossier).get(ledger.STATE) for line in ledger.annex_lines(dossier)]
    found = lines or [ledger.amounts_of(sheet, dossier).get(ledger.STATE) for sheet in dossier.mothers]
    return [amount for amount in found if amount]


def explained(where: str, amount: Number | None, pieces: Sequence[Number]) -> Link:
    if amount is None:
        return Link(where, "", None, None, note="Aucun montant proposé.", forced=LinkState.UNKNOWN)
    answer = makes(amount, pieces)
    if answer is None:
        note = "Trop de fiches pour chercher lesquelles font ce montant."
        return Link(where, "", None, amount, note=note, forced=LinkState.UNKNOWN)
    if answer:
        note = "Des fiches entières font ce montant."
        return Link(where, "", amount, amount, note=note)
    note = "Aucun ensemble de fiches entières ne fait ce montant."
    return Link(where, "", None, amount, note=note, forced=LinkState.GAP)


def makes(amount: Number, pieces: Sequence[Number]) -> bool | None:
    """Do some of `pieces`, each taken once, add up to `amount`? None when there are too many sums to try."""
    target = Decimal(amount)
    sums = {Decimal(0)}
    for piece in sorted(map(Decimal, pieces), reverse=True):
        sums |= {told for each in sums if (told := each + piece) <= target}
        if target in sums:
            return True
        if len(sums) > MOST_SUMS:
            return None
    return False


def state_and_payments(dossier: Dossier, payments: Sequence[Payment]) -> Step:
    """What was paid, against the State's share; by Département when the share is split between several."""
    state = ledger.announced(dossier).get(ledger.STATE)
    if state is None:
        state = ledger.heading(dossier)
    by_party: dict[int | None, Number] = defaultdict(int)
    waiting = 0
    for payment in payments:
        if payment.paid_on:
            by_party[payment.party_id] = add(by_party[payment.party_id], exact(payment.amount))
        else:
            waiting += 1
    paid: Number | None = ledger.total_of(by_party.values())
    notes = []
    if waiting:
        words = plural(waiting, "versement n’est pas encore fait", "versements ne sont pas encore faits")
        notes.append(f"{waiting} {words}.")
    note = "" if payments else "Aucun versement n’est encore noté."
    names = {party.pk: party.name for party in dossier.parties}
    links = []
    parts = split(dossier) if any(key is not None for key in by_party) else []
    for name, amount in parts:
        own = ledger.total_of(
            told for key, told in by_party.items() if key is not None and same_place(names.get(key, ""), name)
        )
        if own is not None or not any(payment.party_id is None for payment in payments):
            links.append(Link(f"Versements à {name}", "part de l’État", amount, own))
    if not links:
        links = [Link("Versements faits", "part de l’État", state, paid, note=note)]
    return Step(
        "payments", "Part de l’État et versements", "Part de l’État", "Versements faits", links, notes, paid
    )


# --- the sums at the top ------------------------------------------------------------------------------------------


def equations(dossier: Dossier) -> list[str]:
    """« 13 197 804 € (part de l’État) + 13 517 040 € (part du Département) = 26 714 844 € »."""
    found = []
    whole = grand_total(dossier) or ledger.announced(dossier)
    shares = [share for share in ordered(whole) if share != TOTAL and whole[share] is not None]
    if len(shares) > 1 and whole.get(TOTAL) is not None:
        terms = [(whole[share], ledger.share_words(share, dossier)) for share in shares]
        found.append(equation(terms, whole[TOTAL], "total"))
    families = [
        (ledger.amounts_of_line(line, dossier).get(ledger.STATE), line.label)
        for annex in dossier.annexes
        for line in annex.lines
        if line.kind == LineKind.FAMILY_TOTAL
    ]
    state = whole.get(ledger.STATE)
    if len(families) > 1 and state is not None and all(amount is not None for amount, _ in families):
        found.append(equation(families, state, "part de l’État"))
    return found


def equation(terms: Sequence[tuple[Number | None, str]], whole: Number | None, word: str) -> str:
    added = ledger.total_of(amount for amount, _ in terms)
    sign = "=" if added == whole else "≠"
    left = " + ".join(f"{format_euros(amount)} ({label})" for amount, label in terms if amount is not None)
    return french_spaces(f"{left} {sign} {format_euros(whole)} ({word})") if whole is not None else left
