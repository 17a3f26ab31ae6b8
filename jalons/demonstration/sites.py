"""The story of one site: where it is, what it is called, since when, how it ended."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from jalons.core.values import fold, format_month
from jalons.demonstration.chance import Calendar, Chance, data
from jalons.demonstration.figures import Crowd
from jalons.demonstration.people import Cast
from jalons.demonstration.plans import Plan
from jalons.demonstration.writing import Story, first_version, signed, successor
from jalons.history.models import Fact
from jalons.history.services import Actor
from jalons.sites.enums import ClosingReason, OrientationKind, Origin, SiteKind
from jalons.sites.models import Occupation, Orientation, Site, SiteAlias
from jalons.sites.services import search_text_of
from jalons.territories.models import Commune

METRES = 1 / 111_320  # one metre northwards, in degrees


@dataclass(slots=True)
class Teller:
    """What every story is told with, and the site being told."""

    chance: Chance
    calendar: Calendar
    cast: Cast
    communes: dict[str, Commune]
    names: set[tuple[str, str]] = field(default_factory=set)
    plan: Plan = field(init=False)
    story: Story = field(init=False)
    crowd: Crowd = field(init=False)

    @property
    def words(self) -> dict[str, Any]:
        return data("words")

    @property
    def operator(self) -> Actor:
        return self.cast.operator(self.plan.commune)

    @property
    def state(self) -> Actor:
        return self.cast.state(self.plan.commune)

    def day(self, ago: int) -> dt.date:
        return self.calendar.day(ago)

    def moment(self, day: dt.date, lag: int | None = None, *, evening: bool = False) -> dt.datetime:
        """When what was seen on `day` is written down."""
        lag = self.chance.lag() if lag is None else lag
        return self.calendar.moment(self.chance, day, lag, evening=evening)

    def say(self, fact: Fact, by: Actor, lag: int | None = None) -> None:
        """Add a new fact to the story."""
        fact.lineage, fact.recorded_at = self.chance.uuid(), self.moment(fact.valid_on, lag)
        fact.author, fact.organisation = by.user, by.organisation
        self.story.facts.append(fact)

    def say_again(self, fact: Fact, by: Actor, at: dt.datetime, reason: str, **changes: Any) -> Any:
        """Add the version that corrects `fact`, which someone may have entered late."""
        if at <= fact.recorded_at:
            at = self.moment(fact.recorded_at.date(), 1, evening=True)
        again = successor(fact, by, at, reason, **changes)
        self.story.facts.append(again)
        return again

    def phrase(self, pattern: str) -> str:
        words = self.words
        text = pattern.format(
            street=self.chance.choice(words["streets"]), place=self.chance.choice(words["places"])
        )
        return text[0].upper() + text[1:]

    def begin(self, plan: Plan, previous: Story | None) -> Story:
        """A new site, named, placed and opened."""
        self.plan = plan
        self.crowd = Crowd.drawn(self.chance, plan.people, self.day(plan.opened))
        if plan.closed and plan.reason == ClosingReason.RESORBED:
            self.crowd.emptied = (self.day(plan.closed + 240), self.day(plan.closed))
        declared = self.moment(self.day(plan.known))
        by = self.declarer()
        site = signed(self.described(plan, previous), by, declared)
        site.search_text = search_text_of(site)
        self.story = Story(site)
        self.opened(site, declared, by)
        self.detailed(site, declared)
        for alias in self.nicknames(site, declared):
            self.story.aliases.append(alias)
        return self.story

    def declarer(self) -> Actor:
        town = self.cast.town(self.plan.commune)
        return self.chance.choice([self.state, self.operator, *([town] if town else [])])

    def described(self, plan: Plan, previous: Story | None) -> Site:
        chance, words = self.chance, self.words
        name = self.name_in(plan)
        latitude, longitude = chance.near(plan.commune["latitude"], plan.commune["longitude"])
        if previous and plan.special & {"near_previous", "merged_into_previous"}:
            latitude = round(previous.site.latitude + 80 * METRES, 6)  # type: ignore[operator]
            longitude = previous.site.longitude  # type: ignore[assignment]
        street = name.rsplit(", ", 1)[-1] if ", " in name else chance.choice(words["streets"])
        target = self.calendar.today.year + chance.randint(0, 2)
        return Site(
            public_id=chance.public_id(),
            name=name,
            commune=self.communes[plan.commune["code"]],
            address=f"{chance.randint(2, 180)} {street}" if chance.happens(0.6) else street,
            latitude=latitude,
            longitude=longitude,
            kind=plan.kind,
            origins=self.origins(),  # type: ignore[misc]  # a tuple: see `CodesField`
            resorption_target=target if "target" in plan.special or chance.happens(0.18) else None,
        )

    def name_in(self, plan: Plan) -> str:
        """A name that no other site of the commune bears, as long as there are some left."""
        patterns = self.words["buildings" if plan.kind == SiteKind.BUILDING else "lands"]
        for _ in range(8):
            name = self.phrase(self.chance.choice(patterns))
            if (plan.commune["code"], name) not in self.names:
                break
        self.names.add((plan.commune["code"], name))
        return name

    def origins(self) -> tuple[str, ...]:
        drawn = {Origin.EUROPEAN: 0.75, Origin.OTHER: 0.18, Origin.FRENCH: 0.1}
        return tuple(origin.value for origin, share in drawn.items() if self.chance.happens(share))

    def opened(self, site: Site, declared: dt.datetime, by: Actor) -> None:
        dated = self.plan.opened == self.plan.known or self.chance.happens(0.4)
        day = self.day(self.plan.opened)
        text = "" if dated else f"vers {format_month(day)}"
        fact = Occupation(site=site, valid_on=day, start_is_known=dated, starts_text=text)
        self.say(fact, by)
        fact.recorded_at = declared

    def detailed(self, site: Site, declared: dt.datetime) -> None:
        """One site in four is described better some time later."""
        if not self.chance.happens(0.25):
            return
        later = self.moment(declared.date(), self.chance.randint(5, 90), evening=True)
        self.story.before = first_version(site, address_detail="")
        site.address_detail = self.chance.choice(self.words["details"])
        site.search_text = search_text_of(site)
        signed(site, self.operator, later, version=2, reason="accès précisé")

    def nicknames(self, site: Site, declared: dt.datetime) -> list[SiteAlias]:
        users = {
            "gendarmerie": ("gendarmerie", self.state),
            "mairie": ("mairie", self.state),
            "association": (str(self.operator.organisation), self.operator),
        }
        aliases = []
        for kind in self.chance.sample(list(users), self.chance.choice((0, 0, 1, 1, 2, 3))):
            used_by, by = users[kind]
            name = self.phrase(self.chance.choice(self.words["nicknames"][kind]))
            alias = SiteAlias(site=site, name=name, name_folded=fold(name), used_by=used_by)
            aliases.append(
                signed(alias, by, self.moment(declared.date(), self.chance.randint(0, 60), evening=True))
            )
        unique = {alias.name_folded: alias for alias in aliases}
        return list(unique.values())

    def ended(self) -> None:
        """The closing that the plan foresees, with where the people went."""
        plan = self.plan
        if not plan.closed:
            return
        day = self.day(plan.closed)
        closed = self.close(day, plan.reason, self.words["closing_notes"][plan.reason])
        if plan.reason == ClosingReason.UNKNOWN:
            return
        people = self.crowd.on(day - dt.timedelta(days=250 if plan.reason == ClosingReason.RESORBED else 5))
        self.orient(closed, people)

    def close(self, day: dt.date, reason: str, note: str) -> Occupation:
        (occupation,) = self.story.of(Occupation)
        changes = {"ended_on": day, "closing_reason": reason, "closing_note": note}
        return self.say_again(occupation, self.state, self.moment(day, evening=True), "fermeture", **changes)

    def orient(self, closed: Occupation, people: int) -> None:
        """Shares the people out between the orientations; what the voluntary departures did is not available."""
        gone = closed.closing_reason in (ClosingReason.VOLUNTARY, ClosingReason.OTHER)
        shares = {
            OrientationKind.HOUSING: 0 if gone else self.chance.uniform(0.05, 0.35),
            OrientationKind.LONG_STAY: 0 if gone else self.chance.uniform(0, 0.3),
            OrientationKind.SHELTER: self.chance.uniform(0.05, 0.3),
        }
        left = people
        for kind, share in shares.items():
            number = min(left, round(people * share))
            if number:
                left -= number
                self.story.orientations.append(self.orientation(closed, kind, number))
        if left:
            unknown = gone or self.chance.happens(0.3)
            self.story.orientations.append(
                self.orientation(closed, OrientationKind.NONE, None if unknown else left)
            )

    def orientation(self, closed: Occupation, kind: str, people: int | None) -> Orientation:
        if people is None:
            return Orientation(occupation=closed, kind=kind, blanks={"people": "nd", "households": "nd"})
        households = max(1, round(people / self.crowd.household))
        return Orientation(occupation=closed, kind=kind, people=people, households=households, blanks={})
