"""What the services write, what they refuse, and that nothing is half-written."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.utils import timezone

from jalons.core.values import Value
from jalons.editing.refusals import Refused
from jalons.history.querysets import AsOf
from jalons.history.services import Actor, Stale
from jalons.sites import services
from jalons.sites.enums import Condition, EventKind, Reliability
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Orientation,
    Resettlement,
    Site,
    SiteAlias,
    SiteEvent,
    Survey,
)
from jalons.sites.services import Departure, Observation
from tests import factories
from tests.worlds import stored

pytestmark = pytest.mark.django_db

DAY = dt.date(2021, 3, 10)
LATER = dt.date(2021, 6, 10)


def new_site() -> Site:
    return factories.make_site("Rue du Port", opened=dt.date(2020, 1, 1))


stored_site, site = stored(new_site)


@pytest.fixture
def by(site: Site) -> Actor:
    return factories.an_author(site)


@pytest.fixture
def nothing_written(site: Site, by: Actor) -> Iterator[None]:
    """The test tried to write and must have left every table of sites as it was."""
    before = rows()
    yield
    assert rows() == before


def rows() -> dict[str, list[Any]]:
    models = apps.get_app_config("jalons_sites").get_models()
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def seen_on(day: dt.date, people: Value | int = 12, **more: Any) -> Observation:
    value = people if isinstance(people, Value) else Value.of(people)
    return Observation(day, "operator", counts={"people": value, **more.pop("counts", {})}, **more)


def figure(site: Site, day: dt.date | None = None) -> int | None:
    used = Survey.objects.in_force(AsOf(valid=day)).filter(site=site).first()
    return used.people if used else None


# Declaring -----------------------------------------------------------------------------------------------------


def test_only_a_place_a_date_and_a_source_are_needed(by: Actor) -> None:
    commune = factories.commune()
    site = services.declare_site(by=by, commune=commune, observation=Observation(DAY, "police"))
    assert site.name == f"Site à {commune.name}"
    occupation = Occupation.objects.known().get(site=site)
    assert (occupation.valid_on, occupation.start_is_known) == (DAY, False)
    survey = Survey.objects.known().get(site=site)
    assert (survey.people, survey.source_kind, survey.reliability) == (None, "police", Reliability.DECLARED)
    assert figure(site) is None


def test_a_whole_declaration(by: Actor, site: Site) -> None:
    made = services.declare_site(
        by=by,
        commune=factories.commune(),
        observation=seen_on(LATER, 30, counts={"minors": Value.nd()}),
        name="Le Verger",
        installed_on=DAY,
        installed_text="mars 2021",
        aliases=["Verger des Prés", "VERGER DES PRES"],
        resettled_from=[site],
        address="3 chemin du Verger",
    )
    occupation = Occupation.objects.known().get(site=made)
    assert (occupation.valid_on, occupation.start_is_known, occupation.starts_text) == (
        DAY,
        True,
        "mars 2021",
    )
    assert [alias.name for alias in made.aliases.all()] == ["Verger des Prés"]
    assert "chemin du verger" in made.search_text
    assert "lille" in made.search_text
    assert Resettlement.objects.get(site=made).origin == site
    survey = Survey.objects.get(site=made)
    assert survey.value("minors") == Value.nd()
    assert survey.value("women") == Value.empty()


def test_an_installation_after_the_first_sight_is_brought_back_to_it(by: Actor) -> None:
    made = services.declare_site(
        by=by, commune=factories.commune(), observation=seen_on(DAY), installed_on=LATER
    )
    assert Occupation.objects.get(site=made).valid_on == DAY


def test_a_declaration_that_fails_leaves_nothing(by: Actor, site: Site, nothing_written: None) -> None:
    too_long = "n" * 200
    with pytest.raises(Exception):  # noqa: B017, PT011  # whichever the database says
        services.declare_site(
            by=by,
            commune=factories.commune(),
            observation=Observation(DAY, "operator", counts={"people": Value.text(too_long)}),
            name="À moitié",
        )


def test_updating_needs_the_version_that_was_seen(by: Actor, site: Site) -> None:
    services.update_site(site=site, by=by, expected_version=site.version, name="Quai du Port")
    assert Site.objects.get(pk=site.pk).search_text.startswith("quai du port")
    stale = Site.objects.get(pk=site.pk)
    with pytest.raises(Stale):
        services.update_site(site=stale, by=by, expected_version=1, name="Autre")
    assert Site.objects.get(pk=site.pk).name == "Quai du Port"


# Counting ------------------------------------------------------------------------------------------------------


def test_a_count_becomes_the_figure(by: Actor, site: Site) -> None:
    services.add_survey(site=site, observation=seen_on(DAY, 40), by=by)
    services.add_survey(site=site, observation=seen_on(LATER, 36), by=by)
    assert (figure(site, DAY), figure(site)) == (40, 36)


def test_a_count_before_a_known_installation_is_refused(by: Actor, site: Site, request: Any) -> None:
    services.correct_installation(site=site, by=by, on=DAY, reason="su depuis")
    request.getfixturevalue("nothing_written")
    with pytest.raises(Refused, match="10/03/2021"):
        services.add_survey(site=site, observation=seen_on(dt.date(2021, 3, 9)), by=by)


def test_an_older_count_makes_the_site_known_from_then(by: Actor, site: Site) -> None:
    early = dt.date(2018, 5, 1)
    services.add_survey(site=site, observation=seen_on(early, 9), by=by)
    assert Occupation.objects.known().get(site=site).valid_on == early
    assert figure(site, early) == 9


def test_a_corrected_count_follows_the_same_rule(by: Actor, site: Site) -> None:
    survey = services.add_survey(site=site, observation=seen_on(DAY), by=by)
    early = dt.date(2018, 5, 1)
    moved = services.correct_survey(survey=survey, observation=seen_on(early), by=by, reason="faute de date")
    assert Occupation.objects.known().get(site=site).valid_on == early
    services.correct_installation(site=site, by=by, on=early, reason="confirmé")
    with pytest.raises(Refused, match="01/05/2018"):
        services.correct_survey(
            survey=moved, observation=seen_on(dt.date(2017, 1, 1)), by=by, reason="encore"
        )
    assert figure(site, early) == 12


def test_a_correction_replaces_every_value(by: Actor, site: Site) -> None:
    told = seen_on(DAY, 40, counts={"minors": Value.of(9), "women": Value.nd()}, note="vu")
    survey = services.add_survey(site=site, observation=told, by=by)
    better = services.correct_survey(survey=survey, observation=seen_on(DAY, 44), by=by, reason="recompté")
    assert (better.people, better.minors, better.blanks, better.note) == (44, None, {}, "")
    assert better.lineage == survey.lineage
    assert figure(site) == 44
    with pytest.raises(Stale) as caught:
        services.correct_survey(survey=survey, observation=seen_on(DAY, 50), by=by, reason="trop tard")
    assert caught.value.current == better
    assert figure(site) == 44


def test_a_count_set_aside_leaves_the_one_before_and_comes_back(by: Actor, site: Site) -> None:
    services.add_survey(site=site, observation=seen_on(DAY, 40), by=by)
    doubtful = services.add_survey(site=site, observation=seen_on(LATER, 400), by=by)
    aside = services.set_survey_aside(survey=doubtful, by=by, reason="autre périmètre")
    assert figure(site) == 40
    assert (aside.reason, aside.people) == ("autre périmètre", 400)
    services.take_survey_back(survey=aside, by=by, reason="vérifié")
    assert figure(site) == 400


def test_a_merged_site_takes_nothing_more(by: Actor, site: Site) -> None:
    kept = factories.make_site("Gardé", opened=dt.date(2020, 1, 1))
    services.merge_sites(survivor=kept, duplicate=site, by=by, reason="doublon")
    before = rows()
    for write in (
        lambda: services.add_survey(site=site, observation=seen_on(DAY), by=by),
        lambda: services.add_conditions(site=site, observed_on=DAY, answers={}, by=by),
        lambda: services.add_event(site=site, kind=EventKind.FIRE, on=DAY, by=by),
        lambda: services.set_diagnosis(site=site, status="done", on=DAY, by=by),
        lambda: services.set_owner(site=site, kind="public", on=DAY, by=by),
        lambda: services.add_procedure(site=site, kind="order", on=DAY, by=by),
        lambda: services.nothing_changed(site=site, by=by, source_kind="state"),
        lambda: services.close_site(site=site, by=by, closed_on=DAY, reason="court"),
        lambda: services.reopen_site(site=site, by=by, reason="erreur"),
    ):
        with pytest.raises(Refused, match="fusionné"):
            write()
    assert rows() == before


# Conditions, « rien n’a changé » -------------------------------------------------------------------------------


def test_the_states_are_computed_from_the_answers(by: Actor, site: Site) -> None:
    answers = {"water": {"access": "no", "sources": [], "intrus": "oui"}, "pests": {"presence": "unknown"}}
    state = services.add_conditions(site=site, observed_on=DAY, answers=answers, by=by)
    assert state.answers == {"water": {"access": "no"}}
    assert (state.water, state.pests, state.fire) == (Condition.BAD, Condition.UNKNOWN, Condition.UNKNOWN)
    better = services.correct_conditions(
        conditions=state,
        observed_on=LATER,
        answers={"water": {"access": "yes"}},
        by=by,
        reason="revu",
        note="n",
    )
    assert (better.water, better.valid_on, better.note) == (Condition.GOOD, LATER, "n")
    with pytest.raises(Stale):
        services.correct_conditions(conditions=state, observed_on=DAY, answers={}, by=by, reason="tard")


def test_nothing_changed_says_again_what_is_in_force(by: Actor, site: Site) -> None:
    told = seen_on(
        DAY, 36, reliability=Reliability.COUNTED, counts={"women": Value.nd(), "minors": Value.of(9)}
    )
    services.add_survey(site=site, observation=told, by=by)
    services.add_conditions(
        site=site, observed_on=DAY, answers={"water": {"access": "no"}}, by=by, note="sec"
    )
    event = services.nothing_changed(site=site, by=by, source_kind="state")
    today = timezone.localdate()
    assert (event.kind, event.valid_on) == (EventKind.VISIT, today)
    again = Survey.objects.in_force().get(site=site)
    assert (again.valid_on, again.people, again.minors, again.unchanged) == (today, 36, 9, True)
    assert again.value("women") == Value.nd()
    assert (again.source, again.source_kind) == (by.organisation, "state")
    assert again.reliability == Reliability.DECLARED, "personne n’a recompté"
    state = LivingConditions.objects.in_force().get(site=site)
    assert (state.valid_on, state.water, state.note, state.unchanged) == (today, Condition.BAD, "sec", True)


def test_nothing_changed_never_makes_an_estimate_surer(by: Actor, site: Site) -> None:
    told = seen_on(DAY, 36, reliability=Reliability.ESTIMATED)
    services.add_survey(site=site, observation=told, by=by)
    services.nothing_changed(site=site, by=by, source_kind="operator")
    assert Survey.objects.in_force().get(site=site).reliability == Reliability.ESTIMATED


def test_nothing_changed_twice_a_day_repeats_no_count(by: Actor, site: Site) -> None:
    services.add_survey(site=site, observation=seen_on(DAY, 36), by=by)
    for _ in range(2):
        services.nothing_changed(site=site, by=by, source_kind="operator")
    assert Survey.objects.filter(site=site).count() == 2
    assert SiteEvent.objects.filter(site=site).count() == 2


def test_nothing_changed_on_a_site_never_counted_is_only_a_visit(by: Actor, site: Site) -> None:
    services.nothing_changed(site=site, by=by, source_kind="operator")
    assert not Survey.objects.filter(site=site).exists()
    assert SiteEvent.objects.get(site=site).kind == EventKind.VISIT


def test_nothing_changed_is_refused_once_closed_and_allowed_before(by: Actor, site: Site) -> None:
    services.add_survey(site=site, observation=seen_on(DAY, 36), by=by)
    services.close_site(site=site, by=by, closed_on=LATER, reason="voluntary")
    before = rows()
    with pytest.raises(Refused, match="10/06/2021"):
        services.nothing_changed(site=site, by=by, source_kind="operator")
    assert rows() == before
    services.nothing_changed(site=site, by=by, source_kind="operator", on=LATER - dt.timedelta(days=1))
    assert Survey.objects.filter(site=site).count() == 2


# Links ---------------------------------------------------------------------------------------------------------


def test_a_resettlement_links_two_sites_and_refuses_one(by: Actor, site: Site) -> None:
    other = factories.make_site("Autre")
    link = services.link_resettlement(origin=site, site=other, on=DAY, by=by, people=Value.nd())
    assert (link.value("people"), link.value("households")) == (Value.nd(), Value.empty())
    with pytest.raises(Refused, match="deux sites"):
        services.link_resettlement(origin=site, site=site, on=DAY, by=by)


def test_an_alias_is_written_once_and_removed_with_its_trace(by: Actor, site: Site) -> None:
    first = services.add_alias(site=site, name="Le Port", by=by)
    assert services.add_alias(site=site, name="LE PORT", by=by) == first
    services.remove_alias(alias=first, by=by)
    assert not SiteAlias.objects.filter(site=site).exists()
    assert SiteAlias.history.filter(site=site, history_type="-").exists()


# Closing and reopening -----------------------------------------------------------------------------------------

DEPARTURES = (
    Departure("shelter", Value.of(12), Value.nd(), "hôtel"),
    Departure("none", Value.nd(), Value.empty()),
)


def test_closing_keeps_since_when_why_and_where(by: Actor, site: Site) -> None:
    other = factories.make_site("Autre")
    seen = Occupation.objects.known().get(site=site)
    closed = services.close_site(
        site=site,
        by=by,
        closed_on=DAY,
        reason="court",
        note="référé",
        departures=DEPARTURES,
        resettled_to=[other],
        seen=seen,
    )
    assert (closed.ended_on, closed.closing_reason, closed.closing_note) == (DAY, "court", "référé")
    told = {
        one.kind: (one.value("people"), one.value("households"), one.note)
        for one in closed.orientations.all()
    }
    assert told == {
        "shelter": (Value.of(12), Value.nd(), "hôtel"),
        "none": (Value.nd(), Value.empty(), ""),
    }
    link = Resettlement.objects.get(origin=site)
    assert (link.site, link.valid_on) == (other, DAY)
    assert list(Site.objects.closed_on()) == [site]


def test_closing_twice_is_told(by: Actor, site: Site) -> None:
    seen = Occupation.objects.known().get(site=site)
    closed = services.close_site(site=site, by=by, closed_on=DAY, reason="court", seen=seen)
    before = rows()
    with pytest.raises(Stale) as caught:
        services.close_site(site=site, by=by, closed_on=LATER, reason="other", seen=seen)
    assert caught.value.current == closed
    with pytest.raises(Refused, match="déjà fermé depuis le 10/03/2021"):
        services.close_site(site=site, by=by, closed_on=LATER, reason="other")
    assert rows() == before


def test_closing_before_the_installation_is_refused(by: Actor, site: Site, nothing_written: None) -> None:
    with pytest.raises(Refused, match="31/12/2019"):
        services.close_site(site=site, by=by, closed_on=dt.date(2019, 12, 31), reason="court")


def test_a_closing_that_fails_half_way_leaves_nothing(by: Actor, site: Site, nothing_written: None) -> None:
    twice = (DEPARTURES[0], DEPARTURES[0])
    with pytest.raises(IntegrityError):
        services.close_site(site=site, by=by, closed_on=DAY, reason="court", departures=twice)


def test_a_resettlement_on_itself_undoes_the_closing(by: Actor, site: Site, nothing_written: None) -> None:
    with pytest.raises(Refused):
        services.close_site(site=site, by=by, closed_on=DAY, reason="court", resettled_to=[site])


def test_reopening_undoes_the_closing_and_keeps_its_trace(by: Actor, site: Site) -> None:
    closed = services.close_site(site=site, by=by, closed_on=DAY, reason="court", departures=DEPARTURES)
    opened = services.reopen_site(site=site, by=by, reason="mauvais site")
    assert (opened.ended_on, opened.closing_reason, opened.closing_note) == (None, "", "")
    assert site in Site.objects.open_on()
    assert Orientation.objects.filter(occupation=closed).count() == 2
    assert not Orientation.objects.filter(occupation=opened).exists()
    with pytest.raises(Refused, match="déjà ouvert"):
        services.reopen_site(site=site, by=by, reason="encore")


def test_better_dates_of_a_closed_site_keep_where_its_people_went(by: Actor, site: Site) -> None:
    services.close_site(site=site, by=by, closed_on=LATER, reason="court", departures=DEPARTURES)
    fixed = services.correct_installation(site=site, by=by, on=dt.date(2019, 5, 1), reason="su")
    assert [one.kind for one in fixed.orientations.order_by("pk")] == ["shelter", "none"]
    assert [one.value("people") for one in fixed.orientations.order_by("pk")] == [Value.of(12), Value.nd()]
    assert Orientation.objects.count() == 4, "celles de la version d’avant restent lisibles"


def test_an_installation_after_what_was_seen_is_refused(by: Actor, site: Site) -> None:
    services.add_survey(site=site, observation=seen_on(DAY), by=by)
    before = rows()
    with pytest.raises(Refused, match="recensés dès le 10/03/2021"):
        services.correct_installation(site=site, by=by, on=DAY + dt.timedelta(days=1), reason="su")
    assert rows() == before
    assert services.correct_installation(site=site, by=by, on=DAY, reason="su").valid_on == DAY


def test_an_installation_after_the_closing_is_refused(by: Actor, site: Site) -> None:
    services.close_site(site=site, by=by, closed_on=DAY, reason="court")
    with pytest.raises(Refused, match="fermé le 10/03/2021"):
        services.correct_installation(site=site, by=by, on=LATER, reason="su")


# Merging -------------------------------------------------------------------------------------------------------


def test_merging_gathers_everything_on_the_kept_site(by: Actor, site: Site) -> None:
    kept = factories.make_site("Gardé", opened=DAY)
    third = factories.make_site("Tiers")
    factories.make_alias(site, "Le Port")
    survey = factories.make_survey(site, DAY, 36)
    factories.make_event(site, DAY)
    services.link_resettlement(origin=site, site=kept, on=LATER, by=by)
    services.link_resettlement(origin=third, site=site, on=LATER, by=by)
    services.merge_sites(survivor=kept, duplicate=site, by=by, reason="même terrain")
    assert figure(kept) == 36
    assert Survey.objects.known().get(lineage=survey.lineage).site == kept
    assert SiteEvent.objects.known().get().site == kept
    assert {alias.name for alias in kept.aliases.all()} == {"Rue du Port", "Le Port"}
    assert Occupation.objects.known().get(site=kept).valid_on == dt.date(2020, 1, 1)
    assert [(one.origin, one.site) for one in Resettlement.objects.known()] == [(third, kept)]
    assert set(Site.objects.open_on()) == {kept, third}
    assert Site.objects.get(pk=site.pk).merged_into == kept


def test_a_site_is_not_merged_with_itself(by: Actor, site: Site, nothing_written: None) -> None:
    with pytest.raises(Refused, match="deux sites différents"):
        services.merge_sites(survivor=site, duplicate=site, by=by, reason="doublon")
