"""What a document would do once opened: read whole, in the confined child. No Django here.

Each `inspect` yields one answer, `{"objection": code}`, empty when there is none. `documents.checks` words it.
"""


class Objection(Exception):
    """Why a document is refused: a key of `checks.OBJECTIONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
