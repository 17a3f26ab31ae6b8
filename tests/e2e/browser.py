"""What a journey in Chromium needs: a watch over each page, a signed-in session, an accessibility check."""

import json
import re
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from playwright.sync_api import ConsoleMessage, Error, Page, Response

from tests.e2e.colours import unreadable

AXE = Axe().axe_script
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page names, only this machine answers.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@dataclass
class Watch:
    """Everything wrong that a page did: console errors, refused content, exceptions, HTTP 5xx."""

    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", self._exception)
        page.on("response", self._response)

    def expect(self, pattern: str) -> None:
        """Lets through what matches `pattern`: a journey that wants a 404 expects « status of 404 »."""
        self.expected.append(pattern)

    def remaining(self) -> list[str]:
        return [text for text in self.problems if not any(re.search(one, text) for one in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console : {message.text} ({message.location.get('url', '')})")

    def _exception(self, error: Error) -> None:
        self.problems.append(f"exception : {error}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"HTTP {response.status} : {response.url}")


def sign_in(page: Page, user: AbstractBaseUser) -> None:
    """Opens a real session for `user` on the server and gives its cookie to the browser of `page`."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": "/"}])


def axe(page: Page) -> None:
    """Fails with a readable list when axe finds anything wrong on `page`."""
    options = {"resultTypes": ["violations"], "preload": False}  # our styles are ours: none is fetched again
    options |= {"rules": {"color-contrast": {"enabled": False}}}  # see `unreadable`
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    violations = page.evaluate(f"axe.run(document, {json.dumps(options)}).then(found => found.violations)")
    violations += unreadable(page)
    lines = [
        f"- {violation['id']} ({violation['impact']}) : {violation['help']}\n"
        + "\n".join(
            f"    {' '.join(map(str, node['target']))}   {node['html'][:200]}" for node in violation["nodes"]
        )
        for violation in violations
    ]
    assert not lines, f"{page.url} n’est pas accessible :\n" + "\n".join(lines)
