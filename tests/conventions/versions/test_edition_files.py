"""A document of a frozen version, once given, is given again byte for byte, whatever the layout has become."""

from typing import Any

import pytest
from django.urls import reverse

from jalons.conventions.documents import views as documents
from jalons.conventions.enums import EditionKind
from jalons.conventions.models import Convention, Edition, EditionFile
from jalons.conventions.versions.editions import freeze
from tests import factories
from tests.conventions.people import pilot_of, signed_in
from tests.conventions.samples import make_convention, two_departements

pytestmark = pytest.mark.django_db


def frozen(convention: Convention, title: str = "Version votée", departement: str = "59") -> Edition:
    by = factories.actor(pilot_of(convention, departement))
    return freeze(convention=convention, kind=EditionKind.VOTE, title=title, by=by)


@pytest.fixture
def convention(stored_alone: int, db: None) -> Convention:
    return Convention.objects.get(pk=stored_alone)


def given(user: Any, convention: Convention, **asked: str) -> Any:
    told = {"document": "annexe-financiere", "format": "pdf", "version": "1", **asked}
    return signed_in(user).get(reverse("conventions:document", args=[convention.slug]), told)


def lay_out_anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A later Jalons, whose layout is another."""
    made: list[str] = []

    def other(dossier: Any, part: str, fmt: str, **more: Any) -> bytes:
        made.append(part)
        return b"another layout " + str(len(made)).encode()

    monkeypatch.setattr(documents, "make", other)
    return made


@pytest.mark.parametrize("fmt", ["pdf", "docx"])
def test_the_bytes_outlive_the_layout(
    convention: Convention, monkeypatch: pytest.MonkeyPatch, fmt: str
) -> None:
    frozen(convention)
    pilot = pilot_of(convention)
    first = given(pilot, convention, format=fmt)
    made = lay_out_anew(monkeypatch)
    assert given(pilot, convention, format=fmt).content == first.content
    assert made == []
    # What was never given is made by the Jalons of today, and kept in its turn.
    other = given(pilot, convention, format=fmt, document="matrice").content
    assert given(pilot, convention, format=fmt, document="matrice").content == other
    assert made == ["matrice"]


def test_each_thing_asked_has_its_own_file(convention: Convention, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen(convention)
    pilot, made = pilot_of(convention), lay_out_anew(monkeypatch)
    for asked in ({}, {"remarques": "1"}, {"format": "docx"}, {"document": "fiches"}):
        assert given(pilot, convention, **asked).content == given(pilot, convention, **asked).content
    assert len(made) == EditionFile.objects.count() == 4


def test_the_working_version_is_always_made_anew(
    convention: Convention, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen(convention)
    pilot, made = pilot_of(convention), lay_out_anew(monkeypatch)
    first, second = (given(pilot, convention, version="").content for _ in range(2))
    assert first != second
    assert len(made) == 2
    assert not EditionFile.objects.exists()


def test_an_altered_version_is_refused_even_if_it_was_given_before(convention: Convention) -> None:
    edition, pilot = frozen(convention), pilot_of(convention)
    assert given(pilot, convention).status_code == 200
    edition.content["conventions"][0]["title"] = "Autre titre"
    edition.save()
    assert given(pilot, convention).status_code == 409


def test_a_person_is_never_given_the_file_of_another_sight(territories: Any) -> None:
    """With two Départements each sees its own sheets: the file kept for one is not that of the other."""
    convention = make_convention(two_departements())
    frozen(convention)
    north, south = pilot_of(convention, "59"), pilot_of(convention, "62")
    files = [given(user, convention, document="fiches").content for user in (north, south, north, south)]
    assert files[0] == files[2]
    assert files[1] == files[3]
    assert files[0] != files[1]
    assert EditionFile.objects.count() == 2
