"""The only test that migrates: from nothing, and from the first tables, one arrives at the tables of the models.

The others make their tables from the models (`--no-migrations`): 34 seconds against 2, four times a run.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython
from django.db.migrations.state import ProjectState

from jalons.accounts.models import User
from jalons.core.tables import make_or_migrate
from jalons.documents.models import Document
from jalons.territories.models import Commune

Tables = dict[str, dict[str, Any]]  # of each table, its columns, constraints and indexes
# Where each app that had tables in the very first version stood: the first migration that was ever published.
FIRST = [
    ("accounts", "0001_initial"),
    ("core", "0001_submissions"),
    ("discussions", "0001_initial"),
    ("documents", "0001_initial"),
    ("exports", "0001_downloads"),
    ("jalons_sites", "0001_initial"),
    ("territories", "0001_initial"),
    ("contenttypes", "0002_remove_content_type_name"),
    ("sessions", "0001_initial"),
]
# What `write_first_rows` writes in, and what Django does.
FIRST_ROWS = {
    "accounts_organisation", "accounts_user", "django_content_type", "django_migrations", "documents_document",
    "territories_commune", "territories_departement", "territories_region", "territories_scope",
}  # fmt: skip
UNNAMED = re.compile(r"fk_\d+|__unnamed_constraint_\d+__")  # how Django calls what SQLite does not name
# Django's own, on PostgreSQL: its migration takes our `DEFAULT_AUTO_FIELD`, its models keep that of `auth`.
OF_DJANGO = {("auth_group_permissions", "column id")}


@pytest.fixture
def expected(
    django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Iterator[Tables]:
    """The tables made from the models. Then the database is another one, empty, and migrations are what they are.

    It takes the place of the usual one: a migration of django-tasks-db writes through the default connection.
    """
    with django_db_blocker.unblock():
        made = tables()
        usual, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
        empty = str(tmp_path / "empty.sqlite3") if connection.vendor == "sqlite" else f"{usual}_empty"
        connection.close()
        settings.MIGRATION_MODULES = {}
        connection.settings_dict["TEST"] = {**test, "NAME": empty}
        connection.creation._create_test_db(verbosity=0, autoclobber=True)
        connection.settings_dict["NAME"] = empty
        connection.ensure_connection()
        try:
            yield made
        finally:
            connection.creation.destroy_test_db(usual, verbosity=0)
            connection.settings_dict["TEST"] = test


def migrate(targets: list[tuple[str, str]] | None = None) -> Any:
    """Migrates to `targets`, or to the end; gives the models as they were there.

    At each operation Django makes anew the classes of all the models that are tied to the one it touches: here, of
    nearly all, nine tenths of the time. An operation on the base reads its own model; the code of a migration, any.
    """
    executor = MigrationExecutor(connection)
    with (
        mock.patch.object(ProjectState, "reload_model", remade_alone),
        mock.patch.object(RunPython, "database_forwards", with_whole_models),
    ):
        left = executor.migrate(targets or executor.loader.graph.leaf_nodes())
    left.clear_delayed_apps_cache()
    del left.apps
    return left.apps


def remade_alone(state: Any, app_label: str, model_name: str, delay: bool = False) -> None:
    if "apps" in state.__dict__:
        state._reload({(app_label, model_name)})


ordinary_code = RunPython.database_forwards


def with_whole_models(operation: Any, app_label: str, editor: Any, before: Any, after: Any) -> None:
    for state in (before, after):
        state.__dict__.pop("apps", None)
    ordinary_code(operation, app_label, editor, before, after)


def tables(*names: str) -> Tables:
    """These tables, or all: their columns with their types, their constraints and indexes with their names."""
    described = {}
    with connection.cursor() as cursor:
        for table in names or connection.introspection.table_names(cursor):
            described[table] = (
                described_from(table, written(cursor, table))
                if connection.vendor == "sqlite"
                else description(cursor, table)
            )
    described.pop("django_migrations", None)
    return described


def written(cursor: Any, table: str) -> tuple[Any, ...]:
    """How SQLite writes a table and its indexes: all that it knows of them."""
    cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE tbl_name = %s ORDER BY 1, 2", [table])
    return tuple(cursor.fetchall())


@cache
def described_from(table: str, written: tuple[Any, ...]) -> dict[str, Any]:
    """Written the same, it is the same: Django parses that text, which is long."""
    with connection.cursor() as cursor:
        return description(cursor, table)


def description(cursor: Any, table: str) -> dict[str, Any]:
    columns = connection.introspection.get_table_description(cursor, table)
    return {
        **{f"column {column.name}": shape_of(column) for column in columns},
        **constraints(connection.introspection.get_constraints(cursor, table)),
    }


def shape_of(column: Any) -> tuple[Any, ...]:
    kind = connection.introspection.get_field_type(column.type_code, column)
    return kind, column.display_size, column.null_ok, column.collation


def constraints(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    named = {}
    for name, facts in found.items():
        # The definition is worded by the server; columns, kind, order and target are what it says.
        facts = {key: value for key, value in sorted(facts.items()) if key not in {"definition", "options"}}
        known = repr(facts) if UNNAMED.fullmatch(name) else name
        named[f"constraint {known}"] = repr(facts)
    return named


def differences(one: Tables, other: Tables) -> list[str]:
    """What a table has in one database only, or otherwise in the other."""
    return [
        f"{table}, {what} : {one.get(table, {}).get(what)} ≠ {other.get(table, {}).get(what)}"
        for table in sorted(one.keys() | other.keys())
        for what in sorted(one.get(table, {}).keys() | other.get(table, {}).keys())
        if (table, what) not in OF_DJANGO and one.get(table, {}).get(what) != other.get(table, {}).get(what)
    ]


@pytest.mark.django_db(transaction=True)  # nothing is open on the connection when it changes databases
def test_from_nothing_and_from_the_first_tables_one_arrives_at_those_of_the_models(expected: Tables) -> None:
    """Once for both: from nothing, through the first tables with a few rows in them, to the end."""
    assert len(expected) > 60
    write_first_rows(migrate(FIRST))
    assert "actions_action" in expected.keys() - {*connection.introspection.table_names()}
    migrate()
    assert differences(tables(), expected) == []
    assert filled() - FIRST_ROWS == set(), (
        "une migration écrit dans une base vide : core/tables.py la passerait"
    )
    document = Document.objects.select_related("author", "organisation").get()
    assert (document.title, document.name, document.sensitive) == ("Arrêté", "arrete.pdf", True)
    assert (document.author.email, document.organisation.name) == ("maia@example.org", "DDETS du Nord")
    assert Commune.objects.get().departement.region.name == "Hauts-de-France"
    assert User.objects.get().is_active


@pytest.mark.django_db(transaction=True)
def test_a_new_base_has_at_once_the_tables_of_the_models(expected: Tables) -> None:
    """And nothing is left to migrate, then or later."""
    make_or_migrate()
    assert differences(tables(), expected) == []
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert "django_content_type" in filled()  # as after any migration
    User.objects.create_user("maia@example.org", "Maïa Ferrand")
    make_or_migrate()
    assert User.objects.count() == 1


def filled() -> set[str]:
    """The tables that hold a row."""
    with connection.cursor() as cursor:
        found = set()
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")
            found |= {table} if cursor.fetchone() else set()
        return found


def write_first_rows(models: Any) -> None:
    """A few rows as the first version would have written them."""

    def make(label: str, **values: Any) -> Any:
        return models.get_model(label)._default_manager.create(**values)

    region = make("territories.Region", code="32", name="Hauts-de-France")
    departement = make("territories.Departement", code="59", name="Nord", region=region)
    make("territories.Commune", insee_code="59350", name="Lille", departement=departement, population=236_000)
    author = make("accounts.User", email="maia@example.org", name="Maïa Ferrand")
    organisation = make(
        "accounts.Organisation",
        name="DDETS du Nord",
        kind="state_service",
        category="state",
        territory=make("territories.Scope", level="departement", departement=departement),
    )
    make(
        "documents.Document",
        content_type=make("contenttypes.ContentType", app_label="jalons_sites", model="site"),
        object_id=1,
        title="Arrêté",
        name="arrete.pdf",
        kind="pdf",
        size=12,
        sha256="0" * 64,
        file="documents/arrete.pdf",
        sensitive=True,
        author=author,
        organisation=organisation,
    )


@pytest.mark.django_db
def test_a_difference_is_seen() -> None:
    """A column, an index or a constraint fewer, or a column that became optional, fails the test above."""
    table = "documents_document"
    whole = tables(table)
    for what in (
        "column sensitive",
        "constraint documents_document_on",
        "constraint documents_document_withdrawal_is_whole",
    ):
        poorer = {**whole, table: {name: shape for name, shape in whole[table].items() if name != what}}
        assert [line.split(" :")[0] for line in differences(whole, poorer)] == [f"{table}, {what}"]
    optional = {**whole[table], "column sensitive": ("BooleanField", None, True, None)}
    assert len(differences(whole, {**whole, table: optional})) == 1
