"""L’équipe et les financements s’écrivent dans un tableau ; la synthèse replie les années passées."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from jalons.accounts.models import Organisation
from jalons.actions.models import Action
from jalons.actions.selectors.team import team_before
from jalons.actions.services import Worker, set_team
from tests.actions.pages import page, sent, signed, url
from tests.factories import Cast, actor, make_action, make_funding, organisation_of

pytestmark = pytest.mark.django_db
DAYS = [dt.date(2020, month, 28) for month in range(1, 7)]


@pytest.fixture
def operator(cast: Cast) -> Organisation:
    return organisation_of(cast.operator_a)


@pytest.fixture
def action(cast: Cast, operator: Organisation) -> Action:
    return make_action("MOUS Lille", by=actor(cast.correspondent59), operators=[operator])


def tell(cast: Cast, action: Action, on: dt.date, *team: Worker) -> None:
    set_team(
        action=action,
        reporter=organisation_of(cast.operator_a),
        on=on,
        team=list(team),
        by=actor(cast.operator_a),
    )


def test_the_team_has_one_column_per_date(cast: Cast, action: Action, operator: Organisation) -> None:
    tell(cast, action, DAYS[0], Worker("mediator", Decimal("0.5")), Worker("interpreter", None))
    tell(cast, action, DAYS[1], Worker("mediator", Decimal("1.5")))
    before = team_before(action, operator)
    assert before.dates == tuple(DAYS[:2])
    assert [words.replace("\u00a0", " ") for _, words in before.cells("mediator", "")] == [
        "0,5 ETP",
        "1,5 ETP",
    ]
    assert [words for _, words in before.cells("interpreter", "")] == ["ponctuel", "–"]
    assert [job for job, _ in before.gone([("mediator", "")])] == ["Interprète"]
    text = page(signed(cast.operator_a).get(url(action, "equipe/")))
    assert (
        text.index("28/01/2020</th>") < text.index("28/02/2020</th>") < text.index("ETP à la nouvelle date")
    )
    assert 'data-l="28/02/2020">1,5 ETP<' in text
    assert "N’est plus dans l’équipe" in text


def test_only_the_last_dates_have_their_column(cast: Cast, action: Action, operator: Organisation) -> None:
    for place, day in enumerate(DAYS, 1):
        tell(cast, action, day, Worker("mediator", Decimal(place)))
    assert team_before(action, operator).dates == tuple(DAYS[-4:])


def test_another_job_typed_in_a_row_is_not_given_the_past_of_the_first(cast: Cast, action: Action) -> None:
    tell(cast, action, DAYS[0], Worker("mediator", Decimal("0.5")))
    client = signed(cast.operator_a)
    data = sent(client, url(action, "equipe/"), equipe__0__job="interpreter")
    text = page(client.post(url(action, "equipe/"), {**data, "ajouter": "equipe"}))
    row = text.split("<tbody>")[1].split("</tr>")[0]
    assert "0,5 ETP" not in row
    assert text.split('class="a-gone"')[1].count("0,5 ETP") == 1


def test_an_fte_has_a_control_for_ponctuel(cast: Cast, action: Action) -> None:
    text = page(signed(cast.operator_a).get(url(action, "equipe/")))
    boxes = re.findall(r"<input[^>]*name=\"equipe-\d+-fte\"[^>]*>", text)
    assert boxes
    assert all('data-words="ponctuel"' in box and "inputmode" not in box for box in boxes)


@pytest.mark.parametrize("end", ["equipe/", "financements/?annee=2020"])
def test_rows_are_edited_in_a_table(cast: Cast, action: Action, end: str) -> None:
    make_funding(action, 2020, 4000)
    tell(cast, action, DAYS[0], Worker("mediator", Decimal("0.5")))
    table = page(signed(cast.correspondent59).get(url(action, end))).split("<table")[1].split("</table>")[0]
    assert "j-table stack a-grid" in table
    head, *rows = table.split("<tr>")[1:]
    assert len(re.findall('<th scope="col"', head)) == len(re.findall("<t[hd][ >]", rows[0]))
    # Every box keeps its own label, hidden where the head of the column says it.
    boxes = re.findall(r'<(?:input|select)[^>]*id="(id_[^"]+)"', rows[0].replace('type="hidden"', ""))
    labelled = re.findall(r'<label[^>]*for="(id_[^"]+)"', rows[0])
    assert set(labelled) == {box for box in boxes if not box.endswith("-seen")}
    assert labelled


def test_the_sheet_folds_the_years_past(cast: Cast, action: Action) -> None:
    make_funding(action, 2019, 1000)
    make_funding(action, 2020, 4000)
    text = page(signed(cast.correspondent59).get(url(action)))
    folds = re.findall(
        r'<details class="j-year-fold"( open)?><summary><b>(\d+)</b> <span class="j-why">([^<]+)', text
    )
    assert [(state, year) for state, year, _ in folds] == [(" open", "2020"), ("", "2019")]
    assert "prévu 1 000 €" in folds[1][2]
    assert "exécuté non renseigné" in folds[1][2]
