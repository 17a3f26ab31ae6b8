"""How fast this machine is now, so that a budget means the same on any of them.

A fixed piece of work of the kind that a page is made of (a template, rows of a database, text) is timed before each
screen; all times are divided by how much longer it took than on the machine where the budgets were set.
"""

import sqlite3
import statistics
import time

from django.template import Context, Engine

REFERENCE = (
    20.0  # milliseconds that the work takes on the machine of the budgets: two cores of today, nothing else
)
ROWS, ROUNDS = 400, 3
PAGE = (
    '{% for row in rows %}<tr><td>{{ row.0 }}</td><td class="num">{{ row.1 }}</td>'
    "<td>{% if row.2 %}{{ row.2 }}{% else %}ND{% endif %}</td></tr>{% endfor %}"
)


def one_round(base: sqlite3.Connection) -> float:
    """Milliseconds. Never cached: the template is read again, as the rows are."""
    start = time.perf_counter()
    rows = base.execute(
        "SELECT name, people, note FROM place WHERE people % 7 < 6 ORDER BY people, name"
    ).fetchall()
    text = Engine(autoescape=True).from_string(PAGE).render(Context({"rows": rows}))
    sorted(text.split("<"), key=str.casefold)
    return (time.perf_counter() - start) * 1000


def made() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE place (name TEXT, people INTEGER, note TEXT)")
    rows = [
        (f"Lieu « {number} »", number * 37 % 211, "né d’un « & »" * (number % 3)) for number in range(ROWS)
    ]
    base.executemany("INSERT INTO place VALUES (?, ?, ?)", rows)
    return base


def pace() -> float:
    """1 on the machine of the budgets, 2 where all takes twice as long."""
    base = made()
    try:
        one_round(base)
        return statistics.median(one_round(base) for _ in range(ROUNDS)) / REFERENCE
    finally:
        base.close()
