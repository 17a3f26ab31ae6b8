"""La liste des dispositifs."""

from collections.abc import Iterator
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.actions.forms.listing import BY_DUE, STATUS, read_list
from jalons.actions.querysets import ActionQuerySet
from jalons.actions.selectors.listing import (
    ActionFilter,
    StatusCounts,
    filtered_actions,
    ordered_actions,
    status_counts,
)
from jalons.actions.selectors.rows import action_rows
from jalons.core import ui
from jalons.core.queries import url_with
from jalons.core.values import format_number, plural
from jalons.discussions.stars import put_stars
from jalons.history.querysets import AsOf

PAGE_SIZE = 25
COLUMNS = (
    ui.Column("Nom du dispositif", key="nom"),
    ui.Column("Lieu"),
    ui.Column("Service de l’État"),
)
# Today only: what was due on another day is not kept.
OPERATOR, OPERATOR_DUE = ui.Column("Opérateur"), ui.Column("Opérateur", key="echeance")
ORDER_WORDS = {
    "priorite": "ceux que vous avez à remplir d’abord",
    "echeance": "par échéance de suivi",
    "nom": "par nom",
    "debut": "par date de début",
    "fin": "par date de fin",
}
TAB_LABELS = {
    "running": "Dispositifs en cours",
    "ended": "Dispositifs terminés",
    "coming": "À venir",
    "any": "Tous",
}
# What changes the list and not its figures.
NOT_OF_FIGURES = ("statut", ui.ORDER_PARAMETER, ui.PAGE_PARAMETER)


@requires(Right.READ_ACTIONS)
def action_list(request: HttpRequest) -> HttpResponse:
    read = read_list(request.user, request.GET)
    at, asked = read.at, read.filter
    chosen = filtered_actions(request.user, asked, at)
    counts = status_counts(request.user, asked, at, chosen)
    paginator = Paginator(ordered_actions(request.user, chosen, asked.sort, at), PAGE_SIZE)
    paginator.__dict__["count"] = getattr(counts, asked.status)
    page = paginator.get_page(request.GET.get("page"))
    tabs = status_tabs(request, asked, counts)
    rows = action_rows(request.user, cast(ActionQuerySet, page.object_list), at)
    put_stars(request.user, (row.action for row in rows))
    context = {
        "at": at,
        "complaints": read.complaints,
        "form": read.form,
        "asked": asked,
        "nothing_asked": asked.with_status("running").is_bare,
        "caption": caption(paginator.count, asked),
        "page": page,
        "rows": rows,
        "columns": [*COLUMNS, OPERATOR if at.is_past or asked.status != "running" else OPERATOR_DUE],
        "order": asked.sort,
        "tabs": tabs,
        "elsewhere": ui.elsewhere(tabs),
        "where": read.territory,
        "panel_url": panel_url(request),
        "may_declare": has(request.user, Right.DECLARE_ACTION) and not at.is_past,
        "may_export": has(request.user, Right.EXPORT),
        "edit_url": edit_address(request, at),
        "export_url": reverse("indicators:export_choice") + url_with(request.GET, {"page": None}),
    }
    return render(request, "actions/list.html", context)


def edit_address(request: HttpRequest, at: AsOf) -> str:
    """« Exporter pour modifier », for those who change dispositifs; what is past is not changed."""
    if at.is_past or not (has(request.user, Right.EXPORT) and has(request.user, Right.EDIT_ACTION)):
        return ""
    return reverse("imports:dispositifs_to_edit") + url_with(request.GET, {"page": None})


def caption(count: int, asked: ActionFilter) -> str:
    """« 43 dispositifs, par nom »."""
    order = ORDER_WORDS[asked.sort.removeprefix("-")]
    return f"{format_number(count)} {plural(count, 'dispositif', 'dispositifs')}, {order}"


def status_tabs(request: HttpRequest, asked: ActionFilter, counts: StatusCounts) -> list[ui.Tab]:
    """In progress and over, with how many answer the filters; to come, when there are some."""
    # What is over or to come owes nothing: an order by deadline is left behind.
    stays = request.GET.get(ui.ORDER_PARAMETER) in BY_DUE
    dropped = {ui.PAGE_PARAMETER: None, **({ui.ORDER_PARAMETER: None} if stays else {})}
    status_tabs = []
    for code, status in STATUS.items():
        count, here = getattr(counts, status), status == asked.status
        if (status == "coming" and not (count or here)) or (status == "any" and not here):
            continue
        changes = {**dropped, "statut": None if status == "running" else code}
        status_tabs.append(ui.Tab(TAB_LABELS[status], url_with(request.GET, changes), here, count))
    return [*status_tabs, *other_lists(request.user)]


def other_lists(user: Any) -> Iterator[ui.Tab]:
    """What is proposed and not declared, what is shown of other territories: apart, in no figure of this page."""
    if has(user, Right.READ_PROPOSALS):
        yield ui.Tab("Proposés", reverse("proposals:list"), aside=True)
    if has(user, Right.READ_SHARED):
        yield ui.Tab("Toute la France", reverse("sharing:directory"), aside=True)


def panel_url(request: HttpRequest) -> str:
    """The figures are those of the dispositifs of the search, whatever the tab and the order."""
    return reverse("indicators:panel") + url_with(request.GET, dict.fromkeys(NOT_OF_FIGURES))
