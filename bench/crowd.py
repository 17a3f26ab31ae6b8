"""The people of a whole country, on the base that is being measured: accounts, structures, requests for access.

Written in number, without their history: only read here. Django must be ready before this is imported.
"""

import itertools
from collections.abc import Iterable, Sequence

from django.db import transaction

from jalons.accounts.enums import OrganisationCategory, OrganisationKind, Role
from jalons.accounts.models import Membership, Organisation, User
from jalons.core.values import fold
from jalons.directory.models import DirectoryCard, Expertise
from jalons.joining.models import AccessRequest
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Departement, Scope
from jalons.territories.services import scope_for

NORD = "59"
NORTHERN = 5  # one person of so many works in the Nord, the others all over France
COLLEAGUES = 12  # in a structure
FIRST = ("Élodie", "Jérôme", "Aïcha", "Yannick", "Chloé", "Mehdi", "Hélène", "Loïc", "Inès", "Étienne", "Zoé")
LAST = (
    "Lefèvre",
    "Martin",
    "Nguyen",
    "Petit",
    "Garçon",
    "Diallo",
    "Roux",
    "Benali",
    "Müller",
    "Faure",
    "Noël",
)
DOMAINS = ("Eau", "Droit au séjour", "Romani", "Scolarisation", "Santé", "Emploi", "Logement", "Déchets")
ROLES = (Role.OPERATOR, Role.INSTITUTION, Role.CONTRIBUTOR, Role.OBSERVER, Role.CORRESPONDENT)


@transaction.atomic
def fill(*, people: int, first: int = 0) -> None:
    """Adds so many people in force, their structures and directory cards, and a request for ten of them.

    `first`: the number of the first of them, for whoever adds more.
    """
    if not people:
        return
    scopes = [scope_for(ScopeLevel.DEPARTEMENT, code) for code in departements()]
    users = User.objects.bulk_create(
        User(email=f"foule{number}@banc.example", name=named(number), password="!banc")
        for number in range(first, first + people)
    )
    organisations = make_organisations(range(first, first + people // COLLEAGUES + 1), scopes)
    make_memberships(users, organisations)
    make_cards(users)
    make_requests(range(first, first + people // 10), scopes)


def departements() -> list[str]:
    """The Nord once of `NORTHERN` times, the others in turn between."""
    others = itertools.cycle(
        Departement.objects.exclude(pk=NORD).order_by("pk").values_list("pk", flat=True)[:100]
    )
    return [NORD if number % NORTHERN == 0 else next(others) for number in range(500)]


def named(number: int) -> str:
    first, last = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
    return f"{first} {last} {number}"


def make_organisations(numbers: Iterable[int], scopes: Sequence[Scope]) -> list[Organisation]:
    return Organisation.objects.bulk_create(
        Organisation(
            name=f"Solidarité {named(number)}",
            kind=OrganisationKind.ASSOCIATION,
            category=OrganisationCategory.OPERATOR,
            territory=scopes[number % len(scopes)],
        )
        for number in numbers
    )


def make_memberships(users: Sequence[User], organisations: Sequence[Organisation]) -> None:
    """One for each, in the territory of their structure; a second one for one of ten."""
    pairs = [(user, organisations[rank // COLLEAGUES]) for rank, user in enumerate(users)]
    pairs += [(user, organisations[-1 - rank % len(organisations)]) for rank, user in enumerate(users[::10])]
    held = Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, role=ROLES[rank % len(ROLES)])
        for rank, (user, organisation) in enumerate(pairs)
    )
    through = Membership.scopes.through
    through.objects.bulk_create(
        through(membership_id=one.pk, scope_id=one.organisation.territory_id) for one in held
    )


def make_cards(users: Sequence[User]) -> None:
    """Three of four say something of themselves: two domains, and half of them their role."""
    domains = [
        Expertise.objects.get_or_create(folded=fold(label), defaults={"label": label})[0] for label in DOMAINS
    ]
    cards = DirectoryCard.objects.bulk_create(
        DirectoryCard(user=user, phone="03 20 00 00 00", show_phone=True, show_role=rank % 2 == 0)
        for rank, user in enumerate(users)
        if rank % 4
    )
    through = DirectoryCard.expertises.through
    through.objects.bulk_create(
        through(directorycard_id=card.pk, expertise_id=domains[(rank + step) % len(domains)].pk)
        for rank, card in enumerate(cards)
        for step in (0, 3)
    )


def make_requests(numbers: Iterable[int], scopes: Sequence[Scope]) -> None:
    AccessRequest.objects.bulk_create(
        AccessRequest(
            name=named(number),
            email=f"demande{number}@banc.example",
            organisation_name=f"Structure {named(number)}",
            organisation_kind=OrganisationKind.ASSOCIATION,
            territory=scopes[number % len(scopes)],
            duties="Médiation en santé.",
            purpose="Suivre les sites où nous intervenons.",
        )
        for number in numbers
    )
