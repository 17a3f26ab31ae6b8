"""French punctuation never begins a line: what templates say is set with spaces that do not break."""

from pathlib import Path

import pytest

from tests.house.french_spaces import NO_BREAK, set_in_french, words
from tests.house.tree import ROOT

TEMPLATES = sorted((ROOT / "jalons").glob("**/templates/**/*.html"))


def test_words_are_set_in_french() -> None:
    wrong = [path for path in TEMPLATES if set_in_french(path.read_text()) != path.read_text()]
    shown = [f"{path.relative_to(ROOT)} : « {first_break(path)} »" for path in wrong]
    assert not shown, "espace sécable (U+00A0 attendue) :\n" + "\n".join(shown)


def first_break(path: Path) -> str:
    pieces = (piece for is_words, piece in words(path.read_text()) if is_words)
    return next(piece.strip()[:80] for piece in pieces if set_in_french(piece) != piece)


@pytest.mark.parametrize(
    ("source", "right"),
    [
        ("<p>Un mot : deux</p>", "<p>Un mot~: deux</p>"),
        ("<b>Nom</b> : {{ name }}", "<b>Nom</b>~: {{ name }}"),
        ("Vraiment ?", "Vraiment~?"),
        ("{{ a }} ; {{ b }}", "{{ a }}~; {{ b }}"),
        ("« {{ name }} » (« ici »).", "«~{{ name }}~» («~ici~»)."),
    ],
)
def test_the_rule_sees(source: str, right: str) -> None:
    assert set_in_french(source) == right.replace("~", NO_BREAK)


@pytest.mark.parametrize(
    "source",
    [
        '<a class="a :hover" href="{% url "x" %}?a=1" title="b : c">',
        '{% card title="Un mot : deux" %}{# un : deux #}',
        "{{ a|default:'x : y' }}",
        "<!-- a : b --><script>const a = b ? c : d;</script>",
        "https://exemple.fr 12:30 a:b",
        f"Un mot{NO_BREAK}: deux",
    ],
)
def test_the_rule_lets_through(source: str) -> None:
    assert set_in_french(source) == source
