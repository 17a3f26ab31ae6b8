"""Since when a site is lived in, and until when: installation, closing, reopening."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jalons.core.values import Value, format_date, to_columns
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, Stale, correct
from jalons.sites.enums import ClosingReason, OrientationKind
from jalons.sites.models import Occupation, Orientation, Site, Survey
from jalons.sites.services.resettlements import link_resettlement

MERGED = "Ce site a été fusionné avec un autre : ouvrez la fiche du site conservé."


@dataclass(frozen=True, slots=True)
class Departure:
    """People who went one way when a site closed."""

    kind: OrientationKind | str
    people: Value
    households: Value
    note: str = ""


def occupation_of(site: Site) -> Occupation:
    """The occupation as we know it now; raises `Refused` for a site that was merged into another."""
    current = Occupation.objects.known().filter(site=site).first()
    if current is None:
        raise Refused(MERGED)
    return current


@transaction.atomic
def correct_occupation(*, occupation: Occupation, by: Actor, reason: str, **changes: Any) -> Occupation:
    """Another version of the dates of a site; where its people went follows, as long as it stays closed."""
    successor = correct(fact=occupation, by=by, reason=reason, **changes)
    if successor.ended_on:
        copy_orientations(source=occupation, to=successor)
    return successor


def copy_orientations(*, source: Occupation, to: Occupation) -> None:
    for orientation in source.orientations.order_by("pk"):
        orientation.pk, orientation.occupation = None, to
        orientation.save(force_insert=True)


def open_from(*, site: Site, on: dt.date, by: Actor) -> None:
    """Make sure that people may have been counted on `on`; raises `Refused` before a known installation.

    A site known only from its first observation is known from earlier on.
    """
    occupation = occupation_of(site)
    if on >= occupation.valid_on:
        return
    if occupation.start_is_known:
        raise Refused(
            f"Le site est dit installé depuis le {format_date(occupation.valid_on)} : corrigez d’abord cette "
            "date, ou vérifiez celle du recensement."
        )
    correct_occupation(occupation=occupation, by=by, reason="recensement plus ancien", valid_on=on)


@transaction.atomic
def close_site(
    *,
    site: Site,
    by: Actor,
    closed_on: dt.date,
    reason: ClosingReason | str,
    note: str = "",
    departures: Sequence[Departure] = (),
    resettled_to: Iterable[Site] = (),
    seen: Occupation | None = None,
) -> Occupation:
    """Close a site: since when, why, and where the people went. `seen` is the version that the writer saw."""
    current = occupation_of(site)
    if seen is not None and seen.pk != current.pk:
        raise Stale(current)
    if current.ended_on:
        raise Refused(f"Ce site est déjà fermé depuis le {format_date(current.ended_on)}.")
    if closed_on < current.valid_on:
        raise Refused(
            f"La fermeture ({format_date(closed_on)}) précède l’installation ({format_date(current.valid_on)})."
        )
    closed = correct(
        fact=current, by=by, reason="fermeture", ended_on=closed_on, closing_reason=reason, closing_note=note
    )
    for departure in departures:
        numbers, blanks = to_columns({"people": departure.people, "households": departure.households})
        Orientation.objects.create(
            occupation=closed, kind=departure.kind, note=departure.note, blanks=blanks, **numbers
        )
    for elsewhere in resettled_to:
        link_resettlement(origin=site, site=elsewhere, on=closed_on, by=by)
    return closed


@transaction.atomic
def reopen_site(*, site: Site, by: Actor, reason: str) -> Occupation:
    """Undo a mistaken closing. The closing and its orientations stay readable as they were known."""
    current = occupation_of(site)
    if not current.ended_on:
        raise Refused("Ce site est déjà ouvert.")
    return correct(fact=current, by=by, reason=reason, ended_on=None, closing_reason="", closing_note="")


@transaction.atomic
def correct_installation(
    *,
    site: Site,
    by: Actor,
    on: dt.date,
    reason: str,
    text: str = "",
    known: bool = True,
    seen: Occupation | None = None,
) -> Occupation:
    """Say better since when a site is lived in. `seen` is the version that the writer saw."""
    current = occupation_of(site)
    if seen is not None and seen.pk != current.pk:
        raise Stale(current)
    first = (
        Survey.objects.known()
        .filter(site=site)
        .order_by("valid_on")
        .values_list("valid_on", flat=True)
        .first()
    )
    if first and on > first:
        raise Refused(
            f"Des habitants ont été recensés dès le {format_date(first)} : l’installation ne peut pas être "
            f"postérieure ({format_date(on)})."
        )
    if current.ended_on and on > current.ended_on:
        raise Refused(f"Le site a fermé le {format_date(current.ended_on)}, avant cette date.")
    return correct_occupation(
        occupation=current, by=by, reason=reason, valid_on=on, starts_text=text, start_is_known=known
    )
