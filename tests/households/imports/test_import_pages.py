"""A table of families goes through the wizard behind the wall: given, explained, stored, given again, undone."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bench.hostile_files import archive
from jalons.core import clock
from jalons.households.enums import ErasureReason, ImportState, RegisterAct
from jalons.households.families.content import FollowedFamily
from jalons.households.families.enums import FactKind
from jalons.households.imports.sample import sample_workbook
from jalons.households.imports.services import forget_imports
from jalons.households.models import (
    Household,
    HouseholdKey,
    RegisterErasure,
    RegisterImport,
    RegisterMember,
    RegisterReading,
)
from jalons.households.sheets.selectors import read_household
from jalons.imports.reading.remembered import REMEMBERED
from tests.factories import make_action, make_site, organisation_of
from tests.households.imports.worn import NIR, WORN
from tests.households.opening import client_of, opened_for
from tests.imports.writing import DrawnSheet, Formula, write_ods, write_xlsx

GIVE = "/registre/tableaux/"


def words_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def given(client: Client, content: bytes, name: str = "famille EXEMPLESCU.xlsx", **more: str) -> Any:
    return client.post(
        GIVE, {**fields_of(client.get(GIVE)), "file": SimpleUploadedFile(name, content), **more}
    )


def fields_of(answer: Any) -> dict[str, str]:
    """What a browser would send back of the forms of a page, as they stand."""
    page = answer.content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    sent |= dict(re.findall(r'<input[^>]*\bname="(sens-\d+)"\s+value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]*\bname="([\w-]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    for name in re.findall(r'<input type="checkbox" name="([\w-]+)"[^>]*\bchecked', page):
        sent[name] = "on"
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def explained(client: Client, address: str, **answers: str) -> Any:
    """Answers the doubts by their text."""
    page = client.get(address)
    sent = fields_of(page)
    for text, answer in answers.items():
        number = re.search(rf'for="sens-(\d+)">[^<]*«\s{re.escape(text)}\s»', page.content.decode())
        assert number, (text, words_of(page))
        sent[f"sens-{number[1]}"] = answer
    return client.post(address, sent, follow=True)


def stored(client: Client, address: str) -> Any:
    version = fields_of(client.get(address))["version"]
    return client.post(f"{address}enregistrer/", {"version": version}, follow=True)


def taken(client: Client, answer: Any) -> str:
    """From the page of columns, accepted as it is, to the address of the families."""
    assert answer.status_code == 302, words_of(answer)
    page = client.get(answer["Location"])
    assert page.status_code == 200
    after = client.post(answer["Location"], fields_of(page))
    assert after.status_code == 302, words_of(after)
    return str(after["Location"])


def families_of(register: Any) -> list[FollowedFamily]:
    families = [
        read_household(register, pk)[1]
        for pk in Household.objects.order_by("number").values_list("pk", flat=True)
    ]
    return [family.as_known() for family in families if family]


@pytest.fixture
def worker(cast: Any) -> tuple[Any, Client]:
    user = cast.operator_a
    register = opened_for(user)
    sites = [make_site("Rue du Port"), make_site("Friche Sernam")]
    make_action("Passerelle", operators=[organisation_of(user)], sites=sites)
    return register, client_of(user, register)


def test_what_is_worked_out_of_words_is_remembered_in_one_way() -> None:
    """Or reading families would leave some of their names in the process: `remembered` alone is forgotten."""
    assert len(REMEMBERED) >= 9
    cached = [
        str(path)
        for folder in ("reading", "targets", "judging", "matching")
        for path in Path("jalons/imports", folder).glob("*.py")
        if "lru_cache" in path.read_text() and path.name != "remembered.py"
    ]
    assert cached == []


@pytest.mark.django_db
def test_given_explained_stored_and_undone(worker: Any) -> None:
    register, client = worker
    assert "Reprendre un tableau" in words_of(client.get("/registre/menages/"))
    answer = given(client, write_xlsx(WORN["merged"].sheets))
    page = client.get(answer["Location"])
    assert not any(work.cache_info().currsize for work in REMEMBERED), (
        "des mots du tableau restent en mémoire"
    )
    assert "Refusée" in words_of(page)
    assert "sécurité sociale" in words_of(page)
    assert NIR not in page.content.decode()
    address = taken(client, answer)
    page = words_of(client.get(address))
    assert "2 familles, 6 personnes" in page
    assert "vers 1990" in page
    wrong = explained(client, address, **{"vers 1990": "après la guerre"})
    assert "ne se comprend pas" in words_of(wrong)
    explained(client, address, **{"vers 1990": "1990", "en cours": "ame pending"})
    assert "à expliquer" not in words_of(client.get(address))
    page = words_of(stored(client, address))
    assert not any(work.cache_info().currsize for work in REMEMBERED)
    assert "2 familles ajoutées" in page
    first, second = families_of(register)
    assert [(p.given_name, p.year_of_birth, p.link) for p in first.people] == [
        ("Ana", 1988, "reference"), ("Ionut", 1985, "partner"), ("Rebeca", 2016, "child"), ("Noé", 2020, "child"),
    ]  # fmt: skip
    assert [f.value for f in first.of_kind(FactKind.SCHOOL)] == ["elementaire", "maternelle"]
    assert second.people[0].year_of_birth == 1990
    assert [(f.value, f.detail) for f in second.of_kind(FactKind.HEALTH_COVER)] == [("ame", "pending")]
    assert second.of_kind(FactKind.SCHOOL)[0].value == "none"
    assert not second.of_kind(FactKind.DOMICILIATION)  # « non »
    assert first.of_kind(FactKind.FILE_REFERENCE)[0].value == "1"
    assert "cherche du travail" in first.of_kind(FactKind.VISIT)[0].text
    assert first.current(FactKind.DISPOSITIF, clock.today()) is not None

    # Sent twice, nothing more; what is written down says how many and never who.
    table = RegisterImport.objects.get()
    client.post(f"{address}enregistrer/", {"version": table.version})
    assert Household.objects.count() == 2
    reading = RegisterReading.objects.get(act=RegisterAct.IMPORTED)
    assert (reading.households, reading.household) == (2, None)
    RegisterMember.objects.update(responsible=True)
    assert "a repris des ménages d’un tableau : 2 ménages" in words_of(client.get("/registre/journal/"))

    # Undone, the register is as before; then stored again, and kept once somebody changed a family.
    undone = client.post(f"{address}annuler/", {"version": table.version}, follow=True)
    assert "comme avant" in words_of(undone)
    assert (Household.objects.count(), HouseholdKey.objects.count()) == (0, 1)
    assert RegisterErasure.objects.filter(why=ErasureReason.MISTAKE).count() == 2
    stored(client, address)
    numbers = [*Household.objects.order_by("number").values_list("number", flat=True)]
    assert numbers == [3, 4]
    Household.objects.filter(number=4).update(version=2)
    table.refresh_from_db()
    refused = words_of(client.post(f"{address}annuler/", {"version": table.version}, follow=True))
    assert "M-0004 a changé depuis" in refused
    assert Household.objects.count() == 2
    client.post(f"{address}effacer/")
    assert not RegisterImport.objects.exists()
    assert Household.objects.count() == 2


@pytest.mark.django_db
def test_given_again(worker: Any) -> None:
    """By the file’s own reference: completed, and nothing replaced unasked. By a name: a person decides."""
    register, client = worker
    rows: list[list[Any]] = [
        ["N° famille", "Nom", "Prénom", "Année de naissance", "Sexe", "Lieu de vie"],
        [7, "OARECARE", "Costel", 1980, "", "Rue du Port"],
        [7, "OARECARE", "Mirela", 1982, "F", "Rue du Port"],
        [8, "FICTIU", "Nadia", 1995, "F", "Friche Sernam"],
    ]
    stored(client, taken(client, given(client, write_xlsx([DrawnSheet("a", rows)]))))
    before = families_of(register)
    again = taken(client, given(client, write_ods([DrawnSheet("a", rows)]), "b.ods"))
    assert "2 déjà là" in words_of(client.get(again))
    stored(client, again)
    assert families_of(register) == before
    assert Household.objects.count() == 2

    more = [
        rows[0],
        [7, "OARECARE", "Costel", 1981, "M", ""],
        *rows[2:],
        [7, "OARECARE", "Inès", 2021, "F", ""],
    ]
    address = taken(client, given(client, write_xlsx([DrawnSheet("a", more)])))
    page = words_of(client.get(address))
    assert "Inès OARECARE" in page
    assert "1980 dans le registre, 1981 dans le tableau" in page
    stored(client, address)
    costel = families_of(register)[0].people
    assert {(p.given_name, p.year_of_birth, p.sex) for p in costel} == {
        ("Costel", 1980, "m"), ("Mirela", 1982, "f"), ("Inès", 2021, "f"),
    }  # fmt: skip
    table = RegisterImport.objects.order_by("-created_at").first()
    assert table is not None
    client.post(f"{address}annuler/", {"version": table.version})
    assert families_of(register) == before

    # No reference in the file: the same name is a question, and nothing is stored before it is answered.
    bare = [row[1:] for row in rows]
    address = taken(client, given(client, write_xlsx([DrawnSheet("a", bare)])))
    page = client.get(address)
    assert "2 à regarder" in words_of(page)
    client.post(f"{address}enregistrer/", {"version": fields_of(page)["version"]})
    assert Household.objects.count() == 2
    sent = fields_of(page) | {"famille-0": "new", "famille-1": "leave"}
    client.post(address, sent)
    stored(client, address)
    assert [f.names for f in families_of(register)][2:] == [["Costel OARECARE", "Mirela OARECARE"]]
    # The same number, and nobody of the same name: another file counts from one too.
    for family_name in ("TESTOV", "FICTIU"):  # a family name alone is too common
        other = [rows[0], [8, family_name, "Ivan", 1970, "M", ""]]
        address = taken(client, given(client, write_xlsx([DrawnSheet("a", other)])))
        assert "la même référence, mais personne du même nom" in words_of(client.get(address))


@pytest.mark.django_db
def test_an_end_before_a_beginning_stops_no_other_family(worker: Any) -> None:
    """The register says May, the table March: a difference to look at; replaced, it is refused by its number."""
    register, client = worker
    head = ["N° famille", "Nom", "Prénom"]
    rows: list[list[Any]] = [[*head, "Entrée dispositif"], [7, "OARECARE", "Costel", dt.date(2026, 5, 1)]]
    stored(client, taken(client, given(client, write_xlsx([DrawnSheet("a", rows)]))))
    rows = [
        [*head, "Sortie le"],
        [7, "OARECARE", "Costel", dt.date(2026, 3, 1)],
        [9, "FICTIU", "Nadia", ""],
    ]
    content = write_xlsx([DrawnSheet("a", rows)])
    address = taken(client, given(client, content))
    client.post(address, fields_of(client.get(address)) | {"famille-0": "replace"})
    assert "M-0001 : L’accompagnement finit avant de commencer." in words_of(stored(client, address))
    assert Household.objects.count() == 1
    client.post(address, fields_of(client.get(address)) | {"famille-0": "complete"})
    assert "dans le tableau" in words_of(client.get(address))
    stored(client, address)
    known, _ = families_of(register)
    assert [(f.since, f.until) for f in known.of_kind(FactKind.DISPOSITIF)] == [(dt.date(2026, 5, 1), None)]


@pytest.mark.django_db
def test_the_model_asks_nothing(worker: Any) -> None:
    register, client = worker
    model = client.get(f"{GIVE}modele/").content
    assert model[:2] == b"PK"
    answer = given(client, sample_workbook("Rue du Port", clock.today()))
    page = client.get(answer["Location"])
    left_out = re.findall(
        r'name="colonne-[\d-]+".*?<option value="" selected', page.content.decode(), re.DOTALL
    )
    assert not left_out
    address = taken(client, answer)
    page = words_of(client.get(address))
    assert "2 familles, 4 personnes" in page
    assert "à expliquer" not in page
    stored(client, address)
    first, second = families_of(register)
    kinds = {kind.value for kind in FactKind}
    assert set(first.by_kind) >= kinds & {
        "school",
        "work",
        "health_cover",
        "site",
        "dispositif",
        "appointment",
    }
    gone = second.of_kind(FactKind.DISPOSITIF)[0]
    assert (gone.until, gone.detail) == (clock.today(), "housing")


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["pdf", "formulas", "wide", "nothing", "empty", "bomb", "html", "headings"])
def test_hostile(worker: Any, case: str) -> None:
    """A sentence, and nothing stored; or what is harmless in it."""
    _, client = worker
    head, row = ["Famille", "Nom", "Prénom"], ["1", "TESTOV", "Ivan"]
    contents: dict[str, Any] = {
        "pdf": lambda: b"%PDF-1.4 renamed",
        "formulas": lambda: write_xlsx(
            [
                DrawnSheet(
                    "a", [head, ["1", "=cmd|' /C calc'!A0", Formula(3, '=HYPERLINK("http://x.example")')]]
                )
            ]
        ),
        "wide": lambda: write_xlsx([DrawnSheet("a", [[*head, *[""] * 16_380, "x"], row])]),
        "headings": lambda: write_xlsx(
            [DrawnSheet("a", [[*head, *(f"Colonne {n}" for n in range(2_000))], [*row, *range(2_000)]])]
        ),
        "nothing": lambda: write_xlsx([DrawnSheet("a", [["Couleur", "Poids"], ["rouge", "12"]])]),
        "empty": lambda: b"",
        "bomb": lambda: archive(
            {"[Content_Types].xml": "<a/>" + " " * 50_000_000, "xl/workbook.xml": "<b/>"}
        ),
        "html": lambda: write_xlsx([DrawnSheet("<b>a", [head, ["1", "<script>alert(1)</script>", "Ivan"]])]),
    }
    answer = given(client, contents[case]())
    assert answer.status_code in (200, 302)
    if answer.status_code == 302:
        page = client.get(taken(client, answer))
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert case in ("formulas", "wide", "html")
    else:
        assert "j-errors" in answer.content.decode() or "error" in answer.content.decode()
        assert not RegisterImport.objects.exists()
        assert not HouseholdKey.objects.exists()


@pytest.mark.django_db
def test_for_its_team_alone_and_seven_days(worker: Any, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, client = worker
    opened: list[Any] = []
    monkeypatch.setattr(
        "django.core.files.temp.NamedTemporaryFile", lambda *given, **more: opened.append(given)
    )
    people = [["Famille", "Nom", "Prénom"], *([str(n), "TESTOV", f"Ivan {n} {'x' * 300}"] for n in range(60))]
    large = write_xlsx([DrawnSheet("a", people)]) + b"\0" * 1_500_000
    given(client, large)  # above what Django keeps in memory
    pasted = client.post(GIVE, {"pasted": "Famille\tNom\tPrénom\n1\tTESTOV\tIvan\n1\tTESTOV\tAna"})
    address = taken(client, pasted)
    assert opened == []
    assert "1 famille, 2 personnes" in words_of(client.get(address))
    table = RegisterImport.objects.order_by("-created_at").first()
    assert table is not None
    other = client_of(cast.operator_b, opened_for(cast.operator_b))
    for path in ("", "colonnes/"):
        assert other.get(f"{address}{path}").status_code == 404
    for path in ("", "enregistrer/", "annuler/", "effacer/"):
        assert other.post(f"{address}{path}", {"version": table.version}).status_code == 404
    # Sealed for its own place: moved to another row, it does not open.
    client.post(address, {"version": "nonsense"})
    assert RegisterImport.objects.get(pk=table.pk).version == table.version
    RegisterImport.objects.filter(pk=table.pk).update(created_at=timezone.now() - dt.timedelta(days=8))
    count = RegisterImport.objects.count()
    assert forget_imports() == 1
    assert RegisterImport.objects.count() == count - 1
    assert not HouseholdKey.objects.filter(household_id=table.pk).exists()
    # Without its key, it says so and goes.
    left = given(client, write_xlsx([DrawnSheet("a", [["Famille", "Nom"], ["1", "TESTOV"]])]))["Location"]
    HouseholdKey.objects.all().delete()
    assert "ne se lit plus" in words_of(client.get(left))
    assert "ne se lit plus" in words_of(client.post(left.removesuffix("colonnes/")))
    before = RegisterImport.objects.filter(state=ImportState.READ).count()
    client.post(f"{left.removesuffix('colonnes/')}effacer/")
    assert RegisterImport.objects.filter(state=ImportState.READ).count() == before - 1
