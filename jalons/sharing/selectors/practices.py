"""Pages of good practice, as readers and as writers see them. Constant queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has, territory_of
from jalons.actions.enums import ActionTheme
from jalons.actions.models import Action
from jalons.core import clock
from jalons.core.values import fold, french_spaces
from jalons.sharing.models import ActionOffer, Practice, PracticeEdition

MAX_WORDS = 6
FIRST = 5
MOST_ACTIONS = 200
# No HTML of the author goes through, addresses that could run something are refused, no picture comes from elsewhere.
MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False}).disable("image")


@dataclass(frozen=True, slots=True)
class PracticeFilter:
    q: str = ""
    theme: str = ""
    old: bool = False


@dataclass(frozen=True, slots=True)
class LinkedAction:
    """A dispositif that shows the practice at work, as far as the reader may read it: its sheet, or the directory."""

    name: str
    url: str


def published_practices(user: Any, asked: PracticeFilter) -> Any:
    """By title. Words are sought in the edition that everybody reads."""
    rows = Practice.objects.visible_to(user).published().select_related("current", "owner")
    for word in fold(asked.q.replace("\0", " "))[:120].split()[:MAX_WORDS]:
        rows = rows.filter(current__search_text__contains=word)
    if asked.theme:
        rows = rows.filter(current__themes__contains=f"|{asked.theme}|")
    return rows.order_by("current__title", "pk")


def own_practices(user: Any) -> list[Practice]:
    """What one’s organisations wrote, whatever its state, newest first."""
    rows = Practice.objects.of(user.organisation_ids).select_related("current", "owner")
    return list(rows.order_by("-changed_at", "-pk")[:100])


def practices_to_review(user: Any) -> list[Practice]:
    """What waits for who publishes."""
    if not has(user, Right.PUBLISH_PRACTICE):
        return []
    rows = Practice.objects.filter(awaits_review=True).select_related("owner", "current")
    return list(rows.order_by("changed_at", "pk")[:100])


def practices_to_read_again(user: Any) -> list[Practice]:
    """Those of one’s own organisation that are old: one query."""
    territory = territory_of(user, Right.WRITE_PRACTICE)
    if not territory:
        return []
    rows = Practice.objects.of(user.organisation_ids).published().select_related("current", "owner")
    today = clock.today()
    return [row for row in rows.order_by("reviewed_on", "pk")[:100] if row.is_old(today)]


@dataclass(frozen=True, slots=True)
class WaitingPractices:
    to_review: Sequence[Practice]
    to_read_again: Sequence[Practice]

    def __bool__(self) -> bool:
        return bool(self.to_review or self.to_read_again)


def practices_waiting_for(user: Any) -> WaitingPractices:
    """What calls for a person on the home page: two queries at most, none for who only reads."""
    return WaitingPractices(practices_to_review(user), practices_to_read_again(user))


def as_html(body: str) -> SafeString:
    """Titles begin at level 2: the page has its own."""
    tokens = MARKDOWN.parse(french_spaces(body))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{max(int(token.tag[1:]), 2)}"
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return mark_safe(html)  # `html` is off: the library escapes what it did not write


def linked_actions(user: Any, practice: Practice) -> list[LinkedAction]:
    """Of the linked dispositifs, those that `user` reads, and those offered to everybody. Two queries."""
    wanted = practice.actions[:MOST_ACTIONS]
    if not wanted:
        return []
    seen = Action.objects.visible_to(user).filter(public_id__in=wanted).order_by("name", "pk")
    links = {row.pk: LinkedAction(row.name, reverse("actions:sheet", args=[row.public_id])) for row in seen}
    offers = ActionOffer.objects.visible_to(user).filter(action__public_id__in=wanted)
    for offer in offers.order_by("title", "pk"):
        url = reverse("sharing:offered", args=[offer.public_id])
        links.setdefault(offer.action_id, LinkedAction(offer.title, url))
    return list(links.values())


def actions_to_link(user: Any, practice: Practice) -> list[tuple[str, str]]:
    """Those that the writer reads and where their organisation takes part, and those already linked that they read."""
    readable = Action.objects.visible_to(user)
    ours = readable.filter(
        participations__participant__in=user.organisation_ids, participations__superseded_at__isnull=True
    )
    keys = set(ours.values_list("pk", flat=True)) | set(
        readable.filter(public_id__in=practice.actions).values_list("pk", flat=True)
    )
    rows = Action.objects.filter(pk__in=sorted(keys)).select_related("departement").order_by("name", "pk")
    return [(row.public_id, f"{row.name} ({row.departement.name})") for row in rows[:MOST_ACTIONS]]


def themes_of(words: Practice | PracticeEdition) -> list[str]:
    return [str(ActionTheme(code).label) for code in words.themes if code in ActionTheme.values]
