"""The overview of a convention: its figures, who sees what, what to do next, and what it costs."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.accounts.enums import OrganisationKind, Role
from jalons.accounts.models import Organisation
from jalons.conventions.enums import ConventionRole
from jalons.conventions.figures.progress import FilledCount, filled_by
from jalons.conventions.models import Cell, Commitment, Convention, Seat
from jalons.conventions.overview.headline import figures_of
from jalons.conventions.overview.next_step import next_step
from jalons.conventions.overview.selectors import overview_of
from jalons.history.services import save_record
from tests import factories
from tests.conventions.samples import make_convention, sample, two_departements

pytestmark = pytest.mark.django_db
TODAY = dt.date(2022, 5, 2)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, "jalons.accounts.backends.SessionBackend")
    return client


def shown(person: Any, convention: Convention, page: str = "") -> str:
    answer = signed_in(person).get(f"/conventions/{convention.slug}/{page}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_amounts_sheets_and_themes_are_in_sight(pilot: Any, convention: Convention) -> None:
    page = shown(pilot, convention)
    for words in (
        "300\u202f000\u00a0€",
        "150\u202f000\u00a0€",
        "50,0\u00a0% du total",
        "Maraudes",
        "1- Se loger",
    ):
        assert words in page
    assert page.index("Maraudes") < page.index("Prevenir les sorties sèches") < page.index("1- Se loger")
    assert "None" not in page


def test_families_are_added_up_without_their_themes(pilot: Any, convention: Convention) -> None:
    seen = overview_of(pilot, convention, TODAY)
    assert [(group.label, group.total.figure) for group in seen.groups] == [
        ("Socle", "200\u202f000\u00a0€"),
        ("Initiative départementale", "100\u202f000\u00a0€"),
    ]


def test_a_sum_that_lacks_an_amount_says_so(pilot: Any) -> None:
    told = sample()
    told["fiches"].append({**told["fiches"][0], "id": "autre", "numbers": [4], "budget": []})
    for row in told["fiches"][-1]["indicator_table"]["indicators"]:
        row["id"] = f"autre-{row['id']}"
        for child in row.get("children", []):
            child["id"] = f"autre-{child['id']}"
    convention = make_convention(told)
    [socle, _] = overview_of(pilot, convention, TODAY).groups
    assert (socle.total.figure, socle.total.lacks) == ("≥\u00a0200\u202f000\u00a0€", "1 montant inconnu")


def test_cells_of_the_year_are_counted_once(convention: Convention) -> None:
    """Of 2022: the two empty and « printed above » details of each sheet aside, ND and dashes are answers."""
    counted = filled_by(Commitment.objects.filter(convention=convention))
    assert set(counted.values()) == {FilledCount(4, 5)}


def test_the_count_of_cells_agrees_with_the_cells(convention: Convention) -> None:
    empty = Cell.objects.known().filter(
        row__commitment__convention=convention, column__year=2022, kind="empty"
    )
    counted = filled_by(Commitment.objects.filter(convention=convention), "convention")
    assert counted[convention.pk].missing == empty.count()


def test_what_to_do_next_follows_the_year(pilot: Any, convention: Convention) -> None:
    convention.deliberations.clear()
    convention.alerts.all().delete()
    seen = overview_of(pilot, convention, TODAY)
    assert next_step(pilot, convention, seen, TODAY).title == "Compléter les chiffres de l’année"
    convention.state = "signed"
    assert "versement" in next_step(pilot, convention, seen, TODAY).title
    after = dt.date(2023, 2, 1)
    step = next_step(pilot, convention, overview_of(pilot, convention, after), after)
    assert step.title == "Préparer le rapport d’exécution"
    assert "31 mars 2023" in step.why


def test_who_only_reads_is_told_the_next_deadline(cast: Any, pilot: Any, convention: Convention) -> None:
    reader = factories.organisation_of(cast.observer)
    seat(convention, reader, ConventionRole.READER)
    seen = overview_of(cast.observer, convention, TODAY)
    step = next_step(cast.observer, convention, seen, TODAY)
    assert step.title.startswith("Prochaine échéance")
    assert not step.url


# --- several Départements -----------------------------------------------------------------------------------------


def seat(convention: Convention, organisation: Organisation, role: str = ConventionRole.PILOT) -> None:
    save_record(record=Seat(convention=convention, organisation=organisation, role=role), by=None)


@pytest.fixture
def shared(territories: Any) -> Convention:
    return make_convention(two_departements())


def council(convention: Convention, code: str) -> Any:
    organisation = Organisation.objects.get(
        kind=OrganisationKind.DEPARTEMENT, territory__departement=code, seats__convention=convention
    )
    return factories.make_user(Role.INSTITUTION, code, organisation=organisation)


def titles(person: Any, convention: Convention) -> list[str]:
    return [line.commitment.title for line in overview_of(person, convention, TODAY).lines]


def test_a_council_sees_its_own_sheets_and_the_labels_of_the_other(shared: Convention) -> None:
    person = council(shared, "62")
    page = shown(person, shared)
    assert "PREVENIR LES SORTIES SECHES" in titles(person, shared)
    assert "MARAUDES" not in titles(person, shared)  # the title of the sheet of the Nord
    assert "Maraudes" in page  # its action, which everybody signs
    assert "200\u202f000\u00a0€" not in page


def test_the_other_council_sees_the_opposite(shared: Convention) -> None:
    person = council(shared, "59")
    assert "MARAUDES" in titles(person, shared)
    assert "PREVENIR LES SORTIES SECHES" not in titles(person, shared)
    assert "Prevenir" not in shown(person, shared)


def test_the_chain_and_the_history_show_no_draft_of_the_other(shared: Convention) -> None:
    person = council(shared, "62")
    chain = shown(person, shared, "rapprochement/")
    assert "DEL62/2022/9" in chain
    assert "DEL/2022/1 " not in chain
    assert "Fiche 1, budget" not in chain
    assert "MARAUDES" not in shown(person, shared, "historique/")
    assert "DEL/2022/1" not in shown(person, shared, "echeances/")


def test_the_state_sees_everything(cast: Any, shared: Convention) -> None:
    assert titles(cast.national, shared)[:2] == ["MARAUDES", "PREVENIR LES SORTIES SECHES"]
    assert "Prevenir les sorties sèches" in shown(cast.national, shared)


# --- what it costs ------------------------------------------------------------------------------------------------


def queries(person: Any, path: str) -> int:
    client = signed_in(person)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "page", ["", "rapprochement/", "echeances/", "texte/", "historique/", "qui-travaille/"]
)
def test_more_sheets_cost_no_more_queries(cast: Any, territories: Any, page: str) -> None:
    small = make_convention(sample())
    told = sample("grande-2022")
    for place in range(5, 9):
        told["fiches"].append(renumbered(told["fiches"][0], place))
    large = make_convention(told)
    one, many = (queries(cast.national, f"/conventions/{each.slug}/{page}") for each in (small, large))
    assert many <= one


def renumbered(sheet: Any, number: int) -> Any:
    told = {**sheet, "id": f"{sheet['id']}-{number}", "numbers": [number]}
    table = {**sheet["indicator_table"], "indicators": []}
    for row in sheet["indicator_table"]["indicators"]:
        children = [{**child, "id": f"{child['id']}-{number}"} for child in row.get("children", [])]
        table["indicators"].append({**row, "id": f"{row['id']}-{number}", "children": children})
    return {**told, "indicator_table": table, "sub_actions": []}


# --- what the page says once, in sentence case, without shouting ----------------------------------------------------


def test_titles_are_read_with_the_accents_of_the_convention_itself(pilot: Any) -> None:
    told = sample()
    told["conventions"][0]["articles"][0]["paragraphs"] = [{"text": "Prévenir les sorties sèches."}]
    seen = overview_of(pilot, make_convention(told), TODAY)
    assert "Prévenir les sorties sèches" in [line.commitment.quiet_title for line in seen.lines]


def test_the_big_figures_are_tied_to_the_total_of_the_sheets(pilot: Any, convention: Convention) -> None:
    [whole, *_] = figures_of(convention, overview_of(pilot, convention, TODAY))
    assert whole.amount == "300\u202f000\u00a0€"
    assert whole.remark == "c’est le total des fiches"
    assert shown(pilot, convention).count("300\u202f000\u00a0€") == 1


def test_a_total_of_the_sheets_that_differs_is_told_beside_the_figure(pilot: Any) -> None:
    told = sample()
    told["fiches"][0]["budget"] = []
    convention = make_convention(told)
    [whole, *_] = figures_of(convention, overview_of(pilot, convention, TODAY))
    assert whole.remark == "total des fiches\u00a0: ≥\u00a0100\u202f000\u00a0€ (1 montant inconnu)"


def test_a_past_year_is_told_and_not_shouted(pilot: Any, cast: Any, convention: Convention) -> None:
    seat(convention, factories.organisation_of(cast.observer), ConventionRole.READER)
    loud, calm = dt.date(2023, 12, 31), dt.date(2024, 1, 1)
    badges = [{each.badge for each in overview_of(pilot, convention, day).deadlines} for day in (loud, calm)]
    assert "late" in badges[0]
    assert "late" not in badges[1]
    seen = overview_of(cast.observer, convention, calm)
    assert next_step(cast.observer, convention, seen, calm).title == "L’année de cette convention est passée"
    assert seen.alerts.over
    page = shown(cast.observer, convention)  # today is long after 2022
    assert "j-state late" not in page
    assert page.count("j-state due") == 1  # « En préparation », of the convention itself


@pytest.mark.parametrize(
    ("page", "tab", "under"),
    [
        ("", "Lire", "Vue d’ensemble"),
        ("texte/", "Lire", "Texte"),
        ("comparaison/", "Lire", "Comparaison des années"),
        ("rapport/a-remplir/", "Remplir", "Cases vides"),
        ("alertes/", "Remplir", "Alertes"),
        ("rapport/", "Remplir", "Rapport d’exécution"),
        ("rapprochement/", "Argent", "Rapprochement"),
        ("versements/", "Argent", "Versements"),
        ("execution/", "Argent", "Exécution du budget"),
        ("deliberations/", "Vote", "Délibération"),
        ("versions/", "Vote", "Versions et avenants"),
        ("documents/", "Documents", ""),
    ],
)
def test_five_tabs_lead_to_every_page(
    pilot: Any, convention: Convention, page: str, tab: str, under: str
) -> None:
    html = shown(pilot, convention, page)
    nav = html[html.index('aria-label="Parties de la convention"') :].split("</nav>")[0]
    top = nav.split("</ul>")[0]
    assert top.count("<li") == 5
    current = re.findall(r'aria-current="(\w+)" data-t="([^"]+)"', nav)
    assert current == ([("true", tab), ("page", under)] if under else [("page", tab)])


def test_who_leads_agrees_with_how_many_do(pilot: Any, convention: Convention, cast: Any) -> None:
    assert "pilote la convention." in shown(pilot, convention)
    second = factories.make_organisation("Métropole de Lille", "59")
    save_record(
        record=Seat(convention=convention, organisation=second, role=ConventionRole.PILOT),
        by=factories.actor(cast.council),
    )
    assert "et Métropole de Lille pilotent la convention." in shown(pilot, convention)
