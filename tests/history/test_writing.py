"""Facts and records written one by one or many at once: the same rows, the same history, the same refusals."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jalons.core.values import fold
from jalons.history.services import (
    Stale,
    add_all,
    check_current,
    copy_of,
    correct,
    correct_all,
    create_records,
    enter_all,
    save_record,
    withdraw,
)
from jalons.sites.models import Site, SiteAlias, SiteEvent, Survey
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
FIRST = dt.date(2020, 1, 1)
NOON = dt.datetime(2020, 3, 5, 12, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
OWN = ("id", "lineage", "recorded_at", "superseded_at", "site_id")


def survey(site: Site, day: dt.date, people: int | None, **values: Any) -> Survey:
    return Survey(site=site, valid_on=day, source_kind="other", people=people, **values)


def rows(site: Site) -> list[dict[str, Any]]:
    found = Survey.objects.filter(site=site).order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in OWN} for row in found]


def alias(site: Site, name: str) -> SiteAlias:
    return SiteAlias(site=site, name=name, name_folded=fold(name))


# Facts ----------------------------------------------------------------------------------------------------


def test_many_facts_at_once_are_those_entered_one_by_one() -> None:
    site, other = factories.make_site(), factories.make_site()
    author = factories.an_author(site)
    told = [(FIRST, 12), (FIRST, 15), (FIRST + DAY, None), (FIRST + 2 * DAY, 0)]
    facts = [survey(site, day, people) for day, people in told]
    assert enter_all(facts=facts, by=author) is facts
    for day, people in told:
        factories.make_survey(other, day, people, by=author, source_kind="other")
    assert rows(site) == rows(other)
    assert {(fact.author, fact.organisation) for fact in facts} == {(author.user, author.organisation)}
    assert Survey.objects.filter(site=site).in_force().get().people == 0


def test_nothing_to_write_writes_nothing(django_assert_num_queries: Any) -> None:
    author = factories.an_author(factories.make_site())
    before = Survey.objects.count()
    add_all([])
    assert list(enter_all(facts=[], by=author)) == []
    assert list(correct_all(changes=[], by=author, reason="")) == []
    assert list(create_records(records=[], by=author)) == []
    assert Survey.objects.count() == before
    with django_assert_num_queries(0):
        add_all([])


def test_facts_of_which_none_stands_are_added_too() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    enter_all(facts=[SiteEvent(site=site, valid_on=FIRST, kind="visit")], by=author)
    assert SiteEvent.objects.known().get(site=site).author == author.user


def test_five_hundred_and_more_at_once_leave_one_figure() -> None:
    """More than one statement holds."""
    site = factories.make_site()
    enter_all(facts=[survey(site, FIRST, number) for number in range(502)], by=factories.an_author(site))
    ends = list(Survey.objects.filter(site=site).order_by("-pk").values_list("holds_until", flat=True))
    assert ends == [dt.date.max, *[FIRST] * 501]


@pytest.mark.parametrize("days", [11, 12, 13, 30])
def test_many_figures_that_end_on_different_days(days: int) -> None:
    """Twelve ends are written one by one, thirteen in one statement."""
    site = factories.make_site()
    facts = [survey(site, FIRST + number * DAY, number) for number in range(days)]
    enter_all(facts=facts, by=factories.an_author(site))
    ends = list(Survey.objects.filter(site=site).order_by("valid_on").values_list("holds_until", flat=True))
    assert ends == [*(FIRST + number * DAY for number in range(1, days)), dt.date.max]


def test_many_corrections_at_once_are_those_made_one_by_one() -> None:
    site, other = factories.make_site(), factories.make_site()
    author, later = factories.an_author(site), NOON + dt.timedelta(hours=1)
    changes = [{"people": 20}, {"valid_on": FIRST + 5 * DAY}, {"withdrawn": True}]
    for place in (site, other):
        for number in range(3):
            factories.make_survey(
                place, FIRST + number * DAY, number, by=author, recorded_at=NOON, note=f"n° {number}"
            )
    facts = list(Survey.objects.filter(site=site).order_by("pk"))
    someone = factories.actor(factories.make_user("operator", "59"))
    done = correct_all(
        changes=list(zip(facts, changes, strict=True)), by=someone, reason="recompté", at=later
    )
    for fact, change in zip(Survey.objects.filter(site=other).order_by("pk"), changes, strict=True):
        correct(fact=fact, by=someone, reason="recompté", at=later, **change)
    assert rows(site) == rows(other)
    assert [one.lineage for one in done] == [one.lineage for one in facts]
    assert {(one.author, one.organisation) for one in done} == {(someone.user, someone.organisation)}
    assert {(one.recorded_at, one.reason, one.superseded_at) for one in done} == {(later, "recompté", None)}
    closed = Survey.objects.filter(pk__in=[one.pk for one in facts])
    assert {one.superseded_at for one in closed} == {later}


def test_corrections_at_once_come_after_all_that_they_replace() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    first = factories.make_survey(site, FIRST, 1, recorded_at=NOON)
    second = factories.make_survey(site, FIRST, 2, recorded_at=NOON + dt.timedelta(hours=1))
    done = correct_all(changes=[(first, {}), (second, {})], by=author, reason="", at=NOON)
    assert {one.recorded_at for one in done} == {second.recorded_at + MICROSECOND}


def test_one_stale_fact_refuses_all_the_corrections() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    fresh, old = factories.make_survey(site, FIRST, 1), factories.make_survey(site, FIRST, 2)
    correct(fact=Survey.objects.get(pk=old.pk), by=author, reason="", people=3)
    before = rows(site)
    with pytest.raises(Stale) as refused:
        correct_all(changes=[(fresh, {"people": 9}), (old, {"people": 9})], by=author, reason="")
    assert refused.value.current is None
    assert rows(site) == before


def test_what_is_not_the_current_version_any_more_is_said() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    mine = factories.make_survey(site, FIRST, 12)
    check_current(mine)
    theirs = correct(fact=Survey.objects.get(pk=mine.pk), by=author, reason="", people=15)
    with pytest.raises(Stale, match="Quelqu’un d’autre a modifié cet élément") as refused:
        check_current(mine)
    assert refused.value.current == theirs
    withdraw(fact=theirs, by=author, reason="")
    with pytest.raises(Stale) as refused:
        check_current(theirs)
    assert refused.value.current is None


def test_a_correction_says_when_it_was_known_and_closes_the_version_in_hand() -> None:
    site = factories.make_site()
    first = factories.make_survey(site, FIRST, 1, recorded_at=NOON)
    later = NOON + dt.timedelta(hours=1)
    second = correct(fact=first, by=factories.an_author(site), reason="recompté", at=later, people=2)
    assert (second.recorded_at, second.superseded_at, second.reason) == (later, None, "recompté")
    assert first.superseded_at == later
    # What they hold says itself until when each stands.
    assert (first.holds_until, second.holds_until) == (FIRST, dt.date.max)


# Records --------------------------------------------------------------------------------------------------


def test_records_created_at_once_have_their_line_of_history() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    records = [alias(site, "La friche"), alias(site, "Le pré")]
    assert create_records(records=records, by=author, reason="relevé d’un plan") is records
    saved = list(SiteAlias.objects.filter(site=site).order_by("pk"))
    assert [one.name for one in saved] == ["La friche", "Le pré"]
    assert {(one.version, one.changed_by, one.changed_for) for one in saved} == {
        (1, author.user, author.organisation)
    }
    assert saved[0].changed_at == saved[1].changed_at
    lines = SiteAlias.history.filter(site=site)
    assert [(line.history_type, line.version, line.history_change_reason) for line in lines] == [
        ("+", 1, "relevé d’un plan")
    ] * 2
    assert {line.changed_by for line in lines} == {author.user}
    saved[0].used_by = "la mairie"
    assert save_record(record=saved[0], by=author).version == 2


def test_the_operator_of_the_server_is_nobody() -> None:
    site = factories.make_site()
    (created,) = create_records(records=[alias(site, "La friche")], by=None)
    saved = save_record(record=alias(site, "Le pré"), by=None)
    for record in (created, saved):
        stored = SiteAlias.objects.get(pk=record.pk)
        assert (stored.version, stored.changed_by, stored.changed_for) == (1, None, None)
        (line,) = stored.history.all()
        assert (line.history_change_reason or "", line.history_user) == ("", None)


def test_each_save_adds_one_to_the_version_and_says_who_and_why() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    seen, site.name, site.changed_at = site.version, "Rue Neuve", NOON
    saved = save_record(record=site, by=author, reason="mal nommé", expected_version=seen)
    stored = Site.objects.get(pk=site.pk)
    assert (saved.version, stored.version, stored.name) == (seen + 1, seen + 1, "Rue Neuve")
    assert (stored.changed_by, stored.changed_for) == (author.user, author.organisation)
    assert stored.changed_at > NOON
    assert site.history.latest().history_change_reason == "mal nommé"
    # A form opened on the version before is refused, with what stands.
    with pytest.raises(Stale) as refused:
        save_record(record=saved, by=author, expected_version=seen)
    assert refused.value.current == stored
    assert Site.objects.get(pk=site.pk).version == seen + 1
    assert site.history.count() == 2


def test_the_base_holds_one_current_version_of_a_fact() -> None:
    """Whoever writes without the services, or beside somebody else."""
    first = factories.make_survey(factories.make_site(), FIRST, 30)
    twin = copy_of(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    assert Survey.objects.get(lineage=first.lineage) == first
