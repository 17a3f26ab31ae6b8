"""Maps and charts as tags."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from jalons.core import charts

# One drawing for each size of place, so that its texts stay readable; CSS shows the one that fits.
CHART_WIDTHS = {"narrow": 340, "medium": 520, "broad": 760}

register = template.Library()


@register.inclusion_tag("components/map_assets.html")
def map_assets(leaflet: bool = True) -> dict[str, object]:
    """Scripts and styles of any map; in the block `scripts` of a page that has one.

    Without `leaflet`, it comes when a map of one place (`map_point`) comes in sight: for pages that are long to load.
    """
    return {"leaflet": leaflet}


@register.inclusion_tag("components/map_background.html")
def map_background() -> dict[str, str]:
    """Attributes that tell a map what to draw under its marks: tiles, or outlines alone."""
    return {"tiles": settings.MAP_TILE_URL, "attribution": settings.MAP_TILE_ATTRIBUTION}


@register.inclusion_tag("components/map_point.html")
def map_point(
    latitude: float | None, longitude: float | None, label: str, near: str = "", close: bool = False
) -> dict[str, object]:
    """A small map of one place, named `label`; nothing when the point is unknown. Needs `map_assets`.

    `near`: id of an element that lists other places to show on it, as for `map_picker`; `data-point-sign` is written
    beside such a place. `close`: the places of `near` are compared, from as close as they ask, and the place itself
    may be unknown.
    """
    return {
        "latitude": degrees(latitude),
        "longitude": degrees(longitude),
        "label": label,
        "near": near,
        "close": close,
    }


@register.inclusion_tag("components/map_picker.html")
def map_picker(
    latitude: Any,
    longitude: Any,
    near: str = "",
    view: tuple[float, float, int] | None = None,
    what: str = "site",
) -> dict[str, object]:
    """A map that fills two fields of a form (bound fields) with a point, in decimal degrees. Needs `map_assets`.

    « input » is fired on both fields, then « change » once, on the longitude; a « change » that comes from
    elsewhere moves the point. `near`: id of an element that lists places around, each
    `<… data-point-lat data-point-lon data-point-label>`; the map follows what is written there.
    `view`: latitude, longitude and zoom shown while no point is set. `what` is situated (« site », « terrain »).
    """
    return {
        "latitude": latitude,
        "longitude": longitude,
        "near": near,
        "view": ",".join(map(str, view)) if view else "",
        "what": what,
    }


def degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.5f}"


@register.inclusion_tag("components/charts/figure.html")
def chart(
    drawn: charts.LineChart | charts.BarChart, open_table: bool = False, one_size: bool = False
) -> dict[str, object]:
    """The drawing, in the width that fits, and « Voir les chiffres », the same data as a table.

    `one_size`: one drawing for all widths, for the many charts of a page that are seen one at a time.
    """
    widths = {"only": CHART_WIDTHS["medium"]} if one_size else CHART_WIDTHS
    return {
        "chart": drawn,
        "drawings": [(name, mark_safe(charts.render_svg(drawn, width))) for name, width in widths.items()],
        "table": charts.data_table(drawn),
        "open": open_table,
    }


@register.simple_tag
def sparkline(drawn: charts.Sparkline) -> SafeString:
    """A trend in the height of a line, read as « Ménages : 6, 7, 7 »."""
    return charts.sparkline_svg(drawn)
