"""A comment kept for some: for everybody else it does not exist, wherever one looks."""

import ast
import io
import re
import uuid
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from jalons.accounts.models import User
from jalons.discussions.models import Comment, Mail
from jalons.discussions.notifications import unwanted
from jalons.discussions.readers import reader_list_of
from jalons.discussions.selectors import comments_on, count_comments
from jalons.discussions.services import Audience, add_comment, withdraw_comment
from jalons.exports.contract import GROUPS_PARAMETER
from jalons.sites.models import Site
from tests import factories
from tests.factories import BACKEND, Cast
from tests.house.tree import python_files
from tests.worlds import stored

pytestmark = pytest.mark.django_db

DRAWN = re.compile(
    r"submission_key|csrf|nonce=|[A-Z2-9]{4}-[A-Z2-9]{4}"
)  # the last: an incident of a page refused
SECRET = "Rendez-vous mardi au pied du pont"


def new_site(cast: Cast) -> Site:
    return factories.make_site("Rue du Moulin")


stored_site, site = stored(new_site)


@pytest.fixture
def action(cast: Cast, site: Site) -> Any:
    operators = [factories.organisation_of(cast.operator_a)]
    return factories.make_action(
        "MOUS Lille", by=factories.actor(cast.correspondent59), operators=operators, sites=[site]
    )


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def page(user: User, address: str) -> str:
    return as_user(user).get(address).content.decode(errors="replace")


def keep(cast: Cast, thing: Any, *people: User, organisations: Any = (), text: str = SECRET) -> Comment:
    """By the operator of Lille, for some."""
    audience = Audience([one.pk for one in organisations], [one.pk for one in people])
    return add_comment(subject=thing, text=text, by=factories.actor(cast.operator_a), audience=audience)


def test_the_author_and_those_chosen_read_it_with_for_whom_it_is(cast: Cast, site: Site) -> None:
    town = factories.organisation_of(cast.mairie)
    keep(cast, site, cast.correspondent59, organisations=[town])
    for reader in (cast.operator_a, cast.correspondent59, cast.mairie):
        text = page(reader, f"/sites/{site.public_id}/")
        assert SECRET in text
        assert (
            "pour\u00a0: Camille Nord et Ville de Lille" in text
            or "pour : Camille Nord et Ville de Lille" in text
        )


def test_its_readers_read_how_many_they_are(cast: Cast, site: Site) -> None:
    """Those chosen who read the site, and the author; a chosen person who lost the site is not counted."""
    town = factories.organisation_of(cast.mairie)
    keep(cast, site, cast.correspondent59, cast.contributor, organisations=[town])
    cast.contributor.memberships.update(ends_on=factories.OPENED)
    for reader in (cast.operator_a, cast.mairie):
        text = page(reader, f"/lecteurs/site/{site.public_id}/")
        assert re.search(r"<b>3 personnes</b>\s+peuvent le lire", text)
        assert SECRET not in text
    assert "commentaires réservés" not in page(cast.colleague_a, f"/lecteurs/site/{site.public_id}/")


# Where comments are written, and where news are read before they are chosen for each person (`matching.readable`).
MAY_READ_ALL = ("jalons/discussions/services.py", "jalons/discussions/news/attached.py")
MANAGERS = ("objects", "_default_manager", "_base_manager")
PLACES: dict[str, Callable[[Site, Any], str]] = {
    "fiche du site": lambda site, action: f"/sites/{site.public_id}/",
    "journal entier": lambda site, action: f"/sites/{site.public_id}/?journal=tout",
    "historique du site": lambda site, action: f"/sites/{site.public_id}/historique/",
    "fil seul": lambda site, action: f"/commentaires/site/{site.public_id}/",
    "fiche du dispositif": lambda site, action: f"/dispositifs/{action.public_id}/",
    "historique du dispositif": lambda site, action: f"/dispositifs/{action.public_id}/historique/",
    "gestion du dispositif": lambda site, action: f"/dispositifs/{action.public_id}/administration/",
    "qui peut lire le site": lambda site, action: f"/lecteurs/site/{site.public_id}/",
    "qui peut lire le dispositif": lambda site, action: f"/lecteurs/dispositif/{action.public_id}/",
    "fil du dispositif": lambda site, action: f"/commentaires/dispositif/{action.public_id}/",
    "accueil": lambda site, action: "/",
    "liste des sites": lambda site, action: "/sites/?q=pont",
    "liste des dispositifs": lambda site, action: "/dispositifs/",
}


def test_wherever_another_reader_looks_nothing_changed(cast: Cast, site: Site, action: Any) -> None:
    """Every page is the very same before and after, but for keys that change at each showing."""
    others = (cast.colleague_a, cast.contributor, cast.observer, cast.national)
    before = {
        (who.pk, place): steady(page(who, url(site, action)))
        for who in others
        for place, url in PLACES.items()
    }
    keep(cast, site, cast.correspondent59)
    keep(cast, action, cast.correspondent59)
    withdraw_comment(comment=keep(cast, site, cast.mairie), by=factories.actor(cast.operator_a))
    for who in others:
        for place, url in PLACES.items():
            assert steady(page(who, url(site, action))) == before[who.pk, place], (who.name, place)
    assert count_comments(cast.national, site) == 0
    assert count_comments(cast.correspondent59, site) == 1


def steady(text: str) -> str:
    """A page without the keys and tokens drawn at each showing."""
    lines = text.replace(">", ">\n").split("\n")
    return "\n".join(line for line in lines if not DRAWN.search(line))


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_no_list_that_is_taken_away_has_it_even_for_its_readers(
    cast: Cast, site: Site, extension: str
) -> None:
    add_comment(subject=site, text="Lu de tous", by=factories.actor(cast.operator_a))
    keep(cast, site, cast.correspondent59)
    answer = as_user(cast.correspondent59).get(
        f"/sites/export?format={extension}&{GROUPS_PARAMETER}=Commentaires"
    )
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode(errors="replace") if extension == "csv" else unzipped(content)
    assert "Lu de tous" in text
    assert SECRET not in text


def test_no_sheet_that_is_taken_away_has_it(cast: Cast, site: Site, action: Any) -> None:
    for thing, address in (
        (site, f"/sites/{site.public_id}/fiche.docx"),
        (action, f"/dispositifs/{action.public_id}/fiche.docx"),
    ):
        add_comment(subject=thing, text="Lu de tous", by=factories.actor(cast.operator_a))
        keep(cast, thing, cast.correspondent59)
        answer = as_user(cast.correspondent59).get(f"{address}?commentaires=1")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert "Lu de tous" in unzipped(content)
        assert SECRET not in unzipped(content)


def unzipped(content: bytes) -> str:
    with ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_who_leaves_the_organisation_does_not_read_it_any_more(cast: Cast, site: Site) -> None:
    town = factories.organisation_of(cast.mairie)
    keep(cast, site, organisations=[town])
    assert [one.text for one in comments_on(User.objects.get(pk=cast.mairie.pk), site)] == [SECRET]
    cast.mairie.memberships.update(organisation=factories.organisation_of(cast.observer))
    assert comments_on(User.objects.get(pk=cast.mairie.pk), site) == []


def test_chosen_only_among_those_who_read_the_thing(cast: Cast, site: Site) -> None:
    for chosen in (
        Audience([], [cast.operator13.pk]),
        Audience([factories.organisation_of(cast.operator13).pk]),
    ):
        with pytest.raises(ValidationError, match="ne peut plus lire"):
            add_comment(subject=site, text="x", by=factories.actor(cast.operator_a), audience=chosen)
    with pytest.raises(ValidationError, match="Cochez au moins"):
        add_comment(subject=site, text="x", by=factories.actor(cast.operator_a), audience=Audience())
    assert not Comment.objects.exists()


def test_the_page_asks_for_whom_and_loses_nothing(cast: Cast, site: Site) -> None:
    client, address = as_user(cast.operator_a), f"/commentaires/site/{site.public_id}/"
    asked = client.post(address, {"text": SECRET, "choose": "1"}).content.decode()
    assert SECRET in asked
    assert "Camille Nord (DDETS du Nord)" in asked
    assert "Maxime Solidarite" not in asked  # reads nothing of Lille
    for wrong in (
        {"audience_kind": "certains"},
        {"people": [cast.mairie.pk]},
        {"audience_kind": "certains", "people": [cast.operator13.pk]},
    ):
        answer = client.post(address, {"text": SECRET, **wrong})
        assert answer.status_code == 200
        assert SECRET in answer.content.decode()
    assert not Comment.objects.exists()
    key = str(uuid.uuid4())
    sent = {"text": SECRET, "audience_kind": "certains", "people": [cast.mairie.pk], "submission_key": key}
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    assert Comment.objects.get().audience == "Claude Mairie"


def test_another_reader_cannot_withdraw_nor_guess_it(cast: Cast, site: Site) -> None:
    comment = keep(cast, site, cast.mairie)
    assert as_user(cast.colleague_a).post(f"/commentaires/{comment.public_id}/retirer/").status_code == 404


def test_readers_are_those_to_whom_the_thing_is_visible(cast: Cast, site: Site, action: Any) -> None:
    for thing in (site, action):
        people = set(reader_list_of(thing).people)
        seen = {
            user.pk
            for user in User.objects.all()
            if type(thing).objects.visible_to(user).filter(pk=thing.pk).exists()
        }
        assert people == seen


def test_every_reading_of_comments_says_for_whom() -> None:
    """`Comment.objects` is followed by `visible_to` or `for_everyone`, but in `MAY_READ_ALL`."""
    wrong = []
    for path, text in python_files("jalons").items():
        if "/migrations/" in path or path.startswith("jalons/demonstration/") or "Comment" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)):
                continue
            manager = node.value
            is_manager = manager.attr in MANAGERS and ast.unparse(manager.value) == "Comment"
            if is_manager and node.attr not in ("visible_to", "for_everyone") and path not in MAY_READ_ALL:
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


# Mentions --------------------------------------------------------------------------------------------------


def mention(cast: Cast, site: Site, text: str, audience: Audience | None = None) -> Comment:
    return add_comment(subject=site, text=text, by=factories.actor(cast.operator_a), audience=audience)


def test_people_who_are_named_are_told_once_where_and_not_what(cast: Cast, site: Site) -> None:
    mention(cast, site, "Vu avec @camille NORD, et (@Claude Mairie). sacha@amis.test @Sacha Amis")
    mails = {mail.user_id: mail for mail in Mail.objects.all()}
    assert set(mails) == {cast.correspondent59.pk, cast.mairie.pk}
    body = mails[cast.mairie.pk].body
    assert "Rue du Moulin" in body
    assert f"/sites/{site.public_id}/" in body
    assert "Vu avec" not in body


@pytest.mark.parametrize("name", ["@Maxime Solidarite", "@Personne Du-Tout"])
def test_who_may_not_read_cannot_be_named_and_is_not_told_apart(cast: Cast, site: Site, name: str) -> None:
    with pytest.raises(ValidationError, match="personne de ce nom parmi celles qui peuvent lire"):
        mention(cast, site, f"Vu avec {name} ce matin")
    answer = as_user(cast.operator_a).post(
        f"/commentaires/site/{site.public_id}/", {"text": f"Vu avec {name}"}
    )
    assert f"Vu avec {name}" in answer.content.decode()
    assert not Mail.objects.exists()
    assert not Comment.objects.exists()


def test_a_kept_comment_names_only_those_for_whom_it_is(cast: Cast, site: Site) -> None:
    with pytest.raises(ValidationError, match="réservé"):
        mention(cast, site, "@Camille Nord", Audience([], [cast.mairie.pk]))
    mention(cast, site, "@Claude Mairie", Audience([], [cast.mairie.pk]))
    assert Mail.objects.get().user_id == cast.mairie.pk


def test_rights_are_checked_when_the_mail_leaves(cast: Cast, site: Site) -> None:
    comment = mention(cast, site, "@Claude Mairie")
    mail = Mail.objects.select_related("user").get()
    assert unwanted(mail) == ""
    withdraw_comment(comment=comment, by=factories.actor(cast.operator_a))
    assert "ne peut plus lire" in unwanted(Mail.objects.select_related("user").get())


def test_a_right_that_has_gone_since_stops_the_mail(cast: Cast, site: Site) -> None:
    mention(cast, site, "@Claude Mairie")
    cast.mairie.memberships.update(ends_on=factories.OPENED)
    assert "ne peut plus lire" in unwanted(Mail.objects.select_related("user").get())


def test_names_are_proposed_among_readers(cast: Cast, site: Site) -> None:
    address = f"/commentaires/site/{site.public_id}/personnes/"
    assert "@Camille Nord" in page(cast.operator_a, f"{address}?q=nor")
    assert "<button" not in page(cast.operator_a, f"{address}?q=Maxime")
    assert page(cast.operator_a, f"{address}?q=").strip() == ""
