"""Pages that write one fact of a site."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.editing.conflicts import Conflict, fact_conflict_of
from jalons.editing.fact_forms import REASON_HELP, FactForm, ReasonForm
from jalons.editing.writing import record, typed
from jalons.history.models import Fact
from jalons.history.services import Actor, Stale
from jalons.sites.models import Site
from jalons.sites.pages import actor_on, form_page, sheet_url
from jalons.sites.services import nobody_wrote_since


def shown_of(form_class: Any, fact: Any) -> dict[str, Any]:
    """What a form that adds a fact shows of the one in force, whose version goes round with it."""
    return {"seen": fact.pk, **form_class.shown_of(fact)} if fact else {}


def add_over(
    request: HttpRequest,
    site: Site,
    form: FactForm,
    write: Callable[[], Any],
    *,
    model: Any,
    seen: Any,
    message: str | Callable[[Any], str],
    compared: bool = True,
) -> tuple[HttpResponse | None, Conflict | None]:
    """Adds a fact with a form that shows the one in force; whoever comes second chooses between the two.

    `compared` false: the person may not read the one in force.
    """

    def unless_changed() -> Any:
        if compared:
            nobody_wrote_since(model=model, site=site, seen=seen)
        return write()

    try:
        answer = record(request, form, unless_changed, message=message, to=sheet_url(site), blame="on")
    except Stale as stale:
        current: Any = stale.current
        return None, fact_conflict_of(stale, form, current.lineage, model)
    return answer, None


def reason_page(
    request: HttpRequest,
    site: Site,
    fact: Fact,
    write: Callable[[Any, Actor, str], Any],
    *,
    message: str,
    right: Right = Right.UPDATE_SITE,
    label: str = "Motif",
    help: str = REASON_HELP,
    **page: Any,
) -> HttpResponse:
    """A page that asks only why, then calls `write(fact, by, reason)`."""
    by = actor_on(request, site, right)
    form = ReasonForm(typed(request), initial={"seen": fact.pk}, label=label, help=help)
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: write(fact, by, form.cleaned_data["reason"]),
            message=message,
            to=sheet_url(site),
        )
    except Stale as stale:
        answer, conflict = None, fact_conflict_of(stale, form, fact.lineage, type(fact))
    return answer or form_page(request, site, form, conflict=conflict, **page)
