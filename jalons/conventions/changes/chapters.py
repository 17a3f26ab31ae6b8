"""What a page or a document tells of changes: per funder, and chapter by chapter. Pure: no query."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalons.conventions.changes.change import Area, Change, signed
from jalons.conventions.dossier.additions import Amounts, shares_without_total, sum_words, total_of
from jalons.conventions.dossier.content import TOTAL, Dossier, Sheet
from jalons.conventions.dossier.ledger import (
    COUNCIL,
    STATE,
    amounts_of,
    share_sums,
    share_words,
    stated,
    whole_of,
)
from jalons.conventions.models import Commitment
from jalons.core.values import Number, Sum, exact, french_spaces
from jalons.core.values.numbers import add


@dataclass(frozen=True, slots=True)
class FunderDelta:
    """What one funder brings, before and after. `share` as in `ledger`, `total` for the whole.

    `stated`: the amounts are those of the text; otherwise they are sums of the sheets, which say what they lack.
    """

    share: str
    words: str
    before: Sum
    after: Sum
    delta: Number
    stated: bool = False

    @property
    def before_words(self) -> str:
        return sum_words(self.before)

    @property
    def after_words(self) -> str:
        return sum_words(self.after)

    @property
    def delta_words(self) -> str:
        return signed(self.delta)


def funder_deltas(
    before: Dossier, after: Dossier, names: Dossier | None = None, *, whole: bool = True
) -> list[FunderDelta]:
    """Per funder, the State first, then the Départements, then the whole. The money of a theme is that of its mother.

    The base is the amount that the text states, when it states one. After: what the text states now if it changed,
    else the base and what the sheets gain or lose. `names`: the convention of the base, which knows whose each sheet
    is; a frozen version does not. `whole` false: some sheets are not there to be read, nor the amounts of the text.
    """
    names = names or after
    was, now = share_sums(before, names), share_sums(after, names)
    text_before, text_after = (stated(dossier) if whole else {} for dossier in (before, after))
    gained = gains(before, after, names)
    shares = sorted(
        {*was, *now, *(text_before if not {*was, *now} - {TOTAL} else ())} - {TOTAL}, key=funder_order
    )
    return [
        delta(
            share,
            share_words(share, names),
            (was.get(share, Sum()), now.get(share, Sum())),
            (text_before.get(share), text_after.get(share)),
            gained.get(share, 0),
        )
        for share in (*shares, TOTAL)
    ]


def delta(
    share: str, words: str, sums: tuple[Sum, Sum], text: tuple[Number | None, Number | None], gained: Number
) -> FunderDelta:
    base, now = text
    if base is None:
        return FunderDelta(share, words, *sums, gained)
    if now is None or now == base:
        now = add(base, gained)
    delta = exact(Decimal(now) - Decimal(base))
    return FunderDelta(share, words, Sum(base, known=1), Sum(now, known=1), delta, stated=True)


def funder_order(share: str) -> tuple[bool, bool, str]:
    return (share != STATE, not share.startswith(COUNCIL), share)


def gains(before: Dossier, after: Dossier, names: Dossier) -> dict[str, Number]:
    """What the sheets bring more, by share. An amount that was not known and is now is no gain: it is known."""
    gains: dict[str, Number] = {}
    old, new = ({sheet.key: sheet for sheet in dossier.mothers} for dossier in (before, after))
    for key in dict.fromkeys([*old, *new]):
        was, now = (
            amounts_with_total(sheets.get(key), dossier, names)
            for sheets, dossier in ((old, before), (new, after))
        )
        unknown_before = key in old and not was
        unknown_after = key in new and not now
        if unknown_before or unknown_after:
            continue
        for share in dict.fromkeys([*was, *now]):
            gain = exact(Decimal(now.get(share) or 0) - Decimal(was.get(share) or 0))
            gains[share] = add(gains.get(share, 0), gain)
    return gains


def amounts_with_total(sheet: Sheet | None, dossier: Dossier, names: Dossier) -> Amounts:
    """By share, and the whole; empty for a sheet of which no amount is known."""
    if sheet is None:
        return {}
    amounts = amounts_of(sheet, dossier, whose=names.by_key.get(sheet.key, sheet), names=names)
    if total_of(amounts.values()) is None:
        return {}
    return {**shares_without_total(amounts), TOTAL: whole_of(amounts)}


def restated(deltas: Iterable[FunderDelta]) -> list[str]:
    """« La part de l’État est portée de 13 197 804 € à 13 207 804 € (+10 000 €). » for each amount that changes."""
    sentences = []
    for delta in deltas:
        if delta.delta:
            subject = "Le montant total" if delta.share == TOTAL else f"La {delta.words}"
            verb = "est porté" if delta.share == TOTAL else "est portée"
            sentences.append(
                french_spaces(
                    f"{subject} {verb} de {delta.before_words} à {delta.after_words} ({delta.delta_words})."
                )
            )
    return sentences


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


def chapters(
    changes: Iterable[Change], before: Dossier, after: Dossier, heading_of: Callable[[Commitment], str]
) -> list[Chapter]:
    """The changes as a page or a document lists them: sheet by sheet in order, then the rest of the convention."""
    headings = {
        sheet.key: heading_of(sheet.commitment) for dossier in (before, after) for sheet in dossier.sheets
    }
    by_place: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        by_place[change.area, change.sheet].append(change)
    order = [(Area.SHEET, key) for key in headings] + [(area, "") for area in AREAS]
    answer = []
    for area, key in order:
        if those := by_place.get((area, key)):
            money = [change for change in those if change.is_money]
            words = [change for change in those if not change.is_money]
            title = headings[key] if area is Area.SHEET else AREAS[area]
            answer.append(Chapter(title, money, words, key, area))
    return answer
