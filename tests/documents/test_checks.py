"""What a file is, and what it is not."""

import contextlib
import hashlib
import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from hypothesis import given
from hypothesis import strategies as st

from jalons.documents.checks import check_upload, clean_name, size_in_words
from jalons.documents.enums import DocumentType
from tests.documents.files import BAD, GOOD, PDF, archive, openxml


def check(name: str, content: bytes) -> Any:
    return check_upload(SimpleUploadedFile("x", content), name=name)


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_taken_whole(name: str) -> None:
    content = GOOD[name]
    upload = check(name, content)
    assert upload.kind == name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    assert (upload.size, upload.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert upload.file.read() == content


def test_what_word_writes_is_taken() -> None:
    buffer = BytesIO()
    document = Word()
    document.add_paragraph("Compte rendu")
    document.save(buffer)
    assert check("compte rendu.docx", buffer.getvalue()).kind == DocumentType.DOCX


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_french(name: str) -> None:
    content, said = BAD[name]
    with pytest.raises(ValidationError) as refusal:
        check(name, content)
    assert said in refusal.value.messages[0]


def test_too_large_says_how_much(settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 2048
    with pytest.raises(ValidationError) as refusal:
        check("plan.pdf", PDF + b" " * 4096)
    assert "pèse 4,1\u00a0Ko\u00a0: 2\u00a0Ko au plus" in refusal.value.messages[0]


def test_a_file_of_exactly_the_limit_is_taken(settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 2048
    assert check("plan.pdf", PDF.ljust(2048)).size == 2048
    with pytest.raises(ValidationError, match="au plus"):
        check("plan.pdf", PDF.ljust(2049))


def test_a_file_unfolds_to_exactly_what_is_allowed(settings: Any) -> None:
    content = openxml("docx", parts={"word/media/vide.bin": b"\0" * 100_000})
    with zipfile.ZipFile(BytesIO(content)) as archived:
        unfolded = sum(member.file_size for member in archived.infolist())
    spare = 40 - unfolded % 40
    exact = openxml("docx", parts={"word/media/vide.bin": b"\0" * (100_000 + spare)})
    settings.DOCUMENT_MAX_BYTES = (unfolded + spare) // 40
    assert len(exact) <= settings.DOCUMENT_MAX_BYTES
    assert check("plan.docx", exact).kind == DocumentType.DOCX
    with pytest.raises(ValidationError, match="démesuré"):
        check("plan.docx", openxml("docx", parts={"word/media/vide.bin": b"\0" * (100_001 + spare)}))


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (82, "82 octets"),
        (1023, "1\u202f023 octets"),
        (1024, "1 Ko"),
        (1024 * 1024 - 1, "1\u202f024 Ko"),
        (1024 * 1024, "1 Mo"),
        (870_000, "850 Ko"),
        (1_258_292, "1,2 Mo"),
        (15 * 1024 * 1024, "15 Mo"),
        (2_000 * 1024 * 1024, "2\u202f000 Mo"),
    ],
)
def test_sizes_in_words(size: int, said: str) -> None:
    assert size_in_words(size).replace("\u00a0", " ") == said


def test_what_unfolds_beyond_measure_is_refused(settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 10_000
    bomb = openxml("docx", parts={"word/media/vide.bin": b"\0" * 1_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(ValidationError, match="démesuré"):
        check("bombe.docx", bomb)
    many = archive({f"f{number}": "" for number in range(10_001)})
    settings.DOCUMENT_MAX_BYTES = 10_000_000
    with pytest.raises(ValidationError, match="démesuré"):
        check("bombe.docx", many)


def test_types_are_a_setting(settings: Any) -> None:
    settings.DOCUMENT_TYPES = ["txt", "docm", "exe"]
    assert check("note.txt", b"bonjour").kind == DocumentType.TXT
    for name in ("plan.pdf", "macros.docm", "outil.exe"):
        with pytest.raises(ValidationError) as refusal:
            check(name, PDF)
        assert "Types acceptés\u00a0: TXT." in refusal.value.messages[0]


@given(st.sampled_from(sorted(GOOD)), st.integers(0, 3000), st.binary(max_size=40))
def test_damaged_files_never_break_the_page(name: str, at: int, noise: bytes) -> None:
    content = GOOD[name]
    at = min(at, len(content))
    with contextlib.suppress(ValidationError):
        check(name, content[:at] + noise + content[at + len(noise) :])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\moi\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.exe.pdf", "planfdp.exe.pdf"),
        ("a\x00b\nc\u200d.pdf", "abc.pdf"),
        ("  .plan  .pdf ", "plan.pdf"),
        ('le "plan" <1>: 2|3?*.pdf', "le _plan_ _1__ 2_3__.pdf"),
        ("e\u0301te\u0301\u00a02020.pdf", "été 2020.pdf"),
        ("...", "document"),
        ("", "document"),
        ("/", "document"),
    ],
)
def test_names(name: str, kept: str) -> None:
    assert clean_name(name) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_every_system_takes(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean.encode()) <= 255
    assert clean == clean_name(clean)
    assert not set(clean) & set('/\\<>:"|?*\0\n\r\t\u202e')
    assert not clean.startswith((".", " "))


def test_long_names_keep_their_extension() -> None:
    assert clean_name("é" * 300 + ".pdf") == "é" * 125 + ".pdf"


def test_our_archives_are_what_they_say() -> None:
    """The bad files above are bad for the reason given, not because they cannot be read."""
    for name in ("cache.docx", "macro.ods", "programme.docx", "tableur.docx", "evade.docx"):
        assert zipfile.ZipFile(BytesIO(BAD[name][0])).testzip() is None
