"""The addresses of the wall of a register: see `pages`. Those of families are in `register_pages`.

A register is open in one session only, that of its pages' own tests (tests/households): here it is locked for
everybody, so that what is asked is who may even come to the page that asks for a code.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from jalons.accounts.decorators import OPEN
from jalons.accounts.enums import Right
from jalons.households.models import RegisterMember
from jalons.households.papers.documents import REGISTER_DOCUMENTS
from tests.house.page import Kwargs, Page
from tests.house.world import World
from tests.households.opening import opened_for

KEEP = Right.KEEP_REGISTER
HOUSEHOLD = UUID(int=17)


def register(world: World) -> Mapping[str, Any]:
    opened_for(world.cast.operator_a)
    return {}


def member(world: World) -> Mapping[str, Any]:
    register(world)
    return {"public_id": RegisterMember.objects.get(user=world.cast.operator_a).public_id}


def household(**more: str) -> Kwargs:
    """Locked, a page does not even say whether the household is there."""

    def kwargs(world: World) -> Mapping[str, Any]:
        register(world)
        return {"household_id": HOUSEHOLD, **more}

    return kwargs


def handing(world: World) -> Mapping[str, Any]:
    register(world)
    return {"handing_id": HOUSEHOLD}


def page(name: str, kwargs: Kwargs = register, *, own: bool = True, reads: bool = True) -> Page:
    return Page(
        f"households:{name}",
        KEEP,
        kwargs,
        person="operator_a",
        about_subject=False,
        hidden=True,
        own=own,
        reads=reads,
    )


def table(world: World) -> Mapping[str, Any]:
    register(world)
    return {"import_id": HOUSEHOLD}


HOUSEHOLD_PAGES = [
    page("home", own=False),
    page("choose", own=False, reads=False),
    page("create", lambda world: {}, own=False),
    page("open"),
    page("lock", own=False, reads=False),
    page("code"),
    page("recover"),
    page("team"),
    page("invite", reads=False),
    page("renew", reads=False),
    page("recovery"),
    page("admit", member, reads=False),
    page("withdraw", member),
    page("head", member, reads=False),
    page("journal"),
    page("families"),
    page("new_family"),
    page("move"),
    page("resettle", reads=False),
    page("sheet", household()),
    page("add_fact", household(kind="visit")),
    page("fact", household(fact_id="f1")),
    page("add_person", household()),
    page("person", household(person_id="p1")),
    page("counted", lambda world: {**register(world), "code": "menages"}),
    page("mapped"),
    page("team_figures"),
    page("take_figures", lambda world: {**register(world), "extension": "docx"}, reads=False),
    page("claims", household()),
    page("unite", household()),
    page("unite_with", household(other_id=str(UUID(int=18)))),
    page("part", household()),
    page("hand", household()),
    page("handings"),
    page("handed", handing),
    page("accept", handing, reads=False),
    page("decline", handing, reads=False),
    page("take_back", handing, reads=False),
    page("end", handing, reads=False),
    page("access", household(extension="json"), reads=False),
    page("retention"),
    page("import_start"),
    page("import_sample"),
    page("import_preview", table),
    page("import_columns", table),
    page("import_apply", table, reads=False),
    page("import_undo", table, reads=False),
    page("import_drop", table, reads=False),
    page("leave"),
    page("take", reads=False),
    page("destroy", reads=False),
    Page("households:papers", OPEN),
    Page(
        "households:paper",
        OPEN,
        lambda world: {"slug": REGISTER_DOCUMENTS[0].slug},
        about_subject=False,
    ),
]
