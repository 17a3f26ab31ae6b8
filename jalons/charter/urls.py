from django.urls import path

from jalons.charter import views
from jalons.charter.enums import TextKind

app_name = "charter"
urlpatterns = [
    path("charte/", views.text, {"kind": TextKind.CHARTER}, name="charter"),
    path("charte/accepter/", views.accept, name="accept"),
    path("mentions-legales/", views.text, {"kind": TextKind.LEGAL}, name="legal"),
    path("donnees-personnelles/", views.text, {"kind": TextKind.PRIVACY}, name="privacy"),
    path("accessibilite/", views.text, {"kind": TextKind.ACCESSIBILITY}, name="accessibility"),
    path("administration/textes/", views.texts, name="texts"),
    path("administration/textes/<slug:kind>/", views.publication, name="publish"),
]
