"""The main menu and the account menu, filled by the apps in `ready()`: core knows no domain.

An entry whose URL name does not resolve is not shown, and neither is one that `visible` refuses.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, reverse


def everyone(user: Any) -> bool:
    return True


def signed_in(user: Any) -> bool:
    return bool(user.is_authenticated)


@dataclass(frozen=True)
class NavItem:
    """`prefix`: every path under it belongs to the entry; empty, the entry's own address only.

    `badge` counts what waits for the user (0: nothing is shown); it may cost one query.
    """

    order: int
    label: str
    url_name: str
    visible: Callable[[Any], bool] = signed_in
    prefix: str = ""
    badge: Callable[[Any], int] | None = None


@dataclass(frozen=True)
class AccountItem:
    """`post`: the entry is a button that posts (signing out), not a link."""

    order: int
    label: str
    url_name: str
    visible: Callable[[Any], bool] = signed_in
    post: bool = False
    badge: Callable[[Any], int] | None = None


@dataclass(frozen=True)
class AdministrationItem:
    """A card of the page « Administration ». `summary`: what is done there, in one French sentence.

    `badge` counts what waits for the user; it may cost one query.
    """

    order: int
    label: str
    url_name: str
    summary: str
    visible: Callable[[Any], bool]
    badge: Callable[[Any], int] | None = None


@dataclass(frozen=True)
class Choice:
    """One of the organisations that the user may write for (0: none in particular); it is chosen by a POST."""

    label: str
    value: int
    current: bool


@dataclass(frozen=True)
class Link:
    """`current` is the value of `aria-current`: `page`, `true` (a page under it) or nothing."""

    label: str
    url: str
    current: str = ""
    post: bool = False
    badge: int = 0
    summary: str = ""


_nav: dict[str, NavItem] = {}
_account: dict[str, AccountItem] = {}
_footer: dict[str, NavItem] = {}
_administration: dict[str, AdministrationItem] = {}
_describe: list[Callable[[Any], str]] = []
_switch: list[tuple[Callable[[Any], list[Choice]], str]] = []


def register(item: NavItem) -> None:
    """Adds an entry to the main menu, in place of one with the same URL name."""
    _nav[item.url_name] = item


def register_account_item(item: AccountItem) -> None:
    """Adds an entry to the account menu, in place of one with the same URL name."""
    _account[item.url_name] = item


def register_administration_item(item: AdministrationItem) -> None:
    """Adds a card to the page « Administration », in place of one with the same URL name."""
    _administration[item.url_name] = item


def register_footer_item(item: NavItem) -> None:
    """Adds a link to the foot of every page, in place of one with the same URL name."""
    _footer[item.url_name] = item


def describe_account(describe: Callable[[Any], str]) -> None:
    """Says what stands under the user's name in the header (« DDETS du Nord · correspondant »)."""
    _describe[:] = [describe]


def register_switch(choices: Callable[[Any], list[Choice]], url_name: str) -> None:
    """In whose name the user writes, when there is a choice: what may be chosen, and where it is posted."""
    _switch[:] = [(choices, url_name)]


def switch_choices(user: Any) -> list[Choice]:
    """Empty when there is nothing to choose."""
    return _switch[0][0](user) if _switch and user.is_authenticated else []


def switch_address() -> str:
    return address(_switch[0][1]) if _switch else ""


def account_description(user: Any) -> str:
    return _describe[0](user) if _describe else ""


def address(url_name: str) -> str:
    """The address of `url_name`, or nothing when no such page is installed. A page asks for thirty of them."""
    return kept_address(url_name, settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(256)
def kept_address(url_name: str, urlconf: str, prefix: str) -> str:
    """`urlconf` and `prefix`: where the addresses of this process begin."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def full_address(url_name: str, *args: Any) -> str:
    """With the origin of this instance, for what is read elsewhere: an e-mail, a document."""
    return f"{settings.ORIGIN}{reverse(url_name, args=args)}"


def search_address() -> str:
    """Where the field of the header sends its words; nothing when no search is installed."""
    return address("search:results")


def sign_in_address() -> str:
    return address(str(settings.LOGIN_URL))


def ask_access_address() -> str:
    """Where somebody without access asks for one; nothing when no such page is installed."""
    return address("joining:ask")


def main_links(user: Any, path: str) -> list[Link]:
    """The entries that `user` may see; the one with the longest prefix of `path` is current."""
    visible = [(item, address(item.url_name)) for item in _in_order(_nav.values()) if item.visible(user)]
    visible = [(item, url) for item, url in visible if url]
    current = max(
        (item for item, url in visible if _holds(item, url, path)),
        key=lambda item: len(item.prefix),
        default=None,
    )
    return [
        Link(
            label=item.label,
            url=url,
            current="" if item is not current else "page" if path == url else "true",
            badge=item.badge(user) if item.badge else 0,
        )
        for item, url in visible
    ]


def account_links(user: Any, path: str) -> list[Link]:
    links = []
    for item in _in_order(_account.values()):
        url = address(item.url_name) if item.visible(user) else ""
        if url:
            badge = item.badge(user) if item.badge else 0
            links.append(Link(item.label, url, "page" if path == url else "", item.post, badge))
    return links


def administers(user: Any) -> bool:
    """Has this person a card at all? Unlike the cards themselves, it counts nothing that waits."""
    return any(item.visible(user) for item in _administration.values())


def administration_links(user: Any) -> list[Link]:
    """The cards of « Administration » that `user` may open."""
    links = []
    for item in _in_order(_administration.values()):
        url = address(item.url_name) if item.visible(user) else ""
        if url:
            badge = item.badge(user) if item.badge else 0
            links.append(Link(item.label, url, badge=badge, summary=item.summary))
    return links


def footer_links(user: Any) -> list[Link]:
    visible = ((item, address(item.url_name)) for item in _in_order(_footer.values()) if item.visible(user))
    return [Link(item.label, url) for item, url in visible if url]


def _holds(item: NavItem, url: str, path: str) -> bool:
    return path == url or (bool(item.prefix) and path.startswith(item.prefix))


def _in_order(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=lambda item: (item.order, item.label))
