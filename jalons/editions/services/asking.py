"""Asking for an edition, and the same one again with what is known now."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from jalons.core import clock
from jalons.editions.enums import EditionStage
from jalons.editions.making.readers import frozen_rights
from jalons.editions.models import ReportEdition, ReportText, TerritoryLogo, described_options
from jalons.editions.periods import ReportPeriod
from jalons.editions.registry import ReportKind
from jalons.figures.areas import FigureArea
from jalons.history.services import Actor, save_record
from jalons.sites.exports import said_by


@transaction.atomic
def ask_edition(
    *,
    kind: ReportKind,
    area: FigureArea,
    period: ReportPeriod,
    by: Actor,
    language: str = "fr",
    options: dict[str, Any] | None = None,
    previous: ReportEdition | None = None,
    now: dt.datetime | None = None,
) -> ReportEdition:
    """Everything that it will say is fixed here: the instant, the date, the rights, the words that go on."""
    now = now or timezone.now()
    edition = ReportEdition.objects.create(
        kind=kind.key,
        area=area.text,
        area_label=area.label,
        first_day=period.first,
        last_day=period.last,
        at=min(period.last, clock.day_in(timezone.get_current_timezone(), now)),
        known_at=now,
        language=language,
        options=options or {},
        template=kind.template,
        logo=TerritoryLogo.objects.filter(area=area.text, removed_at__isnull=True).first(),
        author=by.user,
        organisation=by.organisation,
        author_words=said_by(by.user)[:300],
        rights=frozen_rights(by.user),
        previous=previous,
        asked_at=now,
        pulse_at=now,
    )
    carry_words(edition, previous or edition_before(edition), by)
    return edition


def edition_before(edition: ReportEdition) -> ReportEdition | None:
    """The last one that this structure asked for, of the same report and territory: its words go on."""
    same = ReportEdition.objects.filter(
        kind=edition.kind, area=edition.area, language=edition.language, organisation=edition.organisation
    )
    ended = same.exclude(pk=edition.pk).exclude(stage=EditionStage.STOPPED)
    return ended.visible_to(edition.author).order_by("-last_day", "-asked_at", "-pk").first()


def carry_words(edition: ReportEdition, source: ReportEdition | None, by: Actor) -> None:
    """They are marked until somebody reads them again."""
    if source is None:
        return
    for text in source.texts.exclude(body="").order_by("section"):
        carried = ReportText(edition=edition, section=text.section, body=text.body, to_reread=True)
        save_record(record=carried, by=by)


def ask_again(*, edition: ReportEdition, kind: ReportKind, area: FigureArea, by: Actor) -> ReportEdition:
    """The same report of the same period, with what is known today: a new edition, compared with the first."""
    period = ReportPeriod(kind.rhythm, edition.first_day, edition.last_day)
    return ask_edition(
        kind=kind,
        area=area,
        period=period,
        by=by,
        language=edition.language,
        options=described_options(edition.options.get("sections", []), edition.options.get("cover", "")),
        previous=edition,
    )
