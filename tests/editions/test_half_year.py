"""« Préparer le semestre »: who is asked for what, once a week; a half-year is closed, opened again with a reason."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jalons.accounts.enums import Role
from jalons.actions.selectors.reminders import People
from jalons.discussions.models import Mail
from jalons.editing.refusals import Refused
from jalons.editions import jobs
from jalons.editions.closings import closed_areas, closings_of
from jalons.editions.enums import EditionStage, ReportRhythm
from jalons.editions.models import ContributionNudge, PeriodClosing, ReportEdition
from jalons.editions.periods import period_of
from jalons.editions.readiness import HalfYearReadiness, contributors, readiness
from jalons.editions.services.life import publish_edition
from jalons.editions.services.nudging import nudge, remind
from jalons.editions.services.periods import close_period, reopen_period
from jalons.figures.areas import find_area
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import AsOf
from tests import factories
from tests.editions.making import make_edition
from tests.factories import DUNKERQUE, LILLE, MARSEILLE, MEL, ROUBAIX, Cast, organisation_of
from tests.worlds import stored

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(reason="une relance par semaine, une clôture"),
]

WEEK = dt.timedelta(days=7)
# The pages show the half-year of today and the one before it, whatever the day of the test.
HALF_YEAR = period_of(ReportRhythm.HALF_YEAR, timezone.localdate())
TODAY = HALF_YEAR.last - 3 * WEEK
BEFORE = HALF_YEAR.first - dt.timedelta(days=40)


class Half:
    """Four open sites of the Nord, one counted in time; a dispositif on one of them, without any report."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.covered, self.alone, self.done = (
            factories.make_site(name, code, opened=BEFORE)
            for name, code in (("Couvert", LILLE), ("Seul", ROUBAIX), ("Compté", LILLE))
        )
        self.elsewhere = factories.make_site("Ailleurs", MARSEILLE, opened=BEFORE)
        self.far = factories.make_site("Loin", DUNKERQUE, opened=BEFORE)
        factories.make_survey(self.done, HALF_YEAR.first + WEEK, 12)
        factories.make_survey(self.covered, HALF_YEAR.first - WEEK, 30)
        operator = organisation_of(cast.operator_a)
        self.action = factories.make_action(
            "Médiation", "59", starts_on=BEFORE, operators=[operator], sites=[self.covered]
        )


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def new_half(cast: Cast) -> Half:
    return Half(cast)


stored_half, half = stored(new_half)


def state_of(half: Half, area: str = "departement-59") -> HalfYearReadiness:
    place = find_area(area)
    assert place is not None
    return readiness(FigureQuestion(half.cast.national, AsOf(TODAY), place))


def asked_of(half: Half, area: str = "departement-59") -> dict[str, tuple[list[str], list[str]]]:
    asked = contributors(state_of(half, area), People(TODAY)).asked
    return {
        str(owed.organisation): ([site.name for site in owed.sites], [action.name for action in owed.actions])
        for owed in asked
    }


def test_each_structure_is_asked_for_what_it_may_tell(half: Half) -> None:
    state = state_of(half)
    assert (state.filled, state.expected, state.percent) == (1, 5, 20)
    operator, departement = (
        str(organisation_of(person)) for person in (half.cast.operator_a, half.cast.correspondent59)
    )
    asked = asked_of(half)  # another structure of correspondents may be there: who wrote the dispositif
    assert asked.pop(operator) == (["Couvert"], ["Médiation"])
    assert departement in asked
    assert all(owed == (["Loin", "Seul"], []) for owed in asked.values())
    people = People(TODAY)
    people.memberships = []
    nobody = contributors(state, people).nobody
    assert {site.name for site in nobody} == {"Couvert", "Seul", "Loin"}


def test_one_nudge_a_week_whoever_asks(half: Half) -> None:
    owed = next(
        one
        for one in contributors(state_of(half), People(TODAY)).asked
        if one.organisation.pk == organisation_of(half.cast.operator_a).pk
    )
    by = factories.actor(half.cast.correspondent59)
    _, sent = nudge(contributor=owed, period=HALF_YEAR, today=TODAY, by=by)
    assert sent == len(owed.people) > 0
    mail = Mail.objects.get(user=half.cast.operator_a, topic="report-expected")
    assert f"{half.cast.correspondent59}" in mail.body
    assert "Couvert, Lille : un recensement" in mail.body.replace("\u00a0", " ")
    assert half.action.public_id in mail.body
    assert set(mail.about) == {f"site:{half.covered.public_id}", f"dispositif:{half.action.public_id}"}
    assert (
        nudge(contributor=owed, period=HALF_YEAR, today=monday(TODAY) + dt.timedelta(days=2), by=by)[1]
        is None
    )
    before = Mail.objects.count()
    remind(monday(TODAY) + dt.timedelta(days=3))  # of the same week: only who was not asked yet
    assert not Mail.objects.filter(pk__gt=mail.pk, user=half.cast.operator_a).exists()
    assert Mail.objects.filter(user=half.cast.correspondent59, topic="report-expected").count() == 1
    assert Mail.objects.count() > before
    assert remind(monday(TODAY) + dt.timedelta(days=3)) is None
    assert remind(TODAY + WEEK)
    assert Mail.objects.filter(user=half.cast.operator_a, topic="report-expected").count() == 2
    assert ContributionNudge.objects.filter(author=half.cast.correspondent59).count() == 1


@pytest.fixture
def account(half: Half) -> ReportEdition:
    """The published account of the half-year before."""
    edition = make_edition(half.cast.correspondent59, kind="bilan", day=HALF_YEAR.before.first)
    publish_edition(edition=edition, by=factories.actor(half.cast.correspondent59))
    jobs.make_report.func(edition.pk)
    edition.refresh_from_db()
    return edition


def test_closed_then_opened_again_with_a_reason(half: Half, account: ReportEdition, client: Client) -> None:
    by, author = factories.actor(half.cast.correspondent59), half.cast.correspondent59
    draft = make_edition(author, kind="bilan", day=HALF_YEAR.before.first)
    with pytest.raises(Refused, match="bilan publié"):
        close_period(edition=draft, by=by)
    client.force_login(author, backend=factories.BACKEND)
    page = client.get(reverse("editions:edition", args=[account.public_id])).content.decode()
    assert "Clore le semestre" in page
    client.post(reverse("editions:close", args=[account.public_id]))
    closing = PeriodClosing.objects.get()
    with pytest.raises(Refused, match="déjà clos"):
        close_period(edition=account, by=by)
    with pytest.raises(Refused, match="rouvrez-le"):
        publish_edition(edition=draft, by=by)
    month = make_edition(author, day=HALF_YEAR.before.first)
    publish_edition(edition=month, by=by)  # another report of the same territory is not concerned
    ready = f"{reverse('editions:ready')}?territoire=departement-59&semestre={account.first_day}"
    page = client.get(ready).content.decode()
    assert account.public_id in page
    assert "Rouvrir" in page
    client.post(
        reverse("editions:reopen", args=[closing.pk]),
        {"reason": "Un site oublié", "submission_key": "0b3f7a58-65a6-4f7a-9d4b-2f3f0a7c1e11"},
    )
    with pytest.raises(Refused):
        reopen_period(closing=closing, reason="Encore", by=by)
    publish_edition(edition=draft, by=by)
    area = find_area("departement-59")
    assert area is not None
    [row] = closings_of(area, HALF_YEAR.before)
    assert (row.reason, row.reopened_by, row.edition_id) == ("Un site oublié", author, account.pk)
    assert "Un site oublié" in client.get(ready).content.decode()


def test_an_intercommunalite_is_closed_and_opened_again_alone(half: Half, client: Client) -> None:
    """Neither what is asked of its département nor the account of the département changes."""
    author = half.cast.national
    by, area = factories.actor(author), find_area(f"epci-{MEL}")
    assert area is not None
    before = state_of(half), asked_of(half)
    editions = [
        make_edition(author, kind="bilan", area=area.text, day=HALF_YEAR.before.first) for _ in range(2)
    ]
    first, second = editions
    publish_edition(edition=first, by=by)
    ReportEdition.objects.filter(pk=first.pk).update(stage=EditionStage.PUBLISHED)
    first.refresh_from_db()
    client.force_login(author, backend=factories.BACKEND)
    client.post(reverse("editions:close", args=[first.public_id]))
    closing = PeriodClosing.objects.get(area=area.text)
    with pytest.raises(Refused, match="rouvrez-le"):
        publish_edition(edition=second, by=by)
    assert closed_areas(HALF_YEAR.before) == []
    assert (state_of(half), asked_of(half)) == before
    ready = f"{reverse('editions:ready')}?territoire={area.text}&semestre={first.first_day}"
    assert "Rouvrir" in client.get(ready).content.decode()
    client.post(
        reverse("editions:reopen", args=[closing.pk]),
        {"reason": "Un site d’une autre commune", "submission_key": "0b3f7a58-65a6-4f7a-9d4b-2f3f0a7c1e12"},
    )
    publish_edition(edition=second, by=by)
    ReportEdition.objects.filter(pk=second.pk).update(stage=EditionStage.PUBLISHED)
    second.refresh_from_db()
    close_period(edition=second, by=by)
    rows = closings_of(area, HALF_YEAR.before)
    assert [(row.edition_id, row.reason) for row in rows] == [
        (second.pk, ""), (first.pk, "Un site d’une autre commune"),
    ]  # fmt: skip
    page = client.get(ready).content.decode()
    assert second.public_id in page
    assert "Un site d’une autre commune" in page


def test_nothing_is_asked_any_more_where_it_is_closed(half: Half, account: ReportEdition) -> None:
    """A département that is closed; only those that take part in what is elsewhere are written to."""
    ReportEdition.objects.filter(pk=account.pk).update(first_day=HALF_YEAR.first)
    account.refresh_from_db()
    close_period(edition=account, by=factories.actor(half.cast.correspondent59))
    remind(TODAY)
    asked = set(Mail.objects.filter(topic="report-expected").values_list("user", flat=True))
    assert half.cast.correspondent13.pk in asked
    assert not asked & {half.cast.correspondent59.pk, half.cast.operator_a.pk}


def test_who_may_close_and_ask(half: Half, account: ReportEdition, client: Client) -> None:
    """A reader of the territory sees what is missing, and no button."""
    reader = factories.make_user(Role.INSTITUTION, LILLE)
    for person, allowed in ((half.cast.operator_a, False), (half.cast.national, True), (reader, False)):
        client.force_login(person, backend=factories.BACKEND)
        page = client.get(reverse("editions:ready"), {"territoire": "departement-59"})
        if page.status_code == 200:
            assert ("Relancer<span" in page.content.decode()) == allowed, person
        data = {"territoire": "departement-59", "structure": organisation_of(half.cast.operator_a).pk}
        answer = client.post(reverse("editions:ask_contributor"), data)
        assert answer.status_code == (302 if allowed else 403), person
    assert ContributionNudge.objects.count() == 1
