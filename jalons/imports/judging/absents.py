"""The sites that a monthly table says nothing of: still there, closed, or left as they are."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right
from jalons.core.values import format_date
from jalons.editing.refusals import Refused
from jalons.history.querysets import AsOf
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import AbsentChoice, TargetKind
from jalons.imports.models import ImportBatch
from jalons.imports.permissions import own_territory
from jalons.sites.models import Site, Survey


@dataclass(frozen=True, slots=True)
class AbsentSite:
    """A site open on the day of the table, that it does not name. `figure`: its count in force that day."""

    site: Site
    figure: Survey | None
    may_close: bool

    @property
    def figure_words(self) -> str:
        if self.figure is None:
            return "jamais recensé"
        return f"{self.figure.value('people')} personnes au {format_date(self.figure.valid_on)}"


@dataclass(frozen=True, slots=True)
class AbsentPlan:
    """What a person said of one of them, to be written. `day`: that of the table."""

    absent: AbsentSite
    choice: AbsentChoice
    day: dt.date
    closed_on: dt.date | None = None
    reason: str = ""
    line: int = 0


def day_of_table(chosen: ChosenTable) -> dt.date | None:
    """The date of the file, else the latest of its rows."""
    days = [
        observed_on.cell.day
        for record in chosen.records()
        if (observed_on := record.cells.get("observed_on"))
        and observed_on.cell.day
        and not observed_on.cell.ask
    ]
    return chosen.choices.day or max((day for day in days if day <= chosen.today), default=None)


def absent_sites(batch: ImportBatch, chosen: ChosenTable, by: Actor) -> list[AbsentSite]:
    """Those of the same intercommunalités as the sites of the table, where this person writes. Five queries.

    A site that a row may still mean is not absent, nor one that was counted since.
    """
    day = day_of_table(chosen)
    if chosen.target.kind not in (TargetKind.SITES, TargetKind.CONDITIONS) or day is None:
        return []
    spoken, maybe = set(), set()
    for site, candidates, decision in batch.lines.values_list("site", "candidates", "decision"):
        spoken |= {site, decision} - {""}
        maybe |= {candidate["key"] for candidate in candidates}
    epcis = Site.objects.filter(public_id__in=spoken).values_list("commune__epci", flat=True)
    updates, closes = own_territory(by, Right.UPDATE_SITE), own_territory(by, Right.CLOSE_SITE)
    sites = Site.objects.visible_to(by.user).in_territory(updates).open_on(AsOf(day)).standing()
    sites = sites.filter(commune__epci__in=set(epcis)).exclude(public_id__in=spoken | maybe)
    found = list(sites.select_related("commune").order_by("commune__name", "name", "pk"))
    pks = [site.pk for site in found]
    figures = {survey.site_id: survey for survey in Survey.objects.in_force(AsOf(day)).filter(site__in=pks)}
    since = set(
        Survey.objects.known().filter(site__in=pks, valid_on__gte=day).values_list("site_id", flat=True)
    )
    return [
        AbsentSite(site, figures.get(site.pk), closes.covers(site.commune))
        for site in found
        if site.pk not in since
    ]


def absent_plans(batch: ImportBatch, chosen: ChosenTable, by: Actor) -> list[AbsentPlan]:
    """What was said of them. Raises `Refused` for one that is not absent any more, or that may not be closed."""
    answers: Mapping[str, Mapping[str, Any]] = chosen.choices.absent
    if not answers:
        return []
    day, there = (
        day_of_table(chosen),
        {absent_site.site.public_id: absent_site for absent_site in absent_sites(batch, chosen, by)},
    )
    plans = []
    for key, answer in answers.items():
        absent, choice = there.get(key), AbsentChoice(answer["choice"])
        if absent is None or day is None:
            name = Site.objects.filter(public_id=key).values_list("name", flat=True).first() or key
            raise Refused(
                f"Le site « {name} », absent de ce tableau, a changé entre-temps : relisez les sites absents."
            )
        if choice is AbsentChoice.CLOSED and not absent.may_close:
            raise Refused(f"Vous ne pouvez pas fermer « {absent.site} » : laissez-le, ou demandez-le.")
        closed_on = dt.date.fromisoformat(answer["on"]) if answer.get("on") else None
        plans.append(AbsentPlan(absent, choice, day, closed_on, answer.get("reason", "")))
    return plans
