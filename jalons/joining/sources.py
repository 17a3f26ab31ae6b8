"""Who is quoted in Jalons and does not use it: police, gendarmerie. See `data/quoted_sources.txt`."""

from functools import cache
from pathlib import Path

from jalons.core.values import fold

NAME = "nom:"
LIST = Path(__file__).parent / "data" / "quoted_sources.txt"


@cache
def quoted_lines() -> tuple[frozenset[str], frozenset[str]]:
    """The domains, then the words of a name (lines « nom: »)."""
    lines = (line.strip().lower() for line in LIST.read_text(encoding="utf-8").splitlines())
    written = [line for line in lines if line and not line.startswith("#")]
    words = frozenset(line.removeprefix(NAME).strip() for line in written if line.startswith(NAME))
    return frozenset(line for line in written if not line.startswith(NAME)), words


def is_quoted_source(email: str, organisation: str = "") -> bool:
    """Is this address of one of these services, or of a domain under theirs; or is it the name of one of them?"""
    domains, words = quoted_lines()
    labels = email.rpartition("@")[2].lower().rstrip(".").split(".")
    if any(".".join(labels[start:]) in domains for start in range(len(labels))):
        return True
    return not words.isdisjoint(fold(organisation).split())
