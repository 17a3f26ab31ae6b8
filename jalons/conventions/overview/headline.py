"""What the text of a convention says of its money and of its aims, in words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.content import TOTAL, Dossier
from jalons.conventions.models import Convention, PlannedAction
from jalons.conventions.models.printed import Printed, as_list
from jalons.conventions.overview.selectors import Overview, SumWords, share_head
from jalons.core.values import Number, format_euros, format_percent, french_spaces, plural


@dataclass(frozen=True, slots=True)
class HeadlineFigure:
    """A big number of the head. `amount` empty: unknown, and `remark` is the rule in words, when there is one."""

    label: str
    amount: str
    remark: str


def figures_of(convention: Convention, seen: Overview) -> list[HeadlineFigure]:
    """The whole, the State, the Départements: as the text announces them, tied to what the sheets add up to."""
    dossier = seen.dossier
    announced = ledger.announced(dossier)
    whole = announced.get(TOTAL)
    figures = [
        figure("Montant global", whole, convention.amounts.get("global"), None, of_sheets(seen, TOTAL))
    ]
    state = announced.get(ledger.STATE)
    printed = convention.amounts.get("part_etat")
    figures.append(figure("Part de l’État", state, printed, whole, of_sheets(seen, ledger.STATE)))
    councils = [share for share in announced if share.startswith(ledger.COUNCIL)] or [ledger.COUNCIL]
    for share in councils:
        words = ledger.share_words(share, dossier)
        printed = convention.amounts.get("part_departement")
        label = words[:1].upper() + words[1:]
        figures.append(figure(label, announced.get(share), printed, whole, of_sheets(seen, share)))
    return figures


def of_sheets(seen: Overview, share: str) -> SumWords:
    """What the sheets bring; nothing to compare when some are not in sight."""
    head = "" if share == TOTAL else share_head(share, seen.dossier)
    if seen.hidden or (head and head not in seen.heads):
        return SumWords("", "")
    return seen.total_of(head)


def figure(
    label: str, amount: Number | None, value: Any, whole: Number | None, sheets: SumWords
) -> HeadlineFigure:
    """`sheets`: what the sheets add up to; the same figure is not written twice."""
    if amount is None:
        words = (Printed.of(value).rule, sheets_words(sheets, ""))
        return HeadlineFigure(label, "", " · ".join(filter(None, words)))
    told_euros, remarks = format_euros(amount), []
    if whole and whole != amount:
        remarks.append(f"{format_percent(Decimal(amount) * 100 / Decimal(whole), 1)} du total")
    remarks.append(sheets_words(sheets, told_euros))
    return HeadlineFigure(label, told_euros, " · ".join(filter(None, remarks)))


def sheets_words(sheets: SumWords, euros: str) -> str:
    """« c’est le total des fiches », « fiches : ≥ 26 540 704 € (1 montant inconnu) »."""
    if not sheets.figure:
        return ""
    if sheets.figure == euros:
        return "c’est le total des fiches"
    lacks = f" ({sheets.lacks})" if sheets.lacks else ""
    return french_spaces(f"total des fiches : {sheets.figure}{lacks}")


def split_of(convention: Convention) -> list[tuple[str, str]]:
    """How the State's share is split between Départements: (party, amount in words)."""
    return [
        (share.whose or "Sans nom", share.raw if share.euros is None else format_euros(share.euros))
        for share in convention.shares_of_state
    ]


def axes_of(convention: Convention) -> list[str]:
    return [numbered(axis, "number", "label") for axis in named_in(convention, "axes")]


def priorities_of(convention: Convention) -> list[str]:
    return [numbered(priority, "letter", "text") for priority in named_in(convention, "joint_priorities")]


def named_in(convention: Convention, key: str) -> list[Any]:
    return as_list(convention.kept.get(key))


def numbered(value: Any, number: str, label: str) -> str:
    """« 1. Insertion »; a plain text as it is."""
    if not isinstance(value, dict):
        return str(value)
    mark, text = value.get(number), str(value.get(label) or "")
    return f"{mark}. {text}" if mark not in (None, "") else text


def actions_words(dossier: Dossier) -> str:
    """« 9 actions financées, 13 197 804 € »."""
    planned: list[PlannedAction] = dossier.planned
    if not planned:
        return ""
    whole = additions.sum_words(ledger.actions_sum(dossier))
    count = f"{len(planned)} {plural(len(planned), 'action financée', 'actions financées')}"
    return f"{count}, {whole}" if whole else count
