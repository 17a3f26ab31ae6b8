"""What the pages of what is shared have in common."""

from typing import Any

from django.urls import reverse

from jalons.core import ui

PEOPLE, ORGANISATIONS = "directory:people", "directory:organisations"
DIRECTORY, PRACTICES = "sharing:directory", "sharing:practices"


def shared_tabs(current: str) -> list[ui.Tab]:
    """Everything that one looks up: people, structures, dispositifs, practices. By the names of their addresses."""
    pages = (
        ("Personnes", PEOPLE),
        ("Structures", ORGANISATIONS),
        ("Dispositifs", DIRECTORY),
        ("Bonnes pratiques", PRACTICES),
    )
    return [ui.Tab(label, reverse(name), name == current) for label, name in pages]


def page_of(query: Any) -> str:
    return str(query.get(ui.PAGE_PARAMETER, ""))
