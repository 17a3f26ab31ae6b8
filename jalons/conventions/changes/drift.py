"""What drifts from the version that was voted: the changes of what is contracted, of which no amendment speaks."""

from dataclasses import dataclass

from jalons.conventions.changes.between import contracted
from jalons.conventions.changes.change import Change
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.enums import EditionKind
from jalons.conventions.exchange.reading import read
from jalons.conventions.models import Convention, Edition

VOTED = (EditionKind.VOTE, EditionKind.AMENDMENT)


def voted_edition(convention: Convention) -> Edition | None:
    """The last version that an assembly has in hand; None while nothing was frozen for it."""
    return Edition.objects.filter(convention=convention, kind__in=VOTED).order_by("number").last()


def is_amended(convention: Convention) -> bool:
    """Is an amendment being written? What changes then is what it will say."""
    return convention.amendments.filter(result=None).exists()


def contents_of(edition: Edition) -> Dossier:
    return read(edition.content).file.dossiers[0]


def drift_of(convention: Convention, edition: Edition, dossier: Dossier | None = None) -> list[Change]:
    """What the convention says otherwise than this version, follow-up apart."""
    return contracted(contents_of(edition), dossier or read_dossier(convention))


@dataclass(frozen=True, slots=True)
class Drift:
    """How many changes no amendment speaks of; `since`: the number of the version that was voted, if any."""

    count: int
    since: int | None


def measured_drift(convention: Convention, dossier: Dossier) -> Drift:
    edition = voted_edition(convention)
    if edition is None:
        return Drift(0, None)
    count = 0 if is_amended(convention) else len(drift_of(convention, edition, dossier))
    return Drift(count, edition.number)


def write_drift(*, convention: Convention, drift: Drift) -> None:
    """Kept with the alerts: lists and pages show it without comparing anything."""
    Convention.objects.filter(pk=convention.pk).update(unamended=drift.count, unamended_since=drift.since)
