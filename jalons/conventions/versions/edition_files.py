"""The documents of a frozen version: what was given once is given again, byte for byte, whatever the layout is now."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from jalons.conventions.exchange.writing import canonical
from jalons.conventions.models import Amendment, Edition, EditionFile, ExecutionReport
from jalons.conventions.versions.editions import EditionAltered, is_intact


@dataclass(frozen=True, slots=True)
class EditionPrint:
    """What is asked of a frozen version. `sheets`: keys of the sheets that the reader sees, None for all of them;
    `heading`: what heads each page; `base`: the version it is compared with.
    """

    edition: Edition
    part: str
    format: str
    heading: str
    base: Edition | None = None
    sheets: frozenset[str] | None = None
    report: ExecutionReport | None = None
    amendment: Amendment | None = None
    remarks: bool = False

    @property
    def key(self) -> str:
        """Digest of everything that the document says, and of nothing that tells how it is laid out."""
        content = [
            self.edition.digest,
            self.base.digest if self.base else "",
            self.part,
            self.format,
            self.heading,
            sorted(self.sheets) if self.sheets is not None else None,
            report_words(self.report) if self.part == "rapport" else None,
            amendment_words(self.amendment) if self.part == "avenant" else None,
            self.remarks,
        ]
        return hashlib.sha256(canonical(content).encode()).hexdigest()


def report_words(report: ExecutionReport | None) -> list[str] | None:
    if report is None:
        return None
    party = report.party.name if report.party is not None else ""
    words = (report.financial_account, report.results, report.global_account)
    return [str(report.public_id), report.state, str(report.due_on), party, *words]


def amendment_words(amendment: Amendment | None) -> list[str] | None:
    if amendment is None:
        return None
    vote = amendment.deliberation.number if amendment.deliberation is not None else ""
    return [str(amendment.number), amendment.subject, str(amendment.dated or ""), vote]


def edition_file(order: EditionPrint, make: Callable[[], bytes]) -> bytes:
    """The file as it was first given; made and kept when it never was. Raises `Altered`.

    Two people who ask for it at once are given the same one.
    """
    if not is_intact(order.edition):
        raise EditionAltered(order.edition)
    files = EditionFile.objects.filter(edition=order.edition, key=order.key).values_list("content", flat=True)
    content = files.first()
    if content is None:
        made = EditionFile(
            edition=order.edition, key=order.key, part=order.part, format=order.format, content=make()
        )
        EditionFile.objects.bulk_create([made], ignore_conflicts=True)
        content = files.get()
    return bytes(content)
