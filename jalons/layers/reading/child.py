"""What the confined child does of a file of places: one answer a feature, then what is to be said of the whole."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from jalons.layers.geometry import WeighedShape, moved_to_paper
from jalons.layers.reading.collecting import Gathered, RawFeature, RefusedFile, placed
from jalons.layers.reading.geojson import read_geojson
from jalons.layers.reading.kml import read_kml, read_kmz
from jalons.layers.reading.table import read_table

FINEST = 0.00001  # degrees: a metre
COARSEST = 1.0
ZIP = b"PK\x03\x04"
NOT_PLACES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"SQLite format 3",
    b"\x00\x00\x27\x0a",
    b"\xd0\xcf\x11\xe0",
)


def read_layer(file: BinaryIO, *, kind: str, grid: str, limits: dict[str, int]) -> Iterator[Any]:
    """`{"feature": …}` for each, `{"problem": [where, code, detail]}`, at last `{"whole": …}`.

    Or `{"refused": [code, detail]}` alone. `drawn` are the parts of a feature that fit, all together, in
    `limits["drawn"]` characters.
    """
    gathered = Gathered(limits["features"], limits["vertices"], grid)
    try:
        read_by_kind(file, kind, gathered)
        turned = placed(gathered)
    except RefusedFile as refusal:
        yield {"refused": [refusal.code, refusal.detail]}
        return
    drawn = drawn_parts(gathered.features, limits["drawn"])
    for feature, parts in zip(gathered.features, drawn, strict=True):
        yield {
            "feature": {
                "where": feature.where,
                "kind": feature.kind,
                "parts": feature.parts,
                "drawn": parts,
                "properties": feature.properties,
            }
        }
    for problem in gathered.problems:
        yield {"problem": problem}
    yield {
        "whole": {
            "refused": gathered.refused,
            "turned": turned,
            "grid": gathered.grid,
            "cut": gathered.cut,
            "keys": list(gathered.keys),
            "ignored": gathered.ignored,
        }
    }


def read_by_kind(file: BinaryIO, kind: str, gathered: Gathered) -> None:
    start = file.read(16)
    file.seek(0)
    if kind == "kmz":
        if not start.startswith(ZIP):
            raise RefusedFile("not_kmz")
        read_kmz(file, gathered)
        return
    if start.startswith((ZIP, *NOT_PLACES)):
        raise RefusedFile("mismatch", kind)
    content = file.read()
    if not content.strip():
        raise RefusedFile("nothing")
    text = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if kind == "paste":
        kind = "geojson" if text.startswith(b"{") else "kml" if text.startswith(b"<") else "csv"
    if kind == "csv" and text.startswith((b"{", b"<")):
        raise RefusedFile("mismatch", kind)
    {"geojson": read_geojson, "kml": read_kml, "csv": read_table}[kind](content, gathered)


def drawn_parts(features: Sequence[RawFeature], budget: int) -> list[list[Any]]:
    """The parts of each, simpler until they all fit."""
    parts = [moved_to_paper(feature.kind, feature.parts) for feature in features]
    if length_of(parts) <= budget:
        return parts
    shapes = [WeighedShape(feature.kind, near) for feature, near in zip(features, parts, strict=True)]
    size = FINEST
    while size < COARSEST and length_of(parts) > budget:
        size *= 1.5
        parts = [shape.simpler(size) for shape in shapes]
    return parts


def length_of(parts: Sequence[Any]) -> int:
    return len(json.dumps(parts, separators=(",", ":")))
