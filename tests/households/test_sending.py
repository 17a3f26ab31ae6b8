"""What the script that keeps a save in the browser is told, and each form of a family sent twice."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from jalons.households import session
from jalons.households.enums import RegisterAct
from jalons.households.families.content import FollowedFamily
from jalons.households.models import Household, RegisterMember, RegisterReading
from jalons.households.sending import page_keys
from jalons.households.sheets.selectors import read_household
from tests.factories import Cast
from tests.households.opening import client_of, opened_for
from tests.households.sheets.test_family_pages import LIST, NEW, content_of, family_in, hidden

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json, text/html"}


def known(register: Any, household: UUID) -> FollowedFamily:
    return content_of(register, household).as_known()


def forms_of_a_family(register: Any, address: str, household: UUID) -> Iterator[tuple[str, dict[str, str]]]:
    """One after the other: each is built on what the former stored."""
    yield address, {"value": "phone", "text": "Vaccins", "since": "hier", "next_on": "31/12/2099"}
    yield f"{address}ajouter/goal/", {"value": "going_on", "text": "École", "since": "01/02/2026"}
    goal = known(register, household).by_kind["goal"][0]
    seen = goal.recorded.isoformat() if goal.recorded else ""
    yield f"{address}faits/{goal.id}/", {"value": "dropped", "text": "École", "seen": seen}
    yield f"{address}faits/{goal.id}/", {"kind": "goal", "act": "retirer"}
    visit = known(register, household).by_kind["visit"][0]
    yield f"{address}faits/{visit.id}/", {"kind": "visit", "act": "effacer"}
    yield f"{address}personnes/nouvelle/", {"given_name": "Ion", "year_of_birth": "2016"}
    ion = next(p for p in known(register, household).people if p.given_name == "Ion")
    seen = ion.recorded.isoformat() if ion.recorded else ""
    yield f"{address}personnes/{ion.id}/", {"given_name": "Ioan", "seen": seen}
    yield f"{address}personnes/{ion.id}/", {"act": "effacer"}


def test_each_form_of_a_family_sent_twice_is_stored_once(cast: Cast) -> None:
    """The answer was lost, so the browser asks again: it hears « done » and nothing is written twice."""
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    household = family_in(register, "Ana")
    address = f"{LIST}{household}/"
    acts = RegisterReading.objects.exclude(act=RegisterAct.SHEET)
    for path, typed in forms_of_a_family(register, address, household):
        noted = acts.count()
        form = {**typed, "submission_key": str(uuid4())}
        first = client.post(path, form, headers=SCRIPT)
        assert first.json()["state"] == "done", (path, first.content.decode())
        stored = content_of(register, household)
        again = client.post(path, form, headers=SCRIPT)
        assert again.json()["to"].partition("?")[0] == address, path
        assert content_of(register, household) == stored, path
        assert acts.count() == noted + 1, path
    family = {"household": str(uuid4()), "submission_key": str(uuid4()), "personne-0-given_name": "Мария"}
    answers = [client.post(NEW, family, headers=SCRIPT).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Household.objects.count() == 2


def test_what_the_script_is_told(cast: Cast) -> None:
    register = opened_for(cast.operator_a, cast.colleague_a)
    client = client_of(cast.operator_a, register)
    address = f"{LIST}{family_in(register, 'Ana')}/"
    visit = {"value": "phone", "text": "Vaccins", "since": "hier", "submission_key": str(uuid4())}

    refused = client.post(address, {"text": "Vaccins"}, headers=SCRIPT)
    assert "Vaccins" in refused.content.decode(), "la page de la correction, telle quelle"
    gone = client.post(f"{LIST}{uuid4()}/", visit, headers=SCRIPT)
    assert (gone.status_code, gone.json()) == (404, {"state": "gone"})
    stranger = client_of(cast.operator_b, opened_for(cast.operator_b))
    assert stranger.post(address, visit, headers=SCRIPT).json() == {"state": "gone"}

    closed = client_of(cast.operator_a, register)
    del closed.cookies[session.COOKIE]
    answer = closed.post(address, visit, headers=SCRIPT)
    way = f"/registre/ouvrir/?registre={register.organisation_id}"
    assert (answer.status_code, answer.json()) == (403, {"state": "closed", "to": way})
    closed.logout()
    answer = closed.post(address, visit, headers=SCRIPT)
    assert (answer.status_code, answer.json()["state"]) == (401, "out")
    family = read_household(register, UUID(address.split("/")[-2]))[1]
    assert family is not None
    assert "visit" not in family.by_kind


def test_keys_of_a_page_are_of_one_person_and_tell_nothing_of_the_register(cast: Cast) -> None:
    register = opened_for(cast.operator_a, cast.colleague_a)
    own, theirs = (
        page_keys(register, member.user_id) for member in RegisterMember.objects.order_by("user_id")
    )
    assert own != theirs
    held = session.text_of(register.sealed_under(b"k" * 32, "x"))
    assert own not in held
    renewed = register.renewed()
    newest, *former = page_keys(renewed, cast.operator_a.pk).split()
    assert [*former] == page_keys(register, cast.operator_a.pk).split()
    assert newest not in former
    page = client_of(cast.operator_a, register).get(LIST).content.decode()
    assert page_keys(register, cast.operator_a.pk) in page
    closed = client_of(cast.operator_a, register)
    del closed.cookies[session.COOKIE]
    mark = RegisterMember.objects.get(user=cast.operator_a).browser_mark
    locked = closed.get(LIST).content.decode()
    assert mark in page
    assert mark in locked
    assert hidden(closed.get(LIST), "draft") == ""
    assert page_keys(register, cast.operator_a.pk) not in locked
