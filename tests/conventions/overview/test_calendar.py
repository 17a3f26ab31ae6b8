"""The deadlines of a convention, and the file for a calendar."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.conventions.enums import ReportState
from jalons.conventions.models import Clause, Convention, Deliberation, ExecutionReport, Payment
from jalons.conventions.overview.calendar import (
    COMING,
    DONE,
    LATE,
    PASSED,
    ConventionDeadline,
    DatedConvention,
    calendar_text,
    deadlines,
    folded,
    next_deadline,
)

CONVENTION = Convention(slug="exemple", short_title="Exemple", year=2022)
CLAUSES = [
    Clause(name="termination", article="6", deadline="12-31"),
    Clause(name="reporting", article="2.3", deadline="03-31"),
    Clause(name="evaluation", text="Point d’étape.", article="3", deadline="09-15"),
    Clause(name="bancale", deadline="02-31"),
]


def told(today: dt.date, **dated: Any) -> dict[str, ConventionDeadline]:
    return {each.label: each for each in deadlines(CONVENTION, DatedConvention(**dated), today)}


def test_clauses_give_dates_in_their_year() -> None:
    found = told(dt.date(2022, 10, 1), clauses=CLAUSES)
    assert found["Dernier jour pour dénoncer la convention"].on == dt.date(2022, 12, 31)
    assert found["Rapport d’exécution transmis aux préfets"].on == dt.date(2023, 3, 31)
    assert found["Échéance de l’article 3"].state == PASSED
    assert found["Dernier jour pour dénoncer la convention"].state == COMING


def test_the_steps_of_the_report_are_counted_back_from_its_day() -> None:
    found = told(dt.date(2023, 3, 1), clauses=CLAUSES)
    assert [(each.on.isoformat(), each.state) for each in found.values() if each.kind == "report"] == [
        ("2023-01-31", LATE),
        ("2023-02-28", LATE),
        ("2023-03-16", COMING),
        ("2023-03-31", COMING),
    ]


def test_a_step_that_is_done_is_not_late() -> None:
    report = ExecutionReport(due_on=dt.date(2023, 4, 30), state=ReportState.VOTED)
    found = told(dt.date(2023, 6, 1), clauses=CLAUSES, reports=[report])
    assert found["Rapport d’exécution voté par l’assemblée"].state == DONE
    assert found["Rapport d’exécution transmis aux préfets"].state == LATE
    assert found["Rapport d’exécution transmis aux préfets"].on == dt.date(2023, 4, 30)


def test_payments_are_awaited_then_done() -> None:
    due = Payment(label="Acompte", amount=1000, due_on=dt.date(2022, 7, 1))
    paid = Payment(label="Solde", amount=500, due_on=dt.date(2022, 7, 1), paid_on=dt.date(2022, 9, 2))
    found = told(dt.date(2022, 8, 1), payments=[due, paid])
    assert found["Acompte attendu"].state == LATE
    assert "1\u202f000" in found["Acompte attendu"].detail
    assert (found["Solde versé"].on, found["Solde versé"].state) == (dt.date(2022, 9, 2), DONE)


def test_a_vote_gives_every_date_it_has() -> None:
    vote = Deliberation(
        number="D1",
        session_on=dt.date(2022, 6, 27),
        receipt={"received": "2022-07-11"},
        committee={"date": None},
    )
    found = told(dt.date(2022, 7, 1), deliberations=[vote])
    assert found["Vote de l’assemblée"].state == DONE
    assert found["Réception en préfecture"].state == COMING
    assert "Avis de la commission" not in found


def test_what_is_late_comes_before_what_is_near() -> None:
    today = dt.date(2023, 2, 20)
    found = next_deadline(deadlines(CONVENTION, DatedConvention(clauses=CLAUSES), today))
    assert found is not None
    assert found.on == dt.date(2023, 1, 31)
    assert found.badge == "late"


def test_a_convention_without_a_year_has_no_deadline() -> None:
    assert (
        deadlines(
            Convention(slug="x", short_title="X"), DatedConvention(clauses=CLAUSES), dt.date(2022, 1, 1)
        )
        == []
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "aujourd’hui"),
        (1, "demain"),
        (-1, "hier"),
        (12, "dans 12 jours"),
        (-1390, "il y a 3 ans"),
        (90, "dans 3 mois"),
    ],
)
def test_how_far_a_day_is(days: int, words: str) -> None:
    assert ConventionDeadline(dt.date(2022, 1, 1), "", "", COMING, days=days).away == words


def test_the_file_is_read_by_calendars() -> None:
    now = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    one = ConventionDeadline(dt.date(2022, 12, 31), "Fin ; puis, après", "clause", COMING, "Article 6")
    text = calendar_text("Exemple", "jalons.test", "exemple", [one], now)
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20221231\r\nDTEND;VALUE=DATE:20230101\r\n" in text
    assert "SUMMARY:Exemple : Fin \\; puis\\, après\r\n" in text
    again = calendar_text("Exemple", "jalons.test", "exemple", [one], now + dt.timedelta(days=1))
    assert [line for line in text.splitlines() if line.startswith("UID")] == [
        line for line in again.splitlines() if line.startswith("UID")
    ]


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_no_line_is_longer_than_a_calendar_reads(text: str) -> None:
    lines = list(folded(text))
    assert all(len(line.encode("utf-8", "surrogatepass")) <= 75 for line in lines)
    assert "".join([lines[0], *(line[1:] for line in lines[1:])]) == text


@pytest.mark.django_db
def test_the_pages_show_them(pilot: Any, convention: Convention) -> None:
    client = Client()
    client.force_login(pilot, "jalons.accounts.backends.SessionBackend")
    page = client.get("/conventions/exemple-2022/echeances/").content.decode()
    assert "27 juin 2022" in page
    assert "31 mars 2023" in page
    answer = client.get("/conventions/exemple-2022/echeances.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer.content.decode().count("BEGIN:VEVENT") == page.count("<time ")
