"""Old → new: nothing is told when nothing changed, and every single edit is."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jalons.demonstration
from jalons.conventions.changes.between import changes
from jalons.conventions.changes.change import Area
from jalons.conventions.changes.chapters import chapters, funder_deltas
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.exchange.reading import read
from tests.conventions.samples import sample, two_departements

REAL = Path(jalons.demonstration.__file__).parent / "data" / "calpae-2022.json"
# What Jalons keeps without reading it, and what links pieces to one another (checked apart).
UNREAD = {"id", "convention", "parent", "kind", "cell_raw", "fiche_id", "sub_action", "deadline", "language"}
UNREAD |= {
    "schema",
    "system",
    "key",
    "rule",
    "planned",
    "done",
    "main",
    "year",
    "date",
    "dates",
    "theme_number",
}
UNREAD |= {"group", "number_words", "completeness", "axes", "joint_priorities", "departement", "side_words"}
KEPT = {("signature", "raw"), ("clauses", "reporting", "document")}
TRACKED = ("deliberation", "conventions", "fiches", "annexes_financieres")


def dossier(told: dict[str, Any]) -> Dossier:
    reading = read(copy.deepcopy(told))
    assert reading.is_sound, [str(problem) for problem in reading.log.problems]
    return reading.file.dossiers[0]


def leaves(told: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(told, dict):
        for key, value in told.items():
            if key not in UNREAD:
                yield from leaves(value, (*path, key))
    elif isinstance(told, list):
        for index, value in enumerate(told):
            yield from leaves(value, (*path, index))
    elif isinstance(told, str | int | float) and not isinstance(told, bool):
        yield path


TOLD = sample()
BEFORE = dossier(TOLD)
PATHS = [path for path in leaves(TOLD) if path[0] in TRACKED and path[2:] not in KEPT]


def edited(told: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    edited = copy.deepcopy(told)
    place = edited
    for step in path[:-1]:
        place = place[step]
    old = place[path[-1]]
    place[path[-1]] = f"{old} bis"[-40:] if isinstance(old, str) else old + 1
    return edited


@pytest.mark.parametrize("told", [sample(), two_departements(), json.loads(REAL.read_text())])
def test_nothing_is_told_of_twins(told: dict[str, Any]) -> None:
    assert changes(dossier(told), dossier(told)) == []


@given(path=st.sampled_from(PATHS))
@settings(max_examples=100, deadline=None)
def test_every_single_edit_is_found_and_told_both_ways(path: tuple[Any, ...]) -> None:
    told = edited(TOLD, path)
    reading = read(copy.deepcopy(told))
    if not reading.is_sound:
        return
    after = reading.file.dossiers[0]
    there, back = changes(BEFORE, after), changes(after, BEFORE)
    assert there, path
    assert len(back) == len(there)
    assert all(each.before != each.after for each in there)


def one_euro_more() -> dict[str, Any]:
    told = json.loads(REAL.read_text())
    line = next(f for f in told["fiches"] if f["numbers"] == [5])["budget"][1]
    line["part_etat"]["amount"] += 1
    return told


def test_one_euro_more_on_a_sheet_is_one_euro_of_that_funder() -> None:
    real = json.loads(REAL.read_text())
    before, after = dossier(real), dossier(one_euro_more())
    [change] = changes(before, after)
    assert (change.is_money, change.delta, change.part) == (True, 1, "part_etat")
    assert change.delta_words == "+1\u00a0€"
    assert "8\u202f566\u202f045" in change.before
    deltas = {each.share: each.delta for each in funder_deltas(before, after)}
    assert deltas == {"etat": 1, "departement": 0, "total": 1}
    [chapter] = chapters([change], before, after, lambda sheet: f"Fiche {sheet.numbers[0]}")
    assert chapter.title.startswith("Fiche 5")


def test_an_amount_that_comes_or_goes_counts_whole() -> None:
    told = sample()
    before = dossier(told)
    line = told["fiches"][0]["budget"][0]
    line["part_etat"] = {"raw": "-", "amount": None}
    after = dossier(told)
    [gone] = [each for each in changes(before, after) if each.part == "part_etat"]
    assert (gone.is_money, gone.delta) == (True, -100_000)
    assert gone.delta_words == "\u2212100\u202f000\u00a0€"
    [came] = [each for each in changes(after, before) if each.part == "part_etat"]
    assert (came.is_money, came.delta) == (True, 100_000)
    assert came.delta_words == "+100\u202f000\u00a0€"
    # What is no number on either side has no difference to tell.
    line["part_etat"] = {"raw": "ND", "amount": None}
    [silent] = [each for each in changes(after, dossier(told)) if each.part == "part_etat"]
    assert (silent.delta, silent.delta_words) == (None, "")


def test_the_money_of_themes_is_counted_with_their_mother_only() -> None:
    real = json.loads(REAL.read_text())
    before = dossier(real)
    theme = next(f for f in real["fiches"] if f.get("parent"))
    theme["budget"] = [
        {"label": "Montant", "total": {"raw": "10 €", "amount": 10}, "part_etat": {"amount": 10}}
    ]
    after = dossier(real)
    assert all(each.delta == 0 for each in funder_deltas(before, after))


def test_a_sheet_that_goes_takes_its_money_along() -> None:
    told = sample()
    before = dossier(told)
    gone = told["fiches"].pop(0)
    after = dossier(told)
    found = changes(before, after)
    assert any(each.what == "Retrait" and each.sheet == gone["id"] for each in found)
    assert {each.share: each.delta for each in funder_deltas(before, after)}["total"] == -200_000


def test_the_five_emptinesses_are_told_apart() -> None:
    told = sample()
    row = told["fiches"][0]["indicator_table"]["indicators"][0]
    column = next(iter(row["values"]))
    words = set()
    kinds = {"nd": "ND", "not_applicable": "/", "dash": "-", "empty": "", "number": "0"}
    before = dossier(told)
    for kind, raw in kinds.items():
        row["values"][column] = {"raw": raw, "kind": kind, "number": 0 if kind == "number" else None}
        [change] = [each for each in changes(before, dossier(told)) if each.sheet == told["fiches"][0]["id"]]
        words.add(change.after)
    assert words == {"ND", "sans objet", "–", "", "0"}


def test_a_row_that_moves_is_not_a_row_that_changes() -> None:
    told = sample()
    before = dossier(told)
    told["fiches"][0]["indicator_table"]["indicators"].reverse()
    [change] = changes(before, dossier(told))
    assert change.what == "Ordre"


def test_heading_article_annex_and_vote_are_told_in_their_own_area() -> None:
    told = sample()
    before = dossier(told)
    [convention] = told["conventions"]
    convention["heading_amount"]["amount"] += 1
    convention["payment"]["actions"][0]["amount"]["amount"] += 1
    told["annexes_financieres"][0]["tables"][1]["rows"][1]["part_etat"]["amount"] += 1
    told["deliberation"]["authorised_amounts"][0]["amount"] += 1
    found = changes(before, dossier(told))
    assert {each.area for each in found} == {
        Area.HEADING,
        Area.PAYMENT_ARTICLE,
        Area.ANNEX,
        Area.DELIBERATION,
    }
    assert all(each.is_money and each.delta == 1 for each in found)
