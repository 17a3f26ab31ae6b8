"""Addresses of families, under /registre/. Nothing of a family is ever in them."""

from django.urls import path

from jalons.households.sheets.views import facts, listing, moving, people, sheet

urlpatterns = [
    path("menages/", listing.families, name="families"),
    path("menages/nouveau/", people.new_family, name="new_family"),
    path("menages/parties/", moving.move, name="move"),
    path("menages/parties/reinstallation/", moving.resettle, name="resettle"),
    path("menages/<uuid:household_id>/", sheet.sheet, name="sheet"),
    path("menages/<uuid:household_id>/ajouter/<slug:kind>/", facts.add, name="add_fact"),
    path("menages/<uuid:household_id>/faits/<slug:fact_id>/", facts.correct, name="fact"),
    path("menages/<uuid:household_id>/personnes/nouvelle/", people.add_person, name="add_person"),
    path("menages/<uuid:household_id>/personnes/<slug:person_id>/", people.person, name="person"),
]
