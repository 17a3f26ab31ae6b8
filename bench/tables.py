"""`python -m bench.tables`: a table of 10,000 rows × 40 columns, from the file to the undo; then 1,000 dispositifs and
1,000 structures (`other_tables`).

Times are divided by the pace of the machine (`bench.pace`). On SQLite; on PostgreSQL beside the base of DATABASE_URL
when it is named (`scripts/postgres .venv/bin/python -m bench.tables`). Exits with 1 when a budget is passed.
"""

import argparse
import io
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django
from django.utils.module_loading import import_string

from bench import bases, other_tables, pace
from bench.saving import places
from jalons.core.confined.children import nursery

WRITER = "correspondant59@demo.example"
COLUMNS = 40
FEWER = 1_000  # dispositifs, structures
COPIED = 5_000  # rows of the workbook whose annotated copy is made: 200,000 cells
# Seconds, on the machine of the budgets.
BUDGETS = {
    "aperçu, lignes nouvelles": 5.0,
    "enregistrer, lignes nouvelles": 15.0,
    "lignes à corriger": 3.0,
    "aperçu, sites connus": 5.0,
    "enregistrer, sites connus": 15.0,
    "annuler, sites connus": 15.0,
    "annuler, lignes nouvelles": 15.0,
    "copie annotée de 200 000 cases": 20.0,
    **other_tables.BUDGETS,
}
LETTERS = "bcdfghjklm"
HEADERS = ["Commune", "Site", "Adresse", "Pers.", "Mineurs", "Femmes", "Ménages", "Eau", "Vu le"]


def workbook(communes: list[str], rows: int, people: str, day: str) -> bytes:
    """One row in fifty is to be decided."""
    content = io.BytesIO()
    book = import_string("xlsxwriter.Workbook")(content, {"constant_memory": True})
    sheet = book.add_worksheet("Observatoire")
    sheet.write_row(0, 0, HEADERS + [f"Colonne {number}" for number in range(COLUMNS - len(HEADERS))])
    for number in range(rows):
        count = "~30" if number % 50 == 7 else people
        told = [communes[number % len(communes)], f"Lieu-dit {words(number)}", f"{number} rue du Banc", count]
        others = [f"note {number % 9}"] * (COLUMNS - len(HEADERS))
        sheet.write_row(number + 1, 0, [*told, 19, 12, 9, "oui", day, *others])
    book.close()
    return content.getvalue()


def words(number: int) -> str:
    """Names that no rule takes for one another."""
    letters = "bcdfghjklm"
    return " ".join(
        "".join(letters[int(digit)] + "a" for digit in f"{number * step % 99_991:05d}") for step in (1, 7, 31)
    )


def timed(name: str, work: Callable[[], Any], times: dict[str, float]) -> Any:
    slowness, start = pace.pace(), time.monotonic()
    result = work()
    times[name] = (time.monotonic() - start) / slowness
    return result


def measure(rows: int) -> int:
    django.setup()
    import_string(
        "jalons.core.memory.settle"
    )()  # as the server does when it starts, and the worker at its work
    by = actor(WRITER)
    communes = import_string("jalons.territories.models.Commune").objects.filter(departement="59")
    names = list(communes.order_by("pk").values_list("name", flat=True)[:200])
    times: dict[str, float] = {}
    new = workbook(names, rows, "40", "02/11/2026")
    first = timed("aperçu, lignes nouvelles", lambda: previewed(new, by), times)
    timed("enregistrer, lignes nouvelles", lambda: applied(first, by), times)
    timed("lignes à corriger", lambda: corrections(first, by), times)
    known = workbook(names, rows, "41", "09/11/2026")
    second = timed("aperçu, sites connus", lambda: previewed(known, by), times)
    timed("enregistrer, sites connus", lambda: applied(second, by), times)
    timed("annuler, sites connus", lambda: undone(second, by), times)
    timed("annuler, lignes nouvelles", lambda: undone(first, by), times)
    some = previewed(workbook(names, min(rows, COPIED - 1), "42", "16/11/2026"), by)
    timed("copie annotée de 200 000 cases", lambda: copied(some), times)
    measure_others(min(rows, FEWER), by, times)
    over = [name for name, seconds in times.items() if seconds > BUDGETS[name]]
    for name, seconds in times.items():
        print(f"{name:34}{seconds:7.1f} s / {BUDGETS[name]:.0f} s{'   TROP LENT' if name in over else ''}")
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    nursery.close()  # once it has ended, what its children used is counted as ours
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{rows} lignes × {COLUMNS} colonnes. Mémoire : {largest} Mo, {child} Mo dans le processus fils.")
    return int(bool(over))


def actor(email: str) -> Any:
    user = import_string("jalons.accounts.models.User").objects.get(email=email)
    return import_string("jalons.history.services.Actor")(user, user.active_memberships[0].organisation)


def measure_others(rows: int, by: Any, times: dict[str, float]) -> None:
    """Dispositifs and structures: there and back."""
    content = other_tables.actions_workbook(rows, words, by.organisation.name)
    first = timed("aperçu, 1 000 dispositifs", lambda: previewed(content, by), times)
    timed("enregistrer, 1 000 dispositifs", lambda: applied(first, by), times)
    left = timed("exporter 1 000 dispositifs", lambda: other_tables.exported(by), times)
    sheets = other_tables.returned(left)
    back = timed("aperçu, dispositifs revenus", lambda: previewed(left, by, sheets), times)
    timed("enregistrer, dispositifs revenus", lambda: applied(back, by), times)
    timed("annuler, dispositifs revenus", lambda: undone(back, by), times)
    timed("annuler, 1 000 dispositifs", lambda: undone(first, by), times)
    administrator = actor(other_tables.ADMIN)
    content = other_tables.structures_workbook(rows, words)
    structures = timed("aperçu, 1 000 structures", lambda: previewed(content, administrator), times)
    timed("enregistrer, 1 000 structures", lambda: applied(structures, administrator), times)
    timed("annuler, 1 000 structures", lambda: undone(structures, administrator), times)


def previewed(content: bytes, by: Any, sheets: Any = None) -> Any:
    services = "jalons.imports.services"
    sheets = sheets or import_string("jalons.imports.reading.files.read_content")(content, "xlsx", "")
    batch = import_string(f"{services}.give_file")(
        name="banc.xlsx", kind="xlsx", content=content, sheets=sheets, by=by
    )
    return import_string(f"{services}.prepare")(batch=batch, by=by)


def applied(batch: Any, by: Any) -> None:
    assert import_string("jalons.imports.services.ask_to_apply")(batch=batch)
    import_string("jalons.imports.services.apply_now")(batch=batch, by=by)
    batch.refresh_from_db()
    assert batch.done, batch.failure


def undone(batch: Any, by: Any) -> None:
    assert import_string("jalons.imports.services.ask_to_undo")(batch=batch)
    import_string("jalons.imports.services.undo_now")(batch=batch, by=by)
    batch.refresh_from_db()
    assert batch.left == []


def corrections(batch: Any, by: Any) -> None:
    export = import_string("jalons.imports.exports.corrections_export")(batch, "banc")
    file = io.BytesIO()
    import_string("jalons.exports.writers.xlsx.write_xlsx")(export.build(by.user, {}), file)
    assert file.tell() > 1_000


def copied(batch: Any) -> None:
    assert import_string("jalons.imports.services.copies.annotated_copy")(batch)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.tables", description=__doc__)
    parser.add_argument("part", nargs="?", choices=["measure", "run"], default="measure")
    parser.add_argument("--rows", type=int, default=10_000)
    asked = parser.parse_args(arguments)
    if asked.part == "run":
        return measure(asked.rows)
    with TemporaryDirectory(prefix="jalons-bench-") as name, places(Path(name)) as (here, _):
        command = [sys.executable, "-m", "bench.tables", "run", "--rows", str(asked.rows)]
        return subprocess.run(command, cwd=bases.ROOT, env={**os.environ, **here}).returncode


if __name__ == "__main__":
    sys.exit(main())
