"""An « avenant »: what changes from one version to another, old and new side by side, amount by amount."""

from collections.abc import Sequence
from typing import Any, Protocol

from jalons.conventions.dossier import Dossier
from jalons.conventions.paper.text import signing
from jalons.conventions.paper.words import prose, typeset
from jalons.core.values import Emptiness, format_euros, format_long_date
from jalons.core.values.numbers import add, exact
from jalons.exports.acts import Line, Row, Ruled, Run, Slot, Text, head, line, ruled, slot
from jalons.exports.document import Facts, Heading, said


class Changed(Protocol):
    """What `changes.changes` tells; `delta` is in euros, None for what is not money."""

    @property
    def where(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def before(self) -> Any: ...
    @property
    def after(self) -> Any: ...
    @property
    def delta(self) -> Any: ...


def amendment_blocks(dossier: Dossier, found: Sequence[Changed] | None, amendment: Any) -> list[object]:
    """`found` None: nothing to compare with. Only the changes of money have an effect in euros."""
    blocks: list[object] = [*facts(dossier, amendment)]
    subject = str(getattr(amendment, "subject", "") or "").strip()
    blocks.append(Heading("Article 1er – Objet de l’avenant", 1))
    blocks.append(Text(tuple(prose(each) for each in subject.split("\n") if each.strip()) or (to_write(),)))
    blocks.append(Heading("Article 2 – Modifications", 1))
    blocks.extend(changes_blocks(found))
    blocks.append(Heading("Article 3 – Autres dispositions", 1))
    blocks.append(Text((line("Les autres dispositions de la convention restent inchangées."),)))
    blocks.append(signing(dossier))
    return blocks


def to_write() -> Line:
    return Line((Run("À compléter", mark=True),))


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


def changes_blocks(found: Sequence[Changed] | None) -> list[object]:
    if found is None:
        return [Text((Line((Run("Aucune version de départ : rien ne peut être comparé.", mark=True),)),))]
    if not found:
        return [Text((line("Aucune modification entre les deux versions."),))]
    blocks: list[object] = []
    money, words = (
        [each for each in found if each.delta is not None],
        [each for each in found if each.delta is None],
    )
    if money:
        blocks += [Heading("Montants", 2), money_table(money)]
    if words:
        blocks += [Heading("Autres modifications", 2), words_table(words)]
    return blocks


def money_table(found: Sequence[Changed]) -> Ruled:
    heads = head("Où", "Montant", "Ancien", "Nouveau", "Écart", right=(2, 3, 4))
    rows = [
        Row(
            (
                slot(typeset(each.where)),
                slot(typeset(each.what)),
                Slot((told(each.before),), right=True),
                Slot((told(each.after),), right=True, bold=True),
                slot(signed(each.delta), right=True),
            )
        )
        for each in found
    ]
    return ruled((4.6, 4.2, 2.8, 2.8, 2.6), [heads], rows)


def words_table(found: Sequence[Changed]) -> Ruled:
    heads = head("Où", "Quoi", "Ancien", "Nouveau")
    rows = [
        Row(
            (
                slot(typeset(each.where)),
                slot(typeset(each.what)),
                Slot((told(each.before),)),
                Slot((told(each.after),), bold=True),
            )
        )
        for each in found
    ]
    return ruled((3.4, 3.2, 5.2, 5.2), [heads], rows)


def told(value: object) -> Line:
    """Words, a number of euros, or nothing."""
    if value is None or value == "":
        return Line((Run(Emptiness.EMPTY.words, missing=True),))
    if isinstance(value, str):
        return line(typeset(value))
    if isinstance(value, int | float) or hasattr(value, "as_tuple"):
        return line(format_euros(value))  # type: ignore[arg-type]
    return line(said(value))


def signed(delta: Any) -> str:
    amount = add(0, exact(delta))
    return f"+{format_euros(amount)}" if amount > 0 else format_euros(amount)
