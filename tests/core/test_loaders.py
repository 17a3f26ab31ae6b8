"""Indentation is for who writes a template: it is not sent."""

from django.template.loader import render_to_string


def test_indentation_is_not_sent() -> None:
    page = render_to_string(
        "components/empty_state.html", {"sentence": "Rien.", "action": "Ajouter", "url": "/"}
    )
    assert "\n<a class=" in page
    assert "\n " not in page
