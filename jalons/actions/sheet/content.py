"""What the sheet of a dispositif says, in words. The page and the document are both made of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jalons.accounts.models import Organisation
from jalons.actions.enums import Job, ParticipationRole
from jalons.actions.models import ActionContact, InsertionSite, Participation, StaffLine
from jalons.actions.selectors.sheet import Sheet
from jalons.core.values import Value, format_long_date, format_number, join_and, months_between, plural, total
from jalons.sites.models import Site

MONTH = 30.44  # days


def intervention_rows(sheet: Sheet) -> list[tuple[str, Any]]:
    """(label, value or None): when the dispositif runs and on what it works."""
    run = sheet.run
    rows: list[tuple[str, Any]] = [
        ("Début", format_long_date(run.valid_on)),
        ("Fin prévue", run.planned_end and format_long_date(run.planned_end)),
        ("Durée prévue", run.planned_end and duration_words(run.valid_on, run.planned_end)),
    ]
    if sheet.closed_on:
        last = sheet.closed_on - dt.timedelta(days=1)
        rows += [
            ("Fermé depuis", f"le {format_long_date(sheet.closed_on)}"),
            ("Durée", duration_words(run.valid_on, max(last, run.valid_on))),
        ]
    rows.append(("Champs d’intervention", ", ".join(themes_of(sheet)) or None))
    rows.append(("Département", str(sheet.described.departement)))
    return rows


def themes_of(sheet: Sheet) -> list[str]:
    return list(sheet.described.get_themes_display())


def duration_words(first: dt.date, last: dt.date) -> str:
    """« 12 mois » from 1 January to 31 December, both included; « environ 5 mois », « 12 jours »."""
    days = (last - first).days + 1
    after = min(last, dt.date.max - dt.timedelta(days=1)) + dt.timedelta(days=1)
    months = months_between(first, after)
    if not months:
        return f"{days}\u00a0{plural(days, 'jour', 'jours')}"
    if after.day == first.day:
        return f"{format_number(months)}\u00a0mois"
    return f"environ {format_number(round(days / MONTH))}\u00a0mois"


# --- where -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the dispositif, with its point when it is known. `site` is one that the reader may see."""

    name: str
    where: str
    latitude: float | None
    longitude: float | None
    site: Site | None = None
    ground: InsertionSite | None = None
    note: str = ""
    beside: bool = False  # drawn beside the first one, which has the pin


def spots(sheet: Sheet) -> list[Spot]:
    """The grounds set up by the dispositif, then the sites that it covers."""
    all_spots = [
        *(ground_spot(ground) for ground in sheet.grounds),
        *(site_spot(site) for site in sheet.sites),
    ]
    drawn = [spot for spot in all_spots if spot.latitude is not None]
    return [replace(spot, beside=True) if spot in drawn[1:] else spot for spot in all_spots]


def site_spot(site: Site) -> Spot:
    where = ", ".join(part for part in (site.address, str(site.commune)) if part)
    return Spot(site.name, where, site.latitude, site.longitude, site=site)


def ground_spot(ground: InsertionSite) -> Spot:
    where = ", ".join(part for part in (ground.address, str(ground.commune)) if part)
    dates = []
    if ground.opened_on:
        dates.append(f"ouvert le {format_long_date(ground.opened_on)}")
    if ground.closed_on:
        dates.append(f"fermé le {format_long_date(ground.closed_on)}")
    note = " · ".join(part for part in (ground.address_detail, *dates) if part)
    name = ground.name or "Terrain d’insertion"
    return Spot(name, where, ground.latitude, ground.longitude, ground=ground, note=note)


def other_places(sheet: Sheet) -> str:
    """« Dans le logement, sur un territoire : les quartiers sud »."""
    kinds = ", ".join(sheet.described.get_place_kinds_display())
    return "\u00a0: ".join(part for part in (kinds, sheet.described.place_note) if part)


def hidden_words(sheet: Sheet) -> str:
    count = sheet.hidden_sites
    if not count:
        return ""
    also = "et " if sheet.sites else ""
    return f"{also}{format_number(count)}\u00a0{plural(count, 'site', 'sites')} hors de votre territoire"


# --- who -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Taking:
    """One organisation: « Opérateur principal », what it fills in, its contacts."""

    organisation: Organisation
    roles: list[str] = field(default_factory=list)
    fills: str = ""
    contacts: list[ActionContact] = field(default_factory=list)

    @property
    def words(self) -> str:
        return join_and(self.roles)


def takings(sheet: Sheet) -> list[Taking]:
    """Those who take part, pilots first, then operators, partners, funders; then contacts of other organisations."""
    order = list(ParticipationRole)
    taking_by_organisation: dict[int, Taking] = {}
    for part in sorted(sheet.parts, key=lambda part: order.index(ParticipationRole(part.role))):
        taking = taking_by_organisation.setdefault(part.participant_id, Taking(part.participant))
        taking.roles.append(role_words(part))
        if part.blocks:
            taking.fills = "renseigne\u00a0: " + ", ".join(part.get_blocks_display())
    for contact in sheet.contacts:
        taking_by_organisation.setdefault(
            contact.organisation_id, Taking(contact.organisation)
        ).contacts.append(contact)
    return list(taking_by_organisation.values())


def role_words(part: Participation) -> str:
    return "Opérateur principal" if part.is_main else str(part.get_role_display())


@dataclass(frozen=True, slots=True)
class TeamOf:
    """The team that one operator told last."""

    operator: Organisation
    on: dt.date
    lines: Sequence[tuple[str, str]]  # job, « 0,75 ETP »
    whole: str


def teams(sheet: Sheet) -> list[TeamOf]:
    by_operator: dict[int, list[StaffLine]] = {}
    for line in sheet.team:
        by_operator.setdefault(line.reporter_id, []).append(line)
    return [
        TeamOf(
            operator=lines[0].reporter,
            on=lines[0].valid_on,
            lines=[(job_words(line), line.words) for line in lines],
            whole=whole_team(lines),
        )
        for lines in by_operator.values()
    ]


def job_words(line: StaffLine) -> str:
    label = str(line.get_job_display())
    if not line.job_note:
        return label
    return line.job_note if line.job == Job.OTHER else f"{label} ({line.job_note})"


def whole_team(lines: Sequence[StaffLine]) -> str:
    """« 2,5 ETP »; nothing when all are « ponctuel »."""
    added = total(Value.of(line.fte) for line in lines if line.fte is not None)
    return f"{added}\u00a0ETP" if added.is_known else ""
