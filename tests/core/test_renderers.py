"""The inputs that we write without their templates are those that the templates would have written."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from jalons.core.renderers import WRITERS, JalonsRenderer

SPACE = re.compile(r"[ \n]+")
HOSTILE = "<b>\"1\" & '2'</b>\u202f"
VALUES = (
    None, "", 0, 1240, 1240.5, Decimal("1240.50"), True, False, HOSTILE, mark_safe("<i>sûr</i>"), lazystr(HOSTILE),
    dt.date(2026, 3, 1), "deux\nlignes", "a",
)  # fmt: skip
ATTRS: tuple[dict[str, Any], ...] = (
    {},
    {"id": "id_x", "class": "form-control", "required": True, "disabled": False, "data-most": 1240},
    {"id": HOSTILE, "class": HOSTILE, "data-x": None, HOSTILE: lazystr(HOSTILE), "disabled": True},
)
CHOICES = [
    ("", "Choisir"), ("a", HOSTILE), (1240, 1240), (None, lazystr("rien")), (HOSTILE, mark_safe("<i>sûr</i>")),
    ("Groupe " + HOSTILE, [("b", "bé"), (2, "deux")]),
]  # fmt: skip
PLAIN = (
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.SearchInput, forms.TelInput,
    forms.DateInput, forms.PasswordInput, forms.HiddenInput, forms.CheckboxInput, forms.Textarea,
)  # fmt: skip


def of_ours(widget: Any, option: str = "components/choice.html") -> Any:
    widget.template_name, widget.option_template_name = "components/choices.html", option
    return widget


WIDGETS = [
    *(kind() for kind in PLAIN),
    forms.TextInput({"type": "color", "class": "x"}),
    forms.Select(choices=CHOICES),
    forms.SelectMultiple(choices=CHOICES),
    forms.RadioSelect(choices=CHOICES),
    of_ours(forms.RadioSelect(choices=CHOICES)),
    of_ours(forms.CheckboxSelectMultiple(choices=CHOICES)),
    # Choices of another template are left to it.
    of_ours(forms.RadioSelect(choices=CHOICES), "django/forms/widgets/radio_option.html"),
]


def on_one_line(html: str) -> str:
    """Templates are laid out in lines, also inside a tag."""
    return SPACE.sub(" ", html).replace(" >", ">")


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("name", ["x", HOSTILE])
def test_the_same_as_the_template(widget: Any, name: str) -> None:
    for value in VALUES:
        for attrs in ATTRS:
            context = widget.get_context(name, value, attrs)
            template = render_to_string(widget.template_name, context).strip()
            drawn = JalonsRenderer().render(widget.template_name, context)
            assert on_one_line(drawn) == on_one_line(template), (value, attrs)


def test_every_writer_is_compared() -> None:
    assert {widget.template_name for widget in WIDGETS} >= set(WRITERS)
