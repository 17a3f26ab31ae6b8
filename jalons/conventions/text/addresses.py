"""Addresses of the pages of the text."""

from django.urls import reverse

from jalons.conventions.models import Convention


def text_url(convention: Convention, anchor: str = "") -> str:
    return reverse("conventions:text", args=[convention.slug]) + (f"#{anchor}" if anchor else "")
