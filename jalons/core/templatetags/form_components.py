"""Forms as tags: fields, errors, buttons, two versions side by side."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import FileInput, PasswordInput
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from jalons.core import ui

register = template.Library()


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
    """Every error of `forms` (or formsets), each a link to its field. Takes the focus when the page opens.

    A browser gives back neither a password, a code nor a file: those that were given are named, to be given again.
    """
    return {
        "problems": [problem for form in forms for problem in problems_of(form)],
        "emptied": [label for form in forms for label in emptied_fields(form)],
        "rest": any(is_given_back(form) for form in forms),
    }


def emptied_fields(form: Any) -> list[str]:
    """Labels of what was typed and that the page cannot show again."""
    if hasattr(form, "forms"):
        return [label for subform in form.forms for label in emptied_fields(subform)]
    return [str(bound.label) for bound in form if bound.data and is_emptied(bound.field.widget)]


def is_given_back(form: Any) -> bool:
    """Was anything typed that the page does show again?"""
    if hasattr(form, "forms"):
        return any(is_given_back(subform) for subform in form.forms)
    return any(bound.data and not bound.is_hidden and not is_emptied(bound.field.widget) for bound in form)


def is_emptied(widget: Any) -> bool:
    return isinstance(widget, FileInput) or (isinstance(widget, PasswordInput) and not widget.render_value)


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
        return own + [problem for subform in form.forms for problem in problems_of(subform)]
    if not form.is_bound:
        return []
    problems = [{"anchor": "", "label": "", "message": message} for message in form.non_field_errors()]
    for bound in form:
        # The label of a group of choices points nowhere: its first choice does.
        anchor = "" if bound.is_hidden else bound.id_for_label or f"{bound.auto_id}_0"
        label = "" if bound.is_hidden else str(bound.label)
        problems += [{"anchor": anchor, "label": label, "message": message} for message in bound.errors]
    return problems
