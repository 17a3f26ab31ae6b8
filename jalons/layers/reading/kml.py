"""KML, as it is or zipped (KMZ): marks, lines and outlines of Google Earth, My Maps and others."""

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, BinaryIO

from jalons.core.archives import Attributes, Budget, DamagedFile, local, open_archive, parse_xml
from jalons.layers.geometry import LINE, OUTLINE, POINT
from jalons.layers.reading.collecting import Gathered, RefusedFeature, RefusedFile

CHUNK = 64 * 1024
MOST_UNFOLDED = 40 * 1024 * 1024  # bytes
MOST_ELEMENTS = 1_000_000
LONGEST_TEXT = 20_000_000  # characters of one element, its coordinates
NOT_DRAWN = {"NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Track", "MultiTrack", "Model"}
BREAKS = re.compile(r"\s*,\s*")


def read_kmz(file: BinaryIO, gathered: Gathered) -> None:
    """The first .kml of the archive, which programs name doc.kml."""
    archive = open_archive(file, Budget(MOST_UNFOLDED, MOST_ELEMENTS))
    names = [name for name in archive.members if name.lower().endswith(".kml")]
    if not names:
        raise RefusedFile("no_kml")
    name = "doc.kml" if "doc.kml" in names else names[0]
    for _ in names[1:]:
        gathered.ignore("kml")
    read_chunks(archive.chunks(name), archive.budget, gathered)


def read_kml(content: bytes, gathered: Gathered) -> None:
    file = io.BytesIO(content)
    read_chunks(iter(lambda: file.read(CHUNK), b""), Budget(MOST_UNFOLDED, MOST_ELEMENTS), gathered)


def read_chunks(chunks: Iterator[bytes], budget: Budget, gathered: Gathered) -> None:
    reader = KmlReader(gathered)
    try:
        parse_xml(chunks, budget, reader.start, end=reader.end, text=reader.text)
    except DamagedFile:
        raise RefusedFile("xml") from None
    if not reader.is_kml:
        raise RefusedFile("not_kml")
    if not reader.placemarks and not gathered.features:
        raise RefusedFile("nothing")


class KmlReader:
    """Follows the elements of one document."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        self.is_kml = False
        self.placemarks = 0
        self.path: list[str] = []
        self.words: list[str] = []
        self.length = 0
        self.begin()

    def begin(self) -> None:
        self.properties: dict[str, Any] = {}
        self.shapes: list[tuple[str, list[Any]]] = []
        self.rings: list[Any] = []
        self.key = ""
        self.refusal: RefusedFeature | None = None
        self.inside = False

    def start(self, name: str, attributes: Attributes) -> None:
        tag = local(name)
        if not self.path:
            self.is_kml = tag == "kml"
        self.path.append(tag)
        self.words, self.length = [], 0
        if tag == "Placemark":
            self.begin()
            self.inside = True
            self.placemarks += 1
        elif tag in NOT_DRAWN:
            self.gathered.ignore(tag)
        elif tag in ("Data", "SimpleData"):
            self.key = attributes.get("name", "")
        elif tag == "Polygon":
            self.rings = []

    def text(self, words: str) -> None:
        self.length += len(words)
        if self.length > LONGEST_TEXT:
            raise RefusedFile("vertices", "")
        self.words.append(words)

    def end(self, name: str) -> None:
        tag = self.path.pop()
        words, self.words, self.length = "".join(self.words), [], 0
        if not self.inside:
            return
        if tag == "Placemark":
            self.finish()
        elif tag == "coordinates":
            self.read_coordinates(words)
        elif tag == "Polygon":
            self.shapes.append((OUTLINE, [self.rings]))
            self.rings = []
        elif tag in ("name", "description") and self.path[-1:] == ["Placemark"]:
            label, value = ("nom", words) if tag == "name" else (tag, without_tags(words))
            self.properties.setdefault(label, value)
        elif tag == "SimpleData" or (tag == "value" and self.path[-1:] == ["Data"]):
            self.properties.setdefault(self.key, words)

    def finish(self) -> None:
        self.inside = False
        where = f"objet {self.placemarks}"
        if self.refusal:
            self.gathered.refuse(where, self.refusal)
        else:
            self.gathered.add(where, self.shapes, self.properties)

    def read_coordinates(self, words: str) -> None:
        parent = self.path[-1] if self.path else ""
        try:
            positions = positions_in(words)
        except RefusedFeature as refusal:
            self.refusal = refusal
            return
        if parent == "Point" and positions:
            self.shapes.append((POINT, positions[:1]))
        elif parent == "LineString":
            self.shapes.append((LINE, [positions]))
        elif parent == "LinearRing":
            if "Polygon" in self.path:
                self.rings.append(positions)
            else:
                self.shapes.append((LINE, [positions]))


def positions_in(words: str) -> list[list[float]]:
    """« 3.06,50.63,0 3.07,50.64,0 »; spaces after commas are forgiven."""
    positions = []
    for triple in BREAKS.sub(",", words).split():
        numbers = triple.split(",")
        try:
            positions.append([float(numbers[0]), float(numbers[1])])
        except (ValueError, IndexError):
            raise RefusedFeature("position", triple) from None
    return positions


class HtmlWords(HTMLParser):
    """The words of a description, which programs write in HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def without_tags(text: str) -> str:
    text = text[:2000]
    if "<" not in text:
        return text
    reader = HtmlWords()
    reader.feed(text)
    reader.close()
    return "".join(reader.words)
