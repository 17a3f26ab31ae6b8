"""Years side by side: what is compared, what is not, and that nothing costs more with more years."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.accounts.enums import Role
from jalons.accounts.models import Organisation
from jalons.conventions.dossier.attainment import StatedFigure, covered, evolution, judged, pace
from jalons.conventions.importing.storing import transcriber
from jalons.conventions.models import Cell, Convention, MatrixColumn, MatrixRow
from jalons.conventions.years.comparison import compare
from jalons.conventions.years.services import open_next_year
from jalons.history.services import enter
from jalons.indicators.enums import Direction, Nature
from tests import factories
from tests.conventions.samples import make_convention, number, sample, two_departements
from tests.conventions.years.test_years import REAL

db = pytest.mark.django_db


def figure(number: Any, kind: str = "number", **more: Any) -> StatedFigure:
    return StatedFigure(kind, str(number), Decimal(str(number)) if number is not None else None, **more)


@pytest.fixture
def pilot(territories: Any) -> Any:
    make_convention()
    return pilot_of()


def pilot_of(name: str = "Nord", code: str = "59") -> Any:
    organisation = Organisation.objects.get(name=f"Conseil départemental – {name}")
    return factories.make_user(Role.INSTITUTION, code, organisation=organisation)


def fill(convention: Convention, label: str, year: int, told: int, **more: Any) -> None:
    row = MatrixRow.objects.filter(commitment__convention=convention, label=label).first()
    column = MatrixColumn.objects.exclude(measure="objectif").get(commitment=row.commitment, year=year)
    cell = Cell(row=row, column=column, raw=str(told), kind="number", number=told, valid_on=f"{year}-12-31")
    for name, value in more.items():
        setattr(cell, name, value)
    enter(fact=cell, by=transcriber())


# --- judging ---------------------------------------------------------------------------------------------------


def test_a_ratio_says_its_direction() -> None:
    assert judged(figure(50), figure(46), Direction.NEUTRAL).words == "92\u00a0% de l’objectif"
    assert judged(figure(50), figure(46), Direction.UP).state == "due"
    assert judged(figure(50), figure(50), Direction.UP).state == "good"
    late = judged(figure(15, "duration", unit="jours"), figure(17, "duration", unit="jours"), Direction.DOWN)
    assert (late.state, late.words) == ("due", "+2\u00a0jours par rapport à l’objectif")
    assert judged(figure(0), figure(3), Direction.NEUTRAL).words == "+3 par rapport à l’objectif"
    assert judged(figure(65, "percent"), figure(62, "percent"), Direction.UP).words == "−3\u00a0points"


@pytest.mark.parametrize(
    ("aim", "done"),
    [
        (figure(50, qualifier="formés"), figure(60, qualifier="sensibilisés")),
        (figure(50, unit="jours", kind="duration"), figure(2, unit="mois", kind="duration")),
        (figure(50), figure(60, "percent")),
        (figure(50), figure(60, "composite", main="doubtful")),
    ],
)
def test_what_does_not_count_the_same_is_not_compared(aim: StatedFigure, done: StatedFigure) -> None:
    told = judged(aim, done, Direction.UP)
    assert told.state == ""
    assert told.words.startswith("Non comparable")
    assert evolution(aim, done) == ""


@pytest.mark.parametrize("kind", ["nd", "not_applicable", "dash", "empty", "text"])
def test_an_absence_is_never_a_zero(kind: str) -> None:
    nothing = StatedFigure(kind, "ND")
    assert judged(figure(50), nothing, Direction.UP).state == ""
    assert evolution(figure(50), nothing) == ""
    assert evolution(nothing, figure(50)) == ""


def test_pace_needs_a_date_and_a_flow() -> None:
    may = covered(MatrixColumn(header="REALISE", year=2022, as_of="2022-05", partial=True))
    assert may.words == "au 31 mai 2022"
    half = Decimal("0.5")
    assert pace(figure(100), figure(40), half, Nature.FLOW).endswith("80\u00a0% de l’attendu")
    assert pace(figure(100), figure(40), half, Nature.STOCK) == ""
    assert covered(MatrixColumn(header="REALISE", year=2022, partial=True)).share is None
    assert pace(figure(100), figure(40), None, Nature.FLOW) == ""
    assert not covered(MatrixColumn(header="BILAN 2022", year=2022)).partial


@settings(max_examples=60)
@given(st.integers(-500, 500), st.integers(-500, 500))
def test_evolution_is_what_one_adds(before: int, after: int) -> None:
    words = evolution(figure(before), figure(after)).split(" (")[0]
    gap = after - before
    assert words == (f"+{gap}" if gap > 0 else f"−{-gap}" if gap else "0")


# --- pages -----------------------------------------------------------------------------------------------------


@db
def test_a_single_convention_is_compared_with_its_own_past(territories: Any) -> None:
    convention = make_convention(json.loads(REAL.read_text()))
    compared = compare(convention, pilot_of())
    assert compared.years == [2019, 2020, 2021, 2022]
    assert compared.last_year == 2021
    fourth = next(each for each in compared.sheets if each.commitment.key == "calpae-2022-f04")
    formed, followed = fourth.lines
    by_year = {each.year: each for each in formed.years}
    assert by_year[2020].judged.words.startswith("Non comparable")
    assert by_year[2022].done is not None
    assert by_year[2022].done.covered.words == "au 31 mai 2022"
    assert by_year[2022].judged.words == ""
    assert {each.year: each.judged.words for each in followed.years}[2020] == "0\u00a0% de l’objectif"
    assert "polyline" in followed.curve


@db
def test_years_of_a_chain_follow_the_same_indicator(pilot: Any) -> None:
    first = Convention.objects.get()
    second = open_next_year(convention=first, by=transcriber())
    fill(second, "Nombre de familles suivies", 2022, 60)
    compared = compare(second, pilot)
    assert [each.year for each in compared.conventions] == [2022, 2023]
    line = next(each for each in compared.sheets[0].lines if each.label == "Nombre de familles suivies")
    found = {each.year: each for each in line.years}
    # The objective is in the convention of 2022, its account in that of 2023.
    assert found[2022].judged.words == "120\u00a0% de l’objectif"
    assert found[2022].evolution == "+20 (+50\u00a0%)"
    assert compared.sheets[0].coverage(2022).words == "1 sur 6"
    assert [(each.year, each.planned) for each in compared.money] == [(2022, 300_000), (2023, None)]
    # The other year tells the same.
    again = compare(first, pilot).sheets[0].lines
    assert (
        next(each for each in again if each.label == line.label).years[1].judged.words
        == "120\u00a0% de l’objectif"
    )


@db
def test_each_departement_compares_its_own_sheets(territories: Any) -> None:
    convention = make_convention(two_departements())
    north, south = pilot_of(), pilot_of("Pas-de-Calais", "62")
    seen = [{each.commitment.pk for each in compare(convention, user).sheets} for user in (north, south)]
    assert seen[0]
    assert seen[1]
    assert not seen[0] & seen[1]


@db
def test_the_number_of_queries_does_not_grow(
    pilot: Any, client: Any, django_assert_max_num_queries: Any
) -> None:
    first = Convention.objects.get()
    client.force_login(pilot)
    later = open_next_year(convention=first, by=transcriber())
    later = open_next_year(convention=later, by=transcriber())
    with django_assert_max_num_queries(22):
        page = client.get(f"/conventions/{later.slug}/comparaison/")
    assert "Exemple 2024" in page.content.decode()
    sheet = first.commitments.first()
    with django_assert_max_num_queries(22):
        page = client.get(f"/conventions/{first.slug}/comparaison/?fiche={sheet.public_id}").content.decode()
    assert "Nombre de familles suivies" in page
    assert "partiel" not in page


@db
def test_an_imported_year_is_compared_too(territories: Any) -> None:
    make_convention()
    told = sample("exemple-2023", 2023)
    row = told["fiches"][0]["indicator_table"]["indicators"][0]
    row["values"]["bilan_2022"] = number(45, qualifier="familles")
    second = make_convention(told)
    compared = compare(second, pilot_of())
    line = compared.sheets[0].lines[0]
    assert {each.year: each.judged.words for each in line.years}[2022] == "90\u00a0% de l’objectif"
