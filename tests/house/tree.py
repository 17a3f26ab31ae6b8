"""What the house rules read: the files that are, or could be, committed."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ROOT / "jalons"
NOT_OURS = {".git", ".venv", "node_modules", "var", "build", "__pycache__", ".hypothesis"}
BINARY = {
    ".png",
    ".jpg",
    ".webp",
    ".ico",
    ".woff2",
    ".pdf",
    ".xlsx",
    ".ods",
    ".docx",
    ".odt",
    ".gz",
    ".br",
    ".pyc",
}


def walk(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if entry.name in NOT_OURS or entry.name.endswith(("_cache", ".egg-info")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


@cache
def texts() -> dict[str, str]:
    """Every text file of the project: its path from the root, and what it says."""
    files = (path for path in walk(ROOT) if path.suffix not in BINARY)
    return {path.relative_to(ROOT).as_posix(): path.read_text(errors="replace") for path in sorted(files)}


def python_files(under: str = "") -> dict[str, str]:
    return {path: text for path, text in texts().items() if path.endswith(".py") and path.startswith(under)}


def templates() -> dict[str, str]:
    """Name of each HTML template, as Django knows it, and its text."""
    return {
        path.split("/templates/", 1)[1]: text
        for path, text in texts().items()
        if path.startswith("jalons/") and "/templates/" in path and path.endswith(".html")
    }
