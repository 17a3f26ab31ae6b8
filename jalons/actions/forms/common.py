"""What the forms of dispositifs share: rows of one kind, organisations by their name, two people in one form."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.urls import reverse_lazy

from jalons.accounts.models import Organisation
from jalons.accounts.organisations import Directory
from jalons.core.forms import JalonsForm, SubmissionKeyField, VersionField
from jalons.core.ui import THEIRS, Difference, choice_name
from jalons.core.values import french_spaces, join_or
from jalons.history.conflicts import fact_conflict

# Buttons that show the form again without judging it: one more row, another list of sites.
ADD, SEARCH = "ajouter", "chercher"
MOST_ROWS = 60
EMPTY: tuple[Any, ...] = (None, "", [], (), False)


class FrenchForm(JalonsForm):
    """Labels and helps are written with ordinary spaces, and shown with French ones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = french_spaces(str(field.label or ""))
            field.help_text = french_spaces(str(field.help_text))


class VersionedForm(FrenchForm):
    """A form about a record; the version under the eyes of the person goes round with it."""

    submission_key = SubmissionKeyField()
    expected_version = VersionField()

    @property
    def seen_version(self) -> int:
        """A version that never was, when it cannot be read."""
        version = self.cleaned_data["expected_version"]
        return -1 if version is None else version

    def described(self) -> dict[str, Any]:
        """The columns of the record. Needs `is_valid`."""
        apart = ("submission_key", "expected_version", "reason")
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    def reopened_on(self, version: int, **more: str) -> None:
        """What was typed stays; the next sending is a new one, over what is stored now."""
        reopen(self, expected_version=str(version), **more)


def reopen(form: Any, **changes: str) -> None:
    """What was typed stays, as a new sending."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["submission_key"] = str(uuid.uuid4())
    for name, value in changes.items():
        data[name] = value
    form.data = data


def shown_again(form: Any, data: Any) -> Any:
    """An unbound form with what was typed so far, not judged yet."""
    for name, field in form.fields.items():
        form.initial[name] = field.widget.value_from_datadict(data, {}, form.add_prefix(name))
    return form


# --- rows ------------------------------------------------------------------------------------------------------


class RowForm(FrenchForm):
    """One row among several of its kind. A row in which nothing is typed says nothing, and is never wrong.

    `number` is its place, from 1. A row that holds what is already stored is judged even when it is empty.
    """

    number = 1

    def place(self, number: int) -> None:
        self.number = number

    @property
    def is_blank(self) -> bool:
        return all(
            field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)) in EMPTY
            for name, field in self.fields.items()
        )

    def full_clean(self) -> None:
        if self.is_bound and self.is_blank:
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
            return
        super().full_clean()


class Rows:
    """As many forms of a kind as were sent, or as `initial` needs, and `spare` blank ones.

    `data` None: nothing was sent. `judged` false: shown again as typed. `adding`: with one more row.
    """

    most = MOST_ROWS

    def __init__(
        self,
        form_class: type[RowForm],
        prefix: str,
        data: Any = None,
        *,
        initial: Iterable[Mapping[str, Any]] = (),
        spare: int = 1,
        judged: bool = True,
        adding: bool = False,
        **options: Any,
    ) -> None:
        self.prefix, self.data, self.judged = prefix, data, judged
        given = list(initial)
        count = len(given) + spare if data is None else self.sent()
        count = min(count + adding, self.most)
        self.forms: list[Any] = [
            self.row(form_class, place, given[place] if place < len(given) else None, options)
            for place in range(count)
        ]
        if adding and self.forms:
            first = next(name for name, field in self.forms[-1].fields.items() if not field.widget.is_hidden)
            self.forms[-1].fields[first].widget.attrs["autofocus"] = True

    def sent(self) -> int:
        places = re.compile(rf"{re.escape(self.prefix)}-([0-9]{{1,3}})-")
        found = [int(match[1]) for name in self.data if (match := places.match(name))]
        return min(max(found, default=-1) + 1, self.most)

    def row(
        self, form_class: type[RowForm], place: int, initial: Mapping[str, Any] | None, options: Any
    ) -> RowForm:
        data = self.data if self.judged else None
        form = form_class(data, prefix=f"{self.prefix}-{place}", initial=dict(initial or {}), **options)
        form.place(place + 1)
        return form if self.judged or self.data is None else shown_again(form, self.data)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.forms)

    @property
    def full(self) -> bool:
        return len(self.forms) >= self.most

    def is_valid(self) -> bool:
        # Each of them is judged: an error does not hide the next ones.
        answers = [form.is_valid() for form in self.forms]
        return all(answers)

    def non_form_errors(self) -> Sequence[str]:
        return ()

    def told(self) -> list[Any]:
        """The rows in which something is typed. Needs `is_valid`."""
        return [form for form in self.forms if form.cleaned_data]


class Bundle:
    """Forms sent together: what `error_summary` and the views take for one form."""

    main: Any

    def parts(self) -> Sequence[Any]:
        """Every form and every `Rows`, in the order of the page."""
        raise NotImplementedError

    @property
    def forms(self) -> Sequence[Any]:
        return self.parts()

    def non_form_errors(self) -> Sequence[str]:
        return ()

    def is_valid(self) -> bool:
        answers = [part.is_valid() for part in self.parts()]
        return all(answers)

    @property
    def key(self) -> uuid.UUID:
        """What makes this sending unique. Readable before `is_valid`."""
        return self.main.fields["submission_key"].clean(self.main["submission_key"].value())


# --- organisations ---------------------------------------------------------------------------------------------


class OrganisationRow(RowForm):
    """A row that names an organisation. `cleaned_data["found"]` is the organisation, or None."""

    organisation = forms.CharField(label="Structure", required=False, max_length=260)

    required_organisation: ClassVar[bool] = True
    role_label: ClassVar[str] = "Structure"

    def __init__(self, *args: Any, directory: Directory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directory = directory
        self.fields["organisation"].label = french_spaces(self.role_label)
        self.fields["organisation"].widget.attrs |= {
            "data-combobox-url": reverse_lazy("actions:organisations"),
            "autocomplete": "off",
        }

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        text = told.get("organisation", "")
        told["found"] = None
        if text:
            told["found"] = self.found(text)
        elif self.required_organisation and "organisation" in told:
            self.add_error("organisation", "Écrivez le nom de la structure, ou videz toute la ligne.")
        return told

    def found(self, text: str) -> Organisation | None:
        named = self.directory.named(text)
        if len(named) == 1:
            return named[0]
        self.add_error("organisation", french_spaces(self.why_not(text, named)))
        return None

    def why_not(self, text: str, named: Sequence[Organisation]) -> str:
        labels = self.directory.labels
        if named:
            which = join_or([f"« {labels[one.pk]} »" for one in named[:4]])
            return f"Plusieurs structures s’appellent ainsi : écrivez {which}."
        near = [f"« {labels[one.pk]} »" for one in self.directory.search(text, 3)]
        meant = f" Vouliez-vous dire {join_or(near)} ?" if near else ""
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        return (
            f"Jalons ne connaît pas de structure « {shown} ».{meant} Pour en ajouter une, écrivez à la personne "
            "qui gère les comptes de votre territoire."
        )


def no_repeat(rows: Iterable[OrganisationRow], already: Iterable[int] = ()) -> bool:
    """Says which rows name an organisation named before them. `already`: primary keys named elsewhere."""
    seen = set(already)
    clear = True
    for row in rows:
        found = row.cleaned_data.get("found")
        if found is not None and found.pk in seen:
            row.add_error("organisation", f"{found} est déjà dans cette liste\u00a0: videz cette ligne.")
            clear = False
        elif found is not None:
            seen.add(found.pk)
    return clear


# --- two people in one row -------------------------------------------------------------------------------------


def row_differences(
    prefix: str, label: str, seen: Any, current: Any, typed: Mapping[str, Any]
) -> list[Difference]:
    """Where the version `current` of the fact of one row is not what was seen, nor what was typed."""
    return [
        replace(one, field=f"{prefix}-{one.field}", label=f"{label}, {one.label[:1].lower()}{one.label[1:]}")
        for one in fact_conflict(seen, current, typed)
    ]


def took_theirs(data: Any, prefix: str, name: str) -> bool:
    """Did the person choose the value of the other, for this field of this row?"""
    return bool(data) and data.get(choice_name(f"{prefix}-{name}")) == THEIRS
