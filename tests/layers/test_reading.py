"""Files of places: what is read is what was written, everything wrong is said in one pass, nothing hostile harms."""

import io
import json
import zipfile
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.core.confined import UnreadFile
from jalons.layers.drafts import RefusedPlaces, read_places
from jalons.layers.geometry import geojson_of
from jalons.layers.limits import reading_limits
from jalons.layers.private import refusal_of
from jalons.layers.reading.child import read_layer
from jalons.layers.reading.lambert import degrees
from jalons.layers.words import feature_refusal, file_refusal

KML = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'


def answers(content: bytes | str, kind: str = "geojson", grid: str = "degrees", **limits: int) -> list[Any]:
    """What the child would answer, in this process."""
    data = content.encode() if isinstance(content, str) else content
    told = list(read_layer(io.BytesIO(data), kind=kind, grid=grid, limits=reading_limits() | limits))
    return json.loads(json.dumps(told))


def features(content: bytes | str, kind: str = "geojson", grid: str = "degrees") -> list[Any]:
    return [answer["feature"] for answer in answers(content, kind, grid) if "feature" in answer]


def problems(content: bytes | str, kind: str = "geojson") -> list[str]:
    return [feature_refusal(*answer["problem"]) for answer in answers(content, kind) if "problem" in answer]


def refusal(content: bytes | str, kind: str = "geojson", **limits: int) -> str:
    [answer] = answers(content, kind, **limits)
    return file_refusal(*answer["refused"])


def whole(content: bytes | str, kind: str = "geojson", grid: str = "degrees") -> Any:
    return answers(content, kind, grid)[-1]["whole"]


def collection(*geometries: Any, **more: Any) -> str:
    written = [
        {"type": "Feature", "geometry": geometry, "properties": {"nom": "a"}} for geometry in geometries
    ]
    return json.dumps({"type": "FeatureCollection", "features": written, **more})


def a_point(*at: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(at)}


# What is written then read -------------------------------------------------------------------------------------

longitudes, latitudes = (
    st.integers(low, high).map(lambda n: n / 10_000) for low, high in ((-10_000, 70_000), (430_000, 500_000))
)
places = st.tuples(longitudes, latitudes).map(list)
line_parts = st.lists(places, min_size=2, max_size=6, unique_by=tuple)


@st.composite
def rings(draw: st.DrawFn) -> list[list[float]]:
    """A square somewhere, whose side is drawn: never flat."""
    (x, y), side = draw(places), draw(st.integers(1, 900)) / 1000
    corners = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return [[round(a, 6), round(b, 6)] for a, b in corners]


geometries = st.one_of(
    st.lists(places, min_size=1, max_size=4).map(lambda parts: ("point", parts)),
    st.lists(line_parts, min_size=1, max_size=3).map(lambda parts: ("line", parts)),
    st.lists(st.lists(rings(), min_size=1, max_size=2), min_size=1, max_size=3).map(
        lambda parts: ("outline", parts)
    ),
)


def as_wkt(kind: str, parts: list[Any]) -> str:
    def run(positions: list[list[float]]) -> str:
        return "(" + ", ".join(f"{x} {y}" for x, y in positions) + ")"

    if kind == "point":
        return f"MULTIPOINT {run(parts)}"
    if kind == "line":
        return "MULTILINESTRING (" + ", ".join(map(run, parts)) + ")"
    return (
        "SRID=4326;MULTIPOLYGON ("
        + ", ".join("(" + ", ".join(map(run, polygon)) + ")" for polygon in parts)
        + ")"
    )


def as_kml(kind: str, parts: list[Any], name: str) -> str:
    def run(positions: list[list[float]]) -> str:
        return "<coordinates>" + " ".join(f"{x},{y},0" for x, y in positions) + "</coordinates>"

    def ring(positions: list[list[float]], side: str) -> str:
        return f"<{side}BoundaryIs><LinearRing>{run(positions)}</LinearRing></{side}BoundaryIs>"

    shapes = {
        "point": lambda part: f"<Point>{run([part])}</Point>",
        "line": lambda part: f"<LineString>{run(part)}</LineString>",
        "outline": lambda part: (
            "<Polygon>"
            + "".join(ring(positions, "inner" if rank else "outer") for rank, positions in enumerate(part))
            + "</Polygon>"
        ),
    }
    inside = "".join(map(shapes[kind], parts))
    return KML.format(
        f"<Placemark><name>{escape(name)}</name><MultiGeometry>{inside}</MultiGeometry></Placemark>"
    )


names = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Co", "Cn", "Cf")), min_size=1, max_size=20
)


@given(geometries, names)
@example(("outline", [[[[3.0, 50.0], [3.1, 50.0], [3.1, 50.1], [3.0, 50.0]]]]), "« Prés » & Cie <1>")
def test_what_is_written_is_read(geometry: tuple[str, list[Any]], name: str) -> None:
    """In each form, one feature comes back with the same corners and the same name; GeoJSON given back reads again."""
    kind, parts = geometry
    plain = " ".join(name.split())
    written = json.dumps(
        {"type": "Feature", "geometry": geojson_of(kind, parts), "properties": {"nom": name}},
        ensure_ascii=False,
    )
    for content, form in ((written, "geojson"), (as_kml(kind, parts, name), "kml")):
        [feature] = features(content, form)
        assert (feature["kind"], feature["parts"]) == (kind, parts)
        assert feature["properties"].get("nom", "") == plain
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", as_kml(kind, parts, name))
    [zipped] = features(buffer.getvalue(), "kmz")
    assert zipped["parts"] == parts
    [row] = features(f'id\twkt\n1\t"{as_wkt(kind, parts)}"\n', "csv")
    assert (row["kind"], row["parts"]) == (kind, parts)


@given(st.lists(st.tuples(longitudes, latitudes), min_size=1, max_size=5), st.sampled_from(";\t,"))
def test_a_table_of_points(points: list[tuple[float, float]], sign: str) -> None:
    """Decimal commas, in three separators and two encodings."""
    quote = '"' if sign == "," else ""
    rows = [
        sign.join(["Ferme d’Éric", *(f"{quote}{str(n).replace('.', ',')}{quote}" for n in (y, x))])
        for x, y in points
    ]
    text = "\r\n".join([sign.join(["nom", "Latitude", "LONGITUDE"]), *rows])
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        read = features(text.encode(encoding), "csv")
        assert [feature["parts"] for feature in read] == [[[x, y]] for x, y in points]
        assert {feature["properties"]["nom"] for feature in read} == {"Ferme d’Éric"}


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("geo_point_2d", '"50.63, 3.06"'),
        ("Geo Point", '"50.63, 3.06"'),
        ("Geo Shape", '"{""type"": ""Point"", ""coordinates"": [3.06, 50.63]}"'),
        ("Coordonnées GPS", '"50,63 ; 3,06"'),
        ("geo_shape", '"{""type"": ""Point"", ""coordinates"": [3.06, 50.63]}"'),
        ("geom", "POINT Z (3.06 50.63 12)"),
    ],
)
def test_one_column_says_where(header: str, cell: str) -> None:
    [feature] = features(f"nom|{header}\nA|{cell}\n", "csv")
    assert feature["parts"] == [[3.06, 50.63]]
    assert feature["properties"] == {"nom": "A"}


def test_lambert_93() -> None:
    """The origin of the projection is exact; a place of Paris is right to the metre."""
    assert degrees(700_000, 6_600_000) == pytest.approx((3, 46.5), abs=1e-9)
    [feature] = features("nom;x;y\nParvis;652 469,02;6 862 035,26\n", "csv", "lambert93")
    assert feature["parts"] == [[pytest.approx(2.3522, abs=1e-5), pytest.approx(48.8566, abs=1e-5)]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    assert whole(collection(a_point(700_000, 6_600_000), crs=crs))["grid"] == "lambert93"
    assert "Lambert 93" in refusal("nom;x;y\nA;652469;6862035\n", "csv")


# Everything wrong is said --------------------------------------------------------------------------------------


def test_turned_over_is_said_and_mended() -> None:
    turned = collection(a_point(50.63, 3.06), a_point(50.7, 3.2))
    assert whole(turned)["turned"] is True
    assert [feature["parts"] for feature in features(turned)] == [[[3.06, 50.63]], [[3.2, 50.7]]]
    # One that stands as it is written is enough: nothing is guessed, what is elsewhere is refused.
    mixed = collection(a_point(3.06, 50.63), a_point(50.7, 3.2))
    assert whole(mixed)["turned"] is False
    assert problems(mixed) == ["objet 2\u00a0: hors de France (latitude et longitude 3.2000\u00a0; 50.7000)"]


def test_every_problem_in_one_pass() -> None:
    line, ring = {"type": "LineString"}, {"type": "Polygon"}
    content = collection(
        a_point(3, 50),
        None,
        a_point("3", 50),
        a_point(3),
        {**line, "coordinates": [[3, 50], [3, 50]]},
        {**ring, "coordinates": [[[3, 50], [3.1, 50], [3, 50]]]},
        {**ring, "coordinates": [[[3, 50], [3.1, 50], [3.2, 50], [3, 50]]]},
        {"type": "Cercle"},
        a_point(-74, 40.7),
    )
    assert [problem.partition("\u00a0: ")[2] for problem in problems(content)] == [
        "aucune coordonnée",
        "une coordonnée est illisible",
        "une coordonnée est illisible",
        "une ligne demande deux points différents",
        "un contour demande trois points différents",
        "forme inconnue\u00a0: Cercle",
        "un contour sans surface",
        "hors de France (latitude et longitude 40.7000\u00a0; -74.0000)",
    ]
    assert len(features(content)) == 1
    rows = "nom;lat;lon\nA;50;3\nB;;3\nC;cinquante;3\nD;50°37′;3°03′\n"
    assert [problem.split("\u00a0: ")[0] for problem in problems(rows, "csv")] == [
        "ligne 3",
        "ligne 4",
        "ligne 5",
    ]


def test_an_open_ring_is_closed_and_a_collection_is_taken_apart() -> None:
    ring = [[3, 50], [3.1, 50], [3.1, 50.1]]
    both = {
        "type": "GeometryCollection",
        "geometries": [a_point(3, 50), {"type": "Polygon", "coordinates": [ring]}],
    }
    read = features(collection(both))
    assert [(feature["where"], feature["kind"]) for feature in read] == [
        ("objet 1", "point"),
        ("objet 1", "outline"),
    ]
    assert read[1]["parts"][0][0][-1] == [3, 50]


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        ("{", "geojson", "GeoJSON lisible"),
        ('{"type": "Feature", "geometry": {"type": "Point", "coordinates": [NaN, 3]}}', "geojson", "lisible"),
        ("[" * 100_000, "geojson", "lisible"),
        ('{"a": 1}', "geojson", "pas du GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "geojson", "aucun lieu"),
        (collection(a_point(3, 50), crs={"properties": {"name": "EPSG:3857"}}), "geojson", "EPSG:3857"),
        (KML.format(""), "kml", "aucun lieu"),
        ("<html></html>", "kml", "pas du KML"),
        ('<!DOCTYPE k [<!ENTITY a "b">]><kml>&a;</kml>', "kml", "entités"),
        ("<kml><Placemark>", "kml", "s’arrête trop tôt"),
        ("nom;ville\nA;Lille\n", "csv", "nom, ville"),
        ("lat;lon\n", "csv", "aucun lieu"),
        ("", "csv", "aucun lieu"),
        ("%PDF-1.7", "geojson", "n’est pas celui que dit son nom"),
        ('{"type": "Point"}', "csv", "n’est pas celui que dit son nom"),
        ("PK", "kmz", "pas un KMZ"),
    ],
)
def test_a_file_that_is_not_one(content: str, kind: str, words: str) -> None:
    assert words in refusal(content, kind)


def test_limits() -> None:
    two = collection(a_point(3, 50), a_point(3, 51))
    assert "2" in json.dumps(answers(two, features=2)[-1]["whole"]) or features(two)
    assert "5\u202f000 objets" in refusal(two, features=1)
    line = collection({"type": "LineString", "coordinates": [[3, 50], [3, 50.1], [3, 50.2]]})
    assert "sommets" in refusal(line, vertices=2)
    assert answers(line, vertices=3)[0]["feature"]["parts"] == [[[3, 50], [3, 50.1], [3, 50.2]]]
    long = {"type": "Feature", "geometry": a_point(3, 50), "properties": {"nom": "é" * 81, "k": "é" * 80}}
    [feature] = features(json.dumps(long))
    assert feature["properties"] == {"nom": "é" * 79 + "…", "k": "é" * 80}
    assert whole(json.dumps(long))["cut"] == 1


@given(st.integers(1, 40), st.integers(3, 200), st.integers(60, 4000))
@example(1, 3, 60)
@example(40, 200, 60)
def test_what_is_drawn_fits_or_is_as_small_as_it_can(shapes: int, corners: int, budget: int) -> None:
    """Every feature is still drawn, outlines stay closed, and corners are among those that were there."""
    rings = [
        [[2 + n / 50 + (i % 7) / 1000, 48 + i * (corners - i) / 90_000] for i in range(corners)]
        for n in range(shapes)
    ]
    content = collection(*({"type": "Polygon", "coordinates": [ring]} for ring in rings))
    read = [answer["feature"] for answer in answers(content, drawn=budget) if "feature" in answer]
    for feature in read:
        [[outer]] = feature["drawn"]
        assert outer[0] == outer[-1]
        assert len(outer) >= 4
    written = len(json.dumps([feature["drawn"] for feature in read], separators=(",", ":")))
    least = sum(len(feature["drawn"][0][0]) == 4 for feature in read) == len(read)
    assert written <= budget or least


# Hostile, through the child process ------------------------------------------------------------------------------


def given_file(content: bytes, kind: str) -> Any:
    return read_places(io.BytesIO(content), kind=kind, grid="degrees")


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b"<kml>" + b" " * 60_000_000)
    return buffer.getvalue()


def test_hostile_files_get_a_verdict() -> None:
    with pytest.raises(UnreadFile, match="démesuré"):
        given_file(bomb(), "kmz")
    deep = b'{"type":"GeometryCollection","geometries":[' * 5000 + b"]}" * 5000
    with pytest.raises(RefusedPlaces, match="GeoJSON"):
        given_file(deep, "geojson")
    with pytest.raises((UnreadFile, RefusedPlaces)):
        given_file(b"PK\x03\x04" + bytes(200), "kmz")
    with pytest.raises(RefusedPlaces, match="objet 1"):
        given_file(collection(a_point(0, 0)).encode(), "geojson")


@given(st.binary(max_size=200), st.sampled_from(["geojson", "kml", "csv", "paste"]))
@example(b'{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[]]}}', "geojson")
@example(b'{"type":"Feature","geometry":{"type":"Point","coordinates":[1e999,1]}}', "geojson")
@example(b"lat;lon;\xe9\n1;2;3\n", "csv")
def test_anything_is_answered(content: bytes, kind: str) -> None:
    """No exception leaves the reader but those that `core.confined` turns into words."""
    told = answers(content, kind)
    assert "whole" in told[-1] or "refused" in told[-1]


# People are never taken -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("Prénom", ["Ana"]),
        ("date_naissance", ["01/02/1980"]),
        ("NIR", ["x"]),
        ("code", ["1 85 05 78 006 084 36"]),
        ("Téléphone", [""]),
        ("remarque", ["voir avec ana@exemple.fr"]),
        ("remarque", ["rappeler au 06 12 34 56 78"]),
        ("Propriétaire", ["Martin"]),
        ("origine ethnique", ["x"]),
    ],
)
def test_what_names_people_is_refused(key: str, values: list[str]) -> None:
    assert refusal_of(key, values)


@pytest.mark.parametrize(
    ("key", "values"), [("nom", ["Serres Martin"]), ("surface_ha", ["12,5"]), ("code", ["59350"])]
)
def test_an_ordinary_column_is_taken(key: str, values: list[str]) -> None:
    assert refusal_of(key, values) == ""


def test_people_do_not_reach_the_draft() -> None:
    read = given_file(b"nom;mail;lat;lon\nA;a@b.fr;50;3\n", "csv")
    assert (read.keys, list(read.private)) == (["nom"], ["mail"])
    assert read.features[0].properties == {"nom": "A"}
