"""The e-mails of the follow-up: what is to be filled in, what is late, the spending of last year."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from jalons.accounts.models import User
from jalons.actions import services
from jalons.actions.deadlines import days_to_tell
from jalons.actions.enums import Block, DueState
from jalons.actions.models import Action, Nudge
from jalons.actions.selectors.dues import ReporterDue
from jalons.actions.selectors.reminders import OPENS, Reminder, Spending, last_round, people_to_ask, told_on
from jalons.core.clock import paris_now
from jalons.core.navigation import full_address
from jalons.core.values import format_long_date, format_number, join_and, plural
from jalons.discussions.services import queue_mail
from jalons.history.services import Actor

REMINDER, LATE, SPENDING = "reminder", "late", "spending"
LISTED = 30  # dispositifs named in one e-mail


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail, before the outbox. `topic` as declared in apps.py."""

    topic: str
    user: User
    subject: str
    body: str


def send_reminders() -> str:
    """The periodic job: once a day, from seven o’clock."""
    now = paris_now()
    if now.hour < OPENS:
        return f"Les rappels s’écrivent à partir de {OPENS}\u00a0heures."
    done = remind(now.date())
    return "Déjà faits aujourd’hui." if done is None else in_words(done)


def remind(today: dt.date) -> Counter[str] | None:
    """Puts in the outbox what people are reminded of today: how many e-mails, by topic. None if it was done.

    All of it or nothing. Days without a run are caught up, up to `deadlines.CATCH_UP`, in one e-mail a person.
    """
    days = days_to_tell(last_round(), today)
    if not days:
        return None
    return post(list(letters_of(today, days)), today)


@transaction.atomic
def post(letters: Iterable[Letter], today: dt.date) -> Counter[str] | None:
    if not services.open_round(day=today):
        return None
    done: Counter[str] = Counter()
    for letter in letters:
        key = f"{letter.topic}/{today}/{letter.user.pk}"
        content = {"subject": letter.subject, "body": letter.body}
        done[letter.topic] += queue_mail(key=key, user=letter.user, topic=letter.topic, **content) is not None
    return done


def in_words(done: Mapping[str, int]) -> str:
    parts = (
        (done.get(REMINDER, 0), "rappel", "rappels"),
        (done.get(LATE, 0), "relevé de retards", "relevés de retards"),
        (done.get(SPENDING, 0), "demande de dépenses", "demandes de dépenses"),
    )
    return f"{join_and([counted(*part) for part in parts])}."


def counted(count: int, singular: str, several: str) -> str:
    return f"{format_number(count)}\u00a0{plural(count, singular, several)}"


# --- letters ---------------------------------------------------------------------------------------------------


def letters_of(today: dt.date, days: Sequence[dt.date]) -> Iterator[Letter]:
    answers = told_on(today, days)
    for user, lines in answers.to_fill.items():
        yield reminder_letter(user, lines)
    for user, lines in answers.late.items():
        yield late_letter(user, lines)
    for user, spending in answers.spending.items():
        yield spending_letter(user, spending)


def reminder_letter(user: User, lines: Sequence[Reminder]) -> Letter:
    several = len({line.owed.reporter.organisation.pk for line in lines}) > 1
    listed = [to_fill(line, with_organisation=several) for line in lines[:LISTED]]
    return letter(REMINDER, user, reminder_subject(lines), lines=listed, more=more_than(lines))


def reminder_subject(lines: Sequence[Reminder]) -> str:
    """« Indicateurs à remplir avant le 30 juin : 3 dispositifs », or « …, dont 2 avant le 30 juin »."""
    count = dispositifs(line.owed.action for line in lines)
    ahead = sorted((line.on, line.today) for line in lines if line.on >= line.today)
    if not ahead:
        return f"Indicateurs en retard\u00a0: {count}"
    on, today = ahead[0]
    first = [line.owed.action for line in lines if line.on == on]
    if len(first) == len(lines):
        return f"Indicateurs à remplir {by_when(on, today)}\u00a0: {count}"
    return f"Indicateurs à remplir\u00a0: {count}, dont {format_number(len(first))} {by_when(on, today)}"


def late_letter(user: User, lines: Sequence[Reminder]) -> Letter:
    count = dispositifs(line.owed.action for line in lines)
    listed = [
        {
            "name": line.owed.action.name,
            "reporter": str(line.owed.reporter.organisation),
            "missing": in_a_list(line.owed.due.missing),
            "since": format_long_date(line.owed.due.on or line.on),
            "link": full_address("indicators:table", line.owed.action.public_id),
        }
        for line in lines[:LISTED]
    ]
    return letter(LATE, user, f"{count} en retard", lines=listed, more=more_than(lines))


def spending_letter(user: User, spending: Spending) -> Letter:
    listed = [
        {"name": action.name, "link": full_address("actions:funding", action.public_id)}
        for action in spending.actions[:LISTED]
    ]
    subject = f"Dépenses exécutées en {spending.year}\u00a0: {dispositifs(spending.actions)} à compléter"
    return letter(SPENDING, user, subject, year=spending.year, lines=listed, more=more_than(spending.actions))


TEMPLATES = {
    REMINDER: "actions/mail/reminder.txt",
    LATE: "actions/mail/late.txt",
    SPENDING: "actions/mail/spending.txt",
}


def letter(topic: str, user: User, subject: str, **content: Any) -> Letter:
    context = {"user": user, "list": full_address("actions:list"), **content}
    return Letter(topic, user, subject, render_to_string(TEMPLATES[topic], context).strip())


def to_fill(line: Reminder, *, with_organisation: bool) -> dict[str, str]:
    """`reporter` only for who fills in for several organisations; `unchanged` only after a first follow-up."""
    action, due = line.owed.action, line.owed.due
    last = format_long_date(due.last) if due.last else ""
    return {
        "name": action.name,
        "reporter": str(line.owed.reporter.organisation) if with_organisation else "",
        "when": when(line),
        "missing": in_a_list(due.missing),
        "last": last,
        "fill": full_address("indicators:fill", action.public_id),
        "unchanged": full_address("indicators:unchanged", action.public_id) if last else "",
    }


def when(line: Reminder) -> str:
    """« En retard depuis le 31 mai 2020 », « À remplir avant le 30 juin 2020 »."""
    day = line.owed.due.on or line.on
    if line.owed.due.state == DueState.LATE:
        return f"En retard depuis le {format_long_date(day)}"
    if day == line.today:
        return f"À remplir aujourd’hui, {format_long_date(day)}"
    return f"À remplir avant le {format_long_date(day)}"


def by_when(day: dt.date, today: dt.date) -> str:
    """« avant le 30 juin »: the year goes without saying in a subject."""
    short, _, _ = format_long_date(day).rpartition(" ")
    return f"aujourd’hui, {short}" if day == today else f"avant le {short}"


def in_a_list(blocks: Iterable[Block]) -> str:
    """« public, scolarisation, accès aux droits »."""
    return ", ".join(block.label[0].lower() + block.label[1:] for block in blocks)


def dispositifs(actions: Iterable[Action]) -> str:
    return counted(len({action.pk for action in actions}), "dispositif", "dispositifs")


def more_than(lines: Sequence[object]) -> str:
    """How many lines are not in the e-mail, empty when they all are."""
    left = len(lines) - LISTED
    return format_number(left) if left > 0 else ""


# --- « Relancer » ----------------------------------------------------------------------------------------------


@transaction.atomic
def nudge(*, owed: ReporterDue, by: Actor) -> tuple[Nudge, int | None]:
    """Asks the people of a structure for the follow-up that they owe: the nudge, and how many e-mails were written.

    Once for each deadline: the second time, the first nudge comes back with None, and nothing is written.
    """
    action, due_on = owed.action, owed.due.on or owed.day
    reporter = owed.reporter.organisation
    noted, is_new = services.note_nudge(action=action, reporter=reporter, due_on=due_on, by=by)
    if not is_new:
        return noted, None
    link = full_address("indicators:fill", action.public_id)
    people = people_to_ask(owed)
    for user in people:
        queue_mail(
            key=f"nudge/{noted.pk}/{user.pk}",
            user=user,
            topic=REMINDER,
            subject=f"Suivi attendu\u00a0: {action.name}"[:200],
            body=f"{by.user} ({by.organisation}) vous demande le suivi de «\u00a0{action.name}\u00a0», "
            f"à remplir avant le {format_long_date(due_on)}.\n\nLe remplir\u00a0:\n{link}",
            about=[f"dispositif:{action.public_id}"],
        )
    return noted, len(people)
