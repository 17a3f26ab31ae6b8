"""What every page needs besides its own content."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import cached_property

from jalons import __version__
from jalons.core import navigation


class Layout:
    """Header and footer of a page. Nothing is computed before the template asks for it."""

    version = __version__

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        self._request = request

    @cached_property
    def user(self) -> Any:
        return getattr(self._request, "user", None) or AnonymousUser()

    @cached_property
    def nav(self) -> list[navigation.Link]:
        return navigation.main_links(self.user, self._path)

    @cached_property
    def account(self) -> list[navigation.Link]:
        return navigation.account_links(self.user, self._path)

    @cached_property
    def waiting(self) -> int:
        """How many things wait for the user behind the account menu."""
        return sum(link.badge for link in self.account)

    @cached_property
    def who(self) -> str:
        return str(self.user) if self.user.is_authenticated else ""

    @cached_property
    def described(self) -> str:
        return navigation.account_description(self.user) if self.user.is_authenticated else ""

    @cached_property
    def search_url(self) -> str:
        return navigation.search_address() if self.user.is_authenticated else ""

    @cached_property
    def searched(self) -> str:
        """What is in the field of the header: the words of the search that is on the page."""
        return self._request.GET.get("q", "") if self._path == self.search_url else ""

    @cached_property
    def switch(self) -> list[navigation.Choice]:
        """The organisations that the user may write for, when there are several."""
        return navigation.switch_choices(self.user)

    @cached_property
    def switch_url(self) -> str:
        return navigation.switch_address()

    @cached_property
    def sign_in_url(self) -> str:
        return navigation.sign_in_address()

    @cached_property
    def ask_url(self) -> str:
        return navigation.ask_access_address()

    @cached_property
    def footer(self) -> list[navigation.Link]:
        return navigation.footer_links(self.user)


def page(request: HttpRequest) -> dict[str, object]:
    return {"csp_nonce": getattr(request, "csp_nonce", ""), "layout": Layout(request)}
