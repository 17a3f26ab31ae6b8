"""Two people open the same form that shows what is recorded; both change it; the second chooses, knowing.

The pages are those of `tests.house.pages`. A form is an edition when what the first person typed is shown in it to
whoever opens it afterwards, whatever its address says (« ajouter »…).
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse

from jalons.accounts.enums import Right
from tests.forms import Form, form_to
from tests.house.crowd import Answer, apart, copied, sent_by
from tests.house.pages import Page, World
from tests.house.test_permissions import WRITTEN, allowed, get, ids, path, signed_in, url

OPENED = [page for page in WRITTEN if page.data and page.reads and isinstance(page.access, Right)]
# Nobody is overwritten there: each site is a fact of its own, and what was not in the page stays; the columns of a
# draft are shown again to both before anything is written.
MERGED = {"actions:sites", "imports:columns"}
# What only says why, or when: the second person says the same.
ALIKE = re.compile(r"reason|on|.*_on|seen|expected_version")
WHO = re.compile(r"a enregistré|pendant que|entre-temps")
# What a second person types there, when « … bis » could not be read.
OTHERS: Mapping[str, Mapping[str, str]] = {"sites:installation": {"installed": "avril 2018"}}


def another(name: str, value: Any, options: Mapping[str, list[str]]) -> Any:
    """Something else that a second person could have typed there."""
    if not isinstance(value, str) or ALIKE.fullmatch(name):
        return value
    if name in options:
        return next((one for one in reversed(options[name]) if one not in ("", value)), value)
    if not re.fullmatch(r"[\d\s.,/€%-]+", value):
        return f"{value} bis"
    digit = re.search(r"\d(?=\D*$)", value.partition(",")[0])
    assert digit is not None
    return value[: digit.start()] + str((int(digit[0]) + 1) % 10) + value[digit.end() :]


@dataclass
class Pair:
    shown: list[str]  # what the first one typed, by name of field, and that others see in the form
    first: Answer
    second: Answer
    offered: Form  # to the second one, who chooses
    typed: Mapping[str, Any]  # by the second one
    chosen: Answer | None = None  # the answer to what was offered, sent as it is


def met(page: Page, world: World, source: str) -> Pair:
    with copied("deux", source):
        assert page.data is not None
        client, address, here = signed_in(allowed(world, page)), url(page, world), path(page, world)
        seen = form_to(get(client, page, world), here)
        told = page.data(world)
        first = sent_by(client, address, seen.filled(told))
        after = form_to(get(client, page, world), here) if first.status == 302 else seen
        shown = [name for name in told if after.shown.get(name, []) != seen.shown.get(name, [])]
        shown = [name for name in shown if name in after.shown]
        typed = {name: another(name, value, seen.options) for name, value in told.items()}
        typed |= OTHERS.get(page.name, {})
        fresh = {"submission_key": str(uuid.uuid4())} if "submission_key" in seen.values else {}
        second = sent_by(client, address, seen.filled(typed) | fresh)
        pair = Pair(shown, first, second, form_to(HttpResponse(second.content), here), typed)
        if pair.shown and second.status == 409:
            pair.chosen = sent_by(client, address, pair.offered.values | {"reason": ["vu avec l’autre"]})
        return pair


# One after the other: nobody waits for anybody. `test_races` has several at once, on both databases.
FIRST_ONLY = pytest.mark.first_database(reason="l’un après l’autre : ce que la page montre et garde")


@FIRST_ONLY
@pytest.mark.django_db
@pytest.mark.parametrize("page", OPENED, **ids)
def test_second_of_two_chooses(page: Page, crowded: tuple[World, str]) -> None:
    pair = apart(lambda: met(page, *crowded))
    assert pair.second.error == ""
    if not pair.shown or page.name in MERGED:
        return
    assert pair.second.status == 409, "le second a enregistré sans savoir ce que le premier avait écrit"
    assert any(WHO.search(words) for words in pair.second.sentences), "qui a écrit quoi n’est pas dit"
    kept = [name for name in pair.shown if isinstance(pair.typed[name], str)]
    lost = [name for name in kept if pair.offered.values.get(name) != [pair.typed[name]]]
    assert lost == [], "ce que le second avait écrit n’est plus dans la page"
    assert pair.chosen is not None
    assert pair.chosen.status == 302, "le second ne peut pas enregistrer ce qu’il a choisi"


@FIRST_ONLY
@pytest.mark.django_db
def test_most_forms_show_what_is_recorded(crowded: tuple[World, str]) -> None:
    """The rule that finds the editions still finds those that everybody knows."""
    known = {
        "sites:edit",
        "sites:owner_add",
        "sites:diagnosis_add",
        "conventions:edit_identity",
        "conventions:cell",
    }
    found = {page.name for page in OPENED if page.name in known and apart(lambda: met(page, *crowded)).shown}  # noqa: B023
    assert found == known
