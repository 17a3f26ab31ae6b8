"""The words of a fiche, typed block by block: nothing lost, nothing guessed, two people at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalons.conventions.dossier.bullets import from_text, lines_of, narrative_from, narrative_text, to_text
from jalons.conventions.dossier.content import File
from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.models import Commitment, MatrixColumn, SubAction
from jalons.conventions.sheets.services import update_commitment
from tests import factories
from tests.conventions.sheets.pages import address, real_file, sent, signed_in, stored, words
from tests.factories import Cast
from tests.forms import form_to

db = pytest.mark.usefixtures("db", "stored_convention")
FIRST = "exemple-2022-f01"


def edited(cast: Cast, sheet: Commitment, block: str, **changes: Any) -> Any:
    return sent(
        signed_in(cast.council), address(sheet, block), {k.replace("__", "-"): v for k, v in changes.items()}
    )


# --- cells of words --------------------------------------------------------------------------------------------

TEXT = st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=12)


@given(st.lists(st.tuples(st.sampled_from(["", "- ", "-- "]), TEXT), max_size=8))
def test_what_is_typed_is_read_again_the_same(typed: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{mark}{words.lstrip('-–—•*>')}x" for mark, words in typed)
    cell = from_text(text, None)
    assert from_text(to_text(cell), None) == cell
    assert len(lines_of(cell)) == len(typed)


def test_bullets_levels_and_blank_lines() -> None:
    cell = from_text("- Une équipe\n-- Nouveau : renfort\n\n   retrait\nTout court", None)
    assert [(line.text, line.level, bool(line.bullet)) for line in lines_of(cell)] == [
        ("Une équipe", 0, True),
        ("Nouveau : renfort", 1, True),
        ("", 0, False),
        ("retrait", 1, False),
        ("Tout court", 0, False),
    ]
    assert cell["items"][1]["nouveau"] is True


def test_a_dash_glued_to_a_figure_is_no_bullet() -> None:
    assert lines_of(from_text("-7,7 % en un an", None))[0].text == "-7,7 % en un an"


def test_what_was_not_touched_keeps_what_the_file_knew() -> None:
    before = {
        "raw": "→ Un • Deux",
        "items": [
            {"text": "Un", "level": 0, "bullet": "→", "gras": True},
            {"text": "Deux", "level": 1, "bullet": "•"},
        ],
        "inconnu": 1,
    }
    assert from_text(to_text(before), before) is before
    after = from_text("- Un\n-- Deux\n-- Trois", before)
    assert after["items"][0] == before["items"][0]
    assert after["inconnu"] == 1
    assert after["items"][2] == {"text": "Trois", "level": 1, "bullet": "•"}
    assert after["raw"] == "→ Un • Deux • Trois"


def test_every_real_cell_goes_through_its_field_unchanged() -> None:
    for sheet in real_file()["fiches"]:
        for row in sheet.get("sub_actions") or []:
            for name in ("etat_avancement", "calendrier", "partenaires"):
                assert from_text(to_text(row[name]).replace("\n", "\r\n"), row[name]) is row[name]
        narrative = sheet.get("narrative")
        heading = (narrative or {}).get("heading") or ""
        assert narrative_from(heading, narrative_text(narrative), narrative) == narrative


# --- blocks ----------------------------------------------------------------------------------------------------


@db
def test_sending_a_block_as_it_is_changes_nothing(cast: Cast) -> None:
    sheets = stored(cast, real_file())
    before = write_file(file_of("calpae-2022") or File())
    client = signed_in(cast.council)
    for key in ("calpae-2022-f02", "calpae-2022-f05", "calpae-2022-f07-08", "calpae-2022-f12"):
        for block in (
            "intitules/",
            "resume/",
            "actions/",
            "bilan/",
            "dispositif/",
            "budget/",
            "sous-budgets/",
        ):
            url = address(sheets[key], block)
            answer = sent(client, url, {})
            assert answer.status_code == 302, (url, words(answer)[:3000])
    after = write_file(file_of("calpae-2022") or File())
    for was, now in zip(before["fiches"], after["fiches"], strict=True):
        assert {name: now[name] for name in now if now[name] != was.get(name)} == {}
        assert now == was


@db
def test_labels_numbers_and_dates(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    answer = edited(
        cast,
        sheet,
        "intitules/",
        numbers="1 et 4",
        title="Aller vers",
        start_words="mars 2022",
        duration_words="18 mois",
    )
    assert answer.status_code == 302
    sheet.refresh_from_db()
    assert (sheet.numbers, sheet.title, sheet.months) == ([1, 4], "Aller vers", 18)
    assert (str(sheet.start_on), str(sheet.end_on)) == ("2022-03-01", "2023-08-31")
    assert sheet.convention.revision == 2, "l’import, puis ceci"


@db
def test_actions_are_added_moved_and_removed(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    answer = edited(
        cast,
        sheet,
        "actions/",
        lignes__0__rank="2",
        lignes__1__action="Une deuxième",
        lignes__1__progress="- Un\n-- Deux",
        lignes__1__rank="1",
        h2="BILAN",
    )
    assert answer.status_code == 302
    first, second = SubAction.objects.filter(commitment=sheet)
    assert (first.action, second.action) == ("Une deuxième", "Maraudes")
    assert first.key
    assert first.progress["items"][1]["level"] == 1
    sheet.refresh_from_db()
    assert sheet.sub_action_headers[2] == "BILAN"
    assert "BILAN" in words(signed_in(cast.council).get(address(sheet)))
    assert edited(cast, sheet, "actions/", lignes__1__remove="on").status_code == 302
    assert [row.action for row in SubAction.objects.filter(commitment=sheet)] == ["Une deuxième"]
    assert SubAction.history.filter(id=second.pk, history_type="-").exists()


@db
def test_one_more_row_keeps_what_was_typed(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    client, url = signed_in(cast.council), address(sheet, "resume/")
    form = form_to(client.get(url), url)
    answer = client.post(url, form.filled({"lignes-0-description": "À moitié", "ajouter": "lignes"}))
    assert answer.status_code == 200
    assert "À moitié" in words(answer)
    assert "lignes-2-description" in words(answer)
    assert "À moitié" not in words(client.get(address(sheet)))


@db
def test_what_two_people_wrote_is_asked_and_nothing_is_lost(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    client, url = signed_in(cast.council), address(sheet, "intitules/")
    form = form_to(client.get(url), url)
    other = factories.actor(cast.correspondent59)
    update_commitment(
        commitment=Commitment.objects.get(pk=sheet.pk), by=other, title="Le leur", axis_annex="Leur axe"
    )
    answer = client.post(url, form.filled({"title": "Le mien"}))
    assert answer.status_code == 409
    assert all(said in words(answer) for said in ("MARAUDES", "Le leur", "Le mien", "Camille Nord"))
    again = form_to(answer, url)
    assert client.post(url, again.filled({"conflit-title": "mine"})).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.title, sheet.axis_annex) == ("Le mien", "Leur axe")


@db
def test_taking_theirs(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    client, url = signed_in(cast.council), address(sheet, "actions/")
    form = form_to(client.get(url), url)
    edited(cast, sheet, "actions/", lignes__0__action="La leur")
    answer = client.post(url, form.filled({"lignes-0-action": "La mienne", "lignes-0-calendar": "Demain"}))
    assert answer.status_code == 409
    again = form_to(answer, url)
    assert client.post(url, again.filled({"conflit-lignes-0-action": "theirs"})).status_code == 302
    row = SubAction.objects.get(commitment=sheet)
    assert row.action == "La leur"
    assert to_text(row.calendar) == "Demain"


@db
def test_what_only_the_other_changed_stays(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    client, url = signed_in(cast.council), address(sheet, "actions/")
    form = form_to(client.get(url), url)
    edited(cast, sheet, "actions/", lignes__0__partners="La leur", lignes__1__action="Ajoutée entre-temps")
    assert client.post(url, form.filled({"lignes-0-action": "La mienne"})).status_code == 302
    rows = list(SubAction.objects.filter(commitment=sheet))
    assert {row.action for row in rows} == {"La mienne", "Ajoutée entre-temps"}
    assert to_text(next(row for row in rows if row.action == "La mienne").partners) == "La leur"


@db
def test_a_row_removed_meanwhile_is_told(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    client, url = signed_in(cast.council), address(sheet, "resume/")
    form = form_to(client.get(url), url)
    edited(cast, sheet, "resume/", lignes__0__remove="on")
    answer = client.post(url, form.filled({"lignes-0-description": "Je la veux"}))
    assert answer.status_code == 409
    assert "quelqu’un d’autre l’a retirée" in words(answer)
    assert client.post(url, form_to(answer, url).filled({})).status_code == 302
    assert to_text(sheet.resume.get().description) == "Je la veux"


@db
def test_sending_twice_writes_once(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    client, url = signed_in(cast.council), address(sheet, "actions/")
    data = form_to(client.get(url), url).filled({"lignes-1-action": "Une seule fois"})
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert SubAction.objects.filter(commitment=sheet, action="Une seule fois").count() == 1


@db
def test_a_dispositif_is_linked_and_its_money_counted_here(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    action = factories.make_action("MOUS Lille", by=factories.actor(cast.correspondent59))
    other = (
        factories.make_action(
            "Ailleurs", by=factories.actor(cast.correspondent13), departement=factories.departement("13")
        )
        if hasattr(factories, "departement")
        else None
    )
    client, url = signed_in(cast.council), address(sheet, "dispositif/")
    shown = words(client.get(url))
    assert "MOUS Lille" in shown
    assert other is None or "Ailleurs" not in shown
    assert edited(cast, sheet, "dispositif/", action=str(action.pk)).status_code == 302
    assert "MOUS Lille" in words(client.get(address(sheet)))
    assert "compté une seule fois, ici" in words(client.get(address(sheet)))


@db
def test_a_new_fiche_begins_with_what_every_fiche_has(cast: Cast) -> None:
    first = stored(cast)[FIRST]
    url = f"/conventions/{first.convention.slug}/fiches/nouvelle/"
    answer = sent(
        signed_in(cast.council), url, {"numbers": "8 et 9", "family": "initiative", "title": "Ouvrir un lieu"}
    )
    made = Commitment.objects.get(title="Ouvrir un lieu")
    assert answer.url == address(made)
    assert (made.numbers, made.sheet_label) == ([8, 9], "FICHES 8 ET 9")
    assert made.budget_lines.get().year == 2022
    columns = MatrixColumn.objects.filter(commitment=made)
    assert [(column.year, column.measure) for column in columns] == [(2021, "bilan"), (2022, "objectif")]
    assert signed_in(cast.council).get(address(made)).status_code == 200


@db
def test_a_reader_writes_nothing(cast: Cast) -> None:
    sheet = stored(cast)[FIRST]
    client = signed_in(cast.correspondent59)
    for block in (
        "intitules/",
        "resume/",
        "actions/",
        "bilan/",
        "dispositif/",
        "budget/",
        "sous-budgets/",
        "suivi/nouveau/",
    ):
        assert client.get(address(sheet, block)).status_code == 403
        assert client.post(address(sheet, block), {"title": "Non"}).status_code == 403
