"""Words that were forgotten: blanks left to fill, articles that do not exist, cells cut short."""

import re
from collections.abc import Iterable, Iterator

from jalons.conventions.alerts.engine import Finding, rule, sheet_rule
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.places import cell_place, cut, place, sheet_words
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import Clause
from jalons.conventions.models.printed import as_dict, as_list, as_text
from jalons.core.values import fold, join_and

STRUCTURE = AlertScope.STRUCTURE
SHOWN = 80
CLAUSES = {
    "action_period": "période des actions",
    "amendment": "avenant",
    "annexes": "annexes",
    "duration": "durée",
    "evaluation": "évaluation",
    "flag_changes": "fiches modifiées",
    "litigation": "litige",
    "parity": "parité",
    "reporting": "rapport d’exécution",
    "termination": "dénonciation",
}
BLANK = re.compile(
    r"\bx{3,}\b|\bn[°o]\s*x{1,2}\b|\barticles?\s+(?:x{1,2}\b|…|\.{2,}|_+)"
    r"|[\[(<{«]\s*(?:à|a)\s+(?:compléter|completer|préciser|preciser|remplir)[^\])>}»]{0,60}[\])>}»]"
    r"|\(\s*(?:axe|fiche|article|annexe|action|mesure|objectif)\s*(?:\s|n°\s*)\)|\(\s*axe\s*\)|\(\s+\)"
    r"|^\s*(?:à|a)\s+(?:compléter|completer)\s*\.?\s*$|(?:…\s*){2,}|\.{5,}|_{4,}|\bJJ/MM/AAAA\b|\bTBD\b",
    re.IGNORECASE,
)
CITED = re.compile(
    r"\barticles?\s+((?:\d+(?:\.\d+)*(?:\s*(?:er|bis|ter)\b)?)(?:\s*(?:,|et|ou|à)\s*\d+(?:\.\d+)*(?:er)?)*)(?![\d-])",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d+(?:\.\d+)*")
# « article 12 de la loi… »: the article of another text.
ELSEWHERE = re.compile(
    r"\s*,?\s*(?:(?:du|de la|de l['’]|des|de)\s*(?:code|loi|d[ée]cret|arr[êe]t[ée]|ordonnance|r[èe]glement|trait[ée]"
    r"|constitution|directive|c\.?g\.?c\.?t|casf|circulaire|instruction|d[ée]lib[ée]ration|charte|accord|march[ée]"
    r"|pr[ée]c[ée]dente|convention\s+(?:initiale|pr[ée]c[ée]dente|cadre|\d))|susvis[ée])",
    re.IGNORECASE,
)
HEADING_NUMBER = re.compile(r"^\s*(?:article\s+)?(\d+(?:\.\d+)+)", re.IGNORECASE)
# « a) », « 1) »: they number the items of a list and were never opened.
LISTED = re.compile(r"(?:^|(?<=\s))(?:[a-z]|\d{1,2})\)(?=\s|$)", re.IGNORECASE)
# After these words, something more was to come.
UNFINISHED = re.compile(
    r"(?:,|[(«/]|\b(?:dont|et|ou|de|du|des|la|le|les|un|une|à|au|aux|avec|pour|par|sur|dans|en|qui|que))$",
    re.IGNORECASE,
)


@rule("placeholder", AlertLevel.WARNING, STRUCTURE, "Aucun blanc ne reste à compléter dans le texte.")
def placeholder(dossier: Dossier) -> Iterator[Finding]:
    for where, words in convention_texts(dossier):
        yield from blanks(where, words)
    for reference in dossier.references:
        if reference.placeholder and not BLANK.search(reference.raw):
            yield blank(place("Visas", cut(reference.raw, 80)), reference.placeholder)


@sheet_rule(
    "sheet_placeholder", AlertLevel.WARNING, STRUCTURE, "Aucun blanc ne reste à compléter sur les fiches."
)
def sheet_placeholder(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    for where, words in sheet_texts(sheet, dossier):
        yield from blanks(where, words)


def blanks(where: str, words: str) -> Iterator[Finding]:
    match = BLANK.search(words)
    if match is not None:
        yield blank(where, match[0])


def blank(where: str, text: str) -> Finding:
    return Finding(where, f"Un blanc reste à compléter : « {cut(text, 80)} ».", found=cut(text, 80))


def convention_texts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    convention = dossier.convention
    yield "Titre de la convention", convention.title or convention.short_title
    for reference in dossier.references:
        yield place("Visas", cut(reference.raw, 80)), reference.raw
    for position, paragraph in enumerate(as_list(convention.preamble), start=1):
        yield place("Préambule", f"alinéa {position}"), as_text(paragraph)
    texts = set()
    for article in dossier.articles:
        for position, part in enumerate(article.texts, start=1):
            texts.add(part)
            yield place(f"Article {article.number}".strip(), f"alinéa {position}"), part
    for clause in dossier.clauses:
        if clause.text not in texts:
            yield (
                place("Clause", clause.name, f"article {clause.article}" if clause.article else ""),
                clause.text,
            )
    for action in dossier.actions:
        where = "Liste des actions" if action.listed else "Actions financées"
        yield place(where, f"action {action.number}".strip()), action.label
    for annex in dossier.annexes:
        name = annex.annex.label or "Annexe financière"
        yield place(name, "titre"), annex.annex.title
        for table in annex.tables:
            for line in table.lines:
                yield place(name, cut(table.table.title, 60), cut(line.label, 80)), line.label


def clause_words(clause: Clause) -> str:
    return f"Clause « {CLAUSES.get(clause.name, clause.name)} »"


def sheet_texts(sheet: Sheet, dossier: Dossier) -> Iterator[tuple[str, str]]:
    """The texts of a sheet, cells of its indicators included, with where each is."""
    words, commitment = sheet_words(sheet), sheet.commitment
    yield place(words, "intitulé"), commitment.title
    for position, resume in enumerate(sheet.resume, start=1):
        line = f"ligne {position}" if len(sheet.resume) > 1 else ""
        yield place(words, "résumé", line), as_text(resume.description)
        yield place(words, "résumé", line, "date de mise en place"), resume.start_words
    for sub_action in sheet.sub_actions:
        name = cut(sub_action.action, 80)
        yield place(words, "action", name), sub_action.action
        for label, cell in (
            ("état d’avancement", sub_action.progress),
            ("calendrier", sub_action.calendar),
            ("partenaires", sub_action.partners),
        ):
            yield place(words, name, label), as_text(cell)
    for row in sheet.budget:
        yield place(words, "budget", "notes"), row.line.notes
    for position, part in enumerate(as_list(as_dict(commitment.narrative).get("paragraphs")), start=1):
        yield place(words, f"bilan, alinéa {position}"), as_text(part)
    yield from matrix_texts(sheet)


def matrix_texts(sheet: Sheet) -> Iterator[tuple[str, str]]:
    for row in sheet.rows:
        for column, cell in sheet.cells_of(row):
            if cell is not None and cell.raw and not cell.raw.isdigit() and suspicious(cell.raw):
                yield cell_place(sheet, row, column), cell.raw


def suspicious(raw: str) -> bool:
    """Worth a look: the place of a cell costs more than this."""
    return bool(BLANK.search(raw)) or bool(cut_short(raw))


@sheet_rule("truncated", AlertLevel.WARNING, STRUCTURE, "Aucun texte n’est coupé.")
def truncated(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    for where, words in sheet_texts(sheet, dossier):
        why = cut_short(words)
        if why:
            end = words.strip()
            yield Finding(
                where,
                f"Ce texte paraît coupé ou mal recopié : {why}.",
                found=f"…{end[-SHOWN:]}" if len(end) > SHOWN else end,
            )


def cut_short(words: str) -> str:
    """Why a text seems cut, « » when it does not."""
    opened, closed = words.count("("), words.count(")")
    if opened > closed:
        return "une parenthèse n’est pas fermée"
    if opened < closed - len(LISTED.findall(words)):
        return "une parenthèse se ferme sans avoir été ouverte"
    if words.count("«") != words.count("»"):
        return "les guillemets ne vont pas par deux"
    match = UNFINISHED.search(words.rstrip())
    if match is not None and " " in words.strip():
        return "il finit par une virgule" if match[0] == "," else f"il finit par « {match[0]} »"
    return ""


@rule("article_reference", AlertLevel.WARNING, STRUCTURE, "Les articles cités existent.")
def article_reference(dossier: Dossier) -> Iterator[Finding]:
    """Only those of this very convention: « article 12 de la loi » is another text's."""
    known = article_numbers(dossier)
    if not known:
        return
    whole = join_and(sorted((number for number in known if "." not in number), key=natural))
    reported: set[tuple[str, str]] = set()
    for where, source, words in citing(dossier):
        for number in cited(words):
            if exists(number, known) or (source, number) in reported:
                continue
            reported.add((source, number))
            yield Finding(
                where,
                f"Renvoi à l’article {number}, qui n’existe pas dans la convention.",
                f"articles {whole}",
                f"article {number}",
            )


def article_numbers(dossier: Dossier) -> set[str]:
    """The articles, and the numbered headings inside them (« 2.1 »)."""
    article_numbers = {article.number.strip() for article in dossier.articles if article.number.strip()}
    for article in dossier.articles:
        for part in article.texts:
            match = HEADING_NUMBER.match(part)
            if match is not None:
                article_numbers.add(match[1])
    return article_numbers


def citing(dossier: Dossier) -> Iterator[tuple[str, str, str]]:
    """(where, article that speaks, words). The text of a clause is that of its article, said again."""
    texts: list[str] = []
    for article in dossier.articles:
        for part in article.texts:
            texts.append(fold(part))
            yield f"Article {article.number}".strip(), article.number, part
    for clause in dossier.clauses:
        where = clause_words(clause)
        if clause.text and not any(fold(clause.text) in words for words in texts):
            yield where, clause.article or clause.name, clause.text
        if clause.article:
            yield where, clause.name, f"article {clause.article}"


def cited(words: str) -> Iterator[str]:
    for match in CITED.finditer(words):
        if not ELSEWHERE.match(words[match.end() :]):
            yield from NUMBER.findall(match[1])


def exists(number: str, known: Iterable[str]) -> bool:
    """« 2.1 » also when the article 2 has no numbered heading to compare with."""
    numbers = set(known)
    if number in numbers:
        return True
    base = number.split(".")[0]
    return "." in number and base in numbers and not any(number.startswith(f"{base}.") for number in numbers)


def natural(number: str) -> tuple[int, str]:
    match = NUMBER.match(number)
    return (int(match[0].split(".")[0]) if match else 0, number)
