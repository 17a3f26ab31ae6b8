"""Territories side by side: whose figures, which are kept secret, what leaves, what nobody can deduce."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.accounts.models import User
from jalons.exports.models import Download
from jalons.figures.areas import find_area
from jalons.figures.disclosure import half_year_before
from jalons.figures.registry import FigureQuestion, figures, read_family
from jalons.reports.selectors.comparables import ReadPlace, of_volume
from jalons.reports.selectors.comparing import COMPARED, FAMILIES_COMPARED
from jalons.sites.enums import ClosingReason, Condition
from jalons.sites.models import Site
from jalons.territories.models import Outline
from tests import factories
from tests.alike.world import ago, known_for_long
from tests.factories import ARRAS, BACKEND, CALAIS, LILLE, MARSEILLE, MEL, ROUBAIX, SAINT_DENIS, Cast

pytestmark = pytest.mark.django_db
URL = "/tableau-de-bord/comparer/"
TAGS, CHANGING = re.compile(r"<[^>]+>"), re.compile(r'value="[^"]{64}"|nonce="[^"]*"')


def get(user: User, *areas: str, query: str = "", url: str = URL) -> Any:
    client = Client()
    client.force_login(user, BACKEND)
    return client.get(f"{url}?{'&'.join([*(f'territoire={area}' for area in areas), query])}")


def html(user: User, *areas: str, query: str = "") -> str:
    answer = get(user, *areas, query=query)
    assert answer.status_code == 200, areas
    return answer.content.decode()


def row(page: str, label: str) -> list[str]:
    """The cells of a figure, in words."""
    line = re.search(rf'<th scope="row">{label}</th>(.*?)</tr>', page, re.DOTALL)
    assert line, label
    cells = re.findall(r"<td.*?</td>", line[1], re.DOTALL)
    return [re.sub(r"\s+", " ", TAGS.sub(" ", cell)).strip() for cell in cells]


def writers(number: int) -> list[Any]:
    return [factories.actor(factories.make_user("operator", "FR", name=f"Plume {n}")) for n in range(number)]


def sites_of(code: str, number: int, by: list[Any], *, people: int = 20) -> list[Site]:
    """Open sites, each counted by one of `by` who also entered it."""
    made = []
    for place in range(number):
        one = by[place % len(by)]
        site = factories.make_site(f"{code} {place}", code, by=one, opened=ago(900))
        factories.make_survey(site, ago(300), people, by=one, minors=people // 2, source=one.organisation)
        factories.make_conditions(site, ago(300), by=one, water=Condition.BAD)
        made.append(site)
    return made


def test_the_figures_are_those_of_the_registry(cast: Cast) -> None:
    by = writers(3)
    for code, number in ((LILLE, 4), (MARSEILLE, 3), (ARRAS, 3)):
        for site in sites_of(code, number, by, people=7 * number)[:1]:
            factories.close_site(site, ago(30), reason=ClosingReason.COURT, by=by[0])
    texts = ["departement-59", "departement-13", "nation", f"epci-{MEL}", "departement-83"]
    since = ago(100)
    page = html(cast.national, *texts, query=f"du={since.isoformat()}")
    for place, text in enumerate(texts):
        area = find_area(text)
        assert area is not None
        asked = FigureQuestion(cast.national, area=area, since=since)
        readings = {key: one for name in FAMILIES_COMPARED for key, one in read_family(name, asked).items()}
        for key in (key for _, keys in COMPARED for key in keys):
            cell = row(page, figures()[key].label)[place]
            expected = re.sub(r"\s", " ", readings[key].short(none=figures()[key].none))
            nothing = ("c moins de trois structures", "sans objet", "non renseigné", "ND")
            assert cell.startswith(expected) if expected and cell[:1] != "c" else cell.startswith(nothing)
    assert row(page, "Sites ouverts")[:3] == ["3", "c moins de trois structures", "7"]
    assert row(page, "Sites ouverts")[4] == "0", "rien n’y est ouvert : personne n’est exposé"
    assert row(page, "Personnes")[2].startswith("168 7 sites recensés sur 7")
    assert "aria-sort" not in page


@pytest.mark.parametrize(("structures", "text"), [(2, "c moins de trois structures"), (3, "3")])
def test_three_structures_stand_behind_a_figure(cast: Cast, structures: int, text: str) -> None:
    sites_of(LILLE, 3, writers(structures))
    page = html(cast.correspondent59, "departement-59")
    assert row(page, "Sites ouverts") == [text]
    assert row(page, "Personnes")[0].startswith("c" if structures == 2 else "60")
    if structures == 2:
        assert "60" not in "".join(row(page, "Personnes"))


def test_in_the_order_chosen_and_five_at_most(cast: Cast) -> None:
    texts = ["departement-83", "departement-13", "departement-59", "departement-13"]
    page = html(cast.national, *texts)
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)[1:4]
    assert heads == ["Var (83)", "Bouches-du-Rhône (13)", "Nord (59)"]
    six = ["nation", "region-32", "departement-59", "departement-13", "departement-83", "departement-93"]
    page = html(cast.national, *six)
    assert "On compare au plus 5 territoires" in page
    assert len(row(page, "Sites ouverts")) == 5
    assert 'name="lieu"' not in page


REFUSED = [
    ("operator_a", "departement-13"),
    ("operator_a", "region-93"),
    ("observer", f"commune-{MARSEILLE}"),
    ("operator13", "departement-59"),
    ("national", "departement-00"),
    ("national", "planete-3"),
    ("national", "operateur-1"),
]


@pytest.mark.parametrize(("who", "area"), REFUSED)
def test_a_territory_that_one_does_not_read_is_not_compared(cast: Cast, who: str, area: str) -> None:
    own = factories.organisation_of(cast.operator_a)
    factories.make_action("MOUS", operators=[own])
    area = area.replace("operateur-1", f"operateur-{own.pk}")
    assert get(getattr(cast, who), area).status_code == 404
    expected = 403 if who == "observer" else 404
    assert get(getattr(cast, who), area, query="format=csv", url=f"{URL}export").status_code == expected


# Of who does not read everything -----------------------------------------------------------------------------


def test_the_nation_is_rounded_and_rests_on_three(cast: Cast) -> None:
    by = writers(3)
    sites_of(LILLE, 1, by)
    sites_of(MARSEILLE, 3, by, people=27)
    known_for_long()
    page = html(cast.operator_a, "departement-59", "region-32", "nation")
    region, nation = 1, 2
    assert row(page, "Sites ouverts")[nation] == "moins de 10"
    assert row(page, "Personnes")[nation] == "environ 100 environ 100 % de réponses"
    # The région holds nothing beyond the Nord: saying it would say that.
    assert {cells[region][:1] for cells in (row(page, "Sites ouverts"), row(page, "Personnes"))} == {"c"}
    assert "Vous ne lisez pas toute la France" in page


@pytest.mark.parametrize(("sites", "structures", "told"), [(2, 3, False), (3, 2, False), (3, 3, True)])
@pytest.mark.parametrize("code", [CALAIS, MARSEILLE])
def test_what_lies_beyond_rests_on_three_of_each(
    cast: Cast, code: str, sites: int, structures: int, told: bool
) -> None:
    """Neither a région less one's own département, nor the nation less that region, tells two sites."""
    sites_of(LILLE, 5, writers(4))
    sites_of(code, sites, writers(structures))
    for site in Site.objects.filter(name__startswith=code)[: sites if structures > sites else 0]:
        factories.make_survey(site, ago(299), 20, by=writers(1)[0])
    known_for_long()
    place = 1 if code == CALAIS else 2
    page = html(cast.operator_a, "departement-59", "region-32", "nation")
    assert row(page, "Personnes")[place].startswith("environ" if told else "c ")
    assert row(page, "Personnes")[3 - place].startswith("c ")


def test_ones_own_structure_does_not_count_beyond(cast: Cast) -> None:
    mine = factories.actor(cast.operator_a)
    sites_of(MARSEILLE, 3, [*writers(2), mine])
    known_for_long()
    assert row(html(cast.operator_a, "nation"), "Sites ouverts")[0].startswith("c ")


def test_a_site_that_one_does_not_read_changes_no_byte(cast: Cast) -> None:
    """Neither one more site elsewhere within the quarter, nor which of two days is asked."""
    sites_of(LILLE, 3, writers(3))
    sites_of(MARSEILLE, 4, writers(4))
    known_for_long()
    for user in (cast.operator_a, cast.mairie, cast.contributor, cast.observer):
        pages = [html(user, "departement-59", "region-32", "nation", query=f"du={ago(100).isoformat()}")]
        site = factories.make_site("Caché", SAINT_DENIS)
        factories.make_survey(site, ago(10), 500)
        factories.close_site(site, ago(1), reason=ClosingReason.COURT)
        pages.append(html(user, "departement-59", "region-32", "nation", query=f"du={ago(100).isoformat()}"))
        assert CHANGING.sub("", pages[0]) == CHANGING.sub("", pages[1])


def test_days_of_one_half_year_tell_the_same_of_elsewhere(cast: Cast) -> None:
    """Sites that closed since, and the period that is asked, change nothing: there is no difference to take."""
    sites = sites_of(MARSEILLE, 14, writers(4))
    known_for_long()
    base = half_year_before(ago(0))
    for site, on in zip(sites, (base + dt.timedelta(days=1), ago(0)), strict=False):
        factories.close_site(site, max(on, base + dt.timedelta(days=1)), by=factories.an_author(site))
    days = [base + dt.timedelta(days=(ago(0) - base).days * part // 3) for part in range(4)]
    queries = [
        f"au={day.isoformat()}&du={(day - dt.timedelta(days=back)).isoformat()}"
        for day in days
        for back in (0, 90)
    ]
    labels = ("Sites ouverts", "Personnes", "Sites fermés")
    told = {
        tuple(row(html(cast.operator_a, "nation", query=query), label)[0] for label in labels)
        for query in queries
    }
    assert told == {
        (
            "environ 10",
            "environ 280 environ 100 % de réponses",
            "c moins de trois sites ou de trois structures",
        )
    }


# Going out, and being found ----------------------------------------------------------------------------------


def test_the_table_leaves_with_its_trace(cast: Cast) -> None:
    sites_of(LILLE, 3, writers(3))
    answer = get(
        cast.correspondent59, "departement-59", "departement-13", query="format=csv", url=f"{URL}export"
    )
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "Sites ouverts;Nord (59);3" in text
    assert "Personnes;Nord (59);60;3 sites recensés sur 3" in text
    download = Download.objects.get()
    assert (download.user, download.label) == (
        cast.correspondent59,
        "Comparaison de territoires\u00a0: Nord (59), Bouches-du-Rhône (13)",
    )
    page = html(cast.correspondent59, "departement-59")
    assert "comparer/export?territoire=departement-59&amp;format=xlsx" in page
    assert get(cast.observer, "departement-59", query="format=csv", url=f"{URL}export").status_code == 403
    assert "Exporter" not in html(cast.observer, "departement-59")


def square(west: float, south: float) -> dict[str, Any]:
    corners = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {"type": "MultiPolygon", "coordinates": [[corners]]}


def test_who_to_compare_with(cast: Cast) -> None:
    for code, west, south in (("59", 0, 1), ("62", 0, 0), ("13", 5, 5), ("83", 6, 5), ("93", 1, 2)):
        Outline.objects.create(departement_id=code, geometry=square(west, south))
    by = writers(3)
    sites_of(LILLE, 1, by, people=100)
    for code, people in ((MARSEILLE, 130), (SAINT_DENIS, 131), (ARRAS, 70)):
        sites_of(code, 1, by, people=people)

    def proposed(user: User, *areas: str) -> list[list[str]]:
        found = re.findall(r'<p class="r-proposals">(.*?)</p>', html(user, *areas), re.DOTALL)
        return [re.findall(r">([^<]+)</a>", group) for group in found]

    both = [["Bouches-du-Rhône (13)", "Pas-de-Calais (62)"], ["Pas-de-Calais (62)"]]
    assert proposed(cast.correspondent59, "departement-59") == both, "un coin ne fait pas des voisins"
    assert proposed(cast.correspondent59, "departement-59", "departement-62") == [["Bouches-du-Rhône (13)"]]
    assert proposed(cast.operator_a, "departement-59") == []
    assert proposed(cast.national, "region-32") == [["Île-de-France", "Provence-Alpes-Côte d’Azur"]]
    assert proposed(cast.national, f"commune-{LILLE}") == [["Marseille (13)", "Arras (62)"]]
    assert proposed(cast.national, "nation") == []
    factories.make_survey(factories.make_site("Ici", ROUBAIX), ago(3), 90, by=by[0])
    assert proposed(cast.operator_a, f"commune-{LILLE}") == [["Roubaix (59)"], ["Roubaix (59)"]]
    page = html(cast.correspondent59, "departement-59", query="lieu=Arras")
    assert "Arras (62)" in page
    assert "ne s’appelle « Atlantide »" in html(cast.national, "nation", query="lieu=Atlantide")


@given(st.integers(0, 300), st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 500)))
@example(100, {"A": 70, "B": 69, "C": 130, "D": 131})
@example(0, {"A": 0})
def test_the_same_volume_is_within_thirty_percent(here: int, people: dict[str, int]) -> None:
    others = [ReadPlace(code, code, frozenset()) for code in people]
    found = [place.code for place in of_volume({**people, "ici": here}, "ici", others)]
    expected = [code for code, number in people.items() if here and 0.7 * here <= number <= 1.3 * here]
    near = {code for code in people if here and abs(abs(people[code] - here) / here - 0.3) < 1e-9}
    assert set(found) - near == set(expected) - near
    assert found == sorted(found, key=lambda code: (abs(people[code] - here), code))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("du=01/06/2020&au=01/01/2020", "La période finit (01/01/2020) avant de commencer (01/06/2020)"),
        ("au=2035-01-01", "est dans le futur"),
        ("du=zut", "La page compare les six derniers mois."),
        ("connu-le=2012-05-01", "telle que connue"),
        ("au=2012-05-01", "Comparer des territoires"),
    ],
)
def test_dates_left_aside_are_said(cast: Cast, query: str, expected: str) -> None:
    page = re.sub(r"\s+", " ", html(cast.operator_a, "departement-59", "nation", query=query))
    assert expected in page


def test_one_starts_from_home_and_the_dashboard_leads_there(cast: Cast) -> None:
    assert "Nord (59)" in html(cast.correspondent59)
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    board = client.get("/tableau-de-bord/?territoire=departement-13&au=2024-01-01").content.decode()
    address = re.search(r'href="(/tableau-de-bord/comparer/[^"]*)"', board)
    assert address
    page = client.get(address[1].replace("&amp;", "&")).content.decode()
    assert "Bouches-du-Rhône (13)" in page
    assert "au 1er janvier 2024" in re.sub(r"\s+", " ", page)
