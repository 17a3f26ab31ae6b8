"""The national platform's own export of sites, as each territory has it: read as it says, without a question."""

import datetime as dt
from typing import Any

import pytest

from jalons.history.services import Actor
from jalons.imports.enums import BatchState, CellVerdict
from jalons.imports.models import ImportBatch
from jalons.imports.reading.files import read_content
from jalons.imports.services import (
    apply_now,
    ask_to_apply,
    ask_to_undo,
    give_file,
    prepare,
    reply_to_lines,
    undo_now,
)
from jalons.sites.enums import Origin, SiteKind
from jalons.sites.models import LivingConditions, Occupation, Site, Survey
from tests import factories
from tests.imports.national import national_sites, site
from tests.imports.writing import DrawnSheet, Formula, write_ods, write_xlsx

pytestmark = pytest.mark.django_db
UPDATED = dt.date(2026, 11, 12)
ROWS = [
    site(
        "Rue du Moulin",
        45,
        **{
            "Nombre de ménages": 12,
            "Nombre de mineurs": 18,
            "0 à 3 ans": 3,
            "Enfants inscrits dans un établissement scolaire": 9,
            "Nombre de cabanes": 11,
            "Nombre de caravanes": 2,
            "Origines": "Ressortissants français;Ressortissants européens",
            "Statut de l'accès à l'eau": "à améliorer",
            "Présence de toilettes fonctionnelles ?": "non",
            "Y a-t-il présence d’une installation électrique ?": "oui",
            "Y a-t-il des nuisibles à proximité ?": "oui",
            "Commentaires": "10/11/2026 à 10:00 - Camille\nDeux familles de plus.",
        },
    ),
    site("Friche du canal", None, **{"Type de site": "Immeuble bâti", "Date d'installation": "NC"}),
    site("Délaissé A22", 7, **{"Statut de l'accès à l'eau": "inconnu", "Origines": "Inconnues"}),
    site("Talus", 0, **{"Commune": "Roubaix", "Code INSEE": "59512", "Nombre de mineurs": 0}),
]


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.correspondent59)


def given(by: Actor, sheet: DrawnSheet, *, kind: str = "xlsx") -> ImportBatch:
    content = write_xlsx([sheet]) if kind == "xlsx" else write_ods([sheet])
    sheets = read_content(content, kind, "")
    batch = give_file(name=f"export.{kind}", kind=kind, content=content, sheets=sheets, by=by)
    return prepare(batch=batch, by=by)


def applied(batch: ImportBatch, by: Actor) -> ImportBatch:
    assert ask_to_apply(batch=batch)
    apply_now(batch=batch, by=by)
    batch.refresh_from_db()
    return batch


def current(name: str) -> Survey:
    return Survey.objects.known().get(site__name=name)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_it_is_read_without_a_question(by: Actor, kind: str) -> None:
    batch = given(by, national_sites(ROWS), kind=kind)
    lines = list(batch.lines.order_by("line"))
    assert [line.verdict for line in lines] == [CellVerdict.NEW] * len(ROWS)
    asked = [cell for line in lines for cell in line.cells if cell["verdict"] in ("doubtful", "refused")]
    assert asked == []
    applied(batch, by)
    assert batch.state == BatchState.APPLIED


def test_it_adds_up_to_what_it_says(by: Actor) -> None:
    applied(given(by, national_sites(ROWS)), by)
    surveys = list(Survey.objects.known())
    assert len(surveys) == len(ROWS)
    assert sum(survey.people or 0 for survey in surveys) == 52
    assert sum(survey.minors or 0 for survey in surveys) == 18
    moulin = current("Rue du Moulin")
    assert (moulin.people, moulin.households, moulin.minors_0_3, moulin.minors_at_school) == (45, 12, 3, 9)
    assert (moulin.huts, moulin.caravans, moulin.valid_on) == (11, 2, UPDATED)
    assert current("Talus").people == 0
    friche = current("Friche du canal")
    assert friche.people is None
    assert current("Délaissé A22").minors is None


def test_the_site_takes_what_the_row_says_of_it(by: Actor) -> None:
    applied(given(by, national_sites(ROWS)), by)
    moulin = Site.objects.get(name="Rue du Moulin")
    run = moulin.occupations.get()
    assert (moulin.kind, moulin.commune_id) == (SiteKind.LAND, "59350")
    assert list(moulin.origins) == [Origin.FRENCH, Origin.EUROPEAN]
    assert (run.valid_on, run.start_is_known) == (dt.date(2021, 3, 4), True)
    friche = Site.objects.get(name="Friche du canal")
    assert (friche.kind, friche.occupations.get().start_is_known) == (SiteKind.BUILDING, False)
    answers = LivingConditions.objects.known().get(site=moulin).answers
    told = {theme: sorted(given.values()) for theme, given in answers.items()}
    assert (told["water"], told["sanitation"], told["electricity"], told["pests"]) == (
        ["yes"],
        ["no"],
        ["yes"],
        ["yes"],
    )
    assert "waste" not in told
    assert not LivingConditions.objects.filter(site=friche).exists()


def test_given_twice_it_changes_nothing(by: Actor) -> None:
    applied(given(by, national_sites(ROWS)), by)
    again = given(by, national_sites(ROWS))
    assert {line.verdict for line in again.lines.all()} == {CellVerdict.SAME}


def test_what_the_sheet_says_otherwise_is_told_and_left(by: Actor) -> None:
    known = factories.make_site("Rue du Moulin", kind=SiteKind.BUILDING)
    batch = given(by, national_sites(ROWS[:1]))
    cells = {cell["key"]: cell for cell in batch.lines.get().cells}
    assert cells["kind"]["before"] == cells["kind"]["after"] == "Immeuble bâti"
    assert "ne change pas la fiche" in cells["kind"]["rule"]
    applied(batch, by)
    known.refresh_from_db()
    assert known.kind == SiteKind.BUILDING


def test_what_is_applied_is_taken_back(by: Actor, cast: Any) -> None:
    factories.make_survey(factories.make_site("Rue du Moulin"), dt.date(2026, 1, 1), people=30)

    def exported() -> list[Any]:
        sites = Site.objects.visible_to(cast.correspondent59).open_on().with_figure()
        return list(sites.order_by("name").values_list("name", "figure__people", "kind"))

    before = exported()
    batch = applied(given(by, national_sites(ROWS)), by)
    assert exported() != before
    assert ask_to_undo(batch=batch)
    undo_now(batch=batch, by=by)
    assert exported() == before


def closed_rows() -> list[dict[str, Any]]:
    cause = "Décision administrative de la préfecture"
    return [
        site(
            "Ancien terrain",
            12,
            **{"Date de fermeture": dt.date(2026, 5, 2), "Résorbé": "Non", "Cause de la fermeture": cause},
        ),
        site("Relogés", None, **{"Date de fermeture": dt.date(2026, 4, 1), "Résorbé": "Oui"}),
        site("Sans cause", 8, **{"Date de fermeture": dt.date(2026, 5, 2)}),
        site("Rue du Moulin", 3, **{"Date de fermeture": dt.date(2026, 6, 3), "Résorbé": "Oui"}),
    ]


def test_closed_sites_are_closed_at_their_date(by: Actor, cast: Any) -> None:
    known = factories.make_site("Rue du Moulin", latitude=48.0, longitude=2.0)
    sheet = national_sites(closed_rows(), closed=True)
    batch = given(by, sheet)
    lines = list(batch.lines.order_by("line"))
    assert [line.is_written for line in lines] == [True, True, False, True]
    assert lines[2].verdict == CellVerdict.DOUBTFUL
    options = lines[2].cell("closing_reason")["options"]
    fixes = {lines[2].line: {"closing_reason": options[-1]}}
    batch = applied(reply_to_lines(batch=batch, by=by, decisions={}, fixes=fixes), by)
    assert (batch.failure, batch.done) == ("", 4)
    runs = Occupation.objects.known().order_by("site__name")
    assert [(run.site.name, run.ended_on, run.closing_reason) for run in runs] == [
        ("Ancien terrain", dt.date(2026, 5, 2), "prefecture"),
        ("Relogés", dt.date(2026, 4, 1), "resorbed"),
        ("Rue du Moulin", dt.date(2026, 6, 3), "resorbed"),
        ("Sans cause", dt.date(2026, 5, 2), "unknown"),
    ]
    survey = current("Ancien terrain")
    assert (survey.people, survey.valid_on) == (12, dt.date(2026, 5, 1))
    again = given(by, sheet)
    assert set(again.lines.values_list("verdict", "is_written")) == {(CellVerdict.SAME, False)}
    assert ask_to_undo(batch=batch)
    undo_now(batch=batch, by=by)
    assert list(Occupation.objects.known().values_list("site__name", "ended_on")) == [(known.name, None)]


def test_a_closing_that_only_the_remark_tells_is_asked(by: Actor) -> None:
    """It is a guess: nothing is declared without a person, who may say that the site is there."""
    rows = [
        ["Situation au 28/09/2026", "", "", ""],
        ["Commune", "Site", "Pers.", "Remarques"],
        ["Lille", "Ancien terrain", 12, "évacué le 12/09"],
    ]
    batch = given(by, DrawnSheet("Sites", rows))
    line = batch.lines.get()
    assert line.verdict == CellVerdict.DOUBTFUL
    assert "la remarque dit une fermeture le 12/09/2026" in line.why.replace("\u00a0", " ")
    reply_to_lines(batch=batch, by=by, decisions={line.line: "new"}, fixes={})
    assert applied(batch, by).done == 1


def test_its_word_for_nothing_is_asked_in_another_file(by: Actor) -> None:
    """« NC »: « non communiqué » or « non concerné », when nothing says which."""
    rows = [["Commune", "Site", "Pers."], ["Lille", "Rue du Moulin", "NC"], ["Lille", "Friche", 4]]
    batch = given(by, DrawnSheet("Sites", rows))
    assert batch.lines.order_by("line").first().cells[0]["verdict"] == CellVerdict.DOUBTFUL


def test_a_row_of_formulas_at_the_foot_is_no_site(by: Actor) -> None:
    """Their results may be those of another day: nothing is added up."""
    rows: list[list[Any]] = [
        ["Commune", "Site", "Pers.", "Mineurs"],
        ["Lille", "Rue du Moulin", 12, 4],
        ["Lille", "Friche", 8, Formula(3, "=B2+1")],
        ["", "", Formula(19, "=SUM(C2:C3)"), Formula(5, "=SUM(D2:D3)")],
    ]
    assert [line.label for line in given(by, DrawnSheet("Sites", rows)).lines.order_by("line")] == [
        "Rue du Moulin",
        "Friche",
    ]
