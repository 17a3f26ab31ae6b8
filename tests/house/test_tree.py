"""The shape of the tree: file names, sizes, and nothing that belongs to one machine."""

import re

import pytest
from django.core.management import get_commands

from tests.house.tree import APPS, python_files, texts

EVERYWHERE = {
    "__init__", "apps", "enums", "models", "querysets", "permissions", "rights", "selectors", "services",
    "forms", "views", "urls", "exports", "notifications", "checks",
}  # fmt: skip
FOLDERS = {"templates", "templatetags", "management", "migrations", "static", "locale"}
SHARED = {
    "clock",
    "archives",
    "confined",
    "resume",
    "context",
    "failures",
    "loaders",
    "fields",
    "form_fields",
    "number_fields",
    "headers",
    "incidents",
    "middleware",
    "monitoring",
    "sqlite",
    "charts",
    "values",
    "navigation",
    "periodic",
    "queries",
    "renderers",
    "showcase",
    "ui",
}
# What an app holds besides; each name says something the list above cannot.
BESIDES: dict[str, set[str]] = {
    "backups": {"apart", "archive", "background", "engines", "queues", "sealing"},
    "config": {"settings", "wsgi", "gunicorn", "finders", "private"},
    "editing": {
        "block_forms",
        "conflicts",
        "fact_forms",
        "middleware",
        "record_forms",
        "refusals",
        "removed",
        "rows",
        "writing",
    },
    "exports": {
        "acts",
        "contract",
        "document",
        "docx",
        "docx_acts",
        "docx_tables",
        "fonts",
        "jobs",
        "measures",
        "pdf",
        "pdf_acts",
        "preparing",
        "responses",
        "typst",
        "writers",
    },
    "accounts": {
        "backends",
        "decorators",
        "letters",
        "middleware",
        "opening",
        "organisations",
        "siret",
        "subjects",
        "throttle",
    },
    "joining": {"data", "links", "people_lists", "proposals", "reminders", "sources", "territory"},
    "charter": {"data", "middleware"},
    "presence": {"erasing", "leaving", "sessions"},
    "administration": {"merging", "references"},
    "discussions": {"activity", "followed", "held", "news", "readers", "stars", "subscriptions", "topics"},
    "readership": {"newcomers", "things"},
    "proconnect": {"provider"},
    "second_factor": {"codes", "middleware", "passkeys"},
    "documents": {"inspection", "uploads"},
    "history": {"chronology", "conflicts"},
    "core": SHARED | {"interrupted", "memory", "prepared", "progress", "tables"},
    "demonstration": {
        "access",
        "action_plans",
        "action_stories",
        "action_writing",
        "attachments",
        "chance",
        "conventions",
        "data",
        "elsewhere",
        "families",
        "following",
        "figures",
        "invented_conventions",
        "follow_ups",
        "loading",
        "map_layers",
        "money",
        "observations",
        "open_figures",
        "people",
        "plans",
        "register",
        "register_families",
        "resorption",
        "shared_convention",
        "sharing",
        "sites",
        "turns",
        "world",
        "writing",
    },
    "actions": {"chronology", "deadlines", "figures", "funders", "news", "sheet"},
    # One folder a capability: docs/architecture.md draws them.
    "conventions": {
        "alerts",
        "changes",
        "documents",
        "dossier",
        "exchange",
        "figures",
        "importing",
        "money",
        "overview",
        "report",
        "roles",
        "sheets",
        "text",
        "versions",
        "votes",
        "workbook",
        "years",
    },
    "imports": {
        "choices",
        "data",
        "jobs",
        "judging",
        "matching",
        "progress",
        "reading",
        "samples",
        "storing",
        "targets",
        "trips",
    },
    "indicators": {
        "aggregation",
        "data",
        "figures",
        "national",
        "national_export",
        "offers",
        "sheet",
        "story",
        "table_export",
    },
    "sites": {
        "activity",
        "cards",
        "chronology",
        "comparison",
        "export_rows",
        "figures",
        "geocoding",
        "nearby",
        "news",
        "pages",
        "provenance",
        "questions",
        "reporting",
        "resorption",
        "sheet",
        "warnings",
    },
    "search": {"kinds", "spelling"},
    "thresholds": {"middleware"},
    "alike": {"card", "costs", "distance", "features"},
    "urgency": {"on_lists", "engine", "ground", "rule", "rules", "scales", "sheet"},
    "spreadsheets": {
        "comments",
        "child",
        "comparing",
        "limits",
        "ods",
        "pages",
        "reading",
        "references",
        "signed",
        "styles",
        "typed",
        "xlsx",
    },
    "figures": {"areas", "declared", "disclosure", "readings", "registry", "together"},
    "maps": {"drawing"},
    "households": {
        "families",
        "handing",
        "imports",
        "joining",
        "journal",
        "keys",
        "leaving",
        "claims",
        "numbers",
        "papers",
        "renewal",
        "retention",
        "sending",
        "session",
        "sheets",
        "team",
        "tries",
        "vault",
    },
    "layers": {
        "drafts",
        "drawing",
        "drawn",
        "geometry",
        "jobs",
        "limits",
        "looks",
        "private",
        "reading",
        "sheet",
        "words",
    },
    "public": {
        "counting",
        "disclosure",
        "drawing",
        "half_years",
        "jobs",
        "limits",
        "measures",
        "pages",
        "preparing",
        "storing",
        "verdicts",
    },
    "reports": {"charts", "drawing", "sheet"},
    # One folder a capability: blocks are made, then written; `kinds` has one file a report.
    "editions": {
        "blocks",
        "closings",
        "corrections",
        "data",
        "jobs",
        "kinds",
        "making",
        "periods",
        "pictures",
        "readiness",
        "registry",
        "topics",
        "writing",
    },
    "territories": {"choropleth", "data", "drawing", "outlines", "reference", "zones"},
}
LONGEST, LONGEST_TEST = 400, 600
# Nine files in ten are shorter.
USUAL = 250
# Written in pieces, or this file would name them.
HOSTS = [
    "registry." + "npm" + "js.org",
    "registry." + "yarnpkg.com",
    "pypi." + "org",
    "files.python" + "hosted.org",
]
MACHINE = re.compile(r"(?<![\w.:/}-])/(?:root|work|home|Users|mnt/data)/\w")


@pytest.mark.parametrize(
    "app", sorted(path.name for path in APPS.iterdir() if (path / "__init__.py").exists())
)
def test_app_keeps_to_the_known_names(app: str) -> None:
    entries = {path for path in (APPS / app).iterdir() if path.name != "__pycache__"}
    known = EVERYWHERE | BESIDES.get(app, set())
    unknown = sorted(path.name for path in entries if path.stem not in known and path.name not in FOLDERS)
    assert unknown == [], "nom hors de la liste : rangez ce code ailleurs, ou ajoutez le nom à BESIDES"


def test_files_say_one_thing() -> None:
    lengths = {
        path: text.count("\n")
        for path, text in python_files("jalons").items()
        if "/migrations/" not in path and text.strip()
    }
    assert {path for path, length in lengths.items() if length > LONGEST} == set()
    ninth = sorted(lengths.values())[int(len(lengths) * 0.9)]
    assert ninth <= USUAL, f"un fichier sur dix passe {ninth} lignes : coupez par sujet"


def test_tests_stay_readable() -> None:
    long = {
        path: text.count("\n")
        for path, text in python_files("tests").items()
        if text.count("\n") > LONGEST_TEST
    }
    assert long == {}


def test_no_registry_and_no_machine_path() -> None:
    found = [
        f"{path}:{number} {line.strip()[:80]}"
        for path, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if any(host in line for host in HOSTS) or MACHINE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("line", ['path = "/ro' + 'ot/x"', "cd /wo" + "rk/main"])
def test_the_rule_sees_machine_paths(line: str) -> None:
    assert MACHINE.search(line)


@pytest.mark.parametrize("line", ["https://example.org/home/x", "jalons/work/x", "{{ base }}/home/x"])
def test_the_rule_lets_addresses_through(line: str) -> None:
    assert not MACHINE.search(line)


def test_every_command_that_is_named_exists() -> None:
    """What a page or a guide tells somebody to run."""
    named = {
        command
        for path, text in texts().items()
        if path.startswith(("jalons/", "docs/", "scripts/")) or path in ("README.md", "Makefile")
        for command in re.findall(r"manage\.py ([a-z_]+)", text)
    }
    assert len(named) > 10
    assert named - set(get_commands()) == set()
