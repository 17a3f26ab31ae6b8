"""Who works on a convention, and what each may do and see there."""

from dataclasses import dataclass

from jalons.conventions.enums import ConventionRole
from jalons.conventions.models import Convention, MatrixRow, Seat

# What a role opens, as a sentence that ends « Peut … ».
ROLE_WORDS = {
    ConventionRole.PILOT: "tout écrire : texte, fiches, chiffres, budgets, délibération, rapport",
    ConventionRole.FICHE_REFERENT: "écrire ses fiches et leurs chiffres",
    ConventionRole.TERRITORY_CONTRIBUTOR: "remplir ses propres lignes de chiffres, et rien d’autre",
    ConventionRole.OPERATOR: "remplir ses propres chiffres, et rien d’autre",
    ConventionRole.FINANCE: "écrire les budgets, l’exécution, les versements et l’annexe financière",
    ConventionRole.STATE_PARTNER: "tout lire, commenter, relire et valider pour l’État",
    ConventionRole.ASSEMBLY_OFFICE: "écrire la délibération",
    ConventionRole.READER: "lire",
}
ORDER = list(ConventionRole)


@dataclass(frozen=True, slots=True)
class SeatLine:
    seat: Seat
    role: str
    may: str
    on: str  # « toute la convention », « Fiche 3 », « ligne DTML de la fiche 3 »


def seat_lines(convention: Convention) -> list[SeatLine]:
    """In the order of the roles, then of the names. One query."""
    seats = list(convention.seats.select_related("organisation", "party__departement", "commitment"))
    for seat in seats:
        if seat.commitment is not None:
            seat.commitment.convention = convention  # which spells its title
    ordered = sorted(
        seats, key=lambda seat: (ORDER.index(ConventionRole(seat.role)), seat.organisation.name, seat.pk)
    )
    return [
        SeatLine(seat, ConventionRole(seat.role).label, ROLE_WORDS[ConventionRole(seat.role)], where(seat))
        for seat in ordered
    ]


def where(seat: Seat) -> str:
    """What a seat is limited to, in words."""
    if seat.commitment_id and seat.commitment:
        sheet = seat.commitment.quiet_heading
        return f"lignes « {seat.breakdown} », {sheet}" if seat.breakdown else sheet
    whose = "toute la convention"
    if seat.party_id and seat.party:
        party = seat.party
        whose = f"fiches de {party.departement.name if party.departement else party.name}"
    return f"lignes « {seat.breakdown} », {whose}" if seat.breakdown else whose


def breakdowns_of(convention: Convention) -> list[str]:
    """The values of breakdown of its rows (« DTML »), once each."""
    rows = MatrixRow.objects.filter(commitment__convention=convention, dropped=False).exclude(breakdown="")
    return list(rows.order_by("breakdown").values_list("breakdown", flat=True).distinct())
