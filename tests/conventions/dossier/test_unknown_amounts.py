"""A sum never hides an amount that nobody said: the text states it, or « ≥ » and how many are unknown."""

import copy
from typing import Any

import pytest

from jalons.conventions.changes.chapters import funder_deltas, restated
from jalons.conventions.documents.annex import SUMS, regenerated
from jalons.conventions.documents.annexes import annex_blocks
from jalons.conventions.documents.engagements import engagement_blocks
from jalons.conventions.documents.execution import execution_table
from jalons.conventions.dossier.additions import sum_words
from jalons.conventions.dossier.ledger import actions_sum, share_sums
from jalons.conventions.models import Convention
from jalons.conventions.money.reconciliation.sheets import inside_sheets
from jalons.conventions.overview.headline import actions_words
from jalons.conventions.text.annex_from_sheets import changed, new_tables, proposed
from jalons.conventions.years.comparison import compare
from jalons.exports.acts import Ruled, Slot, Text
from jalons.exports.document import Note
from tests.conventions.alerts.checking import dossier_of, real
from tests.conventions.samples import make_convention, money, sample

Json = dict[str, Any]
NBSP, THIN = "\u00a0", "\u202f"


def printed(amount: str) -> str:
    return f"{amount.replace(' ', THIN)}{NBSP}€"


def test_the_base_of_an_amendment_is_what_the_convention_states() -> None:
    before, told = dossier_of(real()), real()
    line = next(each for each in told["fiches"] if each["numbers"] == [5])["budget"][1]
    line["part_etat"]["amount"] += 10_000
    state, council, total = funder_deltas(before, dossier_of(told))
    assert (state.before_words, state.after_words) == (printed("13 197 804"), printed("13 207 804"))
    assert (council.before_words, council.delta) == (printed("13 517 040"), 0)
    assert total.before_words == printed("26 714 844")
    assert restated([state, council])[0] == (
        f"La part de l’État est portée de {printed('13 197 804')} à {printed('13 207 804')} "
        f"(+{printed('10 000')})."
    )
    assert len(restated([state, council])) == 1


def test_without_a_stated_amount_the_sum_says_what_it_lacks() -> None:
    told = real()
    told["conventions"][0]["amounts"], told["conventions"][0]["heading_amount"] = {}, None
    state = funder_deltas(dossier_of(told), dossier_of(told))[0]
    assert state.before_words == f"≥{NBSP}{printed('13 110 734')} (1 montant inconnu)"
    assert sum_words(share_sums(dossier_of(told))["etat"]) == state.before_words


def test_what_the_text_says_after_wins_and_what_becomes_known_is_no_gain() -> None:
    told = sample()
    before = dossier_of(told)
    after = copy.deepcopy(told)
    after["conventions"][0]["amounts"]["part_etat"] = money(160_000)
    state = funder_deltas(before, dossier_of(after))[0]
    assert (state.after.total, state.delta) == (160_000, 10_000)
    silent = copy.deepcopy(told)
    silent["fiches"][0]["budget"] = []
    assert [each.delta for each in funder_deltas(dossier_of(silent), before)] == [0, 0, 0]


def test_actions_without_an_amount_are_counted_as_unknown() -> None:
    told = sample()
    told["conventions"][0]["payment"]["actions"][0]["amount"] = None
    dossier = dossier_of(told)
    assert sum_words(actions_sum(dossier)) == f"≥{NBSP}{printed('50 000')} (1 montant inconnu)"
    assert "≥" in actions_words(dossier)


def test_the_reconciliation_says_that_a_sheet_has_no_budget() -> None:
    step = inside_sheets(dossier_of(real()))
    assert (step.amount, step.lacks) == (13_110_734, 1)


def test_the_execution_report_says_what_its_sums_lack() -> None:
    told = sample()
    told["fiches"][0]["budget"][0]["total"] = told["fiches"][0]["budget"][0]["part_etat"] = None
    told["fiches"][0]["budget"][0]["part_departement"] = None
    table = execution_table(dossier_of(told))
    rows = [[cell_words(cell) for cell in row.slots] for row in table.rows]
    [whole] = [row for row in rows if row[0] == "Ensemble de la convention"]
    assert whole[1] == f"≥{NBSP}{printed('100 000')} (1 montant inconnu)"


def cell_words(cell: Slot) -> str:
    return "".join(run.words for line in cell.lines for run in line.runs)


@pytest.mark.django_db
def test_the_years_are_compared_on_what_the_text_states(cast: Any) -> None:
    told = sample()
    told["fiches"][1]["budget"] = []
    convention = make_convention(told)
    [year] = compare(convention, cast.council).money
    assert year.planned_words == printed("300 000")
    Convention.objects.filter(pk=convention.pk).update(amounts={})
    [year] = compare(Convention.objects.get(pk=convention.pk), cast.council).money
    assert year.planned_words == f"≥{NBSP}{printed('200 000')} (1 montant inconnu)"
    assert (year.sheets, year.asked) == (1, 2)


# The annex made again from the sheets -------------------------------------------------------------------------


def silent(told: Json, number: int = 1) -> Json:
    """The sheet of this number has no budget, and the annex prints no amount on its line."""
    sheet = next(each for each in told["fiches"] if number in each["numbers"])
    sheet["budget"] = []
    for annex in told["annexes_financieres"]:
        for table in annex["tables"]:
            for row in table["rows"]:
                if row.get("fiche_number") == number:
                    row |= {key: None for key in row if key == "total" or key.startswith("part_")}
    return told


def sums_of(told: Json) -> list[Any]:
    dossier = dossier_of(told)
    tables = [table for annex in dossier.annexes for table in annex.tables]
    lines = [line for table in tables for line in proposed(table, dossier)]
    return [line for line in lines if line.sums is not None]


def test_an_annex_made_again_never_writes_a_sum_that_lacks_a_sheet() -> None:
    complete, lacking = sums_of(sample()), sums_of(silent(sample()))
    assert complete
    assert not any(any(line.sums.lacks.values()) for line in complete)
    short = [line for line in lacking if line.sums.lacks["total"]]
    assert short
    for line in short:
        assert line.sums.lacks["total"] == ["fiche 1"]
        # What the form is opened with is what is printed, not the lower sum.
        assert line.amounts["total"] == line.line.euros("total")
    told = {line.after for line in changed(short, [("total", "Total")])}
    least = f"≥{NBSP}{printed('100 000')}"
    assert told == {f"{known} (sans montant{NBSP}: fiche 1)" for known in ("inconnu", least)}


def test_what_a_sum_is_at_least_is_told_with_the_sheet_that_it_lacks() -> None:
    lines = [line for line in sums_of(silent(real(), 3)) if line.sums.lacks["total"]]
    told = [line.after for line in changed(lines, [("total", "Total")])]
    assert f"≥{NBSP}{printed('268 376')} (sans montant{NBSP}: fiche 3)" in told
    assert all("fiche 3" in words for words in told)


def test_a_new_annex_leaves_blank_a_sum_that_lacks_a_sheet() -> None:
    told = silent(sample())
    lines = [line for _, table in new_tables(dossier_of(told)) for line in table if line.sums is not None]
    blank = [line for line in lines if line.sums.lacks["total"]]
    assert blank
    assert all(line.amounts["total"] is None for line in blank)


def test_paper_never_prints_a_sum_that_lacks_a_sheet() -> None:
    told = silent(sample())
    rows = [row for grid in regenerated(dossier_of(told)) for row in grid.rows if row.line.kind in SUMS]
    short = [cell for row in rows for cell in row.cells if cell.lacks]
    assert short
    # The act says what it printed; Jalons' remark names what is missing.
    assert all(cell.copied and cell.euros == cell.printed for cell in short)
    assert "faute d’un montant : fiche 1" in words_of(annex_blocks(dossier_of(told))).replace(NBSP, " ")
    for annex in told["annexes_financieres"]:
        for table in annex["tables"]:
            for row in table["rows"]:
                if row["kind"] in SUMS:
                    row |= {key: None for key in row if key == "total" or key.startswith("part_")}
    unprinted = [row for grid in regenerated(dossier_of(told)) for row in grid.rows if row.line.kind in SUMS]
    least = [cell.words for row in unprinted for cell in row.cells if cell.lacks]
    assert least
    assert {words for words in least if "€" in words} == {
        f"≥{NBSP}{printed(amount)}" for amount in ("50 000", "100 000")
    }


def test_the_table_of_engagements_says_at_least() -> None:
    told = silent(sample())
    told["annexes_financieres"] = []
    words = words_of(engagement_blocks(dossier_of(told)))
    assert f"≥{NBSP}" in words
    assert "hors des totaux" in words
    whole = sample()
    whole["annexes_financieres"] = []
    assert "≥" not in words_of(engagement_blocks(dossier_of(whole)))


def words_of(blocks: list[Any]) -> str:
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Ruled):
            found += [line.words for row in block.rows for slot in row.slots for line in slot.lines]
        elif isinstance(block, Text):
            found += [line.words for line in block.lines]
        elif isinstance(block, Note):
            found.append(block.text)
    return "\n".join(found)
