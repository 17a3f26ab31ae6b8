"""Before what was voted is changed, the person is told, and says whether to go on. Nothing is ever blocked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.changes.between import Change, contracted
from jalons.conventions.changes.drift import contents_of, is_amended, voted_edition
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.models import Convention, Edition

# What the person ticks to go on.
AGREED = "malgre_le_vote"
SHOWN = 12
Written = TypeVar("Written")


@dataclass(frozen=True)
class ChangesVoted(Exception):
    """What was sent changes what was voted, and the person has not been asked: nothing was written."""

    changes: list[Change]
    version: int
    amendment_url: str

    @property
    def shown(self) -> list[Change]:
        return self.changes[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.changes) - SHOWN if len(self.changes) > SHOWN else 0


def pledged(request: HttpRequest, convention: Convention, write: Callable[[], Written]) -> Written:
    """Calls `write`. Raises `ChangesVoted`, with nothing written, when it changes what was voted unasked.

    Once the person agreed, or while an amendment is being written, nothing is compared.
    """
    edition = None if request.POST.get(AGREED) else voted_edition(convention)
    if edition is None or is_amended(convention):
        return write()
    voted = contents_of(edition)
    with transaction.atomic():
        before = set() if still_as_voted(convention, edition) else drifting(convention, voted)
        answer = write()
        stored = Convention.objects.get(pk=convention.pk)
        fresh = [each for each in contracted(voted, read_dossier(stored)) if each not in before]
        if fresh:
            raise ChangesVoted(fresh, edition.number, amendment_url(request.user, convention))
    return answer


def still_as_voted(convention: Convention, edition: Edition) -> bool:
    """Known without comparing anything: checked since its last change, and nothing was found to drift."""
    kept = Convention.objects.filter(pk=convention.pk, unamended=0, unamended_since=edition.number)
    return kept.exclude(pending_checks__isnull=False).exists()


def drifting(convention: Convention, voted: Dossier) -> set[Change]:
    return set(contracted(voted, read_dossier(convention)))


def amendment_url(user: Any, convention: Convention) -> str:
    """Where an amendment is opened, for who may."""
    if not can(user, Right.WRITE_CONVENTION, convention):
        return ""
    return reverse("conventions:add_amendment", args=[convention.slug])
