"""Fusionner deux sites: one place, both pasts."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalons.accounts.models import User
from jalons.core.values import Value
from jalons.editing.refusals import Refused
from jalons.history.querysets import AsOf
from jalons.sites.figures import list_sums
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Ownership,
    Procedure,
    Resettlement,
    Site,
    SiteEvent,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.nearby import nearby_sites
from jalons.sites.selectors import SiteFilter, filtered_sites, site_sheet
from jalons.sites.services import (
    Departure,
    Observation,
    add_survey,
    close_site,
    link_resettlement,
    merge_sites,
)
from tests.factories import (
    BACKEND,
    MARSEILLE,
    ROUBAIX,
    Cast,
    actor,
    make_alias,
    make_conditions,
    make_diagnosis,
    make_event,
    make_ownership,
    make_procedure,
    make_site,
    make_survey,
    make_user,
)
from tests.worlds import stored

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.now() - dt.timedelta(days=1)
LAST_WEEK = timezone.now() - dt.timedelta(days=7)


def long_ago(site: Site) -> Site:
    """As if it had been known for a week."""
    for model in (Occupation, Survey, LivingConditions, Procedure, SiteEvent):
        model._default_manager.filter(site=site).update(recorded_at=LAST_WEEK)
    return site


def new_kept(cast: Cast) -> Site:
    site = make_site("Les Tilleuls", opened=dt.date(2019, 3, 1), latitude=50.62, longitude=3.05)
    make_survey(site, dt.date(2020, 1, 10), 40, minors=15)
    return long_ago(site)


stored_kept, kept = stored(new_kept)


def new_duplicate(cast: Cast) -> Site:
    site = make_site("Camp du canal", opened=dt.date(2018, 6, 1), address="Quai du Canal", kind="land")
    make_alias(site, "Le Quai", "la mairie")
    make_survey(site, dt.date(2020, 2, 5), 45)
    make_survey(site, dt.date(2019, 2, 5), 20)
    make_conditions(site, dt.date(2020, 2, 5), answers={})
    make_diagnosis(site, dt.date(2020, 2, 6))
    make_procedure(site, dt.date(2020, 2, 7))
    make_ownership(site, dt.date(2020, 2, 8))
    make_event(site, dt.date(2020, 2, 9))
    return long_ago(site)


stored_duplicate, duplicate = stored(new_duplicate)


def people(user: User, at: AsOf) -> tuple[int, Any]:
    sums = list_sums(filtered_sites(user, SiteFilter(), at))
    return sums.sites, sums.people.display()


def merged(kept: Site, duplicate: Site, cast: Cast) -> Site:
    return merge_sites(
        survivor=kept, duplicate=duplicate, by=actor(cast.correspondent59), reason="même terrain"
    )


# --- what becomes of the facts ---------------------------------------------------------------------------------


def test_everything_observed_goes_to_the_kept_site(kept: Site, duplicate: Site, cast: Cast) -> None:
    merged(kept, duplicate, cast)
    assert Survey.objects.known().filter(site=kept).count() == 3
    for model in (LivingConditions, SocialDiagnosis, Procedure, Ownership, SiteEvent):
        assert model._default_manager.known().filter(site=kept).count() == 1, model
        assert not model._default_manager.known().filter(site=duplicate).exists(), model
    assert not Occupation.objects.known().filter(site=duplicate).exists()
    duplicate.refresh_from_db()
    assert duplicate.merged_into == kept


def test_the_figures_that_stand_are_chosen_again(kept: Site, duplicate: Site, cast: Cast) -> None:
    merged(kept, duplicate, cast)

    def figure(day: dt.date) -> Any:
        at = AsOf(valid=day)
        found = (
            Site.objects.on(at).with_figure(at).filter(pk=kept.pk).values_list("figure__people", flat=True)
        )
        return list(found)

    assert figure(dt.date(2020, 3, 1)) == [45]
    assert figure(dt.date(2020, 1, 20)) == [40]
    assert figure(dt.date(2019, 6, 1)) == [20]
    assert figure(dt.date(2018, 7, 1)) == [None]
    # In force on any date: one and only one of those that count.
    for survey in Survey.objects.filter(superseded_at__isnull=False):
        assert survey.holds_until == survey.valid_on


def test_sums_are_not_doubled(kept: Site, duplicate: Site, cast: Cast) -> None:
    user, day = cast.correspondent59, dt.date(2020, 3, 1)
    assert people(user, AsOf(valid=day)) == (2, "85")
    merged(kept, duplicate, cast)
    assert people(user, AsOf(valid=day)) == (1, "45")


def test_what_was_known_before_is_still_two_sites(kept: Site, duplicate: Site, cast: Cast) -> None:
    merged(kept, duplicate, cast)
    before = AsOf(valid=dt.date(2020, 3, 1), known=YESTERDAY.date())
    assert people(cast.correspondent59, before) == (2, "85")
    sheets = [site_sheet(cast.correspondent59, site, before) for site in (kept, duplicate)]
    assert [sheet.figure.people for sheet in sheets if sheet.figure] == [40, 45]
    assert [len(sheet.procedures or ()) for sheet in sheets] == [0, 1]
    assert sheets[1].occupation is not None
    assert sheets[1].occupation.valid_on == dt.date(2018, 6, 1)
    today = site_sheet(cast.correspondent59, duplicate)
    assert (today.occupation, list(today.surveys)) == (None, [])


def test_authors_sources_and_reasons_stay_readable(kept: Site, duplicate: Site, cast: Cast) -> None:
    first = Survey.objects.known().get(site=duplicate, people=45)
    merged(kept, duplicate, cast)
    versions = list(Survey.objects.versions_of(first.lineage))
    assert [version.site for version in versions] == [duplicate, kept]
    assert versions[0].author == first.author
    assert versions[1].author == cast.correspondent59
    assert versions[1].reason == "fusion avec «\u00a0Camp du canal\u00a0»\u00a0: même terrain"
    line = duplicate.history.order_by("-history_id")[0]
    assert line.history_change_reason == "fusionné dans «\u00a0Les Tilleuls\u00a0»\u00a0: même terrain"


def test_names_go_along_and_lead_to_the_kept_site(kept: Site, duplicate: Site, cast: Cast) -> None:
    make_alias(kept, "le quai")
    merged(kept, duplicate, cast)
    assert sorted(kept.aliases.values_list("name", "used_by")) == [("Camp du canal", ""), ("le quai", "")]
    found = filtered_sites(cast.correspondent59, SiteFilter(q="camp du canal"))
    assert [site.pk for site in found] == [kept.pk]


def test_what_the_kept_site_did_not_say_is_taken(kept: Site, duplicate: Site, cast: Cast) -> None:
    merged(kept, duplicate, cast)
    kept.refresh_from_db()
    assert (kept.address, kept.kind, kept.latitude) == ("Quai du Canal", "land", 50.62)
    assert "quai du canal" in kept.search_text
    assert kept.version == 2


def test_the_older_installation_wins(kept: Site, duplicate: Site, cast: Cast) -> None:
    Occupation.objects.filter(site=duplicate).update(starts_text="juin 2018", start_is_known=True)
    Occupation.objects.filter(site=kept).update(starts_text="mars 2019", start_is_known=True)
    merged(kept, duplicate, cast)
    current = Occupation.objects.known().get(site=kept)
    assert (current.valid_on, current.starts_text) == (dt.date(2018, 6, 1), "juin 2018")


def test_the_younger_installation_does_not(kept: Site, duplicate: Site, cast: Cast) -> None:
    merged(duplicate, kept, cast)
    assert Occupation.objects.known().get(site=duplicate).valid_on == dt.date(2018, 6, 1)


def test_where_the_people_went_is_neither_lost_nor_doubled(kept: Site, duplicate: Site, cast: Cast) -> None:
    by, day = actor(cast.correspondent59), dt.date(2020, 6, 1)
    housed = [Departure("housing", Value.of(12), Value.empty())]
    close_site(site=duplicate, by=by, closed_on=day, reason="court", departures=housed)
    close_site(site=kept, by=by, closed_on=day, reason="court")
    merged(kept, duplicate, cast)
    current = Occupation.objects.known().get(site=kept)
    assert [row.people for row in current.orientations.all()] == [12]
    third = make_site("Encore")
    close_site(site=third, by=by, closed_on=day, reason="court", departures=housed)
    merged(kept, third, cast)
    assert [row.people for row in Occupation.objects.known().get(site=kept).orientations.all()] == [12]


def test_resettlements_follow_once(kept: Site, duplicate: Site, cast: Cast) -> None:
    by, day = actor(cast.correspondent59), dt.date(2019, 1, 1)
    origin, later = make_site("Origine"), make_site("Suite")
    link_resettlement(origin=origin, site=kept, on=day, by=by, people=Value.of(10))
    link_resettlement(origin=origin, site=duplicate, on=day, by=by)
    link_resettlement(origin=duplicate, site=later, on=day, by=by, people=Value.of(3))
    link_resettlement(origin=kept, site=later, on=day, by=by, people=Value.of(4))
    link_resettlement(origin=duplicate, site=kept, on=day, by=by)
    merged(kept, duplicate, cast)
    links = Resettlement.objects.known().order_by("people").values_list("origin", "site", "people")
    assert list(links) == [
        (kept.pk, later.pk, 3),
        (kept.pk, later.pk, 4),
        (origin.pk, kept.pk, 10),
    ]


def test_a_chain_of_merges_leads_to_the_last(kept: Site, duplicate: Site, cast: Cast, client: Client) -> None:
    last = make_site("Dernier")
    merged(kept, duplicate, cast)
    merged(last, kept, cast)
    assert Survey.objects.known().filter(site=last).count() == 3
    assert {alias.name for alias in last.aliases.all()} == {"Camp du canal", "Le Quai", "Les Tilleuls"}
    client.force_login(cast.correspondent59, BACKEND)
    answer = client.get(f"/sites/{duplicate.public_id}/modifier/", follow=False)
    assert answer.url == f"/sites/{kept.public_id}/"


def test_what_makes_no_sense_is_refused(kept: Site, duplicate: Site, cast: Cast) -> None:
    with pytest.raises(Refused):
        merged(kept, kept, cast)
    merged(kept, duplicate, cast)
    with pytest.raises(Refused):
        merged(kept, duplicate, cast)
    with pytest.raises(Refused):
        merged(duplicate, kept, cast)
    assert Survey.objects.known().filter(site=kept).count() == 3


def test_a_merged_site_is_no_neighbour_and_is_not_observed(kept: Site, duplicate: Site, cast: Cast) -> None:
    merged(kept, duplicate, cast)
    found = nearby_sites(cast.correspondent59, commune=kept.commune_id, names=["Camp du canal"])
    assert [one.site.pk for one in found] == [kept.pk]
    again = Observation(observed_on=dt.date(2020, 3, 1), source_kind="state")
    with pytest.raises(Refused):
        add_survey(site=duplicate, observation=again, by=actor(cast.correspondent59))


# --- the screen ------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.correspondent59, BACKEND)
    return client


def address(site: Site) -> str:
    return f"/sites/{site.public_id}/fusionner/"


def page(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode()).replace("\u00a0", " ")


def sent(other: Site, **fields: str) -> dict[str, str]:
    shown = {"submission_key": str(uuid.uuid4()), "other": other.public_id, "reason": "même terrain"}
    return {**shown, **fields}


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request)).replace("\u00a0", " ")


def test_the_other_site_is_proposed_or_searched(clerk: Client, kept: Site, duplicate: Site) -> None:
    near = make_site("Voisin", latitude=50.6201, longitude=3.0501)
    make_site("Loin", MARSEILLE)
    assert near.name in page(clerk.get(address(kept)))
    by_name = page(clerk.get(address(kept), {"q": "canal"}))
    assert f"?avec={duplicate.public_id}" in by_name
    by_url = page(clerk.get(address(kept), {"q": f"http://localhost/sites/{duplicate.public_id}/"}))
    assert f"?avec={duplicate.public_id}" in by_url
    assert "?avec=" not in page(clerk.get(address(kept), {"q": "loin"})).split("Résultats")[1]
    for odd in ("\x00", "x" * 5_000, "' or 1=1 --", "%", "<script>"):
        assert "<script>" not in page(clerk.get(address(kept), {"q": odd}))


def test_both_are_shown_with_what_will_happen(clerk: Client, kept: Site, duplicate: Site) -> None:
    shown = page(clerk.get(address(kept), {"avec": duplicate.public_id}))
    for words in (
        "Les Tilleuls",
        "Camp du canal",
        "Quai du Canal",
        "40 personnes, le 10/01/2020",
        "45 personnes, le 05/02/2020",
        "Le chiffre du site sera : 45 personnes",
        "2 recensements",
        "Ce que le site conservé ne disait pas est repris : l’adresse et le type de site.",
        "Le site est connu depuis le 1er juin 2018.",
        f"/sites/{duplicate.public_id}/fusionner/?avec={kept.public_id}",
    ):
        assert words in shown
    assert Site.objects.filter(merged_into__isnull=False).count() == 0


def test_a_closed_and_an_open_site_are_told_apart(clerk: Client, kept: Site, cast: Cast) -> None:
    closed = make_site("Fermé", closed=dt.date(2020, 5, 1))
    assert "Le site conservé restera ouvert." in page(clerk.get(address(kept), {"avec": closed.public_id}))
    assert "est fermé depuis le 1er mai 2020" in page(clerk.get(address(closed), {"avec": kept.public_id}))


def test_merging_leads_to_the_kept_sheet_once(clerk: Client, kept: Site, duplicate: Site) -> None:
    fields = sent(duplicate)
    first = clerk.post(address(kept), fields)
    assert first.url == f"/sites/{kept.public_id}/"
    assert "« Camp du canal » est fusionné dans « Les Tilleuls »." in said(first)
    assert clerk.post(address(kept), fields).url == first.url
    assert Survey.objects.known().filter(site=kept).count() == 3
    # Another sending, later, is told that it is done.
    assert "fusionné avec un autre" in page(clerk.post(address(kept), sent(duplicate)))
    assert clerk.get(address(kept), {"avec": duplicate.public_id}).status_code == 302


@pytest.mark.parametrize("reason", ["", "x" * 151, "\x00", "y" * 100_000])
def test_a_reason_is_needed(clerk: Client, kept: Site, duplicate: Site, reason: str) -> None:
    assert "à corriger" in page(clerk.post(address(kept), sent(duplicate, reason=reason)))
    assert Site.objects.standing().count() == 2


@pytest.mark.parametrize("other", ["inconnu", "\x00", "x" * 3_000, "../.."])
def test_the_other_site_must_exist(clerk: Client, kept: Site, other: str) -> None:
    assert clerk.get(address(kept), {"avec": other}).status_code == 404
    assert clerk.post(address(kept), {"other": other, "reason": "x"}).status_code == 404


def test_a_site_is_not_merged_with_itself(clerk: Client, kept: Site) -> None:
    assert clerk.post(address(kept), sent(kept)).status_code == 404


def test_both_sites_must_be_within_the_right(cast: Cast, client: Client, kept: Site, duplicate: Site) -> None:
    for user, status in (
        (cast.operator_a, 403),
        (cast.mairie, 403),
        (cast.correspondent13, 403),
        (cast.operator13, 403),
    ):
        client.force_login(user, BACKEND)
        assert client.get(address(kept)).status_code == status
        assert client.post(address(kept), sent(duplicate)).status_code == status
    far = make_site("Loin", MARSEILLE)
    client.force_login(cast.correspondent59, BACKEND)
    assert client.get(address(kept), {"avec": far.public_id}).status_code == 403
    assert client.post(address(kept), sent(far)).status_code == 403
    assert client.post(address(far), sent(kept)).status_code == 403
    assert Site.objects.standing().count() == 3


def test_procedures_are_compared_only_by_who_may_read_them(
    cast: Cast, client: Client, kept: Site, duplicate: Site
) -> None:
    client.force_login(cast.correspondent59, BACKEND)
    assert "Procédures" in page(client.get(address(kept), {"avec": duplicate.public_id}))
    blind = make_user("correspondent", "59", refused=["read_justice"])
    client.force_login(blind, BACKEND)
    assert "Procédures" not in page(client.get(address(kept), {"avec": duplicate.public_id}))


def test_the_cost_of_the_pages_does_not_grow(clerk: Client, kept: Site, duplicate: Site) -> None:
    def cost(**query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            clerk.get(address(kept), query)
        return len(queries)

    compared, found = cost(avec=duplicate.public_id), cost(q="camp")
    compared, found = cost(avec=duplicate.public_id), cost(q="camp")
    for number in range(4):
        make_survey(duplicate, dt.date(2020, 3, 1 + number), 30)
        make_site(f"Camp {number}", ROUBAIX)
    assert (cost(avec=duplicate.public_id), cost(q="camp")) == (compared, found)
