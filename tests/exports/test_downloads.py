"""Every file that leaves is written down, and nobody can rub it out."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.test import Client
from python_calamine import CalamineWorkbook

from jalons.accounts.enums import Right
from jalons.exports.contract import About, Export
from jalons.exports.enums import Format
from jalons.exports.models import Download
from jalons.exports.responses import file_name, respond, send
from tests.exports.conftest import Line, export_of
from tests.exports.test_writers import MADE_AT
from tests.factories import BACKEND, Cast, make_user
from tests.front import on_one_line

PAGE = "/exports/"
FORMATS = ["xlsx", "ods", "csv"]


def body(answer: Any) -> bytes:
    content = b"".join(answer.streaming_content)
    close(answer)
    return content


def close(answer: Any) -> None:
    """As the server does, but for the end of the request, which would close the database of the test."""
    for closer in answer._resource_closers:
        closer()


def only() -> Download:
    return Download.objects.get()


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_and_its_trace(cast: Cast, lines: list[Line], fmt: str) -> None:
    params = QueryDict("q=lille&theme=eau&theme=ecole")
    answer = respond(export_of(lambda: lines, made_at=MADE_AT), cast.correspondent59, params, fmt)
    assert answer["Content-Disposition"] == f'attachment; filename="sites-nord-au-2026-11-21.{fmt}"'
    assert answer["Cache-Control"] == "private, no-store"
    content = body(answer)
    if fmt == "csv":
        assert content.decode("utf-8-sig").splitlines() == [
            "Nom;Personnes;Propriétaire;Commune",
            "Rue du Général;112;Ville de Lille;Lille",
            "'=1+1;;accès réservé;Marseille",
        ]
    else:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert rows[1:] == [
            ["Rue du Général", 112.0, "Ville de Lille", "Lille"],
            ["=1+1", "", "accès réservé", "Marseille"],
        ]
    trace = only()
    assert (trace.user, trace.organisation.name) == (cast.correspondent59, "DDETS du Nord")
    assert (trace.export, trace.format, trace.rows) == ("sites", fmt, 2)
    assert trace.label == "Liste des sites\u00a0: Nord"
    assert trace.parameters == {"q": "lille", "theme": ["eau", "ecole"]}


@pytest.mark.parametrize("fmt", ["", "pdf", "docx", "exe", "../csv"])
def test_an_unknown_format_is_a_page_not_found(cast: Cast, lines: list[Line], fmt: str) -> None:
    with pytest.raises(Http404):
        respond(export_of(lambda: lines), cast.national, {}, fmt)
    assert not Download.objects.exists()


def test_without_the_right_nothing_leaves(cast: Cast, lines: list[Line]) -> None:
    with pytest.raises(PermissionDenied):
        respond(export_of(lambda: lines), cast.observer, {}, "csv")
    assert not Download.objects.exists()


def broken(lines: list[Line]) -> Iterator[Line]:
    yield from lines
    raise RuntimeError("la base a disparu")


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_that_breaks_half_way_says_so(
    cast: Cast, lines: list[Line], fmt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(RuntimeError, match="disparu"):
        body(respond(export_of(lambda: broken(lines)), cast.national, {}, fmt))
    assert only().rows is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fmt", ["xlsx", "ods"])
def test_nothing_stays_on_the_disk(
    cast: Cast, lines: list[Line], fmt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    answer = respond(export_of(lambda: lines), cast.national, {}, fmt)
    assert list(tmp_path.iterdir()) == []
    body(answer)
    assert list(tmp_path.iterdir()) == []


def test_a_csv_given_up_by_the_browser_stays_interrupted(cast: Cast, lines: list[Line]) -> None:
    answer = respond(export_of(lambda: lines), cast.national, {}, "csv")
    assert only().rows is None, "la trace précède le premier octet"
    next(iter(answer.streaming_content))
    close(answer)
    assert only().rows is None


def test_parameters_that_no_database_accepts(cast: Cast, lines: list[Line]) -> None:
    body(respond(export_of(lambda: lines), cast.national, QueryDict("q=%00a&x%00=1"), "csv"))
    assert only().parameters == {"q": "a", "x": "1"}


def test_a_document_leaves_the_same_trace(cast: Cast) -> None:
    about = About("Nord", "Camille Nord", made_at=MADE_AT)
    answer = send(
        b"%PDF", user=cast.national, right=Right.EXPORT, name="fiche de site", label="Fiche", about=about,
        fmt=Format.PDF, params={"site": "abc"},
    )  # fmt: skip
    assert (answer.content, answer["Content-Type"]) == (b"%PDF", "application/pdf")
    assert 'filename="fiche-de-site-nord-au-2026-11-21.pdf"' in answer["Content-Disposition"]
    assert (only().format, only().parameters) == ("pdf", {"site": "abc"})


def test_names_of_files() -> None:
    day = MADE_AT.date().replace(month=1)
    about = About("Île-de-France : “Évry” / 91", "C", as_of=day, known_on=MADE_AT.date(), made_at=MADE_AT)
    assert (
        file_name("sites", about, Format.CSV)
        == "sites-ile-de-france-evry-91-au-2026-01-21-connu-le-2026-11-21.csv"
    )
    assert len(file_name("sites", About("très " * 90, "C", made_at=MADE_AT), Format.ODS)) < 90


def test_a_trace_cannot_be_changed(cast: Cast, lines: list[Line]) -> None:
    body(respond(export_of(lambda: lines), cast.national, {}, "xlsx"))
    trace = only()
    trace.rows = 0
    for attempt in (trace.save, trace.delete, Download.objects.all().delete):
        with pytest.raises(TypeError, match="only added"):
            attempt()
    with pytest.raises(TypeError, match="only added"):
        Download.objects.update(rows=0)
    Download.objects.complete(0)
    assert only().rows == 2


def test_several_tables_have_no_csv(cast: Cast, lines: list[Line]) -> None:
    export = export_of(lambda: lines)
    both = Export("deux", "Deux feuilles", export.right, export.every_column, export.make, (Format.ODS,))
    with pytest.raises(Http404):
        respond(both, cast.national, {}, "csv")


# The page ------------------------------------------------------------------------------------------------


@pytest.fixture
def taken(cast: Cast, lines: list[Line]) -> None:
    """One file for each of three people, of three structures."""
    for user in (cast.correspondent59, cast.correspondent13, cast.operator_a):
        body(respond(export_of(lambda: lines), user, {}, "csv"))


def seen(client: Client, user: Any, query: str = "") -> str:
    client.force_login(user, BACKEND)
    return on_one_line(client.get(PAGE + query).content.decode())


def rows(page: str) -> int:
    return page.count('<th scope="row">')


def test_one_sees_what_one_took(client: Client, cast: Cast, taken: None) -> None:
    page = seen(client, cast.operator_a)
    assert rows(page) == 1
    assert "Liste des sites\u00a0: Nord" in page
    assert "texte (.csv)" in page
    assert "Sacha Amis" not in page.split("<main")[1]


@pytest.mark.parametrize(
    ("who", "structures"),
    [
        ("admin", {"DDETS du Nord", "DDETS des Bouches-du-Rhône", "Les amis de Lille"}),
        ("local_admin", {"DDETS du Nord", "Les amis de Lille"}),
        ("operator_a", set()),
    ],
)
def test_who_manages_accounts_sees_their_territory(
    client: Client, cast: Cast, taken: None, who: str, structures: set[str]
) -> None:
    page = seen(client, getattr(cast, who), "tous/").split("<main")[1]
    every = {"DDETS du Nord", "DDETS des Bouches-du-Rhône", "Les amis de Lille"}
    assert {name for name in every if f"> {name}</td>" in page} == structures


def test_who_manages_one_town_sees_only_its_structures(client: Client, cast: Cast, lines: list[Line]) -> None:
    manager = make_user("local_admin", "59350")
    for user in (cast.mairie, cast.correspondent59):
        body(respond(export_of(lambda: lines), user, {}, "csv"))
    page = seen(client, manager, "tous/")
    assert ("Ville de Lille" in page, "DDETS du Nord" in page) == (True, False)


def test_an_interrupted_file_says_so(client: Client, cast: Cast, lines: list[Line]) -> None:
    respond(export_of(lambda: lines), cast.national, {}, "csv")
    assert "interrompu" in seen(client, cast.national)


def test_an_empty_page_teaches(client: Client, cast: Cast) -> None:
    assert "Aucun fichier téléchargé" in seen(client, cast.nobody)


def test_as_many_queries_for_one_row_as_for_many(
    client: Client, cast: Cast, lines: list[Line], django_assert_num_queries: Any
) -> None:
    client.force_login(cast.admin, BACKEND)
    for count in (1, 3):
        for _ in range(count):
            body(respond(export_of(lambda: lines), cast.correspondent59, {}, "csv"))
        with django_assert_num_queries(5):
            client.get(PAGE + "tous/")


def test_pages(client: Client, cast: Cast) -> None:
    made = [
        Download(user=cast.national, export="sites", label=f"Liste {number}", format="csv", rows=1)
        for number in range(51)
    ]
    Download.objects.bulk_create(made)
    assert rows(seen(client, cast.national)) == 50
    assert rows(seen(client, cast.national, "?page=2")) == 1


def test_the_page_is_for_people_who_signed_in(client: Client, db: None, settings: Any) -> None:
    settings.LOGIN_URL = "/entrer"
    answer = client.get(PAGE)
    assert (answer.status_code, answer["Location"]) == (302, "/entrer?next=/exports/")
    assert client.post(PAGE).status_code == 405
