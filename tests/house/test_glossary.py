"""Every model and every enumeration is a word of the field, and docs/glossaire.md explains it."""

import enum
import importlib
import re

from django.apps import apps

from tests.house.tree import ROOT, python_files

HEADER = ["Terme", "Identifiant", "Définition", "Ne pas confondre avec"]


def rows() -> list[list[str]]:
    """Cells of each row of the glossary's tables, headers and rulers left out."""
    lines = (ROOT / "docs" / "glossaire.md").read_text().splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [cells for cells in table if cells != HEADER and not set(cells[0]) <= set("-: ")]


def identifiers() -> set[str]:
    return {name for cells in rows() for name in re.findall(r"`(\w+)", cells[1])}


def models() -> set[str]:
    ours = (
        model
        for model in apps.get_models(include_auto_created=False)
        if model.__module__.startswith("jalons.")
    )
    return {model.__name__ for model in ours if not model.__name__.startswith("Historical")}


def enums() -> set[str]:
    """Enumerations defined at the top of a module of Jalons."""
    found = set()
    for path, text in python_files("jalons").items():
        if "/migrations/" in path or "/settings/" in path or not re.search(r"Choices\b|Enum\b", text):
            continue
        module = importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and issubclass(value, enum.Enum)
                and value.__module__ == module.__name__
            ):
                found.add(value.__name__)
    return found


def test_every_model_and_enumeration_is_explained() -> None:
    missing = sorted((models() | enums()) - identifiers())
    assert missing == [], f"absents de docs/glossaire.md : {', '.join(missing)}"


def test_every_term_is_defined() -> None:
    assert [cells for cells in rows() if len(cells) != len(HEADER) or not all(cells[:3])] == []
