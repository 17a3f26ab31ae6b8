"""Reads over registers, their members and what was done in them."""

from typing import Any

from jalons.core.values.text import french_spaces
from jalons.households.models import Register


def merge_obstacle(staying: Any, leaving: Any) -> str:
    """A register is sealed for its organisation: its members alone can take its households elsewhere."""
    if not Register.objects.filter(organisation=leaving).exists():
        return ""
    return french_spaces(
        f"« {leaving} » a un registre de familles, que ses membres sont seuls à pouvoir lire : ils doivent d’abord "
        "emporter leurs ménages, puis supprimer ce registre."
    )
