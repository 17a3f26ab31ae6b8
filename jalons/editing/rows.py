"""Rows of a form, added, judged and shown again, without JavaScript either."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.forms.utils import ErrorDict

from jalons.core.ui import THEIRS, Difference, choice_name
from jalons.editing.forms import FrenchForm, shown_again
from jalons.history.conflicts import fact_conflict

# Buttons that show the form again without judging it: one more row, another list of sites.
ADD, SEARCH = "ajouter", "chercher"
MOST_ROWS = 60
EMPTY: tuple[Any, ...] = (None, "", [], (), False)


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
        places_sent = [int(match[1]) for name in self.data if (match := places.match(name))]
        return min(max(places_sent, default=-1) + 1, self.most)

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

    def typed_rows(self) -> list[Any]:
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


# --- two people in one row -------------------------------------------------------------------------------------


def row_differences(
    prefix: str, label: str, seen: Any, current: Any, typed: Mapping[str, Any]
) -> list[Difference]:
    """Where the version `current` of the fact of one row is not what was seen, nor what was typed."""
    return [
        replace(
            difference,
            field=f"{prefix}-{difference.field}",
            label=f"{label}, {difference.label[:1].lower()}{difference.label[1:]}",
        )
        for difference in fact_conflict(seen, current, typed)
    ]


def took_theirs(data: Any, prefix: str, name: str) -> bool:
    """Did the person choose the value of the other, for this field of this row?"""
    return bool(data) and data.get(choice_name(f"{prefix}-{name}")) == THEIRS
