from django.urls import path

from jalons.actions.views import closing, contact_pages, declare, describe, listing, money, parts, sheet, team

app_name = "actions"
urlpatterns = [
    path("", listing.action_list, name="list"),
    path("nouveau/", declare.declare, name="declare"),
    path("structures.json", parts.organisations, name="organisations"),
    path("<slug:public_id>/", sheet.sheet, name="sheet"),
    path("<slug:public_id>/historique/", sheet.history, name="history"),
    path("<slug:public_id>/administration/", sheet.administration, name="administration"),
    path("<slug:public_id>/modifier/", describe.edit, name="edit"),
    path("<slug:public_id>/intervenants/", parts.parts, name="parts"),
    path("<slug:public_id>/contacts/nouveau/", contact_pages.contact_add, name="contact_add"),
    path("<slug:public_id>/contacts/<int:pk>/", contact_pages.contact_edit, name="contact_edit"),
    path("<slug:public_id>/contacts/<int:pk>/retirer/", contact_pages.contact_remove, name="contact_remove"),
    path("<slug:public_id>/sites/", describe.sites, name="sites"),
    path("<slug:public_id>/terrains/nouveau/", contact_pages.insertion_site_add, name="insertion_site_add"),
    path(
        "<slug:public_id>/terrains/<int:pk>/", contact_pages.insertion_site_edit, name="insertion_site_edit"
    ),
    path(
        "<slug:public_id>/terrains/<int:pk>/retirer/",
        contact_pages.insertion_site_remove,
        name="insertion_site_remove",
    ),
    path("<slug:public_id>/financements/", money.funding, name="funding"),
    path(
        "<slug:public_id>/financements/<uuid:lineage>/retirer/", money.funding_remove, name="funding_remove"
    ),
    path("<slug:public_id>/equipe/", team.team, name="team"),
    path("<slug:public_id>/echeances/nouvelle/", closing.deadline_add, name="deadline_add"),
    path("<slug:public_id>/echeances/<int:pk>/retirer/", closing.deadline_remove, name="deadline_remove"),
    path("<slug:public_id>/relancer/<int:reporter>/", closing.ask_again, name="ask_again"),
    path("<slug:public_id>/fermer/", closing.close, name="close"),
    path("<slug:public_id>/rouvrir/", closing.reopen, name="reopen"),
]
