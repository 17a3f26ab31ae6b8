"""Money: each rule is broken once in a convention whose every sum is right."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.conventions.alerts.rules.accounting import Item, Sums
from jalons.conventions.enums import AlertLevel
from tests.conventions.alerts.checking import Json, broken, found, lines_of
from tests.conventions.samples import money, sample, two_departements


def budget(told: Json, sheet: int = 0, row: int = 0) -> Json:
    return told["fiches"][sheet]["budget"][row]


def test_total_that_is_not_the_sum() -> None:
    [gap] = broken("budget_total", lambda told: budget(told).update(total=money(200_010)))
    assert (gap.level, int(gap.gap or 0)) == (AlertLevel.ERROR, -10)
    [gap] = broken("budget_total", lambda told: budget(told).update(total=money(200_001)))
    assert gap.level == AlertLevel.WARNING  # one euro of rounding


def test_dash_is_nothing_and_nd_is_unknown() -> None:
    def to(raw: str) -> Any:
        return lambda told: budget(told).update(part_etat={"raw": raw, "amount": None})

    assert broken("budget_total", to("ND")) == []
    [gap] = broken("budget_total", to("-"))
    assert int(gap.gap or 0) == -100_000


def test_sheet_and_annex() -> None:
    def change(told: Json) -> None:
        lines_of(told, 1)[1].update(part_etat=money(100_500), total=money(200_500))

    [gap] = broken("sheet_annex", change)  # told once, not on the total again
    assert gap.where == "Fiche 1, ligne de l’annexe, part de l’État"
    assert (gap.level, int(gap.gap or 0)) == (AlertLevel.ERROR, -500)


def test_one_number_of_a_sheet_that_has_two() -> None:
    [gap] = broken("sheet_annex", lambda told: lines_of(told, 2)[1].update(part_cd59=money(25_300)))
    assert gap.where.startswith("Fiche 3, ")


def test_annex_sums() -> None:
    [line] = broken("annex_line_total", lambda told: lines_of(told, 1)[1].update(total=money(200_100)))
    assert int(line.gap or 0) == -100
    [sub] = broken("annex_subtotals", lambda told: lines_of(told, 1)[2].update(part_etat=money(99_000)))
    assert "sous-total" in sub.where
    [total] = broken("annex_subtotals", lambda told: lines_of(told, 2)[2].update(part_cd59=money(51_000)))
    assert "part du Département" in total.where
    [family] = broken("annex_line_total", lambda told: lines_of(told, 0)[0].update(total=money(200_003)))
    assert family.level == AlertLevel.ERROR
    [family] = broken("annex_subtotals", lambda told: lines_of(told, 0)[0].update(part_etat=money(100_003)))
    assert family.level == AlertLevel.ERROR
    [rounding] = broken("annex_line_total", lambda told: lines_of(told, 2)[2].update(total=money(100_002)))
    assert rounding.level == AlertLevel.WARNING  # one euro for each of its two lines
    whole = broken("annex_subtotals", lambda told: lines_of(told, 0)[2].update(part_etat=money(151_000)))
    assert len(whole) == 1
    assert (
        len(broken("annex_announced", lambda told: lines_of(told, 0)[2].update(part_etat=money(151_000))))
        == 1
    )


def test_article_on_payment() -> None:
    def change(told: Json) -> None:
        told["conventions"][0]["payment"]["actions"][0]["amount"] = money(99_000)

    [gap] = broken("action_annex", change)
    assert gap.where == "Article 4, action 1, Fiche 1"
    assert int(gap.gap or 0) == 1_000
    [total] = broken("actions_total", change)
    assert int(total.gap or 0) == 1_000


def test_action_that_the_article_forgets() -> None:
    def change(told: Json) -> None:
        told["conventions"][0]["payment"]["actions"].pop()

    [missing] = broken("action_missing", change)
    assert missing.where == "Article 4, Fiche 3"


def test_heading_announced_and_authorised_amounts() -> None:
    def head(told: Json) -> None:
        told["conventions"][0]["heading_amount"] = money(140_000)

    def announced(told: Json) -> None:
        told["conventions"][0]["amounts"]["global"] = money(301_000)

    def voted(told: Json) -> None:
        told["deliberation"]["authorised_amounts"][0].update(money(149_000))

    assert [int(each.gap or 0) for each in broken("heading_amount", head)] == [10_000]
    assert [int(each.gap or 0) for each in broken("announced_amounts", announced)] == [-1_000]
    assert [int(each.gap or 0) for each in broken("authorised_amount", voted)] == [1_000]


def test_one_euro_more_on_a_sheet_is_told_all_along_the_chain() -> None:
    def change(told: Json) -> None:
        budget(told).update(part_etat=money(100_001), total=money(200_001))

    for rule in (
        "sheet_annex",
        "action_annex",
        "heading_amount",
        "sheets_announced",
        "authorised_amount",
        "parity",
    ):
        assert broken(rule, change), rule
    assert [each.where for each in broken("sheet_parity", change)] == ["Fiche 1, parité"]


def test_parity_is_only_asked_when_the_convention_says_so() -> None:
    def change(told: Json) -> None:
        told["conventions"][0]["amounts"].update(part_etat=money(160_000), part_departement=money(140_000))

    [gap] = broken("parity", change)
    assert (gap.where, int(gap.gap or 0)) == ("Montants de la convention, parité", 20_000)
    silent = sample()
    del silent["conventions"][0]["clauses"]["parity"]
    assert broken("parity", change, silent) == []
    said = sample()
    del said["conventions"][0]["clauses"]["parity"]
    said["conventions"][0]["articles"][0]["paragraphs"] = [{"text": "Les apports sont au moins équivalents."}]
    assert len(broken("parity", change, said)) == 1


def test_a_single_funder_is_allowed_and_listed() -> None:
    def change(told: Json) -> None:
        nothing = {"raw": "-", "amount": None}
        budget(told).update(part_etat=nothing, part_departement=money(200_000))
        lines_of(told, 1)[1].update(part_etat=money(0), part_cd59=money(200_000))

    [alone] = broken("single_funder", change)
    assert alone.level == AlertLevel.INFO
    assert broken("sheet_parity", change) == []


def test_sub_budgets() -> None:
    def amount(value: int) -> Any:
        return lambda told: told["fiches"][1]["sub_budgets"][0].update(amount=value)

    [less] = broken("sub_budgets", amount(50_000))
    assert (less.level, int(less.gap or 0)) == (AlertLevel.WARNING, 10_000)
    assert "sans affectation" in less.message
    [more] = broken("sub_budgets", amount(90_000))
    assert (more.level, int(more.gap or 0)) == (AlertLevel.ERROR, -30_000)

    def nested(told: Json) -> None:
        told["fiches"][1]["sub_budgets"][1]["dont"][0]["amount"] = 50_000

    [dont] = broken("nested_sub_budgets", nested)
    assert dont.where == "Fiches 2 et 3, sous-budgets, Insertion, dont mobilité"


def test_themes() -> None:
    def change(told: Json) -> None:
        budget(told, 2).update(total=money(90_000), part_etat=money(40_000), part_departement=money(50_000))

    [gap] = broken("themes_budget", change)
    assert (gap.level, int(gap.gap or 0)) == (AlertLevel.ERROR, 10_000)


def test_split_between_beneficiaries() -> None:
    def change(told: Json) -> None:
        told["conventions"][0]["amounts"]["split_part_etat"][0].update(money(90_000))

    [gap] = broken("announced_amounts", change, two_departements())
    assert int(gap.gap or 0) == 10_000


def test_a_deliberation_may_authorise_its_own_split() -> None:
    told = two_departements()
    told["deliberation"][0]["authorised_amounts"][0].update(money(100_000))
    told["deliberation"][1]["authorised_amounts"][0].update(money(50_000))
    assert found(told, "authorised_amount") == []
    told["deliberation"][1]["authorised_amounts"][0].update(money(60_000))
    [gap] = found(told, "authorised_amount")
    assert int(gap.gap or 0) == -10_000  # what comes to the Pas-de-Calais


def test_the_same_number_in_two_departements_is_not_mixed_up() -> None:
    told = two_departements()
    told["fiches"][1]["numbers"] = [1]
    told["fiches"][1]["departement"] = "Pas-de-Calais"
    assert [each for each in found(told, "sheet_annex") if each.level == AlertLevel.ERROR] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=12), st.integers(0, 60_000))
def test_nearest_sum_of_whole_sheets(cents: list[int], target: int) -> None:
    sums = {0}
    for each in cents:
        sums |= {known + each for known in sums}
    best, items = Sums([Item(str(at), each, at) for at, each in enumerate(cents)]).nearest(target)
    assert best in sums
    assert sum(item.cents for item in items) == best
    assert abs(best - target) == min(abs(known - target) for known in sums)
