"""The structures that a person administers."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import territory_of
from jalons.core.values import fold
from jalons.joining.permissions import scopes_within

NEAR = 6


def administered(user: Any) -> QuerySet[Organisation]:
    """Those whose own territory one administers whole, merged ones too."""
    territory = territory_of(user, Right.MANAGE_ACCOUNTS)
    organisations = Organisation.objects.all()
    return (
        organisations
        if territory.everywhere
        else organisations.filter(territory__in=scopes_within(territory))
    )


def listed(user: Any, text: str = "") -> QuerySet[Organisation]:
    """With the number of people who work there today, by name."""
    organisations = administered(user).filter(merged_into__isnull=True)
    if text:
        organisations = organisations.filter(pk__in=matching(organisations, text))
    live = Q(memberships__user__is_active=True, memberships__ends_on__isnull=True)
    people = Count("memberships__user", filter=live, distinct=True)
    territory = ("territory__region", "territory__departement", "territory__epci", "territory__commune")
    return (
        organisations.select_related("territory", *territory).annotate(people=people).order_by("name", "pk")
    )


def matching(organisations: QuerySet[Organisation], text: str) -> list[int]:
    """Every word of the text in the name or the acronym, whatever the accents and capitals."""
    words = fold(text).split()
    names = organisations.values_list("pk", "name", "acronym")
    return [pk for pk, name, acronym in names if all(word in fold(f"{name} {acronym}") for word in words)]


def alike(user: Any, organisation: Organisation) -> Sequence[Organisation]:
    """Those that may be the same: a long word of the name or the acronym in common. For a person to judge."""
    others = listed(user).exclude(pk=organisation.pk)
    words = long_words(organisation)
    scored = [(len(words & long_words(other)), other) for other in others]
    near = sorted((row for row in scored if row[0]), key=lambda row: (-row[0], row[1].name))
    return [other for _, other in near[:NEAR]]


def long_words(organisation: Organisation) -> set[str]:
    names = fold(f"{organisation.name} {organisation.acronym}").split()
    return {word for word in names if len(word) > 3}
