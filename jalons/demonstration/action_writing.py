"""Writing dispositifs by the dozen, with what the services guarantee one at a time."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType

from jalons.actions.models import (
    Action,
    ActionContact,
    ActionSite,
    Deadline,
    FollowUp,
    FundingLine,
    InsertionSite,
    Intervention,
    Participation,
    StaffLine,
)
from jalons.core.values import Emptiness
from jalons.demonstration.action_stories import ActionStory, ActionTeller
from jalons.demonstration.chance import data
from jalons.demonstration.follow_ups import Figure, Report
from jalons.demonstration.loading import insert
from jalons.demonstration.writing import BATCH, settle, write_records
from jalons.discussions.models import Comment
from jalons.history.models import Fact
from jalons.indicators.enums import Measure, Nature, ValueType
from jalons.indicators.models import Indicator, Measurement, Series

RECORDS = (ActionContact, InsertionSite, Deadline)
FACTS: tuple[type[Fact], ...] = (
    Intervention,
    Participation,
    ActionSite,
    FundingLine,
    StaffLine,
)
# (dispositif, indicator, reporter), by key; reporter None: asked of the dispositif as a whole.
SeriesKey = tuple[int, int, int | None]


def write_actions(tell: ActionTeller, stories: Sequence[ActionStory]) -> Counter[str]:
    """Insert dispositifs and all that was said of them. Says how many rows of each kind."""
    write_records(
        Action, [story.action for story in stories], [story.before for story in stories if story.before]
    )
    write_records(Indicator, [local for story in stories for local in story.locals])
    counts = Counter({"Action": len(stories)})
    for model in RECORDS:
        write_records(
            model, [record for story in stories for record in story.records if type(record) is model]
        )
    for kind in FACTS:
        facts = [fact for story in stories for fact in story.facts if type(fact) is kind]
        insert(kind, facts)
        counts[kind.__name__] += len(facts)
    follow_ups = [
        follow_up
        for story in stories
        for report in story.reports
        for follow_up in follow_ups_of(tell, story, report)
    ]
    insert(FollowUp, follow_ups)
    counts["FollowUp"] += len(follow_ups)
    series = write_series(tell, stories)
    measurements = [measurement for story in stories for measurement in measured(tell, story, series)]
    settle(Measurement, measurements)
    insert(Measurement, measurements)
    counts["Measurement"] += len(measurements)
    counts["Comment"] += discuss(tell, stories)
    return counts


# --- follow-ups ------------------------------------------------------------------------------------------------


def versions(
    tell: ActionTeller, report: Report, now: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """The columns of each version of something told in a report; `before`: what its first version said."""
    common = {"lineage": tell.chance.uuid(), "author_id": report.by.user.pk}
    common |= {"organisation_id": report.by.organisation.pk, "valid_on": report.on}
    if report.corrected_at is None or before is None:
        yield {**common, **now, "recorded_at": report.at}
    else:
        yield {**common, **before, "recorded_at": report.at, "superseded_at": report.corrected_at}
        yield {**common, **now, "recorded_at": report.corrected_at, "reason": report.reason}


def follow_ups_of(tell: ActionTeller, story: ActionStory, report: Report) -> Iterator[FollowUp]:
    columns: dict[str, Any] = {
        "action_id": story.action.pk,
        "reporter_id": report.by.organisation.pk,
        "since": report.since,
        "blocks": tuple(report.blocks),
        "unchanged": report.unchanged,
        "comments": report.comments,
        "difficulties": report.difficulties,
        "difficulty_note": report.difficulty_note,
    }
    for version in versions(tell, report, columns, columns):
        yield FollowUp(**version)


def asked_of(tell: ActionTeller, story: ActionStory) -> dict[str, Indicator]:
    return {**tell.national, **{local.public_id: local for local in story.locals}}


def write_series(tell: ActionTeller, stories: Sequence[ActionStory]) -> dict[SeriesKey, int]:
    """The series of what was told, of the indicators of one's own and of the objectives; their keys."""
    wanted: dict[SeriesKey, bool] = {}
    for story in stories:
        asked, action = asked_of(tell, story), story.action.pk
        wanted |= {(action, local.pk, None): True for local in story.locals}
        for indicator in aimed_at(tell, story):
            wanted.setdefault((action, indicator.pk, None), False)
        for report in story.reports:
            reporter = report.by.organisation.pk
            wanted |= {(action, asked[code].pk, reporter): False for code in report.figures}
    rows = Series.objects.bulk_create(
        [
            Series(action_id=action, indicator_id=indicator, reporter_id=reporter, asked=asked)
            for (action, indicator, reporter), asked in wanted.items()
        ],
        batch_size=BATCH,
    )
    return {(row.action_id, row.indicator_id, row.reporter_id): row.pk for row in rows}


def measured(
    tell: ActionTeller, story: ActionStory, series: Mapping[SeriesKey, int]
) -> Iterator[Measurement]:
    """Every version of every figure of a dispositif, and its objectives."""
    asked, action = asked_of(tell, story), story.action.pk
    for report in story.reports:
        reporter = report.by.organisation.pk
        for code, figure in report.figures.items():
            indicator = asked[code]
            common = {
                "series_id": series[action, indicator.pk, reporter],
                "since": report.since if indicator.nature == Nature.FLOW else None,
                "measure": report.measure,
                "unchanged": indicator.block in report.unchanged,
            }
            before = columns(report.before[code]) | common if code in report.before else None
            for version in versions(tell, report, columns(figure) | common, before):
                yield Measurement(**version)
    yield from objectives(tell, story, series)


def columns(figure: Figure) -> dict[str, Any]:
    """What a measurement stores of a figure."""
    if isinstance(figure, Emptiness):
        return {"state": figure.value}
    if isinstance(figure, tuple):
        return {"number": figure[0], "denominator": figure[1]}
    return {"words": figure} if isinstance(figure, str) else {"number": figure}


# --- objectives ------------------------------------------------------------------------------------------------

AIMS = {"logement-menages": 0.25, "personnes": 3.2, "contrats": 0.3, "ame-valide": 0.8}  # for each family


def aimed_at(tell: ActionTeller, story: ActionStory) -> list[Indicator]:
    """What a dispositif that has indicators of its own aims at: some of these, and one of the socle."""
    own = [local for local in story.locals if local.value_type in (ValueType.NUMBER, ValueType.SHARE)]
    blocks = story.plan.blocks
    national = [tell.national[code] for code in AIMS if tell.national[code].block in blocks]
    return [*own, *national[:2]] if story.locals else []


def objectives(
    tell: ActionTeller, story: ActionStory, series: Mapping[SeriesKey, int]
) -> Iterator[Measurement]:
    """For the end of last year and of this one, said by the pilot at the start."""
    by = tell.cast.actors[story.plan.pilots[0]]
    start = tell.calendar.day(story.plan.started)
    for indicator in aimed_at(tell, story):
        for year in (tell.calendar.today.year - 1, tell.calendar.today.year):
            if year >= start.year and (story.plan.closed is None or story.plan.reopened):
                yield Measurement(
                    lineage=tell.chance.uuid(),
                    series_id=series[story.action.pk, indicator.pk, None],
                    valid_on=dt.date(year, 12, 31),
                    measure=Measure.OBJECTIVE,
                    recorded_at=story.declared,
                    author_id=by.user.pk,
                    organisation_id=by.organisation.pk,
                    **columns(aim(tell, story, indicator)),
                )


def aim(tell: ActionTeller, story: ActionStory, indicator: Indicator) -> Figure:
    if indicator.code:
        return round(AIMS[indicator.code] * story.plan.families)
    row = next(row for row in data("action_words")["locals"] if row["label"] == indicator.label)
    high: int = row["high"]
    return (min(100, high + 5), 100) if indicator.value_type == ValueType.SHARE else high + 1


# --- words -----------------------------------------------------------------------------------------------------


def discuss(tell: ActionTeller, stories: Iterable[ActionStory]) -> int:
    """Under two dispositifs in three, the State and the operators answer one another."""
    kind = ContentType.objects.get_for_model(Action)
    comments = []
    for story in stories:
        plan = story.plan
        if not tell.chance.happens(0.66 if plan.varied else 0.2) or plan.started < 5:
            continue
        for key in tell.chance.sample(speakers(plan), len(speakers(plan))):
            by = tell.cast.actors[key]
            state = key in plan.pilots
            words = data("action_words")["state_comments" if state else "operator_comments"]
            ago = tell.chance.randint(max(2, plan.closed_for_good or 0), max(3, plan.started))
            comments.append(
                Comment(
                    public_id=tell.chance.public_id(),
                    content_type=kind,
                    object_id=story.action.pk,
                    author=by.user,
                    organisation=by.organisation,
                    created_at=max(tell.calendar.moment(tell.chance, tell.day(ago), 0), story.declared),
                    text=tell.chance.choice(words),
                )
            )
    insert(Comment, comments)
    return len(comments)


def speakers(plan: Any) -> list[str]:
    return list(dict.fromkeys([plan.pilots[0], *(filler.key for filler in plan.operators)]))
