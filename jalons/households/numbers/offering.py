"""The numbers of a register for a follow-up. Pure: families in, numbers with their rule out."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from jalons.actions.enums import Block
from jalons.core.values import format_number, french_spaces, plural
from jalons.households.families.conditions import CountedCode, counted
from jalons.households.families.content import FollowedFamily
from jalons.households.families.enums import FactKind
from jalons.households.families.figures import RegisterCount, family_figures
from jalons.households.families.rules import RULES
from jalons.households.numbers.mapping import rule_in_words
from jalons.indicators.offers import Moment, OfferedNumber

ONE_DAY = dt.timedelta(days=1)
# A part of the follow-up that the register holds nothing of is not offered as zeros: nobody wrote that there are none.
KINDS: Mapping[str, frozenset[str]] = {
    Block.SCHOOL: frozenset({FactKind.SCHOOL, FactKind.SCHOOL_SUPPORT}),
    Block.WORK: frozenset({FactKind.EMPLOYMENT_SERVICE, FactKind.TRAINING, FactKind.WORK}),
    Block.HOUSING: frozenset({FactKind.HOUSING_REQUEST, FactKind.HOME}),
    Block.HEALTH: frozenset({FactKind.HEALTH_COVER, FactKind.HEALTH_REFERRAL, FactKind.HEALTH_OUTING}),
    Block.RIGHTS: frozenset({FactKind.DOMICILIATION, FactKind.CAF}),
}
# What follows from ages alone.
BY_AGE = frozenset({"scolarisables"})

ListUrl = Callable[[str, Moment], str]


class LocalChoice(NamedTuple):
    """What the organisation lets its register count for a local indicator, and since when."""

    code: CountedCode
    chosen_on: dt.date


def codes_of(indicators: Mapping[int, Any], local: Mapping[int, LocalChoice]) -> dict[int, CountedCode]:
    """What a register counts for each indicator: by the code of the socle, or as its organisation chose."""
    socle = {
        pk: CountedCode(figure=indicator.code)
        for pk, indicator in indicators.items()
        if indicator.code in RULES
    }
    return socle | {pk: choice.code for pk, choice in local.items() if pk in indicators}


def counts_at(families: Iterable[FollowedFamily], action_id: str, moment: Moment) -> dict[str, RegisterCount]:
    """A period begins the day after the last follow-up: what happened on that day was in it."""
    return family_figures(families, action_id, moment.on, day_before(moment.since))


def offered_numbers(
    families: Sequence[FollowedFamily],
    action_id: str,
    *,
    indicators: Mapping[int, Any],
    moments: Sequence[Moment],
    list_url: ListUrl,
    unreadable: int = 0,
    local: Mapping[int, LocalChoice] = MappingProxyType({}),
) -> dict[Moment, dict[int, OfferedNumber]]:
    """By moment, then by primary key of indicator; nothing when no family is accompanied by this dispositif.

    The first moment is the one that is being filled in; a report sent before a local choice was made is not compared.
    """
    mine = [family for family in families if any(fact.value == action_id for fact in accompanied(family))]
    if not mine:
        return {}
    kinds = frozenset(kind for family in mine for kind in family.by_kind)
    codes = codes_of(indicators, local)
    offered: dict[Moment, dict[int, OfferedNumber]] = {}
    for moment in moments:
        counts = counts_at(mine, action_id, moment)
        asked = {
            pk: code
            for pk, code in codes.items()
            if is_kept(code, indicators[pk], kinds)
            and (moment.since is not None or not indicators[pk].is_flow)
            and (pk not in local or moment == moments[0] or moment.on >= local[pk].chosen_on)
        }
        offered[moment] = {
            pk: offered_number(
                count_of(code, mine, action_id, moment, counts), code, moment, list_url, unreadable
            )
            for pk, code in asked.items()
        }
    return offered


def offered_number(
    count: RegisterCount, code: CountedCode, moment: Moment, list_url: ListUrl, unreadable: int
) -> OfferedNumber:
    return OfferedNumber(count.value, rule_of(code, count, unreadable), list_url(str(code), moment))


def count_of(
    code: CountedCode,
    families: Sequence[FollowedFamily],
    action_id: str,
    moment: Moment,
    figures: Mapping[str, RegisterCount],
) -> RegisterCount:
    return counted(families, code, action_id, moment.on, day_before(moment.since), figures)


def day_before(since: dt.date | None) -> dt.date | None:
    return since - ONE_DAY if since else None


def accompanied(family: FollowedFamily) -> Iterable[Any]:
    return family.by_kind.get(FactKind.DISPOSITIF, ())


def is_kept(code: CountedCode, indicator: Any, kinds: frozenset[str]) -> bool:
    """Does the register hold anything of this part of the follow-up?"""
    if code.kind:
        return code.kind in kinds
    wanted = KINDS.get(indicator.block)
    return wanted is None or code.figure in BY_AGE or bool(wanted & kinds)


def rule_of(code: CountedCode, count: RegisterCount, unreadable: int) -> str:
    """The rule, then what it leaves out."""
    sentence = rule_in_words(code)
    if count.unknown:
        people = plural(count.unknown, "personne n’est pas comptée", "personnes ne sont pas comptées")
        sentence += f" {format_number(count.unknown)} {people} : l’âge ou le sexe n’est pas écrit."
    if unreadable:
        sheets = plural(
            unreadable, "fiche illisible n’est pas comptée", "fiches illisibles ne sont pas comptées"
        )
        sentence += f" {format_number(unreadable)} {sheets}."
    return french_spaces(sentence)
