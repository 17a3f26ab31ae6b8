"""Production refuses what would be unsafe; a key of its own is made when none is given."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONG_KEY = "tirée-au-hasard-" * 5
NAMED = {
    "JALONS_HOSTS": "jalons.example.fr",
    "JALONS_ORIGIN": "https://jalons.example.fr",
    "JALONS_TRUSTED_PROXIES": "1",
}
GOOD = {**NAMED, "JALONS_SECRET_KEY": LONG_KEY}


SAY = "from django.conf import settings; print(settings.SECRET_KEY, settings.DEBUG)"


def start(data: Path, code: str = SAY, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("JALONS_", "DATABASE_URL"))
    }
    production = {"DJANGO_SETTINGS_MODULE": "jalons.config.settings.production", "JALONS_DATA_DIR": str(data)}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=inherited | production | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_starts_when_all_is_given(tmp_path: Path) -> None:
    assert start(tmp_path, **GOOD).stdout.split() == [LONG_KEY, "False"]


@pytest.mark.parametrize(
    ("change", "culprit"),
    [
        ({"JALONS_DEBUG": "true"}, "JALONS_DEBUG"),
        ({"JALONS_DEBUG": "1"}, "JALONS_DEBUG"),
        ({"DEBUG": "true"}, "JALONS_DEBUG"),
        ({"JALONS_SECRET_KEY": "court"}, "JALONS_SECRET_KEY"),
        ({"JALONS_SECRET_KEY": "django-insecure-" + LONG_KEY}, "JALONS_SECRET_KEY"),
        ({"JALONS_HOSTS": ""}, "JALONS_HOSTS"),
        ({"JALONS_HOSTS": "*"}, "JALONS_HOSTS"),
        ({"JALONS_HOSTS": "jalons.example.fr,*"}, "JALONS_HOSTS"),
        ({"JALONS_HOSTS": ".example.fr"}, "JALONS_HOSTS"),
        ({"JALONS_ORIGIN": ""}, "JALONS_ORIGIN"),
        ({"JALONS_ORIGIN": "http://jalons.example.fr"}, "JALONS_ORIGIN"),
        ({"JALONS_ORIGIN": "jalons.example.fr"}, "JALONS_ORIGIN"),
        ({"JALONS_ORIGIN": "https://autre.example.fr"}, "JALONS_ORIGIN"),
        ({"JALONS_ORIGIN": "https://jalons.example.fr/jalons"}, "JALONS_ORIGIN"),
        ({"JALONS_TRUSTED_PROXIES": "-1"}, "JALONS_TRUSTED_PROXIES"),
        ({"JALONS_TRUSTED_PROXIES": "99"}, "JALONS_TRUSTED_PROXIES"),
        ({"JALONS_SECOND_FACTOR": "off"}, "JALONS_SECOND_FACTOR"),
        ({"JALONS_SECOND_FACTOR": "", "JALONS_ALLOW_DEMONSTRATION": "true"}, "JALONS_SECOND_FACTOR"),
        ({"JALONS_PROCONNECT_ISSUER": "https://pc.example.fr"}, "JALONS_PROCONNECT_ISSUER"),
        ({"JALONS_PROCONNECT_SECRET": "x"}, "JALONS_PROCONNECT_ISSUER"),
        (
            {
                "JALONS_PROCONNECT_ISSUER": "http://pc.example.fr",
                "JALONS_PROCONNECT_CLIENT_ID": "x",
                "JALONS_PROCONNECT_SECRET": "x",
            },
            "JALONS_PROCONNECT_ISSUER",
        ),
        ({"JALONS_SIGN_IN_TRIES": "0"}, "JALONS_SIGN_IN_TRIES"),
        ({"JALONS_SIGN_IN_TRIES": "30"}, "JALONS_SIGN_IN_TRIES"),
        ({"JALONS_SIGN_IN_TRIES_BY_ADDRESS": "5000"}, "JALONS_SIGN_IN_TRIES"),
    ],
)
def test_refuses(tmp_path: Path, change: dict[str, str], culprit: str) -> None:
    result = start(tmp_path, **{**GOOD, **change})
    assert result.returncode != 0
    assert f"ImproperlyConfigured: {culprit}" in result.stderr


@pytest.mark.parametrize("absent", sorted(NAMED))
def test_refuses_without(absent: str, tmp_path: Path) -> None:
    result = start(tmp_path, **{name: value for name, value in GOOD.items() if name != absent})
    assert f"ImproperlyConfigured: {absent}" in result.stderr


def test_a_demonstration_may_do_without_a_second_factor(tmp_path: Path) -> None:
    say = "from django.conf import settings; print(settings.SECOND_FACTOR_REQUIRED)"
    trial = {**GOOD, "JALONS_ALLOW_DEMONSTRATION": "true"}
    assert start(tmp_path, say, **trial).stdout.split() == ["True"]
    assert start(tmp_path, say, **trial, JALONS_SECOND_FACTOR="off").stdout.split() == ["False"]


def test_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first, second = (start(tmp_path, **NAMED).stdout.split()[0] for _ in range(2))
    kept = tmp_path / "secret_key"
    assert first == second == kept.read_text()
    assert len(first) >= 50
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_every_variable_is_documented() -> None:
    sources = [*(ROOT / "jalons" / "config").rglob("*.py")]
    read = {
        name
        for path in sources
        for name in re.findall(r"""(?:env\.\w+|environ\.get)\(['"](\w+)""", path.read_text())
    }
    guide = (ROOT / "docs" / "exploitation.md").read_text()
    assert "JALONS_DATA_DIR" in read
    assert sorted(name for name in read - {"DEBUG"} if f"`{name}`" not in guide) == []
