"""The list of dispositifs as a person sees it: what it finds, in which order, for whom and as of when."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalons.actions.enums import ActionPlace, ActionTheme, Rhythm
from jalons.actions.forms.listing import read_list
from jalons.actions.models import Action, Intervention
from jalons.actions.selectors.listing import filtered_actions
from jalons.actions.selectors.rows import dates_in_words
from jalons.actions.services import Part, set_parts
from tests import factories
from tests.factories import BACKEND, DUNKERQUE, LILLE, MARSEILLE, ROUBAIX, Cast, actor, organisation_of
from tests.worlds import stored

pytestmark = pytest.mark.django_db
SOCLE = True

TODAY = dt.date(2021, 1, 5)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> dt.date:
    """A Tuesday after the campaign of December: who told nothing is late."""
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: TODAY)
    return TODAY


def new_world(cast: Cast) -> dict[str, Action]:
    """Five dispositifs of the Nord, one of which is over and one to come, and one of Marseille."""
    moulin = factories.make_site("Rue du Moulin", LILLE, address="12 rue du Moulin")
    canal = factories.make_site("Friche du canal", ROUBAIX)
    factories.make_alias(canal, "Le triage")
    health = factories.make_organisation("Fédération sanitaire", "59", acronym="FSN")
    by, friends = actor(cast.correspondent59), organisation_of(cast.operator_a)
    north = organisation_of(cast.operator_b)
    make = factories.make_action
    actions = {
        "mous": make("MOUS Lille", by=by, sites=[moulin], operators=[friends], starts_on=dt.date(2020, 1, 1)),
        "sante": make(
            "Médiation sanitaire",
            by=by,
            sites=[canal],
            operators=[north],
            partners=[health],
            themes=[ActionTheme.HEALTH, ActionTheme.MEDIATION],
            starts_on=dt.date(2020, 3, 1),
            planned_end=dt.date(2021, 6, 30),
        ),
        "village": make(
            "Village d’insertion",
            by=by,
            themes=[ActionTheme.HOUSING],
            starts_on=dt.date(2020, 12, 20),
            planned_end=dt.date(2021, 12, 31),
        ),
        "ecole": make(
            "Appui à l’école",
            by=by,
            place_kinds=(ActionPlace.TERRITORY,),
            starts_on=dt.date(2018, 1, 1),
            ended_on=dt.date(2020, 9, 1),
        ),
        "demain": make("Hiver prochain", by=by, starts_on=dt.date(2021, 11, 1)),
        "sud": make(
            "Accompagnement global", "13", sites=[factories.make_site("Traverse des pins", MARSEILLE)]
        ),
    }
    factories.make_insertion_site(
        actions["village"], "Terrain Sadi Carnot", DUNKERQUE, address="3 allée des Pins"
    )
    factories.make_follow_up(
        actions["sante"], dt.date(2020, 12, 30), by=cast.operator_b, personnes=30, orientations_sante=4
    )
    return actions


stored_world, world = stored(new_world)


def listed(client: Client, user: Any, query: str = "") -> list[str]:
    """Names of the dispositifs of the first page, in order."""
    client.force_login(user, BACKEND)
    page = client.get(f"/dispositifs/?{query}")
    assert page.status_code == 200
    return [row.action.name for row in page.context["rows"]]


def text(client: Client, user: Any, query: str = "") -> str:
    client.force_login(user, BACKEND)
    html = client.get(f"/dispositifs/?{query}").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


MOUS, SANTE, VILLAGE, SUD = (
    "MOUS Lille",
    "Médiation sanitaire",
    "Village d’insertion",
    "Accompagnement global",
)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=sanitaire&tri=nom", [SANTE]),
        ("q=MEDIATION+sanîtaire", [SANTE]),
        ("q=mediation+roubaix", [SANTE]),
        ("q=rue+du+moulin", [MOUS]),
        ("q=triage", [SANTE]),
        ("q=lille&tri=nom", [MOUS]),
        ("q=59100", [SANTE]),
        ("q=59183", [VILLAGE]),
        ("q=sadi+carnot", [VILLAGE]),
        ("q=allée+des+pins", [VILLAGE]),
        ("q=fsn", [SANTE]),
        ("q=fédération", [SANTE]),
        ("q=amis", [MOUS]),
        ("q=Bouches-du-Rhône", [SUD]),
        ("q=métropole+européenne+de+lille&tri=nom", [SANTE, MOUS]),
        ("q=Hauts-de-France&tri=nom", [SANTE, MOUS, VILLAGE]),
        ("q=introuvable", []),
        ("q=" + "mot+" * 25, []),
        ("q=%00", [SANTE, MOUS, VILLAGE]),
        ("departement=13", [SUD]),
        ("departement=tous&tri=nom", [SUD, SANTE, MOUS, VILLAGE]),
        ("theme=health", [SANTE]),
        ("lieu=sites&tri=nom", [SANTE, MOUS]),
        ("lieu=terrain", [VILLAGE]),
        ("lieu=territory&statut=termines", ["Appui à l’école"]),
        ("suivi=retard", [MOUS]),
        ("suivi=a-jour&tri=nom", [SANTE, VILLAGE]),
        ("statut=termines", ["Appui à l’école"]),
        ("statut=a-venir", ["Hiver prochain"]),
        ("miens=on&departement=59&tri=nom", [SANTE, MOUS, VILLAGE]),
        ("tri=debut", [MOUS, SANTE, VILLAGE]),
        ("tri=-debut", [VILLAGE, SANTE, MOUS]),
        ("tri=fin", [SANTE, VILLAGE, MOUS]),
        ("tri=-fin", [VILLAGE, SANTE, MOUS]),
        ("tri=echeance", [MOUS, SANTE, VILLAGE]),
        (
            "theme=rien&lieu=rien&suivi=rien&operateur=999&tri=rien&page=999&departement=ZZ&tri=nom",
            [SANTE, MOUS, VILLAGE],
        ),
    ],
)
def test_filters(client: Client, cast: Cast, world: dict[str, Action], query: str, names: list[str]) -> None:
    found = listed(client, cast.correspondent59, query)
    assert (found if "tri=" in query else sorted(found)) == (names if "tri=" in query else sorted(names))


def test_of_one_operator(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    query = f"operateur={organisation_of(cast.operator_b).pk}"
    assert listed(client, cast.correspondent59, query) == [SANTE]
    assert "Opérateur : Solidarité Nord" in text(client, cast.correspondent59, query)


def test_it_opens_on_ones_own_territory(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    assert SUD not in listed(client, cast.correspondent59)
    assert SUD in listed(client, cast.national)
    assert listed(client, cast.correspondent13) == [SUD]
    client.force_login(cast.correspondent59, BACKEND)
    assert client.get("/dispositifs/").context["where"] == "Nord (59)"
    assert client.get("/dispositifs/?departement=tous").context["where"] == "France entière"


def test_an_operator_sees_first_what_it_owes(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    assert listed(client, cast.operator_a)[0] == MOUS
    assert listed(client, cast.operator_b)[0] == SANTE
    words = text(client, cast.operator_a)
    assert "En retard : indicateurs à remplir avant le 31 décembre 2020" in words
    assert "Remplir le suivi de MOUS Lille" in words
    assert "Remplir le suivi de" not in text(client, cast.operator_b), (
        "ce n’est pas à cette structure de remplir"
    )
    assert "Dernier suivi le 30/12/2020" in words


def test_what_another_owes_does_not_come_first(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    friends, north = organisation_of(cast.operator_a), organisation_of(cast.operator_b)
    both = factories.make_action("Ateliers", operators=[friends, north], starts_on=dt.date(2020, 1, 1))
    factories.make_follow_up(both, dt.date(2020, 12, 30), by=cast.operator_a, personnes=3, elementaire=1)
    assert listed(client, cast.operator_a)[:2] == [MOUS, "Ateliers"]
    assert listed(client, cast.operator_b)[:2] == ["Ateliers", SANTE]


def test_an_operator_of_elsewhere_sees_its_own(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    south = organisation_of(cast.operator13)
    assert listed(client, cast.operator13) == [SUD]
    factories.make_action("Accueil", operators=[south])
    assert sorted(listed(client, cast.operator13)) == sorted(["Accueil", SUD])
    assert listed(client, cast.operator13, "miens=on") == ["Accueil"]
    # The site of the Nord is named, and leads nowhere.
    north = factories.make_action(
        "Avec un site", operators=[south], sites=[factories.make_site("Loin", LILLE)]
    )
    client.force_login(cast.operator13, BACKEND)
    rows = {row.action: row for row in client.get("/dispositifs/").context["rows"]}
    assert [(spot.name, spot.public_id) for spot in rows[north].spots] == [("Loin", "")]


def test_nobody_else(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    client.force_login(cast.nobody, BACKEND)
    assert client.get("/dispositifs/").status_code == 403
    asked = read_list(cast.nobody, QueryDict("departement=tous&miens=on"))
    assert not filtered_actions(cast.nobody, asked.filter).exists()


def test_tabs_say_how_many(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    words = text(client, cast.correspondent59)
    assert "Dispositifs en cours (3) Dispositifs terminés (1) À venir (1)" in words
    assert "À venir" not in text(client, cast.correspondent13)
    assert "Dispositifs en cours (1) Dispositifs terminés (0)" in text(
        client, cast.correspondent59, "q=sanitaire"
    )


def test_the_past(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    then = "au=01/06/2020&tri=nom"
    assert listed(client, cast.correspondent59, then) == ["Appui à l’école", SANTE, MOUS]
    words = text(client, cast.correspondent59, then)
    assert "Vous regardez la situation" in words
    assert "à remplir avant" not in words
    assert "Déclarer un dispositif" not in words
    # An order or a filter on what is due has no meaning then.
    assert len(listed(client, cast.correspondent59, "au=01/06/2020&tri=echeance&suivi=retard")) == 3
    # Nothing was known of it before it was declared.
    assert listed(client, cast.correspondent59, "au=01/06/2020&connu-le=01/06/2020") == []


def test_who_took_part_then(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    writer, north = actor(cast.correspondent59), organisation_of(cast.operator_b)
    parts = [Part(writer.organisation, "pilot"), Part(north, "operator")]
    set_parts(action=world["mous"], parts=parts, on=dt.date(2020, 11, 1), by=writer)
    query = f"operateur={north.pk}&tri=nom"
    assert listed(client, cast.correspondent59, query) == [SANTE, MOUS]
    assert listed(client, cast.correspondent59, f"{query}&au=01/06/2020") == [SANTE]


def test_what_a_line_says(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    factories.make_contact(
        world["sante"], "Camille Exemple", organisation_of(cast.operator_b), duty="cheffe de projet"
    )
    words = text(client, cast.correspondent59, "q=sanitaire")
    assert "Depuis le 01/03/2020 Fin prévue le 30/06/2021" in words
    assert "Santé Médiation" in words
    assert "Friche du canal Roubaix" in words
    assert "DDETS du Nord" in words
    assert "Camille Exemple, cheffe de projet" in words
    assert "Terrain Sadi Carnot terrain d’insertion Dunkerque, 3 allée des Pins" in text(
        client, cast.correspondent59
    )


def test_many_sites_are_counted(client: Client, cast: Cast) -> None:
    sites = [factories.make_site(f"Site {number}") for number in range(7)]
    factories.make_action("Partout", sites=sites)
    factories.make_action("Presque", sites=sites[:4])
    words = text(client, cast.correspondent59, "q=partout")
    assert "Site 2" in words
    assert "Site 3" not in words
    assert "et 4 autres" in words
    assert "autres" not in text(client, cast.correspondent59, "q=presque"), (
        "un seul de plus se dit par son nom"
    )


@pytest.mark.parametrize(
    ("start", "planned", "ended", "words"),
    [
        ("2020-01-01", None, None, ["Depuis le 01/01/2020"]),
        ("2020-01-01", "2020-01-01", None, ["Le 01/01/2020"]),
        ("2020-01-01", "2020-12-31", None, ["Depuis le 01/01/2020", "Fin prévue le 31/12/2020, dépassée"]),
        ("2020-01-01", "2021-12-31", "2020-11-02", ["Du 01/01/2020 au 02/11/2020"]),
        ("2020-01-01", "2021-12-31", "2021-11-02", ["Depuis le 01/01/2020", "Fin prévue le 31/12/2021"]),
        ("2021-02-01", None, None, ["À partir du 01/02/2021"]),
    ],
)
def test_dates_in_words(start: str, planned: str | None, ended: str | None, words: list[str]) -> None:
    read = dt.date.fromisoformat
    run = Intervention(
        valid_on=read(start),
        planned_end=read(planned) if planned else None,
        ended_on=read(ended) if ended else None,
    )
    assert dates_in_words(run, TODAY) == words


QUERIES = (
    "",
    "tri=echeance&suivi=retard",
    "q=dispositif+lille",
    "au=01/06/2020",
    "au=01/06/2020&connu-le=01/01/2021",
)


def test_queries_do_not_grow(client: Client, cast: Cast) -> None:
    operator = organisation_of(cast.operator_a)
    writer = actor(cast.correspondent59)

    def grow(number: int) -> None:
        for each in range(number):
            site = factories.make_site(f"Site {each}", LILLE)
            action = factories.make_action(
                f"Dispositif {each}", by=writer, sites=[site], operators=[operator], rhythm=Rhythm.MONTHLY
            )
            factories.make_insertion_site(action, "Terrain")
            factories.make_contact(action, "Camille Exemple")

    def queries(user: Any, query: str) -> int:
        client.force_login(user, BACKEND)
        client.get(f"/dispositifs/?{query}")
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/dispositifs/?{query}")
        return len(caught)

    def counts() -> list[int]:
        return [queries(user, query) for user in (cast.correspondent59, cast.operator_a) for query in QUERIES]

    grow(1)
    before = counts()
    grow(9)
    assert counts() == before
    assert max(before) <= 39


def test_it_leads_to_the_export_and_the_figures(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    client.force_login(cast.correspondent59, BACKEND)
    html = client.get("/dispositifs/?q=lille&departement=59&au=01/06/2020&page=1").content.decode()
    assert 'href="/dispositifs/exporter/?q=lille&amp;departement=59&amp;au=01%2F06%2F2020"' in html
    assert 'hx-get="/dispositifs/panneau/?q=lille&amp;departement=59&amp;au=01%2F06%2F2020"' in html
    client.force_login(cast.observer, BACKEND)
    assert "Exporter" not in client.get("/dispositifs/").content.decode()


def test_an_order_is_announced_only_to_those_it_orders_for(
    client: Client, cast: Cast, world: dict[str, Action]
) -> None:
    """« Ceux que vous avez à remplir d’abord » means nothing to who fills in nothing."""
    assert "3 dispositifs, par nom" in text(client, cast.correspondent13, "departement=59")
    assert "Ce que je remplis d’abord" not in text(client, cast.correspondent13)
    assert "ceux que vous avez à remplir d’abord" in text(client, cast.operator_a)
    client.force_login(cast.operator_a, BACKEND)
    page = client.get("/dispositifs/?tri=echeance")
    assert 'aria-sort="ascending"' in page.content.decode()
    assert page.context["columns"][-1].key == "echeance"
    assert client.get("/dispositifs/?statut=termines").context["columns"][-1].key == ""


def test_an_empty_tab_leads_to_the_one_that_answers(
    client: Client, cast: Cast, world: dict[str, Action]
) -> None:
    words = text(client, cast.correspondent59, "q=école")
    assert "mais un autre onglet a des réponses" in words
    client.force_login(cast.correspondent59, BACKEND)
    elsewhere = client.get("/dispositifs/?q=école").context["elsewhere"]
    assert listed(client, cast.correspondent59, elsewhere.url.partition("?")[2]) == ["Appui à l’école"]
    assert "Retirez un filtre" in text(client, cast.correspondent59, "q=introuvable")
