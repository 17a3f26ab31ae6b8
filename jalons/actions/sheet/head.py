"""The head of the three tabs of a dispositif: what it is, where it stands, what this person may do there."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.actions.chronology import known_discords
from jalons.actions.enums import DueState, ParticipationRole
from jalons.actions.models import Action, ActionSite, FollowUp, Intervention, Participation, StaffLine
from jalons.actions.selectors.dues import ReporterDue, dues_of
from jalons.actions.selectors.sheet import as_described, run_of
from jalons.actions.views.common import sheet_tabs, sheet_url
from jalons.core import ui
from jalons.core.values import (
    format_long_date,
    format_number,
    join_and,
    plural,
)
from jalons.discussions.selectors import ANCHOR, count_comments
from jalons.discussions.subscriptions import kept_and_followed
from jalons.history.querysets import AsOf


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be filled in before `on`, and by whom: « scolarisation, logement (opérateur Les amis de Lille) »."""

    late: bool
    on: dt.date
    missing: str


@dataclass(frozen=True, slots=True)
class Head:
    """An empty address or list is a button that is not shown: no right, or a view of the past."""

    title: str
    tags: Sequence[str]
    meta: str
    tabs: Sequence[ui.Tab]
    list_url: str
    comments: str
    comments_url: str
    asked: Sequence[Asked] = ()
    exports: Sequence[ui.Crumb] = ()
    updates: Sequence[ui.Crumb] = ()
    close: str = ""
    reopen: str = ""
    fill: str = ""
    dues: Sequence[ReporterDue] = field(default=())
    discords: Sequence[str] = ()


def sheet_head(
    request: HttpRequest, action: Action, at: AsOf, current: str, run: Intervention | None = None
) -> dict[str, Any]:
    """What `actions/_sheet_head.html` shows, under « head ». `current`: name of the URL of the tab.

    `run`: the dates of the dispositif as of `at`, when the page has read them. About twelve queries.
    """
    described = as_described(action, at)
    run = run or run_of(action, at)
    dues = [] if at.is_past else dues_of([action])[action.pk]
    query = f"?{at.query}" if at.query else ""
    count = 0 if at.is_past else count_comments(request.user, action)
    words = f"{format_number(count)}\u00a0{plural(count, 'commentaire', 'commentaires')}"
    head = Head(
        title=described.name,
        tags=described.get_themes_display(),
        meta=" · ".join(part for part in (dates_in_words(run, at), last_change(described, at)) if part),
        tabs=sheet_tabs(request, action, current, at),
        list_url=reverse("actions:list") + query,
        comments=words if count else "Commentaires",
        comments_url=f"{sheet_url(action)}{query}#{ANCHOR}",
        asked=list(asked(dues, action)),
        dues=dues,
        discords=known_discords(action, money=can(request.user, Right.READ_FUNDING, action), at=at),
        exports=list(export_links(request.user, action, at)),
        **buttons(request.user, action, at, run),
    )
    return {"head": head, **kept_and_followed(request.user, action)}


# --- in words --------------------------------------------------------------------------------------------------


def dates_in_words(run: Intervention | None, at: AsOf) -> str:
    """« En cours depuis le 1er janvier 2020, fin prévue le 31 décembre 2020 »."""
    if run is None:
        return ""
    start = format_long_date(run.valid_on)
    planned = f", fin prévue le {format_long_date(run.planned_end)}" if run.planned_end else ""
    if run.ended_on and run.ended_on <= at.day:
        return f"Fermé depuis le {format_long_date(run.ended_on)}, commencé le {start}"
    if run.valid_on > at.day:
        return f"Commence le {start}{planned}"
    return f"En cours depuis le {start}{planned}"


def last_change(described: Action, at: AsOf) -> str:
    """« modifié le 11 janvier 2020 par Les amis de Lille »: the last thing written, money left aside. One query."""
    writings = [
        facts_written(model, described, at) for model in (Intervention, Participation, ActionSite, FollowUp)
    ]
    rows = facts_written(StaffLine, described, at).union(*writings).order_by("-recorded_at")
    moment, acronym, name = next(iter(rows[:1]), (described.changed_at, "", ""))
    organisation = acronym or name
    if described.changed_at >= moment and described.changed_for:
        moment, organisation = described.changed_at, str(described.changed_for)
    by = f" par {organisation}" if organisation else ""
    return f"modifié le {format_long_date(moment)}{by}"


def facts_written(model: Any, action: Action, at: AsOf) -> Any:
    rows = model.objects.filter(action=action.pk).order_by()
    if at.instant is not None:
        rows = rows.filter(recorded_at__lt=at.instant)
    return rows.values_list("recorded_at", "organisation__acronym", "organisation__name")


def asked(dues: Iterable[ReporterDue], action: Action) -> Iterator[Asked]:
    """One line a deadline, what is late first."""
    lines: dict[tuple[bool, dt.date], list[str]] = {}
    operators = any(role == ParticipationRole.OPERATOR for _, role in action.parts)
    for reporter_due in dues:
        if reporter_due.due.on and reporter_due.due.missing:
            who = f"{'opérateur' if operators else 'pilote'} {reporter_due.reporter.organisation}"
            line = lines.setdefault((reporter_due.due.state == DueState.LATE, reporter_due.due.on), [])
            line.append(f"{reporter_due.missing_words} ({who})")
    for (late, on), missing in sorted(lines.items(), key=lambda line: (not line[0][0], line[0][1])):
        yield Asked(late, on, join_and(missing))


# --- what may be done ------------------------------------------------------------------------------------------


def buttons(user: Any, action: Action, at: AsOf, run: Intervention | None) -> dict[str, Any]:
    if at.is_past or run is None:
        return {}
    edit, follow = can(user, Right.EDIT_ACTION, action), can(user, Right.FOLLOW_ACTION, action)
    funding = can(user, Right.WRITE_FUNDING, action)
    closed = bool(run.ended_on)
    return {
        "updates": [
            *update_links(action, edit=edit, follow=follow, funding=funding),
            *offer_link(user, action),
        ],
        "close": here(action, "actions:close") if edit and not closed else "",
        "reopen": here(action, "actions:reopen") if edit and closed else "",
        "fill": here(action, "indicators:fill") if follow and not closed and run.valid_on <= at.day else "",
    }


def here(action: Action, name: str) -> str:
    return reverse(name, args=[action.public_id])


def update_links(action: Action, *, edit: bool, follow: bool, funding: bool) -> Iterator[ui.Crumb]:
    """The menu « Modifier », in the order of the sheet."""
    if edit:
        yield ui.Crumb("La description et les dates", here(action, "actions:edit"))
        yield ui.Crumb("Qui intervient", here(action, "actions:parts"))
        yield ui.Crumb("Les sites", here(action, "actions:sites"))
        yield ui.Crumb("Un terrain d’insertion", here(action, "actions:insertion_site_add"))
        yield ui.Crumb("Un contact", here(action, "actions:contact_add"))
    if funding:
        yield ui.Crumb("Les financements", here(action, "actions:funding"))
    if follow:
        yield ui.Crumb("Corriger un point de suivi", here(action, "indicators:correct_choose"))
        yield ui.Crumb("L’équipe", here(action, "actions:team"))
        yield ui.Crumb("Les indicateurs suivis", here(action, "indicators:followed"))


def offer_link(user: Any, action: Action) -> Iterator[ui.Crumb]:
    if can(user, Right.OFFER_ACTION, action):
        yield ui.Crumb("Ce que l’annuaire en montre", here(action, "sharing:offer"))


def export_links(user: Any, action: Action, at: AsOf) -> Iterator[ui.Crumb]:
    if not can(user, Right.EXPORT, action):
        return
    for extension, label, more in (
        ("pdf", "Fiche en PDF, pour imprimer", {}),
        ("docx", "Fiche Word, pour modifier", {}),
        ("pdf", "Fiche en PDF, avec les commentaires", {"commentaires": "1"}),
        ("docx", "Fiche Word, avec les commentaires", {"commentaires": "1"}),
    ):
        yield ui.Crumb(
            label, with_query(reverse("indicators:document", args=[action.public_id, extension]), at, more)
        )
    table = here(action, "indicators:table_export")
    for extension, label in (("xlsx", "Excel"), ("ods", "LibreOffice"), ("csv", "CSV")):
        yield ui.Crumb(f"Tableau de suivi ({label})", with_query(table, at, {"format": extension}))
    if not at.is_past and can(user, Right.FOLLOW_ACTION, action):
        yield ui.Crumb("Exporter pour modifier (Excel)", here(action, "imports:follow_up_to_edit"))


def with_query(url: str, at: AsOf, more: dict[str, str]) -> str:
    query = urlencode({**at.params(), **more})
    return f"{url}?{query}" if query else url
