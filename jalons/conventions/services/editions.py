"""Freezing a version, and reading one again."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from jalons.conventions.dossier import Dossier, File
from jalons.conventions.enums import EditionKind
from jalons.conventions.exchange.reading import read
from jalons.conventions.exchange.storing import canonical
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.models import Convention, Edition
from jalons.conventions.selectors.dossiers import file_of
from jalons.history.services import Actor


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


def digest_of(content: object) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def frozen_file(edition: Edition) -> File:
    """The convention of a frozen version, in memory. Raises `Altered`."""
    if digest_of(edition.content) != edition.digest:
        raise Altered(edition)
    return read(edition.content).file


def frozen_dossier(edition: Edition) -> Dossier:
    return frozen_file(edition).dossiers[0]
