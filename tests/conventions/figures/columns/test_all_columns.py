"""One column more for every sheet at once."""

from typing import Any

import pytest
from django.test import Client

from jalons.conventions.models import Convention, MatrixColumn
from tests.forms import form_to

pytestmark = pytest.mark.django_db


def asked(convention: Convention, pilot: Any, **typed: str) -> Any:
    client = Client()
    client.force_login(pilot, "jalons.accounts.backends.SessionBackend")
    url = f"/conventions/{convention.slug}/indicateurs/colonne/"
    return client.post(url, form_to(client.get(url), url).filled(typed), follow=True)


def columns(convention: Convention, measure: str) -> Any:
    return MatrixColumn.objects.filter(commitment__convention=convention, measure=measure, year=2022)


def test_the_figures_so_far_of_every_sheet_as_of_a_day(convention: Convention, pilot: Any) -> None:
    sheets = convention.commitments.filter(rows__isnull=False).distinct().count()
    assert sheets > 1
    page = asked(convention, pilot, measure="realise", on="31/05/2022").content.decode()
    assert "ont reçu la colonne" in page
    assert {(each.header, each.as_of, each.partial) for each in columns(convention, "realise")} == {
        ("REALISE MAI 2022", "2022-05", True)
    }
    assert columns(convention, "realise").count() == sheets
    again = asked(convention, pilot, measure="realise", on="31/05/2022").content.decode()
    assert "avaient déjà cette colonne" in again
    assert columns(convention, "realise").count() == sheets


def test_the_account_of_the_year_stands_after_its_objective(convention: Convention, pilot: Any) -> None:
    asked(convention, pilot, measure="bilan")
    for column in columns(convention, "bilan"):
        before = column.commitment.columns.filter(position__lt=column.position).last()
        assert (before.year, before.measure) == (2022, "objectif")
    convention.refresh_from_db()
    assert columns(convention, "bilan").exists()


def test_the_day_is_asked_and_is_one_of_the_year(convention: Convention, pilot: Any) -> None:
    assert "jusqu’à quelle date" in asked(convention, pilot, measure="realise", on="").content.decode()
    assert (
        "n’est pas commencée" in asked(convention, pilot, measure="realise", on="31/12/2021").content.decode()
    )
    assert not columns(convention, "realise").exists()
