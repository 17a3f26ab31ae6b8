"""What may be printed of a convention: its working version and each frozen one, for what a person may see."""

import datetime as dt
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.dossier.readers import open_sheets, sight
from jalons.conventions.enums import EditionKind
from jalons.conventions.models import Amendment, Commitment, Convention, Edition, ExecutionReport
from jalons.conventions.versions.editions import frozen_dossier
from jalons.core.values import format_long_date
from jalons.core.values.dates import local_day
from jalons.history.querysets import NOW, AsOf, described

WORKING = ""
EXTRACT = "extrait"


@dataclass(frozen=True, slots=True)
class Version:
    """`edition` None: what is being written. `base`: the version before it, which it is compared with."""

    edition: Edition | None
    base: Edition | None
    amendment: Amendment | None
    reports: tuple[ExecutionReport, ...] = ()

    @property
    def code(self) -> str:
        """What the address says."""
        return str(self.edition.number) if self.edition else WORKING

    @property
    def title(self) -> str:
        if self.edition is None:
            return "Version de travail"
        return f"Version {self.edition.number} – {self.edition.title}"

    @property
    def day(self) -> dt.date | None:
        return local_day(self.edition.frozen_at) if self.edition else None

    def parts(self, codes: list[str]) -> list[str]:
        """The documents that it can give: an amendment needs a version before, a report needs its words."""
        left_out = set()
        if self.base is None:
            left_out.add("avenant")
        if self.edition is not None and self.edition.kind != EditionKind.REPORT:
            left_out.add("rapport")
        return [code for code in codes if code not in left_out]


def versions_of(user: Any, convention: Convention, at: AsOf = NOW) -> list[Version]:
    """The working version, then the frozen ones, the last first. Their content is not read. Those frozen since `at`
    are left out.
    """
    editions = frozen_by(convention, at)
    amendments = described(Amendment, at, "deliberation", convention=convention)
    seen = sight(user, convention)
    reports = [
        report
        for report in sorted(
            described(ExecutionReport, at, "party", convention=convention), key=attrgetter("pk")
        )
        if seen.covers(report.party_id)
    ]
    by_pk = {edition.pk: edition for edition in editions}
    versions = []
    for place, edition in enumerate([*editions, None]):
        amendment = next((amendment for amendment in amendments if made_by(amendment, edition)), None)
        base = by_pk.get(amendment.base_id) if amendment else None
        before = editions[place - 1] if place else None
        mine = [report for report in reports if edition is None or report.edition_id == edition.pk]
        versions.append(Version(edition, base or before, amendment, tuple(mine)))
    return versions[::-1]


def frozen_by(convention: Convention, at: AsOf = NOW) -> list[Edition]:
    """The versions frozen by then, the first first, without their content."""
    editions = convention.editions.defer("content").order_by("number")
    return list(editions if at.instant is None else editions.filter(frozen_at__lt=at.instant))


def made_by(amendment: Amendment, edition: Edition | None) -> bool:
    """Is this the version that the amendment makes, or the one in which it is still being written?"""
    return amendment.result_id == (edition.pk if edition else None)


def version_words(version: Version, at: AsOf = NOW, *, whole: bool) -> str:
    """What heads each page: « version 2 – Version votée – 27 juin 2022 »."""
    words = version.title[:1].lower() + version.title[1:]
    parts = [words, format_long_date(version.day or at.day)]
    if at.known and version.edition is None:
        parts.append(f"telle que connue le {format_long_date(at.known)}")
    return " – ".join(parts if whole else [*parts, EXTRACT])


def printed_dossier(
    user: Any, convention: Convention, edition: Edition | None, at: AsOf = NOW
) -> tuple[Dossier, bool]:
    """The dossier of a version, without the sheets that this person may not see; and is it whole?

    Raises `editions.Altered`.
    """
    keys = open_sheets(user, convention)
    if edition is None:
        visible = (
            Commitment.objects.filter(convention=convention).visible_to(user) if keys is not None else None
        )
        dossier = read_dossier(convention, at, sheets=visible)
    else:
        dossier = frozen_dossier(edition)
        if keys is not None:
            dossier.sheets = [sheet for sheet in dossier.sheets if sheet.key in keys]
    return dossier, keys is None
