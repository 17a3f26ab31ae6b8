"""The lines of the conventions, in the table of permissions: see `pages`. The council of the Nord leads its own."""

from collections.abc import Mapping
from typing import Any

from jalons.accounts.enums import Right
from jalons.conventions.models import (
    Cell,
)
from jalons.conventions.workbook.carried import carry
from jalons.conventions.workbook.cells import mark
from jalons.conventions.workbook.layout import CellAddress
from jalons.spreadsheets.comparing import FileChange
from tests.conventions.figures.requests import a_block, a_cell, a_figure
from tests.house.page import Kwargs, Page, why
from tests.house.world import World

FILL = Right.FILL_COMMITMENT


def filled_workbook(world: World) -> Mapping[str, Any]:
    """What the preview of a workbook carries: one figure changed since it was exported."""
    cell = Cell.objects.known().filter(row__commitment=world.commitment).order_by("pk").first()
    where = CellAddress(cell.row.commitment.key, cell.row.key, cell.column.key)
    change = FileChange(where, 7777, mark(cell))
    return {"carried": carry(world.convention.slug, world.cast.council, [change], 1, [])}


def on_convention(world: World) -> Mapping[str, Any]:
    return {"slug": world.convention.slug}


def on_sheet(world: World) -> Mapping[str, Any]:
    return {**on_convention(world), "public_id": world.commitment.public_id}


def on_tracking(world: World) -> Mapping[str, Any]:
    theme = world.tracking.commitment
    return {**on_convention(world), "public_id": theme.public_id, "position": world.tracking.position}


def on_alert(world: World) -> Mapping[str, Any]:
    return {**on_convention(world), "fingerprint": world.alert.fingerprint}


def on_cause(world: World) -> Mapping[str, Any]:
    return {**on_convention(world), "rule": world.alert.rule, "level": world.alert.level}


def on_answered(world: World) -> Mapping[str, Any]:
    return {**on_convention(world), "fingerprint": world.answered.fingerprint}


def of_convention(name: str) -> Kwargs:
    """The address of one thing of the convention: « payment », « edition »…"""
    return lambda world: {**on_convention(world), name: getattr(world, name).public_id}


def spent(world: World) -> Mapping[str, Any]:
    line = world.commitment.budget_lines.order_by("position")[0]
    return {f"l{line.pk}-0-executed": "1 000"}


CONVENTION_PAGES = [
    Page("conventions:list", Right.READ_CONVENTIONS, person="council"),
    Page(
        "conventions:new",
        Right.WRITE_CONVENTION,
        data=lambda w: {"short_title": "Une autre", "year": "2027", "departement": "59"},
        person="council",
    ),
    Page("conventions:overview", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:calendar", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:calendar_file", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:reconciliation", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:alerts", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:recheck", Right.FILL_COMMITMENT, on_convention, person="council", reads=False),
    Page("conventions:acknowledge", Right.FILL_COMMITMENT, on_alert, person="council", data=lambda w: {"why": "Oui."}),
    Page(
        "conventions:acknowledge_cause",
        Right.FILL_COMMITMENT,
        on_cause,
        person="council",
        data=lambda w: {"alerts": [w.alert.fingerprint], "why": "Oui."},
    ),
    Page("conventions:reopen_alert", Right.FILL_COMMITMENT, on_answered, person="council", data=why),
    Page("conventions:text", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:edit_identity",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"short_title": "Autre titre"},
        person="council",
    ),
    Page(
        "conventions:edit_parties",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"lignes-0-signatory": "Préfète du Nord"},
        person="council",
    ),
    Page(
        "conventions:edit_references",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"lignes-0-kind": "décret"},
        person="council",
    ),
    Page(
        "conventions:edit_articles",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"lignes-0-title": "AUTRE OBJET"},
        person="council",
    ),
    Page(
        "conventions:edit_payment_actions",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"lignes-0-amount": "100 001 €"},
        person="council",
    ),
    Page(
        "conventions:edit_annex",
        Right.WRITE_CONVENTION_MONEY,
        on_convention,
        data=lambda w: {"lignes-0-label": "Total du socle"},
        person="council",
    ),
    Page(
        "conventions:edit_clause",
        Right.WRITE_CONVENTION,
        lambda w: {**on_convention(w), "clause": "reporting"},
        data=lambda w: {"due_on": "15/05/2023"},
        person="council",
    ),
    Page("conventions:seats", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:add_seat",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"organisation": "Solidarité Nord", "role": "reader"},
        person="council",
    ),
    Page(
        "conventions:remove_seat", Right.WRITE_CONVENTION, of_convention("seat"), data=why, person="council"
    ),
    Page("conventions:history", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:add_columns",
        Right.FILL_COMMITMENT,
        on_convention,
        data=lambda w: {"measure": "bilan"},
        person="council",
    ),
    Page(
        "conventions:carry_amounts",
        Right.WRITE_CONVENTION_MONEY,
        on_sheet,
        data=lambda w: {"en-tete": "on"},
        person="council",
        query=lambda w: "part_etat=1000",
    ),
    Page("conventions:drift", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:documents", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:document",
        Right.EXPORT,
        on_convention,
        person="council",
        query=lambda w: "document=engagements&format=docx",
    ),
    Page("conventions:workbook", Right.EXPORT, on_convention, query=lambda w: "format=csv", person="council"),
    Page(
        "conventions:upload_workbook",
        Right.FILL_FIGURES,
        on_convention,
        data=filled_workbook,
        person="council",
    ),
    Page("conventions:deliberations", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:add_deliberation",
        Right.WRITE_DELIBERATION,
        on_convention,
        data=lambda w: {"number": "DEL/2022/7", "conventions": [w.convention.slug], "vote_for": "12"},
        person="council",
    ),
    Page(
        "conventions:edit_deliberation",
        Right.WRITE_DELIBERATION,
        of_convention("deliberation"),
        data=lambda w: {"place": "Lille"},
        person="council",
    ),
    Page("conventions:amendments", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:freeze",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"title": "Version deux", "reason": "à revoir par avenant"},
        person="council",
    ),
    Page("conventions:edition", Right.READ_CONVENTIONS, of_convention("edition"), person="council"),
    Page(
        "conventions:add_amendment",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"subject": "Un report"},
        person="council",
    ),
    Page(
        "conventions:edit_amendment",
        Right.WRITE_CONVENTION,
        of_convention("amendment"),
        data=lambda w: {"subject": "Autre objet"},
        person="council",
    ),
    Page("conventions:amendment", Right.READ_CONVENTIONS, of_convention("amendment"), person="council"),
    Page(
        "conventions:freeze_amendment",
        Right.WRITE_CONVENTION,
        of_convention("amendment"),
        data=why,
        person="council",
    ),
    Page("conventions:payments", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:add_payment",
        Right.WRITE_CONVENTION_MONEY,
        on_convention,
        data=lambda w: {"label": "Solde", "amount": "12,50"},
        person="council",
    ),
    Page(
        "conventions:edit_payment",
        Right.WRITE_CONVENTION_MONEY,
        of_convention("payment"),
        data=lambda w: {"amount": "140 000"},
        person="council",
    ),
    Page("conventions:execution", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:edit_execution", Right.WRITE_CONVENTION_MONEY, on_convention, data=spent, person="council"),
    Page("conventions:next_year", Right.WRITE_CONVENTION, on_convention, lambda w: {}, person="council"),
    Page("conventions:comparison", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:report", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page("conventions:empty_cells", Right.READ_CONVENTIONS, on_convention, person="council"),
    Page(
        "conventions:write_report",
        Right.WRITE_CONVENTION,
        of_convention("report"),
        data=lambda w: {"results": "Trois cents familles."},
        person="council",
    ),
    Page("conventions:advance_report", Right.WRITE_CONVENTION, of_convention("report"), data=why, person="council"),
    Page(
        "conventions:review_report",
        Right.VALIDATE_CONVENTION,
        of_convention("report"),
        data=lambda w: {"answer": "good"},
    ),
    Page(
        "conventions:add_sheet",
        Right.WRITE_CONVENTION,
        on_convention,
        data=lambda w: {"numbers": "9", "family": "socle", "title": "Ouvrir un lieu"},
        person="council",
    ),
    Page("conventions:sheet", Right.READ_CONVENTIONS, on_sheet, person="council"),
    Page(
        "conventions:edit_labels",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"title": "Un autre intitulé"},
        person="council",
    ),
    Page(
        "conventions:edit_resume",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"lignes-0-description": "- Une phrase\n-- Une autre"},
        person="council",
    ),
    Page(
        "conventions:edit_sub_actions",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"lignes-0-action": "Une autre action"},
        person="council",
    ),
    Page(
        "conventions:edit_narrative",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"heading": "BILAN", "text": "Une bonne année."},
        person="council",
    ),
    Page(
        "conventions:link_action",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"action": str(w.action.pk)},
        person="council",
    ),
    Page(
        "conventions:edit_budget",
        Right.WRITE_CONVENTION_MONEY,
        on_sheet,
        data=lambda w: {"lignes-0-m_part_etat": "25 001 €"},
        person="council",
    ),
    Page(
        "conventions:edit_sub_budgets",
        Right.WRITE_CONVENTION_MONEY,
        on_sheet,
        data=lambda w: {"lignes-0-amount": "1 000"},
        person="council",
    ),
    Page(
        "conventions:add_tracking",
        Right.FILL_COMMITMENT,
        on_sheet,
        data=lambda w: {"title": "Chantiers", "h0": "Lieu", "h1": "Heures", "k1": "number"},
        person="council",
    ),
    Page(
        "conventions:edit_tracking",
        Right.FILL_COMMITMENT,
        on_tracking,
        data=lambda w: {"lignes-0-c1": "130"},
        person="council",
    ),
    Page("conventions:grid", Right.FILL_FIGURES, on_sheet, data=a_figure, person="council"),
    Page("conventions:paste", Right.FILL_FIGURES, on_sheet, data=a_block, person="council"),
    Page("conventions:cell", Right.FILL_FIGURES, on_sheet, lambda w: {"raw": "1 234"}, query=a_cell, person="council"),
    Page("conventions:cell_history", Right.READ_CONVENTIONS, on_sheet, query=a_cell, person="council"),
    Page("conventions:edit_rows", FILL, on_sheet, lambda w: {"label": "Visites"}, person="council"),
    Page("conventions:edit_columns", FILL, on_sheet, lambda w: {"header": "OBJECTIF 2023"}, person="council"),
    Page("conventions:add_actual_column", FILL, on_sheet, lambda w: {}, reads=False, person="council"),
]  # fmt: skip
