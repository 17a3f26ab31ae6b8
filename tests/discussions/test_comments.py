"""Comments under a site: written once, read by those who see the site, withdrawn with a trace."""

import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from jalons.accounts.models import User
from jalons.accounts.subjects import subject_kind, subject_of
from jalons.discussions.models import Comment
from jalons.discussions.selectors import comments_on, count_comments, thread_on
from jalons.discussions.services import add_comment, withdraw_comment
from jalons.sites.models import Site, Survey
from tests import factories
from tests.factories import BACKEND, Cast
from tests.front import tight
from tests.worlds import stored

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.discussions.urls")]

HTMX = {"HX-Request": "true"}


def new_site(cast: Cast) -> Site:
    return factories.make_site("Rue du Moulin")


stored_site, site = stored(new_site)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def url(site: Site) -> str:
    return f"/commentaires/site/{site.public_id}/"


def sheet(site: Site) -> str:
    return f"/sites/{site.public_id}/"


def write(user: User, site: Site, text: str = "Un point d’eau est ouvert.", **fields: Any) -> Any:
    return as_user(user).post(url(site), {"text": text, **fields})


def comment(user: User, site: Site, text: str = "Un point d’eau est ouvert.") -> Comment:
    return add_comment(subject=site, text=text, by=factories.actor(user))


def test_a_comment_is_added_and_read_under_the_site(cast: Cast, site: Site) -> None:
    answer = write(cast.operator_a, site, "Première ligne\r\n<b>deuxième</b> http://exemple.test")
    assert (answer.status_code, answer["Location"]) == (302, f"{sheet(site)}#commentaires")
    page = as_user(cast.operator_b).get(sheet(site)).content.decode()
    assert "Première ligne<br>&lt;b&gt;deuxième&lt;/b&gt; http://exemple.test" in page
    assert "Sacha Amis</b>" in page
    assert "(Les amis de Lille)" in page
    assert "Commentaires (1)" in page


def test_newest_first(cast: Cast, site: Site) -> None:
    texts = ["un", "deux", "trois"]
    for text in texts:
        comment(cast.operator_a, site, text)
    assert [one.text for one in comments_on(cast.operator_a, site)] == texts[::-1]


def test_sent_twice_is_written_once(cast: Cast, site: Site) -> None:
    key = str(uuid.uuid4())
    client = as_user(cast.operator_a)
    for _ in range(2):
        answer = client.post(url(site), {"text": "Une fois", "submission_key": key}, follow=True)
    assert Comment.objects.count() == 1
    assert "était déjà ajouté" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Écrivez quelque chose"),
        (" \r\n\t ", "Écrivez quelque chose"),
        ("é" * 5001, "5\u202f001 caractères\u00a0: 5\u202f000 au plus"),
        ("caché\x00là", "caractère invisible"),
    ],
)
def test_what_cannot_be_added_comes_back_as_it_was_typed(
    cast: Cast, site: Site, text: str, said: str
) -> None:
    answer = write(cast.operator_a, site, text)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert text.strip("\x00 \r\n\t")[:10] in page
    assert not Comment.objects.exists()


def test_line_ends_of_browsers_do_not_count_twice(cast: Cast, site: Site, settings: Any) -> None:
    settings.COMMENT_MAX_LENGTH = 5
    assert write(cast.operator_a, site, "a\r\nb\r\nc").status_code == 302
    assert Comment.objects.get().text == "a\nb\nc"


def test_htmx_swaps_the_thread_alone(cast: Cast, site: Site) -> None:
    client = as_user(cast.operator_a)
    wrong = client.post(url(site), {"text": ""}, headers=HTMX).content.decode()
    assert wrong.lstrip().startswith("<section")
    assert "Il y a une erreur à corriger" in wrong
    added = client.post(url(site), {"text": "Bonjour"}, headers=HTMX).content.decode()
    assert added.lstrip().startswith("<section")
    assert 'role="status"' in added
    assert "Votre commentaire est ajouté." in added
    assert "Bonjour</textarea>" not in tight(added)


def test_who_may_only_read_has_no_form(cast: Cast, site: Site) -> None:
    comment(cast.operator_a, site)
    page = as_user(cast.observer).get(sheet(site)).content.decode()
    assert "Un point d’eau est ouvert." in page
    assert "Ajouter le commentaire" not in page
    assert write(cast.observer, site).status_code == 403
    assert write(cast.operator_b, site).status_code == 403  # reads Lille, comments in Roubaix
    assert write(cast.operator13, site).status_code == 404
    assert Comment.objects.count() == 1


def test_nothing_there(cast: Cast, site: Site) -> None:
    assert "Personne n’a encore écrit ici." in as_user(cast.observer).get(sheet(site)).content.decode()
    client = as_user(cast.operator_a)
    assert client.post("/commentaires/planete/abc/", {"text": "x"}).status_code == 404
    assert client.post("/commentaires/site/zzzzzzzzzz/", {"text": "x"}).status_code == 404


def test_a_withdrawn_comment_leaves_its_trace_and_not_its_text(cast: Cast, site: Site) -> None:
    written = comment(cast.operator_a, site, "Le nom de quelqu’un")
    answer = as_user(cast.operator_a).post(f"/commentaires/{written.public_id}/retirer/")
    assert answer["Location"] == f"{sheet(site)}#commentaires"
    for user in (cast.operator_a, cast.correspondent59, cast.national):
        page = re.sub(r"\s+", " ", as_user(user).get(sheet(site)).content.decode())
        assert "Le nom de quelqu’un" not in page
        assert "Commentaire de Sacha Amis (Les amis de Lille), retiré par Sacha Amis le " in page
        assert "a retiré un commentaire" in page
    assert count_comments(cast.operator_a, site) == 0
    assert Comment.objects.get().text == "Le nom de quelqu’un"


def test_only_its_author_withdraws_it(cast: Cast, site: Site) -> None:
    written = comment(cast.operator_a, site)
    address = f"/commentaires/{written.public_id}/retirer/"
    for user, status in ((cast.colleague_a, 403), (cast.correspondent59, 403), (cast.operator13, 404)):
        assert as_user(user).post(address).status_code == status
    with pytest.raises(PermissionDenied):
        withdraw_comment(comment=written, by=factories.actor(cast.colleague_a))
    assert count_comments(cast.operator_a, site) == 1
    assert [line.may_withdraw for line in thread_on(cast.operator_a, site).lines] == [True]
    assert [line.may_withdraw for line in thread_on(cast.colleague_a, site).lines] == [False]


def test_withdrawing_twice_keeps_the_first_trace(cast: Cast, site: Site) -> None:
    written, by = comment(cast.operator_a, site), factories.actor(cast.operator_a)
    withdraw_comment(comment=written, by=by)
    first = Comment.objects.get().withdrawn_at
    withdraw_comment(comment=written, by=by)
    assert Comment.objects.get().withdrawn_at == first


def test_a_merged_site_is_read_with_the_one_that_is_kept_and_takes_no_comment(cast: Cast, site: Site) -> None:
    duplicate = factories.make_site("Doublon")
    comment(cast.operator_a, duplicate, "Écrit avant la fusion")
    Site.objects.filter(pk=duplicate.pk).update(merged_into=site)
    duplicate.refresh_from_db()
    assert [one.text for one in comments_on(cast.operator_a, site, duplicate)] == ["Écrit avant la fusion"]
    assert write(cast.operator_a, duplicate).status_code == 404
    assert thread_on(cast.operator_a, duplicate).form is None


def test_the_service_keeps_the_same_rules_as_the_page(cast: Cast, site: Site) -> None:
    with pytest.raises(ValidationError):
        comment(cast.operator_a, site, "  ")


def test_subjects_are_declared_by_their_app(site: Site) -> None:
    assert subject_kind("site") == subject_of(site)
    with pytest.raises(LookupError):
        subject_of(Survey())


def test_as_many_queries_for_many_comments(cast: Cast, site: Site, django_assert_num_queries: Any) -> None:
    for user in (cast.operator_a, cast.colleague_a, cast.correspondent59, cast.mairie):
        withdraw_comment(comment=comment(user, site), by=factories.actor(user))
        comment(user, site)
    comments_on(cast.operator_a, site)  # the content type is known
    with django_assert_num_queries(1):
        assert [str(one.author) + str(one.withdrawn_by or "") for one in comments_on(cast.operator_a, site)]
