"""One fiche with what stands around it: its neighbours, its themes, its labels, its alerts. Constant queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jalons.accounts.models import Organisation, User
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.from_base import read_annexes, read_budget, read_sheets, sheets_at
from jalons.conventions.enums import LineKind
from jalons.conventions.models import (
    Acknowledgement,
    Alert,
    AnnexLine,
    Commitment,
    Convention,
    Party,
    PlannedAction,
)
from jalons.core.values import format_long_date, local_day
from jalons.history.querysets import NOW, AsOf, described


@dataclass
class SheetRead:
    """`themes`: its own, with their budget; `siblings`: the fiches that the reader sees, in order."""

    dossier: Dossier
    sheet: Sheet
    siblings: list[Commitment] = field(default_factory=list)
    themes: list[Sheet] = field(default_factory=list)

    @property
    def commitment(self) -> Commitment:
        return self.sheet.commitment

    def neighbour(self, step: int) -> Commitment | None:
        """The fiche before (-1) or after (1) this one."""
        place = next((n for n, sibling in enumerate(self.siblings) if sibling.pk == self.commitment.pk), None)
        if place is None or not 0 <= place + step < len(self.siblings):
            return None
        return self.siblings[place + step]


def read_sheet(user: Any, commitment: Commitment, at: AsOf = NOW) -> SheetRead:
    """About sixteen queries, whatever the size of the convention and of the base."""
    dossier = one_sheet(commitment, at)
    visible = commitment.convention.commitments.visible_to(user).order_by("position", "pk").distinct()
    siblings = sheets_at(commitment.convention, at, visible)
    for sibling in siblings:
        sibling.convention = commitment.convention
    themes = [sibling for sibling in siblings if sibling.parent_id == commitment.pk]
    return SheetRead(dossier, dossier.sheets[0], siblings, themes_with_money(dossier, themes, at))


def one_sheet(commitment: Commitment, at: AsOf = NOW) -> Dossier:
    """A dossier that holds this fiche and its parties, and nothing else."""
    convention = commitment.convention
    dossier = Dossier(convention, parties=described(Party, at, "departement", convention=convention))
    read_sheets(dossier, [commitment], at)
    return dossier


def themes_with_money(dossier: Dossier, themes: Sequence[Commitment], at: AsOf) -> list[Sheet]:
    if not themes:
        return []
    aside = Dossier(dossier.convention, parties=dossier.parties, sheets=[Sheet(theme) for theme in themes])
    read_budget(aside, {theme.pk: theme for theme in themes}, at)
    return aside.sheets


# --- its labels elsewhere --------------------------------------------------------------------------------------


def labels_elsewhere(read: SheetRead, at: AsOf = NOW) -> tuple[list[AnnexLine], list[PlannedAction]]:
    """The lines of the annexes and the actions of the article on payment that are about this fiche.

    A line or an action that names the fiche by its key is about it; by its number, only when no other fiche
    (of another Département, say) bears the same.
    """
    commitment = read.commitment
    if commitment.parent_id is not None:
        return [], []
    numbers = {str(number) for number in commitment.numbers}
    shared = {
        str(number)
        for other in described(Commitment, at, convention=commitment.convention)
        if other.parent_id is None and other.pk != commitment.pk
        for number in other.numbers or ()
    }
    own = numbers - shared
    lines = lines_of_annexes(commitment.convention, at)
    actions = described(PlannedAction, at, convention=commitment.convention)
    return (
        [line for line in lines if line.number in own and line.kind in (LineKind.SHEET, LineKind.OTHER)],
        [
            action
            for action in actions
            if (action.sheet_key == commitment.key if action.sheet_key else action.sheet_number in own)
        ],
    )


def lines_of_annexes(convention: Convention, at: AsOf) -> list[AnnexLine]:
    dossier = Dossier(convention)
    read_annexes(dossier, at)
    return [line for annex in dossier.annexes for line in annex.lines]


# --- what does not add up --------------------------------------------------------------------------------------


def alerts_of(commitment: Commitment) -> tuple[list[Alert], dict[str, Acknowledgement]]:
    """Its alerts, and what people answered to them, by fingerprint."""
    alerts = list(Alert.objects.filter(commitment=commitment))
    answers = Acknowledgement.objects.filter(
        convention=commitment.convention,
        withdrawn=False,
        fingerprint__in=[alert.fingerprint for alert in alerts],
    )
    return alerts, {answer.fingerprint: answer for answer in answers}


# --- who said what ---------------------------------------------------------------------------------------------


def signatures(sheet: Sheet) -> dict[int, str]:
    """« Camille Exemple (DTML), le 12 mars 2022 » for each cell, by primary key: two queries."""
    cells = list(sheet.cells.values())
    people = User.objects.in_bulk({cell.author_id for cell in cells})
    organisations = Organisation.objects.in_bulk({cell.organisation_id for cell in cells})
    return {
        cell.pk: (
            f"{people[cell.author_id]} ({organisations[cell.organisation_id]}), "
            f"le {format_long_date(local_day(cell.recorded_at))}"
        )
        for cell in cells
    }
