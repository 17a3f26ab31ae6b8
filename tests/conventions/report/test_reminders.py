"""Reminders of the execution report: on which days, to whom, once."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from jalons.accounts.enums import Role
from jalons.conventions.enums import ConventionRole, ReportState
from jalons.conventions.importing.storing import transcriber
from jalons.conventions.models import Cell, Convention, MatrixRow
from jalons.conventions.report import notifications
from jalons.conventions.report.notifications import letter, remind
from jalons.conventions.report.reminders import CATCH_UP, STEPS, day_to_tell
from jalons.conventions.report.services import advance, start_report
from jalons.conventions.years.services import open_next_year
from jalons.discussions.models import Mail
from jalons.discussions.services import set_mail_choices
from jalons.history.services import enter_all
from tests import factories
from tests.conventions.report.test_empty_cells import seat
from tests.conventions.report.test_report import complete, quiet
from tests.conventions.samples import make_convention
from tests.conventions.years.test_comparison import pilot_of
from tests.worlds import stored

DUE = dt.date(2023, 3, 31)
DAYS = [DUE + dt.timedelta(days=step) for step in STEPS]
db = pytest.mark.django_db


def test_days_are_counted_back_from_the_report() -> None:
    assert [f"{day:%d/%m}" for day in DAYS] == ["30/01", "01/03", "16/03", "24/03", "07/04"]
    told = {
        DUE + dt.timedelta(days=number): day_to_tell(DUE, DUE + dt.timedelta(days=number))
        for number in range(-90, 40)
    }
    assert sorted({day for day in told.values() if day}) == DAYS
    # Each day of reminder is caught up a few days, and never told early.
    for today, day in told.items():
        if day is not None:
            assert day <= today <= day + CATCH_UP
    assert told[DUE] is None


def complete_and_quiet() -> Convention:
    factories.make_territories()
    convention = make_convention(complete())
    quiet(convention)
    return convention


stored_convention, convention = stored(complete_and_quiet, "convention")


@pytest.fixture
def dtml(convention: Convention) -> Any:
    organisation = seat(convention, ConventionRole.TERRITORY_CONTRIBUTOR, breakdown="DTML")
    return factories.make_user(Role.CONTRIBUTOR, "59", organisation=organisation)


@db
def test_one_digest_for_each_owner_and_day(convention: Convention, dtml: Any) -> None:
    pilot = pilot_of()
    stranger = factories.make_user(Role.INSTITUTION, "59")
    open_next_year(convention=convention, by=transcriber())
    assert remind(DAYS[1]) == 2
    mails = {mail.user: mail for mail in Mail.objects.all()}
    assert set(mails) == {pilot, dtml}
    assert stranger not in mails
    assert mails[dtml].subject == "Rapport d’exécution\u00a0: 3\u00a0cases à remplir avant le 31 mars"
    assert "3\u00a0cases de bilan" in mails[dtml].body
    assert "montant" not in mails[dtml].body
    assert "/rapport/a-remplir/" in mails[dtml].body
    assert "15\u00a0cases de bilan et 4\u00a0montants exécutés" in mails[pilot].body
    # The same day, and the days after it: nothing more. The next day of reminder: one more each.
    assert remind(DAYS[1]) == 0
    assert remind(DAYS[1] + dt.timedelta(days=2)) == 0
    assert remind(DAYS[2]) == 2
    assert remind(DAYS[4]) == 2
    assert "en retard depuis le 31 mars" in Mail.objects.filter(user=dtml).latest("pk").subject


@db
def test_nothing_between_two_days(convention: Convention, dtml: Any) -> None:
    pilot_of()
    open_next_year(convention=convention, by=transcriber())
    for day in (dt.date(2022, 12, 1), DAYS[0] - dt.timedelta(days=1), dt.date(2023, 2, 20), DUE):
        assert remind(day) == 0


@db
def test_who_has_filled_in_everything_is_left_in_peace(convention: Convention, dtml: Any) -> None:
    pilot_of()
    after = open_next_year(convention=convention, by=transcriber())
    rows = MatrixRow.objects.filter(commitment__convention=after, breakdown="DTML")
    cells = [
        Cell(
            row=row,
            column=row.commitment.columns.get(year=2022),
            raw="7",
            kind="number",
            number=7,
            valid_on=dt.date(2022, 12, 31),
        )
        for row in rows
    ]
    enter_all(facts=cells, by=transcriber())
    assert remind(DAYS[0]) == 1
    assert not Mail.objects.filter(user=dtml).exists()


@db
def test_who_refuses_them_is_not_written_to(convention: Convention, dtml: Any) -> None:
    open_next_year(convention=convention, by=transcriber())
    set_mail_choices(user=dtml, muted={"report"})
    assert remind(DAYS[0]) == 0


@db
def test_what_nobody_can_fill_in_is_told_to_the_pilot(convention: Convention) -> None:
    """A structure without an account: its cells are not forgotten."""
    seat(convention, ConventionRole.TERRITORY_CONTRIBUTOR, breakdown="DTML")
    pilot = pilot_of()
    open_next_year(convention=convention, by=transcriber())
    assert remind(DAYS[0]) == 1
    assert "18\u00a0cases de bilan" in Mail.objects.get(user=pilot).body


@db
def test_a_year_without_columns_is_told_to_the_pilot(convention: Convention, dtml: Any) -> None:
    pilot = pilot_of()
    assert remind(DAYS[0]) == 1
    body = Mail.objects.get(user=pilot).body
    assert "Fiches sans colonne pour le bilan de l’année : 3" in body


@db
def test_a_report_that_was_sent_asks_nothing_more(convention: Convention, dtml: Any) -> None:
    pilot_of()
    report = start_report(convention=convention, party=None, by=transcriber())
    for state in list(ReportState)[1:5]:
        advance(report=report, to=state, on=dt.date(2023, 1, 20), by=transcriber())
    assert remind(DAYS[0]) == 0


@db
def test_the_number_of_queries_does_not_grow_with_people(
    convention: Convention, dtml: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        pilot_of()
    open_next_year(convention=convention, by=transcriber())
    remind(DAYS[0])
    # Nothing left to write: what remains is the reading, and a look at the outbox for each person.
    with django_assert_max_num_queries(20 + 4 * 6):
        remind(DAYS[0])


@db
def test_letters_are_written_before_the_base_is_held(
    convention: Convention, dtml: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def written(*told: Any) -> tuple[str, str]:
        held.append(not connection.atomic_blocks[-1]._from_testcase)
        return letter(*told)

    monkeypatch.setattr(notifications, "letter", written)
    pilot_of()
    assert remind(DAYS[1]) == len(held) > 0
    assert not any(held)
