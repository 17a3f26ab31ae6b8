"""What the text cites, what the labels say: each rule broken once, and its right value."""

from typing import Any

import pytest

from jalons.conventions.alerts.rules import Finding
from jalons.conventions.alerts.rules.labels import counts, lost_words
from jalons.conventions.enums import AlertLevel
from tests.conventions.alerts.checking import Json, broken, found, lines_of, real
from tests.conventions.samples import sample


def article(words: str, position: int = 0) -> Any:
    def change(told: Json) -> None:
        told["conventions"][0]["articles"][position]["paragraphs"].append({"text": words})

    return change


def of_real(rule: str) -> list[Finding]:
    return found(real(), rule)


# References ------------------------------------------------------------------------------------------------------


def test_an_article_that_exists_and_is_about_something_else() -> None:
    [gap] = of_real("article_subject")
    assert (gap.where, gap.expected, gap.found) == ("Article 6", "article 2.3", "article 4")
    assert "le rapport d’exécution" in gap.message


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("Le litige prévu à l’article 1 est porté devant le tribunal.", True),
        ("Le litige prévu à l’article 9 est porté devant le tribunal.", False),
        ("Voir l’article 1, en particulier le litige.", True),
        ("Voir l’article 1, en particulier les objectifs.", False),
        ("Le litige prévu à l’article 1 de la loi du 9 août.", False),
    ],
)
def test_subject_of_an_article(words: str, wrong: bool) -> None:
    told = sample()
    told["conventions"][0]["articles"].append(
        {"number": "9", "title": "LITIGE", "paragraphs": [{"text": "Tout litige est porté à Lille."}]}
    )
    gaps = broken("article_subject", article(words, 1), told)
    assert [each.expected for each in gaps] == (["article 9"] if wrong else [])


def test_a_clause_said_to_stand_in_another_article() -> None:
    def change(told: Json) -> None:
        convention = told["conventions"][0]
        convention["articles"][1]["paragraphs"].append(
            {"text": "La convention est dénoncée avant le 31 décembre."}
        )
        convention["clauses"]["termination"] = {
            "text": "La convention est dénoncée avant le 31 décembre.",
            "article": "1",
        }

    [gap] = broken("article_subject", change)
    assert (gap.expected, gap.found) == ("article 4", "article 1")


def test_an_annex_that_is_not_the_one_announced() -> None:
    [gap] = of_real("annex_reference")
    assert gap.expected == "tableau des indicateurs"
    assert gap.message.startswith("L’annexe 3 est annoncée comme")

    def label(told: Json) -> None:
        told["annexes_financieres"][0]["label"] = "ANNEXE 2"

    def announced(words: str) -> Any:
        def change(told: Json) -> None:
            label(told)
            article(words)(told)

        return change

    wrong = "Les annexes : 1-fiches actions et 2-matrice des indicateurs"
    right = "Les annexes : 1-fiches actions et 2-tableau financier"
    assert len(broken("annex_reference", announced(wrong))) == 1
    assert broken("annex_reference", announced(right)) == []
    [missing] = broken("annex_reference", announced("Le détail figure en annexe 5."))
    assert missing.found == "annexe 5"
    assert broken("annex_reference", announced("Le détail figure en annexe 2.")) == []


def test_a_sheet_that_is_cited_and_does_not_exist() -> None:
    [gap] = broken("sheet_reference", article("Comme le prévoient les fiches 1, 2 et 17."))
    assert gap.found == "fiche 17"
    assert broken("sheet_reference", article("Comme le prévoient les fiches 1, 2 et 3.")) == []
    assert broken("sheet_reference", article("La fiche 17 de la précédente convention s’arrête.")) == []

    def action(told: Json) -> None:
        told["fiches"][0]["sub_actions"][0]["partenaires"]["raw"] = "CAF (voir fiche n° 12)"

    [inside] = broken("sheet_reference", action)
    assert inside.where == "Fiche 1, Maraudes, partenaires"


def test_as_many_dates_as_acts() -> None:
    [gap] = of_real("dates_of_acts")
    assert (gap.expected, gap.found) == ("3 dates", "4 dates")
    right = "Vu les avenants 2020 et 2021, signés les 26/08/2020 et 3 mai 2021"
    assert broken("dates_of_acts", article(right)) == []
    assert len(broken("dates_of_acts", article(f"{right}, ainsi que le 12/12/2021"))) == 1
    assert broken("dates_of_acts", article("Vu les avenants 2020 et 2021 signés le 3 mai 2021")) == []


@pytest.mark.parametrize(
    "words", ["Enfants et jeunes (axe )", "Relogement (axe)", "Mesure (n° ) ( )", "la fiche ( )"]
)
def test_empty_parentheses_are_blanks(words: str) -> None:
    assert len(broken("placeholder", article(words))) == 1


def test_a_blank_in_a_line_of_the_annex() -> None:
    def change(told: Json) -> None:
        lines_of(told, 1)[0]["label"] += " (axe )"

    assert [each.found for each in broken("placeholder", change)] == ["(axe )"]
    assert broken("placeholder", article("Enfants (axe 1), fiche (voir plus bas)")) == []


# Labels ----------------------------------------------------------------------------------------------------------


def test_twin_titles() -> None:
    [twins] = of_real("twin_titles")
    assert twins.where == "Fiche 13 et Fiche 14, intitulé"

    def change(told: Json) -> None:
        told["fiches"][1]["title"] = "Maraudes"

    assert len(broken("twin_titles", change)) == 1
    assert found(sample(), "twin_titles") == []


def test_a_label_that_loses_a_word() -> None:
    [lost] = of_real("label_loses_word")
    assert lost.where.startswith("Fiche 9")
    assert "prévention" in lost.message
    assert lost.level == AlertLevel.INFO
    assert lost_words(
        "Des équipes mobiles de nuit dédiées aux jeunes", "Équipes mobiles dédiées aux jeunes"
    ) == ["nuit"]
    assert (
        lost_words("Mettre en place des référents de parcours", "Référents de parcours") == []
    )  # a beginning
    assert lost_words("Plan de formation des agents", "Plan de formation des agents") == []


def test_counts_of_the_annex_the_article_and_the_sheet() -> None:
    [gap] = of_real("counts_differ")
    assert (gap.expected, gap.found) == ("8", "4")

    def steps(*figures: int) -> Any:
        def change(told: Json) -> None:
            told["fiches"][0]["title"] = "OUVRIR 8 MAISONS DES PARENTS"
            told["fiches"][0]["sub_actions"] = [
                {"id": f"a{at}", "action": f"Ouverture de {figure} maisons des parents"}
                for at, figure in enumerate(figures)
            ]

        return change

    assert len(broken("counts_differ", steps(4))) == 1
    assert broken("counts_differ", steps(5, 3)) == []  # in two steps
    assert broken("counts_differ", steps(8)) == []
    assert list(counts("Jeunes de 18 ans, 20 janvier 2022, 35 000 €, fiche 3")) == []
