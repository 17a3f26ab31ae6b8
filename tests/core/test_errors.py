"""What people read when it does not work: in French, with the number that the journal of the server holds."""

import errno
import logging
import re
import sqlite3
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.test import Client

from jalons.core.failures import Failure, failure_of
from jalons.core.incidents import NumberIncidents, incident_of
from tests.factories import BACKEND, Cast

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"Numéro de l’incident\s:\s<b>(\w{4}-\w{4})</b>")


@pytest.fixture
def journal() -> Any:
    """The lines that the server writes, with the filter of its settings."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.addFilter(NumberIncidents())
    handler.emit = lambda record: lines.append(  # type: ignore[method-assign]
        f"{record.getMessage()} {record.exc_info and record.exc_info[1]!r}"
    )
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def inside(client: Client, cast: Cast) -> Client:
    client.force_login(cast.correspondent59, BACKEND)
    client.raise_request_exception = False
    return client


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """The page of one's own account fails so, for GET as for POST."""

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    monkeypatch.setattr("jalons.accounts.selectors.my_rights", fail)
    monkeypatch.setattr("jalons.discussions.services.set_mail_choices", fail)
    monkeypatch.setattr("jalons.accounts.services.password_was_chosen", fail)


def from_driver(kind: type[Exception], cause: BaseException) -> Exception:
    error = kind("le message du pilote")
    error.__cause__ = cause
    return error


def sqlite_error(code: int) -> Exception:
    cause = sqlite3.OperationalError("le message du pilote")
    cause.sqlite_errorcode = code
    return from_driver(OperationalError, cause)


def check(answer: Any, status: int, journal: list[str]) -> str:
    page = answer.content.decode()
    assert answer.status_code == status
    found = NUMBER.search(page.replace("\u00a0", " "))
    assert found, page
    assert any(f"Incident {found[1]}" in line for line in journal), journal
    assert '<html lang="fr">' in page
    assert answer["Cache-Control"] == "private, no-store"
    assert "message du pilote" not in page
    return page


def test_not_found(inside: Client, journal: list[str]) -> None:
    check(inside.get("/rien/de/tel/"), 404, journal)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (PermissionDenied("Seul le préfet."), 403, "Seul le préfet."),
        (Http404(), 404, "Page introuvable"),
        (SuspiciousOperation("x"), 400, "n’a pas compris"),
        (RuntimeError("x"), 500, "a rencontré une erreur"),
        (sqlite_error(sqlite3.SQLITE_FULL), 503, "Plus de place"),
        (sqlite_error(sqlite3.SQLITE_READONLY), 503, "Plus de place"),
        (sqlite_error(sqlite3.SQLITE_IOERR | 19 << 8), 503, "Plus de place"),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), 503, "ne joint plus ses données"),
        (sqlite_error(sqlite3.SQLITE_BUSY), 503, "Trop de monde à la fois"),
        (OSError(errno.ENOSPC, "x"), 503, "Plus de place"),
        (from_driver(OperationalError, psycopg.errors.DiskFull()), 503, "Plus de place"),
        (from_driver(OperationalError, psycopg.errors.AdminShutdown()), 503, "ne joint plus ses données"),
        (from_driver(OperationalError, psycopg.OperationalError("connection refused")), 503, "ne joint plus"),
        (from_driver(InterfaceError, psycopg.InterfaceError("closed")), 503, "ne joint plus"),
        (from_driver(OperationalError, psycopg.errors.TooManyConnections()), 503, "Trop de monde"),
    ],
)
def test_each_has_its_page(
    error: BaseException,
    status: int,
    words: str,
    inside: Client,
    journal: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing(monkeypatch, error)
    answer = inside.get("/mon-compte/")
    assert words in check(answer, status, journal)
    assert ("Retry-After" in answer) == (status == 503)


def test_the_exception_is_under_its_number(
    inside: Client, journal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, RuntimeError("la vraie cause"))
    number = NUMBER.search(check(inside.get("/mon-compte/"), 500, journal).replace("\u00a0", " "))[1]  # type: ignore[index]
    (line,) = [line for line in journal if number in line]
    assert "la vraie cause" in line


def test_a_form_too_long(inside: Client, journal: list[str], settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert "trop long" in check(inside.post("/compte/courriels/", {"a": "b" * 200}), 413, journal)


def test_a_form_of_too_many_lines(inside: Client, journal: list[str], settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    answer = inside.post("/compte/courriels/", {str(number): "a" for number in range(9)})
    assert "trop de lignes" in check(answer, 413, journal)


def test_a_method_that_is_not_taken(inside: Client, journal: list[str]) -> None:
    answer = inside.get("/deconnexion/")
    assert "ne s’ouvre pas ainsi" in check(answer, 405, journal)
    assert answer["Allow"] == "POST"


def test_a_host_that_is_not_ours(inside: Client, journal: list[str]) -> None:
    answer = inside.get("/mon-compte/", headers={"Host": "ailleurs.test"})
    assert "n’est pas à cette adresse" in check(answer, 400, journal)


def test_a_form_out_of_date(cast: Cast, journal: list[str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.correspondent59, BACKEND)
    check(client.post("/mon-compte/mot-de-passe/", {"a": "b"}), 403, journal)
    kept = client.post(
        "/mon-compte/mot-de-passe/", {"note": "mot à mot"}, headers={"Origin": "http://testserver"}
    )
    assert "mot à mot" in check(kept, 403, journal)


def test_what_was_typed_stays_on_the_page(
    inside: Client, journal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jalons.accounts.views.ChangePasswordForm", full_disk)
    typed = {
        "note": "Trois familles\r\nà revoir",
        "old_password": "secret de personne",
        "submission_key": "k",
    }
    page = check(inside.post("/mon-compte/mot-de-passe/?de=ici", typed), 503, journal)
    assert "rien n’est enregistré" in page
    assert 'action="/mon-compte/mot-de-passe/?de=ici"' in page
    assert "Trois familles<br>à revoir" in page
    assert '<input type="hidden" name="note" value="Trois familles\r\nà revoir">' in page
    assert '<input type="hidden" name="submission_key" value="k">' in page, (
        "deux envois n’écrivent qu’une fois"
    )
    assert "secret de personne" not in page


def full_disk(*args: Any, **kwargs: Any) -> Any:
    raise sqlite_error(sqlite3.SQLITE_FULL)


def test_signing_in_again_loses_nothing_when_the_disk_is_full(
    client: Client, cast: Cast, journal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of sign-in carries what an earlier page held: so does the page of the failure."""
    monkeypatch.setattr("jalons.accounts.opening.login", full_disk)
    client.raise_request_exception = False
    kept = '{"path": "/mon-compte/", "fields": [["a", "mot à mot"]], "files": []}'
    data = {"username": cast.mairie.email, "password": "une longue phrase de passe", "kept": kept}
    monkeypatch.setattr("jalons.accounts.views.SignInForm.is_valid", lambda self: True)
    monkeypatch.setattr("jalons.accounts.views.SignInForm.get_user", lambda self: cast.mairie)
    assert "mot à mot" in check(client.post("/connexion/", data), 503, journal)


# Failures --------------------------------------------------------------------------------------------------


def test_what_is_not_a_failure_of_the_server() -> None:
    assert failure_of(None) is None
    assert failure_of(ValueError("x")) is None
    assert failure_of(FileNotFoundError(errno.ENOENT, "x")) is None
    assert failure_of(OperationalError("no such table: x")) is None
    assert failure_of(sqlite_error(sqlite3.SQLITE_ERROR)) is None
    assert failure_of(from_driver(OperationalError, psycopg.errors.UndefinedTable())) is None


def test_a_failure_is_seen_under_what_it_caused() -> None:
    error = RuntimeError("en fermant")
    error.__context__ = sqlite_error(sqlite3.SQLITE_FULL)
    assert failure_of(error) is Failure.FULL


def test_one_number_a_request(rf: Any) -> None:
    request = rf.get("/")
    assert incident_of(request) == incident_of(request) != incident_of(rf.get("/"))
