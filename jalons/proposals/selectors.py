"""Reading proposals: whom one may send them to, what waits for somebody, what a site has. Constant queries each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership, Organisation
from jalons.accounts.permissions import can, has, membership_territory, territory_of
from jalons.accounts.querysets import none_of
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, ActionSite, Participation
from jalons.core.values import format_date
from jalons.discussions.models import Comment
from jalons.exports.document import Block
from jalons.history.querysets import NOW, AsOf
from jalons.proposals.enums import OPEN_STATES, ProposalKind, ProposalState
from jalons.proposals.models import LONGEST_WHY, ActionProposal
from jalons.proposals.permissions import undeclared
from jalons.sites.models import Site
from jalons.territories.models import Departement, Scope
from jalons.urgency.selectors import site_priorities

FIRST = 5  # on the home page
STATE, LOCAL, ACTING = "Services de l’État", "Collectivités et autres services", "Opérateurs"
GROUPS = {"correspondent": STATE, "institution": LOCAL, "operator": ACTING}


# Whom to send it to ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who may receive a proposal about some sites, in groups; `first`: who is proposed."""

    groups: Sequence[tuple[str, Sequence[Organisation]]]
    first: Organisation | None

    @property
    def by_key(self) -> dict[str, Organisation]:
        return {str(row.pk): row for _, rows in self.groups for row in rows}

    @property
    def choices(self) -> list[Any]:
        return [(title, [(str(row.pk), row.name) for row in rows]) for title, rows in self.groups if rows]


def recipients_for(user: Any, sites: Sequence[Site]) -> Recipients:
    """The organisations of the département with somebody who may answer and who reads every one of these sites.

    Those of `user` are left out: what one would send to oneself is declared. The service of the State comes first for
    anybody else; for itself, the operator at work on the first of the sites, or else in the département.
    """
    code = sites[0].commune.departement_id
    groups: dict[str, dict[int, Organisation]] = {title: {} for title in GROUPS.values()}
    ours = set(user.organisation_ids)
    for membership in near_memberships(code):
        organisation = membership.organisation
        if organisation.pk in ours or not can_receive(membership, sites):
            continue
        groups[GROUPS[membership.role]].setdefault(organisation.pk, organisation)
    working = operators_at_work(user, code, sites)
    acting = sorted(groups[ACTING].values(), key=lambda row: (-working.get(row.pk, 0), row.name))
    local = sorted(groups[LOCAL].values(), key=lambda row: row.name)
    state = sorted(groups[STATE].values(), key=lambda row: (row.territory.departement_id != code, row.name))
    declares = can(user, Right.DECLARE_ACTION, undeclared(sites[0].commune.departement))
    first = next(iter([*acting, *state] if declares else [*state, *acting]), None)
    order = [(ACTING, acting), (STATE, state)] if declares else [(STATE, state), (ACTING, acting)]
    return Recipients([*order, (LOCAL, local)], first)


def near_memberships(departement: str) -> Any:
    scopes = list(Scope.objects.meeting([departement]).values_list("pk", flat=True))
    links = Membership.scopes.through.objects.filter(scope__in=scopes)
    rows = Membership.objects.active().filter(
        user__is_active=True, role__in=GROUPS, pk__in=links.values("membership")
    )
    return rows.select_related("organisation__territory").with_access().order_by("pk")


def can_receive(membership: Membership, sites: Sequence[Site]) -> bool:
    reads = membership_territory(membership, Right.READ_SITES)
    if not membership_territory(membership, Right.ANSWER_PROPOSAL):
        return False
    return all(reads.covers(site.commune) for site in sites)


def operators_at_work(user: Any, departement: str, sites: Sequence[Site]) -> Mapping[int, int]:
    """By primary key: 2 for those at work on one of these sites, 1 for those in the département. What `user` sees."""
    seen = Action.objects.visible_to(user).in_progress(NOW)
    there = seen.filter(departement=departement).order_by().values("pk")
    links = ActionSite.objects.covering(NOW).filter(site__in=[site.pk for site in sites])
    on_them = set(links.values_list("action", flat=True))
    parts = Participation.objects.going_on().filter(role=ParticipationRole.OPERATOR, action__in=there)
    ranks: dict[int, int] = defaultdict(int)
    for organisation, action in parts.values_list("participant_id", "action_id"):
        ranks[organisation] = max(ranks[organisation], 2 if action in on_them else 1)
    return ranks


def known_reasons(user: Any, site: Site) -> str:
    """What calls for somebody on the site, to begin with. Only what whoever reads the site reads: no procedure."""
    line, _ = site_priorities(user, site)
    by_rule: dict[str, str] = {}  # a rule may hold several times: the first says enough to begin with
    for reason in line.reasons:
        if reason.rule.right == Right.READ_SITES:
            words = f"{reason.rule.sentence} : {reason.words}{dated(reason.rise.day)}."
            by_rule.setdefault(reason.rule.code, words)
    return "\n".join(by_rule.values())[:LONGEST_WHY]


def dated(day: Any) -> str:
    return f" (le {format_date(day)})" if day else ""


def proposed_already(user: Any, sites: Sequence[Site]) -> list[ActionProposal]:
    """What waits for an answer about one of these sites, as far as `user` may read."""
    rows = ActionProposal.objects.visible_to(user).filter(sites__in=sites, state__in=OPEN_STATES)
    return list(rows.with_people().distinct().order_by("created_at", "pk"))


# Lines -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal, and the sites of it that the reader may see; `hidden`: how many others there are."""

    proposal: ActionProposal
    sites: Sequence[Site]
    hidden: int = 0

    @property
    def url(self) -> str:
        return reverse("proposals:sheet", args=[self.proposal.public_id])

    @property
    def title(self) -> str:
        """« Diagnostic social : Rue du Moulin », as far as the reader may see the sites."""
        first = f"\u00a0: {self.sites[0].name}" if self.sites else ""
        more = len(self.sites) + self.hidden - 1
        return f"{self.proposal.label}{first}{f' et {more} autre' if self.sites and more > 0 else ''}" + (
            "s" if self.sites and more > 1 else ""
        )


def lines_of(user: Any, proposals: Iterable[ActionProposal]) -> list[ProposalLine]:
    """Two queries, whatever their number."""
    rows = list(proposals)
    links = ActionProposal.sites.through.objects.filter(actionproposal__in=[row.pk for row in rows])
    by_proposal: dict[int, list[int]] = defaultdict(list)
    for proposal, site in links.order_by("pk").values_list("actionproposal_id", "site_id"):
        by_proposal[proposal].append(site)
    keys = {site for sites in by_proposal.values() for site in sites}
    seen = Site.objects.visible_to(user).filter(pk__in=keys).select_related("commune")
    sites = {site.pk: site for site in seen} if keys else {}
    return [
        ProposalLine(
            row,
            [sites[key] for key in by_proposal[row.pk] if key in sites],
            sum(key not in sites for key in by_proposal[row.pk]),
        )
        for row in rows
    ]


# What waits ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WaitingProposals:
    """What calls for a person: to answer, to declare, to reply to."""

    to_answer: Sequence[ProposalLine] = field(default_factory=list)
    to_declare: Sequence[ProposalLine] = field(default_factory=list)
    to_reply: Sequence[ProposalLine] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.to_answer or self.to_declare or self.to_reply)


def waiting_for(user: Any) -> WaitingProposals:
    """Eight queries at most; two for who has nothing to answer."""
    if not has(user, Right.READ_PROPOSALS):
        return WaitingProposals()
    mine = ActionProposal.objects.visible_to(user)
    open_rows = list(mine.filter(state__in=OPEN_STATES).with_people().order_by("created_at", "pk")[:200])
    answering = territory_of(user, Right.ANSWER_PROPOSAL)
    declaring = territory_of(user, Right.DECLARE_ACTION)
    ours = user.organisation_ids
    to_answer = [row for row in open_rows if row.is_sent and row.within(answering)]
    to_declare = [
        row for row in open_rows if row.is_agreed and declaring.covers_departement(row.departement_id)
    ]
    sent = [row for row in open_rows if row.proposer.standing_id in ours and row not in to_answer]
    questions = with_question(user, sent) if sent else []
    lines = {
        line.proposal.pk: line
        for line in lines_of(user, {row.pk: row for row in [*to_answer, *to_declare, *questions]}.values())
    }
    return WaitingProposals(
        [lines[row.pk] for row in to_answer],
        [lines[row.pk] for row in to_declare],
        [lines[row.pk] for row in questions],
    )


def with_question(user: Any, proposals: Sequence[ActionProposal]) -> list[ActionProposal]:
    """Those of one’s own whose last comment is of somebody else: the others wait for a word."""
    last: dict[int, Any] = {}
    comments = Comment.objects.visible_to(user).about(*proposals).standing()
    for comment in comments.select_related("organisation").order_by("created_at", "pk"):
        last[comment.object_id] = comment
    return [
        row
        for row in proposals
        if row.pk in last and last[row.pk].organisation.standing_id != row.proposer.standing_id
    ]


# On the sheet of a site ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SiteProposals:
    """`propose_url`, `order_url`: empty for who may not propose there."""

    lines: Sequence[ActionProposal]
    propose_url: str
    order_url: str


def rows_ever() -> Any:
    """The rows without which a site has no proposal: see `Card.rows`."""
    return ActionProposal.objects.filter(sites=OuterRef("pk"))


def on_site(user: Any, site: Site, at: AsOf) -> SiteProposals | None:
    """One query. None in the past: a proposal waits today, and what it became is among the dispositifs."""
    if at.is_past or site.merged_into_id:
        return None
    may = can(user, Right.PROPOSE_ACTION, site)
    lines: Sequence[ActionProposal] = ()
    nothing = none_of("proposals", site) and none_of("merged", site)
    if has(user, Right.READ_PROPOSALS) and not nothing:
        here = ActionProposal.sites.through.objects.filter(
            Q(site=site.pk) | Q(site__merged_into=site.pk), actionproposal=OuterRef("pk")
        )
        # PostgreSQL took 15 ms to plan the same lines joined, then told apart; 2 so.
        rows = (
            ActionProposal.objects.visible_to(user).filter(Exists(here)).exclude(state=ProposalState.DECLARED)
        )
        lines = list(rows.with_people().order_by("-created_at", "-pk")[:FIRST])
    if not (may or lines):
        return None
    return SiteProposals(lines, *(ask_urls(site) if may else ("", "")))


def ask_urls(site: Site) -> tuple[str, str]:
    """To propose a dispositif, to order a diagnosis."""
    address = reverse("proposals:ask", args=[site.public_id])
    return address, f"{address}?quoi={ProposalKind.SOCIAL.value}"


def site_blocks(proposals: SiteProposals) -> Iterable[Block]:
    """Nothing in the document to take away: what is not accepted is not there."""
    return ()


def departement_names(user: Any) -> dict[str, str]:
    """Of the départements of the proposals that one reads, by code: one query."""
    codes = ActionProposal.objects.visible_to(user).order_by().values("departement")
    return dict(Departement.objects.filter(pk__in=codes).order_by("name").values_list("code", "name"))
