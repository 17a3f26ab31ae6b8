"""A large file is made by the worker, for the person who asked and nobody else, with their rights and no others."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.accounts.models import Grant, User
from jalons.exports import jobs, preparing
from jalons.exports.enums import Format, PreparedState
from jalons.exports.models import Download, PreparedFile
from jalons.exports.preparing import FileRequest, TooManyAtWork, ask, progress_of, signed
from tests import factories
from tests.factories import BACKEND, MARSEILLE, Cast

LIST = "/sites/export?format=csv&departement=tous"
MAKER = "jalons.sites.exports.SITES"


@pytest.fixture
def long_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sites are already too many for a page."""
    monkeypatch.setattr("jalons.exports.responses.LONG", 2.0)


@pytest.fixture
def client(cast: Cast) -> Client:
    return client_of(cast.correspondent59)


def client_of(user: User) -> Client:
    made = Client()
    made.force_login(user, BACKEND)
    return made


def asked(fmt: Format = Format.CSV, query: str = "departement=tous") -> FileRequest:
    return FileRequest(MAKER, query, fmt)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_from_the_list_to_the_file(cast: Cast, client: Client, long_lists: None) -> None:
    for name in ("Rue du Moulin", "Quai Nord", "Bord du canal"):
        factories.make_survey(factories.make_site(name), dt.date(2020, 3, 1))
    factories.make_procedure(
        factories.Site.objects.get(name="Quai Nord"), dt.date(2020, 3, 1), body="Tribunal"
    )
    answer = client.get(LIST)
    assert answer.status_code == 302
    assert not PreparedFile.objects.exists(), "reading an address asks for nothing"
    page = client.get(answer["Location"])
    assert "3 lignes, texte (.csv)" in page.content.decode().replace("\u00a0", " ")
    demande = parse_qs(urlsplit(answer["Location"]).query)["demande"][0]
    ready = client.post("/exports/preparer/", {"demande": demande})["Location"]
    shown = client.get(ready)
    assert "Refresh" not in shown
    assert "Télécharger" in shown.content.decode()
    assert not Download.objects.exists(), "nothing has left yet"
    file = client.get(f"{ready}fichier")
    assert file["Content-Disposition"].startswith('attachment; filename="sites-')
    text = file.content.decode("utf-8-sig")
    assert text.count("\r\n") == 4
    # The same file as the page writes by itself when it is short.
    preparing_now = client.get(LIST.replace("departement=tous", "q=quai&departement=tous"))
    assert preparing_now.status_code == 200
    alone = b"".join(preparing_now.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert set(alone.splitlines()) < set(text.splitlines())
    trace = Download.objects.order_by("pk")[0]
    assert (trace.export, trace.rows, trace.user_id) == ("sites", 3, cast.correspondent59.pk)
    assert "Fichiers préparés pour vous" in client.get("/exports/").content.decode()


def test_only_for_who_asked(cast: Cast, client: Client) -> None:
    factories.make_site()
    demande = quote(signed(cast.correspondent59, MAKER, QueryDict("departement=tous"), Format.CSV))
    file = ask(user=fresh(cast.correspondent59), asked=asked())
    jobs.prepare_file.call(file.pk)
    other = client_of(cast.correspondent13)
    for path in (
        f"preparer/?demande={demande}",
        f"prets/{file.public_id}/",
        f"prets/{file.public_id}/fichier",
    ):
        assert client.get(f"/exports/{path}").status_code == 200, path
        assert other.get(f"/exports/{path}").status_code == 404, path
    forged = demande[:-3] + "abc"
    assert client.get(f"/exports/preparer/?demande={forged}").status_code == 404


def test_no_file_of_rights_that_changed(cast: Cast, client: Client) -> None:
    factories.make_site()
    user = fresh(cast.correspondent59)
    file = ask(user=user, asked=asked())
    jobs.prepare_file.call(file.pk)
    address = f"/exports/prets/{file.public_id}/"
    assert client.get(f"{address}fichier").status_code == 200
    membership = user.active_memberships[0]
    Grant.objects.create(membership=membership, right=Right.READ_JUSTICE, allowed=False)
    assert client.get(f"{address}fichier")["Location"] == address
    assert "Vos droits ont changé" in client.get(address).content.decode()


def test_the_rights_are_those_of_when_it_is_written(cast: Cast) -> None:
    """FileRequest by somebody who is no longer there when the worker comes to it."""
    factories.make_site()
    file = ask(user=fresh(cast.correspondent59), asked=asked())
    User.objects.filter(pk=cast.correspondent59.pk).update(is_active=False)
    jobs.prepare_file.call(file.pk)
    file.refresh_from_db()
    assert (file.state, file.content) == (PreparedState.FAILED, None)


def test_stopped_before_its_end_nothing_is_left(cast: Cast, client: Client) -> None:
    factories.make_site()
    file = ask(user=fresh(cast.correspondent59), asked=asked())
    waiting = client.get(f"/exports/prets/{file.public_id}/")
    assert waiting["Refresh"] == "3"
    assert client.get(f"/exports/prets/{file.public_id}/fichier").status_code == 404
    client.post(f"/exports/prets/{file.public_id}/arreter/")
    jobs.prepare_file.call(file.pk)
    file.refresh_from_db()
    assert (file.state, file.content) == (PreparedState.STOPPED, None)
    assert progress_of(file).read() is None


def test_asked_once_and_not_without_end(cast: Cast) -> None:
    user = fresh(cast.correspondent59)
    first = ask(user=user, asked=asked())
    assert ask(user=user, asked=asked()) == first
    for fmt in (Format.XLSX, Format.ODS):
        assert ask(user=user, asked=asked(fmt)) != first
    with pytest.raises(TooManyAtWork):
        ask(user=user, asked=asked(query="departement=59"))
    assert ask(user=fresh(cast.correspondent13), asked=asked()) != first


def test_each_reads_what_they_may(cast: Cast) -> None:
    """A file is the one of the person: Marseille is not in that of an operator of the Nord."""
    factories.make_site("Quai Nord")
    factories.make_site("Vieux-Port", MARSEILLE)
    read: dict[str, Any] = {}
    for name in ("operator_a", "national"):
        file = ask(user=fresh(getattr(cast, name)), asked=asked())
        jobs.prepare_file.call(file.pk)
        file.refresh_from_db()
        read[name] = bytes(file.content or b"").decode("utf-8-sig")
    assert "Vieux-Port" in read["national"]
    assert "Quai Nord" in read["operator_a"]
    assert "Vieux-Port" not in read["operator_a"]


def test_it_is_forgotten_after_a_day(cast: Cast) -> None:
    old = ask(user=fresh(cast.correspondent59), asked=asked())
    PreparedFile.objects.filter(pk=old.pk).update(asked_at=timezone.now() - preparing.KEPT)
    kept = ask(user=fresh(cast.correspondent59), asked=asked(Format.XLSX))
    assert jobs.forget_prepared() == "1 fichier préparé oublié."
    assert list(PreparedFile.objects.all()) == [kept]


def test_a_year_of_dispositifs_goes_to_the_worker(cast: Cast, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("jalons.exports.responses.LONG", 0.5)
    factories.make_action("Médiation", operators=[factories.organisation_of(cast.operator_a)])
    location = client.get("/dispositifs/export?format=xlsx&departement=tous&annee=toutes")["Location"]
    demande = parse_qs(urlsplit(location).query)["demande"][0]
    ready = client.post("/exports/preparer/", {"demande": demande})["Location"]
    assert client.get(f"{ready}fichier").content[:2] == b"PK"
