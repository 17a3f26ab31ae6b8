"""The components as tags, given to every template. Inputs are documented here; looks are in `components/`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from jalons.core import charts, ui
from jalons.core.queries import url_with
from jalons.core.values import format_long_date

register = template.Library()


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
    *,
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


@register.simple_block_tag
def unwrap(content: SafeString) -> SafeString:
    """A sentence written over several lines, on one: `{% unwrap as meta_text %}…{% endunwrap %}`, for a tag to take.

    A tag of Django stands on one line of its template. Spaces that do not break stay as they are.
    """
    return mark_safe(" ".join(filter(None, content.replace("\n", " ").split(" "))))


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[ui.Tab], label: str) -> dict[str, object]:
    """Links that show another part of the same thing. `label` names the group to screen readers."""
    links = list(items)
    return {
        "tabs": links,
        "label": label,
        "under": next((tab for tab in links if tab.current and tab.under), None),
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
    cells = [(label, "" if value is None else value, value is None or value == "") for label, value in rows]
    return {"rows": cells, "missing": missing}


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
