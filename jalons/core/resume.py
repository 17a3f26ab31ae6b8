"""What was typed and could not be recorded (session over, form out of date) is carried until it can be.

It travels in the page, in one hidden field: nothing is stored for somebody who is not signed in.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

FIELD = "kept"
MAX_CHARACTERS = 400_000  # of names and values; Django refuses more than 2 MB a form
MAX_FIELDS = 900  # Django refuses more than 1,000 a form
MAX_ADDRESS = 2_000
SECRET = re.compile(r"csrf|passw|passphrase|secret|token|otp", re.IGNORECASE)
MACHINERY = re.compile(r"key$|version|seen|_FORMS$|^kept$|^next$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kept:
    """One POST to send again to `path` (local, with its query); not `whole` when it was too long to keep."""

    path: str
    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    whole: bool = True

    @property
    def written(self) -> list[str]:
        """What a person may want to copy: neither keys nor versions nor what is empty."""
        texts = (value.strip() for name, value in self.fields if not MACHINERY.search(name))
        return [text for text in dict.fromkeys(texts) if len(text) > 1]

    @property
    def text(self) -> str:
        """What the hidden field holds."""
        content = {"path": self.path, "fields": self.fields, "files": self.files}
        return json.dumps(content, ensure_ascii=False)


def typed_in(request: HttpRequest) -> Kept | None:
    """What this POST carries, without its secrets; None when it could not be sent again anyway.

    Files cannot be carried: only their names are.
    """
    path = request.get_full_path()
    if request.method != "POST" or not is_resumable(path):
        return None
    fields = tuple(
        (name, value)
        for name, values in request.POST.lists()
        if not SECRET.search(name)
        for value in values
        if isinstance(value, str)
    )
    files = tuple(str(file.name) for field in request.FILES.lists() for file in field[1])
    if not fits(fields):
        return Kept(path, files=files, whole=False)
    return Kept(path, fields, files)


def fits(fields: Iterable[tuple[str, str]]) -> bool:
    lengths = [len(name) + len(value) for name, value in fields]
    return len(lengths) <= MAX_FIELDS and sum(lengths) <= MAX_CHARACTERS


def kept_in(request: HttpRequest) -> Kept | None:
    """What the hidden field of this POST holds; None when there is none, or one that we did not write."""
    try:
        content = json.loads(request.POST.get(FIELD, ""))
        resumable = Kept(content["path"], pairs(content["fields"]), strings(content["files"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return resumable if fits(resumable.fields) and is_resumable(resumable.path) else None


def pairs(content: Any) -> tuple[tuple[str, str], ...]:
    """Raises `ValueError` or `TypeError` for anything but a list of pairs of texts."""
    return tuple((name, value) for name, value in map(strings, content))


def strings(content: Any) -> tuple[str, ...]:
    if not isinstance(content, list) or not all(isinstance(text, str) for text in content):
        raise TypeError("a list of texts was expected")
    return tuple(content)


def carried(request: HttpRequest) -> Kept | None:
    """What this POST carries for later, or what was typed in it; None when there is nothing to send again."""
    return kept_in(request) or typed_in(request)


def is_local(address: str) -> bool:
    """A path of this site, and nothing that a browser could read as another one."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def is_resumable(address: str) -> bool:
    """A path of ours whose view asks who is there: see `access` in `accounts.decorators`."""
    if not isinstance(address, str) or len(address) > MAX_ADDRESS or not is_local(address):
        return False
    try:
        view = resolve(address.partition("?")[0]).func
    except Resolver404:
        return False
    # A page whose forms are `sealed` (the register of families) carries nothing in clear.
    return getattr(view, "access", "open") != "open" and not getattr(view, "sealed", False)
