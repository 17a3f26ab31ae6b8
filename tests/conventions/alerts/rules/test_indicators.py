"""Indicators, tracking tables, structure and texts: each rule broken once."""

from typing import Any

import pytest

from jalons.conventions.alerts.rules.texts import cited, cut_short
from jalons.conventions.enums import AlertLevel
from tests.conventions.alerts.checking import Json, broken, found, rows_of
from tests.conventions.samples import DASH, EMPTY, NA, ND, column, missing, number, sample

BEFORE, AIM = "bilan_2021", "objectif_2022"


def values(told: Json, row: int = 0) -> Json:
    return rows_of(told)[row]["values"]


def put(row: int = 0, **cells: Any) -> Any:
    return lambda told: values(told, row).update(cells)


def composite(raw: str, figure: float | None, *parts: Json, **more: Any) -> Json:
    return {
        "raw": raw,
        "kind": "composite",
        "number": figure,
        "unit": None,
        "main": "explicit",
        "parts": list(parts),
        **more,
    }


def part(label: str, figure: float | None, relation: str, **more: Any) -> Json:
    return {
        "label": label,
        "number": figure,
        "raw": f"{figure} {label}",
        "relation": relation,
        "kind": "number",
        **more,
    }


# Objectives ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", [EMPTY, ND])
def test_missing_objective(cell: Json) -> None:
    [gap] = broken("objective_missing", put(0, objectif_2022=cell))
    assert gap.where == "Fiche 1, Nombre de familles suivies, OBJECTIF 2022"


@pytest.mark.parametrize("cell", [NA, DASH, number(0)])
def test_an_objective_that_is_said_not_to_exist_is_not_missing(cell: Json) -> None:
    assert broken("objective_missing", put(0, objectif_2022=cell)) == []


def test_objective_below_the_last_account() -> None:
    [told] = broken("objective_below_last", put(0, objectif_2022=number(30)))
    assert (told.level, int(told.gap or 0)) == (AlertLevel.INFO, 10)

    def up(told: Json) -> None:
        rows_of(told)[0]["direction"] = "hausse"
        values(told)[AIM] = number(30)

    assert [each.level for each in broken("objective_below_last", up)] == [AlertLevel.WARNING]

    def down(told: Json) -> None:  # a delay: more is worse
        values(told, 1)[AIM] = {"raw": "20 jours", "kind": "duration", "number": 20, "unit": "jours"}

    [delay] = broken("objective_below_last", down)
    assert (delay.level, delay.expected[:4]) == (AlertLevel.WARNING, "17,4")


def test_no_comparison_when_what_is_counted_differs() -> None:
    change = put(
        0,
        bilan_2021=number(40, "40 sensibilisés", qualifier="sensibilisés"),
        objectif_2022=number(30, "30 formés", qualifier="formés"),
    )
    assert broken("objective_below_last", change) == []
    [told] = broken("unit_changes", change)
    assert told.level == AlertLevel.WARNING


def test_unit_that_changes() -> None:
    percent = {"raw": "62 %", "kind": "percent", "number": 62, "unit": "%"}
    assert len(broken("unit_changes", put(0, objectif_2022=percent))) == 1
    plural = put(
        0,
        bilan_2021=number(40, qualifier="famille suivie"),
        objectif_2022=number(50, qualifier="familles suivies"),
    )
    assert broken("unit_changes", plural) == []


def add_columns(told: Json, *columns: Json) -> None:
    told["fiches"][0]["indicator_table"]["columns"].extend(columns)


def test_realised_against_the_objective_of_its_year() -> None:
    def change(figure: float, **more: Any) -> Any:
        def done(told: Json) -> None:
            add_columns(told, column("realise", 2022, **more))
            values(told)["realise_2022"] = number(figure)

        return done

    [nothing] = broken("realised_objective", change(0))
    assert (nothing.level, int(nothing.gap or 0)) == (AlertLevel.WARNING, 50)
    [less] = broken("realised_objective", change(40))
    assert less.level == AlertLevel.INFO
    assert "80" in less.message
    assert broken("realised_objective", change(60)) == []
    assert broken("realised_objective", change(0, partial=True, as_of="2022-05")) == []
    assert len(broken("partial_column", change(10, as_of="2022-05"))) == 1


def test_jump_and_far_value() -> None:
    def grow(*figures: float) -> Any:
        def change(told: Json) -> None:
            told["fiches"][0]["indicator_table"]["columns"][:0] = [
                column("bilan", 2019),
                column("bilan", 2020),
            ]
            keys = ("bilan_2019", "bilan_2020", BEFORE, AIM)
            values(told).update({key: number(figure) for key, figure in zip(keys, figures, strict=True)})

        return change

    [double] = broken("jump", grow(100, 210, 220, 230))
    assert double.level == AlertLevel.INFO
    assert len(broken("jump", grow(210, 100, 110, 120))) == 1  # halved
    assert broken("jump", grow(1, 2, 4, 5)) == []  # the noise of small counts
    [far] = broken("far_value", grow(813, 1_402_901, 1_165, 1_200))
    assert far.found.startswith("1\u202f402\u202f901")
    assert broken("jump", grow(813, 1_402_901, 1_165, 1_200)) == []  # told once


# Cells ---------------------------------------------------------------------------------------------------------


def test_text_and_composite_without_main_number() -> None:
    [text] = broken("text_value", put(0, bilan_2021=missing("text", "en cours")))
    assert text.found == "en cours"
    both = composite(
        "24 familles 84 personnes",
        None,
        part("familles", 24, "mesure"),
        part("personnes", 84, "mesure"),
        main="none",
    )
    assert len(broken("composite_without_main", put(0, bilan_2021=both))) == 1


def test_doubtful_and_stray_numbers() -> None:
    doubtful = composite("812 (sur 975) 80", 812, main="doubtful")
    stray = composite("120 60 10", 120, part("", 60, "sans libellé"), part("", 10, "sans libellé"))
    for cell in (doubtful, stray):
        [asked] = broken("doubtful_number", put(0, bilan_2021=cell))
        assert asked.level == AlertLevel.WARNING


def test_breakdown_sums_only_of_whole_breakdowns() -> None:
    def cell(relation: str, *figures: float | None, label: str = "") -> Any:
        inner = [part(f"{label} {at}", figure, relation) for at, figure in enumerate(figures)]
        return put(0, bilan_2021=composite("100 …", 100, *inner))

    [gap] = broken("breakdown_sum", cell("ventilation", 60, 38))
    assert int(gap.gap or 0) == 2
    assert broken("breakdown_sum", cell("ventilation", 60, 40)) == []
    assert broken("breakdown_sum", cell("ventilation", 60, None)) == []  # a part is not known
    assert len(broken("breakdown_sum", cell("ventilation", 110, None))) == 1
    for relation in ("dont", "cohorte", "autre mesure", "plus", "en cours"):
        assert broken("breakdown_sum", cell(relation, 60, 38)) == []


def test_a_median_has_no_sum() -> None:
    inner = [part("EVA 1", 165, "ventilation"), part("EVA 2", 809, "ventilation")]
    median = part("Médiane mensuelle", 1_700, "autre mesure", parts=inner)
    assert broken("breakdown_sum", put(0, bilan_2021=composite("40 …", 40, median))) == []


def test_parts_above_their_whole() -> None:
    above = composite("40 dont 50", 40, part("filles", 50, "dont"))
    out_of = composite("40 (sur 30)", 40, part("", 30, "dénominateur"))
    for cell in (above, out_of):
        assert len(broken("part_above_whole", put(0, bilan_2021=cell))) == 1


def test_details() -> None:
    def children(told: Json) -> list[Json]:
        return rows_of(told)[0]["children"]

    def above(told: Json) -> None:
        children(told)[0]["values"][BEFORE] = number(45)

    def whole(told: Json) -> None:
        rows_of(told)[0]["children_relation"] = "ventilation"
        children(told)[1]["values"][BEFORE] = number(10)

    def among(told: Json) -> None:
        children(told)[1]["values"][BEFORE] = number(10)

    assert len(broken("details_sum", above)) == 1
    [gap] = broken("details_sum", whole)
    assert int(gap.gap or 0) == 5
    assert broken("details_sum", among) == []  # « Dont » need not make the whole

    def once(told: Json) -> None:
        among(told)
        values(told)[AIM] = number(30)
        children(told)[0]["values"][AIM], children(told)[1]["values"][AIM] = number(10), number(20)

    [gap] = broken("details_sum", once)  # unless it does in another column
    assert (gap.level, int(gap.gap or 0)) == (AlertLevel.INFO, 5)


def test_stated_rate() -> None:
    def cell(rate: float, raw: str) -> Any:
        share = {"raw": raw, "number": rate, "unit": "%"}
        return put(0, bilan_2021=composite("30 sur 40", 30, part("", 40, "dénominateur"), share=share))

    assert broken("stated_rate", cell(75, "75 %")) == []
    [wrong] = broken("stated_rate", cell(80, "80 %"))
    assert int(wrong.gap or 0) == -5
    two_thirds = composite("66,6 %", 66.6, part("", 2, "numérateur"), part("", 3, "dénominateur"))
    assert broken("stated_rate", put(0, bilan_2021={**two_thirds, "kind": "percent", "unit": "%"})) == []


# Tracking and funnels --------------------------------------------------------------------------------------------


def test_more_done_than_planned() -> None:
    def change(told: Json) -> None:
        told["fiches"][2]["tracking_tables"][0]["rows"][1]["cells"]["faites"] = 60.5

    [gap] = broken("done_le_planned", change)
    assert gap.where.endswith("Suivi des ateliers, Mairie, Heures réalisées")
    assert float(gap.gap or 0) == -0.5


def test_total_of_a_tracking_table() -> None:
    def change(told: Json) -> None:
        told["fiches"][2]["tracking_tables"][0]["rows"].append(
            {
                "id": "r3",
                "kind": "total",
                "cells": {
                    "lieu": "Total",
                    "prevues": 180,
                    "faites": {"raw": "100", "kind": "number", "number": 100},
                },
            }
        )

    [gap] = broken("tracking_total", change)
    assert (gap.expected, gap.found) == ("106,5", "100")


def test_declared_funnels_only() -> None:
    def steps(told: Json) -> None:
        values(told)[BEFORE] = composite(
            "10 convoqués 12 présents", None, part("convoqués", 10, "mesure"), part("présents", 12, "mesure")
        )

    def declared(told: Json) -> None:
        steps(told)
        rows_of(told)[0]["funnels"] = [["convoqués", "présents"]]

    assert broken("funnel", steps) == []
    [gap] = broken("funnel", declared)
    assert int(gap.gap or 0) == -2

    def rows(told: Json) -> None:
        told["fiches"][0]["indicator_table"]["funnels"] = [
            {"from": "Nombre de jeunes accompagnés", "to": "Nombre de familles suivies"}
        ]

    [gap] = broken("funnel", rows)
    assert (gap.expected, gap.found) == ("30 au plus", "40")


# Structure and texts ----------------------------------------------------------------------------------------------


def test_account_where_an_objective_belongs() -> None:
    def change(told: Json) -> None:
        table = told["fiches"][0]["indicator_table"]
        table["columns"][1] = {**column("bilan", 2022), "key": AIM}

    [gap] = broken("objective_column", change)
    assert (gap.level, gap.expected, gap.found) == (AlertLevel.ERROR, "OBJECTIF 2022", "BILAN 2022")

    def header(told: Json) -> None:  # read as an objective, and printed as an account
        told["fiches"][0]["indicator_table"]["columns"][1]["header"] = "BILAN 2022"

    assert [each.level for each in broken("objective_column", header)] == [AlertLevel.WARNING]

    def heading(told: Json) -> None:
        told["fiches"][0]["objectif_heading"] = "BILAN 2022"

    [title] = broken("objective_heading", heading)
    assert title.found == "BILAN 2022"


def test_missing_blocks_may_be_on_the_themes() -> None:
    def theme(told: Json) -> None:
        told["fiches"][2].update(resume=[], budget=[])

    def alone(told: Json) -> None:
        told["fiches"][0].update(resume=[], sub_actions=[])

    assert broken("sheet_blocks", theme) == []
    [gap] = broken("sheet_blocks", alone)
    assert "résumé et objectif" in gap.message


def test_number_without_sheet_that_has_money() -> None:
    def change(told: Json) -> None:
        for sheet in told["fiches"][1:]:
            sheet["numbers"] = [2]

    gaps = broken("number_without_sheet", change)
    assert [(each.where, each.level) for each in gaps] == [("Fiche 3, Logement", AlertLevel.WARNING)]


def test_blanks_left_in_the_text() -> None:
    def article(text: str) -> Any:
        return lambda told: told["conventions"][0]["articles"][0]["paragraphs"].append({"text": text})

    for text in ("le xxxx 2022", "Somme de [à compléter]", "voir l’article xx", "Fait le ........"):
        assert len(broken("placeholder", article(text))) == 1, text
    for text in ("Le Département s’engage à compléter la matrice.", "Louis XXX", "et cetera..."):
        assert len(broken("placeholder", article(text))) == ("XXX" in text), text

    def reference(told: Json) -> None:
        told["conventions"][0]["legal_references"][0]["placeholder"] = "numéro"

    assert len(broken("placeholder", reference)) == 1


def test_articles_cited() -> None:
    assert list(cited("selon les articles 2.1, 2.2 et 9")) == ["2.1", "2.2", "9"]
    assert list(cited("l’article 12 de la loi du 9 août, l’article L. 3121-1, article 3 du code civil")) == []
    assert list(cited("l’article 4 de la présente convention")) == ["4"]

    def change(told: Json) -> None:
        told["conventions"][0]["articles"][1]["paragraphs"].append({"text": "Voir l’article 9."})

    [gap] = broken("article_reference", change)
    assert (gap.where, gap.expected, gap.found) == ("Article 4", "articles 1 et 4", "article 9")


@pytest.mark.parametrize(
    "text", ["six salariés,", "(dont 12 filles", "12 filles)", "30 présents dont", "des jeunes et", "« lien"]
)
def test_cut_texts(text: str) -> None:
    assert cut_short(text)


@pytest.mark.parametrize(
    "text", ["", "CAF", "a) Nord b) Sud", "1) Nord (59)", "12 (dont 3)", "par thématique :", "Lille-Sud"]
)
def test_whole_texts(text: str) -> None:
    assert not cut_short(text)


def test_dates() -> None:
    def until(day: str, months: int) -> Any:
        return lambda told: told["fiches"][0].update(start_date=day, duration_months=months)

    assert [each.level for each in broken("dates_cover_year", until("2019-01-01", 36))] == [
        AlertLevel.WARNING
    ]
    assert [each.level for each in broken("dates_cover_year", until("2021-07-01", 12))] == [AlertLevel.INFO]
    assert broken("dates_cover_year", until("2022-03-01", 12)) == []
    assert len(broken("dates_cover_year", until("2023-01-01", 12))) == 1


def test_labels_that_differ_are_told() -> None:
    def change(told: Json) -> None:
        told["fiches"][0]["title"] = "Aller à la rencontre des familles"

    [told] = broken("labels_differ", change)
    assert told.level == AlertLevel.INFO
    assert not [each for each in found(sample(), "labels_differ") if each.where.startswith("Fiche 1,")]
