"""A table of money, from its block to lines of funding and back."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.accounts.enums import OrganisationKind, Right
from jalons.accounts.models import Organisation
from jalons.actions.enums import FundingType
from jalons.actions.models import Action, FundingLine
from jalons.history.services import Actor
from jalons.imports.enums import BatchState, CellVerdict, RowOutcome
from jalons.imports.judging.money import AS_WRITTEN
from jalons.imports.models import ImportBatch
from jalons.imports.reading.texts import read_pasted
from jalons.imports.services import give_file, prepare, reply_to_lines
from tests import factories
from tests.imports.test_applying import applied, line, undone

pytestmark = pytest.mark.django_db
TABLE = """Action\tFinanceur\tPrévu 2025\tExécuté 2025\tPrévu 2026
MOUS Lille\tDDETS du Nord\t180 000\t92 500,40\t185 000
MOUS Lille\tMEL\t60 000\t/\tND
MOUS Lille\tFSE+\t20 000\t\t
MOUS Lille\tFondation X\t5 000\t\t~8 000
MOUS Lilles\tMEL\t1 000\t\t
Autre chose\tMEL\t1 000\t\t
"""


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.correspondent59)


@pytest.fixture
def funded(cast: Any) -> Action:
    return factories.make_action("MOUS Lille")


@pytest.fixture
def mel(cast: Any) -> Any:
    return factories.make_organisation("Métropole européenne", acronym="MEL", kind=OrganisationKind.EPCI)


@pytest.fixture
def state(cast: Any) -> Any:
    return Organisation.objects.get(name="DDETS du Nord")


def given(by: Actor, text: str = TABLE) -> ImportBatch:
    batch = give_file(name="argent.txt", kind="txt", content=text.encode(), sheets=[read_pasted(text)], by=by)
    return prepare(batch=batch, by=by)


def told(action: Action) -> list[tuple[Any, ...]]:
    lines = FundingLine.objects.known().filter(action=action).select_related("funder")
    return sorted(
        (
            one.year,
            one.kind,
            str(one.funder or one.note),
            str(one.value("planned")),
            str(one.value("executed")),
        )
        for one in lines
    )


def test_each_row_says_what_would_come_of_it(by: Actor, funded: Action, mel: Any, state: Any) -> None:
    factories.make_funding(funded, 2025, 50_000, kind=FundingType.LOCAL, funder=mel)
    batch = given(by)
    assert batch.target == "funding"
    assert line(batch, 3).cell("planned 2025")["before"] == "50\u202f000\u00a0€"
    assert line(batch, 3).cell("planned 2025")["verdict"] == CellVerdict.CHANGED
    # The State pays in two ways: of which money is it? Nothing is guessed.
    asked = line(batch, 2).cell("kind")
    assert (line(batch, 2).is_written, asked["verdict"]) == (False, CellVerdict.DOUBTFUL)
    assert asked["options"] == [
        FundingType.DEDICATED.label,
        FundingType.STATE.label,
        FundingType.EUROPEAN.label,
        FundingType.OTHER.label,
    ]
    assert line(batch, 4).is_written  # « FSE » says it is European
    assert line(batch, 5).cell("planned 2026")["verdict"] == CellVerdict.DOUBTFUL
    assert line(batch, 6).outcome == RowOutcome.THIS  # one letter more
    # That row says the same funder and year as line 3.
    assert (line(batch, 6).verdict, line(batch, 6).is_written) == (CellVerdict.DOUBTFUL, False)
    assert (line(batch, 7).outcome, line(batch, 7).candidates) == (RowOutcome.CHOOSE, [])
    assert FundingLine.objects.count() == 1


def test_what_is_applied_then_undone(by: Actor, funded: Action, mel: Any, state: Any) -> None:
    factories.make_funding(funded, 2025, 50_000, kind=FundingType.LOCAL, funder=mel)
    before = told(funded)
    batch = given(by)
    batch = reply_to_lines(batch=batch, by=by, decisions={}, fixes={2: {"kind": FundingType.DEDICATED.label}})
    batch = applied(batch, by)
    assert (batch.state, batch.failure) == (BatchState.APPLIED, "")
    assert told(funded) == [
        (2025, "dedicated", "DDETS du Nord", "180\u202f000\u00a0€", "92\u202f500,40\u00a0€"),
        (2025, "european", "FSE+", "20\u202f000\u00a0€", "non renseigné"),
        (2025, "local", "MEL", "60\u202f000\u00a0€", "sans objet"),
        (2025, "private", "Fondation X", "5\u202f000\u00a0€", "non renseigné"),
        (2026, "dedicated", "DDETS du Nord", "185\u202f000\u00a0€", "non renseigné"),
        (2026, "local", "MEL", "ND", "non renseigné"),
    ]
    new = FundingLine.objects.known().get(year=2026, kind="dedicated")
    assert (new.planned, new.reason.startswith("tableau du ")) == (Decimal(185_000), True)
    assert undone(batch, by).left == []
    assert told(funded) == before


def test_the_same_table_again_changes_nothing(by: Actor, funded: Action, mel: Any) -> None:
    text = "Action\tFinanceur\tPrévu 2025\nMOUS Lille\tMEL\t60 000\nMOUS Lille\tCAF\t15 000"
    batch = given(by, text)
    batch = reply_to_lines(batch=batch, by=by, decisions={}, fixes={3: {"kind": FundingType.OTHER.label}})
    applied(batch, by)
    again = given(by, text)
    assert set(again.lines.values_list("verdict", "is_written")) == {(CellVerdict.SAME, False)}


def test_a_funder_that_may_be_another_is_asked(by: Actor, funded: Action, mel: Any) -> None:
    text = "Action\tFinanceur\tPrévu 2025\nMOUS Lille\tMétropole européene\t60 000"
    batch = given(by, text)
    asked = line(batch, 2).cell("funder")
    assert (asked["verdict"], AS_WRITTEN in asked["options"]) == (CellVerdict.DOUBTFUL, True)
    batch = reply_to_lines(batch=batch, by=by, decisions={}, fixes={2: {"funder": asked["options"][0]}})
    assert line(batch, 2).is_written
    applied(batch, by)
    assert FundingLine.objects.get().funder == mel
    batch = given(by, "Action\tFinanceur\tPrévu 2027\nMOUS Lille\tMétropole européene\t60 000")
    fixes = {2: {"funder": AS_WRITTEN, "kind": FundingType.OTHER.label}}
    applied(reply_to_lines(batch=batch, by=by, decisions={}, fixes=fixes), by)
    assert FundingLine.objects.get(year=2027).note == "Métropole européene"


def test_a_type_that_its_funder_cannot_bring_is_asked(by: Actor, funded: Action, mel: Any) -> None:
    text = "Action\tFinanceur\tType de financement\tPrévu 2025\nMOUS Lille\tMEL\tCrédits dédiés\t1 000"
    batch = given(by, text)
    assert "ne vient pas de" in line(batch, 2).cell("kind")["rule"]
    assert not line(batch, 2).is_written


def test_two_lines_of_one_funder_are_not_chosen_between(by: Actor, funded: Action, mel: Any) -> None:
    for _ in range(2):
        factories.make_funding(funded, 2025, 10, kind=FundingType.LOCAL, funder=mel)
    batch = given(by, "Action\tFinanceur\tPrévu 2025\nMOUS Lille\tMEL\t60 000")
    assert (line(batch, 2).verdict, line(batch, 2).is_written) == (CellVerdict.REFUSED, False)


def test_a_year_by_row_or_none(by: Actor, funded: Action, mel: Any) -> None:
    batch = given(
        by, "Action\tFinanceur\tAnnée\tPrévu\nMOUS Lille\tMEL\t2025\t60 000\nMOUS Lille\tMEL\t\t5 000"
    )
    assert line(batch, 2).is_written
    assert "de quelle année" in line(batch, 3).cells[-1]["rule"]


def test_what_moved_is_asked_again(by: Actor, funded: Action, mel: Any) -> None:
    batch = given(by, "Action\tFinanceur\tPrévu 2025\nMOUS Lille\tMEL\t60 000")
    factories.make_funding(funded, 2025, 10, kind=FundingType.LOCAL, funder=mel)
    batch = applied(batch, by)
    assert (batch.state, line(batch, 2).moved) == (BatchState.READY, True)


@pytest.mark.parametrize("person", ["operator_a", "correspondent13"])
def test_no_amount_is_said_to_who_may_not_read_it(
    by: Actor, cast: Any, mel: Any, client: Client, person: str
) -> None:
    """Neither by comparing a table with what stands, nor by opening the table of a colleague."""
    user = getattr(cast, person)
    funded = factories.make_action("MOUS Lille", operators=[factories.organisation_of(cast.operator_a)])
    factories.make_funding(funded, 2025, 51_234, kind=FundingType.LOCAL, funder=mel)
    batch = given(factories.actor(user), "Action\tFinanceur\tPrévu 2025\nMOUS Lille\tMEL\t60 000")
    [row] = batch.lines.all()
    assert (row.is_written, row.candidates) == (False, [])
    assert "51" not in str(row.cells)
    assert not rehearsed(factories.actor(user)).lines.filter(cells__icontains="51").exists()


def rehearsed(by: Actor) -> ImportBatch:
    text = "Action\tFinanceur\tPrévu 2025\nMOUS Lille\tMEL\t60 000"
    batch = give_file(
        name="a.txt", kind="txt", content=text.encode(), sheets=[read_pasted(text)], by=by, rehearsal=True
    )
    return prepare(batch=batch, by=by)


def test_a_table_of_money_stays_with_who_gave_it(by: Actor, funded: Action, mel: Any, client: Client) -> None:
    batch = given(by, "Action\tFinanceur\tPrévu 2025\nMOUS Lille\tMEL\t60 000")
    url = reverse("imports:lines", args=[batch.public_id])
    colleague = factories.make_user("correspondent", "59", organisation=by.organisation)
    client.force_login(colleague, factories.BACKEND)
    assert client.get(url).status_code == 404
    client.force_login(by.user, factories.BACKEND)
    assert client.get(url).status_code == 200
    refusal = factories.make_grant(by.user.active_memberships[0], Right.READ_FUNDING, allowed=False)
    assert refusal.pk
    assert client.get(url).status_code == 404
