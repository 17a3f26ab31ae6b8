import pytest
from django.contrib.auth.models import AnonymousUser

from jalons.core import navigation
from jalons.core.navigation import AccountItem, NavItem, everyone


class Someone:
    is_authenticated = True


@pytest.fixture(autouse=True)
def _own_menus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_nav", {})
    monkeypatch.setattr(navigation, "_account", {})
    monkeypatch.setattr(navigation, "_footer", {})


def labels(path: str = "/") -> list[tuple[str, str]]:
    return [(link.label, link.current) for link in navigation.main_links(Someone(), path)]


def test_entries_are_in_order_and_the_current_one_is_told() -> None:
    navigation.register(NavItem(20, "Composants", "core:components", prefix="/composants"))
    navigation.register(NavItem(10, "Accueil", "home"))
    assert labels("/") == [("Accueil", "page"), ("Composants", "")]
    assert labels("/composants") == [("Accueil", ""), ("Composants", "page")]
    assert labels("/composants/boutons") == [("Accueil", ""), ("Composants", "true")]
    assert labels("/ailleurs") == [("Accueil", ""), ("Composants", "")]


def test_an_entry_whose_page_is_not_installed_is_not_shown() -> None:
    navigation.register(NavItem(1, "Cartes", "cartes:liste"))
    assert labels() == []


def test_strangers_see_only_what_is_for_everyone() -> None:
    navigation.register(NavItem(1, "Accueil", "home"))
    navigation.register(NavItem(2, "Composants", "core:components", visible=everyone))
    assert [link.label for link in navigation.main_links(AnonymousUser(), "/")] == ["Composants"]


def test_registering_twice_shows_once() -> None:
    navigation.register(NavItem(1, "Accueil", "home"))
    navigation.register(NavItem(1, "Mon accueil", "home"))
    assert labels() == [("Mon accueil", "page")]


def test_badge_counts_what_waits() -> None:
    navigation.register(NavItem(1, "Accueil", "home", badge=lambda user: 3))
    navigation.register_account_item(
        AccountItem(1, "Compte", "core:components", badge=lambda user: 2, post=True)
    )
    assert navigation.main_links(Someone(), "/")[0].badge == 3
    link = navigation.account_links(Someone(), "/composants")[0]
    assert (link.badge, link.post, link.current) == (2, True, "page")


def test_footer_links() -> None:
    navigation.register_footer_item(NavItem(1, "Composants", "core:components", visible=everyone))
    navigation.register_footer_item(NavItem(2, "Absent", "absent", visible=everyone))
    assert [link.label for link in navigation.footer_links(AnonymousUser())] == ["Composants"]
