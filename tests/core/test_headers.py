"""What a browser writes in its headers is understood, or is as if absent."""

from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.core import headers

WRITTEN = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80)


@given(WRITTEN)
@example("http://[::1")
@example("http://testserver:port/")
@example("//testserver/a")
@example("\x00")
def test_no_address_breaks_it(text: str) -> None:
    request = RequestFactory().get("/", headers={"HX-Current-URL": text, "Referer": text})
    for page in (headers.htmx_page(request), headers.referring_page(request)):
        assert page == "" or page.startswith("/")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("http://testserver/sites/?q=a", "/sites/?q=a"),
        ("http://testserver/sites/", "/sites/"),
        ("https://testserver/sites/", ""),
        ("http://ailleurs.test/sites/", ""),
        ("http://testserver@ailleurs.test/", ""),
        ("http://testserver//ailleurs.test/", ""),
        ("", ""),
    ],
)
def test_only_a_page_of_ours_is_gone_back_to(address: str, page: str) -> None:
    request = RequestFactory().get("/", headers={"HX-Current-URL": address, "Referer": address})
    assert (headers.htmx_page(request), headers.referring_page(request)) == (page, page)


def test_a_host_that_is_not_ours_has_no_origin(rf: RequestFactory) -> None:
    request = rf.get("/", headers={"Host": "ailleurs.test", "Origin": ""})
    assert headers.own_origin(request) == ""
    assert not headers.from_our_page(request)


# Who the visitor is ----------------------------------------------------------------------------------------


def seen_from(proxies: int, forwarded: str, settings: Any, direct: str = "10.0.0.1") -> str | None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=direct)
    return headers.client_address(request)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "10.0.0.1"),  # nobody is believed
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the left was written by the visitor
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.1"),  # came around one of the proxies
        (1, "", "10.0.0.1"),
        (1, "n’importe quoi".encode("ascii", "replace").decode(), "10.0.0.1"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8:1:2:3:4:5:6]:80", "2001:db8:1:2::"),
        (1, "2001:db8:1:2:ffff::9", "2001:db8:1:2::"),  # the same subscriber
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
        (1, "fe80::1%eth0", "fe80::"),
        (1, ", ,203.0.113.7,", "203.0.113.7"),
    ],
)
def test_the_visitor_is_counted_from_the_right(
    proxies: int, forwarded: str, address: str, settings: Any
) -> None:
    assert seen_from(proxies, forwarded, settings) == address


def test_a_socket_has_no_address(settings: Any) -> None:
    assert seen_from(0, "203.0.113.7", settings, direct="") is None


@given(WRITTEN)
def test_no_list_of_proxies_breaks_it(text: str) -> None:
    for part in (text, f"{text}, {text}"):
        headers.one_address(part)


# Sessions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["\x00" * 32, "é" * 32, "a" * 7, "a" * 200, "A" * 32, "' OR 1=1 --     "])
def test_a_cookie_that_we_did_not_make_is_no_session(value: str, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.COOKIES["sessionid"] = value
    assert headers.session_key(request) is None


def test_a_session_of_ours_is_one(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.COOKIES["sessionid"] = "0a1b2c3d" * 4
    assert headers.session_key(request) == "0a1b2c3d" * 4
