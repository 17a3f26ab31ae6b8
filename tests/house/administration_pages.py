"""The lines of the table for administration, the charter, sessions and leaving."""

from collections.abc import Mapping
from typing import Any

from jalons.accounts.decorators import OPEN, SIGNED_IN
from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.actions.models import Deadline
from jalons.core.clock import paris_day
from tests import factories
from tests.house.page import Page
from tests.house.world import World

MANAGE = Right.MANAGE_ACCOUNTS


def on_departement(world: World) -> Mapping[str, Any]:
    return {"code": "59"}


def on_organisation(world: World) -> Mapping[str, Any]:
    return {"pk": factories.organisation_of(world.cast.operator_a).pk}


def on_two(world: World) -> Mapping[str, Any]:
    return {**on_organisation(world), "other": factories.organisation_of(world.cast.contributor).pk}


def on_charter(world: World) -> Mapping[str, Any]:
    return {"kind": "legal"}


def common_deadline(world: World) -> Mapping[str, Any]:
    day = paris_day().replace(year=paris_day().year + 1)
    deadline, _ = Deadline.objects.get_or_create(action=None, due_on=day)
    return {"pk": deadline.pk}


def new_deadline(world: World) -> Mapping[str, Any]:
    return {"due_on": f"01/03/{paris_day().year + 2}", "label": "Bilan"}


def named(world: World) -> Mapping[str, Any]:
    organisation = Organisation.objects.get(pk=on_organisation(world)["pk"])
    return {
        "name": organisation.name,
        "acronym": "ADL",
        "kind": organisation.kind,
        "category": organisation.category,
        "reason": "sigle",
    }


def admin_page(name: str, *args: Any, **kwargs: Any) -> Page:
    return Page(name, MANAGE, *args, person="admin", **kwargs)


def national_page(name: str, *args: Any, **kwargs: Any) -> Page:
    """For those who administer everywhere."""
    return admin_page(name, *args, national=True, about_subject=False, **kwargs)


ADMINISTRATION_PAGES = [
    admin_page("administration:home"),
    admin_page("administration:territories"),
    admin_page("administration:setup", on_departement),
    admin_page("administration:organisations"),
    admin_page("administration:organisation", on_organisation, data=named),
    admin_page("administration:merge", on_two, data=lambda w: {"reason": "une seule association"}),
    admin_page("administration:referentials"),
    national_page("administration:deadline_add", data=new_deadline),
    national_page("administration:deadline_remove", common_deadline, data=lambda w: {}, reads=False),
    national_page(
        "administration:threshold",
        lambda w: {"code": "survey_due"},
        data=lambda w: {"days": "60", "reason": "essai"},
    ),
    national_page("administration:mails"),
    national_page("administration:jobs"),
    national_page("administration:settings"),
    # The charter and the legal pages.
    Page("charter:charter", OPEN),
    Page("charter:legal", OPEN),
    Page("charter:privacy", OPEN),
    Page("charter:accessibility", OPEN),
    Page("charter:accept", SIGNED_IN, answers=302),  # nothing is published yet
    national_page("charter:texts"),
    national_page("charter:publish", on_charter, data=lambda w: {"body": "Éditeur : la Dihal."}),
    # Sessions, leaving.
    Page("presence:sessions", SIGNED_IN),
    Page("presence:close_elsewhere", SIGNED_IN, data=lambda w: {}, reads=False),
    Page(
        "presence:delete",
        SIGNED_IN,
        data=lambda w: {"password": factories.PASSWORD, "sure": "on"},
    ),
]
