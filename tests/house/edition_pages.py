"""The addresses of reports: see `pages`."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any
from unittest import mock

from django.utils import timezone

from jalons.accounts.decorators import SIGNED_IN
from jalons.accounts.enums import Right
from jalons.editions.enums import EditionStage, ReportRhythm
from jalons.editions.models import PeriodClosing, ReportAccess, ReportEdition, TerritoryLogo
from jalons.editions.periods import period_of
from jalons.editions.services import making
from jalons.editions.services.logos import DrawnLogo, set_logo, stored_logo
from jalons.editions.services.periods import close_period
from tests import factories
from tests.editions.making import make_edition, reader_of
from tests.house.page import Page
from tests.house.world import World

EXPORT, CLOSES = Right.EXPORT, Right.CLOSE_PERIODS


def edition_named(world: World, name: str) -> ReportEdition:
    """An edition of the correspondent, made when it is first asked for. `name` only tells them apart."""
    known = ReportEdition.objects.filter(options__cover=name).first()
    if known is None:
        with written_once(world):
            known = make_edition(world.cast.correspondent59, cover=name)
    return known


@contextlib.contextmanager
def written_once(world: World) -> Iterator[None]:
    """The files of a report take half a second of processor, and each test of a world made once a module asks for
    them before it changes anything: they are written for the first one. `tests/editions` judges what is in them.
    """
    written: list[Any] | None = world.__dict__.get("written")
    if written is None:
        yield
        return
    write = making.written_files

    def once(edition: ReportEdition, tell: Any) -> Any:
        if not written:
            written.append(write(edition, tell))
        return written[0]

    with mock.patch.object(making, "written_files", once):
        yield


def on_kind(world: World) -> Mapping[str, Any]:
    return {"kind": "observatoire"}


def on_draft(world: World) -> Mapping[str, Any]:
    return {"public_id": edition_named(world, "brouillon").public_id}


def on_file(world: World) -> Mapping[str, Any]:
    return {**on_draft(world), "extension": "xlsx"}


def on_newer(world: World) -> Mapping[str, Any]:
    newer = edition_named(world, "refaite")
    ReportEdition.objects.filter(pk=newer.pk).update(previous=edition_named(world, "brouillon"))
    return {"public_id": newer.public_id}


def on_text(world: World) -> Mapping[str, Any]:
    return {**on_draft(world), "section": "mouvements"}


def on_access(world: World) -> Mapping[str, Any]:
    edition = edition_named(world, "partagée")
    access = ReportAccess.objects.filter(edition=edition).first()
    return {
        "public_id": edition.public_id,
        "access": (access or reader_of(edition, world.cast.operator_a)).pk,
    }


def on_shared_with_me(world: World) -> Mapping[str, Any]:
    """The correspondent is one of its readers too: they say that they read it."""
    edition = edition_named(world, "à relire")
    if not edition.accesses.filter(user=world.cast.correspondent59).exists():
        reader_of(edition, world.cast.correspondent59)
    return {"public_id": edition.public_id}


def to_operator(world: World) -> Mapping[str, Any]:
    return {"email": world.cast.operator_a.email, "may_write": "non"}


def account(world: World) -> ReportEdition:
    """The account of a half-year that is over, published: its files are of no use here."""
    edition = ReportEdition.objects.filter(kind="bilan").first()
    if edition is None:
        day = period_of(ReportRhythm.HALF_YEAR, timezone.localdate()).before.first
        edition = make_edition(world.cast.correspondent59, kind="bilan", day=day, made=False)
        ReportEdition.objects.filter(pk=edition.pk).update(stage=EditionStage.PUBLISHED)
        edition.refresh_from_db()
    return edition


def on_account(world: World) -> Mapping[str, Any]:
    return {"public_id": account(world).public_id}


def on_closing(world: World) -> Mapping[str, Any]:
    closing = PeriodClosing.objects.filter(reopened_at__isnull=True).first()
    return {
        "closing": (
            closing or close_period(edition=account(world), by=factories.actor(world.cast.correspondent59))
        ).pk
    }


def on_logo(world: World) -> Mapping[str, Any]:
    row = TerritoryLogo.objects.first()
    if row is None:
        drawn = DrawnLogo(png=b"\x89PNG", width=1, height=1)
        by = factories.actor(world.cast.correspondent59)
        with stored_logo(drawn) as file:
            row = set_logo(area="departement-13", logo=drawn, file=file, alt="Logo", by=by)
    return {"digest": row.sha256}


def says(**data: str) -> Any:
    return lambda world: data


def own_page(name: str, kwargs: Any, **more: Any) -> Page:
    """A page of an edition: for anybody else it does not exist."""
    return Page(f"editions:{name}", SIGNED_IN, kwargs, about_subject=False, own=True, **more)


EDITION_PAGES = [
    Page("editions:list", SIGNED_IN),
    Page("editions:choose", EXPORT),
    Page("editions:ready", EXPORT),
    # Nothing is missing where everything was told: tests/editions/test_half_year.py.
    Page("editions:ask_contributor", CLOSES, reads=False),
    Page("editions:close", CLOSES, on_account, data=says(), reads=False, about_subject=False, own=True),
    Page("editions:reopen", CLOSES, on_closing, data=says(reason="Un site oublié")),
    Page("editions:logo", CLOSES),
    Page("editions:remove_logo", CLOSES, reads=False),
    Page("editions:logo_picture", SIGNED_IN, on_logo, about_subject=False),
    Page(
        "editions:ask",
        EXPORT,
        lambda world: {"kind": "observatoire"},
        data=says(phrase="Le mois"),
        about_subject=False,
    ),
    own_page("edition", on_draft),
    own_page("file", on_file),
    own_page("differences", on_newer),
    # They leave a word to the worker, not a row: tests/editions/test_life.py.
    own_page("stop", on_draft, reads=False),
    own_page("make_again", on_draft, reads=False),
    own_page("identical", on_draft, reads=False),
    own_page("with_today", on_draft, data=says(), reads=False),
    own_page("publish", on_draft, data=says(), reads=False),
    own_page("read_by", on_shared_with_me, data=says(), reads=False),
    own_page("readers", on_draft, data=to_operator),
    own_page("take_back", on_access, data=says(), reads=False),
    own_page("words", on_draft),
    own_page("write", on_text, data=says(body="Deux sites de plus.")),
]
