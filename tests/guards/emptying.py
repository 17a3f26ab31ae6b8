"""After a test that commits, the tables that hold a row are emptied, and no other.

Django empties all of them, then has the kinds of things (`ContentType`) written again, the same as before: on
PostgreSQL, half a second for each test. They stay.
"""

from typing import Any

from django.core.management.commands import flush

KEPT = {"django_content_type", "auth_permission", "django_migrations"}


def filled(connection: Any) -> list[str]:
    """The tables that hold a row, but those that are kept."""
    named = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [name for name in named if name not in KEPT]
    quoted = map(connection.ops.quote_name, tables)
    asked = (f"SELECT {place} WHERE EXISTS (SELECT 1 FROM {name})" for place, name in enumerate(quoted))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [tables[place] for (place,) in cursor.fetchall()]


def emptying(
    style: Any, connection: Any, *, reset_sequences: bool = True, allow_cascade: bool = False
) -> list[str]:
    """In place of Django's `sql_flush`: what refers to what is checked at the end, when all is empty."""
    return [f"DELETE FROM {connection.ops.quote_name(table)};" for table in filled(connection)]


def install() -> None:
    flush.sql_flush = emptying
    flush.emit_post_migrate_signal = lambda *args, **named: None
