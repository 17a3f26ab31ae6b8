"""Numbers as people write them in a table: « 12 pers. », « ~30 », « 20-25 », « 45,5 k€ », « (1 500) »."""

import re
from dataclasses import dataclass
from decimal import Decimal

from jalons.core.values import Number, ParseError, exact, format_number, parse_number
from jalons.core.values.text import unaccent
from jalons.imports.reading.remembered import remembered
from jalons.imports.reading.typed import TypedCell, doubtful, number_cell

# What one may count, and the words that say it after a number, folded, without their full stop.
UNIT_WORDS = {
    "people": "pers personne personnes p hab habitant habitants individus occupants",
    "households": "fam famille familles men menage menages foyer foyers",
    "minors": "enf enfant enfants min mineur mineurs bebe bebes",
    "dwellings": "car carav caravane caravanes cab cabane cabanes tente tentes hab habitations baraques",
    "contracts": "contrat contrats cdd cdi",
    "euros": "€ euro euros eur k€ ke keur m€ me meur k",
    "share": "% pourcent",
    "fte": "etp",
}
WORDS = {word: unit for unit, words in UNIT_WORDS.items() for word in words.split()}
OF_UNIT = {
    unit: frozenset(words.split()) for unit, words in UNIT_WORDS.items()
}  # « hab » : habitants, habitations
SCALES = {**dict.fromkeys(("k€", "ke", "keur", "k"), 1000), **dict.fromkeys(("m€", "me", "meur"), 1_000_000)}

_N = r"[+\-−]?\d[\d ]*(?:[.,]\d+)?"
_UNIT = r"(?: ?(?P<unit>[a-z€%]+€?)\.?)?"
_ABOUT = r"(?:~|≈|±|\+ ?/ ?-|environ|env\.?|approx\.?|autour de|a peu pres|pres de|plus de|moins de|au moins|"
_ABOUT += r"au plus|>|<|max\.?|min\.?)"
_ONE = re.compile(rf"(?P<n>{_N}){_UNIT}")
_BEFORE = re.compile(rf"(?P<about>{_ABOUT}) ?(?P<n>{_N}){_UNIT}")
_AFTER = re.compile(
    rf"(?P<n>{_N}){_UNIT} ?(?P<about>\?+|environ|env\.?|\+/-|±|\+|\(\?\)|\(env\.?\)|\(environ\))"
)
_RANGE = re.compile(rf"(?:entre )?(?P<a>{_N}) ?(?:-|–|/|a|ou|et|->) ?(?P<b>{_N}){_UNIT}")
_SUM = re.compile(rf"(?P<a>{_N}) ?\+ ?(?P<b>{_N})(?P<rest>.*)")
_BRACKETED = re.compile(rf"\( ?(?P<n>{_N}){_UNIT} ?\)")
_AMONG = re.compile(rf"(?P<n>{_N}){_UNIT} ?\(? ?(?:dont|donc|y compris|avec) ?(?P<m>{_N})?(?P<rest>.*?)\)?")
_DETAILED = re.compile(rf"(?P<n>{_N})(?: ?[a-z]+\.?)? ?[(:=] ?(?P<rest>[^()]*)\)?")
_TENS = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
}  # fmt: skip
_ROUGHLY = re.compile(rf"(?:une? |env\.? |environ )*(?P<tens>{'|'.join(_TENS)})(?: de .*| d'.*)?")
# « 1.250.000,00 »: two dots, or a comma after one, leave no doubt.
_DOTTED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:(?:\.\d{3}){2,}(?:,\d+)?|\.\d{3},\d+)(?![\d.,])", re.ASCII)
_LONG_SCALE = re.compile(r"(?<=[\d ])(k|m|milliers|millions?) ?(?:d' ?)?(?:€|euros?|eur)(?![a-z])")
_GROUPED = re.compile(r"([1-9]\d{0,2})\.(\d{3})", re.ASCII)
_COMMA = re.compile(r"([1-9]\d{0,2}),(\d{3})", re.ASCII)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class CellUnit:
    """What a column counts. `unit`: a key of `UNIT_WORDS`; `scale`: 1000 when its header says k€.

    `stated`: the header says its unit, whatever the titles of the sheet say.
    """

    unit: str = ""
    scale: int = 1
    stated: bool = False

    @property
    def is_money(self) -> bool:
        return self.unit == "euros"


def read_number(text: str, measure: CellUnit) -> TypedCell:
    """What a text says in a column of numbers. Never fails."""
    plain = _DOTTED.sub(lambda match: match[0].replace(".", ""), plain_of(text))
    if measure.is_money:
        plain = in_short(plain.removesuffix(" ttc"))
    if len(plain) > LONGEST:
        return doubtful(text, "un long texte à la place d’un nombre")
    for reader in (
        read_comma,
        read_one,
        read_grouped,
        read_about,
        read_range,
        read_sum,
        read_bracketed,
        read_roughly,
        read_among,
    ):
        if (cell := reader(plain, text, measure)) is not None:
            return cell
    return doubtful(text, "un texte à la place d’un nombre")


def plain_of(text: str) -> str:
    """Lower case without accents, one kind of space and of apostrophe."""
    bare = re.sub(r"[’‘ʼ`´′]", "'", unaccent(text))
    return re.sub(r"[^\S\n\t]+", " ", bare).strip()


def in_short(plain: str) -> str:
    """« 12,5 K euros », « 45 milliers d’euros » as « 12,5 k€ », « 45 k€ »."""
    return _LONG_SCALE.sub(
        lambda match: f"{'m' if match[1].startswith('m') and match[1] != 'milliers' else 'k'}€", plain
    )


@remembered
def number_of(written: str) -> Number | None:
    """A table says the same words in many of its cells. Few are kept: the worker lives on after the table."""
    try:
        return parse_number(written)
    except ValueError:
        return None


def unit_of(match: re.Match[str]) -> str:
    return (match.groupdict().get("unit") or "").strip()


def scaled(number: Number, word: str, measure: CellUnit) -> Number:
    """In euros. The unit of the cell wins over that of the column."""
    if not measure.is_money:
        return number
    if word in SCALES:
        return times(number, SCALES[word])
    return number if WORDS.get(word) == "euros" else times(number, measure.scale)


def scale_words(measure: CellUnit) -> str:
    """How an amount of this column was read."""
    return f"en {'milliers' if measure.scale == 1000 else 'millions'} d’euros, d’après le tableau"


def times(number: Number, by: int) -> Number:
    return exact(Decimal(number) * by)


def fits(word: str, measure: CellUnit) -> bool:
    """A word says nothing else than what the column counts; a column that counts nothing known takes any."""
    told = WORDS.get(word)
    return (
        not word
        or word in OF_UNIT.get(measure.unit, ())
        or (not measure.unit and told is not None and told != "euros")
    )


def read_one(plain: str, text: str, measure: CellUnit) -> TypedCell | None:
    match = _ONE.fullmatch(plain)
    number = number_of(match["n"]) if match else None
    if match is None or number is None:
        return None
    word = unit_of(match)
    if not fits(word, measure):
        told = WORDS.get(word)
        if told is None:
            return doubtful(text, "un nombre suivi d’un mot que Jalons ne connaît pas", suggest=None)
        return doubtful(text, "une autre unité que celle de la colonne", suggest=None)
    if len(match["n"]) > 1 and match["n"].startswith("0") and match["n"].isdigit():
        return doubtful(text, "un zéro devant : un code, ou un nombre ?", suggest=number)
    note = "nombre écrit en texte"
    if word in SCALES and measure.is_money:
        note = f"« {word} » dans la case"
    elif word:
        note = f"avec son unité, « {word} »"
    elif measure.is_money and measure.scale != 1:
        note = scale_words(measure)
    return number_cell(scaled(number, word, measure), note)


def read_comma(plain: str, text: str, measure: CellUnit) -> TypedCell | None:
    """« 3,000 » people, « 12,500 » euros: the comma of other countries?"""
    match = _COMMA.fullmatch(plain.rstrip("€ ")) if measure.unit else None
    if match is None or measure.scale != 1:
        return None
    number = int(match[1] + match[2])
    return doubtful(text, f"{match[1]} {match[2]} ou {match[1]},{match[2]} ?", suggest=number)


def read_grouped(plain: str, text: str, measure: CellUnit) -> TypedCell | None:
    """« 20.000 »: 20 000 with the point of other countries, or 20,000?"""
    match = _GROUPED.fullmatch(plain.rstrip("€ "))
    if match is None:
        return None
    number = scaled(int(match[1] + match[2]), "", measure)
    return doubtful(text, f"{match[1]} {match[2]} ou {match[1]},{match[2]} ?", suggest=number)


def read_about(plain: str, text: str, measure: CellUnit) -> TypedCell | None:
    match = _BEFORE.fullmatch(plain) or _AFTER.fullmatch(plain)
    number = number_of(match["n"].strip()) if match else None
    if match is None or number is None:
        return None
    suggest = scaled(number, unit_of(match), measure) if fits(unit_of(match), measure) else None
    reason = "un point d’interrogation" if "?" in match["about"] else "une approximation"
    return doubtful(text, reason, suggest=suggest)


def read_range(plain: str, text: str, measure: CellUnit) -> TypedCell | None:
    match = _RANGE.fullmatch(plain)
    if match is None:
        return None
    word = unit_of(match)
    bounds = [number_of(match[name].strip()) for name in ("a", "b")]
    if None in bounds:
        return None
    low, high = sorted(scaled(bound, word, measure) for bound in bounds if bound is not None)
    if not fits(word, measure):
        return doubtful(text, "une autre unité que celle de la colonne")
    return doubtful(text, f"entre {format_number(low)} et {format_number(high)}", low=low, high=high)


def read_sum(plain: str, text: str, measure: CellUnit) -> TypedCell | None:
    match = _SUM.fullmatch(plain)
    parts = [number_of(match[name].strip()) for name in ("a", "b")] if match else [None]
    if match is None or None in parts:
        return None
    word = match["rest"].strip(" .")
    total = exact(sum(Decimal(part) for part in parts if part is not None))
    return doubtful(text, "une somme écrite en texte", suggest=scaled(total, word, measure))


def read_bracketed(plain: str, text: str, measure: CellUnit) -> TypedCell | None:
    """« (1 500) »: accountants write a negative amount so, others a remark."""
    match = _BRACKETED.fullmatch(plain)
    number = number_of(match["n"].strip()) if match else None
    if match is None or number is None:
        return None
    suggest = times(scaled(number, unit_of(match), measure), -1 if measure.is_money else 1)
    return doubtful(text, "entre parenthèses : un montant en moins, ou une remarque ?", suggest=suggest)


def read_roughly(plain: str, text: str, measure: CellUnit) -> TypedCell | None:
    match = _ROUGHLY.fullmatch(plain)
    return match and doubtful(text, "une approximation en lettres", suggest=_TENS[match["tens"]])


def read_detailed(plain: str, text: str, measure: CellUnit) -> TypedCell | None:
    """« 10 (8 adultes + 2 enfants) »: the details add up to the number."""
    match = _DETAILED.fullmatch(plain)
    number = number_of(match["n"].strip()) if match else None
    parts = [number_of(part) for part in re.findall(r"\d+", match["rest"])] if match else []
    if (
        number is None
        or len(parts) < 2
        or sum(Decimal(part) for part in parts if part is not None) != Decimal(number)
    ):
        return None
    return doubtful(text, "un nombre et son détail", suggest=scaled(number, "", measure))


def read_among(plain: str, text: str, measure: CellUnit) -> TypedCell | None:
    """« 12 000 (dont 2 000 nature) »."""
    if (detailed := read_detailed(plain, text, measure)) is not None:
        return detailed
    match = _AMONG.fullmatch(plain)
    number = number_of(match["n"].strip()) if match else None
    if match is None or number is None:
        return None
    whole = scaled(number, unit_of(match), measure)
    part = number_of(match["m"].strip()) if match["m"] else None
    if part is None or not measure.is_money:
        return doubtful(text, "un nombre et son détail", suggest=whole)
    without = exact(Decimal(whole) - Decimal(scaled(part, unit_of(match), measure)))
    return doubtful(
        text, "un montant et son détail : à compter ensemble ?", suggest=whole, low=without, high=whole
    )


__all__ = ["CellUnit", "ParseError", "number_of", "plain_of", "read_number", "scale_words", "times"]
