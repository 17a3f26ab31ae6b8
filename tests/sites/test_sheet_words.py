"""A survey in words: whatever is known or not, the sentences read well and say nothing that was not said."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalons.sites.models import Survey
from jalons.sites.sheet.content import share_words, size_of_households
from jalons.sites.sheet.words import survey_sentences

DAY = dt.date(2025, 12, 1)
counts = st.one_of(st.none(), st.integers(0, 10**9))
blanks = st.dictionaries(st.sampled_from(Survey.COUNTS), st.sampled_from(["nd", "na", "dash"]))


@given(st.fixed_dictionaries(dict.fromkeys(Survey.COUNTS, counts)), blanks)
def test_any_survey_reads(told: dict[str, int | None], blanks: dict[str, str]) -> None:
    survey = Survey(valid_on=DAY, blanks=blanks, **told)
    sentences = survey_sentences(survey)
    text = " ".join(sentences)
    assert text.startswith("Le 1er décembre 2025, ")
    assert "None" not in text
    assert all(sentence.endswith(".") for sentence in sentences)
    share_words(survey.value("minors"), survey.value("people"), "personnes")
    size_of_households(survey.value("people"), survey.value("households"))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"people": 1}, "Le 1er décembre 2025, 1 personne."),
        ({"people": 0}, "Le 1er décembre 2025, il n’y avait personne sur le site."),
        ({}, "Le 1er décembre 2025, le nombre de personnes n’est pas connu."),
        (
            {"people": 12, "households": 1, "minors": 5, "girls": 2, "minors_at_school": 0},
            (
                "Le 1er décembre 2025, 12 personnes en 1 ménage, dont 5 mineurs (dont 2 filles). Aucun mineur n’est "
                "scolarisé."
            ),
        ),
        (
            {"people": 9, "minors": 4, "minors_0_3": 1, "minors_6_12": 3, "tents": 1, "huts": 2},
            (
                "Le 1er décembre 2025, 9 personnes, dont 4 mineurs. Âge des mineurs : 1 de moins de 3 ans et "
                "3 de 6 à 12 ans. On y voit 2 habitats autoconstruits et 1 tente."
            ),
        ),
    ],
)
def test_sentences(told: dict[str, int], words: str) -> None:
    sentences = survey_sentences(Survey(valid_on=DAY, **told))
    assert " ".join(sentences).replace("\u00a0", " ") == words
