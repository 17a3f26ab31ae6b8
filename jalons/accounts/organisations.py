"""Organisations by what people call them: to say who takes part, who pays, and where somebody works."""

from collections import defaultdict
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import cached_property

from jalons.accounts.models import Organisation
from jalons.accounts.siret import looks_like_siret, siret_digits
from jalons.core.values import fold

MOST_PROPOSALS = 8
ALIKE = 0.75  # share of letters in common from which two names may be one


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
        return {organisation.pk: organisation_label(organisation) for organisation in self.organisations}

    @cached_property
    def called(self) -> Mapping[str, list[Organisation]]:
        by_name: dict[str, list[Organisation]] = defaultdict(list)
        for organisation in self.organisations:
            for name in {
                fold(self.labels[organisation.pk]),
                fold(organisation.name),
                fold(organisation.acronym),
            } - {""}:
                by_name[name].append(organisation)
        return by_name

    def named(self, text: str) -> list[Organisation]:
        """Those that `text` names exactly, case and accents aside, or by their SIRET; several when it is not enough."""
        if looks_like_siret(text):
            digits = siret_digits(text)
            return [
                organisation
                for organisation in self.organisations
                if organisation.siret and organisation.siret == digits
            ]
        return self.called.get(fold(text), [])

    def near(self, text: str, most: int = MOST_PROPOSALS) -> list[Organisation]:
        """Those that somebody who typed `text` may mean: its words in their name, or nearly its letters."""
        folded = fold(text)
        direct = self.named(text) + self.search(text, most)
        scored = []
        for organisation in self.organisations:
            matcher = SequenceMatcher(b=folded)
            for name in {fold(organisation.name), fold(organisation.acronym)} - {""}:
                matcher.set_seq1(name)
                # The cheap bounds first: five thousand names are read at each question.
                if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE:
                    scored.append((-matcher.ratio(), organisation.pk, organisation))
        alike = [
            organisation
            for ratio, _, organisation in sorted(scored, key=lambda row: row[:2])
            if -ratio >= ALIKE
        ]
        return list({organisation.pk: organisation for organisation in [*direct, *alike]}.values())[:most]

    def search(self, text: str, most: int = MOST_PROPOSALS) -> list[Organisation]:
        """Those whose name, acronym or territory holds every word of `text`; names that begin so come first."""
        folded = fold(text)
        words = folded.split()
        if not words:
            return []
        names = {organisation.pk: fold(self.labels[organisation.pk]) for organisation in self.organisations}
        matching = [
            organisation
            for organisation in self.organisations
            if all(word in names[organisation.pk] for word in words)
        ]
        return sorted(matching, key=lambda organisation: not names[organisation.pk].startswith(folded))[:most]
