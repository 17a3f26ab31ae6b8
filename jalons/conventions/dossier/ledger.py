"""Reading the money of a dossier: whose share an amount is, and what a sheet, an annex or a text says of it. Pure.

A share is « total », « etat », « departement » (« departement:62 » when several Départements sign), or the rest of the
key of a part (« region » for `part_region`). An amount that nobody said is None, never 0.
"""

import re
from collections.abc import Iterator

from jalons.conventions.dossier.additions import Amounts, plus, shares_without_total, sum_of, total_of
from jalons.conventions.dossier.content import TOTAL, BudgetRow, Dossier, Sheet
from jalons.conventions.enums import LineKind, PartySide, Stage
from jalons.conventions.models import AnnexLine, Party, SubBudget
from jalons.conventions.models.printed import euros
from jalons.core.values import Number, Sum, fold

STATE, COUNCIL = "etat", "departement"
COUNCIL_KEY = re.compile(r"(?:cd|departement|dept|dep)[_ -]?(\d[\dab]\d?)?", re.IGNORECASE)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# What something costs, and what is shared out; folded.
COST = re.compile(
    r"\b(?:cout|prix|tarif|loyer|facture)s?\b"
    r"|\bpar (?:an|mois|jour|semaine|heure|seance|personne|place|jeune|enfant|famille|menage)\b|€ ?/"
)
SHARED_OUT = re.compile(r"\b(?:budget|enveloppe|credit|dotation|subvention|montant)s?\b")


def councils(dossier: Dossier) -> list[Party]:
    """The Départements that sign, one each whatever the number of their representatives."""
    party_by_departement: dict[str, Party] = {}
    for party in dossier.parties:
        if party.side == PartySide.DEPARTEMENT:
            party_by_departement.setdefault(party.departement_id or fold(party.name), party)
    return list(party_by_departement.values())


def share_of(part: str, dossier: Dossier, sheet: Sheet | None = None) -> str:
    """Whose share `part` is (« part_cd59 », « part_etat », « total »)."""
    name = part.removeprefix("part_").lower()
    if name in (TOTAL, STATE):
        return name
    match = COUNCIL_KEY.fullmatch(name)
    if match is None:
        return name
    if len(councils(dossier)) < 2:
        return COUNCIL
    code = match[1]
    if code is None and sheet is not None:
        code = sheet.departement
    return f"{COUNCIL}:{code.upper()}" if code else COUNCIL


def share_words(share: str, dossier: Dossier) -> str:
    """« part de l’État », « part du Département (62) », « total »."""
    if share == TOTAL:
        return "total"
    if share == STATE:
        return "part de l’État"
    if share.startswith(COUNCIL):
        code = share.partition(":")[2]
        return f"part du Département ({code})" if code else "part du Département"
    return f"part {share.replace('_', ' ')}"


def of_the_year(row: BudgetRow, dossier: Dossier) -> bool:
    """Is this line one of the convention's year, and not a reminder of the year before?"""
    if dossier.year is None:
        return True
    if row.line.year is not None:
        return row.line.year == dossier.year
    years = {int(year) for year in YEAR.findall(row.line.label)}
    return not years or dossier.year in years


def budget_of(sheet: Sheet, dossier: Dossier, number: object = None) -> list[BudgetRow]:
    """The lines of the year, for one number of a sheet that has several. None can be told apart: no line."""
    rows = [row for row in sheet.budget if of_the_year(row, dossier)]
    if number is None or len(sheet.commitment.numbers) < 2:
        return rows
    return [row for row in rows if row.line.number == str(number)]


def amounts_of(
    sheet: Sheet,
    dossier: Dossier,
    number: object = None,
    stage: str = Stage.PLANNED,
    *,
    whose: Sheet | None = None,
    names: Dossier | None = None,
) -> Amounts:
    """What a sheet brings for the year, by share, the printed total included. Empty when it has no budget.

    `whose`, `names`: the same sheet and convention where it is known whose they are.
    """
    whole: Amounts = {}
    for row in budget_of(sheet, dossier, number):
        for (part, of), amount in row.amounts.items():
            if of == stage:
                share = share_of(part, names or dossier, whose or sheet)
                whole[share] = plus(whole.get(share), amount.euros)
    return whole


def whole_of(amounts: Amounts) -> Number | None:
    """The computed total of the shares; the printed one when no share is said."""
    shares = shares_without_total(amounts)
    computed = total_of(shares.values())
    return amounts.get(TOTAL) if computed is None else computed


def share_sums(dossier: Dossier, names: Dossier | None = None) -> dict[str, Sum]:
    """What the sheets bring for the year, by share, and the whole (`total`). A sheet without budget is unknown in each.

    `names`: the convention of the base, which knows whose each sheet is; a frozen version does not.
    """
    names = names or dossier
    sum_by_share: dict[str, Sum] = {}
    whole, silent = Sum(), 0
    for sheet in dossier.mothers:
        amounts = amounts_of(sheet, dossier, whose=names.by_key.get(sheet.key, sheet), names=names)
        whole += sum_of([whole_of(amounts)])
        shares = shares_without_total(amounts)
        silent += not shares
        for share, amount in shares.items():
            # A dash beside other amounts brings nothing: it is no unknown.
            share_sum = (
                Sum(dash=1) if amount is None and total_of(amounts.values()) is not None else sum_of([amount])
            )
            sum_by_share[share] = sum_by_share.get(share, Sum()) + share_sum
    return {**{share: subtotal + Sum(empty=silent) for share, subtotal in sum_by_share.items()}, TOTAL: whole}


def annex_lines(dossier: Dossier) -> Iterator[AnnexLine]:
    """The lines that name a sheet, in every annex."""
    for annex in dossier.annexes:
        for line in annex.lines:
            if line.kind == LineKind.SHEET or (line.number and line.kind == LineKind.OTHER):
                yield line


def lines_of_number(number: object, dossier: Dossier) -> list[AnnexLine]:
    return [line for line in annex_lines(dossier) if line.number == str(number)]


def amounts_of_line(line: AnnexLine, dossier: Dossier) -> Amounts:
    """What a line of the annex says, by share."""
    whole: Amounts = {}
    for part, figure in line.figures.items():
        share = share_of(part, dossier)
        whole[share] = plus(whole.get(share), euros(figure))
    return whole


def heading(dossier: Dossier) -> Number | None:
    return euros(dossier.convention.heading_amount)


def announced(dossier: Dossier) -> Amounts:
    """What the article on payment announces: `total` (the whole), « etat », « departement »."""
    amounts = dossier.convention.amounts
    announced_amounts: Amounts = {}
    for name, figure in amounts.items():
        if name == "global":
            announced_amounts[TOTAL] = euros(figure)
        elif name.startswith("part_"):
            announced_amounts[share_of(name, dossier)] = euros(figure)
    return {share: amount for share, amount in announced_amounts.items() if amount is not None}


def authorised(dossier: Dossier) -> Number | None:
    """What the deliberations allow for this convention."""
    slug = dossier.convention.slug
    return total_of(
        amount.euros
        for content in dossier.deliberations
        for amount in content.amounts
        if amount.convention_key == slug
    )


def actions_total(dossier: Dossier) -> Number | None:
    """The sum of the actions of the article on payment of which the amount is known: see `actions_sum`."""
    return total_of(action.euros for action in dossier.planned)


def actions_sum(dossier: Dossier) -> Sum:
    return sum_of(action.euros for action in dossier.planned)


def authorised_sum(dossier: Dossier) -> Sum:
    slug = dossier.convention.slug
    return sum_of(
        amount.euros
        for content in dossier.deliberations
        for amount in content.amounts
        if amount.convention_key == slug
    )


def stated(dossier: Dossier) -> Amounts:
    """What the text states of the whole and of each share: the State's stands in the heading too."""
    amounts = announced(dossier)
    if STATE not in amounts and (amount := heading(dossier)) is not None:
        amounts[STATE] = amount
    return amounts


def sub_budgets_of(sheet: Sheet) -> list[SubBudget]:
    """Those that share out the budget of the sheet: not the « dont » of another, nor a cost that an action quotes."""
    return [
        sub_budget
        for sub_budget in sheet.sub_budgets
        if sub_budget.parent is None and not is_quoted_cost(sub_budget)
    ]


def is_quoted_cost(sub_budget: SubBudget) -> bool:
    """« 45 000 € par poste », « coût : 12 000 € »: what a thing costs, unless its words say that it is a budget."""
    return bool(COST.search(fold(f"{sub_budget.raw} {sub_budget.label}"))) and not SHARED_OUT.search(
        fold(sub_budget.raw)
    )
