"""What is left to fill in, and whose it is."""

import datetime as dt
from typing import Any

import pytest

from jalons.accounts.enums import Role
from jalons.accounts.models import Organisation
from jalons.conventions.enums import ConventionRole
from jalons.conventions.importing.storing import transcriber
from jalons.conventions.models import (
    BudgetAmount,
    Cell,
    Commitment,
    Convention,
    MatrixColumn,
    MatrixRow,
    Seat,
)
from jalons.conventions.report.empty_cells import ACCOUNT, OBJECTIVE, SPENT, empty_cells, holes_of
from jalons.conventions.report.owners import Hole, by_owner
from jalons.conventions.years.services import open_next_year
from jalons.history.services import enter, save_record
from tests import factories
from tests.conventions.samples import make_convention, sample, two_departements
from tests.conventions.years.test_comparison import pilot_of
from tests.front import home_page

pytestmark = pytest.mark.django_db
AFTER = dt.date(2023, 2, 1)


def seat(convention: Convention, role: ConventionRole, **where: Any) -> Any:
    organisation = factories.make_organisation(territory="59")
    save_record(
        record=Seat(convention=convention, organisation=organisation, role=role, **where), by=transcriber()
    )
    return organisation


@pytest.fixture
def convention(stored_alone: int, db: None) -> Convention:
    """The small convention, voted, before anybody but its pilot has a seat."""
    return Convention.objects.get(pk=stored_alone)


def opened(convention: Convention) -> Convention:
    return open_next_year(convention=convention, by=transcriber())


def labels(holes: list[Hole]) -> list[str]:
    return [each.label for each in holes]


def test_the_account_of_a_year_is_filled_in_that_of_the_next(convention: Convention) -> None:
    assert len(holes_of(convention, today=AFTER).without_column) == 3
    after = opened(convention)
    holes = holes_of(convention, today=AFTER)
    assert holes.without_column == []
    accounts = holes.of(ACCOUNT)
    # Three sheets of six rows: a total, two details, and three others.
    assert len(accounts) == 18
    assert {each.column.words for each in accounts if each.column} == {"BILAN 2022"}
    assert {each.commitment.convention_id for each in accounts} == {after.pk}
    assert labels(accounts)[:3] == [
        "Suivi – Nombre de familles suivies",
        "Nombre de familles suivies – DTML",
        "Nombre de familles suivies – DTV",
    ]
    assert {each.year for each in accounts} == {2022}


def test_five_ways_of_having_no_figure(convention: Convention) -> None:
    """ND, sans objet and – are answers; an empty cell, or none, is asked."""
    after = opened(convention)
    sheet = after.commitments.order_by("position").first()
    assert sheet is not None
    column = sheet.columns.get(year=2022)
    rows = list(sheet.rows.order_by("position", "pk"))
    for row, kind in zip(rows, ["nd", "not_applicable", "dash", "empty", "number"], strict=False):
        told = {"number": 0} if kind == "number" else {}
        cell = Cell(row=row, column=column, raw="", kind=kind, valid_on=AFTER, **told)
        enter(fact=cell, by=transcriber())
    left = [
        each.row for each in empty_cells([after], today=AFTER).of(ACCOUNT) if each.commitment.pk == sheet.pk
    ]
    assert left == [rows[3], rows[5]]


def test_objectives_are_asked_until_the_vote(convention: Convention) -> None:
    """Before the vote: the empty objective of the DTML. That of the DTV is printed in the cell of its total."""
    assert empty_cells([convention], today=dt.date(2022, 7, 1)).of(OBJECTIVE) == []
    before = empty_cells([convention], today=dt.date(2022, 5, 1))
    assert labels(before.of(OBJECTIVE)) == ["Nombre de familles suivies – DTML"] * 3


def test_a_title_without_figures_of_its_own_is_not_asked(territories: Any) -> None:
    told = sample()
    head = told["fiches"][0]["indicator_table"]["indicators"][0]
    head["values"] = {}
    after = opened(make_convention(told))
    first = after.commitments.order_by("position").first()
    asked = [each for each in empty_cells([after], today=AFTER).of(ACCOUNT) if each.commitment == first]
    assert "Suivi – Nombre de familles suivies" not in labels(asked)
    assert "Nombre de familles suivies – DTML" in labels(asked)


def test_midyear_is_asked_until_the_year_has_its_own_column(convention: Convention) -> None:
    sheet = convention.commitments.order_by("position").first()
    assert sheet is not None
    may = MatrixColumn(
        commitment=sheet,
        key="mai",
        header="REALISE",
        year=2022,
        measure="realise",
        as_of="2022-05",
        position=9,
    )
    save_record(record=may, by=transcriber())
    asked = {each.column for each in empty_cells([convention], today=AFTER).of(ACCOUNT)}
    assert asked == {may}
    whole = MatrixColumn(
        commitment=sheet, key="fin", header="BILAN 2022", year=2022, measure="bilan", position=10
    )
    save_record(record=whole, by=transcriber())
    asked = {each.column for each in empty_cells([convention], today=AFTER).of(ACCOUNT)}
    assert asked == {whole}


def test_executed_amounts_are_asked_once_the_year_is_over(convention: Convention) -> None:
    assert empty_cells([convention], today=dt.date(2022, 12, 31)).of(SPENT) == []
    lines = [each.line for each in empty_cells([convention], today=AFTER).of(SPENT)]
    assert len(lines) == 4
    spent = BudgetAmount(line=lines[0], part="part_etat", stage="executed", amount=12, valid_on=AFTER)
    enter(fact=spent, by=transcriber())
    assert len(empty_cells([convention], today=AFTER).of(SPENT)) == 3
    unknown = BudgetAmount(line=lines[1], part="part_etat", stage="executed", raw="ND", valid_on=AFTER)
    enter(fact=unknown, by=transcriber())
    assert len(empty_cells([convention], today=AFTER).of(SPENT)) == 2


def test_each_cell_has_the_closest_owner(convention: Convention) -> None:
    first, second, theme = convention.commitments.order_by("position")
    dtml = seat(convention, ConventionRole.TERRITORY_CONTRIBUTOR, breakdown="dtml")
    referent = seat(convention, ConventionRole.FICHE_REFERENT, commitment=second)
    finance = seat(convention, ConventionRole.FINANCE)
    pilot = Organisation.objects.get(name="Conseil départemental – Nord")
    after = opened(convention)
    owners = {
        (each.commitment.previous_id, each.row.breakdown if each.row else ""): each.owners[0].organisation
        for each in holes_of(convention, today=AFTER).of(ACCOUNT)
    }
    assert owners[first.pk, "DTML"] == dtml
    assert owners[first.pk, "DTV"] == pilot
    assert owners[first.pk, ""] == pilot
    assert owners[second.pk, ""] == referent
    assert owners[theme.pk, ""] == referent  # a referent of the mother
    assert owners[theme.pk, "DTML"] == dtml
    money = empty_cells([convention], today=AFTER).of(SPENT)
    assert {owner.organisation for each in money for owner in each.owners} == {finance}
    assert Seat.objects.filter(convention=after).count() == 4


def test_a_cell_without_anybody_is_said_so(convention: Convention) -> None:
    after = opened(convention)
    Seat.objects.filter(convention=after).delete()
    [(owner, holes)] = by_owner(empty_cells([after], today=AFTER).of(ACCOUNT))
    assert (owner.pk, owner.name, len(holes)) == (0, "Personne n’a encore cette place", 18)


def test_each_departement_sees_its_own_holes(territories: Any) -> None:
    convention = make_convention(two_departements())
    opened(convention)
    seen = []
    for user in (pilot_of(), pilot_of("Pas-de-Calais", "62")):
        seen.append({each.commitment.previous_id for each in holes_of(convention, user, AFTER).of(ACCOUNT)})
    assert all(seen)
    assert not seen[0] & seen[1]


def test_the_number_of_queries_does_not_grow(
    convention: Convention, django_assert_max_num_queries: Any
) -> None:
    chain = [convention, opened(convention)]
    chain.append(opened(chain[-1]))
    with django_assert_max_num_queries(9):
        found = empty_cells(chain, today=AFTER)
    assert found.of(ACCOUNT)
    with django_assert_max_num_queries(9):
        empty_cells(chain[:1], today=AFTER)


def test_the_page_groups_by_owner_and_links_only_what_one_may_fill(
    convention: Convention, client: Any
) -> None:
    dtml = seat(convention, ConventionRole.TERRITORY_CONTRIBUTOR, breakdown="DTML")
    after = opened(convention)
    contributor = factories.make_user(Role.CONTRIBUTOR, "59", organisation=dtml)
    client.force_login(contributor)
    address = f"/conventions/{convention.slug}/rapport/a-remplir/"
    page = client.get(address).content.decode()
    row = MatrixRow.objects.filter(commitment__convention=after, breakdown="DTML").first()
    assert row is not None
    column = row.commitment.columns.get(year=2022)
    assert f"#c-{row.pk}-{column.pk}" in page
    other = MatrixRow.objects.filter(commitment__convention=after, breakdown="DTV").first()
    assert other is not None
    assert f"#c-{other.pk}-" not in page
    assert "Votre structure" in page
    filtered = client.get(f"{address}?structure={dtml.pk}").content.decode()
    assert "3\u00a0cases" in filtered or "3 cases" in filtered
    sheet = Commitment.objects.filter(convention=after).order_by("position").first()
    assert sheet is not None
    one = client.get(f"{address}?structure={dtml.pk}&fiche={sheet.public_id}&quoi=bilan").content.decode()
    assert "1\u00a0case" in one or "1 case" in one
    home = home_page(client)
    assert "cases à remplir" in home
