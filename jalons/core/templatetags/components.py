"""The components as tags, given to every template. Inputs are documented here; looks are in `components/`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from jalons.core import charts, ui
from jalons.core.queries import hidden_pairs, page_links, url_with
from jalons.core.values import format_long_date

register = template.Library()
# One drawing for each size of place, so that its texts stay readable; CSS shows the one that fits.
CHART_WIDTHS = {"narrow": 340, "medium": 520, "broad": 760}


def _query(context: Context) -> Mapping[str, Any]:
    request = context.get("request")
    return request.GET if request is not None else {}


def _inline(name: str, context: dict[str, object]) -> SafeString:
    """Without the end of line of the file: a comma may follow."""
    return mark_safe(render_to_string(name, context).strip())


# A list writes the same badge on every line: the small components that depend on their words alone are kept.
KEPT = 1024


@register.simple_tag
@lru_cache(KEPT)
def icon(name: str) -> SafeString:
    """One of our small drawings, hidden from screen readers: always with words beside it."""
    return mark_safe(render_to_string(f"components/icons/{name}.svg"))


# Page ----------------------------------------------------------------------------------------------------


@register.simple_block_tag
def page_head(
    content: SafeString,
    title: str,
    parent: str = "",
    parent_url: str = "",
    crumbs: Sequence[ui.Crumb] = (),
    meta: str = "",
    tags: Sequence[str] = (),
    badge: str = "",
) -> SafeString:
    """Way back, h1, themes, a muted line; the content is the buttons (one primary at most) or nothing.

    `badge`: what `state` answers, shown before the muted line.
    """
    trail = [*crumbs, *([ui.Crumb(parent, parent_url)] if parent else [])]
    return render_to_string(
        "components/page_head.html",
        {
            "title": title,
            "crumbs": trail,
            "meta": meta,
            "tags": tags,
            "badge": badge,
            "actions": mark_safe(content.strip()),
        },
    )


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[ui.Tab], label: str) -> dict[str, object]:
    """Links that show another part of the same thing. `label` names the group to screen readers."""
    told = list(items)
    return {
        "tabs": told,
        "label": label,
        "under": next((tab for tab in told if tab.current and tab.under), None),
    }


@register.inclusion_tag("components/as_of_banner.html", takes_context=True)
def as_of_banner(
    context: Context, valid: date | None, known: date | None = None, compare_url: str = ""
) -> dict[str, object]:
    """The amber banner of a view of the past; nothing when both dates are None.

    It leads to the two answers on one date: as known now, as known then. `compare_url`: where both are side by side.
    """
    query = _query(context)
    first_page = {ui.PAGE_PARAMETER: None}
    then = valid if valid is not None and known != valid else None
    return {
        "valid": format_long_date(valid) if valid else "",
        "known": format_long_date(known) if known else "",
        "now_url": url_with(query, {ui.KNOWN_PARAMETER: None, **first_page}),
        "then": format_long_date(then) if then else "",
        "then_url": url_with(query, {ui.KNOWN_PARAMETER: then, **first_page}) if then else "",
        "compare_url": compare_url,
        "back_url": url_with(query, {ui.VALID_PARAMETER: None, ui.KNOWN_PARAMETER: None, **first_page}),
    }


@register.simple_block_tag
def alert(content: SafeString, kind: str = "info", title: str = "", role: str = "") -> SafeString:
    """`kind`: info, success, warn, late. `role`: status or alert when it appears in answer to the user."""
    icons = {"info": "info", "success": "good", "warn": "due", "late": "late"}
    return render_to_string(
        "components/alert.html",
        {"kind": kind, "icon": icons[kind], "title": title, "role": role, "content": content},
    )


@register.inclusion_tag("components/empty_state.html")
def empty_state(sentence: str, action: str = "", url: str = "") -> dict[str, object]:
    """Nothing yet: one sentence that teaches the next step, and one button."""
    return {"sentence": sentence, "action": action, "url": url}


@register.simple_block_tag
def help_box(content: SafeString, title: str) -> SafeString:
    """A question that unfolds its answer (« À quoi sert le suivi ? »)."""
    return render_to_string("components/help_box.html", {"title": title, "content": content})


@register.simple_block_tag
def card(content: SafeString, title: str = "", action: str = "", url: str = "", level: int = 2) -> SafeString:
    """A section on white. `action` and `url`: a link at the end of the head (« Modifier »).

    The link is read « Modifier : <title> », so that links of several cards differ.
    """
    return render_to_string(
        "components/card.html",
        {"title": title, "action": action, "url": url, "level": level, "content": content},
    )


@register.inclusion_tag("components/readers.html")
def readers(who: str, url: str = "") -> dict[str, str]:
    """« Qui peut lire ceci » : before something sensitive is read or saved; `url`: where they are named one by one."""
    return {"who": who, "url": url}


# Words and figures ---------------------------------------------------------------------------------------


@register.simple_tag
@lru_cache(KEPT)
def tag(label: str) -> SafeString:
    """A quiet tag: a theme."""
    return _inline("components/tag.html", {"label": label})


@register.simple_tag
def tag_list(labels: Iterable[str], missing: str = "aucun") -> SafeString:
    """Several quiet tags, or `missing` in words."""
    return _inline("components/tag_list.html", {"labels": list(labels), "missing": missing})


@register.simple_tag
@lru_cache(KEPT)
def state(kind: str, label: str) -> SafeString:
    """A loud badge: colour, sign and words. `kind`: good, due, late, unknown."""
    if kind not in ("good", "due", "late", "unknown"):
        raise ValueError(f"Unknown state: {kind!r}")
    return _inline("components/state.html", {"kind": kind, "label": label})


@register.simple_tag
@lru_cache(KEPT)
def missing(label: str = "non renseigné") -> SafeString:
    """What is missing, in words: « ND », « non recensé », « sans objet », « aucun »."""
    return _inline("components/missing.html", {"label": label})


@register.inclusion_tag("components/stat.html")
def stat(
    label: str,
    figure: str = "",
    coverage: str = "",
    url: str = "",
    sparkline: charts.Sparkline | None = None,
    missing: str = "ND",
) -> dict[str, object]:
    """A figure that is a hero: label, number already in French, what it covers, trend, rows behind it.

    An empty `figure` shows `missing` in words: pass text, since 0 is a number (« 0 ») and unknown is not.
    """
    return {
        "label": label,
        "figure": str(figure),
        "coverage": coverage,
        "url": url,
        "sparkline": charts.sparkline_svg(sparkline) if sparkline else "",
        "missing": missing,
    }


@register.inclusion_tag("components/definitions.html")
def definitions(rows: Iterable[tuple[str, Any]], missing: str = "non renseigné") -> dict[str, object]:
    """Pairs (label, value); an empty or None value shows `missing`. 0 is a value."""
    shown = [(label, "" if value is None else value, value is None or value == "") for label, value in rows]
    return {"rows": shown, "missing": missing}


@register.inclusion_tag("components/progress.html")
def progress(label: str, done: float, total: float, words: str = "") -> dict[str, object]:
    """A part of a whole, both said in words (« 12 sur 15 » unless `words`)."""
    return {
        "label": label,
        "done": f"{done:g}",
        "total": f"{total:g}",
        "words": words or f"{charts.number_label(done)} sur {charts.number_label(total)}",
    }


@register.inclusion_tag("components/timeline.html")
def timeline(
    entries: Iterable[ui.Entry], missing: str = "Rien n’a encore été écrit ici."
) -> dict[str, object]:
    """What happened, newest first as given: when, who, organisation, what, before → after, reason."""
    return {"entries": list(entries), "missing": missing}


# Lists ---------------------------------------------------------------------------------------------------


@register.simple_block_tag(takes_context=True)
def table(
    context: Context,
    content: SafeString,
    caption: str,
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
    context: Context, page: Page, label: str = "Pages de la liste", anchor: str = ""
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


# Maps ----------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/map_assets.html")
def map_assets(leaflet: bool = True) -> dict[str, object]:
    """Scripts and styles of any map; in the block `scripts` of a page that has one.

    Without `leaflet`, it comes when a map of one place (`map_point`) comes in sight: for pages that are long to load.
    """
    return {"leaflet": leaflet}


@register.inclusion_tag("components/map_background.html")
def map_background() -> dict[str, str]:
    """Attributes that tell a map what to draw under its marks: tiles, or outlines alone."""
    return {"tiles": settings.MAP_TILE_URL, "attribution": settings.MAP_TILE_ATTRIBUTION}


@register.inclusion_tag("components/map_point.html")
def map_point(
    latitude: float | None, longitude: float | None, label: str, near: str = ""
) -> dict[str, object]:
    """A small map of one place, named `label`; nothing when the point is unknown. Needs `map_assets`.

    `near`: id of an element that lists other places to show on it, as for `map_picker`.
    """
    return {
        "latitude": degrees(latitude),
        "longitude": degrees(longitude),
        "label": label,
        "near": near,
    }


@register.inclusion_tag("components/map_picker.html")
def map_picker(
    latitude: Any,
    longitude: Any,
    near: str = "",
    view: tuple[float, float, int] | None = None,
    what: str = "site",
) -> dict[str, object]:
    """A map that fills two fields of a form (bound fields) with a point, in decimal degrees. Needs `map_assets`.

    « input » is fired on both fields, then « change » once, on the longitude; a « change » that comes from
    elsewhere moves the point. `near`: id of an element that lists places around, each
    `<… data-point-lat data-point-lon data-point-label>`; the map follows what is written there.
    `view`: latitude, longitude and zoom shown while no point is set. `what` is situated (« site », « terrain »).
    """
    return {
        "latitude": latitude,
        "longitude": longitude,
        "near": near,
        "view": ",".join(map(str, view)) if view else "",
        "what": what,
    }


def degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.5f}"


# Forms ---------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(bound: Any, before: str = "") -> dict[str, object]:
    """One field: label, help, input, error. `before`: its former value in words, shown under it."""
    return {"field": bound, "before": before}


@register.inclusion_tag("components/fields.html")
def fields(form: Any, names: str) -> dict[str, object]:
    """Several fields of `form`, named with spaces between."""
    return {"fields": [form[name] for name in names.split()]}


@register.simple_block_tag
def fieldset(content: SafeString, legend: str, help: str = "") -> SafeString:
    """A group of at most seven fields under a title."""
    return render_to_string("components/fieldset.html", {"legend": legend, "help": help, "content": content})


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, object]:
    """Every error of `forms` (or formsets), each a link to its field. Takes the focus when the page opens."""
    return {"problems": [problem for form in forms for problem in problems_of(form)]}


@register.inclusion_tag("components/submit_row.html")
def submit_row(
    label: str = "Valider",
    cancel_url: str = "",
    form: Any = None,
    kind: str = "",
    cancel_label: str = "Annuler",
    name: str = "",
    value: str = "",
) -> dict[str, object]:
    """« Annuler » and « Valider ». With `form`, its hidden fields too (submission key, expected version).

    `kind="danger"` for what cannot be undone. `name` and `value` go on the button.
    """
    return {
        "label": label,
        "cancel_url": cancel_url,
        "hidden": form.hidden_fields() if form is not None else [],
        "kind": kind,
        "cancel_label": cancel_label,
        "name": name,
        "value": value,
    }


@register.inclusion_tag("components/conflict.html")
def conflict(differences: Iterable[ui.Difference]) -> dict[str, object]:
    """Inside a form that came back because someone else saved meanwhile: each field, theirs or mine."""
    return {"differences": list(differences), "mine": ui.MINE, "theirs": ui.THEIRS}


def problems_of(form: Any) -> list[dict[str, str]]:
    """Errors of a form or a formset, in the order of the fields: anchor, label, message."""
    if hasattr(form, "forms"):
        own = [{"anchor": "", "label": "", "message": message} for message in form.non_form_errors()]
        return own + [problem for each in form.forms for problem in problems_of(each)]
    if not form.is_bound:
        return []
    found = [{"anchor": "", "label": "", "message": message} for message in form.non_field_errors()]
    for bound in form:
        # The label of a group of choices points nowhere: its first choice does.
        anchor = "" if bound.is_hidden else bound.id_for_label or f"{bound.auto_id}_0"
        label = "" if bound.is_hidden else str(bound.label)
        found += [{"anchor": anchor, "label": label, "message": message} for message in bound.errors]
    return found


# Charts --------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/charts/figure.html")
def chart(
    drawn: charts.LineChart | charts.BarChart, open_table: bool = False, one_size: bool = False
) -> dict[str, object]:
    """The drawing, in the width that fits, and « Voir les chiffres », the same data as a table.

    `one_size`: one drawing for all widths, for the many charts of a page that are seen one at a time.
    """
    widths = {"only": CHART_WIDTHS["medium"]} if one_size else CHART_WIDTHS
    return {
        "chart": drawn,
        "drawings": [(name, mark_safe(charts.render_svg(drawn, width))) for name, width in widths.items()],
        "table": charts.data_table(drawn),
        "open": open_table,
    }


@register.simple_tag
def sparkline(drawn: charts.Sparkline) -> SafeString:
    """A trend in the height of a line, read as « Ménages : 6, 7, 7 »."""
    return charts.sparkline_svg(drawn)
