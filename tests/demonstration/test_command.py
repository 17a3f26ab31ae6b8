"""`manage.py demonstration`: what it builds, what it refuses."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jalons.accounts.models import User
from jalons.conventions.exchange.reading import read
from jalons.conventions.importing.storing import store_file, transcriber
from jalons.sites.models import Site
from tests.conventions.samples import sample
from tests.factories import make_user


def run(*args: str, **options: Any) -> str:
    out = io.StringIO()
    small = {"actions": 6, "follow_ups": 4}  # quick; a test that counts them says how many
    call_command("demonstration", *args, stdout=out, **{**small, **options})
    return out.getvalue()


def test_no_table_without_the_demonstration(db: None) -> None:
    assert "pas de compte de démonstration" in run("--accounts")


def test_builds_in_an_empty_base_then_lets_it_be(communes: None) -> None:
    said = run("--if-empty", sites=12, surveys=6)
    assert "12 sites" in said
    assert "6 dispositifs" in said
    before = list(Site.objects.values_list("public_id", flat=True))
    assert run("--if-empty", sites=12) == ""
    assert list(Site.objects.values_list("public_id", flat=True)) == before
    with pytest.raises(CommandError, match="--rebuild"):
        run(sites=12)


def test_rebuild_takes_away_what_people_wrote(communes: None) -> None:
    run(sites=12, surveys=6)
    Site.objects.update(name="Renommé")
    run("--rebuild", sites=12, surveys=6)
    assert not Site.objects.filter(name="Renommé").exists()
    assert Site.objects.count() == 12


def test_real_accounts_are_not_erased(communes: None) -> None:
    make_user(email="agent@structure.example")
    with pytest.raises(CommandError, match="hors démonstration"):
        run("--rebuild", sites=5)
    assert User.objects.filter(email="agent@structure.example").exists()
    run("--rebuild", "--force", sites=5, surveys=4)
    assert not User.objects.filter(email="agent@structure.example").exists()


def test_refused_in_production(communes: None, settings: Any) -> None:
    settings.DEMONSTRATION_ALLOWED = False
    with pytest.raises(CommandError, match="production"):
        run("--if-empty")
    assert not User.objects.exists()


def test_says_what_is_missing(db: None) -> None:
    with pytest.raises(CommandError, match="load_territories"):
        run()


def test_sizes_must_make_sense(db: None) -> None:
    with pytest.raises(CommandError, match="à partir de 1"):
        run(sites=0)
    with pytest.raises(CommandError, match="à partir de 1"):
        run(follow_ups=0)


def test_an_imported_convention_does_not_stop_it(communes: None) -> None:
    """The account that signs what a file says is nobody's: the base has no account yet."""
    store_file(file=read(sample()).file, by=transcriber())
    assert "5 sites" in run("--if-empty", sites=5, surveys=4)
    assert "5 sites" in run("--rebuild", sites=5, surveys=4)
