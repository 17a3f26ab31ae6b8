"""The tracking tables of a sheet."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.changes.block_pages import edit_block
from jalons.conventions.dossier.pages import on_sheet
from jalons.conventions.models import Commitment, TrackingTable
from jalons.conventions.sheets.tracking.forms import TableBlock, TrackingBlock
from jalons.conventions.sheets.tracking.services import add_tracking as new_tracking
from jalons.conventions.sheets.tracking.services import write_tracking
from jalons.conventions.sheets.tracking.tables import columns_of


@on_sheet(Right.FILL_COMMITMENT)
def add_tracking(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    def save(block: Any, by: Any) -> bool:
        new_tracking(commitment=commitment, by=by, **block.main.table_values())
        return True

    return edit_block(
        request,
        commitment,
        lambda data, **how: TableBlock(data, record=None, **how),
        save,
        right=Right.FILL_COMMITMENT,
        title="Ajouter un tableau de suivi",
        anchor="suivi",
        template="conventions/sheets/tracking/tracking.html",
        intro="Un tableau suit ce que la fiche promet, chantier par chantier ou atelier par atelier. "
        "Donnez ses colonnes ; les lignes se remplissent ensuite.",
    )


@on_sheet(Right.FILL_COMMITMENT)
def edit_tracking(request: HttpRequest, commitment: Commitment, position: int) -> HttpResponse:
    table = table_at(commitment, position)

    def make(data: Any, **how: Any) -> TrackingBlock:
        table.refresh_from_db()
        rows = list(table.rows.all())
        used = {key for row in rows for key, cell in row.cells.items() if cell not in (None, "")}
        return TrackingBlock(
            data,
            record=table,
            records=rows,
            main={"table": table, "used": used},
            row={"table_columns": columns_of(table)},
            **how,
        )

    return edit_block(
        request,
        commitment,
        make,
        lambda block, by: write_tracking(
            table=table, values=block.main.table_values(), rows=block.row_changes(), by=by
        ),
        right=Right.FILL_COMMITMENT,
        title=table.title or "Tableau de suivi",
        anchor=f"suivi-{position}",
        template="conventions/sheets/tracking/tracking.html",
        columns_css="f-many",
        intro="« ND » si vous ne savez pas, « / » si c’est sans objet. Vide n’est pas zéro.",
    )


def table_at(commitment: Commitment, position: int) -> TrackingTable:
    if position > 2**31 - 1:
        raise Http404
    table = commitment.tracking_tables.filter(position=position).first()
    if table is None:
        raise Http404
    table.commitment = commitment
    return table
