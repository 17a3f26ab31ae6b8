"""What to look at again before a count, a survey or a closing is recorded."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from jalons.core.values import Sum, format_date, format_number, plural
from jalons.sites.checks import disagreeing, jump_words, why_used

WHOLES = (
    ("people", ("households",), "Il y a plus de ménages que de personnes."),
    ("people", ("women",), "Il y a plus de femmes que de personnes."),
    ("people", ("minors",), "Il y a plus de mineurs que de personnes."),
    ("minors", ("girls",), "Il y a plus de filles mineures que de mineurs."),
    ("minors", ("minors_at_school",), "Il y a plus de mineurs scolarisés que de mineurs."),
    (
        "minors",
        ("minors_0_3", "minors_3_6", "minors_6_12", "minors_12_16", "minors_16_18"),
        "Les tranches d’âge font plus que le nombre de mineurs.",
    ),
)


def count_warnings(counts: Mapping[str, int | None]) -> list[tuple[str, str]]:
    """(field, French sentence) for each part greater than its whole. Unknown counts are never compared."""
    sentences = []
    for whole, parts, sentence in WHOLES:
        limit = counts.get(whole)
        total = sum(counts.get(part) or 0 for part in parts)
        if limit is not None and total > limit:
            sentences.append((parts[0], f"{sentence} ({format_number(total)} pour {format_number(limit)})"))
    return sentences


def odd_counts(relation: str) -> Q:
    """Of counts reached by `relation`: those of which `count_warnings` says something."""
    odd = Q()
    for whole, parts, _ in WHOLES:
        counts = [F(f"{relation}__{part}") for part in parts]
        total = counts[0] if len(counts) == 1 else sum((Coalesce(count, 0) for count in counts), Value(0))
        odd |= Q(**{f"{relation}__{whole}__lt": total})
    return odd


def survey_warnings(survey: Any, figure: Any, surveys: Sequence[Any]) -> list[str]:
    """What deserves a second look in a count that was just recorded, in French sentences.

    `figure`: the survey in use now; `surveys`: every known one of the site. Dates are in `chronology`.
    """
    survey_warnings = [
        sentence for _, sentence in count_warnings({name: getattr(survey, name) for name in survey.COUNTS})
    ]
    if survey.people is None:
        survey_warnings.append("Sans nombre de personnes, ce recensement ne donne pas le chiffre du site.")
    elif figure is not None and figure.pk != survey.pk:
        survey_warnings.append(
            f"Le chiffre du site reste celui du {format_date(figure.valid_on)}. {why_used(figure, surveys)}"
        )
    if moved := jump_words(survey, surveys):
        survey_warnings.append(f"{moved}. Vérifiez ce nombre.")
    others = disagreeing(survey, surveys) if survey.people is not None else []
    survey_warnings += [
        f"Une autre source donne {format_number(other.people)} personnes au {format_date(other.valid_on)}."
        for other in others[:1]
    ]
    return survey_warnings


def departure_warnings(people: Sum, households: Sum, figure: Any) -> list[str]:
    """What deserves a second look in where the people of a closing site went. `figure`: its last count."""
    if figure is None or not figure.people:
        return []
    everybody = f"{format_number(figure.people)} {plural(figure.people, 'personne', 'personnes')}"
    counted = f"du recensement du {format_date(figure.valid_on)}"
    if not people.known:
        return [f"On ne sait pas où sont allées les {everybody} {counted}."]
    departure_warnings = []
    if people.total > figure.people:
        departure_warnings.append(
            f"Les orientations font {people} personnes, plus que les {everybody} {counted}."
        )
    elif people.total < figure.people:
        departure_warnings.append(f"Les orientations disent {people} sur {everybody} {counted}.")
    if households.known and figure.households and households.total > figure.households:
        departure_warnings.append(
            f"Les orientations font {households} ménages, plus que les {format_number(figure.households)} {counted}."
        )
    return departure_warnings
