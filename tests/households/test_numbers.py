"""Numbers of a register for a follow-up: those of a recount, with their rule, and nothing that nobody wrote."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jalons.actions.models import Action
from jalons.core.values import Value
from jalons.households.enums import ErasureReason
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.rules import RULES
from jalons.households.families.stored import to_json, to_summary
from jalons.households.keys import new_household_key
from jalons.households.models import Household, HouseholdKey, Register
from jalons.households.numbers.offering import offered_numbers
from jalons.households.numbers.reading import read_families
from jalons.households.retention.services import erase_household, last_erasure
from jalons.households.vault import OpenRegister
from jalons.households.vault.register import new_register
from jalons.indicators.enums import Provenance
from jalons.indicators.models import Indicator, Measurement
from jalons.indicators.offers import Moment
from jalons.indicators.selectors.asked import asked_indicators
from jalons.indicators.services import FollowUpContent, record_follow_up
from tests.factories import Cast, actor, make_action, make_socle, organisation_of
from tests.households.families.drawing import DAYS, FIRST, drawn_families
from tests.households.families.recount import recounted

pytestmark = pytest.mark.django_db
JUNE, MARCH = dt.date(2026, 6, 30), dt.date(2026, 3, 31)
SOCLE_ROWS = [
    Indicator(pk=place, code=code, block="public", nature="flow" if "depuis" in rule else "stock")
    for place, (code, rule) in enumerate(RULES.items(), start=1)
]
BY_PK = {indicator.pk: indicator for indicator in SOCLE_ROWS}


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.integers(0, DAYS), st.integers(0, DAYS))
@example(11, 8, 0)  # two spans of one dispositif that overlap: the end of the inner one is no exit
def test_what_is_offered_is_what_a_recount_finds(seed: int, end: int, start: int) -> None:
    """The period of a follow-up begins the day after the last indicator: a flow of that day is not counted twice."""
    families = [family.as_known() for family in drawn_families(seed)]
    on, since = FIRST + dt.timedelta(days=end), FIRST + dt.timedelta(days=min(start, end))
    moment = Moment(on, since)
    offered = offered_numbers(
        families, "a", indicators=BY_PK, moments=[moment], list_url=lambda code, when: f"/{code}"
    )
    register_families = {
        BY_PK[pk].code: indicator.number
        for pk, indicator in offered.get(moment, {}).items()
        if indicator.number
    }
    assert register_families == recounted(families, "a", on, since - dt.timedelta(days=1))
    assert all(
        RULES[BY_PK[pk].code].split()[0] in indicator.rule
        for pk, indicator in offered.get(moment, {}).items()
    )


def family_of(action: Action, *more: FamilyFact) -> FollowedFamily:
    facts = (FamilyFact("d", "dispositif", since=dt.date(2026, 1, 10), value=action.public_id), *more)
    people = (FamilyMember("p1", 1990, "f"), FamilyMember("p2", 2016, ""), FamilyMember("p3", None, "m"))
    return FollowedFamily("h", people, facts)


def kept_in(register: OpenRegister, organisation: Any, number: int, family: FollowedFamily) -> Household:
    sealed = {"recovery_public": b"", "recovery_private": b"", "recovery_proof": b""}
    Register.objects.get_or_create(organisation=organisation, defaults=sealed)
    household = Household(organisation=organisation, number=number)
    new_household_key(register, household)
    household.content = register.seal(household.pk, "content", to_json(family))
    household.summary = register.seal(household.pk, "summary", to_summary(family))
    household.save()
    return household


@pytest.fixture
def socle(cast: Cast) -> dict[str, Indicator]:
    return make_socle()


@pytest.fixture
def action(cast: Cast, socle: dict[str, Indicator]) -> Action:
    return make_action(
        starts_on=dt.date(2026, 1, 1), operators=[organisation_of(cast.operator_a)], themes=["school", "work"]
    )


def numbers_on(action: Action, families: Any, *moments: Moment, unreadable: int = 0) -> list[dict[str, Any]]:
    indicators = {
        indicator.pk: indicator for block in asked_indicators(action) for indicator in block.entered
    }
    offered = offered_numbers(
        families,
        action.public_id,
        indicators=indicators,
        moments=moments,
        list_url=lambda code, moment: "",
        unreadable=unreadable,
    )
    return [
        {indicators[pk].code: indicator for pk, indicator in offered.get(moment, {}).items()}
        for moment in moments
    ]


def test_nothing_is_offered_that_nobody_wrote(action: Action) -> None:
    """No zero for a part of the follow-up that the register holds nothing of; no flow without a period."""
    first, second = Moment(JUNE, dt.date(2026, 1, 1)), Moment(MARCH)
    whole, stocks = numbers_on(action, [family_of(action)], first, second)
    assert (whole["personnes"].number, whole["menages"].number, whole["entrees"].number) == (3, 1, 3)
    assert "entrees" not in stocks
    assert "college" not in whole
    assert "en-emploi" not in whole
    assert whole["scolarisables"].number == 1
    assert "1 personne n’est pas comptée" in whole["femmes"].rule.replace("\u00a0", " ")
    school = FamilyFact("s", "school", "p2", since=dt.date(2025, 9, 1), value="elementaire")
    taught, _ = numbers_on(action, [family_of(action, school)], first, second)
    assert (taught["elementaire"].number, taught["college"].number) == (1, 0)
    # A dispositif that accompanies no family of the register.
    assert numbers_on(make_action("Autre"), [family_of(action)], first) == [{}]


def test_families_are_read_in_one_query_and_a_destroyed_key_is_told(
    cast: Cast, action: Action, django_assert_num_queries: Any
) -> None:
    organisation = organisation_of(cast.operator_a)
    register = new_register(organisation.pk)
    rows = [kept_in(register, organisation, number, family_of(action)) for number in (1, 2, 3)]
    kept_in(
        new_register(organisation_of(cast.operator_b).pk),
        organisation_of(cast.operator_b),
        1,
        family_of(action),
    )
    HouseholdKey.objects.filter(household=rows[1].pk).delete()
    with django_assert_num_queries(1):
        register_families = read_families(register)
    assert [register_families.references[family.id] for family in register_families.families] == [
        "M-0001",
        "M-0003",
    ]
    assert register_families.unreadable == ("M-0002",)
    (numbers,) = numbers_on(action, register_families.families, Moment(JUNE), unreadable=1)
    assert numbers["personnes"].number == 6
    assert "1 fiche illisible n’est pas comptée" in numbers["personnes"].rule.replace("\u00a0", " ")


def test_erasing_changes_no_figure_already_sent(
    cast: Cast, action: Action, socle: dict[str, Indicator]
) -> None:
    organisation = organisation_of(cast.operator_a)
    register = new_register(organisation.pk)
    rows = [kept_in(register, organisation, number, family_of(action)) for number in (1, 2)]
    pk = socle["personnes"].pk
    content = FollowUpContent(on=JUNE, values={pk: Value.of(6)}, from_register=frozenset({pk}))
    record_follow_up(
        action=action,
        reporter=organisation,
        content=content,
        indicators={pk: socle["personnes"]},
        by=actor(cast.operator_a),
    )
    before = list(Measurement.objects.values())
    erase_household(rows[0], ErasureReason.ASKED, on=dt.date(2026, 7, 15), register=register)
    assert list(Measurement.objects.values()) == before
    assert before[0]["provenance"] == Provenance.REGISTER
    # The register counts three people then, now: no correction of the six is proposed for a date before that day.
    assert last_erasure(organisation.pk) == dt.date(2026, 7, 15)
    assert len(read_families(register).families) == 1
