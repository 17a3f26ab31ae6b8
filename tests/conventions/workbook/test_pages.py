"""The pages of the workbook: taken away, given back, agreed to; each writes only what is theirs."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bench.hostile_files import WORKBOOKS
from jalons.accounts.enums import Role
from jalons.conventions.enums import ConventionRole
from jalons.conventions.models import Cell, Convention, Seat
from jalons.exports.models import Download
from jalons.history.services import Actor, correct, save_record
from tests.conventions.samples import make_convention, two_departements
from tests.conventions.workbook.books import Sheets, saved, sheets_of, typed
from tests.factories import make_organisation, make_user
from tests.forms import posts

pytestmark = pytest.mark.django_db
DTML, DTV = "exemple-2022-f01-i01.1", "exemple-2022-f01-i01.2"
URL = "/conventions/exemple-2022/classeur/"
AGAIN = f"{URL}reprendre/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, "jalons.accounts.backends.SessionBackend")
    return client


def taken(client: Client, fmt: str = "xlsx") -> bytes:
    answer = client.get(URL, {"format": fmt})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def given(client: Client, content: bytes, name: str = "rempli.xlsx") -> Any:
    return client.post(AGAIN, {"file": SimpleUploadedFile(name, content)})


def confirmed(client: Client, page: Any, **choices: str) -> Any:
    [form] = [each for each in posts(page) if "carried" in each.values]
    return client.post(AGAIN, form.filled(choices))


def figure(row: str, column: str = "bilan_2021") -> Cell:
    return Cell.objects.known().get(row__key=row, column__key=column)


def test_taken_filled_given_back(cast: Any, convention: Convention) -> None:
    client = signed_in(cast.council)
    assert "Emporter la convention" in client.get(URL).content.decode()
    content = taken(client)
    assert Download.objects.get().label == "Classeur d’une convention\u00a0: Exemple 2022"
    page = given(client, saved(content, typed("Fiche 1", DTML, "BILAN 2021", 26)))
    assert page.status_code == 200
    said = page.content.decode()
    assert "Ce que change le classeur" in said
    assert figure(DTML).number == 25
    answer = confirmed(client, page)
    assert answer.status_code == 302
    cell = figure(DTML)
    assert (cell.number, cell.author, cell.reason) == (26, cast.council, "Reprise du classeur")
    # Sent twice, it is written once.
    confirmed(client, page)
    assert Cell.objects.versions_of(cell.lineage).count() == 2


def test_a_blank_cell_is_erased_when_it_is_ticked(cast: Any, convention: Convention) -> None:
    client = signed_in(cast.council)
    content = saved(taken(client), typed("Fiche 1", DTML, "BILAN 2021", ""))
    page = given(client, content)
    assert "Effacées dans le classeur" in page.content.decode()
    confirmed(client, page)
    assert figure(DTML).number == 25
    [name] = page.context["form"].erased
    confirmed(client, given(client, content), **{name: "on"})
    assert figure(DTML).kind == "empty"


def test_a_contributor_fills_its_own_rows(cast: Any, convention: Convention) -> None:
    pilot = signed_in(cast.council)
    territory = make_organisation(name="DTV de la Flandre")
    person = make_user(Role.CONTRIBUTOR, organisation=territory, email="dtv@exemple.fr")
    seat = Seat(
        convention=convention,
        organisation=territory,
        role=ConventionRole.TERRITORY_CONTRIBUTOR,
        breakdown="DTV",
    )
    save_record(record=seat, by=None)

    def edit(sheets: Sheets) -> None:
        typed("Fiche 1", DTML, "BILAN 2021", 26)(sheets)
        typed("Fiche 1", DTV, "BILAN 2021", 15)(sheets)

    client = signed_in(person)
    page = given(client, saved(taken(pilot), edit))
    assert "vous n’avez pas cette ligne à remplir" in page.content.decode()
    assert confirmed(client, page).status_code == 302
    assert (figure(DTML).number, figure(DTV).number) == (25, 15)


def test_a_conflict_is_chosen(cast: Any, convention: Convention) -> None:
    client = signed_in(cast.council)
    content = saved(taken(client), typed("Fiche 1", DTML, "BILAN 2021", 26))
    membership = cast.council.active_memberships[0]
    by = Actor(cast.council, membership.organisation)
    correct(fact=figure(DTML), by=by, reason="mieux compté", raw="99", number=99)
    page = given(client, content)
    [form] = [each for each in posts(page) if "carried" in each.values]
    unanswered = client.post(AGAIN, form.values)
    assert unanswered.status_code == 409
    assert "Choisissez laquelle des deux valeurs garder." in unanswered.content.decode()
    [name] = page.context["form"].conflicts
    kept = client.post(AGAIN, form.filled({name: "jalons"}))
    assert kept.status_code == 302
    assert figure(DTML).number == 99
    [form] = [each for each in posts(given(client, content)) if "carried" in each.values]
    client.post(AGAIN, form.filled({name: "classeur"}))
    assert figure(DTML).number == 26


def test_somebody_writes_between_the_preview_and_the_agreement(cast: Any, convention: Convention) -> None:
    client = signed_in(cast.council)
    page = given(client, saved(taken(client), typed("Fiche 1", DTML, "BILAN 2021", 26)))
    by = Actor(cast.council, cast.council.active_memberships[0].organisation)
    correct(fact=figure(DTML), by=by, reason="mieux compté", raw="99", number=99)
    answer = confirmed(client, page)
    assert answer.status_code == 409
    assert "Garder «\u00a099\u00a0»" in answer.content.decode()
    assert figure(DTML).number == 99


def test_wrong_files_are_told_under_the_field(cast: Any, convention: Convention) -> None:
    client = signed_in(cast.council)
    page = given(client, b"PK\x03\x04")
    assert page.status_code == 200
    assert "Le contenu de ce fichier n’est pas celui" in page.content.decode()
    page = client.post(AGAIN, {})
    assert "Choisissez le classeur rempli." in page.content.decode()


def test_the_workbook_of_another_convention(cast: Any, convention: Convention) -> None:
    client = signed_in(cast.council)

    def edit(sheets: Sheets) -> None:
        for row in sheets["Repères"][1:]:
            row[0] = "autre-2022"

    assert "d’une autre convention" in given(client, saved(taken(client), edit)).content.decode()


def test_what_is_carried_cannot_be_changed(cast: Any, convention: Convention) -> None:
    client = signed_in(cast.council)
    page = given(client, saved(taken(client), typed("Fiche 1", DTML, "BILAN 2021", 26)))
    [form] = [each for each in posts(page) if "carried" in each.values]
    answer = client.post(AGAIN, form.filled({"carried": form.values["carried"][0][:-3] + "abc"}))
    assert answer.status_code == 302
    assert figure(DTML).number == 25


def test_each_departement_takes_its_own_sheets(cast: Any) -> None:
    make_convention(two_departements())
    client = signed_in(cast.council)
    answer = client.get("/conventions/partage-2022/classeur/", {"format": "ods"})
    sheets = sheets_of(b"".join(answer.streaming_content))
    assert "Fiche 1" in sheets
    assert "Fiches 2 et 3" not in sheets


def test_a_long_one_is_made_by_the_worker(cast: Any, convention: Convention, monkeypatch: Any) -> None:
    """The same workbook; and not given any more to who lost the seat that let them read it."""
    pilot = signed_in(cast.council)
    at_once = sheets_of(taken(pilot))
    territory = make_organisation(name="DTV de la Flandre")
    person = make_user(Role.CONTRIBUTOR, organisation=territory, email="dtv@exemple.fr")
    role = ConventionRole.TERRITORY_CONTRIBUTOR
    seat = Seat(convention=convention, organisation=territory, role=role, breakdown="DTV")
    save_record(record=seat, by=None)
    monkeypatch.setattr("jalons.exports.responses.LONG", 1.0)
    assert pilot.get(URL, {"format": "csv"}).status_code == 200

    def prepared(client: Client) -> str:
        asking = client.get(URL, {"format": "xlsx"})["Location"]
        assert "Classeur d’une convention" in client.get(asking).content.decode()
        asked = parse_qs(urlsplit(asking).query)["demande"][0]
        return f"{client.post('/exports/preparer/', {'demande': asked})['Location']}fichier"

    made = sheets_of(pilot.get(prepared(pilot)).content)
    assert [name for name in made if name != "À propos"] == [name for name in at_once if name != "À propos"]
    assert all(made[name] == at_once[name] for name in made if name != "À propos")
    client = signed_in(person)
    ready = prepared(client)
    assert client.get(ready).status_code == 200
    Seat.objects.all().delete()
    assert client.get(ready).status_code == 302


def test_unknown_format(cast: Any, convention: Convention, tmp_path: Path) -> None:
    assert signed_in(cast.council).get(URL, {"format": "exe"}).status_code == 404


def test_a_damaged_or_hostile_workbook_is_a_sentence_and_never_a_fault(
    cast: Any, convention: Convention
) -> None:
    """Through the page itself: what was compressed is broken, compressed otherwise, written very far, locked."""
    client = signed_in(cast.council)
    content = taken(client)
    middle = len(content) // 3
    local_method = content.index(b"PK\x03\x04") + 8
    files = {
        "contenu": content[:middle] + b"\xff" * 40 + content[middle + 40 :],
        "n’est pas celui": content[:local_method] + b"\x0e\0" + content[local_method + 2 :],
        "abîmé": WORKBOOKS["une référence en minuscules, xfd1048576"][1](),
        "démesuré": WORKBOOKS["60 feuilles de 1 000 000 de cases"][1](),
    }
    for words, file in files.items():
        page = given(client, file)
        assert page.status_code == 200
        assert words in page.content.decode()
