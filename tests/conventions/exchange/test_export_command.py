"""`manage.py export_convention`: every format, every part, and what cannot be written."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jalons.conventions.management.commands import export_convention
from tests.conventions.samples import sample
from tests.conventions.workbook.books import sheets_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def convention(stored_alone: int, db: None) -> None:
    pass


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("export_convention", "exemple-2022", *args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_json_on_standard_output_is_the_file_that_came_in() -> None:
    assert json.loads(run("--format", "json", "--output", "-")) == sample()


def test_json_goes_out_and_in(tmp_path: Path) -> None:
    path = tmp_path / "sortie.json"
    run("--format", "json", "--output", str(path))
    out = io.StringIO()
    call_command("import_convention", str(path), "--wet-run", stdout=out)
    assert "rien n’a changé" in out.getvalue()


@pytest.mark.parametrize(
    ("part", "sheets"),
    [
        ("annexe-financiere", ["Annexe financière", "À propos"]),
        ("fiches", ["Fiches", "Actions", "Budgets", "Suivi Suivi des ateliers", "À propos"]),
        ("matrice", ["Valeurs", "Fiche 1", "Fiches 2 et 3", "2-3 1- Se loger", "Repères", "À propos"]),
    ],
)
def test_parts_of_a_workbook(part: str, sheets: list[str], tmp_path: Path) -> None:
    path = tmp_path / "sortie.ods"
    run("--format", "ods", "--part", part, "--output", str(path))
    assert list(sheets_of(path.read_bytes())) == sheets


@pytest.mark.parametrize(
    ("part", "first"), [("annexe-financiere", "Annexe;"), ("fiches", "Fiche;"), ("complet", "Fiche;")]
)
def test_csv_on_standard_output(part: str, first: str) -> None:
    assert run("--format", "csv", "--part", part, "--output", "-").startswith(first)


@pytest.mark.parametrize("fmt", ["docx", "pdf"])
def test_documents_are_made_from_the_whole_convention(fmt: str, tmp_path: Path, monkeypatch: Any) -> None:
    asked: list[tuple[str, str, str]] = []

    def make(dossier: Any, part: str, fmt: str) -> bytes:
        asked.append((dossier.convention.slug, part, fmt))
        return b"document"

    monkeypatch.setattr(export_convention, "make", make)
    path = tmp_path / f"sortie.{fmt}"
    run("--format", fmt, "--part", "rapport", "--output", str(path))
    assert asked == [("exemple-2022", "rapport", fmt)]
    assert path.read_bytes() == b"document"


@pytest.mark.parametrize("fmt", ["xlsx", "ods", "docx", "pdf"])
def test_only_texts_go_to_standard_output(fmt: str) -> None:
    with pytest.raises(CommandError, match="donnez un fichier"):
        run("--format", fmt, "--output", "-")


def test_paths_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="n’existe pas"):
        run("--format", "json", "--output", str(tmp_path / "absent" / "x.json"))
    with pytest.raises(CommandError, match="est un dossier"):
        run("--format", "json", "--output", str(tmp_path))


def test_a_file_is_whole_or_as_it_was(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "sortie.json"
    path.write_text("avant", "utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export_convention.os, "fsync", full)
    with pytest.raises(CommandError, match="ne peut pas être écrit"):
        run("--format", "json", "--output", str(path))
    assert path.read_text("utf-8") == "avant"
    assert [each.name for each in tmp_path.iterdir()] == ["sortie.json"]


def test_unknown_convention(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Aucune convention"):
        call_command("export_convention", "inconnue", "--format", "json", "--output", "-")
