"""Writing one’s own card, and that of one’s organisation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from jalons.accounts.models import Organisation, User
from jalons.core.values import fold
from jalons.directory.models import DirectoryCard, Expertise, OrganisationCard


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person shows, and what there is to show."""

    show_email: bool
    phone: str
    show_phone: bool
    show_role: bool
    expertises: tuple[str, ...]
    show_expertises: bool


@transaction.atomic
def save_card(*, user: User, choice: Choice, organisations: Mapping[int, tuple[str, ...]]) -> DirectoryCard:
    """`organisations`: the domains of those where the person works, by primary key."""
    columns = {
        name: getattr(choice, name)
        for name in ("show_email", "phone", "show_phone", "show_role", "show_expertises")
    }
    card, _ = DirectoryCard.objects.update_or_create(user=user, defaults=columns)
    card.expertises.set(named(choice.expertises))
    for organisation in Organisation.objects.filter(pk__in=organisations).order_by("pk"):
        theirs, _ = OrganisationCard.objects.get_or_create(organisation=organisation)
        theirs.expertises.set(named(organisations[organisation.pk]))
    return card


def named(labels: Iterable[str]) -> list[Expertise]:
    """The domains of these names, made when they are new. In one order: two requests wait for each other."""
    by_folded = {fold(label)[:120]: label for label in labels}
    return [
        Expertise.objects.get_or_create(folded=folded, defaults={"label": by_folded[folded]})[0]
        for folded in sorted(by_folded)
    ]
