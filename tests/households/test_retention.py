"""How long a household is kept: announced, erased by its key, and what stays."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from jalons.discussions.models import Mail
from jalons.editing.refusals import Refused
from jalons.households.enums import ErasureReason
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FollowedFamily
from jalons.households.models import (
    Household,
    HouseholdKey,
    Register,
    RegisterErasure,
    RegisterMember,
    RetentionNotice,
)
from jalons.households.retention.dates import erasure_month
from jalons.households.retention.jobs import retention_on
from jalons.households.retention.services import (
    choose_months,
    erase_household,
    last_erasure,
    months_kept,
)
from jalons.households.sheets.services import FamilySave, create_family
from tests.factories import Cast, organisation_of
from tests.households.opening import opened_for

pytestmark = pytest.mark.django_db
MARCH = dt.date(2027, 3, 1)


def test_months_are_24_unless_the_organisation_says_so(cast: Cast) -> None:
    organisation, by = organisation_of(cast.operator_a), cast.operator_a
    assert months_kept(organisation.pk) == 24
    choose_months(organisation=organisation, months=12, reason="", by=by)
    assert months_kept(organisation.pk) == 12
    with pytest.raises(Refused):
        choose_months(organisation=organisation, months=25, reason=" ", by=by)
    chosen = choose_months(organisation=organisation, months=36, reason="Contentieux en cours", by=by)
    assert (months_kept(organisation.pk), chosen.reason) == (36, "Contentieux en cours")
    assert months_kept(organisation_of(cast.operator_b).pk) == 24


def sealed(organisation: Any, number: int, erase_on: dt.date | None) -> Household:
    household = Household.objects.create(
        organisation=organisation, number=number, content=b"x", summary=b"x", erase_on=erase_on
    )
    HouseholdKey.objects.create(household_id=household.pk, organisation=organisation, version=1, wrapped=b"k")
    return household


def on(day: dt.date) -> str:
    return retention_on(day)


def test_another_choice_moves_every_month_once(cast: Cast) -> None:
    organisation, by = organisation_of(cast.operator_a), cast.operator_a
    days = [dt.date(2027, 1, 1), dt.date(2027, 2, 1), dt.date(2027, 12, 1)]
    for number, day in enumerate(days, start=1):
        sealed(organisation, number, day)
    sealed(organisation_of(cast.operator_b), 1, days[0])
    for months, first in ((23, dt.date(2026, 12, 1)), (25, dt.date(2027, 2, 1)), (24, days[0])):
        choose_months(organisation=organisation, months=months, reason="Contentieux", by=by)
        rows = Household.objects.filter(organisation=organisation).order_by("number")
        moved = list(rows.values_list("erase_on", flat=True))
        assert moved == [erasure_month(day, months - 24) for day in days]
        assert moved[0] == first
    assert Household.objects.get(organisation=organisation_of(cast.operator_b)).erase_on == days[0]


def test_announced_sixty_days_before_then_erased_by_its_key(cast: Cast) -> None:
    organisation = organisation_of(cast.operator_a)
    register = Register.objects.create(
        organisation=organisation, recovery_public=b"", recovery_private=b"", recovery_proof=b""
    )
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for user in (cast.operator_a, cast.operator_b):  # the second works there no more: nothing is said to them
        RegisterMember.objects.create(register=register, user=user, code_chosen_at=moment, admitted_at=moment)
    sealed(organisation, 142, MARCH)
    later = sealed(organisation, 143, MARCH)
    sealed(organisation, 144, dt.date(2028, 1, 1))
    sealed(organisation, 145, None)
    early = dt.timedelta(days=61)
    assert on(MARCH - early) == "Aucun ménage à annoncer ni à effacer."
    # The day comes; the worker had stopped, and announces late: nothing goes before sixty days.
    assert on(MARCH - dt.timedelta(days=10)) == "1 effacement annoncé, 0 ménage effacé."
    mail = Mail.objects.get(topic="register")
    assert "2 ménages" in mail.subject
    assert "20 avril 2027" in mail.body
    assert "M-0142" not in mail.subject + mail.body
    assert on(MARCH) == "Aucun ménage à annoncer ni à effacer."
    # Meanwhile somebody saw one of the two again.
    Household.objects.filter(pk=later.pk).update(erase_on=dt.date(2029, 3, 1))
    last = MARCH - dt.timedelta(days=10) + dt.timedelta(days=60)
    assert on(last - dt.timedelta(days=1)) == "Aucun ménage à annoncer ni à effacer."
    assert on(last) == "0 effacement annoncé, 1 ménage effacé."
    assert on(last) == "Aucun ménage à annoncer ni à effacer."
    assert sorted(Household.objects.values_list("number", flat=True)) == [143, 144, 145]
    assert HouseholdKey.objects.count() == 3
    erasure = RegisterErasure.objects.get()
    assert (erasure.number, erasure.why, erasure.erased_on) == (142, ErasureReason.RETENTION, last)
    assert last_erasure(organisation.pk) == last
    assert RetentionNotice.objects.count() == 1


def test_who_comes_to_a_day_already_announced_is_announced_too(cast: Cast) -> None:
    """A family written late, a visit withdrawn, a shorter choice: nothing goes of which nobody was told."""
    organisation, by = organisation_of(cast.operator_a), cast.operator_a
    register = opened_for(by)
    sealed(organisation, 142, MARCH)
    later = sealed(organisation, 143, MARCH.replace(month=7))
    on(MARCH - dt.timedelta(days=60))
    visit = FamilyFact("v", "visit", since=dt.date(2025, 3, 10), value="onsite")
    moment = dt.datetime(2027, 3, 2, tzinfo=dt.UTC)
    save = FamilySave(register, "1", moment, moment.date())
    written = create_family(save, uuid4(), edits.with_fact(FollowedFamily(""), visit, moment))
    assert written.erase_on == MARCH, "le jour est déjà annoncé, et passé"
    first = moment.date() + dt.timedelta(days=1)
    assert on(first) == "1 effacement annoncé, 0 ménage effacé."
    assert Mail.objects.filter(topic="register").count() == 2, "annoncé de nouveau"
    assert on(first + dt.timedelta(days=59)) == "Aucun ménage à annoncer ni à effacer."
    choose_months(organisation=organisation, months=20, reason="", by=by)  # those of July come to March
    later.refresh_from_db()
    assert later.erase_on == MARCH
    assert on(first + dt.timedelta(days=60)) == "2 effacements annoncés, 0 ménage effacé."
    assert on(first + dt.timedelta(days=120)) == "0 effacement annoncé, 3 ménages effacés."


def test_the_clock_of_the_server_leaps_ten_years(cast: Cast) -> None:
    sealed(organisation_of(cast.operator_a), 142, MARCH)
    assert on(dt.date(2037, 1, 1)) == "1 effacement annoncé, 0 ménage effacé."
    assert on(dt.date(2026, 11, 30)) == "Aucun ménage à annoncer ni à effacer."
    assert Household.objects.count() == 1


def test_erased_on_request_without_a_key_already_lost(cast: Cast) -> None:
    household = sealed(organisation_of(cast.operator_a), 142, None)
    HouseholdKey.objects.all().delete()  # a table of keys restored from before it
    erase_household(household, ErasureReason.ASKED, on=MARCH)
    assert not Household.objects.exists()
