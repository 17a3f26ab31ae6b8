"""The figures of a territory above the list: against a count by hand, with what they cover, now and then."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalons.accounts.permissions import EVERYWHERE, Territory
from jalons.actions.enums import ActionTheme
from jalons.actions.models import Action
from jalons.actions.services import close_action
from jalons.core.values import Sum, Value
from jalons.figures.readings import FigureReading
from jalons.history.querysets import AsOf
from jalons.indicators.selectors.territory import territory_figures
from jalons.indicators.services import withdraw_follow_up
from tests import factories
from tests.factories import BACKEND, LILLE, ROUBAIX, Cast, actor, organisation_of
from tests.guards.draws import costly

pytestmark = pytest.mark.django_db
SOCLE = True

TODAY = dt.date(2020, 1, 10)
SINCE = dt.date(2019, 12, 12)  # thirty days, both included
NORD = Territory(departements=frozenset({"59"}))
BOTH = (ActionTheme.HOUSING, ActionTheme.WORK)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> dt.date:
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: TODAY)
    return TODAY


@pytest.fixture
def world(cast: Cast) -> dict[str, Action]:
    factories.make_socle()
    friends, north = organisation_of(cast.operator_a), organisation_of(cast.operator_b)
    site = factories.make_site("Rue du Moulin", LILLE)
    factories.make_site("Friche", ROUBAIX)
    factories.make_site("Fermé", ROUBAIX, closed=dt.date(2019, 6, 1))
    return {
        "mous": factories.make_action("MOUS", themes=BOTH, operators=[friends, north], sites=[site]),
        "village": factories.make_action("Village", themes=[ActionTheme.HOUSING], operators=[friends]),
        "ecole": factories.make_action("École", operators=[friends]),
        "sud": factories.make_action("Sud", "13", themes=BOTH, operators=[organisation_of(cast.operator13)]),
    }


def tell(action: Action, by: Any, on: dt.date, since: dt.date, housed: Any = None, hired: Any = None) -> Any:
    figures = {"logement_personnes": housed, "contrats": hired}
    told = {code: figure for code, figure in figures.items() if figure is not None}
    return factories.make_follow_up(action, on, by=by, since=since, **told)


def said(flow: FigureReading) -> tuple[Any, int, int]:
    assert isinstance(flow.worth, Sum)
    return (flow.worth.total, flow.worth.known, flow.worth.expected)


def text(client: Client, user: Any, query: str = "", **headers: str) -> str:
    client.force_login(user, BACKEND)
    html = client.get(f"/dispositifs/panneau/?{query}", headers=headers).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_nothing_told_is_not_zero(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    words = text(client, cast.correspondent59)
    assert "Nord (59), au 10 janvier 2020" in words
    assert "Dispositifs en cours 3" in words
    assert "50 % 1 sur 2 sites ouverts" in words
    assert "Personnes sorties en logement non renseigné 0 dispositif sur 2" in words
    assert "non renseigné contrats de travail signés, 0 dispositif sur 1" in words


def test_a_flow_says_what_it_covers(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    mous = world["mous"]
    tell(mous, cast.operator_a, dt.date(2019, 12, 11), dt.date(2019, 11, 12), housed=100)
    tell(mous, cast.operator_a, dt.date(2019, 12, 31), dt.date(2019, 12, 12), housed=4, hired=2)
    tell(mous, cast.operator_b, dt.date(2020, 1, 8), dt.date(2019, 12, 12), housed=3)
    tell(world["sud"], cast.operator13, dt.date(2020, 1, 8), dt.date(2019, 12, 12), housed=50)
    words = text(client, cast.correspondent59)
    assert "≥ 7 1 dispositif sur 2, mis à jour le 08/01/2020" in words
    assert "emploi 2 contrats de travail signés, 1 dispositif sur 1, mis à jour le 31/12/2019" in words
    assert "57" in text(client, cast.correspondent59, "departement=tous")
    assert "50" in text(client, cast.correspondent59, "departement=13")
    tell(world["village"], cast.operator_a, dt.date(2020, 1, 9), dt.date(2019, 7, 1), housed=Value.nd())
    assert "≥ 7 1 dispositif sur 2" in text(client, cast.correspondent59), "ND n’est pas un chiffre"


def test_a_longer_period_is_said(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    tell(world["village"], cast.operator_a, dt.date(2019, 12, 31), dt.date(2019, 7, 1), housed=9)
    assert "la période la plus longue commence le 01/07/2019" in text(client, cast.correspondent59)


def test_one_that_told_unasked_or_after_its_end_is_covered(cast: Cast, world: dict[str, Action]) -> None:
    village = world["village"]
    tell(village, cast.operator_a, dt.date(2020, 1, 2), dt.date(2019, 12, 15), housed=5)
    writer = actor(cast.correspondent59)
    close_action(action=village, by=writer, ended_on=dt.date(2019, 12, 1))
    figures = territory_figures(cast.correspondent59, NORD)
    assert said(figures.housed) == (5, 1, 2)
    then = territory_figures(cast.correspondent59, NORD, AsOf(known=TODAY))
    assert then.running == 0, "rien n’était encore connu"


def test_a_period_withdrawn_gives_its_place_back(cast: Cast, world: dict[str, Action]) -> None:
    village = world["village"]
    tell(village, cast.operator_a, dt.date(2019, 12, 20), dt.date(2019, 12, 12), housed=5)
    year = tell(village, cast.operator_a, dt.date(2019, 12, 31), dt.date(2019, 1, 1), housed=40)
    assert said(territory_figures(cast.correspondent59, NORD).housed) == (40, 1, 2)
    then = territory_figures(cast.correspondent59, NORD, AsOf(valid=dt.date(2019, 12, 25)))
    assert said(then.housed) == (5, 1, 2), "l’année n’était pas finie"
    withdraw_follow_up(follow_up=year, by=actor(cast.operator_a), reason="erreur")
    assert said(territory_figures(cast.correspondent59, NORD).housed) == (5, 1, 2)


day = st.integers(0, 60).map(lambda days: TODAY - dt.timedelta(days=days))
report = st.tuples(
    st.sampled_from(["mous", "village", "sud"]), day, st.integers(0, 45), st.integers(0, 9) | st.none()
)


@costly
@given(
    reports=st.lists(report, max_size=6, unique_by=lambda told: (told[0], told[1])), back=st.integers(0, 40)
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_against_a_count_by_hand(
    cast: Cast, world: dict[str, Action], reports: list[tuple[str, dt.date, int, int | None]], back: int
) -> None:
    writers = {"mous": cast.operator_a, "village": cast.operator_a, "sud": cast.operator13}
    follow_ups = []
    for name, on, length, housed in reports:
        since, figure = on - dt.timedelta(days=length), Value.nd() if housed is None else housed
        follow_ups.append((name, tell(world[name], writers[name], on, since, housed=figure)))
    try:
        for at in (AsOf(), AsOf(valid=TODAY - dt.timedelta(days=back)), AsOf(valid=TODAY)):
            for territory, names in ((EVERYWHERE, {"mous", "village", "sud"}), (NORD, {"mous", "village"})):
                told = territory_figures(cast.national, territory, at).housed
                here = [each for each in reports if each[0] in names]
                assert said(told) == by_hand(here, at.day, len(names))
    finally:
        for name, follow_up in follow_ups:
            withdraw_follow_up(follow_up=follow_up, by=actor(writers[name]), reason="essai")


def by_hand(reports: list[tuple[str, dt.date, int, int | None]], until: dt.date, asked: int) -> Any:
    """Of every choice of periods without overlap, the best one of each dispositif; those of the window added."""
    total, tellers = 0, set()
    for name in {each[0] for each in reports}:
        periods = [(on - dt.timedelta(days=length), on, n) for one, on, length, n in reports if one == name]
        for _, on, number in best([each for each in periods if each[1] <= until]):
            if on >= until - dt.timedelta(days=29) and number is not None:
                total, tellers = total + number, tellers | {name}
    return (total, len(tellers), asked)


def best(periods: list[Any]) -> list[Any]:
    def worth(chosen: list[Any]) -> Any:
        spans = sorted(chosen, key=lambda one: one[1], reverse=True)
        length = sum((on - first).days + 1 for first, on, _ in spans)
        known = sum((on - first).days + 1 for first, on, number in spans if number is not None)
        return known, length, len(spans), [on for _, on, _ in spans]

    choices: list[list[Any]] = [[]]
    for one in periods:
        choices += [
            [*choice, one]
            for choice in choices
            if all(one[0] > other[1] or other[0] > one[1] for other in choice)
        ]
    return max(choices, key=worth)


def test_alone_above_the_list(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    client.force_login(cast.correspondent59, BACKEND)
    whole = client.get("/dispositifs/panneau/").content.decode()
    part = client.get("/dispositifs/panneau/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert "Sur les 30 derniers jours" in part


def test_in_the_past(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    tell(world["mous"], cast.operator_a, dt.date(2019, 6, 30), dt.date(2019, 6, 1), housed=6)
    words = text(client, cast.correspondent59, "au=02/07/2019")
    assert "Nord (59), au 2 juillet 2019" in words
    assert "≥ 6 1 dispositif sur 2, mis à jour le 30/06/2019" in words
    assert "Vous regardez la situation" in words


def test_what_one_may_not_see_is_not_counted(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    tell(world["mous"], cast.operator_a, dt.date(2020, 1, 8), dt.date(2019, 12, 12), housed=6)
    assert "Dispositifs en cours 1" in text(client, cast.operator13, "departement=59").replace(
        "Dispositif en", "Dispositifs en"
    )
    assert "Bouches-du-Rhône (13)" in text(client, cast.operator13, "departement=59")
    client.force_login(cast.nobody, BACKEND)
    assert client.get("/dispositifs/panneau/").status_code == 403


def test_queries_do_not_grow(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    def queries(query: str) -> int:
        client.force_login(cast.correspondent59, BACKEND)
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/dispositifs/panneau/?{query}")
        return len(caught)

    asked = ("", "au=02/01/2020", "au=02/01/2020&connu-le=02/01/2020")
    before = [queries(query) for query in asked]
    for number in range(10):
        action = factories.make_action(themes=BOTH, operators=[organisation_of(cast.operator_a)])
        tell(action, cast.operator_a, dt.date(2020, 1, 1), dt.date(2019, 12, 12), housed=number, hired=1)
    assert [queries(query) for query in asked] == before
    assert max(before) <= 14


def test_the_figures_of_a_search_are_those_of_its_dispositifs(
    client: Client, cast: Cast, world: dict[str, Action]
) -> None:
    on = dt.date(2019, 12, 31)
    tell(world["mous"], cast.operator_a, on, SINCE, housed=4)
    tell(world["village"], cast.operator_a, on, SINCE, housed=9)
    words = text(client, cast.correspondent59, "theme=work")
    assert "Nord (59), au 10 janvier 2020, pour cette recherche" in words
    assert "Dispositif en cours 1 dans cette recherche" in words
    assert "50 % 1 sur 2 sites ouverts" in words
    assert "Personnes sorties en logement 4 1 dispositif sur 1" in words
    words = text(client, cast.correspondent59, "q=village")  # a search looks everywhere
    assert "Personnes sorties en logement 9 1 dispositif sur 1" in words
    assert "0 % 0 sur 2 sites ouverts" in words
    assert "13 2 dispositifs sur 2" in text(client, cast.correspondent59, "statut=termines&tri=nom")


def test_none_reported_and_no_answer(client: Client, cast: Cast, world: dict[str, Action]) -> None:
    """« ≥ 0 » would say nothing: none was reported, and who did not answer is counted."""
    tell(world["mous"], cast.operator_a, dt.date(2019, 12, 31), SINCE, housed=0)
    words = text(client, cast.correspondent59, **{"HX-Request": "true"})
    assert "≥" not in words
    assert "Personnes sorties en logement 0 signalée 1 dispositif sans réponse" in words
