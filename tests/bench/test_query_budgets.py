"""What each page asks of the base and sends, whatever the machine: as much for a few people and sites as for many, and
no more than it did. These numbers may only fall: one that is beaten is written here.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.crowd import fill
from bench.screens import SCREENS, Screen
from jalons.accounts.models import User
from jalons.joining.models import AccessRequest
from tests import factories
from tests.factories import BACKEND, Cast

ACCOUNTS = {
    "national@demo.example": "national",
    "correspondant59@demo.example": "correspondent59",
    "admin@demo.example": "admin",
    "comptes59@demo.example": "local_admin",
    "operateur-a@demo.example": "operator_a",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """At most: queries, and kilobytes of the page before it is compressed, with three sites. `joined`: tables that one
    cut list joins when they are there; each doubles or triples what PostgreSQL takes to plan it (ADR 0046).
    """

    queries: int
    kilobytes: int
    joined: int = 5


MOST = {
    "Accueil": Cost(10, 8),
    "Tendance de l’accueil": Cost(10, 7),
    "Suite de l’accueil": Cost(11, 6),
    "Ce que l’on attend": Cost(11, 6),
    "Ce qui a changé": Cost(7, 7),
    "Sites prioritaires de l’accueil": Cost(21, 8),
    "Activité": Cost(9, 12),
    "Activité d’un territoire": Cost(7, 11),
    "Priorités de la nation": Cost(22, 13),
    "Priorités d’un département": Cost(22, 13),
    "Recherche partout": Cost(18, 9),
    "Liste": Cost(13, 24),
    "Liste, recherche et filtres": Cost(10, 18),
    "Liste il y a un an": Cost(13, 22),
    "Liste connue il y a un an": Cost(8, 18),
    "Tableau de bord national": Cost(22, 21),
    "Tableau de bord national il y a un an": Cost(23, 23),
    "Tableau de bord d’un département": Cost(21, 22),
    "Courbes d’un département": Cost(17, 34),
    "Territoires comparés": Cost(21, 22),
    "Rapports": Cost(10, 8),
    "Demander un rapport": Cost(16, 40),
    "Préparer le semestre": Cost(34, 20),
    "Chiffres ouverts": Cost(8, 8),
    "Situations semblables": Cost(14, 9),
    "Sites de la carte": Cost(6, 1),
    "Fiche": Cost(12, 31),
    "Annuaire": Cost(15, 20),
    "Annuaire, filtres": Cost(16, 12),
    "Annuaire, recherche": Cost(15, 13),
    "Dispositifs de toute la France": Cost(7, 8),
    "Bonnes pratiques": Cost(6, 7),
    "Dispositifs proposés": Cost(7, 7),
    "Annuaire des structures": Cost(16, 13),
    "Demandes d’accès": Cost(6, 9),
    "Qui peut lire ceci ?": Cost(18, 13),
    "Qui peut lire ce dispositif ?": Cost(19, 11),
    "Communes proposées": Cost(3, 1),
    "Dispositifs": Cost(23, 16),
    "Dispositifs, recherche et filtres": Cost(14, 15),
    "Dispositifs il y a un an": Cost(16, 16),
    "Panneau du territoire": Cost(11, 8),
    "Dispositif": Cost(27, 19),
    "Suivi d’un dispositif": Cost(25, 11),
    "Conventions": Cost(9, 9),
}
FEW, MANY = 40, 120
WATCHED: list[Screen] = [screen for screen in SCREENS if screen.name in MOST]


def told(cast: Cast, first: int, last: int) -> None:
    """Sites with two counts each, and a dispositif on all of them."""
    today = dt.date.today()
    sites = [factories.make_site(f"Place {number}") for number in range(first, last)]
    for site in sites:
        for days in (400, 40):
            factories.make_survey(site, today - dt.timedelta(days=days))
    operators = [factories.organisation_of(cast.operator_a)]
    factories.make_action(f"Médiation {first}", operators=operators, sites=sites)
    fill(people=MANY if first else FEW, first=FEW if first else 0)


def costs(
    clients: dict[str, Client], names: dict[str, Any], *, opened: bool = False
) -> dict[tuple[str, str], Cost]:
    """`opened`: these pages were opened before, by the same people."""
    found = {}
    for screen in WATCHED:
        for user in screen.users:
            path = screen.path.format(**names)
            if not opened:
                clients[user].get(path)  # kinds of things are known, sensitive readings written down
            with CaptureQueriesContext(connection) as queries:
                answer = clients[user].get(path)
            assert answer.status_code == 200, (path, answer.status_code)
            joined = max((outer_joins(query["sql"]) for query in queries), default=0)
            found[screen.name, user] = Cost(len(queries), len(answer.content) // 1000, joined)
    return found


def outer_joins(sql: str) -> int:
    """Of the query itself, when it is cut (`LIMIT`): those of its subqueries are planned apart."""
    tables, _, rest = sql.partition(" WHERE ")
    return tables.count(" LEFT OUTER JOIN ") if " LIMIT " in f"{tables[-20:]}{rest[-200:]}" else 0


def test_joins_of_a_cut_list_are_counted() -> None:
    rows = AccessRequest.objects.select_related("organisation", "territory__commune").order_by("pk")
    assert outer_joins(str(rows[:5].query)) == 2
    assert outer_joins(str(rows.query)) == 0


def test_every_quick_screen_is_watched() -> None:
    """But those of a convention, of a report to fill in or of a register, which have tests of their own."""
    elsewhere = ("{convention}", "{late}", "{operator}")
    quick = {
        screen.name
        for screen in SCREENS
        if not (screen.heavy or screen.fill or screen.sealed)
        and not any(mark in f"{screen.path}{screen.users}" for mark in elsewhere)
    }
    assert quick == set(MOST)


@pytest.mark.first_database(reason="as many queries on both")
def test_constant_queries_within_their_budget(cast: Cast) -> None:
    clients: dict[str, Any] = {}
    for email, name in ACCOUNTS.items():
        clients[email] = Client()
        clients[email].force_login(User.objects.get(pk=getattr(cast, name).pk), BACKEND)
    told(cast, 0, 3)
    site, action = factories.Site.objects.first(), factories.Action.objects.first()
    assert site is not None
    assert action is not None
    year_ago = (dt.date.today() - dt.timedelta(days=365)).isoformat()
    names = {"site": site.public_id, "action": action.public_id, "year_ago": year_ago}
    few = costs(clients, names)
    over = {key: cost for key, cost in few.items() if cost.queries > MOST[key[0]].queries}
    heavy = {key: cost for key, cost in few.items() if cost.kilobytes > MOST[key[0]].kilobytes}
    wide = {key: cost for key, cost in few.items() if cost.joined > MOST[key[0]].joined}
    assert (over, heavy, wide) == ({}, {}, {})
    told(cast, 3, 9)
    many = costs(clients, names, opened=True)
    grown = {key: (few[key].queries, cost.queries) for key, cost in many.items()}
    assert {key: both for key, both in grown.items() if both[1] > both[0]} == {}
