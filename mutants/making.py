"""The mutants of a file: where, what was written, what is written instead, and in which function."""

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.mutating import mutate_code

from mutants.operators import operators

Span = tuple[int, int]
BUILT_IN = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Mutant:
    """`function`: qualified name of the outermost function whose body holds the fault, empty when none does (a table,
    a constant, a default): then everything must be imported again. `lines`: first (decorators included) and last.
    """

    path: str
    line: int
    operator: str
    before: str
    after: str
    function: str
    lines: Span
    source: str

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line} {self.operator}"


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    lines: Span
    body: Span


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an operator of mutation may apply; `occurrence` counts as cosmic-ray does, in its own walk."""

    path: str
    line: int
    operator: str
    occurrence: int


class Positions(Visitor):
    def __init__(self, operator: Any) -> None:
        self.operator = operator
        self.starts: list[tuple[int, int]] = []

    def visit(self, node: Any) -> Any:
        self.starts += [start for start, _ in self.operator.mutation_positions(node)]
        return node


def places_of(root: Path, path: str) -> list[Place]:
    """Every place of a file, in the order of its lines; see `_left_aside` for what is not mutated."""
    source = (root / path).read_text()
    tree, aside = get_ast(source), _left_aside(ast.parse(source))
    places = []
    for name, operator in operators().items():
        positions = Positions(operator)
        positions.walk(tree)
        for occurrence, (line, column) in enumerate(positions.starts):
            if not any(start <= (line, column) < end for start, end in aside):
                places.append(Place(path, line, name, occurrence))
    return sorted(places)


def made(root: Path, places: Iterable[Place]) -> Iterator[Mutant]:
    """The mutants of these places; a text that does not compile, or was already made, is no mutant."""
    seen: set[str] = set()
    all_operators = operators()
    for place in places:
        source = (root / place.path).read_text()
        mutated = mutate_code(source, all_operators[place.operator], place.occurrence)
        if mutated is None or not _compiles(mutated):
            continue
        dumped = f"{place.path} {ast.dump(ast.parse(mutated))}"
        if dumped not in seen:
            seen.add(dumped)
            yield _mutant(place, source, mutated)


def _mutant(place: Place, source: str, mutated: str) -> Mutant:
    functions = _functions(ast.parse(source))
    function = next((one for one in functions if one.body[0] <= place.line <= one.body[1]), None)
    before, after = _changed(source, mutated, place.line)
    return Mutant(
        path=place.path,
        line=place.line,
        operator=place.operator,
        before=before,
        after=after,
        function=function.name if function else "",
        lines=function.lines if function else (0, 0),
        source=mutated,
    )


def _changed(source: str, mutated: str, line: int) -> tuple[str, str]:
    """The lines that differ, each as one line."""
    old, new = source.splitlines(), mutated.splitlines()
    start = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), line - 1)
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return tuple(" ".join(" ".join(text[start : len(text) - end]).split()) for text in (old, new))  # type: ignore[return-value]


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[Function]:
    """The outermost functions, in classes too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            last = node.end_lineno or node.lineno
            yield Function(prefix + node.name, (first, last), (node.body[0].lineno, last))
        else:
            yield from _functions(node, prefix)


def _left_aside(tree: ast.Module) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where a fault is not for these tests: types, `@dataclass` and `@lru_cache` (memory and speed), and the columns of
    models, that `makemigrations --check` watches.
    """
    nodes: list[ast.expr | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            nodes.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            nodes.append(node.returns)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            nodes += [one for one in node.decorator_list if _called(one) in ("dataclass", "lru_cache")]
        if isinstance(node, ast.ClassDef):
            values = [one.value for one in node.body if isinstance(one, ast.Assign | ast.AnnAssign)]
            nodes += [value for value in values if value and _called(value).startswith("models.")]
    nodes += [node.value for node in tree.body if isinstance(node, ast.Assign) and _is_alias(node.value)]
    return [
        ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0))
        for node in nodes
        if node
    ]


def _called(node: ast.expr) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def _is_alias(value: ast.expr) -> bool:
    """`Number = int | Decimal`, `OnSheet = Callable[[Sheet], Finding]`: names of types and nothing else."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        return _is_alias(value.left) and _is_alias(value.right)
    if isinstance(value, ast.Subscript):
        return _is_alias(value.value)
    if isinstance(value, ast.Constant):
        return value.value is None
    return isinstance(value, ast.Name) and (
        value.id in BUILT_IN or (value.id[:1].isupper() and not value.id.isupper())
    )
