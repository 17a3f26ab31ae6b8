from django.urls import path

from jalons.alike import views

app_name = "alike"
urlpatterns = [path("<slug:public_id>/semblables/", views.situations_page, name="situations")]
