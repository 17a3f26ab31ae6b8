from django.urls import path

from jalons.sites.reporting import views as reporting
from jalons.sites.resorption import table_views as resorption_table
from jalons.sites.resorption import views as resorption
from jalons.sites.views import (
    closing,
    declare,
    describe,
    follow,
    listing,
    merge,
    observe,
    resettlements,
    sheet,
    sheet_history,
    surveys,
)

app_name = "sites"
urlpatterns = [
    path("", listing.site_list, name="list"),
    path("etapes/", resorption_table.steps_table, name="steps_table"),
    path("comparer/", listing.compare_dates, name="compare"),
    path("ce-qui-presse/", listing.list_reasons, name="list_reasons"),
    path("exporter/", listing.export_choice, name="export_choice"),
    path("export", listing.export, name="export"),
    path("nouveau/", declare.declare, name="declare"),
    path("signaler/", reporting.report, name="report"),
    path("signalements/", reporting.reports, name="reports"),
    path("signalements/<slug:public_id>/", reporting.report_sheet, name="report_sheet"),
    path("signalements/<slug:public_id>/photo", reporting.photo, name="report_photo"),
    path("proches/", declare.nearby, name="nearby"),
    path("date-comprise/", declare.understood_date, name="understood_date"),
    path("adresses.json", declare.addresses, name="addresses"),
    path("<slug:public_id>/", sheet.site_sheet_page, name="sheet"),
    path("<slug:public_id>/historique/", sheet_history.site_history, name="history"),
    path("<slug:public_id>/fiche.<slug:extension>", sheet_history.sheet_document, name="sheet_document"),
    path("<slug:public_id>/modifier/", describe.edit, name="edit"),
    path("<slug:public_id>/appellations/", describe.alias_add, name="alias_add"),
    path("<slug:public_id>/appellations/<int:pk>/retirer/", describe.alias_remove, name="alias_remove"),
    path("<slug:public_id>/installation/", describe.installation, name="installation"),
    path("<slug:public_id>/fusionner/", merge.merge, name="merge"),
    path("<slug:public_id>/rien-n-a-change/", observe.unchanged, name="unchanged"),
    path("<slug:public_id>/recensements/nouveau/", surveys.survey_add, name="survey_add"),
    path("<slug:public_id>/recensements/<uuid:lineage>/", surveys.survey_correct, name="survey_correct"),
    path(
        "<slug:public_id>/recensements/<uuid:lineage>/ecarter/",
        surveys.survey_set_aside,
        name="survey_set_aside",
    ),
    path(
        "<slug:public_id>/recensements/<uuid:lineage>/reprendre/",
        surveys.survey_take_back,
        name="survey_take_back",
    ),
    path(
        "<slug:public_id>/recensements/<uuid:lineage>/retirer/",
        surveys.survey_withdraw,
        name="survey_withdraw",
    ),
    path("<slug:public_id>/conditions/nouvelles/", observe.conditions_add, name="conditions_add"),
    path(
        "<slug:public_id>/conditions/<uuid:lineage>/", observe.conditions_correct, name="conditions_correct"
    ),
    path("<slug:public_id>/diagnostic/", observe.diagnosis_add, name="diagnosis_add"),
    path("<slug:public_id>/evenements/nouveau/", observe.event_add, name="event_add"),
    path(
        "<slug:public_id>/evenements/<uuid:lineage>/retirer/", observe.event_withdraw, name="event_withdraw"
    ),
    path("<slug:public_id>/proprietaire/", observe.owner_add, name="owner_add"),
    path("<slug:public_id>/procedures/nouvelle/", follow.procedure_add, name="procedure_add"),
    path("<slug:public_id>/procedures/<uuid:lineage>/", follow.procedure_correct, name="procedure_correct"),
    path(
        "<slug:public_id>/procedures/<uuid:lineage>/retirer/",
        follow.procedure_withdraw,
        name="procedure_withdraw",
    ),
    path(
        "<slug:public_id>/reinstallations/nouvelle/", resettlements.resettlement_add, name="resettlement_add"
    ),
    path(
        "<slug:public_id>/reinstallations/<uuid:lineage>/retirer/",
        resettlements.resettlement_withdraw,
        name="resettlement_withdraw",
    ),
    path("<slug:public_id>/etapes/", resorption.steps, name="steps"),
    path("<slug:public_id>/etapes/<slug:kind>/", resorption.step_set, name="step_set"),
    path("<slug:public_id>/etapes/<uuid:lineage>/corriger/", resorption.step_correct, name="step_correct"),
    path("<slug:public_id>/etapes/<uuid:lineage>/retirer/", resorption.step_withdraw, name="step_withdraw"),
    path("<slug:public_id>/amenageable/", resorption.suitability_set, name="suitability_set"),
    path(
        "<slug:public_id>/amenageable/<uuid:lineage>/retirer/",
        resorption.suitability_withdraw,
        name="suitability_withdraw",
    ),
    path("<slug:public_id>/fermer/", closing.close, name="close"),
    path("<slug:public_id>/rouvrir/", closing.reopen, name="reopen"),
]
