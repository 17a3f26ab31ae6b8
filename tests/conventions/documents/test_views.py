"""The page of documents: what each person may take away, of which version."""

import io
from typing import Any

import docx
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from jalons.conventions.documents.make import PARTS, make
from jalons.conventions.enums import ConventionRole, EditionKind, ReportState, Stage
from jalons.conventions.models import Amendment, BudgetAmount, Convention, Edition, ExecutionReport, Seat
from jalons.conventions.versions.editions import freeze, frozen_dossier
from jalons.exports.models import Download
from jalons.history.querysets import NOW
from jalons.history.services import correct, save_record
from tests import factories
from tests.conventions.samples import make_convention, sample, two_departements
from tests.factories import Cast

# Each test changes its own: `make_convention` finds the one of the module.
pytestmark = pytest.mark.usefixtures("stored_convention")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, "jalons.accounts.backends.SessionBackend")
    return client


def get_document(user: Any, convention: Convention, **query: str) -> Any:
    return client_of(user).get(reverse("conventions:document", args=[convention.slug]), query)


def page_of(user: Any, convention: Convention) -> str:
    response = client_of(user).get(reverse("conventions:documents", args=[convention.slug]))
    assert response.status_code == 200
    return response.content.decode()


def words(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return " ".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def one_euro_more(convention: Convention, by: Any) -> None:
    amount = BudgetAmount.objects.known(NOW).get(
        line__commitment__convention=convention,
        line__commitment__position=0,
        part="part_etat",
        stage=Stage.PLANNED,
    )
    correct(fact=amount, by=by, reason="Un euro de plus", amount=100_001, raw="100 001 €")


def test_each_document_of_the_working_version(cast: Cast) -> None:
    convention = make_convention()
    page = page_of(cast.council, convention)
    assert "Version de travail" in page
    for part in PARTS:
        if part == "avenant":
            assert get_document(cast.council, convention, document=part, format="pdf").status_code == 404
            assert "document=avenant" not in page
            continue
        assert f"document={part}" in page
        for fmt in ("docx", "pdf"):
            response = get_document(cast.council, convention, document=part, format=fmt)
            assert response.status_code == 200
            assert f"{part}-exemple-2022-travail-" in response["Content-Disposition"]
            assert response["Content-Disposition"].startswith("attachment")
    assert Download.objects.filter(user=cast.council).count() == 2 * (len(PARTS) - 1)


def test_the_version_of_the_address_comes_first(cast: Cast) -> None:
    convention, by = make_convention(), factories.actor(cast.council)
    for title in ("Premier vote", "Second vote"):
        freeze(convention=convention, kind=EditionKind.VOTE, title=title, by=by)
    url = reverse("conventions:documents", args=[convention.slug])
    page = client_of(cast.council).get(url, {"version": "1"}).content.decode()
    assert page.index("Premier vote") < page.index("Version de travail") < page.index("Second vote")
    page = page_of(cast.council, convention)
    assert page.index("Version de travail") < page.index("Second vote") < page.index("Premier vote")


def test_a_preview_opens_in_the_browser(cast: Cast) -> None:
    response = get_document(cast.council, make_convention(), document="fiches", format="pdf", apercu="1")
    assert response["Content-Disposition"].startswith("inline")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)
    assert "version de travail" in text


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"document": "fiches"},
        {"document": "fiches", "format": "xlsx"},
        {"document": "rien", "format": "pdf"},
        {"document": "fiches", "format": "pdf", "version": "7"},
        {"document": "fiches", "format": "pdf", "version": "x"},
    ],
)
def test_what_does_not_exist(cast: Cast, query: dict[str, str]) -> None:
    assert get_document(cast.council, make_convention(), **query).status_code == 404


def test_a_frozen_version_says_the_same_for_ever(cast: Cast) -> None:
    convention, by = make_convention(), factories.actor(cast.council)
    edition = freeze(convention=convention, kind=EditionKind.VOTE, title="Version votée", by=by)
    query = {"document": "complet", "format": "docx", "version": "1"}
    before = get_document(cast.council, convention, **query).content
    one_euro_more(convention, by)
    assert get_document(cast.council, convention, **query).content == before
    assert make(frozen_dossier(edition), "fiches", "pdf") == make(frozen_dossier(edition), "fiches", "pdf")
    now = words(get_document(cast.council, convention, document="fiches", format="docx").content)
    assert "100\u202f001\u00a0€" in now
    assert "100\u202f001\u00a0€" not in words(before)


def test_an_amendment_is_compared_with_the_version_that_it_amends(cast: Cast) -> None:
    convention, by = make_convention(), factories.actor(cast.council)
    base = freeze(convention=convention, kind=EditionKind.VOTE, title="Version votée", by=by)
    save_record(
        record=Amendment(
            convention=convention, number=1, subject="Un euro de plus pour les maraudes.", base=base
        ),
        by=by,
    )
    one_euro_more(convention, by)
    assert "Avenant n° 1" in page_of(cast.council, convention).replace("\u00a0", " ")
    said = words(get_document(cast.council, convention, document="avenant", format="docx").content)
    for told in (
        "Avenant n° 1",
        "Un euro de plus",
        "100\u202f000\u00a0€",
        "100\u202f001\u00a0€",
        "+1\u00a0€",
    ):
        assert told in said.replace("n°\u00a0", "n° ")


def test_the_words_of_the_report_are_printed(cast: Cast) -> None:
    convention, by = make_convention(), factories.actor(cast.council)
    report = ExecutionReport(
        convention=convention,
        due_on="2023-03-31",
        state=ReportState.FILLED,
        results="Les maraudes ont rencontré quarante familles.",
    )
    save_record(record=report, by=by)
    said = words(get_document(cast.council, convention, document="rapport", format="docx").content)
    assert "Les maraudes ont rencontré quarante familles." in said


def test_an_altered_version_is_not_printed(cast: Cast) -> None:
    convention = make_convention()
    edition = freeze(
        convention=convention, kind=EditionKind.VOTE, title="Version votée", by=factories.actor(cast.council)
    )
    Edition.objects.filter(pk=edition.pk).update(content={**edition.content, "conventions": []})
    response = get_document(cast.council, convention, document="fiches", format="pdf", version="1")
    assert response.status_code == 409
    assert "empreinte" in response.content.decode()


def test_each_departement_prints_its_own_sheets(cast: Cast) -> None:
    told = two_departements()
    told["fiches"][0]["departement"] = "Nord"
    for sheet in told["fiches"][1:]:
        sheet["departement"] = "Pas-de-Calais"
    convention = make_convention(told)
    council = factories.organisation_of(cast.council)
    Seat.objects.filter(convention=convention).delete()
    north = convention.parties.get(departement="59")
    seat = Seat(convention=convention, organisation=council, role=ConventionRole.PILOT, party=north)
    save_record(record=seat, by=factories.actor(cast.council))
    assert "extrait" in page_of(cast.council, convention)
    said = words(get_document(cast.council, convention, document="fiches", format="docx").content)
    assert "MARAUDES" in said
    assert "SORTIES SECHES" not in said


def test_a_reader_without_the_right_sees_no_link(cast: Cast) -> None:
    convention = make_convention(sample())
    for person in vars(cast).values():
        if not hasattr(person, "memberships"):
            continue
        response = client_of(person).get(reverse("conventions:documents", args=[convention.slug]))
        if response.status_code != 200:
            continue
        can_take = get_document(person, convention, document="engagements", format="docx").status_code == 200
        assert ("document=engagements" in response.content.decode()) == can_take


@pytest.mark.parametrize("extra", [0, 6])
def test_queries_do_not_grow(cast: Cast, extra: int, django_assert_max_num_queries: Any) -> None:
    convention, by = make_convention(), factories.actor(cast.council)
    for at in range(extra):
        freeze(convention=convention, kind=EditionKind.VOTE, title=f"Essai {at}", by=by)
    client = client_of(cast.council)
    with django_assert_max_num_queries(40):
        assert client.get(reverse("conventions:documents", args=[convention.slug])).status_code == 200
