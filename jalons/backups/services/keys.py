"""The keys of an instance, in a file of their own: whoever reads the archive does not read them."""

import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from jalons.backups.archive import ArchiveRefused, content_beside
from jalons.backups.sealing import Key, seal

KEYS_FORMAT = "jalons-cles/1"
SECRET_KEY_FILE = "secret_key"  # noqa: S105
PATTERN = "*_key"  # every file of keys directly in the folder of the data


def keys_content() -> bytes:
    """The signing key in use, wherever it comes from, and the other keys beside the data."""
    keys = {
        path.name: path.read_text()
        for path in sorted(Path(settings.DATA_DIR).glob(PATTERN))
        if path.is_file()
    }
    keys[SECRET_KEY_FILE] = settings.SECRET_KEY
    return json.dumps({"format": KEYS_FORMAT, "keys": keys}, indent=1).encode()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_keys(path: Path, content: bytes, key: Key | None) -> None:
    sealed = io.BytesIO()
    if key is None:
        sealed.write(content)
    else:
        seal(io.BytesIO(content), sealed, key)
    write_private(path, sealed.getvalue())


def write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, for its owner only, and on the disk."""
    draft = path.with_name(f".{path.name}.en-cours")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_keys(path: Path, *, key: Key | None, expected: str) -> dict[str, str]:
    """`ArchiveRefused` when they are damaged, sealed for another key, or of another backup."""
    content = content_beside(path, key)
    if digest(content) != expected:
        raise ArchiveRefused(f"{path.name} est abîmé, ou vient d’une autre sauvegarde.")
    return dict(json.loads(content)["keys"])


def put_keys_back(keys: dict[str, str], environment: Any) -> str:
    """What was done with them, in one sentence."""
    for name, text in keys.items():
        write_private(Path(settings.DATA_DIR) / Path(name).name, text.encode())
    if environment.get("JALONS_SECRET_KEY"):
        return "Clé remise, mais JALONS_SECRET_KEY en donne une autre à Jalons\u00a0: retirez-la, ou mettez-y celle-ci."
    return "Clé remise."
