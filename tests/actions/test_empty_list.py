"""The list of dispositifs before anybody has declared one."""

import pytest
from django.test import Client

from tests.actions.test_listing import text
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def test_empty_lists_say_what_to_do(client: Client, cast: Cast) -> None:
    assert "un nom, une date de début" in text(client, cast.correspondent59)
    assert "C’est le service de l’État" in text(client, cast.operator_a)
    assert "Retirez un filtre" in text(client, cast.correspondent59, "q=rien")
    assert "garde sa fiche" in text(client, cast.correspondent59, "statut=termines")
    assert "Déclarer un dispositif" not in text(client, cast.operator_a)
