"""Past accounts, partial ones, populations, calendars, quoted costs, rows named as parts of others."""

from typing import Any

import pytest

from jalons.conventions.enums import AlertLevel
from tests.conventions.alerts.checking import Json, broken, found, real, rows_of
from tests.conventions.samples import DASH, EMPTY, ND, column, missing, number, sample

BEFORE, AIM = "bilan_2021", "objectif_2022"


def series(row: int = 0, label: str = "", **cells: Any) -> Any:
    """The first sheet with accounts of 2019 and 2020 in front, and these cells in one row."""

    def change(told: Json) -> None:
        table = told["fiches"][0]["indicator_table"]
        table["columns"][:0] = [column("bilan", 2019), column("bilan", 2020)]
        told["fiches"][0].update(start_date="2018-01-01", duration_months=60)
        told["fiches"][0]["resume"][0]["date_mise_en_place"] = "2018"
        rows_of(told)[row]["values"].update(cells)
        if label:
            rows_of(told)[row]["label"] = label

    return change


# Jumps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "between", [missing("text", "Déploiement en cours"), number(90, qualifier="autre chose")]
)
def test_no_jump_over_a_value_that_stands_between(between: Json) -> None:
    far = {"bilan_2019": number(35, qualifier="x"), "bilan_2020": between, BEFORE: number(200, qualifier="x")}
    assert broken("jump", series(**far, objectif_2022=number(210, qualifier="x"))) == []


@pytest.mark.parametrize("between", [EMPTY, ND, DASH])
def test_a_jump_over_nothing_is_still_one(between: Json) -> None:
    far = {"bilan_2019": number(35), "bilan_2020": between, BEFORE: number(200), AIM: number(210)}
    assert len(broken("jump", series(**far))) == 1


def test_no_jump_over_a_partial_account() -> None:
    def change(told: Json) -> None:
        series(bilan_2020=number(35), bilan_2021=number(150), objectif_2022=number(200))(told)
        told["fiches"][0]["indicator_table"]["columns"][2]["partial"] = True

    assert broken("jump", change) == []
    assert not any("coaching IEJ" in each.where for each in found(real(), "jump"))


# Populations -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("Nombre de jeunes devenus majeurs dans l’année", 0),
        ("Nombre de naissances", 0),
        ("Nombre d’habitants", 0),
        ("Nombre de jeunes devenus majeurs accompagnés", 1),
        ("Nombre de jeunes accompagnés", 1),
    ],
)
def test_a_fact_of_the_population_has_no_objective(label: str, told: int) -> None:
    assert len(broken("objective_below_last", series(label=label, bilan_2021=number(60)))) == told
    assert len(broken("objective_missing", series(label=label, objectif_2022=EMPTY))) == told


def test_populations_of_the_real_file() -> None:
    assert not any("devenus majeurs" in each.where for each in found(real(), "objective_below_last"))


# Accounts ----------------------------------------------------------------------------------------------------------


def test_an_empty_account_of_the_last_year() -> None:
    [gap] = broken("empty_past_account", series(bilan_2021=EMPTY))
    assert (gap.level, gap.where) == (AlertLevel.WARNING, "Fiche 1, BILAN 2021")
    assert gap.found == "Nombre de familles suivies"
    assert broken("empty_past_account", series(bilan_2021=ND)) == []


def test_an_older_account_only_of_a_row_already_followed() -> None:
    known = {"bilan_2019": number(30), "bilan_2020": EMPTY}

    def beside(**cells: Any) -> Any:
        def change(told: Json) -> None:
            series(**cells)(told)
            rows_of(told)[1]["values"].update(bilan_2019=number(1), bilan_2020=number(2))

        return change

    [gap] = broken("empty_past_account", beside(**known))
    assert (gap.level, gap.where) == (AlertLevel.INFO, "Fiche 1, BILAN 2020")
    assert broken("empty_past_account", beside()) == []  # new in 2021


def test_a_whole_account_to_fill_is_for_the_counter() -> None:
    def nothing(told: Json) -> None:
        for row in rows_of(told):
            row["values"][BEFORE] = EMPTY

    assert broken("empty_past_account", nothing) == []


def test_an_objective_below_a_partial_account() -> None:
    def partial(figure: float, *, whole: bool = False, direction: str = "") -> Any:
        def change(told: Json) -> None:
            series(bilan_2021=number(figure), objectif_2022=number(50))(told)
            told["fiches"][0]["indicator_table"]["columns"][2]["partial"] = not whole
            rows_of(told)[0]["direction"] = direction or None

        return change

    [gap] = broken("objective_below_partial", partial(72))
    assert (gap.level, gap.found, int(gap.gap or 0)) == (AlertLevel.INFO, "50", 22)
    assert [each.level for each in broken("objective_below_partial", partial(72, direction="hausse"))] == [
        AlertLevel.WARNING
    ]
    assert broken("objective_below_partial", partial(72, direction="baisse")) == []
    assert broken("objective_below_partial", partial(50)) == []
    assert broken("objective_below_partial", partial(72, whole=True)) == []  # objective_below_last says it


def test_the_year_just_opened_adds_no_missing_objective() -> None:
    told = sample()
    for each in told["fiches"]:
        for row in each["indicator_table"]["indicators"]:
            row["values"][AIM] = EMPTY
            for child in row.get("children", []):
                child["values"][AIM] = EMPTY
    assert found(told, "objective_missing")  # imported so: it is told


# Calendars, costs, parts -----------------------------------------------------------------------------------------


def calendar(*words: str) -> Any:
    def change(told: Json) -> None:
        told["fiches"][0]["sub_actions"] = [
            {"id": f"a{at}", "action": f"Action {at}", "calendrier": {"raw": each}}
            for at, each in enumerate(words)
        ]

    return change


def test_calendars_in_past_years_under_the_objective() -> None:
    [gap] = broken("calendar_past", calendar("Janvier 2021", "2ème semestre 2021"))
    assert (gap.level, gap.expected, gap.found) == (AlertLevel.WARNING, "2022", "2021")
    assert [each.level for each in broken("calendar_past", calendar("Janvier 2021", "2022"))] == [
        AlertLevel.INFO
    ]
    for words in (
        "Depuis mars 2021",
        "2021 puis avril 22",
        "Toute l’année",
        "2020 – 2022",
        "A caler",
        "21 au 25 nov.",
    ):
        assert broken("calendar_past", calendar(words)) == [], words


def test_a_cost_that_an_action_quotes_is_no_sub_budget() -> None:
    def quoted(raw: str, label: str = "Postes") -> Any:
        def change(told: Json) -> None:
            told["fiches"][0]["sub_budgets"] = [{"raw": raw, "amount": 45_000, "label": label}]

        return change

    assert broken("sub_budgets", quoted("45 000 € par an")) == []
    assert broken("sub_budgets", quoted("45 000 €", "Coût d’un poste")) == []
    assert len(broken("sub_budgets", quoted("Budget de 45 000 € par an"))) == 1
    assert len(broken("sub_budgets", quoted("45 000 €"))) == 1


def test_a_row_named_as_a_part_of_another_is_proposed() -> None:
    def rows(figure: float, label: str = "Nombre de familles suivies ayant un logement", **more: Any) -> Any:
        def change(told: Json) -> None:
            rows_of(told)[3].update(label=label, values={BEFORE: number(figure), AIM: number(1)}, **more)

        return change

    [proposal] = broken("funnel_proposed", rows(10))
    assert proposal.level == AlertLevel.INFO
    assert "dépasse" not in proposal.message
    [against] = broken("funnel_proposed", rows(45))
    assert "la dépasse : 45 pour 40 (BILAN 2021)" in against.message.replace("\u00a0", " ").replace(
        "\u202f", " "
    )
    assert broken("funnel_proposed", rows(10, "Nombre de familles relogées")) == []

    def declared(told: Json) -> None:
        rows(10)(told)
        told["fiches"][0]["indicator_table"]["funnels"] = [
            {"from": "Nombre de familles suivies", "to": "Nombre de familles suivies ayant un logement"}
        ]

    assert broken("funnel_proposed", declared) == []
