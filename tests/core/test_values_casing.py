"""Titles in capitals read as sentences: nothing is invented, the document says its accents and its names."""

import pytest

from jalons.core.values import sentence_case, spellings_of

TEXT = spellings_of(
    [
        "Convention pour l’activité, avec le RSA et l’aide sociale à l’enfance dans le Nord.",
        "La mobilité des familles, les sorties sèches",
        "Fiche 3 - Premier accueil social inconditionnel de proximité",
        "ACTIVITE SANS ACCENT",
    ]
)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (
            "PREMIER ACCUEIL SOCIAL INCONDITIONNEL DE PROXIMITE",
            "Premier accueil social inconditionnel de proximité",
        ),
        ("GARANTIE D'ACTIVITE ET RSA", "Garantie d'activité et RSA"),
        (
            "SORTANTS DE L'AIDE SOCIALE A L'ENFANCE (ASE) DU NORD",
            "Sortants de l'aide sociale à l'enfance (ASE) du Nord",
        ),
        ("« SORTIE SECHE »", "« Sortie sèche »"),  # the text writes « sèches »
        ("MOBILITES ET FRANCHISES", "Mobilités et franchises"),
        ("TOUT RELEVE", "Tout releve"),  # no text says its accent
        ("1- Se loger", "1- Se loger"),
        ("MARAUDES Etat/CD", "Maraudes etat/cd"),
        ("MNA", "MNA"),
        ("LITIGE", "Litige"),
        ("", ""),
    ],
)
def test_a_title_in_capitals_is_read_as_a_sentence(printed: str, read: str) -> None:
    assert sentence_case(printed, TEXT) == read


def test_a_word_at_the_start_of_a_sentence_is_not_a_name() -> None:
    told = spellings_of(["Prévenir en place. Mettre fin à l’Action", "DDETS"])
    words = {"prevenir": "prévenir", "mettre": "mettre", "en": "en", "place": "place", "fin": "fin"}
    assert told == {**words, "a": "à", "l": "l", "action": "Action"}
