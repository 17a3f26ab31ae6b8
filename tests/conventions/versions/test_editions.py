"""Frozen versions: what is frozen stays, and says so; entry is never stopped, transmission is."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.alerts.services import blocking
from jalons.conventions.changes.between import changes
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.enums import ConventionRole, ConventionState, EditionKind
from jalons.conventions.models import Acknowledgement, Convention, Edition
from jalons.conventions.versions.editions import EditionAltered, freeze, frozen_dossier, is_intact
from tests import factories
from tests.conventions.people import pilot_of, seated, signed_in
from tests.conventions.samples import make_convention, sample, two_departements
from tests.forms import form_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def convention(stored_alone: int, db: None) -> Convention:
    return Convention.objects.get(pk=stored_alone)


def wrong_convention() -> Convention:
    """Its first sheet announces 10 000 € that its parts do not make: an error."""
    told = sample("fausse-2022")
    told["fiches"][0]["budget"][0]["total"]["amount"] += 10_000
    return make_convention(told)


def frozen(convention: Convention) -> Edition:
    by = factories.actor(pilot_of(convention))
    return freeze(convention=convention, kind=EditionKind.VOTE, title="Version votée", by=by)


def address(convention: Convention, name: str, *more: str) -> str:
    return reverse(f"conventions:{name}", args=[convention.slug, *more])


def test_what_is_frozen_says_what_is_being_written(convention: Convention) -> None:
    edition = frozen(convention)
    assert changes(frozen_dossier(edition), read_dossier(convention)) == []
    assert is_intact(edition)


def test_a_version_changed_outside_is_told(convention: Convention) -> None:
    edition = frozen(convention)
    edition.content["conventions"][0]["title"] = "Autre titre"
    edition.save()
    assert not is_intact(edition)
    with pytest.raises(EditionAltered):
        frozen_dossier(edition)
    url = address(convention, "edition", edition.public_id)
    page = signed_in(pilot_of(convention)).get(url).content.decode()
    assert "altérée" in page
    assert "Autre titre" not in page


def test_freezing_for_the_vote_makes_the_convention_voted(convention: Convention) -> None:
    pilot = pilot_of(convention)
    client, url = signed_in(pilot), address(convention, "freeze")
    for alert in blocking(convention):
        pytest.fail(f"{alert.where}: {alert.message}")
    answer = client.post(url, form_to(client.get(url), url).filled({}))
    assert answer.status_code == 302
    convention.refresh_from_db()
    assert convention.state == ConventionState.VOTED
    [edition] = convention.editions.all()
    assert edition.organisation == factories.organisation_of(pilot)
    page = client.get(address(convention, "edition", edition.public_id)).content.decode()
    assert "intègre" in page
    assert edition.digest in page
    assert "300\u202f000\u00a0€" in page


def test_an_error_stops_the_freeze_until_somebody_answers_for_it(territories: Any) -> None:
    convention = wrong_convention()
    client, url = signed_in(pilot_of(convention)), address(convention, "freeze")
    page = client.get(url)
    count = len(blocking(convention))
    assert count
    assert "ni corrigée" in page.content.decode()
    answer = client.post(url, form_to(page, url).filled({}))
    assert answer.status_code == 200
    assert not convention.editions.exists()
    reasoned = form_to(answer, url).filled({"reason": "Montant du préfet, à revoir par avenant"})
    assert client.post(url, reasoned).status_code == 302
    assert convention.editions.count() == 1
    assert Acknowledgement.objects.filter(convention=convention).count() == count
    assert not blocking(convention)


def test_what_changed_while_one_reads_is_read_again_before_it_is_frozen(convention: Convention) -> None:
    client, url = signed_in(pilot_of(convention)), address(convention, "freeze")
    page = form_to(client.get(url), url)
    touched(convention=convention, scopes=())
    answer = client.post(url, page.filled({}))
    assert answer.status_code == 409
    assert "La convention a changé" in answer.content.decode()
    assert not convention.editions.exists()
    assert client.post(url, form_to(answer, url).filled({})).status_code == 302


def test_a_freeze_sent_twice_makes_one_version(convention: Convention) -> None:
    client, url = signed_in(pilot_of(convention)), address(convention, "freeze")
    page = form_to(client.get(url), url).filled({})
    client.post(url, page)
    client.post(url, page)
    assert convention.editions.count() == 1


def test_only_those_who_write_freeze(convention: Convention) -> None:
    client = signed_in(seated(convention, ConventionRole.FINANCE))
    assert client.get(address(convention, "freeze")).status_code == 403
    assert "Figer une version" not in client.get(address(convention, "amendments")).content.decode()


def test_the_list_of_versions_does_not_read_what_they_contain(
    convention: Convention, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        frozen(convention)
    client = signed_in(pilot_of(convention))
    client.get(address(convention, "amendments"))
    with django_assert_max_num_queries(25) as queries:
        client.get(address(convention, "amendments"))
    assert not any('"content"' in query["sql"] for query in queries.captured_queries)


def test_each_departement_reads_its_sheets_of_a_version(territories: Any) -> None:
    convention = make_convention(two_departements())
    by = factories.actor(pilot_of(convention, "59"))
    edition = freeze(convention=convention, kind=EditionKind.VOTE, title="Version votée", by=by)
    south = signed_in(pilot_of(convention, "62"))
    page = south.get(address(convention, "edition", edition.public_id)).content.decode()
    assert convention.quiet("PREVENIR LES SORTIES SECHES") in unescape(page)
    assert "maraudes" not in page.lower()
