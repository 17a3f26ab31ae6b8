"""What drifts from the version that was voted: the changes of what is contracted, of which no amendment speaks."""

from jalons.conventions.changes import Change, contracted
from jalons.conventions.dossier import Dossier
from jalons.conventions.enums import EditionKind
from jalons.conventions.exchange.reading import read
from jalons.conventions.models import Convention, Edition
from jalons.conventions.selectors.dossiers import read_dossier

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


def refresh_drift(*, convention: Convention, dossier: Dossier) -> None:
    """Keep how much drifts. Ends every write, as the alerts do: lists and pages show it without comparing anything."""
    edition = voted_edition(convention)
    count = 0
    if edition is not None and not is_amended(convention):
        count = len(drift_of(convention, edition, dossier))
    since = edition.number if edition is not None else None
    Convention.objects.filter(pk=convention.pk).update(unamended=count, unamended_since=since)
