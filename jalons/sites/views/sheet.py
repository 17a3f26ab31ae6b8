"""La fiche d’un site, son historique, et la fiche à emporter."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import can
from jalons.accounts.selectors import who_can
from jalons.core.navigation import address
from jalons.core.ui import KNOWN_PARAMETER, VALID_PARAMETER, Column, Crumb
from jalons.core.values import format_long_date
from jalons.discussions.selectors import thread_on
from jalons.discussions.subscriptions import kept_and_followed
from jalons.documents.selectors import pieces_on
from jalons.history.querysets import AsOf
from jalons.sites.cards import cards_for
from jalons.sites.forms.sheet import PastForm
from jalons.sites.models import Site
from jalons.sites.pages import sheet_url, to_kept_site
from jalons.sites.resorption.sheet import resorption_block
from jalons.sites.selectors import Sheet, first_known, sheet_of
from jalons.sites.sheet import content, journal
from jalons.sites.sheet.words import survey_sentences
from jalons.sites.views.common import leave_trace, open_described

# Shown before « Voir tout »: the chart and the history tell the rest.
SURVEYS_SHOWN, JOURNAL_SHOWN = 8, 12
SURVEY_COLUMNS = (
    Column("Date"),
    Column("Source"),
    Column("Personnes", numeric=True),
    Column("dont mineurs", numeric=True),
    Column("État"),
)
PROCEDURE_COLUMNS = (
    Column("Date"),
    Column("Étape"),
    Column("Où en est-on ?"),
    Column("Autorité"),
    Column("Évacuation prévue"),
    Column("Enregistré par"),
)
ORIENTATION_COLUMNS = (
    Column("Orientation"),
    Column("Personnes", numeric=True),
    Column("Ménages", numeric=True),
)


@dataclass(frozen=True, slots=True)
class Actions:
    """What this person may do here and now: an empty address or list is a button that is not shown."""

    unchanged: str = ""
    survey: str = ""
    updates: list[Crumb] = field(default_factory=list)
    close: str = ""
    reopen: str = ""
    merge: str = ""
    exports: list[Crumb] = field(default_factory=list)
    edit: str = ""
    conditions: str = ""
    event: str = ""
    diagnosis: str = ""
    procedure: str = ""
    owner: str = ""
    steps: str = ""
    corrects: bool = False

    @property
    def any_update(self) -> bool:
        return bool(self.updates or self.merge)


@requires(Right.READ_SITES)
def site_sheet_page(request: HttpRequest, public_id: str) -> HttpResponse:
    at, complaints = AsOf.read(request.GET)
    site = open_described(request, public_id, at)
    sheet = sheet_of(request.user, site, at)
    if sheet.occupation is None:
        # Before it was merged, a duplicate can still be read as it was known then.
        return to_kept_site(request, site) if site.merged_into else not_yet(request, sheet)
    cards, actions = cards_for(request.user, site, at), actions_of(request.user, sheet)
    context = {
        **shared(site, at),
        **people_block(request, sheet),
        **moves_block(sheet),
        **journal_block(request, sheet),
        "sheet": sheet,
        "cards": cards,
        "resorption": resorption_block(sheet, cards, writes=bool(actions.steps)),
        "complaints": complaints,
        "actions": actions,
        **kept_and_followed(request.user, site),
        "readers": {"justice": who_can(Right.READ_JUSTICE), "owner": who_can(Right.READ_OWNER)},
        "procedure_columns": PROCEDURE_COLUMNS,
        "map_url": map_url(sheet),
        "point": point_of(site),
        "past_form": PastForm(request.GET) if complaints else PastForm(initial=dates_of(at)),
        "submission_key": uuid.uuid4(),
    }
    leave_trace(request, site, sensitive_blocks(sheet))
    return render(request, "sites/sheet.html", context)


def sensitive_blocks(sheet: Sheet) -> list[Right]:
    """The blocks that say something to this reader: an empty block read leaves no trace."""
    blocks = [Right.READ_JUSTICE] if sheet.procedures else []
    return [*blocks, Right.READ_OWNER] if sheet.ownership else blocks


def shared(site: Site, at: AsOf) -> dict[str, Any]:
    """What the sheet and its history both show."""
    sentence = f"?{at.query}" if at.query else ""
    return {
        "site": site,
        "at": at,
        "kept": sentence,
        "list_url": reverse("sites:list") + sentence,
        "sheet_url": sheet_url(site) + sentence,
        "history_url": reverse("sites:history", args=[site.public_id]) + sentence,
    }


def dates_of(at: AsOf) -> dict[str, Any]:
    return {VALID_PARAMETER: at.valid, KNOWN_PARAMETER: at.known}


def not_yet(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The date asked is before the site, or before Jalons knew of it."""
    known = first_known(sheet.site)
    since = known.valid_on if known else None
    if since and sheet.at.day < since:
        why = f"Ce site n’existait pas encore au {format_long_date(sheet.at.day)}\u00a0: il est connu depuis le "
        why += f"{format_long_date(since)}."
    else:
        day = format_long_date(sheet.at.known or sheet.at.day)
        why = f"Le {day}, personne n’avait encore déclaré ce site dans Jalons."
    context = {**shared(sheet.site, sheet.at), "why": why, "today_url": sheet_url(sheet.site)}
    return render(request, "sites/sheet_absent.html", context)


def people_block(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    lines = content.survey_lines(sheet)
    every = request.GET.get("recensements") == "tous"
    return {
        "place": content.place_words(sheet),
        "badge": content.freshness_badge(sheet),
        "identity": content.identity_rows(sheet),
        "heroes": content.heroes(sheet),
        "figure_words": content.figure_words(sheet),
        "other_words": content.other_words(sheet),
        "sentences": survey_sentences(sheet.figure) if sheet.figure else [],
        "chart": content.people_chart(sheet),
        "survey_columns": SURVEY_COLUMNS,
        "surveys": lines if every else lines[:SURVEYS_SHOWN],
        "hidden_surveys": 0 if every else len(lines) - len(lines[:SURVEYS_SHOWN]),
    }


def moves_block(sheet: Sheet) -> dict[str, Any]:
    total = content.orientation_sum(sheet.orientations)
    return {
        "orientations": content.orientation_lines(sheet.orientations),
        "orientation_columns": ORIENTATION_COLUMNS,
        "orientation_total": total,
        "departures": content.move_lines(sheet.departures, content.DEPARTURE),
        "arrivals": content.move_lines(sheet.arrivals, content.ARRIVAL),
    }


def journal_block(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    """Events, comments and documents in one thread, newest first; and where to add to it."""
    comments = thread_on(request.user, sheet.site, *sheet.merged)
    pieces = pieces_on(cast(User, request.user), sheet.site, *sheet.merged)
    entries = journal.thread(
        journal.event_entries(sheet),
        journal.comment_entries(comments, sheet.at),
        journal.document_entries(pieces, sheet.at),
    )
    every = request.GET.get("journal") == "tout"
    entries_shown = entries if every else entries[:JOURNAL_SHOWN]
    return {
        "journal": entries_shown,
        "hidden_entries": len(entries) - len(entries_shown),
        "comment_form": None if sheet.at.is_past else comments.form,
        "comment_url": comments.post_url,
        "mention_url": comments.mention_url,
        "pieces": None if sheet.at.is_past else pieces,
    }


def point_of(site: Site) -> dict[str, str] | None:
    """Decimal degrees, written for scripts and for people alike."""
    if site.latitude is None or site.longitude is None:
        return None
    return {"lat": f"{site.latitude:.5f}", "lon": f"{site.longitude:.5f}"}


def map_url(sheet: Sheet) -> str:
    """The map of the list that holds this site, opened on it; nothing without a map or without a point."""
    site, url = sheet.site, address("maps:map")
    if site.latitude is None or not url:
        return ""
    asked = {"site": site.public_id, "departement": site.commune.departement_id, **sheet.at.params()}
    return f"{url}?{urlencode(asked if sheet.is_open else {**asked, 'statut': 'fermes'})}"


def actions_of(user: Any, sheet: Sheet) -> Actions:
    """The buttons of the sheet. Nothing is written from a view of the past; a file of it may be taken away."""
    site = sheet.site
    exports = list(export_links(sheet)) if can(user, Right.EXPORT, site) else []
    if sheet.at.is_past:
        return Actions(exports=exports)
    update, close = can(user, Right.UPDATE_SITE, site), can(user, Right.CLOSE_SITE, site)
    justice, owner = can(user, Right.WRITE_JUSTICE, site), can(user, Right.WRITE_OWNER, site)

    def only(allowed: bool, name: str) -> str:
        return reverse(f"sites:{name}", args=[site.public_id]) if allowed else ""

    return Actions(
        unchanged=only(update and sheet.is_open, "unchanged"),
        survey=only(update and sheet.is_open, "survey_add"),
        updates=list(update_links(sheet, update=update, justice=justice, owner=owner)),
        close=only(close and sheet.is_open, "close"),
        reopen=only(close and not sheet.is_open, "reopen"),
        merge=only(can(user, Right.MERGE_SITES, site), "merge"),
        exports=exports,
        edit=only(update, "edit"),
        conditions=only(update, "conditions_add"),
        event=only(update, "event_add"),
        diagnosis=only(update, "diagnosis_add"),
        procedure=only(justice, "procedure_add"),
        owner=only(owner, "owner_add"),
        steps=only(update, "steps"),
        corrects=update,
    )


def here(site: Site, name: str) -> str:
    return reverse(f"sites:{name}", args=[site.public_id])


def update_links(sheet: Sheet, *, update: bool, justice: bool, owner: bool) -> Iterator[Crumb]:
    """The menu « Mettre à jour », what changes most often first."""
    site = sheet.site
    if update:
        if not sheet.is_open:
            yield Crumb("Un ancien recensement", here(site, "survey_add"))
        yield Crumb("Les conditions de vie", here(site, "conditions_add"))
        yield Crumb("Un événement", here(site, "event_add"))
        yield Crumb("Le diagnostic social", here(site, "diagnosis_add"))
        yield Crumb("Les étapes de la résorption", here(site, "steps"))
    if justice:
        yield Crumb("Une étape de procédure", here(site, "procedure_add"))
    if owner:
        yield Crumb("Le propriétaire", here(site, "owner_add"))
    if update:
        yield Crumb("Une réinstallation", here(site, "resettlement_add"))
        yield Crumb("La description et l’adresse", here(site, "edit"))
        yield Crumb("Les appellations", here(site, "edit") + "#appellations")
        yield Crumb("La date d’installation", here(site, "installation"))


def export_links(sheet: Sheet) -> Iterator[Crumb]:
    for extension, label, more in (
        ("pdf", "PDF, pour imprimer", {}),
        ("docx", "Word, pour modifier", {}),
        ("pdf", "PDF, avec les commentaires", {"commentaires": 1}),
        ("docx", "Word, avec les commentaires", {"commentaires": 1}),
    ):
        url = reverse("sites:sheet_document", args=[sheet.site.public_id, extension])
        query = urlencode({**sheet.at.params(), **more})
        yield Crumb(label, f"{url}?{query}" if query else url)
