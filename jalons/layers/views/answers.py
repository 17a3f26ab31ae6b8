"""What addresses of layers answer beside pages: places and pictures, out of every cache as the rest."""

from django.http import HttpResponse


def places_answer(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/geo+json")


def picture_answer(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="image/svg+xml")
