"""The vote, the accounts, the payments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from jalons.conventions.alerts.rules.chain import state_announced
from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.content import DeliberationContent, Dossier
from jalons.conventions.dossier.owners import same_council
from jalons.conventions.models import Payment
from jalons.conventions.money.reconciliation.links import (
    ChainStep,
    MoneyLink,
    MoneyLinkState,
    known_total,
    link_of_sums,
)
from jalons.core.values import Number, Sum, exact, format_euros, french_spaces, join_and, plural
from jalons.core.values.numbers import add

# Above this many different sums the search for whole sheets stops, and says so.
MOST_SUMS = 200_000


def heading_and_vote(dossier: Dossier) -> ChainStep:
    top, slug = state_announced(dossier), dossier.convention.slug
    links, notes = [], []
    for votes, expected in by_aim(dossier, top):
        numbers = join_and([content.deliberation.number for content in votes])
        word = plural(len(votes), "Délibération", "Délibérations")
        links.append(MoneyLink(f"{word} {numbers}", "montant autorisé", expected, authorised_by(votes, slug)))
    for content in dossier.deliberations:
        for amount in content.amounts:
            if amount.convention_key and amount.convention_key != slug:
                allowed_words = (
                    format_euros(amount.euros) if amount.euros is not None else "un montant inconnu"
                )
                vote = f"La délibération {content.deliberation.number}"
                notes.append(
                    french_spaces(f"{vote} autorise aussi {allowed_words} pour « {amount.convention_key} ».")
                )
    allowed = ledger.authorised(dossier) if len(links) < 2 else None
    return ChainStep(
        "vote",
        "Part de l’État et délibération",
        "Part de l’État annoncée",
        "Montant autorisé par le vote",
        links,
        notes,
        allowed,
    )


def by_aim(dossier: Dossier, top: Number | None) -> list[tuple[list[DeliberationContent], Number | None]]:
    """The votes and what they should allow: the whole, the part of their Département, or the whole together."""
    votes, slug = dossier.deliberations, dossier.convention.slug
    if len(votes) < 2:
        parts = [split_for(content, dossier) for content in votes]
        allowed = [authorised_by([content], slug) for content in votes]
        own = parts[0] if parts and allowed[0] is not None and allowed[0] == parts[0] else top
        return [([content], own) for content in votes]
    together = authorised_by(votes, slug)
    if top is not None and together == top:
        return [(list(votes), top)]
    aims = []
    for content in votes:
        part = split_for(content, dossier)
        allowed_here = authorised_by([content], slug)
        aims.append(([content], part if part is not None and part == allowed_here else top))
    return aims


def authorised_by(votes: Iterable[DeliberationContent], slug: str) -> Number | None:
    return additions.total_of(
        amount.euros for content in votes for amount in content.amounts if amount.convention_key == slug
    )


def split_for(content: DeliberationContent, dossier: Dossier) -> Number | None:
    party = content.deliberation.party
    words = party.name if party else content.deliberation.assembly
    return next((amount for name, amount in split(dossier) if same_council(name, words)), None)


def split(dossier: Dossier) -> list[tuple[str, Number]]:
    """How the State's share is split between Départements, when the text says it."""
    shares = dossier.convention.shares_of_state
    return [(share.whose, share.euros) for share in shares if share.euros is not None]


def vote_and_accounts(dossier: Dossier) -> ChainStep:
    """The accounting lines add up to what was authorised; each one is a set of whole sheets, or is not explained."""
    links: list[MoneyLink] = []
    whole = Sum()
    pieces = amounts_to_choose(dossier)
    for content in dossier.deliberations:
        if not content.lines:
            continue
        number = content.deliberation.number
        proposed = additions.sum_of(line.proposed for line in content.lines)
        whole += proposed
        allowed = additions.sum_of(amount.euros for amount in content.amounts)
        where = f"Délibération {number}, somme des lignes"
        links.append(link_of_sums(where, "montant autorisé", allowed, proposed))
        others = [
            amount.euros
            for amount in content.amounts
            if amount.convention_key != dossier.convention.slug and amount.euros
        ]
        for place, line in enumerate(content.lines, 1):
            words = join_and([name for name in (line.operation, line.envelope) if name]) or f"ligne {place}"
            links.append(explained(f"Ligne {words}", line.proposed, [*pieces, *others]))
    return ChainStep(
        "accounts",
        "Délibération et lignes comptables",
        "Montants autorisés",
        "Lignes comptables",
        links,
        amount=known_total(whole),
        lacks=whole.missing,
    )


def amounts_to_choose(dossier: Dossier) -> list[Number]:
    """The State's share of each line of the annex, else of each sheet."""
    lines = [ledger.amounts_of_line(line, dossier).get(ledger.STATE) for line in ledger.annex_lines(dossier)]
    state_shares = lines or [ledger.amounts_of(sheet, dossier).get(ledger.STATE) for sheet in dossier.mothers]
    return [amount for amount in state_shares if amount]


def explained(where: str, amount: Number | None, pieces: Sequence[Number]) -> MoneyLink:
    if amount is None:
        return MoneyLink(where, "", None, None, note="Aucun montant proposé.", forced=MoneyLinkState.UNKNOWN)
    answer = makes(amount, pieces)
    if answer is None:
        note = "Trop de fiches pour chercher lesquelles font ce montant."
        return MoneyLink(where, "", None, amount, note=note, forced=MoneyLinkState.UNKNOWN)
    if answer:
        note = "Des fiches entières font ce montant."
        return MoneyLink(where, "", amount, amount, note=note)
    note = "Aucun ensemble de fiches entières ne fait ce montant."
    return MoneyLink(where, "", None, amount, note=note, forced=MoneyLinkState.GAP)


def makes(amount: Number, pieces: Sequence[Number]) -> bool | None:
    """Do some of `pieces`, each taken once, add up to `amount`? None when there are too many sums to try."""
    target = Decimal(amount)
    sums = {Decimal(0)}
    for piece in sorted(map(Decimal, pieces), reverse=True):
        sums |= {larger for smaller in sums if (larger := smaller + piece) <= target}
        if target in sums:
            return True
        if len(sums) > MOST_SUMS:
            return None
    return False


def state_and_payments(dossier: Dossier, payments: Sequence[Payment]) -> ChainStep:
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
    paid: Number | None = additions.total_of(by_party.values())
    notes = []
    if waiting:
        words = plural(waiting, "versement n’est pas encore fait", "versements ne sont pas encore faits")
        notes.append(f"{waiting} {words}.")
    note = "" if payments else "Aucun versement n’est encore noté."
    names = {party.pk: party.name for party in dossier.parties}
    links = []
    parts = split(dossier) if any(key is not None for key in by_party) else []
    for name, amount in parts:
        own = additions.total_of(
            party_amount
            for key, party_amount in by_party.items()
            if key is not None and same_council(names.get(key, ""), name)
        )
        if own is not None or not any(payment.party_id is None for payment in payments):
            links.append(MoneyLink(f"Versements à {name}", "part de l’État", amount, own))
    if not links:
        links = [MoneyLink("Versements faits", "part de l’État", state, paid, note=note)]
    return ChainStep(
        "payments", "Part de l’État et versements", "Part de l’État", "Versements faits", links, notes, paid
    )
