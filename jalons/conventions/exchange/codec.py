"""Keys of a JSON object ↔ columns of a model. What has no column is kept with its object and written again.

Reading never stops at the first fault: each is noted with its path in the file, what was expected and what was found.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models

from jalons.core.values import exact
from jalons.core.values.text import french_spaces

MOST_PROBLEMS = 100
MOST_DROPPED = MOST_UNKNOWN = 200
SHOWN = 60
# In `kept`, what is not a key of the object: the objects that share its row (`@signature`), the names that Jalons gave
# to what the file did not name (`@sans-identifiant`, by key).
INSIDE = "@"
GENERATED = "@sans-identifiant"
EMPTY: tuple[Any, ...] = (None, "", [], {})


class Unfit(ValueError):
    """What was expected instead. `instead`: what can be kept of it all the same (a text that is too long, cut)."""

    def __init__(self, expected: str, instead: Any = None) -> None:
        super().__init__(expected)
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Problem:
    """`path`: where in the file (`fiches[3].budget[0].total`)."""

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return french_spaces(f"{self.path} : {self.expected} (trouvé : {self.found})")


@dataclass
class Log:
    """What is wrong in a file, what was dropped from it, and the keys that this version of Jalons does not know.

    `problems` refuse the file: who it is of, what its parts are to each other, its money. `dropped` are told, and the
    rest is read: any other value that does not fit. Unknown keys are told once each.
    """

    problems: list[Problem] = field(default_factory=list)
    dropped: list[Problem] = field(default_factory=list)
    undropped: int = 0  # beyond `MOST_DROPPED`
    unknown: dict[str, int] = field(default_factory=dict)
    untold: int = 0  # beyond `MOST_UNKNOWN`

    def wrong(self, path: str, expected: str, actual: object) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(path or "le fichier", expected, value_words(actual)))

    def drop(self, path: str, expected: str, actual: object) -> None:
        if len(self.dropped) < MOST_DROPPED:
            self.dropped.append(Problem(path or "le fichier", expected, value_words(actual)))
        else:
            self.undropped += 1

    def misfit(self, path: str, expected: str, actual: object) -> None:
        """Nothing at all where something was to be is dropped; something else is wrong."""
        if actual in EMPTY:
            self.drop(path, expected, actual)
        else:
            self.wrong(path, expected, actual)

    def unheard(self, path: str, name: str) -> None:
        place = re.sub(r"\[\d+\]", "[]", f"{path}.{name}" if path else name)
        if place in self.unknown or len(self.unknown) < MOST_UNKNOWN:
            self.unknown[place] = self.unknown.get(place, 0) + 1
        else:
            self.untold += 1


def value_words(value: object) -> str:
    """What stands in the file, on one line and cut: a text in guillemets, a kind for what is large."""
    if value is None:
        return "rien"
    if isinstance(value, bool):
        return "vrai ou faux"
    if isinstance(value, str):
        line = " ".join(value.split())
        return f"« {line if len(line) <= SHOWN else line[:SHOWN] + '…'} »"
    if isinstance(value, list):
        return f"une liste de {len(value)}"
    if isinstance(value, dict):
        return f"un objet ({', '.join(list(map(str, value))[:3])}…)" if value else "un objet vide"
    return str(value)[:SHOWN]


@dataclass(frozen=True, slots=True)
class Type:
    """How a value is read (raises `Unfit`) and written; `empty` stands for what is absent or null.

    `money`: a value that does not fit refuses the file, rather than being dropped.
    """

    read: Callable[[Any], Any]
    write: Callable[[Any], Any] = lambda value: value
    empty: Callable[[], Any] = str
    money: bool = False


def text(longest: int = 100_000) -> Type:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Unfit("un texte")
        if len(value) > longest:
            raise Unfit(f"un texte de {longest} caractères au plus", value[:longest])
        return value

    return Type(read)


def label(longest: int = 40) -> Type:
    """A number or a text that is a name: « 5 », « 2.1 », « Action 4 »."""

    def read(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Unfit("un numéro ou un texte")
        words = str(value)
        if len(words) > longest:
            raise Unfit(f"un numéro de {longest} caractères au plus")
        return words

    return Type(read)


def whole(lowest: int, highest: int) -> Type:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unfit("un nombre entier")
        if not lowest <= value <= highest:
            raise Unfit(f"un nombre entre {lowest} et {highest}")
        return value

    return Type(read, empty=lambda: None)


def decimal(digits: int, places: int, *, money: bool = False) -> Type:
    """A number that fits its column; further decimals are rounded there, and kept beside as they were written."""

    def read(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Unfit("un nombre")
        try:
            figure = Decimal(exact(value))
        except ValueError:
            raise Unfit("un nombre fini de 18 chiffres au plus") from None
        if figure.adjusted() >= digits - places:
            raise Unfit(f"un nombre de {digits - places} chiffres au plus avant la virgule")
        return figure.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)

    return Type(read, write=plain_number, empty=lambda: None, money=money)


def plain_number(figure: Any) -> int | float | None:
    if figure is None:
        return None
    number = exact(figure)
    return number if isinstance(number, int) else float(number)


def read_day(value: Any) -> dt.date:
    try:
        if not isinstance(value, str) or len(value) != len("2022-12-31"):
            raise ValueError
        return dt.date.fromisoformat(value)
    except ValueError:
        raise Unfit("une date AAAA-MM-JJ qui existe") from None


def read_truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("true ou false")
    return value


def read_figure(value: Any) -> Any:
    """`{"raw", "amount"}`: an amount of at most two decimals, or none."""
    if not isinstance(value, dict):
        raise Unfit("un montant {raw, amount}")
    amount = value.get("amount")
    if amount is not None:
        MONEY.read(amount)
    if value.get("raw") is not None and not isinstance(value["raw"], str):
        raise Unfit("un montant dont « raw » est un texte")
    return value


def read_amounts(amounts: Any) -> Any:
    """The amounts of a convention: figures under any name, and lists of them (`split_part_etat`)."""
    if not isinstance(amounts, dict):
        raise Unfit("un objet")
    for value in amounts.values():
        for figure in value if isinstance(value, list) else [value]:
            if isinstance(figure, dict):
                read_figure(figure)
    return amounts


def json_of(kinds: type | tuple[type, ...], expected: str, empty: Callable[[], Any]) -> Type:
    def read(value: Any) -> Any:
        if not isinstance(value, kinds):
            raise Unfit(expected)
        return value

    return Type(read, empty=empty)


def texts_or_numbers(value: Any) -> Any:
    if not isinstance(value, list) or any(
        isinstance(item, bool) or not isinstance(item, str | int) for item in value
    ):
        raise Unfit("une liste de numéros ou de textes")
    return value


def maybe_texts(value: Any) -> Any:
    if not isinstance(value, list) or any(not isinstance(item, str | None) for item in value):
        raise Unfit("une liste de textes")
    return value


MONEY = decimal(14, 2, money=True)
NUMBER = decimal(18, 4)
YEAR = whole(1900, 2200)
DAY = Type(read_day, write=lambda day: day.isoformat() if day else None, empty=lambda: None)
TRUTH = Type(read_truth, empty=lambda: None)
FIGURE = Type(read_figure, empty=lambda: None, money=True)
LIST = json_of(list, "une liste", list)
AMOUNTS = Type(read_amounts, empty=dict, money=True)
OBJECT = json_of(dict, "un objet", dict)
MAYBE_OBJECT = json_of(dict, "un objet", lambda: None)
MAYBE_CELL = json_of((dict, str), "un texte ou un objet {raw, items}", lambda: None)
LABELS = Type(texts_or_numbers, empty=list)
HEADERS = Type(maybe_texts, empty=list)


def tolerant(type_: Type, value: Any, path: str, log: Log) -> Any:
    """The value, or what can be kept of it. What is dropped is told; of money, only emptiness is."""
    if value is None:
        return type_.empty()
    try:
        return type_.read(value)
    except Unfit as unfit:
        if type_.money and value not in EMPTY:
            return without_emptiness(type_, value, unfit, path, log)
        log.drop(path, str(unfit), value)
        if unfit.instead is not None:
            return unfit.instead
        listed = [item for item in value if fits(type_, [item])] if isinstance(value, list) else []
        return listed or type_.empty()


def fits(type_: Type, value: Any) -> bool:
    try:
        type_.read(value)
    except Unfit:
        return False
    return True


def without_emptiness(type_: Type, value: Any, unfit: Unfit, path: str, log: Log) -> Any:
    """`{"raw": "10 €", "amount": []}` says no amount; « beaucoup » instead of one refuses the file."""
    emptied = cleared(value)
    if not fits(type_, emptied):
        log.wrong(path, str(unfit), value)
        return type_.empty()
    log.drop(path, str(unfit), value)
    return type_.read(emptied)


def cleared(value: Any) -> Any:
    """Without what says nothing, at any depth."""
    if isinstance(value, dict):
        return {name: cleared(inner) for name, inner in value.items() if inner not in EMPTY}
    return [cleared(inner) for inner in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class ShapeKey:
    """A key of the file and its column."""

    name: str
    column: str
    type: Type


@dataclass(frozen=True)
class Shape:
    """An object of the file and the model that holds it.

    `nested`: keys that are read and written by hand. `carried`: known keys without a column, kept as they are.
    `figures(name)`: whether a key that is none of these is one of an open set (`part_cd62`), read into `column`.
    `inside`: the name of the key that this object has in another which shares its row.
    """

    model: type[models.Model]
    keys: Sequence[ShapeKey]
    nested: frozenset[str] = frozenset()
    carried: frozenset[str] = frozenset()
    figures: Callable[[str, Any], bool] | None = None
    column: str = ""
    inside: str = ""

    def read(self, node: Any, path: str, log: Log, into: Any = None) -> Any:
        """The object, unsaved. What is not an object is a problem, and an empty one is answered."""
        record = self.model() if into is None else into
        if not isinstance(node, dict):
            log.misfit(path, "un objet", node)
            return record
        extra: dict[str, Any] = {}
        by_name = {key.name: key for key in self.keys}
        dynamic: dict[str, Any] = {}
        for name, value in node.items():
            key = by_name.get(name)
            if key is not None:
                setattr(record, key.column, self.value(key, value, f"{path}.{name}", log))
                if value != key.type.write(getattr(record, key.column)) or value in EMPTY:
                    extra[name] = value
            elif name in self.nested:
                if value in EMPTY:
                    extra[name] = value
            elif self.figures is not None and self.figures(name, value):
                if value in EMPTY and not self.column:
                    extra[name] = value
                dynamic[name] = value if value is None else self.figure(value, f"{path}.{name}", log)
            else:
                extra[name] = value
                if name not in self.carried:
                    log.unheard(path, name)
        if self.column:
            setattr(record, self.column, dynamic)
        self.keep(record, extra)
        return record

    def value(self, key: ShapeKey, value: Any, path: str, log: Log) -> Any:
        return tolerant(key.type, value, path, log)

    def figure(self, value: Any, path: str, log: Log) -> Any:
        return tolerant(FIGURE, value, path, log)

    def keep(self, record: Any, extra: dict[str, Any]) -> None:
        if self.inside:
            record.kept = {**record.kept, INSIDE + self.inside: extra}
        else:
            record.kept = {**record.kept, **extra}

    def write(self, record: Any, nested: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The object of the file: its columns, then what was kept and that no column contradicts."""
        extra = record.kept.get(INSIDE + self.inside, {}) if self.inside else record.kept
        written = {key.name: key.type.write(getattr(record, key.column)) for key in self.keys}
        written |= nested or {}
        written = {name: value for name, value in written.items() if value not in EMPTY}
        if self.column:
            written |= getattr(record, self.column)
        by_name = {key.name: key for key in self.keys}
        for name, given in extra.get(GENERATED, {}).items():
            if written.get(name) == given:
                written.pop(name)
                if name in extra:
                    written[name] = extra[name]
        for name, value in extra.items():
            if name.startswith(INSIDE):
                continue
            if name in by_name:
                if self.says_the_same(by_name[name], record, value):
                    written[name] = value
            elif name not in written:
                written[name] = value
        return written

    def says_the_same(self, key: ShapeKey, record: Any, value: Any) -> bool:
        """Is what was read still what the column says?"""
        try:
            read = key.type.empty() if value is None else key.type.read(value)
        except Unfit:
            return False
        return bool(read == getattr(record, key.column))
