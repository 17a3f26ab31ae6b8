"""Past situations alike, as a person reads them: which ones, in which order, what is said of them, what it costs."""

import re
from itertools import combinations
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalons.accounts.models import User
from jalons.alike.enums import Criterion
from jalons.alike.selectors.situations import alike_sites, compared, reference_of
from jalons.history.querysets import NOW
from jalons.readership.models import SensitiveReading
from jalons.sites.enums import ClosingReason, Condition, OrientationKind, ProcedureKind
from jalons.sites.models import Occupation, Orientation, Resettlement, Site
from tests import factories
from tests.alike.world import ago, by_hand, drawn
from tests.factories import BACKEND, LILLE, ROUBAIX, Cast, organisation_of

pytestmark = pytest.mark.django_db
SOCLE = True
TODAY = ago(0)


def page(client: Client, user: User, site: Site, query: str = "") -> str:
    client.force_login(user, BACKEND)
    answer = client.get(f"{reverse('alike:situations', args=[site.public_id])}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def words(client: Client, user: User, site: Site, query: str = "") -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(client, user, site, query)))


@pytest.mark.both_databases(reason="l’ordre des résultats")
def test_the_same_situations_as_counted_by_hand(cast: Cast) -> None:
    chance = Random(15)
    past = [drawn(chance, number) for number in range(40)]
    made = [one.make() for one in past]
    names = {site.pk: site.name for site in made}
    everything = {"59", "62", "13", "93"}
    readers: list[tuple[Any, set[str], set[str]]] = [
        (cast.national, everything, everything),
        (cast.correspondent59, everything, {"59"}),
        (cast.correspondent13, everything, {"13"}),
        (cast.operator_b, {"59"}, set()),
    ]
    lengths = set()
    for number in range(6):
        here = drawn(chance, 90 + number, closed=False)
        here.code = [LILLE, ROUBAIX][number % 2]
        site = here.make()
        for user, seen, justice in readers:
            reference = reference_of(user, site, NOW)
            assert reference is not None
            offered = {comparison.criterion for comparison in reference.offered}
            assert (Criterion.PROCEDURE in offered) == ("59" in justice)
            for chosen in [set(Criterion), *({*pair} for pair in combinations(Criterion, 2))]:
                comparisons = compared(reference.features, offered & chosen)
                found = [names[one.site] for one in alike_sites(user, reference, comparisons, NOW)]
                expected = by_hand(
                    here, past, {str(one) for one in chosen & offered}, seen=seen, justice=justice
                )
                assert found == expected, (here, chosen)
                lengths.add(len(found))
    assert {0, 1} & lengths
    assert max(lengths) > 5


@pytest.fixture
def here(cast: Cast) -> Site:
    site = factories.make_site("Moulin", LILLE)
    factories.make_survey(site, ago(40), 60, minors=30, huts=20)
    factories.make_conditions(site, ago(40), water=Condition.BAD)
    return site


def make_past(name: str = "Quai", code: str = ROUBAIX, *, closed: int = 30, **survey: Any) -> Site:
    site = factories.make_site(name, code, opened=ago(900))
    factories.make_survey(site, ago(closed + 70), **{"people": 70, "minors": 30, "huts": 20} | survey)
    factories.make_conditions(site, ago(closed + 70), water=Condition.BAD)
    factories.close_site(site, ago(closed), reason=ClosingReason.RESORBED)
    return site


def test_why_what_was_done_what_it_cost_what_came_after(client: Client, cast: Cast, here: Site) -> None:
    gone = make_past()
    closing = Occupation.objects.known().get(site=gone)
    Orientation.objects.create(occupation=closing, kind=OrientationKind.HOUSING, people=42)
    factories.make_fact(Resettlement, here, ago(30), origin=gone, people=8)
    action = factories.make_action(
        "MOUS", sites=[gone], operators=[organisation_of(cast.operator_a)], starts_on=ago(400)
    )
    for days in (399, 200):
        factories.make_follow_up(action, ago(days), by=cast.operator_a, menages=10)
    year = ago(200).year
    factories.make_funding(action, year, 40_000)
    text = words(client, cast.correspondent59, here)
    assert "1 situation semblable" in text
    assert (
        "Même taille (50 à 99 personnes), eau absente ou mauvaise, cabanes, même part de mineurs (40 à 59 %)."
        in text
    )
    assert "Résorption progressive du site Logement : 42 personnes" in text
    assert "vers 1 autre site, 8 personnes (1 réinstallation chiffrée sur 1)" in text
    assert "MOUS , depuis le" in text
    assert "Coût par ménage : ND, il manque l’exécuté ou le nombre de ménages" in text
    assert "2 ans et 4 mois, du" in text
    # Who may not read the funding is not told that there is any.
    assert "ménage" not in words(client, cast.operator_b, here).split("Comment ces situations")[0]


def test_criteria_are_unticked_in_the_address(client: Client, cast: Cast, here: Site) -> None:
    make_past("Grand quai", people=300, minors=130)
    assert "Aucune situation semblable" in words(client, cast.correspondent59, here)
    found = words(client, cast.correspondent59, here, "critere=eau&critere=habitat")
    assert "1 situation semblable" in found
    assert "Eau absente ou mauvaise, cabanes." in found
    ticked = re.findall(r'value="(\w+)"[^>]*checked', page(client, cast.correspondent59, here, "critere=eau"))
    assert ticked == ["eau"]
    assert "1 situation" in words(client, cast.correspondent59, here, "critere=eau&critere=nimporte&au=zut")


def test_the_past_is_looked_at_as_it_was_then(client: Client, cast: Cast, here: Site) -> None:
    make_past(closed=30)
    then = ago(35).isoformat()
    assert "Aucune situation semblable" in words(client, cast.correspondent59, here, f"au={then}")
    assert "1 situation semblable" in words(client, cast.correspondent59, here, f"au={ago(30).isoformat()}")
    known = words(client, cast.correspondent59, here, f"connu-le={ago(5).isoformat()}")
    assert "pas encore connu à cette date" in known
    assert f"au={then}" in page(client, cast.correspondent59, here, f"au={then}"), "les liens gardent la date"


def test_an_empty_page_says_what_to_do(client: Client, cast: Cast) -> None:
    bare = factories.make_site("Jamais vu", LILLE)
    assert "Recenser les habitants" in page(client, cast.correspondent59, bare)
    assert "Revenir à la fiche" in page(client, cast.observer, bare)
    factories.make_survey(bare, ago(3), 60)
    assert "Voir les dispositifs terminés" in page(client, cast.correspondent59, bare)


def test_a_closed_site_is_compared_as_it_was_at_its_end(client: Client, cast: Cast) -> None:
    gone, other = make_past("Quai"), make_past("Canal")
    factories.make_survey(gone, ago(10), 4)  # after its end: somebody else's
    text = words(client, cast.correspondent59, gone)
    assert "Même taille (50 à 99 personnes)" in text
    assert other.name in text


def test_who_reads_a_procedure_by_its_class_leaves_a_trace(client: Client, cast: Cast, here: Site) -> None:
    gone = make_past()
    far = make_past("Joliette", "13055")
    for site in (here, gone, far):
        factories.make_procedure(site, ago(120), ProcedureKind.DECISION)
    text = words(client, cast.correspondent59, here)
    assert "même étape de procédure (décision ou arrêté)" in text
    read = SensitiveReading.objects.filter(user=cast.correspondent59).values_list("object_id", flat=True)
    assert sorted(read) == sorted([here.pk, gone.pk]), "la procédure de Marseille n’est pas lue"
    words(client, cast.operator_b, here)
    assert not SensitiveReading.objects.filter(user=cast.operator_b).exists()


def test_the_cost_does_not_grow_with_sites(client: Client, cast: Cast, here: Site) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            words(client, cast.correspondent59, here)
        return len(caught)

    def more(first: int, last: int) -> None:
        for number in range(first, last):
            gone = make_past(f"Quai {number}")
            action = factories.make_action(
                f"MOUS {number}", sites=[gone], operators=[organisation_of(cast.operator_a)]
            )
            factories.make_follow_up(action, ago(90), by=cast.operator_a, menages=12)
            factories.make_funding(action, TODAY.year, 4000)

    more(0, 1)
    queries()  # the first reading fills what the process remembers
    few = queries()
    more(1, 5)
    assert queries() == few
