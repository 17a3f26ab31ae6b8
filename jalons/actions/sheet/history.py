"""« Qui a fait quoi » on a dispositif: records, facts, and what the apps above tell of it."""

from dataclasses import replace
from typing import Any

from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.actions.models import (
    Action,
    ActionContact,
    ActionSite,
    Deadline,
    FundingLine,
    InsertionSite,
    Intervention,
    Participation,
    StaffLine,
)
from jalons.actions.sheet.stories import stories
from jalons.core.ui import Entry
from jalons.core.values import format_date, format_long_date
from jalons.discussions.selectors import ANCHOR, comment_entries
from jalons.documents.selectors import document_entries
from jalons.history.querysets import NOW, AsOf
from jalons.history.selectors import Label, fact_entries, history_entries, timeline
from jalons.sites.models import Site


def part_label(part: Participation) -> str:
    words = f"la participation de {part.participant} comme {part.get_role_display().lower()}"
    return f"{words}, à partir du {format_long_date(part.valid_on)}"


def money_label(line: FundingLine) -> str:
    return f"le financement {line.year} «\u00a0{line.get_kind_display()}\u00a0»"


def staff_label(line: StaffLine) -> str:
    job = f"«\u00a0{line.get_job_display()}, {line.words}\u00a0»"
    return f"{job} dans l’équipe de {line.reporter} au {format_long_date(line.valid_on)}"


def link_label(link: ActionSite) -> str:
    return f"le site «\u00a0{link.site}\u00a0», couvert depuis le {format_long_date(link.valid_on)}"


def deadline_label(row: Any) -> str:
    return f"l’échéance du {format_date(row.due_on)}"


# Model → how one of its records is called, with its article.
RECORDS: dict[Any, Label] = {
    ActionContact: lambda row: f"le contact «\u00a0{row.name}\u00a0»",
    InsertionSite: lambda row: (
        f"le terrain d’insertion «\u00a0{row.name or row.address or row.commune}\u00a0»"
    ),
    Deadline: deadline_label,
}


def action_story(user: Any, action: Action, at: AsOf = NOW) -> list[Entry]:
    """Everything written about a dispositif that this person may read, newest first. A constant number of queries."""
    entries = [
        history_entries(Action.history.filter(id=action.pk), label="la fiche du dispositif"),
        fact_entries(
            Intervention.objects.filter(action=action),
            label="le dispositif",
            dated=False,
            added="a déclaré",
        ),
        fact_entries(Participation.objects.filter(action=action), label=part_label, dated=False),
        fact_entries(readable_links(user, action), label=link_label, dated=False),
        fact_entries(StaffLine.objects.filter(action=action), label=staff_label, dated=False),
    ]
    if can(user, Right.READ_FUNDING, action):
        entries.append(
            fact_entries(FundingLine.objects.filter(action=action), label=money_label, dated=False)
        )
    for model, label in RECORDS.items():
        entries.append(history_entries(model.history.filter(action=action), label=label))
    thread = f"{reverse('actions:sheet', args=[action.public_id])}#{ANCHOR}"
    entries.append([replace(entry, url=entry.url and thread) for entry in comment_entries(user, action)])
    entries.append(document_entries(action, user))
    entries += [story(action) for story in stories()]
    return timeline(*entries, at=at)


def readable_links(user: Any, action: Action) -> Any:
    """A site that the reader may not see is not named by the history either."""
    return ActionSite.objects.filter(action=action, site__in=Site.objects.visible_to(user).values("pk"))
