from django.urls import path

from jalons.imports.views import absents, batches, copies, leaving, start

app_name = "imports"
urlpatterns = [
    path("", start.start, name="start"),
    path("modele.csv", start.sample, name="sample"),
    path("sites-a-modifier.xlsx", leaving.sites_to_edit, name="sites_to_edit"),
    path("dispositifs-a-modifier.xlsx", leaving.dispositifs_to_edit, name="dispositifs_to_edit"),
    path("suivi-a-modifier/<slug:public_id>.xlsx", leaving.follow_up_to_edit, name="follow_up_to_edit"),
    path("financements-a-modifier/<slug:public_id>.xlsx", leaving.funding_to_edit, name="funding_to_edit"),
    path("<slug:public_id>/", batches.batch, name="batch"),
    path("<slug:public_id>/colonnes/", batches.columns, name="columns"),
    path("<slug:public_id>/lignes/", batches.lines, name="lines"),
    path("<slug:public_id>/absents/", absents.absents, name="absents"),
    path("<slug:public_id>/enregistrer/", batches.apply, name="apply"),
    path("<slug:public_id>/annuler/", batches.undo, name="undo"),
    path("<slug:public_id>/arreter/", batches.stop, name="stop"),
    path("<slug:public_id>/lignes-a-corriger.xlsx", batches.corrections, name="corrections"),
    path("<slug:public_id>/copie-annotee/", copies.annotate, name="annotate"),
    path("<slug:public_id>/copie-annotee.xlsx", copies.annotated, name="annotated"),
    path("<slug:public_id>/fichier", batches.original, name="original"),
]
