"""The text that is signed: title, parties, visas, preamble, articles, the actions paid for, signatures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jalons.conventions.documents.fields import fields_of, filled
from jalons.conventions.documents.words import figure_words, runs_of, typeset
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.ledger import actions_sum
from jalons.conventions.models import Article, Party, PlannedAction
from jalons.conventions.models.printed import PrintedParagraph, paragraphs_of
from jalons.core.values import Emptiness, fold, format_euros, format_long_date
from jalons.exports.acts import (
    BLANK,
    ActLine,
    ActRow,
    Ruled,
    Run,
    Signatory,
    Signing,
    Slot,
    Text,
    head,
    ruled,
    slot,
)
from jalons.exports.document import Heading

PAYMENT_WORDS = ("versement", "paiement", "modalites financieres", "credits", "dispositions financieres")
CODES = {
    "domaine_fonctionnel": "Domaine fonctionnel",
    "code_activite": "Activité",
    "groupe_de_marchandises": "Groupe de marchandises",
    "centre_financier": "Centre financier",
    "centre_de_couts": "Centre de coûts",
}


def text_blocks(dossier: Dossier) -> list[object]:
    """The whole text; blanks that somebody left are marked."""
    fields = fields_of(dossier)
    blocks: list[object] = [*party_blocks(dossier)]
    blocks.extend(reference_blocks(dossier, fields))
    preamble = [filled_line(paragraph, fields) for paragraph in paragraphs_of(dossier.convention.preamble)]
    if preamble:
        blocks += [Heading("Préambule", 1), Text(tuple(preamble))]
    blocks.append(Text((ActLine((Run("Il est convenu ce qui suit :", bold=True),)),)))
    paid = payment_article(dossier)
    for article in dossier.articles:
        blocks.extend(article_blocks(article, fields, dossier if article is paid else None))
    if paid is None and dossier.planned:
        blocks += [Heading("Actions financées", 1), actions_table(dossier)]
    blocks.extend(listed_blocks(dossier))
    blocks.append(signing(dossier))
    return blocks


def filled_line(paragraph: PrintedParagraph, fields: Mapping[str, str]) -> ActLine:
    words = filled(" ".join(paragraph.text.split()), fields)
    return ActLine(runs_of(words), level=paragraph.level, bullet=paragraph.bullet)


# Before the articles -------------------------------------------------------------------------------------


def party_blocks(dossier: Dossier) -> list[object]:
    if not dossier.parties:
        return []
    blocks: list[object] = [Text((ActLine((Run("Entre", bold=True),)),))]
    for at, party in enumerate(dossier.parties):
        if at:
            blocks.append(Text((ActLine((Run("et", bold=True),)),)))
        blocks.append(Text((ActLine(runs_of(party_words(party))),)))
    return blocks


def party_words(party: Party) -> str:
    """« L’État, représenté par le préfet du Nord, désigné ci-après « le Préfet », d’une part, »."""
    ending = "es" if party.name.startswith("Les ") else "e" if party.name.startswith("La ") else ""
    words = party.name or "Partie sans nom"
    who = party.representative or party.signatory
    if who:
        words += f", représenté{ending} par {with_article(who)}"
    if party.designation:
        words += f", désigné{ending} ci-après « {party.designation} »"
    return f"{words}, {party.side_words}," if party.side_words else f"{words},"


def with_article(function: str) -> str:
    """« le Préfet du Nord », « la Présidente », « l’Adjointe » ; what has its article keeps it."""
    first = fold(function).split(" ")[0] if fold(function) else ""
    if first in ("le", "la", "l", "les", "monsieur", "madame", "m.", "mme"):
        return function
    if first[:1] in "aeiou" and first:
        return f"l’{function}"
    feminine = first.endswith("e") and first != "maire"
    return f"{'la' if feminine else 'le'} {function}"


def reference_blocks(dossier: Dossier, fields: Mapping[str, str]) -> list[object]:
    lines = [
        ActLine(runs_of(ended(filled(" ".join(reference.raw.split()), fields)), also=reference.placeholder))
        for reference in dossier.references
        if reference.raw.strip()
    ]
    return [Text(tuple(lines))] if lines else []


def ended(words: str) -> str:
    """A « Vu… » ends with a semicolon."""
    return words if words.endswith((";", ".", ",", ":")) else f"{words} ;"


# Articles ------------------------------------------------------------------------------------------------


def article_blocks(article: Article, fields: Mapping[str, str], dossier: Dossier | None) -> list[object]:
    """`dossier`: of the article on payment, whose table of actions stands where it is announced."""
    number = f"Article {ordinal(article.number)}" if article.number else ""
    title = " – ".join(filter(None, (number, filled(article.title, fields))))
    paragraphs = list(paragraphs_of(article.paragraphs))
    blocks: list[object] = [Heading(title or "Article", 1)]
    table_at = announced_at(paragraphs) if dossier is not None and dossier.planned else -1
    for at, paragraph in enumerate(paragraphs):
        if paragraph.heading:
            blocks.append(Heading(filled(paragraph.text, fields), 2))
        else:
            add_line(blocks, filled_line(paragraph, fields))
        if at == table_at and dossier is not None:
            blocks.append(actions_table(dossier))
    if dossier is not None and dossier.planned and not paragraphs:
        blocks.append(actions_table(dossier))
    if not paragraphs:
        blocks.append(Text((ActLine((Run(Emptiness.EMPTY.words, missing=True),)),)))
    return blocks


def ordinal(number: str) -> str:
    return "1er" if number.strip() == "1" else number


def add_line(blocks: list[object], act_line: ActLine) -> None:
    """Neighbours stand in one block."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Text):
        blocks[-1] = Text((*last.lines, act_line))
    else:
        blocks.append(Text((act_line,)))


def payment_article(dossier: Dossier) -> Article | None:
    for words in PAYMENT_WORDS:
        for article in dossier.articles:
            if words in fold(article.title):
                return article
    return None


def announced_at(paragraphs: Sequence[PrintedParagraph]) -> int:
    """After which paragraph the table stands: the one that says on which credits it is paid, else the last."""
    for at, paragraph in reversed(list(enumerate(paragraphs))):
        if "imput" in fold(paragraph.text):
            return at
    return len(paragraphs) - 1


def actions_table(dossier: Dossier) -> Ruled:
    """Actions with their amount and budget codes, which are text: their zeros are kept."""
    actions = dossier.planned
    codes = [
        name for name in codes_of(actions) if any(code_words(action.codes.get(name)) for action in actions)
    ]
    heads = [
        "N°",
        "Action",
        "Montant",
        *(CODES.get(name, name.replace("_", " ").capitalize()) for name in codes),
    ]
    several = len({action.departement_words for action in actions}) > 1
    rows = [ActRow(tuple(action_slots(action, codes, several))) for action in actions]
    total = actions_sum(dossier)
    if total.is_known:
        blanks = [Slot((BLANK,), tone="sum") for _ in codes]
        label = slot("Total", columns=2, tone="sum")
        rows.append(ActRow((label, slot(total.short(format_euros), right=True, tone="sum"), *blanks)))
    return ruled((0.9, 5.6, 2.5, *[2.6] * len(codes)), [head(*heads, right=(2,))], rows)


def action_slots(action: PlannedAction, codes: Sequence[str], several: bool) -> Iterable[Slot]:
    label = typeset(action.label) or Emptiness.EMPTY
    if several and action.departement_words:
        label = f"{action.departement_words} : {action.label}"
    yield slot(action.number or "–", centre=True)
    yield slot(label)
    yield slot(figure_words(action.amount), right=True)
    for name in codes:
        yield slot(code_words(action.codes.get(name)) or Emptiness.EMPTY)


def codes_of(actions: Iterable[PlannedAction]) -> list[str]:
    names = dict.fromkeys(name for action in actions for name in action.codes)
    return [name for name in CODES if name in names] + [
        name
        for name in names
        if name not in CODES and name.startswith(("code", "centre", "groupe", "domaine"))
    ]


def code_words(value: Any) -> str:
    """« 030450191905 – maraudes État/CD »."""
    if isinstance(value, dict):
        label = "" if str(value.get("code") or "").startswith("0304-") else str(value.get("label") or "")
        return "\n".join(filter(None, (str(value.get("code") or ""), label)))
    return str(value or "")


def listed_blocks(dossier: Dossier) -> list[object]:
    """The list of actions that each Département signs, with its own numbers."""
    if not dossier.listed:
        return []
    rows = [
        ActRow(
            (
                slot(action.departement_words or "–"),
                slot(action.number or "–", centre=True),
                slot(typeset(action.label) or Emptiness.EMPTY),
            )
        )
        for action in dossier.listed
    ]
    table = ruled((3.6, 1.2, 12.2), [head("Département", "N°", "Action")], rows)
    return [Heading("Liste des actions", 1), table]


# Signatures ----------------------------------------------------------------------------------------------


def signing(dossier: Dossier) -> Signing | Text:
    """One block for each signatory; the place and the day of the party, of the convention, or dots."""
    own = dossier.convention
    people = [
        Signatory(
            party.name or "Partie sans nom",
            party.signatory or party.representative,
            party.place or own.place,
            format_long_date(day) if (day := party.signed_on or own.signed_on) else "",
        )
        for party in dossier.parties
    ]
    if not people:
        return Text((ActLine((Run("Aucune partie n’est encore nommée.", missing=True),)),))
    return Signing(tuple(people), per_row=2 if len(people) in (1, 2, 4) else 3)
