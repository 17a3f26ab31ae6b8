"""Reading accounts: the list, one page, what a pasted list would do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from jalons.accounts.enums import Role
from jalons.accounts.models import Grant, Membership, Organisation, User
from jalons.accounts.permissions import scopes_territory
from jalons.accounts.querysets import has_words
from jalons.core.clock import day_in, paris_day
from jalons.core.ui import Entry
from jalons.core.values import format_date, french_spaces
from jalons.core.values.dates import PARIS
from jalons.history.selectors import record_entries
from jalons.joining.models import AccountEvent, Invitation
from jalons.joining.people_lists import Line, read_people
from jalons.joining.permissions import may_give, may_touch, scopes_within, visible_accounts
from jalons.joining.services.accounts import ALREADY_THERE, CLOSED_ACCOUNT
from jalons.joining.sources import is_quoted_source
from jalons.joining.territory import scope_words
from jalons.territories.models import Scope

IDLE = dt.timedelta(days=182)
INVITED = Q(password__startswith="!")  # noqa: S106  # how a password that was never chosen begins
QUOTED = "Adresse de police ou de gendarmerie\u00a0: seule l’administration nationale peut l’inviter."


def accounts_for(admin: Any, criteria: dict[str, Any]) -> Any:
    """The accounts that this administrator sees, filtered, by name."""
    accounts = visible_accounts(admin)
    accounts = accounts.filter(has_words(str(criteria.get("q", "")).split(), "name", "email"))
    held = Membership.objects.active().filter(user=OuterRef("pk"))
    if role := criteria.get("role"):
        accounts = accounts.filter(Exists(held.filter(role=role)))
    if words := criteria.get("organisation"):
        named = has_words(words.split(), "organisation__name", "organisation__acronym")
        accounts = accounts.filter(Exists(held.filter(named)))
    if scope := criteria.get("territory"):
        inside = scopes_within(scopes_territory([scope], widened=False))
        accounts = accounts.filter(Exists(held.filter(scopes__in=inside)))
    return in_state(accounts, criteria.get("state", "")).order_by("name", "pk")


def in_state(accounts: Any, state: str) -> Any:
    if state == "closed":
        return accounts.filter(is_active=False)
    if state == "invited":
        return accounts.filter(INVITED, is_active=True)
    if state == "open":
        return accounts.filter(~INVITED, is_active=True)
    if state == "idle":
        before = timezone.now() - IDLE
        never = Q(last_login__isnull=True, joined_at__lt=before)
        return accounts.filter(~INVITED, is_active=True).filter(Q(last_login__lt=before) | never)
    return accounts


@dataclass(frozen=True, slots=True)
class AccountRow:
    user: User
    state: str  # a sign of the component « state », or nothing
    words: str
    memberships: list[str]
    places: list[str]


def account_rows(users: Sequence[User]) -> list[AccountRow]:
    """A page of the list: three queries whatever its length."""
    held = Membership.objects.active().select_related("organisation").order_by("pk")
    held = held.prefetch_related(Prefetch("scopes", Scope.objects.with_territory().order_by("pk")))
    by_user: dict[int, list[Membership]] = {}
    for membership in held.filter(user__in=[user.pk for user in users]):
        by_user.setdefault(membership.user_id, []).append(membership)
    return [account_row(user, by_user.get(user.pk, [])) for user in users]


def account_row(user: User, memberships: list[Membership]) -> AccountRow:
    state, words = account_state(user)
    places = dict.fromkeys(
        scope_words(scope) for membership in memberships for scope in membership.scopes.all()
    )
    names = [f"{membership.organisation} · {membership.get_role_display()}" for membership in memberships]
    return AccountRow(user, state, words, names, list(places))


def account_state(user: User) -> tuple[str, str]:
    if not user.is_active:
        return "late", "fermé"
    if not user.has_usable_password():
        return "due", "invité"
    if user.last_login is None:
        return "", "jamais connecté"
    if user.last_login < timezone.now() - IDLE:
        return "due", f"pas venu depuis le {format_date(day_in(PARIS, user.last_login))}"
    return "good", "ouvert"


# --- one account ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MembershipCard:
    """`state`: « good » in force, « due » to come, empty over. `may`: this administrator may change it."""

    membership: Membership
    state: str
    words: str
    places: list[str]
    grants: list[Grant]
    may: bool


def membership_cards(admin: Any, user: User) -> list[MembershipCard]:
    """Those in force first."""
    today = paris_day()
    grants = Grant.objects.order_by("pk")
    scopes = Scope.objects.with_territory().order_by("pk")
    rows = user.memberships.select_related("organisation").prefetch_related(
        Prefetch("scopes", scopes), Prefetch("grants", grants)
    )
    cards = [membership_card(admin, row, today) for row in rows.order_by("-starts_on", "pk")]
    return sorted(cards, key=lambda card: ("good", "due", "").index(card.state))


def membership_card(admin: Any, held: Membership, today: dt.date) -> MembershipCard:
    over = bool(held.ended_at or (held.ends_on and held.ends_on < today))
    start, end = format_date(held.starts_on), format_date(held.ends_on) if held.ends_on else ""
    if over:
        state, words = "", f"du {start} au {end}, terminé"
    elif held.starts_on > today:
        state, words = "due", f"à partir du {start}" + (f", jusqu’au {end}" if end else "")
    else:
        state, words = "good", f"depuis le {start}" + (f", jusqu’au {end}" if end else "")
    places = [scope_words(scope) for scope in held.scopes.all()]
    grants = [grant for grant in held.grants.all() if is_in_force(grant, today)]
    return MembershipCard(held, state, words, places, grants, may=not over and may_touch(admin, held))


def is_in_force(grant: Grant, today: dt.date) -> bool:
    return not grant.ended_at and (grant.ends_on is None or grant.ends_on >= today)


def last_invitation(user: User) -> Invitation | None:
    """The last link sent to somebody who did not open their account yet."""
    return None if user.has_usable_password() else user.invitations.order_by("-pk").first()


def account_history(user: User) -> list[Entry]:
    """What was done to an account, newest first: its journal, its memberships, its grants."""
    events = AccountEvent.objects.filter(user=user).select_related("author", "organisation")
    entries = [event_entry(event) for event in events]
    for membership in user.memberships.select_related("organisation"):
        entries += record_entries(membership, label=f"le rattachement à {membership.organisation}")
        for grant in membership.grants.all():
            entries += record_entries(grant, label=french_spaces(f"le droit « {grant.get_right_display()} »"))
    return sorted(entries, key=lambda entry: entry.when, reverse=True)


def event_entry(event: AccountEvent) -> Entry:
    return Entry(
        when=event.at,
        who=str(event.author or "L’exploitant de Jalons"),
        organisation=str(event.organisation or ""),
        what=f"{event.get_kind_display()}{french_spaces(' : ') + event.detail if event.detail else ''}",
        reason=event.reason,
    )


# --- what a pasted list would do -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What sending would do of one line. `state`: « good » invited, « due » nothing to do, « late » a mistake."""

    line: Line
    role: str
    role_label: str
    state: str
    words: str

    @property
    def is_sent(self) -> bool:
        return self.state == "good"


def verdicts(
    admin: Any, text: str, *, organisation: Organisation | None, role: str, scopes: Sequence[Scope]
) -> list[Verdict]:
    """One a line, in order. `organisation` None: a new one, where nobody is yet. A constant number of queries."""
    lines = read_people(text)
    users = {user.email: user for user in User.objects.filter(email__in=[line.email for line in lines])}
    held = Membership.objects.active().filter(user__in=users.values(), organisation=organisation)
    there = {(membership.user_id, membership.role) for membership in held} if organisation else set()
    allowed = {
        given_role: may_give(admin, given_role, scopes)
        for given_role in {*(line.role or role for line in lines)}
    }
    everywhere = may_give(admin, Role.NATIONAL_ADMIN, scopes)
    return [
        verdict(line, users.get(line.email), role=role, there=there, allowed=allowed, everywhere=everywhere)
        for line in lines
    ]


def verdict(
    line: Line,
    user: User | None,
    *,
    role: str,
    there: set[tuple[int, str]],
    allowed: dict[str, bool],
    everywhere: bool,
) -> Verdict:
    given = line.role or role
    label = str(Role(given).label)
    state, words = "good", "Sera invité."
    if line.trouble:
        state, words = "late", line.trouble
    elif not allowed[given]:
        state, words = "late", "Vous ne pouvez pas donner ce rôle."
    elif is_quoted_source(line.email) and not everywhere:
        state, words = "late", QUOTED
    elif user is not None and not user.is_active:
        state, words = "late", CLOSED_ACCOUNT
    elif user is not None and (user.pk, given) in there:
        state, words = "due", ALREADY_THERE
    elif user is not None:
        words = f"A déjà un compte ({user.name})\u00a0: ce rattachement s’y ajoutera."
    return Verdict(line, given, label, state, words)
