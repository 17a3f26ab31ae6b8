"""The funding of a dispositif, year by year. Only for those who may read it: see `selectors.sheet`."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from jalons.actions.deadlines import SPENDING_MONTHS
from jalons.actions.models import FundingLine
from jalons.core.values import Emptiness, Sum, Value, format_euros, ratio, total

NOT_TOLD = "non renseigné"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in words; `missing`: the words say that there is none. `share` of the year: « soit 50 % »."""

    words: str
    missing: bool = False
    share: str = ""


@dataclass(frozen=True, slots=True)
class MoneyLine:
    kind: str
    who: str  # funder and note
    planned: Amount
    committed: Amount
    executed: Amount


@dataclass(frozen=True, slots=True)
class MoneyYear:
    year: int
    lines: Sequence[MoneyLine]
    totals: MoneyLine

    @property
    def caption(self) -> str:
        return f"Financements de {self.year}, en euros"

    @property
    def summary(self) -> str:
        """« prévu 13 000 €, exécuté non renseigné »: what is read while the year is folded."""
        return f"prévu {self.totals.planned.words}, exécuté {self.totals.executed.words}"


def money_years(lines: Iterable[FundingLine], day: dt.date) -> list[MoneyYear]:
    """Newest year first, as given. `day`: the date looked at, which says whether spending is already asked."""
    return [
        money_year(year, list(year_lines), day)
        for year, year_lines in groupby(lines, key=lambda line: line.year)
    ]


def money_year(year: int, funding_lines: Sequence[FundingLine], day: dt.date) -> MoneyYear:
    sums = {name: total(line.value(name) for line in funding_lines) for name in FundingLine.AMOUNTS}
    missing_words = spending_words(year, day)
    lines = [
        MoneyLine(
            kind=str(line.get_kind_display()),
            who=", ".join(part for part in (str(line.funder or ""), line.note) if part),
            planned=amount(line.value("planned"), NOT_TOLD, sums["planned"]),
            committed=amount(line.value("committed"), NOT_TOLD),
            executed=amount(line.value("executed"), missing_words),
        )
        for line in funding_lines
    ]
    totals = MoneyLine(
        kind="Total",
        who="",
        planned=summed(sums["planned"]),
        committed=summed(sums["committed"]),
        executed=summed(sums["executed"], sums["planned"]),
    )
    return MoneyYear(year, lines, totals)


def amount(value: Value, absent: str, whole: Sum | None = None) -> Amount:
    """`absent`: what is said of an amount that nobody told. The share needs every line of the year."""
    if value.number is None:
        return Amount(absent if value.emptiness is Emptiness.EMPTY else str(value), missing=True)
    share = ratio(value, Value.amount(whole.total)) if whole and whole.is_complete else None
    known = share is not None and share.number is not None
    return Amount(format_euros(value.number), share=f"soit {share}" if known else "")


def summed(whole: Sum, planned: Sum | None = None) -> Amount:
    """« ≥ 2 000 € (1 non renseigné) »; of the spending, its share of what was planned when both are whole."""
    if whole.emptiness:
        return Amount(whole.emptiness.words, missing=True)
    share = (
        ratio(whole.total, planned.total) if planned and planned.is_complete and whole.is_complete else None
    )
    known = share is not None and share.number is not None
    return Amount(whole.display(format_euros), share=f"soit {share} du prévu" if known else "")


def spending_words(year: int, day: dt.date) -> str:
    """When the spending of a year is asked, as seen on a day."""
    following = year + 1
    if (day.year, day.month) < (following, SPENDING_MONTHS[0]):
        return f"à remplir en janvier-février {following}"
    if (day.year, day.month) <= (following, SPENDING_MONTHS[-1]):
        return f"à remplir avant le 1er mars {following}"
    return f"à remplir, attendu depuis mars {following}"


def spending_missing(lines: Iterable[FundingLine], day: dt.date) -> list[int]:
    """The years begun of which some spending is not told, oldest first."""
    return sorted(
        {
            line.year
            for line in lines
            if line.year <= day.year and line.value("executed").emptiness is Emptiness.EMPTY
        }
    )
