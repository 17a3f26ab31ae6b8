"""« Mettre en route un département »: from an empty base to a territory that lives."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from jalons.accounts.enums import OrganisationKind, Role
from jalons.administration.selectors import setup
from jalons.territories.models import Departement
from tests import factories
from tests.factories import Cast, make_user

BACKEND = "jalons.accounts.backends.SessionBackend"


def lines(user: Any, code: str = "59") -> dict[str, setup.Step]:
    return {line.title: line for line in setup.steps(user, Departement.objects.get(pk=code))}


@pytest.fixture
def reader(cast: Cast) -> Any:
    """Administers the Nord, and reads it all."""
    user = make_user(Role.LOCAL_ADMIN, "59")
    factories.make_membership(user, Role.CORRESPONDENT, "59")
    return user


def test_a_local_administrator_goes_straight_to_their_departement(client: Client, cast: Cast) -> None:
    client.force_login(cast.local_admin, BACKEND)
    assert client.get("/administration/mise-en-route/")["Location"] == "/administration/mise-en-route/59/"
    assert client.get("/administration/mise-en-route/13/").status_code == 404


def test_whoever_may_not_read_the_sites_is_told_nothing_of_them(client: Client, cast: Cast) -> None:
    factories.make_site("Rue du Moulin")
    client.force_login(cast.local_admin, BACKEND)
    page = client.get("/administration/mise-en-route/59/").content.decode()
    assert "Rue du Moulin" not in page
    assert "Chaque site ouvert a été compté" not in page
    assert "ne sont montrées qu’à qui peut les lire" in page


def test_who_is_missing(cast: Cast) -> None:
    assert lines(cast.admin)["Un correspondant départemental"].done
    assert lines(cast.admin)["Une personne gère les comptes"].done
    elsewhere = lines(cast.admin, "13")
    assert elsewhere["Une personne gère les comptes"].missing


def test_somebody_invited_is_not_there_yet(cast: Cast) -> None:
    user = make_user(Role.CORRESPONDENT, "62")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    line = lines(cast.admin, "62")["Un correspondant départemental"]
    assert (line.done, line.missing, line.url) == (False, False, f"/administration/comptes/{user.pk}/")
    assert user.name in line.waiting
    other = make_user(Role.CORRESPONDENT, "62")
    other.set_password("x")
    other.save(update_fields=["password"])
    assert lines(cast.admin, "62")["Un correspondant départemental"].done


def test_a_site_never_counted_leads_to_its_first_survey(reader: Any) -> None:
    site, counted = factories.make_site("Rue du Moulin"), factories.make_site("Friche")
    factories.make_survey(counted, dt.date(2020, 1, 1), people=12)
    step = lines(reader)["Chaque site ouvert a été compté"]
    assert [(gap.label, gap.url) for gap in step.gaps] == [
        ("Rue du Moulin", f"/sites/{site.public_id}/recensements/nouveau/")
    ]
    factories.make_survey(site, dt.date(2020, 1, 1), people=0)
    assert lines(reader)["Chaque site ouvert a été compté"].done


def test_a_dispositif_without_operator_and_an_operator_without_account(cast: Cast, reader: Any) -> None:
    action = factories.make_action("Médiation")
    alone = factories.make_organisation("Association sans compte", "59", kind=OrganisationKind.ASSOCIATION)
    factories.make_action("Accès aux soins", operators=[alone])
    led = lines(reader)["Chaque dispositif en cours a un opérateur"]
    assert [gap.label for gap in led.gaps] == ["Médiation"]
    assert led.gaps[0].url == f"/dispositifs/{action.public_id}/intervenants/"
    assert [gap.label for gap in lines(reader)["Chaque opérateur a un compte"].gaps] == [
        "Association sans compte"
    ]


def test_an_empty_base_says_where_to_begin(client: Client, cast: Cast) -> None:
    client.force_login(cast.admin, BACKEND)
    page = client.get("/administration/mise-en-route/").content.decode()
    assert '<a href="/administration/mise-en-route/59/">Nord</a>' in page
    assert "/administration/mise-en-route/13/" in page


@pytest.mark.parametrize("count", [1, 30])
def test_as_many_queries_for_one_gap_as_for_many(
    reader: Any, django_assert_max_num_queries: Any, count: int
) -> None:
    for number in range(count):
        factories.make_site(f"Site {number:02}")
    with django_assert_max_num_queries(22):
        found = setup.steps(reader, Departement.objects.get(pk="59"))
    step = next(line for line in found if line.title == "Chaque site ouvert a été compté")
    assert (step.count, step.hidden) == (count, max(0, count - setup.SHOWN))


def test_an_invitation_is_opened_with_what_the_page_knows(client: Client, cast: Cast, reader: Any) -> None:
    """Who is invited, where and as what: only the name and the address remain to be typed."""
    alone = factories.make_organisation("Association « A & B »", "59", kind=OrganisationKind.ASSOCIATION)
    factories.make_action("Accès aux soins", operators=[alone])
    (gap,) = lines(reader)["Chaque opérateur a un compte"].gaps
    client.force_login(cast.admin, BACKEND)
    form = client.get(gap.url).context["form"]
    shown = {name: form[name].value() for name in ("role", "organisation", "territory_1")}
    assert shown == {"role": "operator", "organisation": alone.name, "territory_1": "Nord (59)"}
    page = client.get(
        "/administration/comptes/inviter/?role=<b>&territoire=%00<script>x&structure="
    ).content.decode()
    assert "<script>x" not in page
