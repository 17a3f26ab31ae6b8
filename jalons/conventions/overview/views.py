"""A convention at a glance, and its deadlines."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.conventions.alerts.selectors import is_being_checked
from jalons.conventions.dossier.pages import convention_url, may, on_convention, tab_context
from jalons.conventions.dossier.past import at_name, at_words, dated
from jalons.conventions.dossier.readers import parties_seen
from jalons.conventions.dossier.signatures import signature_of
from jalons.conventions.enums import ConventionRole, ConventionState
from jalons.conventions.models import Article, Convention, Party
from jalons.conventions.overview.calendar import calendar_text, deadlines, is_over, read_dated
from jalons.conventions.overview.headline import actions_words, axes_of, figures_of, priorities_of, split_of
from jalons.conventions.overview.next_step import next_step
from jalons.conventions.overview.selectors import Overview, overview_of
from jalons.core import ui
from jalons.core.values import french_spaces, join_and, plural
from jalons.discussions.stars import star_of
from jalons.history.querysets import AsOf, described

STATE_BADGES = {
    ConventionState.DRAFT: "due",
    ConventionState.VOTED: "good",
    ConventionState.SIGNED: "good",
    ConventionState.CLOSED: "unknown",
}
IN_SIGHT = 4  # deadlines shown on the overview


@on_convention(Right.READ_CONVENTIONS, past=True)
def overview(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    today = at.day
    seen = overview_of(request.user, convention, today, at)
    dossier = seen.dossier
    wanted = (Right.WRITE_CONVENTION, Right.FILL_COMMITMENT, Right.WRITE_CONVENTION_MONEY)
    rights = may(request, convention, *wanted, at=at)
    context = {
        "star": star_of(request.user, convention),
        "badge": STATE_BADGES[ConventionState(convention.state)],
        "meta": meta_of(convention, dossier.parties),
        **tab_context(request, convention, "conventions:overview", at),
        "step": None if at.is_past else next_step(request.user, convention, seen, today),
        "figures": figures_of(convention, seen),
        "split": split_of(convention),
        "seen": seen,
        "unchecked": not at.is_past and is_being_checked(convention),
        "columns": sheet_columns(seen),
        "deadlines": [deadline for deadline in seen.deadlines if deadline.waits][:IN_SIGHT],
        "parties": [(party, signature_of(party, convention)) for party in dossier.parties],
        "articles": [
            (article, convention.quiet(article.title), summary_of(article)) for article in dossier.articles
        ],
        "actions_words": actions_words(dossier),
        "axes": axes_of(convention),
        "priorities": priorities_of(convention),
        "pilots": pilots_of(convention),
        "following": convention.year + 1 if convention.year and rights[Right.WRITE_CONVENTION] else None,
        "may": rights,
        "may_write": rights[Right.WRITE_CONVENTION],
    }
    return render(request, "conventions/overview/overview.html", context)


def meta_of(convention: Convention, parties: list[Party]) -> str:
    """« Convention annuelle 2022, Nord »."""
    nature = convention.get_nature_display()
    names = list(dict.fromkeys(party.departement.name for party in parties if party.departement)) or (
        [convention.departement.name] if convention.departement else []
    )
    year = f" {convention.year}" if convention.year else ""
    return french_spaces(f"{nature}{year}{f' : {join_and(names)}' if names else ''}")


def sheet_columns(seen: Overview) -> list[ui.Column]:
    return [
        ui.Column("Fiche"),
        ui.Column("Total", numeric=True),
        *(ui.Column(head, numeric=True) for head in seen.heads),
        ui.Column("Chiffres de l’année", numeric=True),
        ui.Column("Alertes"),
    ]


def summary_of(article: Article) -> str:
    """The first words of an article."""
    text = next((words for words in article.texts if words), "")
    return f"{text[:110].rsplit(' ', 1)[0]}…" if len(text) > 110 else text


def pilots_of(convention: Convention) -> str:
    """« Le Département du Nord pilote la convention. », « A et B pilotent la convention. »"""
    seats = convention.seats.filter(role=ConventionRole.PILOT).select_related("organisation")
    names = list(dict.fromkeys(seat.organisation.name for seat in seats.order_by("pk")))
    return f"{join_and(names)} {plural(len(names), 'pilote', 'pilotent')} la convention." if names else ""


def dated_for(request: HttpRequest, convention: Convention, at: AsOf) -> Any:
    """The deadlines that this person sees."""
    parties = described(Party, at, "departement", convention=convention)
    mine = parties_seen(request.user, convention, parties)
    return deadlines(convention, read_dated([convention], mine, at)[convention.pk], at.day)


@on_convention(Right.READ_CONVENTIONS, past=True)
def calendar(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    past = dated(request, at)
    linked = [
        (deadline, reverse(deadline.page, args=[convention.slug]) + past["kept"] if deadline.page else "")
        for deadline in dated_for(request, convention, at)
    ]
    over = is_over(convention, at.day)
    years: dict[int, list[Any]] = {}
    for deadline, url in linked:
        years.setdefault(deadline.on.year, []).append((deadline, url))
    context = {
        **past,
        "convention": convention,
        "convention_url": convention_url(convention) + past["kept"],
        "years": list(years.items()),
        "late": [deadline for deadline, _ in linked if deadline.state == "late"],
        "late_kind": "info" if over else "late",
        "late_title": "Jamais noté comme fait" if over else "En retard",
        "file_url": reverse("conventions:calendar_file", args=[convention.slug]) + past["kept"],
    }
    return render(request, "conventions/overview/calendar.html", context)


@on_convention(Right.READ_CONVENTIONS, past=True)
def calendar_file(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    host = settings.ORIGIN.partition("://")[2] or "jalons"
    dated_deadlines = dated_for(request, convention, at)
    name = f"{convention.short_title}{f' ({at_words(at)})' if at.is_past else ''}"
    text = calendar_text(name, host, convention.slug, dated_deadlines, timezone.now())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{convention.slug}{at_name(at)}.ics"'
    return answer
