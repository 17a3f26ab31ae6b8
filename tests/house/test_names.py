"""Names say what a thing is. What is left of the vague ones is counted, and may only fall."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.house.tree import python_files

# They say how a thing came, never what it is.
VAGUE = {"told", "found", "said", "shown", "kept", "each", "one"}
# Lower these when you rename; never raise them.
MOST_VAGUE = 162
MOST_SHARED_CLASSES = 35
NESTED = {"Meta", "Command"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    """One at a time: all of them at once are a million objects."""
    for path, text in python_files("jalons").items():
        if "/migrations/" not in path:
            yield path, ast.parse(text)


def bound_by(node: ast.AST) -> str:
    """The name that a node gives to something; empty when it gives none."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    return ""


def test_vague_names_only_fall() -> None:
    counts = Counter(name for _, tree in trees() for node in ast.walk(tree) if (name := bound_by(node)))
    vague = {name: counts[name] for name in sorted(VAGUE)}
    assert counts.total() > 10_000
    assert sum(vague.values()) <= MOST_VAGUE, f"un nom dit ce qu’est la chose\u00a0: {vague}"


def test_a_class_name_is_unique_in_the_tree() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name not in NESTED:
                places[node.name].append(path)
    shared = {name: paths for name, paths in places.items() if len(paths) > 1}
    assert len(shared) <= MOST_SHARED_CLASSES, shared


def test_the_rule_sees_each_kind_of_name() -> None:
    code = (
        "def told(found):\n    for each in found:\n        said = [one for one in each]\n\nclass Kept: ...\n"
    )
    names = {name for node in ast.walk(ast.parse(code)) if (name := bound_by(node))}
    assert names == {"told", "found", "each", "said", "one", "Kept"}
