"""Who may ask for a report, write in an edition, publish it, share it."""

from typing import Any

from jalons.accounts.enums import Right, Role
from jalons.accounts.permissions import has, territory_of
from jalons.editions.models import ReportEdition
from jalons.editions.registry import ReportKind, report_kinds
from jalons.figures.areas import FigureArea, holds_area

WRITES = "may_write"


def askable_kinds(user: Any) -> list[ReportKind]:
    """The reports that a person may ask for somewhere: whoever takes files away and holds its right."""
    if not has(user, Right.EXPORT):
        return []
    kinds = report_kinds().values()
    return [kind for kind in kinds if has(user, kind.right) and (not kind.own or own_areas(user))]


def own_areas(user: Any) -> frozenset[str]:
    """The structures where a person works as an operator, as the areas of figures write them."""
    own = (membership for membership in user.active_memberships if membership.role == Role.OPERATOR)
    return frozenset(f"operateur-{membership.organisation_id}" for membership in own)


def may_ask(user: Any, kind: ReportKind, area: FigureArea) -> bool:
    """Of a territory that they read whole, for sites and for what the report is about; of their own structure."""
    return (
        area.level in kind.levels
        and kind in askable_kinds(user)
        and (not kind.own or area.text in own_areas(user))
        and (not area.is_place or holds_area(territory_of(user, kind.right), area))
    )


def is_author(user: Any, edition: ReportEdition) -> bool:
    return bool(edition.author_id == user.pk)


def may_write(user: Any, edition: ReportEdition) -> bool:
    """Its author, and those to whom they gave it to write."""
    return is_author(user, edition) or edition.accesses.filter(user=user.pk, may_write=True).exists()
