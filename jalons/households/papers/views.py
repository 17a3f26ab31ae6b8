"""Ce qu’une structure doit aux familles et à la CNIL : des textes à lire, à imprimer, à compléter."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import open_to_all
from jalons.charter.selectors import as_html
from jalons.households.papers.documents import REGISTER_DOCUMENTS


@require_safe
@open_to_all
def papers(request: HttpRequest) -> HttpResponse:
    return render(request, "households/papers.html", {"documents": REGISTER_DOCUMENTS})


@require_safe
@open_to_all
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """One of the texts. Nothing in it is private: anybody may read how a register is kept."""
    document = next((text for text in REGISTER_DOCUMENTS if text.slug == slug), None)
    if document is None:
        raise Http404
    page = {"document": document, "html": as_html(document.text)}
    return render(request, "households/paper.html", page)
