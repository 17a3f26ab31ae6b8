"""Which dispositifs are searched for and named."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from jalons.accounts.models import Organisation
from jalons.actions.models import Action, ActionSite, InsertionSite, Participation
from jalons.actions.querysets import ActionQuerySet
from jalons.core.values import fold
from jalons.history.querysets import NOW, AsOf
from jalons.sites.models import Site, SiteAlias
from jalons.territories.selectors import NamedGround, named_ground


def present(model: type[Participation] | type[ActionSite], at: AsOf = NOW) -> Any:
    """Who takes part, or the sites covered, on a date; for what is to come, from its start."""
    coming = Action.objects.coming(at).values("pk")
    return model.objects.not_over(at).filter(Q(valid_on__lte=at.day) | Q(action__in=coming))


MAX_WORDS = 8


def search(
    actions: ActionQuerySet, text: str, at: AsOf = NOW, ground: NamedGround | None = None
) -> ActionQuerySet:
    """Dispositifs of which each word is in the name, a site, an insertion site or a structure that takes part;
    or whose sites or département stand in the territory so named: `ground`, when it is known already.
    """
    text = text.replace("\x00", " ").strip()  # which PostgreSQL refuses and SQLite takes for an end
    folded = fold(text)[:200]
    if not folded:
        return actions
    words = folded.split(" ")[:MAX_WORDS]
    links, parts = present(ActionSite, at), present(Participation, at)
    organisations = matching(words, Organisation.objects.values_list("pk", "name", "acronym"))
    grounds = matching(words, InsertionSite.objects.values_list("action", "name", "address", "commune__name"))
    named = Q()
    for word in words:
        aliases = SiteAlias.objects.filter(name_folded__contains=word).values("site")
        on_sites = links.filter(Q(site__search_text__contains=word) | Q(site__in=aliases))
        by_words = Q(search_text__contains=word) | Q(pk__in=on_sites.values("action"))
        if pks := organisations[word]:
            by_words |= Q(pk__in=parts.filter(participant__in=pks).values("action"))
        if pks := grounds[word]:
            by_words |= Q(pk__in=pks)
        named &= by_words
    return actions.filter(named | in_named_territory(named_ground(text) if ground is None else ground, links))


@lru_cache(maxsize=10_000)
def folded_name(name: str) -> str:
    """The same few names come back at each search."""
    return fold(name)


def matching(words: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> dict[str, set[int]]:
    """The first column of the rows of which another one, folded, holds each word.

    Names of structures and insertion sites are few and not kept folded: they are compared here.
    """
    folded = [(row[0], folded_name(" ".join(row[1:]))) for row in rows]
    return {word: {pk for pk, text in folded if word in text} for word in words}


def in_named_territory(ground: NamedGround, links: QuerySet[ActionSite]) -> Q:
    """The same places as the search of sites finds: names, postcodes, codes."""
    wholes = Q(departement__in=ground.departements) | Q(departement__region__in=ground.regions)
    parts = replace(ground, departements=frozenset(), regions=frozenset()).q()
    sites, grounds = Site.objects.filter(parts), InsertionSite.objects.filter(parts)
    here = links.filter(site__in=sites.values("pk"))
    return wholes | Q(pk__in=here.values("action")) | Q(pk__in=grounds.values("action"))
