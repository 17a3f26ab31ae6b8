"""The départements coloured by a published figure: which classes, and what they say."""

from collections.abc import Mapping, Sequence

from jalons.core.values import format_number
from jalons.territories.choropleth import LOOKS, MISSING, draw_coloured, look_of
from jalons.territories.drawing import Feature

STEPS = (1, 2, 5)
HIDDEN = f"url(#{MISSING})"


def bounds_for(values: Sequence[int]) -> list[int]:
    """The least of each class: round numbers, about as many départements in each."""
    ordered = sorted(values)
    if not ordered:
        return []
    wanted = [ordered[len(ordered) * rank // len(LOOKS)] for rank in range(len(LOOKS))]
    return sorted({round_down(value) for value in wanted})


def round_down(value: int) -> int:
    """The greatest of 1, 2, 5, 10, 20, 50… that is not above."""
    best, power = 0, 1
    while power <= value:
        best = max([best, *(step * power for step in STEPS if step * power <= value)])
        power *= 10
    return best


def draw_open_map(title: str, outlines: Sequence[Feature], values: Mapping[str, int | None]) -> str:
    """SVG text; the key alone without any outline. `values`: by code of département, None where it is hidden."""
    least = bounds_for([value for value in values.values() if value is not None])
    key = [(look_of(rank), class_words(least, rank)) for rank in range(len(least))]
    key.append((HIDDEN, "c\u00a0: non diffusé"))
    return draw_coloured(
        title, words_of(least, values), outlines, lambda code: fill_of(least, values.get(code)), key
    )


def fill_of(least: Sequence[int], value: int | None) -> str:
    if value is None:
        return HIDDEN
    return look_of(max(rank for rank, bound in enumerate(least) if value >= bound))


def class_words(least: Sequence[int], rank: int) -> str:
    """« de 20 à 49 », « 100 et plus »."""
    if rank == len(least) - 1:
        return f"{format_number(least[rank])} et plus"
    return f"de {format_number(least[rank])} à {format_number(least[rank + 1] - 1)}"


def words_of(least: Sequence[int], values: Mapping[str, int | None]) -> str:
    count = sum(value is not None for value in values.values())
    if not count:
        return "Aucun département n’a de chiffre diffusé."
    top = [code for code, value in values.items() if value is not None and value >= least[-1]]
    return (
        f"{format_number(count)} départements colorés. "
        f"{class_words(least, len(least) - 1).capitalize()}\u00a0: {', '.join(top)}."
    )
