"""Preparatory steps of many sites in one table."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.core import clock
from jalons.history.services import withdraw
from jalons.sites.enums import StepKind, StepState
from jalons.sites.models import PreparatoryStep, Site
from jalons.sites.resorption.services import set_step
from tests import factories
from tests.factories import BACKEND, LILLE, MARSEILLE, ROUBAIX, Cast

pytestmark = pytest.mark.django_db
TABLE = "/sites/etapes/?etape=technical"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def line(site: Site, kind: StepKind = StepKind.TECHNICAL, **typed: Any) -> dict[str, Any]:
    return {f"{site.public_id}-{kind}-{name}": value for name, value in typed.items()}


def sent(client: Client, sites: list[Site], *lines: dict[str, Any], address: str = TABLE) -> Any:
    data: dict[str, Any] = {"submission_key": str(uuid.uuid4())}
    for site in sites:
        data |= line(site, seen="")
    for typed in lines:
        data |= typed
    return client.post(address, data)


def standing(site: Site) -> list[tuple[str, str, dt.date | None]]:
    rows = PreparatoryStep.objects.known().filter(site=site).order_by("pk")
    return [(row.kind, row.state, row.planned_on) for row in rows]


@pytest.fixture
def three(cast: Cast) -> list[Site]:
    places = (("Rue du Moulin", LILLE), ("Quai Vert", ROUBAIX), ("Chemin Bleu", LILLE))
    return [factories.make_site(name, code) for name, code in places]


def test_a_table_writes_the_lines_that_changed(cast: Cast, three: list[Site]) -> None:
    client, (first, second, third) = signed_in(cast.correspondent59), three
    page = client.get(TABLE).content.decode()
    assert all(site.name in page for site in three)
    assert "Étapes de plusieurs sites" in page
    answer = sent(
        client,
        three,
        line(first, state="foreseen", planned_on=f"1/3/{clock.today().year + 1}"),
        line(second, state="done", on="12/02/2026"),
        line(third, state="", on="", planned_on="", led_by=""),
    )
    assert answer.status_code == 302
    assert standing(first) == [("technical", "foreseen", dt.date(clock.today().year + 1, 3, 1))]
    assert standing(second) == [("technical", "done", None)]
    assert PreparatoryStep.objects.get(site=second).valid_on == dt.date(2026, 2, 12)
    assert standing(third) == []
    # Sent as it was opened, it writes nothing.
    step = PreparatoryStep.objects.get(site=second)
    again = sent(client, [second], line(second, state="done", seen=step.pk))
    assert again.status_code == 302
    assert PreparatoryStep.objects.count() == 2


def test_a_mistake_keeps_everything_typed_and_writes_nothing(cast: Cast, three: list[Site]) -> None:
    client, (first, second, third) = signed_in(cast.correspondent59), three
    wrong = (
        line(first, state="done", on="12/02/2026"),
        line(second, state="foreseen"),
        line(third, state="not_needed"),
    )
    page = sent(client, three, *wrong).content.decode()
    for words in (
        "Rien n’est enregistré",
        "Dites pour quand elle est prévue",
        "dites pourquoi",
        "12/02/2026",
    ):
        assert words in page
    assert PreparatoryStep.objects.count() == 0


def test_the_second_of_two_people_reads_what_the_first_wrote(cast: Cast, three: list[Site]) -> None:
    client, (first, second, _) = signed_in(cast.correspondent59), three
    by = factories.actor(cast.correspondent59)
    theirs = set_step(site=first, kind=StepKind.TECHNICAL, state=StepState.UNDER_WAY, on=clock.today(), by=by)
    lines = (line(first, state="done"), line(second, state="done"))
    answer = sent(client, three, *lines)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "a écrit entre-temps" in page
    assert f'name="{first.public_id}-technical-theirs"' in page
    assert f'name="{second.public_id}-technical-theirs"' not in page
    assert f'value="{theirs.pk}"' in page
    assert [standing(site) for site in (first, second)] == [[("technical", "under_way", None)], []]
    assert sent(client, three, line(first, state="done", seen=theirs.pk), lines[1]).status_code == 302
    assert standing(second) == [("technical", "done", None)]
    assert ("technical", "done", None) in standing(first)


def test_what_was_left_as_it_was_undoes_nobody_and_what_the_other_wrote_may_stay(
    cast: Cast, three: list[Site]
) -> None:
    client, (first, second, third) = signed_in(cast.correspondent59), three
    by = factories.actor(cast.correspondent59)

    def write(site: Site, state: str) -> PreparatoryStep:
        return set_step(site=site, kind=StepKind.TECHNICAL, state=state, on=clock.today(), by=by)

    before = [write(site, StepState.UNDER_WAY) for site in three]
    opened = [line(site, state="under_way", seen=step.pk) for site, step in zip(three, before, strict=True)]
    theirs = [write(site, StepState.DONE) for site in three[:2]]
    # The first line was left as it was: what somebody else wrote there stays, and nothing is asked.
    assert sent(client, three, opened[0], opened[2] | line(third, state="done")).status_code == 302
    assert standing(first)[-1] == standing(third)[-1] == ("technical", "done", None)
    # On the second, both wrote: what the other one wrote may stay.
    mine = opened[1] | line(second, planned_on=f"1/3/{clock.today().year + 1}")
    assert sent(client, three[:2], opened[0], mine).status_code == 409
    kept = mine | line(second, seen=theirs[1].pk, theirs="on")
    count = PreparatoryStep.objects.count()
    assert sent(client, three[:2], opened[0], kept).status_code == 302
    assert PreparatoryStep.objects.count() == count
    # What was withdrawn meanwhile is said as well.
    withdraw(fact=theirs[1], by=by, reason="Erreur")
    answer = sent(client, [second], line(second, state="foreseen", planned_on="1/3/2030", seen=theirs[1].pk))
    assert answer.status_code == 409


def test_several_steps_in_one_table(cast: Cast, three: list[Site]) -> None:
    """All the steps asked for, site by site; two people on two steps of a site do not meet, on one they do."""
    client, (first, second, _) = signed_in(cast.correspondent59), three
    address = f"{TABLE}&etape=social&etape=opening&etape=intruse&departement=59"
    by, social = factories.actor(cast.correspondent59), StepKind.SOCIAL
    page = client.get(address).content.decode()
    assert page.count("<tbody>") == page.count('scope="rowgroup"') == 3
    kinds = ("technical", "social", "opening")
    assert all(f'name="{site.public_id}-{kind}-seen"' in page for site in three for kind in kinds)
    assert "Diagnostic technique, Diagnostic social et Ouverture" in page
    theirs = set_step(site=first, kind=social, state=StepState.UNDER_WAY, on=clock.today(), by=by)
    lines = (line(first, state="done"), line(second, social, state="done", on="12/02/2026"))
    assert sent(client, three, *lines, address=address).status_code == 302
    assert standing(first) == [("social", "under_way", None), ("technical", "done", None)]
    assert standing(second) == [("social", "done", None)]
    done = PreparatoryStep.objects.get(site=first, kind="technical")
    both = line(first, state="done", seen=done.pk) | line(first, social, state="done")
    answer = sent(client, [first], both, address=address)
    assert answer.status_code == 409
    assert "Écrit entre-temps\u00a0: Diagnostic social, Rue du Moulin (" in answer.content.decode()
    assert f'value="{theirs.pk}"' in answer.content.decode()
    assert PreparatoryStep.objects.count() == 3
    # A step that the table does not show is not written, whatever is sent.
    sent(client, [second], line(second, StepKind.POLITICAL, state="done"), address=address)
    assert PreparatoryStep.objects.count() == 3
    # Nine steps are three sites a page: no page is longer for it.
    factories.make_site("Allée Rouge", LILLE)
    every = "&".join(f"etape={kind}" for kind in StepKind)
    whole = client.get(f"/sites/etapes/?{every}").content.decode()
    assert whole.count('scope="rowgroup"') == 3
    assert "Sites suivants" in whole


def test_only_the_sites_that_one_may_update(cast: Cast, three: list[Site]) -> None:
    """Neither shown nor written, whatever is sent; a site closed meanwhile is said."""
    elsewhere = factories.make_site("Chemin Caché", MARSEILLE)
    client = signed_in(cast.correspondent59)
    assert "Chemin Caché" not in client.get(TABLE).content.decode()
    page = sent(client, [three[0], elsewhere], line(elsewhere, state="done"), line(three[0], state="done"))
    assert "ne se modifie plus ici" in page.content.decode()
    factories.close_site(three[1], clock.today())
    closed = sent(client, [three[1]], line(three[1], state="done"))
    assert closed.status_code == 200
    assert "ne se modifie plus ici" in closed.content.decode()
    assert PreparatoryStep.objects.count() == 0
    for user in (cast.national, cast.observer, cast.nobody):
        assert signed_in(user).get(TABLE).status_code == 403


def test_as_many_queries_for_many_sites(cast: Cast, three: list[Site]) -> None:
    client = signed_in(cast.correspondent59)

    def cost(address: str = TABLE) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    few = cost()
    for number in range(8):
        site = factories.make_site(f"Place {number}", LILLE)
        factories.make_step(site, clock.today(), StepKind.TECHNICAL)
    assert cost() == few <= 15
    assert cost(f"{TABLE}&etape=social&etape=opening") == few


@pytest.mark.parametrize(
    "query", ["etape=intruse", "departement=zz%00", "page=-4", "page=9999", "etape=social&page=x"]
)
def test_what_cannot_be_read_filters_nothing(cast: Cast, three: list[Site], query: str) -> None:
    assert signed_in(cast.correspondent59).get(f"/sites/etapes/?{query}").status_code == 200


def test_one_puts_oneself_in_charge_or_leaves_who_is(cast: Cast, three: list[Site]) -> None:
    client, me, (first, second, third) = signed_in(cast.correspondent59), cast.correspondent59, three
    other = factories.make_user("correspondent", "59", name="Camille Autre")
    by = factories.actor(cast.correspondent59)
    seen = set_step(
        site=second, kind=StepKind.TECHNICAL, by=by, state="done", on=dt.date(2026, 2, 1), led_by_person=other
    )
    page = client.get(TABLE).content.decode()
    assert page.count(">Moi<") == 3
    assert page.count("Camille Autre") == 1, "who is in charge is named where they are"
    answer = sent(
        client,
        three,
        line(first, state="done", led_by_person=me.pk),
        line(second, seen=seen.pk, state="done", led_by_person=other.pk),
        line(third, state="done", led_by_person=other.pk),  # forged: not offered on this line
    )
    assert answer.status_code == 200
    assert PreparatoryStep.objects.count() == 1
    as_it_was = line(second, seen=seen.pk, state="done", led_by_person=other.pk)
    assert (
        sent(client, [first, second], line(first, state="done", led_by_person=me.pk), as_it_was).status_code
        == 302
    )
    assert PreparatoryStep.objects.get(site=first).led_by_person == me
    assert PreparatoryStep.objects.filter(site=second).count() == 1
