"""One request, drawn from a seed and a number: the same two always give the same request."""

import itertools
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, quote_plus

from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.fuzz import hostile
from tests.fuzz.ground import Ground, Target

URLENCODED = "application/x-www-form-urlencoded"
MOST_SHOWN = 600


@dataclass(frozen=True)
class Shot:
    target: Target
    who: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = URLENCODED
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        headers = "".join(f"\n      {name}: {value!r:.200}" for name, value in self.headers.items())
        body = f"\n      {self.body[:MOST_SHOWN]!r} ({self.content_type!r:.80})" if self.body else ""
        return f"{self.method} {self.path[:MOST_SHOWN]} par {self.who}{headers}{body}"


def draw(rng: Random, ground: Ground) -> Shot:
    target = rng.choice(ground.targets)
    who = target.page.person if rng.random() < 0.6 else rng.choice(sorted(ground.cookies))
    posts = target.takes_post and (not target.takes_get or rng.random() < 0.55)
    method = "POST" if posts else "GET"
    if rng.random() < 0.06:
        method = rng.choice(hostile.METHODS)
    body, content_type = (
        drawn_body(rng, ground, target) if method not in ("GET", "HEAD") else (b"", URLENCODED)
    )
    if rng.random() < 0.05:
        content_type = rng.choice(hostile.CONTENT_TYPES)
    return Shot(
        target=target,
        who=who,
        method=method,
        path=drawn_path(rng, ground, target) + drawn_query(rng, ground, target),
        body=body,
        content_type=content_type,
        headers=drawn_headers(rng),
    )


def drawn_value(rng: Random, ground: Ground) -> hostile.Hostile:
    """Hostile, or true of something else."""
    return rng.choice(ground.pool) if rng.random() < 0.35 else rng.choice(hostile.VALUES)


def raw(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def drawn_path(rng: Random, ground: Ground, target: Target) -> str:
    if not target.parts or rng.random() > 0.12:
        return target.path
    part = rng.choice(target.parts)
    value = quote(raw(drawn_value(rng, ground))[:300], safe="") or "-"
    return target.path.replace(f"/{part}", f"/{value}", 1)


def drawn_query(rng: Random, ground: Ground, target: Target) -> str:
    pairs = [tuple(pair.split("=", 1)) for pair in target.query.split("&") if "=" in pair]
    fed = rng.random()
    if fed < 0.55 and target.names:
        names = rng.sample(target.names, min(len(target.names), rng.choice([1, 1, 2, 3, 8])))
        names += rng.sample(ground.names, 1) if rng.random() < 0.2 else []
        drawn = [(quote_plus(raw(name)), quote_plus(raw(drawn_value(rng, ground))[:3000])) for name in names]
        # Fed in place of what the page needs, or beside it.
        kept = [pair for pair in pairs if pair[0] not in dict(drawn)] if rng.random() < 0.8 else pairs
        pairs = kept + drawn
    elif fed > 0.95:
        return "?" + quote(raw(rng.choice(hostile.VALUES))[:2000], safe="&=%")
    return "?" + "&".join(f"{name}={value}" for name, value in pairs) if pairs else ""


def drawn_form(rng: Random, ground: Ground, target: Target) -> dict[str, list[Any]]:
    """What the page would send, with some of it hostile, absent, or twice."""
    form = {name: list(values) for name, values in target.form.items()}
    names = sorted(form) + (rng.sample(target.names, 1) if target.names else [])
    for name in rng.sample(names, min(len(names), rng.choice([0, 1, 1, 2, 3, 99]))):
        act = rng.random()
        if act < 0.75:
            form[name] = [drawn_value(rng, ground)]
        elif act < 0.85:
            form.pop(name, None)
        elif act < 0.92:
            form[name] = [drawn_value(rng, ground) for _ in range(rng.choice([2, 3, 40]))]
        else:
            form[name] = [uploaded(rng)]
    return form


def uploaded(rng: Random) -> File[bytes]:
    name, content, kind = rng.choice(hostile.FILES)
    file = SimpleUploadedFile("x", content, content_type=kind)
    file._name = name  # as a client may write it: Django cleans the one it is given
    return file


def drawn_body(rng: Random, ground: Ground, target: Target) -> tuple[bytes, str]:
    form = drawn_form(rng, ground, target)
    values = list(itertools.chain.from_iterable(form.values()))
    if any(hasattr(value, "read") for value in values):
        for value in values:
            if hasattr(value, "seek"):
                value.seek(0)
        return encode_multipart(
            BOUNDARY, {name: as_parts(held) for name, held in form.items()}
        ), MULTIPART_CONTENT
    pairs = [(name, value) for name, held in form.items() for value in held]
    return "&".join(
        f"{quote_plus(raw(name))}={quote_plus(raw(value))}" for name, value in pairs
    ).encode(), URLENCODED


def as_parts(values: list[Any]) -> list[Any]:
    return [value.decode("latin-1") if isinstance(value, bytes) else value for value in values]


def drawn_headers(rng: Random) -> dict[str, str]:
    headers = {"HX-Request": "true"} if rng.random() < 0.25 else {}
    if rng.random() < 0.25:
        for name in rng.sample(sorted(hostile.HEADERS), rng.choice([1, 1, 2, 5])):
            headers[name] = rng.choice(hostile.HEADERS[name])
    return headers
