"""Who did what on a convention."""

from typing import Any

import pytest
from django.test import Client

from jalons.conventions.enums import ConventionRole
from jalons.conventions.models import Cell, Convention, Seat
from jalons.history.services import correct, save_record
from tests import factories

pytestmark = pytest.mark.django_db


def shown(person: Any, convention: Convention) -> str:
    client = Client()
    client.force_login(person, "jalons.accounts.backends.SessionBackend")
    return client.get(f"/conventions/{convention.slug}/historique/").content.decode()


def test_an_import_is_told_by_kind(pilot: Any, convention: Convention) -> None:
    page = shown(pilot, convention)
    assert "chiffres" in page
    assert "lignes d’indicateurs" in page
    assert page.count("<time ") < 40


def test_a_change_says_before_and_after(pilot: Any, convention: Convention) -> None:
    by = factories.actor(pilot)
    article = convention.articles.all()[0]
    article.title = "NOUVEL OBJET"
    save_record(record=article, by=by, reason="relu")
    cell = Cell.objects.known().filter(row__commitment__convention=convention, number=50)[0]
    correct(fact=cell, by=by, reason="mieux compté", number=55, raw="55")
    page = shown(pilot, convention)
    assert "NOUVEL OBJET" in page
    assert "a corrigé le chiffre" in page
    assert "mieux compté" in page
    assert "55" in page


def test_who_only_reads_sees_structures_and_no_name(cast: Any, pilot: Any, convention: Convention) -> None:
    by = factories.actor(pilot)
    seat = Seat(
        convention=convention,
        organisation=factories.organisation_of(cast.observer),
        role=ConventionRole.READER,
    )
    save_record(record=seat, by=by)
    page = shown(cast.observer, convention)
    assert by.organisation.name in page
    assert str(pilot) not in page
    assert str(pilot) in shown(pilot, convention).partition("</header>")[2]
