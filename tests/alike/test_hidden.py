"""What a reader may not read changes nothing of the page: not a word, not an order, not a byte, whatever is unticked.

And what is said of elsewhere is said of three sites and three organisations, never by difference.
"""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.actions.models import FundingLine
from jalons.alike.enums import Criterion, SizeClass
from jalons.alike.selectors.elsewhere import groups_elsewhere
from jalons.history.querysets import NOW, AsOf
from jalons.sites.enums import ClosingReason, Condition, OwnerKind, ProcedureKind
from jalons.sites.models import Site
from tests import factories
from tests.alike.world import ago, known_for_long
from tests.factories import BACKEND, LILLE, MARSEILLE, ROUBAIX, Cast, organisation_of

pytestmark = pytest.mark.django_db
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')
QUERIES = (
    "",
    *(f"critere={criterion.value}" for criterion in Criterion),
    *("&".join(f"critere={one.value}" for one in Criterion if one != left) for left in Criterion),
    f"au={ago(20).isoformat()}",
    f"connu-le={ago(0).isoformat()}",
)


def answers(user: Any, site: Site) -> dict[str, str]:
    client = Client()
    client.force_login(user, BACKEND)
    address = reverse("alike:situations", args=[site.public_id])
    found = {}
    for query in QUERIES:
        answer = client.get(f"{address}?{query}")
        found[query] = f"{answer.status_code} {CHANGING.sub('', answer.content.decode())}"
    return found


def open_site(code: str = LILLE) -> Site:
    site = factories.make_site("Moulin", code)
    factories.make_survey(site, ago(40), 60, minors=30, huts=20)
    factories.make_conditions(site, ago(40), water=Condition.BAD)
    return site


def past_site(name: str, code: str, closed: int = 30, **survey: Any) -> Site:
    site = factories.make_site(name, code, opened=ago(1000))
    factories.make_survey(site, ago(closed + 20), **{"people": 70, "minors": 30, "huts": 20} | survey)
    factories.close_site(site, ago(closed), reason=ClosingReason.RESORBED)
    return site


READERS = ("correspondent13", "mairie", "operator_a", "operator_b", "contributor", "observer")


@pytest.mark.parametrize("who", READERS)
def test_what_is_hidden_changes_no_byte(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    here = open_site()
    first, second = past_site("Quai", ROUBAIX), past_site("Canal", ROUBAIX, 31)
    action = factories.make_action("MOUS", sites=[first], operators=[organisation_of(cast.operator13)])
    before = answers(user, here)
    assert all(answer.startswith("200") for answer in before.values())
    assert "Quai" in before[""], "l’essai regarde une page qui dit quelque chose"
    for site in (here, second):  # alike by a step of procedure that the reader does not read
        factories.make_procedure(site, ago(300), ProcedureKind.DECISION)
    for site in (here, first):
        factories.make_ownership(site, ago(300), OwnerKind.PRIVATE, name="Untel")
    factories.make_funding(action, ago(100).year, 40_000)
    assert FundingLine.objects.exists()
    if who != "correspondent13":  # who reads the whole of France reads these
        for number in range(4):  # one operator only, then none: no group
            hidden = past_site(f"Caché {number}", MARSEILLE, 30 + number)
            south = [organisation_of(cast.operator13)] if number < 3 else []
            factories.make_action(f"Sud {number}", "13", sites=[hidden], operators=south)
        known_for_long()
    assert answers(user, here) == before


def test_who_may_read_them_does_see_them(cast: Cast) -> None:
    """The same world, for who has the rights: the test above could fail."""
    here, first, second = open_site(), past_site("Quai", ROUBAIX), past_site("Canal", ROUBAIX, 31)
    before = answers(cast.correspondent59, here)[""]
    for site in (here, second):
        factories.make_procedure(site, ago(300), ProcedureKind.DECISION)
    after = answers(cast.correspondent59, here)[""]
    assert before.index("Quai") < before.index("Canal")
    assert after.index("Canal") < after.index("Quai")
    assert first.name in after


# Elsewhere ---------------------------------------------------------------------------------------------------


def elsewhere(user: Any, at: AsOf = NOW) -> list[str]:
    user.__dict__.pop("_territories", None)
    return [
        f"{group.departement} {facet.label} : {', '.join(facet.values)}"
        for group in groups_elsewhere(user, SizeClass.UNDER_100, at)
        for facet in group.facets
    ]


def group_of(sites: int, operators: int, *, themes: tuple[str, ...] = ("housing",)) -> list[Any]:
    """Closed sites of the Nord, read by nobody of the south."""
    structures = [factories.make_organisation(f"Structure {number}", "59") for number in range(operators)]
    made = []
    for number in range(sites):
        site = past_site(f"Nord {number}", LILLE, 200)
        there = structures[number % operators]
        made.append(
            factories.make_action(f"MOUS {number}", sites=[site], operators=[there], themes=list(themes))
        )
    known_for_long()
    return made


@pytest.mark.parametrize(("sites", "operators"), [(2, 3), (3, 2), (2, 2), (12, 2), (0, 1)])
def test_two_are_never_told(cast: Cast, sites: int, operators: int) -> None:
    actions = group_of(min(sites, operators) if operators > sites else sites, operators)
    if operators > sites and actions:  # two sites, three structures
        extra = factories.make_organisation("Une de plus", "59")
        factories.make_action("Autre", sites=[*Site.objects.all()[:2]], operators=[extra])
        known_for_long()
    assert elsewhere(cast.operator13) == []


def test_three_sites_of_three_structures_are_told_in_classes(cast: Cast) -> None:
    group_of(3, 3)
    assert elsewhere(cast.operator13) == [
        "Nord (59) Habitat : cabanes",
        "Nord (59) Part de mineurs : 40 à 59 %",
        "Nord (59) Ce qui a été fait : Logement",
        "Nord (59) Durée du site : un à trois ans",
        "Nord (59) Issue : Résorption progressive du site",
    ]
    assert elsewhere(cast.national) == elsewhere(cast.correspondent59) == [], "qui lit tout lit les sites"
    assert elsewhere(cast.operator_a) == [], "qui lit le Nord lit ses sites"


def test_what_fewer_than_three_share_is_not_told(cast: Cast) -> None:
    group_of(3, 3)
    site = Site.objects.get(name="Nord 0")
    factories.make_survey(site, ago(210), 70, minors=30, caravans=20)
    known_for_long()
    told = elsewhere(cast.operator13)
    assert not any("Habitat" in line for line in told)
    assert any("Issue" in line for line in told)


def test_ones_own_structure_and_ones_own_sites_do_not_count(cast: Cast) -> None:
    """An operator knows its own: two others would be told by difference."""
    group_of(3, 3)
    assert elsewhere(cast.operator13)
    own = organisation_of(cast.operator13)
    site = Site.objects.get(name="Nord 0")
    factories.make_action("Sud au nord", "59", sites=[site], operators=[own])
    known_for_long()
    assert elsewhere(cast.operator13) == []


def test_the_page_does_not_move_with_criteria_nor_from_day_to_day(client: Client, cast: Cast) -> None:
    """No difference to take: neither between two sets of criteria, nor between two days of a quarter."""
    here = open_site(MARSEILLE)
    group_of(3, 3)
    parts = {}
    for query, answer in answers(cast.operator13, here).items():
        if not query.startswith(("au", "connu")):
            parts[query] = answer.split('id="ailleurs"')[1].split("</section>")[0]
    assert len(set(parts.values())) == 1
    assert "Nord (59)" in parts[""]
    day = ago(0).replace(month=3 * ((ago(0).month - 1) // 3) + 1, day=1)
    told = {tuple(elsewhere(cast.operator13, AsOf(day.replace(day=number)))) for number in (1, 14, 28)}
    assert len(told) == 1
    assert not re.search(r"\d+ sites", parts[""]), "aucun nombre"
