"""The exchange format in and out: nothing lost, nothing written twice, nothing written when the file is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.exchange.reading import read, read_file
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.importing.storing import store_file, transcriber
from jalons.conventions.models import BudgetAmount, Cell, Commitment, Convention, MatrixRow
from tests.conventions.samples import make_convention, sample, two_departements

pytestmark = pytest.mark.django_db
SAMPLES = {"small": sample, "two": two_departements}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_goes_in_memory_and_out_unchanged(name: str) -> None:
    told = SAMPLES[name]()
    reading = read(told)
    assert reading.log.problems == []
    assert write_file(reading.file) == told


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_goes_through_the_base_unchanged(name: str, territories: Any) -> None:
    told = SAMPLES[name]()
    convention = make_convention(told)
    file = file_of(convention.slug)
    assert file is not None
    assert write_file(file) == told


def test_importing_twice_changes_nothing(territories: Any) -> None:
    make_convention()
    reading = read(sample())
    stored = store_file(file=reading.file, by=transcriber())
    assert stored.nothing
    assert Convention.objects.count() == 1


def test_a_changed_file_changes_what_it_changes(territories: Any) -> None:
    convention = make_convention()
    told = sample()
    told["fiches"][0]["indicator_table"]["indicators"][0]["values"]["objectif_2022"]["number"] = 60
    told["fiches"][0]["budget"][0]["total"] = {"raw": "200 001 €", "amount": 200_001}
    told["fiches"][0]["title"] = "MARAUDES MIXTES"
    stored = store_file(file=read(told).file, by=transcriber())
    assert (stored.created, stored.changed, stored.removed) == (0, 3, 0)
    cell = Cell.objects.known().get(row__key="exemple-2022-f01-i01", column__key="objectif_2022")
    assert cell.number == 60
    assert Cell.objects.versions_of(cell.lineage).count() == 2
    assert (
        BudgetAmount.objects.known().get(line__commitment__key="exemple-2022-f01", part="total").amount
        == 200_001
    )
    assert Commitment.objects.get(key="exemple-2022-f01").history.count() == 2
    assert write_file(file_of(convention.slug)) == told  # type: ignore[arg-type]


def test_a_row_taken_out_of_the_file_is_withdrawn(territories: Any) -> None:
    make_convention()
    told = sample()
    told["fiches"][0]["indicator_table"]["indicators"].pop()
    stored = store_file(file=read(told).file, by=transcriber())
    assert (stored.created, stored.changed, stored.removed) == (0, 0, 3)  # the row and its two cells
    rows = MatrixRow.objects.filter(commitment__key="exemple-2022-f01")
    assert (rows.count(), rows.filter(dropped=True).count()) == (6, 1)
    assert write_file(file_of("exemple-2022")) == told  # type: ignore[arg-type]
    assert store_file(file=read(sample()).file, by=transcriber()).created == 3


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(told: Any) -> str:
        path = tmp_path / "fichier.json"
        content = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
        path.write_bytes(content)
        return str(path)

    return write


def test_dry_by_default(written: Any, territories: Any, capsys: Any) -> None:
    call_command("import_convention", written(sample()))
    assert "Rien n’a été écrit" in capsys.readouterr().out
    assert not Convention.objects.exists()
    call_command("import_convention", written(sample()), "--wet-run")
    assert Convention.objects.get().slug == "exemple-2022"


def test_a_wrong_file_says_where_and_writes_nothing(written: Any, territories: Any) -> None:
    told = sample()
    told["fiches"][1]["budget"][0]["total"]["amount"] = "beaucoup"
    told["fiches"][0]["indicator_table"]["columns"][0]["year"] = "deux mille"
    with pytest.raises(CommandError) as error:
        call_command("import_convention", written(told), "--wet-run")
    said = str(error.value)
    assert "fiches[1].budget[0].total.amount" in said
    assert "fiches[0].indicator_table.columns[0].year" in said
    assert "un nombre entier" in said
    assert not Convention.objects.exists()


def test_cut_file(written: Any) -> None:
    content = json.dumps(sample()).encode()
    with pytest.raises(CommandError, match="coupé"):
        call_command("import_convention", written(content[: len(content) // 2]))


def test_unknown_keys_are_told_once_and_kept(territories: Any) -> None:
    told = sample()
    for sheet in told["fiches"]:
        sheet["humeur"] = "bonne"
    reading = read_file(json.dumps(told).encode())
    assert reading.log.unknown == {"fiches[].humeur": 3}
    assert write_file(reading.file) == told
