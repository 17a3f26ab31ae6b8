"""Which site or dispositif a row speaks of: this one, a new one, or several to choose from."""

from typing import Any

import pytest

from jalons.core.values import fold
from jalons.imports.enums import RowOutcome
from jalons.imports.matching.choosing import KnownNames, KnownThing, Written
from tests.imports.test_layouts import CASES, KINDS, case, expected_of

OUTCOMES = {("existing", False): RowOutcome.THIS, ("new", False): RowOutcome.NEW}


def known_of(expected: dict[str, Any]) -> list[KnownThing]:
    """Every site or dispositif that the file is said to speak of."""
    found: dict[str, KnownThing] = {}
    for sheet in expected["sheets"]:
        listed = list(sheet.get("known_sites", []))
        for row in sheet.get("rows") or []:
            target = row["target"]
            listed += [target] if target["kind"] == "existing" else []
            listed += target.get("candidates", []) + target.get("looks_like_but_is_not", [])
        for one in listed:
            if isinstance(one, str) or "action" in one:
                name = one if isinstance(one, str) else one["action"]
                found.setdefault(name, KnownThing(name, (name,), "59"))
            elif "insee" in one:
                found[one["name"]] = KnownThing(
                    one["name"], (one["name"],), one["insee"], one["insee"], one["address"]
                )
    return list(found.values())


def communes_of(expected: dict[str, Any]) -> dict[str, str]:
    told = {}
    for sheet in expected["sheets"]:
        for row in sheet.get("rows") or []:
            values, target = row["values"], row["target"]
            if (
                "commune" in values
                and "insee" in target
                and not target.get("commune", "").startswith("Lille (")
            ):
                told[fold(values["commune"]["value"] or "")] = target["insee"]
    return told


MATCHED = [
    (name, title) for name, title in CASES if expected_of(name)["kind"] in (*KINDS, "sites", "conditions")
]


@pytest.mark.parametrize(("name", "title"), MATCHED)
def test_rows_are_matched_as_a_careful_reader_matches_them(name: str, title: str) -> None:
    expected = expected_of(name)
    is_money = KINDS.get(expected["kind"]) == "funding"
    directory = KnownNames(known_of(expected), shares_words=is_money)
    told, _, _, records = case(name, title)
    communes = {
        "marseille": "13055",
        "marseille 3e": "13055",
        "lille": "59350",
        "roubaix": "59512",
        **communes_of(expected),
    }
    wrong = []
    for row, record in zip(told["rows"], records, strict=True) if told["is_data"] else ():
        key = "action" if is_money else "name"
        group = "59" if is_money else communes.get(fold(record.text("commune")), "?")
        match = directory.match(Written(record.words(key), group, record.words("address")))
        target = row["target"]
        wanted = OUTCOMES.get((target["kind"], target["ask"]), RowOutcome.CHOOSE)
        right = match.outcome is wanted
        if wanted is RowOutcome.CHOOSE and target["kind"] == "existing" and record.twin is not None:
            right = right or match.outcome is RowOutcome.THIS  # asked because two rows say the same
        if right and match.outcome is RowOutcome.THIS:
            right = match.key == (target.get("action") or target.get("name"))
        if not right:
            wrong.append(
                f"{row['row']} {target['written'] if 'written' in target else record.words(key)} : {match}"
            )
    assert wrong == []


def test_a_site_within_sight_is_proposed_and_never_merged() -> None:
    directory = KnownNames([KnownThing("a", ("Hangar",), "59350")])
    match = directory.match(Written("Terrain neuf", "59350", near=frozenset(["a"])))
    assert (match.outcome, [one.key for one in match.candidates]) == (RowOutcome.CHOOSE, ["a"])


@pytest.mark.parametrize(
    ("written", "outcome"),
    [
        ("HANGAR des Jardins", RowOutcome.THIS),
        ("jardins (hangar)", RowOutcome.THIS),
        ("Hangar des jardinz", RowOutcome.THIS),  # one letter
        ("Hangar", RowOutcome.CHOOSE),
        ("Rue des Jardins", RowOutcome.CHOOSE),
        ("Friche du port", RowOutcome.NEW),
    ],
)
def test_names_as_people_write_them(written: str, outcome: RowOutcome) -> None:
    directory = KnownNames(
        [KnownThing("a", ("Hangar des jardins",), "59350"), KnownThing("b", ("Bois noir",), "59350")]
    )
    assert directory.match(Written(written, "59350")).outcome is outcome
