"""The activity of an operator: its rows counted again, the same in each file; its members alone."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from jalons.accounts.models import User
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Intervention, Participation
from jalons.editions.models import ReportEdition
from jalons.editions.permissions import may_ask
from jalons.editions.registry import report_kinds
from jalons.editions.services.making import check_identical
from jalons.figures.areas import find_area
from jalons.indicators.models import Measurement
from tests import factories
from tests.editions.making import make_edition
from tests.editions.parsing import docx_rows, pdf_text, pptx_rows, screen_rows, spaced, xlsx_rows
from tests.factories import Cast, organisation_of
from tests.figures.world import DAYS, World, make_world
from tests.guards import commits

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(reason="les mêmes tableaux sur les deux bases"),
]
LONG_AGO = dt.date(2015, 6, 1)  # nothing is known of then


@pytest.fixture(scope="module")
def world(people: Cast, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), commits.held():
        yield make_world(people)
        transaction.set_rollback(True)


def area_for(user: User) -> str:
    return f"operateur-{organisation_of(user).pk}"


@pytest.fixture(scope="module")
def edition(world: World) -> ReportEdition:
    user = world.cast.operator_a
    return make_edition(user, kind="activite", area=area_for(user), day=DAYS[-1])


def ran_by(world: World, user: User) -> dict[str, str]:
    """Public id and name of the dispositifs of a structure that ran within the year, row by row."""
    mine = organisation_of(user)
    own = {
        part.action_id
        for part in world.rows[Participation]
        if part.participant_id == mine.pk
        and part.role == ParticipationRole.OPERATOR
        and part.superseded_at is None
        and not part.withdrawn
    }
    year = DAYS[-1].year
    from_rows = {}
    for run in world.rows[Intervention]:
        current = run.superseded_at is None and not run.withdrawn
        lasted = run.valid_on <= DAYS[-1] and (run.ended_on is None or run.ended_on.year >= year)
        if current and lasted and run.action_id in own:
            from_rows[run.action.public_id] = run.action.name
    return from_rows


def test_each_dispositif_is_in_every_file(world: World, edition: ReportEdition) -> None:
    counted = ran_by(world, world.cast.operator_a)
    assert len(counted) >= 2, "le monde est trop pauvre"
    rows = {row["key"].removeprefix("dispositifs/"): row for row in edition.values["rows"]
            if row["key"].startswith("dispositifs/")}  # fmt: skip
    assert {key: row["label"] for key, row in rows.items()} == counted
    screen, word, slides, paper = (
        screen_rows(edition), docx_rows(edition), pptx_rows(edition), pdf_text(edition),
    )  # fmt: skip
    for name in counted.values():
        for lines in (screen, word, slides):
            assert any(line[0] == spaced(name) for line in lines)
        assert spaced(name) in paper
    title = next(row["section"] for row in rows.values())
    assert title == "Les dispositifs"
    book = xlsx_rows(edition, "À imprimer")
    assert set(counted.values()) <= {str(row[0]) for row in book}
    assert check_identical(edition=edition) == []


def told_by_hand(world: World, user: User, code: str) -> dict[str, int]:
    """Row by row: what is told of each dispositif of the structure in the year."""
    mine, told = ran_by(world, user), dict[str, int]()
    for row in world.rows[Measurement]:
        key = row.series.action.public_id
        current = row.superseded_at is None and not row.withdrawn and row.number is not None
        in_year = row.valid_on.year == DAYS[-1].year and row.valid_on <= DAYS[-1]
        if current and in_year and key in mine and row.series.indicator.code == code:
            told[key] = told.get(key, 0) + int(row.number)
    return told


def first_number(words: str) -> int:
    return int(spaced(words).removeprefix("≥ ").split(" (")[0].replace(" ", ""))


def test_outcomes_are_those_counted_row_by_row(world: World, edition: ReportEdition) -> None:
    rows = {
        row["key"].rpartition("/")[2]: row for row in edition.values["rows"] if "indicateurs-" in row["key"]
    }
    checked = 0
    for code in ("logement-personnes", "contrats"):
        if told := told_by_hand(world, world.cast.operator_a, code):
            cells = dict(rows[code]["cells"])
            assert first_number(cells["Valeur"]) == sum(told.values())
            assert cells["Dispositifs qui l’ont renseigné"].startswith(f"{len(told)} sur ")
            checked += 1
    assert checked, "le monde est trop pauvre"


def test_each_line_is_the_same_in_every_file(edition: ReportEdition) -> None:
    screen, word, slides, paper = (
        screen_rows(edition), docx_rows(edition), pptx_rows(edition), pdf_text(edition).replace("- ", "-"),
    )  # fmt: skip
    book = [[spaced(str(cell)) for cell in row] for row in xlsx_rows(edition, "À imprimer")]
    assert len(edition.values["rows"]) > 5
    for row in edition.values["rows"]:
        line = [spaced(row["label"]), *(spaced(words) for _, words in row["cells"])]
        assert line in screen, line
        assert line in word, line
        assert line in slides, line
        assert all(words in paper for words in line), line
        [*numbers] = [words for words in line[1:] if words.isdigit()]
        assert any(cells[0] == line[0] and {*numbers} <= {*cells} for cells in book), line


def test_its_members_alone_may_ask_for_it(world: World, cast: Cast, client: Client) -> None:
    kind, own = report_kinds()["activite"], area_for(cast.operator_a)
    area = find_area(own)
    assert area is not None
    assert may_ask(cast.operator_a, kind, area)
    for stranger in (
        cast.operator_b,
        cast.correspondent59,
        cast.national,
        cast.mairie,
        cast.observer,
        cast.nobody,
    ):
        assert not may_ask(stranger, kind, area)
    url = reverse("editions:ask", args=["activite"])
    client.force_login(cast.correspondent59, backend=factories.BACKEND)
    assert client.get(url).status_code == 404
    client.force_login(cast.operator_b, backend=factories.BACKEND)
    count = ReportEdition.objects.count()
    forged = {
        "territoire": own,
        "periode": f"{DAYS[-1].year}-01-01",
        "parties": ["public"],
        "submission_key": "x" * 32,
    }
    assert client.post(url, forged).status_code in (200, 403)
    assert ReportEdition.objects.count() == count


def test_money_only_with_the_right_to_read_it(world: World, edition: ReportEdition) -> None:
    assert "« Financements » n’est pas dans cet exemplaire" in pdf_text(edition)
    assert not any(row["key"].startswith("argent/") for row in edition.values["rows"])


def test_a_structure_without_any_dispositif(cast: Cast) -> None:
    empty = make_edition(cast.operator_a, kind="activite", area=area_for(cast.operator_a), day=LONG_AGO)
    assert "Aucun dispositif de cette structure" in pdf_text(empty)
    assert check_identical(edition=empty) == []
