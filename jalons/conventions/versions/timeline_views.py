"""Who did what."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalons.accounts.enums import Right
from jalons.conventions.dossier.pages import convention_url, may, on_convention
from jalons.conventions.dossier.past import dated
from jalons.conventions.dossier.readers import parties_seen, sees_whole
from jalons.conventions.models import Convention
from jalons.conventions.versions.timeline import batches_of, entries_of, scope_of
from jalons.history.querysets import AsOf

PAGE_SIZE = 30
# Those who write or validate here know one another; the others read structures alone.
READ_PEOPLE = (
    Right.WRITE_CONVENTION,
    Right.FILL_COMMITMENT,
    Right.WRITE_CONVENTION_MONEY,
    Right.WRITE_DELIBERATION,
    Right.VALIDATE_CONVENTION,
)


@on_convention(Right.READ_CONVENTIONS, past=True)
def history(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    parties = list(convention.parties.select_related("departement"))
    mine = parties_seen(request.user, convention, parties)
    scope = scope_of(request.user, convention, mine, whole=sees_whole(request.user, convention))
    page = Paginator(batches_of(convention, scope, at), PAGE_SIZE).get_page(request.GET.get("page"))
    with_people = any(may(request, convention, *READ_PEOPLE).values())
    past = dated(request, at)
    context = {
        **past,
        "convention": convention,
        "convention_url": convention_url(convention) + past["kept"],
        "page": page,
        "entries": entries_of(list(page.object_list), with_people=with_people),
    }
    return render(request, "conventions/versions/history.html", context)
