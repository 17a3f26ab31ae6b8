"""The year in a text: changed where it can only be the year of the convention, pointed at elsewhere."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# What is left to be written: the rule on placeholders finds it.
BLANK = "xxxx"
AMOUNT = re.compile(
    r"(?<![\d,.])(\d{1,3}(?:[\s\u00a0\u202f]\d{3})+|\d{4,})(?:,(\d{1,2}))?(?=[\s\u00a0\u202f]*(?:€|euros?\b))"
)
# « 2019-2022 », « DGASOL/2022/241 », « 2022.12 »: a piece of something longer.
APART = r"(?<![\d/.\-–n°])"
ALONE = r"(?![/\-–]?\d)"
NAMES = "ann[ée]e|exercice|campagne|objectifs?|bilan|pr[ée]visionnel(?:le)?s?|calpae|convention"


@dataclass(frozen=True, slots=True)
class Moved:
    """`text`: as it will be; `before`: as it was. `doubts`: why a person must read it again, in French."""

    text: str
    before: str
    doubts: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.text != self.before


def moved(text: str, year: int, amounts: Collection[Decimal] = ()) -> Moved:
    """A sentence of the year after. `amounts`: those of the year, which are not known any more."""
    following = str(year + 1)
    spans: list[tuple[int, int, str]] = []
    for start, end in certain(text, year):
        spans.append((start, end, following))
    for match in re.finditer(rf"(31\s+mars\s+){year + 1}\b", text, re.IGNORECASE):
        spans.append((match.end() - 4, match.end(), str(year + 2)))
    doubts = []
    for match in AMOUNT.finditer(text):
        if amount_of(match) in amounts:
            spans.append((match.start(), match.end(), BLANK))
            doubts.append(f"le montant de {year} est laissé en blanc ({BLANK})")
    covered = [(start, end) for start, end, _ in spans]
    for match in re.finditer(rf"(?<!\d)(?:{year}|{year + 1})(?!\d)", text):
        if not any(start <= match.start() < end for start, end in covered):
            doubts.append(f"« {match.group()} » est cité : à garder ou à changer ?")
    written = text
    for start, end, other in sorted(set(spans), reverse=True):
        written = written[:start] + other + written[end:]
    return Moved(written, text, tuple(dict.fromkeys(doubts)))


def certain(text: str, year: int) -> Iterator[tuple[int, int]]:
    """Where the year can only be that of the convention: « l’année 2022 », « du 1er janvier au 31 décembre 2022 »."""
    for match in re.finditer(rf"\b(?:{NAMES})\s+({year}){ALONE}", text, re.IGNORECASE):
        yield match.span(1)
    period = rf"\b1er\s+janvier(?:\s+({year}))?\s+(?:et\s+le\s+|au\s+)31\s+d[ée]cembre\s+({year}){ALONE}"
    for match in re.finditer(period, text, re.IGNORECASE):
        if match.group(1):
            yield match.span(1)
        yield match.span(2)


def amount_of(match: re.Match[str]) -> Decimal:
    whole = re.sub(r"\s", "", match.group(1))
    return Decimal(f"{whole}.{match.group(2) or 0}")


def renamed(text: str, year: int, by: int = 1) -> str:
    """A name that bears the year (« OBJECTIF 2022 », « Montant prévisionnel 2022 »): it bears the next one."""
    return re.sub(rf"{APART}{year}{ALONE}", str(year + by), text)


def each_renamed(texts: Iterable[Any], year: int) -> list[Any]:
    return [renamed(text, year) if isinstance(text, str) else text for text in texts]


def bears(text: str, year: int) -> bool:
    return re.search(rf"{APART}{year}{ALONE}", text) is not None


def without_amounts(value: Any) -> Any:
    """A piece of JSON without its printed amounts; the rules in words stay."""
    if isinstance(value, dict):
        left = {
            name: inner
            for name, inner in value.items()
            if "amount" not in value or name not in ("amount", "raw")
        }
        return {name: without_amounts(inner) for name, inner in left.items()}
    if isinstance(value, list):
        return [without_amounts(inner) for inner in value]
    return value


def moved_json(value: Any, year: int, deadline: str = "") -> Any:
    """Dates and years of a clause that are those of the convention: its first and last days, its deadline."""
    if isinstance(value, dict):
        return {
            name: inner + 1 if name == "year" and inner == year else moved_json(inner, year, deadline)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [moved_json(inner, year, deadline) for inner in value]
    if not isinstance(value, str):
        return value
    if value in (f"{year}-01-01", f"{year}-12-31"):
        return f"{year + 1}{value[4:]}"
    if deadline and value in (f"{year}-{deadline}", f"{year + 1}-{deadline}"):
        return f"{int(value[:4]) + 1}{value[4:]}"
    return moved(value, year).text
