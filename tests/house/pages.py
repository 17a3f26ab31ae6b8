"""THE table of permissions: one line for each address of Jalons. `test_permissions.py` calls every one of them.

To add a page, add a line to `PAGES`:

    Page("sites:edit", Right.UPDATE_SITE, on_site, data=lambda w: {"name": "Autre nom", "expected_version": 1}),

- the name of the URL, with its namespace;
- `access`: what the decorator of the view says (`open_to_all` → OPEN, `signed_in` → SIGNED_IN, `requires(R)` or
  `on_site(R)` → R); for a page about a site, that right is expected on that site;
- `kwargs`: what the address holds, from the `World`; a page with `kwargs` is a page about `world.site`, unless
  `about_site=False`;
- `data`: a POST that is valid and writes. Without it the page only reads, and a POST must change nothing;
- `reads=False`: the page only takes POST; GET is 405;
- `query`: what GET needs after the « ? »;
- `person`: who is allowed, a name of `tests.factories.Cast` (the correspondent of the Nord, who may do all there).

A page that is not written yet and answers 404 to everybody is named in `PENDING`, and only there.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jalons.accounts.decorators import OPEN, SIGNED_IN
from jalons.accounts.enums import Right, Role
from jalons.accounts.models import User
from jalons.sites.enums import EventKind
from jalons.sites.models import Procedure, Resettlement, Site, SiteAlias, SiteEvent, Survey
from tests import factories
from tests.factories import Cast

DAY = dt.date(2020, 1, 1)


@dataclass(frozen=True)
class World:
    """One site in Lille with everything on it, another to compare, and the people who look at them."""

    cast: Cast
    stranger: User  # holds every right, in Marseille: nothing of Lille exists for them
    site: Site
    other: Site  # in Roubaix
    closed: Site  # in Lille
    alias: SiteAlias
    survey: Survey
    set_aside: Survey
    conditions: Any
    event: SiteEvent
    procedure: Procedure
    resettlement: Resettlement


def make_world(cast: Cast) -> World:
    site = factories.make_site("Rue du Moulin")
    other = factories.make_site("Rue des Fleurs", factories.ROUBAIX)
    return World(
        cast=cast,
        stranger=factories.make_user(Role.OPERATOR, factories.MARSEILLE, grants=Right),
        site=site,
        other=other,
        closed=factories.make_site("Rue Close", closed=DAY),
        alias=factories.make_alias(site, "Le moulin"),
        survey=factories.make_survey(site, DAY, 40),
        set_aside=factories.make_survey(site, DAY, 400, set_aside=True),
        conditions=factories.make_conditions(site, DAY),
        event=factories.make_event(site, DAY, EventKind.VISIT),
        procedure=factories.make_procedure(site, DAY),
        resettlement=factories.make_fact(Resettlement, site, DAY, origin=other),
    )


Kwargs = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Page:
    name: str
    access: str
    kwargs: Kwargs | None = None
    data: Callable[[World], Mapping[str, Any]] | None = None
    reads: bool = True
    query: str = ""
    person: str = "correspondent59"
    about_site: bool = True
    answers: int = 200  # to GET

    @property
    def on_a_site(self) -> bool:
        return self.kwargs is not None and self.about_site


def on_site(world: World) -> Mapping[str, Any]:
    return {"public_id": world.site.public_id}


def on_closed(world: World) -> Mapping[str, Any]:
    return {"public_id": world.closed.public_id}


def on_fact(name: str) -> Kwargs:
    """The address of one fact of the site: « survey », « event »…"""
    return lambda world: {"public_id": world.site.public_id, "lineage": getattr(world, name).lineage}


def on_alias(world: World) -> Mapping[str, Any]:
    return {"public_id": world.site.public_id, "pk": world.alias.pk}


def new_password(world: World) -> Mapping[str, Any]:
    first, second = "new_password1", "new_password2"
    return {
        "old_password": factories.PASSWORD,
        first: "une autre longue phrase",
        second: "une autre longue phrase",
    }


COUNT = {"observed_on": "1/1/2020", "source_kind": "operator", "reliability": "2", "people": "12"}


def seen(name: str, **more: str) -> Callable[[World], Mapping[str, Any]]:
    """What corrects or withdraws a fact: the version under the eyes, and why."""
    return lambda world: {"seen": getattr(world, name).pk, "reason": "mieux vu", **more}


def arrival(world: World) -> Mapping[str, Any]:
    return {"direction": "depuis", "other": world.other.public_id, "on": "1/1/2020"}


READ, UPDATE, CLOSE = Right.READ_SITES, Right.UPDATE_SITE, Right.CLOSE_SITE

PAGES = [
    # The front door and the service pages.
    Page("home", OPEN),
    Page("core:health", OPEN),
    Page("core:components", OPEN),
    # Accounts.
    Page(
        "accounts:sign_in",
        OPEN,
        data=lambda w: {"username": w.cast.mairie.email, "password": factories.PASSWORD},
    ),
    Page("accounts:sign_out", OPEN, data=lambda w: {}, reads=False),
    Page("accounts:forgotten", OPEN, data=lambda w: {"email": w.cast.mairie.email}),
    Page("accounts:link_sent", OPEN),
    Page("accounts:new_password", OPEN, lambda w: {"uidb64": "MQ", "token": "x-y"}, about_site=False),
    Page("accounts:account", SIGNED_IN),
    Page("accounts:change_password", SIGNED_IN, data=new_password),
    Page("accounts:who_sees_what", OPEN),
    # Territories.
    Page("territories:communes", SIGNED_IN, query="q=Lille"),
    Page("territories:departements", SIGNED_IN),
    # Sites: the list.
    Page("sites:list", READ),
    Page("sites:export_choice", Right.EXPORT),
    Page("sites:export", Right.EXPORT, query="format=csv"),
    Page("maps:map", READ),
    Page("maps:sites", READ),
    # Sites: describing.
    Page("sites:sheet", READ, on_site),
    Page("sites:history", READ, on_site),
    Page("sites:sheet_document", Right.EXPORT, lambda w: {**on_site(w), "extension": "pdf"}),
    Page("sites:declare", Right.DECLARE_SITE),
    Page("sites:nearby", Right.DECLARE_SITE),
    Page("sites:addresses", Right.DECLARE_SITE),
    Page("sites:edit", UPDATE, on_site),
    Page("sites:alias_add", UPDATE, on_site),
    Page("sites:alias_remove", UPDATE, on_alias),
    Page("sites:installation", UPDATE, on_site),
    Page("sites:merge", Right.MERGE_SITES, on_site),
    # Sites: observing.
    Page("sites:unchanged", UPDATE, on_site, data=lambda w: {}, reads=False),
    Page("sites:survey_add", UPDATE, on_site, data=lambda w: COUNT),
    Page("sites:survey_correct", UPDATE, on_fact("survey"), data=seen("survey", **COUNT)),
    Page("sites:survey_set_aside", UPDATE, on_fact("survey"), data=seen("survey")),
    Page("sites:survey_take_back", UPDATE, on_fact("set_aside"), data=seen("set_aside")),
    Page("sites:survey_withdraw", UPDATE, on_fact("survey"), data=seen("survey")),
    Page("sites:conditions_add", UPDATE, on_site, data=lambda w: {"observed_on": "1/1/2020"}),
    Page(
        "sites:conditions_correct",
        UPDATE,
        on_fact("conditions"),
        data=seen("conditions", observed_on="1/1/2020"),
    ),
    Page("sites:diagnosis_add", UPDATE, on_site, data=lambda w: {"status": "done", "on": "1/1/2020"}),
    Page("sites:event_add", UPDATE, on_site, data=lambda w: {"kind": "visit", "on": "1/1/2020"}),
    Page("sites:event_withdraw", UPDATE, on_fact("event"), data=seen("event")),
    Page("sites:owner_add", Right.WRITE_OWNER, on_site, data=lambda w: {"kind": "public", "on": "1/1/2020"}),
    # Sites: following. The step of a new procedure is chosen in the query, which only GET is given here.
    Page("sites:procedure_add", Right.WRITE_JUSTICE, on_site, query="etape=order"),
    Page(
        "sites:procedure_correct",
        Right.WRITE_JUSTICE,
        on_fact("procedure"),
        data=seen("procedure", on="1/1/2020", status="requested"),
    ),
    Page("sites:procedure_withdraw", Right.WRITE_JUSTICE, on_fact("procedure"), data=seen("procedure")),
    Page("sites:resettlement_add", UPDATE, on_site, data=arrival),
    Page("sites:resettlement_withdraw", UPDATE, on_fact("resettlement"), data=seen("resettlement")),
    Page("sites:close", CLOSE, on_site, data=lambda w: {"closed_on": "1/2/2020", "reason_code": "court"}),
    Page("sites:reopen", CLOSE, on_closed, data=lambda w: {"reason": "erreur"}),
]

# Announced by an address, not written yet. Each name leaves this list with the page that it announces.
PENDING = {"maps:map", "maps:sites"}
