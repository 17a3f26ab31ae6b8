"""Whose each sheet is when several Départements sign: resolved when a dossier is made, whatever it is read from. Pure.

In the base a sheet names its party. A file, or a frozen version, names a Département in words: on the sheet, or in the
list of actions that each Département signs.
"""

from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.ledger import COUNCIL_KEY, councils
from jalons.conventions.models import Party
from jalons.core.values import fold

ARTICLES = {"le", "la", "l", "les", "du", "de", "des", "d", "departement", "conseil", "departemental"}


def plain_words(text: str) -> frozenset[str]:
    """« Le Département du Pas-de-Calais » → pas, calais."""
    folded = fold(text).replace("-", " ").replace("’", " ").replace("'", " ")
    return frozenset(folded.split()) - ARTICLES


def same_council(left: str, right: str) -> bool:
    """« Le Département du Nord » and « Conseil départemental du Nord »: the same words, articles aside."""
    return bool(plain_words(left)) and plain_words(left) == plain_words(right)


def give_owners(dossier: Dossier) -> None:
    """Says whose each sheet is (`owner_party`), and the code of each Département that signs (`council_codes`)."""
    signing = councils(dossier)
    if len(signing) < 2:
        return
    for sheet in dossier.sheets:
        own = sheet.commitment.party
        sheet.owner_party = (
            council_of(own, signing) if own is not None else named_party(said_owner(sheet, dossier), signing)
        )
    dossier.council_codes = {id(party): code_of_party(party, dossier) for party in signing}
    for sheet in dossier.sheets:
        own = sheet.owner_party
        if own is not None:
            sheet.departement = own.departement_id or dossier.council_codes.get(id(own), "")


def council_of(party: Party, signing: list[Party]) -> Party:
    """The one that stands for its Département: several people may sign for one."""
    same = (
        signatory
        for signatory in signing
        if signatory is party or signatory.departement_id == party.departement_id
    )
    return next(same, party) if party.departement_id else party


def said_owner(sheet: Sheet, dossier: Dossier) -> str:
    """The Département that a file names for a sheet; empty when it names none."""
    words = sheet.commitment.kept.get("departement")
    if isinstance(words, str) and words.strip():
        return words
    listed = (action for action in dossier.actions if action.sheet_key and action.sheet_key == sheet.key)
    return next((action.departement_words for action in listed if action.departement_words), "")


def named_party(words: str, signing: list[Party]) -> Party | None:
    for party in signing:
        if same_council(words, party.name) or (
            party.departement_id and words.strip() == party.departement_id
        ):
            return party
    return None


def code_of_party(party: Party, dossier: Dossier) -> str:
    """Its code; in a file, the only one under which its sheets are paid for, and no sheet of another."""
    if party.departement_id:
        return party.departement_id
    mine: set[str] = set()
    others: set[str] = set()
    for sheet in dossier.sheets:
        (mine if sheet.owner_party is party else others).update(codes_of(sheet))
    return mine.pop() if len(mine) == 1 and not mine & others else ""


def codes_of(sheet: Sheet) -> set[str]:
    """The codes of the Départements that pay for a sheet; none when a part bears no code, or brings nothing."""
    codes: set[str] = set()
    for row in sheet.budget:
        for part in row.parts:
            match = COUNCIL_KEY.fullmatch(part.removeprefix("part_").lower())
            if match is not None and match[1] is None:
                return set()
            if match is not None and row.euros(part) != 0:
                codes.add(match[1].upper())
    return codes
