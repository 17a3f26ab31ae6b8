"""The yearly dialogue: amounts counted again from the rows, the same in each file; what is not recorded is told."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from jalons.actions.models import Action, FundingLine
from jalons.core.values import format_number
from jalons.editions.models import ReportEdition
from jalons.editions.services.making import check_identical
from tests.editions.making import make_edition
from tests.editions.parsing import (
    docx_rows,
    pdf_text,
    pptx_charts,
    pptx_rows,
    screen_rows,
    spaced,
    xlsx_rows,
)
from tests.factories import Cast
from tests.figures.world import DAYS, World, make_world
from tests.guards import commits

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(reason="les mêmes montants sur les deux bases"),
]
LONG_AGO = dt.date(2015, 6, 1)  # nothing is known of then


@pytest.fixture(scope="module")
def world(people: Cast, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), commits.held():
        yield make_world(people)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def edition(world: World) -> ReportEdition:
    return make_edition(world.cast.correspondent59, kind="dialogue", day=DAYS[-1])


def planned_by_name(world: World, keys: set[str]) -> dict[str, tuple[Decimal, int, int]]:
    """Row by row: the sum of what is planned for the year, how many lines tell it, how many there are."""
    counted: dict[str, tuple[Decimal, int, int]] = {}
    names = {action.pk: action for action in world.rows[Action] if action.public_id in keys}
    for line in world.rows[FundingLine]:
        current = line.superseded_at is None and not line.withdrawn
        if current and line.action_id in names and line.year == DAYS[-1].year and line.valid_on <= DAYS[-1]:
            name = names[line.action_id].name
            amount, known, every = counted.get(name, (Decimal(0), 0, 0))
            counted[name] = (amount + (line.planned or 0), known + (line.planned is not None), every + 1)
    return counted


def printed(amount: Decimal, known: int, every: int) -> str:
    """How a table begins to write it; nothing when it is not known at all."""
    if not known:
        return ""
    bound = "≥ " if known < every and amount else ""
    return spaced(f"{bound}{format_number(amount)}")


def test_amounts_are_those_counted_by_hand_in_every_file(world: World, edition: ReportEdition) -> None:
    rows = [row for row in edition.values["rows"] if row["key"].startswith("argent/")]
    counted = planned_by_name(world, {row["key"].removeprefix("argent/") for row in rows})
    assert counted, "le monde est trop pauvre"
    files = {"mot": docx_rows(edition), "écran": screen_rows(edition), "diapositives": pptx_rows(edition)}
    paper = pdf_text(edition)
    for name, worth in counted.items():
        expected = printed(*worth)
        for lines in files.values():
            of_name = [line for line in lines if line[0] == spaced(name) and len(line) == 4]
            assert any(line[1].startswith(expected) for line in of_name), (name, expected, of_name)
        assert expected in paper
    whole = sum((amount for amount, _, _ in counted.values()), Decimal(0))
    [bars] = [chart for title, chart in pptx_charts(edition).items() if title.startswith("Financements")]
    [[label, bar]] = [pair for pair in bars["Montant"].items() if pair[0].startswith("Prévu")]
    assert Decimal(str(bar)) == whole
    lacks = any(known < every for _, known, every in counted.values())
    assert label.endswith("(au moins)") is bool(lacks and whole)
    complete = {name: amount for name, (amount, known, every) in counted.items() if known == every}
    book = {(row[0], row[1]) for row in xlsx_rows(edition, "À imprimer")}
    assert all(
        any(name == of and number == amount for of, number in book) for name, amount in complete.items()
    )
    assert check_identical(edition=edition) == []


def test_what_is_not_recorded_is_told(edition: ReportEdition) -> None:
    paper = pdf_text(edition)
    assert "La date d’une demande, son refus et son motif ne sont pas enregistrés" in paper
    assert f"{DAYS[-1].year + 1} : " in paper


def test_without_the_right_to_read_funding_no_amount(world: World) -> None:
    poor = make_edition(world.cast.operator_a, kind="dialogue", day=DAYS[-1])
    paper = pdf_text(poor)
    for title in ("Demandé et financé", "L’année suivante"):
        assert f"« {title} » n’est pas dans cet exemplaire" in paper
    assert "€" not in paper
    assert not any(row["key"].startswith("argent") for row in poor.values["rows"])
    assert not any(row["key"].startswith("questions/execute") for row in poor.values["rows"])


def test_a_territory_without_anything(cast: Cast) -> None:
    empty = make_edition(cast.correspondent13, kind="dialogue", area="departement-13", day=LONG_AGO)
    paper = pdf_text(empty)
    assert "aucun montant n’est connu" in paper
    assert "Aucun dispositif dans l’année" in paper
    assert "Les données ne posent pas de question" in paper
    assert check_identical(edition=empty) == []
