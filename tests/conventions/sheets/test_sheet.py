"""The page of a fiche: as printed, as understood, as known then; for who may read it."""

import copy
import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jalons.conventions.alerts.services import acknowledge
from jalons.conventions.dossier.bullets import BulletLine, aligned, lines_of
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.figures.matrix import matrix_view
from jalons.conventions.models import (
    Alert,
    BudgetAmount,
    BudgetLine,
    Cell,
    Commitment,
    Convention,
    MatrixColumn,
    MatrixRow,
    Party,
)
from jalons.conventions.sheets.dates import end_of, months_of, understood_start
from jalons.conventions.sheets.selectors import one_sheet
from tests import factories
from tests.conventions.samples import EMPTY, ND, number, sample, two_departements
from tests.conventions.sheets.pages import address, real, signed_in, stored, words
from tests.factories import Cast

# `make_convention` then finds them made: see tests/conventions/conftest.py.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stored_convention", "stored_real")]


def page(cast: Cast, sheet: Any, query: str = "") -> str:
    answer = signed_in(cast.council).get(address(sheet) + query)
    assert answer.status_code == 200
    return words(answer)


def test_every_real_sheet_opens(cast: Cast) -> None:
    sheets = real(cast)
    assert len(sheets) == 16
    for sheet in sheets.values():
        page(cast, sheet)


def test_the_rest_of_the_real_budgets_is_always_shown(cast: Cast) -> None:
    sheets = real(cast)
    fifth = page(cast, sheets["calpae-2022-f05"])
    assert "Reste non réparti" in fifth
    assert "1 288 238 €" in fifth
    assert "2 490 800 €" in fifth  # of what is « dont » 8 327 588 €
    mother = page(cast, sheets["calpae-2022-f07-08"])
    assert "Reste non réparti entre les thèmes" in mother
    assert "85 000 €" in mother
    assert "4 292 512 €" in mother
    assert "4 377 512 €" in mother


def test_headers_on_two_levels_and_a_partial_column(cast: Cast) -> None:
    sheet = real(cast)["calpae-2022-f04"]
    view = matrix_view(one_sheet(sheet).sheets[0])
    assert [(head.words, head.span, head.tall) for head in view.top] == [
        ("BILAN 2019", 1, True),
        ("BILAN 2020", 2, False),
        ("BILAN 2021", 2, False),
        ("2022", 2, False),
    ]
    assert len(view.bottom) == 6
    assert view.bottom[-1].partial == "année incomplète, au 31 mai 2022"


def test_a_composite_shows_its_main_number_then_its_parts(cast: Cast) -> None:
    sheet = real(cast)["calpae-2022-f05"]
    view = matrix_view(one_sheet(sheet).sheets[0])
    row = next(row for row in view.rows if row.label.startswith("Nombre total de 1er rendez-vous"))
    assert row.cells[0].main == "9\u202f781"
    assert [part.words for part in row.cells[0].parts] == ["dont 7\u00a0782 orientés hors PE"]
    without = view.rows[0].cells[0]
    assert not without.main
    assert [part.words for part in without.parts][1] == "10\u00a0456 présents"


def test_five_emptinesses_and_zero_are_six_things(cast: Cast) -> None:
    told = sample()
    row = told["fiches"][0]["indicator_table"]["indicators"]
    row[3]["values"]["bilan_2021"] = EMPTY
    sheet = next(iter(stored(cast, told).values()))
    view = matrix_view(one_sheet(sheet).sheets[0])
    seen = {cell.missing or cell.main for row in view.rows for cell in row.cells}
    assert {"ND", "sans objet", "non renseigné", "0"} <= seen
    dash = matrix_view(one_sheet(stored(cast, sample("autre-2022"))["autre-2022-f01"]).sheets[0])
    assert "–" in {cell.missing for row in dash.rows for cell in row.cells}


def test_details_are_indented_under_dont_and_sections_head_them(cast: Cast) -> None:
    sheet = stored(cast)["exemple-2022-f01"]
    rows = matrix_view(one_sheet(sheet).sheets[0]).rows
    assert rows[0].section
    assert rows[0].label == "SUIVI"
    detail = next(row for row in rows if row.label == "DTML")
    assert (detail.depth, detail.relation) == (1, "Dont")
    assert next(row for row in rows if row.label == "DTV").relation == ""


def test_a_detail_without_any_figure_says_where_they_are(cast: Cast) -> None:
    told = sample()
    for child in told["fiches"][0]["indicator_table"]["indicators"][0]["children"]:
        child.pop("values")
    assert "imprimé avec « Nombre de familles suivies »" in page(cast, stored(cast, told)["exemple-2022-f01"])


def test_a_gap_is_shown_and_nothing_is_corrected(cast: Cast) -> None:
    told = sample()
    told["fiches"][0]["budget"][0]["total"] = {"raw": "200 001 €", "amount": 200_001}
    shown = page(cast, stored(cast, told)["exemple-2022-f01"])
    assert "200 001 €" in shown
    assert "calculé : 200 000 €" in shown
    assert "écart : 1 €" in shown
    assert BudgetAmount.objects.get(part="total", amount=200_001)


def test_any_number_of_funders_under_their_printed_headers(cast: Cast) -> None:
    told = sample()
    first = told["fiches"][0]
    first["budget_headers"] = ["BUDGET", "TOTAL", "PART ETAT", "PART CD 59", "REGION", "NOTES"]
    first["budget"][0]["part_region"] = {"raw": "-", "amount": None}
    first["budget"][0]["notes"] = "Sous réserve du vote"
    shown = page(cast, stored(cast, told)["exemple-2022-f01"])
    assert all(header in shown for header in ("PART ETAT", "PART CD 59", "REGION"))
    assert "Sous réserve du vote" in shown


def test_bullets_go_side_by_side_only_when_they_are_as_many() -> None:
    two, three = [BulletLine("a"), BulletLine("b")], [BulletLine("a"), BulletLine("b"), BulletLine("c")]
    assert aligned([two, two, [BulletLine("x")]]) == [True, True, False]
    assert aligned([three, two, []]) == [False, False, False]
    assert lines_of({"raw": "a", "items": [{"text": "a", "level": 1, "bullet": "•"}]}) == [
        BulletLine("a", 1, "•")
    ]


def test_dates_as_printed_and_as_understood(cast: Cast) -> None:
    assert understood_start("1er janvier 2019") == "compris\u00a0: le 1er janvier 2019"
    assert understood_start("A partir de fin 2020") == "aucun jour n’en est déduit"
    assert months_of("Trois ans") == 36
    assert months_of("jusqu’au bout") is None
    assert end_of(dt.date(2020, 2, 29), 12) == dt.date(2021, 2, 27)
    shown = page(cast, stored(cast)["exemple-2022-f01"])
    assert "1er janvier 2022" in shown
    assert "compris : 12 mois" in shown


def test_the_three_labels_and_what_differs(cast: Cast) -> None:
    shown = page(cast, stored(cast)["exemple-2022-f02-03"])
    assert "Annexe financière, ligne 2" in shown
    assert "Article sur le versement, action 3" in shown
    assert "<mark>Logement</mark>" in shown


def test_figures_as_known_then(cast: Cast) -> None:
    sheet = stored(cast)["exemple-2022-f01"]
    for model in (Cell, BudgetAmount):
        model.objects.update(recorded_at=dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC))
    for record in (Convention, Party, Commitment, BudgetLine, MatrixRow, MatrixColumn):
        record.history.update(history_date=dt.datetime(2024, 4, 1, 12, tzinfo=dt.UTC))
    before, after = page(cast, sheet, "?connu-le=2024-04-30"), page(cast, sheet, "?connu-le=2024-05-02")
    assert "200 000 €" not in before
    assert "200 000 €" in after
    assert "Modifier" not in before
    assert "Remplir" not in after
    assert "tels qu" in before or "connu" in before


def test_who_said_each_figure_on_demand(cast: Cast) -> None:
    sheet = stored(cast, sample("autre-2022"))[
        "autre-2022-f01"
    ]  # the council stores it, nobody did the module's
    assert "Dany Conseil (Conseil départemental du Nord), le" not in page(cast, sheet)
    assert "Dany Conseil (Conseil départemental du Nord), le" in page(cast, sheet, "?qui=1")


def test_alerts_stand_beside_their_block_until_answered(cast: Cast) -> None:
    sheet = stored(cast)["exemple-2022-f01"]
    alert = Alert.objects.create(
        convention=sheet.convention,
        commitment=sheet,
        rule="essai",
        scope=AlertScope.DATES,
        level=AlertLevel.ERROR,
        where="Fiche 1",
        message="La durée ne couvre pas l’année.",
        fingerprint="f" * 64,
    )
    shown = page(cast, sheet)
    assert shown.index('id="resume"') < shown.index(alert.message) < shown.index('id="objectif"')
    acknowledge(alert=alert, reason="prolongée par avenant", by=factories.actor(cast.council))
    answered = page(cast, sheet)
    assert "1 alerte acquittée" in answered
    assert "prolongée par avenant" in answered


def test_neighbours_themes_and_mother(cast: Cast) -> None:
    sheets = stored(cast)
    theme, mother = sheets["exemple-2022-f02-03-t1"], sheets["exemple-2022-f02-03"]
    shown = page(cast, mother)
    assert address(sheets["exemple-2022-f01"]) in shown
    assert address(theme) in shown
    assert address(mother) in page(cast, theme)


def test_a_reader_sees_no_button(cast: Cast) -> None:
    sheet = stored(cast)["exemple-2022-f01"]
    answer = signed_in(cast.correspondent59).get(address(sheet))
    shown = words(answer)
    assert answer.status_code == 200
    assert "Modifier" not in shown
    assert "Remplir" not in shown
    assert "Acquitter" not in shown
    assert signed_in(cast.operator13).get(address(sheet)).status_code == 404


def test_the_sheet_of_another_departement_does_not_exist(cast: Cast) -> None:
    sheets = stored(cast, two_departements())
    others = [sheet for sheet in sheets.values() if sheet.party and sheet.party.departement_id == "62"]
    for sheet in others:
        assert signed_in(cast.council).get(address(sheet)).status_code == 404
        assert sheet.public_id not in page(cast, next(iter(sheets.values())))


def test_as_many_queries_for_one_row_and_for_many(cast: Cast) -> None:
    small, large = sample("petite-2022"), sample("grande-2022")
    first = large["fiches"][0]
    model = first["indicator_table"]["indicators"][3]
    for place in range(20):
        first["indicator_table"]["indicators"].append(
            {
                **copy.deepcopy(model),
                "id": f"plus-{place}",
                "values": {"bilan_2021": number(place), "objectif_2022": ND},
            }
        )
    first["sub_actions"] += [{**first["sub_actions"][0], "id": f"action-{place}"} for place in range(5)]
    first["budget"] += [{**first["budget"][0], "label": f"Ligne {place}"} for place in range(3)]
    counts = []
    client = signed_in(cast.council)
    for told, key in ((small, "petite-2022-f01"), (large, "grande-2022-f01")):
        sheet = stored(cast, told)[key]
        client.get(address(sheet))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address(sheet)).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 33
