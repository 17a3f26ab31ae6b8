"""The list of sites exported to be changed, and given back: what nobody changed in the file takes nothing back."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from jalons.core import clock
from jalons.exports.models import Download
from jalons.history.querysets import NOW
from jalons.history.services import Actor
from jalons.imports.enums import BatchState, CellVerdict, RowOutcome
from jalons.imports.judging.returned import MINE, THEIRS, option
from jalons.imports.models import ImportBatch, ImportLine
from jalons.imports.services import apply_now, ask_to_apply, reply_to_lines
from jalons.imports.trips.left import DAMAGED, KEY, MEMORY, SHEET, found_in
from jalons.sites.models import LivingConditions, Site, Survey
from tests import factories
from tests.imports.leaving import FilledBook, line_of, taken
from tests.imports.test_applying import applied, exported, undone
from tests.imports.writing import DrawnSheet, write_ods, write_xlsx

pytestmark = pytest.mark.django_db
JUNE = dt.date(2020, 6, 1)


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.correspondent59)


@pytest.fixture
def mill(cast: Any) -> Site:
    site = factories.make_site("Rue du Moulin")
    factories.make_survey(site, JUNE, 40, minors=19, women=11)
    factories.make_conditions(site, JUNE, answers={"water": {"access": "no"}})
    return site


@pytest.fixture
def book(by: Actor, mill: Site, client: Client) -> FilledBook:
    factories.make_site("Talus")
    return FilledBook(taken(client, by.user))


def figure(site: Site) -> Survey:
    return Survey.objects.in_force(NOW).get(site=site)


def verdicts(line: ImportLine) -> dict[str, str]:
    return {cell["key"]: cell["verdict"] for cell in line.cells if cell["verdict"] != CellVerdict.SAME}


def test_what_leaves_is_made_to_be_filled_in(book: FilledBook, mill: Site) -> None:
    assert [sheet.title for sheet in book.sheets] == [SHEET, "Mode d’emploi", MEMORY]
    assert [sheet.hidden for sheet in book.sheets] == [False, False, True]
    assert (book.rows[0][0], 0 in book.sheets[0].hidden_columns) == (KEY, True)
    assert book.read("Rue du Moulin", KEY) == mill.public_id
    assert [book.read("Rue du Moulin", header) for header in ("Personnes", "Mineurs", "Tentes")] == [
        40,
        19,
        "",
    ]
    assert book.read("Rue du Moulin", "Accès à l’eau") == "non"
    assert book.read("Rue du Moulin", "Recensé le") == "01/06/2020"
    assert Download.objects.get().rows == 2


def test_what_names_a_row_is_protected_and_choices_are_offered(book: FilledBook) -> None:
    sheet = load_workbook(io.BytesIO(book.content)).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.protection.sheet
    assert all(cell.protection.locked for cell in sheet[1])
    row = next(
        row for row in sheet.iter_rows(min_row=2) if row[heads.index("Nom du site")].value == "Rue du Moulin"
    )
    written = {
        head: cell.protection.locked for head, cell in zip(heads, row, strict=True) if cell.value is not None
    }
    assert {head for head, locked in written.items() if locked} == {
        KEY,
        "Commune",
        "Nom du site",
        "Recensé le",
    }
    assert {"Personnes", "Mineurs", "Accès à l’eau"} <= {
        head for head, locked in written.items() if not locked
    }
    assert not sheet.column_dimensions["F"].protection.locked  # « Vu le », whose cells are empty
    assert sheet.column_dimensions["D"].protection.locked  # an address that is not known
    added = sheet[sheet.max_row]
    assert not added[heads.index("Commune")].protection.locked
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert {one.formula1 for one in lists} == {'"oui,non"'}
    assert len(lists) == 5


def test_untouched_it_changes_nothing(book: FilledBook, by: Actor, mill: Site) -> None:
    before = exported(by.user)
    factories.make_survey(mill, dt.date(2020, 9, 1), 55)
    batch = book.given(by)
    assert (batch.target, batch.state) == ("sites", BatchState.READY)
    assert set(batch.lines.values_list("verdict", "is_written")) == {(CellVerdict.SAME, False)}
    kept = line_of(batch, "Rue du Moulin").cell("people")
    assert (kept["after"], "gardé" in kept["rule"]) == ("55", True)
    assert exported(by.user) != before  # the colleague's


def test_what_is_changed_in_the_file_alone_is_written_today(book: FilledBook, by: Actor, mill: Site) -> None:
    before = exported(by.user)
    batch = book.type("Rue du Moulin", Personnes=42, Tentes="ND", **{"Accès à l’eau": "oui"}).given(by)
    line = line_of(batch, "Rue du Moulin")
    assert verdicts(line) == {"people": "changed", "tents": "new", "water": "changed"}
    batch = applied(batch, by)
    assert (batch.state, batch.done) == (BatchState.APPLIED, 1)
    survey = figure(mill)
    assert (survey.valid_on, survey.people, survey.minors, survey.women) == (clock.today(), 42, 19, 11)
    assert str(survey.value("tents")) == "ND"
    assert survey.reason.startswith("tableau du ")
    assert survey.reason.endswith(f"ligne\u00a0{line.line}") or survey.reason.endswith(f"ligne {line.line}")
    state = LivingConditions.objects.in_force(NOW).get(site=mill)
    assert state.answers == {"water": {"access": "yes"}}
    batch = undone(batch, by)
    assert (batch.left, exported(by.user)) == ([], before)


def test_a_colleague_on_another_cell_is_kept(book: FilledBook, by: Actor, mill: Site) -> None:
    """Only one moved each: nothing is asked, and both are there."""
    factories.make_survey(mill, dt.date(2020, 9, 1), 40, minors=21, women=11)
    batch = applied(book.type("Rue du Moulin", Femmes=12).given(by), by)
    assert batch.state == BatchState.APPLIED
    survey = figure(mill)
    assert (survey.people, survey.minors, survey.women) == (40, 21, 12)


@pytest.mark.parametrize(("side", "written"), [(MINE, 42), (THEIRS, 55)])
def test_both_sides_moved_and_a_person_chooses(
    book: FilledBook, by: Actor, mill: Site, side: tuple[str, str], written: int
) -> None:
    factories.make_survey(mill, dt.date(2020, 9, 1), 55, minors=19, women=11)
    batch = book.type("Rue du Moulin", Personnes=42, Mineurs=20).given(by)
    line = line_of(batch, "Rue du Moulin")
    assert (verdicts(line), line.is_written) == ({"people": "doubtful", "minors": "changed"}, False)
    assert line.cell("people")["options"] == [option(MINE, "42"), option(THEIRS, "55")]
    assert line.cell("people")["who"]
    reply = {line.line: {"people": option(side, str(42 if side is MINE else 55))}}
    applied(reply_to_lines(batch=batch, by=by, decisions={}, fixes=reply), by)
    assert (figure(mill).people, figure(mill).minors) == (written, 20)


def test_a_choice_made_before_a_third_writing_is_asked_again(book: FilledBook, by: Actor, mill: Site) -> None:
    factories.make_survey(mill, dt.date(2020, 9, 1), 55)
    batch = book.type("Rue du Moulin", Personnes=42).given(by)
    line = line_of(batch, "Rue du Moulin")
    reply = {line.line: {"people": option(THEIRS, "55")}}
    batch = reply_to_lines(batch=batch, by=by, decisions={}, fixes=reply)
    assert line_of(batch, "Rue du Moulin").verdict == CellVerdict.SAME
    factories.make_survey(mill, dt.date(2020, 10, 1), 60)
    batch = reply_to_lines(batch=batch, by=by, decisions={}, fixes={})
    assert verdicts(line_of(batch, "Rue du Moulin")) == {"people": "doubtful"}


def test_both_wrote_the_same(book: FilledBook, by: Actor, mill: Site) -> None:
    factories.make_survey(mill, dt.date(2020, 9, 1), 42)
    line = line_of(book.type("Rue du Moulin", Personnes="42 ").given(by), "Rue du Moulin")
    assert (line.verdict, line.is_written) == (CellVerdict.SAME, False)


def test_somebody_writes_between_the_preview_and_the_writing(book: FilledBook, by: Actor, mill: Site) -> None:
    batch = book.type("Rue du Moulin", Personnes=42).given(by)
    factories.make_survey(mill, dt.date(2020, 9, 1), 55)
    assert ask_to_apply(batch=batch)
    assert not apply_now(batch=batch, by=by)
    line = line_of(batch, "Rue du Moulin")
    assert (line.moved, verdicts(line)) == (True, {"people": "doubtful"})
    assert figure(mill).people == 55


def test_a_date_alone_renews_what_is_known(book: FilledBook, by: Actor, mill: Site) -> None:
    applied(book.type("Rue du Moulin", Vu_le=dt.date(2020, 10, 1)).given(by), by)
    survey = figure(mill)
    assert (survey.valid_on, survey.people, survey.minors) == (dt.date(2020, 10, 1), 40, 19)


def test_an_emptied_cell_erases_nothing_and_says_so(book: FilledBook, by: Actor, mill: Site) -> None:
    batch = applied(book.type("Rue du Moulin", Mineurs="", Personnes=41).given(by), by)
    assert verdicts(line_of(batch, "Rue du Moulin")) == {"people": "changed", "minors": "refused"}
    assert (figure(mill).people, figure(mill).minors) == (41, 19)


def test_a_doubtful_number_is_asked_then_written(book: FilledBook, by: Actor, mill: Site) -> None:
    batch = book.type("Rue du Moulin", Personnes="~45").given(by)
    line = line_of(batch, "Rue du Moulin")
    assert verdicts(line) == {"people": "doubtful"}
    batch = reply_to_lines(batch=batch, by=by, decisions={}, fixes={line.line: {"people": "45"}})
    applied(batch, by)
    assert figure(mill).people == 45


def test_a_part_greater_than_its_new_whole_is_said(book: FilledBook, by: Actor, mill: Site) -> None:
    line = line_of(book.type("Rue du Moulin", Personnes=12).given(by), "Rue du Moulin")
    assert "19 (Mineurs) pour 12 (Personnes)" in line.cell("people")["rule"]
    assert line.is_written


def test_a_row_without_a_key_is_a_new_site(book: FilledBook, by: Actor) -> None:
    batch = applied(book.add(Commune="Roubaix", Nom_du_site="Friche", Personnes=12).given(by), by)
    site = Site.objects.get(name="Friche")
    assert (site.commune_id, figure(site).people) == (factories.ROUBAIX, 12)
    assert line_of(batch, "Friche").outcome == RowOutcome.NEW


def test_a_row_copied_with_its_key_is_not_written_twice(book: FilledBook, by: Actor, mill: Site) -> None:
    book.type("Rue du Moulin", Personnes=42)
    book.rows.append([*book.row("Rue du Moulin")])
    copied = book.given(by).lines.filter(label="Rue du Moulin").order_by("line")
    assert [(line.is_written, line.verdict) for line in copied] == [
        (True, CellVerdict.CHANGED),
        (False, CellVerdict.DOUBTFUL),
    ]


def test_a_row_taken_out_changes_nothing_and_is_said(
    book: FilledBook, by: Actor, mill: Site, client: Client
) -> None:
    book.rows.remove(book.row("Rue du Moulin"))
    batch = book.given(by)
    page = client.get(reverse("imports:lines", args=[batch.public_id])).content.decode()
    assert "1 ligne a été ôtée du classeur" in page
    assert reverse("imports:absents", args=[batch.public_id]) not in page
    assert not batch.lines.filter(is_written=True).exists()


def test_columns_that_are_not_read_are_said(book: FilledBook, by: Actor, client: Client) -> None:
    book.rows[0][book.column("Femmes")] = "Dames"
    batch = book.given(by)
    assert [note.replace("\u00a0", " ").replace("\u202f", " ") for note in batch.choices["notes"]] == [
        "Colonne ôtée ou renommée, où rien n’est lu : « Femmes ».",
        "Une colonne ne vient pas de Jalons, rien n’y est lu : « Dames ».",
    ]
    assert not batch.lines.filter(is_written=True).exists()
    assert "Dames" in client.get(reverse("imports:lines", args=[batch.public_id])).content.decode()


def test_a_row_that_left_only_asks_what_to_write(
    book: FilledBook, by: Actor, mill: Site, client: Client
) -> None:
    factories.make_survey(mill, dt.date(2020, 9, 1), 55)
    batch = book.type("Rue du Moulin", Personnes=42).given(by)
    page = client.get(reverse("imports:lines", args=[batch.public_id])).content.decode()
    line = line_of(batch, "Rue du Moulin").line
    assert f"<option>{option(MINE, '42')}</option>" in page
    assert f'name="site-{line}"' not in page
    assert page.index("Rue du Moulin") < page.index("Talus")  # what was changed comes first
    client.post(
        reverse("imports:lines", args=[batch.public_id]), {f"valeur-{line}-people": option(THEIRS, "55")}
    )
    assert line_of(batch, "Rue du Moulin").verdict == CellVerdict.SAME


def test_another_key_of_the_server_reads_nothing_of_it(book: FilledBook, by: Actor, settings: Any) -> None:
    batch = book.type("Rue du Moulin", Personnes=42).given(by)
    settings.SECRET_KEY = "une autre clé secrète, assez longue pour que Django la prenne"
    again = ImportBatch.objects.get(pk=batch.pk)
    assert not reply_to_lines(batch=again, by=by, decisions={}, fixes={}).lines.exists()


def test_rows_whose_names_were_mixed_are_refused(book: FilledBook, by: Actor, mill: Site) -> None:
    """Somebody sorted one column and not the others."""
    book.type("Rue du Moulin", Personnes=42, Nom_du_site="Autre nom")
    line = line_of(book.given(by), "Autre nom")
    assert (line.verdict, line.is_written) == (CellVerdict.REFUSED, False)
    assert "« Rue du Moulin »" in line.why.replace("\u00a0", " ")


def test_a_forged_key_is_refused(book: FilledBook, by: Actor, mill: Site) -> None:
    """Of a site that did not leave in this file, even of one that may be written; and of one that does not exist."""
    other = factories.make_site("Ailleurs")
    for key in (other.public_id, "zzzzzzzz"):
        book.type("Rue du Moulin", **{KEY: key}, Personnes=42)
        line = line_of(book.given(by), "Rue du Moulin")
        assert (line.verdict, line.is_written, line.site) == (CellVerdict.REFUSED, False, "")


def test_the_file_of_another_person_gives_no_right(
    book: FilledBook, by: Actor, cast: Any, mill: Site, client: Client
) -> None:
    """Exported by who may, given back by who may not: read with the rights of the second."""
    book.type("Rue du Moulin", Personnes=42)
    elsewhere = factories.actor(cast.correspondent13)
    assert not book.given(elsewhere).lines.filter(is_written=True).exists()
    colleague = factories.actor(cast.operator_a)
    assert line_of(book.given(colleague), "Rue du Moulin").is_written
    reader = factories.actor(cast.observer)
    assert not book.given(reader).lines.filter(is_written=True).exists()


def test_a_rehearsal_judges_and_writes_nothing(book: FilledBook, by: Actor) -> None:
    batch = book.type("Rue du Moulin", Personnes=42).given(by, rehearsal=True)
    assert line_of(batch, "Rue du Moulin").verdict == CellVerdict.CHANGED
    assert not ask_to_apply(batch=batch)


@pytest.mark.parametrize("harm", ["removed", "changed", "cut", "keys"])
def test_without_its_memory_it_is_read_as_any_table(
    book: FilledBook, by: Actor, harm: str, client: Client
) -> None:
    memory = book.sheets[-1]
    if harm == "removed":
        book.sheets.remove(memory)
    elif harm == "changed":
        memory.rows[1][0] = memory.rows[1][0].replace("A", "B", 1)
    elif harm == "cut":
        memory.rows.pop()
    else:
        book.rows[0][0] = "Code"
    assert found_in(book.sheets) == DAMAGED
    batch = book.given(by)
    assert (batch.choices["trip"], batch.target) == ("damaged", "sites")
    page = client.get(reverse("imports:columns", args=[batch.public_id])).content.decode()
    assert "sa feuille cachée «\u00a0Repères Jalons\u00a0»" in page


def test_through_the_ordinary_door(book: FilledBook, by: Actor, client: Client) -> None:
    """The bytes themselves, without any step on columns."""
    file = SimpleUploadedFile("sites.xlsx", book.content)
    answer = client.post(reverse("imports:start"), {"file": file}, follow=True)
    batch = ImportBatch.objects.get()
    assert [url for url, _ in answer.redirect_chain] == [reverse("imports:lines", args=[batch.public_id])]
    assert "parti de Jalons" in answer.content.decode()
    columns = client.get(reverse("imports:columns", args=[batch.public_id]))
    assert columns["Location"] == reverse("imports:lines", args=[batch.public_id])


def test_the_same_list_as_the_address_without_what_one_may_not_write(
    by: Actor, mill: Site, cast: Any, client: Client
) -> None:
    factories.make_survey(factories.make_site("Grand", factories.ROUBAIX), JUNE, 150)
    factories.make_site("Calanque", factories.MARSEILLE)
    names = {row[2] for row in FilledBook(taken(client, by.user, query="?taille=large")).rows}
    assert "Grand" in names
    assert not names & {"Rue du Moulin", "Calanque"}
    everything = {row[2] for row in FilledBook(taken(client, by.user, query="?departement=tous")).rows}
    assert {"Grand", "Rue du Moulin"} <= everything
    assert "Calanque" not in everything


@pytest.mark.parametrize("person", ["observer", "correspondent59"])
def test_who_is_offered_it(person: str, cast: Any, mill: Site, client: Client) -> None:
    client.force_login(getattr(cast, person), factories.BACKEND)
    url = reverse("imports:sites_to_edit")
    offered = url in client.get(reverse("sites:list")).content.decode()
    assert offered is (person == "correspondent59")
    assert client.get(url).status_code == (200 if offered else 403)
    assert client.get(url, {"au": "2020-07-01"}).status_code == (302 if offered else 403)


def test_hostile_names_leave_as_text(by: Actor, client: Client, cast: Any) -> None:
    factories.make_site("=HYPERLINK(1)")
    content = taken(client, by.user)
    book = FilledBook(content)
    assert book.row("=HYPERLINK(1)")
    assert not book.sheets[0].formulas
    assert set(book.given(by).lines.values_list("verdict", flat=True)) == {CellVerdict.SAME}


def test_the_number_of_questions_to_the_base_does_not_grow(
    by: Actor, client: Client, cast: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        factories.make_survey(factories.make_site(f"Site {number}"), JUNE, number + 3)
    client.force_login(by.user, factories.BACKEND)
    with django_assert_max_num_queries(40):
        content = taken(client, by.user)
    book = FilledBook(content)
    for row in book.rows[1:]:
        row[book.column("Ménages")] = 3
    with django_assert_max_num_queries(40):
        batch = book.given(by)
    assert batch.lines.filter(is_written=True).count() == 30


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_saved_again_by_another_program(book: FilledBook, by: Actor, mill: Site, kind: str) -> None:
    """Every number as a decimal, sheets renamed and in another order, a title above: still the same journey."""
    book.type("Rue du Moulin", Personnes=42)
    drawn = [
        DrawnSheet(f"F{number}", [list(map(saved, row)) for row in sheet.rows], hidden=sheet.hidden)
        for number, sheet in enumerate(book.sheets)
    ]
    drawn[0].rows.insert(0, ["Notre liste"])
    content = (write_ods if kind == "ods" else write_xlsx)(drawn[::-1])
    batch = FilledBook(content, kind).given(by)
    assert verdicts(line_of(batch, "Rue du Moulin")) == {"people": "changed"}
    assert line_of(batch, "Talus").verdict == CellVerdict.SAME


def saved(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value
