"""`scripts/newest`: what it asks of the machine before it makes a Debian."""

import os
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "newest"
OTHERS = [
    "bookworm-updates main mirror://essai/debian/ Debian",
    "bookworm-security main mirror://essai/debian-security/ Debian",
    "nodistro main mirror://essai/node_20.x/ Node",
    "stable main mirror://essai/navigateur/deb/ Autre",
    "bookworm contrib mirror://essai/debian-contrib/ Debian",
]


@pytest.fixture
def newest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    loader = SourceFileLoader("newest", str(SCRIPT))
    spec = spec_from_loader("newest", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    (tmp_path / "os-release").write_text("ID=debian\nVERSION_CODENAME=bookworm\n")
    monkeypatch.setattr(module, "OS_RELEASE", tmp_path / "os-release")
    return module


def targets(newest: ModuleType, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(newest, "output", lambda *command: "\n".join(lines))


@pytest.mark.parametrize(
    ("line", "mirror"),
    [
        ("bookworm main mirror://essai/debian/ Debian", "mirror://essai/debian/"),
        ("bookworm main mirror://essai/debian/", "mirror://essai/debian/"),  # apt has not read it yet
        ("bookworm main mirror://essai/artefacts/ Debian", "mirror://essai/artefacts/"),
        ("sid main mirror://essai/debian Debian", "mirror://essai/debian"),
    ],
)
def test_mirror_is_the_one_of_debian_itself(
    newest: ModuleType, monkeypatch: pytest.MonkeyPatch, line: str, mirror: str
) -> None:
    targets(newest, monkeypatch, *OTHERS, line)
    assert newest.apt_mirror() == mirror


def test_machine_without_a_debian_mirror(newest: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    targets(newest, monkeypatch, *OTHERS, "noble main mirror://essai/ubuntu/ Ubuntu")
    with pytest.raises(SystemExit, match="--mirror ADRESSE"):
        newest.apt_mirror()


def test_asks_for_root(newest: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(newest, "separate_mounts", lambda: pytest.fail("rien ne doit commencer"))
    monkeypatch.setattr("sys.argv", ["newest"])
    with pytest.raises(SystemExit, match="sudo make newest"):
        newest.main()


def test_settings_of_pip_keep_their_sections(newest: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    targets(
        newest,
        monkeypatch,
        "global.cert='/etc/essai.crt'",
        "install.find-links='/srv/paquets'",
        ":env:.timeout='9'",
    )
    settings = newest.pip_settings()
    assert {name: dict(settings[name]) for name in settings.sections()} == {
        "global": {"cert": "/etc/essai.crt"},
        "install": {"find-links": "/srv/paquets"},
    }


def test_local_paths_of_the_settings(newest: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "simple").mkdir()
    values = [
        f"{tmp_path} file://{tmp_path}/simple",
        f"{tmp_path}/absent",
        "mirror://essai/simple",
        "/usr",
        "9",
    ]
    assert list(newest.local_paths(values)) == [tmp_path, tmp_path / "simple"]
