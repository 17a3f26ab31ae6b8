"""Tables whose rows are saved beside the archive and not in it, so that an old archive cannot bring them back.

The keys of households are such rows. The files of this module are kept thirty days, however many archives are kept.
Each app names its tables in `ready()`, by their model: an `apps.py` cannot import models.
"""

import base64
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction

from jalons.backups.archive import ArchiveRefused, content_beside
from jalons.backups.sealing import Key

APART_FORMAT = "jalons-a-part/1"
APART_SUFFIX = ".familles"
APART_DAYS = 30
NAMED = re.compile(r"jalons-(\d{8}T\d{6}Z)\.familles")
TABLE_ROWS = Mapping[str, Sequence[tuple[Any, ...]]]

_models: list[str] = []


def register_apart(label: str) -> None:
    """« households.HouseholdKey »: its rows are never in an archive."""
    if label not in _models:
        _models.append(label)


def apart_models() -> list[type[models.Model]]:
    return [apps.get_model(label) for label in _models]


def columns_of(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def apart_content(rows: TABLE_ROWS) -> bytes:
    """`rows` by table, in the order of `columns_of`."""
    tables = {
        model._meta.label: {
            "columns": columns_of(model),
            "rows": [[plain(value) for value in row] for row in rows[model._meta.db_table]],
        }
        for model in apart_models()
        if model._meta.db_table in rows
    }
    return json.dumps({"format": APART_FORMAT, "tables": tables}).encode()


def plain(value: Any) -> Any:
    """Bytes in base 64, an identifier in hexadecimal; the rest is already what JSON holds."""
    if isinstance(value, bytes | bytearray | memoryview):
        return {"b64": base64.b64encode(bytes(value)).decode()}
    return value.hex if isinstance(value, uuid.UUID) else value


def read_apart(path: Path, *, key: Key | None) -> dict[str, Any]:
    """The tables of a file; `ArchiveRefused` when it is damaged or sealed for another key."""
    content = content_beside(path, key)
    try:
        document = json.loads(content)
        if document["format"] != APART_FORMAT:
            raise ArchiveRefused(f"{path.name} vient d’une version plus récente de Jalons.")
        return dict(document["tables"])
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveRefused(f"{path.name} est abîmé.") from error


@transaction.atomic
def put_apart_back(tables: Mapping[str, Any]) -> int:
    """How many rows were put back. Into empty tables: a restoration writes over nothing."""
    count = 0
    for model in apart_models():
        table = tables.get(model._meta.label)
        if not table:
            continue
        fields = {field.column: field for field in model._meta.concrete_fields}
        names = [fields[column].attname for column in table["columns"] if column in fields]
        rows = [model(**dict(zip(names, map(typed, row), strict=True))) for row in table["rows"]]
        model._default_manager.bulk_create(rows, batch_size=500)
        count += len(rows)
    return count


def typed(value: Any) -> Any:
    return base64.b64decode(value["b64"]) if isinstance(value, dict) else value


def remove_old_apart(folder: Path, now: datetime) -> list[str]:
    """Those of more than thirty days, by the date in their name; whatever archives are kept."""
    before = now - timedelta(days=APART_DAYS)
    removed = []
    for path in sorted(folder.iterdir()):
        match = NAMED.fullmatch(path.name)
        if match and datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) < before:
            path.unlink()
            removed.append(path.name)
    return removed
