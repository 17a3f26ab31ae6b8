"""Modifier un dispositif : ses mots, ses dates, qui intervient, ses sites, ses terrains, ses contacts."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from jalons.accounts.enums import Role
from jalons.actions.models import Action, ActionContact, ActionSite, InsertionSite, Participation
from jalons.actions.services import (
    Part,
    change_parts,
    intervention_of,
    save_contact,
    save_insertion_site,
    set_dates,
    set_sites,
    update_action,
)
from tests import factories
from tests.actions.pages import page, queries, said, sent, signed, url
from tests.factories import Cast, actor, make_action, make_organisation, make_site, organisation_of
from tests.forms import form_to
from tests.worlds import stored

pytestmark = pytest.mark.django_db
DAY = dt.date(2020, 3, 1)


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return signed(cast.correspondent59)


def new_action(cast: Cast) -> Action:
    return make_action(
        "MOUS Lille",
        by=actor(cast.correspondent59),
        operators=[organisation_of(cast.operator_a)],
        starts_on=dt.date(2020, 1, 1),
    )


stored_action, action = stored(new_action)


def edit(clerk: Client, action: Action, **typed: Any) -> Any:
    address = url(action, "modifier/")
    return clerk.post(address, sent(clerk, address, **typed))


# --- words and dates -------------------------------------------------------------------------------------------


def test_everything_is_edited_with_who_and_why(clerk: Client, action: Action, cast: Cast) -> None:
    answer = edit(
        clerk,
        action,
        name="MOUS de Lille",
        starts_on="15/01/2020",
        planned_end="31/12/2020",
        themes=["health", "work"],
        rhythm="quarterly",
        reason="avenant",
    )
    assert "Le dispositif est modifié." in said(answer)
    action.refresh_from_db()
    assert (action.name, action.themes, action.rhythm) == ("MOUS de Lille", ("health", "work"), "quarterly")
    assert "mous de lille" in action.search_text
    run = intervention_of(action)
    assert (run.valid_on, run.planned_end, run.reason) == (
        dt.date(2020, 1, 15),
        dt.date(2020, 12, 31),
        "avenant",
    )
    line = action.history.order_by("-history_id")[0]
    assert (line.history_change_reason, line.changed_by) == ("avenant", cast.correspondent59)
    # Those who took part from the start still do.
    assert set(Participation.objects.known().values_list("valid_on", flat=True)) == {dt.date(2020, 1, 15)}


def test_nothing_changed_writes_nothing(clerk: Client, action: Action) -> None:
    assert "Rien n’a été modifié." in said(edit(clerk, action))
    action.refresh_from_db()
    assert action.version == 1


def test_an_edit_sent_twice_is_saved_once(clerk: Client, action: Action) -> None:
    address = url(action, "modifier/")
    data = sent(clerk, address, name="Autre nom", starts_on="2/1/2020")
    assert clerk.post(address, data).url == clerk.post(address, data).url
    action.refresh_from_db()
    assert action.version == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Remplissez ce champ"),
        ({"themes": []}, "Cochez au moins un champ"),
        ({"starts_on": "31/02/2020"}, "31/02/2020"),
        ({"planned_end": "31/12/2019"}, "précède le début"),
        ({"rhythm": "daily"}, "Choisissez parmi les réponses proposées."),
    ],
)
def test_what_is_wrong_in_an_edit(
    clerk: Client, action: Action, typed: dict[str, Any], sentence: str
) -> None:
    text = page(edit(clerk, action, objectives="À garder", **typed))
    assert sentence in text
    assert "À garder" in text
    action.refresh_from_db()
    assert action.version == 1


def test_two_people_edit_and_the_second_chooses(clerk: Client, action: Action, cast: Cast) -> None:
    address = url(action, "modifier/")
    data = sent(clerk, address, name="Mon nom", planned_end="31/12/2020")
    other = actor(cast.operator_a)
    update_action(action=action, by=other, expected_version=1, name="Son nom", objectives="Siens")
    set_dates(action=action, by=other, starts_on=dt.date(2020, 1, 1), planned_end=dt.date(2021, 6, 30))
    answer = clerk.post(address, data)
    text = page(answer, 409)
    for words in ("Son nom", "Mon nom", "30/06/2021", "31/12/2020", "Sacha Amis"):
        assert words in text, words
    action.refresh_from_db()
    assert action.name == "Son nom"
    again = sent_again(answer, address)
    again |= {"conflit-name": "mine", "conflit-planned_end": "theirs"}
    assert clerk.post(address, again).status_code == 302
    action.refresh_from_db()
    assert (action.name, action.objectives) == ("Mon nom", "Siens")
    assert intervention_of(action).planned_end == dt.date(2021, 6, 30)


def sent_again(answer: Any, address: str) -> dict[str, Any]:
    """The form that came back, as it stands."""
    return dict(form_to(answer, address).values)


def test_only_pilots_and_correspondents_edit(action: Action, cast: Cast) -> None:
    far = factories.make_user(Role.INSTITUTION, factories.MARSEILLE)
    pages = ("modifier/", "intervenants/", "sites/", "contacts/nouveau/", "terrains/nouveau/")
    for end in pages:
        assert signed(cast.operator_a).get(url(action, end)).status_code == 403, end
        assert signed(far).get(url(action, end)).status_code == 404, end
    pilot = make_action("De la mairie", pilots=[organisation_of(cast.mairie)])
    for end in pages:
        assert signed(cast.mairie).get(url(pilot, end)).status_code == 200, end
        assert signed(cast.mairie).get(url(action, end)).status_code == 403, end


# --- who takes part --------------------------------------------------------------------------------------------


def held(action: Action) -> dict[str, Participation]:
    going_on = Participation.objects.known().filter(Participation.going_on(), action=action)
    return {f"{one.role} {one.participant}": one for one in going_on}


def change(clerk: Client, action: Action, **typed: Any) -> Any:
    address = url(action, "intervenants/")
    return clerk.post(address, sent(clerk, address, **typed))


def test_someone_comes_and_someone_leaves(clerk: Client, action: Action) -> None:
    make_organisation("Croix du Nord", "59")
    operator = held(action)["operator Les amis de Lille"]
    answer = change(
        clerk,
        action,
        operateurs__0__organisation="Croix du Nord",
        operateurs__0__on="1/6/2020",
        operateurs__0__blocks=["health"],
        **{f"part-{operator.lineage.hex}-ended_on": "1/6/2020"},
    )
    assert answer.status_code == 302, page(answer)
    now = held(action)
    assert set(now) == {"pilot DDETS du Nord", "operator Croix du Nord"}
    new = now["operator Croix du Nord"]
    assert (new.valid_on, new.blocks) == (dt.date(2020, 6, 1), ("health",))
    gone = Participation.objects.known().get(lineage=operator.lineage)
    assert gone.ended_on == dt.date(2020, 6, 1)


def test_what_an_operator_fills_in_is_said_again(clerk: Client, action: Action) -> None:
    operator = held(action)["operator Les amis de Lille"]
    prefix = f"part-{operator.lineage.hex}"
    change(clerk, action, **{f"{prefix}-blocks": ["school"], f"{prefix}-is_main": "on"})
    now = held(action)["operator Les amis de Lille"]
    assert (now.blocks, now.is_main, now.lineage) == (("school",), True, operator.lineage)


def test_the_last_pilot_does_not_leave(clerk: Client, action: Action) -> None:
    pilot = held(action)["pilot DDETS du Nord"]
    text = page(change(clerk, action, **{f"part-{pilot.lineage.hex}-ended_on": "1/6/2020"}))
    assert "Un dispositif a au moins un service pilote" in text
    assert "pilot DDETS du Nord" in held(action)


def test_parts_sent_twice_are_written_once(clerk: Client, action: Action) -> None:
    address = url(action, "intervenants/")
    data = sent(clerk, address, partenaires__0__organisation="Santé pour tous")
    assert clerk.post(address, data).url == clerk.post(address, data).url
    assert Participation.objects.filter(role="partner").count() == 1


def test_someone_who_came_meanwhile_stays(clerk: Client, action: Action, cast: Cast) -> None:
    address = url(action, "intervenants/")
    data = sent(clerk, address, partenaires__0__organisation="Santé pour tous")
    other = make_organisation("Croix du Nord", "59")
    change_parts(action=action, by=actor(cast.mairie), begun=[(part_of(other), DAY)])
    assert clerk.post(address, data).status_code == 302
    assert {"operator Croix du Nord", "partner Santé pour tous"} <= set(held(action))


def part_of(organisation: Any) -> Any:
    return Part(organisation, "operator")


def test_two_people_change_one_operator_and_the_second_chooses(
    clerk: Client, action: Action, cast: Cast
) -> None:
    address = url(action, "intervenants/")
    operator = held(action)["operator Les amis de Lille"]
    prefix = f"part-{operator.lineage.hex}"
    data = sent(clerk, address, **{f"{prefix}-blocks": ["school"]})
    told = part_of(operator.participant)
    change_parts(
        action=action,
        by=actor(cast.mairie),
        restated=[(operator, type(told)(told.participant, told.role, True, ("health",)))],
    )
    answer = clerk.post(address, data)
    text = page(answer, 409)
    assert "Les amis de Lille, ce qu’il renseigne" in text
    assert "Claude Mairie" in text
    again = sent_again(answer, address) | {f"conflit-{prefix}-blocks": "mine"}
    again[f"conflit-{prefix}-is_main"] = "theirs"
    assert clerk.post(address, again).status_code == 302
    now = held(action)["operator Les amis de Lille"]
    assert (now.blocks, now.is_main) == (("school",), True)


def test_the_page_of_parts_costs_the_same_with_many(clerk: Client, action: Action) -> None:
    address = url(action, "intervenants/")
    clerk.get(address)
    few = queries(lambda: clerk.get(address))
    many = [make_organisation(f"Association {number}", "59") for number in range(30)]
    full = make_action("Nombreux", operators=many)
    assert queries(lambda: clerk.get(url(full, "intervenants/"))) == few


# --- sites -----------------------------------------------------------------------------------------------------


def covered(action: Action) -> dict[str, ActionSite]:
    links = ActionSite.objects.known().filter(ActionSite.going_on(), action=action)
    return {link.site.name: link for link in links}


def test_sites_come_and_go_from_a_date(clerk: Client, action: Action, cast: Cast) -> None:
    old, new = make_site("Ancien"), make_site("Nouveau")
    set_sites(action=action, sites=[old], on=dt.date(2020, 1, 1), by=actor(cast.correspondent59))
    address = url(action, "sites/")
    answer = clerk.post(address, sent(clerk, address, sites=[new.public_id], on="1/3/2020"))
    assert answer.status_code == 302, page(answer)
    assert covered(action)["Nouveau"].valid_on == DAY
    assert ActionSite.objects.known().get(site=old).ended_on == DAY


def test_a_site_added_meanwhile_stays(clerk: Client, action: Action, cast: Cast) -> None:
    mine, theirs = make_site("Le mien"), make_site("Le sien")
    address = url(action, "sites/")
    data = sent(clerk, address, sites=[mine.public_id], on="1/3/2020")
    set_sites(action=action, sites=[theirs], on=DAY, by=actor(cast.mairie))
    assert clerk.post(address, data).status_code == 302
    assert set(covered(action)) == {"Le mien", "Le sien"}


def test_a_date_is_needed_and_a_search_records_nothing(clerk: Client, action: Action) -> None:
    site = make_site("Les Tilleuls")
    address = url(action, "sites/")
    data = sent(clerk, address, sites=[site.public_id])
    assert "Depuis quand ? : Remplissez ce champ" in page(clerk.post(address, data))
    assert "checked" in page(clerk.post(address, {**data, "q": "canal", "on": "1/3/2020"}))
    assert not covered(action)


def test_the_page_of_sites_costs_the_same_with_many(clerk: Client, action: Action, cast: Cast) -> None:
    address, by = url(action, "sites/"), actor(cast.correspondent59)
    set_sites(action=action, sites=[make_site("Un")], on=DAY, by=by)
    clerk.get(address)
    few = queries(lambda: clerk.get(address))
    set_sites(action=action, sites=[make_site(f"Site {number}") for number in range(30)], on=DAY, by=by)
    assert queries(lambda: clerk.get(address)) == few


# --- insertion sites and contacts ------------------------------------------------------------------------------


def test_a_ground_is_added_changed_and_removed(clerk: Client, action: Action) -> None:
    address = url(action, "terrains/nouveau/")
    data = sent(clerk, address, commune="Lille", address="3 rue du Pont", latitude="50,62", longitude="3,05")
    assert clerk.post(address, data).url == clerk.post(address, data).url
    ground = InsertionSite.objects.get()
    assert (ground.commune_id, ground.latitude) == (factories.LILLE, 50.62)
    address = url(action, f"terrains/{ground.pk}/")
    assert (
        clerk.post(address, sent(clerk, address, name="Le terrain", closed_on="1/2/2021")).status_code == 302
    )
    ground.refresh_from_db()
    assert (ground.name, ground.closed_on) == ("Le terrain", dt.date(2021, 2, 1))
    address = url(action, f"terrains/{ground.pk}/retirer/")
    data = sent(clerk, address)
    assert "Le terrain d’insertion est retiré." in said(clerk.post(address, data))
    for again in (clerk.post(address, data), clerk.get(address)):
        assert "Ce terrain d’insertion est déjà retiré." in page(again, 410)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"commune": ""}, "Remplissez ce champ"),
        ({"commune": "Marseille"}, "Aucune commune de ce territoire (Nord)"),
        ({"commune": "Lille", "latitude": "50,6"}, "donnez les deux"),
        ({"commune": "Lille", "opened_on": "1/2/2020", "closed_on": "1/1/2020"}, "précède l’ouverture"),
    ],
)
def test_what_is_wrong_in_a_ground(
    clerk: Client, action: Action, typed: dict[str, Any], sentence: str
) -> None:
    address = url(action, "terrains/nouveau/")
    assert sentence in page(clerk.post(address, sent(clerk, address, **typed)))
    assert not InsertionSite.objects.exists()


def test_two_people_move_a_ground_and_the_second_chooses(clerk: Client, action: Action, cast: Cast) -> None:
    ground = factories.make_insertion_site(action, "Le terrain", latitude=50.6, longitude=3.0)
    address = url(action, f"terrains/{ground.pk}/")
    data = sent(clerk, address, latitude="50,7", longitude="3,1")
    ground.latitude = ground.longitude = None
    save_insertion_site(ground=ground, by=actor(cast.mairie))
    answer = clerk.post(address, data)
    assert "Point sur la carte" in page(answer, 409)
    again = sent_again(answer, address) | {"conflit-latitude": "theirs"}
    assert clerk.post(address, again).status_code == 302
    ground.refresh_from_db()
    assert (ground.latitude, ground.longitude) == (None, None)


def test_a_contact_is_added_changed_and_removed(clerk: Client, action: Action, cast: Cast) -> None:
    address = url(action, "contacts/nouveau/")
    friends = organisation_of(cast.operator_a)
    data = sent(clerk, address, name="Lou Exemple", organisation=friends.pk, email="lou@exemple.test")
    assert clerk.post(address, data).url == clerk.post(address, data).url
    contact = ActionContact.objects.get()
    address = url(action, f"contacts/{contact.pk}/")
    clerk.post(address, sent(clerk, address, phone="03 20 00 00 00"))
    contact.refresh_from_db()
    assert (contact.phone, contact.organisation) == ("03 20 00 00 00", friends)
    data = sent(clerk, address, phone="06", duty="médiation")
    contact.phone = "07"
    save_contact(contact=contact, by=actor(cast.mairie))
    answer = clerk.post(address, data)
    assert "07" in page(answer, 409)
    again = sent_again(answer, address) | {"conflit-phone": "theirs"}
    clerk.post(address, again)
    contact.refresh_from_db()
    assert (contact.phone, contact.duty) == ("07", "médiation")
    address = url(action, f"contacts/{contact.pk}/retirer/")
    assert "Lou Exemple" in page(clerk.get(address))
    clerk.post(address, sent(clerk, address))
    assert not ActionContact.objects.exists()


def test_a_contact_is_of_an_organisation_that_takes_part(clerk: Client, action: Action, cast: Cast) -> None:
    address = url(action, "contacts/nouveau/")
    health = organisation_of(cast.contributor)
    data = sent(clerk, address, name="Lou", organisation=health.pk, email="lou chez exemple")
    text = page(clerk.post(address, data))
    assert "Choisissez parmi les réponses proposées." in text
    assert "Adresse électronique : " in text
    assert not ActionContact.objects.exists()


def test_what_belongs_to_another_dispositif_is_not_reached(clerk: Client, action: Action) -> None:
    other = make_action("Autre")
    contact, ground = factories.make_contact(other, "Lou"), factories.make_insertion_site(other)
    for end in (f"contacts/{contact.pk}/", f"terrains/{ground.pk}/", f"contacts/{contact.pk}/retirer/"):
        assert clerk.get(url(action, end)).status_code == 404
