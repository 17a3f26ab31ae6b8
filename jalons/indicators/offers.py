"""Numbers that an app above offers beside the boxes of a follow-up. No model here: an `apps.py` may import it.

This app knows nothing of where they come from: a provider is asked for numbers at dates, and answers with their rule.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Moment:
    """A follow-up `on` a date; the flows happened from `since` to it, both included. No `since`: no flow is asked."""

    on: dt.date
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class OfferQuestion:
    """What is asked of a provider: every moment at once, so that it reads what it counts once.

    `indicators`: those that are typed as numbers, by primary key.
    """

    action: Any
    reporter: Any
    indicators: Mapping[int, Any]
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class OfferedNumber:
    """`rule`: what is counted, in one sentence. `list_url`: the list behind the number, for those who may read it."""

    number: int
    rule: str
    list_url: str = ""


@dataclass(frozen=True, slots=True)
class RegisterOffer:
    """What a provider answers. `source`: « votre registre ». By moment, then by primary key of indicator.

    `closed_url`: where it is opened first, when it cannot count now. `settled_until`: reports of this date and before
    are not compared any more, since what they counted may have been erased. `choices_url`: where one says what
    it counts for the indicators that a dispositif added.
    """

    source: str
    numbers: Mapping[Moment, Mapping[int, OfferedNumber]] = field(default_factory=dict)
    closed_url: str = ""
    settled_until: dt.date | None = None
    choices_url: str = ""

    def at(self, moment: Moment) -> Mapping[int, OfferedNumber]:
        return self.numbers.get(moment, {})


_providers: list[str] = []


def register_offers(path: str) -> None:
    """In `ready()`: the dotted name of a function `(request, OfferQuestion) -> RegisterOffer | None`.

    None: it has nothing to do with this reporter or this person, and no byte of the page changes.
    """
    if path not in _providers:
        _providers.append(path)


def offers_of(request: HttpRequest, question: OfferQuestion) -> RegisterOffer | None:
    """The answer of the first provider that has one."""
    for path in _providers:
        offer: RegisterOffer | None = import_string(path)(request, question)
        if offer is not None:
            return offer
    return None
