"""Whose a convention is: Départements and councils found in the words of its signatories."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from jalons.accounts.enums import OrganisationCategory, OrganisationKind
from jalons.accounts.models import Organisation
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.dropping import REASON
from jalons.conventions.enums import ConventionRole, PartySide
from jalons.conventions.models import Convention, Deliberation, Party, Seat
from jalons.core.values import fold
from jalons.history.services import Actor, save_record
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Departement
from jalons.territories.services import scope_for


def resolve(convention: Convention, parties: Sequence[Party], by: Actor) -> None:
    """Which département and which structure of Jalons a Département that signs is."""
    # The longest names first: « Haute-Loire » holds « Loire ».
    departements = sorted(Departement.objects.all(), key=lambda departement: -len(departement.name))
    for party in parties:
        if party.side != PartySide.DEPARTEMENT or party.departement_id:
            continue
        party.departement = next(
            (departement for departement in departements if mentions(party.name, departement.name)), None
        )
        if party.departement is not None and party.organisation_id is None:
            party.organisation = council_of(party.departement, by)
    codes = [party.departement for party in parties if party.departement is not None]
    if convention.departement_id is None and codes:
        convention.departement = codes[0]
    convention.__dict__.pop("departement_codes", None)


@transaction.atomic
def give_departements(*, convention: Convention, departements: Sequence[Departement], by: Actor) -> int:
    """Says whose a convention is when its signatories do not: its parties, in their order, then itself.

    Those who lead it receive their seat, as when they are recognised. Answers how many things changed.
    """
    if not departements:
        return 0
    parties = list(convention.parties.all())
    signing = [party for party in parties if party.side == PartySide.DEPARTEMENT]
    known = {party.departement_id for party in signing}
    left = [departement for departement in departements if departement.pk not in known]
    changed = 0
    for party, departement in zip(
        (party for party in signing if not party.departement_id), left, strict=False
    ):
        party.departement = departement
        party.organisation = party.organisation or council_of(departement, by)
        save_record(record=party, by=by, reason=REASON)
        changed += 1
    if convention.departement_id is None:
        convention.departement = departements[0]
        convention.__dict__.pop("departement_codes", None)
        save_record(record=convention, by=by, reason=REASON)
        changed += 1
    if changed:
        seat_pilots(convention, parties, by)
    return changed


def words_of(text: str) -> list[str]:
    return fold(text).replace("-", " ").replace("’", "'").replace("'", " ").split()


def mentions(text: str, name: str) -> bool:
    """Do the words of `name` follow one another in `text`?"""
    words, wanted = words_of(text), words_of(name)
    return any(words[start : start + len(wanted)] == wanted for start in range(len(words)))


def council_of(departement: Departement, by: Actor) -> Organisation:
    """The conseil départemental, made on first use."""
    territory = scope_for(ScopeLevel.DEPARTEMENT, departement.code)
    organisation = Organisation.objects.filter(kind=OrganisationKind.DEPARTEMENT, territory=territory).first()
    if organisation is None:
        organisation = Organisation(
            name=f"Conseil départemental – {departement.name}",
            kind=OrganisationKind.DEPARTEMENT,
            category=OrganisationCategory.LOCAL,
            territory=territory,
        )
        save_record(record=organisation, by=by, reason=REASON)
    return organisation


def seat_pilots(convention: Convention, parties: Sequence[Party], by: Actor) -> None:
    """A Département that signs leads its part of the convention."""
    councils = {party.organisation_id: party for party in parties if party.organisation_id}
    for organisation, party in councils.items():
        Seat.objects.filter(convention=convention, organisation=organisation).exists() or save_record(
            record=Seat(
                convention=convention,
                organisation_id=organisation,
                role=ConventionRole.PILOT,
                party=party if len(councils) > 1 else None,
            ),
            by=by,
            reason=REASON,
        )


def give_parties(wanted: Dossier, parties: Sequence[Party], twins: dict[int, Any], by: Actor) -> None:
    """With several Départements, whose each sheet is: as the list of actions that a Département signs says."""
    councils = [party for party in parties if party.departement_id]
    if len({party.departement_id for party in councils}) < 2:
        return
    words_by_sheet = {
        action.sheet_key: action.departement_words for action in wanted.actions if action.sheet_key
    }
    for sheet in wanted.sheets:
        commitment = twins[id(sheet.commitment)]
        words = sheet.commitment.kept.get("departement") or words_by_sheet.get(sheet.key) or ""
        party = next((council for council in councils if names(council, str(words))), None)
        if party is not None and commitment.party_id is None:
            commitment.party = party
            save_record(record=commitment, by=by, reason=REASON)


def give_party(deliberation: Deliberation, conventions: Sequence[Convention], by: Actor) -> None:
    """With several Départements, whose vote it is: as the name of the assembly says."""
    parties = Party.objects.filter(convention__in=conventions).exclude(departement=None)
    councils = list(parties.select_related("departement"))
    if deliberation.party_id or len({party.departement_id for party in councils}) < 2:
        return
    deliberation.party = next(
        (council for council in councils if names(council, deliberation.assembly)), None
    )
    if deliberation.party is not None:
        save_record(record=deliberation, by=by, reason=REASON)


def names(party: Party, words: str) -> bool:
    """Do these words mean the Département of this party: « 62 », « Pas-de-Calais », « Département du Nord »?"""
    departement = party.departement
    if departement is None or not words.strip():
        return False
    return departement.code.lower() in words_of(words) or mentions(words, departement.name)
