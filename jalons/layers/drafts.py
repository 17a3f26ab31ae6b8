"""A file read in a child process, and what is kept of it until a person has looked: nothing that names people."""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from jalons.core.confined import Reason, UnreadFile, read_confined
from jalons.core.values import fold
from jalons.layers.drawn import DrawnFeature
from jalons.layers.enums import ShapeKind
from jalons.layers.geometry import positions
from jalons.layers.limits import reading_limits
from jalons.layers.private import refusal_of
from jalons.layers.words import feature_refusal, file_refusal, notes_in_words

TASK = "jalons.layers.reading.child:read_layer"
NAMES = (
    "nom",
    "name",
    "libelle",
    "label",
    "titre",
    "title",
    "intitule",
    "enseigne",
    "raison sociale",
    "designation",
)
SAMPLES = 3


class RefusedPlaces(Exception):
    """The file holds nothing that can be drawn: `str()` says why, in French."""


@dataclass(frozen=True, slots=True)
class ReadFeature:
    """One object of a file. `drawn`: its parts with fewer corners."""

    kind: str
    parts: list[Any]
    drawn: list[Any]
    properties: dict[str, str]


@dataclass(slots=True)
class ReadPlaces:
    """A file that was read. `refusals`: each object left aside, in words (the first ones; `refused` counts them all).

    `keys`: the properties that may be taken; `private`: those that are not, and why.
    """

    features: list[ReadFeature] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    refused: int = 0
    notes: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    private: dict[str, str] = field(default_factory=dict)
    grid: str = "degrees"


def read_places(file: Any, *, kind: str, grid: str) -> ReadPlaces:
    """Raises `UnreadFile` and `RefusedPlaces`."""
    read = ReadPlaces()
    whole: dict[str, Any] = {}
    with closing(read_confined(TASK, file, kind=kind, grid=grid, limits=reading_limits())) as answers:  # type: ignore[type-var]  # a generator
        try:
            for answer in answers:
                if "refused" in answer:
                    code, detail = map(str, answer["refused"])
                    raise RefusedPlaces(file_refusal(code, detail))
                if "feature" in answer:
                    read.features.append(checked_feature(answer["feature"]))
                elif "problem" in answer:
                    read.refusals.append(feature_refusal(*map(str, answer["problem"])))
                else:
                    whole = answer["whole"]
            read.notes, read.refused = notes_in_words(whole), int(whole["refused"])
            read.grid, keys = str(whole["grid"]), [str(key) for key in whole["keys"]]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise UnreadFile(Reason.DAMAGED) from None
    if not read.features:
        raise RefusedPlaces(" ".join([file_refusal("all_refused", ""), *read.refusals[:5]]))
    return without_people(read, keys)


def checked_feature(answer: Mapping[str, Any]) -> ReadFeature:
    """Raises `ValueError` and its like for what is not the shape of an answer."""
    kind = ShapeKind(answer["kind"]).value
    for parts in (answer["parts"], answer["drawn"]):
        for longitude, latitude in positions(kind, parts):
            if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
                raise ValueError("not degrees")
    properties = {str(key): str(value) for key, value in answer["properties"].items()}
    return ReadFeature(kind, answer["parts"], answer["drawn"], properties)


def without_people(read: ReadPlaces, keys: Sequence[str]) -> ReadPlaces:
    """What names or describes people is dropped here: it is never stored, not even for the time of a look."""
    values: dict[str, dict[str, None]] = defaultdict(dict)
    for feature in read.features:
        for key, value in feature.properties.items():
            values[key][value] = None
    for key in keys:
        if reason := refusal_of(key, list(values[key])):
            read.private[key] = reason
        elif values[key]:
            read.keys.append(key)
    for feature in read.features:
        for key in read.private:
            feature.properties.pop(key, None)
    return read


def packed(features: Sequence[ReadFeature]) -> bytes:
    rows = [[item.kind, item.parts, item.drawn, item.properties] for item in features]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 3)


def unpacked(content: bytes | memoryview) -> list[ReadFeature]:
    return [ReadFeature(*row) for row in json.loads(zlib.decompress(content))]


def samples_of(features: Sequence[ReadFeature], key: str) -> list[str]:
    """The first different values of a property."""
    values: dict[str, None] = {}
    for feature in features:
        if value := feature.properties.get(key):
            values[value] = None
            if len(values) == SAMPLES:
                break
    return list(values)


def likely_name(keys: Sequence[str]) -> str:
    """The property that most looks like a name; nothing when none does."""
    folded = {fold(key).replace("_", " ").strip(): key for key in reversed(keys)}
    for name in NAMES:
        if name in folded:
            return folded[name]
    for name in NAMES:
        for words, key in folded.items():
            if words.startswith(f"{name} ") or words.endswith(f" {name}"):
                return key
    return ""


def drawn_of(features: Sequence[ReadFeature], name_key: str, label_key: str) -> Iterator[DrawnFeature]:
    for feature in features:
        name, label = feature.properties.get(name_key, ""), feature.properties.get(label_key, "")
        yield DrawnFeature(feature.kind, feature.drawn, name, label)
