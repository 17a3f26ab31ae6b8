"""Organisations by what people call them: to say who takes part, and who pays."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from jalons.accounts.models import Organisation
from jalons.core.values import fold

MOST_PROPOSALS = 8


def organisation_label(organisation: Organisation) -> str:
    """« Les amis de Lille (LAL) – Nord »: one organisation, whatever others are called."""
    acronym = f" ({organisation.acronym})" if organisation.acronym else ""
    return f"{organisation.name}{acronym} – {organisation.territory.label}"


class Directory:
    """Every organisation that Jalons knows, read in one query when it is first asked for something."""

    @cached_property
    def organisations(self) -> list[Organisation]:
        territory = [f"territory__{level}" for level in ("commune", "departement", "epci", "region")]
        return list(
            Organisation.objects.filter(merged_into=None)
            .select_related("territory", *territory)
            .order_by("name", "pk")
        )

    @cached_property
    def labels(self) -> Mapping[int, str]:
        return {one.pk: organisation_label(one) for one in self.organisations}

    @cached_property
    def called(self) -> Mapping[str, list[Organisation]]:
        found: dict[str, list[Organisation]] = defaultdict(list)
        for one in self.organisations:
            for name in {fold(self.labels[one.pk]), fold(one.name), fold(one.acronym)} - {""}:
                found[name].append(one)
        return found

    def named(self, text: str) -> list[Organisation]:
        """Those that `text` names exactly, case and accents aside; several when it is not enough to tell."""
        return self.called.get(fold(text), [])

    def search(self, text: str, most: int = MOST_PROPOSALS) -> list[Organisation]:
        """Those whose name, acronym or territory holds every word of `text`; names that begin so come first."""
        folded = fold(text)
        words = folded.split()
        if not words:
            return []
        names = {one.pk: fold(self.labels[one.pk]) for one in self.organisations}
        found = [one for one in self.organisations if all(word in names[one.pk] for word in words)]
        return sorted(found, key=lambda one: not names[one.pk].startswith(folded))[:most]
