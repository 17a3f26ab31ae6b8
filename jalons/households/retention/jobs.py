"""Every day: households that are to go are announced sixty days before, then erased. Where this runs, no key is."""

import datetime as dt

from django.db import transaction
from django.db.models import Count

from jalons.core import clock
from jalons.core.values import format_long_date, plural
from jalons.discussions.services import queue_mail
from jalons.households.enums import ErasureReason
from jalons.households.handing.waiting import expire
from jalons.households.imports.services import forget_imports
from jalons.households.models import Household, RegisterMember, RetentionNotice
from jalons.households.retention.dates import ANNOUNCED_DAYS, may_go
from jalons.households.retention.services import erase_household

TOPIC = "register"
BATCH = 500


def keep_retention() -> str:
    """What was done, in one sentence. Run twice, it does nothing the second time."""
    forgotten = forget_imports()
    sentence = retention_on(clock.paris_day())
    return (
        f"{sentence} {forgotten} {plural(forgotten, 'tableau effacé', 'tableaux effacés')}."
        if forgotten
        else sentence
    )


def retention_on(today: dt.date) -> str:
    announced, erased, expired = announce(today), erase_due(today), expire(today)
    copies = (
        f" {expired} {plural(expired, 'copie confiée détruite', 'copies confiées détruites')}."
        if expired
        else ""
    )
    if not announced and not erased:
        return f"Aucun ménage à annoncer ni à effacer.{copies}"
    return done_in_words(announced, erased) + copies


def done_in_words(announced: int, erased: int) -> str:
    return (
        f"{announced} {plural(announced, 'effacement annoncé', 'effacements annoncés')}, "
        f"{erased} {plural(erased, 'ménage effacé', 'ménages effacés')}."
    )


def announce(today: dt.date) -> int:
    """How many days of erasure were announced. A day that comes closer (a shorter choice) is a day of its own."""
    until = today + dt.timedelta(days=ANNOUNCED_DAYS)
    near = (
        Household.objects.filter(erase_on__isnull=False, erase_on__lte=until)
        .order_by()
        .values("organisation", "erase_on")
        .annotate(households=Count("pk"))
    )
    known = set(RetentionNotice.objects.values_list("organisation", "erase_on"))
    announced = 0
    for row in near:
        if (row["organisation"], row["erase_on"]) in known:
            continue
        with transaction.atomic():
            notice, made = RetentionNotice.objects.get_or_create(
                organisation_id=row["organisation"],
                erase_on=row["erase_on"],
                defaults={"announced_on": today},
            )
            if made:
                tell_members(notice, row["households"])
                announced += 1
    return announced


def tell_members(notice: RetentionNotice, households: int) -> None:
    """How many and when; never who: the list is behind the wall."""
    first = max(notice.erase_on, notice.announced_on + dt.timedelta(days=ANNOUNCED_DAYS))
    words = f"{households} {plural(households, 'ménage', 'ménages')}"
    members = RegisterMember.objects.present().filter(register__organisation=notice.organisation_id)
    for member in members.select_related("user").order_by("pk"):
        queue_mail(
            key=f"register/{notice.organisation_id}/{notice.erase_on}/{notice.announced_on}/{member.user_id}",
            user=member.user,
            topic=TOPIC,
            subject=f"{words} de votre registre {plural(households, 's’effacera', 's’effaceront')}",
            body=(
                f"À partir du {format_long_date(first)}, {words} de votre registre "
                f"{plural(households, 'sera effacé', 'seront effacés')} : le dernier contact date de plus "
                "longtemps que la durée que votre structure a choisie.\n\n"
                "Si vous les accompagnez encore, notez-y une visite : la date recule d’elle-même. Ouvrez votre "
                "registre pour voir lesquels."
            ),
        )


def erase_due(today: dt.date) -> int:
    """Those announced for sixty days, and whose date did not move since."""
    erased = 0
    due = Household.objects.filter(erase_on__isnull=False, erase_on__lte=today).order_by("pk")
    for pk in list(due.values_list("pk", flat=True)[: 20 * BATCH]):
        with transaction.atomic():
            household = Household.objects.select_for_update().filter(pk=pk, erase_on__lte=today).first()
            if household is None or household.erase_on is None:
                continue
            # Read under the lock: a household that just came to this day made the announcement void.
            notice = RetentionNotice.objects.filter(
                organisation=household.organisation_id, erase_on=household.erase_on
            ).first()
            announced_on = notice.announced_on if notice else None
            if may_go(erase_on=household.erase_on, announced_on=announced_on, today=today):
                erase_household(household, ErasureReason.RETENTION, on=today)
                erased += 1
    return erased
