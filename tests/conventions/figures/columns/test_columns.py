"""The columns, sections and rows of indicators; « réalisé à date » in one action."""

import datetime as dt
from typing import Any

import pytest

from jalons.conventions.figures.columns.services import Refused, add_actual
from jalons.conventions.models import Cell, Commitment, Convention, MatrixRow
from jalons.history.services import Actor, save_record
from jalons.indicators.enums import Direction, Nature
from tests import factories
from tests.conventions.figures.test_grid import address, name, sheet, signed_in, stored_sheet, text
from tests.conventions.samples import make_convention, sample
from tests.factories import Cast
from tests.forms import form_to

__all__ = ["sheet", "stored_sheet"]  # the fixtures


@pytest.fixture
def council(cast: Cast) -> Actor:
    return factories.actor(cast.council)


def words(sheet: Commitment) -> list[str]:
    return [column.words for column in sheet.columns.filter(dropped=False)]


def test_done_to_date_stands_after_the_objective(sheet: Commitment, council: Actor) -> None:
    column, is_new = add_actual(commitment=sheet, on=dt.date(2022, 5, 12), by=council)
    assert is_new
    assert words(sheet)[-2:] == ["OBJECTIF 2022", "REALISE MAI 2022"]
    assert (column.year, column.measure, column.as_of, column.partial) == (2022, "realise", "2022-05", True)
    again, is_new = add_actual(commitment=sheet, on=dt.date(2022, 5, 30), by=council)
    assert (again.pk, is_new) == (column.pk, False)


def test_done_to_date_goes_under_the_header_of_its_year(cast: Cast, council: Actor) -> None:
    told = sample()
    columns = told["fiches"][0]["indicator_table"]["columns"]
    columns[1] |= {"header": "2022", "subheader": "OBJECTIF"}
    columns.append({"key": "notes", "header": "NOTES"})
    sheet = make_convention(told).commitments.order_by("position")[0]
    add_actual(commitment=sheet, on=dt.date(2022, 8, 1), by=council)
    assert words(sheet) == ["BILAN 2021", "2022 – OBJECTIF", "2022 – REALISE AOUT 2022", "NOTES"]
    page = text(signed_in(cast.council).get(address(sheet)))
    assert 'colspan="2"' in page
    assert "année incomplète" in page


def test_once_the_year_is_over_it_covers_it_whole(sheet: Commitment, council: Actor) -> None:
    column, _ = add_actual(commitment=sheet, on=dt.date(2023, 2, 1), by=council)
    assert (column.header, column.as_of, column.partial) == ("REALISE 2022", "", None)
    Convention.objects.filter(pk=sheet.convention_id).update(year=2030)
    sheet.convention.refresh_from_db()
    with pytest.raises(Refused):
        add_actual(commitment=sheet, on=dt.date(2023, 2, 1), by=council)


def test_done_to_date_is_one_click(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    before = words(sheet)
    for _ in range(2):
        answer = client.post(address(sheet, "realise-a-date/"), {"submission_key": ""}, follow=True)
    assert len(words(sheet)) == len(before) + 1
    assert "est déjà là" in text(answer)
    assert client.get(address(sheet, "realise-a-date/")).status_code == 405


def test_a_column_is_added_changed_moved_and_taken_out(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, "colonnes/")
    told = form_to(client.get(url), url).values
    client.post(url, {**told, "header": "OBJECTIF 2023", "year": "2023", "measure": "objectif"})
    assert words(sheet)[-1] == "OBJECTIF 2023"
    new = sheet.columns.get(header="OBJECTIF 2023")
    edit = f"{url}?colonne={new.key}"
    told = form_to(client.get(edit), url).values
    client.post(edit, {**told, "header": "CIBLE 2023", "after": "", "as_of": "juin 2023", "partial": "on"})
    assert words(sheet)[0] == "CIBLE 2023"
    new.refresh_from_db()
    assert (new.as_of, new.partial) == ("2023-06", True)
    cells = Cell.objects.count()
    aim = sheet.columns.get(key="objectif_2022")
    edit = f"{url}?colonne=objectif_2022"
    client.post(edit, {**form_to(client.get(edit), url).values, "oter": "1"})
    assert "OBJECTIF 2022" not in words(sheet)
    # Its figures are still there.
    assert Cell.objects.count() == cells
    assert Cell.objects.known().filter(column=aim).exists()
    assert client.get(edit).status_code == 404


def test_two_people_change_one_column(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, "colonnes/?colonne=objectif_2022")
    first, second = (form_to(client.get(url), url.partition("?")[0]).values for _ in range(2))
    client.post(url, {**first, "header": "CIBLE 2022"})
    answer = client.post(url, {**second, "header": "BUT 2022"})
    assert answer.status_code == 409
    assert "CIBLE 2022" in text(answer)
    assert "BUT 2022" in text(answer)
    client.post(url, form_to(answer, url.partition("?")[0]).values)
    assert "BUT 2022" in words(sheet)


def labels(sheet: Commitment) -> list[str]:
    return [row.label for row in sheet.rows.filter(dropped=False)]


def test_a_row_is_a_wording_of_one_indicator(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, "lignes/")
    row = MatrixRow.objects.get(key=f"{sheet.key}-i01")
    edit = f"{url}?ligne={row.key}"
    told = form_to(client.get(edit), url).values
    client.post(edit, {**told, "label": "Nombre de ménages suivis", "direction": "up", "counted": "ménages"})
    indicator = row.indicator
    row.refresh_from_db()
    assert (row.label, row.indicator) == ("Nombre de ménages suivis", indicator)
    assert indicator is not None
    indicator.refresh_from_db()
    assert (indicator.label, indicator.direction, indicator.counted) == (row.label, Direction.UP, "ménages")
    wordings = [line.label for line in indicator.history.order_by("history_date", "history_id")]
    assert wordings == ["Nombre de familles suivies", "Nombre de ménages suivis"]


def test_a_detail_follows_its_row(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, "lignes/")
    parent = MatrixRow.objects.get(key=f"{sheet.key}-i01")
    told = form_to(client.get(url), url).values
    more = {"label": "Flandre", "parent": parent.pk, "dimension": "territoire", "breakdown": "Flandre"}
    client.post(url, {**told, **more, "value_type": "number", "nature": "flow"})
    assert labels(sheet)[:4] == ["Nombre de familles suivies", "DTML", "DTV", "Flandre"]
    new = MatrixRow.objects.get(breakdown="Flandre")
    assert new.indicator is not None
    assert new.indicator.nature == Nature.FLOW
    assert new.group_id == parent.group_id
    # What a row details cannot be one of its own details.
    edit = f"{url}?ligne={parent.key}"
    answer = client.post(edit, {**form_to(client.get(edit), url).values, "parent": new.pk})
    assert answer.status_code == 200
    assert "Choisissez parmi les réponses proposées" in text(answer)


def test_a_row_goes_with_its_details_and_keeps_its_figures(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, f"lignes/?ligne={sheet.key}-i01")
    cells = Cell.objects.count()
    client.post(url, {**form_to(client.get(url), url.partition("?")[0]).values, "oter": "1"})
    assert labels(sheet) == [
        "Délai moyen du premier rendez-vous",
        "Nombre de jeunes accompagnés",
        "Nombre d’ateliers",
    ]
    assert Cell.objects.count() == cells


def test_a_row_moves(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, f"lignes/?ligne={sheet.key}-i04")
    told: dict[str, Any] = form_to(client.get(url), url.partition("?")[0]).values
    client.post(url, {**told, "after": ""})
    assert labels(sheet)[0] == "Nombre d’ateliers"
    assert labels(sheet)[-3:] == ["Nombre de familles suivies", "DTML", "DTV"]


def test_a_section(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, "lignes/?section=nouvelle")
    client.post(url, {**form_to(client.get(url), url.partition("?")[0]).values, "label": "SORTIES"})
    group = sheet.groups.get(label="SORTIES")
    url = address(sheet, f"lignes/?section={group.key}")
    client.post(
        url, {**form_to(client.get(url), url.partition("?")[0]).values, "label": "SORTIES DU DISPOSITIF"}
    )
    group.refresh_from_db()
    assert group.label == "SORTIES DU DISPOSITIF"
    url = address(sheet, "lignes/?section=suivi")
    client.post(url, {**form_to(client.get(url), url.partition("?")[0]).values, "oter": "1"})
    assert not sheet.groups.filter(key="suivi").exists()
    assert MatrixRow.objects.get(key=f"{sheet.key}-i01").group is None


def test_a_duration_has_a_unit(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, "lignes/")
    told = form_to(client.get(url), url).values
    answer = client.post(url, {**told, "label": "Délai", "value_type": "duration", "unit": "lunes"})
    assert "l’unité de cette durée" in text(answer)
    assert "Délai" not in labels(sheet)


def test_a_sheet_without_a_table_teaches_the_next_step(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    for column in sheet.columns.all():
        column.dropped = True
        save_record(record=column, by=None)
    assert "pas encore de colonne" in text(client.get(address(sheet)))
    for row in sheet.rows.all():
        row.dropped = True
        save_record(record=row, by=None)
    page = text(client.get(address(sheet)))
    assert "pas encore d’indicateur" in page
    assert name(sheet, "i01", "bilan_2021") not in page
