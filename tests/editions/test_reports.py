"""The monthly observatory: every figure counted by hand, the same in each file, and the same again later."""

import datetime as dt
import io
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import docx
import pytest
from django.db import transaction

from jalons.actions.models import FundingLine, Intervention
from jalons.editions.corrections import FAMILIES, corrections_between, explained
from jalons.editions.making.values import changes_between
from jalons.editions.models import ReportEdition
from jalons.editions.registry import report_kinds
from jalons.editions.services.making import check_identical
from jalons.figures.areas import find_area
from jalons.figures.registry import families
from jalons.history.querysets import AsOf
from jalons.history.services import Actor, correct
from jalons.indicators.models import Measurement
from jalons.sites.enums import Condition
from jalons.sites.models import LivingConditions, Occupation, Survey
from tests import factories
from tests.editions.making import make_edition
from tests.editions.parsing import (
    content_of_file,
    docx_rows,
    pdf_text,
    pptx_rows,
    screen_rows,
    spaced,
    xlsx_rows,
)
from tests.factories import Cast
from tests.figures.by_hand import ByHand, Reach
from tests.figures.test_recount import grounds
from tests.figures.world import DAYS, World, make_world
from tests.guards import commits

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(reason="les mêmes fichiers sur les deux bases"),
]
DAY = DAYS[5]  # in a month that is over


def test_every_family_of_figures_says_what_it_is_counted_from() -> None:
    """A family that is split or added without it would fail the page of differences."""
    assert {*FAMILIES} == {family.name for family in families().values()}


@pytest.fixture(scope="module")
def world(people: Cast, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), commits.held():
        yield make_world(people)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made(world: World, django_db_blocker: Any) -> dict[str, ReportEdition]:
    """One edition a kind, made with the world: not within the transaction of a test."""
    with django_db_blocker.unblock():
        author = world.cast.correspondent59
        return {kind: make_edition(author, kind=kind, day=DAY) for kind in ("observatoire", "bilan")}


@pytest.fixture
def edition(made: dict[str, ReportEdition]) -> ReportEdition:
    return made["observatoire"]


@pytest.fixture
def half_year(made: dict[str, ReportEdition]) -> ReportEdition:
    return made["bilan"]


def by_hand(world: World, edition: ReportEdition) -> dict[str, tuple[Any, ...]]:
    area = find_area("departement-59")
    assert area is not None
    reach = Reach(None, None, frozenset({"59"}))
    return ByHand(world, reach, *grounds(area), None, AsOf(edition.at), edition.first_day).everything()


def words_of(worth: tuple[Any, ...]) -> str:
    """As the report writes a plain number: « 12 », « ≥ 7 »; nothing for a share, for what is unknown or none told."""
    if len(worth) != 3 or not worth[1] or (not worth[0] and worth[1] < worth[2]):
        return ""
    bound = "≥ " if worth[1] < worth[2] else ""
    return f"{bound}{worth[0]}"


@pytest.mark.parametrize("kind", ["observatoire", "bilan"])
def test_figures_are_those_counted_by_hand_in_every_file(
    world: World, made: dict[str, ReportEdition], kind: str
) -> None:
    edition = made[kind]
    counted, checked = by_hand(world, edition), 0
    figures = edition.values["figures"]
    word, screen, book = docx_rows(edition), screen_rows(edition), xlsx_rows(edition, "Chiffres")
    paper, slides = pdf_text(edition), pptx_rows(edition)
    for figure in figures:
        words, label = spaced(figure["words"]), spaced(figure["label"])
        assert any(row[:2] == [label, words] for row in word), figure
        assert any(row[:2] == [label, words] for row in screen), figure
        assert any(row[:2] == [label, words] for row in slides), figure
        line, *_ = [row for row in book if row[1] == figure["key"]]
        assert spaced(line[4]) == words, figure
        assert words in paper
        if expected := words_of(counted[figure["key"]]):
            assert words.replace(" ", "").removesuffix("€") == expected.replace(" ", ""), figure
            assert line[3] == counted[figure["key"]][0], figure
            checked += 1
    assert checked >= 12, "presque rien n’est compté : le monde est trop pauvre"


def test_contents_alternative_texts_and_rows_behind_the_figures(
    world: World, made: dict[str, ReportEdition]
) -> None:
    edition, titles = made["bilan"], [section.title for section in report_kinds()["bilan"].sections]
    document = docx.Document(io.BytesIO(content_of_file(edition, "docx")))
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    xml = document.element.xml
    assert xml.count("PAGEREF") == len(titles) == xml.count("w:bookmarkStart")
    marks = re.findall(r'w:name="(_Toc\d+)"', xml)
    assert marks == re.findall(r'w:anchor="(_Toc\d+)"', xml)
    headings = [line.text for line in document.paragraphs if line.style.name == "Heading 1"]
    assert [spaced(title) for title in headings] == [spaced(title) for title in titles]
    heads, *rows = xlsx_rows(edition, "Données des sites")
    counted = by_hand(world, edition)
    people = heads.index("Personnes")
    assert len(rows) == counted["sites-ouverts"][0]
    assert sum(row[people] for row in rows if isinstance(row[people], int)) == counted["personnes"][0]
    assert "Prévu" in str(xlsx_rows(edition, "Données des dispositifs")[0])


def test_sites_of_the_table_add_up(world: World, edition: ReportEdition) -> None:
    counted = by_hand(world, edition)
    rows = [value for value in edition.values["rows"] if value["key"].startswith("sites/")]
    assert len(rows) == counted["sites-ouverts"][0] > 3
    people = [dict(row["cells"])["Personnes"] for row in rows]
    known = [int(words.replace("\u202f", "")) for words in people if words[0].isdigit()]
    assert sum(known) == counted["personnes"][0]
    assert len(known) == counted["personnes"][1]
    printed = next(row for row in docx_rows(edition) if row[0] == "Total")
    assert str(counted["personnes"][0]) in printed[3].replace(" ", "")


def corrected_at_random(by: Actor) -> list[str]:
    """Two hundred corrections of sites, dispositifs, indicators and money of the Nord; their reasons."""
    chance, reasons = random.Random(3), []
    drawn: list[tuple[list[Any], Callable[[], dict[str, Any]]]] = [
        (facts_of(Survey, site__commune__departement="59"), lambda: {"people": chance.randrange(1, 300)}),
        (facts_of(Survey, site__commune__departement="59"), lambda: {"valid_on": chance.choice(DAYS)}),
        (
            facts_of(LivingConditions, site__commune__departement="59"),
            lambda: {"water": chance.choice(Condition.values)},
        ),
        (
            facts_of(Occupation, site__commune__departement="59"),
            lambda: {"valid_on": chance.choice(DAYS[:4])},
        ),
        (facts_of(FundingLine, action__departement="59"), lambda: {"planned": chance.randrange(1, 900)}),
        (
            facts_of(Measurement, series__action__departement="59", number__isnull=False),
            lambda: {"number": chance.randrange(0, 60)},
        ),
        (facts_of(Intervention, action__departement="59"), lambda: {"valid_on": chance.choice(DAYS[:4])}),
    ]
    for number in range(200):
        facts, change = drawn[number % len(drawn)]
        fact = type(facts[0]).objects.known().get(lineage=chance.choice(facts).lineage)
        if "number" not in (changes := change()) and getattr(fact, "ended_on", None):
            continue  # what is over may not begin after its end
        reasons.append(f"recomptage {number}")
        correct(fact=fact, by=by, reason=reasons[-1], **changes)
    return reasons


def facts_of(model: Any, **where: Any) -> list[Any]:
    return list(model.objects.known().filter(**where).order_by("pk"))


def test_made_again_it_is_the_same_whatever_was_corrected_since(
    made: dict[str, ReportEdition], edition: ReportEdition, half_year: ReportEdition, world: World
) -> None:
    """And made again with what is known since, each difference is told with the corrections that explain it."""
    author = world.cast.correspondent59
    reasons = corrected_at_random(factories.actor(author))
    assert check_identical(edition=edition) == [] == check_identical(edition=half_year)
    for older in (edition, half_year):
        newer = make_edition(author, kind=older.kind, day=DAY, previous=older)
        assert check_identical(edition=older) == []
        corrections = corrections_between(older, newer, author)
        assert sorted(correction.entry.reason for correction in corrections) == sorted(reasons)
        assert {correction.entry.who for correction in corrections} == {str(author)}
        changes = explained(changes_between(older.values, newer.values), corrections)
        unexplained = [line.change for line in changes if not line.causes]
        assert unexplained == []
        changed = {line.change.key for line in changes}
        then = {value["key"]: value["words"] for value in older.values["figures"]}
        now = {value["key"]: value["words"] for value in newer.values["figures"]}
        assert {key for key in then if then[key] != now[key]} == {key for key in changed if "/" not in key}
        by_subject = {correction.subject.split("/")[2] for correction in corrections}
        assert {key.removeprefix("sites/") for key in changed if key.startswith("sites/")} <= by_subject
    assert {"personnes", "prevu", "logement-personnes"} <= changed
    of_another_place = corrections_between(older, newer, world.cast.operator13)
    assert not {correction.kind for correction in of_another_place} & {Survey, Occupation, LivingConditions}
    without_money = corrections_between(older, newer, world.cast.operator_a)
    assert FundingLine not in {correction.kind for correction in without_money}
    world.load()
    counted = ByHand(
        world,
        Reach(None, frozenset({"59"}), frozenset({"59"})),
        *grounds(find_area("departement-59")),
        None,
        AsOf(newer.at),
        newer.first_day,
    ).everything()
    assert words_of(counted["personnes"]).replace(" ", "") == spaced(now["personnes"]).replace(" ", "")


def test_a_month_that_goes_on_is_provisional(cast: Cast) -> None:
    now = dt.datetime(2026, 10, 15, 12, tzinfo=dt.UTC)
    edition = make_edition(cast.correspondent59, day=dt.date(2026, 10, 1), now=now)
    assert edition.at == dt.date(2026, 10, 15)
    assert edition.is_provisional
    assert "PROVISOIRE" in pdf_text(edition)
    assert "Provisoire" in spaced(
        " ".join(str(cell) for row in xlsx_rows(edition, "À imprimer") for cell in row)
    )


def test_evacuations_are_shown_one_by_one(world: World, half_year: ReportEdition) -> None:
    counted = by_hand(world, half_year)
    rows = [value for value in half_year.values["rows"] if value["key"].startswith("evacuations/")]
    assert len(rows) == counted["evacuations"][0]
    covered = next(value for value in half_year.values["rows"] if value["key"] == "couverture/59")
    assert dict(covered["cells"])["Sites ouverts"] == str(counted["sites-ouverts"][0])
