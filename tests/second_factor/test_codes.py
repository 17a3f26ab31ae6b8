"""Codes: what is accepted, and what is said of what is not."""

import re
import time

import pytest
from django_otp.oath import totp
from hypothesis import given
from hypothesis import strategies as st

from jalons.second_factor import codes
from jalons.second_factor.models import CodeApplication, digest_of
from jalons.second_factor.services import new_code
from tests.second_factor.making import KEY

NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW)


def shown(offset: int) -> str:
    return f"{totp(bytes.fromhex(KEY), t0=time_zero(offset)):06d}"


def time_zero(offset: int) -> int:
    """django-otp reads the clock by itself: moving the origin is moving the phone."""
    return -30 * offset


@pytest.fixture
def device() -> CodeApplication:
    return CodeApplication(key=KEY)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("1234567", ""),
        ("12a456", ""),
        ("", ""),
        ("١٢٣٤٥٦", ""),
    ],
)
def test_six_figures(typed: str, read: str) -> None:
    assert codes.figures_of(typed) == read


def phone_code(device: CodeApplication, offset: int) -> str:
    reading = codes.steps_of(device)
    reading.drift += offset
    return f"{reading.token():06d}"


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (0, "a déjà servi"),
        (-1, "a déjà servi"),
        (1, "a déjà servi"),
        (2, "n’est pas le bon"),
        (-codes.HOUR, "a une heure d’écart"),
        (codes.HOUR, "a une heure d’écart"),
        (codes.HOUR + 1, "a une heure d’écart"),
        (codes.HOUR + 2, "n’est pas le bon"),
        (2 * codes.HOUR, "n’est pas le bon"),
    ],
)
def test_why_a_code_is_refused_when_signing_in(device: CodeApplication, offset: int, words: str) -> None:
    """Wider gaps are not looked for there: the answer would tell a guesser of codes to come."""
    assert words in codes.refusal_in_words(device, phone_code(device, offset))


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (-codes.HOUR, "a une heure d’écart\u00a0: elle a du retard"),
        (10, "a 5\u00a0min d’écart\u00a0: elle est en avance"),
        (-codes.HOUR - 60, "a 1\u00a0h 30\u00a0min d’écart"),
        (codes.WIDEST, "a 12\u00a0h d’écart"),
        (codes.WIDEST + 1, "n’est pas le bon"),
    ],
)
def test_while_the_application_is_added_the_gap_is_said(
    device: CodeApplication, offset: int, words: str
) -> None:
    assert words in codes.first_refusal_in_words(device, phone_code(device, offset))


@given(st.text(alphabet="ABCDEFGHJKMNPQRSTVWXYZ23456789", min_size=10, max_size=10))
def test_a_recovery_code_is_read_however_it_is_typed(letters: str) -> None:
    written = digest_of(f"{letters[:5]}-{letters[5:]}".lower())
    assert digest_of(letters) == digest_of(f" {letters[:3]} {letters[3:]}\u00a0") == written
    assert letters.lower() not in written


def test_recovery_codes_have_no_letter_that_looks_like_another() -> None:
    assert all(re.fullmatch(r"[2-9a-hjkmnp-tv-z]{5}-[2-9a-hjkmnp-tv-z]{5}", new_code()) for _ in range(50))
