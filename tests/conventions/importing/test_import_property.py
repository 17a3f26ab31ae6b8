"""Random exchange files: what goes in comes out, through memory and through the base."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.exchange.reading import read
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.importing.storing import store_file, transcriber
from jalons.conventions.models import Convention
from tests.conventions.samples import DASH, EMPTY, NA, ND, Json, number, sample, two_departements

# Everything that a database and a file take: neither NUL nor half a character.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
plain = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | words
open_json = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2), max_leaves=4
)
unknown = st.dictionaries(words.map(lambda each: f"inconnu {each}"), open_json, max_size=2)
figures = st.one_of(
    st.sampled_from([ND, NA, DASH, EMPTY]),
    st.integers(-(10**9), 10**9).map(number),
    st.decimals(-(10**6), 10**6, places=7, allow_nan=False).map(lambda each: number(float(each))),
    words.map(lambda raw: {"raw": raw, "kind": "text"}),
    words.map(lambda raw: {"cell_raw": raw}),
    st.just({"raw": None, "kind": "empty", "note": None}),
    st.none(),
).map(copy.deepcopy)  # the same object twice would be changed twice


def objects(told: Any) -> Any:
    if isinstance(told, dict):
        yield told
        told = list(told.values())
    if isinstance(told, list):
        for each in told:
            yield from objects(each)


# Keys whose text is free: names, titles, printed words.
FREE = {"label", "title", "raw", "notes", "famille_label", "axe_theme", "object", "text", "objectif_heading"}


class Drawn(dict[str, Any]):
    """A whole file is too long to be shown: what a failure needs is in its assertion."""

    def __repr__(self) -> str:
        return f"<{', '.join(each['id'] for each in self['conventions'])}>"


@st.composite
def files(draw: st.DrawFn) -> Json:
    told = copy.deepcopy(draw(st.sampled_from([sample, two_departements]))())
    if draw(st.booleans()):
        told = together(told, copy.deepcopy(sample("seconde-2023", 2023)))
    for fiche in told["fiches"]:
        for row in fiche["indicator_table"]["indicators"]:
            row["values"] = {key: draw(figures) for key in row["values"]}
            for child in row.get("children", []):
                child["values"] = {key: draw(figures) for key in child["values"]}
    within = [each for each in objects(told) if each is not told.get("meta")]
    for place in draw(st.lists(st.integers(0, len(within) - 1), max_size=6)):
        each = within[place]
        names = sorted(FREE & each.keys())
        if names and not isinstance(each[name := draw(st.sampled_from(names))], dict | list):
            each[name] = draw(words | st.none())
        if "parts" not in each and not any(key.startswith(("bilan_", "objectif_", "part_")) for key in each):
            each |= draw(unknown)
    told["fiches"] = [told["fiches"][place] for place in draw(st.permutations(range(len(told["fiches"]))))]
    if isinstance(told["deliberation"], dict) and draw(st.booleans()):
        told["deliberation"] = [told["deliberation"]]
    return Drawn(told)


def together(one: Json, other: Json) -> Json:
    """Two conventions in one file."""
    for name in ("conventions", "fiches", "annexes_financieres"):
        one[name] += other[name]
    several = one["deliberation"] if isinstance(one["deliberation"], list) else [one["deliberation"]]
    one["deliberation"] = [*several, other["deliberation"]]
    return one


def by_convention(told: Json) -> Json:
    """Sheets of several conventions may be mixed in a file; they come out one convention after the other."""
    order = [each["id"] for each in told["conventions"]]
    return {**told, "fiches": sorted(told["fiches"], key=lambda each: order.index(each["convention"]))}


@given(files())
def test_through_memory(told: Json) -> None:
    reading = read(told)
    if reading.is_sound:
        assert write_file(reading.file) == by_convention(told)


@pytest.mark.django_db
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(told=files())
@example(told=Drawn(together(two_departements(), sample("seconde-2023", 2023))))
def test_through_the_base(territories: Any, told: Json) -> None:
    reading = read(told)
    if not reading.is_sound:
        return
    store_file(file=reading.file, by=transcriber())
    assert store_file(file=read(told).file, by=transcriber()).nothing
    for convention in told["conventions"]:
        file = file_of(convention["id"])
        assert file is not None
        wanted = {
            **told,
            **{name: of_one(told, name, convention["id"]) for name in ("fiches", "annexes_financieres")},
        }
        wanted["conventions"] = [convention]
        made = write_file(file)
        deliberations = made.pop("deliberation")
        del wanted["deliberation"]
        assert made == wanted
        assert of_list(deliberations) == [
            each
            for each in of_list(told["deliberation"])
            if convention["id"] in [amount["convention"] for amount in each["authorised_amounts"]]
        ]
    Convention.objects.update(source=None)


def of_one(told: Json, name: str, slug: str) -> list[Json]:
    return [each for each in told[name] if each["convention"] == slug]


def of_list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


@given(files())
def test_most_of_these_files_are_sound(told: Json) -> None:
    """Else the two tests above would say little."""
    problems = read(told).log.problems
    assert all("caractère" in each.expected for each in problems), list(map(str, problems))
