"""No key of the program is shown to a person: an identifier, the value of an enum, a field, a slug.

Every page of the table is read, then every form is sent back with its errors. Fields are looked at on the way.
"""

import inspect
import pkgutil
import re
from functools import cache
from html import unescape
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Choices
from django.http import HttpResponse

import jalons
from jalons.conventions.alerts.rules import texts as checks
from jalons.conventions.changes import between as changes
from jalons.core.values import fold
from jalons.indicators.models import Indicator
from tests.forms import Form, form_to
from tests.house.pages import PAGES, Page, World
from tests.house.test_hostile import FORMS, every_name
from tests.house.test_permissions import allowed, signed_in, url

pytestmark = pytest.mark.django_db
NO_TEXT = re.compile(r"<(script|style|template|svg)\b.*?</\1>|<!--.*?-->", re.S)
SAID_BY_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"')
TAG = re.compile(r"<[^>]+>")
# Addresses, e-mails and files bear the names that people and programs gave them.
NAMED_ELSEWHERE = re.compile(r"\S+@\S+|https?://\S+|\S+\.(?:docx?|xlsx?|pdf|csv|ods|json|png|jpe?g)\b|/\S+/")
CONTROL = re.compile(r"<(?:select|textarea|input)\b[^>]*>")
NOT_DRAWN = re.compile(r'\b(?:type="(?:hidden|submit|file|image)"|hidden\b)')
SNAKE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
ISO_DAY = re.compile(r"\b[12]\d{3}-[01]\d(?:-[0-3]\d)?\b")  # a date as programs write it
WORD = re.compile(r"(?<![\w-])[a-zà-ÿœ]+(?:[-_][a-zà-ÿœ0-9]+)*")
# Words of the program that are French too, and stand in sentences.
SHOWCASE = "core:components"  # the components, shown by their names to who builds pages
FRENCH = frozenset(
    WORD.findall(
        "article articles cars clauses codes comment contacts content conventions court dimension direction editions "
        "export finance info initial institution interventions label latitude longitude main message nature "
        "observer occupation occupations orientations participations qualifier quorum relation report reporter "
        "action age air annexe avis base blanc code commune commission convention dates description document "
        "donation due duration famille format host identifiant image imports invitation lien lot menages mise "
        "modification note notes number objectif observation on organisation origines page part participant "
        "parties parts passage permission place plan population position proposition public question raison "
        "rapport reference region rendez revision section sessions simple site situation source sources "
        "structure suite surface table tables total transit type version visite visites voies "
        "messages minutes photo signatures"
    )
)


def shown_text(html: str) -> str:
    """What is read on the page or heard of it."""
    bare = NO_TEXT.sub(" ", html)
    said = " ".join(SAID_BY_ATTRIBUTE.findall(bare))
    return NAMED_ELSEWHERE.sub(" ", unescape(f"{TAG.sub(' ', bare)} {said}"))


def enums() -> list[type[Choices]]:
    found = []
    for module in pkgutil.walk_packages(jalons.__path__, "jalons."):
        if module.name.endswith("enums"):
            classes = inspect.getmembers(import_module(module.name), inspect.isclass)
            found += [each for _, each in classes if issubclass(each, Choices) and each.choices]
    return found


@cache
def program_words() -> frozenset[str]:
    """Values of enums and names of fields, less the words that their French labels use themselves."""
    models = [model for model in apps.get_models() if model.__module__.startswith("jalons.")]
    fields = [field for model in models for field in model._meta.get_fields()]
    keys = {field.name for field in fields} | {str(value) for each in enums() for value in each.values}
    labels = [str(label) for each in enums() for label in each.labels]
    labels += [str(getattr(field, "verbose_name", "")) for field in fields if "_" not in field.name]
    french = {word for label in labels for word in WORD.findall(label.lower())}
    english = {field.name for field in fields if str(getattr(field, "verbose_name", "")) == field.name}
    kept = {key.lower() for key in keys if len(key) > 3 and not key.isdigit()}
    return frozenset(kept - (french - english) - {fold(word) for word in french - english} - FRENCH)


def keys_in(html: str, slugs: frozenset[str]) -> list[str]:
    text = shown_text(html)
    words = set(WORD.findall(text))
    return sorted(
        set(SNAKE.findall(text)) | set(ISO_DAY.findall(text)) | words & program_words() | words & slugs
    )


def slugs_of(world: World) -> frozenset[str]:
    codes = {code for code in Indicator.objects.values_list("code", flat=True) if "-" in code}
    return frozenset(codes | {world.site.public_id, world.action.public_id})


def is_page(answer: HttpResponse) -> bool:
    return not answer.streaming and answer["Content-Type"].startswith("text/html")


def faults(answer: Any, where: str, slugs: frozenset[str]) -> list[str]:
    if not is_page(answer):
        return []
    return [f"{where} : « {key} »" for key in keys_in(answer.content.decode(), slugs)]


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
    assert checks.CLAUSES.keys() <= changes.CLAUSES.keys()


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
        if name != SHOWCASE
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


@pytest.mark.parametrize("value", ["", "douze"])
def test_no_error_shows_a_key(still: World, db: None, value: str) -> None:
    slugs = slugs_of(still)
    found = []
    for page in FORMS:
        found += faults(refused(page, still, value), page.name, slugs)
    assert not found, "\n".join(dict.fromkeys(found))


def refused(page: Page, world: World, value: str) -> Any:
    """The form sent back with one value in every field, choices and dates too."""
    client = signed_in(allowed(world, page))
    address = url(page, world)
    opened = client.get(address)
    form = form_to(opened, address.partition("?")[0]) if opened.status_code == 200 else Form("post", "")
    typed = {**(page.data(world) if page.data else {}), **dict.fromkeys(every_name(form), value)}
    return client.post(address, form.filled(typed))
