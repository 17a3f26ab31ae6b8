"""Writing sites and what is observed on them. Every function says who writes (`by`) and is all or nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from jalons.core import clock
from jalons.core.values import Value, fold, format_date, french_spaces, to_columns
from jalons.discussions.services import hand_over
from jalons.history.querysets import AsOf
from jalons.history.services import Actor, Stale, correct, enter, save_record, withdraw
from jalons.sites.checks import assess_all, clean_answers
from jalons.sites.enums import (
    ClosingReason,
    EventKind,
    OrientationKind,
    ProcedureKind,
    Reliability,
    SiteKind,
    SourceKind,
)
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Orientation,
    Ownership,
    Procedure,
    Resettlement,
    Site,
    SiteAlias,
    SiteEvent,
    SocialDiagnosis,
    Survey,
)
from jalons.territories.models import Commune


class Refused(Exception):
    """What was asked makes no sense here; the message is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One count: when, by whom, how sure, and the values (`Survey.COUNTS`; those left out are empty)."""

    observed_on: dt.date
    source_kind: SourceKind | str
    reliability: Reliability | int = Reliability.DECLARED
    source: Any = None
    counts: Mapping[str, Value] = field(default_factory=dict)
    note: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns of a `Survey`."""
        numbers, blanks = to_columns(self.counts)
        return {
            "valid_on": self.observed_on,
            "source_kind": self.source_kind,
            "reliability": self.reliability,
            "source": self.source,
            "note": self.note,
            "blanks": blanks,
            **dict.fromkeys(Survey.COUNTS),
            **numbers,
        }


@dataclass(frozen=True, slots=True)
class Departure:
    """People who went one way when a site closed."""

    kind: OrientationKind | str
    people: Value
    households: Value
    note: str = ""


def search_text_of(site: Site) -> str:
    commune = site.commune
    parts = (site.name, site.address, site.address_detail, commune.name, commune.departement.name)
    return fold(" ".join(part for part in parts if part))[:900]


def save_site(*, site: Site, by: Actor | None, reason: str = "", expected_version: int | None = None) -> Site:
    site.search_text = search_text_of(site)
    return save_record(record=site, by=by, reason=reason, expected_version=expected_version)


@transaction.atomic
def declare_site(
    *,
    by: Actor,
    commune: Commune,
    observation: Observation,
    name: str = "",
    installed_on: dt.date | None = None,
    installed_text: str = "",
    aliases: Iterable[str] = (),
    resettled_from: Iterable[Site] = (),
    source: str = "",
    **described: Any,
) -> Site:
    """A new site, with its first observation. Only the place, the date and the source are needed.

    Without a name the address names it, else the commune. Without a date of installation the site is known
    from the first observation. `source`: where it comes from (« tableau du 3 mars 2026, ligne 14 »). `described` are
    the other columns of `Site`.
    """
    described.setdefault("kind", SiteKind.UNKNOWN)
    label = name or described.get("address") or f"Site à {commune.name}"
    site = save_site(site=Site(name=label[:120], commune=commune, **described), by=by)
    start = min(installed_on or observation.observed_on, observation.observed_on)
    enter(
        fact=Occupation(
            site=site,
            valid_on=start,
            start_is_known=installed_on is not None,
            starts_text=installed_text,
            reason=source,
        ),
        by=by,
    )
    enter(fact=Survey(site=site, reason=source, **observation.columns()), by=by)
    for alias in aliases:
        add_alias(site=site, name=alias, by=by)
    for origin in resettled_from:
        link_resettlement(origin=origin, site=site, on=start, by=by)
    return site


@transaction.atomic
def update_site(*, site: Site, by: Actor, expected_version: int, reason: str = "", **described: Any) -> Site:
    """Describe a site otherwise. Raises `Stale` when someone else did meanwhile."""
    for name, value in described.items():
        setattr(site, name, value)
    return save_site(site=site, by=by, reason=reason, expected_version=expected_version)


@transaction.atomic
def add_alias(*, site: Site, name: str, by: Actor, used_by: str = "") -> SiteAlias:
    """Another name of a site; a name that it already bears is not written twice."""
    folded = fold(name)[:160]
    known = SiteAlias.objects.filter(site=site, name_folded=folded).first()
    if known:
        return known
    alias = SiteAlias(site=site, name=name, name_folded=folded, used_by=used_by)
    return save_record(record=alias, by=by)


@transaction.atomic
def remove_alias(*, alias: SiteAlias, by: Actor) -> None:
    save_record(record=alias, by=by, reason="appellation retirée")
    alias.delete()


# --- observations ----------------------------------------------------------------------------------------------


def occupation_of(site: Site) -> Occupation:
    """The occupation as we know it now; raises `Refused` for a site that was merged into another."""
    current = Occupation.objects.known().filter(site=site).first()
    if current is None:
        raise Refused("Ce site a été fusionné avec un autre : ouvrez la fiche du site conservé.")
    return current


@transaction.atomic
def correct_occupation(*, occupation: Occupation, by: Actor, reason: str, **changes: Any) -> Occupation:
    """Another version of the dates of a site; where its people went follows, as long as it stays closed."""
    successor = correct(fact=occupation, by=by, reason=reason, **changes)
    if successor.ended_on:
        copy_orientations(source=occupation, to=successor)
    return successor


def copy_orientations(*, source: Occupation, to: Occupation) -> None:
    for orientation in source.orientations.order_by("pk"):
        orientation.pk, orientation.occupation = None, to
        orientation.save(force_insert=True)


def open_from(*, site: Site, on: dt.date, by: Actor) -> None:
    """Make sure that people may have been counted on `on`; raises `Refused` before a known installation.

    A site known only from its first observation is known from earlier on.
    """
    occupation = occupation_of(site)
    if on >= occupation.valid_on:
        return
    if occupation.start_is_known:
        raise Refused(
            f"Le site est dit installé depuis le {format_date(occupation.valid_on)} : corrigez d’abord cette "
            "date, ou vérifiez celle du recensement."
        )
    correct_occupation(occupation=occupation, by=by, reason="recensement plus ancien", valid_on=on)


@transaction.atomic
def add_survey(*, site: Site, observation: Observation, by: Actor, source: str = "") -> Survey:
    """One more count. Counts of several sources live side by side. `source`: where it comes from, in words."""
    open_from(site=site, on=observation.observed_on, by=by)
    return enter(fact=Survey(site=site, reason=source, **observation.columns()), by=by)


@transaction.atomic
def correct_survey(*, survey: Survey, observation: Observation, by: Actor, reason: str) -> Survey:
    """The same count, said better. The figure known before stays readable « connu le » then."""
    open_from(site=survey.site, on=observation.observed_on, by=by)
    return correct(fact=survey, by=by, reason=reason, unchanged=False, **observation.columns())


def set_survey_aside(*, survey: Survey, by: Actor, reason: str) -> Survey:
    """Keep a count, but not as the figure: duplicate, other perimeter, doubtful method."""
    return correct(fact=survey, by=by, reason=reason, set_aside=True)


def take_survey_back(*, survey: Survey, by: Actor, reason: str) -> Survey:
    return correct(fact=survey, by=by, reason=reason, set_aside=False)


@transaction.atomic
def add_conditions(
    *,
    site: Site,
    observed_on: dt.date,
    answers: Mapping[str, Any],
    by: Actor,
    note: str = "",
    source: str = "",
) -> LivingConditions:
    occupation_of(site)
    assessed = condition_columns(answers)
    return enter(
        fact=LivingConditions(site=site, valid_on=observed_on, note=note, reason=source, **assessed), by=by
    )


@transaction.atomic
def correct_conditions(
    *,
    conditions: LivingConditions,
    observed_on: dt.date,
    answers: Mapping[str, Any],
    by: Actor,
    reason: str,
    note: str = "",
) -> LivingConditions:
    return correct(
        fact=conditions,
        by=by,
        reason=reason,
        valid_on=observed_on,
        note=note,
        unchanged=False,
        **condition_columns(answers),
    )


def condition_columns(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers, and the six states computed from them."""
    kept = clean_answers(answers)
    return {"answers": kept, **{one.theme.value: one.condition for one in assess_all(kept)}}


@transaction.atomic
def nothing_changed(
    *, site: Site, by: Actor, source_kind: SourceKind | str, on: dt.date | None = None
) -> SiteEvent:
    """« Rien n’a changé »: the figures and conditions in force are said again, as seen on `on` (today).

    Nobody counted again: what was counted is repeated as declared, what was estimated stays estimated.
    """
    day = on or clock.today()
    at = AsOf(valid=day)
    ended_on = occupation_of(site).ended_on
    if ended_on and ended_on <= day:
        raise Refused(
            f"Ce site est fermé depuis le {format_date(ended_on)} : il n’y a plus rien à confirmer."
        )
    figure = Survey.objects.in_force(at).filter(site=site).first()
    if figure and figure.valid_on < day:
        again = {name: getattr(figure, name) for name in Survey.COUNTS}
        enter(
            fact=Survey(
                site=site,
                valid_on=day,
                source_kind=source_kind,
                source=by.organisation,
                reliability=min(figure.reliability, Reliability.DECLARED),
                blanks=figure.blanks,
                unchanged=True,
                **again,
            ),
            by=by,
        )
    state = LivingConditions.objects.in_force(at).filter(site=site).first()
    if state and state.valid_on < day:
        enter(
            fact=LivingConditions(
                site=site, valid_on=day, unchanged=True, note=state.note, **condition_columns(state.answers)
            ),
            by=by,
        )
    return add_event(site=site, kind=EventKind.VISIT, on=day, description="Rien n’a changé.", by=by)


@transaction.atomic
def add_event(
    *, site: Site, kind: EventKind | str, on: dt.date, by: Actor, description: str = ""
) -> SiteEvent:
    occupation_of(site)
    return enter(fact=SiteEvent(site=site, kind=kind, valid_on=on, description=description), by=by)


def nobody_wrote_since(*, model: Any, site: Site, seen: Any) -> None:
    """A form that shows the fact in force is filled over it: raises `Stale` when another is in force by now.

    `seen`: the fact that the form was opened on, None when there was none. Call it where the new fact is written.
    """
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    known = model.objects.known().filter(site=site).select_related("author", "organisation")
    last = known.order_by("-valid_on", "-recorded_at", "-pk").first()
    if last is not None and last != seen:
        raise Stale(last)


@transaction.atomic
def set_diagnosis(
    *, site: Site, status: str, on: dt.date, by: Actor, led_by: str = "", note: str = ""
) -> SocialDiagnosis:
    occupation_of(site)
    return enter(fact=SocialDiagnosis(site=site, status=status, valid_on=on, led_by=led_by, note=note), by=by)


@transaction.atomic
def set_owner(*, site: Site, kind: str, on: dt.date, by: Actor, name: str = "", note: str = "") -> Ownership:
    occupation_of(site)
    return enter(fact=Ownership(site=site, kind=kind, valid_on=on, name=name, note=note), by=by)


@transaction.atomic
def add_procedure(
    *, site: Site, kind: ProcedureKind | str, on: dt.date, by: Actor, **details: Any
) -> Procedure:
    """One step of justice or of the administration; `details` are the other columns of `Procedure`."""
    occupation_of(site)
    return enter(fact=Procedure(site=site, kind=kind, valid_on=on, **details), by=by)


@transaction.atomic
def link_resettlement(
    *,
    origin: Site,
    site: Site,
    on: dt.date,
    by: Actor,
    people: Value | None = None,
    households: Value | None = None,
    note: str = "",
) -> Resettlement:
    """People of `origin` settled on `site`."""
    if origin.pk == site.pk:
        raise Refused("Une réinstallation relie deux sites différents.")
    numbers, blanks = to_columns(
        {"people": people or Value.empty(), "households": households or Value.empty()}
    )
    return enter(
        fact=Resettlement(origin=origin, site=site, valid_on=on, note=note, blanks=blanks, **numbers), by=by
    )


# --- closing, reopening, merging -------------------------------------------------------------------------------


@transaction.atomic
def close_site(
    *,
    site: Site,
    by: Actor,
    closed_on: dt.date,
    reason: ClosingReason | str,
    note: str = "",
    departures: Sequence[Departure] = (),
    resettled_to: Iterable[Site] = (),
    seen: Occupation | None = None,
) -> Occupation:
    """Close a site: since when, why, and where the people went. `seen` is the version that the writer saw."""
    current = occupation_of(site)
    if seen is not None and seen.pk != current.pk:
        raise Stale(current)
    if current.ended_on:
        raise Refused(f"Ce site est déjà fermé depuis le {format_date(current.ended_on)}.")
    if closed_on < current.valid_on:
        raise Refused(
            f"La fermeture ({format_date(closed_on)}) précède l’installation ({format_date(current.valid_on)})."
        )
    closed = correct(
        fact=current, by=by, reason="fermeture", ended_on=closed_on, closing_reason=reason, closing_note=note
    )
    for departure in departures:
        numbers, blanks = to_columns({"people": departure.people, "households": departure.households})
        Orientation.objects.create(
            occupation=closed, kind=departure.kind, note=departure.note, blanks=blanks, **numbers
        )
    for elsewhere in resettled_to:
        link_resettlement(origin=site, site=elsewhere, on=closed_on, by=by)
    return closed


@transaction.atomic
def reopen_site(*, site: Site, by: Actor, reason: str) -> Occupation:
    """Undo a mistaken closing. The closing and its orientations stay readable as they were known."""
    current = occupation_of(site)
    if not current.ended_on:
        raise Refused("Ce site est déjà ouvert.")
    return correct(fact=current, by=by, reason=reason, ended_on=None, closing_reason="", closing_note="")


@transaction.atomic
def correct_installation(
    *,
    site: Site,
    by: Actor,
    on: dt.date,
    reason: str,
    text: str = "",
    known: bool = True,
    seen: Occupation | None = None,
) -> Occupation:
    """Say better since when a site is lived in. `seen` is the version that the writer saw."""
    current = occupation_of(site)
    if seen is not None and seen.pk != current.pk:
        raise Stale(current)
    first = (
        Survey.objects.known()
        .filter(site=site)
        .order_by("valid_on")
        .values_list("valid_on", flat=True)
        .first()
    )
    if first and on > first:
        raise Refused(
            f"Des habitants ont été recensés dès le {format_date(first)} : l’installation ne peut pas être "
            f"postérieure ({format_date(on)})."
        )
    if current.ended_on and on > current.ended_on:
        raise Refused(f"Le site a fermé le {format_date(current.ended_on)}, avant cette date.")
    return correct_occupation(
        occupation=current, by=by, reason=reason, valid_on=on, starts_text=text, start_is_known=known
    )


MOVED_FACTS = (Survey, LivingConditions, Ownership, Procedure, SiteEvent, SocialDiagnosis)


@transaction.atomic
def merge_sites(*, kept: Site, duplicate: Site, by: Actor, reason: str, keep_open: bool = False) -> Site:
    """Two declarations of one place become one: what was observed on the duplicate goes to the site that is kept.

    Nothing is lost: the facts of the duplicate are corrected to bear the kept site, so that before the merge both
    can still be seen « connu le » then; what the kept site did not say of itself is taken from it; its name
    becomes an alias; its address leads to the kept site. The kept site stays open or closed as it was, unless
    `keep_open` undoes its closing.
    """
    if kept.pk == duplicate.pk:
        raise Refused("Choisissez deux sites différents.")
    staying, leaving = occupation_of(kept), occupation_of(duplicate)
    why = french_spaces(f"fusion avec « {duplicate.name} » : {reason}")[:300]
    gone = french_spaces(f"fusionné dans « {kept.name} » : {reason}")[:300]
    for model in MOVED_FACTS:
        for fact in model._default_manager.known().filter(site=duplicate).order_by("pk"):
            correct(fact=fact, by=by, reason=why, site=kept)
    merge_resettlements(kept=kept, duplicate=duplicate, by=by, why=why)
    merge_action_links(kept=kept, duplicate=duplicate, by=by, why=why)
    withdraw(fact=leaving, by=by, reason=gone)
    merge_occupations(staying=staying, leaving=leaving, by=by, why=why, keep_open=keep_open)
    merge_names(kept=kept, duplicate=duplicate, by=by)
    missing = missing_words(kept=kept, duplicate=duplicate)
    if missing:
        update_site(site=kept, by=by, expected_version=kept.version, reason=why, **missing)
    hand_over(leaving=duplicate, staying=kept)
    duplicate.merged_into = kept
    save_site(site=duplicate, by=by, reason=gone)
    return kept


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


def merge_names(*, kept: Site, duplicate: Site, by: Actor) -> None:
    names = [(duplicate.name, ""), *duplicate.aliases.order_by("pk").values_list("name", "used_by")]
    for name, used_by in names:
        if fold(name) != fold(kept.name):
            add_alias(site=kept, name=name, used_by=used_by, by=by)


def missing_words(*, kept: Site, duplicate: Site) -> dict[str, Any]:
    """What the duplicate says of the place and the kept site does not."""
    found: dict[str, Any] = {
        name: getattr(duplicate, name)
        for name in ("address", "address_detail", "origins", "resorption_target")
        if not getattr(kept, name) and getattr(duplicate, name)
    }
    if kept.latitude is None and duplicate.latitude is not None:
        found |= {"latitude": duplicate.latitude, "longitude": duplicate.longitude}
    if kept.kind == SiteKind.UNKNOWN != duplicate.kind:
        found["kind"] = duplicate.kind
    return found


def merge_resettlements(*, kept: Site, duplicate: Site, by: Actor, why: str) -> None:
    """Links go to the kept site; one between the two, or one that it already has, goes away."""
    for side, far in (("origin", "site"), ("site", "origin")):
        for link in Resettlement.objects.known().filter(**{side: duplicate}).order_by("pk"):
            other = getattr(link, f"{far}_id")
            twins = Resettlement.objects.known().filter(**{side: kept, far: other})
            said = Q(people=link.people, households=link.households)
            # Numbers that differ are two statements: both are kept, for a person to correct.
            known = twins.filter(said) if link.people is not None or link.households is not None else twins
            if other == kept.pk or known.exists():
                withdraw(fact=link, by=by, reason=why)
            else:
                moved: dict[str, Any] = {side: kept}
                correct(fact=link, by=by, reason=why, **moved)


def merge_action_links(*, kept: Site, duplicate: Site, by: Actor, why: str) -> None:
    """The dispositifs of the duplicate cover the kept site; one that covered both does since the first day."""
    links: Any = Site._meta.get_field("action_links").related_model
    for link in links.objects.known().filter(site=duplicate).order_by("pk"):
        twin = links.objects.going_on().filter(site=kept, action=link.action_id).first()
        if twin is None or link.ended_on is not None:
            correct(fact=link, by=by, reason=why, site=kept)
            continue
        withdraw(fact=link, by=by, reason=why)
        if link.valid_on < twin.valid_on:
            correct(fact=twin, by=by, reason=why, valid_on=link.valid_on)
