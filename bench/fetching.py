"""Asking for a page as a signed-in person: inside this process, or through a real server."""

import contextlib
import gzip
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPMessage
from typing import Any, Protocol

from django.conf import settings
from django.test import Client

from jalons.accounts.models import User

BACKEND = "jalons.accounts.backends.SessionBackend"


@dataclass(frozen=True, slots=True)
class Answer:
    """`compressed`: bytes on the wire; `body` is only kept when asked for."""

    status: int
    location: str
    compressed: int
    size: int
    body: bytes = b""


class Fetcher(Protocol):
    def fetch(self, path: str, data: Mapping[str, Any] | None = None, *, keep: bool = False) -> Answer: ...


def signed_in(email: str) -> Client:
    client = Client(raise_request_exception=False, headers={"accept-encoding": "gzip"})
    client.force_login(User.objects.get(email=email), BACKEND)
    return client


class InProcess:
    """Django's own client: no network, so that what is timed is Jalons."""

    def __init__(self, email: str) -> None:
        self.client = signed_in(email)

    def fetch(self, path: str, data: Mapping[str, Any] | None = None, *, keep: bool = False) -> Answer:
        response = self.client.get(path) if data is None else self.client.post(path, data)
        location = response.headers.get("Location", "")
        if response.streaming and not keep:
            sent = sum(len(part) for part in response.streaming_content)
            return Answer(response.status_code, location, sent, sent)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        body = gzip.decompress(content) if response.headers.get("Content-Encoding") == "gzip" else content
        return Answer(response.status_code, location, len(content), len(body), body if keep else b"")


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirection is an answer: it is not followed."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class ThroughServer:
    """Gunicorn and HTTP, as a browser on this machine would see it."""

    def __init__(self, email: str, origin: str) -> None:
        self.origin, self.opener = origin, urllib.request.build_opener(Stay)
        cookies = signed_in(email).cookies
        self.cookies = {settings.SESSION_COOKIE_NAME: cookies[settings.SESSION_COOKIE_NAME].value}

    def fetch(self, path: str, data: Mapping[str, Any] | None = None, *, keep: bool = False) -> Answer:
        body = None if data is None else urllib.parse.urlencode(data).encode()
        headers = {
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        request = urllib.request.Request(self.origin + path, body, headers)
        try:
            with self.opener.open(request) as response:
                return self.answer(response.status, response.headers, response.read(), keep)
        except urllib.error.HTTPError as error:
            return self.answer(error.code, error.headers, error.read(), keep)

    def answer(self, status: int, headers: HTTPMessage, content: bytes, keep: bool) -> Answer:
        for cookie in headers.get_all("Set-Cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        body = gzip.decompress(content) if headers.get("Content-Encoding") == "gzip" else content
        return Answer(status, headers.get("Location", ""), len(content), len(body), body if keep else b"")


def free_address() -> str:
    """A port of this machine that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A Gunicorn of one worker on this base; gives its origin."""
    address = free_address()
    command = [sys.executable, "-m", "gunicorn", "--bind", address, "--workers", "1", "--threads", "2"]
    process = subprocess.Popen([*command, "--log-level", "error", "jalons.config.wsgi"], env=os.environ)
    try:
        wait_for(process, f"http://{address}/sante")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    """However slow the machine, until the server answers or stops."""
    while process.poll() is None:
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("Le serveur de mesure n'a pas démarré.")
