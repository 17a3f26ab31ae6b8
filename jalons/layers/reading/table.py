"""A table of places: a point a row, from two columns or one, or a shape written in a cell."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from jalons.layers.geometry import POINT
from jalons.layers.reading.collecting import Gathered, RefusedFeature, RefusedFile
from jalons.layers.reading.geojson import no_constant, shapes_of
from jalons.layers.reading.wkt import looks_like_wkt, read_wkt

DELIMITERS = ";\t,|"
LOOKED_AT = 60  # lines
MOST_COLUMNS = 200
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LATITUDE = {
    "latitude",
    "lat",
    "latitude_wgs84",
    "lat_wgs84",
    "geo_lat",
    "coord_lat",
    "ylat",
    "y_wgs84",
    "lat_y_axis",
}
LONGITUDE = {
    "longitude",
    "lon",
    "long",
    "lng",
    "longitude_wgs84",
    "lon_wgs84",
    "geo_lon",
    "coord_lon",
    "xlong",
    "x_wgs84",
}
ABSCISSA = {
    "x",
    "coord_x",
    "coordonnee_x",
    "x_l93",
    "x_lambert93",
    "x_lambert_93",
    "lambert_x",
    "coordx",
    "x_coord",
}
ORDINATE = {
    "y",
    "coord_y",
    "coordonnee_y",
    "y_l93",
    "y_lambert93",
    "y_lambert_93",
    "lambert_y",
    "coordy",
    "y_coord",
}
TOGETHER = {
    "geo_point_2d", "geo_point", "geopoint", "coordonnees", "coordonnees_gps", "gps", "latlon", "lat_lon", "lat_long",
    "latitude_longitude", "coordinates", "point_geo", "geolocalisation",
}  # fmt: skip
SHAPE = {"wkt", "the_geom", "geom", "geometry", "geometrie", "geo_shape", "geoshape", "shape", "contour"}
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
SEXAGESIMAL = re.compile(r"[°º]|\d\s*['′’]\s*\d")
PAIR = re.compile(
    rf"\s*[(\[]?\s*({NUMBER.pattern})\s*(?:[;,]\s+|[;,]|\s)\s*({NUMBER.pattern})\s*[)\]]?\s*", re.IGNORECASE
)


def read_table(content: bytes, gathered: Gathered) -> None:
    rows = read_rows(decoded(content))
    if not rows:
        raise RefusedFile("nothing")
    _first, header = rows[0]
    columns = {name: number for number, name in reversed(list(enumerate(map(column_key, header)))) if name}
    find = finder_of(columns, [row for _, row in rows[1:]])
    if find is None:
        raise RefusedFile("columns", ", ".join(name for name in header if name)[:80])
    used, read = find
    if len(rows) == 1:
        raise RefusedFile("nothing")
    labels = [name.strip() or f"colonne {number}" for number, name in enumerate(header, 1)]
    for line, row in rows[1:]:
        where = f"ligne {line}"
        cells = [*row, *[""] * (len(header) - len(row))]
        try:
            shapes = read(cells)
        except RefusedFeature as refusal:
            gathered.refuse(where, refusal)
            continue
        properties = {
            label: cell
            for number, (label, cell) in enumerate(zip(labels, cells, strict=False))
            if number not in used
        }
        gathered.add(where, shapes, properties)


def decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1252: the first that reads it whole."""
    encoding = next((name for bom, name in BOMS if content.startswith(bom)), "")
    for name in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            return content.decode(name).replace("\0", "")
        except UnicodeError:
            continue
    raise RefusedFile("encoding")


def read_rows(text: str) -> list[tuple[int, list[str]]]:
    """The number of its line and the cells of each row that is not blank."""
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, [cell.strip() for cell in row[:MOST_COLUMNS]]))
    except csv.Error:
        raise RefusedFile("table") from None
    return rows


def delimiter_of(text: str) -> str:
    """The sign that cuts the most lines; a comma is also a decimal mark, and comes after the others."""
    lines = [line for line in io.StringIO(text, newline="") if line.strip()][:LOOKED_AT]
    for delimiter in DELIMITERS:
        if lines and delimiter in lines[0] and sum(delimiter in line for line in lines) * 2 > len(lines):
            return delimiter
    return ","


def column_key(name: str) -> str:
    """« Coordonnée X » → « coordonnee_x »."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def finder_of(columns: Mapping[str, int], rows: Sequence[Sequence[str]]) -> tuple[set[int], Any] | None:
    """Which columns say where a row is, and how to read them; None when none does."""
    for x_names, y_names in ((LONGITUDE, LATITUDE), (ABSCISSA, ORDINATE)):
        x = next((columns[name] for name in columns if name in x_names), None)
        y = next((columns[name] for name in columns if name in y_names), None)
        if x is not None and y is not None:
            return {x, y}, partial(point_of, x=x, y=y)
    for name, number in columns.items():
        if name in TOGETHER and any(PAIR.fullmatch(cell_of(row, number)) for row in rows):
            return {number}, partial(pair_of, number=number)
    for name, number in columns.items():
        if name in SHAPE and any(is_shape(cell_of(row, number)) for row in rows):
            return {number}, partial(shapes_of_row, number=number)
    return None


def point_of(cells: Sequence[str], *, x: int, y: int) -> list[tuple[str, list[Any]]]:
    return [(POINT, [[number_in(cells[x]), number_in(cells[y])]])]


def pair_of(cells: Sequence[str], *, number: int) -> list[tuple[str, list[Any]]]:
    return [(POINT, [pair_in(cells[number])])]


def shapes_of_row(cells: Sequence[str], *, number: int) -> list[tuple[str, list[Any]]]:
    return shapes_in(cells[number])


def cell_of(row: Sequence[str], number: int) -> str:
    return row[number] if number < len(row) else ""


def number_in(text: str) -> float:
    """« 50,63 »; nothing and words are refused."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace("−", "-")
    if not plain:
        raise RefusedFeature("empty")
    if SEXAGESIMAL.search(text):
        raise RefusedFeature("sexagesimal", text)
    if not NUMBER.fullmatch(plain):
        raise RefusedFeature("not_number", text)
    return float(plain.replace(",", "."))


def pair_in(text: str) -> list[float]:
    """« 50.63, 3.06 »: latitude first, as open data write it; turned over for the whole file if it is not."""
    if not text:
        raise RefusedFeature("empty")
    if SEXAGESIMAL.search(text):
        raise RefusedFeature("sexagesimal", text)
    pair = PAIR.fullmatch(text)
    if not pair:
        raise RefusedFeature("not_number", text)
    latitude, longitude = (float(number.replace(",", ".")) for number in pair.groups())
    return [longitude, latitude]


def is_shape(text: str) -> bool:
    return looks_like_wkt(text) or text.startswith("{")


def shapes_in(text: str) -> list[tuple[str, list[Any]]]:
    if not text:
        raise RefusedFeature("empty")
    if looks_like_wkt(text):
        return read_wkt(text)
    try:
        geometry = json.loads(text, parse_constant=no_constant)
    except (ValueError, RecursionError, RefusedFile):
        raise RefusedFeature("wkt", text[:40]) from None
    return shapes_of(geometry)
