"""What an amount is, and of which year, by the words beside it: planned, committed or executed."""

import re
from collections.abc import Sequence

from jalons.core.values import fold
from jalons.imports.targets.fields import header_key, target_of

_YEAR = re.compile(r"\b(20\d\d)\b", re.ASCII)
# A day or a month is no budget year: « état au 13/11/2026 ».
_DATED = re.compile(
    r"\b\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?20\d\d\b|\b(?:\d{1,2} )?(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|"
    r"septembre|octobre|novembre|decembre) 20\d\d\b"
)
_PLANNED = re.compile(
    r"\b(?:plan de financement|previsionnel\w*|previsions?|prevu\w*|budget\w* prim\w*|demande\w*|bp|programm\w+|"
    r"votee?s?)\b"
)
_EXECUTED = re.compile(
    r"\b(?:realise\w*|execute\w*|execution|depense\w*|consomme\w*|paye\w*|verse\w*|mandate\w*)\b"
)
_COMMITTED = re.compile(r"\b(?:engage\w*|conventionne\w*)\b")
STAGES = ((_PLANNED, "planned"), (_EXECUTED, "executed"), (_COMMITTED, "committed"))
LONGEST = 30
_SIDE = re.compile(r"(?:total )?(?:recettes|depenses|produits|charges|ressources|emplois)")
_FUNDER = re.compile(
    r"\b(?:etat|bop ?\d*|departement|conseil departemental|cd ?\d*|region|conseil regional|metropole|mel|agglo\w*|caf|"
    r"ars|ddets\w*|dihal|dreets|fse\+?|feder|commune|ville|mairie|epci|ccas|fondation|fonds propres|anah|cpam|"
    r"prefecture|europe|autofinancement|prives?)\b"
)


def year_of_words(texts: Sequence[str]) -> str:
    years = set(_YEAR.findall(" ".join(texts)))
    return years.pop() if len(years) == 1 else ""


def stage_of_words(texts: Sequence[str]) -> str:
    words = fold(" ".join(texts))
    stages = [stage for pattern, stage in STAGES if pattern.search(words)]
    return stages[0] if len(stages) == 1 else ""


def budget_year(titles: Sequence[str]) -> int | None:
    """The only year of the titles that is of no date: « Suivi budgétaire – exercice 2026 »."""
    year = year_of_words([_DATED.sub(" ", fold(title)) for title in titles])
    return int(year) if year else None


def band_year(text: str) -> int | None:
    """« Exercice 2025 » alone above its rows."""
    words = fold(text)
    year = year_of_words([words])
    rest = _YEAR.sub(" ", words).replace("exercice", " ").replace("annee", " ").replace("budget", " ")
    return int(year) if year and not rest.strip(" :–-.") else None


def is_side(text: str) -> bool:
    """« Recettes », « Dépenses »: a side of a budget, and no dispositif."""
    return _SIDE.fullmatch(fold(text).strip(" :.")) is not None


def lone_stage(text: str) -> str:
    """« Prévu », « Montant payé »: a cell that says what the amounts of its row are, and little else."""
    return stage_of_words([text]) if len(text) <= LONGEST else ""


def without_years(text: str) -> str:
    """« État 2024 » is paid by « État »."""
    return " ".join(_YEAR.sub(" ", text).split())


def is_funder(text: str) -> bool:
    """A name of who pays, and no column of a usual table: « Financeur », « Prévu État »."""
    words = fold(text)
    return (
        len(text) <= 60
        and bool(_FUNDER.search(words))
        and header_key(text) not in target_of("funding").by_synonym
    )
