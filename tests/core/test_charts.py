"""Charts: right places, gaps where nothing is known, readable without seeing."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalons.core.charts import (
    Bar,
    BarChart,
    LineChart,
    Point,
    Series,
    Sparkline,
    data_table,
    every_figure_in_words,
    render_svg,
    sparkline_svg,
)
from jalons.core.charts.geometry import Scale, coordinate, nice_ticks, runs, time_ticks, wrap

SVG = "{http://www.w3.org/2000/svg}"
DAYS = st.dates(date(1990, 1, 1), date(2050, 12, 31))


def drawn(chart: LineChart | BarChart, width: int = 760) -> ElementTree.Element:
    return ElementTree.fromstring(render_svg(chart, width))


def line(*values: int | None, marks: str = "") -> LineChart:
    points = [
        Point(date(2019, 1 + i, 1), value, mark=marks[i] if marks else "") for i, value in enumerate(values)
    ]
    return LineChart("Personnes", [Series("Personnes", points)])


def words(root: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_unknown_breaks_the_line_and_is_said() -> None:
    root = drawn(line(10, 20, None, 30, 40))
    strokes = [one.get("points", "") for one in root.iter(f"{SVG}polyline")]
    assert [len(points.split()) for points in strokes] == [2, 2]
    assert len(list(root.iter(f"{SVG}circle"))) == 4
    assert words(root).count("ND") == 2  # at its date, and in the legend
    assert "0" in words(root)


def test_a_lower_bound_is_hollow_and_no_line_leads_to_it() -> None:
    points = [Point(date(2019, month, 1), value) for month, value in enumerate((10, 20, 30, 40), start=1)]
    points.insert(2, Point(date(2019, 2, 15), 46, at_least=True))
    chart = LineChart("Personnes", [Series("Personnes", points)])
    root = drawn(chart)
    strokes = [one.get("points", "") for one in root.iter(f"{SVG}polyline")]
    assert [len(spots.split()) for spots in strokes] == [2, 2]
    hollow = [one for one in root.iter(f"{SVG}circle") if one.get("fill") == "#FFFFFF"]
    assert len(hollow) == 2  # at its date, and in the legend
    assert "au moins : il manque une réponse" in words(root)
    assert "ND" not in words(root)
    assert "≥\u00a046" in [cell.text for row in data_table(chart).rows for cell in row.cells]


def test_a_small_trend_says_what_a_figure_is_at_least() -> None:
    svg = str(sparkline_svg(Sparkline("Ménages", [6, None, None, 7], [None, 46, None, None])))
    assert "Ménages\u00a0: 6, ≥\u00a046, ND, 7" in svg
    assert 'fill="none"' in svg or "polyline" not in svg


def test_zero_is_drawn_on_the_axis() -> None:
    root = drawn(line(0, 10))
    assert len(list(root.iter(f"{SVG}circle"))) == 2
    assert "ND" not in words(root)


def test_each_source_has_its_shape_and_its_name() -> None:
    root = drawn(line(1, 2, 3, marks="ABC"))
    assert {"A", "B", "C"} <= set(words(root))
    assert len(list(root.iter(f"{SVG}polygon"))) == 4  # square and triangle, each once in the legend
    assert len(list(root.iter(f"{SVG}circle"))) == 2


def test_series_differ_by_more_than_colour() -> None:
    points = [Point(date(2019, 1, 1), 1), Point(date(2019, 2, 1), 2)]
    root = drawn(LineChart("Deux", [Series("Un", points), Series("Deux", points)]))
    assert len({one.get("stroke-dasharray") for one in root.iter(f"{SVG}polyline")}) == 2


def test_drawing_says_its_title_and_ends_and_stands_alone() -> None:
    svg = render_svg(line(10, None, 1240))
    root = ElementTree.fromstring(svg)
    assert root.findtext(f"{SVG}title") == "Personnes"
    assert "10 au 1er janvier 2019" in (root.findtext(f"{SVG}desc") or "")
    assert "1\u202f240 au 1er mars 2019" in (root.get("aria-label") or "")
    assert "var(" not in svg
    assert " style=" not in svg
    assert "Source Sans 3" in svg


def test_titles_cannot_break_out_of_the_drawing() -> None:
    svg = render_svg(LineChart('<script>"', [Series("</svg>", [Point(date(2020, 1, 1), 1, mark="<b>")])]))
    assert "<script>" not in svg
    assert svg.count("</svg>") == 1


@pytest.mark.parametrize(
    "chart",
    [LineChart("Vide", []), LineChart("Vide", [Series("a", [])]), BarChart("Vide", []), line(None, None)],
)
def test_nothing_known_is_not_an_error(chart: LineChart | BarChart) -> None:
    assert any(text in ("Aucune donnée", "ND") for text in words(drawn(chart)))


def test_bars_unknown_and_zero_differ() -> None:
    chart = BarChart("Argent", [Bar("A", [10]), Bar("B", [0]), Bar("C", [None])])
    root = drawn(chart)
    assert len(list(root.iter(f"{SVG}rect"))) == 1
    assert {"10", "0", "ND"} <= set(words(root))


def test_bar_lengths_are_in_proportion() -> None:
    root = drawn(BarChart("Argent", [Bar("A", [100]), Bar("B", [50])]))
    widths = [float(one.get("width", "0")) for one in root.iter(f"{SVG}rect")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)


def test_sparkline_is_read_as_a_sentence() -> None:
    svg = sparkline_svg(Sparkline("Ménages", [6, None, Decimal("7.5")]))
    assert 'aria-label="Ménages\u00a0: 6, ND, 7,5"' in svg
    assert sparkline_svg(Sparkline("Ménages", [None, None])) == ""


def test_table_says_the_same_as_the_drawing() -> None:
    chart = LineChart(
        "Deux",
        [
            Series("A", [Point(date(2020, 1, 1), 1240, "Mairie", "déclaré"), Point(date(2020, 2, 1), None)]),
            Series("B", [Point(date(2020, 2, 1), 3)]),
        ],
    )
    table = data_table(chart)
    assert list(table.heads) == ["Date", "A", "B"]
    assert [row.label for row in table.rows] == ["1er janvier 2020", "1er février 2020"]
    first, second = table.rows
    assert (first.cells[0].text, first.cells[0].note) == ("1\u202f240", "Mairie, déclaré")
    assert first.cells[1].text == "–"
    assert (second.cells[0].text, second.cells[0].missing) == ("ND", True)
    assert every_figure_in_words(chart) == (
        "Deux. 1er janvier 2020\u00a0: A 1\u202f240 (Mairie, déclaré), B –. 1er février 2020\u00a0: A ND, B 3."
    )


def test_one_figure_a_date_is_said_without_its_name() -> None:
    assert every_figure_in_words(line(28)) == "Personnes. 1er janvier 2019\u00a0: 28."
    bars = BarChart("2020", [Bar("Lille", [12])], ["Sites"])
    assert every_figure_in_words(bars) == "2020 (Sites). Lille\u00a0: 12."
    bars = BarChart("Crédits", [Bar("2020", [12, 8])], ["Prévu", "Exécuté"], unit="€")
    assert every_figure_in_words(bars) == "Crédits. 2020\u00a0: Prévu 12, Exécuté 8."


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_ticks_hold_every_value_and_are_few(low: float, room: float) -> None:
    high = low + room
    ticks = nice_ticks(low, high)
    assert ticks[0] <= low + 1e-6 * max(1, abs(low))
    assert ticks[-1] >= high - 1e-6 * max(1, abs(high))
    assert 2 <= len(ticks) <= 8
    assert ticks == sorted(set(ticks))


@given(DAYS, st.integers(0, 15_000))
def test_dates_are_inside_and_apart(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    ticks, scale = time_ticks(first, last, 50, 330)
    assert 1 <= len(ticks) <= 8
    assert all(45 <= tick.x <= 340 for tick in ticks)
    gaps = [after.x - before.x for before, after in pairwise(ticks)]
    assert all(gap >= 38 for gap in gaps)
    assert scale(first.toordinal()) <= scale(last.toordinal())


def test_months_are_french_and_years_are_said_when_they_change() -> None:
    ticks, _ = time_ticks(date(2019, 11, 1), date(2020, 2, 1), 0, 600)
    assert [tick.label for tick in ticks] == ["nov.", "déc.", "janv.", "févr."]
    assert [tick.year for tick in ticks] == ["2019", "", "2020", ""]
    years, _ = time_ticks(date(2010, 1, 1), date(2020, 1, 1), 0, 300)
    assert all(tick.label.isdigit() for tick in years)


def test_small_arithmetic() -> None:
    assert runs([(0, 0), None, None, (1, 1), (2, 2)]) == [[(0, 0)], [(1, 1), (2, 2)]]
    assert [coordinate(value) for value in (12.0, 12.34, 1234567.8)] == ["12", "12.3", "1234568"]
    assert Scale(0, 10, 100, 0)(5) == 50
    assert wrap("Crédits dédiés à la résorption (Dihal)", 30) == ["Crédits dédiés à la résorption", "(Dihal)"]
