"""When nothing is found: what was nearly typed, among the words that the reader may read.

A word that only stands in what they may not read is never proposed, and a proposal always leads to something.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.actions.models import Action
from jalons.conventions.models import Convention
from jalons.core.values import fold
from jalons.directory.permissions import visible_organisations, visible_people
from jalons.search.kinds import SearchedWords, words_of
from jalons.search.selectors import KINDS
from jalons.sites.models import Site

ALIKE = 0.66  # letters in common, a swap of two counting for one fault: « lile » for « lille », « abc » for « abd »
SHORTEST = 3  # letters of a word that is worth correcting
MOST = 3  # proposals
MOST_NAMES = 20_000  # of one kind


def nearly_typed(user: Any, words: SearchedWords) -> list[str]:
    """Other spellings that find something, the nearest first."""
    vocabulary = sorted(set(readable_words(user)))
    known = frozenset(vocabulary)
    choices = [alternatives(word, vocabulary, known) for word in words.folded]
    texts = []
    for rank in range(MOST):
        text = " ".join(choice[min(rank, len(choice) - 1)] for choice in choices)
        if text != " ".join(words.folded) and text not in texts:
            texts.append(text)
    return [text for text in texts if finds_something(user, words_of(text))]


def alternatives(word: str, vocabulary: list[str], known: frozenset[str]) -> list[str]:
    """The word itself when somebody writes it, or when nothing is near."""
    if word in known or len(word) < SHORTEST or not word.isalpha():
        return [word]
    near = process.extract(
        word, vocabulary, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=ALIKE, limit=MOST
    )
    return [spelling for spelling, _, _ in near] or [word]


def finds_something(user: Any, words: SearchedWords) -> bool:
    return any(kind.find(user, words, 1).count for kind in KINDS)


def readable_words(user: Any) -> Iterator[str]:
    """The folded words of the names that this person may read. Five queries at most."""
    for name in readable_names(user):
        yield from (word.strip("().,;:’'-") for word in name.split() if len(word) >= SHORTEST)


def readable_names(user: Any) -> Iterator[str]:
    """Folded."""
    if has(user, Right.READ_SITES):
        yield from first_texts(Site.objects.visible_to(user), "search_text")
    if has(user, Right.READ_ACTIONS):
        yield from first_texts(Action.objects.visible_to(user), "search_text")
    if has(user, Right.READ_CONVENTIONS):
        yield from map(fold, first_texts(Convention.objects.visible_to(user), "title"))
    for rows in (visible_organisations(user), visible_people(user)):
        yield from map(fold, first_texts(rows, "name"))


def first_texts(rows: Any, column: str) -> Iterable[str]:
    return rows.order_by("pk").values_list(column, flat=True)[:MOST_NAMES]
