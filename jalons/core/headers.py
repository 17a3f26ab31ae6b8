"""Every header that Jalons reads, through one guard: a browser or a stranger may write anything there.

A test refuses a header that is read elsewhere. Nothing here raises; what cannot be understood is as if absent.
"""

import ipaddress
import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from jalons.core.resume import is_local

SESSION_KEY = re.compile(r"[a-z0-9]{8,40}")  # as Django makes them
IPV6_SUBSCRIBER = 64  # bits: one subscriber holds all the addresses that share them


def header(request: HttpRequest, name: str) -> str:
    return str(request.headers.get(name, ""))


def cookie(request: HttpRequest, name: str) -> str:
    return str(request.COOKIES.get(name, ""))


def without_cookies(request: HttpRequest) -> bool:
    """A visitor who shows no session and has no message waiting: what they get is the same for everybody."""
    return not header(request, "Cookie")


def split(address: str) -> SplitResult | None:
    """The parts of an address; None when it is not one (« http://[::1 »)."""
    try:
        parts = urlsplit(address)
        _ = parts.hostname, parts.port  # read now: a wrong port is only refused when it is asked for
    except ValueError:
        return None
    return parts


def by_htmx(request: HttpRequest) -> bool:
    """Is this a piece of a page, asked for by htmx?"""
    return header(request, "HX-Request") == "true"


def wants_json(request: HttpRequest) -> bool:
    return header(request, "Accept").startswith("application/json")


def own_origin(request: HttpRequest) -> str:
    """`scheme://host` as this visitor sees us; empty for a host that we do not serve."""
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""


def from_our_page(request: HttpRequest) -> bool:
    """The browser itself says that the form stood on a page of ours; no other site can make it say so."""
    return bool(own_origin(request)) and header(request, "Origin") == own_origin(request)


def htmx_page(request: HttpRequest) -> str:
    """The page of ours in which htmx works; nothing when it does not say, or says another site."""
    return our_page(request, header(request, "HX-Current-URL"))


def referring_page(request: HttpRequest) -> str:
    """The page of ours that led here; nothing when the browser does not say."""
    return our_page(request, header(request, "Referer"))


def our_page(request: HttpRequest, address: str) -> str:
    parts = split(address)
    if parts is None or f"{parts.scheme}://{parts.netloc}" != own_origin(request):
        return ""
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if is_local(path) else ""


def session_key(request: HttpRequest) -> str | None:
    """The session that the visitor shows; a cookie may quote any character, and a database refuses some."""
    key = cookie(request, settings.SESSION_COOKIE_NAME)
    return key if SESSION_KEY.fullmatch(key) else None


def client_address(request: HttpRequest) -> str | None:
    """Where the visitor is, as the nearest of our `TRUSTED_PROXIES` saw them; None when nobody knows.

    Each proxy adds, on the right of `X-Forwarded-For`, who spoke to it: with two proxies the visitor is the second
    from the right, and what stands further left was written by themselves. A request that came around the proxies
    is known by its own address.
    """
    hops = [part.strip() for part in header(request, "X-Forwarded-For").split(",") if part.strip()]
    count = settings.TRUSTED_PROXIES
    direct = one_address(str(request.META.get("REMOTE_ADDR", "")))
    if not count or len(hops) < count:
        return direct
    return one_address(hops[-count]) or direct


def one_address(text: str) -> str | None:
    """« 203.0.113.7 », « 203.0.113.7:4711 », « [2001:db8::1]:80 »; in IPv6, the network of the subscriber."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address: Any = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_SUBSCRIBER), strict=False).network_address)
