"""The arithmetic of a vote, line by line, as a page shows it while it is written. Pure.

Counts are those of the exchange format: `membership`, `quorum`, `vote`. Rules raise alerts (`rules.deliberation`);
this shows every line, right or wrong, or why it cannot be told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalons.conventions.models.printed import as_list
from jalons.core.values import Number, exact, format_euros, format_number

Counts = Mapping[str, Any]
RIGHT, WRONG, UNKNOWN = "right", "wrong", "unknown"


@dataclass(frozen=True, slots=True)
class VoteLine:
    """« 49 présents + 10 procurations = 59 votants ». `state`: right, wrong or unknown."""

    label: str
    words: str
    state: str


def count(value: Any, name: str) -> Number | None:
    number = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        return None
    return exact(number)


def arithmetic(membership: Any, quorum: Any, vote: Any) -> list[VoteLine]:
    """Every sum that the counts of a deliberation must make (CGCT, L. 3121-14 for the quorum)."""
    in_office = ("membres en exercice", count(membership, "in_office"))
    here, proxies = ("présents", count(vote, "present")), ("procurations", count(vote, "proxies"))
    voted, expressed = ("votants", count(vote, "voted")), ("suffrages exprimés", count(vote, "expressed"))
    listed = [
        ("présents", count(membership, "listed_present")),
        ("représentés", count(membership, "listed_represented")),
        ("excusés", count(membership, "listed_excused")),
        ("absents", count(membership, "listed_absent")),
    ]
    away = ("absents sans procuration", count(vote, "absent_without_proxy"))
    silent = ("sans prendre part au vote", count(vote, "did_not_vote"))
    sides = [("pour", count(vote, "for")), ("contre", count(vote, "against"))]
    abstention = ("abstentions", count(vote, "abstention"))
    return [
        *stated_lines(sum_line("Liste des membres", listed, in_office)),
        *stated_lines(at_least("Quorum", ("présents", count(quorum, "present")), in_office)),
        *stated_lines(sum_line("Présence au vote", [here, proxies, away], in_office)),
        *stated_lines(sum_line("Votants", [here, proxies, minus(silent)], voted)),
        *stated_lines(sum_line("Exprimés", [voted, minus(abstention)], expressed)),
        *stated_lines(sum_line("Voix", sides, expressed)),
        *stated_lines(majority("Majorité", expressed, ("majorité", count(vote, "majority")))),
        *stated_lines(adopted("Adoption", sides[0], expressed)),
    ]


Term = tuple[str, Number | None]


def stated_lines(line: VoteLine | None) -> Iterable[VoteLine]:
    """Nothing is shown of what nobody said a word of."""
    return [] if line is None else [line]


def minus(term: Term) -> Term:
    """What is taken away; nobody, when nothing is said."""
    return term[0], exact(-Decimal(term[1] or 0))


def sum_line(label: str, terms: Sequence[Term], whole: Term) -> VoteLine | None:
    known = [(name, Decimal(number)) for name, number in terms if number is not None]
    if whole[1] is None and not any(number for _, number in known):
        return None
    if lacking := lack([*terms, whole]):
        return VoteLine(label, lacking, UNKNOWN)
    total = exact(sum((number for _, number in known), Decimal()))
    signs = (f"{'−' if number < 0 else '+'} {format_number(abs(number))} {name}" for name, number in known)
    text = " ".join(signs).removeprefix("+ ")
    return verdict(label, text, total, whole)


def verdict(label: str, text: str, number: Number, whole: Term) -> VoteLine:
    if number == whole[1]:
        return VoteLine(label, f"{text} = {format_number(number)} {whole[0]}", RIGHT)
    written = format_number(whole[1] or 0)
    return VoteLine(label, f"{text} = {format_number(number)}, mais {written} {whole[0]} écrits", WRONG)


def at_least(label: str, present: Term, in_office: Term) -> VoteLine | None:
    if present[1] is None and in_office[1] is None:
        return None
    if lacking := lack([present, in_office]):
        return VoteLine(label, lacking, UNKNOWN)
    needed = int(in_office[1] or 0) // 2 + 1
    here = int(present[1] or 0)
    words = (
        f"{format_number(here)} présents, il en faut {format_number(needed)} : "
        f"plus de la moitié des {format_number(in_office[1] or 0)} membres en exercice"
    )
    return VoteLine(label, words, RIGHT if here >= needed else WRONG)


def majority(label: str, expressed: Term, term: Term) -> VoteLine | None:
    if expressed[1] is None or term[1] is None:
        return None
    needed = int(expressed[1]) // 2 + 1
    sentence = f"plus de la moitié de {format_number(expressed[1])} exprimés"
    if needed == term[1]:
        return VoteLine(label, f"{format_number(needed)} voix, {sentence}", RIGHT)
    return VoteLine(
        label, f"{sentence} : {format_number(needed)} voix, mais {format_number(term[1])} écrites", WRONG
    )


def adopted(label: str, pro: Term, expressed: Term) -> VoteLine | None:
    if pro[1] is None or expressed[1] is None:
        return None
    needed = int(expressed[1]) // 2 + 1
    words = f"{format_number(pro[1])} voix pour, il en faut {format_number(needed)}"
    return VoteLine(label, words, RIGHT if pro[1] >= needed else WRONG)


def lack(terms: Sequence[Term]) -> str:
    lacking = [name for name, number in terms if number is None]
    return f"Il manque le nombre de : {', '.join(lacking)}" if lacking else ""


# Groups ------------------------------------------------------------------------------------------------------

SIDES = {"groups_for": "Pour", "groups_against": "Contre", "groups_abstention": "Abstention"}
COUNTED = {"groups_for": "for", "groups_against": "against", "groups_abstention": "abstention"}


@dataclass(frozen=True, slots=True)
class GroupVote:
    """How a political group voted. `number` None: its voices are not said. Never a councillor's name."""

    side: str
    name: str
    number: int | None = None


def groups_of(vote: Any) -> list[GroupVote]:
    """From a vote of the exchange format, where a group is a text or `{"label", "number"}`."""
    groups = []
    for side in SIDES:
        for group in as_list((vote or {}).get(side)):
            if isinstance(group, Mapping):
                number = count(group, "number")
                groups.append(
                    GroupVote(side, str(group.get("label") or ""), None if number is None else int(number))
                )
            elif isinstance(group, str):
                groups.append(GroupVote(side, group))
    return groups


def group_lines(groups: Sequence[GroupVote], vote: Any) -> list[VoteLine]:
    """The voices of the groups of a side make the voices of that side, once all are said."""
    group_lines = []
    for side, label in SIDES.items():
        numbers = [group.number for group in groups if group.side == side]
        voices = count(vote, COUNTED[side])
        known = [number for number in numbers if number is not None]
        if not numbers or not known or voices is None:
            continue
        label = f"Groupes, {label.lower()}"
        if len(known) < len(numbers):
            group_lines.append(VoteLine(label, "Il manque le nombre de voix d’un groupe au moins", UNKNOWN))
        else:
            text = " + ".join(map(format_number, known))
            group_lines.append(verdict(label, text, sum(known), ("voix", voices)))
    return group_lines


# Money -------------------------------------------------------------------------------------------------------


def money_line(authorised: Sequence[Number | None], proposed: Sequence[Number | None]) -> VoteLine | None:
    """The accounting lines propose what the assembly authorises, all conventions together."""
    left = [amount for amount in authorised if amount is not None]
    right = [amount for amount in proposed if amount is not None]
    if not left or not right:
        return None
    allowed, written = (sum(map(Decimal, amounts), Decimal()) for amounts in (left, right))
    words = f"{format_euros(exact(allowed))} autorisés, {format_euros(exact(written))} aux lignes comptables"
    if allowed == written:
        return VoteLine("Lignes comptables", words, RIGHT)
    gap = format_euros(exact(abs(allowed - written)))
    return VoteLine("Lignes comptables", f"{words} : écart de {gap}", WRONG)
