"""Who may not read justice, owner or money sees the same pages, to the byte, before and after they change."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import User
from jalons.accounts.permissions import can
from jalons.actions.notifications import letters_of
from jalons.sites.enums import ProcedureKind
from tests import factories
from tests.guards import commits
from tests.house.pages import World
from tests.house.test_permissions import WRITTEN, allowed, signed_in, url
from tests.house.test_writing import typed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.first_database(reason="ce qui est caché l’est par la page, et la base ne sait pas qui lit"),
]
HIDDEN = {Right.READ_JUSTICE: "site", Right.READ_OWNER: "site", Right.READ_FUNDING: "action"}
WRITING = {
    Right.READ_JUSTICE: Right.WRITE_JUSTICE,
    Right.READ_OWNER: Right.WRITE_OWNER,
    Right.READ_FUNDING: Right.WRITE_FUNDING,
}
# The observer opens every page. Each other role opens those whose answer depends on what is hidden: see `telling`.
ROLES = ("operator_a", "mairie", "council", "contributor", "correspondent13")
# What is searched, filtered or sorted by, and what fills part of a page.
SEARCHES = (
    "/sites/?q=moulin",
    "/sites/?q=soci%C3%A9t%C3%A9+exemple",
    "/sites/?evacuation=on",
    "/dispositifs/?q=mous",
    "/dispositifs/?q=987654",
)
# One's downloads grow with each export read here, and one's sessions with each reading; a secret is drawn each time.
OWN = ("/exports/", "/mon-compte/sessions/", "/mon-compte/double-authentification/application/")
BY_HTMX = (
    "/sites/?q=moulin",
    "/sites/?evacuation=on",
    "/dispositifs/?q=mous",
    "/sites/proches/?insee=59350&commune=Lille&address=rue+du+moulin",
)
# Made anew for each page: tokens, keys of submission; the hour at which a document was made.
ANEW = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"|nonce="[^"]*"'
    rb"|DTSTAMP:\d{8}T\d{6}Z"
    rb"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
ADDRESS = re.compile(r"fiche\.pdf")


# A workbook says when it was made on a sheet of its own, after the first one.
WORDS = ("word/document.xml", "xl/worksheets/sheet1.xml")


def content(answer: HttpResponse) -> bytes:
    """What is read in an answer: the text of a page or an export, the words of a Word document or of a workbook."""
    whole: Any = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if whole.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            words = [name for name in archive.namelist() if name in WORDS]
            assert words, archive.namelist()
            whole = b"".join(map(archive.read, words))
    return ANEW.sub(b"", whole)


def seen_by(user: Any, addresses: list[str]) -> dict[str, tuple[int, bytes]]:
    client = signed_in(user)
    answers = {address: client.get(address) for address in addresses}
    answers |= {
        f"{address} (htmx)": client.get(address, headers={"HX-Request": "true"})
        for address in BY_HTMX
        if address in addresses
    }
    # A refusal bears the number of its incident: its status is all that it says.
    return {
        address: (answer.status_code, content(answer) if answer.status_code == 200 else b"")
        for address, answer in answers.items()
    }


def addresses_of(world: World) -> list[str]:
    """Every page that is read, the search and the documents; a PDF holds its hour, the Word file has the same words."""
    found = [ADDRESS.sub("fiche.docx", url(page, world)) for page in WRITTEN if page.reads]
    return [
        *(address for address in found if address not in OWN),
        *SEARCHES,
        *BY_HTMX,
    ]


def evacuate_soon(world: World) -> None:
    today = timezone.localdate()
    soon = today + dt.timedelta(days=9)
    factories.make_procedure(world.site, today, ProcedureKind.ORDER, evacuation_on=soon)


def sell(world: World) -> None:
    factories.make_ownership(world.site, timezone.localdate(), name="Société Exemple")


def pay(world: World) -> None:
    factories.make_funding(world.action, 2018, planned=987_654)


BESIDE_FORMS: Mapping[Right, Callable[[World], None]] = {
    Right.READ_JUSTICE: evacuate_soon,
    Right.READ_OWNER: sell,
    Right.READ_FUNDING: pay,
}


def change_what_is_hidden(world: World, rights: Iterable[Right] = HIDDEN) -> int:
    """By every form of the table that writes it, then an evacuation that is near; how many forms wrote."""
    rights = list(rights)
    forms = [page for page in WRITTEN if page.access in {WRITING[right] for right in rights} and page.data]
    sent = [(url(page, world), typed(page, world), allowed(world, page)) for page in forms]
    written = [signed_in(user).post(address, data).status_code == 302 for address, data, user in sent]
    for right in rights:
        BESIDE_FORMS[right](world)
    return sum(written)


def letters(world: World) -> list[tuple[User, str, str]]:
    """Every e-mail that a year of reminders would write to people, told today."""
    today = timezone.localdate()
    days = [today - dt.timedelta(days=back) for back in range(365)]
    return [(letter.user, letter.subject, letter.body) for letter in letters_of(today, days)]


def difference(before: bytes, after: bytes) -> str:
    """The first lines that differ."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return next((f"{old!r:.400}\n{new!r:.400}" for old, new in pairs if old != new), "la longueur")


def about_what_is_hidden(world: World) -> list[str]:
    """The sheets of the site and of the dispositif and all that hangs from them, the lists, maps and searches."""
    sheets = f"{world.site.public_id}|{world.action.public_id}"
    lists = r"^/(sites|dispositifs|carte|indicateurs|tableau|recherche)?/?([a-z-]*/)?(\?.*)?$"
    return [address for address in addresses_of(world) if re.search(f"{sheets}|{lists}", address)]


@pytest.fixture(scope="module")
def telling(still: World, django_db_blocker: Any) -> list[str]:
    """Among them, those whose answer depends on it: they change for who may read all of it."""
    with django_db_blocker.unblock(), commits.held():
        addresses = about_what_is_hidden(still)
        before = seen_by(still.cast.correspondent59, addresses)
        change_what_is_hidden(still)
        after = seen_by(still.cast.correspondent59, addresses)
        transaction.set_rollback(True)
    return [address for address in addresses if after[address] != before[address]]


def check_nothing_changes(
    still: World, readers: Mapping[str, User], addresses: list[str], rights: Iterable[Right] = HIDDEN
) -> None:
    rights = list(rights)
    for name, reader in readers.items():
        held = [right for right in rights if can(reader, right, getattr(still, HIDDEN[right]))]
        assert held == [], f"{name} a ces droits"
    before = {name: seen_by(reader, addresses) for name, reader in readers.items()}
    assert change_what_is_hidden(still, rights) > 0
    for name, reader in readers.items():
        after = seen_by(reader, addresses)
        changed = [address for address in after if after[address] != before[name][address]]
        assert changed == [], f"{name} : {difference(before[name][changed[0]][1], after[changed[0]][1])}"


def test_what_is_hidden_changes_no_page(still: World) -> None:
    check_nothing_changes(still, {"observer": still.cast.observer}, addresses_of(still))


def test_what_is_hidden_changes_no_page_whatever_the_role(still: World, telling: list[str]) -> None:
    assert len(telling) > 15, "presque aucune page ne dépend de ce qui est caché : le test ne prouve rien"
    check_nothing_changes(still, {name: getattr(still.cast, name) for name in ROLES}, telling)


@pytest.mark.parametrize("right", HIDDEN)
def test_who_lacks_one_right_alone_sees_nothing_of_it(right: Right, still: World, telling: list[str]) -> None:
    """An operator of the dispositif who was given the two others."""
    others = [other for other in HIDDEN if other != right]
    organisation = factories.organisation_of(still.cast.operator_a)
    reader = factories.make_user(Role.OPERATOR, factories.LILLE, organisation=organisation, grants=others)
    assert all(can(reader, other, getattr(still, HIDDEN[other])) for other in others)
    check_nothing_changes(still, {str(right): reader}, telling, [right])


def test_what_is_hidden_changes_no_mail(still: World) -> None:
    readers = [getattr(still.cast, name) for name in ("observer", *ROLES)]
    mails = [letter for letter in letters(still) if letter[0] in readers]
    assert mails, "personne ne reçoit rien : le test ne prouve rien"
    assert change_what_is_hidden(still) > 3
    assert [letter for letter in letters(still) if letter[0] in readers] == mails
