"""Freezing a version, for the vote or as an amendment, and reading one again."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.alerts.checking import CheckResult, run_whole, write_whole
from jalons.conventions.alerts.services import acknowledge, blocking
from jalons.conventions.dossier.content import Dossier, File
from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.enums import ConventionState, EditionKind
from jalons.conventions.exchange.reading import read
from jalons.conventions.exchange.writing import canonical, write_file
from jalons.conventions.models import Amendment, Convention, Edition
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, Stale, save_record


@dataclass(frozen=True, slots=True)
class EditionSnapshot:
    """A convention read whole, with nobody waiting for us to write; `check_result`: what the rules say of it, if asked.

    It is what stands as long as the convention has this `revision`. See ADR 0041.
    """

    revision: int
    content: dict[str, Any]
    digest: str
    check_result: CheckResult | None

    def stands(self, convention: Convention) -> bool:
        """`convention`: locked, so that the answer holds until the end of the transaction."""
        return self.revision == convention.revision


def snapshot_of(convention: Convention, *, checked: bool = False) -> EditionSnapshot:
    """Read before the transaction that needs it. What is written meanwhile makes it an older revision.

    `checked`: all the rules are run too, for who decides by what they find.
    """
    file = file_of(convention.slug)
    if file is None:
        raise Convention.DoesNotExist(convention.slug)
    [dossier] = file.dossiers
    content = write_file(file)
    result = run_whole(dossier) if checked else None
    return EditionSnapshot(dossier.convention.revision, content, digest_of(content), result)


@dataclass(frozen=True, slots=True)
class EditionAltered(Exception):
    """A frozen version does not say any more what it said: its rows were changed outside of Jalons."""

    edition: Edition


@transaction.atomic
def freeze(
    *,
    convention: Convention,
    kind: EditionKind,
    title: str,
    by: Actor,
    snapshot: EditionSnapshot | None = None,
) -> Edition:
    """Keep the convention as it stands, whole. Later changes make another version.

    `snapshot`: read before the transaction; it is read anew, here, when somebody wrote since.
    """
    # The row is locked: two versions frozen at once have two numbers.
    locked = Convention.objects.select_for_update().get(pk=convention.pk)
    if snapshot is None or not snapshot.stands(locked):
        snapshot = snapshot_of(locked)
    last = Edition.objects.filter(convention=convention).aggregate(last=Max("number"))["last"] or 0
    return Edition.objects.create(
        convention=convention,
        number=last + 1,
        kind=kind,
        title=title,
        content=snapshot.content,
        digest=snapshot.digest,
        frozen_by=by.user,
        organisation=by.organisation,
    )


@transaction.atomic
def freeze_for_vote(
    *,
    convention: Convention,
    title: str,
    by: Actor,
    seen_revision: int,
    reason: str = "",
    snapshot: EditionSnapshot | None = None,
) -> Edition:
    """Freeze what the assembly votes on; a convention in preparation is then voted. Raises as `ready`."""
    locked, snapshot = ready(convention, snapshot, by=by, seen_revision=seen_revision, reason=reason)
    if locked.state == ConventionState.DRAFT:
        locked.state = ConventionState.VOTED
        save_record(record=locked, by=by, reason=title)
    edition = freeze(convention=locked, kind=EditionKind.VOTE, title=title, by=by, snapshot=snapshot)
    touched(convention=locked, scopes=())
    return edition


@transaction.atomic
def freeze_amendment(
    *,
    amendment: Amendment,
    by: Actor,
    seen_revision: int,
    reason: str = "",
    snapshot: EditionSnapshot | None = None,
) -> Amendment:
    """The amendment is what changes up to now; it never changes again. Raises as `ready`, and `Refused` twice."""
    convention = amendment.convention
    locked, snapshot = ready(convention, snapshot, by=by, seen_revision=seen_revision, reason=reason)
    current = Amendment.objects.get(pk=amendment.pk)
    if current.result_id is not None:
        raise Refused(f"{current} est déjà figé.")
    title = f"{current} : {current.subject}"[:200]
    current.result = freeze(
        convention=locked, kind=EditionKind.AMENDMENT, title=title, by=by, snapshot=snapshot
    )
    save_record(record=current, by=by, reason=reason)
    touched(convention=locked, scopes=())
    return current


def ready(
    convention: Convention, snapshot: EditionSnapshot | None, *, by: Actor, seen_revision: int, reason: str
) -> tuple[Convention, EditionSnapshot]:
    """The convention, locked, when it may be transmitted: every error is mended, or acknowledged with a reason.

    With it, the snapshot that stands. `reason` acknowledges those that are left. Raises `Refused`, and `Stale` when
    the convention changed since `seen_revision` was under the eyes.
    """
    locked = Convention.objects.select_for_update().get(pk=convention.pk)
    if locked.revision != seen_revision:
        raise Stale(locked)
    if snapshot is None or snapshot.check_result is None or not snapshot.stands(locked):
        snapshot = snapshot_of(locked, checked=True)
    write_found(snapshot)
    left = blocking(locked)
    if left and not reason:
        raise Refused("Des erreurs ne sont ni corrigées ni acquittées : dites pourquoi elles restent.")
    for alert in left:
        acknowledge(alert=alert, reason=reason, by=by)
    return locked, snapshot


def write_found(snapshot: EditionSnapshot) -> None:
    """The alerts are those of what is about to be frozen."""
    if snapshot.check_result is not None:
        write_whole(snapshot.check_result)


def is_intact(edition: Edition) -> bool:
    """Does a frozen version still say what its digest says?"""
    return digest_of(edition.content) == edition.digest


def digest_of(content: object) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def frozen_file(edition: Edition) -> File:
    """The convention of a frozen version, in memory. Raises `EditionAltered`."""
    if not is_intact(edition):
        raise EditionAltered(edition)
    return read(edition.content).file


def frozen_dossier(edition: Edition) -> Dossier:
    return frozen_file(edition).dossiers[0]
