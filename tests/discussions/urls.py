"""A sheet with a thread and documents under it, to test them where they stand."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import fetch_subject
from jalons.discussions.selectors import comment_entries, thread_on
from jalons.documents.selectors import document_entries, pieces_on
from jalons.history.selectors import timeline

SHEET = """{% extends "core/base.html" %}
{% block page_head %}{% page_head title=site.name %}{% endpage_head %}{% endblock %}
{% block content %}<div class="j-stack">{% include "documents/_documents.html" %}
{% include "discussions/_comments.html" %}
{% card title="Historique" %}{% timeline entries %}{% endcard %}</div>{% endblock %}"""


@requires(Right.READ_SITES)
def sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    site = fetch_subject(request.user, "site", public_id, Right.READ_SITES)
    context = {
        "site": site,
        "thread": thread_on(request.user, site),
        "pieces": pieces_on(request.user, site),
        "entries": timeline(comment_entries(request.user, site), document_entries(site, request.user)),
    }
    return HttpResponse(engines["django"].from_string(SHEET).render(context, request))


sites = ([path("<str:public_id>/", sheet, name="sheet")], "sites")
urlpatterns = [path("sites/", include(sites)), path("", include("jalons.config.urls"))]
handler403 = "jalons.core.views.forbidden"
handler404 = "jalons.core.views.not_found"
