"""The table that people read, and the file that is kept to compare with."""

import datetime as dt
import json
import os
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

from bench.bases import Size
from bench.budgets import overruns
from bench.results import Result

HEADER = (
    "Écran",
    "Compte",
    "médiane",
    "p95",
    "processeur",
    "requêtes",
    "taille",
    "compressé",
    "mémoire",
    "budget",
)
LEFT = {0, 1, 9}


def table(results: list[Result]) -> str:
    """Aligned columns; a screen that could not be measured says why."""
    rows = [HEADER, *(line(result, results) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    lines = ["  ".join(aligned(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def aligned(row: tuple[str, ...], widths: list[int]) -> list[str]:
    return [
        text.ljust(width) if column in LEFT else text.rjust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    ]


def line(result: Result, results: list[Result]) -> tuple[str, ...]:
    if result.problem:
        return (result.screen, result.user, *["–"] * (len(HEADER) - 3), result.problem)
    over = list(overruns(result, results))
    return (
        result.screen,
        result.user,
        f"{result.median:.0f} ms",
        f"{result.p95:.0f} ms",
        f"{result.median_work:.0f} ms",
        "–" if result.queries is None else str(result.queries),
        weight(result.size),
        weight(result.compressed),
        "–" if result.memory is None else f"{result.memory:.0f} Mo",
        f"DÉPASSE : {' ; '.join(over)}" if over else "tenu",
    )


def weight(count: int) -> str:
    return f"{count / 1000:.1f} Ko" if count < 1_000_000 else f"{count / 1_000_000:.1f} Mo"


def keep(folder: Path, size: Size, by_database: dict[str, list[Result]]) -> Path:
    """Writes `<date>-<sites>.json`, with what is needed to compare runs: versions, processors, load."""
    folder.mkdir(parents=True, exist_ok=True)
    now = dt.datetime.now().astimezone()
    said: dict[str, Any] = {
        "at": now.isoformat(timespec="seconds"),
        **asdict(size),
        "python": platform.python_version(),
        "django": django.get_version(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "databases": {
            name: [
                {
                    **asdict(each),
                    "median": each.median,
                    "p95": each.p95,
                    "over": list(overruns(each, results)),
                }
                for each in results
            ]
            for name, results in by_database.items()
        },
    }
    path = folder / f"{now:%Y-%m-%d}-{size.sites}.json"
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
