from django.urls import path

from jalons.sites.views import declare, describe, follow, listing, merge, observe, sheet, surveys

app_name = "sites"
urlpatterns = [
    path("", listing.site_list, name="list"),
    path("exporter/", listing.export_choice, name="export_choice"),
    path("export", listing.export, name="export"),
    path("nouveau/", declare.declare, name="declare"),
    path("proches/", declare.nearby, name="nearby"),
    path("date-comprise/", declare.understood_date, name="understood_date"),
    path("adresses.json", declare.addresses, name="addresses"),
    path("<str:public_id>/", sheet.site_sheet_page, name="sheet"),
    path("<str:public_id>/historique/", sheet.site_history, name="history"),
    path("<str:public_id>/fiche.<str:extension>", sheet.sheet_document, name="sheet_document"),
    path("<str:public_id>/modifier/", describe.edit, name="edit"),
    path("<str:public_id>/appellations/", describe.alias_add, name="alias_add"),
    path("<str:public_id>/appellations/<int:pk>/retirer/", describe.alias_remove, name="alias_remove"),
    path("<str:public_id>/installation/", describe.installation, name="installation"),
    path("<str:public_id>/fusionner/", merge.merge, name="merge"),
    path("<str:public_id>/rien-n-a-change/", observe.unchanged, name="unchanged"),
    path("<str:public_id>/recensements/nouveau/", surveys.survey_add, name="survey_add"),
    path("<str:public_id>/recensements/<uuid:lineage>/", surveys.survey_correct, name="survey_correct"),
    path(
        "<str:public_id>/recensements/<uuid:lineage>/ecarter/",
        surveys.survey_set_aside,
        name="survey_set_aside",
    ),
    path(
        "<str:public_id>/recensements/<uuid:lineage>/reprendre/",
        surveys.survey_take_back,
        name="survey_take_back",
    ),
    path(
        "<str:public_id>/recensements/<uuid:lineage>/retirer/",
        surveys.survey_withdraw,
        name="survey_withdraw",
    ),
    path("<str:public_id>/conditions/nouvelles/", observe.conditions_add, name="conditions_add"),
    path("<str:public_id>/conditions/<uuid:lineage>/", observe.conditions_correct, name="conditions_correct"),
    path("<str:public_id>/diagnostic/", observe.diagnosis_add, name="diagnosis_add"),
    path("<str:public_id>/evenements/nouveau/", observe.event_add, name="event_add"),
    path("<str:public_id>/evenements/<uuid:lineage>/retirer/", observe.event_withdraw, name="event_withdraw"),
    path("<str:public_id>/proprietaire/", observe.owner_add, name="owner_add"),
    path("<str:public_id>/procedures/nouvelle/", follow.procedure_add, name="procedure_add"),
    path("<str:public_id>/procedures/<uuid:lineage>/", follow.procedure_correct, name="procedure_correct"),
    path(
        "<str:public_id>/procedures/<uuid:lineage>/retirer/",
        follow.procedure_withdraw,
        name="procedure_withdraw",
    ),
    path("<str:public_id>/reinstallations/nouvelle/", follow.resettlement_add, name="resettlement_add"),
    path(
        "<str:public_id>/reinstallations/<uuid:lineage>/retirer/",
        follow.resettlement_withdraw,
        name="resettlement_withdraw",
    ),
    path("<str:public_id>/fermer/", follow.close, name="close"),
    path("<str:public_id>/rouvrir/", follow.reopen, name="reopen"),
]
