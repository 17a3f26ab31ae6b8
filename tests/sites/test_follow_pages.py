"""Procédures, réinstallations, fermeture et réouverture, à l’écran."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from jalons.accounts.enums import Right, Role
from jalons.core.values import Value
from jalons.sites import services
from jalons.sites.enums import ProcedureKind
from jalons.sites.forms.follow import STEPS
from jalons.sites.models import Occupation, Orientation, Procedure, Resettlement, Site
from tests import factories
from tests.factories import BACKEND, Cast
from tests.worlds import stored

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 2, 3)


def new_site(cast: Cast) -> Site:
    return factories.make_site("Rue du Port", opened=dt.date(2020, 1, 1))


stored_site, site = stored(new_site)


@pytest.fixture
def other(site: Site) -> Site:
    return factories.make_site("Quai Nord", factories.ROUBAIX)


@pytest.fixture
def me(cast: Cast, client: Client) -> Client:
    client.force_login(cast.correspondent59, BACKEND)
    return client


def address(site: Site, end: str) -> str:
    return f"/sites/{site.public_id}/{end}"


def sent(**more: Any) -> dict[str, Any]:
    return {"submission_key": str(uuid.uuid4()), **more}


def text(answer: Any) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def said_in(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request)).replace("\u00a0", " ")


# Procedures ------------------------------------------------------------------------------------------------------

NEW_STEP = "procedures/nouvelle/"


def test_first_which_step_then_its_own_fields(me: Client, site: Site) -> None:
    choice = text(me.get(address(site, NEW_STEP)))
    for kind in ProcedureKind:
        assert kind.label in choice
        page = text(me.get(address(site, NEW_STEP) + f"?etape={kind.value}"))
        assert "Qui peut lire ceci" in page
        for name in ("status", "body", "appeal", "evacuation_on"):
            assert (f'name="{name}"' in page) == (name in STEPS[kind]), (kind, name)
    assert ProcedureKind.CFP.label in text(me.get(address(site, NEW_STEP) + "?etape=<b>"))


@pytest.mark.parametrize("kind", ProcedureKind)
def test_each_step_is_recorded(me: Client, site: Site, kind: ProcedureKind) -> None:
    known = {"status": "granted", "body": "Tribunal", "appeal": "yes", "evacuation_on": "3 mars 2021"}
    data = {name: said for name, said in known.items() if name in STEPS[kind]}
    where = address(site, NEW_STEP) + f"?etape={kind.value}"
    assert me.post(where, sent(on="3/2/2021", note="n", **data)).status_code == 302
    step = Procedure.objects.get()
    assert (step.kind, step.valid_on, step.note) == (kind, DAY, "n")
    assert step.evacuation_on == (dt.date(2021, 3, 3) if "evacuation_on" in data else None)
    assert step.body == data.get("body", "")


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("order", {"evacuation_on": "2/2/2021"}, "avant la décision (03/02/2021)"),
        ("decision", {"evacuation_on": "31/02/2021"}, "n’existe pas"),
        ("cfp", {"evacuation_on": "1/1/2300"}, ""),
        ("cfp", {"status": "perhaps"}, "réponses proposées"),
        ("decision", {"status": "none"}, "réponses proposées"),
        ("evacuation", {}, "obligatoire"),
        ("complaint", {"on": "demain"}, "dans le futur"),
        ("complaint", {"body": "x" * 200}, ""),
        ("complaint", {"note": "a\x00"}, "invisible"),
    ],
)
def test_impossible_steps_are_told(
    me: Client, site: Site, kind: str, wrong: dict[str, str], said: str
) -> None:
    data = {"on": "3/2/2021", "status": "granted", "note": "gardé", **wrong}
    answer = me.post(address(site, NEW_STEP) + f"?etape={kind}", sent(**data))
    assert answer.status_code == 200
    assert "à corriger" in text(answer)
    assert said in text(answer)
    if "note" not in wrong:
        assert "gardé" in text(answer)
    assert not Procedure.objects.exists()


def test_an_evacuation_learned_after_its_date_can_be_said(me: Client, site: Site) -> None:
    where = address(site, NEW_STEP) + "?etape=evacuation"
    assert me.post(where, sent(on="3/2/2021", evacuation_on="1/2/2021")).status_code == 302


def test_a_step_is_corrected_and_withdrawn(me: Client, site: Site) -> None:
    step = factories.make_procedure(site, DAY, "order", body="Mairie", evacuation_on=dt.date(2021, 5, 1))
    where = address(site, f"procedures/{step.lineage}/")
    assert 'value="01/05/2021"' in text(me.get(where))
    data = sent(seen=step.pk, on="3/2/2021", body="Préfecture", evacuation_on="2/5/2021", reason="mal lu")
    assert me.post(where, data).status_code == 302
    better = Procedure.objects.in_force().get()
    assert (better.body, better.evacuation_on, better.kind) == ("Préfecture", dt.date(2021, 5, 2), "order")
    again = me.post(where, {**data, "submission_key": str(uuid.uuid4()), "body": "Sous-préfecture"})
    assert again.status_code == 409
    assert "Sous-préfecture" in text(again)
    gone = me.post(where + "retirer/", sent(reason="autre site"))
    assert gone.status_code == 302
    assert not Procedure.objects.known().exists()


def test_what_one_may_write_but_not_read_is_not_shown(client: Client, site: Site) -> None:
    step = factories.make_procedure(site, DAY, "order", body="Mairie de Lille")
    blind = factories.make_user(
        Role.OPERATOR, factories.LILLE, grants=[Right.WRITE_JUSTICE], refused=[Right.READ_JUSTICE]
    )
    client.force_login(blind, BACKEND)
    for end in ("", "retirer/"):
        where = address(site, f"procedures/{step.lineage}/{end}")
        assert client.get(where).status_code == 403
        assert client.post(where, sent(reason="r", on="3/2/2021")).status_code == 403
    assert client.get(address(site, NEW_STEP) + "?etape=order").status_code == 200


# Resettlements ---------------------------------------------------------------------------------------------------

NEW_LINK = "reinstallations/nouvelle/"


@pytest.mark.parametrize(("direction", "outwards"), [("vers", True), ("depuis", False)])
def test_a_resettlement_either_way(
    me: Client, site: Site, other: Site, direction: str, outwards: bool
) -> None:
    data = sent(direction=direction, other=other.public_id, on="3/2/2021", people="12", households="nd")
    assert me.post(address(site, NEW_LINK), data).status_code == 302
    link = Resettlement.objects.get()
    assert (link.origin, link.site) == ((site, other) if outwards else (other, site))
    assert (link.value("people"), link.value("households")) == (Value.of(12), Value.nd())


def test_searching_loses_nothing_and_writes_nothing(me: Client, site: Site, other: Site) -> None:
    arras = factories.make_site("Beffroi", factories.ARRAS)
    data = sent(
        direction="depuis", q="beffroi", people="douze", on="hier", other=other.public_id, chercher="1"
    )
    page = text(me.post(address(site, NEW_LINK), data))
    assert "à corriger" not in page
    for kept in ('value="douze"', 'value="hier"', 'value="beffroi"', "Quai Nord", "Beffroi"):
        assert kept in page
    assert f'value="{other.public_id}" id="id_other_0" checked' in page
    assert arras.public_id in page
    assert not Resettlement.objects.exists()


def test_a_site_that_one_cannot_see_cannot_be_linked(client: Client, cast: Cast, site: Site) -> None:
    hidden = factories.make_site("Joliette", factories.MARSEILLE)
    client.force_login(cast.operator_a, BACKEND)
    data = sent(direction="vers", other=hidden.public_id, on="3/2/2021")
    page = text(client.post(address(site, NEW_LINK), data))
    assert "à corriger" in page
    assert "Joliette" not in page
    assert not Resettlement.objects.exists()


def test_a_link_is_withdrawn_from_either_end(me: Client, site: Site, other: Site) -> None:
    for end in (site, other):
        link = services.link_resettlement(origin=site, site=other, on=DAY, by=factories.an_author(site))
        where = address(end, f"reinstallations/{link.lineage}/retirer/")
        assert "Quai Nord" in text(me.get(where))
        assert me.post(where, sent(reason="erreur")).status_code == 302
        assert not Resettlement.objects.known().exists()
    third = factories.make_site()
    assert me.get(address(third, f"reinstallations/{link.lineage}/retirer/")).status_code == 404


# Closing ---------------------------------------------------------------------------------------------------------


def closing(**more: Any) -> dict[str, Any]:
    return sent(**{"closed_on": "3/3/2021", "reason_code": "court", **more})


def test_closing_says_when_why_and_where_people_went(me: Client, site: Site, other: Site) -> None:
    factories.make_survey(site, DAY, 40, households=10)
    answer = me.post(
        address(site, "fermer/"),
        closing(
            shelter_people="12",
            shelter_households="nd",
            housing_people="8",
            none_note="partis sans dire où",
            others=[other.public_id],
        ),
    )
    assert answer["Location"] == address(site, "")
    closed = Occupation.objects.known().get(site=site)
    assert (closed.ended_on, closed.closing_reason) == (dt.date(2021, 3, 3), "court")
    went = {one.kind: (one.value("people"), one.value("households")) for one in closed.orientations.all()}
    assert went == {
        "shelter": (Value.of(12), Value.nd()),
        "housing": (Value.of(8), Value.empty()),
        "none": (Value.empty(), Value.empty()),
    }
    assert Resettlement.objects.get().site == other
    assert "fermé depuis le 03/03/2021" in said_in(answer)
    assert "sur 40 personnes" in said_in(answer)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closed_on": ""}, "obligatoire"),
        ({"closed_on": "demain"}, "dans le futur"),
        ({"closed_on": "1/1/2019"}, "précède l’installation"),
        ({"reason_code": ""}, "obligatoire"),
        ({"reason_code": "other"}, "pourquoi le site ferme"),
        ({"shelter_people": "beaucoup"}, "nombre entier"),
        ({"shelter_people": "-1"}, "négatif"),
        ({"housing_note": "x" * 1000}, ""),
        ({"others": ["inconnu"]}, "réponses proposées"),
    ],
)
def test_a_closing_that_makes_no_sense_is_told(
    me: Client, site: Site, wrong: dict[str, Any], said: str
) -> None:
    answer = me.post(address(site, "fermer/"), closing(**{"none_people": "7", **wrong}))
    assert answer.status_code == 200
    assert "à corriger" in text(answer)
    assert said in text(answer)
    assert 'value="7"' in text(answer)
    assert not Occupation.objects.known().get(site=site).ended_on
    assert not Orientation.objects.exists()


def test_searching_while_closing_keeps_what_was_chosen(me: Client, site: Site, other: Site) -> None:
    data = closing(q="beffroi", others=[other.public_id], shelter_people="12", chercher="1", seen="7")
    page = text(me.post(address(site, "fermer/"), data))
    assert "Aucun site ne répond" not in page  # what is chosen stays proposed
    assert f'value="{other.public_id}" id="id_others_0" checked' in page
    assert 'value="12"' in page
    assert not Occupation.objects.known().get(site=site).ended_on


def test_the_totals_follow_what_is_typed(me: Client, site: Site) -> None:
    factories.make_survey(site, DAY, 40)
    query = {"totaux": "1", "shelter_people": "30", "none_people": "20", "housing_people": "douze"}
    fragment = text(me.get(address(site, "fermer/"), query))
    assert "Personnes : 50" in fragment
    assert "plus que les 40 personnes" in fragment
    assert "<html" not in fragment


def test_the_second_to_close_sees_the_first(me: Client, cast: Cast, site: Site) -> None:
    seen = Occupation.objects.known().get(site=site)
    services.close_site(
        site=site, by=factories.actor(cast.correspondent59), closed_on=DAY, reason="voluntary"
    )
    answer = me.post(address(site, "fermer/"), closing(seen=str(seen.pk), shelter_people="12"))
    assert answer.status_code == 409
    for shown in ("a été fermé pendant que vous écriviez", "03/02/2021", "départ volontaire", "Camille Nord"):
        assert shown in text(answer)
    assert 'value="12"' in text(answer)
    assert Occupation.objects.known().get(site=site).closing_reason == "voluntary"
    assert not Orientation.objects.exists()
    assert "déjà fermé" in said_in(me.get(address(site, "fermer/")))


def test_better_dates_written_meanwhile_do_not_stop_the_closing(me: Client, site: Site) -> None:
    seen = Occupation.objects.known().get(site=site)
    by = factories.an_author(site)
    current = services.correct_installation(site=site, by=by, on=dt.date(2019, 1, 1), reason="su")
    data = closing(seen=str(seen.pk))
    answer = me.post(address(site, "fermer/"), data)
    assert answer.status_code == 409
    assert f'name="seen" value="{current.pk}"' in text(answer)
    again = {**data, "seen": str(current.pk), "submission_key": str(uuid.uuid4())}
    assert me.post(address(site, "fermer/"), again).status_code == 302


def test_a_closing_sent_twice_is_written_once(me: Client, site: Site) -> None:
    data = closing()
    first, second = (me.post(address(site, "fermer/"), data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Occupation.objects.filter(site=site).count() == 2


def test_closing_on_the_day_of_today_is_allowed(me: Client, site: Site) -> None:
    assert me.post(address(site, "fermer/"), closing(closed_on="aujourd’hui")).status_code == 302
    assert Occupation.objects.known().get(site=site).ended_on == timezone.localdate()


def test_reopening_after_a_mistake(me: Client, site: Site) -> None:
    where = address(site, "rouvrir/")
    assert "déjà ouvert" in said_in(me.get(where))
    by = factories.an_author(site)
    services.close_site(site=site, by=by, closed_on=DAY, reason="court")
    assert "Fermé le 03/02/2021" in text(me.get(where))
    assert "obligatoire" in text(me.post(where, sent(reason="")))
    assert Occupation.objects.known().get(site=site).ended_on
    assert me.post(where, sent(reason="mauvais site")).status_code == 302
    opened = Occupation.objects.known().get(site=site)
    assert (opened.ended_on, opened.reason) == (None, "mauvais site")
    assert "déjà ouvert" in text(me.post(where, sent(reason="encore")))
