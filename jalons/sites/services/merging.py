"""Two declarations of one place become one."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from jalons.core.values import fold, french_spaces
from jalons.discussions.services import hand_over
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, correct, withdraw
from jalons.sites.enums import SiteKind
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Ownership,
    PreparatoryStep,
    Procedure,
    Resettlement,
    Site,
    SiteEvent,
    SiteSuitability,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.services.describing import add_alias, save_site, update_site
from jalons.sites.services.occupations import copy_orientations, correct_occupation, occupation_of

MOVED_FACTS = (
    Survey,
    LivingConditions,
    Ownership,
    Procedure,
    SiteEvent,
    SocialDiagnosis,
    PreparatoryStep,
    SiteSuitability,
)


@transaction.atomic
def merge_sites(*, survivor: Site, duplicate: Site, by: Actor, reason: str, keep_open: bool = False) -> Site:
    """Two declarations of one place become one: what was observed on the duplicate goes to the site that is kept.

    Nothing is lost: the facts of the duplicate are corrected to bear the kept site, so that before the merge both
    can still be seen « connu le » then; what the kept site did not say of itself is taken from it; its name
    becomes an alias; its address leads to the kept site. The kept site stays open or closed as it was, unless
    `keep_open` undoes its closing.
    """
    if survivor.pk == duplicate.pk:
        raise Refused("Choisissez deux sites différents.")
    staying, leaving = occupation_of(survivor), occupation_of(duplicate)
    why = french_spaces(f"fusion avec « {duplicate.name} » : {reason}")[:300]
    gone = french_spaces(f"fusionné dans « {survivor.name} » : {reason}")[:300]
    for model in MOVED_FACTS:
        for fact in model._default_manager.known().filter(site=duplicate).order_by("pk"):
            correct(fact=fact, by=by, reason=why, site=survivor)
    merge_resettlements(survivor=survivor, duplicate=duplicate, by=by, why=why)
    merge_action_links(survivor=survivor, duplicate=duplicate, by=by, why=why)
    withdraw(fact=leaving, by=by, reason=gone)
    merge_occupations(staying=staying, leaving=leaving, by=by, why=why, keep_open=keep_open)
    merge_names(survivor=survivor, duplicate=duplicate, by=by)
    missing = missing_words(survivor=survivor, duplicate=duplicate)
    if missing:
        update_site(site=survivor, by=by, expected_version=survivor.version, reason=why, **missing)
    hand_over(leaving=duplicate, staying=survivor)
    duplicate.merged_into = survivor
    save_site(site=duplicate, by=by, reason=gone)
    return survivor


def merge_occupations(
    *, staying: Occupation, leaving: Occupation, by: Actor, why: str, keep_open: bool
) -> None:
    """The older start wins; where the people went is taken from the duplicate when only it says so."""
    changes: dict[str, Any] = {}
    if leaving.valid_on < staying.valid_on:
        changes = {
            "valid_on": leaving.valid_on,
            "start_is_known": leaving.start_is_known,
            "starts_text": leaving.starts_text,
        }
    if keep_open and staying.ended_on:
        changes |= {"ended_on": None, "closing_reason": "", "closing_note": ""}
    stays_closed = bool(staying.ended_on) and not keep_open
    orphans = stays_closed and not staying.orientations.exists() and leaving.orientations.exists()
    if changes or orphans:
        merged = correct_occupation(occupation=staying, by=by, reason=why, **changes)
        if orphans:
            copy_orientations(source=leaving, to=merged)


def merge_names(*, survivor: Site, duplicate: Site, by: Actor) -> None:
    names = [(duplicate.name, ""), *duplicate.aliases.order_by("pk").values_list("name", "used_by")]
    for name, used_by in names:
        if fold(name) != fold(survivor.name):
            add_alias(site=survivor, name=name, used_by=used_by, by=by)


def missing_words(*, survivor: Site, duplicate: Site) -> dict[str, Any]:
    """What the duplicate says of the place and the kept site does not."""
    missing_words: dict[str, Any] = {
        name: getattr(duplicate, name)
        for name in ("address", "address_detail", "origins", "resorption_target")
        if not getattr(survivor, name) and getattr(duplicate, name)
    }
    if survivor.latitude is None and duplicate.latitude is not None:
        missing_words |= {"latitude": duplicate.latitude, "longitude": duplicate.longitude}
    if survivor.kind == SiteKind.UNKNOWN != duplicate.kind:
        missing_words["kind"] = duplicate.kind
    return missing_words


def merge_resettlements(*, survivor: Site, duplicate: Site, by: Actor, why: str) -> None:
    """Links go to the kept site; one between the two, or one that it already has, goes away."""
    for side, far in (("origin", "site"), ("site", "origin")):
        for link in Resettlement.objects.known().filter(**{side: duplicate}).order_by("pk"):
            other = getattr(link, f"{far}_id")
            twins = Resettlement.objects.known().filter(**{side: survivor, far: other})
            q = Q(people=link.people, households=link.households)
            # Numbers that differ are two statements: both are kept, for a person to correct.
            known = twins.filter(q) if link.people is not None or link.households is not None else twins
            if other == survivor.pk or known.exists():
                withdraw(fact=link, by=by, reason=why)
            else:
                moved: dict[str, Any] = {side: survivor}
                correct(fact=link, by=by, reason=why, **moved)


def merge_action_links(*, survivor: Site, duplicate: Site, by: Actor, why: str) -> None:
    """The dispositifs of the duplicate cover the kept site; one that covered both does since the first day."""
    links: Any = Site._meta.get_field("action_links").related_model
    for link in links.objects.known().filter(site=duplicate).order_by("pk"):
        twin = links.objects.going_on().filter(site=survivor, action=link.action_id).first()
        if twin is None or link.ended_on is not None:
            correct(fact=link, by=by, reason=why, site=survivor)
            continue
        withdraw(fact=link, by=by, reason=why)
        if link.valid_on < twin.valid_on:
            correct(fact=twin, by=by, reason=why, valid_on=link.valid_on)
