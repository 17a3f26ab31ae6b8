"""What is forgotten in time: files that nobody looked at, objects of layers long withdrawn."""

from jalons.core.values import format_number, plural
from jalons.layers.services import erase_withdrawn, forget_drafts


def forget_old_drafts() -> str:
    count = forget_drafts()
    return (
        f"{format_number(count)} {plural(count, 'couche à vérifier oubliée', 'couches à vérifier oubliées')}"
    )


def erase_old_layers() -> str:
    count = erase_withdrawn()
    return f"{format_number(count)} {plural(count, 'couche retirée effacée', 'couches retirées effacées')}"
