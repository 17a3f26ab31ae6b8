"""What an assembly voted: shown with its arithmetic, typed whole, exported as it came."""

import copy
from typing import Any

import pytest
from django.urls import reverse

from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.enums import ConventionRole
from jalons.conventions.exchange.writing import canonical, write_file
from jalons.conventions.models import Convention, Deliberation
from jalons.conventions.votes.arithmetic import RIGHT, UNKNOWN, WRONG, arithmetic
from tests.conventions.people import pilot_of, seated, signed_in
from tests.conventions.samples import make_convention, sample, two_departements
from tests.forms import form_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def convention(stored_alone: int, db: None) -> Convention:
    return Convention.objects.get(pk=stored_alone)


def address(convention: Convention, deliberation: Deliberation | None = None) -> str:
    if deliberation is None:
        return reverse("conventions:add_deliberation", args=[convention.slug])
    return reverse("conventions:edit_deliberation", args=[convention.slug, deliberation.public_id])


def listed(convention: Convention) -> str:
    return reverse("conventions:deliberations", args=[convention.slug])


def exported(convention: Convention) -> Any:
    file = file_of(convention.slug)
    assert file is not None
    return write_file(file)["deliberation"]


def states(**changes: Any) -> dict[str, str]:
    told = copy.deepcopy(sample()["deliberation"])
    for path, value in changes.items():
        column, key = path.split("__")
        told[column][key] = value
    return {line.label: line.state for line in arithmetic(told["membership"], told["quorum"], told["vote"])}


def test_every_sum_of_a_vote_that_is_right_is_said_right() -> None:
    found = states()
    assert set(found.values()) == {RIGHT}
    assert {"Quorum", "Votants", "Exprimés", "Voix", "Majorité", "Adoption"} <= set(found)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"vote__voted": 60}, "Votants"),
        ({"vote__for": 58}, "Voix"),
        ({"vote__majority": 31}, "Majorité"),
        ({"quorum__present": 41}, "Quorum"),
        ({"membership__listed_absent": 18}, "Liste des membres"),
        ({"vote__absent_without_proxy": 22}, "Présence au vote"),
    ],
)
def test_a_sum_that_is_wrong_is_said_wrong(change: dict[str, int], wrong: str) -> None:
    assert states(**change)[wrong] == WRONG


def test_what_is_not_said_is_not_guessed() -> None:
    assert states(vote__present=None)["Votants"] == UNKNOWN
    assert arithmetic(None, None, None) == []


def test_the_page_shows_dates_vote_amounts_and_accounting(convention: Convention) -> None:
    page = signed_in(pilot_of(convention)).get(listed(convention)).content.decode()
    for words in (
        "DEL/2022/1",
        "27/06/2022",
        "Votée 177\u202fjours".replace("\u202f", " "),
        "150\u202f000\u00a0€",
    ):
        assert words in page, words
    assert "OP011" in page
    assert "jamais le nom d’un élu" in page


def test_saving_what_the_form_shows_changes_nothing_of_the_export(convention: Convention) -> None:
    before = exported(convention)
    [told] = convention.deliberations.all()
    client = signed_in(pilot_of(convention))
    url = address(convention, told)
    answer = client.post(url, form_to(client.get(url), url).filled({}))
    assert answer.status_code == 302
    assert canonical(exported(convention)) == canonical(before)


def test_what_is_typed_is_exported_with_the_keys_of_the_format(convention: Convention) -> None:
    [told] = convention.deliberations.all()
    client = signed_in(pilot_of(convention))
    url = address(convention, told)
    data = {
        "session_on": "28 juin 2022",
        "vote_for": "58",
        "vote_against": "1",
        "groupe-0-name": "Groupe du Moulin",
        "groupe-0-side": "groups_against",
        "groupe-0-voices": "1",
        "montant-1-convention": "Bassin minier 2022",
        "montant-1-amount": "500 000 €",
        "montant-1-meaning": "part de l’État",
        "ligne-0-proposes": "600000",
        "reason": "procès-verbal",
    }
    answer = client.post(url, form_to(client.get(url), url).filled(data))
    assert answer.status_code == 302, answer.content.decode()
    said = exported(convention)
    assert said["date"] == "2022-06-28"
    assert (said["vote"]["for"], said["vote"]["against"]) == (58, 1)
    assert said["vote"]["groups_against"] == [{"label": "Groupe du Moulin", "number": 1}]
    assert said["authorised_amounts"][1]["convention"] == "Bassin minier 2022"
    assert said["authorised_amounts"][1]["amount"] == 500_000
    assert said["accounting"]["lines"][0]["proposes"]["amount"] == 600_000
    assert said["membership"]["in_office"] == 82
    assert told.history.first().history_change_reason == "procès-verbal"  # type: ignore[attr-defined]


def test_an_emptied_row_goes_away(convention: Convention) -> None:
    [told] = convention.deliberations.all()
    client = signed_in(pilot_of(convention))
    url = address(convention, told)
    names = ("operation", "envelope", "autorises", "deja_contractes", "proposes")
    answer = client.post(url, form_to(client.get(url), url).filled({f"ligne-1-{name}": "" for name in names}))
    assert answer.status_code == 302
    assert [line.operation for line in told.accounting_lines.all()] == ["OP011"]


def test_a_vote_of_the_past_for_a_new_deliberation_is_normal(convention: Convention) -> None:
    client = signed_in(seated(convention, ConventionRole.ASSEMBLY_OFFICE))
    url = address(convention)
    data = {"number": "DEL/2022/9", "session_on": "12/3/2019", "montant-0-amount": "12,50"}
    answer = client.post(url, form_to(client.get(url), url).filled(data))
    assert answer.status_code == 302, answer.content.decode()
    new = convention.deliberations.get(number="DEL/2022/9")
    [amount] = new.authorised_amounts.all()
    assert (amount.convention_key, float(amount.euros or 0)) == (convention.slug, 12.5)


def test_one_deliberation_may_approve_several_conventions(convention: Convention) -> None:
    other = make_convention(sample("autre-2022"))
    client = signed_in(pilot_of(convention))
    url = address(convention, convention.deliberations.order_by("pk")[0])
    page = client.get(url)
    data = {"conventions": [convention.slug, other.slug]}
    assert client.post(url, form_to(page, url).filled(data)).status_code == 302
    assert other.deliberations.count() == 1


def test_the_same_number_twice_is_told(convention: Convention) -> None:
    client = signed_in(pilot_of(convention))
    url = address(convention)
    [told] = convention.deliberations.all()
    data = {"number": told.number, "assembly": told.assembly}
    answer = client.post(url, form_to(client.get(url), url).filled(data))
    assert "a déjà une délibération de ce numéro" in answer.content.decode()
    assert convention.deliberations.count() == 1


def test_counts_are_whole_numbers(convention: Convention) -> None:
    client = signed_in(pilot_of(convention))
    url = address(convention)
    answer = client.post(url, form_to(client.get(url), url).filled({"number": "D9", "vote_for": "12,5"}))
    assert "n’est pas un nombre entier" in answer.content.decode()
    assert "12,5" in answer.content.decode()


def test_sums_are_counted_again_while_one_types(convention: Convention) -> None:
    client = signed_in(pilot_of(convention))
    url = address(convention)
    page = form_to(client.get(url), url).filled(
        {"vote_for": "10", "vote_against": "2", "vote_expressed": "13"}
    )
    answer = client.post(url, {**page, "calculer": "1"}).content.decode()
    assert "ne tombe pas juste" in answer
    assert "10 pour + 2 contre = 12, mais 13 suffrages exprimés écrits" in answer
    assert convention.deliberations.count() == 1


def test_one_more_row_keeps_what_was_typed(convention: Convention) -> None:
    client = signed_in(pilot_of(convention))
    url = address(convention)
    page = form_to(client.get(url), url).filled({"number": "D9", "groupe-0-name": "Groupe du Moulin"})
    answer = client.post(url, {**page, "ajouter": "groupe"}).content.decode()
    assert "groupe-1-name" in answer
    assert "Groupe du Moulin" in answer
    assert 'value="D9"' in answer


def test_the_second_of_two_people_sees_what_the_first_saved(convention: Convention) -> None:
    [told] = convention.deliberations.all()
    client = signed_in(pilot_of(convention))
    url = address(convention, told)
    page = form_to(client.get(url), url)
    assert client.post(url, page.filled({"place": "Roubaix"})).status_code == 302
    again = {**page.filled({"place": "Douai"}), "submission_key": ""}
    answer = client.post(url, again)
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "Roubaix" in words
    assert "Douai" in words
    told.refresh_from_db()
    assert told.place == "Roubaix"
    chosen = form_to(answer, url).filled({"conflit-place": "mine"})
    assert client.post(url, chosen).status_code == 302
    told.refresh_from_db()
    assert told.place == "Douai"


def test_each_departement_sees_and_writes_its_own_vote(territories: Any) -> None:
    convention = make_convention(two_departements())
    north, south = (pilot_of(convention, code) for code in ("59", "62"))
    page = signed_in(south).get(listed(convention)).content.decode()
    assert "DEL62/2022/9" in page
    assert "DEL/2022/1" not in page
    theirs = convention.deliberations.get(number="DEL/2022/1")
    assert signed_in(south).get(address(convention, theirs)).status_code == 404
    assert signed_in(north).get(address(convention, theirs)).status_code == 200


def test_the_list_costs_the_same_with_more_deliberations(
    convention: Convention, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        other = Deliberation(number=f"D{number}", assembly="Conseil départemental du Nord")
        other.save()
        other.conventions.add(convention)
    client = signed_in(pilot_of(convention))
    client.get(listed(convention))
    with django_assert_max_num_queries(32):
        client.get(listed(convention))
