"""From the sheets to the vote: the article on payment, the heading, the amounts announced and authorised."""

from collections.abc import Iterator

from jalons.conventions.alerts.engine import Finding, euros_gap, rule
from jalons.conventions.alerts.rules.annex import annex_total
from jalons.conventions.alerts.rules.money import known_amounts, number_words
from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.annex_model import Pair, line_amounts, pairs, sheet_amounts
from jalons.conventions.dossier.content import TOTAL, DeliberationContent, Dossier
from jalons.conventions.dossier.owners import same_council
from jalons.conventions.dossier.places import place
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import AuthorisedAmount
from jalons.conventions.models.printed import as_dict, as_list, euros
from jalons.core.values import Number, fold, format_euros, join_and

MONEY = AlertScope.MONEY


def article_words(dossier: Dossier) -> str:
    """« Article 4 », the one on payment; in words when it bears no title that says so."""
    for article in dossier.articles:
        if "versement" in fold(article.title) and article.number:
            return f"Article {article.number}"
    return "Actions financées"


@rule(
    "action_annex",
    AlertLevel.ERROR,
    MONEY,
    "Une action de l’article sur le versement est la part de l’État dans l’annexe.",
)
def action_annex(dossier: Dossier) -> Iterator[Finding]:
    for pair in pairs(dossier):
        total = additions.total_of(action.euros for action in pair.actions)
        if total is None:
            continue
        numbers = join_and([action.number for action in pair.actions if action.number])
        where = place(
            article_words(dossier), f"action {numbers}" if numbers else "", number_words(pair, dossier)
        )
        for source, amounts in (
            ("de l’annexe", line_amounts(pair, dossier)),
            ("de la fiche", sheet_amounts(pair, dossier)),
        ):
            expected = amounts.get(ledger.STATE)
            if expected is not None and expected != total:
                yield from euros_gap(
                    where,
                    expected,
                    total,
                    f"Le montant de l’action n’est pas la part de l’État {source}",
                    tolerance=max(1, len(pair.actions)),
                    sheet=pair.sheet.key if pair.sheet is not None else "",
                )
                break


@rule(
    "action_missing",
    AlertLevel.WARNING,
    MONEY,
    "Ce que l’État finance figure dans l’article sur le versement.",
)
def action_missing(dossier: Dossier) -> Iterator[Finding]:
    if not any(action.euros for action in dossier.planned):
        return
    for pair in pairs(dossier):
        amount = known_amounts(pair, dossier).get(ledger.STATE)
        if amount and not pair.actions:
            yield Finding(
                place(article_words(dossier), number_words(pair, dossier)),
                f"L’État apporte {format_euros(amount)} à cette fiche, qu’aucune action de l’article ne reprend.",
                format_euros(amount),
                "aucune action",
                sheet=pair.sheet.key if pair.sheet is not None else "",
            )


def sheets_total(dossier: Dossier, pairs: list[Pair]) -> additions.Amounts:
    """What the sheets bring in all, by share; the annex stands in for a sheet without budget.

    A share that some number leaves unknown is left out, and all of them when an action has no sheet here.
    """
    if any(not action.sheet_key for action in dossier.listed):
        return {}
    amounts_by_pair = [known_amounts(pair, dossier) for pair in pairs]
    if any(not amounts for amounts in amounts_by_pair):
        return {}
    shares = dict.fromkeys(share for amounts in amounts_by_pair for share in amounts)
    return {share: additions.total_of(amounts.get(share) for amounts in amounts_by_pair) for share in shares}


def state_announced(dossier: Dossier) -> Number | None:
    """The State's part: as announced, else as printed at the head, else the sum of the actions."""
    for amount in (ledger.announced(dossier).get(ledger.STATE), ledger.heading(dossier)):
        if amount is not None:
            return amount
    return ledger.actions_total(dossier)


@rule("actions_total", AlertLevel.ERROR, MONEY, "Les actions financées font la part de l’État.")
def actions_total(dossier: Dossier) -> Iterator[Finding]:
    expected, total = state_announced(dossier), ledger.actions_total(dossier)
    if expected is not None and total is not None:
        yield from euros_gap(
            place(article_words(dossier), "somme des actions"),
            expected,
            total,
            "Les actions de l’article ne font pas la part de l’État annoncée",
            tolerance=max(1, len(dossier.planned)),
        )


@rule("heading_amount", AlertLevel.ERROR, MONEY, "Le montant de l’en-tête est celui de la convention.")
def heading_amount(dossier: Dossier) -> Iterator[Finding]:
    """Against what is announced; when it agrees, against what the sheets bring."""
    printed, announced = ledger.heading(dossier), ledger.announced(dossier)
    if printed is None:
        return
    expected = announced.get(ledger.STATE)
    if printed in split_amounts(dossier):
        return  # the heading is that of one of the beneficiaries
    if expected is not None and printed not in (expected, announced.get(TOTAL)):
        yield from euros_gap(
            "En-tête de la convention", expected, printed, "Le montant de l’en-tête n’est pas celui annoncé"
        )
        return
    known = pairs(dossier)
    share = TOTAL if printed == announced.get(TOTAL) and printed != expected else ledger.STATE
    of_sheets = sheets_total(dossier, known).get(share)
    if of_sheets is not None:
        yield from euros_gap(
            "En-tête de la convention",
            of_sheets,
            printed,
            "Le montant de l’en-tête n’est pas ce que font les fiches",
            tolerance=len(known),
        )


@rule("announced_amounts", AlertLevel.ERROR, MONEY, "Le montant global est la somme des parts annoncées.")
def announced_amounts(dossier: Dossier) -> Iterator[Finding]:
    announced = ledger.announced(dossier)
    parts = additions.shares_without_total(announced)
    whole, printed = additions.total_of(parts.values()), announced.get(TOTAL)
    if printed is not None and whole is not None and (len(parts) > 1 or whole > printed):
        yield from euros_gap(
            "Montants de la convention",
            whole,
            printed,
            "Le montant global n’est pas la somme des parts",
            tolerance=max(1, len(parts) - 1),
        )
    splits = split_amounts(dossier)
    shared, state = additions.total_of(splits), announced.get(ledger.STATE)
    # A beneficiary of which nobody said the amount may bring what is missing.
    if shared is not None and state is not None and None not in splits:
        yield from euros_gap(
            "Répartition de la part de l’État",
            state,
            shared,
            "Ce qui revient à chaque bénéficiaire ne fait pas la part de l’État",
            tolerance=max(1, len(splits)),
        )


def split_amounts(dossier: Dossier) -> list[Number | None]:
    return [share.euros for share in dossier.convention.shares_of_state]


@rule("annex_announced", AlertLevel.ERROR, MONEY, "Les annexes font les montants de la convention.")
def annex_announced(dossier: Dossier) -> Iterator[Finding]:
    announced = ledger.announced(dossier)
    printed, lines = annex_total(dossier)
    for share, expected in announced.items():
        total = printed.get(share)
        if expected is not None and total is not None:
            yield from euros_gap(
                place("Total des annexes", ledger.share_words(share, dossier)),
                expected,
                total,
                "Le total des annexes n’est pas le montant annoncé par la convention",
                tolerance=lines,
            )


@rule("sheets_announced", AlertLevel.ERROR, MONEY, "Les fiches font les montants de la convention.")
def sheets_announced(dossier: Dossier) -> Iterator[Finding]:
    announced, known = ledger.announced(dossier), pairs(dossier)
    whole = sheets_total(dossier, known)
    for share, expected in announced.items():
        total = whole.get(share)
        if expected is not None and total is not None:
            yield from euros_gap(
                place("Ensemble des fiches", ledger.share_words(share, dossier)),
                expected,
                total,
                "Les fiches ne font pas le montant annoncé par la convention",
                tolerance=len(known),
            )


@rule(
    "authorised_amount",
    AlertLevel.ERROR,
    AlertScope.DELIBERATION,
    "La délibération autorise le montant de la convention.",
)
def authorised_amount(dossier: Dossier) -> Iterator[Finding]:
    """A deliberation of one Département may allow its split alone; several may make the whole together."""
    slug = dossier.convention.slug
    mine = [
        (content, amount)
        for content in dossier.deliberations
        for amount in content.amounts
        if amount.convention_key == slug and amount.euros is not None
    ]
    together = additions.total_of(amount.euros for _, amount in mine)
    known = pairs(dossier)
    whole = sheets_total(dossier, known)
    for content, amount in mine:
        share = share_of_assembly(amount, content, dossier)
        announced = (
            state_announced(dossier) if share == ledger.STATE else ledger.announced(dossier).get(share)
        )
        # How the State's share is split says nothing of what a Département brings.
        splits = [] if share.startswith(ledger.COUNCIL) else split_amounts(dossier)
        allowed = {announced, *splits} - {None}
        if not allowed or amount.euros is None:
            continue
        where = place(f"Délibération {content.deliberation.number}", "montant autorisé")
        if amount.euros not in allowed and together not in allowed:
            expected = (own_split(content, dossier) if splits else None) or announced
            yield from euros_gap(
                where, expected or 0, amount.euros, "Le montant autorisé n’est pas celui de la convention"
            )
        elif amount.euros == announced and whole.get(share) is not None:
            yield from euros_gap(
                where,
                whole[share] or 0,
                amount.euros,
                "Le montant autorisé n’est pas ce que font les fiches",
                tolerance=len(known),
            )


def share_of_assembly(amount: AuthorisedAmount, content: DeliberationContent, dossier: Dossier) -> str:
    """The share that an amount is of; with several Départements, each assembly speaks of its own."""
    share = share_meant(amount)
    signing = ledger.councils(dossier)
    if share != ledger.COUNCIL or len(signing) < 2:
        return share
    own = content.deliberation.party or next(
        (party for party in signing if same_council(party.name, content.deliberation.assembly)), None
    )
    code = own.departement_id if own is not None else None
    return f"{ledger.COUNCIL}:{code}" if code else share


def share_meant(amount: AuthorisedAmount) -> str:
    """Whose share the assembly speaks of; the State's when it does not say."""
    words = fold(amount.meaning)
    if "etat" in words.split() or not words:
        return ledger.STATE
    if "departement" in words:
        return ledger.COUNCIL
    return TOTAL if "global" in words or "total" in words else ledger.STATE


def own_split(content: DeliberationContent, dossier: Dossier) -> Number | None:
    """What comes to the Département of this assembly."""
    assembly = fold(content.deliberation.assembly).removeprefix("conseil departemental").strip()
    name = (
        assembly.removeprefix("de la ").removeprefix("des ").removeprefix("du ").removeprefix("de ").strip()
    )
    for split in as_list(dossier.convention.amounts.get("split_part_etat")):
        if name and name in fold(str(as_dict(split).get("party") or "")):
            return euros(split)
    return None
