"""Whom a file names: the Départements that sign, whose each sheet is, who may then read what."""

from typing import Any

import pytest

from jalons.accounts.enums import Right, Role
from jalons.accounts.permissions import can
from jalons.conventions.enums import ConventionRole
from jalons.conventions.exchange.reading import read
from jalons.conventions.importing.councils import mentions
from jalons.conventions.importing.storing import store_file, transcriber
from jalons.conventions.models import Commitment, Convention, Deliberation, MatrixRow
from tests import factories
from tests.conventions.samples import make_convention, sample, two_departements

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Le Département du Nord", "Nord", True),
        ("Le Département de la Haute-Loire", "Haute-Loire", True),
        ("Le DEPARTEMENT DU PAS DE CALAIS", "Pas-de-Calais", True),
        ("Département des Côtes d’Armor", "Côtes-d'Armor", True),
        ("Le Département du Nord", "Pas-de-Calais", False),
        ("", "Nord", False),
    ],
)
def test_a_departement_is_known_by_its_name(text: str, name: str, found: bool) -> None:
    assert mentions(text, name) is found


def test_each_departement_has_its_own(cast: Any) -> None:
    convention = make_convention(two_departements())
    parties = {party.departement_id: party for party in convention.parties.exclude(departement=None)}
    assert set(parties) == {"59", "62"}
    first, second, theme = convention.commitments.order_by("position")
    assert [sheet.party for sheet in (first, second, theme)] == [parties["59"], parties["62"], parties["62"]]
    seats = {seat.organisation.territory.code: seat for seat in convention.seats.all()}
    assert {code: (seat.role, seat.party_id) for code, seat in seats.items()} == {
        "59": (ConventionRole.PILOT, parties["59"].pk),
        "62": (ConventionRole.PILOT, parties["62"].pk),
    }
    south = factories.make_user(Role.INSTITUTION, "62", organisation=seats["62"].organisation)
    for user, mine, others in ((cast.council, first, second), (south, second, first)):
        assert can(user, Right.READ_CONVENTIONS, convention)
        assert can(user, Right.FILL_COMMITMENT, mine)
        assert not can(user, Right.READ_CONVENTIONS, others)
        assert list(Commitment.objects.visible_to(user).filter(parent=None)) == [mine]
    # The correspondent of the State reads what is of its département.
    assert list(Commitment.objects.visible_to(cast.correspondent59)) == [first]
    assert Commitment.objects.visible_to(cast.national).count() == 3
    assert not Convention.objects.visible_to(cast.correspondent13).exists()
    assert Convention.objects.visible_to(cast.correspondent59).get() == convention


def test_one_vote_for_two_conventions_of_two_files(territories: Any) -> None:
    first, other = sample(), sample("autre-2022")
    other["deliberation"] = first["deliberation"]
    first["deliberation"]["authorised_amounts"].append(
        {"convention": "autre-2022", "raw": "1 €", "amount": 1}
    )
    make_convention(first)
    make_convention(other)
    assert Deliberation.objects.get().conventions.count() == 2
    for told in (first, other):
        assert store_file(file=read(told).file, by=transcriber()).nothing


def test_an_indicator_lasts_from_year_to_year(territories: Any) -> None:
    make_convention(sample("exemple-2022", 2022))
    make_convention(sample("exemple-2023", 2023))
    rows = MatrixRow.objects.filter(commitment__numbers=[1]).order_by("key")
    by_year: dict[str, list[int]] = {}
    for row in rows:
        by_year.setdefault(row.commitment.convention.slug, []).append(row.indicator_id)
    assert by_year["exemple-2022"] == by_year["exemple-2023"]
    assert len(set(by_year["exemple-2022"])) == 6
    assert Convention.objects.get(year=2023).previous == Convention.objects.get(year=2022)
