"""The export « comme sur la plateforme nationale »: its shape, one line an operator, sums that are the year's."""

import datetime as dt
import io
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.actions.enums import FundingType, ParticipationRole
from jalons.actions.models import Action, FundingLine
from jalons.actions.services import Money, Part, set_money, set_parts
from jalons.core.values import Sum, Value
from jalons.discussions.models import Comment
from jalons.discussions.services import Audience, add_comment
from jalons.exports.contract import RESERVED
from jalons.exports.models import Download
from jalons.indicators.enums import Nature, ValueType
from jalons.indicators.models import Measurement
from jalons.indicators.national import NATIONAL_COLUMNS, NationalSection
from jalons.indicators.national_export import DESCRIBED
from jalons.indicators.selectors.year import socle_of_years, year_figures
from jalons.indicators.services import load_socle
from tests.factories import (
    BACKEND,
    CALAIS,
    Cast,
    actor,
    departement_author,
    make_action,
    make_follow_up,
    make_funding,
    make_grant,
    make_organisation,
    make_site,
    make_socle,
    organisation_of,
)
from tests.indicators.test_socle import relabelled, rewritten

pytestmark = pytest.mark.django_db
SOCLE = True
START, MARCH, JUNE, DECEMBER = (dt.date(2020, *day) for day in ((1, 1), (3, 31), (6, 30), (12, 31)))
PEOPLE = "Nombre total de personnes concernées par l'action"
WOMEN, MINORS, HOMES = "Nombre de femmes", "Nombre de mineurs", "Nombre de ménages"
HOUSED = "Nombre de personnes ayant eu accès à un logement"
DEDICATED, SPENT = (
    "Crédits dédiés à la résorption des bidonvilles",
    "Dépense sur crédits dédiés à la résorption des bidonvilles",
)
LOCAL = "Cofinancement collectivité territoriale"
OPERATOR, MAIN, NAME = "Opérateurs", "Opérateur principal", "Nom du projet"
A, B = "Les amis de Lille", "Solidarité Nord"
HEADS = """Département · Code région · Région · ID action · Opérateur principal · Nom du projet
· Date de lancement/début · Date de fin (prévue) · Lieu · Champs d'intervention · Objectifs de l'action · Opérateurs
· Nombre total de personnes concernées par l'action · Nombre de ménages · Nombre de femmes · Nombre de mineurs
· Nombre de personnes ayant eu un accompagnement vers la santé
· Nombre de personnes ayant eu au moins un contrat de travail dans l'année
· Nombre de femmes ayant eu au moins un contrat de travail dans l'année
· Nombre de personnes ayant eu accès à une solution longue durée en hébergement ou logement adapté avec \
accompagnement, dont espace temporaire d'accompagnement
· Nombre de ménages ayant eu accès à une solution longue durée en hébergement ou logement adapté avec \
accompagnement, dont espace temporaire d'accompagnement
· Nombre de personnes ayant eu accès à un logement · Nombre de ménages ayant eu accès à un logement
· Nombre de mineurs en âge d'être scolarisés ou de suivre une formation
· Nombre de mineurs bénéficiant d'une action de médiation (3 - 18 ans)
· Nombre de mineurs scolarisés en maternelle · Nombre de mineurs scolarisés en élémentaire
· Nombre de mineurs scolarisés au collège · Nombre de mineurs scolarisés au lycée ou en formation professionnelle
· Nombre de mineurs scolarisés: autre · Financement étatique hors crédits dédiés
· Dépense sur financement étatique hors crédits dédiés · Crédits dédiés à la résorption des bidonvilles
· Dépense sur crédits dédiés à la résorption des bidonvilles · Cofinancement collectivité territoriale
· Dépense sur cofinancement collectivité territoriale · Financement européen · Dépense sur financement européen
· Financement privé · Dépense sur financement privé · Autre financement · Dépense sur autre financement · Commentaires
· Dernier commentaire · Date du dernier commentaire · Action mise à jour le · Indicateurs mis à jour le"""
LABELS = [label.strip() for label in HEADS.replace("\n", " ").split("·")]
SECTIONS = {
    "ACTION": 11,
    "OPÉRATEURS": 1,
    "INDICATEURS GÉNÉRAUX": 4,
    "SANTÉ": 1,
    "EMPLOI": 2,
    "HÉBERGEMENT/LOGEMENT": 4,
    "SCOLARISATION": 7,
    "FINANCEMENT": 12,
    "COMMENTAIRES": 3,
    "MISE À JOUR": 2,
}
Row = dict[str, Any]


@pytest.fixture
def action(cast: Cast) -> Action:
    """Two operators; the first told of two dates, the second of one."""
    make_socle()
    action = make_action(
        "=MOUS Lille",
        starts_on=START,
        planned_end=dt.date(2030, 12, 31),
        operators=[organisation_of(cast.operator_a), organisation_of(cast.operator_b)],
        sites=[make_site("Rue du Moulin")],
        themes=["school", "housing"],
        objectives="@Scolariser tous les enfants",
    )
    make_follow_up(action, MARCH, by=cast.operator_a, personnes=40, logement_personnes=2)
    make_follow_up(action, JUNE, by=cast.operator_a, personnes=30, femmes=0, logement_personnes=3)
    make_follow_up(
        action, JUNE, by=cast.operator_b, personnes=12, mineurs=Value.nd(), logement_personnes=4, maternelle=5
    )
    return action


def sent(user: User, **asked: Any) -> Any:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    query = {"annee": "2020", "departement": "tous", "format": "xlsx", **asked}
    return client.get(reverse("indicators:national_export"), query)


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def sheets(user: User, **asked: Any) -> dict[str, list[list[Any]]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content(sent(user, **asked))))
    return {
        name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in workbook.sheet_names
    }


def rows_of(cells: list[list[Any]]) -> list[Row]:
    """The lines under the six of head; empty cells left out."""
    return [
        {name: told for name, told in zip(cells[5], line, strict=True) if told != ""} for line in cells[6:]
    ]


def rows(user: User, **asked: Any) -> list[Row]:
    return rows_of(sheets(user, **asked)["Tous"])


# The shape -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", ["xlsx", "ods", "csv"])
def test_the_shape_is_that_of_the_national_platform(cast: Cast, action: Action, fmt: str) -> None:
    if fmt == "csv":
        text = content(sent(cast.correspondent59, format="csv")).decode("utf-8-sig")
        lines = [line.split(";") for line in text.splitlines()]
        heads, whole = lines[:6], lines[6:]
    else:
        found = sheets(cast.correspondent59, format=fmt)
        assert list(found) == ["Tous", "Dépt 59", "À propos"]
        heads, whole = found["Tous"][:6], found["Tous"][6:]
        assert [line[0] for line in found["Dépt 59"][:2]] == [
            "Actions de l'année 2020",
            "Département 59 - Nord",
        ]
        assert found["Dépt 59"][4:] == found["Tous"][4:]
    assert [line[0] for line in heads[:4]] == [
        "Actions de l'année 2020",
        "Toutes les actions",
        "Export de Jalons, à la façon de la plateforme nationale",
        f"à la date du {dt.date.today():%d/%m/%Y}",
    ]
    assert heads[4] == [words for name, width in SECTIONS.items() for words in (name, *[""] * (width - 1))]
    assert heads[5] == LABELS
    assert len(whole) == 2


def test_columns_cannot_be_left_out(cast: Cast, action: Action) -> None:
    assert sheets(cast.correspondent59, colonnes=["SANTÉ", "EMPLOI"])["Tous"][5] == LABELS


def test_every_column_has_one_source() -> None:
    """An indicator of the socle that is a plain number, amounts, or what describes the dispositif: never two."""
    socle = make_socle()
    assert len({column.key for column in NATIONAL_COLUMNS}) == len(NATIONAL_COLUMNS)
    for column in NATIONAL_COLUMNS:
        sources = [bool(column.indicator), bool(column.funding), column.key in DESCRIBED]
        assert sum(sources) == (0 if column.has_no_equivalent else 1), column.key
        assert column.aside or not column.has_no_equivalent
        if column.indicator:
            assert socle[column.indicator].value_type == ValueType.NUMBER
    funded = [kind for column in NATIONAL_COLUMNS if column.amount == "planned" for kind in column.funding]
    assert sorted(funded) == sorted(FundingType)


# The figures ---------------------------------------------------------------------------------------------------


def test_one_line_an_operator_with_its_own_figures(cast: Cast, action: Action) -> None:
    first, second = rows(cast.correspondent59)
    expected = {
        "Département": "Nord",
        "Code région": "32",
        "Région": "Hauts-de-France",
        "ID action": action.public_id,
        MAIN: A,
        NAME: "=MOUS Lille",
        "Date de lancement/début": START,
        "Date de fin (prévue)": dt.date(2030, 12, 31),
        "Lieu": "Rue du Moulin (Lille)",
        "Champs d'intervention": "Éducation et scolarisation, Logement",
        "Objectifs de l'action": "@Scolariser tous les enfants",
    }
    today = {name: dt.date.today() for name in ("Action mise à jour le", "Indicateurs mis à jour le")}
    # Of a stock, the last of the year; of a flow, the sum; zero is a figure, and what is not known is blank.
    assert first == {**expected, OPERATOR: A, PEOPLE: 30, WOMEN: 0, HOUSED: 5, **today}
    told = {PEOPLE: 12, HOUSED: 4, "Nombre de mineurs scolarisés en maternelle": 5}
    assert second == {**expected, OPERATOR: B, **told, **today}


def naive(action: Action, code: str, year: int) -> dict[str, Decimal]:
    """Counted by hand from what was told: by operator, the last stock, or every flow of the year."""
    found: dict[str, Decimal] = {}
    told = Measurement.objects.filter(
        series__action=action, series__indicator__code=code, superseded_at__isnull=True, number__isnull=False
    )
    for one in told.select_related("series__indicator", "series__reporter").order_by("valid_on"):
        if one.valid_on.year != year:
            continue
        who, before = str(one.series.reporter), found.get(str(one.series.reporter), Decimal(0))
        found[who] = one.number + (before if one.series.indicator.nature == Nature.FLOW else 0)
    return found


def test_the_lines_add_up_to_the_figure_of_the_year(cast: Cast, action: Action) -> None:
    """Whoever tells: two operators, the pilot beside them, one that left (its flow counts, its stock does not)."""
    by = departement_author("59")
    make_follow_up(action, DECEMBER, by=by.user, reporter=by.organisation, personnes=3, logement_personnes=1)
    alone = make_action("Sans opérateur", starts_on=START, themes=["housing"])
    make_follow_up(alone, JUNE, by=by.user, reporter=by.organisation, personnes=8)
    left = make_action(
        "Quitté", starts_on=START, themes=["housing"], operators=[organisation_of(cast.operator_b)]
    )
    make_follow_up(left, JUNE, by=cast.operator_b, personnes=7, logement_personnes=6)
    parts = [
        Part(by.organisation, ParticipationRole.PILOT),
        Part(organisation_of(cast.operator_a), ParticipationRole.OPERATOR),
    ]
    set_parts(action=left, parts=parts, on=dt.date(2020, 9, 1), by=by)
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows(cast.correspondent59):
        for column in NATIONAL_COLUMNS:
            sums[row["ID action"], column.label] += row.get(column.label, 0) if column.indicator else 0
    socle = {one.code: one for one in socle_of_years(2020, 2020)}
    for one in (action, alone, left):
        figures = year_figures([one.pk], 2020)
        for column in NATIONAL_COLUMNS:
            if column.indicator:
                figure = figures.of(one.pk, socle[column.indicator]).figure
                assert isinstance(figure, Sum)
                assert sums[one.public_id, column.label] == figure.total, (one.name, column.label)
    for code, label in (("personnes", PEOPLE), ("logement-personnes", HOUSED)):
        by_hand = naive(action, code, 2020)
        lines = {
            row[OPERATOR]: row[label] for row in rows(cast.correspondent59) if row[NAME] == "=MOUS Lille"
        }
        assert lines == by_hand
    assert sums[left.public_id, PEOPLE] == 0
    assert sums[left.public_id, HOUSED] == 6


def test_a_figure_told_under_a_former_wording_stands_in_the_same_column(
    cast: Cast, action: Action, tmp_path: Path
) -> None:
    for code in ("logement-personnes", "personnes"):
        load_socle(rewritten(tmp_path, lambda rows, code=code: relabelled(rows, code, label="Dit autrement")))
    make_follow_up(action, DECEMBER, by=cast.operator_a, personnes=28, logement_personnes=1)
    first = rows(cast.correspondent59)[0]
    assert (first[PEOPLE], first[HOUSED]) == (28, 6)


def test_no_operator_and_nothing_told_is_one_line(cast: Cast) -> None:
    make_socle()
    make_action("Seul", starts_on=START)
    (row,) = rows(cast.correspondent59)
    assert row[NAME] == "Seul"
    assert not {MAIN, OPERATOR, PEOPLE, "Indicateurs mis à jour le"} & row.keys()


def test_a_flow_that_lacks_a_period_says_so(cast: Cast, action: Action) -> None:
    make_follow_up(action, DECEMBER, by=cast.operator_b, logement_personnes=Value.nd(), personnes=Value.nd())
    second = rows(cast.correspondent59)[1]
    assert second[HOUSED] == "≥\u00a04 (1\u00a0ND)"
    assert PEOPLE not in second


# The money -----------------------------------------------------------------------------------------------------


def test_money_is_written_once_on_the_line_of_the_main_operator(cast: Cast, action: Action) -> None:
    lines = [
        Money(
            year=2020,
            kind=FundingType.DEDICATED,
            amounts={"planned": Value.amount(4000), "executed": Value.amount(0)},
        ),
        Money(year=2020, kind=FundingType.DEPARTEMENT, amounts={"planned": Value.amount(100)}),
        Money(
            year=2020,
            kind=FundingType.LOCAL,
            amounts={"planned": Value.amount(Decimal("20.5")), "executed": Value.nd()},
        ),
        Money(year=2020, kind=FundingType.LOCAL, amounts={"planned": Value.nd()}),
        Money(year=2021, kind=FundingType.PRIVATE, amounts={"planned": Value.amount(9)}),
    ]
    set_money(action=action, lines=lines, by=departement_author("59"), on=START)
    first, second = rows(cast.correspondent59)
    money = {column.label for column in NATIONAL_COLUMNS if column.section is NationalSection.FUNDING}
    told = {name: value for name, value in first.items() if name in money}
    # A spending that is not known, and credits that are not used, are blank.
    assert told == {DEDICATED: 4000, SPENT: 0, LOCAL: "≥\u00a0120,5 (1\u00a0ND)"}
    assert not money & second.keys()


def test_amounts_are_only_where_the_reader_may_read_them(
    cast: Cast, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_funding(action, 2020, 4000)
    make_funding(make_action("Autre", "62", starts_on=START), 2020, 987_654)
    read = []
    from_db = FundingLine.from_db.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(
        FundingLine, "from_db", classmethod(lambda cls, *args: read.append(one := from_db(cls, *args)) or one)
    )
    found = {(row[NAME], row.get(OPERATOR)): row.get(DEDICATED) for row in rows(cast.correspondent59)}
    assert found == {("=MOUS Lille", A): 4000, ("=MOUS Lille", B): None, ("Autre", None): RESERVED}
    assert {line.action_id for line in read} == {action.pk}
    # Without the right anywhere, the twelve columns are not there.
    without = sheets(cast.operator_a)["Tous"]
    assert without[5] == [*LABELS[:30], *LABELS[42:]]
    assert "FINANCEMENT" not in without[4]
    make_grant(cast.operator_a.memberships.get(), Right.READ_FUNDING)
    assert rows(cast.operator_a)[0][DEDICATED] == 4000


# Comments, the perimeter, the trace ----------------------------------------------------------------------------


def test_comments_of_the_year_leave_once_and_none_kept_for_some(cast: Cast, action: Action) -> None:
    by = actor(cast.operator_a)
    for text, written in (
        ("=2+2", JUNE),
        ("L’école a répondu", DECEMBER),
        ("D’une autre année", dt.date(2021, 6, 1)),
    ):
        comment = add_comment(subject=action, text=text, by=by)
        moment = dt.datetime.combine(written, dt.time(9), dt.UTC)
        Comment.objects.for_everyone().filter(pk=comment.pk).update(created_at=moment)
    kept = add_comment(
        subject=action, text="Entre nous", by=by, audience=Audience([], [cast.correspondent59.pk])
    )
    Comment.objects.visible_to(cast.operator_a).filter(pk=kept.pk).update(
        created_at=dt.datetime.combine(DECEMBER, dt.time(10), dt.UTC)
    )
    first, second = rows(cast.correspondent59)
    assert first["Commentaires"] == f"30/06/2020, {A}\u00a0: =2+2\n\n31/12/2020, {A}\u00a0: L’école a répondu"
    assert first["Dernier commentaire"] == "L’école a répondu"
    assert first["Date du dernier commentaire"] == DECEMBER
    assert not [name for name in second if "ommentaire" in name]
    assert "Entre nous" not in str(sheets(cast.correspondent59))


def test_a_csv_runs_nothing(cast: Cast, action: Action) -> None:
    add_comment(subject=action, text="+33", by=actor(cast.operator_a))
    text = content(sent(cast.correspondent59, format="csv")).decode("utf-8-sig")
    assert ";'=MOUS Lille;" in text
    assert ";'@Scolariser" in text


def test_the_dispositifs_are_those_of_the_list_that_ran_in_the_year(cast: Cast, action: Action) -> None:
    make_action("Calais", "62", starts_on=START, sites=[make_site(code=CALAIS)])
    make_action("Fini en 2020", starts_on=dt.date(2018, 3, 1), ended_on=dt.date(2020, 1, 2))
    make_action("Fini avant", starts_on=dt.date(2018, 3, 1), ended_on=dt.date(2020, 1, 1))
    make_action("Après", starts_on=dt.date(2021, 1, 1), operators=[make_organisation("Autre")])
    found = sheets(cast.national)
    assert list(found) == ["Tous", "Dépt 59", "Dépt 62", "À propos"]
    names = {
        sheet: {row[NAME] for row in rows_of(cells)} for sheet, cells in found.items() if sheet != "À propos"
    }
    assert names["Dépt 59"] == {"=MOUS Lille", "Fini en 2020"}
    assert names["Dépt 62"] == {"Calais"}
    assert names["Tous"] == names["Dépt 59"] | names["Dépt 62"]
    assert {row[NAME] for row in rows(cast.national, departement="62")} == {"Calais"}
    assert {row[NAME] for row in rows(cast.national, annee="2019")} == {"Fini en 2020", "Fini avant"}
    # Out of what one may see: nothing, whatever the filter.
    assert rows(cast.operator13) == []
    assert sent(cast.observer).status_code == 403
    assert sent(cast.national, format="pdf").status_code == 404


def test_the_past_is_told_as_it_was_known(cast: Cast, action: Action) -> None:
    first, second = rows(cast.correspondent59, au="2020-04-15")
    assert (first[PEOPLE], first[HOUSED]) == (40, 2)
    assert PEOPLE not in second


def test_the_download_is_noted_and_the_file_says_its_rules(cast: Cast, action: Action) -> None:
    about = {line[0]: line[1] for line in sheets(cast.correspondent59)["À propos"] if line[0]}
    download = Download.objects.get()
    assert (download.export, download.rows) == ("dispositifs-plateforme-nationale", 2)
    assert "-annee-2020-au-" in sent(cast.correspondent59)["Content-Disposition"]
    assert about["Filtres"] == "Dispositifs qui ont fonctionné en 2020"
    blank = [column for column in NATIONAL_COLUMNS if column.has_no_equivalent]
    assert [about[column.label] for column in blank] == [f"Vide. {column.aside}" for column in blank]


def test_the_number_of_queries_does_not_grow(cast: Cast, action: Action) -> None:
    counts = []
    for number in (1, 4):
        for _ in range(number - 1):
            more = make_action(
                starts_on=START, operators=[organisation_of(cast.operator_a)], sites=[make_site()]
            )
            make_follow_up(more, JUNE, by=cast.operator_a, personnes=3)
            make_funding(more, 2020, 10)
            add_comment(subject=more, text="Vu", by=actor(cast.operator_a))
        user = User.objects.get(pk=cast.mairie.pk)
        with CaptureQueriesContext(connection) as queries:
            content(sent(user, format="csv"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_says_what_it_is_for_and_what_is_blank(cast: Cast, action: Action) -> None:
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    page = client.get(
        reverse("indicators:export_choice"), {"theme": "school", "annee": "2020"}
    ).content.decode()
    section = page.split('id="plateforme-nationale"')[1]
    assert '<option value="2020" selected>' in section
    assert '<input type="hidden" name="theme" value="school">' in section
    for column in NATIONAL_COLUMNS:
        if column.has_no_equivalent:
            assert column.aside in section
