"""An edition from its asking to its publication: one, whatever is done twice, and read by those it was given to."""

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from jalons.accounts.enums import Right, Role
from jalons.accounts.permissions import has
from jalons.discussions.models import Mail
from jalons.editing.refusals import Refused
from jalons.editions import jobs
from jalons.editions.enums import EditionStage
from jalons.editions.models import ReportEdition, ReportFile, ReportText
from jalons.editions.permissions import askable_kinds
from jalons.editions.registry import report_kinds
from jalons.editions.services import making
from jalons.editions.services.asking import ask_again
from jalons.editions.services.life import mark_read, publish_edition, save_text, take_back_access
from jalons.figures.areas import find_area
from jalons.history.services import Stale
from tests import factories
from tests.editions.making import make_edition, reader_of
from tests.editions.parsing import docx_texts, pdf_text, screen_text
from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(cast: Cast) -> ReportEdition:
    return make_edition(cast.correspondent59)


def test_files_that_the_disk_has_lost(edition: ReportEdition, cast: Cast, client: Client) -> None:
    for path in paths():
        storages["default"].delete(path)
    client.force_login(cast.correspondent59, backend=factories.BACKEND)
    page = client.get(reverse("editions:edition", args=[edition.public_id]))
    assert "Le serveur ne retrouve pas le texte de ce rapport" in page.text
    assert client.get(reverse("editions:file", args=[edition.public_id, "pdf"])).status_code == 404


def paths() -> set[str]:
    return set(ReportFile.objects.values_list("file", flat=True))


def test_asked_twice_by_the_same_form_is_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.correspondent59, backend=factories.BACKEND)
    url = reverse("editions:ask", args=["observatoire"])
    page = client.get(url)
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    answers = [client.post(url, data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert ReportEdition.objects.count() == 1


def test_what_is_offered_opens_and_nothing_else_does(cast: Cast, client: Client) -> None:
    """Whoever is named, the page of a report is the one that they were offered; without any, no entry in the menu."""
    of_commune = factories.make_user(Role.CONTRIBUTOR, factories.LILLE)
    people = [*vars(cast).values(), of_commune]
    offered_to = {}
    for person in people:
        client.force_login(person, backend=factories.BACKEND)
        offered = askable_kinds(person)
        offered_to[person] = {kind.key for kind in offered}
        for kind in report_kinds().values():
            status = client.get(reverse("editions:ask", args=[kind.key])).status_code
            may_take = has(person, Right.EXPORT)
            assert status == (200 if kind in offered else 404 if may_take else 403), (person, kind.key)
    assert offered_to[cast.correspondent59] >= {"observatoire", "bilan", "dialogue"}
    assert offered_to[cast.observer] == set() == offered_to[cast.local_admin]


def test_in_the_menu_of_a_reader_once_an_edition_was_shared(cast: Cast, client: Client) -> None:
    edition = make_edition(cast.correspondent59, made=False)
    client.force_login(cast.observer, backend=factories.BACKEND)
    assert 'data-t="Rapports"' not in client.get("/mon-compte/").content.decode()
    reader_of(edition, cast.observer)
    assert 'data-t="Rapports"' in client.get("/mon-compte/").content.decode()


def test_a_worker_killed_at_any_stage_leaves_one_edition(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = make_edition(cast.correspondent59, made=False)
    storage = storages["default"]
    total: list[int] = []
    making.written_files(edition, lambda done, of: total.append(of))
    for stage in range(total[-1] + 1):
        steps = 0

        def killed(done: int, of: int, stage: int = stage) -> None:
            nonlocal steps
            steps += 1
            if steps > stage:
                raise KeyboardInterrupt

        if stage < total[-1]:
            with pytest.raises(KeyboardInterrupt):
                making.make_now(edition=edition, tell=killed)
        else:  # as the files are already on the disk
            with monkeypatch.context() as patch:
                patch.setattr(making, "values_of", lambda content: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    making.make_now(edition=edition)
        assert not paths()
        edition.refresh_from_db()
        assert edition.stage == EditionStage.MAKING
    jobs.make_report.func(edition.pk)
    first = paths()
    assert len(first) == len(report_kinds()["observatoire"].every_format)
    assert all(storage.exists(path) for path in first)
    jobs.make_report.func(edition.pk)  # given back to the queue though it had ended
    assert paths() == first
    assert ReportEdition.objects.count() == 1


def test_a_full_disk_is_said_and_leaves_the_edition_as_it_was(
    cast: Cast, client: Client, edition: ReportEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage: Any = storages["default"]
    first, usual, written = paths(), type(storage)._save, []

    def full(self: Any, name: str, content: Any) -> str:
        written.append(usual(self, name, ContentFile(content.read()[:50])))
        if len(written) < 3:
            return str(written[-1])
        raise OSError(errno.ENOSPC, "No space left on device")  # what it wrote of the third is on the disk

    assert making.take_edition(edition=edition)
    with monkeypatch.context() as patch:
        patch.setattr(type(storage), "_save", full)
        with pytest.raises(OSError, match="No space"):
            jobs.make_report.func(edition.pk)
    assert paths() == first
    assert [path for path in [*first, *written] if storage.exists(path)] == [*first]
    client.force_login(cast.correspondent59, backend=factories.BACKEND)
    page = client.get(reverse("editions:edition", args=[edition.public_id])).content.decode()
    assert "Il n’y a plus de place sur le serveur" in page
    answer = client.post(reverse("editions:make_again", args=[edition.public_id]))
    assert answer.status_code == 302
    edition.refresh_from_db()
    assert (edition.stage, edition.failure) == (EditionStage.DRAFT, "")
    assert not paths() & first


def test_the_second_of_two_workers_changes_nothing(edition: ReportEdition) -> None:
    stale = ReportEdition.objects.get(pk=edition.pk)
    assert not making.make_now(edition=stale)
    assert paths() == set(stale.files.values_list("file", flat=True))


def test_stopped_then_begun_again(cast: Cast) -> None:
    edition = make_edition(cast.correspondent59, made=False)
    jobs.progress_of(edition).ask_to_stop()
    jobs.make_report.func(edition.pk)
    edition.refresh_from_db()
    assert (edition.stage, edition.failure) == (EditionStage.STOPPED, "Arrêtée à votre demande.")
    assert making.take_edition(edition=edition)
    assert not making.take_edition(edition=edition)
    jobs.make_report.func(edition.pk)
    edition.refresh_from_db()
    assert edition.stage == EditionStage.DRAFT


def test_words_go_on_to_be_read_again_before_it_is_published(cast: Cast, edition: ReportEdition) -> None:
    by = factories.actor(cast.correspondent59)
    words = "Les équipes voient [sites-ouverts] sites, et [rien-de-tel]."
    save_text(edition=edition, section="mouvements", body=words, by=by, expected_version=None)
    assert making.take_edition(edition=edition)
    jobs.make_report.func(edition.pk)
    number = next(f["words"] for f in edition.values["figures"] if f["key"] == "sites-ouverts")
    assert f"Les équipes voient {number} sites, et [rien-de-tel]." in pdf_text(edition)

    kind, area = report_kinds()["observatoire"], find_area("departement-59")
    assert area is not None
    newer = ask_again(edition=edition, kind=kind, area=area, by=by)
    jobs.make_report.func(newer.pk)
    text = ReportText.objects.get(edition=newer)
    assert (text.body, text.to_reread) == (words, True)
    with pytest.raises(Refused, match="n’ont pas été relus"):
        publish_edition(edition=newer, by=by)
    with pytest.raises(Stale):
        save_text(edition=newer, section="mouvements", body="Autre", by=by, expected_version=0)
    save_text(edition=newer, section="mouvements", body=words, by=by, expected_version=text.version)
    draft = pdf_text(newer)
    assert "BROUILLON" in draft
    assert "pas encore publié" in draft
    reading = reader_of(newer, cast.national)
    mark_read(edition=newer, user=cast.national)
    publish_edition(edition=newer, by=by)
    for again in (
        lambda: publish_edition(edition=newer, by=by),
        lambda: save_text(edition=newer, section="sites", body="Non", by=by, expected_version=None),
    ):
        with pytest.raises(Refused):
            again()
    jobs.make_report.func(newer.pk)
    newer.refresh_from_db()
    assert newer.stage == EditionStage.PUBLISHED
    assert not making.take_edition(edition=newer)
    take_back_access(access=reading)
    assert making.check_identical(edition=newer) == []
    for words in (pdf_text(newer), docx_texts(newer), screen_text(newer)):
        assert "BROUILLON" not in words.upper()
        assert f"Relu par {cast.national}" in words
        assert f"par {cast.correspondent59}" in words


def test_a_publication_whose_worker_is_killed_goes_on(cast: Cast, edition: ReportEdition) -> None:
    """What the first worker writes late is a draft: it does not take the place of what is published."""
    by, late = factories.actor(cast.correspondent59), ReportEdition.objects.get(pk=edition.pk)
    publish_edition(edition=edition, by=by)
    late.attempts = 0
    assert not making.make_now(edition=late)
    jobs.progress_of(edition).ask_to_stop()
    jobs.make_report.func(edition.pk)
    edition.refresh_from_db()
    assert (edition.stage, edition.is_open) == (EditionStage.STOPPED, False)
    with pytest.raises(Refused):
        save_text(edition=edition, section="sites", body="Non", by=by, expected_version=None)
    assert making.take_edition(edition=edition)
    jobs.make_report.func(edition.pk)
    edition.refresh_from_db()
    assert edition.stage == EditionStage.PUBLISHED


def test_a_named_reader_sees_the_edition_and_nothing_more(
    cast: Cast, edition: ReportEdition, client: Client
) -> None:
    client.force_login(cast.operator13, backend=factories.BACKEND)
    url = reverse("editions:edition", args=[edition.public_id])
    assert client.get(url).status_code == 404
    access = reader_of(edition, cast.operator13)
    reader_of(edition, cast.operator13, may_write=True)
    reader_of(edition, cast.operator13)
    mail = Mail.objects.get(user=cast.operator13)  # once
    assert edition.public_id in mail.body
    assert "Observatoire mensuel" in mail.body
    assert "Les chiffres du mois" in client.get(url).content.decode()
    taken: Any = client.get(reverse("editions:file", args=[edition.public_id, "pdf"]))
    assert taken.status_code == 200
    for name in ("publish", "stop", "identical", "with_today"):
        assert client.post(reverse(f"editions:{name}", args=[edition.public_id])).status_code == 403
    assert client.get(reverse("editions:words", args=[edition.public_id])).status_code == 403
    assert client.post(reverse("editions:read_by", args=[edition.public_id])).status_code == 302
    access.refresh_from_db()
    assert access.read_at is not None


def test_files_are_kept_for_their_owner_alone(edition: ReportEdition) -> None:
    for row in edition.files.all():
        assert Path(row.file.path).stat().st_mode & 0o077 == 0


def test_a_territory_without_anything(cast: Cast) -> None:
    edition = make_edition(cast.correspondent13, area="departement-13")
    assert "Aucun site n’est ouvert dans ce territoire" in pdf_text(edition)
    assert making.check_identical(edition=edition) == []
