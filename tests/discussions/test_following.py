"""Stars, subscriptions, the letter of the week and the way out of it."""

import datetime as dt
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from jalons.accounts.models import User
from jalons.core.values.dates import PARIS
from jalons.discussions.enums import Frequency, NewsKind
from jalons.discussions.models import Comment, DigestWeek, Favourite, Mail, MailChoice, Subscription
from jalons.discussions.news import collect
from jalons.discussions.news.letters import write_news, write_week
from jalons.discussions.notifications import UNSUBSCRIBE, letter
from jalons.discussions.services import Audience, add_comment, follow, set_favourite
from jalons.sites.models import Site
from jalons.sites.services import merge_sites
from tests import factories
from tests.factories import BACKEND, Cast
from tests.front import home_page

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2027, 3, 1)  # nothing that the tests make "now" is in its week
IN_WEEK = dt.datetime(2027, 2, 24, 12, tzinfo=PARIS)
EVERYTHING = tuple(NewsKind)


@pytest.fixture
def site(cast: Cast) -> Site:
    return factories.make_site("Rue du Moulin")


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def subscribe(
    user: User, target: str, key: Any, frequency: Frequency = Frequency.WEEKLY, events: Any = EVERYTHING
) -> Subscription:
    row = follow(user=user, target=target, target_key=str(key), frequency=frequency, events=events)
    Subscription.objects.filter(pk=row.pk).update(created_at=IN_WEEK - dt.timedelta(days=30))
    return row


def say(site: Any, by: User, text: str = "À revoir", audience: Audience | None = None) -> Comment:
    comment = add_comment(subject=site, text=text, by=factories.actor(by), audience=audience)
    Comment.objects.filter(pk=comment.pk).update(created_at=IN_WEEK)
    return comment


def digests() -> dict[str, str]:
    """Name of the person → body."""
    return {mail.user.name: mail.body for mail in Mail.objects.filter(topic="digest").select_related("user")}


# The letter of the week ------------------------------------------------------------------------------------


def test_one_letter_a_week_and_nothing_when_there_is_nothing(cast: Cast, site: Site) -> None:
    for user in (cast.mairie, cast.correspondent59, cast.operator13):
        subscribe(user, "territory", factories.scope("59").pk)
    subscribe(cast.colleague_a, "site", site.pk, events=[NewsKind.DOCUMENTS])
    say(site, cast.correspondent59)
    assert write_week(MONDAY) == 1
    written = digests()
    assert set(written) == {
        "Claude Mairie"
    }  # not who wrote it, not who may not read, not who asked for documents
    assert "Rue du Moulin" in written["Claude Mairie"]
    assert "a écrit un commentaire" in written["Claude Mairie"]
    assert "À revoir" not in written["Claude Mairie"]
    assert write_week(MONDAY) == 0
    assert Mail.objects.count() == 1
    assert DigestWeek.objects.get().monday == MONDAY


@pytest.mark.parametrize("moment", [IN_WEEK - dt.timedelta(days=7), IN_WEEK + dt.timedelta(days=7)])
def test_what_was_before_or_after_the_week_is_not_told(cast: Cast, site: Site, moment: dt.datetime) -> None:
    subscribe(cast.mairie, "site", site.pk)
    Comment.objects.filter(pk=say(site, cast.operator_a).pk).update(created_at=moment)
    assert write_week(MONDAY) == 0


def test_the_two_ends_of_a_week(cast: Cast, site: Site) -> None:
    first = dt.datetime(2027, 2, 22, tzinfo=PARIS)
    end = dt.datetime(2027, 3, 1, tzinfo=PARIS)
    for moment in (first, end - dt.timedelta(microseconds=1), first - dt.timedelta(microseconds=1), end):
        Comment.objects.filter(pk=say(site, cast.operator_a).pk).update(created_at=moment)
    subscribe(cast.mairie, "site", site.pk)
    write_week(MONDAY)
    assert digests()["Claude Mairie"].count("a écrit un commentaire") == 2


def test_a_comment_kept_for_others_is_in_no_letter(cast: Cast, site: Site) -> None:
    for user in (cast.mairie, cast.colleague_a):
        subscribe(user, "site", site.pk)
    say(site, cast.operator_a, audience=Audience([], [cast.mairie.pk]))
    write_week(MONDAY)
    assert set(digests()) == {"Claude Mairie"}


def test_the_closest_subscription_decides(cast: Cast, site: Site) -> None:
    subscribe(cast.mairie, "territory", factories.scope("59").pk)
    subscribe(cast.mairie, "site", site.pk, Frequency.NEVER)
    other = factories.make_site("Rue des Fleurs")
    say(site, cast.operator_a)
    say(other, cast.operator_a)
    write_week(MONDAY)
    assert "Rue des Fleurs" in digests()["Claude Mairie"]
    assert "Rue du Moulin" not in digests()["Claude Mairie"]


def test_sites_figures_documents_and_follow_ups_are_news(cast: Cast) -> None:
    now = timezone.now()
    site = factories.make_site("Rue neuve", by=factories.actor(cast.correspondent59))
    factories.make_survey(site, dt.date(2020, 1, 1), 40, by=factories.actor(cast.operator_a))
    factories.close_site(site, dt.date(2020, 2, 1), by=factories.actor(cast.correspondent59))
    factories.make_socle()
    action = factories.make_action(
        "MOUS", operators=[factories.organisation_of(cast.operator_a)], themes=["school"]
    )
    factories.make_follow_up(action, dt.date(2020, 1, 1), by=cast.operator_a, personnes=3)
    items = collect(now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    told = {(item.kind, item.sentence) for item in items}
    assert (NewsKind.SITES, "DDETS du Nord a fermé ce site le 01/02/2020") in told
    assert (NewsKind.FIGURES, "Les amis de Lille a compté 40 personnes au 01/01/2020") in told
    assert (NewsKind.FIGURES, "Les amis de Lille a rempli le suivi au 01/01/2020") in told
    Subscription.objects.create(user=cast.mairie, target="theme", target_key="school", events=EVERYTHING)
    Subscription.objects.update(created_at=now - dt.timedelta(days=1), frequency=Frequency.AT_ONCE)
    write_news(items, now - dt.timedelta(days=2))
    assert "a rempli le suivi" in Mail.objects.get().body


def test_at_once_is_told_once_in_one_mail(cast: Cast, site: Site) -> None:
    subscribe(cast.mairie, "site", site.pk, Frequency.AT_ONCE)
    say(site, cast.operator_a)
    say(site, cast.colleague_a)
    since = IN_WEEK - dt.timedelta(days=1)
    for expected in (1, 0):
        items = collect(since, IN_WEEK + dt.timedelta(days=1))
        Mail.objects.update(created_at=IN_WEEK)
        assert write_news(items, since) == expected
    say(site, cast.operator_a)
    Mail.objects.update(created_at=IN_WEEK)
    assert write_news(collect(since, IN_WEEK + dt.timedelta(days=1)), since) == 1
    assert sorted(len(mail.news) for mail in Mail.objects.all()) == [1, 2]


def test_as_many_queries_for_many_news(cast: Cast, site: Site, django_assert_num_queries: Any) -> None:
    subscribe(cast.mairie, "site", site.pk)
    say(site, cast.operator_a)
    window = (IN_WEEK - dt.timedelta(days=1), IN_WEEK + dt.timedelta(days=1))
    collect(*window)
    with django_assert_num_queries(8) as few:
        collect(*window)
    for _ in range(4):
        say(factories.make_site(), cast.operator_a)
    with django_assert_num_queries(len(few)):
        collect(*window)


# Out of it -------------------------------------------------------------------------------------------------


def test_out_in_one_click_without_signing_in(cast: Cast, site: Site) -> None:
    subscribe(cast.mairie, "site", site.pk)
    say(site, cast.operator_a)
    write_week(MONDAY)
    message = letter(Mail.objects.select_related("user").get())
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message.extra_headers["List-Unsubscribe"].strip("<>")
    path = "/" + address.split("/", 3)[3]
    assert address in message.body
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(path).content.decode()
    assert "la lettre de la semaine" in page
    assert cast.mairie.email not in page
    assert not MailChoice.objects.exists()  # a GET changes nothing
    for _ in range(2):
        assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MailChoice.objects.muted_by(cast.mairie) == {"digest"}
    say(site, cast.operator_a)
    assert write_week(MONDAY + dt.timedelta(days=7)) == 0


@pytest.mark.parametrize(
    "token",
    ["x", signing.dumps([1, "digest"]), signing.dumps([0, "digest"], salt=UNSUBSCRIBE)],
    # Signed with the hour: without a name, two processes would not collect the same tests.
    ids=["not signed", "signed for something else", "of nobody"],
)
def test_an_address_that_is_not_ours_says_nothing(cast: Cast, token: str) -> None:
    assert Client().get(f"/courriels/arret/{token}/").status_code == 404
    assert Client().post(f"/courriels/arret/{token}/").status_code == 404


# Pages -----------------------------------------------------------------------------------------------------


def test_follow_change_and_stop(cast: Cast, site: Site) -> None:
    client, address = as_user(cast.mairie), f"/suivre/site/{site.public_id}/"
    wrong = client.post(address, {"frequency": "weekly"}).content.decode()
    assert "Cochez au moins une sorte de nouvelles" in wrong
    assert client.post(address, {"frequency": "weekly", "events": ["comments"]}).status_code == 302
    assert "Suivi\u00a0: une fois par semaine" in client.get(f"/sites/{site.public_id}/").content.decode()
    mine = client.get("/mon-compte/abonnements/").content.decode()
    assert "Rue du Moulin" in mine
    assert as_user(cast.operator13).get(address).status_code == 404
    as_user(cast.operator_a).post(address, {"stop": "1"})
    assert Subscription.objects.get().user_id == cast.mairie.pk
    client.post(address, {"stop": "1"})
    assert not Subscription.objects.exists()


def test_a_territory_or_a_theme_is_chosen_in_a_list(cast: Cast) -> None:
    client = as_user(cast.mairie)
    own = factories.scope(factories.LILLE).pk
    page = client.get("/suivre/").content.decode()
    assert f'value="territory:{own}"' in page
    sent = {"frequency": "at_once", "events": ["sites"]}
    client.post("/suivre/", {"what": "territory:999999", **sent})
    client.post("/suivre/", {"what": "site:1", **sent})
    assert not Subscription.objects.exists()
    client.post("/suivre/", {"what": f"territory:{own}", **sent})
    client.post("/suivre/", {"what": "theme:school", **sent})
    for wrong in ("territory/999999", "territory/abc", "theme/rien", "convention/x"):
        assert client.get(f"/suivre/{wrong}/").status_code == 404
    assert client.get(f"/suivre/territory/{own}/").status_code == 200
    assert "Thème\u00a0: " in client.get("/mon-compte/abonnements/").content.decode()


# Stars -----------------------------------------------------------------------------------------------------


def test_a_star_on_the_sheet_on_home_and_in_the_list(cast: Cast, site: Site) -> None:
    factories.make_site("Rue des Fleurs")
    client, address = as_user(cast.mairie), f"/favoris/site/{site.public_id}/"
    assert client.get(address).status_code == 405
    client.post(address, {"on": "1"})
    client.post(address, {"on": "1"})
    assert Favourite.objects.count() == 1
    assert "Mes favoris" in home_page(client)
    only = client.get("/sites/?favoris=1").content.decode()
    assert "Rue du Moulin" in only
    assert "Rue des Fleurs" not in only
    assert "Mes favoris" not in home_page(as_user(cast.colleague_a))
    client.post(address, {"on": "0"})
    assert not Favourite.objects.exists()


def test_of_dispositifs_and_conventions_too(cast: Cast) -> None:
    action, other = factories.make_action("MOUS"), factories.make_action("AGIR")
    set_favourite(user=cast.correspondent59, obj=action, on=True)
    only = as_user(cast.correspondent59).get("/dispositifs/?favoris=1").content.decode()
    assert action.name in only
    assert other.name not in only
    assert as_user(cast.council).get("/conventions/?favoris=1").status_code == 200


def test_a_right_that_has_gone_hides_the_favourite(cast: Cast, site: Site) -> None:
    set_favourite(user=cast.mairie, obj=site, on=True)
    cast.mairie.memberships.update(ends_on=factories.OPENED)
    assert "Rue du Moulin" not in home_page(as_user(cast.mairie))
    assert as_user(cast.operator13).post(f"/favoris/site/{site.public_id}/", {"on": "1"}).status_code == 404


def test_a_merge_hands_over_stars_and_subscriptions(cast: Cast, site: Site) -> None:
    duplicate = factories.make_site("Doublon")
    for user in (cast.mairie, cast.correspondent59):
        set_favourite(user=user, obj=duplicate, on=True)
    set_favourite(user=cast.mairie, obj=site, on=True)
    subscribe(cast.mairie, "site", duplicate.pk)
    merge_sites(
        survivor=site, duplicate=duplicate, by=factories.actor(cast.correspondent59), reason="le même"
    )
    assert Favourite.objects.filter(object_id=site.pk).count() == 2
    assert Subscription.objects.get().target_key == str(site.pk)
