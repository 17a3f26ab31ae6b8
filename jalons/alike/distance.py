"""How far two situations are from each other: a sum of declared criteria, each with its sentence. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from jalons.accounts.enums import Right
from jalons.alike.enums import Criterion
from jalons.alike.features import FeatureClass, SiteFeatures

# How far two classes are: the same, neighbours, anything else, the unknown included.
SAME, NEAR, FAR = 0, 1, 2
UNSAID = "pas de quoi le dire"


@dataclass(frozen=True, slots=True)
class DeclaredCriterion:
    """A declared criterion. `same`, `near`: its sentence, with the class of the past site; no `near` when the classes
    have no order. `right`: who may compare by it.
    """

    criterion: Criterion
    weight: int
    right: Right
    same: str
    near: str


COMPARISONS: dict[Criterion, DeclaredCriterion] = {
    comparison.criterion: comparison
    for comparison in (
        DeclaredCriterion(
            Criterion.SIZE,
            weight=3,
            right=Right.READ_SITES,
            same="même taille ({})",
            near="taille voisine ({})",
        ),
        DeclaredCriterion(
            Criterion.WATER,
            weight=2,
            right=Right.READ_SITES,
            same="{}",
            near="accès à l’eau voisin ({})",
        ),
        DeclaredCriterion(
            Criterion.HOUSING,
            weight=2,
            right=Right.READ_SITES,
            same="{}",
            near="",
        ),
        DeclaredCriterion(
            Criterion.PROCEDURE,
            weight=2,
            right=Right.READ_JUSTICE,
            same="même étape de procédure ({})",
            near="étape de procédure voisine ({})",
        ),
        DeclaredCriterion(
            Criterion.MINORS,
            weight=1,
            right=Right.READ_SITES,
            same="même part de mineurs ({})",
            near="part de mineurs voisine ({})",
        ),
    )
}


def gap(here: FeatureClass | None, there: FeatureClass | None) -> int:
    """Between two classes of one criterion."""
    if here is None or there is None:
        return FAR
    if here == there:
        return SAME
    return NEAR if isinstance(here, int) and isinstance(there, int) and abs(here - there) == 1 else FAR


def compared(site: SiteFeatures, criteria: Collection[Criterion]) -> list[DeclaredCriterion]:
    """The chosen criteria of which something is known of the site, the heaviest first."""
    return [
        comparison
        for comparison in COMPARISONS.values()
        if comparison.criterion in criteria and site.of(comparison.criterion) is not None
    ]


def distance(site: SiteFeatures, other: SiteFeatures, comparisons: Sequence[DeclaredCriterion]) -> int:
    return sum(
        comparison.weight * gap(site.of(comparison.criterion), other.of(comparison.criterion))
        for comparison in comparisons
    )


def is_alike(site: SiteFeatures, other: SiteFeatures, comparisons: Sequence[DeclaredCriterion]) -> bool:
    """At most half of the way to the farthest; and never three times as large or as small, when size counts."""
    farthest = FAR * sum(comparison.weight for comparison in comparisons)
    if not farthest or 2 * distance(site, other, comparisons) > farthest:
        return False
    by_size = any(comparison.criterion == Criterion.SIZE for comparison in comparisons)
    return not by_size or gap(site.size, other.size) < FAR


def reasons(site: SiteFeatures, other: SiteFeatures, comparisons: Sequence[DeclaredCriterion]) -> list[str]:
    """Why they are alike: « même taille (50 à 99 personnes) », « eau absente ou mauvaise », « cabanes »."""
    words = []
    for comparison in comparisons:
        there = other.of(comparison.criterion)
        sentence = {SAME: comparison.same, NEAR: comparison.near}.get(
            gap(site.of(comparison.criterion), there), ""
        )
        if sentence and there is not None:
            words.append(sentence.format(there.label))
    return words


def differences(
    site: SiteFeatures, other: SiteFeatures, comparisons: Sequence[DeclaredCriterion]
) -> list[str]:
    """What is not alike: « part de mineurs : moins de 20 % », « eau correcte », « habitat : pas de quoi le dire »."""
    words = []
    for comparison in comparisons:
        there = other.of(comparison.criterion)
        if gap(site.of(comparison.criterion), there) == FAR:
            name, class_words = comparison.criterion.label.lower(), str(there.label) if there else UNSAID
            words.append(class_words if class_words.startswith(name) else f"{name}\u00a0: {class_words}")
    return words
