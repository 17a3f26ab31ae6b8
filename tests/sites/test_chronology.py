"""Two dates that do not agree: told at entry, on the sheet, on the list, at the merge, whatever the order of entry."""

import datetime as dt
import itertools
import random
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jalons.history.chronology import Dated, Life, discords
from jalons.history.services import Actor
from jalons.sites.chronology import WORDINGS, SiteFact, known_discords
from jalons.sites.enums import ClosingReason, EventKind, ProcedureKind, SourceKind
from jalons.sites.models import Occupation, Site
from jalons.sites.selectors import SiteFilter, filtered_sites, site_rows, site_sheet
from jalons.sites.services import (
    Observation,
    add_conditions,
    add_event,
    add_procedure,
    add_survey,
    close_site,
    link_resettlement,
    reopen_site,
    set_diagnosis,
)
from tests import factories
from tests.factories import BACKEND, Cast

pytestmark = pytest.mark.django_db
OPENED, CLOSED = dt.date(2020, 1, 1), dt.date(2020, 6, 1)
LATE, EARLY = dt.date(2020, 9, 15), dt.date(2019, 9, 15)
Write = Callable[[Site, dt.date, Actor], Any]


def survey(site: Site, day: dt.date, by: Actor) -> None:
    add_survey(site=site, observation=Observation(day, SourceKind.OPERATOR), by=by)


WRITES: dict[SiteFact, Write] = {
    SiteFact.SURVEY: survey,
    SiteFact.CONDITIONS: lambda site, day, by: add_conditions(site=site, observed_on=day, answers={}, by=by),
    SiteFact.DIAGNOSIS: lambda site, day, by: set_diagnosis(site=site, status="done", on=day, by=by),
    SiteFact.EVACUATION: lambda site, day, by: add_event(site=site, kind=EventKind.EVACUATION, on=day, by=by),
    SiteFact.ARRIVAL: lambda site, day, by: link_resettlement(
        origin=factories.make_site(opened=EARLY), site=site, on=day, by=by
    ),
    SiteFact.DEPARTURE: lambda site, day, by: link_resettlement(
        origin=site, site=factories.make_site(opened=EARLY), on=day, by=by
    ),
    SiteFact.PROCEDURE: lambda site, day, by: add_procedure(
        site=site, kind=ProcedureKind.COMPLAINT, on=day, by=by
    ),
}


def close(site: Site, by: Actor, on: dt.date = CLOSED) -> None:
    close_site(site=site, by=by, closed_on=on, reason=ClosingReason.COURT)


def site_since(by: Actor) -> Site:
    site = factories.make_site("Le Pont", opened=OPENED, by=by)
    Occupation.objects.filter(site=site).update(start_is_known=True)
    return site


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def test_every_kind_is_tried() -> None:
    assert set(WRITES) == set(SiteFact) == set(WORDINGS)


@pytest.mark.parametrize("kind", SiteFact)
def test_after_the_closing_in_both_orders(cast: Cast, kind: SiteFact) -> None:
    by = factories.actor(cast.correspondent59)
    first, second = site_since(by), site_since(by)
    WRITES[kind](first, LATE, by)
    assert known_discords(first, justice=True) == []
    close(first, by)
    close(second, by)
    assert known_discords(second, justice=True) == []
    WRITES[kind](second, LATE, by)
    told = known_discords(first, justice=True)
    assert told == known_discords(second, justice=True)
    (sentence,) = told
    assert "15/09/2020" in sentence
    assert "après la fermeture du site (01/06/2020)" in sentence
    reopen_site(site=first, by=by, reason="erreur")
    assert known_discords(first, justice=True) == []


@pytest.mark.parametrize(
    "kind", [kind for kind in SiteFact if kind not in (SiteFact.SURVEY, SiteFact.PROCEDURE)]
)
def test_before_the_installation(cast: Cast, kind: SiteFact) -> None:
    """A count before the installation is refused, in both orders (tests/sites/test_services.py)."""
    by = factories.actor(cast.correspondent59)
    site = site_since(by)
    WRITES[kind](site, EARLY, by)
    (sentence,) = known_discords(site, justice=True)
    assert "avant l’installation du site (01/01/2020)" in sentence


def test_people_leave_on_the_day_it_closes(cast: Cast) -> None:
    by = factories.actor(cast.correspondent59)
    site = site_since(by)
    for kind in (SiteFact.DEPARTURE, SiteFact.EVACUATION, SiteFact.DIAGNOSIS, SiteFact.PROCEDURE):
        WRITES[kind](site, CLOSED, by)
    close(site, by)
    assert known_discords(site, justice=True) == []
    WRITES[SiteFact.SURVEY](site, CLOSED, by)
    assert len(known_discords(site, justice=True)) == 1


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_entry_ends_alike(cast: Cast, seed: int) -> None:
    """The same facts and the same closing, shuffled: the alerts of the sheet at the end are the same."""
    by = factories.actor(cast.correspondent59)
    days = itertools.cycle([LATE, dt.date(2020, 3, 1), dt.date(2020, 7, 1)])
    entries: list[Callable[[Site], Any]] = [
        lambda site, write=write, day=day: write(site, day, by)  # type: ignore[misc]
        for (write, day) in zip([*WRITES.values()] * 2, days, strict=False)
    ]
    entries.append(lambda site: close(site, by))
    ends = []
    for order in (entries, random.Random(seed).sample(entries, len(entries))):
        site = site_since(by)
        for enter_one in order:
            enter_one(site)
        sheet = site_sheet(cast.correspondent59, site)
        told = known_discords(site, justice=True)
        assert list(sheet.to_check) == told
        ends.append(told)
    assert ends[0] == ends[1]
    assert ends[0]


days = st.dates(dt.date(2020, 1, 1), dt.date(2020, 3, 31))


@given(st.lists(st.tuples(st.sampled_from(SiteFact), days)), st.none() | days, st.none() | days, st.randoms())
def test_the_order_of_the_facts_is_not_read(
    found: list[tuple[SiteFact, dt.date]], begins: dt.date | None, ends: dt.date | None, chance: random.Random
) -> None:
    facts = [Dated(kind, day) for kind, day in found]
    life = Life(begins, ends, "l’installation", "la fermeture")
    told = discords(life, facts, WORDINGS)
    assert told == discords(life, chance.sample(facts, len(facts)), WORDINGS)
    late = {
        kind for kind, day in found if ends and (day > ends if WORDINGS[kind].on_last_day else day >= ends)
    }
    early = {kind for kind, day in found if begins and day < begins and not WORDINGS[kind].early}
    assert sum("après" in one for one in told) == len(late)
    assert sum("avant" in one for one in told) == len(early)


# --- in the forms ----------------------------------------------------------------------------------------------

COUNT = {"observed_on": "15/9/2020", "source_kind": "operator", "reliability": "2", "people": "40"}
CLOSING = {"closed_on": "1/6/2020", "reason_code": "court"}


def send(client: Client, site: Site, name: str, data: dict[str, str]) -> list[str]:
    """What is said after a form was sent."""
    answer = client.post(
        reverse(f"sites:{name}", args=[site.public_id]), {**data, "submission_key": str(uuid.uuid4())}
    )
    assert answer.status_code == 302, answer.content.decode()
    return [str(one).replace("\u00a0", " ") for one in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("forms", list(itertools.permutations([("survey_add", COUNT), ("close", CLOSING)])))
def test_the_second_form_says_it(cast: Cast, forms: Any) -> None:
    by = factories.actor(cast.correspondent59)
    site, client = site_since(by), client_of(cast.correspondent59)
    sentence = "Le recensement du 15/09/2020 est daté après la fermeture du site (01/06/2020). Vérifiez les deux dates."
    (first, data), (second, more) = forms
    assert sentence not in send(client, site, first, data)
    assert sentence in send(client, site, second, more)
    page = client.get(reverse("sites:sheet", args=[site.public_id])).content.decode()
    assert "après la fermeture du site" in page
    (row,) = site_rows(
        cast.correspondent59, filtered_sites(cast.correspondent59, SiteFilter(status="closed"))
    )
    assert any("après la fermeture" in discord for discord in row.to_check)


def test_what_was_wrong_already_is_not_said_again(cast: Cast) -> None:
    by = factories.actor(cast.correspondent59)
    site, client = site_since(by), client_of(cast.correspondent59)
    send(client, site, "survey_add", COUNT)
    send(client, site, "close", CLOSING)
    client.get(reverse("sites:sheet", args=[site.public_id]))  # where the messages so far are read
    told = send(client, site, "event_add", {"kind": "visit", "on": "2/6/2020"})
    assert not any("Vérifiez les deux dates" in one for one in told)


def test_procedures_are_not_told_to_who_may_not_read_them(cast: Cast) -> None:
    by = factories.actor(cast.correspondent59)
    site = site_since(by)
    WRITES[SiteFact.PROCEDURE](site, LATE, by)
    close(site, by)
    assert known_discords(site, justice=False) == []
    assert site_sheet(cast.operator_a, site).to_check == []
    assert len(site_sheet(cast.correspondent59, site).to_check) == 1


# --- merging ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep_open", [True, False])
def test_merging_an_open_site_into_a_closed_one_says_so_and_offers_to_keep_it_open(
    cast: Cast, keep_open: bool
) -> None:
    by = factories.actor(cast.correspondent59)
    kept, other = site_since(by), site_since(by)
    close(kept, by)
    factories.make_survey(other, LATE, 40, by=by)
    client = client_of(cast.correspondent59)
    address = reverse("sites:merge", args=[kept.public_id])
    page = client.get(address, {"avec": other.public_id}).content.decode().replace("\u00a0", " ")
    assert (
        "Le site conservé est fermé depuis le 1er juin 2020, mais l’autre est ouvert : 40 personnes" in page
    )
    assert "Garder le site ouvert : annuler sa fermeture du 01/06/2020" in page
    assert "Le recensement du 15/09/2020 est daté après la fermeture du site (01/06/2020)." in page
    data = {"other": other.public_id, "reason": "même lieu", **({"keep_open": "on"} if keep_open else {})}
    told = send(client, kept, "merge", data)
    assert any("Vérifiez les deux dates" in one for one in told) is not keep_open
    open_sites = filtered_sites(cast.correspondent59, SiteFilter())
    assert open_sites.filter(pk=kept.pk).exists() is keep_open
    assert bool(Occupation.objects.known().get(site=kept).ended_on) is not keep_open


def test_nothing_to_choose_when_the_kept_site_is_open(cast: Cast) -> None:
    by = factories.actor(cast.correspondent59)
    kept, other = site_since(by), site_since(by)
    close(other, by)
    page = client_of(cast.correspondent59).get(
        reverse("sites:merge", args=[kept.public_id]), {"avec": other.public_id}
    )
    assert "keep_open" not in page.content.decode()
    assert "Le site conservé restera ouvert." in page.content.decode()
