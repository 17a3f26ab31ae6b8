"""Before what was voted is changed, the person is told, and says whether to go on. Nothing is ever blocked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.changes.between import contracted
from jalons.conventions.changes.change import Change
from jalons.conventions.changes.drift import contents_of, is_amended, voted_edition
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import read_dossier, sheets_alone
from jalons.conventions.models import Commitment, Convention, Edition

# What the person ticks to go on.
AGREED = "malgre_le_vote"
SHOWN = 6  # that the form stays in sight
Written = TypeVar("Written")


@dataclass(frozen=True)
class ChangesVoted(Exception):
    """What was sent changes what was voted, and the person has not been asked: nothing was written."""

    changes: list[Change]
    version: int
    amendment_url: str

    @property
    def first_changes(self) -> list[Change]:
        return self.changes[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.changes) - SHOWN if len(self.changes) > SHOWN else 0


class Pledge:
    """What was voted, beside a write that may change it. Nothing is compared once the person agreed, or while an
    amendment is being written.

    `read` is called before the transaction, `keep` in it: nobody waits while a whole convention is read. See ADR 0041.
    """

    def __init__(self, request: HttpRequest, convention: Convention) -> None:
        self.user, self.convention = request.user, convention
        self.agreed = bool(request.POST.get(AGREED))
        self.revision: int | None = None
        self.edition: Edition | None = None
        self.voted: Dossier | None = None
        self.drifting: set[Change] = set()

    def read(self) -> None:
        """The version that was voted, and what drifts from it already."""
        if self.agreed:
            return
        stored = Convention.objects.get(pk=self.convention.pk)
        self.revision = stored.revision
        self.edition, self.voted, self.drifting = voted_edition(stored), None, set()
        if self.edition is not None and not is_amended(stored):
            self.voted = contents_of(self.edition)
            if not still_as_voted(stored, self.edition):
                self.drifting = set(contracted(self.voted, read_dossier(stored)))

    def keep(
        self, write: Callable[[], Written], *, sheets: Sequence[Commitment] = (), text: bool = False
    ) -> Written:
        """Calls `write`. Raises `ChangesVoted`, with nothing written, when it changes what was voted unasked.

        `sheets`: the only ones that `write` may change, looked at once it is done; `text`: it may change the rest.
        """
        if self.agreed:
            return write()
        with transaction.atomic():
            locked = Convention.objects.select_for_update(no_key=True).get(pk=self.convention.pk)
            if locked.revision != self.revision:
                self.read()  # somebody wrote since
            answer = write()
            self.check(locked, sheets, text)
        return answer

    def check(self, before: Convention, sheets: Sequence[Commitment], text: bool) -> None:
        stored = Convention.objects.get(pk=before.pk)
        if self.voted is None or self.edition is None or stored.revision == before.revision:
            return
        fresh = [
            change for change in self.changes(stored, self.voted, sheets, text) if change not in self.drifting
        ]
        if fresh:
            raise ChangesVoted(fresh, self.edition.number, amendment_url(self.user, self.convention))

    def changes(
        self, stored: Convention, voted: Dossier, sheets: Sequence[Commitment], text: bool
    ) -> list[Change]:
        """What is said otherwise than voted, in these sheets and in the text, if asked."""
        commitments = Commitment.objects.filter(pk__in=[sheet.pk for sheet in sheets]).order_by(
            "position", "pk"
        )
        changed = list(commitments.select_related("parent", "party", "action"))
        now = read_dossier(stored, sheets=changed) if text else sheets_alone(stored, changed)
        keys = {sheet.key for sheet in now.sheets}
        before = voted if text else Dossier(voted.convention)
        part = replace(before, sheets=[sheet for sheet in voted.sheets if sheet.key in keys])
        return contracted(part, now)


def still_as_voted(convention: Convention, edition: Edition) -> bool:
    """Known without comparing anything: checked since its last change, and nothing was found to drift."""
    conventions = Convention.objects.filter(pk=convention.pk, unamended=0, unamended_since=edition.number)
    return conventions.exclude(pending_checks__isnull=False).exists()


def amendment_url(user: Any, convention: Convention) -> str:
    """Where an amendment is opened, for who may."""
    if not can(user, Right.WRITE_CONVENTION, convention):
        return ""
    return reverse("conventions:add_amendment", args=[convention.slug])
