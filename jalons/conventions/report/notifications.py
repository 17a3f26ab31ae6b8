"""The e-mail of the execution report: what each person still has to fill in before it is due."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from jalons.accounts.models import User
from jalons.conventions.report.empty_cells import ACCOUNT, SPENT
from jalons.conventions.report.reminders import ReportOwed, owed_to, reports_due
from jalons.core.clock import paris_now
from jalons.core.navigation import full_address
from jalons.core.values import format_long_date, format_number, join_and, plural
from jalons.discussions.services import queue_mail

TOPIC = "report"
OPENS = 7  # o’clock: nothing is written at night
LISTED = 12  # sheets named for one convention


def send_report_reminders() -> str:
    """The periodic job: from seven o’clock, on the days counted from the date of the report."""
    now = paris_now()
    if now.hour < OPENS:
        return f"Les rappels s’écrivent à partir de {OPENS}\u00a0heures."
    count = remind(now.date())
    return f"{format_number(count)}\u00a0{plural(count, 'rappel', 'rappels')} de rapport d’exécution."


def remind(today: dt.date) -> int:
    """Puts in the outbox one digest a person; how many. A person is told once for each day of reminder.

    All of it or nothing. The letters are written before the transaction: nobody waits for them to save.
    """
    dues = reports_due(today)
    letters = []
    for user, owed in owed_to(dues, today).items() if dues else ():
        day = max(report_owed.due.day for report_owed in owed)
        letters.append((f"conventions/report/{day}/{user.pk}", user, *letter(user, owed, today)))
    return post(letters)


@transaction.atomic
def post(letters: Iterable[tuple[str, User, str, str]]) -> int:
    """Key, person, subject, body of each."""
    return sum(
        queue_mail(key=key, user=user, topic=TOPIC, subject=subject, body=body) is not None
        for key, user, subject, body in letters
    )


def letter(user: User, owed: Sequence[ReportOwed], today: dt.date) -> tuple[str, str]:
    first = min(report_owed.due.on for report_owed in owed)
    count = sum(len(report_owed.holes) for report_owed in owed)
    short, _, _ = format_long_date(first).rpartition(" ")
    when = f"en retard depuis le {short}" if first < today else f"avant le {short}"
    to_fill = f"{format_number(count)}\u00a0{plural(count, 'case à remplir', 'cases à remplir')}"
    subject = f"Rapport d’exécution\u00a0: {to_fill if count else 'colonnes à préparer'} {when}"
    context = {"user": user, "lines": [reminder_line(report_owed, today) for report_owed in owed]}
    return subject, render_to_string("conventions/report/mail/reminder.txt", context).strip()


def reminder_line(owed: ReportOwed, today: dt.date) -> dict[str, Any]:
    convention = owed.due.convention
    sheets = Counter(hole.commitment.number_words for hole in owed.holes)
    named = [f"{name} ({format_number(count)})" for name, count in list(sheets.items())[:LISTED]]
    left = len(sheets) - LISTED
    if left > 0:
        named.append(f"{format_number(left)}\u00a0{plural(left, 'autre fiche', 'autres fiches')}")
    late = owed.due.on < today
    return {
        "name": convention.short_title,
        "when": f"{'Il était attendu' if late else 'Il est attendu'} le {format_long_date(owed.due.on)}.",
        "asked": counted(owed),
        "sheets": join_and(named) if named else "",
        "without": len(owed.without_column),
        "link": full_address("conventions:empty_cells", convention.slug),
    }


def counted(owed: ReportOwed) -> str:
    parts = []
    for kind, singular, several in (
        (ACCOUNT, "case de bilan", "cases de bilan"),
        (SPENT, "montant exécuté", "montants exécutés"),
    ):
        count = sum(hole.kind == kind for hole in owed.holes)
        if count:
            parts.append(f"{format_number(count)}\u00a0{plural(count, singular, several)}")
    return join_and(parts) if parts else ""
