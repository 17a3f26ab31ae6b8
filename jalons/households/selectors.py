"""Reads over registers, their members and what was done in them."""

from typing import Any

from jalons.core.values.text import french_spaces
from jalons.households.models import Register


def merge_obstacle(kept: Any, gone: Any) -> str:
    """A register is sealed for its organisation: its members alone can take its households elsewhere."""
    if not Register.objects.filter(organisation=gone).exists():
        return ""
    return french_spaces(
        f"« {gone} » a un registre de familles, que ses membres sont seuls à pouvoir lire : ils doivent d’abord "
        "emporter leurs ménages, puis supprimer ce registre."
    )
