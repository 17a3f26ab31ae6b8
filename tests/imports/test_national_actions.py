"""The national platform's export of actions, and ours of the same shape, read back."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.actions.enums import FundingType
from jalons.actions.models import Action, FundingLine, Intervention
from jalons.discussions.services import add_comment
from jalons.history.services import Actor
from jalons.imports.enums import BatchState, CellVerdict, RowOutcome
from jalons.imports.models import ImportBatch
from jalons.imports.reading.files import read_content
from jalons.imports.services import give_file, prepare, reply_to_lines
from jalons.indicators.models import Measurement
from jalons.indicators.national import NATIONAL_COLUMNS
from tests import factories
from tests.imports.test_applying import applied, undone
from tests.imports.writing import DrawnSheet, write_ods, write_xlsx

pytestmark = pytest.mark.django_db
LABELS = {column.key: column.label for column in NATIONAL_COLUMNS}
END = dt.date(2025, 12, 31)
A, B = "Les amis de Lille", "Solidarité Nord"


def sheet(rows: list[dict[str, Any]], year: int = 2025, title: str = "Tous") -> DrawnSheet:
    """As the platform writes it: titles, sections, columns; `rows` by key of a column."""
    sections, previous = [], ""
    for column in NATIONAL_COLUMNS:
        sections.append(column.section.value if column.section.value != previous else "")
        previous = column.section.value
    titles = [
        [f"Actions de l'année {year}"],
        ["Toutes les actions"],
        ["Extraction de la plateforme Résorption bidonvilles"],
        ["à la date du 15/01/2026"],
        [],
    ]
    lines = [[row.get(column.key, "") for column in NATIONAL_COLUMNS] for row in rows]
    return DrawnSheet(title, [*titles, sections, [column.label for column in NATIONAL_COLUMNS], *lines])


def row(name: str, operator: str, **more: Any) -> dict[str, Any]:
    return {
        "departement": "Nord",
        "id": 412,
        "operateur_principal": operator,
        "nom": name,
        "debut": dt.date(2023, 3, 1),
        "champs": "Santé, Logement, Éducation",
        "objectifs": "Scolariser\nreloger",
        "operateurs": operator,
        "action_mise_a_jour": dt.date(2025, 12, 1),
        **more,
    }


ROWS = [
    row(
        "MOUS Lille", A, personnes=45, menages=12, femmes=0, logement_personnes=6, maternelle=3, sante=9,
        dedies_planned=120_000, dedies_executed=98_500.5, collectivites_planned=40_000, commentaires="Bonjour",
    ),
    row("Médiation Roubaix", B, personnes=30, mineurs=14, mediation=11, europe_planned=8),
    row("Maraude", "", champs="Accès aux droits", etat_planned=0),
]  # fmt: skip


@pytest.fixture
def by(cast: Any) -> Actor:
    factories.make_socle()
    return factories.actor(cast.correspondent59)


def given(by: Actor, content: bytes, kind: str = "xlsx") -> ImportBatch:
    batch = give_file(
        name=f"actions.{kind}", kind=kind, content=content, sheets=read_content(content, kind, ""), by=by
    )
    return prepare(batch=batch, by=by)


def asked(batch: ImportBatch) -> list[Any]:
    cells = [(line.line, cell) for line in batch.lines.order_by("line") for cell in line.cells]
    return [(at, cell) for at, cell in cells if cell["verdict"] in ("doubtful", "refused")]


def state_of_things() -> list[Any]:
    names = Action.objects.declared().order_by("name").values_list("name", flat=True)
    figures = Measurement.objects.known().values_list("series__indicator__code", "valid_on", "number")
    money = FundingLine.objects.known().values_list("kind", "year", "planned", "executed")
    return [list(names), sorted(figures), sorted(money, key=str)]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_it_is_read_without_a_question(by: Actor, kind: str) -> None:
    sheets = [sheet(ROWS), sheet(ROWS, title="Dépt 59")]
    batch = given(by, write_xlsx(sheets) if kind == "xlsx" else write_ods(sheets), kind)
    assert (batch.target, batch.choices["sheet"], batch.choices["on"]) == ("actions", 0, "2025-12-31")
    assert asked(batch) == []
    assert set(batch.lines.values_list("outcome", "verdict", "is_written")) == {
        (RowOutcome.NEW, CellVerdict.NEW, True)
    }


def test_it_adds_up_to_what_it_says_and_is_taken_back(by: Actor, client: Client) -> None:
    before = state_of_things()
    batch = applied(given(by, write_xlsx([sheet(ROWS)])), by)
    assert (batch.state, batch.failure, batch.done) == (BatchState.APPLIED, "", 3)
    told = Measurement.objects.known().select_related("series__indicator", "series__reporter")
    by_code: dict[str, int] = {}
    for fact in told:
        assert (fact.valid_on, fact.series.reporter.name in (A, B)) == (END, True)
        by_code[fact.series.indicator.code] = by_code.get(fact.series.indicator.code, 0) + int(
            fact.number or 0
        )
    expected = {
        column.indicator: sum(row[column.key] for row in ROWS if column.key in row)
        for column in NATIONAL_COLUMNS
        if column.indicator and any(column.key in row for row in ROWS)
    }
    assert by_code == expected
    lines = FundingLine.objects.known()
    assert sum(line.planned or 0 for line in lines) == 160_008
    assert sum(line.executed or 0 for line in lines) == Decimal("98500.5")
    assert {line.kind for line in lines} == {"dedicated", "local", "european", "state"}
    action = Action.objects.get(name="MOUS Lille")
    assert (set(action.themes), action.objectives) == ({"health", "housing", "school"}, "Scolariser\nreloger")
    assert Intervention.objects.known().get(action=action).valid_on == dt.date(2023, 3, 1)
    again = given(by, write_xlsx([sheet(ROWS)]))
    assert set(again.lines.values_list("verdict", "is_written")) == {(CellVerdict.SAME, False)}
    assert undone(batch, by).left == []
    assert state_of_things() == before
    client.force_login(by.user, factories.BACKEND)
    assert client.get(reverse("actions:sheet", args=[action.public_id])).status_code == 404
    assert client.get(reverse("actions:list")).status_code == 200
    assert {line.outcome for line in given(by, write_xlsx([sheet(ROWS)])).lines.all()} == {RowOutcome.NEW}


def test_a_dispositif_where_others_wrote_stays(by: Actor) -> None:
    batch = applied(given(by, write_xlsx([sheet(ROWS)])), by)
    action = Action.objects.get(name="Maraude")
    add_comment(subject=action, by=by, text="À garder")
    left = undone(batch, by).left
    assert len(left) == 1
    assert "Maraude" in left[0]
    assert [one.name for one in Action.objects.declared()] == ["Maraude"]
    assert action.participations.known().exists()


def test_what_is_not_sure_is_asked(by: Actor, cast: Any) -> None:
    factories.make_action("MOUS Lille", operators=[factories.organisation_of(cast.operator_a)])
    rows = [
        row("MOUS de Lille", A, personnes=4),
        row("Autre", "Association inconnue", personnes=4),
        row("Sans date", A, debut="", personnes=4),
        row("Ailleurs", A, departement="Bouches-du-Rhône", personnes=4),
        row("Autres champs", A, champs="Sport", personnes=4),
    ]
    batch = given(by, write_xlsx([sheet(rows)]))
    lines = list(batch.lines.order_by("line"))
    assert [line.is_written for line in lines] == [False] * 5
    assert lines[0].candidates[0]["name"] == "MOUS Lille"
    assert lines[1].cell("operateurs")["options"]
    assert lines[2].cell("debut")["verdict"] == CellVerdict.DOUBTFUL
    assert lines[3].outcome == RowOutcome.OUTSIDE
    assert lines[4].cell("champs")["options"]
    fixes = {
        lines[1].line: {"operateurs": lines[1].cell("operateurs")["options"][-1]},
        lines[2].line: {"debut": "01/02/2024"},
        lines[4].line: {"champs": "Accès aux droits"},
    }
    batch = reply_to_lines(batch=batch, by=by, decisions={lines[0].line: "new"}, fixes=fixes)
    assert [line.is_written for line in batch.lines.order_by("line")] == [True, True, True, False, True]
    # Without its operator a dispositif is declared; its figures wait.
    assert batch.lines.get(line=lines[1].line).cell("personnes")["verdict"] == CellVerdict.REFUSED


def test_our_own_export_is_known_everywhere(by: Actor, cast: Any, client: Client) -> None:
    a, b = (factories.organisation_of(user) for user in (cast.operator_a, cast.operator_b))
    action = factories.make_action(
        "MOUS Lille", starts_on=dt.date(2020, 1, 1), operators=[a, b], themes=["school", "housing"]
    )
    march, june = dt.date(2020, 3, 31), dt.date(2020, 6, 30)
    factories.make_follow_up(action, march, by=cast.operator_a, personnes=40, logement_personnes=2)
    factories.make_follow_up(action, june, by=cast.operator_a, personnes=30, femmes=0, logement_personnes=3)
    factories.make_follow_up(
        action, june, by=cast.operator_b, personnes=12, logement_personnes=4, maternelle=5
    )
    factories.make_funding(action, 2020, 5_000, kind=FundingType.LOCAL)
    factories.make_funding(action, 2020, 7_000, kind=FundingType.DEPARTEMENT)
    client.force_login(by.user, factories.BACKEND)
    answer = client.get(reverse("indicators:national_export"), {"annee": "2020", "format": "xlsx"})
    batch = given(by, b"".join(answer.streaming_content))
    assert (batch.target, batch.choices["on"]) == ("actions", "2020-12-31")
    assert asked(batch) == []
    assert set(batch.lines.values_list("outcome", "verdict", "is_written")) == {
        (RowOutcome.THIS, CellVerdict.SAME, False)
    }
    assert {"déjà connu" in line.why for line in batch.lines.all()} == {True}


def test_what_is_said_otherwise_of_a_known_dispositif_is_shown_and_not_written(by: Actor) -> None:
    """Its dates, its themes, its goals: before, and what the table says; the same words again say nothing."""
    applied(given(by, write_xlsx([sheet(ROWS)])), by)
    action = Action.objects.get(name="MOUS Lille")
    assert not [
        cell for cell in line_named(given(by, write_xlsx([sheet(ROWS)])), "MOUS Lille").cells if cell["rule"]
    ]
    other = row(
        "MOUS Lille", A, objectifs="Reloger vite", fin=dt.date(2027, 12, 31), champs="Santé", menages=12
    )
    line = line_named(given(by, write_xlsx([sheet([other])])), "MOUS Lille")
    told = {cell["key"]: (cell["verdict"], cell["before"]) for cell in line.cells}
    assert told["objectifs"][0] == "same"
    assert told["fin"] == ("same", "vide")
    assert told["champs"][1] == "Santé, Éducation et scolarisation, Logement"
    assert "debut" not in told
    assert "Reloger vite" in line.cell("objectifs")["rule"]
    action.refresh_from_db()
    assert action.objectives.startswith("Scolariser")


def line_named(batch: ImportBatch, name: str) -> Any:
    return batch.lines.get(label=name)
