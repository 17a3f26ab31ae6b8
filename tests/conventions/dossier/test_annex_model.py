"""One reading of the annex: the proposed one, the printed one, the reconciliation and the rules cannot disagree."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalons.conventions.alerts.rules import check
from jalons.conventions.documents.annex import regenerated
from jalons.conventions.documents.make import document_of
from jalons.conventions.dossier.annex_model import annex_model
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import file_of, read_dossier
from jalons.conventions.dossier.places import owner_words
from jalons.conventions.exchange.reading import read
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.money.reconciliation import MoneyLinkState, chain
from jalons.conventions.money.reconciliation.judged import JUDGES, amount
from jalons.conventions.text.annex_from_sheets import changed, parts_of, proposed
from jalons.core.values import format_euros
from jalons.demonstration.shared_convention import text_of
from tests.conventions.alerts.checking import dossier_of, real
from tests.conventions.samples import make_convention, money, sample, two_departements

Json = dict[str, Any]
DEPARTEMENTS = {"59": "Nord", "62": "Pas-de-Calais", "80": "Somme", "02": "Aisne"}


def changes(told: Json) -> list[tuple[str, str, str, str]]:
    """What « Refaire d’après les fiches » would change in the annexes of a file."""
    dossier = dossier_of(told)
    tables = [table for annex in dossier.annexes for table in annex.tables]
    return [
        (each.label, each.part, each.before, each.after)
        for table in tables
        for each in changed(proposed(table, dossier), [(part, part) for part in parts_of(table, dossier)])
    ]


def shared() -> Json:
    """The shared convention of the demonstration, its euro of rounding mended."""
    told = text_of(2026)
    told["annexes_financieres"][0]["tables"][0]["rows"][-1]["total"] = money(620_000)
    return told


def numbered_alike() -> Json:
    """The sheet of the second Département bears the number of the first one's."""
    told = shared()
    told["fiches"][2]["numbers"] = [1]
    rows = told["annexes_financieres"][0]["tables"][0]["rows"]
    rows[2] |= {"fiche_number": 1, "label": "Fiche 1 - Vers le logement"}
    return told


def annex_of(amounts: dict[str, list[tuple[int, int]]]) -> Json:
    """A convention of several Départements, each with sheets numbered from 1: (part of the State, its own part)."""
    codes = list(amounts)
    told = shared()
    base, table = told["fiches"][0], told["annexes_financieres"][0]["tables"][0]
    party = told["conventions"][0]["parties"][2]
    states = told["conventions"][0]["parties"][:1]
    councils = [{**party, "organisation": f"Le Département {DEPARTEMENTS[code]}"} for code in codes]
    told["conventions"][0]["parties"] = [*states, *councils]
    told["conventions"][0]["actions"] = []
    told["fiches"], table["rows"] = [], []
    sums = dict.fromkeys(["part_etat", *(f"part_cd{code}" for code in codes), "total"], 0)
    for code in codes:
        for number, (state, own) in enumerate(amounts[code], 1):
            paid = {"part_etat": money(state), f"part_cd{code}": money(own), "total": money(state + own)}
            key = f"d{code}-f{number}"
            sheet = {**copy.deepcopy(base), "id": key, "numbers": [number], "departement": DEPARTEMENTS[code]}
            kept = {k: v for k, v in sheet["budget"][0].items() if not k.startswith("part_") and k != "total"}
            told["fiches"].append({**sheet, "title": f"Action {code}", "budget": [{**kept, **paid}]})
            printed = {part: money(0) for part in sums} | paid
            row = {"kind": "fiche", "label": f"Fiche {number} - Action {code}", "fiche_number": number}
            table["rows"].append({**row, **printed, "fiche_id": key})
            for part, figure in paid.items():
                sums[part] += figure["amount"]
    totals = {part: money(whole) for part, whole in sums.items()}
    table["rows"].append({"kind": "total", "label": "Total", **totals})
    return told


@pytest.mark.parametrize("told", [sample, two_departements, shared, numbered_alike, real])
def test_an_annex_that_ties_is_changed_in_nothing(told: Any) -> None:
    assert changes(told()) == []


amounts_of_one = st.lists(
    st.tuples(st.integers(0, 9) | st.just(120_000), st.integers(0, 9)), min_size=1, max_size=3
)


@given(st.dictionaries(st.sampled_from(list(DEPARTEMENTS)), amounts_of_one, min_size=1))
def test_it_is_whatever_the_number_of_departements(amounts: dict[str, list[tuple[int, int]]]) -> None:
    told = annex_of(amounts)
    assert changes(told) == []
    for row in told["annexes_financieres"][0]["tables"][0]["rows"]:
        row.pop("fiche_id", None)
    assert [change for change in changes(told) if change[2]] == []
    dossier = dossier_of(told)
    assert [
        cell.gap for grid in regenerated(dossier) for row in grid.rows for cell in row.cells if cell.gap
    ] == []
    assert [finding.message for finding in check(dossier) if finding.rule == "sheet_annex"] == []


def test_a_printed_0_is_kept_printed_and_right() -> None:
    """Three answers before: blank in the proposal, 0 € on paper, unknown in the chain."""
    told = shared()
    for sheet in told["fiches"]:
        for row in sheet["budget"]:
            for part in [part for part in row if part.startswith("part_cd") and not row[part]["amount"]]:
                del row[part]
    assert changes(told) == []
    dossier = dossier_of(told)
    printed = [cell.words for cell in regenerated(dossier)[0].rows[0].cells]
    assert format_euros(0) in printed
    assert {link.state for link in chain(dossier).step("annex_lines").links} == {MoneyLinkState.RIGHT}


def test_a_line_that_two_sheets_could_bear_goes_to_none() -> None:
    told = numbered_alike()
    line = told["annexes_financieres"][0]["tables"][0]["rows"][2]
    line |= {"label": "Fiche 1", "part_cd62": money(0), "part_cd59": money(0)}
    line.pop("fiche_id", None)
    model = annex_model(dossier_of(told))
    found = [line for annex in model.dossier.annexes for line in annex.lines if line.label == "Fiche 1"]
    assert [model.sheet_of(line) for line in found] == [None]


def heading_of_160_000() -> Json:
    told = sample()
    told["conventions"][0]["heading_amount"] = money(160_000)
    return told


def broken(place: int) -> Json:
    """The real convention with one printed amount of its annex changed."""
    told = real()
    rows = [
        row for table in told["annexes_financieres"][0]["tables"] for row in table["rows"] if row.get("total")
    ]
    rows[place % len(rows)]["part_etat"] = money(7)
    return told


def test_a_wrong_heading_is_blamed_and_not_the_vote() -> None:
    found = chain(dossier_of(heading_of_160_000()))
    assert found.step("vote").state == MoneyLinkState.RIGHT
    wrong = [link for link in found.step("heading").links if link.state == MoneyLinkState.GAP]
    assert [(link.expected, link.found) for link in wrong] == [(150_000, 160_000)]


WHOLES = [sample, two_departements, text_of, real, heading_of_160_000, *range(0, 22, 7)]


@pytest.mark.parametrize("told", WHOLES)
def test_reconciliation_and_alerts_give_one_verdict(told: Any) -> None:
    """For each link: the same level, the same expected amount, the same found one."""
    dossier = dossier_of(
        broken(told) if isinstance(told, int) else text_of(2026) if told is text_of else told()
    )
    level = {MoneyLinkState.GAP: "error", MoneyLinkState.WARNING: "warning"}
    links = chain(dossier).links
    shown = [
        (link.where, link.expected, link.found, level[link.state]) for link in links if link.state in level
    ]
    rules = [rule for judges in JUDGES.values() for rule in judges]
    found = [each for each in check(dossier) if each.rule in rules]
    alerts = [(each.where, amount(each.expected), amount(each.found), each.level) for each in found]
    assert sorted(shown, key=str) == sorted(alerts, key=str)


def said_by(dossier: Dossier) -> dict[str, Any]:
    """What the rules and the documents say of a dossier."""
    documents = ("engagements", "annexe-financiere", "fiches", "convention")
    return {
        "owners": {sheet.key: (owner_words(sheet), sheet.departement) for sheet in dossier.sheets},
        "alerts": [(each.rule, each.where, each.expected, each.found, each.level) for each in check(dossier)],
        **{part: repr(document_of(dossier, part).blocks) for part in documents},
    }


@pytest.mark.django_db
@pytest.mark.parametrize("told", [lambda: text_of(2026), numbered_alike], ids=["shared", "numbered_alike"])
def test_a_dossier_says_the_same_from_base_file_and_frozen_version(cast: Any, told: Any) -> None:
    convention = make_convention(told())
    stored = read_dossier(convention)
    of_base, of_file = said_by(stored), said_by(dossier_of(told()))
    of_frozen = said_by(read(write_file(file_of(convention.slug))).file.dossiers[0])
    assert of_base["owners"].values()
    assert of_file == of_base
    assert of_frozen == of_base


@pytest.mark.django_db
def test_an_owner_given_on_screen_is_frozen_with_the_sheet(cast: Any) -> None:
    convention = make_convention(text_of(2026))
    other = convention.parties.get(departement_id="62")
    sheet = convention.commitments.order_by("position").first()
    sheet.party = other
    sheet.save()
    dossier = read(write_file(file_of(convention.slug))).file.dossiers[0]
    assert owner_words(dossier.by_key[sheet.key]) == "Pas-de-Calais"
