"""The home page: an operator sees first what it owes, a correspondent what is late around, everybody figures."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import User
from jalons.actions.deadlines import month_end
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, Nudge, Participation
from jalons.actions.selectors.dues import dues_of
from jalons.actions.selectors.home import home_filling, home_late, running_around
from jalons.actions.selectors.spending import spending_owed
from jalons.core.values import Value
from jalons.discussions.models import Mail
from tests import factories
from tests.factories import (
    BACKEND,
    LILLE,
    Cast,
    actor,
    make_action,
    make_follow_up,
    make_funding,
    make_membership,
    make_organisation,
    make_site,
    make_user,
    organisation_of,
)
from tests.front import home_page

pytestmark = pytest.mark.django_db
SOCLE = True

JULY = dt.date(2020, 7, 20)  # 30 June is over, 31 December is far
JANUARY = dt.date(2020, 1, 15)
START = dt.date(2019, 9, 1)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def page(user: User, address: str = "/") -> str:
    client = Client()
    client.force_login(user, BACKEND)
    if address == "/":
        return home_page(client)
    got = client.get(address)
    assert got.status_code == 200
    return got.content.decode()


def words(html: str) -> str:
    text = re.sub(r"</(li|p|h[1-3]|div|b)>", r" </\1>", html)
    return re.sub(r"\s+", " ", strip_tags(text).replace("\xa0", " ").replace("\u202f", " "))


def late_lines(user: User) -> list[Any] | None:
    """What others owe that person; None for who follows no dispositif one by one."""
    late = home_late(again(user), JULY)
    return None if late is None else list(late.actions)


@pytest.fixture
def action(cast: Cast) -> Action:
    """Two operators, one with a part of the follow-up only; both late since 31 December 2019 at the latest."""
    factories.make_socle()
    operators = [organisation_of(cast.operator_a), organisation_of(cast.operator_b)]
    return make_action("MOUS Lille", starts_on=START, operators=operators, themes=["school", "housing"])


# What one owes -------------------------------------------------------------------------------------------


def test_operator_sees_first_what_it_owes(cast: Cast, action: Action) -> None:
    make_site("Rue du Moulin", LILLE)
    html = page(cast.operator_a)
    told = words(html)
    assert told.index("À remplir") < told.index("Sites ouverts")
    assert "MOUS Lille En retard Suivi à remplir avant le" in told
    assert "Il manque : tout le suivi" in told.replace("\u00a0", " ")
    pk = organisation_of(cast.operator_a).pk
    assert f'href="/dispositifs/{action.public_id}/suivi/nouveau/?pour={pk}"' in html


def test_what_is_missing_is_named(cast: Cast, action: Action) -> None:
    make_follow_up(action, dt.date(2020, 6, 30), by=cast.operator_a, personnes=12)
    (owed,) = home_filling(again(cast.operator_a), JULY).to_fill
    assert (owed.on, owed.state) == (dt.date(2020, 6, 30), "late")
    assert owed.missing == "Il manque\u00a0: scolarisation, logement"
    (other,) = home_filling(again(cast.operator_b), JULY).to_fill
    assert other.missing == "Il manque\u00a0: tout le suivi"


def test_up_to_date_says_when_to_come_back(cast: Cast, action: Action) -> None:
    make_follow_up(
        action, dt.date(2020, 6, 30), by=cast.operator_a, personnes=12, scolarisables=3, logement_personnes=2
    )
    found = home_filling(again(cast.operator_a), JULY)
    assert (found.to_fill, found.fills, found.next_on) == ([], True, dt.date(2020, 12, 31))


def test_nothing_is_said_up_to_date_above_something_late(cast: Cast) -> None:
    """A pilot that fills in one dispositif, and of whose others the operators are late."""
    factories.make_socle()
    own = actor(cast.correspondent59)
    state = make_action("Tenu par l’État", by=own, starts_on=START, themes=["school"])
    make_follow_up(state, dt.date.today(), by=cast.correspondent59, personnes=12, scolarisables=3)
    alone = words(page(cast.correspondent59))
    assert "Rien à remplir pour l’instant" in alone
    assert "À jour Aucun suivi n’est en retard" in alone
    make_action("En retard", starts_on=START, operators=[organisation_of(cast.operator_a)])
    told = words(page(cast.correspondent59))
    assert "Rien à remplir pour l’instant" in told
    assert "Suivi en retard (1)" in told
    assert "À jour" not in told


def test_operator_without_a_dispositif_is_told(cast: Cast) -> None:
    assert "Votre structure ne remplit le suivi d’aucun dispositif en cours." in words(page(cast.operator_b))
    assert "À remplir" not in words(page(cast.observer))
    assert "À remplir" not in words(page(cast.national))


def test_colleague_who_may_not_fill_in_is_not_asked(cast: Cast, action: Action) -> None:
    reader = make_user(Role.OBSERVER, "59", organisation=organisation_of(cast.operator_a))
    assert "Remplir le suivi" not in words(page(reader))
    assert not home_filling(again(reader), JULY).is_told


def test_pilot_fills_in_without_an_operator(cast: Cast) -> None:
    factories.make_socle()
    make_action("Sans opérateur", starts_on=START, by=actor(cast.correspondent59))
    user = again(cast.correspondent59)
    assert [owed.action.name for owed in home_filling(user, JULY).to_fill] == ["Sans opérateur"]
    assert late_lines(user) == []  # told once


def test_pilot_is_asked_from_the_day_its_operator_ends(cast: Cast) -> None:
    """As the dispositif itself says who fills in, on the days around the end."""
    factories.make_socle()
    operators = [organisation_of(cast.operator_a)]
    action = make_action(starts_on=START, by=actor(cast.correspondent59), operators=operators)
    today, state = dt.date.today(), organisation_of(cast.correspondent59).pk
    parts = Participation.objects.filter(action=action, role=ParticipationRole.OPERATOR)
    asked = []
    for days in (0, 1, 2):
        assert parts.update(ended_on=today + dt.timedelta(days=days))
        asked.append(state in {due.reporter.organisation.pk for due in dues_of([action])[action.pk]})
        assert home_filling(again(cast.correspondent59)).fills == asked[-1]
    assert asked == [True, False, False]


def test_first_ones_are_shown_and_the_others_counted(cast: Cast) -> None:
    factories.make_socle()
    for number in range(10):
        make_action(f"Dispositif {number}", starts_on=START, operators=[organisation_of(cast.operator_a)])
    html = page(cast.operator_a)
    assert html.count("Remplir le suivi") == 8
    assert 'href="/dispositifs/?miens=on">Et 2 autres' in html


# What is late around -------------------------------------------------------------------------------------


def test_correspondent_sees_who_is_late(cast: Cast, action: Action) -> None:
    make_action("À jour", starts_on=dt.date.today(), operators=[organisation_of(cast.operator_a)])
    (late,) = late_lines(cast.correspondent59) or ()
    assert (late.action, late.on) == (action, dt.date(2020, 6, 30))
    assert late.who == "Les amis de Lille et Solidarité Nord"
    html = page(cast.correspondent59)
    assert "Suivi en retard (1)" in words(html)
    assert 'href="/dispositifs/?suivi=retard"' in html
    assert "2 dispositifs en cours" in words(html)
    elsewhere = again(cast.correspondent13)
    assert (running_around(elsewhere), late_lines(elsewhere)) == (0, [])


def test_pilot_elsewhere_is_told_of_its_own(cast: Cast, action: Action) -> None:
    town = organisation_of(cast.mairie)
    make_action("De la ville", starts_on=START, pilots=[town], operators=[organisation_of(cast.operator_a)])
    assert [line.action.name for line in late_lines(cast.mairie) or ()] == ["De la ville"]
    html = page(cast.mairie)
    assert "À remplir" not in words(html)
    (address,) = re.findall(r'href="(/dispositifs/\?suivi=[^"]*)"', html)
    assert "De la ville" in (listed := page(cast.mairie, address.replace("&amp;", "&")))
    assert "MOUS Lille" not in words(listed)


def test_nothing_is_said_of_the_late_ones_that_are_not_theirs(cast: Cast, action: Action) -> None:
    """« À jour » would stand above what is late for the State."""
    assert late_lines(cast.mairie) is None
    assert "Aucun suivi n’est en retard" not in words(page(cast.mairie))


def test_nobody_late_is_said(cast: Cast) -> None:
    assert "Aucun suivi n’est en retard." in words(page(cast.correspondent59))


def test_national_reads_counts(cast: Cast, action: Action) -> None:
    make_site("Nu", LILLE)
    covered = make_site("Couvert", LILLE)
    make_action("Médiation", "13", by=actor(cast.correspondent13), sites=[covered])
    told = words(page(cast.national))
    assert "2 dispositifs en cours" in told
    assert "50 % des sites ouverts sont couverts (1 sur 2)" in told
    assert "1 site sans dispositif" in told
    assert "Suivi en retard" not in told
    assert late_lines(cast.national) is None


def test_sites_without_a_dispositif_lead_to_the_list(cast: Cast) -> None:
    make_site("Nu", LILLE)
    html = page(cast.correspondent59)
    (address,) = re.findall(r'href="(/sites/\?dispositif=[a-z]+)"', html)
    assert "Nu" in page(cast.correspondent59, address)
    assert "Déclarer un dispositif" in html


def test_who_sees_no_site_still_sees_what_is_owed(cast: Cast) -> None:
    organisation = make_organisation("Les jardins")
    user = make_user()
    make_membership(user, Role.OPERATOR, organisation=organisation, refused=[Right.READ_SITES])
    factories.make_socle()
    make_action("Jardins partagés", starts_on=START, operators=[organisation])
    told = words(page(user))
    assert "Jardins partagés" in told
    assert "rattaché à aucun territoire" not in told
    assert "rattaché à aucun territoire" in words(page(cast.nobody))


# Spending ------------------------------------------------------------------------------------------------


def test_spending_is_asked_in_january_and_february(cast: Cast, action: Action) -> None:
    make_funding(action, 2019)
    user = again(cast.correspondent59)
    owed = spending_owed(user, JANUARY)
    assert owed is not None
    assert (owed.year, list(owed.actions)) == (2019, [action])
    assert spending_owed(user, dt.date(2020, 2, 29)) == owed
    assert spending_owed(user, dt.date(2020, 3, 1)) is None
    assert spending_owed(user, dt.date(2021, 1, 15)) is None


def test_spending_of_a_closed_dispositif_is_asked(cast: Cast) -> None:
    closed = make_action("Fini", starts_on=START, ended_on=dt.date(2019, 12, 31))
    make_funding(closed, 2019)
    owed = spending_owed(again(cast.correspondent59), JANUARY)
    assert owed is not None
    assert list(owed.actions) == [closed]


@pytest.mark.parametrize("executed", [Value.amount(0), Value.na(), Value.nd()])
def test_spending_told_is_not_asked(cast: Cast, action: Action, executed: Value) -> None:
    from_2019 = make_funding(action, 2019)
    money = factories.Money(year=2019, kind=from_2019.kind, amounts={"executed": executed}, line=from_2019)
    factories.set_money(action=action, lines=[money], by=actor(cast.correspondent59), on=JANUARY)
    assert spending_owed(again(cast.correspondent59), JANUARY) is None


def test_spending_is_asked_of_who_may_write_and_read_it(cast: Cast, action: Action) -> None:
    make_funding(action, 2019)
    writer = make_user(
        Role.OPERATOR,
        LILLE,
        organisation=organisation_of(cast.operator_a),
        grants=[Right.WRITE_FUNDING, Right.READ_FUNDING],
    )
    assert spending_owed(again(writer), JANUARY) is not None
    for user in (cast.operator_a, cast.operator_b, cast.national, cast.correspondent13, cast.observer):
        assert spending_owed(again(user), JANUARY) is None


def test_page_asks_the_spending(cast: Cast, action: Action, monkeypatch: pytest.MonkeyPatch) -> None:
    make_funding(action, 2019, 4321)
    monkeypatch.setattr("jalons.actions.selectors.spending.spending_asked", lambda today: 2019)
    html = page(cast.correspondent59)
    assert "Dépenses exécutées 2019 à renseigner" in html
    assert f'href="/dispositifs/{action.public_id}/financements/?annee=2019"' in html
    assert "4\u202f321" not in html
    assert "Dépenses exécutées" not in page(cast.operator_a)


# « Relancer » --------------------------------------------------------------------------------------------


def ask_again(user: User, action: Action, operator: User) -> list[str]:
    """What is said after one tap."""
    client = Client()
    client.force_login(user, BACKEND)
    reporter = organisation_of(operator).pk
    answer = client.post(f"/dispositifs/{action.public_id}/relancer/{reporter}/", follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_one_tap_asks_once_for_each_deadline(cast: Cast, action: Action) -> None:
    assert "est relancée" in ask_again(cast.correspondent59, action, cast.operator_a)[0]
    (asked,) = Nudge.objects.all()
    assert (asked.author, asked.reporter) == (cast.correspondent59, organisation_of(cast.operator_a))
    mails = list(Mail.objects.filter(key__startswith="nudge/"))
    assert {mail.user for mail in mails} == {cast.operator_a, cast.colleague_a}
    assert all("MOUS Lille" in mail.body and mail.about for mail in mails)
    # The second time, and by somebody else, nothing more leaves; the home page says who asked.
    assert "est relancée" not in ask_again(cast.correspondent59, action, cast.operator_a)[0]
    assert Mail.objects.filter(key__startswith="nudge/").count() == len(mails)
    told = words(page(cast.correspondent59))
    assert f"par {cast.correspondent59}" in told
    assert told.count("Relancer") == 1, "l’autre opérateur seulement"


def test_nobody_is_asked_for_what_is_not_late(cast: Cast, action: Action) -> None:
    make_follow_up(
        action, dt.date.today(), by=cast.operator_a, personnes=12, scolarisables=3, logement_personnes=2
    )
    assert "plus rien en retard" in ask_again(cast.correspondent59, action, cast.operator_a)[0]
    assert not Nudge.objects.exists()


# Cost ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["operator_a", "correspondent59", "mairie", "national"])
def test_home_costs_the_same_for_many_dispositifs(cast: Cast, action: Action, who: str) -> None:
    user: Any = getattr(cast, who)

    def cost() -> int:
        found = again(user)
        with CaptureQueriesContext(connection) as seen:
            home_filling(found, JULY)
            running_around(found)
            if late := home_late(found, JULY):
                assert late.first is not None
            spending_owed(found, JANUARY)
        return len(seen)

    town = organisation_of(cast.mairie)
    make_funding(
        make_action(starts_on=START, pilots=[town], operators=[organisation_of(cast.operator_a)]), 2019
    )
    once = cost()
    for number in range(5):
        more = make_action(
            f"Autre {number}",
            starts_on=START,
            pilots=[town],
            operators=[organisation_of(cast.operator_a), make_organisation()],
            sites=[make_site()],
        )
        make_funding(more, 2019)
        make_follow_up(more, month_end(2020, 6), by=cast.operator_a, personnes=number)
    assert cost() == once
    assert once <= 4 + 7 + 8 + 2  # memberships, scopes, grants, then what the three selectors say
