from django.urls import path

from jalons.editions.views import asking, editions, life, logos, ready, words

app_name = "editions"
urlpatterns = [
    path("", editions.editions, name="list"),
    path("semestre/", ready.ready, name="ready"),
    path("semestre/relancer/", ready.ask_contributor, name="ask_contributor"),
    path("semestre/cloture/<int:closing>/rouvrir/", ready.reopen, name="reopen"),
    path("logo/", logos.logo, name="logo"),
    path("logo/retirer/", logos.remove, name="remove_logo"),
    path("logo/<slug:digest>.png", logos.picture, name="logo_picture"),
    path("demander/", asking.choose, name="choose"),
    path("demander/<slug:kind>/", asking.ask, name="ask"),
    path("<slug:public_id>/", editions.edition, name="edition"),
    path("<slug:public_id>/fichier.<slug:extension>", editions.download, name="file"),
    path("<slug:public_id>/differences/", editions.differences, name="differences"),
    path("<slug:public_id>/arreter/", life.stop, name="stop"),
    path("<slug:public_id>/recommencer/", life.make_again, name="make_again"),
    path("<slug:public_id>/a-l-identique/", life.identical, name="identical"),
    path("<slug:public_id>/aujourd-hui/", life.with_today, name="with_today"),
    path("<slug:public_id>/clore/", ready.close, name="close"),
    path("<slug:public_id>/publier/", life.publish, name="publish"),
    path("<slug:public_id>/relue/", life.read_by, name="read_by"),
    path("<slug:public_id>/lecteurs/", life.readers, name="readers"),
    path("<slug:public_id>/lecteurs/<int:access>/retirer/", life.take_back, name="take_back"),
    path("<slug:public_id>/textes/", words.words, name="words"),
    path("<slug:public_id>/textes/<slug:section>/", words.write, name="write"),
]
