"""What people pin to a cell: the notes of Excel, and its conversations, which it also writes as notes."""

import re

from jalons.core.archives import Attributes, local
from jalons.spreadsheets.limits import Count
from jalons.spreadsheets.references import cell_of

LONGEST = 500  # characters kept of one
# What Excel writes before the text of a conversation, for programs that do not know it.
_CONVERSATION = re.compile(
    r"^\[(?:Threaded comment|Commentaire à thread|Commentaire en fil)\].*?(?:Comment(?:aire)? ?:)", re.DOTALL
)


class CommentReader:
    """The part of the notes of one sheet. Of a cell that has several, all of them."""

    def __init__(self, count: Count) -> None:
        self.count = count
        self.comments: dict[tuple[int, int], str] = {}
        self.place: tuple[int, int] | None = None
        self.words: list[str] | None = None  # of the text being read
        self.whole: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        tag = local(name)
        if tag == "comment" and "ref" in attributes:
            row, column = cell_of(attributes["ref"])
            self.place, self.whole = (row - 1, column - 1), []
        elif tag == "t" and self.place is not None:
            self.words = []

    def add_text(self, characters: str) -> None:
        if self.words is not None:
            self.count.add_text(len(characters))
            self.words.append(characters)

    def end(self, name: str) -> None:
        tag = local(name)
        if tag == "t" and self.words is not None:
            self.whole.append("".join(self.words))
            self.words = None
        elif tag == "comment" and self.place is not None:
            self.count.add_comment()
            if text := plain_comment("".join(self.whole)):
                before = self.comments.get(self.place)
                self.comments[self.place] = f"{before} / {text}" if before else text
            self.place = None


def plain_comment(text: str) -> str:
    """On one line, without who wrote it when Excel says so on the first one: « Camille : »."""
    bare = _CONVERSATION.sub("", text.strip())
    first, _, rest = bare.strip().partition("\n")
    if rest.strip() and first.rstrip().endswith(":"):
        bare = rest
    return " ".join(bare.split())[:LONGEST]
