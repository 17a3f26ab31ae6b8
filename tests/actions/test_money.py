"""Les financements par année, qui peut les lire, et l’équipe."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from jalons.accounts.enums import OrganisationKind, Right, Role
from jalons.accounts.models import Organisation
from jalons.actions.enums import FundingType
from jalons.actions.forms.money import totals_of
from jalons.actions.forms.team import TeamFteField
from jalons.actions.funders import contradicts, own_type
from jalons.actions.models import Action, FundingLine, StaffLine
from jalons.actions.services import Money, Worker, remove_money, set_money, set_team
from jalons.actions.views import money
from jalons.core.values import Value
from tests import factories
from tests.actions.pages import page, queries, said, sent, signed, url
from tests.factories import Cast, actor, make_action, make_funding, make_organisation, organisation_of
from tests.forms import form_to
from tests.worlds import stored

pytestmark = pytest.mark.django_db
YEAR = "financements/?annee=2020"


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return signed(cast.correspondent59)


def new_action(cast: Cast) -> Action:
    return make_action(
        "MOUS Lille", by=actor(cast.correspondent59), operators=[organisation_of(cast.operator_a)]
    )


stored_action, action = stored(new_action)


def on(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    monkeypatch.setattr(money, "today", lambda: day)


def tell(clerk: Client, action: Action, end: str = YEAR, **typed: Any) -> Any:
    return clerk.post(url(action, end), sent(clerk, url(action, end), **typed))


def current(action: Action) -> list[FundingLine]:
    return list(FundingLine.objects.known().filter(action=action).order_by("recorded_at", "pk"))


# --- money -----------------------------------------------------------------------------------------------------


def test_lines_are_told_typed_or_missing(clerk: Client, action: Action) -> None:
    answer = tell(
        clerk,
        action,
        lignes__0__kind="dedicated",
        lignes__0__organisation="DDETS du Nord",
        lignes__0__planned="2 000,50 €",
        lignes__0__committed="0",
        lignes__0__executed="ND",
        lignes__1__kind="private",
        lignes__1__planned="/",
    )
    assert "Les financements de 2020 sont enregistrés." in said(answer)
    first, second = current(action)
    assert (first.year, first.planned, first.committed, first.executed) == (2020, Decimal("2000.5"), 0, None)
    assert (first.blanks, str(first.funder)) == ({"executed": "nd"}, "DDETS du Nord")
    assert (second.planned, second.blanks) == (None, {"planned": "na"})
    text = page(clerk.get(url(action, YEAR)))
    assert 'value="2 000,5"' in text
    assert 'value="ND"' in text


def test_a_changed_line_keeps_its_former_version(clerk: Client, action: Action) -> None:
    line = make_funding(action, 2020, 4000)
    tell(clerk, action, lignes__0__executed="3 800", reason="solde versé")
    new = current(action)[0]
    assert (new.lineage, new.planned, new.executed, new.reason) == (line.lineage, 4000, 3800, "solde versé")
    text = page(clerk.get(url(action, YEAR)))
    assert "a corrigé le financement « Crédits dédiés à la résorption (Dihal) »" in text
    assert "solde versé" in text


def test_nothing_changed_adds_no_version(clerk: Client, action: Action, cast: Cast) -> None:
    make_funding(action, 2020, 4000, funder=organisation_of(cast.mairie))
    tell(clerk, action)
    assert FundingLine.objects.count() == 1


def test_a_line_sent_twice_is_added_once(clerk: Client, action: Action) -> None:
    data = sent(clerk, url(action, YEAR), lignes__0__kind="local", lignes__0__planned="10")
    assert clerk.post(url(action, YEAR), data).url == clerk.post(url(action, YEAR), data).url
    assert FundingLine.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"lignes__0__planned": "deux mille"}, "n’est pas un nombre"),
        ({"lignes__0__planned": "-5"}, "est négatif"),
        ({"lignes__0__planned": "1,234"}, "centime"),
        ({"lignes__0__planned": "1.234"}, "peut se lire"),
        ({"lignes__0__kind": ""}, "Retirer cette ligne"),
        ({"lignes__0__organisation": "Inconnue"}, "Jalons ne connaît pas de structure « Inconnue »"),
        ({"lignes__1__planned": "12"}, "Choisissez le type de financement"),
    ],
)
def test_what_is_wrong_in_a_line(clerk: Client, action: Action, typed: dict[str, Any], sentence: str) -> None:
    make_funding(action, 2020, 4000)
    text = page(tell(clerk, action, **{"lignes__0__note": "À garder", **typed}))
    assert sentence in text
    assert "À garder" in text
    assert FundingLine.objects.count() == 1


def test_one_more_line_loses_nothing(clerk: Client, action: Action) -> None:
    make_funding(action, 2020, 4000)
    data = sent(clerk, url(action, YEAR), lignes__0__executed="à voir")
    text = page(clerk.post(url(action, YEAR), {**data, "ajouter": "financements"}))
    assert 'name="lignes-1-planned"' in text
    assert 'value="à voir"' in text
    assert "erreur" not in text
    assert "Retirer cette ligne" in text


def test_totals_of_each_column(clerk: Client, action: Action) -> None:
    make_funding(action, 2020, 1000)
    make_funding(action, 2020, 3000)
    text = page(clerk.get(url(action, YEAR)))
    assert "soit 25 %" in text
    assert "soit 75 %" in text
    data = sent(clerk, url(action, YEAR), lignes__0__executed="900")
    text = " ".join(page(clerk.post(url(action, YEAR), {**data, "calculer": "1"})).split())
    assert "TOTAL prévu :</span> <b>4 000 €</b>" in text
    assert "TOTAL exécuté :</span> <b>900 €</b>" in text
    assert FundingLine.objects.count() == 2


def test_no_total_for_no_line() -> None:
    assert totals_of([]).columns == []


def test_two_people_change_a_line_and_the_second_chooses(clerk: Client, action: Action, cast: Cast) -> None:
    line = make_funding(action, 2020, 4000)
    data = sent(clerk, url(action, YEAR), lignes__0__planned="5 000", lignes__0__note="avenant")
    amounts = {"planned": Value.amount(6000)}
    theirs = Money(year=2020, kind="dedicated", amounts=amounts, line=line)
    set_money(action=action, lines=[theirs], by=actor(cast.mairie), on=line.valid_on)
    answer = clerk.post(url(action, YEAR), data)
    text = page(answer, 409)
    for words in ("6 000", "5 000", "Claude Mairie", "Crédits dédiés à la résorption (Dihal), prévu"):
        assert words in text, words
    assert "Crédits dédiés à la résorption (Dihal), précision" not in text
    again = dict(form_to(answer, url(action, "financements/")).values)
    assert clerk.post(url(action, YEAR), again | {"conflit-lignes-0-planned": "theirs"}).status_code == 302
    assert (current(action)[0].planned, current(action)[0].note) == (6000, "avenant")


def test_a_line_withdrawn_meanwhile_is_said_so(clerk: Client, action: Action, cast: Cast) -> None:
    line = make_funding(action, 2020, 4000)
    data = sent(clerk, url(action, YEAR), lignes__0__planned="5 000")
    remove_money(line=line, by=actor(cast.mairie), reason="en double")
    answer = clerk.post(url(action, YEAR), data)
    assert "a été retirée entre-temps" in page(answer)
    assert current(action) == []
    again = dict(form_to(answer, url(action, "financements/")).values)
    clerk.post(url(action, YEAR), again)
    assert [one.planned for one in current(action)] == [5000]


def test_a_line_is_withdrawn_with_a_reason(clerk: Client, action: Action, cast: Cast) -> None:
    line = make_funding(action, 2020, 4000)
    end = f"financements/{line.lineage}/retirer/"
    assert "Prévu : 4 000 €" in page(clerk.get(url(action, end)))
    assert "Remplissez ce champ" in page(tell(clerk, action, end))
    data = sent(clerk, url(action, end), reason="en double")
    assert "est retirée" in said(clerk.post(url(action, end), data))
    assert current(action) == []
    assert FundingLine.objects.get(withdrawn=True).reason == "en double"
    for again in (clerk.post(url(action, end), data), clerk.get(url(action, end))):
        assert "Cette ligne est déjà retirée." in page(again, 410)


def test_a_line_changed_before_its_withdrawal_is_shown_first(
    clerk: Client, action: Action, cast: Cast
) -> None:
    line = make_funding(action, 2020, 4000)
    end = url(action, f"financements/{line.lineage}/retirer/")
    data = sent(clerk, end, reason="en double")
    changed = Money(year=2020, kind="local", amounts={"planned": Value.amount(6000)}, line=line)
    set_money(action=action, lines=[changed], by=actor(cast.mairie), on=line.valid_on)
    answer = clerk.post(end, data)
    assert "modifiée entre-temps" in page(answer, 409)
    assert len(current(action)) == 1
    assert clerk.post(end, dict(form_to(answer, end).values)).status_code == 302
    assert current(action) == []


def test_spending_comes_first_in_january(
    clerk: Client, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_funding(action, 2020, 4000)
    on(monkeypatch, dt.date(2021, 1, 15))
    text = page(clerk.get(url(action, "financements/")))
    assert "Dépenses exécutées à renseigner avant fin février" in text
    assert text.index("lignes-0-executed") < text.index("lignes-0-planned")
    assert "financements de 2020" in page(clerk.get(url(action, "financements/?annee=2021")))
    on(monkeypatch, dt.date(2021, 3, 1))
    text = page(clerk.get(url(action, "financements/")))
    assert "Dépenses exécutées à renseigner" not in text
    assert 'name="lignes-0-seen"' in text
    assert 'aria-current="page">2021' in text or ">2021</a>" in text


def test_who_may_touch_the_money(action: Action, cast: Cast) -> None:
    make_funding(action, 2020, 4321)
    # The operator reads and writes nothing of it, unless it is granted by name.
    refused = signed(cast.operator_a).get(url(action, YEAR))
    assert "4 321" not in page(refused, 403)
    friends = organisation_of(cast.operator_a)
    rights = [Right.READ_FUNDING, Right.WRITE_FUNDING]
    granted = factories.make_user(Role.OPERATOR, factories.MEL, organisation=friends, grants=rights)
    assert "4 321" in page(signed(granted).get(url(action, YEAR)))
    blind = factories.make_user(Role.OPERATOR, factories.MEL, organisation=friends, grants=rights[1:])
    assert "4 321" not in page(signed(blind).get(url(action, YEAR)), 403)
    mine = make_action("De la mairie", pilots=[organisation_of(cast.mairie)])
    assert signed(cast.mairie).get(url(mine, YEAR)).status_code == 200
    assert signed(cast.mairie).get(url(action, YEAR)).status_code == 403


def test_the_line_of_another_dispositif_is_not_touched(clerk: Client, action: Action) -> None:
    other = make_funding(make_action("Autre"), 2020, 4000)
    data = sent(
        clerk, url(action, YEAR), lignes__0__kind="local", lignes__0__planned="1", lignes__0__seen=other.pk
    )
    clerk.post(url(action, YEAR), data)
    assert FundingLine.objects.known().get(lineage=other.lineage).planned == 4000
    assert clerk.get(url(action, f"financements/{other.lineage}/retirer/")).status_code == 404


def test_the_page_costs_the_same_with_many_lines(clerk: Client, action: Action, cast: Cast) -> None:
    make_funding(action, 2020, 10, funder=organisation_of(cast.mairie))
    clerk.get(url(action, YEAR))
    few = queries(lambda: clerk.get(url(action, YEAR)))
    for number in range(30):
        make_funding(action, 2020, 10, funder=factories.make_organisation(f"Fondation {number}", "59"))
    assert queries(lambda: clerk.get(url(action, YEAR))) == few


# --- team ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("0,75", Decimal("0.75")),
        ("2", Decimal(2)),
        ("Ponctuel", "ponctuel"),
        ("ponctuelle", "ponctuel"),
        ("", None),
    ],
)
def test_full_time_equivalents_are_read(text: str, read: Any) -> None:
    assert TeamFteField().clean(text) == read


def team(action: Action) -> list[tuple[str, Decimal | None, str]]:
    lines = StaffLine.objects.known().filter(action=action).order_by("valid_on", "pk")
    return [(line.job, line.fte, str(line.reporter)) for line in lines]


def test_an_operator_tells_its_team(action: Action, cast: Cast) -> None:
    operator = signed(cast.operator_a)
    answer = tell(
        operator,
        action,
        "equipe/",
        on="1/3/2020",
        equipe__0__job="mediator",
        equipe__0__fte="0,75",
        equipe__2__job="volunteer",
        equipe__2__fte="ponctuel",
    )
    assert "L’équipe au 1er mars 2020 est enregistrée." in said(answer)
    friends = "Les amis de Lille"
    assert team(action) == [("mediator", Decimal("0.75"), friends), ("volunteer", None, friends)]
    text = page(operator.get(url(action, "equipe/")))
    assert "telle qu’elle était le <b>1er mars 2020</b>" in text
    assert 'value="0,75"' in text
    assert 'value="ponctuel"' in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"equipe__0__fte": "un demi"}, "Écrivez un nombre d’ETP"),
        ({"equipe__0__fte": ""}, "Écrivez un nombre d’ETP"),
        ({"equipe__0__fte": "-1"}, "est négatif"),
        ({"equipe__0__job": ""}, "Choisissez le métier"),
        ({"on": "1/1/2090"}, "est dans le futur"),
    ],
)
def test_what_is_wrong_in_a_team(action: Action, cast: Cast, typed: dict[str, Any], sentence: str) -> None:
    rest = {
        "on": "1/3/2020",
        "equipe__0__job": "mediator",
        "equipe__0__fte": "1",
        "equipe__0__job_note": "À garder",
    }
    text = page(tell(signed(cast.operator_a), action, "equipe/", **{**rest, **typed}))
    assert sentence in text
    assert "À garder" in text
    assert team(action) == []


def test_a_pilot_tells_the_team_of_the_operator_chosen(clerk: Client, action: Action, cast: Cast) -> None:
    other = factories.make_organisation("Croix du Nord", "59")
    two = make_action("À deux", operators=[organisation_of(cast.operator_a), other])
    text = page(clerk.get(url(two, "equipe/")))
    assert "L’équipe de quel opérateur ?" in text
    end = f"equipe/?operateur={other.pk}"
    tell(clerk, two, end, on="1/3/2020", equipe__0__job="head", equipe__0__fte="1")
    assert team(two) == [("head", Decimal(1), "Croix du Nord")]
    # An operator tells its own, whatever the address says.
    tell(signed(cast.operator_a), two, end, on="1/3/2020", equipe__0__job="mediator", equipe__0__fte="2")
    assert team(two)[1] == ("mediator", Decimal(2), "Les amis de Lille")


def test_a_team_told_meanwhile_is_seen_first(action: Action, cast: Cast) -> None:
    operator, address = signed(cast.operator_a), url(action, "equipe/")
    data = sent(operator, address, on="1/3/2020", equipe__0__job="mediator", equipe__0__fte="1")
    set_team(
        action=action,
        reporter=organisation_of(cast.operator_a),
        on=dt.date(2020, 3, 1),
        team=[Worker("head", Decimal(2))],
        by=actor(cast.colleague_a),
    )
    answer = operator.post(address, data)
    text = page(answer, 409)
    assert "Charlie Amis" in text
    assert "Coordinateur ou chef de service, 2 ETP" in text
    assert operator.post(address, dict(form_to(answer, address).values)).status_code == 302
    assert [job for job, _, _ in team(action)] == ["mediator"]


def test_a_team_sent_twice_is_told_once(action: Action, cast: Cast) -> None:
    operator, address = signed(cast.operator_a), url(action, "equipe/")
    data = sent(operator, address, on="1/3/2020", equipe__0__job="mediator", equipe__0__fte="1")
    assert operator.post(address, data).url == operator.post(address, data).url
    assert StaffLine.objects.count() == 1


# --- the type and the funder agree ------------------------------------------------------------------------------

PAIRS = [
    (FundingType.STATE, OrganisationKind.DEPARTEMENT, True),
    (FundingType.DEDICATED, OrganisationKind.COMMUNE, True),
    (FundingType.PRIVATE, OrganisationKind.PREFECTURE, True),
    (FundingType.DEPARTEMENT, OrganisationKind.REGION, True),
    (FundingType.STATE, OrganisationKind.HEALTH, False),
    (FundingType.EUROPEAN, OrganisationKind.REGION, False),
    (FundingType.LOCAL, OrganisationKind.OTHER, False),
    (FundingType.OTHER, OrganisationKind.DEPARTEMENT, False),
]


@pytest.mark.parametrize(("kind", "funder", "wrong"), PAIRS)
def test_a_funder_brings_what_it_can(kind: FundingType, funder: OrganisationKind, wrong: bool) -> None:
    assert contradicts(kind, Organisation(kind=funder, name="Structure")) is wrong


@pytest.mark.parametrize("funder", OrganisationKind)
def test_the_type_proposed_for_a_funder_never_contradicts_it(funder: OrganisationKind) -> None:
    organisation = Organisation(kind=funder, name="Structure")
    proposed = own_type(organisation)
    assert proposed is None or not contradicts(proposed, organisation)


def test_a_pair_that_disagrees_comes_back_with_the_type_proposed(clerk: Client, action: Action) -> None:
    make_organisation("Département du Nord", kind=OrganisationKind.DEPARTEMENT)
    wrong = {"lignes__0__kind": "state", "lignes__0__organisation": "Département du Nord"}
    answer = tell(clerk, action, lignes__0__planned="2 000", **wrong)
    text = page(answer)
    assert "« État hors crédits dédiés » et « Département du Nord » ne vont pas ensemble." in text
    assert "Vérifiez le type proposé maintenant, « Conseil départemental », ou changez le financeur." in text
    assert '<option value="departement" selected>' in text
    assert 'value="2 000"' in text
    assert current(action) == []


def test_a_line_kept_as_it_was_is_not_refused(clerk: Client, action: Action) -> None:
    funder = make_organisation("Département du Nord", kind=OrganisationKind.DEPARTEMENT)
    make_funding(action, 2020, 4000, kind=FundingType.STATE, funder=funder)
    assert tell(clerk, action, lignes__0__executed="3 000").status_code == 302
