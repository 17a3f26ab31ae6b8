"""Freezing a version, for the vote or as an amendment, and reading one again."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.alerts.checking import check_now
from jalons.conventions.alerts.services import acknowledge, blocking
from jalons.conventions.dossier.content import Dossier, File
from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.enums import ConventionState, EditionKind
from jalons.conventions.exchange.reading import read
from jalons.conventions.exchange.writing import canonical, write_file
from jalons.conventions.models import Amendment, Convention, Edition
from jalons.history.services import Actor, Stale, save_record
from jalons.sites.services import Refused


@dataclass(frozen=True, slots=True)
class Altered(Exception):
    """A frozen version does not say any more what it said: its rows were changed outside of Jalons."""

    edition: Edition


@transaction.atomic
def freeze(*, convention: Convention, kind: EditionKind, title: str, by: Actor) -> Edition:
    """Keep the convention as it stands, whole. Later changes make another version."""
    # The row is locked: two versions frozen at once have two numbers.
    Convention.objects.select_for_update().get(pk=convention.pk)
    file = file_of(convention.slug)
    if file is None:
        raise Convention.DoesNotExist(convention.slug)
    content = write_file(file)
    last = Edition.objects.filter(convention=convention).aggregate(last=Max("number"))["last"] or 0
    return Edition.objects.create(
        convention=convention,
        number=last + 1,
        kind=kind,
        title=title,
        content=content,
        digest=digest_of(content),
        frozen_by=by.user,
        organisation=by.organisation,
    )


@transaction.atomic
def freeze_for_vote(
    *, convention: Convention, title: str, by: Actor, seen_revision: int, reason: str = ""
) -> Edition:
    """Freeze what the assembly votes on; a convention in preparation is then voted. Raises as `ready`."""
    locked = ready(convention, by=by, seen_revision=seen_revision, reason=reason)
    if locked.state == ConventionState.DRAFT:
        locked.state = ConventionState.VOTED
        save_record(record=locked, by=by, reason=title)
    edition = freeze(convention=locked, kind=EditionKind.VOTE, title=title, by=by)
    touched(convention=locked, scopes=())
    return edition


@transaction.atomic
def freeze_amendment(*, amendment: Amendment, by: Actor, seen_revision: int, reason: str = "") -> Amendment:
    """The amendment is what changes up to now; it never changes again. Raises as `ready`, and `Refused` twice."""
    locked = ready(amendment.convention, by=by, seen_revision=seen_revision, reason=reason)
    current = Amendment.objects.get(pk=amendment.pk)
    if current.result_id is not None:
        raise Refused(f"{current} est déjà figé.")
    title = f"{current} : {current.subject}"[:200]
    current.result = freeze(convention=locked, kind=EditionKind.AMENDMENT, title=title, by=by)
    save_record(record=current, by=by, reason=reason)
    touched(convention=locked, scopes=())
    return current


def ready(convention: Convention, *, by: Actor, seen_revision: int, reason: str) -> Convention:
    """The convention, locked, when it may be transmitted: every error is mended, or acknowledged with a reason.

    `reason` acknowledges those that are left. Raises `Refused`, and `Stale` when the convention changed since
    `seen_revision` was under the eyes.
    """
    locked = Convention.objects.select_for_update().get(pk=convention.pk)
    if locked.revision != seen_revision:
        raise Stale(locked)
    check_now(convention=locked)
    left = blocking(locked)
    if left and not reason:
        raise Refused("Des erreurs ne sont ni corrigées ni acquittées : dites pourquoi elles restent.")
    for alert in left:
        acknowledge(alert=alert, reason=reason, by=by)
    return locked


def is_intact(edition: Edition) -> bool:
    """Does a frozen version still say what its digest says?"""
    return digest_of(edition.content) == edition.digest


def digest_of(content: object) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def frozen_file(edition: Edition) -> File:
    """The convention of a frozen version, in memory. Raises `Altered`."""
    if not is_intact(edition):
        raise Altered(edition)
    return read(edition.content).file


def frozen_dossier(edition: Edition) -> Dossier:
    return frozen_file(edition).dossiers[0]
