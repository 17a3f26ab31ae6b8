"""One definition for each figure: no view and no template adds up by itself."""

import ast
import re
from collections.abc import Iterator

import pytest

from jalons.figures.registry import families, figures
from tests.house.tree import python_files, texts

ADDING = {"sum", "Sum", "SqlSum", "Avg", "total", "aggregate", "Counter"}
# What is added up in a view and is no figure of a territory, each with its reason.
EXCEPTED = {
    (
        "jalons/conventions/money/reconciliation/views.py",
        "sum",
    ): "l’argent d’une convention : conventions/money",
    (
        "jalons/conventions/money/reconciliation/views.py",
        "Sum",
    ): "l’argent d’une convention : conventions/money",
    (
        "jalons/conventions/years/views.py",
        "sum",
    ): "combien de lignes d’un tableau à passer d’une année à l’autre",
    ("jalons/maps/views.py", "sum"): "combien de sites la carte place, pour la légende du dessin",
    ("jalons/sites/views/closing.py", "sum"): "dit à la personne la somme de ce qu’elle vient de taper",
    ("jalons/sites/views/declare.py", "aggregate"): "le milieu d’un territoire, pour y ouvrir une carte",
    ("jalons/sites/views/declare.py", "Avg"): "le milieu d’un territoire, pour y ouvrir une carte",
    ("jalons/search/views.py", "sum"): "combien de réponses à une recherche",
    ("jalons/indicators/views/fill.py", "sum"): "la longueur d’un brouillon",
    ("jalons/indicators/views/table.py", "sum"): "combien de têtes de colonnes ont deux lignes",
    (
        "jalons/indicators/views/definitions.py",
        "aggregate",
    ): "la dernière clé écrite, pour reconnaître un envoi",
}
# `add` also joins words and addresses, and counts the columns of a table.
JOINED = re.compile(r"\"\|add:|url\|add:|columns\|add:1")
TEMPLATE_SUMS = re.compile(r"\|\s*(?:add|sum|dictsum)\b")


def names_called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            yield called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def sums_in_views() -> set[tuple[str, str]]:
    return {
        (path, name)
        for path, text in python_files("jalons").items()
        if path.endswith("/views.py") or "/views/" in path
        for name in names_called(ast.parse(text))
        if name in ADDING
    }


def test_no_view_adds_up_by_itself() -> None:
    faults = sorted(sums_in_views() - EXCEPTED.keys())
    assert faults == [], "déclarez un chiffre (docs/recettes.md) et lisez-le : jalons.figures.registry"


def test_every_exception_still_serves() -> None:
    assert EXCEPTED.keys() - sums_in_views() == set()


def test_no_template_adds_up_by_itself() -> None:
    faults = [
        path
        for path, text in texts().items()
        if path.startswith("jalons/")
        and path.endswith(".html")
        and TEMPLATE_SUMS.search(JOINED.sub("", text))
    ]
    assert faults == []


def test_a_sum_would_be_seen() -> None:
    called = list(names_called(ast.parse("total = sum(rows); sites.aggregate(n=Count('pk'))")))
    assert {"sum", "aggregate"} <= set(called)
    assert TEMPLATE_SUMS.search("{{ people|add:minors }}")


def test_each_figure_is_declared_once_and_says_what_it_counts() -> None:
    keys = [figure.key for family in families().values() for figure in family.figures]
    assert len(keys) == len(set(keys)) == len(figures())
    assert len({figure.label for figure in figures().values()}) == len(keys), "deux chiffres, un même nom"


@pytest.mark.parametrize("key", sorted(figures()))
def test_a_figure_is_whole(key: str) -> None:
    figure = figures()[key]
    assert figure.sentence.endswith("."), "une phrase dit ce qui est compté"
    assert figure.label[0].isupper()
    assert figure.opens in ("sites:list", "actions:list")
    assert re.fullmatch(r"[a-z0-9_-]+", key)
