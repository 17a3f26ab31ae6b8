"""Which field each column is: by the words above it, then by near spellings. Every guess says its reason."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from jalons.core.values import ParseError, fold, format_date, french_spaces, parse_date
from jalons.core.values.dates import MONTHS
from jalons.core.values.text import unaccent
from jalons.imports.reading.cells import ColumnNature, ReadAs
from jalons.imports.reading.layout import RowKind, TableHeading, is_unit
from jalons.imports.reading.numbers import CellUnit
from jalons.imports.reading.periods import NamedPeriod, are_weeks, may_be_week, period_in
from jalons.imports.reading.remembered import remembered
from jalons.imports.reading.table import SheetTable
from jalons.imports.reading.totals import is_total
from jalons.imports.targets.abbreviations import by_whole_words, whole_words
from jalons.imports.targets.fields import ImportTarget, TargetField, header_key
from jalons.imports.targets.guesses import ColumnGuess, GuessReason
from jalons.imports.targets.keywords import key_in
from jalons.imports.targets.lone_totals import with_lone_totals
from jalons.imports.targets.private import private_reason
from jalons.imports.targets.stages import band_year, budget_year, stage_of_words
from jalons.imports.targets.twins import AT_THE_END, OF_SITES, RELATIVE, TAXES, YES_NO, of_minors, settled

NEAR = 88  # of 100: one letter in eight
SHORTEST = 5  # letters of a word that may be misspelt
_YEAR = re.compile(r"\b(20\d\d)\b", re.ASCII)
SCALES = (
    (re.compile(r"\bk ?(?:€|euros?\b|eur\b)|\bmilliers d"), 1000),
    (re.compile(r"\bm ?(?:€|eur\b)|\bmillions d"), 1_000_000),
    (re.compile(r"€|\beuros?\b|\beur\b"), 1),
)
_ONE_YEAR = re.compile(r"(?:(?:annee|bilan|realise|resultat) )?(20\d\d)", re.ASCII)
_SITUATION = re.compile(
    r"^\s*(?:(?:situation|état|constat|chiffres?|arrêté|réalis(?:é|ation)s?|résultats?)\s+)*(?:au|du|le|à fin|fin)\s+",
    re.IGNORECASE,
)
NEUTRAL = re.compile(
    r"(?:(?:le |la )?(?:total|totaux|nombre|nb|nbre|effectifs?|ensemble|oui|non|oui/non|o/n|acces|presence|valeur|"
    r"chiffres?|date|le|nom|libelle|intitule|montants?|en euros?|euros?|k?€)[ .()]*)*(?:\([^)]*\))?"
)
_UNIT = re.compile(r"\(([^)]*)\)")
OF_ANOTHER = frozenset(
    ["type", "types", "nature", "mode", "nb", "nombre", "distance", "date", "remarque", "obs"]
)
AMOUNT_ALONE = re.compile(
    r"(?:montants?|sommes?|subventions?|credits?)(?: total)?(?: \((?:k?€|euros?|k?eur)\))?"
)
YEARS = frozenset(["annee", "an", "exercice", "annees"])
# What each cell of such a column names, in months; 0 for any of them.
PERIODS = {
    "mois": 1, "mois concerne": 1, "mois d'observation": 1, "mois de reference": 1, "mois observe": 1,
    "mois du releve": 1, "trimestre": 3, "trim": 3, "semestre": 6, "periode": 0, "periode concernee": 0,
    "periode d'observation": 0,
}  # fmt: skip
_SHORT = re.compile(r"(\d\d)[/.](\d\d)|(\d{1,2})(?:er)?[ -]([^\W\d_]{3,9})\.?", re.ASCII)


def read_as(guess: ColumnGuess, target: ImportTarget) -> ReadAs:
    """How the cells of a column are read: an amount in the unit that its heading says."""
    kind = target.fields[guess.field].kind
    scale = heading_scale(guess.heading.path) if kind.measure.is_money else None
    return kind if scale is None else replace(kind, measure=CellUnit(kind.measure.unit, scale, stated=True))


def heading_scale(path: Iterable[str]) -> int | None:
    """« Prévu 2025 (k€) » : 1000, « Réalisé (en €) » : 1; None when it says no unit."""
    words = unaccent(" ".join(path))
    return next((scale for pattern, scale in SCALES if pattern.search(words)), None)


def guess_columns(table: SheetTable, target: ImportTarget) -> list[ColumnGuess]:
    """One guess a column; of two columns for one field, the first that is surest keeps it."""
    guesses = [guess_column(table, heading, target) for heading in table.headings]
    guesses = list(with_year_of_titles(with_lone_totals(settled(guesses, target), target), table, target))
    order = {GuessReason.SYNONYM: 0, GuessReason.NEAR: 1}
    taken: dict[str, int] = {}
    for guess in sorted(
        guesses, key=lambda guess: (order.get(guess.reason or GuessReason.CHOSEN, 2), guess.column)
    ):
        if guess.field and guess.key not in taken:
            taken[guess.key] = guess.column
    return pair_years(pair_crosses([drop_twin(guess, taken, target) for guess in guesses], target))


def pair_years(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """« Année » beside « Mois »: the year of its months."""
    named = next((guess for guess in guesses if guess.names_periods), None)
    year = next((guess for guess in guesses if is_year(guess.heading) and not guess.field), None)
    if named is None or year is None:
        return guesses
    why = french_spaces(f"lue avec « {named.heading.words} »")
    return [
        replace(guess, year_column=year.column)
        if guess is named
        else replace(guess, why=why)
        if guess is year
        else guess
        for guess in guesses
    ]


def is_year(heading: TableHeading) -> bool:
    return bool(heading.path) and header_key(heading.path[-1]) in YEARS


def with_year_of_titles(
    guesses: Sequence[ColumnGuess], table: SheetTable, target: ImportTarget
) -> Sequence[ColumnGuess]:
    """« Suivi budgétaire – exercice 2026 »: the year of amounts that nothing else dates."""
    said = any(guess.year or guess.field == "year" for guess in guesses)
    if said or "year" not in target.fields or table.layout is None:
        return guesses
    if any(map(band_year, set(table.layout.sections.values()))):
        return guesses
    year = budget_year([table.title, *table.texts(RowKind.TITLE)])
    return [
        replace(guess, year=year) if guess.field and target.fields[guess.field].yearly else guess
        for guess in guesses
    ]


def pair_crosses(guesses: Sequence[ColumnGuess], target: ImportTarget) -> list[ColumnGuess]:
    """« Eau › Oui » beside « Eau › Non »: one field, said by a cross in either of them."""
    groups: dict[tuple[str, ...], dict[str, ColumnGuess]] = {}
    for guess in guesses:
        path = tuple(header_key(words) for words in guess.heading.path)
        if len(path) > 1 and path[-1] in ("oui", "non"):
            groups.setdefault(path[:-1], {})[path[-1]] = guess
    changed: dict[int, ColumnGuess] = {}
    for group in groups.values():
        yes, no = group.get("oui"), group.get("non")
        field = target.fields.get((yes and yes.field) or (no and no.field) or "")
        if yes and no and field and field.kind.nature is ColumnNature.YES_NO:
            why = french_spaces("une croix sous « oui » ou sous « non »")
            changed[yes.column] = replace(yes, field=field.key, why=why, no_column=no.column)
            changed[no.column] = ColumnGuess(no.heading, why=why)
    return [changed.get(guess.column, guess) for guess in guesses]


def drop_twin(guess: ColumnGuess, taken: Mapping[str, int], target: ImportTarget) -> ColumnGuess:
    if not guess.field or taken[guess.key] == guess.column:
        return guess
    label = target.fields[guess.field].label
    why = french_spaces(f"une autre colonne est déjà « {label} »")
    return ColumnGuess(guess.heading, why=why)


def guess_column(table: SheetTable, heading: TableHeading, target: ImportTarget) -> ColumnGuess:
    private = private_reason(heading.words, table.samples(heading.column, 8), target.kind)
    if private:
        return ColumnGuess(heading, refused=private)
    year, on = year_in(heading), day_of(heading, table)
    path = [words for words in map(bare_words, heading.path) if words]
    if on and (periodic := periodic_field(target)):
        period = months_of(heading, table)
        is_period = period is not None and period.last == on
        why = (
            f"{period}, jusqu’au {format_date(on)}"
            if is_period
            else f"une colonne par date : {format_date(on)}"
        )
        return ColumnGuess(heading, periodic.key, GuessReason.SYNONYM, french_spaces(why), on=on)
    if periodic_field(target) and (whole := whole_year(heading)):
        why = f"une année : « Valeur » la date du 31 décembre {whole}, si c’est ce qu’elle dit"
        return ColumnGuess(heading, why=french_spaces(why), on=dt.date(whole, 12, 31))
    if not path and year and "year" in target.fields:
        return year_alone(heading, year, table)
    if target.kind in OF_SITES and (whole := whole_year(heading)):
        why = f"{whole} : compté quel jour ? Choisissez une seule année, et donnez sa date au tableau."
        return ColumnGuess(heading, why=french_spaces(why))
    if (
        target.kind in OF_SITES
        and heading.path
        and (months := PERIODS.get(header_key(heading.path[-1]))) is not None
    ):
        why = french_spaces("une période vaut son dernier jour ; sans année ou pas finie, elle se demande")
        return ColumnGuess(heading, "observed_on", GuessReason.NEAR, why, period=months)
    if "year" in target.fields and path and AMOUNT_ALONE.fullmatch(path[-1]) and len(heading.path) == 1:
        return amount_alone(heading, year, table)
    key, guess_reason, why = named(path, target)
    if key and is_derived(path, key, target):
        return ColumnGuess(heading, derived=True, why="un total : Jalons le calcule")
    if not key:
        if reason := target.left_out.get(header_key(heading.path[-1] if heading.path else "")):
            return ColumnGuess(heading, why=reason)
        derived = any(is_total(words) for words in path)
        return ColumnGuess(heading, derived=derived, why="un total : Jalons le calcule" if derived else "")
    key = of_minors(path, key, target)
    field = target.fields[key]
    if field.kind.nature is ColumnNature.DATE and are_counts(table.samples(heading.column, 8)):
        return ColumnGuess(heading, why=french_spaces(f"des nombres : ce n’est pas « {field.label} »"))
    return ColumnGuess(heading, key, guess_reason, why, year=year if field.yearly else None)


def are_counts(samples: Sequence[str]) -> bool:
    """« Arrivées »: 4, 0, 2 are no dates."""
    return bool(samples) and all(sample.isdigit() and len(sample) < 4 for sample in samples)


def year_alone(heading: TableHeading, year: int, table: SheetTable) -> ColumnGuess:
    """« 2025 »: what the titles say that amounts are; a person chooses when they say nothing, or two things."""
    stage = stage_of_words([table.title, *table.texts(RowKind.TITLE)])
    if stage:
        return ColumnGuess(heading, stage, GuessReason.NEAR, "le titre du tableau le dit", year=year)
    why = french_spaces(f"{year} : prévu, engagé ou exécuté ? Choisissez-le.")
    return ColumnGuess(heading, why=why, year=year)


def amount_alone(heading: TableHeading, year: int | None, table: SheetTable) -> ColumnGuess:
    """« Montant » under « Budget prévisionnel 2025 »."""
    stage = stage_of_words([table.title, *table.texts(RowKind.TITLE)])
    if stage:
        return ColumnGuess(heading, stage, GuessReason.NEAR, "le titre du tableau le dit", year=year)
    return ColumnGuess(heading, why=french_spaces("prévu, engagé ou exécuté ? Choisissez-le."), year=year)


def is_derived(path: list[str], key: str, target: ImportTarget) -> bool:
    """« TOTAL › prévu » among « 2024 › prévu »: a sum of the columns beside it."""
    return target.fields[key].yearly and any(is_total(words) for words in path)


def periodic_field(target: ImportTarget) -> TargetField | None:
    return next((field for field in target.fields.values() if field.periodic), None)


def whole_year(heading: TableHeading) -> int | None:
    """« 2025 », « Bilan 2025 »: a figure of the year, or at its end? A person says so by choosing « Valeur »."""
    match = _ONE_YEAR.fullmatch(header_key(heading.path[-1])) if heading.path else None
    return int(match[1]) if match else None


def without_year(words: str) -> str:
    return header_key(_YEAR.sub(" ", words))


def bare_words(words: str) -> str:
    """Without its year, its unit, nor what it says of taxes."""
    bare = YES_NO.sub("", TAXES.sub(" ", without_year(words)))
    bare = AT_THE_END.sub("", bare)
    if _YEAR.search(words):
        bare = RELATIVE.sub(" ", bare)
    return "" if is_unit(words) else " ".join(bare.split())


def year_in(heading: TableHeading) -> int | None:
    years = _YEAR.findall(" ".join(heading.path))
    return int(years[0]) if len(set(years)) == 1 else None


def day_of(heading: TableHeading, table: SheetTable) -> dt.date | None:
    """A heading that is a date, or a month, a quarter, a half-year: then its last day."""
    standing = year_in(heading) or table.context.year  # « 2025 › T3 »
    for words in reversed(heading.path):
        words = _SITUATION.sub("", words)
        short = _SHORT.fullmatch(words.strip())  # « 30/09 », « 15 sept »: of the year that the titles say
        if day := whole_date(date_of_year(short, standing) if short else words):
            return day
        is_day = (
            short is not None and int(short[2] or 0) <= 12
        )  # « 15 sept » is not September 2015; « 08/26 » is a month
        if not is_day and (period := period_of_heading(words, table, standing)):
            return period.last
    return None


def period_of_heading(words: str, table: SheetTable, year: int | None) -> NamedPeriod | None:
    """With its year; « S2 » beside « S40 » is a week."""
    if words.replace(" ", "").isdigit():
        return None
    period = period_in(words, year)
    if period is None or period.year is None:
        return None
    if may_be_week(words):
        above = [part for heading in table.headings for part in heading.path] if table.layout else [words]
        if not table.layout or are_weeks(above):
            return None
    return period


def months_of(heading: TableHeading, table: SheetTable) -> NamedPeriod | None:
    """The month, quarter or half-year that a heading names."""
    year = year_in(heading) or table.context.year
    words = [part for part in reversed(heading.path) if not is_whole_date(part)]
    return next((period for part in words if (period := period_of_heading(part, table, year))), None)


def is_whole_date(words: str) -> bool:
    """« 30 septembre 2026 » names a day, not its month."""
    return whole_date(_SITUATION.sub("", words)) is not None


@remembered
def whole_date(words: str) -> dt.date | None:
    """A heading is asked again by each target that its table is compared with."""
    try:
        return parse_date(words, today=dt.date(2100, 1, 1))
    except ParseError:
        return None


def date_of_year(short: re.Match[str], year: int | None) -> str:
    """« 15 sept » without a year is not September 2015."""
    if not year:
        return ""
    return f"{short[1]}/{short[2]}/{year}" if short[1] else f"{short[3]} {short[4]} {year}"


def named(path: list[str], target: ImportTarget) -> tuple[str, GuessReason | None, str]:
    """By the whole path, then by its last words, then by those of the group when the last ones add nothing:
    « 6-16 ans » under « Scolarisation » is not who goes to school.
    """
    if len(path) > 1 and path[-1] in OF_ANOTHER and is_yes_no(path[0], target):
        return "", None, ""  # « Eau › type »: neither whether there is some, nor what the site is
    tries = list(dict.fromkeys(form for words in candidates(path) for form in forms_of(words)))
    for words in tries:
        if key := target.by_synonym.get(words):
            label = target.fields[key].label
            sentence = "le même mot" if words == header_key(label) else f"« {words} » se dit pour « {label} »"
            return key, GuessReason.SYNONYM, french_spaces(sentence)
    for words in tries:
        if key := by_whole_words(target.kind).get(whole_words(words), ""):
            label = target.fields[key].label
            return key, GuessReason.NEAR, french_spaces(f"« {words} » se dit pour « {label} »")
    for words in tries:
        if key := near(words, target.by_synonym):
            return key, GuessReason.NEAR, looks_like(words, target.fields[key])
    for words in path[-1:]:
        if key := key_in(words, target.fields):
            return key, GuessReason.NEAR, looks_like(words, target.fields[key])
    return "", None, ""


def is_yes_no(words: str, target: ImportTarget) -> bool:
    field = target.fields.get(target.by_synonym.get(words, ""))
    return field is not None and field.kind.nature is ColumnNature.YES_NO


def looks_like(words: str, field: TargetField) -> str:
    return french_spaces(f"« {words} » ressemble à « {field.label} »")


def candidates(path: list[str]) -> Iterable[str]:
    if path:
        yield " ".join(path)
        yield path[-1]
        if len(path) == 1 or NEUTRAL.fullmatch(path[-1]):
            yield path[0]


def forms_of(words: str) -> Iterable[str]:
    """As written, then without what stands in brackets: « Montant (€) »."""
    yield words
    bare = " ".join(_UNIT.sub(" ", words).split())
    if bare:
        yield bare


def near(words: str, by_synonym: Mapping[str, str]) -> str:
    """The only field with a synonym spelt nearly so; nothing when two fields are as near."""
    if len(words) < SHORTEST:
        return ""
    found = process.extract(
        words, list(by_synonym), scorer=fuzz.ratio, score_cutoff=NEAR, limit=4, processor=None
    )
    # « Population › H » is not misspelt for « Population ».
    as_many = [synonym for synonym, *_ in found if synonym.count(" ") == words.count(" ")]
    keys = {by_synonym[synonym] for synonym in as_many if len(synonym) >= SHORTEST}
    return keys.pop() if len(keys) == 1 else ""


def shape_of(table: SheetTable) -> str:
    """The same from one month to the next: the headers without their years, months and dates."""
    words = []
    for heading in table.headings:
        parts = [shape_words(part) for part in heading.path]
        words.append("/".join(part for part in parts if part))
    return "|".join(words)


def shape_words(words: str) -> str:
    folded = _YEAR.sub("#", fold(words))
    return "#" if period_in(folded) or re.search(r"\d{1,2}/\d{1,2}/\d{2,4}", folded) else header_key(folded)


__all__ = ["MONTHS", "ColumnGuess", "GuessReason", "guess_columns", "read_as", "shape_of", "whole_year"]
