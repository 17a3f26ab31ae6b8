"""The text of a convention: read, edited row by row, by two people at once."""

from typing import Any

import pytest
from django.test import Client

from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.dossier.printed_values import figure_of, figure_value, lines_of, paragraphs_of
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.models import AnnexLine, Article, BudgetAmount, Convention
from jalons.core.values import Value
from tests.forms import form_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(pilot: Any) -> Client:
    client = Client()
    client.force_login(pilot, "jalons.accounts.backends.SessionBackend")
    return client


def sent(client: Client, convention: Convention, page: str, values: Any = None, **typed: str) -> Any:
    """The form as the page shows it, with what was typed."""
    url = f"/conventions/{convention.slug}/texte/{page}"
    shown = values or form_to(client.get(url), url.partition("?")[0]).values
    return client.post(url, {**shown, **{name.replace("__", "-"): value for name, value in typed.items()}})


def values_of(client: Client, convention: Convention, page: str) -> Any:
    url = f"/conventions/{convention.slug}/texte/{page}"
    return form_to(client.get(url), url).values


def test_the_text_is_all_there(client: Client, convention: Convention) -> None:
    page = client.get(f"/conventions/{convention.slug}/texte/").content.decode()
    for words in ("Vu la loi n° 2021-1900", "Préambule.", "Article 4", "0304-19-01", "030450191905", "Total"):
        assert words in page
    assert "None" not in page


@pytest.mark.parametrize(
    "page", ["identite/", "parties/", "visas/", "articles/", "actions-financees/", "annexe-financiere/"]
)
def test_a_form_sent_as_it_is_changes_nothing(client: Client, convention: Convention, page: str) -> None:
    before = write_file(file_of(convention.slug))  # type: ignore[arg-type]
    assert sent(client, convention, page).status_code == 302
    assert write_file(file_of(convention.slug)) == before  # type: ignore[arg-type]


def test_an_article_is_added_moved_and_removed(client: Client, convention: Convention) -> None:
    values = dict(values_of(client, convention, "articles/"))
    values |= {
        "lignes-2-mark": "5",
        "lignes-2-title": "DUREE",
        "lignes-2-rank": "1",
        "lignes-2-paragraphs": "Un an.\n- renouvelable\n",
        "lignes-0-rank": "2",
        "lignes-1-remove": "on",
    }
    assert sent(client, convention, "articles/", values).status_code == 302
    assert [(article.number, article.position) for article in convention.articles.all()] == [
        ("5", 0),
        ("1", 1),
    ]
    assert convention.articles.get(number="5").paragraphs[1] == {"text": "renouvelable", "bullet": True}


def test_one_more_row_loses_nothing_typed(client: Client, convention: Convention) -> None:
    answer = sent(client, convention, "articles/", lignes__0__title="A GARDER", ajouter="lignes")
    page = answer.content.decode()
    assert "A GARDER" in page
    assert "lignes-2-title" in page
    assert not Article.objects.filter(title="A GARDER").exists()


def test_amounts_are_read_in_french_and_codes_keep_their_zeros(
    client: Client, convention: Convention
) -> None:
    sent(
        client,
        convention,
        "actions-financees/",
        lignes__0__amount="100 001,50 €",
        lignes__0__code_activite="000123",
    )
    action = convention.planned_actions.filter(listed=False)[0]
    assert action.euros is not None
    assert float(action.euros) == 100_001.5
    assert action.codes["code_activite"] == {"code": "000123"}
    assert action.codes["groupe_de_marchandises"] == "10.02.01"


def test_two_people_on_one_line_the_second_chooses(client: Client, convention: Convention) -> None:
    values = values_of(client, convention, "articles/")
    sent(client, convention, "articles/", {**values}, lignes__0__title="PREMIER")
    late = {**values, "submission_key": "", "lignes-0-title": "SECOND"}
    answer = sent(client, convention, "articles/", late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "PREMIER" in page
    assert "SECOND" in page
    again = {**form_to(answer, f"/conventions/{convention.slug}/texte/articles/").values}
    again["conflit-lignes-0-title"] = "theirs"
    assert sent(client, convention, "articles/", again).status_code == 302
    assert convention.articles.all()[0].title == "PREMIER"


def test_two_people_on_the_identity(client: Client, convention: Convention) -> None:
    values = values_of(client, convention, "identite/")
    sent(client, convention, "identite/", {**values}, short_title="Premier")
    late = {**values, "submission_key": "", "short_title": "Second"}
    answer = sent(client, convention, "identite/", late)
    assert answer.status_code == 409
    convention.refresh_from_db()
    assert convention.short_title == "Premier"


def test_a_line_removed_by_another_is_not_lost(client: Client, convention: Convention) -> None:
    values = values_of(client, convention, "visas/")
    convention.legal_references.all()[0].delete()
    answer = sent(client, convention, "visas/", {**values}, lignes__0__kind="loi")
    assert answer.status_code == 409
    again = form_to(answer, f"/conventions/{convention.slug}/texte/visas/").values
    assert sent(client, convention, "visas/", again).status_code == 302
    assert convention.legal_references.count() == 1


# --- the annex ----------------------------------------------------------------------------------------------------


def test_the_annex_is_proposed_from_the_sheets(client: Client, convention: Convention) -> None:
    for amount in BudgetAmount.objects.filter(line__commitment__numbers=[1], part__in=["part_etat", "total"]):
        BudgetAmount.objects.filter(pk=amount.pk).update(amount=amount.amount + 1)
    table = AnnexLine.objects.filter(number="1").get().table
    url = f"/conventions/{convention.slug}/texte/annexe-financiere/?tableau={table.pk}&refaire=1"
    page = client.get(url).content.decode()
    assert page.count("100\u202f001\u00a0€") >= 2  # the line, its sub-total, its total
    assert AnnexLine.objects.get(number="1").euros("part_etat") == 100_000  # nothing written yet
    answer = client.post(url, form_to(client.get(url), url.partition("?")[0]).values)
    assert answer.status_code == 302
    assert [line.euros("part_etat") for line in table.lines.all()] == [None, 100_001, 100_001, 100_001]
    assert table.lines.get(number="1").euros("total") == 200_001


def test_a_convention_without_annex_gets_one(client: Client, convention: Convention) -> None:
    AnnexLine.objects.all().delete()
    for annex in convention.annexes.all():
        annex.tables.all().delete()
        annex.delete()
    url = f"/conventions/{convention.slug}/texte/annexe-financiere/"
    assert "Préparer" in client.get(url).content.decode()
    client.post(url)
    lines = AnnexLine.objects.filter(table__annex__convention=convention)
    assert lines.get(kind="total_general").euros("total") == 300_000
    assert lines.filter(kind="fiche").count() == 3


def test_what_is_printed_stays_as_printed() -> None:
    printed = {"raw": "13 197 804€", "amount": 13197804, "source_line": 3}
    assert figure_of(figure_value(printed), printed) is printed
    assert figure_of(Value.amount(5), printed) == {"raw": "5\u00a0€", "amount": 5, "source_line": 3}
    assert figure_of(Value.nd(), None) == {"raw": "ND", "amount": None}
    assert figure_of(Value.empty(), printed) is None


def test_paragraphs_keep_what_a_line_does_not_show() -> None:
    before = [{"text": "Un\nalinéa", "source_line": 4}, {"text": "puce", "bullet": True}, "texte seul"]
    text = lines_of(before)
    assert text == "Un alinéa\n- puce\ntexte seul"
    assert paragraphs_of(text, before) == before
    assert paragraphs_of(f"# Titre\n{text}", before)[0] == {"text": "Titre", "heading": True}
