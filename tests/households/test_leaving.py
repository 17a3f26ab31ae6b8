"""Leaving with everything in one sealed file, then leaving nothing behind."""

import base64
import datetime as dt
import hashlib
import hmac
import io
import json
import struct
import tempfile
import zlib
from typing import Any
from unittest import mock
from uuid import UUID

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalons.households.claims.access import access_document
from jalons.households.enums import ErasureReason, RegisterAct
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.keys import destroy_key
from jalons.households.leaving.forms import DESTROY, TakeForm
from jalons.households.leaving.services import destroy_register, whole_register
from jalons.households.leaving.whole import WholeRegister
from jalons.households.models import (
    Household,
    HouseholdKey,
    Register,
    RegisterErasure,
    RegisterKeyCopy,
    RegisterMember,
    RegisterReading,
)
from jalons.households.selectors import merge_obstacle
from jalons.households.services import create_register
from jalons.households.sheets.services import FamilySave, create_family
from jalons.households.vault import UnreadableSeal
from jalons.households.vault.archive import ciphered, sealed_archive
from jalons.households.vault.codes import proposed_phrase
from tests.factories import Cast, organisation_of
from tests.households.opening import client_of, opened_for
from tests.households.test_claims import family_in

CODE, PHRASE = "péniche du matin 7", "k7mq-2w9x-hh4z-p0rt-5vbn-8dce"
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 30)
# « Bonjour » in b.txt under « jalons-essai », as 7-Zip writes it (7za a -tzip -mem=AES256): stored, not deflated.
BY_7ZIP = base64.b64decode(
    "UEsDBDMDAQBjAMmpfl0AAAAAIwAAAAcAAAAFAAsAYi50eHQBmQcAAgBBRQMAABJPkNhszZPxixRNCEiWVh9QyGvFXB4kUPPWIwL83zQ3Ny/+UEsB"
    "Aj8DMwMBAGMAyal+XQAAAAAjAAAABwAAAAUALwAAAAAAAAAggKSBAAAAAGIudHh0CgAgAAAAAAABABgAALGUwg+B3QEAsZTCD4HdAQCxlMIPgd0B"
    "AZkHAAIAQUUDAABQSwUGAAAAAAEAAQBiAAAAUQAAAAAA"
)


def read_archive(blob: bytes, phrase: str) -> dict[str, bytes]:
    """What a program that knows the format alone reads: from the directory at the end, as they do."""
    count, _, start = struct.unpack_from("<HLL", blob, blob.rindex(b"PK\5\6") + 10)
    files = {}
    for _ in range(count):
        _, sizes, local = blob[start : start + 4], struct.unpack_from("<LLHHH", blob, start + 20), start + 42
        packed, size, name, extra, comment = sizes
        at = struct.unpack_from("<L", blob, local)[0]
        title = blob[start + 46 : start + 46 + name].decode()
        inner, outer = struct.unpack_from("<HH", blob, at + 26)
        fields = blob[at + 30 + inner : at + 30 + inner + outer]
        vendor, strength, method = struct.unpack("<H2xBH", fields[fields.index(b"\x01\x99") + 4 :][:7])
        assert (vendor, strength) == (2, 3)
        sealed = blob[at + 30 + inner + outer :][:packed]
        files[title] = opened_file(sealed, phrase, deflated=method == 8)
        assert len(files[title]) == size
        start += 46 + name + extra + comment
    return files


def opened_file(sealed: bytes, phrase: str, *, deflated: bool) -> bytes:
    keys = hashlib.pbkdf2_hmac("sha1", phrase.encode(), sealed[:16], 1000, 66)
    if sealed[16:18] != keys[64:]:
        raise PermissionError
    body, mac = sealed[18:-10], sealed[-10:]
    assert hmac.compare_digest(hmac.digest(keys[32:64], body, "sha1")[:10], mac)
    return zlib.decompress(ciphered(body, keys[:32]), -15) if deflated else ciphered(body, keys[:32])


def test_the_archive_is_what_7zip_reads_and_writes() -> None:
    assert read_archive(BY_7ZIP, "jalons-essai") == {"b.txt": b"Bonjour"}
    files = {"a.txt": b"", "b.txt": b"x" * 15, "c.txt": "Élodie ".encode() * 4000}
    blob = sealed_archive(files, PHRASE, DAY)
    assert read_archive(blob, PHRASE) == files
    assert sealed_archive(files, PHRASE, DAY) != blob  # a salt of its own each time
    with pytest.raises(PermissionError):
        read_archive(blob, PHRASE + "x")
    altered = blob.replace(blob[60:64], bytes(4), 1)
    with pytest.raises((AssertionError, PermissionError)):
        read_archive(altered, PHRASE)
    with pytest.raises(UnicodeEncodeError):
        sealed_archive(files, "péniche", DAY)


def test_a_weak_phrase_is_refused_and_its_strength_said() -> None:
    user = mock.Mock(**{"check_password.side_effect": "motdepasse".__eq__})

    def refused(phrase: str, again: str = "", code: str = CODE) -> str:
        form = TakeForm({"phrase": phrase, "again": again or phrase, "take_code": code}, user=user)
        return "" if form.is_valid() else form.errors.as_text()

    assert "il en faut de 20" in refused("court")
    assert "sans accents" in refused("péniche du matin très longue")
    assert "Force" in refused("aaaaaaaaaaaaaaaaaaaaaaaa")
    assert "pas les mêmes" in refused(PHRASE, PHRASE.upper())
    assert "code du registre" in refused(PHRASE, code=PHRASE)
    assert [refused(proposed_phrase()) for _ in range(20)] == [""] * 20


def test_nothing_known_of_a_person_is_left_out_of_what_is_handed_over() -> None:
    """The copy for the family and the workbook say « tout »: where people are nationals of is part of it."""
    person = FamilyMember("ana", 1990, "f", "reference", "Ana", "Popescu", "european")
    family = FollowedFamily("h", (person,))
    copy = access_document(family, reference="M-0001", organisation="Les amis", today=DAY, names={})
    whole = WholeRegister("Les amis", DAY, [("M-0001", family)])
    book = openpyxl.load_workbook(io.BytesIO(whole.workbook()))
    known = ("Popescu", 1990, "Femme ou fille", "Ressortissants européens")
    assert [words for words in known if str(words) not in repr(copy.blocks)] == []
    assert [words for words in known if words not in [cell.value for cell in book["Personnes"][2]]] == []


@pytest.mark.django_db
def test_a_responsible_person_takes_everything_then_destroys_it(cast: Cast) -> None:
    user, organisation = cast.operator_a, organisation_of(cast.operator_a)
    register, _ = create_register(user=user, organisation=organisation, code=CODE)
    client = client_of(user, register)
    family_in(register)
    tricky = edits.with_member(
        FollowedFamily(""), FamilyMember("zoé", 1980, "f", "reference", "=1+1", "<r>Zoé</r> 🌻"), NOW
    )
    tricky = edits.with_fact(
        tricky, FamilyFact("n", "visit", since=dt.date(2026, 2, 1), text="@SUM(A1)\nsuite"), NOW
    )
    second = store(register, tricky)
    lost = family_in(register)
    destroy_key(None, lost.pk)
    stranger = family_in(opened_for(cast.operator_b))
    take, destroy, page = (reverse(f"households:{name}") for name in ("take", "destroy", "leave"))

    shown = client.get(page)
    assert "3 ménages" in " ".join(shown.content.decode().split())
    assert shown["Cache-Control"].find("no-store") >= 0
    sent = {"phrase": PHRASE, "again": PHRASE, "take_code": CODE}
    refused = client.post(take, sent | {"take_code": "un autre code 9"})
    assert "Ce n’est pas votre code." in refused.content.decode()
    assert PHRASE not in refused.content.decode()
    with (
        mock.patch.object(tempfile, "_mkstemp_inner", side_effect=AssertionError("in clear on the disk")),
        mock.patch.object(tempfile, "mkdtemp", side_effect=AssertionError("in clear on the disk")),
    ):
        answer = client.post(take, sent)
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert b"Popescu" not in answer.content
    files = read_archive(answer.content, PHRASE)
    document = json.loads(files["registre.json"])
    assert [household["reference"] for household in document["households"]] == ["M-0001", "M-0002"]
    assert document["unreadable"] == ["M-0003"]
    assert "M-0003" in files["LISEZ-MOI.txt"].decode()
    assert document["households"][1]["facts"][0]["text"] == "@SUM(A1)\nsuite"
    book = openpyxl.load_workbook(io.BytesIO(files["registre.xlsx"]))
    assert [[cell.value for cell in row] for row in book["Ménages"].iter_rows(min_row=2, max_col=2)] == [
        ["M-0001", 2],
        ["M-0002", 1],
    ]
    name = book["Personnes"]["B4"]
    assert (name.value, name.data_type, name.quotePrefix) == ("=1+1", "s", True)
    facts = [[cell.value for cell in row] for row in book["Faits"].iter_rows(min_row=2)]
    assert ["M-0001", "Ion Popescu", "Scolarité", "Élémentaire"] in [row[:4] for row in facts]
    assert book["Faits"].cell(4, 8).quotePrefix
    assert acts(organisation).count(RegisterAct.TAKEN) == 1

    # Destroyed only by whoever knows the code, writes the words, and was told of all that is lost.
    sent = {"words": "tout  supprimer", "households": "3", "destroy_code": CODE}
    for wrong in (
        {"words": "oui"},
        {"households": "2"},
        {"households": ""},
        {"destroy_code": "autre chose 9"},
    ):
        assert client.post(destroy, sent | wrong).status_code == 200
        assert HouseholdKey.objects.filter(organisation=organisation).count() == 2
    assert RegisterAct.DESTROYED not in acts(organisation)
    assert merge_obstacle(organisation_of(cast.operator_b), organisation)
    assert client.post(destroy, sent).status_code == 302
    for model in (Household, HouseholdKey):
        assert not model.objects.filter(organisation=organisation).exists()
        assert model.objects.filter(organisation_id=stranger.organisation_id).count() == 1
    assert not RegisterMember.objects.filter(user=user).exists()
    assert not RegisterKeyCopy.objects.filter(register__organisation=organisation).exists()
    assert set(RegisterErasure.objects.values_list("number", "why")) == {
        (number, ErasureReason.LEAVING) for number in (1, 2, 3)
    }
    assert acts(organisation).count(RegisterAct.DESTROYED) == 1
    assert not merge_obstacle(organisation_of(cast.operator_b), organisation)
    assert "n’a pas encore de registre" in client.get(reverse("households:home")).content.decode()
    assert client.post(destroy, sent).status_code == 404  # sent twice
    # An old copy of the row, as in a backup, reads no more: its key is gone.
    assert second.pk not in {*HouseholdKey.objects.values_list("household", flat=True)}


def store(register: Any, family: FollowedFamily) -> Household:
    return create_family(FamilySave(register, "1", NOW, NOW.date()), UUID(int=2), family)


def acts(organisation: Any) -> list[str]:
    return list(RegisterReading.objects.filter(organisation=organisation).values_list("act", flat=True))


@pytest.mark.django_db
def test_who_is_not_responsible_takes_and_destroys_nothing(cast: Cast) -> None:
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    family_in(register)
    assert "partir" not in client.get(reverse("households:team")).content.decode()
    assert client.get(reverse("households:leave")).status_code == 403
    sent = {"phrase": PHRASE, "again": PHRASE, "take_code": CODE, "destroy_code": CODE}
    sent |= {"words": DESTROY, "households": "1"}
    for name in ("take", "destroy"):
        assert client.post(reverse(f"households:{name}"), sent).status_code == 403
    assert HouseholdKey.objects.count() == 1
    stored = Register.objects.get()
    # The key changed since this register was opened: nothing is destroyed by who may have been withdrawn.
    Register.objects.update(key_version=2)
    with pytest.raises(UnreadableSeal):
        destroy_register(register, households=1, on=DAY)
    assert Household.objects.count() == 1
    Register.objects.filter(pk=stored.pk).update(key_version=1)
    whole_register(register, cast.operator_a, organisation="A", today=DAY)  # what the person may read is kept
    with CaptureQueriesContext(connection) as few:
        whole_register(register, cast.operator_a, organisation="A", today=DAY)
    for _ in range(4):
        family_in(register)
    with CaptureQueriesContext(connection) as many:
        whole = whole_register(register, cast.operator_a, organisation="A", today=DAY)
    assert len(whole.families) == 5
    assert len(many) == len(few)
