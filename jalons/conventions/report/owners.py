"""Who fills in an empty cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse

from jalons.conventions.enums import ConventionRole
from jalons.conventions.models import (
    BudgetLine,
    Commitment,
    Convention,
    MatrixColumn,
    MatrixRow,
    Seat,
)
from jalons.core.values import fold


@dataclass(frozen=True, slots=True)
class Owner:
    """A structure that is to fill something in; `organisation` None when no seat says whose it is."""

    organisation: Any
    role: str = ""

    @property
    def pk(self) -> int:
        return self.organisation.pk if self.organisation is not None else 0

    @property
    def name(self) -> str:
        return str(self.organisation) if self.organisation is not None else NOBODY


@dataclass(frozen=True, slots=True)
class Hole:
    """A cell, or an executed amount, that nobody filled in."""

    kind: str
    year: int
    commitment: Commitment
    owners: tuple[Owner, ...]
    row: MatrixRow | None = None
    column: MatrixColumn | None = None
    line: BudgetLine | None = None

    @property
    def label(self) -> str:
        if self.row is None:
            return self.line.label if self.line else ""
        above = self.row.parent.label if self.row.parent else ""
        section = self.commitment.convention.quiet(self.row.group.label) if self.row.group else ""
        return " – ".join(filter(None, (section, above, self.row.label or self.row.breakdown)))

    @property
    def where(self) -> str:
        return self.column.words if self.column else f"Exécuté {self.year}"

    @property
    def url(self) -> str:
        """Its place in the grid, or in the form of executed amounts. Open to who may fill it in."""
        slug = self.commitment.convention.slug
        if self.row is None or self.column is None:
            return reverse("conventions:edit_execution", args=[slug])
        grid = reverse("conventions:grid", args=[slug, self.commitment.public_id])
        return f"{grid}#c-{self.row.pk}-{self.column.pk}"


NOBODY = "Personne n’a encore cette place"
OWN_ROWS = (ConventionRole.TERRITORY_CONTRIBUTOR, ConventionRole.OPERATOR)


class Owners:
    """Whose each cell is, by the seats of the conventions: one query."""

    def __init__(self, conventions: Sequence[Convention]) -> None:
        # Kept with the conventions: what one may fill in is asked of them again, row by row.
        seats = Seat.objects.select_related("organisation__territory").order_by("pk")
        prefetch_related_objects(list(conventions), Prefetch("seats", seats))
        self.seats: dict[int, list[Seat]] = {
            convention.pk: list(convention.seats.all()) for convention in conventions
        }
        self.known: dict[tuple[Any, ...], tuple[Owner, ...]] = {}

    def of_row(self, row: MatrixRow) -> tuple[Owner, ...]:
        """The seat of its breakdown, else the operator of the whole sheet, else its referent, else the pilot."""
        commitment = row.commitment
        place = (commitment.pk, fold(row.breakdown))
        if place not in self.known:
            self.known[place] = self.chosen(
                commitment,
                lambda seat: seat.role in OWN_ROWS and bool(seat.breakdown) and seat.fills(row),
                lambda seat: seat.role in OWN_ROWS and not seat.breakdown and seat.commitment_id is not None,
            )
        return self.known[place]

    def of_money(self, commitment: Commitment) -> tuple[Owner, ...]:
        place = (commitment.pk, None)
        if place not in self.known:
            self.known[place] = self.chosen(commitment, lambda seat: seat.role == ConventionRole.FINANCE)
        return self.known[place]

    def chosen(self, commitment: Commitment, *rules: Any) -> tuple[Owner, ...]:
        seats = [seat for seat in self.seats[commitment.convention_id] if seat.covers(commitment)]
        last = (
            lambda seat: seat.role == ConventionRole.FICHE_REFERENT and seat.commitment_id is not None,
            lambda seat: seat.role == ConventionRole.FICHE_REFERENT,
            lambda seat: seat.role == ConventionRole.PILOT,
        )
        for rule in (*rules, *last):
            seat_by_organisation = {seat.organisation_id: seat for seat in seats if rule(seat)}
            if seat_by_organisation:
                return tuple(
                    Owner(seat.organisation, ConventionRole(seat.role).label)
                    for seat in seat_by_organisation.values()
                )
        return (Owner(None),)


def by_owner(holes: Iterable[Hole]) -> list[tuple[Owner, list[Hole]]]:
    """Most to do first; what two structures may fill in stands under both."""
    holes_by_owner: dict[int, tuple[Owner, list[Hole]]] = {}
    for hole in holes:
        for owner in hole.owners:
            holes_by_owner.setdefault(owner.pk, (owner, []))[1].append(hole)
    return sorted(holes_by_owner.values(), key=lambda item: (-len(item[1]), item[0].name))


def with_next(convention: Convention, user: Any = None) -> list[Convention]:
    """A convention and those opened from it, where its account is to be filled in."""
    after = Convention.objects.filter(previous=convention)
    if user is not None:
        after = Convention.objects.visible_to(user).filter(previous=convention)
    return [convention, *after.select_related("departement")]
