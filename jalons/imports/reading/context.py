"""What a sheet says around its table: its date, its month, its unit, what its signs and its colours mean."""

import colorsys
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from jalons.core.values import Emptiness, ParseError, fold, format_date, french_spaces, parse_date
from jalons.core.values.date_parsing import MONTH_PATTERN
from jalons.core.values.dates import MONTHS
from jalons.core.values.text import unaccent
from jalons.imports.reading.days import SheetPeriod, month_of

_DAY = rf"\d{{1,2}}(?: ?er)? ?(?:[/.\-] ?\d{{1,2}} ?[/.\-] ?|{MONTH_PATTERN} ?)(?:\d{{4}}|\d{{2}})"
_SITUATION = re.compile(rf"\b(?:au|le|du|date ?:?|arrete au|etat au) ({_DAY})\b")
_MONTH_YEAR = re.compile(rf"\b({MONTH_PATTERN}) ?((?:20)?\d\d)\b")
_MONTH_NUMBER = re.compile(r"(?<![\d/])(?:0?[1-9]|1[0-2])/20\d\d\b", re.ASCII)
_YEAR = re.compile(r"\b20\d\d\b", re.ASCII)
_THOUSANDS = re.compile(r"\ben (?:k ?€|k ?euros?|keur|milliers d)|\((?:k ?€|keur)\)|^k ?€$")
_LEGEND = re.compile(r"(?:^|[;,.(] ?)(?P<sign>[-–—/]|tiret)\s*[=:]\s*(?P<means>[^;,.]+)")
_COLOUR = re.compile(
    r"(?:\b(?:en|fond|cellules?|cases?|lignes?)\s+(?:en\s+)?|^\s*(?=\w+\s*[=:]))"
    r"(?P<colour>orange|jaune|rouge|vert|bleu|violet|rose|gris)e?s?\s*[=:]?\s*(?P<means>[^;]+)"
)
# A colour that says nothing against the figures: « en vert : nouveau site ».
_SETTLED = re.compile(
    r"(?:les? |une? )?(?:sites? |lignes? |chiffres? )*"
    r"(?:nouveau|nouvel|nouvelle|mis a jour|a jour|valide|confirme)"
)
# What a colour behind a cell is called, by its hue in degrees (yellow and orange meet where Excel's own orange is).
HUES = (
    (15, "rouge"),
    (48, "orange"),
    (70, "jaune"),
    (170, "vert"),
    (260, "bleu"),
    (300, "violet"),
    (345, "rose"),
)
LONGEST_LEGEND = 80
GREY = 0.12  # of saturation
# A title of the exports of the national platform, which write « NC » where nothing is known, and how they say it.
_PLATFORM = "plateforme resorption bidonvilles"
PLATFORM_UNSAID = frozenset(["nc", "inconnu"])
MEANS: tuple[tuple[str, Emptiness | int], ...] = (
    ("zero", 0), ("aucun", 0), ("neant", 0), ("sans objet", Emptiness.NA), ("non applicable", Emptiness.NA),
    ("non concerne", Emptiness.NA), ("non determine", Emptiness.ND), ("non disponible", Emptiness.ND),
    ("inconnu", Emptiness.ND), ("pas compte", Emptiness.ND), ("non compte", Emptiness.ND),
    ("non renseigne", Emptiness.EMPTY),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetContext:
    """`dash`: what a dash means, when a note says it. `colours`: name of a colour, what the note says of it.

    `fills`: the words beside each colour of a legend (« FFC000 »).
    `year`: the only one of the titles, for months that do not say theirs.
    `unsaid`: folded words that say nothing in this file, and would be asked elsewhere.
    """

    as_of: dt.date | None = None
    period: SheetPeriod | None = None
    scale: int = 1
    dash: Emptiness | int | None = None
    colours: dict[str, str] = field(default_factory=dict)
    fills: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    unsaid: frozenset[str] = frozenset()
    from_1904: bool = False
    is_workbook: bool = True
    year: int | None = None


def context_of(
    sheet_name: str, titles: Sequence[str], notes: Sequence[str], *, today: dt.date, **looks: bool
) -> SheetContext:
    as_of = day_in([*titles, *notes], today=today)
    named, titled = month_of(sheet_name), next((month for month in map(month_in, titles) if month), None)
    period = period_of(as_of, named, titled)
    return SheetContext(
        as_of=as_of,
        period=period,
        year=period.year if period else year_in([sheet_name, *titles]),
        scale=1000 if any(says_thousands(title) for title in titles) else 1,
        dash=dash_in(notes),
        colours=colours_in([*titles, *notes]),
        fills={},
        warnings=tuple(warnings_of(period, titled)),
        unsaid=PLATFORM_UNSAID if any(_PLATFORM in fold(title) for title in titles) else frozenset(),
        **looks,
    )


def day_in(texts: Iterable[str], *, today: dt.date) -> dt.date | None:
    """« Situation au 28/09/2026 »."""
    for text in texts:
        for written in _SITUATION.findall(unaccent(text)):
            try:
                return parse_date(written, today=today)
            except ParseError:
                continue
    return None


def year_in(texts: Iterable[str]) -> int | None:
    years = {int(year) for text in texts for year in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


def month_in(text: str) -> tuple[int, int] | None:
    """« Observatoire des sites – octobre 2026 »."""
    match = _MONTH_YEAR.search(unaccent(text)) or _MONTH_NUMBER.search(text)
    month = month_of(match.group()) if match else None
    return (month[0], month[1]) if month and month[1] else None


def period_of(
    as_of: dt.date | None, named: tuple[int, int | None] | None, titled: tuple[int, int] | None
) -> SheetPeriod | None:
    """The day of the situation, else the month of the sheet's name, else that of its title."""
    if as_of:
        return SheetPeriod(as_of.year, as_of.month, as_of)
    if named and (year := named[1] or (titled[1] if titled else None)):
        return SheetPeriod(year, named[0])
    return SheetPeriod(titled[1], titled[0]) if titled else None


def warnings_of(period: SheetPeriod | None, titled: tuple[int, int] | None) -> list[str]:
    if period is None or titled is None or (period.month, period.year) == titled:
        return []
    of_title, of_sheet = f"{MONTHS[titled[0] - 1]} {titled[1]}", f"{MONTHS[period.month - 1]} {period.year}"
    sentence = f"Le titre dit {of_title}, la feuille est de {of_sheet}"
    day = f" (situation au {format_date(period.day)})" if period.day else ""
    return [french_spaces(f"{sentence}{day} : le titre n’a sans doute pas été changé.")]


def says_thousands(text: str) -> bool:
    return _THOUSANDS.search(unaccent(text)) is not None


def dash_in(notes: Iterable[str]) -> Emptiness | int | None:
    """« - = non compté »: only words that Jalons knows; anything else leaves the dash to be asked."""
    for note in notes:
        for match in _LEGEND.finditer(unaccent(note)):
            if match["sign"] != "/":
                return next((state for words, state in MEANS if words in match["means"]), None)
    return None


def colours_in(texts: Iterable[str]) -> dict[str, str]:
    colours = {}
    for text in texts:
        for match in _COLOUR.finditer(unaccent(text)):
            if not _SETTLED.match(match["means"].strip(" :=")):
                colours[match["colour"]] = text.strip()
    return colours


def legend_of(cells: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By colour, the words that a legend writes on it or beside it; one that two entries share says nothing."""
    words: dict[str, set[str]] = {}
    for fill, text in cells:
        plain = unaccent(text).strip(" :=")
        if fill and 3 < len(text) <= LONGEST_LEGEND and not plain.startswith(("legende", "total")):
            words.setdefault(fill, set()).add(text)
    alone = {fill: texts.pop() for fill, texts in words.items() if len(texts) == 1}
    return {fill: text for fill, text in alone.items() if not _SETTLED.match(unaccent(text).strip(" :="))}


def colour_name(fill: str) -> str:
    """« orange » for FFC000; nothing for white, black and what has no name here."""
    red, green, blue = (int(fill[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < GREY:
        return "gris" if 0.15 < lightness < 0.97 else ""
    degrees = hue * 360
    return next((name for limit, name in HUES if degrees < limit), "rouge")
