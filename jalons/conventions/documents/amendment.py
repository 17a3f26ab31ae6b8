"""An « avenant »: what changes from one version to another, old and new side by side, amount by amount."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from jalons.conventions.changes.between import amended
from jalons.conventions.changes.change import Change
from jalons.conventions.changes.chapters import funder_deltas, restated
from jalons.conventions.documents.text import signing
from jalons.conventions.documents.words import prose, typeset
from jalons.conventions.dossier.content import Dossier
from jalons.core.values import Emptiness, format_long_date
from jalons.exports.acts import ActLine, ActRow, Ruled, Run, Slot, Text, head, line, ruled, slot
from jalons.exports.document import Facts, Heading


def amendment_blocks(
    dossier: Dossier, before: Dossier | None, amendment: Any, *, whole: bool = True
) -> list[object]:
    """`before`: the version that is amended; without it nothing can be compared. `whole`: see `document_of`."""
    subject = str(getattr(amendment, "subject", "") or "").strip()
    return [
        *facts(dossier, amendment),
        Heading("Article 1er – Objet de l’avenant", 1),
        Text(
            tuple(prose(paragraph) for paragraph in subject.split("\n") if paragraph.strip()) or (to_write(),)
        ),
        Heading("Article 2 – Modifications", 1),
        *changes_blocks(dossier, before, whole=whole),
        Heading("Article 3 – Autres dispositions", 1),
        Text((line("Les autres dispositions de la convention restent inchangées."),)),
        signing(dossier),
    ]


def to_write() -> ActLine:
    return ActLine((Run("À compléter", mark=True),))


def facts(dossier: Dossier, amendment: Any) -> list[object]:
    rows: list[tuple[str, object]] = [
        ("Convention", dossier.convention.title or dossier.convention.short_title)
    ]
    if amendment is not None:
        if amendment.dated is not None:
            rows.append(("Date de l’avenant", format_long_date(amendment.dated)))
        if amendment.deliberation is not None:
            rows.append(("Délibération", amendment.deliberation.number))
    return [Facts(rows)]


def changes_blocks(dossier: Dossier, before: Dossier | None, *, whole: bool) -> list[object]:
    """The new totals, then the money, with what each amount gains or loses, then the rest."""
    if before is None:
        return [Text((ActLine((Run("Aucune version de départ : rien ne peut être comparé.", mark=True),)),))]
    changes = amended(before, dossier)
    if not changes:
        return [Text((line("Aucune modification entre les deux versions."),))]
    headings = {
        sheet.key: sheet.commitment.heading for version in (before, dossier) for sheet in version.sheets
    }
    money, words = (
        [change for change in changes if change.is_money],
        [change for change in changes if not change.is_money],
    )
    blocks: list[object] = []
    if totals := restated(funder_deltas(before, dossier, whole=whole)):
        blocks.append(Text(tuple(line(total) for total in totals)))
    if money:
        blocks += [Heading("Montants", 2), money_table(money, headings)]
    if words:
        blocks += [Heading("Autres modifications", 2), words_table(words, headings)]
    return blocks


def money_table(changes: Sequence[Change], headings: dict[str, str]) -> Ruled:
    heads = head("Où", "Montant", "Ancien", "Nouveau", "Écart", right=(2, 3, 4))
    return ruled((4.6, 3.8, 2.9, 2.9, 2.8), [heads], list(rows_of(changes, headings, money=True)))


def words_table(changes: Sequence[Change], headings: dict[str, str]) -> Ruled:
    heads = head("Où", "Quoi", "Ancien", "Nouveau")
    return ruled((3.6, 3.0, 5.2, 5.2), [heads], list(rows_of(changes, headings, money=False)))


def rows_of(changes: Sequence[Change], headings: dict[str, str], *, money: bool) -> Iterator[ActRow]:
    """The changes of a sheet stand under its name."""
    for key, group in groupby(changes, key=lambda item: item.sheet):
        if key:
            title = typeset(headings.get(key) or key)
            yield ActRow((slot(title, columns=5 if money else 4, tone="section"),), with_next=True)
        for change in group:
            old, new = (Slot((words_line(words),), right=money) for words in (change.before, change.after))
            cells = [slot(typeset(change.where) or "–"), slot(typeset(change.what) or "–"), old, bolder(new)]
            if money:
                cells.append(slot(change.delta_words or "–", right=True))
            yield ActRow(tuple(cells))


def bolder(cell: Slot) -> Slot:
    return Slot(cell.lines, right=cell.right, bold=True)


def words_line(words: str) -> ActLine:
    return line(typeset(words)) if words.strip() else ActLine((Run(Emptiness.EMPTY.words, missing=True),))
