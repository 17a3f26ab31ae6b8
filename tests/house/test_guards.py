"""The guards of tests/conftest.py see what they must see."""

import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import httpx
import hypothesis
import pytest
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.forms import CharField, Form
from django.template import engines
from django.test import Client
from django_tasks_db.models import DBTaskResult
from hypothesis import strategies

from tests.guards.network import NetworkError
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


@hypothesis.given(strategies.integers())
def test_guards_leave_hypothesis_alone(number: int) -> None:
    assert int(str(number)) == number


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
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-c", root / "pyproject.toml", tmp_path],
        env={"PATH": "", "PYTHONPATH": str(root), "CI": ci}, cwd=root, capture_output=True, text=True,
    )  # fmt: skip
    assert (run.returncode, outcome in run.stdout) == (code, True), run.stdout
    assert ("pas de navigateur" in run.stdout) == (ci == "true")
