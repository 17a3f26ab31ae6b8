"""Addresses that keep what the reader already asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict

from jalons.core.ui import PAGE_PARAMETER


@dataclass(frozen=True)
class PageLink:
    """`kind`: previous, next, number, gap. An empty `url` is a place one cannot go to."""

    kind: str
    label: str
    url: str = ""
    current: bool = False


def pairs_of(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every parameter and value, repeated ones too, in the order of the address."""
    if isinstance(query, QueryDict):
        return [(name, value) for name, values in query.lists() for value in values]
    return [(name, str(value)) for name, value in query.items()]


def url_with(
    query: Mapping[str, Any], changes: Mapping[str, Any], *, without: tuple[str, str] | None = None
) -> str:
    """`?…` made of `query` with `changes` (None drops a parameter), less the pair `without`.

    Never empty: « ? » alone leads to the same page without parameters.
    """
    changed = QueryDict(mutable=True)
    for name, value in pairs_of(query):
        if name not in changes and (name, value) != without:
            changed.appendlist(name, value)
    for name, value in changes.items():
        if value is not None:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


def hidden_pairs(query: Mapping[str, Any], dropped: set[str]) -> list[tuple[str, str]]:
    """What a GET form must carry along as hidden fields."""
    return [(name, value) for name, value in pairs_of(query) if name not in dropped]


def page_links(page: "Page[Any]", query: Mapping[str, Any]) -> list[PageLink]:
    """Links of a pagination; none when everything holds on one page."""
    paginator = page.paginator
    if paginator.num_pages <= 1:
        return []

    def to(number: int) -> str:
        return url_with(query, {PAGE_PARAMETER: number if number > 1 else None})

    links = [PageLink("previous", "Précédent", to(page.number - 1) if page.has_previous() else "")]
    for number in paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        if isinstance(number, int):
            links.append(PageLink("number", str(number), to(number), number == page.number))
        else:
            links.append(PageLink("gap", "…"))
    links.append(PageLink("next", "Suivant", to(page.number + 1) if page.has_next() else ""))
    return links
