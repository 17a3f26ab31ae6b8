"""Names that are not kept folded are searched as the others are: whatever the accents, the case and « St »."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.core.values import fold, folded_pattern
from jalons.search.kinds import LONGEST, MAX_WORDS, words_of

FRENCH = "aàâbcçdeéèêëfghiîïjklmnoôpqrstuùûüvwxyÿzœæ"
letters = st.text(alphabet=FRENCH + FRENCH.upper() + " -’'.(5", max_size=30)


@given(text=letters, word=st.text(alphabet="abcdeinostu5œé", min_size=1, max_size=4))
@example(text="Œuvre", word="oeuvre")
@example(text="Les œuvres de Lætitia", word="laetitia")
@example(text="E\u0301vry", word="evry")
@example(text="ÉVRY", word="évry")
def test_a_pattern_finds_what_folding_finds(text: str, word: str) -> None:
    for folded in fold(word).split():
        if folded not in ("saint", "sainte") and "saint" not in fold(text):
            assert bool(re.search(folded_pattern(folded), text)) is (folded in fold(text).replace(" ", "\0"))


@pytest.mark.parametrize("name", ["CCAS de Saint-Denis", "CCAS de St-Denis", "CCAS de ST Denis", "St. Denis"])
def test_saint_is_also_written_st(name: str) -> None:
    assert re.search(folded_pattern("saint"), name)


def test_st_inside_a_word_is_no_saint() -> None:
    assert not re.search(folded_pattern("saint"), "Institut de l’est lillois")


@pytest.mark.parametrize(
    "word", ["[", "]", "\\", "^", "-", "a]b", "(", "*", "%", "_", "[:alpha:]", "{3}", "$"]
)
def test_signs_are_only_signs(word: str) -> None:
    pattern = folded_pattern(word)
    assert re.search(pattern, f"avant {word} après")
    assert not re.search(pattern, "xyz")


@pytest.mark.parametrize("typed", ["", " \x00\t ", "\x00"])
def test_nothing_typed(typed: str) -> None:
    assert not words_of(typed)


def test_what_is_too_long_is_cut() -> None:
    words = words_of("mot " * 5_000)
    assert len(words.typed) <= LONGEST
    assert len(words.folded) == MAX_WORDS
