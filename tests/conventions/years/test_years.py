"""« Ouvrir l’année N+1 »: what moves, what stays behind, and that nothing of the old year changes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import jalons.demonstration
from jalons.conventions.dossier.content import Sheet
from jalons.conventions.dossier.copies import TO_REVIEW
from jalons.conventions.dossier.from_base import file_of, read_dossier
from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.importing.storing import transcriber
from jalons.conventions.models import Cell, Commitment, Convention, Edition, MatrixColumn, MatrixRow, Seat
from jalons.conventions.years.columns import next_columns
from jalons.conventions.years.services import open_next_year, plan_next_year
from jalons.conventions.years.words import BLANK, moved, renamed
from jalons.editing.refusals import Refused
from tests.conventions.samples import make_convention, sample, two_departements

REAL = Path(jalons.demonstration.__file__).parent / "data" / "calpae-2022.json"
# `make_convention` then finds them made: see tests/conventions/conftest.py.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stored_convention", "stored_real")]


def real() -> dict[str, Any]:
    return json.loads(REAL.read_text())


def exported(convention: Convention) -> Any:
    file = file_of(convention.slug)
    assert file is not None
    return write_file(file)


TOLD = {"small": sample, "two": two_departements, "real": real}


@pytest.mark.parametrize("name", TOLD)
def test_every_row_has_its_twin_and_nothing_of_the_old_year_changes(territories: Any, name: str) -> None:
    convention = make_convention(TOLD[name]())
    before = exported(convention)
    opened = open_next_year(convention=convention, by=transcriber())
    assert exported(convention) == before
    assert (opened.year, opened.previous, opened.state) == (2023, convention, "draft")
    old, new = read_dossier(convention), read_dossier(opened)
    assert len(new.sheets) == len(old.sheets) > 0
    for was, now in zip(old.sheets, new.sheets, strict=True):
        assert now.commitment.previous_id == was.commitment.pk
        assert now.commitment.numbers == was.commitment.numbers
        assert [row.label for row in now.rows] == [row.label for row in was.rows]
        assert [row.indicator_id for row in now.rows] == [row.indicator_id for row in was.rows]
        assert all(row.indicator_id for row in now.rows)
        assert [now.depth(row) for row in now.rows] == [was.depth(row) for row in was.rows]
        assert [row.breakdown for row in now.rows] == [row.breakdown for row in was.rows]
        assert [group.label for group in now.groups] == [group.label for group in was.groups]
        assert not any(row.amounts for row in now.budget)
        assert all(line.line.year in (None, 2023) for line in now.budget)
        assert len(now.sub_actions) == len(was.sub_actions)
        assert all(action.kept[TO_REVIEW] for action in now.sub_actions)
        assert [each.label for each in now.sub_budgets] == [each.label for each in was.sub_budgets]
        assert all(each.amount is None and not each.raw for each in now.sub_budgets)
    assert [clause.name for clause in new.clauses] == [clause.name for clause in old.clauses]
    assert all(action.amount is None for action in new.actions)
    assert not opened.deliberations.exists()
    assert not opened.payments.exists()
    assert not opened.amendments.exists()
    assert not opened.reports.exists()
    assert opened.heading_amount is None
    assert (
        Seat.objects.filter(convention=opened).count() == Seat.objects.filter(convention=convention).count()
    )


def test_columns_of_the_real_sheets(territories: Any) -> None:
    plan = plan_next_year(read_dossier(make_convention(real())))
    words = {each.old.key: [after.column.words for after in each.columns.after] for each in plan.sheets}
    assert words["calpae-2022-f03"] == ["BILAN 2020", "BILAN 2021", "BILAN 2022", "OBJECTIF 2023"]
    assert words["calpae-2022-f02"][-1] == "OBJECTIFS 2023"
    # Two levels: a past year keeps its objective beside what was done; May 2022 goes.
    assert words["calpae-2022-f04"] == [
        "BILAN 2020 – OBJECTIF",
        "BILAN 2020 – REALISE",
        "BILAN 2021 – OBJECTIF",
        "BILAN 2021 – REALISE",
        "BILAN 2022 – OBJECTIF",
        "BILAN 2022 – REALISE",
        "2023 – OBJECTIF",
    ]
    assert words["calpae-2022-f14"] == ["2021 – BILAN", "2022 – BILAN", "2023 – OBJECTIF"]
    assert words["calpae-2022-f12"] == ["BILAN 2022", "OBJECTIF 2023"]
    assert words["calpae-2022-f07-08-t3"] == ["BILAN 2021 AU 01.11.21", "BILAN 2022", "OBJECTIF 2023"]
    for each in plan.sheets:
        to_fill = [after.column for after in each.columns.after if after.source is None]
        assert [(column.year, column.is_objective) for column in to_fill] == [(2022, False), (2023, True)]
        assert not any(cell.column in to_fill for cell in each.new.cells.values())
    assert len({each.old.key for each in plan.sheets}) == 16
    left = {label for each in plan.sheets for label in each.lines_left}
    assert left == {"Montant de l'avenant 2021"}


def test_figures_of_the_past_are_kept_with_their_source(territories: Any) -> None:
    convention = make_convention(real())
    opened = open_next_year(convention=convention, by=transcriber())
    old, new = read_dossier(convention), read_dossier(opened)
    kept = 0
    for was, now in zip(old.sheets, new.sheets, strict=True):
        of_old = {row.indicator_id: row for row in was.rows}
        for (_, key), cell in now.cells.items():
            twin = next(
                each
                for (row_key, _), each in was.cells.items()
                if row_key == of_old[cell.row.indicator_id].key
                and (each.column.year, each.column.measure) == (cell.column.year, cell.column.measure)
                and each.column.key == key
            )
            assert (cell.raw, cell.kind, cell.number, cell.parts) == (
                twin.raw,
                twin.kind,
                twin.number,
                twin.parts,
            )
            if cell.kind:
                kept += 1
                assert "CALPAE 2022" in cell.source
    assert kept > 100


def test_a_second_opening_answers_the_first(territories: Any) -> None:
    convention = make_convention()
    opened = open_next_year(convention=convention, by=transcriber())
    counts = Commitment.objects.count(), Cell.objects.count(), Edition.objects.count()
    assert open_next_year(convention=convention, by=transcriber()) == opened
    assert (Commitment.objects.count(), Cell.objects.count(), Edition.objects.count()) == counts
    assert Edition.objects.get(convention=convention).number == 1


def test_an_imported_next_year_is_not_opened_again(territories: Any) -> None:
    convention = make_convention()
    imported = make_convention(sample("exemple-2023", 2023))
    assert open_next_year(convention=convention, by=transcriber()) == imported


def test_refusals_say_what_to_do(territories: Any) -> None:
    convention = make_convention()
    other = sample("exemple-2023", 2023)
    other["conventions"][0]["short_title"] = "Tout autre chose"
    make_convention(other)
    with pytest.raises(Refused, match="exemple-2023"):
        open_next_year(convention=convention, by=transcriber())
    assert open_next_year(convention=convention, by=transcriber(), slug="autre-2023").slug == "autre-2023"
    convention.year = None
    convention.save()
    with pytest.raises(Refused, match="année"):
        plan_next_year(read_dossier(convention))


def test_the_new_year_goes_out_and_comes_back(territories: Any) -> None:
    """What is opened is a convention like another: its file can be read again and changes nothing."""
    opened = open_next_year(convention=make_convention(real()), by=transcriber())
    told = exported(opened)
    again = make_convention(told)
    assert again == opened
    assert exported(opened) == told


def test_three_years_in_a_row(territories: Any) -> None:
    first = make_convention()
    second = open_next_year(convention=first, by=transcriber())
    third = open_next_year(convention=second, by=transcriber())
    assert third.year == 2024
    assert third.slug == "exemple-2024"
    identities = [
        set(MatrixRow.objects.filter(commitment__convention=each).values_list("indicator", flat=True))
        for each in (first, second, third)
    ]
    assert identities[0] == identities[1] == identities[2]
    words = [column.words for column in read_dossier(third).sheets[0].columns]
    assert words == ["BILAN 2023", "OBJECTIF 2024"]


def test_text_is_changed_where_it_is_certain() -> None:
    said = moved("Au titre de l'année 2022, le soutien est de 13 197 804 €.", 2022, {13197804})
    assert said.text == f"Au titre de l'année 2023, le soutien est de {BLANK} €."
    assert said.doubts
    assert moved("du 1er janvier au 31 décembre 2022", 2022).text == "du 1er janvier au 31 décembre 2023"
    assert moved("au plus tard le 31 mars 2023", 2022).text == "au plus tard le 31 mars 2024"
    for kept in (
        "la délibération DGASOL/2022/241",
        "la convention 2019-2022",
        "signée le 18 mars 2022",
        "12 450 € en 2022",
    ):
        said = moved(kept, 2022)
        assert said.text == kept
        assert said.doubts
    assert moved("sans année", 2022).doubts == ()
    assert renamed("Montant prévisionnel 2022 (F7)", 2022) == "Montant prévisionnel 2023 (F7)"
    assert renamed("CALPAE 2019-2022", 2022) == "CALPAE 2019-2022"


# Columns, whatever they are ------------------------------------------------------------------------------

YEAR = 2022
MEASURES = [*ColumnMeasure.values, ""]


@st.composite
def columns(draw: Any) -> list[MatrixColumn]:
    found = []
    for position in range(draw(st.integers(0, 6))):
        found.append(
            MatrixColumn(
                key=f"c{position}",
                header=draw(
                    st.sampled_from(["", "BILAN 2021", "2022", "OBJECTIF 2022", "2022 mai", "Année"])
                ),
                subheader=draw(st.sampled_from(["", "OBJECTIF", "REALISE MAI 2022"])),
                year=draw(st.sampled_from([None, 2019, 2020, 2021, 2022, 2023])),
                measure=draw(st.sampled_from(MEASURES)),
                as_of=draw(st.sampled_from(["", "2022-05", "2022-12-31", "2021-11-01"])),
                partial=draw(st.sampled_from([None, True, False])),
                position=position,
            )
        )
    return found


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(columns())
def test_columns_always_end_ready_to_be_filled(told: list[MatrixColumn]) -> None:
    rows = [MatrixRow(key="r", label="Personnes")]
    plan = next_columns(Sheet(Commitment(key="f"), columns=told, rows=rows), YEAR)
    after = [each.column for each in plan.after]
    assert sum(1 for each in after if each.is_objective and each.year == YEAR + 1) >= 1
    assert any(each.year == YEAR and not each.is_objective for each in after)
    assert len({each.key for each in after}) == len(after)
    assert [each.position for each in after] == list(range(len(after)))
    # Each column of before either stays with its figures, or its absence is explained.
    left = {each.column.key for each in plan.gone}
    kept = [each.source.key for each in plan.after if each.source is not None]
    assert sorted([*left, *kept]) == sorted(column.key for column in told)
    # What is copied is not a second object of the same row.
    assert not any(each is column for each in after for column in told)
