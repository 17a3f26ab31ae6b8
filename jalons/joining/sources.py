"""Who is quoted in Jalons and does not use it: police, gendarmerie. See `data/quoted_sources.txt`."""

from functools import cache
from pathlib import Path

LIST = Path(__file__).parent / "data" / "quoted_sources.txt"


@cache
def quoted_domains() -> frozenset[str]:
    lines = (line.strip().lower() for line in LIST.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def is_quoted_source(email: str) -> bool:
    """Does this address belong to one of these services, or to a domain under theirs?"""
    labels = email.rpartition("@")[2].lower().rstrip(".").split(".")
    return any(".".join(labels[start:]) in quoted_domains() for start in range(len(labels)))
