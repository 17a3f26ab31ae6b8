"""The file of a backup: a tar of parts, each sealed on its own, and a manifest that says what each should be.

`archive.json` (in clear: format, public key), `base`, `files/NAME` for each attachment, `manifest.json` last: without
it, the archive was cut. Format described in docs/adr/0038.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from jalons.backups.sealing import Altered, Key, Reader, Writer, seal, unseal

FORMAT = "jalons-sauvegarde/1"
HEAD, BASE, MANIFEST, FILES = "archive.json", "base", "manifest.json", "files/"
LARGEST_HEAD = 64 * 1024  # bytes


class ArchiveRefused(Exception):
    """What is wrong with an archive, and where: one French sentence."""


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """One member, as it is once unsealed."""

    name: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive holds, and what its base must hold once loaded.

    `counts` are rows by table; `migrations` are « app.name »; `missing_files`, attachments that had a row and no file
    when the backup was taken. `keys_sha256`: of the file of keys made with it.
    """

    version: str
    taken_at: str  # ISO 8601
    engine: str
    counts: dict[str, int]
    migrations: list[str]
    missing_files: list[str] = field(default_factory=list)
    keys_sha256: str = ""
    parts: list[ArchivePart] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """Names of the attachments."""
        return [part.name.removeprefix(FILES) for part in self.parts if part.name.startswith(FILES)]


def part_in_words(name: str) -> str:
    if name.startswith(FILES):
        return f"la pièce jointe {name.removeprefix(FILES)}"
    return {BASE: "la base", MANIFEST: "le manifeste", HEAD: "l’en-tête"}.get(name, f"la partie {name}")


class Measured:
    """A stream that counts and hashes what goes through it, read or written."""

    def __init__(self, stream: Any = None) -> None:
        self.stream, self.size, self.hash = stream, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        return self.seen(self.stream.read(size))

    def write(self, data: bytes) -> int:
        if self.stream is not None:
            self.stream.write(data)
        return len(self.seen(bytes(data)))

    def flush(self) -> None:
        pass

    def seen(self, data: bytes) -> bytes:
        self.size += len(data)
        self.hash.update(data)
        return data

    def as_part(self, name: str) -> ArchivePart:
        return ArchivePart(name, self.size, self.hash.hexdigest())


# Writing ---------------------------------------------------------------------------------------------------


class ArchiveWriter:
    """Writes `path`, for its owner only. `work`: a closed folder where each part waits until its size is known."""

    def __init__(self, path: Path, *, work: Path, key: Key | None) -> None:
        self.work, self.key, self.parts = work, key, list[ArchivePart]()
        self.file = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        self.tar = tarfile.open(fileobj=self.file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        head = {"format": FORMAT, "sealed_for": key.recipient if key else None}
        self.append(HEAD, io.BytesIO(json.dumps(head).encode()))

    def add(self, name: str, source: Reader) -> None:
        measured = Measured(source)
        with tempfile.TemporaryFile(dir=self.work) as spool:
            write_part(measured, spool, self.key)
            self.append(name, spool)
        self.parts.append(measured.as_part(name))

    def append(self, name: str, content: IO[bytes]) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = content.seek(0, os.SEEK_END), 0o600
        content.seek(0)
        self.tar.addfile(member, content)

    def finish(self, manifest: Manifest) -> None:
        """The manifest, then everything is on the disk before this returns."""
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        with tempfile.TemporaryFile(dir=self.work) as spool:
            write_part(io.BytesIO(text), spool, self.key)
            self.append(MANIFEST, spool)
        self.tar.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def abandon(self) -> None:
        with contextlib.suppress(OSError):
            self.file.close()


def write_part(source: Reader, target: IO[bytes], key: Key | None) -> None:
    if key is None:
        shutil.copyfileobj(source, target)
    else:
        seal(source, target, key)


# Reading ---------------------------------------------------------------------------------------------------


def read_archive(path: Path, *, key: Key | None, target_of: Callable[[str], IO[bytes] | None]) -> Manifest:
    """Reads everything and compares it with the manifest. `target_of`: where a part is written, if anywhere.

    Nothing that was written may be used before this returns: only then is the whole archive known to be right.
    """
    part_by_name: dict[str, ArchivePart] = {}
    manifest = None
    for name, content in members(path, key):
        if name == MANIFEST:
            text = io.BytesIO()
            content(text)
            manifest = manifest_of(text.getvalue())
        else:
            if name in part_by_name:
                raise ArchiveRefused(
                    f"L’archive a été modifiée\u00a0: {part_in_words(name)} y est deux fois."
                )
            with target_of(name) or contextlib.nullcontext() as target:
                measured = Measured(target)
                content(measured)
            part_by_name[name] = measured.as_part(name)
    if manifest is None:
        after = part_in_words(next(reversed(part_by_name), HEAD))
        raise ArchiveRefused(f"L’archive est coupée ou abîmée après {after}\u00a0: la suite manque.")
    compare(manifest, part_by_name)
    return manifest


def members(path: Path, key: Key | None) -> Iterator[tuple[str, Callable[[Writer], None]]]:
    """Each part after the head, with how to read it; `ArchiveRefused` names the one that cannot be."""
    name = HEAD
    try:
        with tarfile.open(path, mode="r:") as tar:
            sealed = check_head(tar, key)
            for member in tar:
                name = member.name
                if name != HEAD:
                    yield name, reading(tar, member, key if sealed else None)
    except tarfile.TarError as error:
        if name == HEAD:
            raise ArchiveRefused(
                f"{path.name} n’est pas une sauvegarde de Jalons, ou son début est abîmé."
            ) from error
        raise damaged(name) from error


def check_head(tar: tarfile.TarFile, key: Key | None) -> bool:
    """Is the archive sealed? Refused when `key` is not the one that opens it."""
    first = tar.next()
    content = tar.extractfile(first) if first is not None and first.name == HEAD else None
    try:
        head = json.loads(content.read(LARGEST_HEAD)) if content else {}
        known, recipient = head["format"] == FORMAT, head["sealed_for"]
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveRefused("Ce n’est pas une sauvegarde de Jalons, ou son début est abîmé.") from error
    if not known:
        raise ArchiveRefused(f"Le format « {head['format']} » est inconnu de cette version de Jalons.")
    if recipient and key is None:
        raise ArchiveRefused(
            f"Cette sauvegarde est chiffrée\u00a0: donnez sa clé avec --key-file (clé publique\u00a0: {recipient})."
        )
    if recipient and key and key.recipient != recipient:
        raise ArchiveRefused(
            f"Ce n’est pas la bonne clé\u00a0: la sauvegarde a été chiffrée pour {recipient}, celle-ci est "
            f"{key.recipient}."
        )
    return bool(recipient)


def reading(tar: tarfile.TarFile, member: tarfile.TarInfo, key: Key | None) -> Callable[[Writer], None]:
    def read_into(target: Writer) -> None:
        source = tar.extractfile(member)
        if source is None:  # not a file: nothing of ours
            raise damaged(member.name)
        try:
            if key is None:
                shutil.copyfileobj(source, target)
            else:
                unseal(source, target, key)
        except (Altered, tarfile.TarError) as error:
            raise damaged(member.name) from error

    return read_into


def content_beside(path: Path, key: Key | None) -> bytes:
    """Of a file that goes with an archive, sealed or not; `ArchiveRefused` when `key` does not open it."""
    content = path.read_bytes()
    if content.startswith(b"age-encryption.org/"):
        if key is None:
            raise ArchiveRefused(f"{path.name} est chiffré\u00a0: donnez la clé avec --key-file.")
        opened = io.BytesIO()
        try:
            unseal(io.BytesIO(content), opened, key)
        except Altered as error:
            raise ArchiveRefused(f"{path.name} est abîmé, ou chiffré pour une autre clé.") from error
        content = opened.getvalue()
    return content


def damaged(name: str) -> ArchiveRefused:
    return ArchiveRefused(f"L’archive est abîmée\u00a0: {part_in_words(name)} ne se lit pas en entier.")


def manifest_of(text: bytes) -> Manifest:
    try:
        content = json.loads(text)
        return Manifest(**{**content, "parts": [ArchivePart(**part) for part in content["parts"]]})
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(MANIFEST) from error


def compare(manifest: Manifest, part_by_name: dict[str, ArchivePart]) -> None:
    expected = {part.name: part for part in manifest.parts}
    for name, part in expected.items():
        if name not in part_by_name:
            raise ArchiveRefused(f"L’archive est incomplète\u00a0: {part_in_words(name)} n’y est plus.")
        if part_by_name[name] != part:
            raise ArchiveRefused(
                f"L’archive est abîmée\u00a0: {part_in_words(name)} n’est plus ce qui a été sauvegardé."
            )
    if unexpected := sorted(part_by_name.keys() - expected.keys()):
        raise ArchiveRefused(
            f"L’archive a été modifiée\u00a0: {part_in_words(unexpected[0])} n’était pas attendue."
        )
