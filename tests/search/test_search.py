"""The search over everything: what is found, by which words, and nothing that one may not read, count included."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.accounts.enums import OrganisationKind, Right, Role
from jalons.accounts.permissions import can
from jalons.actions.models import Action
from jalons.conventions.models import Convention
from jalons.discussions.services import add_comment
from jalons.documents.checks import Upload
from jalons.documents.enums import DocumentType
from jalons.documents.models import Document
from jalons.documents.permissions import fetch_document
from jalons.search.kinds import Found, words_of
from jalons.search.selectors import KINDS
from jalons.search.spelling import nearly_typed
from jalons.sites.models import Site
from tests import factories
from tests.conventions.samples import make_convention
from tests.documents.attaching import attach_upload
from tests.front import on_one_line
from tests.guards import commits

WORD = "Zéphyrine"  # in the name of everything below, and of nothing else
TOTAL = "Total de la sélection"  # not a thing of the list
QUERIES = 17  # one a kind of thing, and what every page asks


@dataclass
class Place:
    """In one département: a site of each state, a dispositif, a structure, a person, documents."""

    code: str
    site: Site
    action: Action


def attach(subject: Any, title: str, by: Any, *, sensitive: bool = False) -> None:
    content = title.encode()
    upload = Upload(io.BytesIO(content), "a.txt", DocumentType.TXT, len(content), title)
    attach_upload(subject=subject, upload=upload, by=by, title=title, sensitive=sensitive)


def make_place(code: str, commune: str, writer: Any) -> Place:
    by = factories.actor(writer)
    kind = OrganisationKind.ASSOCIATION
    association = factories.make_organisation(f"{WORD} secours {code}", code, kind=kind)
    site = factories.make_site(f"Terrain {WORD} {code}", commune)
    closed = factories.make_site(f"Ancien {WORD} {code}", commune, closed=factories.OPENED.replace(year=2020))
    action = factories.make_action(f"Médiation {WORD} {code}", code, operators=[association], sites=[site])
    factories.make_user(Role.OPERATOR, code, organisation=association, name=f"{WORD} Martin {code}")
    for subject in (site, closed, action):
        attach(subject, f"Compte rendu {WORD} {subject.pk} {code}", by)
        attach(subject, f"Jugement {WORD} {subject.pk} {code}", by, sensitive=True)
    return Place(code, site, action)


@pytest.fixture(scope="module")
def stored(people: Any, django_db_blocker: Any) -> Iterator[list[Place]]:
    with django_db_blocker.unblock(), commits.held():
        make_convention()
        Convention.objects.update(title=f"Convention {WORD}")
        yield [
            make_place("59", factories.LILLE, people.correspondent59),
            make_place("13", factories.MARSEILLE, people.correspondent13),
        ]
        transaction.set_rollback(True)


@pytest.fixture
def places(stored: list[Place], cast: Any) -> list[Place]:
    return stored


def searched(user: Any, text: str, limit: int = 100) -> dict[str, Found]:
    words = words_of(text)
    return {kind.code: kind.find(user, words, limit) for kind in KINDS}


def urls(found: Found) -> set[str]:
    return {hit.url for hit in found.hits}


def opens(user: Any, document: Document) -> bool:
    try:
        fetch_document(user, document.public_id)
    except (Http404, PermissionDenied):
        return False
    return True


def readable(user: Any) -> dict[str, set[str]]:
    """What the pages themselves let this person open, thing by thing: addresses by kind."""
    sites = [
        each
        for each in Site.objects.filter(search_text__contains="zephyrine")
        if can(user, Right.READ_SITES, each)
    ]
    actions = [
        each for each in Action.objects.all() if WORD in each.name and can(user, Right.READ_ACTIONS, each)
    ]
    conventions = [each for each in Convention.objects.visible_to(user) if WORD in each.title]
    documents = [each for each in Document.objects.all() if WORD in each.title and opens(user, each)]
    return {
        "sites": {f"/sites/{each.public_id}/" for each in sites},
        "dispositifs": {f"/dispositifs/{each.public_id}/" for each in actions},
        "conventions": {f"/conventions/{each.slug}/" for each in conventions},
        "documents": {f"/documents/{each.public_id}" for each in documents},
    }


def test_no_kind_reveals_what_one_may_not_read(places: list[Place], cast: Any) -> None:
    """For everybody of the cast: the same things as their pages open, and as many as are counted."""
    seen = set()
    for person in fields(cast):
        user = getattr(cast, person.name)
        found = searched(user, WORD)
        for code, addresses in readable(user).items():
            told = {url.rstrip("/") for url in urls(found[code])}
            assert told == {url.rstrip("/") for url in addresses}, (person.name, code)
            assert found[code].count == len(addresses), (person.name, code)
            assert sum(link.count for link in found[code].links) in (0, len(addresses))
            seen |= {(code, len(addresses))}
    assert {("sites", 0), ("sites", 2), ("sites", 4), ("documents", 12), ("documents", 0)} <= seen


def labels(found: Found) -> list[str]:
    return [hit.label for hit in found.hits]


def test_people_and_structures_are_those_around(places: list[Place], cast: Any) -> None:
    """Those of the directory: of one's own territory, everywhere for the nation, none without a territory."""
    north, both = [f"{WORD} Martin 59"], [f"{WORD} Martin 13", f"{WORD} Martin 59"]
    expected = {
        "correspondent59": north,
        "operator_a": north,
        "mairie": north,
        "observer": north,
        "national": both,
        "nobody": [],
    }
    for name, people in expected.items():
        found = searched(getattr(cast, name), WORD)
        assert labels(found["personnes"]) == people, name
        assert labels(found["structures"]) == [each.replace("Martin", "secours") for each in people], name
        assert (found["personnes"].count, found["structures"].count) == (len(people), len(people))


def test_a_closed_account_and_a_past_membership_are_not_found(places: list[Place], cast: Any) -> None:
    gone = factories.make_user(Role.OPERATOR, "59", name=f"{WORD} Partie")
    gone.is_active = False
    gone.save()
    left = factories.make_user(Role.OPERATOR, "59", name=f"{WORD} Ailleurs")
    left.memberships.update(starts_on=factories.OPENED, ends_on=factories.OPENED)
    assert labels(searched(cast.correspondent59, WORD)["personnes"]) == [f"{WORD} Martin 59"]


@pytest.mark.parametrize(
    "typed", ["ZEPHYRINE martin", "zéphyrine  MARTIN", "martin zephyrine", "zephyrine secours"]
)
def test_accents_case_and_order_do_not_count(typed: str, places: list[Place], cast: Any) -> None:
    assert f"{WORD} Martin 59" in labels(searched(cast.operator_a, typed)["personnes"])


@pytest.mark.parametrize("typed", ["friche nord", "FRICHE", "lille", "59000", "59350"])
def test_a_site_is_found_by_alias_commune_or_code(typed: str, places: list[Place], cast: Any) -> None:
    factories.make_alias(places[0].site, "La Friche Nord")
    assert f"/sites/{places[0].site.public_id}/" in urls(searched(cast.operator_a, typed)["sites"])


def test_each_list_holds_as_many_as_its_link_says(places: list[Place], cast: Any, client: Client) -> None:
    client.force_login(cast.correspondent59, factories.BACKEND)
    links = [link for found in searched(cast.correspondent59, WORD).values() for link in found.links]
    assert {link.count for link in links} == {1, 2}
    for link in links:
        page = client.get(link.url).content.decode()
        things = set(re.findall(r'<th scope="row"[^>]*>((?:(?!</th>).)*)', page, re.DOTALL)) - {TOTAL}
        assert len(things) == link.count, link


def test_withheld_words_are_not_searched(places: list[Place], cast: Any) -> None:
    """Comments are never searched, nor a withdrawn document."""
    by = factories.actor(cast.correspondent59)
    add_comment(subject=places[0].site, text="Xylophone confidentiel", by=by)
    assert all(found.count == 0 for found in searched(cast.correspondent59, "xylophone").values())


@pytest.mark.parametrize("words", [WORD, "lille", "a", "introuvable", "% _ [ \\ '"])
def test_a_constant_number_of_queries(words: str, places: list[Place], cast: Any) -> None:
    user = cast.operator_a
    searched(user, WORD)  # their rights and the kinds of things are known
    with CaptureQueriesContext(connection) as queries:
        searched(user, words, limit=5)
    assert len(queries) <= QUERIES, [each["sql"][:120] for each in queries]


# The page --------------------------------------------------------------------------------------------------


@pytest.fixture
def page(client: Client, cast: Any, places: list[Place]) -> Callable[..., str]:
    client.force_login(cast.correspondent59, factories.BACKEND)

    def get(**query: str) -> str:
        answer = client.get("/recherche/", query)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_results_are_grouped_and_five_of_each(page: Callable[..., str], places: list[Place]) -> None:
    for number in range(6):
        factories.make_site(f"Cour {WORD} {number}")
    content = page(q=WORD)
    sites = on_one_line(content.partition('id="dans-sites"')[2].partition("</section>")[0])
    assert sites.count("<li>") == 5
    assert "8 sites ouverts" in sites
    assert "2 sites fermés" in sites
    assert content.index("dans-sites") < content.index("dans-dispositifs") < content.index("dans-documents")
    documents = content.partition('id="dans-documents"')[2].partition("</section>")[0]
    assert "dans=documents" in documents
    alone = page(q=WORD, dans="documents")
    assert "dans-sites" not in alone
    assert alone.partition('id="dans-documents"')[2].count("<li>") > 5


@pytest.mark.parametrize(
    "typed", ["\x00", "a" * 10_000, "%", "'; DROP TABLE x; --", "<script>alert(1)</script>", "\\", "((("]
)
def test_whatever_is_typed(typed: str, page: Callable[..., str]) -> None:
    content = page(q=typed)
    assert "<script>alert" not in content
    assert page(q=typed, dans="inconnu")


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("zephirine", ["zephyrine"]),
        ("zehpyrine", ["zephyrine"]),
        ("medation zephyrine", ["mediation zephyrine"]),
        ("zephyrinee martn", ["zephyrine martin"]),
        ("ab", []),
        ("59999", []),
        ("xylophone", []),
    ],
)
def test_nearly_typed_is_proposed_when_it_leads_somewhere(
    typed: str, near: list[str], places: list[Place], cast: Any, page: Callable[..., str]
) -> None:
    assert nearly_typed(cast.correspondent59, words_of(typed))[:1] == near
    assert ("Vouliez-vous écrire" in page(q=typed)) == bool(near)


def test_no_word_that_one_may_not_read_is_proposed(places: list[Place], cast: Any) -> None:
    factories.make_site("Carrefour Quetzalcoatl", factories.MARSEILLE)
    words = words_of("quetzalcoatll")
    assert nearly_typed(cast.operator13, words) == ["quetzalcoatl"]
    assert nearly_typed(cast.operator_a, words) == []
    assert nearly_typed(cast.nobody, words) == []


def test_nothing_found_says_what_to_do(page: Callable[..., str]) -> None:
    assert "Essayez un seul mot" in page(q="introuvable")
    assert "Tapez un nom" in page()


def menu(client: Client, user: Any) -> list[str]:
    client.force_login(user, factories.BACKEND)
    nav = (
        client.get("/mon-compte/")
        .content.decode()
        .partition('aria-label="Principale"')[2]
        .partition("</nav>")[0]
    )
    return re.findall(r'data-t="([^"]+)"', nav)


def test_an_empty_entry_of_the_menu_is_not_shown(cast: Any, places: list[Place], client: Client) -> None:
    everything = ["Accueil", "Sites", "Dispositifs", "Conventions", "Tableau de bord", "Rapports"]
    assert menu(client, cast.correspondent59) == everything
    assert menu(client, cast.council) == everything
    assert menu(client, cast.operator13) == [*everything[:3], "Familles", *everything[4:]]
    assert menu(client, cast.local_admin) == everything[:1]
    assert menu(client, cast.nobody) == everything[:1]


def test_components_are_for_those_who_write_pages(client: Client, cast: Any, settings: Any) -> None:
    assert "Composants" in client.get("/").content.decode()
    settings.COMPONENTS_PAGE = False
    assert "Composants" not in client.get("/").content.decode()
