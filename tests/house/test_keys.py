"""No key of the program is shown on a page: every page of the table is read, and its fields looked at on the way.

The forms that come back with their errors are read by `test_hostile`, which sends them all.
"""

import re
from typing import Any

import pytest

from jalons.conventions.alerts.rules import texts as checks
from jalons.conventions.changes import text_between as changes
from tests.house.keys import CONTROL, METHOD, NOT_DRAWN, SHOWCASE, is_page, keys_in, slugs_of
from tests.house.pages import PAGES, World
from tests.house.test_permissions import allowed, signed_in, url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "html",
    [
        "<p>Le champ source_kind est vide</p>",
        '<a title="state_service">x</a>',
        "<td>among</td>",
        "<td>arrêté au 2020-11-30</td>",
        "<td>sorties-positives</td>",
    ],
)
def test_a_key_is_seen(html: str) -> None:
    assert keys_in(html, frozenset({"sorties-positives"}))


def test_every_clause_that_has_a_word_has_a_title() -> None:
    assert checks.CLAUSES.keys() <= changes.CLAUSE_WORDS.keys()


def test_words_are_not_keys() -> None:
    text = (
        '<p class="is_open">Écrire à camille_nord@exemple.fr, voir plan_2020.pdf : note, source, commune</p>'
    )
    assert keys_in(text, frozenset()) == []


@pytest.fixture(scope="module")
def read(still: World, django_db_blocker: Any) -> dict[str, str]:
    """The HTML of every page of the table, by its name."""
    found = {}
    with django_db_blocker.unblock():
        for page in PAGES:
            if page.reads:
                answer = signed_in(allowed(still, page)).get(url(page, still))
                if is_page(answer):
                    found[page.name] = answer.content.decode()
    assert len(found) > 60
    return found


def test_no_page_shows_a_key(still: World, read: dict[str, str], db: None) -> None:
    slugs = slugs_of(still)
    found = [
        f"{name} : « {key} »"
        for name, html in read.items()
        if name not in (SHOWCASE, METHOD)
        for key in keys_in(html, slugs)
    ]
    assert not found, "\n".join(dict.fromkeys(found))


def test_every_field_has_its_class(read: dict[str, str]) -> None:
    """A field without it is drawn by the browser: another size, glued to its label, cut on a phone."""
    found = [
        f"{name} : {tag[:120]}"
        for name, html in read.items()
        for tag in CONTROL.findall(html)
        if is_bare(tag)
    ]
    assert not found, "\n".join(dict.fromkeys(found))


def is_bare(tag: str) -> bool:
    return not NOT_DRAWN.search(tag) and not re.search(r'\bclass="', tag)
