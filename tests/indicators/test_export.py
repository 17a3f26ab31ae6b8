"""The list of dispositifs that leaves: one row a dispositif and year, read back as it was written."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.actions.enums import FundingType, Job
from jalons.actions.models import Action, FundingLine
from jalons.actions.services import Worker, set_team
from jalons.core.values import Value
from jalons.exports.contract import RESERVED
from jalons.exports.models import Download
from tests.factories import (
    BACKEND,
    CALAIS,
    ROUBAIX,
    Cast,
    departement_author,
    make_action,
    make_follow_up,
    make_funding,
    make_grant,
    make_insertion_site,
    make_organisation,
    make_site,
    make_socle,
    organisation_of,
)

pytestmark = pytest.mark.django_db
SOCLE = True
START, JUNE = dt.date(2020, 1, 1), dt.date(2020, 6, 30)
ASKED = {"annee": "2020", "departement": "tous"}
WHOLE = {"maternelle": 2, "elementaire": 5, "college": 1, "lycee": 0, "autre_scolarite": 0}
Row = dict[str, Any]


@pytest.fixture
def action(cast: Cast) -> Action:
    make_socle()
    a, b = organisation_of(cast.operator_a), organisation_of(cast.operator_b)
    action = make_action(
        "=MOUS Lille",
        starts_on=START,
        planned_end=dt.date(2030, 12, 31),
        operators=[a, b],
        partners=[make_organisation("Éducation nationale du Nord")],
        sites=[make_site("Rue du Moulin"), make_site("Le pont", ROUBAIX)],
        objectives="Scolariser\ntous les enfants",
    )
    make_insertion_site(action, "Terrain Sud")
    make_funding(action, 2020, 4000)
    make_funding(action, 2020, 500, kind=FundingType.PRIVATE)
    make_follow_up(
        action, JUNE, by=cast.operator_a, personnes=30, femmes=0, entrees=4, scolarisables=10, **WHOLE
    )
    make_follow_up(action, JUNE, by=cast.operator_b, personnes=12, mineurs=Value.nd(), entrees=Value.na())
    team = [Worker(Job.MEDIATOR, Decimal("0.75")), Worker(Job.VOLUNTEER)]
    set_team(action=action, reporter=a, on=START, team=team, by=departement_author("59"))
    return action


def sent(user: User, **asked: Any) -> Any:
    client = Client()
    client.force_login(user, BACKEND)
    return client.get(reverse("indicators:export"), {**ASKED, **asked})


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def book(user: User, fmt: str = "xlsx", **asked: Any) -> dict[str, list[Row]]:
    """The rows of each sheet by header; empty cells left out."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content(sent(user, format=fmt, **asked))))
    found = {}
    for name in workbook.sheet_names:
        head, *rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found[name] = [{key: told for key, told in zip(head, row, strict=True) if told != ""} for row in rows]
    return found


def rows(user: User, **asked: Any) -> list[Row]:
    return book(user, **asked)["Tous"]


def rows_of_csv(user: User, **asked: Any) -> list[Row]:
    text = content(sent(user, format="csv", **asked)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize("fmt", ["xlsx", "ods"])
def test_what_is_written_is_what_a_spreadsheet_reads(cast: Cast, action: Action, fmt: str) -> None:
    (row,) = book(cast.correspondent59, fmt)["Tous"]
    expected = {
        "Nom du dispositif": "=MOUS Lille",
        "Année": "2020",
        "Département": "Nord",
        "État": "En cours",
        "Début": START,
        "Fin prévue": dt.date(2030, 12, 31),
        "Champs d’intervention": "Éducation et scolarisation",
        "Objectifs": "Scolariser\ntous les enfants",
        "Opérateurs": "Les amis de Lille, Solidarité Nord",
        "Partenaires": "Éducation nationale du Nord",
        "Sites": "Le pont, Rue du Moulin",
        "Communes": "Lille, Roubaix",
        "Terrains d’insertion": "Terrain Sud, Lille",
        "Crédits dédiés à la résorption (Dihal)\u00a0: prévu": 4000,
        "État hors crédits dédiés\u00a0: prévu": "/",
        "Total des financements\u00a0: prévu": 4500,
        "Équipe (ETP)": 0.75,
        "Rythme du suivi": "Deux fois par an (fin juin et fin décembre)",
        "Points de suivi": 2,
        "Dernier point de suivi": JUNE,
        "Personnes": 42,
        "Personnes, dont femmes": "0 (1\u00a0non renseigné)",
        "Personnes, dont mineurs": "ND",
        "Entrées": 4,
        "Enfants scolarisés": "≥\u00a08 (1\u00a0non renseigné)",
        "Enfants scolarisés\u00a0: Maternelle": "≥\u00a02 (1\u00a0non renseigné)",
        "Taux de scolarisation": "80\u00a0% (1 opérateur sur 2)",
        "Taux de scolarisation\u00a0: numérateur": 8,
        "Taux de scolarisation\u00a0: dénominateur": 10,
        "WC": "/",
    }
    assert {key: row.get(key) for key in expected} == expected
    # Asked and not told; not closed; not told yet.
    absent = ("Ménages", "Fermé le", "Total des financements\u00a0: exécuté")
    assert [row.get(key) for key in absent] == [None, None, None]


def test_a_csv_says_the_same(cast: Cast, action: Action) -> None:
    (row,) = rows_of_csv(cast.correspondent59)
    assert row["Nom du dispositif"] == "'=MOUS Lille"
    assert (row["Personnes"], row["Équipe (ETP)"], row["Début"]) == ("42", "0,75", "01/01/2020")
    assert (row["Ménages"], row["Personnes, dont mineurs"], row["WC"]) == ("", "ND", "/")
    assert len(row) == len(set(row))


def test_zero_dash_and_the_rest_are_kept_apart(cast: Cast) -> None:
    make_socle()
    action = make_action(starts_on=START, operators=[organisation_of(cast.operator_a)])
    told = {"personnes": 0, "femmes": Value.dash(), "mineurs": Value.na(), "menages": Value.nd()}
    make_follow_up(action, JUNE, by=cast.operator_a, **told)
    (row,) = rows(cast.correspondent59)
    names = (
        "Personnes",
        "Personnes, dont femmes",
        "Personnes, dont mineurs",
        "Ménages",
        "Enfants de 3 à 16 ans",
    )
    assert [row.get(name) for name in names] == [0, "–", "/", "ND", None]


def test_one_row_a_year_that_it_ran(cast: Cast, action: Action) -> None:
    make_action("Fini", starts_on=dt.date(2018, 3, 1), ended_on=dt.date(2020, 1, 1))
    years = [
        (row["Nom du dispositif"], row["Année"])
        for row in rows(cast.correspondent59, annee="toutes", termines="1")
    ]
    this = dt.date.today().year
    assert years == [
        *(("=MOUS Lille", str(year)) for year in range(2020, this + 1)),
        ("Fini", "2018"),
        ("Fini", "2019"),
    ]
    chosen = rows(cast.correspondent59, annee=["2020", "2022", "1850", "x"])
    assert [row["Année"] for row in chosen] == ["2020", "2022"]
    default = rows(cast.correspondent59, annee="")
    assert [row["Année"] for row in default] == [str(this - 1), str(this)]


def test_a_sheet_a_departement(cast: Cast, action: Action) -> None:
    make_action("Calais accueil", "62", starts_on=START, sites=[make_site(code=CALAIS)])
    found = book(cast.national)
    assert list(found) == ["À imprimer", "Tous", "Nord", "Pas-de-Calais", "À propos"]
    paper = found.pop("À imprimer")
    assert paper[-1]["Nom du dispositif"] == "Total\u00a0: 2 lignes"
    assert [head for head in paper[-1] if "financements" in head] == [
        "Total des financements\u00a0: prévu",
        "Total des financements\u00a0: exécuté",
    ]
    names = {
        title: [row["Nom du dispositif"] for row in rows]
        for title, rows in found.items()
        if title != "À propos"
    }
    assert names == {
        "Tous": ["=MOUS Lille", "Calais accueil"],
        "Nord": ["=MOUS Lille"],
        "Pas-de-Calais": ["Calais accueil"],
    }
    assert list(book(cast.national, departement="59")) == ["À imprimer", "Tous", "À propos"]
    assert len(rows_of_csv(cast.national)) == 2


def test_the_filters_are_those_of_the_list(cast: Cast, action: Action) -> None:
    make_action("Santé à Lille", starts_on=START, themes=["health"])
    assert [row["Nom du dispositif"] for row in rows(cast.correspondent59, theme="health")] == [
        "Santé à Lille"
    ]
    assert rows(cast.correspondent59, statut="termines") == []
    assert len(rows(cast.correspondent59, statut="termines", termines="1")) == 2


# Who reads what ------------------------------------------------------------------------------------------------


def test_amounts_are_reserved_row_by_row_and_not_even_read(
    cast: Cast, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_action("Autre", "62", starts_on=START)
    make_funding(other, 2020, 987_654)
    read = []
    from_db = FundingLine.from_db.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(
        FundingLine, "from_db", classmethod(lambda cls, *args: read.append(one := from_db(cls, *args)) or one)
    )
    total = "Total des financements\u00a0: prévu"
    # A correspondent reads every dispositif, and the amounts of their own département.
    found = {row["Nom du dispositif"]: row[total] for row in rows(cast.correspondent59)}
    assert found == {"=MOUS Lille": 4500, "Autre": RESERVED}
    assert {line.action_id for line in read} == {action.pk}
    assert b"987" not in content(sent(cast.correspondent59, format="csv"))


def test_without_the_right_there_is_no_column(cast: Cast, action: Action) -> None:
    (row,) = rows_of_csv(cast.operator_a)
    assert not [name for name in row if name.startswith("Total des financements")]
    make_grant(cast.operator_a.memberships.get(), Right.READ_FUNDING)
    (row,) = rows_of_csv(User.objects.get(pk=cast.operator_a.pk))
    assert row["Total des financements\u00a0: prévu"] == "4500"


def test_whoever_may_not_export_gets_nothing(cast: Cast, action: Action) -> None:
    assert sent(cast.observer, format="csv").status_code == 403
    assert sent(cast.operator13, format="csv").status_code == 200
    assert rows_of_csv(cast.operator13) == []
    assert sent(cast.national, format="exe").status_code == 404


def test_the_download_is_noted(cast: Cast, action: Action) -> None:
    content(sent(cast.correspondent59, format="csv"))
    download = Download.objects.get()
    assert (download.user, download.export, download.rows) == (cast.correspondent59, "dispositifs", 1)
    assert download.parameters["annee"] == "2020"


# The past, the queries, the page -------------------------------------------------------------------------------


def test_the_past_is_told_as_it_was_known(cast: Cast, action: Action) -> None:
    march = dt.date(2020, 3, 1)
    (row,) = rows(cast.correspondent59, au=march.isoformat())
    assert row.get("Personnes") is None
    assert "Dernier point de suivi" not in row
    about = CalamineWorkbook.from_filelike(
        io.BytesIO(content(sent(cast.correspondent59, format="xlsx", au=march.isoformat())))
    ).get_sheet_by_name("À propos")
    told = {row[0]: row[1] for row in about.to_python() if row[0]}
    assert told["Situation au"] == "01/03/2020"
    # Everything was entered today: yesterday, Jalons knew of nothing.
    yesterday = dt.date.today() - dt.timedelta(days=2)
    assert rows(cast.correspondent59, **{"connu-le": yesterday.isoformat()}) == []


def test_the_number_of_queries_does_not_grow(cast: Cast, action: Action) -> None:
    counts = []
    for number in (1, 4):
        for _ in range(number - 1):
            more = make_action(
                starts_on=START, operators=[organisation_of(cast.operator_a)], sites=[make_site()]
            )
            make_follow_up(more, JUNE, by=cast.operator_a, personnes=3)
            make_funding(more, 2020, 10)
        user = User.objects.get(pk=cast.mairie.pk)
        with CaptureQueriesContext(connection) as queries:
            assert len(rows_of_csv(user)) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_says_what_leaves(cast: Cast, action: Action) -> None:
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    page = client.get(
        reverse("indicators:export_choice"), {"departement": "59", "annee": "2020"}
    ).content.decode()
    assert "1 dispositif</b>" in page
    assert 'value="2020" id="annee-2020" checked' in page
    assert '<input type="hidden" name="departement" value="59">' in page
    assert "Financements" in page
    client.force_login(cast.operator_a, BACKEND)
    assert "Financements" not in client.get(reverse("indicators:export_choice")).content.decode()
