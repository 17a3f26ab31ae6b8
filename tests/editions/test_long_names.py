"""Eighty letters for every name, in every report; the names of then, whatever was renamed since; and the rows of the
public and of what was obtained, counted again.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from jalons.accounts.models import Organisation
from jalons.actions.enums import ActionTheme
from jalons.actions.models import Action, ActionSite
from jalons.editions.models import ReportEdition
from jalons.editions.services.making import check_identical
from jalons.editions.writing.slide_shapes import HEIGHT
from jalons.history.services import save_record
from jalons.indicators.models import Measurement
from jalons.sites.models import Site
from jalons.territories.models import Departement
from tests import factories
from tests.editions.making import make_edition
from tests.editions.parsing import docx_rows, pdf_text, pptx_slides, screen_rows, spaced, xlsx_rows
from tests.factories import LILLE, Cast, organisation_of
from tests.guards import commits

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(reason="les noms de l’époque, sur les deux bases"),
]
SOCLE = True
YEAR = 2025
KINDS = ("observatoire", "bilan", "copil", "activite", "dialogue")
STOCKS = {"menages": "Ménages", "personnes": "Personnes"}
FLOWS = {"entrees": "Entrées", "sorties-positives": "dont positives"}
OBTAINED = {
    "personnes": "Personnes suivies", "sorties-positives": "Sorties positives",
    "logement-personnes": "Entrées en logement", "contrats": "Contrats de travail",
    "scolarises": "Enfants scolarisés",
}  # fmt: skip
TOLD = (
    {"menages": 9, "personnes": 31, "entrees": 31, "sorties_positives": 1, "contrats": 3},
    {
        "menages": 7,
        "personnes": 26,
        "entrees": 4,
        "sorties_positives": 5,
        "logement_personnes": 6,
    },
)


def long_name(first: str) -> str:
    words = f"{first} de la cité du Moulin-Blanc et de l’ancienne gare de triage de Fives-Saint-Sauveur nord"
    return words[:80].rstrip()


@pytest.fixture(scope="module")
def world(people: Cast, django_db_blocker: Any) -> Iterator[Cast]:
    with django_db_blocker.unblock(), commits.held():
        Departement.objects.filter(pk="59").update(name=long_name("Territoire"))
        operator = organisation_of(people.operator_a)
        renamed(operator, "Association")
        opened = dt.date(YEAR - 1, 3, 1)
        sites = [factories.make_site(long_name(f"Site {number}"), LILLE, opened=opened) for number in (1, 2)]
        for site in sites:
            factories.make_survey(site, dt.date(YEAR, 5, 1), 40)
        for number in (1, 2):
            action = factories.make_action(
                long_name(f"Dispositif {number}"), starts_on=opened, operators=[operator], sites=sites[:number],
                themes=[ActionTheme.HOUSING, ActionTheme.WORK, ActionTheme.SCHOOL],
            )  # fmt: skip
            factories.make_funding(action, YEAR, 4000 * number)
            since = dt.date(YEAR, 1, 1)
            for month, told in zip((3, 6), TOLD, strict=True):
                on = dt.date(YEAR, month, 20)
                figures = {code: value * number for code, value in told.items()}
                factories.make_follow_up(action, on, by=people.operator_a, since=since, **figures)
                since = on + dt.timedelta(days=1)
        yield people
        transaction.set_rollback(True)


def made(cast: Cast, kind: str) -> ReportEdition:
    own = kind == "activite"
    return make_edition(
        cast.operator_a if own else cast.correspondent59,
        kind=kind,
        area=f"operateur-{organisation_of(cast.operator_a).pk}" if own else "departement-59",
        day=dt.date(YEAR, 6, 30),
    )


def renamed(thing: Any, first: str) -> None:
    thing.name = long_name(first)
    save_record(record=thing, by=None)


def letters(text: str) -> str:
    """A name that goes to the next line, even inside one of its words, is the same name."""
    return re.sub(r"[\s\-\u00ad\u2010]", "", spaced(text))


def words_of_files(edition: ReportEdition) -> dict[str, str]:
    slides = [
        " ".join(cell.text_frame.text for row in shape.table.rows for cell in row.cells)
        for slide in pptx_slides(edition)
        for shape in slide.shapes
        if shape.has_table
    ]
    return {
        "docx": letters(str(docx_rows(edition))),
        "écran": letters(str(screen_rows(edition))),
        "pdf": letters(pdf_text(edition)),
        "pptx": letters(" ".join(slides)),
        "xlsx": letters(str(xlsx_rows(edition, "À imprimer"))),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_long_names_are_whole_and_those_of_then(world: Cast, kind: str) -> None:
    edition = made(world, kind)
    sites = [letters(long_name(f"Site {number}")) for number in (1, 2)]
    actions = [letters(long_name(f"Dispositif {number}")) for number in (1, 2)]
    structure = letters(long_name("Association"))
    expected = {
        "observatoire": sites, "activite": [*sites, *actions], "dialogue": [*actions, structure],
    }  # fmt: skip
    files = words_of_files(edition)
    for name in expected.get(kind, []):
        assert not [file for file, words in files.items() if name not in words], name
    assert letters(long_name("Territoire" if kind != "activite" else "Association")) in letters(
        pdf_text(edition)
    )
    for slide in pptx_slides(edition):
        for shape in (shape for shape in slide.shapes if shape.has_table):
            assert shape.top + sum(row.height for row in shape.table.rows) < HEIGHT, shape.name
    for model, first in ((Site, "Terrain"), (Action, "Mission"), (Organisation, "Fondation")):
        for thing in model._default_manager.all():
            renamed(thing, f"{first} {thing.pk}")
    assert check_identical(edition=edition) == []
    if kind == "copil":
        Departement.objects.filter(pk="59").update(name="Un autre nom")
        assert check_identical(edition=edition) == ["xlsx"], "seules ses lignes nomment le département"


def counted(code: str) -> dict[str, Decimal]:
    """By dispositif, row by row: the last of the year for a stock, the sum of the periods for a flow."""
    rows = defaultdict(list)
    for row in (
        Measurement.objects.known().select_related("series__indicator", "series__action").order_by("valid_on")
    ):
        if row.series.indicator.code == code and row.number is not None and row.valid_on.year == YEAR:
            rows[row.series.action.public_id].append(row.number)
    last = code in STOCKS or code == "scolarises"
    return {key: numbers[-1] if last else sum(numbers) for key, numbers in rows.items()}


def first_number(words: str) -> int:
    return int(spaced(words).removeprefix("≥ ").split(" (")[0].replace(" ", ""))


def cells_of(edition: ReportEdition, table: str) -> dict[str, dict[str, str]]:
    rows = [row for row in edition.values["rows"] if row["key"].startswith(f"{table}/")]
    return {row["key"].removeprefix(f"{table}/"): dict(row["cells"]) for row in rows}


def total_line(edition: ReportEdition, length: int) -> list[list[str]]:
    return [row for row in docx_rows(edition) if row[0] == "Total" and len(row) == length]


def test_the_public_and_what_was_obtained_are_counted_again(world: Cast) -> None:
    editions, checked = {kind: made(world, kind) for kind in ("activite", "dialogue")}, 0
    for kind, table, codes in (
        ("activite", "public", {**STOCKS, **FLOWS}),
        ("dialogue", "obtenu", OBTAINED),
    ):
        rows = cells_of(editions[kind], table)
        assert len(rows) == 2
        [total] = total_line(editions[kind], 1 + len(next(iter(rows.values()))))
        for code, label in codes.items():
            by_hand = counted(code)
            place = 1 + list(next(iter(rows.values()))).index(label)
            for key, number in by_hand.items():
                assert first_number(rows[key][label]) == number, (kind, code)
                checked += 1
            if by_hand:
                assert first_number(total[place]) == sum(by_hand.values()), (kind, code)
            else:
                assert not any(cells[label][0].isdigit() for cells in rows.values()), (kind, code)
    assert checked >= 16
    covered = defaultdict(set)
    for link in ActionSite.objects.known().select_related("action"):
        covered[link.action.public_id].add(link.site_id)
    assert {key: int(cells["Sites"]) for key, cells in cells_of(editions["dialogue"], "obtenu").items()} == {
        key: len(sites) for key, sites in covered.items()
    }
    sites = cells_of(editions["activite"], "sites")
    assert {*sites} == set(Site.objects.values_list("public_id", flat=True))
    assert {cells["Personnes"] for cells in sites.values()} == {"40"}
