"""What is gathered from a file, whatever its form, within limits: features, and everything wrong with them.

A file is judged whole: a feature that is refused does not hide the next. Codes here; `words` says them.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from jalons.layers.geometry import LINE, OUTLINE, POINT, ring_area, vertices
from jalons.layers.reading import lambert

DECIMALS = 6  # eleven centimetres
LONGEST_VALUE, LONGEST_KEY = 80, 60
MOST_KEYS = 60
MOST_PROBLEMS = 200  # written one by one; the others are counted
# Where France is, overseas included: west, south, east, north. No place of one is in another once turned over.
FRANCE = (
    (-6.0, 40.5, 11.0, 52.0),
    (-63.5, 14.0, -60.5, 18.5),
    (-55.0, 1.5, -51.0, 6.5),
    (55.0, -21.8, 56.2, -20.5),
    (44.7, -13.3, 45.6, -12.4),
    (-57.0, 46.5, -56.0, 47.3),
    (163.0, -23.5, 169.0, -19.0),
    (-155.5, -28.5, -134.0, -7.0),
    (-178.8, -15.0, -175.5, -12.5),
)
METRES = 1000  # beyond, a coordinate is no degree


class RefusedFile(Exception):
    """The whole file is refused; `code` and `detail` say why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail[:LONGEST_VALUE]


class RefusedFeature(Exception):
    """One feature is refused, and the next is read."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail[:LONGEST_VALUE]


@dataclass(slots=True)
class RawFeature:
    """`where`: how a person finds it (« objet 12 », « ligne 3 »)."""

    where: str
    kind: str
    parts: list[Any]
    properties: dict[str, str]


@dataclass(slots=True)
class Gathered:
    """`grid`: « degrees » or « lambert93 », as the person or the file says. `ignored`: what was no feature, counted."""

    features_limit: int
    vertices_limit: int
    grid: str = "degrees"
    features: list[RawFeature] = field(default_factory=list)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    refused: int = 0
    cut: int = 0
    vertices: int = 0
    keys: dict[str, None] = field(default_factory=dict)
    ignored: dict[str, int] = field(default_factory=dict)

    def refuse(self, where: str, refusal: RefusedFeature) -> None:
        self.refused += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((where, refusal.code, refusal.detail))

    def ignore(self, what: str) -> None:
        self.ignored[what] = self.ignored.get(what, 0) + 1

    def add(self, where: str, shapes: Iterable[tuple[str, list[Any]]], properties: dict[str, Any]) -> None:
        """A feature and its shapes, one of each kind; `RefusedFeature` is counted, `RefusedFile` goes through."""
        try:
            by_kind = joined(shapes)
            if not by_kind:
                raise RefusedFeature("empty")
            plain = self.plain(properties)
            for kind, parts in by_kind.items():
                self.features.append(RawFeature(where, kind, parts, plain))
                self.vertices += vertices(kind, parts)
        except RefusedFeature as refusal:
            self.refuse(where, refusal)
        if len(self.features) > self.features_limit:
            raise RefusedFile("features", str(self.features_limit))
        if self.vertices > self.vertices_limit:
            raise RefusedFile("vertices", str(self.vertices_limit))

    def plain(self, properties: dict[str, Any]) -> dict[str, str]:
        """Short texts; what is no text, no number and no yes or no is left out."""
        texts = {}
        for key, value in properties.items():
            name = " ".join(str(key).split())[:LONGEST_KEY]
            if not name or (name not in self.keys and len(self.keys) >= MOST_KEYS):
                continue
            text = plain_text(value)
            if not text:
                continue
            self.keys[name] = None
            if len(text) > LONGEST_VALUE:
                self.cut += 1
                text = f"{text[: LONGEST_VALUE - 1].rstrip()}…"
            texts[name] = text
        return texts


def plain_text(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        value = int(value) if math.isfinite(value) and value == int(value) and abs(value) < 1e15 else value
    if not isinstance(value, str | int | float):
        return ""
    shaped = "".join(c if c.isprintable() or c in "\n\t" else " " for c in str(value)[:2000])
    return " ".join(shaped.split())


def joined(shapes: Iterable[tuple[str, list[Any]]]) -> dict[str, list[Any]]:
    """One geometry of each kind."""
    by_kind: dict[str, list[Any]] = {}
    for kind, parts in shapes:
        checked = [CHECKS[kind](part) for part in parts]
        if checked:
            by_kind.setdefault(kind, []).extend(checked)
    return by_kind


# Shapes ---------------------------------------------------------------------------------------------------------


def checked_position(position: Any) -> list[float]:
    if not isinstance(position, list | tuple) or len(position) < 2:
        raise RefusedFeature("position")
    x, y = position[0], position[1]
    for number in (x, y):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise RefusedFeature("position")
        if not abs(number) <= 1e9:  # a NaN too
            raise RefusedFeature("number")
    return [float(x), float(y)]


def checked_line(line: Any) -> list[list[float]]:
    if not isinstance(line, list | tuple):
        raise RefusedFeature("position")
    positions = without_repeats([checked_position(position) for position in line])
    if len(positions) < 2:
        raise RefusedFeature("short_line")
    return positions


def checked_polygon(polygon: Any) -> list[list[list[float]]]:
    if not isinstance(polygon, list | tuple) or not polygon:
        raise RefusedFeature("empty")
    return [checked_ring(ring) for ring in polygon]


def checked_ring(ring: Any) -> list[list[float]]:
    """Closed, even when the file left it open."""
    if not isinstance(ring, list | tuple):
        raise RefusedFeature("position")
    positions = without_repeats([checked_position(position) for position in ring])
    if positions and positions[0] != positions[-1]:
        positions.append(list(positions[0]))
    if len(positions) < 4:
        raise RefusedFeature("short_ring")
    return positions


def without_repeats(positions: list[list[float]]) -> list[list[float]]:
    return [
        position
        for number, position in enumerate(positions)
        if not number or position != positions[number - 1]
    ]


CHECKS: dict[str, Callable[[Any], Any]] = {
    POINT: checked_position,
    LINE: checked_line,
    OUTLINE: checked_polygon,
}


# Places ---------------------------------------------------------------------------------------------------------


def placed(gathered: Gathered) -> bool:
    """Puts every feature in degrees, in France; were longitudes and latitudes turned over?

    Said of the whole file: none of it stands in France as it is, and all of it once turned over. Features elsewhere
    are refused one by one.
    """
    features = gathered.features
    boxes = [positions_of(feature) for feature in features]
    if any(abs(number) > METRES for line in boxes for position in line for number in position):
        if gathered.grid != "lambert93":
            raise RefusedFile("metres")
    elif gathered.grid == "lambert93" and features:
        raise RefusedFile("degrees")
    if gathered.grid == "lambert93":
        for feature in features:
            feature.parts = moved(feature.kind, feature.parts, lambda p: list(lambert.degrees(p[0], p[1])))
    turned = turned_over(features)
    keep = []
    for feature in features:
        move = turn if turned else straight
        feature.parts = moved(feature.kind, feature.parts, move)
        if not all(in_france(position) for position in positions_of(feature)):
            longitude, latitude = next(p for p in positions_of(feature) if not in_france(p))
            gathered.refuse(feature.where, RefusedFeature("outside", f"{latitude:.4f} ; {longitude:.4f}"))
        elif feature.kind == OUTLINE and not any(ring_area(polygon[0]) for polygon in feature.parts):
            gathered.refuse(feature.where, RefusedFeature("flat"))
        else:
            keep.append(feature)
    gathered.features = keep
    return turned


def turned_over(features: Sequence[RawFeature]) -> bool:
    everything = [position for feature in features for position in positions_of(feature)]
    if not everything or any(in_france(position) for position in everything):
        return False
    return all(in_france((position[1], position[0])) for position in everything)


def straight(position: Sequence[float]) -> list[float]:
    return [round(position[0], DECIMALS), round(position[1], DECIMALS)]


def turn(position: Sequence[float]) -> list[float]:
    return [round(position[1], DECIMALS), round(position[0], DECIMALS)]


def in_france(position: Sequence[float]) -> bool:
    x, y = position[0], position[1]
    return any(west <= x <= east and south <= y <= north for west, south, east, north in FRANCE)


def positions_of(feature: RawFeature) -> list[list[float]]:
    if feature.kind == POINT:
        return feature.parts
    lines = feature.parts if feature.kind == LINE else [ring for polygon in feature.parts for ring in polygon]
    return [position for line in lines for position in line]


def moved(kind: str, parts: list[Any], move: Callable[[Sequence[float]], list[float]]) -> list[Any]:
    if kind == POINT:
        return [move(position) for position in parts]
    if kind == LINE:
        return [[move(position) for position in line] for line in parts]
    return [[[move(position) for position in ring] for ring in polygon] for polygon in parts]
