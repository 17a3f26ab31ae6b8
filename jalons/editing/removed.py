"""What a person asks for was there, and somebody removed it: said in words, instead of « not found »."""

from typing import Any

from django.db import models
from django.http import Http404

from jalons.core.values import format_moment, french_spaces
from jalons.history.models import Fact


class AlreadyRemoved(Exception):
    """`sentence` says what was removed, by whom; `back` is the address of what it was part of.

    Raised once the right to read that whole is checked. `editing.middleware` makes the page of it.
    """

    def __init__(self, sentence: str, *, back: str) -> None:
        super().__init__(sentence)
        self.sentence, self.back = french_spaces(sentence), back


def record_or_removed(queryset: models.QuerySet[Any], *, words: str, back: str, **lookup: Any) -> Any:
    """The record of `lookup`; when its history says that it was removed, `AlreadyRemoved`; else 404.

    `words`: « Ce contact est déjà retiré. ».
    """
    record = queryset.filter(**lookup).first()
    if record is not None:
        return record
    model: Any = queryset.model
    last = model.history.filter(**plain(lookup)).order_by("-history_date", "-history_id").first()
    if last is None:
        raise Http404
    raise AlreadyRemoved(f"{words} {signed(last.changed_by, last.changed_for, last.history_date)}", back=back)


def plain(lookup: dict[str, Any]) -> dict[str, Any]:
    """A line of history knows the primary key of its record under another name."""
    return {"id" if name == "pk" else name: value for name, value in lookup.items()}


def fact_or_removed(
    versions: models.QuerySet[Any], *, back: str, words: str = "Ceci est déjà retiré."
) -> Any:
    """The current version among `versions` of one fact; once withdrawn, `AlreadyRemoved`; 404 when it never was."""
    current = versions.filter(superseded_at__isnull=True).select_related("author", "organisation").first()
    if current is None:
        raise Http404
    if current.withdrawn:
        raise AlreadyRemoved(f"{words} {signed_fact(current)}", back=back)
    return current


def signed_fact(fact: Fact) -> str:
    signature = signed(fact.author, fact.organisation, fact.recorded_at)
    return f"{signature} Motif : {fact.reason}." if fact.reason else signature


def signed(user: Any, organisation: Any, moment: Any) -> str:
    """« C’était par Camille Exemple (DDETS du Nord), le 12 décembre 2019 à 16:00. »"""
    who = f"{user} ({organisation})" if organisation else str(user or "l’exploitant de Jalons")
    return f"C’était par {who}, le {format_moment(moment)}."
