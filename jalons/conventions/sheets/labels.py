"""The three labels of a fiche: on the sheet, in the annex, in the article on payment. None comes from another."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jalons.conventions.models import AnnexLine, Commitment, PlannedAction
from jalons.core.values import fold

NUMBERED = re.compile(r"^\s*fiches?\s*(?:n°\s*)?\d[\d\s,et&à-]*\s*[-–—:.]\s*", re.IGNORECASE)
WORDS = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class LabelView:
    """`words`: each with whether the sheet does not say it so."""

    where: str
    words: Sequence[tuple[str, bool]]
    same: bool

    @property
    def plain(self) -> str:
        return " ".join(word for word, _ in self.words)


def labels_of(
    commitment: Commitment, lines: Iterable[AnnexLine], actions: Iterable[PlannedAction]
) -> list[LabelView]:
    """« Annexe », « Article 4 »… beside the title of the sheet, with what differs from it."""
    title = commitment.title
    labels = [compared(annex_words(line), line.label, title) for line in lines if line.label]
    labels += [compared(action_words(action), action.label, title) for action in actions if action.label]
    return labels


def annex_words(line: AnnexLine) -> str:
    return f"Annexe financière, ligne {line.number}" if line.number else "Annexe financière"


def action_words(action: PlannedAction) -> str:
    if action.listed:
        return f"Liste des actions, action {action.number}" if action.number else "Liste des actions"
    return (
        f"Article sur le versement, action {action.number}" if action.number else "Article sur le versement"
    )


def compared(where: str, label: str, title: str) -> LabelView:
    bare = NUMBERED.sub("", label, count=1)
    known = set(fold(title).split())
    words = [(word, bool(title) and not set(fold(word).split()) <= known) for word in WORDS.findall(bare)]
    return LabelView(where, words, fold(bare) == fold(title))
