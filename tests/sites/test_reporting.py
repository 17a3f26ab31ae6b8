"""« Signaler un site »: sent by who may not declare, answered once, said to its author."""

from typing import Any

import pytest
from django.test import Client

from jalons.accounts.models import User
from jalons.discussions.models import Mail
from jalons.sites.enums import EventKind, SiteReportState
from jalons.sites.models import Site, SiteEvent, SiteReport
from tests import factories
from tests.documents.files import sent
from tests.factories import BACKEND, Cast
from tests.front import tight

pytestmark = pytest.mark.django_db

TYPED = {
    "commune": "Lille",
    "seen_on": "1/1/2020",
    "message": "Six tentes sous le pont.",
    "address": "Rue du Pont",
}


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def report(user: User, **more: Any) -> SiteReport:
    answer = as_user(user).post("/sites/signaler/", {**TYPED, **more})
    assert answer.status_code == 302, answer.content.decode()
    return SiteReport.objects.latest("pk")


def sheet(one: SiteReport) -> str:
    return f"/sites/signalements/{one.public_id}/"


def test_who_may_not_declare_reports_and_who_may_sees_it_waiting(cast: Cast) -> None:
    assert "Signaler un site" in as_user(cast.observer).get("/sites/").content.decode()
    one = report(cast.observer)
    assert one.organisation == factories.organisation_of(cast.observer)
    waiting = as_user(cast.correspondent59).get("/sites/signalements/").content.decode()
    assert "Rue du Pont" in waiting.split("Envoyés")[0]
    assert "Rue du Pont" in as_user(cast.observer).get("/sites/signalements/").content.decode()
    for stranger in (cast.operator_a, cast.correspondent13, cast.national, cast.contributor):
        assert as_user(stranger).get(sheet(one)).status_code == 404
        assert "Rue du Pont" not in as_user(stranger).get("/sites/signalements/").content.decode()


def test_out_of_one_s_territory_nothing_is_reported(cast: Cast) -> None:
    answer = as_user(cast.observer).post("/sites/signaler/", {**TYPED, "commune": "Marseille"})
    assert "n’est pas dans le territoire où vous pouvez signaler un site" in answer.content.decode()
    assert not SiteReport.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"seen_on": "1/1/2040"}, "dans le futur"),
        ({"message": ""}, "obligatoire"),
        ({"photo": sent()}, "Ce n’est pas une photo"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(cast: Cast, wrong: dict[str, Any], words: str) -> None:
    answer = as_user(cast.observer).post("/sites/signaler/", {**TYPED, **wrong}).content.decode()
    assert words in answer
    assert "Rue du Pont" in answer
    assert not SiteReport.objects.exists()


def test_accepting_is_declaring_with_what_was_reported(cast: Cast) -> None:
    one = report(cast.observer)
    client = as_user(cast.correspondent59)
    page = client.get(sheet(one)).content.decode()
    address = page.split('href="/sites/nouveau/?')[1].split('"')[0].replace("&amp;", "&")
    form = client.get(f"/sites/nouveau/?{address}").content.decode()
    assert "Rue du Pont" in form
    assert one.public_id in form
    declared = {
        "commune": "Lille",
        "address": "Rue du Pont",
        "observed_on": "1/1/2020",
        "source_kind": "state",
        "report": one.public_id,
    }
    assert client.post("/sites/nouveau/", declared).status_code == 302
    one.refresh_from_db()
    site = Site.objects.get(address="Rue du Pont")
    assert (one.state, one.site, one.answered_by) == (SiteReportState.ACCEPTED, site, cast.correspondent59)
    assert "Six tentes" in SiteEvent.objects.get(site=site, kind=EventKind.REPORT).description
    mail = Mail.objects.get()
    assert mail.user_id == cast.observer.pk
    assert site.name in mail.body
    assert site.name in as_user(cast.observer).get(sheet(one)).content.decode()


def test_a_forged_report_is_not_answered(cast: Cast) -> None:
    """By who declares elsewhere, or with words of theirs."""
    one = report(cast.observer)
    declared = {"commune": "Marseille", "observed_on": "1/1/2020", "source_kind": "state"}
    for code in (one.public_id, "' OR 1=1", "x" * 20):
        answer = as_user(cast.correspondent13).post("/sites/nouveau/", {**declared, "report": code})
        assert answer.status_code in (200, 302)
    one.refresh_from_db()
    assert one.is_pending
    assert as_user(cast.observer).post(sheet(one), {"do": "refuse", "answer": "x"}).status_code == 403


def test_merged_into_a_known_site_said_only_to_who_may_read_it(cast: Cast) -> None:
    known = factories.make_site("Rue du Moulin")
    readable, hidden = report(cast.observer), report(cast.contributor)
    cast.contributor.memberships.update(ends_on=factories.OPENED)
    client = as_user(cast.correspondent59)
    for one in (readable, hidden):
        client.post(sheet(one), {"do": "merge", "site": known.public_id})
    mails = {mail.user_id: mail.body for mail in Mail.objects.all()}
    assert "Rue du Moulin" in mails[cast.observer.pk]
    assert "Rue du Moulin" not in mails.get(cast.contributor.pk, "")
    assert SiteReport.objects.filter(state=SiteReportState.MERGED, site=known).count() == 2


def test_only_into_a_site_that_one_updates(cast: Cast) -> None:
    one, elsewhere = report(cast.observer), factories.make_site("Ailleurs", factories.MARSEILLE)
    answer = as_user(cast.correspondent59).post(sheet(one), {"do": "merge", "site": elsewhere.public_id})
    assert answer.status_code == 200
    one.refresh_from_db()
    assert one.is_pending


def test_refused_with_an_answer_and_the_second_reads_the_first(cast: Cast) -> None:
    one, client = report(cast.observer), as_user(cast.correspondent59)
    assert "obligatoire" in client.post(sheet(one), {"do": "refuse", "answer": ""}).content.decode()
    client.post(sheet(one), {"do": "refuse", "answer": "C’est un chantier."})
    again = as_user(cast.mairie).post(sheet(one), {"do": "refuse", "answer": "Autre"}, follow=True)
    assert "Camille Nord a déjà répondu" in again.content.decode()
    one.refresh_from_db()
    assert one.answer == "C’est un chantier."
    assert "C’est un chantier." in Mail.objects.get().body
    assert "C’est un chantier." in as_user(cast.observer).get(sheet(one)).content.decode()


def test_the_badge_counts_what_waits_for_this_person(cast: Cast) -> None:
    report(cast.observer)
    item = '/sites/signalements/"'
    assert ">1<" in as_user(cast.correspondent59).get("/").content.decode().split(item)[1][:200]
    assert ">1<" not in tight(as_user(cast.correspondent13).get("/").content.decode().split(item)[1][:200])
