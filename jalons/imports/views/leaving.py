"""« Exporter pour modifier » : une liste de sites ou de dispositifs, un suivi, des financements."""

import tempfile
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import can, has
from jalons.actions.forms.listing import read_list as read_actions
from jalons.actions.models import Action
from jalons.actions.selectors.listing import filtered_actions, ordered_actions
from jalons.actions.views.common import on_action
from jalons.core import clock
from jalons.core.values import french_spaces
from jalons.exports.contract import About
from jalons.exports.enums import Format
from jalons.exports.responses import file_name, named
from jalons.exports.services import record_download
from jalons.exports.writers.editable import EditableTable, write_editable
from jalons.history.querysets import NOW
from jalons.history.services import Actor
from jalons.imports.judging.dispositifs import filled_by, runs_of
from jalons.imports.permissions import own_territory
from jalons.imports.selectors import organisation_for
from jalons.imports.trips.dispositifs import editable_dispositifs
from jalons.imports.trips.follow_ups import editable_follow_up
from jalons.imports.trips.money import editable_money
from jalons.imports.trips.sites import editable_sites
from jalons.sites.exports import said_by
from jalons.sites.forms.listing import read_list
from jalons.sites.selectors import filtered_sites, ordered_sites

PAST = "On ne modifie que la liste d’aujourd’hui : revenez à aujourd’hui, puis exportez."
NOBODY = "Vous n’avez pas de partie de ce suivi à remplir : il n’y a rien à exporter pour le modifier."


@requires(Right.UPDATE_SITE)
@require_safe
def sites_to_edit(request: HttpRequest) -> HttpResponseBase:
    """The very list of the address, without the sites on which this person does not write."""
    user: Any = request.user
    check(has(user, Right.EXPORT))
    read = read_list(user, request.GET)
    if read.at.is_past:
        messages.warning(request, french_spaces(PAST))
        return redirect("sites:list")
    organisation, _ = organisation_for(user)
    every = filtered_sites(user, read.filter, NOW)
    mine = every.in_territory(own_territory(Actor(user, organisation), Right.UPDATE_SITE))
    sites = ordered_sites(user, mine, read.filter)
    table = editable_sites(user, sites, clock.today(), every.count() - mine.count())
    about = About(read.territory, said_by(user), filters=[chip.label for chip in read.form.chips()])
    return leaving(request, table, "sites-a-modifier", "Liste des sites, à modifier", about)


@requires(Right.EDIT_ACTION)
@require_safe
def dispositifs_to_edit(request: HttpRequest) -> HttpResponseBase:
    """The very list of the address, without the dispositifs that this person does not change."""
    user: Any = request.user
    check(has(user, Right.EXPORT))
    read = read_actions(user, request.GET)
    if read.at.is_past:
        messages.warning(request, french_spaces(PAST))
        return redirect("actions:list")
    organisation, _ = organisation_for(user)
    every = filtered_actions(user, read.filter, NOW)
    mine = every.in_territory(own_territory(Actor(user, organisation), Right.EDIT_ACTION))
    actions = list(ordered_actions(user, mine, read.filter.sort, NOW).select_related("departement"))
    today = clock.today().isoformat()
    table = editable_dispositifs(actions, runs_of(actions), today, every.count() - len(actions))
    about = About(read.territory, said_by(user), filters=[chip.label for chip in read.form.chips()])
    return leaving(request, table, "dispositifs-a-modifier", "Liste des dispositifs, à modifier", about)


@on_action(Right.FOLLOW_ACTION)
@require_safe
def follow_up_to_edit(request: HttpRequest, action: Action) -> HttpResponseBase:
    """What this person fills in of it: their part, or that of others where they edit the dispositif."""
    user: Any = request.user
    check(can(user, Right.EXPORT, action))
    organisation, _ = organisation_for(user)
    filled = [one for one in filled_by(Actor(user, organisation)).values() if one.action == action]
    if not filled:
        messages.warning(request, french_spaces(NOBODY))
        return redirect("indicators:table", action.public_id)
    about = About(action.name, said_by(user))
    table = editable_follow_up(filled, clock.today())
    return leaving(request, table, "suivi-a-modifier", "Suivi d’un dispositif, à modifier", about)


@on_action(Right.WRITE_FUNDING)
@require_safe
def funding_to_edit(request: HttpRequest, action: Action) -> HttpResponseBase:
    """The money of a dispositif, for who reads and writes it."""
    user: Any = request.user
    check(can(user, Right.EXPORT, action) and can(user, Right.READ_FUNDING, action))
    table = editable_money(action, clock.today().isoformat())
    about = About(action.name, said_by(user))
    return leaving(
        request, table, "financements-a-modifier", "Financements d’un dispositif, à modifier", about
    )


def check(exports: bool) -> None:
    if not exports:
        raise PermissionDenied(french_spaces(f"Droit nécessaire : {Right.EXPORT.label.lower()}."))


def leaving(
    request: HttpRequest, table: EditableTable, name: str, label: str, about: About
) -> HttpResponseBase:
    """The file, traced with the others that leave."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the answer
    try:
        rows = write_editable(table, file)
        record_download(
            user=cast(User, request.user),
            right=Right.EXPORT,
            export=name,
            label=french_spaces(f"{label} : {about.perimeter}"),
            fmt=Format.XLSX,
            params=request.GET,
            rows=rows,
        )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return cast(HttpResponseBase, named(FileResponse(file), file_name(name, about, Format.XLSX), Format.XLSX))
