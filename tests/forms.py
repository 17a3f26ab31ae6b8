"""The forms of a page, as a browser would send them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


@dataclass
class Form:
    """`values` holds what is in the page: typed, chosen, ticked, hidden; buttons are not pressed."""

    method: str
    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    options: dict[str, list[str]] = field(default_factory=dict)  # what may be chosen, by name of field

    @property
    def shown(self) -> dict[str, list[str]]:
        return {name: values for name, values in self.values.items() if name not in self.hidden}

    def add(self, name: str | None, value: str | None) -> None:
        if name:
            self.values.setdefault(name, []).append(value or "")

    def filled(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What is sent once a person has filled `data` in."""
        return {**self.values, **data}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.select: tuple[str | None, list[str], list[str]] | None = None
        self.textarea: str | None = None
        self.written = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append(Form((given.get("method") or "get").lower(), given.get("action") or ""))
        elif tag == "input" and self.forms and "disabled" not in given:
            kind, name = given.get("type") or "text", given.get("name") or ""
            if kind == "hidden":
                self.forms[-1].hidden.add(name)
            if kind in ("checkbox", "radio"):
                self.forms[-1].options.setdefault(name, []).append(given.get("value") or "")
            if kind not in ("checkbox", "radio") or "checked" in given:
                # A ticked box without a value says « on ».
                unsaid = "on" if kind == "checkbox" else ""
                self.forms[-1].add(given.get("name"), given.get("value", unsaid) or "")
        elif tag == "textarea":
            self.textarea, self.written = given.get("name"), ""
        elif tag == "select":
            self.select = (given.get("name"), [], [])
        elif tag == "option" and self.select:
            self.select[1].append(given.get("value") or "")
            if self.forms:
                self.forms[-1].options.setdefault(self.select[0] or "", []).append(given.get("value") or "")
            if "selected" in given:
                self.select[2].append(given.get("value") or "")

    def handle_data(self, data: str) -> None:
        self.written += data if self.textarea else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.forms:
            # HTML drops the line end that opens a text area.
            self.forms[-1].add(self.textarea, self.written.removeprefix("\n"))
            self.textarea = None
        elif tag == "select" and self.select and self.forms:
            name, options, chosen = self.select
            for value in chosen or options[:1]:
                self.forms[-1].add(name, value)
            self.select = None


def posts(answer: HttpResponse) -> Iterator[Form]:
    """The forms that write, outside of the header."""
    reader = Reader()
    reader.feed(answer.content.decode().split("<main", 1)[-1])
    return (form for form in reader.forms if form.method == "post")


def form_to(answer: HttpResponse, path: str) -> Form:
    """The first form that is sent to `path`, where it stands."""
    own = (form for form in posts(answer) if form.action.partition("?")[0] in ("", path))
    return next(own, Form("post", ""))
