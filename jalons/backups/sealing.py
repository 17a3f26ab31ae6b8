"""Encryption of what leaves the machine, in the age format, with a key file kept elsewhere: docs/adr/0038."""

import datetime as dt
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyrage

SECRET = "AGE-SECRET-KEY-1"  # noqa: S105
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Reader(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writer(Protocol):
    def write(self, data: bytes, /) -> int: ...


class KeyFileError(Exception):
    """The key file cannot serve: one French sentence."""


class Altered(Exception):
    """What is read is not what was sealed."""


@dataclass(frozen=True, slots=True)
class Key:
    """`recipient`: the public half, which names the key and gives nothing away."""

    secret: str
    recipient: str


def read_key(path: Path, *, away_from: list[Path]) -> Key:
    """The key in `path`, which must be closed to others and out of the folders that it protects."""
    if any(path.resolve().is_relative_to(folder.resolve()) for folder in away_from):
        raise KeyFileError(
            f"La clé {path} est rangée avec ce qu’elle protège\u00a0: déplacez-la hors du dossier des données et de "
            "celui des sauvegardes."
        )
    try:
        mode, text = path.stat().st_mode, path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"La clé {path} ne se lit pas ({error}).") from error
    if mode & OTHERS:
        raise KeyFileError(
            f"La clé {path} est lisible par d’autres comptes de la machine\u00a0: chmod 0600 {path}"
        )
    secret = next((line.strip() for line in text.splitlines() if line.startswith(SECRET)), "")
    try:
        return key_of(secret)
    except pyrage.IdentityError as error:
        raise KeyFileError(
            f"{path} ne contient pas de clé\u00a0: une ligne doit commencer par {SECRET}. "
            "« manage.py backup --new-key FICHIER » en crée une."
        ) from error


def key_of(secret: str) -> Key:
    return Key(secret, str(pyrage.x25519.Identity.from_str(secret).to_public()))


def new_key(path: Path, *, now: dt.datetime) -> Key:
    """Makes a key file, as `age-keygen` does; never over another file."""
    key = key_of(str(pyrage.x25519.Identity.generate()))
    lines = [f"# created: {now.isoformat(timespec='seconds')}", f"# public key: {key.recipient}", key.secret]
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise KeyFileError(f"La clé ne peut pas être créée dans {path} ({error.strerror}).") from error
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines) + "\n")
    return key


def seal(source: Reader, target: Writer, key: Key) -> None:
    pyrage.encrypt_io(source, target, [pyrage.x25519.Recipient.from_str(key.recipient)])


def unseal(source: Reader, target: Writer, key: Key) -> None:
    """`Altered` as soon as a byte differs or is missing; what was written before is authentic."""
    try:
        pyrage.decrypt_io(source, target, [pyrage.x25519.Identity.from_str(key.secret)])
    except pyrage.DecryptError as error:
        raise Altered(str(error)) from error
    except OSError as error:
        if error.errno is not None:  # of the disk, not of the seal
            raise
        raise Altered(str(error)) from error
