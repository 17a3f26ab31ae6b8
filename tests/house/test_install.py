"""`scripts/install`: which Python it takes, and what it says when the machine lacks something."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "env", "cat", "cksum", "dirname", "grep", "mktemp", "rm", "sed", "sort")
# A Python that runs the probes of the script for real, under another version, and only notes what it would install.
FAKE_PYTHON = """
import itertools, os, pathlib, sys, time
version, options, *arguments = sys.argv[1:]
major, minor, micro, *rest = version.split(".")
level = rest[0] if rest else "final"
if arguments[0] == "-c":
    sys.version_info = (int(major), int(minor), int(micro), level, 0)
    if "without_venv" in options:
        sys.modules["ensurepip"] = None
    if "without_pip" in options:
        sys.modules["pip"] = None
    time.process_time = itertools.count(0, 3 if "slow" in options else 2).__next__
    sys.argv = arguments[:1] + arguments[2:]
    exec(arguments[1])
elif arguments[:2] == ["-m", "venv"]:
    binaries = pathlib.Path(arguments[-1]) / "bin"
    binaries.mkdir(parents=True, exist_ok=True)
    (binaries.parent / ".installed").unlink(missing_ok=True)
    (binaries / "pip").write_text("#!" + sys.executable)
    text = pathlib.Path(os.environ["FAKE_SHELL"]).read_text()
    (binaries / "python").write_text(text % (version, options.replace("without_pip", "")))
    (binaries / "python").chmod(0o755)
elif "too_new" in options:
    sys.exit("ERROR: No matching distribution found for psycopg-binary==3.2.9")
elif "offline" in options:
    sys.exit("WARNING: Retrying (Retry(total=0))\\nERROR: No matching distribution found for anyio==4.9.0")
"""
COMMANDS = ("sudo apt install python3 python3-venv", "Debian", "Ubuntu", "brew install python")
NODE_COMMANDS = (
    "Debian 13",
    "sudo apt install nodejs npm",
    "Ubuntu",
    "snap install node",
    "brew install node",
)


class Machine:
    """A project of three files, and a PATH where only what a test puts is found."""

    def __init__(self, folder: Path) -> None:
        self.project, self.bin, self.late = folder / "projet", folder / "bin", folder / "late"
        for path in (self.project / "scripts", self.project / "requirements", self.bin, self.late):
            path.mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "install", self.project / "scripts" / "install")
        for name in ("requirements/dev.txt", "package.json", "package-lock.json"):
            (self.project / name).write_text(name)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        (folder / "fake.py").write_text(FAKE_PYTHON)
        self.shell = folder / "fake.sh"
        self.shell.write_text(f'#!/bin/sh\nexec {sys.executable} {folder}/fake.py %s "%s" "$@"\n')
        self.node("v20.11.0")
        self.command(self.bin / "npm", "#!/bin/sh\nmkdir -p node_modules\n")
        (self.bin / "mkdir").symlink_to(str(shutil.which("mkdir")))

    def command(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def node(self, version: str) -> None:
        self.command(self.bin / "node", f"#!/bin/sh\necho {version}\n")

    def python(self, name: str, version: str, options: str = "", folder: Path | None = None) -> None:
        self.command((folder or self.bin) / name, self.shell.read_text() % (version, options))

    def install(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.project / "scripts" / "install"],
            env={"PATH": f"{self.bin}:{self.late}", "FAKE_SHELL": str(self.shell), "TMPDIR": str(self.bin)},
            capture_output=True,
            text=True,
        )

    def venv_version(self) -> str:
        text = (self.project / ".venv" / "bin" / "python").read_text()
        return text.split("fake.py ")[1].split()[0]


def test_versions_asked_for_are_the_same_everywhere() -> None:
    script = (ROOT / "scripts" / "install").read_text()
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = re.findall(r'^python_needed="(\d+), (\d+)"$', script, re.MULTILINE)[0]
    assert settings["project"]["requires-python"] == ">=" + ".".join(needed)
    assert settings["tool"]["ruff"]["target-version"] == "py" + "".join(needed)
    assert settings["tool"]["mypy"]["python_version"] == ".".join(needed)
    assert f"--python-version {'.'.join(needed)} " in (ROOT / "scripts" / "lock").read_text()
    node = re.findall(r"^node_needed=(\d+)$", script, re.MULTILINE)[0]
    assert json.loads((ROOT / "package.json").read_text())["engines"]["node"] == f">={node}"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("pythons", "taken"),
    [
        ({"python3": "3.11.2"}, "3.11.2"),
        ({"python": "3.12.1"}, "3.12.1"),
        ({"python3.11": "3.11.9", "python3": "3.13.5"}, "3.13.5"),
        ({"python3.13": "3.13.0", "python3": "3.11.2", "python3.9": "3.9.18"}, "3.13.0"),
        ({"python3.9": "3.9.18", "python3.10": "3.10.12", "python3.11": "3.11.0"}, "3.11.0"),
        ({"python3.11": "3.11.4", "python3": "3.11.10"}, "3.11.10"),
        ({"python3.99": "3.99.0", "python3.14": "3.14.1"}, "3.99.0"),
        ({"python3.15": "3.15.0.alpha", "python3.14": "3.14.1"}, "3.14.1"),
        ({"python3.15": "3.15.0.candidate", "python3": "3.9.2"}, "3.15.0.candidate"),
    ],
)
def test_newest_supported_python_is_taken(machine: Machine, pythons: dict[str, str], taken: str) -> None:
    for name, version in pythons.items():
        machine.python(name, version)
    result = machine.install()
    assert (result.returncode, result.stderr) == (0, "")
    assert machine.venv_version() == taken
    assert f"Création de .venv avec Python {taken.removesuffix('.candidate')}" in result.stdout
    assert machine.install().stdout == ""


@pytest.mark.parametrize(
    ("pythons", "taken"),
    [
        ({"python3.11": ("3.11.7", "slow"), "python3": ("3.11.2", "")}, "3.11.2"),
        ({"python3.11": ("3.11.7", "slow"), "python3": ("3.11.2", "slow")}, "3.11.7"),
        ({"python3.11": ("3.11.7", ""), "python3": ("3.11.2", "slow")}, "3.11.7"),
        (
            {"python3.13": ("3.13.0", "slow"), "python3": ("3.11.2", "")},
            "3.13.0",
        ),  # a newer one stays the newest
        ({"python3.13": ("3.13.0", "slow"), "python3": ("3.13.1.alpha", "")}, "3.13.0"),
    ],
)
def test_of_two_of_the_same_version_the_better_compiled_is_taken(
    machine: Machine, pythons: dict[str, tuple[str, str]], taken: str
) -> None:
    for name, (version, options) in pythons.items():
        machine.python(name, version, options)
    result = machine.install()
    assert (result.returncode, result.stderr, machine.venv_version()) == (0, "", taken)
    assert ("plus rapide ici que Python 3.11.7" in result.stdout) == (taken == "3.11.2")


def test_python_later_in_the_path_is_taken_when_newer(machine: Machine) -> None:
    machine.python("python3", "3.11.2")
    machine.python("python3", "3.13.5", folder=machine.late)
    assert machine.install().returncode == 0
    assert machine.venv_version() == "3.13.5"


def test_python_without_venv_is_passed_over(machine: Machine) -> None:
    machine.python("python3.13", "3.13.5", "without_venv")
    machine.python("python3.11", "3.11.2")
    assert machine.install().returncode == 0
    assert machine.venv_version() == "3.11.2"


def test_command_that_is_no_python_is_passed_over(machine: Machine) -> None:
    machine.command(machine.bin / "python3.14", "#!/bin/sh\necho 'command not found' >&2; exit 127\n")
    machine.python("python3", "3.12.4")
    assert machine.install().returncode == 0
    assert machine.venv_version() == "3.12.4"


@pytest.mark.parametrize(
    ("pythons", "sentence"),
    [
        ({}, "aucun Python"),
        ({"python3": ("3.10.12", "")}, "Python 3.10.12 ({bin}/python3) : trop ancien"),
        ({"python": ("2.7.18", "")}, "Python 2.7.18 ({bin}/python) : trop ancien"),
        (
            {"python3": ("3.13.5", "without_venv")},
            "Python 3.13.5 ({bin}/python3) : sans venv (sous Debian et Ubuntu : sudo apt install python3.13-venv)",
        ),
    ],
)
def test_unusable_python_is_named_with_what_installs_another(
    machine: Machine, pythons: dict[str, tuple[str, str]], sentence: str
) -> None:
    for name, (version, options) in pythons.items():
        machine.python(name, version, options)
    result = machine.install()
    assert result.returncode == 1
    assert sentence.format(bin=machine.bin) in result.stderr
    assert all(command in result.stderr for command in COMMANDS)
    assert not (machine.project / ".venv").exists()


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ("v18.19.0", "Node 18.19.0, trop ancien"),
        ("v9.2.0", "Node 9.2.0, trop ancien"),
        ("", "Node n’y est pas"),
    ],
)
def test_unusable_node_is_named_before_anything_is_installed(
    machine: Machine, version: str, sentence: str
) -> None:
    machine.python("python3", "3.13.5")
    machine.node(version)
    result = machine.install()
    assert result.returncode == 1
    assert sentence in result.stderr
    assert all(command in result.stderr for command in NODE_COMMANDS)
    assert not (machine.project / ".venv").exists()


@pytest.mark.parametrize("version", ["v20.0.0", "v22.14.0", "v100.0.0"])
def test_recent_node_is_accepted(machine: Machine, version: str) -> None:
    machine.python("python3", "3.13.5")
    machine.node(version)
    assert machine.install().returncode == 0


def test_node_without_npm(machine: Machine) -> None:
    machine.python("python3", "3.13.5")
    (machine.bin / "npm").unlink()
    result = machine.install()
    assert (result.returncode, "mais npm n’y est pas" in result.stderr) == (1, True)


def test_all_that_is_missing_is_said_at_once(machine: Machine) -> None:
    machine.node("v18.19.0")
    errors = machine.install().stderr
    assert "aucun Python" in errors
    assert "Node 18.19.0" in errors


@pytest.mark.parametrize(
    ("version", "options"),
    [
        ("3.10.4", ""),  # made before the project asked for more
        ("3.13.5", "without_pip"),  # the system went from one Python to the next under it
    ],
)
def test_venv_that_no_longer_serves_is_made_again(machine: Machine, version: str, options: str) -> None:
    machine.python("python3", "3.12.0")
    assert machine.install().returncode == 0
    machine.python("python", version, options, folder=machine.project / ".venv" / "bin")
    result = machine.install()
    assert (result.returncode, machine.venv_version()) == (0, "3.12.0")
    assert "Installation des dépendances Python" in result.stdout


def test_venv_of_a_folder_that_moved_is_made_again(machine: Machine) -> None:
    machine.python("python3", "3.12.0")
    machine.install()
    (machine.project / ".venv" / "bin" / "pip").write_text("#!/ancien/dossier/.venv/bin/python\n")
    assert "Création de .venv" in machine.install().stdout
    assert machine.install().stdout == ""


def test_venv_that_points_nowhere_is_made_again(machine: Machine) -> None:
    machine.python("python3", "3.12.0")
    (machine.project / ".venv").symlink_to("/nulle/part")
    assert machine.install().returncode == 0
    assert machine.venv_version() == "3.12.0"


def test_venv_that_serves_is_kept_when_a_newer_python_comes(machine: Machine) -> None:
    machine.python("python3.11", "3.11.2")
    machine.install()
    machine.python("python3.13", "3.13.5")
    assert machine.install().stdout == ""
    assert machine.venv_version() == "3.11.2"


def test_python_too_new_for_a_dependency_gives_way_to_the_next(machine: Machine) -> None:
    machine.python("python3.99", "3.99.0", "too_new")
    machine.python("python3.13", "3.13.5")
    result = machine.install()
    assert (result.returncode, machine.venv_version()) == (0, "3.13.5")
    assert "Une dépendance n’existe pas encore pour Python 3.99.0" in result.stderr


def test_python_too_new_and_alone(machine: Machine) -> None:
    machine.python("python3.99", "3.99.0", "too_new")
    result = machine.install()
    assert result.returncode == 1
    assert "psycopg-binary" in result.stderr
    assert "convient, mais une dépendance n’existe pas encore pour lui" in result.stderr
    assert all(command in result.stderr for command in COMMANDS)


def test_dead_network_is_not_taken_for_a_python_too_new(machine: Machine) -> None:
    machine.python("python3.13", "3.13.5", "offline")
    machine.python("python3.11", "3.11.2")
    result = machine.install()
    assert result.returncode == 1
    assert "pip dit pourquoi plus haut" in result.stderr
    assert machine.venv_version() == "3.13.5"
    machine.python("python", "3.13.5", folder=machine.project / ".venv" / "bin")
    assert machine.install().returncode == 0


def test_activated_venv_does_not_make_itself(machine: Machine) -> None:
    machine.python("python3", "3.12.0")
    machine.install()
    own = machine.project / ".venv" / "bin"
    machine.python("python", "3.99.0", "without_pip", folder=own)
    result = subprocess.run(
        [machine.project / "scripts" / "install"],
        env={**os.environ, "PATH": f"{own}:{machine.bin}", "FAKE_SHELL": str(machine.shell)},
        capture_output=True,
        text=True,
    )
    assert (result.returncode, machine.venv_version()) == (0, "3.12.0")
