"""Fifty names in a register: nothing of what the server keeps holds any of them, in any guise."""

import base64
import logging
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.views.debug import ExceptionReporter

from jalons.accounts.models import Organisation
from jalons.backups import engines
from jalons.households import session
from jalons.households.keys import learn_keys, new_household_key, opened
from jalons.households.management.commands import try_without_code
from jalons.households.models import Household, RegisterImport, RegisterMember
from jalons.households.services import create_register, open_register
from tests.factories import make_cast
from tests.households.opening import client_of, opened_for
from tests.imports.writing import DrawnSheet, write_xlsx

NAMES = [f"Stoica-{chr(65 + number % 26)}{number:02d}escu Élodie" for number in range(50)]
CODE = "péniche du matin 7"
DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
IN_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")


def guises(name: str) -> set[bytes]:
    raw = name.encode()
    whole = {
        raw,
        raw.hex().encode(),
        name.encode("utf-16-le"),
        name.encode("utf-16-be"),
        name.encode("latin-1"),
    }
    return whole | {ascii(name).strip("'").encode(), name.encode("utf-7")}


def unpacked(blob: bytes) -> Iterator[bytes]:
    """The bytes themselves, and what they hold in base64 or deflated; one in the other too."""
    yield blob
    for run in IN_BASE64.findall(blob):
        for shift in range(4):
            text = run[shift:].replace(b"-", b"+").replace(b"_", b"/")
            text = text[:-1] if len(text) % 4 == 1 else text
            inner = base64.b64decode(text + b"=" * (-len(text) % 4))
            yield inner
            yield from inflated(inner)
    yield from inflated(blob)


def inflated(blob: bytes) -> Iterator[bytes]:
    for start in DEFLATED.finditer(blob):
        try:
            yield zlib.decompressobj().decompress(blob[start.start() : start.start() + 50_000], 100_000)
        except zlib.error:
            continue


def names_in(blob: bytes) -> set[str]:
    pieces = b"\n".join(unpacked(blob))
    return {name for name in NAMES if any(guise in pieces for guise in guises(name))}


def everything_kept(data: Path) -> bytes:
    """Every column of every table, the files of the base or dumps of it, and the files of the instance."""
    kept: list[bytes] = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                kept += [
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    for value in row
                ]
    if connection.vendor == "postgresql":
        for form in ("plain", "custom"):
            dump = data / f"essai.{form}"
            engines.run("pg_dump", f"--format={form}", f"--file={dump}", f"--dbname={engines.address()}")
            assert b"households_household" in dump.read_bytes()
    if connection.vendor == "sqlite":
        base = Path(str(connection.settings_dict["NAME"]))
        kept += [path.read_bytes() for path in base.parent.glob(f"{base.name}*")]
    kept += [path.read_bytes() for path in data.rglob("*") if path.is_file()]
    return b"\n".join(kept)


@pytest.mark.django_db(transaction=True)
def test_no_name_is_kept_anywhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    user = make_cast().operator_a
    organisation: Organisation = user.memberships.get().organisation
    register, _ = create_register(user=user, organisation=organisation, code=CODE)
    for number, name in enumerate(NAMES, 1):
        with transaction.atomic():
            household = Household(pk=UUID(int=number), organisation=organisation, number=number)
            new_household_key(register, household)
            household.content = register.seal(household.pk, "content", f'{{"name": "{name}"}}'.encode())
            household.summary = register.seal(household.pk, "summary", name.encode())
            household.save(force_insert=True)
    client = client_of(user, register)
    for page in ("/registre/menages/", "/registre/equipe/", f"/registre/menages/{UUID(int=1)}/"):
        assert client.get(page).status_code < 500
    for name in NAMES[:5]:  # typed, searched, sent when the register is locked, and to where nothing is
        client.post("/registre/menages/", {"q": name})
        client.post("/registre/equipe/inviter/", {"person": name})
        client.post("/registre/ouvrir/", {"code": name})
        client.post("/registre/menages/nouveau/", {"name": name})
        client.get("/registre/nulle-part/")
    given_as_a_table(client)
    client.post("/registre/fermer/")
    client.post("/registre/tableaux/", {"pasted": f"Nom\tPrénom\n{NAMES[5]}\tAna"})
    client.post("/registre/menages/nouveau/", {"name": NAMES[6]})
    client.logout()
    client.post("/registre/menages/nouveau/", {"name": NAMES[7]})
    assert names_in(everything_kept(settings.DATA_DIR)) == set()
    assert names_in(caplog.text.encode()) == set()
    without_a_code(user)


def given_as_a_table(client: Any) -> None:
    """In a file that bears a name: read, stored, undone, stored again; and files that are not read."""
    rows = [[number, name, f"vu {name}", name] for number, name in enumerate(NAMES, 1)]
    head = ["Famille", "Nom et prénom", "Observations", "N° sécu"]
    content = write_xlsx([DrawnSheet(NAMES[0][:20], [head, *rows])])
    answer = client.post("/registre/tableaux/", {"file": SimpleUploadedFile(f"{NAMES[0]}.xlsx", content)})
    address = answer["Location"].removesuffix("colonnes/")
    assert "Stoica-A00escu" in client.get(address).content.decode()
    assert client.get(answer["Location"]).status_code == 200
    for act in ("enregistrer", "annuler", "enregistrer"):
        client.post(f"{address}{act}/", {"version": RegisterImport.objects.get().version})
    assert Household.objects.count() == 2 * len(NAMES)
    client.post(address, {"version": 9, "famille-0": NAMES[1], "sens-0": NAMES[2]})
    for broken in (content[:-60], b"%PDF-1.4 " + NAMES[0].encode()):
        client.post("/registre/tableaux/", {"file": SimpleUploadedFile(f"{NAMES[0]}.xlsx", broken)})
    client.post("/registre/tableaux/", {"pasted": "\n".join(NAMES)})


def without_a_code(user: Any) -> None:
    """The same rows, with the settings and the secret key, open nothing; with the code, everything."""
    call_command("try_without_code")
    member = RegisterMember.objects.select_related("register").get(user=user)
    register = open_register(member, CODE)
    row = Household.objects.select_related("key").get(number=1)
    learn_keys(register, [row])
    assert opened(register, row, "summary") == NAMES[0].encode()
    # What the command tries does open, when it is the right key.
    with (
        mock.patch.object(try_without_code, "candidate_keys", return_value=[*register._keys.values()]),
        pytest.raises(CommandError),
    ):
        call_command("try_without_code")


@pytest.mark.parametrize("name", NAMES[:2])
def test_the_search_sees_every_guise(name: str) -> None:
    raw = name.encode()
    hidden = [
        raw,
        name.encode("utf-16-le"),
        base64.b64encode(b"x" + raw),
        base64.urlsafe_b64encode(b"xy" + raw),
        zlib.compress(raw * 3),
        base64.b64encode(zlib.compress(raw * 3)),
        ascii(name).encode(),
    ]
    for blob in hidden:
        assert names_in(b"\0\1garbage " + blob + b" more") == {name}, blob
    assert names_in(b"rien du tout") == set()


@pytest.mark.django_db
def test_an_error_report_holds_neither_the_key_of_the_browser_nor_what_was_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As it would be mailed, whole: cookies, headers, fields, and the variables of each frame."""
    user = make_cast().operator_a
    register = opened_for(user)
    client = client_of(user, register)
    client.raise_request_exception = False
    key, held = client.cookies[session.COOKIE].value, client.cookies["sessionid"].value
    reports: list[str] = []

    def broken(opened_register: Any, *given: Any, **more: Any) -> None:
        inside = opened_register.sealed_under(b"k" * 32, NAMES[0])
        raise RuntimeError(len(inside))

    def report(request: Any, **more: Any) -> None:
        reporter = ExceptionReporter(request, *sys.exc_info())
        reports.extend([reporter.get_traceback_text(), reporter.get_traceback_html()])

    monkeypatch.setattr("jalons.households.sheets.views.listing.family_lines", broken)
    got_request_exception.connect(report)
    try:
        client.post("/registre/menages/", {"query": NAMES[0]})
    finally:
        got_request_exception.disconnect(report)
    assert len(reports) == 2
    for text in reports:
        assert "registre" in text
        assert not [secret for secret in (key, held, NAMES[0], session.COOKIE + "=") if secret in text]
