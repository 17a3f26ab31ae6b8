"""Who is told what about a page of good practice: where, never what."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership, User
from jalons.accounts.permissions import membership_territory
from jalons.core.clock import paris_day
from jalons.core.values import format_date, format_number, french_spaces, plural
from jalons.discussions.services import queue_mail
from jalons.history.services import Actor
from jalons.sharing.models import Practice
from jalons.sharing.models.practice import READ_AGAIN_AFTER

TOPIC = "practices"


def writers_of(practice: Practice) -> list[User]:
    """The people of the owner who write it."""
    held = Membership.objects.active().filter(organisation=practice.owner.standing_id, user__is_active=True)
    return people_with(held, Right.WRITE_PRACTICE)


def publishers() -> list[User]:
    held = Membership.objects.active().filter(user__is_active=True, role="national")
    return people_with(held, Right.PUBLISH_PRACTICE)


def people_with(held: "object", right: Right) -> list[User]:
    rows = held.with_access().select_related("user").order_by("pk")  # type: ignore[attr-defined]
    return list({row.user_id: row.user for row in rows if membership_territory(row, right)}.values())


def write(practice: Practice, people: Iterable[User], *, key: str, subject: str, body: str) -> int:
    link = f"{settings.ORIGIN}{reverse('sharing:practice', args=[practice.public_id])}"
    written = 0
    for user in people:
        mail = queue_mail(
            key=f"practice/{practice.public_id}/{key}/{user.pk}",
            user=user,
            topic=TOPIC,
            subject=french_spaces(subject),
            body=french_spaces(f"{body}\n\nLa page :\n{link}"),
            about=[f"pratique:{practice.public_id}"],
        )
        written += mail is not None
    return written


def tell_review_asked(practice: Practice, by: Actor) -> None:
    write(
        practice,
        [user for user in publishers() if user.pk != by.user.pk],
        key=f"asked/{practice.version}",
        subject=f"{by.organisation} propose une bonne pratique à la publication",
        body=f"« {practice.title} » attend d’être relue et publiée.",
    )


def tell_published(practice: Practice, by: Actor) -> None:
    write(
        practice,
        [user for user in writers_of(practice) if user.pk != by.user.pk],
        key=f"published/{practice.version}",
        subject="Votre bonne pratique est publiée",
        body=f"« {practice.title} » se lit maintenant dans toute la France.",
    )


def tell_given_back(practice: Practice, by: Actor) -> None:
    write(
        practice,
        [user for user in writers_of(practice) if user.pk != by.user.pk],
        key=f"back/{practice.version}",
        subject="Votre bonne pratique est à reprendre",
        body=f"« {practice.title} » n’est pas publiée telle quelle : la page dit pourquoi.",
    )


def remind() -> str:
    """The periodic job: the owner of a page that nobody read again for eighteen months, once."""
    written = 0
    late = Practice.objects.published().filter(reviewed_on__lt=paris_day() - READ_AGAIN_AFTER)
    for practice in late.select_related("owner").order_by("pk"):
        with transaction.atomic():
            written += write(
                practice,
                writers_of(practice),
                key=f"old/{practice.reviewed_on}",
                subject="Une bonne pratique est à relire",
                body=f"« {practice.title} » a été relue le {format_date(practice.reviewed_on)}, il y a plus de "
                "dix-huit mois. Si elle est toujours vraie, un bouton suffit ; sinon, corrigez-la.",
            )
    return f"{format_number(written)}\u00a0{plural(written, 'rappel écrit', 'rappels écrits')}."
