"""Form fields that read what French people type, and say in French what they could not read."""

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from jalons.core import clock
from jalons.core.values import ParseError, format_date, parse_date, without_unseen

REQUIRED = "Remplissez ce champ, il est obligatoire."
TOO_LONG = (
    "Ce texte a %(show_value)d caractères, il en faut au plus %(limit_value)d. "
    "Il est resté tel quel dans le champ\u00a0: raccourcissez-le."
)
NOT_A_CHOICE = "Choisissez parmi les réponses proposées."
MAX_TEXT = 300
MAX_LONG_TEXT = 10_000
SELECTED = mark_safe(" selected")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
YES, NO, UNKNOWN = "yes", "no", "unknown"
TRI_STATE_CHOICES = ((YES, "Oui"), (NO, "Non"), (UNKNOWN, "Inconnu"))


def no_control_characters(text: str) -> None:
    """ValidationError for characters that one cannot see and that a database or a file may refuse.

    Tabs and line ends are kept.
    """
    unseen = [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r"]
    if unseen:
        raise ValidationError(
            f"Ce texte contient un caractère invisible (U+{ord(unseen[0]):04X}), souvent venu d’un "
            "copier-coller. Retapez le passage, ou collez-le sans mise en forme.",
            code="control_character",
        )


class EmailField(forms.EmailField):
    """An address as people paste it: without the spaces and the unseen signs that come along."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(without_unseen(str(value or ""))))


class PlainSelect(forms.Select):
    """A list written without one template an option: a hundred départements cost a third of a page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((code, SELECTED if str(code) in chosen else "", label) for code, label in self.choices),
        )
        html_attrs = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, html_attrs, options)


class FrenchDateField(forms.CharField):
    """A day typed in any usual French form (« 1/2/2020 », « 1er février 2020 », « hier »).

    `not_after` and `not_before` take today and return a bound, or None: `not_after=lambda today: today`, which lets
    the next day pass (`clock.TOLERANCE`), unless it is named « demain ».
    """

    def __init__(
        self,
        *,
        not_after: Callable[[Any], Any] | None = None,
        not_before: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("help_text", "jj/mm/aaaa, par exemple 31/12/2020")
        super().__init__(**{"max_length": 60, "empty_value": None, **kwargs})
        self.not_after, self.not_before = not_after, not_before

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "form-control j-short", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """In French, also when an address brought an ISO date; what cannot be read stays as it was typed."""
        if isinstance(value, str) and ISO_DAY.fullmatch(value.strip()):
            with suppress(ValueError):
                value = dt.date.fromisoformat(value.strip())
        return format_date(value) if hasattr(value, "year") else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        today = clock.today()
        try:
            day = parse_date(text, today=today)
        except ParseError as error:
            raise ValidationError(str(error), code="invalid") from error
        latest = self.not_after(today) if self.not_after else None
        is_today = latest == today
        if latest and is_today and re.search(r"\d", text):
            latest += clock.TOLERANCE
        if latest and day > latest:
            message = "est dans le futur" if is_today else f"est après le {format_date(latest)}"
            raise ValidationError(f"Cette date ({format_date(day)}) {message}. Corrigez-la.", code="late")
        earliest = self.not_before(today) if self.not_before else None
        if earliest and day < earliest:
            raise ValidationError(
                f"Cette date ({format_date(day)}) est avant le {format_date(earliest)}. Corrigez-la.",
                code="early",
            )
        return day

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != initial if data else initial is not None
        except ValidationError:
            return True


class TriStateField(forms.ChoiceField):
    """Oui, non, inconnu (`yes`, `no`, `unknown`): a fact that may be unknown is never a checkbox."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"choices": TRI_STATE_CHOICES, "required": False, "initial": UNKNOWN, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "j-inline"}

    def clean(self, value: Any) -> str:
        return super().clean(value) or UNKNOWN


class CodesField(forms.MultipleChoiceField):
    """Several codes as checkboxes; the value is a tuple, in the order of the choices."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, choices: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        # What a model field would pass along and checkboxes have no use for.
        for name in ("max_length", "coerce", "empty_value"):
            kwargs.pop(name, None)
        super().__init__(**{"choices": list(choices), "required": False, **kwargs})

    def clean(self, value: Any) -> tuple[str, ...]:
        chosen = set(super().clean(value))
        return tuple(str(code) for code, _ in list(self.choices) if code in chosen)  # type: ignore[arg-type]


class SubmissionKeyField(forms.UUIDField):
    """Hidden: names one showing of a form, so that sending it twice writes once (`core.services.once`).

    What cannot be read is a fresh key: the person cannot correct a field that they do not see.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "initial": uuid.uuid4, **kwargs})

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()


LARGEST_KEY = 2**63 - 1


class VersionField(forms.IntegerField):
    """Hidden: the version of the record that the form was opened on, or its key; None when it cannot be read.

    A number that no base can hold is no version: asked for in a list (`pk__in`), it is a failure of the driver.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "min_value": 0, "max_value": LARGEST_KEY, **kwargs})

    def clean(self, value: Any) -> int | None:
        try:
            return super().clean(value)
        except ValidationError:
            return None
