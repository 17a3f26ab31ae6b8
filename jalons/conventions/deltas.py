"""What a page or a document tells of changes: per funder, and chapter by chapter. Pure: no query."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalons.conventions.changes import Area, Change, signed
from jalons.conventions.dossier import TOTAL, Dossier
from jalons.conventions.ledger import COUNCIL, STATE, budget_of, share_of, share_words
from jalons.core.values import Number, exact
from jalons.core.values.numbers import add


@dataclass(frozen=True, slots=True)
class FunderDelta:
    """What one funder brings to all the sheets, before and after. `share` as in `ledger`, `total` for the whole."""

    share: str
    words: str
    before: Number
    after: Number

    @property
    def delta(self) -> Number:
        return exact(Decimal(self.after) - Decimal(self.before))

    @property
    def delta_words(self) -> str:
        return signed(self.delta)


def funder_deltas(before: Dossier, after: Dossier, names: Dossier | None = None) -> list[FunderDelta]:
    """Per funder, the State first, then the Départements, then the whole. The money of a theme is that of its mother.

    `names`: the convention of the base, which knows whose each sheet is; a frozen version does not.
    """
    names = names or after
    was, now = brought(before, names), brought(after, names)
    shares = sorted({*now, *was}, key=funder_order)
    found = [
        FunderDelta(share, share_words(share, names), was.get(share, 0), now.get(share, 0))
        for share in shares
    ]
    whole = [exact(sum(map(Decimal, told.values()), Decimal())) for told in (was, now)]
    return [*found, FunderDelta(TOTAL, share_words(TOTAL, names), whole[0], whole[1])]


def funder_order(share: str) -> tuple[bool, bool, str]:
    return (share != STATE, not share.startswith(COUNCIL), share)


def brought(dossier: Dossier, names: Dossier) -> dict[str, Number]:
    """What the lines of the year bring, by share, the printed totals left aside."""
    found: dict[str, Number] = {}
    for sheet in dossier.mothers:
        known = names.by_key.get(sheet.key, sheet)
        for row in budget_of(sheet, dossier):
            for part in row.parts:
                share = share_of(part, names, known)
                found[share] = add(found.get(share, 0), row.euros(part) or 0)
    return found


@dataclass(frozen=True, slots=True)
class Chapter:
    """The changes of one sheet (`sheet` is its key) or of one area of the convention, money first."""

    title: str
    money: Sequence[Change]
    words: Sequence[Change]
    sheet: str = ""
    area: Area = Area.SHEET

    @property
    def count(self) -> int:
        return len(self.money) + len(self.words)


AREAS = {
    Area.HEADING: "Montants de la convention",
    Area.PAYMENT_ARTICLE: "Article sur le versement",
    Area.ANNEX: "Annexe financière",
    Area.DELIBERATION: "Délibération",
    Area.TEXT: "Texte de la convention",
}


def chapters(found: Iterable[Change], before: Dossier, after: Dossier) -> list[Chapter]:
    """The changes as a page or a document lists them: sheet by sheet in order, then the rest of the convention."""
    headings = {
        sheet.key: sheet.commitment.heading for dossier in (before, after) for sheet in dossier.sheets
    }
    by_place: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for each in found:
        by_place[each.area, each.sheet].append(each)
    order = [(Area.SHEET, key) for key in headings] + [(area, "") for area in AREAS]
    answer = []
    for area, key in order:
        if those := by_place.get((area, key)):
            money = [each for each in those if each.is_money]
            words = [each for each in those if not each.is_money]
            title = headings[key] if area is Area.SHEET else AREAS[area]
            answer.append(Chapter(title, money, words, key, area))
    return answer
