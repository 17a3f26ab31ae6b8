"""« VUE D’ENSEMBLE DU BUDGET » as a page shows it: printed amounts, computed totals, gaps, what nobody allotted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jalons.conventions.dossier.content import TOTAL, BudgetRow, Dossier, Sheet
from jalons.conventions.dossier.ledger import is_quoted_cost, of_the_year, share_of, share_words
from jalons.conventions.enums import Stage
from jalons.conventions.models import BudgetAmount, SubBudget
from jalons.core.values import Number, Sum, Value, exact, fold, format_euros
from jalons.core.values import total as sum_of
from jalons.core.values.numbers import add

LABEL, TOTAL_WORDS, NOTES = "BUDGET", "TOTAL", "NOTES"
SHARE = re.compile(r"part_(?:cd|departement|dept|dep)?_?(\d[\dab]\d?)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BudgetAmountView:
    """An amount as printed. `text` in French figures, `raw` verbatim when it is no figure, `is_known` False: unsaid."""

    text: str
    is_known: bool
    euros: Number | None = None


@dataclass(frozen=True, slots=True)
class BudgetLineView:
    label: str
    number: str
    nature: str
    notes: str
    printed: BudgetAmountView
    amounts: Sequence[BudgetAmountView]
    computed: str = ""  # only when it differs from what is printed, or when nothing is
    gap: str = ""
    past: bool = False  # of another year than the convention


@dataclass(frozen=True, slots=True)
class SubBudgetView:
    """`rest`: what its own parts leave."""

    label: str
    text: str
    depth: int
    is_rest: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class BudgetView:
    headers: Sequence[str]  # label, total, one each funder, notes
    lines: Sequence[BudgetLineView]
    sums: Sequence[str]  # total then one each funder, when several lines are of the year
    parts: Sequence[SubBudgetView] = ()
    rest: str = ""
    rest_over: bool = False
    whole: str = ""


@dataclass(frozen=True, slots=True)
class ThemeView:
    label: str
    url: str
    text: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class ThemesView:
    rows: Sequence[ThemeView] = field(default=())
    total: str = ""
    whole: str = ""
    rest: str = ""
    rest_over: bool = False


def amount_of(amount: BudgetAmount | None) -> BudgetAmountView:
    if amount is None:
        return BudgetAmountView("", False)
    if amount.euros is not None:
        return BudgetAmountView(format_euros(amount.euros), True, amount.euros)
    raw = amount.raw.strip()
    return BudgetAmountView("–" if raw in ("-", "–", "—", "") else raw, True)


def funders(sheet: Sheet, dossier: Dossier) -> list[str]:
    """The keys of its funders: the State, the Départements, then the others in their order."""
    parts = list(dict.fromkeys(part for row in sheet.budget for part in row.parts))
    ranks = {"etat": 0, "departement": 1}

    def rank(part: str) -> tuple[int, str]:
        share = share_of(part, dossier, sheet)
        order = ranks.get(share.partition(":")[0], 2)
        return order, part

    return sorted(parts, key=rank)


def headers_of(sheet: Sheet, dossier: Dossier, parts: Sequence[str]) -> list[str]:
    """The printed headers where they can be told apart; else words of ours."""
    printed = [header.strip() for header in filter(None, sheet.commitment.budget_headers)]
    left = list(printed[1:]) if printed else []
    label = (printed[0] if printed else "") or LABEL
    total = take(left, lambda words: words.startswith("total")) or TOTAL_WORDS
    notes = take(left, lambda words: words.startswith(("note", "observation", "commentaire"))) or NOTES
    named = {part: take(left, lambda words, part=part: names(words, part)) for part in parts}
    nameless = [part for part in parts if not named[part]]
    if len(nameless) == len(left):
        named |= dict(zip(nameless, left, strict=True))
    words = [named[part] or funder_words(part, sheet, dossier) for part in parts]
    return [label, total, *words, notes]


def take(left: list[str], fits: object) -> str:
    for header in left:
        if fits(fold(header)):  # type: ignore[operator]
            left.remove(header)
            return header
    return ""


def names(words: str, part: str) -> bool:
    """Does a folded header name this funder: « part cd 59 » for `part_cd59` and, without digits, `part_departement`?"""
    bare = words.removeprefix("part ").replace(" ", "")
    own = fold(part.removeprefix("part_").replace("_", " ")).replace(" ", "")
    if bare in (own, f"l{own}", f"de{own}", f"du{own}"):
        return True
    match = SHARE.fullmatch(part)
    council = re.fullmatch(r"(?:du)?(?:cd|departement|dept|dep)(\d[\dab]\d?)?", bare)
    if match is None or council is None or part == "part_etat":
        return False
    return not (match[1] and council[1]) or match[1] == council[1]


def funder_words(part: str, sheet: Sheet, dossier: Dossier) -> str:
    words = share_words(share_of(part, dossier, sheet), dossier)
    return words[:1].upper() + words[1:]


# --- the table -------------------------------------------------------------------------------------------------


def budget_view(sheet: Sheet, dossier: Dossier) -> BudgetView:
    parts = funders(sheet, dossier)
    own = [row for row in sheet.budget if of_the_year(row, dossier)]
    lines = [line_view(row, parts, row not in own) for row in sheet.budget]
    sums: list[str] = []
    if len(own) > 1:
        sums = [
            in_euros(total_known(row.amounts.get((name, Stage.PLANNED)) for row in own))
            for name in (TOTAL, *parts)
        ]
    whole = whole_of(sheet, dossier)
    tree, rest = sub_budgets(sheet.sub_budgets, whole)
    return BudgetView(
        headers_of(sheet, dossier, parts),
        lines,
        sums,
        tree,
        in_euros(rest) if rest is not None and tree else "",
        rest is not None and rest.total < 0,
        in_euros(whole),
    )


def line_view(row: BudgetRow, parts: Sequence[str], past: bool) -> BudgetLineView:
    printed = amount_of(row.amounts.get((TOTAL, Stage.PLANNED)))
    amounts = [amount_of(row.amounts.get((part, Stage.PLANNED))) for part in parts]
    known = [amount.euros for amount in amounts if amount.euros is not None]
    computed = gap = ""
    if known:
        whole = known[0]
        for euros in known[1:]:
            whole = add(whole, euros)
        if printed.euros is None:
            computed = format_euros(whole)
        elif whole != printed.euros:
            computed = format_euros(whole)
            gap = format_euros(abs(Decimal(whole) - Decimal(printed.euros)))
    line = row.line
    return BudgetLineView(
        line.label, line.number, line.nature, line.notes, printed, amounts, computed, gap, past
    )


def total_known(amounts: Iterable[BudgetAmount | None]) -> Sum:
    return sum_of(Value.empty() if amount is None else amount.value for amount in amounts)


def in_euros(amount: Sum | None) -> str:
    return "" if amount is None else amount.display(format_euros)


def whole_of(sheet: Sheet, dossier: Dossier) -> Sum | None:
    """The money of the sheet for the year: its printed totals, else the sum of its parts. None without any line."""
    own = [row for row in sheet.budget if of_the_year(row, dossier)]
    if not own:
        return None
    whole = Sum()
    for row in own:
        printed = row.amounts.get((TOTAL, Stage.PLANNED))
        if printed is not None and printed.euros is not None:
            whole += Sum(printed.euros, known=1)
        else:
            whole += total_known(row.amounts.get((part, Stage.PLANNED)) for part in row.parts)
    return whole


# --- what is allotted ------------------------------------------------------------------------------------------


def sub_budgets(records: Sequence[SubBudget], whole: Sum | None) -> tuple[list[SubBudgetView], Sum | None]:
    """The tree in its printed order, each node followed by its parts and by what they leave; and the rest of all."""
    views: list[SubBudgetView] = []

    def grow(nodes: Sequence[SubBudget], depth: int) -> None:
        for node in nodes:
            views.append(SubBudgetView(node.label or node.raw, sub_words(node), depth))
            parts = [part for part in records if part.parent is node]
            if not parts:
                continue
            grow(parts, depth + 1)
            rest = left(Sum(node.amount, known=1) if node.amount is not None else None, parts)
            if rest is not None and rest.total:
                views.append(
                    SubBudgetView("Reste non réparti", in_euros(rest), depth + 1, True, rest.total < 0)
                )

    roots = [root for root in records if root.parent is None]
    grow(roots, 0)
    sharing = [root for root in roots if not is_quoted_cost(root)]
    return views, left(whole, sharing) if sharing else None


def sub_words(node: SubBudget) -> str:
    return "" if node.amount is None else format_euros(exact(node.amount))


def left(whole: Sum | None, parts: Sequence[SubBudget]) -> Sum | None:
    """`whole` minus what is named; None when one of them is not known."""
    return rest_of(whole, [None if part.amount is None else part.amount for part in parts])


def rest_of(whole: Sum | None, parts: Sequence[Number | None]) -> Sum | None:
    if whole is None or not whole.is_complete or any(part is None for part in parts):
        return None
    rest = whole.total
    for part in parts:
        if part is not None:
            rest = add(rest, -part)
    return Sum(rest, known=1)


def themes_view(whole: Sum | None, themes: Sequence[tuple[str, str, Sum | None]]) -> ThemesView:
    """`themes`: label, address, money. What they leave of the money of their mother."""
    rows, together = [], Sum()
    for label, url, money in themes:
        is_known = money is not None and money.is_known
        rows.append(ThemeView(label, url, in_euros(money) if is_known else "", is_known))
        together += money if money is not None else Sum(empty=1)
    rest = rest_of(whole, [together.total]) if together.is_known else None
    return ThemesView(
        rows,
        in_euros(together) if together.is_known else "",
        in_euros(whole),
        in_euros(rest) if rest is not None and rest.total else "",
        rest is not None and rest.total < 0,
    )
