"""All that is written of a family, for the family: a document to read, and the same for a machine. Pure."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from jalons.core.values import format_date
from jalons.exports.contract import About
from jalons.exports.document import Document, Facts, Grid, Head, Heading, Paragraph
from jalons.households.families.content import FollowedFamily
from jalons.households.families.enums import Sex
from jalons.households.families.stored import to_json
from jalons.households.sheets.display import NAMELESS, FactLine, sheet_of
from jalons.sites.enums import Origin

ABOUT_US = frozenset({"author", "saves"})  # who of the team wrote it is not about the family


def access_json(family: FollowedFamily, reference: str, organisation: str) -> bytes:
    """Every version that is kept, what was corrected included; indented, so that a person may read it too."""
    document = json.loads(to_json(family))
    copy: dict[str, Any] = {
        "structure": organisation,
        "reference": reference,
        **{key: without_team(value) for key, value in document.items() if key not in ABOUT_US},
    }
    return json.dumps(copy, ensure_ascii=False, indent=1).encode()


def without_team(value: Any) -> Any:
    if isinstance(value, list):
        return [without_team(piece) for piece in value]
    if isinstance(value, dict):
        return {key: piece for key, piece in value.items() if key not in ABOUT_US}
    return value


def access_document(
    family: FollowedFamily, *, reference: str, organisation: str, today: dt.date, names: Mapping[str, str]
) -> Document:
    """As it is known today, in the words of the sheet, every note included."""
    sheet = sheet_of(family, today, names, every_note=True)
    people = [
        [
            person.name or NAMELESS,
            person.year_of_birth or "",
            dict(Sex.choices).get(person.sex, ""),
            next((row.link for row in sheet.people if row.id == person.id), ""),
            dict(Origin.choices).get(person.origin, ""),
        ]
        for person in family.people
    ]
    blocks: list[Any] = [
        Paragraph(
            f"Voici tout ce que {organisation} a écrit sur votre famille dans son registre, au {format_date(today)}. "
            "Vous pouvez demander que ce qui est faux soit corrigé, et que tout soit effacé."
        ),
        Heading("Les personnes"),
    ]
    if people:
        heads = [Head("Nom", weight=2), *map(Head, ("Année de naissance", "Sexe", "Lien", "Ressortissants"))]
        blocks.append(Grid(heads, people, caption="Les personnes de la famille"))
    else:
        blocks.append(Paragraph("Personne n’est noté."))
    for section in sheet.sections:
        if section.lines:
            blocks += [Heading(section.title), Facts([row_of(line) for line in section.lines])]
    if sheet.visits:
        blocks += [Heading("Visites et notes"), Facts([row_of(line) for line in sheet.visits])]
    about = About(perimeter=reference, author=organisation)
    return Document(f"Votre fiche {reference}", blocks, about)


def row_of(line: FactLine) -> tuple[str, str]:
    """« Scolarité », « Élémentaire, Ana, depuis le 1er septembre »."""
    parts = (line.words, line.who, line.dates, line.text)
    return line.title, " · ".join(part for part in parts if part)
