"""The day by which a clause obliges: one reader, for the calendar, the reminders, the report and the documents."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from jalons.conventions.dossier.clause_days import clause_day, period_days, report_day
from jalons.conventions.dossier.from_base import file_of, read_dossier
from jalons.conventions.enums import ConventionState, ReportState
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.importing.storing import transcriber
from jalons.conventions.models import Clause, Convention
from jalons.conventions.report.reminders import reports_due
from jalons.conventions.report.services import due_of, start_report
from jalons.conventions.text.clauses.services import save_clause
from jalons.conventions.years.copying import next_dossier
from jalons.history.services import save_record
from tests.conventions.samples import make_convention, sample
from tests.forms import form_to


def a_clause(name: str = "evaluation", text: str = "", printed: str = "", **columns: Any) -> Clause:
    return Clause(name=name, text=text, kept={"deadline_raw": printed} if printed else {}, **columns)


@pytest.mark.parametrize(
    ("clause", "on"),
    [
        (a_clause(due_on=dt.date(2024, 2, 29), deadline="03-31"), "2024-02-29"),
        (a_clause(deadline="03-31"), "2022-03-31"),
        (a_clause("reporting", deadline="03-31"), "2023-03-31"),
        (a_clause(deadline="03-31", printed="au plus tard le 31 mars de l'année suivante"), "2023-03-31"),
        (a_clause(deadline="03-31", text="Un point est fait l’exercice suivant."), "2022-03-31"),
        (a_clause(text="Un point est fait au plus tard le 31 mars de l’exercice suivant."), "2023-03-31"),
        (a_clause(text="L’année suivante, un point est fait avant le 15 mai."), "2023-05-15"),
        (a_clause(text="Un point, d'ici au 1er mars N+2, est fait."), "2024-03-01"),
        (a_clause(text="Au plus tard le 15 mai 2025, l’État relit."), "2025-05-15"),
        (a_clause("termination", text="Dénonciation avant le 30/11 de chaque année."), "2022-11-30"),
        (a_clause("reporting", text="Remis avant le 30 novembre de l’année en cours."), "2022-11-30"),
        (a_clause(text="Les actions déployées du 1er janvier au 31 décembre 2022 sont évaluées."), None),
        (a_clause(deadline="02-31"), None),
        (a_clause(text="Un litige relève du tribunal de Lille."), None),
    ],
)
def test_the_text_says_the_day(clause: Clause, on: str | None) -> None:
    found = clause_day(clause, 2022)
    assert (found.on.isoformat() if found else None) == on
    assert found is None or found.stated


def test_the_usual_day_says_that_it_is_usual() -> None:
    for name, on in (("reporting", dt.date(2023, 3, 31)), ("termination", dt.date(2022, 12, 31))):
        found = clause_day(a_clause(name, text="Sans date."), 2022)
        assert found is not None
        assert (found.on, found.stated) == (on, False)
    silent = report_day([], 2022)
    assert silent is not None
    assert (silent.on, silent.stated) == (dt.date(2023, 3, 31), False)
    assert report_day([], None) is None
    start, end = period_days([Clause(name="action_period", kept={"start": "2022-04-01"})], 2022)
    assert start is not None
    assert end is not None
    assert [(start.on.isoformat(), start.stated), (end.on.isoformat(), end.stated)] == [
        ("2022-04-01", True),
        ("2022-12-31", False),
    ]


def stated_in_may() -> Convention:
    told = sample()
    clause = told["conventions"][0]["clauses"]["reporting"]
    clause["deadline_for_this_convention"] = "2023-05-15"
    return make_convention(told)


@pytest.fixture
def client(pilot: Any) -> Client:
    client = Client()
    client.force_login(pilot, "jalons.accounts.backends.SessionBackend")
    return client


@pytest.mark.django_db
def test_a_day_of_this_convention_is_read_everywhere(client: Client) -> None:
    convention = stated_in_may()
    file = file_of(convention.slug)
    assert file is not None
    written = write_file(file)["conventions"][0]["clauses"]["reporting"]
    assert written["deadline_for_this_convention"] == "2023-05-15"
    assert due_of(convention) == dt.date(2023, 5, 15)
    assert [due.on for due in reports_due(dt.date(2023, 5, 8))] == [dt.date(2023, 5, 15)]
    assert reports_due(dt.date(2023, 3, 24)) == []
    page = client.get(f"/conventions/{convention.slug}/echeances/").content.decode()
    assert "15 mai 2023" in page
    assert "date dite par le texte" in page
    assert "31 mars 2023" not in page
    calendar = client.get(f"/conventions/{convention.slug}/echeances.ics").content.decode()
    assert "DTSTART;VALUE=DATE:20230515" in calendar
    copied = next_dossier(read_dossier(convention), "exemple-2023").dossier.clause("reporting")
    assert copied is not None
    assert copied.due_on == dt.date(2024, 5, 15)


@pytest.mark.django_db
def test_a_screen_changes_it_and_the_open_report_follows(client: Client, convention: Convention) -> None:
    report = start_report(convention=convention, party=None, by=transcriber())
    clause = convention.clauses.get(name="reporting")
    url = f"/conventions/{convention.slug}/texte/clauses/{clause.pk}/"
    assert url in client.get(f"/conventions/{convention.slug}/texte/").content.decode()
    values = form_to(client.get(url), url).values
    assert client.post(url, {**values, "due_on": "30/04/2023"}).status_code == 302
    report.refresh_from_db()
    assert report.due_on == dt.date(2023, 4, 30)
    late = client.post(url, {**values, "submission_key": "", "due_on": "01/05/2023"})
    assert late.status_code == 409
    assert "30/04/2023" in late.content.decode() or "30 avril 2023" in late.content.decode()
    clause.refresh_from_db()
    assert (clause.due_on, clause.version) == (dt.date(2023, 4, 30), 2)


@pytest.mark.django_db
def test_a_report_that_was_sent_keeps_its_day(convention: Convention) -> None:
    report = start_report(convention=convention, party=None, by=transcriber())
    report.state = ReportState.SENT
    save_record(record=report, by=transcriber())
    clause = convention.clauses.get(name="reporting")
    save_clause(clause=clause, columns={"due_on": dt.date(2023, 6, 1)}, by=transcriber())
    report.refresh_from_db()
    assert report.due_on == dt.date(2023, 3, 31)


@pytest.mark.django_db
def test_a_text_without_the_clause_receives_it(client: Client, convention: Convention) -> None:
    convention.clauses.filter(name="reporting").delete()
    page = client.get(f"/conventions/{convention.slug}/texte/").content.decode()
    assert "date d’usage" in page
    url = f"/conventions/{convention.slug}/texte/clauses/reporting/"
    assert (
        client.post(url, {**form_to(client.get(url), url).values, "due_on": "15/06/2023"}).status_code == 302
    )
    assert due_of(convention) == dt.date(2023, 6, 15)
    assert client.get(f"/conventions/{convention.slug}/texte/clauses/parity/").status_code == 404


@pytest.mark.django_db
def test_a_convention_read_with_its_signature_is_proposed_as_signed(client: Client) -> None:
    told = sample()
    told["conventions"][0]["signature"]["date"] = "2022-07-12"
    convention = make_convention(told)
    assert convention.state == ConventionState.DRAFT
    page = client.get(f"/conventions/{convention.slug}/").content.decode()
    assert "signature du 12 juillet 2022" in page
    url = f"/conventions/{convention.slug}/texte/identite/"
    answer = client.get(f"{url}?etat=signed")
    assert "est proposé" in answer.content.decode()
    assert client.post(url, form_to(answer, url).values).status_code == 302
    convention.refresh_from_db()
    assert convention.state == ConventionState.SIGNED
    assert "est proposé" not in client.get(f"{url}?etat=signed").content.decode()
