"""A list of people as it is pasted: from a spreadsheet, a file with semicolons, a mail program. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from jalons.accounts.enums import Role
from jalons.core.values import fold, french_spaces, without_unseen

# Mail programs put all on one line: « A Nom <a@b.fr>; B Nom <c@d.fr> ».
OUTLOOK = re.compile(r"\s*\"?'?([^<>;\t\n\"]*?)'?\"?\s*<\s*([^<>\s]+@[^<>\s]+)\s*>\s*[;,]?")
CELLS = re.compile(r"[;\t]")
ADDRESS = re.compile(r"[^\s<>,;\"]+@[^\s<>,;\"]+")
SHORT_ROLES = {
    "admin local": Role.LOCAL_ADMIN,
    "administrateur": Role.LOCAL_ADMIN,
    "correspondant": Role.CORRESPONDENT,
    "collectivite": Role.INSTITUTION,
    "service de l'etat": Role.INSTITUTION,
    "association": Role.OPERATOR,
    "lecteur": Role.OBSERVER,
}
NO_ADDRESS = "Il manque l’adresse électronique."
NO_NAME = "Il manque le nom."
WRONG_ADDRESS = "Cette adresse n’est pas complète."
TWICE = "Cette adresse est déjà plus haut dans la liste."


@dataclass(frozen=True, slots=True)
class Line:
    """One person as read. `trouble` says why not, in French; `role` is empty when the line says none."""

    text: str
    name: str = ""
    email: str = ""
    role: str = ""
    trouble: str = ""


def read_people(text: str) -> list[Line]:
    """Every line that is not empty, in order; a header is left aside."""
    lines: list[Line] = []
    seen: set[str] = set()
    for piece in pieces(without_unseen(text).replace("\u00a0", " ")):
        line = read_line(piece)
        if line.email and line.email in seen and not line.trouble:
            line = Line(line.text, line.name, line.email, line.role, TWICE)
        seen.add(line.email)
        lines.append(line)
    return lines


def pieces(text: str) -> Iterable[str]:
    """One piece a person: a line, or each « Nom <adresse> » of a line that holds several."""
    for number, raw in enumerate(text.splitlines()):
        line = raw.strip()
        if not line or (number == 0 and is_header(line)):
            continue
        several = OUTLOOK.findall(line)
        if len(several) > 1:
            yield from (f"{name} <{address}>" for name, address in several)
        else:
            yield line


def is_header(line: str) -> bool:
    return "@" not in line and any(word in fold(line) for word in ("mail", "adresse", "courriel", "nom"))


def read_line(text: str) -> Line:
    """Names stand before the address, or just after it when nothing does; what is left is the role."""
    cells = [plain(cell) for cell in CELLS.split(text)]
    if len(cells) == 1 and "<" not in text:
        cells = [plain(cell) for cell in text.split(",")]
    before, address, after = around_address(cells)
    if not before:
        before, after = after[:1], after[1:]
    name = " ".join(before)
    roles = [role_named(words) for words in after]
    unknown = next((words for words, role in zip(after, roles, strict=True) if not role), "")
    trouble = trouble_of(name, address) or (f"« {unknown} » n’est pas un rôle." if unknown else "")
    return Line(text, name, address, roles[0] if roles else "", french_spaces(trouble))


def plain(cell: str) -> str:
    return " ".join(cell.strip().strip("\"'").split())


def around_address(cells: list[str]) -> tuple[list[str], str, list[str]]:
    """What stands before the first address, the address in lower case, what stands after; empty cells left out."""
    for place, cell in enumerate(cells):
        if match := ADDRESS.search(cell):
            left = plain((cell[: match.start()] + cell[match.end() :]).strip(" <>()"))
            before = [*cells[:place], left]
            return (
                [part for part in before if part],
                match[0].lower(),
                [part for part in cells[place + 1 :] if part],
            )
    return [part for part in cells if part], "", []


def trouble_of(name: str, address: str) -> str:
    if not address:
        return NO_ADDRESS
    try:
        validate_email(address)
    except ValidationError:
        return WRONG_ADDRESS
    return "" if name else NO_NAME


def role_named(words: str) -> str:
    """The role that these words name, case and accents aside; empty for none."""
    folded = fold(words)
    if not folded:
        return ""
    for role in Role:
        if folded in (fold(role.label), role.value):
            return role.value
    return str(SHORT_ROLES.get(folded, ""))
