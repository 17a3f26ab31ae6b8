"""One geometry written as WKT, as databases write it in the cell of a table."""

import re
from typing import Any

from jalons.layers.geometry import LINE, OUTLINE, POINT
from jalons.layers.reading.collecting import RefusedFeature

START = re.compile(
    r"\s*(?:SRID=(\d+);)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?:Z|M|ZM)?\s*(?=\()", re.IGNORECASE
)
NUMBERS = re.compile(r"[-+\d.eE\s]+")
KINDS = {"POINT": POINT, "LINESTRING": LINE, "POLYGON": OUTLINE}
DEPTH = {POINT: 1, LINE: 1, OUTLINE: 2}  # brackets around one part
DEEPEST = 3


def looks_like_wkt(text: str) -> bool:
    return bool(START.match(text))


def read_wkt(text: str) -> list[tuple[str, list[Any]]]:
    start = START.match(text)
    if not start:
        raise RefusedFeature("wkt", text[:40])
    kind = KINDS[start[3].upper()]
    tree, end = read_group(text, start.end(), 1)
    if text[end:].strip():
        raise RefusedFeature("wkt", text[end : end + 40])
    depth = DEPTH[kind] + bool(start[2])
    if depth_of(tree) != depth:
        if not (kind == POINT and start[2] and depth_of(tree) == 1):  # MULTIPOINT (1 2, 3 4)
            raise RefusedFeature("wkt", text[:40])
        return [(kind, tree)]
    if kind == POINT:
        return [(kind, [group[0] for group in tree] if start[2] else tree[:1])]
    return [(kind, tree if start[2] else [tree])]


def depth_of(tree: Any) -> int:
    """Brackets around a list of positions."""
    depth = 0
    while isinstance(tree, list) and tree and isinstance(tree[0], list):
        tree, depth = tree[0], depth + 1
    return depth


def read_group(text: str, place: int, depth: int) -> tuple[list[Any], int]:
    """What stands in a pair of brackets, from the opening one."""
    if depth > DEEPEST:
        raise RefusedFeature("wkt", text[:40])
    items: list[Any] = []
    place += 1
    while place < len(text):
        if text[place] in " ,\t\r\n":
            place += 1
        elif text[place] == ")":
            return items, place + 1
        elif text[place] == "(":
            group, place = read_group(text, place, depth + 1)
            items.append(group)
        else:
            numbers = NUMBERS.match(text, place)
            if not numbers:
                break
            items.append(read_position(numbers[0]))
            place = numbers.end()
    raise RefusedFeature("wkt", text[:40])


def read_position(text: str) -> list[float]:
    try:
        x, y, *_ = (float(number) for number in text.split())
    except ValueError:
        raise RefusedFeature("wkt", text[:40]) from None
    return [x, y]
