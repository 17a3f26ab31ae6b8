"""The dispositifs of one site, as its sheet shows them on any date."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can, has
from jalons.accounts.querysets import none_of
from jalons.actions.enums import ActionTheme, ParticipationRole
from jalons.actions.models import Action, ActionSite, Participation
from jalons.core.values import format_date, join_and
from jalons.exports.document import Block, Grid, Head, Heading, Paragraph
from jalons.history.querysets import AsOf
from jalons.sites.cards import SiteLink
from jalons.sites.models import Site

NONE = "Aucun dispositif ne couvre ce site."
HIDDEN_LINK = "un dispositif que vous ne pouvez pas voir"
HIDDEN = "Un autre dispositif couvre ce site\u00a0: vous n’avez pas accès à sa fiche."


@dataclass(frozen=True, slots=True)
class SiteAction:
    """A dispositif on a site: `since`, from when it covers it; `until`, the day it stopped, if it did."""

    action: Action
    since: dt.date
    until: dt.date | None
    operators: Sequence[str]

    @property
    def themes(self) -> list[str]:
        return [ActionTheme(theme).label for theme in self.action.themes]

    @property
    def dates(self) -> str:
        """« depuis le 01/01/2020 », « du 01/01/2020 au 31/12/2020 »."""
        since = format_date(self.since)
        return f"du {since} au {format_date(self.until)}" if self.until else f"depuis le {since}"

    @property
    def status(self) -> str:
        return "terminé" if self.until else "en cours"


@dataclass(frozen=True, slots=True)
class SiteActions:
    """What one reader sees of the dispositifs of a site. `declare_url` is empty for who may not declare one.

    `hidden`: another dispositif, that this reader may not see, covers the site.
    """

    running: Sequence[SiteAction]
    ended: Sequence[SiteAction]
    hidden: bool
    declare_url: str

    @property
    def lines(self) -> list[SiteAction]:
        return [*self.running, *self.ended]

    @property
    def uncovered(self) -> bool:
        return not self.running and not self.hidden

    @property
    def head_url(self) -> str:
        """In the head of the card: when nothing covers the site, a button says it louder."""
        return "" if self.uncovered else self.declare_url

    @property
    def hidden_words(self) -> str:
        return HIDDEN if self.hidden else ""

    @property
    def none_words(self) -> str:
        return NONE if not self.ended else "Aucun dispositif ne couvre plus ce site."


def links_ever() -> Any:
    """The rows without which a site has no dispositif: see `Card.rows`."""
    return ActionSite.objects.filter(site=OuterRef("pk"))


def site_actions(user: Any, site: Site, at: AsOf) -> SiteActions | None:
    """For the sheet of a site; None for who may see no dispositif at all. Two queries, none when there are none."""
    if not has(user, Right.READ_ACTIONS):
        return None
    by_action: dict[int, list[Any]] = defaultdict(list)
    for link in () if none_of("dispositifs", site) else links_of(user, site, at):
        by_action[link.action_id].append(link)
    actions = [pk for pk, links in by_action.items() if links[-1].begun_on]
    operators = operators_of(actions, at) if actions else {}
    lines = [on_site(by_action[pk], operators.get(pk, ()), at) for pk in actions]
    hidden = [
        pk for pk, site_links in by_action.items() if not site_links[-1].begun_on and covers(site_links, at)
    ]
    may = not at.is_past and can(user, Right.DECLARE_ACTION, site)
    return SiteActions(
        running=[line for line in lines if not line.until],
        ended=sorted(
            (line for line in lines if line.until), key=lambda line: line.until or at.day, reverse=True
        ),
        hidden=bool(hidden),
        declare_url=f"{reverse('actions:declare')}?{urlencode({'site': site.public_id})}" if may else "",
    )


def links_of(user: Any, site: Site, at: AsOf) -> Any:
    """The times that dispositifs cover a site, by their names, each with its dispositif and the dates of that.

    `begun_on` and `over_on` are None where this reader may not see the dispositif; `in_progress` is told to nobody.
    """
    running = Action.objects.in_progress(at).filter(pk=OuterRef("action"))
    seen = Action.objects.visible_to(user).on(at).filter(pk=OuterRef("action")).order_by()
    begun, ended = (Subquery(seen.values(f"intervention__{name}")[:1]) for name in ("valid_on", "ended_on"))
    links = ActionSite.objects.as_of(at).filter(site=site).select_related("action")
    links = links.annotate(in_progress=Exists(running), begun_on=begun, over_on=ended)
    return links.order_by("action__name", "action", "valid_on", "pk")


def actions_by_site(user: Any, sites: Sequence[int], at: AsOf) -> Mapping[int, Sequence[SiteLink]]:
    """The dispositifs in progress that cover each of some sites, by name. Two queries."""
    links = ActionSite.objects.covering(at).filter(site__in=sites).select_related("action")
    by_site: dict[int, dict[int, Action]] = defaultdict(dict)
    for link in links.order_by("action__name", "action", "pk"):
        by_site[link.site_id][link.action_id] = link.action
    covering = {pk for actions in by_site.values() for pk in actions}
    seen = set(Action.objects.visible_to(user).filter(pk__in=covering).values_list("pk", flat=True))
    query = f"?{at.query}" if at.query else ""
    links_by_site: dict[int, list[SiteLink]] = {}
    for site, actions in by_site.items():
        links_by_site[site] = [
            SiteLink(action.name, reverse("actions:sheet", args=[action.public_id]) + query)
            for pk, action in actions.items()
            if pk in seen
        ]
        if not seen.issuperset(actions):
            links_by_site[site].append(SiteLink(HIDDEN_LINK))
    return links_by_site


def covers(links: Iterable[Any], at: AsOf) -> bool:
    return any(link.in_progress and not over(link.ended_on, at) for link in links)


def over(ended_on: dt.date | None, at: AsOf) -> bool:
    return ended_on is not None and ended_on <= at.day


def on_site(links: Sequence[Any], operators: Sequence[str], at: AsOf) -> SiteAction:
    """One line for a dispositif, even if it left the site and came back: the last time is told."""
    link = links[-1]
    ends = [day for day in (link.ended_on, link.over_on) if day is not None and over(day, at)]
    return SiteAction(link.action, max(link.valid_on, link.begun_on), min(ends, default=None), operators)


def operators_of(pks: Iterable[int], at: AsOf) -> Mapping[int, Sequence[str]]:
    """The names of the operators of some dispositifs on a date, the main one first: one query."""
    parts = Participation.objects.going_on(at).filter(role=ParticipationRole.OPERATOR, action__in=list(pks))
    operators: dict[int, list[str]] = defaultdict(list)
    for part in parts.select_related("participant").order_by("-is_main", "pk"):
        operators[part.action_id].append(str(part.participant))
    return operators


def site_blocks(site_actions: SiteActions) -> Iterator[Block]:
    """The same, in the sheet to take away."""
    yield Heading("Dispositifs")
    if site_actions.uncovered:
        yield Paragraph(site_actions.none_words)
    if site_actions.lines:
        heads = (
            Head("Dispositif", weight=2),
            Head("Champs d’intervention", weight=2),
            Head("Sur ce site", weight=1.6),
            Head("Opérateurs", weight=1.8),
        )
        rows = [
            (
                line.action.name,
                ", ".join(line.themes),
                f"{line.status}, {line.dates}",
                join_and(line.operators) or "aucun",
            )
            for line in site_actions.lines
        ]
        yield Grid(heads, rows, caption="Dispositifs en cours, puis terminés")
    if site_actions.hidden:
        yield Paragraph(site_actions.hidden_words)
