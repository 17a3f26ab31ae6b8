"""One page for a search over everything that one may read."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import signed_in
from jalons.core.queries import url_with
from jalons.search.kinds import Found, ResultKind, SearchedWords, words_of
from jalons.search.selectors import KINDS
from jalons.search.spelling import nearly_typed

FIRST = 5  # of each kind
ALONE = 100  # of a kind that one asks for alone


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """What a kind gives. `all_url`: to all of it here, for a kind that has no list of its own."""

    kind: ResultKind
    results: Found
    all_url: str = ""


@require_safe
@signed_in
def results(request: HttpRequest) -> HttpResponse:
    words = words_of(request.GET.get("q", ""))
    only = next((kind for kind in KINDS if kind.code == request.GET.get("dans")), None)
    groups = groups_of(request, words, only) if words else []
    nothing = bool(words) and not groups
    content = {
        "words": words,
        "near": [(text, url_with({}, {"q": text})) for text in nearly_typed(request.user, words)]
        if nothing
        else [],
        "groups": groups,
        "count": sum(group.results.count for group in groups),
        "only": only,
        "everywhere_url": url_with(request.GET, {"dans": None}),
        "others": groups_of(request, words, None) if words and only and not groups else [],
    }
    return render(request, "search/results.html", content)


def groups_of(request: HttpRequest, words: SearchedWords, only: ResultKind | None) -> list[ResultGroup]:
    """The kinds where something was found."""
    groups = []
    for kind in [only] if only else KINDS:
        of_kind = kind.find(request.user, words, ALONE if only else FIRST)
        if of_kind.count:
            groups.append(ResultGroup(kind, of_kind, all_url(request.GET, kind, of_kind)))
    return groups


def all_url(query: Any, kind: ResultKind, of_kind: Found) -> str:
    hidden = of_kind.count > len(of_kind.hits)
    return url_with(query, {"dans": kind.code}) if hidden and not of_kind.links else ""
