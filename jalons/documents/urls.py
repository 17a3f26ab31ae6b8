from django.urls import path

from jalons.documents import views

app_name = "documents"
urlpatterns = [
    path("<str:public_id>/", views.download, name="download"),
    path("<str:public_id>/retirer/", views.withdraw, name="withdraw"),
    path("<str:kind>/<str:public_id>/joindre/", views.attach, name="attach"),
]
