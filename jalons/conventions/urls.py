from django.urls import path

from jalons.conventions.alerts import views as alerts
from jalons.conventions.documents import views as documents
from jalons.conventions.figures import cells, grid, pasting_views
from jalons.conventions.figures.columns import all_views as all_columns
from jalons.conventions.figures.columns import views as columns
from jalons.conventions.money.budget import views as sheet_money
from jalons.conventions.money.carrying import views as carrying
from jalons.conventions.money.execution import views as execution
from jalons.conventions.money.payments import views as payments
from jalons.conventions.money.reconciliation import views as reconciliation
from jalons.conventions.overview import listing_views as listing
from jalons.conventions.overview import views as overview
from jalons.conventions.report import views as report
from jalons.conventions.roles import views as seats
from jalons.conventions.sheets import edit_views
from jalons.conventions.sheets import views as sheet
from jalons.conventions.sheets.tracking import views as tracking
from jalons.conventions.text import identity_views, pieces_pages
from jalons.conventions.text import views as text
from jalons.conventions.text.clauses import views as clauses
from jalons.conventions.versions import timeline_views as history
from jalons.conventions.versions import views as amendments
from jalons.conventions.votes import views as deliberations
from jalons.conventions.workbook import views as workbook
from jalons.conventions.years import views as years

app_name = "conventions"
urlpatterns = [
    path("", listing.list, name="list"),
    path("nouvelle/", listing.new, name="new"),
    path("<slug:slug>/", overview.overview, name="overview"),
    path("<slug:slug>/echeances/", overview.calendar, name="calendar"),
    path("<slug:slug>/echeances.ics", overview.calendar_file, name="calendar_file"),
    path("<slug:slug>/rapprochement/", reconciliation.reconciliation, name="reconciliation"),
    path("<slug:slug>/alertes/", alerts.alerts, name="alerts"),
    path("<slug:slug>/alertes/controler/", alerts.recheck, name="recheck"),
    path(
        "<slug:slug>/alertes/cause/<slug:rule>/<slug:level>/acquitter/",
        alerts.acknowledge_cause,
        name="acknowledge_cause",
    ),
    path("<slug:slug>/alertes/<slug:fingerprint>/acquitter/", alerts.acknowledge, name="acknowledge"),
    path("<slug:slug>/alertes/<slug:fingerprint>/rouvrir/", alerts.reopen_alert, name="reopen_alert"),
    path("<slug:slug>/texte/", text.text, name="text"),
    path("<slug:slug>/texte/identite/", identity_views.edit_identity, name="edit_identity"),
    path("<slug:slug>/texte/parties/", pieces_pages.edit_parties, name="edit_parties"),
    path("<slug:slug>/texte/visas/", pieces_pages.edit_references, name="edit_references"),
    path("<slug:slug>/texte/articles/", pieces_pages.edit_articles, name="edit_articles"),
    path(
        "<slug:slug>/texte/actions-financees/", pieces_pages.edit_payment_actions, name="edit_payment_actions"
    ),
    path("<slug:slug>/texte/annexe-financiere/", pieces_pages.edit_annex, name="edit_annex"),
    path("<slug:slug>/texte/clauses/<slug:clause>/", clauses.edit_clause, name="edit_clause"),
    path("<slug:slug>/qui-travaille/", seats.seats, name="seats"),
    path("<slug:slug>/qui-travaille/ajouter/", seats.add_seat, name="add_seat"),
    path("<slug:slug>/qui-travaille/<slug:seat>/retirer/", seats.remove_seat, name="remove_seat"),
    path("<slug:slug>/historique/", history.history, name="history"),
    path("<slug:slug>/documents/", documents.documents, name="documents"),
    path("<slug:slug>/documents/fichier/", documents.document, name="document"),
    path("<slug:slug>/classeur/", workbook.workbook, name="workbook"),
    path("<slug:slug>/classeur/reprendre/", workbook.upload_workbook, name="upload_workbook"),
    path("<slug:slug>/deliberations/", deliberations.deliberations, name="deliberations"),
    path("<slug:slug>/deliberations/nouvelle/", deliberations.add_deliberation, name="add_deliberation"),
    path(
        "<slug:slug>/deliberations/<slug:deliberation>/modifier/",
        deliberations.edit_deliberation,
        name="edit_deliberation",
    ),
    path("<slug:slug>/versions/", amendments.amendments, name="amendments"),
    path("<slug:slug>/versions/sans-avenant/", amendments.drift, name="drift"),
    path("<slug:slug>/versions/figer/", amendments.freeze, name="freeze"),
    path("<slug:slug>/versions/<slug:edition>/", amendments.edition, name="edition"),
    path("<slug:slug>/avenants/nouveau/", amendments.add_amendment, name="add_amendment"),
    path("<slug:slug>/avenants/<slug:amendment>/modifier/", amendments.edit_amendment, name="edit_amendment"),
    path("<slug:slug>/avenants/<slug:amendment>/", amendments.amendment, name="amendment"),
    path(
        "<slug:slug>/avenants/<slug:amendment>/figer/", amendments.freeze_amendment, name="freeze_amendment"
    ),
    path("<slug:slug>/versements/", payments.payments, name="payments"),
    path("<slug:slug>/versements/nouveau/", payments.add_payment, name="add_payment"),
    path("<slug:slug>/versements/<slug:payment>/modifier/", payments.edit_payment, name="edit_payment"),
    path("<slug:slug>/execution/", execution.execution, name="execution"),
    path("<slug:slug>/execution/remplir/", execution.edit_execution, name="edit_execution"),
    path("<slug:slug>/annee-suivante/", years.next_year, name="next_year"),
    path("<slug:slug>/comparaison/", years.comparison, name="comparison"),
    path("<slug:slug>/rapport/", report.report, name="report"),
    path("<slug:slug>/rapport/a-remplir/", report.empty_cells, name="empty_cells"),
    path("<slug:slug>/rapport/<slug:report>/rediger/", report.write_report, name="write_report"),
    path("<slug:slug>/rapport/<slug:report>/etape/", report.advance_report, name="advance_report"),
    path("<slug:slug>/rapport/<slug:report>/relire/", report.review_report, name="review_report"),
    path("<slug:slug>/indicateurs/colonne/", all_columns.add_columns, name="add_columns"),
    path("<slug:slug>/fiches/nouvelle/", edit_views.add_sheet, name="add_sheet"),
    path("<slug:slug>/fiches/<slug:public_id>/", sheet.sheet, name="sheet"),
    path("<slug:slug>/fiches/<slug:public_id>/intitules/", edit_views.edit_labels, name="edit_labels"),
    path("<slug:slug>/fiches/<slug:public_id>/resume/", edit_views.edit_resume, name="edit_resume"),
    path(
        "<slug:slug>/fiches/<slug:public_id>/actions/", edit_views.edit_sub_actions, name="edit_sub_actions"
    ),
    path("<slug:slug>/fiches/<slug:public_id>/bilan/", edit_views.edit_narrative, name="edit_narrative"),
    path("<slug:slug>/fiches/<slug:public_id>/dispositif/", edit_views.link_action, name="link_action"),
    path("<slug:slug>/fiches/<slug:public_id>/budget/", sheet_money.edit_budget, name="edit_budget"),
    path("<slug:slug>/fiches/<slug:public_id>/budget/reporter/", carrying.carry, name="carry_amounts"),
    path(
        "<slug:slug>/fiches/<slug:public_id>/sous-budgets/",
        sheet_money.edit_sub_budgets,
        name="edit_sub_budgets",
    ),
    path("<slug:slug>/fiches/<slug:public_id>/suivi/nouveau/", tracking.add_tracking, name="add_tracking"),
    path(
        "<slug:slug>/fiches/<slug:public_id>/suivi/<int:position>/",
        tracking.edit_tracking,
        name="edit_tracking",
    ),
    path("<slug:slug>/fiches/<slug:public_id>/indicateurs/", grid.grid, name="grid"),
    path("<slug:slug>/fiches/<slug:public_id>/indicateurs/coller/", pasting_views.paste, name="paste"),
    path("<slug:slug>/fiches/<slug:public_id>/indicateurs/cellule/", cells.cell, name="cell"),
    path(
        "<slug:slug>/fiches/<slug:public_id>/indicateurs/cellule/versions/",
        cells.cell_history,
        name="cell_history",
    ),
    path("<slug:slug>/fiches/<slug:public_id>/indicateurs/lignes/", columns.edit_rows, name="edit_rows"),
    path(
        "<slug:slug>/fiches/<slug:public_id>/indicateurs/colonnes/", columns.edit_columns, name="edit_columns"
    ),
    path(
        "<slug:slug>/fiches/<slug:public_id>/indicateurs/realise-a-date/",
        columns.add_actual_column,
        name="add_actual_column",
    ),
]
