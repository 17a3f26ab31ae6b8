"""The pages that everybody opens cost as many queries for a few people as for many, and no more than their budget."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.budgets import BUDGETS
from bench.crowd import fill
from bench.screens import SCREENS
from jalons.accounts.models import User
from tests import factories
from tests.factories import BACKEND, Cast

ACCOUNTS = {
    "national@demo.example": "national",
    "correspondant59@demo.example": "correspondent59",
    "admin@demo.example": "admin",
    "comptes59@demo.example": "local_admin",
}
WATCHED = (
    "Accueil",
    "Recherche partout",
    "Annuaire",
    "Annuaire, filtres",
    "Annuaire, recherche",
    "Annuaire des structures",
    "Demandes d’accès",
    "Qui peut lire ceci ?",
    "Qui peut lire ce dispositif ?",
)
FEW, MANY = 40, 120


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(queries)


def test_constant_queries_within_their_budget(cast: Cast) -> None:
    site = factories.make_site()
    operators = [factories.organisation_of(cast.operator_a)]
    action = factories.make_action("Médiation Lille", operators=operators, sites=[site])
    clients: dict[str, Any] = {}
    for email, name in ACCOUNTS.items():
        clients[email] = Client()
        clients[email].force_login(User.objects.get(pk=getattr(cast, name).pk), BACKEND)
    fill(people=FEW)
    asked = [
        (screen.name, user, screen.path.format(site=site.public_id, action=action.public_id))
        for screen in SCREENS
        if screen.name in WATCHED
        for user in screen.users
    ]
    assert {name for name, _, _ in asked} == set(WATCHED)
    for _, user, path in asked:
        clients[user].get(path)  # kinds of things are known
    few = {(name, user): queries_of(clients[user], path) for name, user, path in asked}
    fill(people=MANY, first=FEW)
    many = {(name, user): queries_of(clients[user], path) for name, user, path in asked}
    assert many == few
    over = {key: count for key, count in many.items() if count > (BUDGETS[key[0]].queries or 0)}
    assert not over
