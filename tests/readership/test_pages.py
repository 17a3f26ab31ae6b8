"""The page of readers, the traces of what is sensitive, and the e-mail « nouveau lecteur »."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError
from django.test import Client

from jalons.accounts.enums import OrganisationCategory, OrganisationKind, Right, Role
from jalons.accounts.models import Grant, Membership
from jalons.core.clock import paris_day
from jalons.history.services import save_record
from jalons.readership import services
from jalons.readership.models import KnownReaders, SensitiveReading
from jalons.readership.newcomers import tell_new_readers
from jalons.sites.models import Site
from tests import factories
from tests.factories import Cast

DAY = dt.date(2020, 2, 1)
BACKEND = "jalons.accounts.backends.SessionBackend"


@pytest.fixture
def site(cast: Cast) -> Site:
    site = factories.make_site()
    factories.make_procedure(site, DAY)
    factories.make_ownership(site, DAY)
    return site


def get(client: Client, user: Any, path: str) -> Any:
    client.force_login(user, BACKEND)
    return client.get(path)


def readers_page(client: Client, user: Any, site: Site) -> str:
    return get(client, user, f"/lecteurs/site/{site.public_id}/").content.decode()


def test_the_page_names_organisations_and_counts_people_block_by_block(
    client: Client, cast: Cast, site: Site
) -> None:
    page = readers_page(client, cast.operator_a, site)
    sheet, justice, owner = (
        part.split("</section>")[0] for part in page.split('<section class="j-card">')[1:4]
    )
    assert "Les amis de Lille" in sheet
    assert "Solidarité Nord" in sheet
    assert "Les amis de Lille" not in justice
    assert "DDETS du Nord" in justice
    assert "Administration nationale" in owner


def test_the_page_is_for_those_who_read_the_thing(client: Client, cast: Cast, site: Site) -> None:
    assert get(client, cast.operator13, f"/lecteurs/site/{site.public_id}/").status_code == 404
    assert get(client, cast.operator13, f"/lecteurs/autre/{site.public_id}/").status_code == 404


def test_as_many_queries_for_one_reader_as_for_many(
    client: Client, cast: Cast, site: Site, django_assert_max_num_queries: Any
) -> None:
    path = f"/lecteurs/site/{site.public_id}/"
    get(client, cast.operator_a, path)
    for number in range(6):
        factories.make_user(Role.OPERATOR, "59", email=f"lecteur{number}@exemple.test")
    with django_assert_max_num_queries(40):
        client.get(path)


@pytest.mark.parametrize("path", ["/sites/{}/", "/sites/{}/historique/", "/sites/{}/fiche.pdf"])
def test_reading_a_procedure_leaves_one_trace_a_day(
    client: Client, cast: Cast, site: Site, path: str
) -> None:
    for _ in range(2):
        answer = get(client, cast.correspondent59, path.format(site.public_id))
        assert answer.status_code == 200
    traces = SensitiveReading.objects.about(site)
    assert {trace.right for trace in traces} == {Right.READ_JUSTICE, Right.READ_OWNER}
    assert {trace.user_id for trace in traces} == {cast.correspondent59.pk}


def test_who_sees_no_sensitive_block_leaves_no_trace(client: Client, cast: Cast, site: Site) -> None:
    get(client, cast.operator_a, f"/sites/{site.public_id}/")
    assert not SensitiveReading.objects.exists()


def test_the_traces_are_shown_to_those_who_write_the_block(client: Client, cast: Cast, site: Site) -> None:
    get(client, cast.national, f"/sites/{site.public_id}/")
    path = f"/lecteurs/site/{site.public_id}/lectures/"
    page = get(client, cast.correspondent59, path).content.decode()
    assert "Alix National" in page
    assert "Lire les procédures" in page
    assert get(client, cast.operator_a, path).status_code == 403
    assert get(client, cast.operator13, path).status_code == 404


def test_who_manages_accounts_sees_the_readings_by_their_organisations(
    client: Client, cast: Cast, site: Site
) -> None:
    for reader in (cast.national, cast.correspondent59):
        get(client, reader, f"/sites/{site.public_id}/")
    page = get(client, cast.local_admin, "/administration/lectures/").content.decode()
    assert "Camille Nord" in page
    assert "Alix National" not in page


def test_a_base_that_takes_no_write_does_not_stop_the_reading(
    client: Client, cast: Cast, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(services.SensitiveReading.objects, "bulk_create", full)
    assert get(client, cast.correspondent59, f"/sites/{site.public_id}/").status_code == 200


def test_traces_are_forgotten_after_a_year(cast: Cast, site: Site) -> None:
    services.note_reading(user=cast.national, thing=site, rights=[Right.READ_OWNER])
    services.note_reading(user=cast.admin, thing=site, rights=[Right.READ_OWNER])
    old = paris_day() - dt.timedelta(days=366)
    SensitiveReading.objects.filter(user=cast.national).update(day=old)
    services.forget_old_readings()
    assert [trace.user for trace in SensitiveReading.objects.all()] == [cast.admin]


def join(cast: Cast, kind: OrganisationKind, code: str = "59", **dates: Any) -> Membership:
    """Somebody of an organisation of this kind begins to work as a contributor."""
    organisation = factories.make_organisation(
        f"Structure {kind}", code, kind=kind, category=OrganisationCategory.PARTNER
    )
    user = factories.make_user(
        Role.CONTRIBUTOR, code, organisation=organisation, email=f"{kind}@exemple.test"
    )
    membership = user.memberships.get()
    for name, value in dates.items():
        setattr(membership, name, value)
    return save_record(record=membership, by=factories.actor(cast.local_admin))


@pytest.fixture
def known(cast: Cast) -> None:
    """Those who read when Jalons is put to use are nobody's news."""
    tell_new_readers()
    assert not mail.outbox


def letters() -> dict[str, str]:
    return {letter.to[0]: str(letter.body) for letter in mail.outbox}


def test_a_new_kind_of_organisation_is_told_to_those_who_feed_the_territory(cast: Cast, known: None) -> None:
    join(cast, OrganisationKind.SCHOOL, ends_on=dt.date(2099, 6, 30))
    tell_new_readers()
    body = letters()[cast.operator_a.email]
    assert "Structure school (Éducation nationale)" in body
    assert "voir les sites, Nord. Accordé par Noor Comptes, jusqu’au 30/06/2099." in body
    assert cast.operator13.email not in letters()
    assert "school@exemple.test" not in letters()


def test_it_is_told_once_and_again_after_it_left(cast: Cast, known: None) -> None:
    membership = join(cast, OrganisationKind.SCHOOL)
    tell_new_readers()
    assert mail.outbox
    mail.outbox.clear()
    tell_new_readers()
    assert not mail.outbox
    membership.starts_on = membership.ends_on = paris_day() - dt.timedelta(days=1)
    save_record(record=membership, by=None)
    tell_new_readers()
    assert not KnownReaders.objects.standing().filter(kind=OrganisationKind.SCHOOL).exists()
    membership.ends_on = None
    save_record(record=membership, by=None)
    tell_new_readers()
    assert cast.operator_a.email in letters()


def test_another_organisation_of_a_known_kind_is_no_news(cast: Cast, known: None) -> None:
    join(cast, OrganisationKind.HEALTH)
    tell_new_readers()
    assert not mail.outbox


def test_a_right_given_by_name_is_told_with_who_gave_it(cast: Cast, known: None) -> None:
    grant = Grant(
        membership=cast.contributor.memberships.get(),
        right=Right.READ_JUSTICE,
        ends_on=dt.date(2099, 3, 3),
    )
    save_record(record=grant, by=factories.actor(cast.admin))
    tell_new_readers()
    body = letters()[cast.correspondent59.email]
    assert "Santé pour tous (Acteur de santé)" in body
    assert "lire les procédures, Nord. Accordé par Eden Comptes, jusqu’au 03/03/2099." in body


def test_the_page_of_a_thing_names_the_new_readers_of_its_territory(
    client: Client, cast: Cast, site: Site, known: None
) -> None:
    join(cast, OrganisationKind.SCHOOL)
    tell_new_readers()
    assert "Structure school" in readers_page(client, cast.operator_a, site).split("Nouveaux lecteurs")[1]


@pytest.mark.parametrize("parameter", ["connu-le", "au"])
def test_the_past_is_read_with_the_rights_of_today(client: Client, cast: Cast, parameter: str) -> None:
    site = factories.make_site()
    factories.make_procedure(site, DAY)
    grant = Grant(
        membership=cast.operator_a.memberships.get(),
        right=Right.READ_JUSTICE,
        starts_on=dt.date(2019, 1, 1),
        ends_on=paris_day() - dt.timedelta(days=1),
    )
    save_record(record=grant, by=None)
    page = get(
        client, cast.operator_a, f"/sites/{site.public_id}/?{parameter}={paris_day()}"
    ).content.decode()
    assert "avec vos droits d’aujourd’hui" in page
    assert "Vous n’avez pas accès aux procédures" in page
