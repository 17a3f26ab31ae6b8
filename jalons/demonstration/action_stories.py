"""The story of one dispositif: what it is called, who does what in it, where, from when to when, what is said of it."""

import copy
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jalons.actions.enums import ParticipationRole
from jalons.actions.models import (
    Action,
    ActionContact,
    ActionSite,
    Deadline,
    InsertionSite,
    Intervention,
    Participation,
)
from jalons.core.values import fold
from jalons.demonstration.action_plans import MONTH, ActionPlan, Filler
from jalons.demonstration.chance import IN_USE, Calendar, Chance, data
from jalons.demonstration.follow_ups import Report, Telling, reports
from jalons.demonstration.people import DOMAIN, Cast
from jalons.demonstration.writing import signed, successor
from jalons.history.models import Fact, Record
from jalons.history.services import Actor
from jalons.indicators.enums import AcrossPlaces, AcrossTime, Nature, ValueType
from jalons.indicators.models import Indicator
from jalons.sites.models import Occupation
from jalons.territories.models import Commune


@dataclass(slots=True)
class ActionStory:
    """One dispositif and everything that was ever said of it, unsaved. `before`: as first described."""

    plan: ActionPlan
    action: Action
    before: Action | None = None
    facts: list[Fact] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    locals: list[Indicator] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    declared: dt.datetime = field(init=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """A site as a dispositif sees it: where, from when to when."""

    pk: int
    commune: str
    opened: dt.date
    closed: dt.date | None


def standing_sites() -> list[Standing]:
    """The sites that were written, but the duplicates."""
    rows = Occupation.objects.known().filter(site__merged_into__isnull=True).order_by("site")
    columns = rows.values_list("site", "site__commune", "valid_on", "ended_on")
    return [Standing(*row) for row in columns.iterator()]


@dataclass(slots=True)
class ActionTeller:
    """What every dispositif is told with. `sites` are by commune, then by département."""

    chance: Chance
    calendar: Calendar
    cast: Cast
    communes: Mapping[str, Commune]
    national: Mapping[str, Indicator]
    campaigns: Sequence[dt.date]
    sites: Mapping[str, Sequence[Standing]]
    follow_ups: int
    plan: ActionPlan = field(init=False)
    story: ActionStory = field(init=False)

    def tell(self, plan: ActionPlan) -> ActionStory:
        self.plan = plan
        self.describe()
        for part in (self.runs, self.takes_part, self.covers, self.stands, self.is_called, self.has_its_own):
            part()
        self.story.reports = reports(
            Telling(
                chance=self.chance,
                calendar=self.calendar,
                plan=plan,
                asked=self.asked(),
                national=self.campaigns,
                actors=self.cast.actors,
                follow_ups=self.follow_ups,
            )
        )
        return self.story

    # --- tools -------------------------------------------------------------------------------------------------

    @property
    def pilot(self) -> Actor:
        return self.cast.actors[self.plan.pilots[0]]

    @property
    def words(self) -> dict[str, Any]:
        return data("action_words")

    def day(self, ago: int) -> dt.date:
        return self.calendar.day(ago)

    def moment(self, day: dt.date, lag: int | None = None, *, evening: bool = False) -> dt.datetime:
        """When it was written: not before the dispositif was declared."""
        lag = self.chance.lag() if lag is None else lag
        at = self.calendar.moment(self.chance, day, lag, evening=evening)
        return max(at, self.story.declared)

    def say(self, fact: Fact, by: Actor, at: dt.datetime) -> Any:
        fact.lineage, fact.recorded_at = self.chance.uuid(), at
        fact.author, fact.organisation = by.user, by.organisation
        self.story.facts.append(fact)
        return fact

    def say_again(self, fact: Fact, by: Actor, at: dt.datetime, reason: str, **changes: Any) -> Any:
        again = successor(fact, by, max(at, fact.recorded_at + dt.timedelta(minutes=7)), reason, **changes)
        self.story.facts.append(again)
        return again

    # --- what it is --------------------------------------------------------------------------------------------

    def describe(self) -> None:
        """Declared around its start, by its first pilot; one in three is described better some time later."""
        plan, chance = self.plan, self.chance
        known = max(2, min(IN_USE, plan.started + chance.randint(-10, 20)))
        declared = self.calendar.moment(chance, self.day(known), 0)
        commune = self.communes[plan.commune]
        action = Action(  # type: ignore[misc]  # tuples: see `CodesField`
            public_id=chance.public_id(),
            name=plan.name,
            departement=commune.departement,
            search_text=fold(f"{plan.name} {commune.departement.name}")[:400],
            themes=plan.themes,
            objectives=plan.objectives or " ".join(self.words["objectives"][theme] for theme in plan.themes),
            place_kinds=plan.place_kinds,
            place_note=plan.place_note,
            rhythm=plan.rhythm,
        )
        self.story = ActionStory(plan, signed(action, self.pilot, declared))
        self.story.declared = declared
        if chance.happens(0.33) and known > 60:
            self.story.before = copy.copy(action)
            self.story.before.objectives = self.words["objectives"][plan.themes[0]]
            later = self.calendar.moment(chance, declared.date(), chance.randint(10, 50), evening=True)
            signed(action, self.pilot, later, version=2, reason="objectifs précisés")

    def runs(self) -> None:
        """From when to when: closed with a final account, and reopened when that was a mistake."""
        plan, start = self.plan, self.day(self.plan.started)
        run = Intervention(
            action=self.story.action,
            valid_on=start,
            planned_end=start + dt.timedelta(days=round(plan.months * MONTH)),
        )
        self.say(run, self.pilot, self.story.declared)
        if plan.closed is None:
            return
        end = self.day(plan.closed)
        account = self.chance.choice(self.words["final_accounts"]).format(families=plan.families)
        account = self.words["final_mistake"] if plan.reopened else account
        at = self.moment(end, evening=True)
        run = self.say_again(run, self.pilot, at, "fermeture", ended_on=end, final_account=account)
        if plan.reopened:
            at = self.moment(self.day(plan.reopened), 0, evening=True)
            self.say_again(run, self.pilot, at, self.words["reopening"], ended_on=None, final_account="")

    def takes_part(self) -> None:
        plan = self.plan
        for role, keys in (
            (ParticipationRole.PILOT, plan.pilots),
            (ParticipationRole.PARTNER, plan.partners),
            (ParticipationRole.FUNDER, plan.funders),
        ):
            for key in keys:
                self.enters(Filler(key), role)
        for filler in plan.operators:
            self.enters(filler, ParticipationRole.OPERATOR)

    def enters(self, filler: Filler, role: str) -> None:
        start = self.day(self.plan.started if filler.since is None else filler.since)
        part = Participation(
            action=self.story.action,
            participant=self.cast.organisations[filler.key],
            role=role,
            is_main=filler.main,
            blocks=filler.blocks,  # type: ignore[misc]
            valid_on=start,
        )
        later = self.plan.started != (filler.since or self.plan.started)
        self.say(part, self.pilot, self.moment(start) if later else self.story.declared)
        if filler.until is not None:
            end = self.day(filler.until)
            self.say_again(part, self.pilot, self.moment(end), "", ended_on=end)

    # --- where -------------------------------------------------------------------------------------------------

    def covers(self) -> None:
        """Sites of the commune first, then of the département, while they were open."""
        plan = self.plan
        start, end = self.day(plan.started), self.end
        near = [*self.sites.get(plan.commune, ()), *self.sites.get(plan.departement, ())]
        met = {
            site.pk: site
            for site in near
            if (end is None or site.opened < end) and (site.closed is None or site.closed > start)
        }
        # A few more than needed, so that neighbours do not all cover the same ones.
        chosen = self.chance.sample(list(met.values())[: plan.sites * 3], min(plan.sites, len(met)))
        for site in chosen:
            since = max(start, site.opened)
            link = ActionSite(action=self.story.action, site_id=site.pk, valid_on=since)
            self.say(link, self.pilot, self.moment(since))
            if site.closed is not None and (end is None or site.closed < end):
                self.say_again(
                    link, self.pilot, self.moment(site.closed, evening=True), "", ended_on=site.closed
                )

    @property
    def end(self) -> dt.date | None:
        closed = self.plan.closed_for_good
        return self.day(closed) if closed is not None else None

    def stands(self) -> None:
        """Its insertion sites."""
        for row in self.plan.grounds:
            described = {name: row[name] for name in row if name not in ("commune", "closed")}
            ground = InsertionSite(
                public_id=self.chance.public_id(),
                action=self.story.action,
                commune=self.communes[row["commune"]],
                opened_on=self.day(self.plan.started),
                closed_on=self.day(row["closed"]) if "closed" in row else None,
                **described,
            )
            self.story.records.append(signed(ground, self.pilot, self.story.declared))

    # --- who, by when, what of its own -------------------------------------------------------------------------

    def is_called(self) -> None:
        """One to call at the State service, one at each operator."""
        keys = dict.fromkeys([self.plan.pilots[0], *(filler.key for filler in self.plan.operators)])
        for key in keys:
            first, organisation = self.chance.choice(self.words["first_names"]), self.cast.organisations[key]
            duties = self.words["duties"]["state" if key in self.plan.pilots else "operator"]
            contact = ActionContact(
                action=self.story.action,
                organisation=organisation,
                name=f"{first} Exemple",
                duty=self.chance.choice(duties),
                email=f"{fold(first).replace(' ', '-')}.exemple@{DOMAIN}",
                # A range kept for fiction by the regulator.
                phone=f"06 39 98 {self.chance.randint(10, 99)} {self.chance.randint(10, 99)}",
            )
            self.story.records.append(signed(contact, self.pilot, self.story.declared))

    def has_its_own(self) -> None:
        """A deadline and indicators of its own."""
        if self.plan.due_in is not None:
            day = self.calendar.today + dt.timedelta(days=self.plan.due_in)
            own = Deadline(action=self.story.action, due_on=day, label=self.words["own_deadline"])
            self.story.records.append(
                signed(own, self.pilot, self.calendar.moment(self.chance, self.day(20)))
            )
        rows = self.chance.sample(self.words["locals"], self.plan.locals) if self.plan.locals else []
        for place, row in enumerate(rows):
            indicator = local_indicator(row, place)
            indicator.public_id = self.chance.public_id()
            indicator.action, indicator.departement = self.story.action, self.story.action.departement
            maker = self.plan.operators[0].key if self.plan.operators else self.plan.pilots[0]
            self.story.locals.append(signed(indicator, self.cast.actors[maker], self.story.declared))

    def asked(self) -> dict[str, Indicator]:
        blocks = self.plan.blocks
        asked = {
            code: indicator
            for code, indicator in self.national.items()
            if indicator.block in blocks and not indicator.is_computed
        }
        return asked | {local.public_id: local for local in self.story.locals}


def local_indicator(row: Mapping[str, Any], place: int) -> Indicator:
    """An indicator as `create_indicator` would make it."""
    kind, nature = ValueType(row["value_type"]), Nature(row["nature"])
    words = kind in (ValueType.TEXT, ValueType.CHOICE)
    flow = nature == Nature.FLOW and not words
    described = {
        name: row[name] for name in ("label", "unit", "direction", "help_text", "choices") if name in row
    }
    return Indicator(
        value_type=kind,
        nature=nature,
        position=place,
        across_time=AcrossTime.SUM if flow else AcrossTime.LAST,
        across_places=AcrossPlaces.NONE if words else AcrossPlaces.SUM,
        **described,
    )


def by_place(sites: Iterable[Standing]) -> dict[str, list[Standing]]:
    """Sites by commune, and by département (Corsica and overseas are not in the invented world)."""
    by_code: dict[str, list[Standing]] = {}
    for site in sites:
        by_code.setdefault(site.commune, []).append(site)
        by_code.setdefault(site.commune[:2], []).append(site)
    return by_code
