"""The list of sites before anybody has declared one."""

import pytest
from django.test import Client

from tests.factories import Cast
from tests.sites.test_listing import text

pytestmark = pytest.mark.django_db


def test_empty_lists_say_what_to_do(client: Client, cast: Cast) -> None:
    assert "Aucun site n’est encore déclaré" in text(client, cast.correspondent59)
    assert "Retirez un filtre" in text(client, cast.correspondent59, "q=rien")
    assert "Déclarer" not in text(client, cast.observer)
