"""A file of the exchange format → plain objects: JSON, its size, its depth, what no database takes."""

import json
import math
import re
from collections import Counter
from typing import Any

from jalons.conventions.exchange.codec import Log

LARGEST = 50 * 1024 * 1024
DEEPEST = 60
TOO_DEEP = f"Le fichier emboîte trop d’objets les uns dans les autres ({DEEPEST} niveaux au plus)."
# Ten times the largest convention: what holds more is not one, and would take minutes to say so.
MOST_VALUES = 500_000
HALF = re.compile("[\ud800-\udfff]")


class UnreadableFile(Exception):
    """Not a JSON file at all: `str()` says why, in French."""


def load(content: bytes) -> Any:
    """The JSON of a file. Raises `UnreadableFile`: too large, not UTF-8, cut, nested without end, keys said twice."""
    if len(content) > LARGEST:
        raise UnreadableFile(
            f"Le fichier pèse plus de {LARGEST // 1024 // 1024} Mo : ce n’est pas une convention."
        )
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"Le fichier n’est pas en UTF-8 (octet {error.start}). Enregistrez-le en UTF-8, sans le convertir."
        ) from None
    if not words.strip():
        raise UnreadableFile("Le fichier est vide.")
    try:
        content_read = json.loads(words, object_pairs_hook=once_each, parse_constant=refuse_constant)
    except UnreadableFile:
        raise
    except json.JSONDecodeError as error:
        cut = error.pos >= len(words.rstrip()) or error.msg.startswith("Unterminated string")
        why = (
            "le fichier s’arrête trop tôt, il a sans doute été coupé"
            if cut
            else "ce n’est pas du JSON valide"
        )
        raise UnreadableFile(f"Ligne {error.lineno}, colonne {error.colno} : {why}.") from None
    except RecursionError:
        raise UnreadableFile(TOO_DEEP) from None
    except ValueError:  # an integer of thousands of digits
        raise UnreadableFile("Le fichier contient un nombre démesuré.") from None
    place = too_deep_in(content_read)
    if place is not None:
        raise UnreadableFile(f"{TOO_DEEP} Voyez « {place} ».")
    return content_read


def too_deep_in(content: Any) -> str | None:
    """The key, or the rank, at the root of more than `DEEPEST` levels; None when there is none.

    Python's own reader gives up too, at a depth that changes with its version.
    """
    top = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    stack: list[tuple[str, Any, int]] = [(str(name), value, 1) for name, value in top]
    for _ in range(MOST_VALUES):
        if not stack:
            break
        place, value, depth = stack.pop()
        if depth > DEEPEST:
            return place
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        stack += [(place, part, depth + 1) for part in inside]
    return None


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value_by_key = dict(pairs)
    if len(value_by_key) != len(pairs):
        twice = next(name for name, number in Counter(name for name, _ in pairs).items() if number > 1)
        raise UnreadableFile(
            f"La clé « {twice} » est écrite deux fois dans le même objet : laquelle garder ?"
        )
    return value_by_key


def refuse_constant(name: str) -> Any:
    raise UnreadableFile(f"« {name} » n’est pas un nombre.")


def strange(document: Any, log: Log) -> bool:
    """Texts and numbers that no database takes, wherever they are; what is nested without end."""
    stack: list[tuple[str, Any, int]] = [("", document, 0)]
    count = 0
    while stack:
        path, value, depth = stack.pop()
        count += 1
        if count > MOST_VALUES:
            log.wrong("", f"{MOST_VALUES} valeurs au plus", "davantage")
            break
        if depth > DEEPEST:
            log.wrong(path[:200], f"{DEEPEST} niveaux au plus", "davantage")
        elif isinstance(value, dict):
            stack += [(f"{path}.{name}" if path else name, inner, depth + 1) for name, inner in value.items()]
            if not all(map(sound, value)):
                log.wrong(path, "des clés sans caractère nul ni moitié de caractère", "une clé impossible")
        elif isinstance(value, list):
            stack += [(f"{path}[{index}]", inner, depth + 1) for index, inner in enumerate(value)]
        elif isinstance(value, str):
            if not sound(value):
                log.wrong(
                    path, "un texte sans caractère nul ni moitié de caractère", "un caractère impossible"
                )
        elif isinstance(value, float) and not math.isfinite(value):
            log.wrong(path, "un nombre fini", value)
        elif isinstance(value, int) and abs(value) >= 10**18:
            log.wrong(path, "un nombre de 18 chiffres au plus", "un nombre démesuré")
    return bool(log.problems)


def sound(text: str) -> bool:
    """Neither NUL nor half a character: SQLite, PostgreSQL and UTF-8 take it."""
    return "\x00" not in text and HALF.search(text) is None
