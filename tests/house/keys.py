"""No key of the program is shown to a person: an identifier, the value of an enum, a field, a slug."""

import inspect
import pkgutil
import re
from functools import cache
from html import unescape
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models import Choices
from django.http import HttpResponse

import jalons
from jalons.core.values import fold
from jalons.indicators.models import Indicator
from tests.house.world import World

NO_TEXT = re.compile(r"<(script|style|template|svg)\b.*?</\1>|<!--.*?-->", re.DOTALL)
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
# It names the columns of the open files, for who writes a program that reads them.
METHOD = "public:method"
FRENCH = frozenset(
    WORD.findall(
        "article articles cars clauses codes comment contacts content conventions court dimension direction editions "
        "export finance info initial institution interventions label latitude longitude main message nature "
        "observer occupation occupations orientations participations qualifier quorum relation report reporter "
        "action age air annexe avis base blanc code commune commission convention dates description document "
        "donation due duration famille format host identifiant image imports invitation lien logo lot menages mise "
        "modification note notes number objectif observation on organisation origines page part participant "
        "parties parts passage permission place plan population position proposition public question raison "
        "rapport reference region rendez revision section sessions simple site situation source sources "
        "structure suite surface table tables total transit type version visite visites voies "
        "messages minutes photo points signatures sites verdict versions"
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
