"""Workbooks that leave to be filled in, changed as in a spreadsheet, and given back."""

from typing import Any

from django.test import Client
from django.urls import reverse

from jalons.actions.models import Action
from jalons.history.services import Actor
from jalons.imports.models import ImportBatch, ImportLine
from jalons.imports.reading.files import read_content
from jalons.imports.services import give_file, prepare
from jalons.spreadsheets.reading import SheetContent
from tests import factories


def taken(client: Client, user: Any, action: Action | None = None, query: str = "") -> bytes:
    client.force_login(user, factories.BACKEND)
    url = reverse("imports:sites_to_edit") + query
    if action is not None:
        url = reverse("imports:follow_up_to_edit", args=[action.public_id])
    answer: Any = client.get(url)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


class FilledBook:
    """The sheets of a workbook that left, where somebody types."""

    def __init__(self, content: bytes, kind: str = "xlsx") -> None:
        self.content, self.kind = content, kind
        self.sheets: list[SheetContent] = read_content(content, kind)

    @property
    def rows(self) -> list[list[Any]]:
        return self.sheets[0].rows

    def row(self, name: str) -> list[Any]:
        return next(row for row in self.rows if name in row)

    def column(self, header: str) -> int:
        return self.rows[0].index(header)

    def type(self, name: str, **values: Any) -> "FilledBook":
        """`values` by header, with « _ » for a space."""
        for header, value in values.items():
            self.row(name)[self.column(header.replace("_", " "))] = value
        return self

    def add(self, **values: Any) -> "FilledBook":
        self.rows.append([values.get(str(header).replace(" ", "_"), "") for header in self.rows[0]])
        return self

    def read(self, name: str, header: str) -> Any:
        return self.row(name)[self.column(header)]

    def given(self, by: Actor, **options: Any) -> ImportBatch:
        """Read, recognised, judged."""
        batch = give_file(
            name=f"liste.{self.kind}",
            kind=self.kind,
            content=self.content,
            sheets=self.sheets,
            by=by,
            **options,
        )
        return prepare(batch=batch, by=by)


def line_of(batch: ImportBatch, label: str) -> ImportLine:
    return batch.lines.get(label=label)
