"""The rules on a whole convention: what they must find on the real file, and that nothing makes them fail."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.conventions.alerts.rules import Finding, check, rules
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.exchange.reading import read
from tests.conventions.alerts.checking import dossier_of, found, real
from tests.conventions.samples import column, line, number, sample, sheet, two_departements
from tests.work import calls_of


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return found(real())


def of(findings: list[Finding], rule: str) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


def figures(finding: Finding) -> tuple[str, str, Any]:
    return plain(finding.expected), plain(finding.found), None if finding.gap is None else int(finding.gap)


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\u00a0", " ")


# The real file -----------------------------------------------------------------------------------------------


def test_no_error_on_the_real_file_nor_on_the_samples(findings: list[Finding]) -> None:
    for each in (findings, found(sample()), found(two_departements())):
        assert [finding for finding in each if finding.level == AlertLevel.ERROR] == []


def test_missing_sheet_is_told_with_its_reason(findings: list[Finding]) -> None:
    [alone] = of(findings, "number_without_sheet")
    assert alone.level == AlertLevel.INFO
    assert alone.where.startswith("Fiche 1, ")
    assert "reprise en fiche 8" in alone.message


def test_sheet_2_lacks_its_blocks_and_its_budget(findings: list[Finding]) -> None:
    [blocks] = of(findings, "sheet_blocks")
    assert (blocks.where, blocks.found) == ("Fiche 2, blocs de la fiche", "indicateurs")
    assert "budget" in blocks.message
    [budget] = of(findings, "sheet_without_budget")
    assert budget.where == "Fiche 2, budget"
    assert figures(budget) == ("174 140 €", "aucun budget", 174_140)


def test_sub_budgets_of_sheet_5_leave_a_remainder(findings: list[Finding]) -> None:
    [gap] = of(findings, "sub_budgets")
    assert gap.where == "Fiche 5, sous-budgets"
    assert figures(gap) == ("17 132 090 €", "15 843 852 €", 1_288_238)


def test_themes_of_sheets_7_and_8_lack_85_000_euros(findings: list[Finding]) -> None:
    [gap] = of(findings, "themes_budget")
    assert gap.where == "Fiches 7 et 8, budgets des thèmes"
    assert figures(gap) == ("4 377 512 €", "4 292 512 €", 85_000)
    assert "Faciliter l'accès au logement" in gap.message


def test_accounting_lines_that_no_set_of_sheets_explains(findings: list[Finding]) -> None:
    lines = of(findings, "accounting_line")
    assert [plain(each.found) for each in lines] == ["5 661 418 €", "8 036 386 €"]
    assert [int(each.gap or 0) for each in lines] == [-529_659, 529_659]
    assert of(findings, "accounting_total") == []  # 13 197 804 and the 500 000 of another convention


def test_nobody_accompanied_for_objectives_of_100_and_400(findings: list[Finding]) -> None:
    done = of(findings, "realised_objective")
    assert [figures(each) for each in done] == [("100", "0", 100), ("400", "0", 400)]
    assert all(each.where.startswith("Fiche 4, Nombre total de personnes") for each in done)


def test_breakdown_of_dtml(findings: list[Finding]) -> None:
    [gap] = of(findings, "breakdown_sum")
    assert figures(gap) == ("160", "158", 2)
    assert gap.where == "Fiches 7 et 8, Nombre de jeunes avec un logement stable, BILAN 2021, Cohorte DTML"


def test_accounts_before_the_start_of_sheets_13_and_14(findings: list[Finding]) -> None:
    early = of(findings, "before_start")
    assert [(each.where[:8], each.found) for each in early] == [("Fiche 13", "487"), ("Fiche 14", "502")]
    assert {each.expected for each in early} == {"rien avant le 01/01/2022"}


def test_eleven_sheets_end_before_the_year(findings: list[Finding]) -> None:
    over = of(findings, "dates_cover_year")
    assert len(over) == 11
    assert {each.found for each in over} == {"31/12/2021"}


def test_nine_texts_where_a_number_is_expected(findings: list[Finding]) -> None:
    assert len(of(findings, "text_value")) == 9


def test_cut_cells_of_sheets_7_8_and_12(findings: list[Finding]) -> None:
    assert [each.where[:13] for each in of(findings, "truncated")] == ["Fiches 7 et 8", "Fiche 12, Pla"]


def test_single_funder_sheets(findings: list[Finding]) -> None:
    [alone] = of(findings, "single_funder")
    assert alone.level == AlertLevel.INFO
    assert plain(alone.found) == "319 236 €"
    assert "12, 13, 14" in alone.message


def test_doubtful_numbers_are_put_to_a_person(findings: list[Finding]) -> None:
    asked = {
        plain(each.found) for each in of(findings, "doubtful_number") if each.level == AlertLevel.WARNING
    }
    assert {"280 80", "120 60 10"} <= asked
    assert any(words.startswith("812 (sur les 975)") for words in asked)


def test_what_is_counted_changes(findings: list[Finding]) -> None:
    changes = {each.where.split(",")[0]: each.level for each in of(findings, "unit_changes")}
    assert changes["Fiche 4"] == AlertLevel.WARNING  # « formés », then « sensibilisés »


def test_partial_columns_are_told_and_not_compared(findings: list[Finding]) -> None:
    told = of(findings, "partial_column")
    assert len(told) == 5
    assert all(each.level == AlertLevel.INFO for each in told)
    assert not any("MAI 2022" in each.where for each in of(findings, "realised_objective"))


def test_findings_are_in_french_and_told_apart(findings: list[Finding]) -> None:
    marks = [finding.fingerprint for finding in findings]
    assert len(set(marks)) == len(marks)
    for finding in findings:
        assert finding.where
        assert finding.message.endswith((".", "!"))
        assert "None" not in finding.message


# The rules themselves ----------------------------------------------------------------------------------------


def test_every_rule_says_what_it_wants() -> None:
    for rule in rules():
        assert rule.identifier.replace("_", "").isalpha()
        assert rule.identifier == rule.identifier.lower()
        assert len(rule.identifier) <= 60
        assert rule.label.endswith(".")
        assert rule.level in AlertLevel
        assert rule.scope in AlertScope
        assert (rule.on_sheet is None) != (rule.on_dossier is None)


def drop(told: Any, chance: random.Random, share: float) -> None:
    """Takes keys and items out, or empties them, anywhere."""
    if isinstance(told, dict):
        for key in [key for key in told if key != "schema"]:
            dice = chance.random()
            if dice < share:
                del told[key]
            elif dice < 2 * share:
                told[key] = None
            else:
                drop(told[key], chance, share)
    elif isinstance(told, list):
        for index in reversed(range(len(told))):
            if chance.random() < share:
                del told[index]
            else:
                drop(told[index], chance, share)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([0.01, 0.05, 0.15]), st.booleans())
def test_no_rule_fails_on_what_is_missing(chance: random.Random, share: float, alone: bool) -> None:
    told = copy.deepcopy(sample() if alone else two_departements())
    drop(told, chance, share)
    for dossier in read(told).file.dossiers:
        for finding in check(dossier):
            assert finding.where
            assert "None" not in finding.message


@pytest.mark.parametrize("seed", range(4))
def test_no_rule_fails_on_half_of_the_real_file(seed: int) -> None:
    told = real()
    drop(told, random.Random(seed), 0.02 * (seed + 1))
    for dossier in read(told).file.dossiers:
        check(dossier)


def test_an_empty_convention_says_nothing() -> None:
    told = {
        "meta": {"schema": "jalons-conventions/1"},
        "conventions": [{"id": "vide", "short_title": "Vide"}],
    }
    assert found(told) == []


def large(sheets: int = 20, rows: int = 15) -> dict[str, Any]:
    """20 sheets of 15 indicators in 4 columns."""
    told = sample()
    [convention] = told["conventions"]
    convention["payment"]["actions"] = []
    told["fiches"] = []
    columns = [*(column("bilan", year) for year in (2019, 2020, 2021)), column("objectif", 2022)]
    for index in range(1, sheets + 1):
        each = sheet("exemple-2022", [index], f"FICHE {index}", 200_000, 100_000)
        each["indicator_table"]["columns"] = columns
        each["indicator_table"]["indicators"] = [
            {
                "id": f"{each['id']}-i{row}",
                "label": f"Nombre de personnes {row}",
                "values": {one["key"]: number(100 + row + 7 * at) for at, one in enumerate(columns)},
            }
            for row in range(rows)
        ]
        told["fiches"].append(each)
    told["annexes_financieres"][0]["tables"][1]["rows"] = [
        line("fiche", f"Fiche {index}", 100_000, 100_000, fiche_number=index)
        for index in range(1, sheets + 1)
    ]
    return told


def test_checking_takes_work_in_proportion_to_the_convention() -> None:
    half, whole = (dossier_of(large(sheets)) for sheets in (10, 20))
    of_half, of_whole = (calls_of(lambda dossier=dossier: check(dossier)) for dossier in (half, whole))
    assert of_whole < 2.2 * of_half
    # 20 sheets of 15 indicators in 4 columns: about 340 calls a cell, which is two fifths of a second.
    assert of_whole < 430_000
