"""Whose share an amount is, and what a sheet, an annex and a text say of it."""

import json
from pathlib import Path

from jalons.conventions.dossier import ledger
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.exchange.reading import read
from tests.conventions.samples import sample, two_departements

REAL = Path(__file__).parents[3] / "jalons" / "demonstration" / "data" / "calpae-2022.json"


def sheet_of_number(number: int, dossier: Dossier) -> Sheet:
    [sheet] = [sheet for sheet in dossier.mothers if number in sheet.commitment.numbers]
    return sheet


def real() -> Dossier:
    return read(json.loads(REAL.read_bytes())).file.dossiers[0]


def test_the_real_convention() -> None:
    dossier = real()
    assert (ledger.heading(dossier), ledger.actions_total(dossier)) == (13_197_804, 13_197_804)
    assert ledger.authorised(dossier) == 13_197_804
    assert ledger.announced(dossier) == {"total": 26_714_844, "etat": 13_197_804, "departement": 13_517_040}
    fifth = sheet_of_number(5, dossier)
    amounts = ledger.amounts_of(fifth, dossier)  # and not the line of 2021
    assert amounts == {"total": 17_132_090, "etat": 8_566_045, "departement": 8_566_045}
    both = sheet_of_number(8, dossier)
    assert ledger.amounts_of(both, dossier, 7)["total"] == 1_550_600
    assert ledger.amounts_of(both, dossier, 8)["total"] == 2_826_912
    assert ledger.whole_of(ledger.amounts_of(both, dossier)) == 4_377_512
    [line] = ledger.lines_of_number(8, dossier)
    assert ledger.amounts_of_line(line, dossier) == {
        "etat": 1_413_456,
        "departement": 1_413_456,
        "total": 2_826_912,
    }
    eleventh = sheet_of_number(11, dossier)
    assert ledger.amounts_of(eleventh, dossier) == {"total": 0, "etat": None, "departement": None}


def test_a_sheet_without_budget_says_nothing() -> None:
    told = sample()
    told["fiches"][0]["budget"] = []
    dossier = read(told).file.dossiers[0]
    assert ledger.amounts_of(dossier.sheets[0], dossier) == {}
    assert ledger.whole_of({}) is None


def test_each_departement_has_its_share() -> None:
    told = two_departements()
    told["fiches"][0]["budget"][0]["part_cd62"] = {"raw": "10 €", "amount": 10}
    dossier = read(told).file.dossiers[0]
    assert len(ledger.councils(dossier)) == 2
    amounts = ledger.amounts_of(dossier.sheets[0], dossier)
    assert amounts["departement:62"] == 10
    assert ledger.announced(dossier) == {"etat": 150_000}
    assert ledger.share_words("departement:62", dossier) == "part du Département (62)"
