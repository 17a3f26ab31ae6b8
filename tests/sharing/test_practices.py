"""A page of good practice: who writes, who publishes, what readers read meanwhile, what it names to whom."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.accounts.models import User
from jalons.core.clock import paris_day
from jalons.discussions.models import Mail
from jalons.history.services import Stale
from jalons.sharing.models import Practice, PracticeEdition
from jalons.sharing.models.practice import READ_AGAIN_AFTER
from jalons.sharing.notifications import remind
from jalons.sharing.selectors.practices import as_html, linked_actions, practices_waiting_for
from jalons.sharing.services import ask_review, publish, save_practice
from tests import factories
from tests.factories import BACKEND, Cast, actor, organisation_of
from tests.forms import form_to
from tests.house.test_blind import content

LIST = "/bonnes-pratiques/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def send(client: Client, path: str, **data: str) -> int:
    return client.post(path, form_to(client.get(path), path).filled(data)).status_code


def mails(user: User) -> list[str]:
    return list(
        Mail.objects.filter(user=user, topic="practices").order_by("pk").values_list("subject", flat=True)
    )


@pytest.mark.django_db
def test_from_the_draft_to_the_editions(cast: Cast) -> None:
    author, reader, national = map(signed_in, (cast.operator_a, cast.operator13, cast.national))
    path = f"{LIST}nouvelle/"
    assert (
        send(
            author,
            path,
            title="Ouvrir un compte",
            summary="Pas à pas.",
            body="## D’abord\n\nLa domiciliation.",
        )
        == 302
    )
    page = Practice.objects.get()
    here = f"{LIST}{page.public_id}/"
    assert page.owner == organisation_of(cast.operator_a)
    assert reader.get(here).status_code == 404
    assert "Ouvrir un compte" not in reader.get(LIST).content.decode()
    assert author.get(f"{here}publier/").status_code == 403
    assert send(author, f"{here}proposer/") == 302
    assert mails(cast.national) == ["Les amis de Lille propose une bonne pratique à la publication"]
    assert [row.pk for row in practices_waiting_for(fresh(cast.national)).to_review] == [page.pk]
    assert send(national, f"{here}rendre/", answer="Ôtez l’adresse.") == 302
    assert "Ôtez l’adresse." in author.get(here).content.decode()
    assert send(author, f"{here}proposer/") == 302
    assert send(national, f"{here}publier/") == 302
    assert "<h2>D’abord</h2>" in reader.get(here).content.decode()
    assert mails(cast.operator_a) == [
        "Votre bonne pratique est à reprendre",
        "Votre bonne pratique est publiée",
    ]
    # Changed by its owner, it is read as it was until the next edition.
    before = content(reader.get(here))
    assert send(author, f"{here}modifier/", title="Ouvrir un compte bancaire") == 302
    assert content(reader.get(here)) == before
    assert "Le texte a changé" in author.get(here).content.decode()
    page.refresh_from_db()
    publish(practice=page, by=actor(cast.national))
    assert "Ouvrir un compte bancaire" in reader.get(here).content.decode()
    assert list(PracticeEdition.objects.order_by("number").values_list("number", "title")) == [
        (1, "Ouvrir un compte"),
        (2, "Ouvrir un compte bancaire"),
    ]
    old = reader.get(f"{here}editions/").content.decode()
    assert "Édition 1" in old
    assert "Qui a fait quoi" not in old
    assert "La domiciliation" not in old, "ce qu’une édition ôte est ôté"
    assert "La domiciliation" in author.get(f"{here}editions/").content.decode()
    assert send(author, f"{here}retirer/", answer="Ce n’est plus vrai.") == 302
    assert reader.get(here).status_code == 404
    assert "Ce n’est plus vrai." in author.get(here).content.decode()


@pytest.mark.django_db
def test_others_do_not_write_it(cast: Cast) -> None:
    page = factories.make_practice(cast.operator_a, published_by=cast.national)
    here = f"{LIST}{page.public_id}/"
    for user in (cast.operator_b, cast.correspondent59, cast.mairie):
        assert signed_in(user).get(f"{here}modifier/").status_code == 403
    assert signed_in(cast.observer).get(f"{here}modifier/").status_code == 403
    assert signed_in(cast.nobody).get(here).status_code == 403
    assert signed_in(cast.colleague_a).get(f"{here}modifier/").status_code == 200
    # The second of two reads what changed; nothing typed is lost.
    first, second = signed_in(cast.operator_a), signed_in(cast.colleague_a)
    form = form_to(second.get(f"{here}modifier/"), f"{here}modifier/")
    assert send(first, f"{here}modifier/", title="Premier titre") == 302
    answer = second.post(f"{here}modifier/", form.filled({"title": "Second titre"}))
    assert answer.status_code == 409
    assert "Premier titre" in answer.content.decode()
    assert "Second titre" in answer.content.decode()
    page.refresh_from_db()
    stale = Practice.objects.get(pk=page.pk)
    ask_review(practice=page, by=actor(cast.operator_a))
    with pytest.raises(Stale):
        publish(practice=stale, by=actor(cast.national))


@pytest.mark.django_db
def test_a_linked_dispositif_is_named_to_who_may_read_it(cast: Cast) -> None:
    by = actor(cast.correspondent59)
    hidden = factories.make_action("MOUS du Moulin", by=by, operators=[organisation_of(cast.operator_a)])
    shown = factories.make_action("MOUS de la Gare", by=by, operators=[organisation_of(cast.operator_a)])
    page = factories.make_practice(cast.operator_a, published_by=cast.national)
    here = f"{LIST}{page.public_id}/"
    before = content(signed_in(cast.operator13).get(here))
    page.actions = [hidden.public_id]
    save_practice(practice=page, by=actor(cast.operator_a))
    assert content(signed_in(cast.operator13).get(here)) == before, "pas même leur nombre"
    page.actions = [hidden.public_id, shown.public_id]
    save_practice(practice=page, by=actor(cast.operator_a))
    factories.make_offer(shown, cast.operator_a, title="Médiation")
    assert [link.name for link in linked_actions(fresh(cast.operator13), page)] == ["Médiation"]
    names = [link.name for link in linked_actions(fresh(cast.operator_a), page)]
    assert names == ["MOUS de la Gare", "MOUS du Moulin"]


@pytest.mark.django_db
@pytest.mark.parametrize(("more", "old"), [(0, False), (1, True)])
def test_read_again_after_eighteen_months(cast: Cast, more: int, old: bool) -> None:
    day = paris_day() - READ_AGAIN_AFTER - dt.timedelta(days=more)
    page = factories.make_practice(cast.operator_a, published_by=cast.national)
    Practice.objects.filter(pk=page.pk).update(reviewed_on=day)
    reader, author = signed_in(cast.operator13), signed_in(cast.operator_a)
    assert ("À relire" in reader.get(LIST).content.decode()) is old
    remind()
    remind()
    assert (
        mails(cast.operator_a)
        == ["Votre bonne pratique est publiée"] + ["Une bonne pratique est à relire"] * old
    )
    assert bool(practices_waiting_for(fresh(cast.operator_a))) is old
    author.post(f"{LIST}{page.public_id}/relue/")
    assert not practices_waiting_for(fresh(cast.operator_a))
    assert "À relire" not in reader.get(LIST).content.decode()


@pytest.mark.django_db
def test_searching(cast: Cast) -> None:
    factories.make_practice(cast.operator_a, "Aller vers", themes=("health",), published_by=cast.national)
    factories.make_practice(
        cast.correspondent13, "Scolariser", body="La cantine.", themes=("school",), published_by=cast.national
    )
    factories.make_practice(cast.operator_a, "Brouillon de cantine")
    client = signed_in(cast.observer)
    for query, expected in {
        "": ["Aller vers", "Scolariser"],
        "?q=CANTINE": ["Scolariser"],
        "?q=amis": ["Aller vers"],
        "?theme=health": ["Aller vers"],
        "?q=rien": [],
    }.items():
        lines = client.get(f"{LIST}{query}").context["lines"]
        assert [practice.current.title for practice, _, _ in lines] == expected, query


@pytest.mark.django_db
def test_the_cost_does_not_grow(cast: Cast) -> None:
    def cost(path: str) -> int:
        client = signed_in(cast.operator_a)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    action = factories.make_action("MOUS", by=actor(cast.correspondent59))
    page = factories.make_practice(cast.operator_a, published_by=cast.national, actions=[action.public_id])
    paths = (LIST, f"{LIST}{page.public_id}/", f"{LIST}{page.public_id}/editions/")
    few = {path: cost(path) for path in paths}
    for number in range(4):
        other = factories.make_action(f"MOUS {number}", by=actor(cast.correspondent59))
        factories.make_practice(cast.operator_a, published_by=cast.national)
        page.actions = [*page.actions, other.public_id]
        page.title = f"Titre {number}"
        save_practice(practice=page, by=actor(cast.operator_a))
        publish(practice=page, by=actor(cast.national))
    assert {path: cost(path) for path in paths} == few


HOSTILE = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![x](https://exemple.test/x.png)\n\n# Grand"


@given(st.text(alphabet="#*-[]()!<>\"'` \n:/javscriptalerhmgox1", max_size=80))
@example(HOSTILE)
@example("###### six")
def test_formatting_lets_nothing_dangerous_through(body: str) -> None:
    html = as_html(body)
    for danger in ("<script", "<img", "<iframe", 'href="javascript', "<h1", "<h7"):
        assert danger not in html.lower()


def test_formatting_says_what_it_should() -> None:
    html = as_html("## Titre\n\n- un\n- deux\n\n**gras** [lien](https://exemple.test/)")
    for part in ("<h2>Titre</h2>", "<li>un</li>", "<strong>gras</strong>", 'href="https://exemple.test/"'):
        assert part in html
