"""Who may ask for a report, write in an edition, publish it, share it."""

from collections.abc import Iterator
from typing import Any

from jalons.accounts.enums import Right, Role
from jalons.accounts.permissions import Territory, has, territory_of
from jalons.actions.selectors.listing import operators_seen
from jalons.editions.models import ReportEdition
from jalons.editions.registry import ReportKind, report_kinds
from jalons.figures.areas import FigureArea, holds_area
from jalons.figures.enums import AreaLevel

WRITES = "may_write"


def askable_kinds(user: Any) -> list[ReportKind]:
    """The reports that a person may ask for somewhere: whoever takes files away, and holds its right in a place of
    its levels. What is offered, what opens and what is accepted are all asked here.
    """
    return list(each_askable(user))


def each_askable(user: Any) -> Iterator[ReportKind]:
    if has(user, Right.EXPORT):
        for kind in report_kinds().values():
            if own_areas(user) if kind.own else has_level(places_for(user, kind), kind):
                yield kind


def has_reports(user: Any) -> bool:
    """For the menu: a person who may ask for one, or who reads sites and was given one. One query for these alone:
    whoever manages accounts and nothing else pays none on each page, and opens what was given by its address.
    """
    if next(each_askable(user), None) is not None:
        return True
    return has(user, Right.READ_SITES) and ReportEdition.objects.visible_to(user).exists()


def places_for(user: Any, kind: ReportKind) -> Territory:
    """Where a person reads both the sites and what the report is about."""
    sites, about = territory_of(user, Right.READ_SITES), territory_of(user, kind.right)
    if sites.everywhere or about.everywhere:
        return about if sites.everywhere else sites
    return Territory(
        departements=sites.departements & about.departements,
        epcis=sites.epcis & about.epcis,
        communes=sites.communes & about.communes,
    )


def has_level(places: Territory, kind: ReportKind) -> bool:
    levels = {
        AreaLevel.DEPARTEMENT: places.departements,
        AreaLevel.EPCI: places.epcis,
        AreaLevel.COMMUNE: places.communes,
    }
    return places.everywhere or any(codes and level in kind.levels for level, codes in levels.items())


def own_areas(user: Any) -> frozenset[str]:
    """The structures where a person works as an operator, and whose dispositifs they see, as areas are written."""
    own = {
        membership.organisation_id
        for membership in user.active_memberships
        if membership.role == Role.OPERATOR
    }
    if not own or not (has(user, Right.READ_SITES) and has(user, Right.READ_ACTIONS)):
        return frozenset()
    return frozenset(f"operateur-{pk}" for pk, _ in operators_seen(user) if pk in own)


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
