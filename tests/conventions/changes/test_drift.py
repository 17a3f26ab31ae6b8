"""What was voted does not change in silence: asked before it is saved, shown everywhere until an amendment says it."""

from typing import Any

import pytest
from django.test import Client

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.changes.between import amended, changes, contracted
from jalons.conventions.documents.make import document_of
from jalons.conventions.enums import EditionKind
from jalons.conventions.importing.storing import transcriber
from jalons.conventions.models import Amendment, BudgetAmount, Cell, Commitment, Convention
from jalons.conventions.versions.editions import freeze
from jalons.conventions.versions.selectors import drift_shown
from jalons.conventions.versions.services import save_amendment
from tests.conventions.alerts.checking import dossier_of
from tests.conventions.samples import column, money, number, sample
from tests.forms import form_to

pytestmark = pytest.mark.django_db
AGREED = {"malgre_le_vote": "1"}
QUESTION = "Ceci change ce qui a été voté (version 1)"


@pytest.fixture
def client(pilot: Any) -> Client:
    client = Client()
    client.force_login(pilot, "jalons.accounts.backends.SessionBackend")
    return client


@pytest.fixture
def voted(convention: Convention) -> Convention:
    freeze(convention=convention, kind=EditionKind.VOTE, title="Votée", by=transcriber())
    touched(convention=convention, scopes=())
    return convention


def sent(client: Client, url: str, typed: Any) -> Any:
    return client.post(url, form_to(client.get(url), url).filled(typed))


def again(answer: Any, client: Client, url: str) -> Any:
    return client.post(url, form_to(answer, url).filled(AGREED))


def first_sheet(convention: Convention) -> Commitment:
    return convention.commitments.order_by("position")[0]


def box(sheet: Commitment, column_key: str) -> str:
    row = sheet.rows.get(key__endswith="i01")
    return f"c-{row.pk}-{sheet.columns.get(key=column_key).pk}"


def test_words_that_were_voted_are_asked_for_then_written(client: Client, voted: Convention) -> None:
    url = f"/conventions/{voted.slug}/texte/articles/"
    answer = sent(client, url, {"lignes-0-title": "AUTRE OBJET"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert QUESTION in page
    assert "AUTRE OBJET" in page, "rien de ce qui est écrit n’est perdu"
    assert voted.articles.order_by("position")[0].title == "OBJET"
    assert again(answer, client, url).status_code == 302
    assert voted.articles.order_by("position")[0].title == "AUTRE OBJET"
    voted.refresh_from_db()
    assert (voted.unamended, voted.unamended_since) == (1, 1)


def test_an_amount_an_objective_and_the_identity_are_asked_for(client: Client, voted: Convention) -> None:
    sheet = first_sheet(voted)
    here = f"/conventions/{voted.slug}/fiches/{sheet.public_id}"
    budget = f"{here}/budget/"
    shown = form_to(client.get(budget), budget).values
    amounts = {
        name: "123 456 €" for name, value in shown.items() if name.endswith("part_etat") and "€" in value[0]
    }
    assert amounts
    grid = f"{here}/indicateurs/"
    identity = f"/conventions/{voted.slug}/texte/identite/"
    for url, typed in (
        (budget, amounts),
        (grid, {box(sheet, "objectif_2022"): "77"}),
        (identity, {"title": "Autre titre imprimé"}),
        (f"{here}/intitules/", {"title": "Autre intitulé"}),
    ):
        answer = sent(client, url, typed)
        assert QUESTION in answer.content.decode(), url
        assert next(iter(typed.values())) in answer.content.decode(), url
        assert again(answer, client, url).status_code == 302, url
    assert BudgetAmount.objects.known().filter(line__commitment=sheet, amount=123_456).exists()
    assert Cell.objects.known().filter(row__commitment=sheet, number=77).exists()


def test_what_is_followed_up_is_free(client: Client, voted: Convention) -> None:
    sheet = first_sheet(voted)
    here = f"/conventions/{voted.slug}/fiches/{sheet.public_id}"
    key = form_to(client.get(f"{here}/indicateurs/"), f"{here}/indicateurs/realise-a-date/").values
    client.post(f"{here}/indicateurs/realise-a-date/", key)
    actual = sheet.columns.get(measure="realise")
    answer = sent(
        client, f"{here}/indicateurs/", {box(sheet, "bilan_2021"): "41", box(sheet, actual.key): "12"}
    )
    assert answer.status_code == 302
    spent = sheet.budget_lines.order_by("position")[0]
    url = f"/conventions/{voted.slug}/execution/remplir/"
    assert sent(client, url, {f"l{spent.pk}-0-executed": "1 000"}).status_code == 302
    parties = f"/conventions/{voted.slug}/texte/parties/"
    assert sent(client, parties, {"lignes-0-signed_on": "12/07/2022"}).status_code == 302
    voted.refresh_from_db()
    assert voted.unamended == 0


def test_it_is_shown_everywhere_until_an_amendment_is_opened(
    client: Client, voted: Convention, pilot: Any
) -> None:
    url = f"/conventions/{voted.slug}/texte/articles/"
    again(sent(client, url, {"lignes-0-title": "AUTRE OBJET"}), client, url)
    sheet = first_sheet(voted)
    base = f"/conventions/{voted.slug}/"
    for page in ("", f"fiches/{sheet.public_id}/", "documents/", "historique/", "versions/"):
        assert "1 changement" in client.get(base + page).content.decode(), page
    assert "modifiée depuis la version" in client.get("/conventions/").content.decode()
    listed = client.get(f"{base}versions/sans-avenant/").content.decode()
    assert "AUTRE OBJET" in listed
    assert "OBJET" in listed
    edition = voted.editions.get()
    amendment = Amendment(convention=voted, number=1, base=edition)
    save_amendment(amendment=amendment, columns={"subject": "Objet"}, by=transcriber())
    voted.refresh_from_db()
    assert voted.unamended == 0
    assert drift_shown(pilot, voted).count == 0
    # While an amendment is being written, nothing is asked: what changes is what it says.
    assert sent(client, url, {"lignes-0-title": "ENCORE"}).status_code == 302


def followed_up(told: Any) -> Any:
    table = told["fiches"][0]["indicator_table"]
    table["columns"].append(column("realise", 2022, as_of="2022-05-31"))
    table["indicators"][0]["values"] |= {"realise_2022": number(12), "bilan_2021": number(41)}
    told["conventions"][0]["signature"]["date"] = "2022-07-12"
    return told


def test_follow_up_never_enters_an_amendment_nor_does_any_code_word() -> None:
    before, after = dossier_of(sample()), dossier_of(followed_up(sample()))
    assert changes(before, after)
    assert amended(before, after) == contracted(before, after) == []
    told = followed_up(sample())
    budget = told["fiches"][0]["budget"][0]
    budget["part_etat"], budget["total"] = money(110_000), money(210_000)
    told["fiches"][0]["indicator_table"]["columns"][1]["measure"] = "realise"
    told["annexes_financieres"][0]["tables"][0]["rows"][0]["kind"] = "autre"
    printed = str(document_of(dossier_of(told), "avenant", before=before).blocks)
    for code in ("'realise'", "'objectif'", "total_general", "sous-total'", "'fiche'"):
        assert code not in printed
    words = "est portée de 150\u202f000\u00a0€ à 160\u202f000\u00a0€ (+10\u202f000\u00a0€)"
    assert repr(words)[1:-1] in printed
    assert "12 familles" not in printed
