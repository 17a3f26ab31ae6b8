"""A base of PostgreSQL made larger by itself, and spread over the 101 départements: `python -m bench.multiplying 5`.

Each site is written again with its facts, under other keys and in another commune: 10,000 sites × 30 surveys become
50,000 in a few minutes, which the demonstration would take an hour to tell.
"""

import os
import sys
import time
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.db import connection

SITES = "jalons_sites_site"
FACTS = tuple(
    f"jalons_sites_{name}"
    for name in (
        *("occupation", "survey", "livingconditions", "socialdiagnosis", "procedure", "siteevent"),
        *("preparatorystep", "sitesuitability", "ownership"),
    )
)
# How the sites of the country are shared out, by order of magnitude: a few large départements, most with almost none.
SHARES = {
    **dict.fromkeys(("59", "13", "93"), 16),
    **dict.fromkeys(("31", "33", "44", "69", "973", "976"), 10),
    **dict.fromkeys(("34", "38", "91", "94", "95"), 7),
    **dict.fromkeys(("06", "30", "35", "67", "77", "78", "84", "92"), 4),
}
OTHERS = 1
PLACES = """
    CREATE TEMPORARY TABLE place AS
    SELECT insee_code, row_number() OVER (ORDER BY md5(insee_code || share.rank)) - 1 AS rank
    FROM (
        SELECT insee_code, departement_id,
               row_number() OVER (PARTITION BY departement_id ORDER BY md5(insee_code)) AS number
        FROM territories_commune
    ) AS commune
    CROSS JOIN LATERAL generate_series(1, 4) AS share(rank)
    WHERE (share.rank - 1) * 25 + number <= 6 * (CASE {cases} ELSE {others} END) AND number <= 25
"""
# Another key for each copy, the same whenever it is made again.
MARKS = {
    "public_id": "left(md5(public_id || '{copy}'), 10)",
    "lineage": "md5(lineage::text || '{copy}')::uuid",
}


def multiply(times: int) -> int:
    """How many sites there are then."""
    with connection.cursor() as cursor:
        cases = " ".join(f"WHEN departement_id = '{code}' THEN {share}" for code, share in SHARES.items())
        cursor.execute(PLACES.format(cases=cases, others=OTHERS))
        cursor.execute("SELECT count(*) FROM place")
        places = cursor.fetchone()[0]
        steps = {table: highest(cursor, table) for table in (SITES, *FACTS)}
        cursor.execute("SET session_replication_role = replica")
        for number in range(1, times):
            commune = f"(SELECT insee_code FROM place WHERE rank = (row.id * 7919 + {number}) % {places})"
            again(cursor, SITES, number, steps, {"commune_id": commune, "merged_into_id": "NULL"})
            for table in FACTS:
                again(cursor, table, number, steps, {"site_id": f"row.site_id + {number * steps[SITES]}"})
        cursor.execute("SET session_replication_role = DEFAULT")
        for table, last in steps.items():
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last * times})")
        cursor.execute(f"SELECT count(*) FROM {SITES}")
        count = int(cursor.fetchone()[0])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return count


def highest(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
    return int(cursor.fetchone()[0])


def again(cursor: Any, table: str, number: int, steps: dict[str, int], values: dict[str, str]) -> None:
    """The rows of before, written once more."""
    with_marks = {"id": f"row.id + {number * steps[table]}", **values}
    with_marks |= {name: mark.format(copy=number) for name, mark in MARKS.items()}
    names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    sources = [with_marks.get(name, f'row."{name}"') for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(sources)} FROM {table} AS row "
        f"WHERE row.id <= {steps[table]}"
    )


if __name__ == "__main__":
    start = time.monotonic()
    print(f"{multiply(int(sys.argv[1]))} sites en {time.monotonic() - start:.0f} s.")
