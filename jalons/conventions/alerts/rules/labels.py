"""The names of the sheets, beside one another and beside those of the annex and of the article."""

import re
from collections.abc import Iterator

from jalons.conventions.alerts.engine import Finding, rule
from jalons.conventions.alerts.rules.money import number_words
from jalons.conventions.alerts.rules.structure import NUMBERED, PLAIN_WORDS, SAME, alike
from jalons.conventions.dossier.annex_model import Pair, pairs
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.places import cut, place, sheet_words
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models.printed import as_text
from jalons.core.values import fold, join_and, plural

STRUCTURE = AlertScope.STRUCTURE
WORD = re.compile(r"\w+")
FEW_LOST, ENOUGH = 2, 3
# « 8 maisons des parents »: a number, then what it counts. Not a delay, an age, an amount nor a date.
COUNTED = re.compile(r"\b(\d{1,3})\s+([a-z][a-z-]*(?:\s+[a-z][a-z-]*){1,3})")
NOT_COUNTED = re.compile(
    r"^(?:ans?|mois|jours?|semaines?|heures?|euros?|e|er|eme|k|janvier|fevrier|mars|avril|mai|juin|juillet|aout"
    r"|septembre|octobre|novembre|decembre|janv|fevr|avr|sept|oct|nov|dec|et|a|au|ou)\b"
)


@rule("twin_titles", AlertLevel.WARNING, STRUCTURE, "Deux fiches ne portent pas le même intitulé.")
def twin_titles(dossier: Dossier) -> Iterator[Finding]:
    """Of one Département, at one level: the themes of two sheets may well bear the same name."""
    sheets_by_title: dict[tuple[str, str, str], list[Sheet]] = {}
    for sheet in dossier.sheets:
        title = fold(sheet.commitment.title)
        if title:
            sheets_by_title.setdefault((title, sheet.parent_key, sheet.owner), []).append(sheet)
    for twins in sheets_by_title.values():
        if len(twins) > 1:
            names = join_and([sheet_words(sheet) for sheet in twins])
            title = cut(twins[0].commitment.title, 160)
            yield Finding(
                place(names, "intitulé"),
                f"{names} portent le même intitulé, « {title} » : rien ne les distingue dans les documents.",
                "un intitulé pour chaque fiche",
                title,
                sheet=twins[0].key,
            )


@rule(
    "label_loses_word", AlertLevel.INFO, STRUCTURE, "Un intitulé ne perd pas de mot d’un document à l’autre."
)
def label_loses_word(dossier: Dossier) -> Iterator[Finding]:
    """A word or two that stand inside one label and not in the other; what only adds a beginning or an end says the
    same thing more fully. Labels that differ otherwise are told by `labels_differ`.
    """
    for pair in pairs(dossier):
        if pair.sheet is None or not pair.sheet.commitment.title:
            continue
        title = pair.sheet.commitment.title
        for source, label in labels_of(pair):
            lost = lost_words(title, label) or lost_words(label, title)
            if lost and alike(title, label):
                shorter = "la fiche" if lost_words(label, title) else source
                verb = plural(len(lost), "manque", "manquent")
                yield Finding(
                    place(number_words(pair, dossier), "intitulé", source),
                    f"{join_and([f'« {word} »' for word in lost])} {verb} dans l’intitulé que donne {shorter}.",
                    cut(label if shorter == "la fiche" else title, 300),
                    cut(title if shorter == "la fiche" else label, 300),
                    sheet=pair.sheet.key,
                )


def labels_of(pair: Pair) -> Iterator[tuple[str, str]]:
    for line in pair.lines:
        yield "l’annexe", NUMBERED.sub("", line.label)
    for action in pair.actions:
        yield "l’article", NUMBERED.sub("", action.label)


def main_words(label: str) -> list[tuple[str, str]]:
    """(folded, without its plural; as printed), small words left aside."""
    spellings = [(fold(printed), printed) for printed in WORD.findall(NUMBERED.sub("", label))]
    return [
        (SAME.get(word, word).rstrip("sx"), printed) for word, printed in spellings if word not in PLAIN_WORDS
    ]


def lost_words(longer: str, shorter: str) -> list[str]:
    """The words of `longer` that are missing from the inside of `shorter`, in which all the others stand in order."""
    whole, rest = main_words(longer), [folded for folded, _ in main_words(shorter)]
    if len(rest) < ENOUGH or not 0 < len(whole) - len(rest) <= FEW_LOST:
        return []
    lost = []
    for word in whole:
        if rest and rest[0] == word[0]:
            rest.pop(0)
        else:
            lost.append(word)
    if rest or whole[0] in lost or whole[-1] in lost:
        return []
    return [printed for _, printed in lost]


@rule(
    "counts_differ",
    AlertLevel.WARNING,
    STRUCTURE,
    "L’annexe, l’article et la fiche annoncent les mêmes nombres.",
)
def counts_differ(dossier: Dossier) -> Iterator[Finding]:
    for pair in pairs(dossier):
        if pair.sheet is None:
            continue
        promised: dict[str, dict[str, set[int]]] = {}
        for source, label in [*labels_of(pair), ("l’intitulé de la fiche", pair.sheet.commitment.title)]:
            for thing, count in counts(label):
                promised.setdefault(thing, {}).setdefault(source, set()).add(count)
        inside: dict[str, set[int]] = {}
        for words in sheet_actions(pair.sheet):
            for thing, count in counts(words):
                inside.setdefault(thing, set()).add(count)
        for thing, sources in promised.items():
            yield from count_gap(pair, dossier, thing, sources, inside.get(thing, set()))


def sheet_actions(sheet: Sheet) -> Iterator[str]:
    for resume in sheet.resume:
        yield as_text(resume.description)
    for sub_action in sheet.sub_actions:
        yield sub_action.action


def counts(words: str) -> Iterator[tuple[str, int]]:
    """(what is counted, in two main words; how many)."""
    for match in COUNTED.finditer(fold(NUMBERED.sub("", words)).replace("'", " ")):
        if NOT_COUNTED.match(match[2]):
            continue
        names = [word.rstrip("sx") for word in match[2].split() if word not in PLAIN_WORDS][:2]
        if len(names) > 1:
            yield " ".join(names), int(match[1])


def count_gap(
    pair: Pair, dossier: Dossier, thing: str, sources: dict[str, set[int]], inside: set[int]
) -> Iterator[Finding]:
    """What the sheet does in several steps may add up to what was promised."""
    promised = set().union(*sources.values())
    wrong = inside and not inside & promised and sum(inside) not in promised
    if len(promised) < 2 and not wrong:
        return
    statements = [
        f"{join_and(sorted(map(str, numbers)))} dans {source}" for source, numbers in sources.items()
    ]
    if wrong:
        statements.append(f"{join_and(sorted(map(str, inside)))} dans le contenu de la fiche")
    yield Finding(
        place(number_words(pair, dossier), "nombres annoncés", thing),
        f"Le nombre annoncé n’est pas partout le même : {join_and(statements)}.",
        join_and(sorted(map(str, promised))),
        join_and(sorted(map(str, inside))) if wrong else "",
        sheet=pair.sheet.key if pair.sheet is not None else "",
    )
