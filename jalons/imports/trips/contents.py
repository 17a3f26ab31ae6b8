"""What Jalons shows of one value in a workbook to be filled in, and compares with what comes back."""

from jalons.core.values import Kind, Number, Value
from jalons.spreadsheets.typed import plain

# What every workbook says on its sheet « Mode d’emploi ».
GIVE_BACK = (
    "Changez les cases blanches, enregistrez, puis donnez ce fichier à Jalons : « Reprendre un tableau ».",
    "Vous verrez ce qui change avant que rien ne soit écrit.",
    "Jalons ne reprend que les cases que vous avez changées : ce qu’un collègue écrit entre-temps ailleurs reste.",
    "Si vous avez changé la même case tous les deux, Jalons vous demande laquelle garder.",
)
SIGNS = (
    "« ND » : on ne sait pas. « / » : sans objet. Une case vidée n’efface rien.",
    "Une ligne ôtée du fichier ne change rien dans Jalons.",
)

SHOWN_AS_NUMBERS = (Kind.NUMBER, Kind.AMOUNT, Kind.DURATION)


def content_of(value: Value) -> Number | str:
    """A number alone, that a spreadsheet may add; else the words; nothing when nothing was told."""
    if value.emptiness is not None:
        return value.emptiness.sign
    if value.number is not None and value.kind in SHOWN_AS_NUMBERS:
        return value.number
    return value.to_text()


def text_of(content: object) -> str:
    """As it is remembered."""
    return plain("" if content is None else content)
