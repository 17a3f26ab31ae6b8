"""The folder of the data belongs to one account of the machine: nobody else reads what is in it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def data_dir() -> Path:
    """Where the environment says, or `var/`; made when it is not there."""
    folder = Path(os.environ.get("JALONS_DATA_DIR") or BASE_DIR / "var").resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def close_to_others(folder: Path, *, deep: bool = False) -> list[Path]:
    """Folders become 0700 and files 0600; returns what stays open, which is not ours to close.

    Without `deep`, the folder and what is directly in it: the key, the database and its journals.
    """
    if is_shared(folder):
        return [folder]
    return [path for path in (folder, *inside(folder, deep=deep)) if not is_closed(path)]


def is_shared(folder: Path) -> bool:
    """A folder of everybody (`/tmp`) or of the system: closing it would stop other programs."""
    return bool(folder.stat().st_mode & stat.S_ISVTX) or folder == folder.parent


def inside(folder: Path, *, deep: bool) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        yield path
        if deep and path.is_dir():
            for where, folders, files in os.walk(path.resolve()):
                yield from (Path(where) / name for name in (*folders, *files))


def is_closed(path: Path) -> bool:
    """After closing it if it can be."""
    try:
        mode = path.stat().st_mode
        if mode & OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
    except FileNotFoundError:  # a journal, gone meanwhile
        return True
    except OSError:
        return False
    return True
