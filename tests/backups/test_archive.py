"""The file of a backup, without any database: what is damaged is named."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from jalons.backups.archive import (
    BASE,
    FILES,
    HEAD,
    MANIFEST,
    ArchiveRefused,
    ArchiveWriter,
    Manifest,
    read_archive,
)
from jalons.backups.sealing import Key, KeyFileError, new_key, read_key
from jalons.backups.services.keys import digest, keys_content, read_keys, write_keys
from jalons.backups.services.taking import remove_beyond
from tests.house.test_private import mode

CONTENT = {BASE: b"base " * 40_000, f"{FILES}documents/ab/1": b"plan" * 20_000, f"{FILES}documents/ab/2": b""}


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return new_key(tmp_path_factory.mktemp("coffre") / "cle", now=timezone.now())


@pytest.fixture(params=["en clair", "chiffrée"])
def seal_key(request: pytest.FixtureRequest, key: Key) -> Key | None:
    return key if request.param == "chiffrée" else None


def written(folder: Path, key: Key | None, content: dict[str, bytes] = CONTENT) -> Path:
    path = folder / "a.jalons"
    writer = ArchiveWriter(path, work=folder, key=key)
    for name, data in content.items():
        writer.add(name, io.BytesIO(data))
    manifest = Manifest(
        "1", "2020-06-30T12:00:00+00:00", "sqlite", {"sites_site": 2}, ["sites.0001"], parts=writer.parts
    )
    writer.finish(manifest)
    return path


def read(path: Path, key: Key | None) -> tuple[Manifest, dict[str, bytes]]:
    folder = path.parent / "lu"
    folder.mkdir(exist_ok=True)
    places: dict[str, Path] = {}

    def target_of(name: str) -> io.BufferedWriter:
        places[name] = folder / str(len(places))
        return places[name].open("wb")

    manifest = read_archive(path, key=key, target_of=target_of)
    return manifest, {name: place.read_bytes() for name, place in places.items()}


def refusal(path: Path, key: Key | None) -> str:
    with pytest.raises(ArchiveRefused) as caught:
        read(path, key)
    return str(caught.value)


def test_what_is_written_is_read(tmp_path: Path, seal_key: Key | None) -> None:
    path = written(tmp_path, seal_key)
    manifest, content = read(path, seal_key)
    assert content == CONTENT
    assert manifest.files == ["documents/ab/1", "documents/ab/2"]
    assert (manifest.counts, manifest.migrations) == ({"sites_site": 2}, ["sites.0001"])
    assert mode(path) == 0o600
    assert (b"plan" in path.read_bytes()) is (seal_key is None)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (BASE, "la base"),
        (f"{FILES}documents/ab/1", "la pièce jointe documents/ab/1"),
        (MANIFEST, "le manifeste"),
    ],
)
def test_a_changed_byte_is_named(part: str, words: str, tmp_path: Path, seal_key: Key | None) -> None:
    path = written(tmp_path, seal_key)
    with tarfile.open(path) as tar:
        member = tar.getmember(part)
    with path.open("r+b") as file:
        # The last byte but a few: in the manifest in clear, one of a value.
        file.seek(member.offset_data + member.size - 9)
        before = file.read(1)
        file.seek(-1, io.SEEK_CUR)
        file.write(bytes([before[0] ^ 0x40]))
    told = refusal(path, seal_key)
    assert "abîmée" in told
    # In clear, a changed manifest accuses the part that it describes.
    assert words in told or (part == MANIFEST and seal_key is None)


def test_cut_anywhere_is_refused(tmp_path: Path, seal_key: Key | None) -> None:
    path = written(tmp_path, seal_key)
    whole = path.read_bytes()
    with tarfile.open(path) as tar:
        ends = {member.name: member.offset_data + member.size for member in tar}
    for length in (0, 100, 512, *(end - 3 for end in ends.values() if end), *ends.values()):
        if length >= ends[MANIFEST]:
            continue
        path.write_bytes(whole[:length])
        assert refusal(path, seal_key)
    path.write_bytes(whole[: ends[BASE] - 3])
    assert "la base" in refusal(path, seal_key)
    path.write_bytes(whole[: ends[f"{FILES}documents/ab/1"]])
    assert "documents/ab/1" in refusal(path, seal_key)


def rewritten(path: Path, change: Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]]) -> None:
    with tarfile.open(path) as tar:
        members = [(member.name, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]
    with tarfile.open(path, "w") as tar:
        for name, data in change(members):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda parts: [part for part in parts if part[0] != f"{FILES}documents/ab/2"],
            "documents/ab/2 n’y est plus",
        ),
        (lambda parts: [parts[0], parts[1], *parts[1:]], "la base y est deux fois"),
        (lambda parts: [*parts[:2], ("files/../x", parts[2][1]), *parts[2:]], "../x n’était pas attendue"),
        (lambda parts: [*parts[:2], (parts[2][0], parts[1][1]), *parts[3:]], "documents/ab/1 n’est plus"),
        (lambda parts: parts[:-1], "la suite manque"),
        (lambda parts: parts[1:], "n’est pas une sauvegarde de Jalons"),
    ],
)
def test_an_archive_that_was_rearranged(
    change: Callable[..., list[tuple[str, bytes]]], words: str, tmp_path: Path, seal_key: Key | None
) -> None:
    path = written(tmp_path, seal_key)
    rewritten(path, change)
    assert words in refusal(path, seal_key)


def test_a_later_format(tmp_path: Path) -> None:
    path = written(tmp_path, None)
    head = json.dumps({"format": "jalons-sauvegarde/9", "sealed_for": None}).encode()
    rewritten(path, lambda parts: [(HEAD, head), *parts[1:]])
    assert "« jalons-sauvegarde/9 » est inconnu" in refusal(path, None)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 un zip", b"\x00" * 4096, b"x" * 4096])
def test_not_an_archive(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jalons"
    path.write_bytes(content)
    assert "pas une sauvegarde de Jalons" in refusal(path, None)


def test_the_wrong_key_is_not_called_damage(tmp_path: Path, key: Key) -> None:
    path = written(tmp_path, key)
    other = new_key(tmp_path / "autre", now=timezone.now())
    assert "Ce n’est pas la bonne clé" in refusal(path, other)
    assert key.recipient in refusal(path, None)


# Key files -------------------------------------------------------------------------------------------------


def test_a_key_is_read_again_and_never_overwritten(tmp_path: Path) -> None:
    made = new_key(tmp_path / "cle", now=timezone.now())
    assert mode(tmp_path / "cle") == 0o600
    assert read_key(tmp_path / "cle", away_from=[tmp_path / "data"]) == made
    with pytest.raises(KeyFileError):
        new_key(tmp_path / "cle", now=timezone.now())


def test_a_key_that_protects_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cle"
    new_key(path, now=timezone.now())
    with pytest.raises(KeyFileError, match="rangée avec ce qu’elle protège"):
        read_key(path, away_from=[tmp_path])
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 0600"):
        read_key(path, away_from=[])


@pytest.mark.parametrize("content", [b"", b"bonjour\n", b"AGE-SECRET-KEY-1XX\n", b"\xff\xfe"])
def test_a_file_without_key(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cle"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="cle"):
        read_key(path, away_from=[])


def test_keys_of_the_instance_are_of_their_backup(tmp_path: Path, seal_key: Key | None) -> None:
    content = keys_content()
    path = tmp_path / "a.cles"
    write_keys(path, content, seal_key)
    assert mode(path) == 0o600
    assert read_keys(path, key=seal_key, expected=digest(content))["secret_key"] == "tests-only"
    with pytest.raises(ArchiveRefused, match="autre sauvegarde"):
        read_keys(path, key=seal_key, expected=digest(b"autre"))


def test_only_the_oldest_archives_of_jalons_are_removed(tmp_path: Path) -> None:
    days = [f"jalons-2020060{day}T120000Z" for day in range(1, 6)]
    for day in days:
        (tmp_path / f"{day}.jalons").touch()
        (tmp_path / f"{day}.cles").touch()
    (tmp_path / "jalons-notes.txt").touch()
    (tmp_path / "autre.jalons").touch()
    removed = remove_beyond(tmp_path, 2, f"{days[0]}.jalons")
    assert removed == [f"{days[2]}.jalons", f"{days[1]}.jalons"]
    left = {path.name for path in tmp_path.iterdir()}
    kept = {f"{days[number]}{suffix}" for number in (0, 3, 4) for suffix in (".jalons", ".cles")}
    assert left == kept | {"jalons-notes.txt", "autre.jalons"}
