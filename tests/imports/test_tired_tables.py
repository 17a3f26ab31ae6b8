"""Tables as tired people keep them: what is sure is read, what may be two things is asked, nothing is dropped."""

from typing import Any

import pytest

from jalons.history.services import Actor
from jalons.imports.enums import CellVerdict
from jalons.imports.models import ImportBatch
from jalons.imports.reading.files import read_content
from jalons.imports.services import NothingRead, give_file, prepare
from jalons.sites.models import Occupation, Site
from tests import factories
from tests.imports.test_applying import applied, undone
from tests.imports.writing import DrawnSheet, write_ods, write_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.correspondent59)


def given(by: Actor, content: bytes, kind: str) -> ImportBatch:
    sheets = read_content(content, kind, "")
    return prepare(batch=give_file(name=f"t.{kind}", kind=kind, content=content, sheets=sheets, by=by), by=by)


def read(batch: ImportBatch) -> dict[str, dict[str, Any]]:
    """By name: what each cell would write, « ? » for what is asked."""
    asked = (CellVerdict.DOUBTFUL, CellVerdict.REFUSED)
    return {
        line.label: {cell["key"]: "?" if cell["verdict"] in asked else cell["after"] for cell in line.cells}
        for line in batch.lines.order_by("line")
    }


def test_csv_of_windows_with_quotes_lines_inside_and_euros(by: Actor) -> None:
    factories.make_action("MOUS Lille")
    text = (
        "Dispositif;Financeur;Type de financement;Prévu 2025 (k€);Observations\r\n"
        '"MOUS Lille";"Fondation ""Toit""";Privé;"12,5";"versé en deux fois\n(mars ; juin)"\r\n'
        '"MOUS Lille";CAF;Autre;"8 €";\r\n'
    )
    batch = given(by, text.encode("cp1252"), "csv")
    cells = read(batch)
    assert cells['Fondation "Toit"']["planned 2025"] == "12\u202f500\u00a0€"
    assert batch.lines.count() == 2
    assert cells["CAF"]["planned 2025"] == "8\u00a0€"  # it says its own unit


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_one_sheet_a_month(by: Actor, kind: str) -> None:
    """The last month is taken; its sheet says its date."""
    head = ["Commune", "Site", "Pers.", "Mineurs"]
    sheets = [
        DrawnSheet(month, [head, ["Lille", "Moulin", people, 3], ["Roubaix", "Canal", 8, 2]])
        for month, people in (("Janvier 2026", 30), ("Février 2026", 32), ("Mars 2026", 35))
    ]
    batch = given(by, write_xlsx(sheets) if kind == "xlsx" else write_ods(sheets), kind)
    assert (batch.choices["sheet"], batch.choices["on"]) == (2, "2026-03-31")
    assert read(batch)["Moulin"]["people"] == "35"


def test_totals_in_the_middle_and_footnotes(by: Actor) -> None:
    rows = [
        ["Situation au 30/09/2026"],
        ["Commune", "Site", "Pers.", "Ménages"],
        ["Lille", "Moulin", 40, 9],
        ["Lille", "Talus*", "12*", 3],
        ["Sous-total Lille", "", 52, 12],
        ["Roubaix", "Canal", 8, 2],
        ["Total MEL", "", 60, 14],
        [],
        ["* chiffre de la gendarmerie, non vérifié"],
    ]
    batch = given(by, write_xlsx([DrawnSheet("Sites", rows)]), "xlsx")
    cells = read(batch)
    # « Total MEL » adds the rows up, « 12* » counted as 12: a total. What it adds up to is looked at, never written.
    assert [line.is_written for line in batch.lines.order_by("line")] == [True, False, True]
    assert cells["Moulin"]["people"] == "40"
    assert next(value for name, value in cells.items() if "Talus" in name)["people"] == "?"


def test_vague_dates_and_ranges_are_asked(by: Actor) -> None:
    text = "Commune\tSite\tPers.\tMineurs\tVu le\n"
    text += "Lille\tMoulin\t15/20\t4\tdébut mars 2026\nLille\tTalus\t12\t50 %\tT1 2025\n"
    text += "Roubaix\tCanal\t8\t\t2024-2025\nRoubaix\tQuai\t7\t2\tmi-septembre 2026\n"
    batch = given(by, text.encode(), "txt")
    cells = read(batch)
    assert cells["Moulin"]["people"] == "?"
    assert cells["Talus"]["minors"] == "?"
    assert [line.is_written for line in batch.lines.order_by("line")] == [False] * 4
    assert {line.verdict for line in batch.lines.all()} <= {CellVerdict.DOUBTFUL, CellVerdict.REFUSED}


def test_two_sites_in_one_merged_count(by: Actor) -> None:
    """23 people for two sites: not 23 in each."""
    rows = [
        ["Commune", "Site", "Pers.", "Vu le"],
        ["Lille", "Moulin", 23, "28/09/2026"],
        ["Lille", "Talus", "", "28/09/2026"],
        ["Roubaix", "Canal", 8, "28/09/2026"],
    ]
    batch = given(by, write_xlsx([DrawnSheet("Sites", rows, merges=[(1, 2, 2, 2)])]), "xlsx")
    cells = read(batch)
    assert (cells["Moulin"]["people"], cells["Talus"]["people"]) == ("?", "?")
    assert cells["Canal"]["people"] == "8"


def test_sites_in_columns_become_counts_of_each_date(by: Actor) -> None:
    """A table lying on its side: dates in rows, sites in columns, and its name says what is counted."""
    rows = [
        ["Date", "Moulin (Lille)", "Talus (Lille)", "Canal (Roubaix)"],
        ["31/07/2026", 30, 12, 8],
        ["31/08/2026", 32, "~12", 9],
    ]
    batch = given(by, write_xlsx([DrawnSheet("Effectifs", rows)]), "xlsx")
    told = [
        (line.label, line.place.partition(" · ")[0], line.is_written) for line in batch.lines.order_by("line")
    ]
    assert told == [
        ("Moulin", "Lille", True), ("Moulin", "Lille", True), ("Talus", "Lille", True), ("Talus", "Lille", False),
        ("Canal", "Roubaix", True), ("Canal", "Roubaix", True),
    ]  # fmt: skip
    applied(batch, by)
    assert sorted((site.name, site.surveys.known().count()) for site in Site.objects.all()) == [
        ("Canal", 2), ("Moulin", 2), ("Talus", 1),
    ]  # fmt: skip
    undone(batch, by)
    assert not Occupation.objects.known().exists()
    with pytest.raises(NothingRead):  # nothing says what is counted
        given(by, write_xlsx([DrawnSheet("Feuil1", rows)]), "xlsx")


def test_a_commune_alone_above_its_rows_is_theirs(by: Actor) -> None:
    """And « Lille (59350) », « Lomme (commune associée) » and « idem » name one."""
    rows = [
        ["Site", "Pers.", "Vu le"], ["LILLE"], ["Moulin", 40, "28/09/2026"], ["Talus", 12, "28/09/2026"],
        ["Roubaix"], ["Canal", 8, "28/09/2026"],
    ]  # fmt: skip
    batch = given(by, write_xlsx([DrawnSheet("Sites", rows)]), "xlsx")
    assert [line.is_written for line in batch.lines.order_by("line")] == [True] * 3
    text = "Commune\tSite\tPers.\tVu le\nLille (59350)\tMoulin\t4\t28/09/2026\n"
    text += "idem\tTalus\t3\t28/09/2026\nRoubaix (59100)\tCanal\t8\t28/09/2026\n"
    batch = given(by, text.encode(), "txt")
    assert [line.is_written for line in batch.lines.order_by("line")] == [True] * 3


def test_the_dispositif_of_a_band_is_that_of_its_rows(by: Actor) -> None:
    factories.make_action("MOUS de la métropole")
    rows = [
        ["Financeur", "Type", "Prévu 2025"], ["MOUS de la métropole"], ["Fondation Toit", "Privé", 12000],
        ["CAF", "Autre", 8000], ["Total MOUS de la métropole", "", 20000],
    ]  # fmt: skip
    batch = given(by, write_xlsx([DrawnSheet("Budget", rows)]), "xlsx")
    assert [line.place for line in batch.lines.order_by("line")] == ["MOUS de la métropole"] * 2
    assert [line.is_written for line in batch.lines.order_by("line")] == [True] * 2


def test_a_block_copied_from_a_mail(by: Actor) -> None:
    """Words above and below, blank lines, unbreakable spaces, a bullet before each name."""
    text = "Bonjour, voici les chiffres au 28/09/2026 :\n\n"
    text += "Commune\tSite\tPersonnes\n• Lille\tMoulin\t1\u00a0042\n"
    text += "• Roubaix\tCanal\t8 pers.\n\nBien à vous,\nCamille\n"
    cells = read(given(by, text.encode(), "txt"))
    assert (cells["Moulin"]["people"], cells["Canal"]["people"]) == ("1\u202f042", "8")
