"""Outlines drawn without tiles: how degrees become units of a drawing, and a small map of where a few places are."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from jalons.core.charts import drawing as svg
from jalons.core.charts.geometry import coordinate
from jalons.core.values import format_number
from jalons.territories.selectors import KeptOutline

GAP = 12
WIDTH, MOST_HEIGHT, INSET = 760, 640, 130
SOURCE = "Jalons. Contours\u00a0: Natural Earth."
OUTSIDE, EMPTY, HELD, BORDER = "#E8E8E3", "#F4F0E8", "#FFFFFF", "#B4AC9C"
Bounds = tuple[float, float, float, float]  # west, south, east, north
Feature = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of the drawing, and how degrees become units in it."""

    bounds: Bounds
    left: float
    top: float
    width: float
    height: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        west, south, east, north = self.bounds
        x = self.left + (longitude - west) / (east - west) * self.width
        return x, self.top + (north - latitude) / (north - south) * self.height

    def holds(self, bounds: Bounds) -> bool:
        west, south, east, north = self.bounds
        return bounds[0] < east and bounds[2] > west and bounds[1] < north and bounds[3] > south


def shape_of(bounds: Bounds) -> float:
    """Width over height, on the ground."""
    west, south, east, north = bounds
    return (east - west) * math.cos(math.radians((south + north) / 2)) / (north - south)


def fitted(bounds: Bounds, left: float, top: float, width: float, height: float) -> Frame:
    """A frame that shows `bounds`, and around them whatever fills it without stretching the ground."""
    west, south, east, north = bounds
    lacking = shape_of(bounds) / (width / height)
    beside = (east - west) * max(0.0, 1 / lacking - 1) / 2
    above = (north - south) * max(0.0, lacking - 1) / 2
    return Frame((west - beside, south - above, east + beside, north + above), left, top, width, height)


def bounds_of(feature: Feature) -> Bounds:
    return kept_bounds(feature) if isinstance(feature, KeptOutline) else measured_bounds(feature)


def measured_bounds(feature: Feature) -> Bounds:
    corners = [point for polygon in feature["geometry"]["coordinates"] for point in polygon[0]]
    longitudes, latitudes = zip(*corners, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


kept_bounds = lru_cache(maxsize=256)(measured_bounds)


def joined(bounds: Iterable[Bounds]) -> Bounds:
    wests, souths, easts, norths = zip(*bounds, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def wider(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    beside, above = 0.06 * (east - west), 0.06 * (north - south)
    return west - beside, south - above, east + beside, north + above


def clipped(root: ElementTree.Element, frame: Frame, number: int) -> ElementTree.Element:
    """The inside of a frame, beyond which nothing is drawn."""
    sizes = {"x": frame.left, "y": frame.top, "width": frame.width, "height": frame.height}
    box = {name: coordinate(size) for name, size in sizes.items()}
    svg.add(svg.add(root, "clipPath", id=f"cadre{number}"), "rect", **box)
    svg.add(root, "rect", fill=OUTSIDE, **box)
    return svg.add(root, "g", clip_path=f"url(#cadre{number})")


def draw_outline(parent: ElementTree.Element, frame: Frame, feature: Feature, fill: str) -> None:
    path = (kept_path if isinstance(feature, KeptOutline) else path_of)(frame, feature)
    outline = svg.add(
        parent, "path", d=path, fill=fill, stroke=BORDER, stroke_width="0.8", fill_rule="evenodd"
    )
    svg.add(outline, "title").text = feature["properties"]["name"]


def path_of(frame: Frame, feature: Feature) -> str:
    paths = []
    for polygon in feature["geometry"]["coordinates"]:
        for ring in polygon:
            corners = [frame.place(*point) for point in ring]
            if not flat(corners):
                paths.append(
                    "M" + "L".join(f"{coordinate(x)},{coordinate(y)}" for x, y in corners[:-1]) + "Z"
                )
    return "".join(paths)


# The whole country is 15,000 corners: 60 ms of each dashboard of the nation.
kept_path = lru_cache(maxsize=1024)(path_of)


def is_mainland(code: str) -> bool:
    return len(code) == 2


def frames_for(codes: Iterable[str], boxes: Mapping[str, Bounds]) -> list[Frame]:
    """One large frame, and a small one for each overseas département beside it."""
    codes = sorted(codes)
    mainland = [code for code in codes if is_mainland(code)]
    overseas = [code for code in codes if not is_mainland(code)]
    if not codes:
        return []
    if not mainland:
        mainland, overseas = overseas[:1], overseas[1:]
    bounds = wider(joined(boxes[code] for code in mainland))
    height = min(MOST_HEIGHT, WIDTH / shape_of(bounds))
    small = [
        fitted(wider(boxes[code]), (INSET + GAP) * rank, height + GAP, INSET, INSET)
        for rank, code in enumerate(overseas)
    ]
    return [fitted(bounds, 0, 0, WIDTH, height), *small]


def flat(corners: Sequence[tuple[float, float]]) -> bool:
    """Too small to be seen: less than one unit both ways."""
    xs, ys = zip(*corners, strict=True)
    return max(xs) - min(xs) < 1 and max(ys) - min(ys) < 1


# Where a few places are, for a sheet on paper --------------------------------------------------------------------

PLACE_WIDTH, PLACE_HEIGHT = 760, 400
NAMED_PLACES = 6  # beyond, names would hide one another
NAME_HEIGHT, NAME_ROOM = 17, 8.5  # units; of a letter at most


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A point and its name. `ground`: set up to receive people, drawn as a square."""

    name: str
    latitude: float
    longitude: float
    ground: bool = False

    @property
    def mark(self) -> tuple[str, str]:
        """Shape and colour."""
        return ("square", "#6B3A73") if self.ground else ("circle", "#0B5D63")


def draw_places(title: str, places: Sequence[MapPlace], outlines: Sequence[Feature], departement: str) -> str:
    """SVG text of a département with its places; « » when its outline is not known or no place is in sight."""
    features = {feature["id"]: feature for feature in outlines}
    if departement not in features or not places:
        return ""
    boxes = {code: bounds_of(feature) for code, feature in features.items()}
    bounds = wider(joined([boxes[departement], *((place.longitude, place.latitude) * 2 for place in places)]))
    frame = fitted(bounds, 0, 0, PLACE_WIDTH, PLACE_HEIGHT)
    root = svg.root(title, "", PLACE_WIDTH, PLACE_HEIGHT + GAP + NAME_HEIGHT)
    inner = clipped(root, frame, 0)
    for code, feature in features.items():
        if frame.holds(boxes[code]):
            draw_outline(inner, frame, feature, HELD if code == departement else EMPTY)
    spots = [(*frame.place(place.longitude, place.latitude), place) for place in places]
    for x, y, place in spots:
        svg.mark(inner, place.mark[0], x, y, place.mark[1], 6)
    if len(spots) <= NAMED_PLACES:
        for x, y, anchor, name in placed_names(spots):
            svg.text(inner, x, y, name, anchor=anchor, bold=True)
    svg.text(root, 10, PLACE_HEIGHT + NAME_HEIGHT, SOURCE, fill=svg.MUTED)
    return ElementTree.tostring(root, encoding="unicode")


def placed_names(
    spots: Sequence[tuple[float, float, MapPlace]],
) -> list[tuple[float, float, str, str]]:
    """Where each name is written: beside its mark, on the side where there is room, under one that stands there."""
    written: list[tuple[float, float, str, str]] = []
    for x, y, place in sorted(spots, key=lambda spot: (spot[1], spot[0])):
        left = x + NAME_ROOM * len(place.name) > PLACE_WIDTH
        here = y + 5
        while any(abs(here - other) < NAME_HEIGHT for _, other, _, _ in written):
            here += NAME_HEIGHT
        written.append((x - 11 if left else x + 11, here, "end" if left else "start", place.name))
    return written


def places_words(title: str, places: Sequence[MapPlace]) -> str:
    """The drawing in words: « Carte du Nord : Rue du Moulin (latitude 50,63, longitude 3,05) »."""
    described = [
        f"{place.name} (latitude {french(place.latitude)}, longitude {french(place.longitude)})"
        for place in places
    ]
    return f"{title}\u00a0: {', '.join(described)}."


def french(degrees: float) -> str:
    return format_number(round(degrees, 5))
