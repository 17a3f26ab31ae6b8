"""Points, lines and outlines in degrees: what they measure, and how they are drawn with fewer corners. Pure.

A geometry is a kind and parts: the coordinates of a MultiPoint, a MultiLineString or a MultiPolygon.
"""

import heapq
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

POINT, LINE, OUTLINE = "point", "line", "outline"
MULTI = {POINT: "MultiPoint", LINE: "MultiLineString", OUTLINE: "MultiPolygon"}
SINGLE = {POINT: "Point", LINE: "LineString", OUTLINE: "Polygon"}
EARTH_RADIUS = 6_371_000  # metres
DEGREE = math.radians(1) * EARTH_RADIUS  # metres of one degree of latitude
DRAWN_DECIMALS = 5
Position = Sequence[float]  # longitude, latitude
Box = tuple[float, float, float, float]  # west, south, east, north


def geojson_of(kind: str, parts: Sequence[Any]) -> dict[str, Any]:
    """A GeoJSON geometry, simple when there is one part."""
    if len(parts) == 1:
        return {"type": SINGLE[kind], "coordinates": parts[0]}
    return {"type": MULTI[kind], "coordinates": list(parts)}


def lines_of(kind: str, parts: Sequence[Any]) -> Iterator[Sequence[Position]]:
    """Every run of corners: a point alone is a run of one."""
    for part in parts:
        if kind == POINT:
            yield [part]
        elif kind == LINE:
            yield part
        else:
            yield from part


def positions(kind: str, parts: Sequence[Any]) -> Iterator[Position]:
    for line in lines_of(kind, parts):
        yield from line


def vertices(kind: str, parts: Sequence[Any]) -> int:
    return sum(len(line) for line in lines_of(kind, parts))


def box_of(kind: str, parts: Sequence[Any]) -> Box:
    return box_around(positions(kind, parts))


def box_around(corners: Iterable[Position]) -> Box:
    longitudes, latitudes = zip(*corners, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def ring_area(ring: Sequence[Position]) -> float:
    """Square degrees, never negative."""
    pairs = itertools.pairwise(ring)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


# Distances ------------------------------------------------------------------------------------------------------


def metres_between(place: Position, kind: str, parts: Sequence[Any]) -> float:
    """From a point to the nearest edge of a geometry; 0 inside an outline.

    On a plane that touches the Earth at the point: good to a thousandth within ten kilometres.
    """
    scale = math.cos(math.radians(place[1]))

    def flat(position: Position) -> tuple[float, float]:
        return (position[0] - place[0]) * scale * DEGREE, (position[1] - place[1]) * DEGREE

    if kind == OUTLINE and any(holds(polygon, place) for polygon in parts):
        return 0.0
    return min(line_distance([flat(corner) for corner in line]) for line in lines_of(kind, parts))


def line_distance(line: Sequence[tuple[float, float]]) -> float:
    """From the origin to a run of corners."""
    if len(line) == 1:
        return math.hypot(*line[0])
    return min(segment_distance((0.0, 0.0), a, b) for a, b in itertools.pairwise(line))


def segment_distance(point: Position, start: Position, end: Position) -> float:
    wide, high = end[0] - start[0], end[1] - start[1]
    length = wide * wide + high * high
    share = 0.0
    if length:
        share = ((point[0] - start[0]) * wide + (point[1] - start[1]) * high) / length
        share = min(1.0, max(0.0, share))
    return math.hypot(start[0] + share * wide - point[0], start[1] + share * high - point[1])


def holds(polygon: Sequence[Sequence[Position]], place: Position) -> bool:
    """Inside the outer ring and outside of the holes: an odd number of rings crossed to the east."""
    return sum(crossings(ring, place) for ring in polygon) % 2 == 1


def crossings(ring: Sequence[Position], place: Position) -> int:
    x, y = place[0], place[1]
    count = 0
    for a, b in itertools.pairwise(ring):
        if (a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]:
            count += 1
    return count


def moved_to_paper(kind: str, parts: Sequence[Any]) -> list[Any]:
    """Good to a metre, which is enough to draw; corners that become one stay one."""

    def near(position: Position) -> list[float]:
        return [round(position[0], DRAWN_DECIMALS), round(position[1], DRAWN_DECIMALS)]

    if kind == POINT:
        return [near(position) for position in parts]
    if kind == LINE:
        return [[near(position) for position in line] for line in parts]
    return [[[near(position) for position in ring] for ring in polygon] for polygon in parts]


# Fewer corners --------------------------------------------------------------------------------------------------


def corner_weights(line: Sequence[Position], least: int) -> list[float]:
    """How much each corner matters: the side, in degrees, of a square as large as what is lost without it.

    Visvalingam and Whyatt: the smallest triangle goes first, then those beside it are measured again. The two ends,
    and the last to go so that `least` stay, matter without limit.
    """
    last = len(line) - 1
    weights = [math.inf] * len(line)
    before, after = list(range(-1, last)), list(range(1, last + 2))
    heap = [(triangle(line, number - 1, number, number + 1), number) for number in range(1, last)]
    current = {number: area for area, number in heap}
    heapq.heapify(heap)
    largest, remaining = 0.0, len(line)
    while heap and remaining > least:
        area, number = heapq.heappop(heap)
        if current.get(number) != area:
            continue  # measured again since
        largest = max(largest, area)
        weights[number] = math.sqrt(largest)
        del current[number]
        remaining -= 1
        left, right = before[number], after[number]
        after[left], before[right] = right, left
        for near in (left, right):
            if 0 < near < last:
                current[near] = triangle(line, before[near], near, after[near])
                heapq.heappush(heap, (current[near], near))
    return weights


def triangle(line: Sequence[Position], a: int, b: int, c: int) -> float:
    (ax, ay), (bx, by), (cx, cy) = line[a], line[b], line[c]
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2


class WeighedShape:
    """A geometry that can be asked to be simpler again and again."""

    def __init__(self, kind: str, parts: Sequence[Any]) -> None:
        self.kind, self.parts = kind, parts
        polygons = [[line] for line in parts] if kind == LINE else parts if kind == OUTLINE else []
        least = 4 if kind == OUTLINE else 2
        self.lines = [[Weighed(line, corner_weights(line, least)) for line in lines] for lines in polygons]

    def simpler(self, size: float) -> list[Any]:
        """Without what is smaller than `size` degrees: corners, holes, parts (the largest stays), points too close."""
        if self.kind == POINT:
            return spread(self.parts, size)
        most = max(lines[0].size for lines in self.lines)
        drawn = []
        for outer, *holes in self.lines:
            if outer.size <= size and outer.size < most:
                continue
            rings = [outer, *(hole for hole in holes if hole.size > size)]
            drawn.append([ring.simpler(size) for ring in rings])
        return [lines[0] for lines in drawn] if self.kind == LINE else drawn


class Weighed:
    """A run of corners, how much each matters, and how far it spreads."""

    def __init__(self, line: Sequence[Position], weights: Sequence[float]) -> None:
        self.line, self.weights = line, weights
        west, south, east, north = box_around(line)
        self.size = max(east - west, north - south)

    def simpler(self, size: float) -> list[Position]:
        return [corner for corner, weight in zip(self.line, self.weights, strict=True) if weight > size]


def spread(points: Sequence[Position], size: float) -> list[Position]:
    """At most one point in each square of `size` degrees."""
    if len(points) == 1:
        return list(points)
    squares = {(round(x / size), round(y / size)): [x, y] for x, y in reversed(points)}
    return list(reversed(squares.values()))
