"""How forms are written on a page: our templates instead of Django's, for every form.

The inputs that a form repeats by hundreds are written here, character for character as their templates write them: a
template for each input, one for its attributes and one for each choice were most of the time of a long form.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.template.base import render_value_in_context
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

CHOICE = "components/choice.html"
OPTION = "django/forms/widgets/select_option.html"
_NEUTRAL = Context()


def rendered(value: Any) -> str:
    """`{{ value }}` in a template."""
    return conditional_escape(value) if isinstance(value, str) else render_value_in_context(value, _NEUTRAL)


def as_text(value: Any) -> str:
    """`{{ value|stringformat:"s" }}`: a number is never grouped by thousands."""
    return conditional_escape(value if isinstance(value, str) else str(value))


def attributes(attrs: Mapping[str, Any]) -> str:
    """Each with a space before; True has no value, False is not written."""
    return "".join(
        f" {rendered(name)}" if value is True else f' {rendered(name)}="{as_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def written_input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    attribute = "" if value is None else f' value="{as_text(value)}"'
    return (
        f'<input type="{rendered(widget["type"])}" name="{rendered(widget["name"])}"{attribute}'
        f"{attributes(widget['attrs'])}>"
    )


def written_area(widget: Mapping[str, Any]) -> str:
    text = rendered(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{rendered(widget["name"])}"{attributes(widget["attrs"])}>\n{text}</textarea>'


def written_select(widget: Mapping[str, Any]) -> str:
    groups = "".join(
        f'\n  <optgroup label="{rendered(name)}">{written_options(options)}\n  </optgroup>'
        if name
        else written_options(options)
        for name, options, _ in widget["optgroups"]
    )
    return f'<select name="{rendered(widget["name"])}"{attributes(widget["attrs"])}>{groups}\n</select>'


def written_options(options: Iterable[Mapping[str, Any]]) -> str:
    return "".join(
        f'\n  <option value="{as_text(option["value"])}"{attributes(option["attrs"])}>'
        f"{rendered(option['label'])}</option>\n"
        for option in options
    )


def written_choices(widget: Mapping[str, Any]) -> str:
    css = widget["attrs"].get("class")
    parts = []
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'\n<p class="j-why mb-0">{rendered(group)}</p>')
        parts += [f'\n  <div class="form-check">{written_choice(option)}\n</div>' for option in options]
    return f'<div class="j-choices{f" {rendered(css)}" if css else ""}">{"".join(parts)}\n</div>'


def written_choice(option: Mapping[str, Any]) -> str:
    attrs = option["attrs"]
    ticks = "".join(f" {name}" for name in ("checked", "disabled") if attrs.get(name))
    return (
        f'\n<input class="form-check-input" type="{rendered(option["type"])}" name="{rendered(option["name"])}"'
        f' value="{rendered(option["value"])}"{known("id", attrs.get("id"))}{ticks}>'
        f'<label class="form-check-label"{known("for", attrs.get("id"))}>{rendered(option["label"])}</label>'
    )


def known(name: str, value: Any) -> str:
    return f' {name}="{rendered(value)}"' if value else ""


INPUTS = ("text", "number", "email", "url", "search", "tel", "date", "password", "hidden", "checkbox")
# What writes each template, and the template of its choices that this holds for.
WRITERS: dict[str, tuple[Callable[[Mapping[str, Any]], str], str]] = {
    **{f"django/forms/widgets/{name}.html": (written_input, "") for name in INPUTS},
    "django/forms/widgets/textarea.html": (written_area, ""),
    "django/forms/widgets/select.html": (written_select, OPTION),
    "components/choices.html": (written_choices, CHOICE),
}


def of_template(widget: Mapping[str, Any], name: str) -> bool:
    """Are the choices of this widget all written by that template?"""
    return all(option["template_name"] == name for _, options, _ in widget["optgroups"] for option in options)


class JalonsRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        writer, choices = WRITERS.get(template_name, (None, ""))
        if writer is None or (choices and not of_template(context["widget"], choices)):
            return super().render(template_name, context, request)
        return mark_safe(writer(context["widget"]))
