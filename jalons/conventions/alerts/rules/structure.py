"""What a convention must contain: a sheet for each number, four blocks on each sheet, the objectives of the year."""

import re
from collections.abc import Iterator

from jalons.conventions.alerts.engine import Finding, rule, sheet_rule
from jalons.conventions.alerts.rules.money import number_words
from jalons.conventions.dossier import ledger
from jalons.conventions.dossier.annex_model import Pair, pairs
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.places import cut, listed, place, sheet_words
from jalons.conventions.enums import AlertLevel, AlertScope, ColumnMeasure
from jalons.conventions.models import MatrixColumn
from jalons.core.values import fold, format_euros, join_and, plural

STRUCTURE = AlertScope.STRUCTURE
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
ACCOUNT = re.compile(r"\b(?:bilan|realise)\b")
NUMBERED = re.compile(r"^(?:fiches?|actions?)\s*(?:n°|n\.|no)?\s*[\d.]+\s*[-–—:.]?\s*", re.IGNORECASE)
SAME = {"1er": "premier", "1ere": "premiere"}
PLAIN_WORDS = frozenset(
    re.findall(r"\w+", "a au aux avec ce ces d dans de des du en et l la le les leur leurs ou")
)
PLAIN_WORDS |= frozenset(re.findall(r"\w+", "par pour s sa se ses son sur un une"))


@rule("number_without_sheet", AlertLevel.WARNING, STRUCTURE, "Chaque numéro a une fiche.")
def number_without_sheet(dossier: Dossier) -> Iterator[Finding]:
    """Announced with a reason, or without money, it is only told."""
    reasons = {missing.number: missing for missing in dossier.missing if missing.number}
    known = {str(number) for sheet in dossier.sheets for number in sheet.commitment.numbers}
    alone = {pair.number: pair for pair in pairs(dossier) if pair.sheet is None and pair.number}
    for number in dict.fromkeys([*alone, *reasons]):
        if number in known:
            continue
        missing, pair = reasons.get(number), alone.get(number) or Pair(number)
        amounts = [ledger.whole_of(ledger.amounts_of_line(line, dossier)) for line in pair.lines]
        amounts += [action.euros for action in pair.actions]
        paid = next((amount for amount in amounts if amount), None)
        why = missing.why if missing is not None else ""
        yield Finding(
            place(
                f"Fiche {number}", cut((missing.label if missing is not None else "") or label_of(pair), 80)
            ),
            f"Ce numéro n’a pas de fiche{f' : {why}' if why else ''}."
            + (f" Il porte pourtant {format_euros(paid)}." if paid else ""),
            "une fiche",
            "aucune",
            level=AlertLevel.WARNING if paid or not (why or pair.lines) else AlertLevel.INFO,
        )


def label_of(pair: Pair) -> str:
    labels = [line.label for line in pair.lines] + [action.label for action in pair.actions]
    return NUMBERED.sub("", labels[0]) if labels else ""


@rule("action_sheet", AlertLevel.WARNING, STRUCTURE, "Une action renvoie à une fiche qui existe.")
def action_sheet(dossier: Dossier) -> Iterator[Finding]:
    for action in dossier.actions:
        if action.sheet_key and action.sheet_key not in dossier.by_key:
            yield Finding(
                place(
                    "Liste des actions" if action.listed else "Actions financées",
                    f"action {action.number}".strip(),
                ),
                f"Cette action renvoie à la fiche « {action.sheet_key} », qui n’existe pas.",
                found=action.sheet_key,
            )


@rule(
    "sheet_blocks",
    AlertLevel.WARNING,
    STRUCTURE,
    "Une fiche a ses quatre blocs : résumé, objectif, budget, indicateurs.",
)
def sheet_blocks(dossier: Dossier) -> Iterator[Finding]:
    """What a mother lacks may be on her themes, and what a theme lacks on its mother."""
    for sheet in dossier.sheets:
        family = [sheet, *dossier.themes(sheet)]
        if sheet.parent_key in dossier.by_key:
            family.append(dossier.by_key[sheet.parent_key])
        has = {
            "intitulé": bool(sheet.commitment.title.strip()),
            "résumé": any(member.resume for member in family),
            "objectif": any(member.sub_actions for member in family),
            "budget": any(member.budget for member in family),
            "indicateurs": any(member.rows for member in family),
        }
        lacking = [name for name, there in has.items() if not there]
        if lacking:
            there = [name for name in has if name not in lacking]
            yield Finding(
                place(sheet_words(sheet), "blocs de la fiche"),
                f"Il manque à cette fiche : {join_and(lacking)}.",
                ", ".join(has),
                ", ".join(there) or "rien",
                sheet=sheet.key,
            )


@sheet_rule(
    "objective_column",
    AlertLevel.ERROR,
    STRUCTURE,
    "Les indicateurs ont une colonne d’objectif pour l’année.",
)
def objective_column(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    year = dossier.year
    if year is None or not sheet.rows or not sheet.columns:
        return
    where = place(sheet_words(sheet), "colonnes des indicateurs")
    objectives = [column for column in sheet.columns if column.is_objective and column.year in (year, None)]
    if objectives:
        for column in objectives:
            words = fold(column.words)
            if ACCOUNT.search(words) and "objectif" not in words:
                yield Finding(
                    place(where, column.words),
                    f"L’en-tête annonce un bilan là où un objectif {year} est attendu.",
                    f"OBJECTIF {year}",
                    column.words,
                    level=AlertLevel.WARNING,
                )
        return
    instead = [column for column in sheet.columns if stands_instead(column, year)]
    printed_words = instead[-1].words if instead else listed(column.words for column in sheet.columns)
    message = (
        f"« {printed_words} » se trouve là où un objectif {year} est attendu."
        if instead
        else f"Aucune colonne d’objectif pour {year}."
    )
    yield Finding(where, message, f"OBJECTIF {year}", printed_words)


def stands_instead(column: MatrixColumn, year: int) -> bool:
    """A full account of the very year, or the objective of another."""
    if column.year == year:
        return column.measure in (ColumnMeasure.ACCOUNT, ColumnMeasure.ACTUAL, "")
    return column.is_objective


@sheet_rule(
    "objective_heading", AlertLevel.WARNING, STRUCTURE, "Le titre « OBJECTIF » de la fiche porte l’année."
)
def objective_heading(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    year, printed = dossier.year, sheet.commitment.objective_heading
    if year is None or not printed:
        return
    years = {int(digits) for digits in YEAR.findall(printed)}
    folded = fold(printed)
    wrong_year = bool(years) and year not in years
    if wrong_year or (ACCOUNT.search(folded) and "objectif" not in folded):
        yield Finding(
            place(sheet_words(sheet), "titre du tableau d’actions"),
            f"« {printed} » se trouve là où « OBJECTIF {year} » est attendu.",
            f"OBJECTIF {year}",
            printed,
        )


@rule("labels_differ", AlertLevel.INFO, STRUCTURE, "Une fiche a le même intitulé partout.")
def labels_differ(dossier: Dossier) -> Iterator[Finding]:
    for pair in pairs(dossier):
        if pair.sheet is None or not pair.sheet.commitment.title:
            continue
        title = pair.sheet.commitment.title
        others = {
            "l’annexe": [line.label for line in pair.lines],
            "l’article": [action.label for action in pair.actions],
        }
        other_titles = [
            f"« {cut(NUMBERED.sub('', label), 160)} » dans {source}"
            for source, labels in others.items()
            for label in labels
            if title and label and not alike(title, label)
        ]
        if other_titles:
            yield Finding(
                place(number_words(pair, dossier), "intitulé"),
                f"{plural(len(other_titles), 'Un autre intitulé', 'D’autres intitulés')} que "
                f"« {cut(title, 160)} » : {join_and(other_titles)}.",
                cut(title, 300),
                cut(" ; ".join(other_titles), 380),
                sheet=pair.sheet.key,
            )


def alike(left: str, right: str) -> bool:
    """The same words, whatever their case, their accents, their plurals, and small words left aside."""
    left_words, right_words = bag(left), bag(right)
    return not left_words or not right_words or left_words <= right_words or right_words <= left_words


def bag(label: str) -> frozenset[str]:
    words = re.findall(r"\w+", fold(NUMBERED.sub("", label)))
    return frozenset(SAME.get(word, word).rstrip("sx") for word in words if word not in PLAIN_WORDS)
