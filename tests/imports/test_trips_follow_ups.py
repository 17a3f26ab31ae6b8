"""The follow-up of a dispositif exported to be changed, and given back."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.actions.models import Action, FollowUp
from jalons.core import clock
from jalons.core.values import Value, format_date
from jalons.history.services import Actor
from jalons.imports.enums import BatchState, CellVerdict
from jalons.imports.judging.returned import MINE, option
from jalons.imports.models import ImportBatch
from jalons.imports.services import reply_to_lines
from jalons.imports.trips.left import KEY
from jalons.indicators.models import Measurement
from jalons.indicators.services import complete_follow_up
from tests import factories
from tests.imports.leaving import FilledBook, line_of, taken
from tests.imports.test_applying import applied, undone

pytestmark = pytest.mark.django_db
SOCLE = True
MARCH, APRIL = dt.date(2020, 3, 31), dt.date(2020, 4, 30)


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.operator_a)


@pytest.fixture
def followed(cast: Any, by: Actor) -> Action:
    action = factories.make_action("MOUS Lille", operators=[by.organisation], themes=["housing"])
    factories.make_follow_up(action, MARCH, by=by.user, menages=14, personnes=1204, femmes=Value.nd())
    return action


@pytest.fixture
def book(by: Actor, followed: Action, client: Client) -> FilledBook:
    return FilledBook(taken(client, by.user, followed))


def told(action: Action) -> dict[tuple[str, dt.date], str]:
    facts = Measurement.objects.known().filter(series__action=action).select_related("series__indicator")
    return {(fact.series.indicator.code, fact.valid_on): str(fact.value) for fact in facts}


def colleague_says(action: Action, by: Actor, **figures: int) -> None:
    """Completes the report of March."""
    [report] = FollowUp.objects.known().filter(action=action, valid_on=MARCH)
    asked = {code: factories.make_socle()[code] for code in figures}
    complete_follow_up(
        follow_up=report,
        values={asked[code].pk: Value.of(number) for code, number in figures.items()},
        indicators={one.pk: one for one in asked.values()},
        by=by,
        source="",
    )


def test_a_row_an_indicator_and_a_column_a_date(book: FilledBook, followed: Action, by: Actor) -> None:
    assert book.read("Ménages", "31/03/2020") == 14
    assert book.read("Personnes", "31/03/2020") == 1204
    assert book.read("dont femmes", "31/03/2020") == "ND"
    assert book.read("Ménages", "Structure") == str(by.organisation)
    assert str(book.read("Ménages", KEY)).startswith(followed.public_id)
    last = dt.datetime.strptime(str(book.rows[0][-1]), "%d/%m/%Y").date()
    assert MARCH < last <= clock.today()
    assert "Total des sorties" not in {row[2] for row in book.rows}  # computed


def test_untouched_it_changes_nothing(book: FilledBook, by: Actor, followed: Action) -> None:
    colleague_says(followed, by, menages=15)
    batch = book.given(by)
    assert batch.target == "indicators"
    assert set(batch.lines.values_list("verdict", "is_written")) == {(CellVerdict.SAME, False)}
    assert "gardé" in line_of(batch, "Ménages").cell(f"value {MARCH}")["rule"]


def test_figures_changed_and_added_are_written_then_undone(
    book: FilledBook, by: Actor, followed: Action
) -> None:
    """A new column is a new report, and a colleague's figure of the same report stays."""
    before = told(followed)
    colleague_says(followed, by, menages=15)
    expected = told(followed)
    book.type("Personnes", **{"31/03/2020": 1300})
    book.rows[0].append(dt.datetime(2020, 4, 30))
    for row in book.rows[1:]:
        row.append("")
    book.row("Personnes")[-1] = 1310
    batch = applied(book.given(by), by)
    assert (batch.state, batch.failure) == (BatchState.APPLIED, "")
    figures = told(followed)
    assert (figures["menages", MARCH], figures["femmes", MARCH]) == ("15", "ND")
    assert (figures["personnes", MARCH], figures["personnes", APRIL]) == ("1\u202f300", "1\u202f310")
    [april] = FollowUp.objects.known().filter(action=followed, valid_on=APRIL)
    assert april.since == dt.date(2020, 4, 1)
    undone(batch, by)
    assert told(followed) == expected != before


def test_both_sides_moved(book: FilledBook, by: Actor, followed: Action) -> None:
    colleague_says(followed, by, menages=15)
    batch = book.type("Ménages", **{"31/03/2020": 16}).given(by)
    line, key = line_of(batch, "Ménages"), f"value {MARCH}"
    assert (line.cell(key)["verdict"], line.is_written) == (CellVerdict.DOUBTFUL, False)
    reply = {line.line: {key: option(MINE, "16")}}
    applied(reply_to_lines(batch=batch, by=by, decisions={}, fixes=reply), by)
    assert told(followed)["menages", MARCH] == "16"


def test_keys_are_those_of_what_one_fills_in(
    book: FilledBook, by: Actor, followed: Action, cast: Any
) -> None:
    book.type("Ménages", **{"31/03/2020": 16})
    other = factories.actor(cast.operator_b)
    assert not book.given(other).lines.filter(is_written=True).exists()
    another = factories.make_action("Médiation", operators=[other.organisation], themes=["housing"])
    row = book.row("Ménages")
    indicator = str(row[0]).partition(" ")[2]
    row[0] = f"{another.public_id}-{other.organisation.pk} {indicator}"
    for person in (other, by):
        assert line_of(book.given(person), "Ménages").verdict == CellVerdict.REFUSED


def test_who_edits_the_dispositif_takes_the_part_of_each(
    followed: Action, by: Actor, cast: Any, client: Client
) -> None:
    both = factories.make_action(
        "Médiation",
        operators=[by.organisation, factories.organisation_of(cast.operator_b)],
        themes=["housing"],
    )
    book = FilledBook(taken(client, cast.correspondent59, both))
    structures = {row[1] for row in book.rows[1:]}
    assert structures == {str(by.organisation), str(factories.organisation_of(cast.operator_b))}
    own = FilledBook(taken(client, cast.operator_b, both))
    assert {row[1] for row in own.rows[1:]} == {str(factories.organisation_of(cast.operator_b))}
    day = str(book.rows[0][-1])
    for number, row in enumerate(book.rows[1:]):
        if row[2] == "Ménages":
            row[book.column(day)] = 5 + number
    correspondent = factories.actor(cast.correspondent59)
    applied(book.given(correspondent), correspondent)
    assert {format_date(one.valid_on) for one in FollowUp.objects.filter(action=both)} == {day}
    assert FollowUp.objects.filter(action=both).count() == 2


def test_where_it_is_offered(followed: Action, by: Actor, cast: Any, client: Client) -> None:
    url = reverse("imports:follow_up_to_edit", args=[followed.public_id])
    for person, offered in ((by.user, True), (cast.observer, False)):
        client.force_login(person, factories.BACKEND)
        page = client.get(reverse("indicators:table", args=[followed.public_id])).content.decode()
        assert (url in page) is offered
    client.force_login(cast.operator_b, factories.BACKEND)
    assert client.get(url).status_code in (302, 403)


def test_the_number_of_questions_to_the_base_does_not_grow(
    book: FilledBook, by: Actor, followed: Action, client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(40):
        taken(client, by.user, followed)
    for row in book.rows[1:]:
        row[book.column("31/03/2020")] = 3
    with django_assert_max_num_queries(45):
        batch: ImportBatch = book.given(by)
    assert batch.lines.filter(is_written=True).count() > 10
