"""The e-mails about reports: one is ready, after more than a minute; one is given to be read; a half-year waits."""

import datetime as dt
from typing import Any

from jalons.accounts.models import User
from jalons.core.navigation import full_address
from jalons.core.values import format_long_date, format_number, plural
from jalons.discussions.models import Mail
from jalons.discussions.services import queue_mail
from jalons.editions.models import ReportAccess, ReportEdition
from jalons.editions.periods import ReportPeriod
from jalons.editions.registry import report_kinds
from jalons.editions.topics import EXPECTED, READY, SHARED
from jalons.history.services import Actor


def tell_ready(edition: ReportEdition) -> None:
    """In the transaction of the caller; once for each time that it is made."""
    link = full_address("editions:edition", edition.public_id)
    kind = report_kinds()[edition.kind]
    queue_mail(
        key=f"{READY.code}/{edition.public_id}/{edition.attempts}/{edition.made_at or ''}"[:200],
        user=edition.author,
        topic=READY.code,
        subject=f"votre rapport est prêt\u00a0: {kind.title.lower()}, {edition.area_label}"[:200],
        body=f"Vous aviez demandé ce rapport\u00a0: {kind.title}, {edition.area_label}.\n\nLe lire\u00a0:\n{link}",
    )


def tell_shared(access: ReportAccess, by: Actor) -> None:
    """In the transaction of the caller; once, whatever is changed of it later."""
    edition = access.edition
    link = full_address("editions:edition", edition.public_id)
    title = report_kinds()[edition.kind].title
    asked = "le relire et à compléter ses textes" if access.may_write else "le relire"
    queue_mail(
        key=f"{SHARED.code}/{edition.public_id}/{access.pk}",
        user=access.user,
        topic=SHARED.code,
        subject=f"un rapport à lire\u00a0: {title.lower()}, {edition.area_label}"[:200],
        body=f"{by.user} ({by.organisation}) vous donne à lire ce rapport, et vous invite à {asked}\u00a0: "
        f"{title}, {edition.area_label}.\n\nLe lire\u00a0:\n{link}",
    )


LISTED = 30  # of each kind, in one e-mail


def ask_contribution(
    contributor: Any, *, user: User, period: ReportPeriod, week: dt.date, by: Actor | None
) -> Mail | None:
    """What a structure owes to a half-year (`readiness.Contributor`): once a week for each person, whoever asks."""
    sites, actions = contributor.sites, contributor.actions
    counts = [
        f"{format_number(len(rows))} {plural(len(rows), *words)}"
        for rows, words in (
            (sites, ("site sans recensement", "sites sans recensement")),
            (actions, ("dispositif sans suivi", "dispositifs sans suivi")),
        )
        if rows
    ]
    who = f"{by.user} ({by.organisation}) vous demande" if by else "Il manque encore"
    lines = [
        f"{who}, pour le bilan du {period.title}, à renseigner avant le {format_long_date(period.last)}\u00a0:",
        *listed(sites, "sites:sheet", lambda site: f"{site.name}, {site.place}\u00a0: un recensement"),
        *listed(actions, "indicators:fill", lambda action: f"{action.name}\u00a0: un suivi"),
    ]
    about = [f"site:{site.key}" for site in sites[:LISTED]]
    return queue_mail(
        key=f"{EXPECTED.code}/{period.first}/{week}/{user.pk}",
        user=user,
        topic=EXPECTED.code,
        subject=f"{period.title}\u00a0: {' et '.join(counts)}"[:200],
        body="\n\n".join(lines),
        about=[*about, *(f"dispositif:{action.key}" for action in actions[:LISTED])],
    )


def listed(rows: Any, page: str, words: Any) -> list[str]:
    lines = [f"– {words(row)}\n  {full_address(page, row.key)}" for row in rows[:LISTED]]
    left = len(rows) - LISTED
    return [*lines, f"… et {format_number(left)} de plus."] if left > 0 else lines
