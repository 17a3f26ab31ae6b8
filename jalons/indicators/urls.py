from django.urls import path

from jalons.indicators.views import correct, definitions, document, export, fill, panel, table

app_name = "indicators"
urlpatterns = [
    path("panneau/", panel.panel, name="panel"),
    path("exporter/", export.export_choice, name="export_choice"),
    path("export", export.export, name="export"),
    path("export-national", export.national_export, name="national_export"),
    path("<slug:public_id>/suivi/", table.table, name="table"),
    path("<slug:public_id>/suivi/export", table.table_export, name="table_export"),
    path("<slug:public_id>/suivi/nouveau/", fill.fill, name="fill"),
    path("<slug:public_id>/suivi/brouillon/", fill.draft, name="draft"),
    path("<slug:public_id>/suivi/verifier/", fill.warnings, name="warnings"),
    path("<slug:public_id>/suivi/registre/", fill.offers, name="offers"),
    path("<slug:public_id>/suivi/inchange/", fill.unchanged, name="unchanged"),
    path("<slug:public_id>/suivi/corriger/", correct.choose, name="correct_choose"),
    path("<slug:public_id>/suivi/<uuid:lineage>/", correct.correct, name="correct"),
    path("<slug:public_id>/suivi/<uuid:lineage>/retirer/", correct.withdraw, name="withdraw"),
    path("<slug:public_id>/indicateurs/", definitions.followed, name="followed"),
    path("<slug:public_id>/indicateurs/nouveau/", definitions.create, name="create"),
    path("<slug:public_id>/indicateurs/<slug:indicator_id>/", definitions.edit, name="edit"),
    path("<slug:public_id>/indicateurs/<slug:indicator_id>/suivre/", definitions.follow, name="follow"),
    path("<slug:public_id>/objectifs/", definitions.objectives, name="objectives"),
    path("<slug:public_id>/fiche.<slug:extension>", document.document, name="document"),
]
