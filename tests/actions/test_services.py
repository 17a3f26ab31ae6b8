"""Writing dispositifs: who takes part and where, dates, closing, money, team; and who may."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.permissions import MATRIX, PARTS, territory_of
from jalons.actions.enums import FundingType, Job, ParticipationRole
from jalons.actions.models import Action, ActionSite, FundingLine, Intervention, Participation, StaffLine
from jalons.actions.services import (
    Money,
    Part,
    Worker,
    close_action,
    intervention_of,
    remove_money,
    reopen_action,
    set_dates,
    set_money,
    set_parts,
    set_sites,
    set_team,
)
from jalons.core.values import Value
from jalons.editing.refusals import Refused
from jalons.history.querysets import AsOf
from jalons.history.services import Stale
from tests.factories import (
    ARRAS,
    CALAIS,
    COMMUNES,
    DUNKERQUE,
    LILLE,
    MEL,
    ROUBAIX,
    departement_author,
    make_action,
    make_funding,
    make_insertion_site,
    make_organisation,
    make_site,
    make_territories,
    make_user,
)
from tests.guards.draws import costly

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH, APRIL = (dt.date(2020, month, 1) for month in (1, 2, 3, 4))
PILOT, OPERATOR, PARTNER = ParticipationRole.PILOT, ParticipationRole.OPERATOR, ParticipationRole.PARTNER


def lasting(model: Any, action: Action, subject: str) -> set[tuple[int, dt.date, dt.date | None]]:
    return set(model.objects.known().filter(action=action).values_list(subject, "valid_on", "ended_on"))


# Who takes part, and where -------------------------------------------------------------------------------------


def test_those_left_out_end_and_newcomers_enter() -> None:
    by = departement_author("59")
    one, other = make_organisation("Une"), make_organisation("Autre")
    action = make_action(starts_on=JANUARY, operators=[one])
    pilot = Part(by.organisation, PILOT)
    set_parts(action=action, parts=[pilot, Part(other, OPERATOR)], on=MARCH, by=by)
    assert lasting(Participation, action, "participant") == {
        (by.organisation.pk, JANUARY, None),
        (one.pk, JANUARY, MARCH),
        (other.pk, MARCH, None),
    }
    assert action.parts == {(by.organisation.pk, PILOT), (other.pk, OPERATOR)}
    # What had not begun by then was never true; one that comes back enters again.
    set_parts(action=action, parts=[pilot, Part(one, OPERATOR)], on=MARCH, by=by)
    assert lasting(Participation, action, "participant") == {
        (by.organisation.pk, JANUARY, None),
        (one.pk, JANUARY, MARCH),
        (one.pk, MARCH, None),
    }


def test_what_an_operator_fills_in_is_said_again_without_another_start() -> None:
    by, one = departement_author("59"), make_organisation("Une")
    action = make_action(starts_on=JANUARY, operators=[one])
    parts = [Part(by.organisation, PILOT), Part(one, OPERATOR, is_main=True, blocks=("school",))]
    set_parts(action=action, parts=parts, on=MARCH, by=by)
    set_parts(action=action, parts=parts, on=APRIL, by=by)
    fact = Participation.objects.known().get(action=action, participant=one)
    assert (fact.valid_on, fact.is_main, fact.blocks) == (JANUARY, True, ("school",))
    assert Participation.objects.versions_of(fact.lineage).count() == 2


def test_a_dispositif_without_pilot_is_refused_and_nothing_changes() -> None:
    by, one = departement_author("59"), make_organisation("Une")
    action = make_action(starts_on=JANUARY)
    before = lasting(Participation, action, "participant")
    with pytest.raises(Refused, match="au moins un service pilote"):
        set_parts(action=action, parts=[Part(one, OPERATOR)], on=MARCH, by=by)
    assert lasting(Participation, action, "participant") == before


def test_sites_follow_the_same_rule() -> None:
    by = departement_author("59")
    one, other = make_site("Un"), make_site("Autre", ROUBAIX)
    action = make_action(starts_on=JANUARY, sites=[one])
    assert [commune.pk for commune in action.communes] == [LILLE]
    set_sites(action=action, sites=[other, other], on=FEBRUARY, by=by)
    assert lasting(ActionSite, action, "site") == {(one.pk, JANUARY, FEBRUARY), (other.pk, FEBRUARY, None)}
    assert [commune.pk for commune in action.communes] == [ROUBAIX]
    set_sites(action=action, sites=[], on=FEBRUARY, by=by)
    assert lasting(ActionSite, action, "site") == {(one.pk, JANUARY, FEBRUARY)}


# Dates, closing ------------------------------------------------------------------------------------------------


def test_another_start_moves_what_began_with_it() -> None:
    by = departement_author("59")
    one, late = make_site("Un"), make_site("Tard")
    action = make_action(starts_on=FEBRUARY, sites=[one], operators=[make_organisation("Une")])
    set_sites(action=action, sites=[one, late], on=APRIL, by=by)
    set_dates(action=action, by=by, starts_on=JANUARY, planned_end=None)
    assert lasting(ActionSite, action, "site") == {(one.pk, JANUARY, None), (late.pk, APRIL, None)}
    assert {start for _, start, _ in lasting(Participation, action, "participant")} == {JANUARY}
    assert intervention_of(action).valid_on == JANUARY


def test_dates_that_contradict_each_other_are_refused() -> None:
    by = departement_author("59")
    action = make_action(starts_on=FEBRUARY, ended_on=MARCH)
    with pytest.raises(Refused, match="précède le début"):
        set_dates(action=action, by=by, starts_on=FEBRUARY, planned_end=JANUARY)
    with pytest.raises(Refused, match="fermé depuis le 01/03/2020"):
        set_dates(action=action, by=by, starts_on=APRIL, planned_end=None)
    same = intervention_of(action)
    assert set_dates(action=action, by=by, starts_on=FEBRUARY, planned_end=None) == same


def test_dates_changed_meanwhile_are_not_written_over() -> None:
    by = departement_author("59")
    action = make_action(starts_on=FEBRUARY)
    seen = intervention_of(action)
    theirs = set_dates(action=action, by=by, starts_on=JANUARY, planned_end=MARCH)
    with pytest.raises(Stale) as refused:
        set_dates(action=action, by=by, starts_on=MARCH, planned_end=None, seen=seen)
    assert refused.value.current == theirs
    with pytest.raises(Stale):
        close_action(action=action, by=by, ended_on=APRIL, seen=seen)


def test_closed_then_reopened_then_closed() -> None:
    by = departement_author("59")
    action = make_action(starts_on=JANUARY)
    with pytest.raises(Refused, match="précède le début"):
        close_action(action=action, by=by, ended_on=dt.date(2019, 12, 31))
    with pytest.raises(Refused, match="déjà ouvert"):
        reopen_action(action=action, by=by, reason="")
    close_action(action=action, by=by, ended_on=MARCH, final_account="Onze familles relogées.")
    with pytest.raises(Refused, match="déjà fermé depuis le 01/03/2020"):
        close_action(action=action, by=by, ended_on=APRIL)
    assert [*Action.objects.in_progress(AsOf(FEBRUARY))] == [action]
    assert [*Action.objects.ended(AsOf(MARCH))] == [action]
    reopen_action(action=action, by=by, reason="mauvais dispositif")
    assert [*Action.objects.in_progress(AsOf(APRIL))] == [action]
    current = intervention_of(action)
    assert (current.ended_on, current.final_account) == (None, "")
    accounts = Intervention.objects.versions_of(current.lineage).values_list("final_account", flat=True)
    assert [*accounts] == ["", "Onze familles relogées.", ""]


# Money and team ------------------------------------------------------------------------------------------------


def test_money_changed_meanwhile_is_not_written_over() -> None:
    by = departement_author("59")
    action = make_action(starts_on=JANUARY)
    seen = make_funding(action, 2020, 4000)
    other = make_funding(action, 2020, 500, kind=FundingType.PRIVATE)
    told = Money(2020, FundingType.DEDICATED, amounts={"planned": Value.amount(4000)}, line=seen)
    set_money(action=action, lines=[told], by=by, on=JANUARY)
    assert FundingLine.objects.count() == 2  # said again, the same is not another version
    more = {"planned": Value.amount(4000), "executed": Value.nd()}
    set_money(action=action, lines=[replace(told, amounts=more)], by=by, on=JANUARY)
    line = FundingLine.objects.known().get(lineage=seen.lineage)
    assert (line.planned, line.value("executed"), line.value("committed")) == (
        4000,
        Value.nd(),
        Value.empty(),
    )
    less = replace(told, amounts={"planned": Value.amount(1)})
    with pytest.raises(Stale):
        set_money(action=action, lines=[Money(2021, FundingType.STATE), less], by=by, on=JANUARY)
    assert {one.pk for one in FundingLine.objects.known()} == {line.pk, other.pk}
    remove_money(line=line, by=by, reason="autre dispositif")
    assert [*FundingLine.objects.known()] == [other]


def test_a_team_is_told_as_a_whole() -> None:
    by, one = departement_author("59"), make_organisation("Une")
    action = make_action(starts_on=JANUARY, operators=[one])
    team = [Worker(Job.MEDIATOR, Decimal("1.5")), Worker(Job.VOLUNTEER)]

    def tell(on: dt.date, told: list[Worker]) -> list[tuple[str, Decimal | None]]:
        set_team(action=action, reporter=one, on=on, team=told, by=by)
        found = StaffLine.objects.known().filter(action=action, valid_on=on).order_by("pk")
        return [(line.job, line.fte) for line in found]

    assert tell(JANUARY, team) == [(Job.MEDIATOR, Decimal("1.50")), (Job.VOLUNTEER, None)]
    assert tell(JANUARY, team) == [(Job.MEDIATOR, Decimal("1.50")), (Job.VOLUNTEER, None)]
    assert StaffLine.objects.count() == 2
    assert tell(JANUARY, team[1:]) == [(Job.VOLUNTEER, None)]
    assert tell(MARCH, team[:1]) == [(Job.MEDIATOR, Decimal("1.50"))]
    assert [line.job for line in StaffLine.objects.as_of(AsOf(FEBRUARY))] == [Job.VOLUNTEER]


# Who may -------------------------------------------------------------------------------------------------------

PLACES = [LILLE, ROUBAIX, DUNKERQUE, CALAIS, ARRAS]
SCOPES = ["FR", "59", "62", MEL, "200033579", *PLACES]
ROLES = [Role.NATIONAL, Role.CORRESPONDENT, Role.INSTITUTION, Role.OPERATOR, Role.CONTRIBUTOR, Role.OBSERVER]
ABOUT_ACTIONS = [right for right in PARTS if right != Right.DECLARE_ACTION]
described = st.fixed_dictionaries(
    {
        "departement": st.sampled_from(["59", "62"]),
        "sites": st.lists(st.sampled_from(PLACES), max_size=2, unique=True),
        "grounds": st.lists(st.sampled_from(PLACES), max_size=1),
        "parts": st.lists(
            st.tuples(st.integers(0, 1), st.sampled_from(list(ParticipationRole)), st.booleans()),
            max_size=3,
            unique_by=lambda part: part[:2],
        ),
    }
)
people = st.tuples(st.sampled_from(ROLES), st.integers(0, 1), st.lists(st.sampled_from(SCOPES), max_size=2))


def covers(scope: str, told: dict[str, Any]) -> bool:
    """Is a dispositif in a territory? A whole département: by its own; below: by where it works."""
    if scope == "FR" or scope == told["departement"]:
        return True
    places = [*told["sites"], *told["grounds"]]
    return any(scope in (place, COMMUNES[place][2]) for place in places)


def widened(scope: str) -> list[str]:
    """The départements in which a scope of the tests stands."""
    if scope in ("FR", "59", "62"):
        return [scope]
    return [scope, "59" if scope == MEL else "62" if scope == "200033579" else COMMUNES[scope][1]]


def allowed(right: Right, person: tuple[Role, int, list[str]], told: dict[str, Any]) -> bool:
    role, organisation, scopes = person
    reach = MATRIX[right].get(role, Reach.NONE)
    takes_part = any(
        who == organisation and part in PARTS[right] and not over for who, part, over in told["parts"]
    )
    in_scope = any(covers(scope, told) for scope in scopes)
    near = any(covers(wider, told) for scope in scopes for wider in widened(scope))
    return {
        Reach.ALL: True,
        Reach.SCOPE: in_scope,
        Reach.OWN: takes_part,
        Reach.SCOPE_OWN: in_scope or takes_part,
        Reach.DEPARTEMENT_OWN: near or takes_part,
    }.get(reach, False)


@costly
@given(st.lists(described, min_size=1, max_size=3), people)
@settings(max_examples=20)
def test_lists_sheets_and_the_policy_say_the_same(told: list[dict[str, Any]], person: Any) -> None:
    with transaction.atomic():
        make_territories()
        organisations = [make_organisation("Une"), make_organisation("Autre")]
        actions = [declared(one, organisations) for one in told]
        role, mine, scopes = person
        user = make_user(role, *dict.fromkeys(scopes), organisation=organisations[mine])
        for right in ABOUT_ACTIONS:
            wanted = {
                action.pk for action, one in zip(actions, told, strict=True) if allowed(right, person, one)
            }
            territory = territory_of(user, right)
            assert set(Action.objects.writable_by(user, right).values_list("pk", flat=True)) == wanted, right
            within = {action.pk for action in Action.objects.all() if territory.holds(action)}
            assert within == wanted, right
        seen = Action.objects.writable_by(user, Right.READ_ACTIONS)
        assert set(Action.objects.visible_to(user)) == set(seen)
        transaction.set_rollback(True)


def declared(told: dict[str, Any], organisations: list[Any]) -> Action:
    by = departement_author(told["departement"])
    sites = [make_site(code=code) for code in told["sites"]]
    gone = make_site(code=DUNKERQUE)
    action = make_action(departement=told["departement"], starts_on=JANUARY, sites=[*sites, gone])
    set_sites(action=action, sites=sites, on=FEBRUARY, by=by)
    pilot = Part(by.organisation, PILOT)
    held = [Part(organisations[who], role) for who, role, _ in told["parts"]]
    kept = [Part(organisations[who], role) for who, role, over in told["parts"] if not over]
    set_parts(action=action, parts=[pilot, *held], on=FEBRUARY, by=by)
    set_parts(action=action, parts=[pilot, *kept], on=MARCH, by=by)
    for code in told["grounds"]:
        make_insertion_site(action, code=code)
    return action
