"""Every address of Jalons, and those of the register while they are not mounted."""

from django.urls import include, path

from jalons.config.urls import handler400, handler403, handler404, handler500
from jalons.config.urls import urlpatterns as mounted

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*mounted, path("registre/", include("jalons.households.urls"))]
