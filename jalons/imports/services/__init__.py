"""Writing: a file given, its choices, the facts that it brings, taking them back."""

from jalons.imports.services.applying import apply_now, ask_to_apply
from jalons.imports.services.drafts import (
    NothingRead,
    answer_absents,
    choose,
    give_file,
    prepare,
    reply_to_lines,
)
from jalons.imports.services.undoing import ask_to_undo, undo_now

__all__ = [
    "NothingRead",
    "answer_absents",
    "apply_now",
    "ask_to_apply",
    "ask_to_undo",
    "choose",
    "give_file",
    "prepare",
    "reply_to_lines",
    "undo_now",
]
