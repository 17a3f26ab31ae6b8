"""Looking an address up in the national address base (BAN), or any server that speaks its format.

Nothing depends on it: when it does not answer, `Unavailable` is raised at once and people choose the commune
themselves. What it answers is treated as foreign: bounded in size and in time, read field by field.
"""

import json
import logging
import math
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx
from django.conf import settings

logger = logging.getLogger(__name__)

# What the service accepts as a question; shorter or longer ones are refused there.
SHORTEST, LONGEST = 3, 200
MOST_ADDRESSES = 20
MOST_BYTES = 256 * 1024
# After so many failures in a row, nobody waits for the service during this time.
FAILURES_BEFORE_REST = 3
REST_SECONDS = 30.0
INSEE_CODE = re.compile(r"\d[\dAB]\d{3}", re.ASCII)
NOT_IN_AN_ADDRESS = re.compile(r"[^\x20-\x7e\xa0-\u024f\u2010-\u2027]")


class Unavailable(Exception):
    """The service does not answer, or not in its format. The message is for the person who searches."""

    def __init__(self) -> None:
        super().__init__(
            "L’adresse ne peut pas être cherchée pour l’instant\u00a0: choisissez la commune et cliquez sur la carte."
        )


@dataclass(frozen=True, slots=True)
class Address:
    """`street` is empty when the whole commune was found. `insee_code` may be that of an arrondissement."""

    label: str
    street: str
    insee_code: str
    latitude: float
    longitude: float
    context: str = ""


class Breaker:
    """Stops asking a service that fails, for a short while. One a process: each learns by itself."""

    def __init__(self, *, failures: int, rest: float) -> None:
        self.failures, self.rest = failures, rest
        self.lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        self.failed, self.resting_until = 0, 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self.resting_until

    def succeeded(self) -> None:
        with self.lock:
            self.reset()

    def failed_once(self, *, at_once: bool = False) -> None:
        with self.lock:
            self.failed += 1
            if at_once or self.failed >= self.failures:
                # Half-open afterwards: one more failure is enough to rest again.
                self.failed = self.failures - 1
                self.resting_until = time.monotonic() + self.rest


breaker = Breaker(failures=FAILURES_BEFORE_REST, rest=REST_SECONDS)


def search_addresses(
    text: str, *, limit: int = 8, insee_code: str = "", near: tuple[float, float] | None = None
) -> list[Address]:
    """What a person may mean by `text`, best first; `near` (latitude, longitude) only helps to order.

    Empty for what is too short to be an address. Raises `Unavailable`.
    """
    words = " ".join(text.split())[:LONGEST]
    if len(words) < SHORTEST or not words[0].isalnum():
        return []
    asked = {"q": words, "limit": str(min(limit, MOST_ADDRESSES)), "autocomplete": "1"}
    if INSEE_CODE.fullmatch(insee_code):
        asked["citycode"] = insee_code
    if near:
        asked |= {"lat": f"{near[0]:.5f}", "lon": f"{near[1]:.5f}"}
    return addresses_in(ask("search", asked))[:limit]


def address_at(latitude: float, longitude: float) -> Address | None:
    """The address closest to a point, None when there is none nearby. Raises `Unavailable`."""
    addresses = addresses_in(
        ask("reverse", {"lat": f"{latitude:.6f}", "lon": f"{longitude:.6f}", "limit": "1"})
    )
    return addresses[0] if addresses else None


def ask(path: str, params: Mapping[str, str]) -> Any:
    """The JSON answered; a question that the service finds odd has no answer, every other trouble is `Unavailable`."""
    if not settings.GEOCODER_URL or breaker.is_open:
        raise Unavailable
    try:
        status, content = fetch(f"{settings.GEOCODER_URL.rstrip('/')}/{path}", params)
        if status == httpx.codes.BAD_REQUEST:
            breaker.succeeded()
            return {"features": []}
        answer = read_json(status, content)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
        busy = isinstance(error, BusyError)
        breaker.failed_once(at_once=busy)
        # Neither the question nor the answer: an address is not for the logs.
        logger.warning("La recherche d’adresses ne répond pas (%s)", type(error).__name__)
        raise Unavailable from error
    breaker.succeeded()
    return answer


class BusyError(ValueError):
    """The service asks to be left alone."""


def read_json(status: int, content: bytes) -> Any:
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise BusyError
    if status != httpx.codes.OK:
        raise ValueError(f"HTTP {status}")
    answer = json.loads(content)
    if not isinstance(answer, dict) or not isinstance(answer.get("features"), list):
        raise ValueError("not a FeatureCollection")
    return answer


@lru_cache(maxsize=1)
def client() -> httpx.Client:
    """One pool of connections a process. Redirections are not followed: they could lead inside our network."""
    return httpx.Client(
        follow_redirects=False,
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Jalons"},
        limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
    )


def fetch(url: str, params: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and body, at most `MOST_BYTES`, within `GEOCODER_TIMEOUT` in all."""
    if not url.startswith(("https://", "http://")):
        raise ValueError("not an HTTP address")
    deadline = time.monotonic() + settings.GEOCODER_TIMEOUT
    content = bytearray()
    with client().stream("GET", url, params=params, timeout=settings.GEOCODER_TIMEOUT) as response:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise ValueError("compressed, though it was not asked")
        for piece in response.iter_raw(16 * 1024):
            content += piece
            if len(content) > MOST_BYTES:
                raise ValueError("too long")
            # The timeout of the client is for each piece: a slow drip would pass.
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("too slow")
    return response.status_code, bytes(content)


def addresses_in(answer: Mapping[str, Any]) -> list[Address]:
    """Every address of a FeatureCollection that can be read; the others are left out."""
    read = (address_from(feature) for feature in answer["features"][:MOST_ADDRESSES])
    return [address for address in read if address is not None]


def address_from(feature: Any) -> Address | None:
    try:
        properties = feature["properties"]
        longitude, latitude = (float(number) for number in feature["geometry"]["coordinates"][:2])
    except (TypeError, KeyError, ValueError, OverflowError):
        return None
    if not isinstance(properties, dict) or not is_on_earth(latitude, longitude):
        return None
    label, code = clean(properties.get("label")), clean(properties.get("citycode"))
    if not label or not INSEE_CODE.fullmatch(code):
        return None
    whole_commune = properties.get("type") == "municipality"
    street = "" if whole_commune else clean(properties.get("name"))
    return Address(label, street, code, latitude, longitude, clean(properties.get("context")))


def is_on_earth(latitude: float, longitude: float) -> bool:
    finite = math.isfinite(latitude) and math.isfinite(longitude)
    return finite and -90 <= latitude <= 90 and -180 <= longitude <= 180


def clean(text: Any) -> str:
    """One line of at most 200 visible characters; empty for what is not a text."""
    return " ".join(NOT_IN_AN_ADDRESS.sub(" ", text[:400]).split())[:200] if isinstance(text, str) else ""
