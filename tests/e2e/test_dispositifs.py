"""The life of a dispositif, from its declaration to the files that leave: what the second main job promises."""

import csv
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from jalons.actions.models import Action
from jalons.core.values import format_month
from tests.e2e.browser import axe, sign_in
from tests.e2e.test_fill import fits
from tests.e2e.test_sites import french, let_days_pass
from tests.factories import Cast, make_site, make_socle, organisation_of

NAME = "MOUS du canal"
GOALS = "Scolariser 80 % des enfants, reloger dix ménages."
ACCOUNT = "Dix ménages relogés ; la métropole poursuit la médiation scolaire."
# What is typed: label of the box, figure. B forgets the second month; A's first « Personnes » was wrong.
FIRST_A = {"Ménages": 9, "Personnes": 30, "Entrées": 4, "Enfants de 3 à 16 ans": 10, "Élémentaire": 6}
FIRST_B = {"Ménages": 5, "Personnes": 12, "Entrées": 2, "Enfants de 3 à 16 ans": 5, "Élémentaire": 3}
SECOND_A = {"Personnes": 32, "Entrées": 3, "Élémentaire": 7}
RIGHT = 34


def end_of_month(months_ago: int) -> dt.date:
    day = timezone.localdate()
    for _ in range(months_ago):
        day = day.replace(day=1) - dt.timedelta(days=1)
    return day


@dataclass
class Story:
    """`state` is at a desk, the operators have a phone. `first` and `second`: the two months that are told."""

    state: Page
    phone: Page
    cast: Cast
    tmp_path: Path

    def __post_init__(self) -> None:
        self.today = timezone.localdate()
        # Both in one year, whatever the day of the tests: in February, the story is one month older.
        older = int(end_of_month(1).year != end_of_month(2).year)
        self.started, self.first, self.second = (end_of_month(ago + older) for ago in (4, 2, 1))
        self.year = self.second.year
        self.a = organisation_of(self.cast.operator_a).name
        self.b = organisation_of(self.cast.operator_b).name

    @property
    def sheet(self) -> str:
        return f"/dispositifs/{Action.objects.get(name=NAME).public_id}/"

    def told(self, indicator: str, day: dt.date, query: str = "") -> str:
        """What the tab « Suivi » says of an indicator for a month."""
        self.state.goto(f"{self.sheet}suivi/{query}")
        for unfold in self.state.get_by_role("checkbox", name=re.compile("Montrer aussi")).all():
            unfold.check()
        table = self.state.get_by_role("table", name=re.compile("une ligne par indicateur"))
        row = table.get_by_role("row").filter(
            has=self.state.get_by_role("rowheader", name=re.compile(f"^{indicator}"))
        )
        month = format_month(day).split()[0]
        heads = table.first.locator("thead th").all_inner_texts()
        place = next(index for index, head in enumerate(heads) if head.startswith(month))
        return plain(row.first.locator("th, td").nth(place).inner_text())


def plain(text: str) -> str:
    return " ".join(text.split())


def choose(box: Locator, text: str) -> None:
    """Types a name and takes the proposal."""
    box.fill(text)
    box.page.get_by_role("option", name=text).first.click()


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases(reason="tout le parcours d’un dispositif, chiffres et pièces compris")
def test_life_of_a_dispositif(page: Page, phone: Page, cast: Cast, tmp_path: Path) -> None:
    make_socle()
    make_site("Friche du canal")
    story = Story(page, phone, cast, tmp_path)
    sign_in(page, cast.correspondent59)
    the_state_declares(story)
    the_operators_fill_in_on_a_phone(story)
    the_state_sees_sums_and_what_is_missing(story)
    an_operator_corrects_with_a_reason(story)
    the_old_figure_can_still_be_asked_for(story)
    the_spending_is_told(story)
    the_state_closes(story)
    the_files_say_what_was_typed(story)


def the_state_declares(story: Story) -> None:
    page = story.state
    page.goto("/dispositifs/")
    page.get_by_role("link", name="Déclarer un dispositif").first.click()
    page.get_by_label("Nom du dispositif").fill(NAME)
    page.get_by_label("Début").fill(french(story.started))
    page.get_by_label("Éducation et scolarisation").check()
    page.get_by_label("Quels sont les objectifs ?").fill(GOALS)
    page.get_by_label("Friche du canal").check()
    choose(page.get_by_label("Opérateur", exact=True), story.a)
    page.get_by_role("button", name="Ajouter un opérateur").click()
    choose(page.get_by_label("Opérateur 2", exact=True), story.b)
    page.get_by_label("Année").fill(str(story.year))
    line = page.get_by_role("row").filter(has=page.get_by_label("Montant prévu")).first
    line.get_by_label("Type").select_option(label="Crédits dédiés à la résorption (Dihal)")
    line.get_by_label("Montant prévu").fill("40 000")
    expect(page.locator("#totaux")).to_contain_text("40 000 €")
    page.get_by_label("Chaque mois").check()
    axe(page)
    page.get_by_role("button", name="Valider").last.click()
    expect(page.get_by_role("heading", name=NAME, level=1)).to_be_visible()
    for words in (GOALS, story.a, story.b, "Friche du canal"):
        expect(page.get_by_text(words).first).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Suivi", exact=True).click()
    expect(page.get_by_text("Aucun indicateur de suivi n’a été renseigné")).to_be_visible()


def the_operators_fill_in_on_a_phone(story: Story) -> None:
    fill_in(story, story.cast.operator_a, story.first, FIRST_A)
    fill_in(story, story.cast.operator_a, story.second, SECOND_A)
    fill_in(story, story.cast.operator_b, story.first, FIRST_B)


def fill_in(story: Story, operator: Any, on: dt.date, figures: Mapping[str, int]) -> None:
    """From the home page of an operator, who sees first what they owe."""
    phone = story.phone
    sign_in(phone, operator)
    phone.goto("/")
    expect(phone.get_by_role("heading", name="À remplir")).to_be_visible()
    assert fits(phone)
    phone.get_by_role("link", name=re.compile(f"Remplir.*{NAME}")).first.tap()
    phone.wait_for_url("**/suivi/nouveau/**")
    assert fits(phone)
    date = phone.get_by_label("Quelle est la date d’actualisation des données")
    date.fill(french(on))
    date.press("Tab")
    for label, figure in figures.items():
        phone.get_by_label(label, exact=True).fill(str(figure))
    axe(phone)
    phone.get_by_role("button", name="Enregistrer", exact=True).tap()
    phone.wait_for_url("**/suivi/")
    expect(phone.get_by_role("status").filter(has_text="nregistré").first).to_be_visible()
    assert fits(phone)


def the_state_sees_sums_and_what_is_missing(story: Story) -> None:
    page = story.state
    assert story.told("Personnes", story.first) == "42"
    assert story.told("Entrées", story.first) == "6"
    assert story.told("Personnes", story.second) == "≥ 32"
    assert story.told("Entrées", story.second) == "≥ 3"
    assert story.told("Élémentaire", story.first) == "9"
    # Nobody told of the other levels: they are not zero.
    assert story.told("Enfants scolarisés", story.first) == "≥ 9"
    heads = page.get_by_role("columnheader", name=re.compile("1 opérateur sur 2"))
    expect(heads.first).to_contain_text(format_month(story.second).split()[0])
    missing = page.get_by_text("Il manque").first
    expect(missing).to_contain_text(story.b)
    axe(page)
    page.goto("/dispositifs/")
    row = page.get_by_role("row").filter(has_text=NAME)
    expect(row).to_contain_text("En retard : indicateurs à remplir avant le")
    axe(page)


def an_operator_corrects_with_a_reason(story: Story) -> None:
    let_days_pass(10)
    phone = story.phone
    sign_in(phone, story.cast.operator_a)
    phone.goto(f"{story.sheet}suivi/")
    phone.get_by_text("3 points de suivi").tap()
    phone.get_by_role("link", name=f"Corriger le point du {french(story.first)} de {story.a}").tap()
    phone.get_by_label("Personnes", exact=True).fill(str(RIGHT))
    phone.get_by_label("Pourquoi cette correction").fill("une famille avait été oubliée")
    phone.get_by_role("button", name="Enregistrer", exact=True).tap()
    expect(phone.get_by_text("corrigé.").first).to_be_visible()


def the_old_figure_can_still_be_asked_for(story: Story) -> None:
    page = story.state
    before = (story.today - dt.timedelta(days=3)).isoformat()
    assert story.told("Personnes", story.first) == f"{RIGHT + 12} corrigé"
    assert story.told("Personnes", story.first, f"?connu-le={before}") == "42"
    expect(page.get_by_text("Vous regardez la situation")).to_be_visible()
    expect(page.get_by_role("link", name="Remplir le suivi")).to_have_count(0)
    then = story.first.isoformat()
    assert story.told("Personnes", story.first, f"?au={then}") == f"{RIGHT + 12} corrigé"
    assert story.told("Personnes", story.first, f"?au={then}&connu-le={before}") == "42"
    axe(page)


def the_spending_is_told(story: Story) -> None:
    page = story.state
    page.goto(f"{story.sheet}financements/?annee={story.year}")
    page.get_by_label("Exécuté", exact=True).fill("36 500")
    page.get_by_role("button", name="Valider").last.click()
    expect(page.get_by_role("heading", name=NAME, level=1)).to_be_visible()
    expect(page.get_by_text("36 500 €").first).to_be_visible()


def the_state_closes(story: Story) -> None:
    page = story.state
    page.goto(story.sheet)
    page.get_by_role("link", name="Fermer le dispositif").click()
    expect(page.get_by_text("Avant de fermer, il manque encore")).to_be_visible()
    expect(page.get_by_text(f"le suivi à remplir par {story.b}")).to_be_visible()
    page.get_by_label("Date de fermeture").fill(french(story.today))
    page.get_by_label("Bilan final").fill(ACCOUNT)
    axe(page)
    page.get_by_role("button", name="Fermer le dispositif").click()
    expect(page.get_by_text(ACCOUNT)).to_be_visible()
    page.goto("/dispositifs/")
    expect(page.get_by_role("link", name=NAME)).to_have_count(0)
    page.get_by_role("link", name="Dispositifs terminés (1)").click()
    expect(page.get_by_role("link", name=NAME)).to_be_visible()
    axe(page)


def the_files_say_what_was_typed(story: Story) -> None:
    the_list_of_the_year(story)
    the_follow_up_table(story)


def the_list_of_the_year(story: Story) -> None:
    """From the list that is on the screen."""
    page = story.state
    page.get_by_text("Exporter", exact=True).click()
    page.get_by_role("link", name="Exporter pour lire").click()
    axe(page)
    for box in page.get_by_role("group", name="Pour quelles années").get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_label(str(story.year)).check()
    file = download(story, page.get_by_role("button", name="Télécharger", exact=True), "dispositifs.xlsx")
    (row,) = rows_under(CalamineWorkbook.from_path(str(file)).get_sheet_by_name("Tous"), "Nom du dispositif")
    expected = {
        "Nom du dispositif": NAME,
        "Année": str(story.year),
        "Objectifs": GOALS,
        "Début": story.started,
        "Sites": "Friche du canal",
        "Total des financements : prévu": 40_000,
        "Total des financements : exécuté": 36_500,
        "Ménages": 14,
        "Personnes": 32 + 12,  # the last that each operator told
        "Entrées": 4 + 3 + 2,
        "Enfants de 3 à 16 ans": 10 + 5,
        "Enfants scolarisés : Élémentaire": 7 + 3,
        "Points de suivi": 3,
        "Dernier point de suivi": story.second,
    }
    assert {name: row[name] for name in expected} == expected
    assert row["Opérateurs"].split(", ") == [story.a, story.b]


def the_follow_up_table(story: Story) -> None:
    page = story.state
    for extension, label in (("xlsx", "Excel"), ("ods", "LibreOffice"), ("csv", "CSV")):
        page.goto(f"{story.sheet}suivi/")
        page.get_by_text("Exporter", exact=True).click()
        link = page.get_by_role("link", name=f"Tableau de suivi ({label})")
        file = download(story, link, f"suivi.{extension}")
        if extension == "csv":
            the_values_as_they_were_told(story, file)
        else:
            the_table_of_the_screen(story, file)


def the_table_of_the_screen(story: Story, file: Path) -> None:
    book = CalamineWorkbook.from_path(str(file))
    rows = rows_under(book.get_sheet_by_name("Suivi"), "Indicateur")
    first, second = (f"{day:%m/%Y}" for day in (story.first, story.second))
    found = {(row["Indicateur"], row["Opérateur"]): (row[first], row[second]) for row in rows}
    assert found["Personnes", story.a] == (RIGHT, 32)
    assert found["Personnes", story.b][0] == 12
    assert found["Personnes", "Ensemble"][0] == RIGHT + 12
    assert plain(found["Personnes", "Ensemble"][1]) == "≥ 32 (1 non renseigné)"
    assert found["Entrées", story.a] == (4, 3)


def the_values_as_they_were_told(story: Story, file: Path) -> None:
    text = file.read_text("utf-8-sig")
    header = next(line for line in text.splitlines() if "Indicateur" in line)
    rows = csv.DictReader(text[text.index(header) :].splitlines(), delimiter=";")
    told = {(row["Indicateur"], row["Opérateur"], row["Date"]): row["Valeur"] for row in rows}
    typed = {(label, story.a, french(story.first)): figure for label, figure in FIRST_A.items()}
    typed |= {(label, story.b, french(story.first)): figure for label, figure in FIRST_B.items()}
    typed |= {(label, story.a, french(story.second)): figure for label, figure in SECOND_A.items()}
    typed["Personnes", story.a, french(story.first)] = RIGHT
    assert {key: told.get(key) for key in typed} == {key: str(figure) for key, figure in typed.items()}


def download(story: Story, button: Locator, name: str) -> Path:
    with story.state.expect_download() as started:
        button.click()
    path = story.tmp_path / name
    started.value.save_as(path)
    return path


def rows_under(sheet: Any, heading: str) -> list[dict[str, Any]]:
    rows = sheet.to_python(skip_empty_area=True)
    place = next(index for index, row in enumerate(rows) if heading in row)
    header = [plain(str(cell)) for cell in rows[place]]
    named = [dict(zip(header, row, strict=True)) for row in rows[place + 1 :]]
    return [row for row in named if row[heading]]
