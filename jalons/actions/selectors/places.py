"""Which sites a dispositif may cover, to choose among."""

from collections.abc import Collection, Iterable
from typing import Any

from jalons.core.values import format_number, plural
from jalons.sites.models import Site
from jalons.sites.selectors import search

MOST_SITES = 40


def sites_to_cover(
    user: Any, departements: Collection[str], text: str = "", chosen: Iterable[str] = ()
) -> tuple[list[Site], str]:
    """Open sites of some départements that answer to `text`, and what this list is, in words.

    Those in `chosen` (public ids) come first and always. Three queries.
    """
    wanted = [public_id for public_id in chosen if public_id.isalnum() and len(public_id) <= 40][:200]
    visible = Site.objects.visible_to(user).standing().select_related("commune")
    chosen_sites = list(visible.filter(public_id__in=wanted).order_by("search_text", "pk"))
    there = visible.filter(commune__departement__in=sorted(departements)).open_on()
    matching = search(there, text).exclude(pk__in=[site.pk for site in chosen_sites])
    count = matching.count()
    return [*chosen_sites, *matching.order_by("search_text", "pk")[:MOST_SITES]], words(
        count, text, len(chosen_sites)
    )


def words(count: int, text: str, number: int) -> str:
    """« 3 sites ouverts », « Les 40 premiers de 120 sites ouverts… »."""
    singular, several = (
        ("autre site ouvert", "autres sites ouverts") if number else ("site ouvert", "sites ouverts")
    )
    open_ones = plural(count, singular, several)
    searched = f" pour «\u00a0{text.strip()[:60]}\u00a0»" if text.strip() else ""
    if not count:
        return f"Aucun {singular}{searched}."
    if count > MOST_SITES:
        first = f"Les {MOST_SITES} premiers des {format_number(count)} {open_ones}{searched}"
        return f"{first}\u00a0: cherchez pour trouver les autres."
    return f"{format_number(count)} {open_ones}{searched}."
