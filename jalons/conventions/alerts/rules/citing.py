"""What the text cites: does it exist, and is it what the text says it is? Articles, annexes, sheets, lists of acts."""

import re
from collections.abc import Iterator

from jalons.conventions.alerts.engine import Finding, rule
from jalons.conventions.alerts.rules.structure import PLAIN_WORDS
from jalons.conventions.alerts.rules.texts import (
    ELSEWHERE,
    HEADING_NUMBER,
    cited,
    citing,
    clause_words,
    convention_texts,
    exists,
    sheet_texts,
)
from jalons.conventions.dossier.annex_model import pairs
from jalons.conventions.dossier.content import AnnexContent, Dossier
from jalons.conventions.dossier.places import cut
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.core.values import fold, join_and

STRUCTURE = AlertScope.STRUCTURE
# What an article may be about, as conventions say it; folded.
SUBJECTS = {
    "le rapport d’exécution": re.compile(r"\brapport\b.{0,40}\bexecution\b"),
    "la dénonciation": re.compile(r"\bdenonc"),
    "le versement": re.compile(r"\bversements?\b|\bversee?s?\b"),
    "l’évaluation": re.compile(r"\bevaluation\b"),
    "le litige": re.compile(r"\blitiges?\b"),
    "la durée de la convention": re.compile(r"\bduree de la (?:presente )?convention\b|\bconclue pour\b"),
    "l’avenant": re.compile(r"\bavenants?\b"),
    "la parité": re.compile(r"\bparite\b|\begalite des parties\b"),
}
# « … l’article 4, en particulier la transmission d’un rapport » ; « le rapport prévu à l’article 4 ».
AFTER = re.compile(
    r"^(?: de la presente convention)?\s*,?\s*(?:en particulier|notamment|relatifs?|relatives?|concernant"
    r"|portant sur|qui traite|sur)\b(.*)"
)
BEFORE = re.compile(
    r"(.{0,80})\b(?:prevu|mentionne|defini|vise|decrit|fixe|precise)\w* (?:a|dans|par|aux?) (?:l )?$"
)
ARTICLE = re.compile(r"\barticles? (\d+(?:\.\d+)*)")
ANNEX_LIST = re.compile(r"\bannexes?\s*(?:suivantes?\s*)?:\s*(.+)", re.IGNORECASE | re.DOTALL)
ANNEX_ITEM = re.compile(
    r"(?:^|[,;]|\bet\b)\s*(?:annexe\s*)?(\d{1,2})\s*[-–—:.]\s*([^,;]+?)(?=[,;.]|\bet\s+\d|$)", re.IGNORECASE
)
ANNEX_CITED = re.compile(r"\bannexes?\s+(?:n°\s*)?(\d{1,2})\b(?!\s*(?:du|de la|de l['’]))", re.IGNORECASE)
FINANCIAL = re.compile(r"\bfinanci|\bbudget|\bmontants?\b|\bcredits?\b")
SHEETS = re.compile(
    r"\bfiches?(?:[- ]actions?)?\s+(?:n°\s*)?(\d{1,2}(?:\s*(?:,|et|ou|à)\s*\d{1,2})*)(?![\d/.,]*\d)",
    re.IGNORECASE,
)
DIGITS = re.compile(r"\d+")
MONTHS = r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
DATE = re.compile(rf"\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b|\b\d{{1,2}}(?:er)?\s+{MONTHS}\b", re.IGNORECASE)
ACTS = re.compile(
    r"\b(avenants|conventions|délibérations|arrêtés|décrets|instructions|circulaires)\s+(?:n°s?\s*)?"
    r"(\w*\d[\w/-]*(?:\s*,\s*\w*\d[\w/-]*)*\s+et\s+\w*\d[\w/-]*)",
    re.IGNORECASE,
)


@rule(
    "article_subject", AlertLevel.WARNING, STRUCTURE, "L’article cité parle bien de ce que le texte annonce."
)
def article_subject(dossier: Dossier) -> Iterator[Finding]:
    """Only when another article does speak of it: a subject that is nowhere is not a wrong number."""
    texts = article_texts(dossier)
    for where, source, words in citing(dossier):
        for number, subject in announced_subjects(words):
            right = [
                article
                for article, text in texts.items()
                if SUBJECTS[subject].search(text) and article != source
            ]
            spoken = texts.get(number, texts.get(number.split(".")[0], ""))
            if not spoken or number in right or SUBJECTS[subject].search(spoken) or not right:
                continue
            others = join_and([article for article in right if "." in article] or right)
            yield Finding(
                where,
                f"Renvoi à l’article {number} pour {subject}, dont cet article ne parle pas. "
                f"Voir l’article {others}.",
                f"article {others}",
                f"article {number}",
            )
    yield from misplaced_clauses(dossier, texts)


def article_texts(dossier: Dossier) -> dict[str, str]:
    """Folded, by number: of each article, and of each numbered heading inside it (« 2.3 »)."""
    article_texts: dict[str, str] = {}
    for article in dossier.articles:
        number = article.number.strip()
        inner = ""
        article_texts[number] = fold(article.title)
        for words in article.texts:
            heading = HEADING_NUMBER.match(words)
            inner = heading[1] if heading is not None else inner
            for name in filter(None, (number, inner)):
                article_texts[name] = f"{article_texts.get(name, '')} {fold(words)}"
    return article_texts


def announced_subjects(words: str) -> Iterator[tuple[str, str]]:
    """(article, what the sentence says that it is about)."""
    for sentence in re.split(r"(?<=[^\d\W])\.\s+", words):
        folded = fold(sentence)
        numbers = set(cited(sentence))
        for match in ARTICLE.finditer(folded):
            if match[1] not in numbers:
                continue
            after, before = AFTER.match(folded[match.end() :]), BEFORE.search(folded[: match.start()])
            around = [side[1] for side in (after, before) if side is not None]
            for subject, pattern in SUBJECTS.items():
                if any(pattern.search(part) for part in around):
                    yield match[1], subject
                    break


def misplaced_clauses(dossier: Dossier, texts: dict[str, str]) -> Iterator[Finding]:
    """A clause that is said to stand in one article and whose words are in another."""
    for clause in dossier.clauses:
        words, stated = fold(clause.text), clause.article.strip()
        if not words or not stated or not exists(stated, texts):
            continue
        right = [number for number, text in texts.items() if words in text]
        base = stated.split(".")[0]
        if right and not any(number in (stated, base) or number.startswith(f"{stated}.") for number in right):
            yield Finding(
                clause_words(clause),
                f"Cette clause se dit de l’article {stated} ; son texte est à l’article {right[-1]}.",
                f"article {right[-1]}",
                f"article {stated}",
            )


@rule("annex_reference", AlertLevel.WARNING, STRUCTURE, "Les annexes citées sont celles de la convention.")
def annex_reference(dossier: Dossier) -> Iterator[Finding]:
    listed = {number: (where, words) for where, number, words in announced_annexes(dossier)}
    known = {match[0]: annex for annex in dossier.annexes if (match := DIGITS.search(annex.annex.label))}
    for number, (where, words) in listed.items():
        annex = known.get(number)
        if annex is not None and not names(words, annex):
            title = cut(annex.annex.title, 80) or "annexe financière"
            yield Finding(
                where,
                f"L’annexe {number} est annoncée comme « {cut(words, 80)} » ; l’annexe {number} jointe est le "
                f"tableau financier « {title} ».",
                cut(words, 120),
                title,
            )
    yield from missing_annexes(dossier, {*listed, *known})


def announced_annexes(dossier: Dossier) -> Iterator[tuple[str, str, str]]:
    """(where, number, what it is said to be)."""
    for where, words in convention_texts(dossier):
        match = ANNEX_LIST.search(words)
        if match is not None:
            for item in ANNEX_ITEM.finditer(match[1]):
                yield where, item[1], item[2].strip()


def names(words: str, annex: AnnexContent) -> bool:
    """May these words name a financial annex, or this one?"""
    if FINANCIAL.search(fold(words)):
        return True
    titles = " ".join([annex.annex.title, *(table.table.title for table in annex.tables)])
    return bool((plain(words) & plain(titles)) - {"tableau"})


def plain(words: str) -> frozenset[str]:
    return frozenset(word.rstrip("sx") for word in re.findall(r"\w+", fold(words)) if word not in PLAIN_WORDS)


def missing_annexes(dossier: Dossier, known: set[str]) -> Iterator[Finding]:
    if not known:
        return
    cited_numbers: set[str] = set()
    for where, words in convention_texts(dossier):
        for match in ANNEX_CITED.finditer(words):
            number = match[1]
            if number not in known and number not in cited_numbers and not where.startswith("Visas"):
                cited_numbers.add(number)
                yield Finding(
                    where,
                    f"Renvoi à l’annexe {number}, que la convention n’a pas.",
                    f"annexes {join_and(sorted(known, key=int))}",
                    f"annexe {number}",
                )


@rule("sheet_reference", AlertLevel.WARNING, STRUCTURE, "Une fiche citée a sa page.")
def sheet_reference(dossier: Dossier) -> Iterator[Finding]:
    """Once for a number; one that the annexes name too is told with its amounts (`number_without_sheet`)."""
    known = {str(number) for sheet in dossier.sheets for number in sheet.commitment.numbers}
    if not known:
        return
    known |= {pair.number for pair in pairs(dossier)} | {missing.number for missing in dossier.missing}
    cited_numbers: set[str] = set()
    for where, words in all_texts(dossier):
        for match in SHEETS.finditer(words) if "iche" in words or "ICHE" in words else ():
            if ELSEWHERE.match(words[match.end() :]):
                continue
            for number in DIGITS.findall(match[1]):
                if number not in known and number not in cited_numbers:
                    cited_numbers.add(number)
                    yield Finding(
                        where,
                        f"La fiche {number} est citée, et la convention n’a pas cette fiche.",
                        "une fiche qui existe",
                        f"fiche {number}",
                    )


def all_texts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    yield from convention_texts(dossier)
    for sheet in dossier.sheets:
        yield from sheet_texts(sheet, dossier)


@rule("dates_of_acts", AlertLevel.WARNING, STRUCTURE, "Une liste de dates a une date pour chaque acte.")
def dates_of_acts(dossier: Dossier) -> Iterator[Finding]:
    """« les avenants 2019, 2020 et 2021, signés les … »: as many dates as acts, when several dates are given."""
    for where, words in convention_texts(dossier):
        for match in ACTS.finditer(words):
            acts = re.split(r"\s*,\s*|\s+et\s+", match[2])
            dates = DATE.findall(words[match.end() :].split(";")[0])
            if len(dates) > 1 and len(dates) != len(acts):
                yield Finding(
                    where,
                    f"{len(dates)} dates pour {len(acts)} {match[1].lower()} ({join_and(acts)}) : "
                    f"{join_and(dates)}.",
                    f"{len(acts)} dates",
                    f"{len(dates)} dates",
                )
