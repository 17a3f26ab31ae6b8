"""The money of a sheet."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.changes.block_pages import edit_block
from jalons.conventions.dossier.content import TOTAL, Dossier, Sheet
from jalons.conventions.dossier.from_base import read_budget, related_to_each_other
from jalons.conventions.dossier.pages import on_sheet
from jalons.conventions.models import Commitment, SubBudget
from jalons.conventions.money.budget.forms import BudgetBlock, PartsBlock, asked_parts, part_key
from jalons.conventions.money.budget.services import write_budget, write_sub_budgets
from jalons.conventions.money.carrying.views import carry_url, moved_by
from jalons.conventions.sheets import page
from jalons.conventions.sheets.budget import funder_words, funders, headers_of, in_euros, whole_of
from jalons.core.values import french_spaces
from jalons.history.querysets import NOW

# What a fiche that has no budget yet is asked.
FIRST = ("part_etat", "part_departement")


def money_of(commitment: Commitment) -> tuple[Sheet, Dossier]:
    """The budget of the fiche alone, as it stands."""
    convention = commitment.convention
    dossier = Dossier(convention, parties=list(convention.parties.select_related("departement")))
    dossier.sheets = [Sheet(commitment)]
    read_budget(dossier, {commitment.pk: commitment}, NOW)
    return dossier.sheets[0], dossier


@on_sheet(Right.WRITE_CONVENTION_MONEY)
def edit_budget(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    naming = bool(part_key(request.POST.get("funder", "")))

    def make(data: Any, **how: Any) -> BudgetBlock:
        sheet, dossier = money_of(commitment)
        parts = column_words(sheet, dossier, data)
        return BudgetBlock(data, record=commitment, budget=sheet.budget, parts=parts, **how)

    return edit_block(
        request,
        commitment,
        make,
        lambda block, by: write_budget(
            commitment=commitment, lines=block.lines(), by=by, reason=block.main.cleaned_data["reason"]
        ),
        right=Right.WRITE_CONVENTION_MONEY,
        title=page.heading_of(commitment, "budget"),
        anchor="budget",
        template="conventions/money/budget/budget.html",
        # A column that was just named is shown before anything is written in it.
        judged=not naming,
        leads_to=lambda block: carry_url(commitment, moved_by(commitment, block.lines())),
    )


def column_words(sheet: Sheet, dossier: Dossier, data: Any) -> list[tuple[str, str]]:
    """Key and words of each column of amounts, the total first."""
    known = funders(sheet, dossier)
    parts = asked_parts(data, known or FIRST)
    headers = headers_of(sheet, dossier, parts) if parts == known else []
    words = headers[2:-1] or [funder_words(part, sheet, dossier) for part in parts]
    total = headers[1] if headers else "Total"
    return [(TOTAL, f"{total} imprimé"), *zip(parts, words, strict=True)]


@on_sheet(Right.WRITE_CONVENTION_MONEY)
def edit_sub_budgets(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    sheet, dossier = money_of(commitment)
    actions = [
        (sub_action.key, sub_action.action[:90])
        for sub_action in commitment.sub_actions.all()
        if sub_action.key
    ]
    return edit_block(
        request,
        commitment,
        lambda data, **how: PartsBlock(
            data, record=commitment, records=nested(commitment), row={"actions": actions}, **how
        ),
        lambda block, by: write_sub_budgets(commitment=commitment, parts=block.told_parts(), by=by),
        right=Right.WRITE_CONVENTION_MONEY,
        title="Répartition du budget par action",
        anchor="sous-budgets",
        template="conventions/sheets/words.html",
        columns_css="f-parts-form",
        intro=intro(in_euros(whole_of(sheet, dossier))),
    )


def intro(whole: str) -> str:
    sentence = f"Budget de la fiche\u00a0: {whole}. " if whole else ""
    rest = "Ce qui n’est pas réparti reste affiché sur la fiche."
    return french_spaces(f"{sentence}{rest} « dont » divise le montant de la ligne au-dessus.")


def nested(commitment: Commitment) -> Sequence[SubBudget]:
    sub_budgets = list(commitment.sub_budgets.all())
    related_to_each_other(sub_budgets)
    return sub_budgets
