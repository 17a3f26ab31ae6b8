"""How a model stores values: a nullable column for each number, and one JSON column `blanks`.

`blanks` says why the null ones are null: `{"minors": "nd"}`. A null without a reason is empty; `empty` itself
is not written.
"""

from collections.abc import Callable, Mapping

from jalons.core.values.cells import Emptiness, Value
from jalons.core.values.numbers import Number


def value_from(
    number: Number | None, blank: str | None = None, make: Callable[[Number], Value] = Value.of
) -> Value:
    """A number wins over a reason left behind. ValueError for a reason that is not an `Emptiness`."""
    if number is not None:
        return make(number)
    return Value(Emptiness(blank or Emptiness.EMPTY))


def values_from(numbers: Mapping[str, Number | None], blanks: Mapping[str, str]) -> dict[str, Value]:
    return {name: value_from(number, blanks.get(name)) for name, number in numbers.items()}


def to_columns(values: Mapping[str, Value]) -> tuple[dict[str, Number | None], dict[str, str]]:
    """(numbers, blanks) to store. ValueError for a value that a number cannot hold, such as a text."""
    unfit = [name for name, value in values.items() if value.is_known and value.number is None]
    if unfit:
        raise ValueError(f"no number in {', '.join(unfit)}")
    numbers = {name: value.number for name, value in values.items()}
    states = {name: value.emptiness for name, value in values.items()}
    blanks = {name: state.value for name, state in states.items() if state and state is not Emptiness.EMPTY}
    return numbers, blanks
