"""Tags of maps: attributes that the scripts read, nothing when there is nothing to show."""

import re

import pytest
from django import forms
from django.template import engines


def render(text: str, **context: object) -> str:
    return engines["django"].from_string(text).render(context)


class PlaceForm(forms.Form):
    latitude = forms.CharField()
    longitude = forms.CharField()


def test_point() -> None:
    html = render("{% map_point 50.6366301 3.06 label %}", label="Lille <b>")
    assert 'data-lat="50.63663" data-lon="3.06000" data-label="Lille &lt;b&gt;"' in html


@pytest.mark.parametrize(("latitude", "longitude"), [(None, None), (None, 3.0), (50.6, None)])
def test_no_map_without_a_point(latitude: float | None, longitude: float | None) -> None:
    html = render("{% map_point latitude longitude 'Lille' %}", latitude=latitude, longitude=longitude)
    assert html.split("#}")[-1].strip() == ""


def test_equator_is_a_place() -> None:
    assert 'data-lat="0.00000"' in render("{% map_point 0 0.0 'Ici' %}")


def test_picker_names_its_fields_and_hides_without_script() -> None:
    html = render("{% map_picker form.latitude form.longitude near='proches' %}", form=PlaceForm(prefix="x"))
    assert 'data-lat-input="id_x-latitude" data-lon-input="id_x-longitude" data-near="proches"' in html
    (opening,) = re.findall(r"<div[^>]*data-map-picker[^>]*>", html)
    assert opening.endswith(" hidden>")


def test_background(settings: object) -> None:
    settings.MAP_TILE_URL = "https://exemple.test/{z}/{x}/{y}"  # type: ignore[attr-defined]
    settings.MAP_TILE_ATTRIBUTION = "Exemple"  # type: ignore[attr-defined]
    html = render("<div {% map_background %}></div>")
    assert 'data-tiles="https://exemple.test/{z}/{x}/{y}" data-attribution="Exemple"' in html
    assert 'data-outlines="/territoires/departements.geojson"' in html
