"""Looking an address up: against a server on this machine that speaks the format, well or badly."""

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalons.sites import geocoding
from jalons.sites.geocoding import Address, Unavailable, address_at, addresses_in, search_addresses

Answer = Callable[[BaseHTTPRequestHandler], None]


def feature(label: str = "12 Rue du Pont 59000 Lille", **properties: Any) -> dict[str, Any]:
    point = properties.pop("point", [3.05, 50.62])
    told = {
        "label": label,
        "name": label.split(" 5")[0],
        "citycode": "59350",
        "city": "Lille",
        "postcode": "59000",
        "context": "59, Nord, Hauts-de-France",
        "type": "housenumber",
        "score": 0.9,
        **properties,
    }
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": point}, "properties": told}


def collection(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def body(content: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A piece now and then: each arrives in time, the whole never does. The clock of the test goes by itself."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(10):
        handler.wfile.write(b" " * 20_000)
        handler.wfile.flush()


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(2_000):
        handler.wfile.write(b"[" * 100_000)


def asleep(handler: BaseHTTPRequestHandler) -> None:
    """Says nothing until the reader has gone, which `recv` tells."""
    handler.connection.recv(1)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    answer: Answer
    asked: list[str]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that leaves early is what these tests want."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.answer(self)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    geocoding.client.cache_clear()
    geocoding.breaker.reset()
    server = Server(("127.0.0.1", 0), Handler)
    server.answer, server.asked = body(collection(feature())), []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.GEOCODER_URL = f"http://127.0.0.1:{server.server_port}/geocodage/"
    settings.GEOCODER_TIMEOUT = 5.0  # a loaded machine is not a slow service
    yield server
    server.shutdown()
    server.server_close()
    geocoding.breaker.reset()


def test_an_address_is_found(service: Server) -> None:
    assert search_addresses("12 rue du pont", insee_code="59350", near=(50.63, 3.06)) == [
        Address(
            "12 Rue du Pont 59000 Lille",
            "12 Rue du Pont",
            "59350",
            50.62,
            3.05,
            "59, Nord, Hauts-de-France",
        )
    ]
    asked = urlsplit(service.asked[0])
    assert asked.path == "/geocodage/search"
    assert parse_qs(asked.query) == {
        "q": ["12 rue du pont"],
        "limit": ["8"],
        "autocomplete": ["1"],
        "citycode": ["59350"],
        "lat": ["50.63000"],
        "lon": ["3.06000"],
    }


def test_the_address_of_a_point(service: Server) -> None:
    found = address_at(50.62, 3.05)
    assert found is not None
    assert found.street == "12 Rue du Pont"
    assert urlsplit(service.asked[0]).path == "/geocodage/reverse"
    service.answer = body(collection())
    assert address_at(0, 0) is None


def test_a_whole_commune_has_no_street(service: Server) -> None:
    service.answer = body(collection(feature("Lille", type="municipality")))
    assert [found.street for found in search_addresses("Lille")] == [""]


@pytest.mark.parametrize("text", ["", "  ", "ab", "(12)", "'; drop"])
def test_what_is_no_address_is_not_asked(service: Server, text: str) -> None:
    assert search_addresses(text) == []
    assert service.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        body(b"", 500),
        body(b"", 503),
        body(b"<html>Bonjour</html>"),
        body(b""),
        body(b"null"),
        body(b'{"features": 3}'),
        body(b"[" * 100_000),
        body(b"\xff\xfe\x00"),
        body(b'{"features": [' + b"9" * 5_000 + b"]}"),
        body(b"x" * 300_000),
        body(b"", 302, Location="http://127.0.0.1:1/secret"),
        body(collection(feature()), Content_Encoding="gzip"),
        endless,
    ],
)
def test_trouble_is_said_in_one_way(service: Server, answer: Answer) -> None:
    service.answer = answer
    with pytest.raises(Unavailable) as trouble:
        search_addresses("rue du pont")
    assert "choisissez la commune" in str(trouble.value)
    assert len(service.asked) == 1  # a redirection is not followed, nothing is tried again


def clock(monkeypatch: pytest.MonkeyPatch, *moments: float) -> None:
    """Time as `geocoding` knows it: these moments, then the last one again and again."""
    coming = itertools.chain(moments, itertools.repeat(moments[-1]))
    monkeypatch.setattr(geocoding, "time", SimpleNamespace(monotonic=lambda: next(coming)))


def test_a_service_that_says_nothing_is_not_waited_for(
    service: Server, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.GEOCODER_TIMEOUT = 0.3
    service.answer = asleep
    with pytest.raises(Unavailable):
        search_addresses("rue du pont")
    assert "(ReadTimeout)" in caplog.text


def test_a_service_that_drips_is_not_waited_for(
    service: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    service.answer = drip
    # Closed for a rest? Then the start, and each piece: the third one comes too late.
    clock(monkeypatch, 100, 100, 102, 104, 105.1)
    with pytest.raises(Unavailable):
        search_addresses("rue du pont")
    assert "(ReadTimeout)" in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "http://127.0.0.1:1",
        "http://127.0.0.1:99999999",
        "n’importe quoi",
    ],
)
def test_without_a_service(settings: Any, url: str) -> None:
    geocoding.breaker.reset()
    settings.GEOCODER_URL = url
    with pytest.raises(Unavailable):
        search_addresses("rue du pont")
    geocoding.breaker.reset()


def test_a_question_that_the_service_refuses_is_no_failure(service: Server) -> None:
    service.answer = body(b'{"code": 400}', 400)
    for _ in range(5):
        assert search_addresses("rue du pont") == []
    assert len(service.asked) == 5


def test_a_failing_service_is_left_alone_for_a_while(
    service: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.answer = body(b"", 500)
    clock(monkeypatch, 100)
    for _ in range(6):
        with pytest.raises(Unavailable):
            search_addresses("rue du pont")
    assert len(service.asked) == geocoding.FAILURES_BEFORE_REST
    clock(monkeypatch, 100 + geocoding.REST_SECONDS + 1)
    # One try; it fails, so the rest begins again at once.
    for _ in range(2):
        with pytest.raises(Unavailable):
            search_addresses("rue du pont")
    assert len(service.asked) == geocoding.FAILURES_BEFORE_REST + 1


def test_a_service_that_is_too_busy_is_left_alone_at_once(service: Server) -> None:
    service.answer = body(b"", 429)
    for _ in range(3):
        with pytest.raises(Unavailable):
            search_addresses("rue du pont")
    assert len(service.asked) == 1


def test_a_success_forgets_earlier_failures(service: Server) -> None:
    good, bad = service.answer, body(b"", 500)
    for answer in (bad, bad, good, bad, bad, good):
        service.answer = answer
        try:
            assert search_addresses("rue du pont")
        except Unavailable:
            assert answer is bad
    assert len(service.asked) == 6


@pytest.mark.parametrize(
    "broken",
    [
        None,
        3,
        {},
        {"properties": None, "geometry": {"coordinates": [3, 50]}},
        feature(point=[3]),
        feature(point=["x", "y"]),
        feature(point=[float("nan"), 50.0]),
        feature(point=[181, 50]),
        feature(point=[10**400, 50]),
        feature(citycode="../../etc"),
        feature(citycode=59350),
        feature(""),
    ],
)
def test_what_cannot_be_read_is_left_out(broken: Any) -> None:
    assert [found.label for found in addresses_in({"features": [broken, feature()]})] == [
        "12 Rue du Pont 59000 Lille"
    ]


def test_texts_are_one_short_visible_line() -> None:
    (found,) = addresses_in({"features": [feature("A\x00\n\u202eB" + "x" * 5_000)]})
    assert found.label.startswith("A B")
    assert len(found.label) == 200


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["properties", "geometry", "coordinates", "label", "citycode", "x"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.lists(anything, max_size=5))
def test_no_answer_breaks_the_reading(features: list[Any]) -> None:
    assert isinstance(addresses_in({"features": features}), list)
