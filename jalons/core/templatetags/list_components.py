"""Lists as tags: tables, pages, filters."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from jalons.core import ui
from jalons.core.queries import hidden_pairs, page_links, url_with
from jalons.core.templatetags.components import _query

register = template.Library()


@register.simple_block_tag(takes_context=True)
def table(
    context: Context,
    content: SafeString,
    caption: str,
    *,
    columns: Sequence[ui.Column] = (),
    order: str = "",
    stack: bool = True,
    scroll: bool = False,
    css: str = "",
) -> SafeString:
    """A table; the content is `<tbody>…</tbody>` (and `<tfoot>` for sums, `<tr class="sum">`).

    `order`: what `ui.chosen_order` answers. `stack`: on a phone each row becomes a block, whose cells show
    their `data-l="Personnes"`; use `scroll` (and not `stack`) for wide grids with one column per date.
    """
    heads = [_head(column, order, _query(context)) for column in columns]
    return render_to_string(
        "components/table.html",
        {
            "caption": caption,
            "heads": heads,
            "stack": stack and not scroll,
            "scroll": scroll,
            "css": css,
            "content": content,
        },
    )


def _head(column: ui.Column, order: str, query: Mapping[str, Any]) -> dict[str, object]:
    sorted_so = ""
    following = f"-{column.key}" if column.high_first else column.key
    if column.key and order.removeprefix("-") == column.key:
        sorted_so = "descending" if order.startswith("-") else "ascending"
        following = column.key if order.startswith("-") else f"-{column.key}"
    url = url_with(query, {ui.ORDER_PARAMETER: following, ui.PAGE_PARAMETER: None}) if column.key else ""
    icons = {"": "sort", "ascending": "asc", "descending": "desc"}
    return {"column": column, "sorted": sorted_so, "url": url, "icon": icons[sorted_so]}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: Context, page: "Page[Any]", label: str = "Pages de la liste", anchor: str = ""
) -> dict[str, object]:
    """« Précédent 1 2 … Suivant », keeping the rest of the address; nothing for a single page.

    `anchor`: id of the part of the page where the list stands, when it is not at the top.
    """
    return {"links": page_links(page, _query(context)), "label": label, "anchor": anchor}


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(
    context: Context, form: Any, main: str = "", submit: str = "Rechercher", label: str = "Filtrer la liste"
) -> dict[str, object]:
    """A GET form: fields named in `main` (separated by spaces), the others folded, what is active as chips.

    On a phone all but the first field, the search, are folded under « Filtres (2) ».
    Other parameters of the address (sort, tab, dates of a past view) are kept; the page is not.
    """
    names = main.split() or [field.name for field in form.visible_fields()][:3]
    chips = form.chips() if hasattr(form, "chips") else []
    query = _query(context)
    more = [field for field in form.visible_fields() if field.name not in names]
    first_page = {ui.PAGE_PARAMETER: None}
    dropped = {**{form.add_prefix(name): None for name in form.fields}, **first_page}
    return {
        "form": form,
        "first": form[names[0]],
        "main": [form[name] for name in names[1:]],
        "more": more,
        "active": sum(chip.name != names[0] for chip in chips),
        "wrong": any(field.errors for field in form.visible_fields() if field.name != names[0]),
        "more_active": sum(chip.name not in names for chip in chips),
        "more_open": any(field.errors for field in more),
        "chips": [
            {"label": chip.label, "url": url_with(query, {ui.PAGE_PARAMETER: None}, without=chip.pair)}
            for chip in chips
        ],
        "clear_url": url_with(query, dropped),
        "kept": hidden_pairs(query, set(dropped)),
        "submit": submit,
        "label": label,
    }


@register.simple_tag(takes_context=True)
def url_keeping(context: Context, **changes: Any) -> str:
    """This address with some parameters changed (`None` drops one): « ?q=Lille&page=2 »."""
    return url_with(_query(context), changes)
