"""The guards of tests/conftest.py see what they must see."""

import ast
import gc
import importlib
import json
import os
import re
import socket
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import hypothesis
import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.db import connection
from django.forms import CharField, Form
from django.template import engines
from django.test import Client
from django_tasks_db.models import DBTaskResult
from hypothesis import strategies

from jalons.core.prepared import prepared
from tests.guards import draws, emptying, order, parts, statements
from tests.guards.network import NetworkError
from tests.guards.short_writes import LongWorkError
from tests.guards.templates import AbsentVariableError
from tests.guards.writes import WriteOnReadError

house = pytest.mark.urls("tests.house.urls")


@house
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("path", ["ecrit", "ecrit-en-silence"])
def test_get_that_writes_fails(client: Client, method: str, path: str) -> None:
    with pytest.raises(WriteOnReadError, match="django_tasks_database_dbtaskresult"):
        getattr(client, method)(f"/maison/{path}")


@house
@pytest.mark.django_db
def test_post_may_write_and_get_may_keep_its_session(client: Client) -> None:
    assert client.post("/maison/ecrit").content.decode() == "écrit"
    assert client.get("/maison/session").content.decode() == "permis"


@house
@pytest.mark.django_db
def test_what_takes_long_is_not_done_while_others_wait(client: Client) -> None:
    assert client.post("/maison/calcule").content.decode() == "calculé"
    with pytest.raises(LongWorkError, match="un mot de passe est calculé"):
        client.post("/maison/calcule?dedans")


@house
@pytest.mark.django_db
def test_middlewares_are_made_once_until_a_setting_changes(client: Client, settings: Any) -> None:
    other = Client()
    assert all("X-Content-Type-Options" in each.get("/maison/") for each in (client, other))
    assert client.handler._middleware_chain is other.handler._middleware_chain
    settings.SECURE_CONTENT_TYPE_NOSNIFF = False  # read while the middleware is made
    assert "X-Content-Type-Options" not in Client().get("/maison/")


@house
def test_absent_variable_fails_and_names_itself(client: Client) -> None:
    with pytest.raises(AbsentVariableError, match=r"nobody\.knows"):
        client.get("/maison/absente")


def test_conditions_may_name_what_is_absent() -> None:
    template = engines["django"].from_string("{% if nobody %}oui{% else %}non{% endif %}")
    assert template.render({}) == "non"


def test_forms_of_django_still_render() -> None:
    class Plain(Form):
        name = CharField(label="Nom", help_text="Votre nom")

    assert "Votre nom" in Plain({"name": ""}).as_p()


@pytest.mark.django_db
def test_unordered_page_fails() -> None:
    with pytest.raises(UnorderedObjectListWarning):
        Paginator(DBTaskResult.objects.order_by(), 10).page(1)


@pytest.mark.parametrize("address", ["192.0.2.1", "example.org"])
def test_network_is_closed(address: str) -> None:
    with pytest.raises(NetworkError, match=address):
        httpx.get(f"http://{address}/", timeout=1)
    with pytest.raises(NetworkError), socket.socket() as raw:
        raw.connect((address, 80))


def test_loopback_is_open() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as here,
    ):
        assert here.getpeername() == server.getsockname()


def test_hypothesis_is_reproducible() -> None:
    profile = hypothesis.settings()
    assert (profile.derandomize, profile.max_examples, profile.deadline) == (True, 60, None)


def test_what_is_drawn_does_not_depend_on_what_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn() -> list[int]:
        numbers = []

        @hypothesis.given(strategies.integers())
        def draw(number: int) -> None:
            numbers.append(number)

        draw()
        return numbers

    alone = drawn()
    (tmp_path / "full_of_constants.py").write_text(f"KNOWN = {[*range(10**6, 10**6 + 400)]}")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("full_of_constants")
    assert (len(alone), drawn()) == (60, alone)
    del sys.modules["full_of_constants"]


def test_a_costly_property_draws_less_in_the_gate_and_more_when_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = []

    @draws.costly
    @hypothesis.example(-1)
    @hypothesis.given(strategies.integers())
    def draw(number: int) -> None:
        numbers.append(number)

    draws.share([SimpleNamespace(obj=draw), SimpleNamespace(obj=draw)])  # one test, two parameters
    draw()
    assert (len(numbers), numbers[0]) == (1 + 15, -1)

    def number_of(draws_asked: int, *, is_costly: bool) -> int:
        return draws.settings_of(
            hypothesis.settings(max_examples=draws_asked), is_costly=is_costly
        ).max_examples

    assert [number_of(number, is_costly=True) for number in (100, 25, 6)] == [25, 10, 6]
    assert number_of(60, is_costly=False) == 60
    monkeypatch.setenv(draws.TIMES, "20")
    many = draws.settings_of(hypothesis.settings(), is_costly=True)
    assert (many.max_examples, many.derandomize) == (60 * 20, False)
    monkeypatch.setenv(draws.TIMES, "1")
    once = draws.settings_of(hypothesis.settings(), is_costly=True)
    assert (once.max_examples, once.derandomize) == (60, True)


@hypothesis.given(strategies.integers())
def test_guards_leave_hypothesis_alone(number: int) -> None:
    assert int(str(number)) == number


def run_pytest(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """pytest on `folder`, under the guards, in a Django of three apps: ours would start for each process."""
    root = Path(__file__).parents[2]
    guards = ["-p", "tests.conftest", "-c", root / "pyproject.toml", "--ds", "tests.house.small_settings"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *guards, folder, *options],
        env={"PATH": "", "PYTHONPATH": str(root), **environment}, cwd=root, capture_output=True, text=True,
    )  # fmt: skip


def test_long_tests_begin_first_and_those_that_commit_come_last() -> None:
    def item(nodeid: str, *fixtures: str) -> Any:
        return SimpleNamespace(nodeid=nodeid, fixturenames=fixtures, get_closest_marker=lambda name: None)

    items = [
        item("tests/sites/test_sheet.py::test_a", "db"),
        item("tests/e2e/test_accounts.py::test_b", "live_server"),
        item("tests/core/test_serve.py::test_c"),
        item("tests/e2e/test_every_page.py::test_d[even]", "transactional_db"),
        item("tests/sites/test_sheet.py::test_e", "db"),
    ]
    order.longest_first(items)
    assert [one.nodeid[-1] for one in items if "[" not in one.nodeid] == ["c", "a", "e", "b"]
    assert items[3].nodeid.endswith("test_d[even]")
    assert all((Path(__file__).parents[2] / path).is_file() for path in order.LONG)


@pytest.mark.parametrize(("ci", "code", "outcome"), [("true", 1, "1 failed"), ("", 0, "1 skipped")])
def test_nothing_is_left_out_in_ci(tmp_path: Path, ci: str, code: int, outcome: str) -> None:
    (tmp_path / "test_left_out.py").write_text(
        textwrap.dedent("""
            import pytest

            def test_left_out():
                pytest.skip("pas de navigateur")

            @pytest.mark.xfail(strict=True)
            def test_known():
                raise AssertionError
        """)
    )
    run = run_pytest(tmp_path, CI=ci)
    assert (run.returncode, outcome in run.stdout) == (code, True), run.stdout
    assert ("pas de navigateur" in run.stdout) == (ci == "true")


ON_BOTH = ["marked", "through_a_fixture", "through_a_shared_world", "served", "journey_that_stays"]


@pytest.mark.parametrize("workers", ["2"])
def test_second_database_runs_what_touches_one_and_says_what_it_leaves_out(
    tmp_path: Path, workers: str
) -> None:
    (tmp_path / "test_choice.py").write_text(
        textwrap.dedent("""
            import pytest

            @pytest.fixture
            def row(db): ...

            @pytest.fixture(scope="module")
            def world(django_db_setup): ...

            @pytest.mark.django_db
            def test_marked(): ...

            def test_through_a_fixture(row): ...

            def test_through_a_shared_world(world): ...

            def test_served(live_server): ...

            @pytest.mark.parametrize("number", [1, 2, 3])
            def test_of_numbers(number): ...

            @pytest.mark.e2e
            @pytest.mark.django_db
            def test_journey(): ...

            @pytest.mark.first_database(reason="ce que montre la page")
            @pytest.mark.django_db
            def test_walk(): ...

            @pytest.mark.both_databases(reason="la seule")
            @pytest.mark.e2e
            @pytest.mark.django_db
            def test_journey_that_stays(): ...
        """)
    )
    first = run_pytest(tmp_path, "-vv", "-n", workers)
    assert (first.returncode, " 10 passed" in first.stdout) == (0, True), first.stdout
    second = run_pytest(tmp_path, "-vv", "-n", workers, "--second-database")
    assert second.returncode == 0, second.stdout + second.stderr
    assert {*re.findall(r"::test_(\w+)", second.stdout)} == {*ON_BOTH}
    left_out = "1 parcours dans un navigateur, 1 tests de ce que montrent les pages, 3 tests sans base"
    assert f"Sur SQLite seulement : {left_out}." in second.stdout


ONE, OTHER, NEW = "SELECT 1", "SELECT 2", "SELECT 3"


def test_each_statement_is_replayed() -> None:
    sent = {"always": [ONE], "small": [ONE], "page": [ONE, OTHER], "other": [OTHER], "new": [ONE, OTHER, NEW]}
    # « new » sends what nobody else does, and OTHER with it: « other », the smallest that sends it, has nothing left.
    assert statements.said_again(sent.keys() - {"always"}, ["always"], sent) == {"small", "page", "other"}
    assert statements.said_again(["small", "page", "other"], ["always"], sent) == {"small", "page"}
    assert statements.said_again(["small", "page"], [], sent) == {"small"}
    assert statements.said_again(["small", "other"], [], sent) == set()
    assert statements.said_again(["page"], ["unknown"], sent) == set()


def test_one_value_or_many_is_the_same_statement() -> None:
    assert statements.shape("SELECT 1 WHERE a IN (%s, %s)") == statements.shape("SELECT 1 WHERE a IN (%s)")
    assert statements.shape("INSERT INTO a VALUES (%s, %s), (%s, %s)") == statements.shape(
        "INSERT INTO a VALUES (%s)"
    )
    assert statements.shape('SAVEPOINT "s1_x1"') == statements.shape('SAVEPOINT "s2_x3"')
    assert statements.shape("SELECT 1 LIMIT 20 OFFSET 40") == statements.shape("SELECT 1 LIMIT 10 OFFSET 9")
    assert statements.shape("SELECT 1 LIMIT 20") != statements.shape("SELECT 1")
    assert statements.shape("SELECT 1 ORDER BY a") != statements.shape("SELECT 1 ORDER BY b")


ROW = 'SELECT "a"."b", "a"."c" AS "d" FROM "a"'


@pytest.mark.parametrize(
    "sql",
    [
        ROW,
        f'{ROW} WHERE ("a"."c" = %s AND NOT "a"."d" AND "a"."e" IN (%s, %s) AND "a"."f" IS NULL) LIMIT 21',
        f'{ROW} WHERE "a"."c" >= %s ORDER BY "a"."c" DESC, "a"."b" ASC',
        'SELECT COUNT(*) AS "__count" FROM "a" WHERE "a"."c" = %s',
        'SELECT %s AS "a" FROM "a" LIMIT 1',
        'UPDATE "a" SET "b" = %s, "c" = NULL WHERE "a"."b" = %s',
        'DELETE FROM "a" WHERE "a"."b" IN (%s)',
    ],
)
def test_a_plain_look_at_one_table(sql: str) -> None:
    assert statements.is_plain(sql)


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "a"."b" FROM "a" INNER JOIN "c" ON ("a"."b" = "c"."d")',
        f'{ROW} WHERE ("a"."c" = %s OR "a"."d" = %s)',
        f'{ROW} WHERE "a"."c" LIKE %s',
        f'{ROW} WHERE "a"."c" IN (SELECT "e"."f" FROM "e")',
        f'{ROW} WHERE LOWER("a"."c") = %s',
        f'{ROW} WHERE "a"."c" = ("a"."d")',
        f"{ROW} FOR UPDATE",
        'SELECT DISTINCT "a"."b" FROM "a"',
        'SELECT "a"."b", COUNT("a"."c") AS "d" FROM "a" GROUP BY "a"."b"',
        'UPDATE "a" SET "b" = ("a"."b" + %s)',
        'INSERT INTO "a" ("b") VALUES (%s)',
    ],
)
def test_what_a_database_may_take_otherwise_is_never_plain(sql: str) -> None:
    assert not statements.is_plain(sql)


@pytest.mark.django_db
def test_what_a_test_looks_at_by_itself_is_not_to_be_replayed() -> None:
    of_the_test = []

    def note(execute: Any, sql: str, *arguments: Any) -> Any:
        of_the_test.append(statements.is_of_the_test(sql, sys._getframe(1)))
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        assert not DBTaskResult.objects.filter(queue_name__contains="essai").exists()
        assert not DBTaskResult.objects.filter(queue_name="essai").exists()
        assert prepared.read("essai", lambda key: DBTaskResult.objects.filter(priority=key), 1) == []
    assert of_the_test == [False, True, False]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_second_database_replays_what_the_first_one_noted(tmp_path: Path, workers: str) -> None:
    (tmp_path / "test_asking.py").write_text(
        textwrap.dedent("""
            import pytest
            from django.db import connection

            @pytest.mark.django_db
            @pytest.mark.parametrize("number", [1, 2, 3, 4])
            def test_alike(number):
                connection.cursor().execute("SELECT 1")

            @pytest.mark.django_db
            def test_alone():
                connection.cursor().execute("SELECT 1, 2")

            @pytest.mark.both_databases(reason="un verrou")
            @pytest.mark.django_db
            def test_chosen():
                connection.cursor().execute("SELECT 1")
        """)
    )
    known = {"GATE_PART": "essai", "GATE_FILE": str(tmp_path / "parts.json")}
    assert run_pytest(tmp_path, "-n", workers, **known).returncode == 0
    second = run_pytest(tmp_path, "-vv", "-n", workers, "--second-database", **known)
    assert "2 passed" in second.stdout, second.stdout + second.stderr
    played, left_out, _ = second.stdout.partition(
        "Sur SQLite seulement : 4 tests dont d’autres rejouent chaque"
    )
    assert {*re.findall(r"::test_(\w+)", played)} == {"alone", "chosen"}
    assert left_out


@pytest.mark.parametrize("marker", ["both_databases", "first_database"])
def test_a_choice_of_database_says_why(tmp_path: Path, marker: str) -> None:
    (tmp_path / "test_journey.py").write_text(
        f"import pytest\n@pytest.mark.{marker}\n@pytest.mark.e2e\ndef test_journey(): ..."
    )
    run = run_pytest(tmp_path, "--second-database")
    assert run.returncode != 0
    assert "test_journey.py::test_journey" in run.stdout + run.stderr


@pytest.mark.parametrize(
    ("processor", "last", "workers"),
    [
        (300, r"\d+ min \d\d s en tout, dont .+", "2"),
        (719.9, "ATTENTION, LA PORTE EST TROP LENTE : .+", "0"),
    ],
)
def test_the_end_says_where_the_time_went(tmp_path: Path, processor: float, last: str, workers: str) -> None:
    checks = {"name": "vérifications", "seconds": 400, "processor": processor, "slowest": []}
    file = tmp_path / "parts.json"
    file.write_text(json.dumps({"run": "one make", "parts": [checks]}))
    (tmp_path / "test_eleven.py").write_text(
        "import pytest\n@pytest.mark.parametrize('number', range(11))\ndef test_of(number): ..."
    )
    known = {"GATE_PART": "SQLite", "GATE_FILE": str(file), "MAKE_RUN": "one make"}
    run = run_pytest(tmp_path, "-n", workers, **known)
    *_, costs, slowest, total, closing = run.stdout.splitlines()
    assert re.fullmatch(
        r"Durée \(et processeur\) : vérifications 6 min 40 s \(.+\), SQLite \d+ s \(\d+ s\)\.", costs
    )
    assert slowest.startswith("Les 10 tests les plus longs : ")
    assert slowest.count("test_eleven.py::test_of[") == 10
    assert run.returncode == 0
    assert re.fullmatch(last, total)
    assert closing.startswith("11 passed in")
    assert [part["name"] for part in json.loads(file.read_text())["parts"]] == ["vérifications", "SQLite"]


def test_the_parts_of_another_make_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "FILE", tmp_path / "parts.json")
    monkeypatch.setenv("MAKE_RUN", "yesterday")
    parts.forget()
    parts.add(parts.Part("vérifications", 1, 1))
    parts.forget()
    assert [part.name for part in parts.parts()] == ["vérifications"]
    monkeypatch.setenv("MAKE_RUN", "today")
    parts.forget()
    assert parts.parts() == []


def test_the_processor_of_the_server_is_counted() -> None:
    before = parts.server_used(str(os.getpid()))
    sum(range(20_000_000))
    assert parts.server_used(str(os.getpid())) > before > parts.server_used(None) == 0


def test_a_source_is_read_undisturbed() -> None:
    """As when what is thrown away in the middle of a reading makes another one."""
    inner: list[str] = []

    def read_another(phase: str, info: Any) -> None:
        if not inner:
            inner.append(phase)
            ast.parse("(" * 20 + "1" + ")" * 20)
            inner.clear()

    before = gc.get_threshold()
    gc.callbacks.append(read_another)
    gc.set_threshold(1)
    try:
        trees = [ast.parse("f(lambda row: [cell + 1 for cell in row])\n" * 50) for _ in range(3)]
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(read_another)
    assert [len(tree.body) for tree in trees] == [50] * 3
    assert gc.isenabled()


@pytest.mark.django_db
def test_what_a_test_commits_is_emptied_and_kinds_of_things_stay() -> None:
    get_user_model().objects.create_user("maia@example.org", "Maïa Ferrand")
    kinds = ContentType.objects.count()
    assert "accounts_user" in emptying.filled(connection)
    connection.ops.execute_sql_flush(emptying.emptying(None, connection))
    assert emptying.filled(connection) == []
    assert not get_user_model().objects.exists()
    assert ContentType.objects.count() == kinds > 100
