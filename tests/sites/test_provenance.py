"""« Qui a observé ? » and « Structure qui a observé » agree, wherever a count is written."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.accounts.enums import OrganisationKind
from jalons.accounts.models import Organisation
from jalons.sites.enums import SourceKind
from jalons.sites.models import Survey
from jalons.sites.provenance import contradicts, kinds_of, source_kind_of
from tests.factories import BACKEND, Cast, make_organisation, make_site

PAIRS = [
    (SourceKind.MUNICIPALITY, OrganisationKind.STATE_SERVICE, True),
    (SourceKind.POLICE, OrganisationKind.STATE_SERVICE, True),
    (SourceKind.STATE, OrganisationKind.STATE_SERVICE, False),
    (SourceKind.ESTIMATE, OrganisationKind.STATE_SERVICE, False),
    (SourceKind.OTHER, OrganisationKind.ASSOCIATION, False),
    (SourceKind.STATE, OrganisationKind.ASSOCIATION, True),
    (SourceKind.OPERATOR, OrganisationKind.COMMUNE, False),
    (SourceKind.POLICE, OrganisationKind.OTHER, False),
]


@pytest.mark.parametrize(("kind", "organisation", "wrong"), PAIRS)
def test_pairs(kind: SourceKind, organisation: OrganisationKind, wrong: bool) -> None:
    assert contradicts(kind, Organisation(kind=organisation, name="Structure")) is wrong


@pytest.mark.parametrize("kind", OrganisationKind)
def test_what_an_organisation_says_of_itself_never_contradicts_it(kind: OrganisationKind) -> None:
    for name in ("Structure", "Gendarmerie nationale"):
        organisation = Organisation(kind=kind, name=name)
        assert source_kind_of(organisation) in kinds_of(organisation)


def test_a_police_service_is_never_a_state_service() -> None:
    police = Organisation(kind=OrganisationKind.STATE_SERVICE, name="Police nationale")
    assert contradicts(SourceKind.STATE, police)
    assert not contradicts(SourceKind.POLICE, police)


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.correspondent59, BACKEND)
    return client


def forms(cast: Cast) -> dict[str, tuple[str, dict[str, str]]]:
    site = make_site("Terrain des Moulins")
    own = cast.correspondent59.memberships.get().organisation
    filled = {"observed_on": "12/03/2020", "source": str(own.pk), "reliability": "2", "people": "12"}
    return {
        "declare": (reverse("sites:declare"), {"commune": "Lille", "name": "Un autre", **filled}),
        "survey": (reverse("sites:survey_add", args=[site.public_id]), filled),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["declare", "survey"])
def test_another_kind_of_source_asks_for_the_organisation_again(clerk: Client, cast: Cast, page: str) -> None:
    town_hall = cast.mairie.memberships.get().organisation
    address, typed = forms(cast)[page]
    before = Survey.objects.count()
    keys = {"source_kind": "municipality", "submission_key": str(uuid.uuid4())}
    answer = clerk.post(address, {**typed, **keys})
    assert Survey.objects.count() == before
    text = " ".join(answer.content.decode().split())
    assert "ne vont pas ensemble" in text
    form: Any = answer.context["form"]
    assert form["source"].value() == str(town_hall.pk)  # the only town hall of the territory is proposed
    assert form["people"].value() == "12"
    clerk.post(address, {**typed, **keys, "source": form["source"].value()})
    survey = Survey.objects.latest("pk")
    assert (survey.source, survey.source_kind) == (town_hall, SourceKind.MUNICIPALITY)


@pytest.mark.django_db
def test_nobody_is_proposed_when_several_fit(clerk: Client, cast: Cast) -> None:
    make_organisation("Mairie de Roubaix", "59512", kind=OrganisationKind.COMMUNE)
    address, typed = forms(cast)["survey"]
    keys = {"source_kind": "municipality", "submission_key": str(uuid.uuid4())}
    form: Any = clerk.post(address, {**typed, **keys}).context["form"]
    assert form["source"].value() == ""


@pytest.mark.django_db
def test_the_same_questions_in_the_same_order(clerk: Client, cast: Cast) -> None:
    questions = []
    for address, _ in forms(cast).values():
        form: Any = clerk.get(address).context["form"]
        sections = [form.source_section, form.people_section, *form.folded_sections]
        questions.append(
            [
                (section.legend, section.help, [(b.name, b.label) for b, _ in section.fields])
                for section in sections
            ]
        )
    assert questions[0] == questions[1]
