"""Templates: none is forgotten, none carries its own script or style, none trusts what people wrote."""

import re
from functools import cache

import pytest
from django.template import Library, engines
from django.template.loader import get_template

from tests.house.tree import python_files, templates, texts

# Templates whose name is put together while running: the code is read, the name cannot be.
NAMED_WHILE_RUNNING: tuple[str, ...] = ()
# (template, why it may print a text as it is). Prefer `format_html` or a template.
MAY_BE_SAFE: dict[str, str] = {}

COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
FORBIDDEN = {
    "script dans la page": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "style dans la page": re.compile(r"<style\b", re.IGNORECASE),
    "attribut style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "attribut on…": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "adresse javascript:": re.compile(r"javascript:", re.IGNORECASE),
}
UNSAFE = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off")
ALL = sorted(templates())
COLUMNS = 120


@cache
def python() -> str:
    return "\n".join(python_files("jalons").values())


@cache
def everywhere() -> str:
    """What the templates say, all of them."""
    return "\n".join(templates().values())


@pytest.mark.parametrize("name", ALL)
def test_template_is_used(name: str) -> None:
    if name.startswith(("django/", *NAMED_WHILE_RUNNING)):
        return
    quoted = (f'"{name}', f"'{name}")
    itself = templates()[name]
    assert any(quote in python() or everywhere().count(quote) > itself.count(quote) for quote in quoted), (
        f"{name} n’est nommé nulle part : utilisez-le ou effacez-le"
    )


@pytest.mark.parametrize("name", ALL)
def test_template_compiles(name: str) -> None:
    get_template(name)


def test_no_tag_hides_another() -> None:
    ours = [library for library in engines["django"].engine.template_builtins if ours_is(library)]
    names = [name for library in ours for name in (*library.tags, *library.filters)]
    assert {"moment", "page_head"} <= set(names)
    assert sorted({name for name in names if names.count(name) > 1}) == []


def ours_is(library: Library) -> bool:
    """Does any tag or filter of `library` come from Jalons?"""
    return any(
        made.__module__.startswith("jalons.") for made in (*library.tags.values(), *library.filters.values())
    )


@pytest.mark.parametrize("name", ALL)
def test_nothing_that_the_content_policy_refuses(name: str) -> None:
    text = COMMENT.sub("", templates()[name])
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_printed_unescaped(name: str) -> None:
    found = UNSAFE.search(COMMENT.sub("", templates()[name]))
    assert not found or name in MAY_BE_SAFE


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<script>alert(1)</script>", "script dans la page"),
        ('<script nonce="x">1</script>', "script dans la page"),
        ("<style>p {}</style>", "style dans la page"),
        ('<p class="a" style="color: red">', "attribut style"),
        ('<p {% if a %}class="b"{% endif %} onclick="x()">', "attribut on…"),
        ('<p hx-on:click="x()">', "attribut on…"),
        ('<a href="javascript:x()">', "adresse javascript:"),
    ],
)
def test_the_rules_see(text: str, what: str) -> None:
    assert FORBIDDEN[what].search(text)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="{% static "a.js" %}" defer></script>',
        '<rect fill="red"/>',
        '<a data-on="1" href="?on=1">',
    ],
)
def test_the_rules_let_through(text: str) -> None:
    assert not any(pattern.search(text) for pattern in FORBIDDEN.values())


SCROLLS = re.compile(r"<[^>]*class=\"[^\"]*\bj-scroll\b[^>]*>")


@pytest.mark.parametrize("name", ALL)
def test_what_scrolls_can_be_reached_with_the_keyboard(name: str) -> None:
    for tag in SCROLLS.findall(templates()[name]):
        # `table.html` says it when it scrolls.
        if "{% if scroll %}" not in tag:
            assert 'tabindex="0"' in tag
            assert "aria-label" in tag, f"{name} : une zone qui défile se nomme et reçoit le focus"


@pytest.mark.parametrize("name", ALL)
def test_nothing_that_is_typed_is_cut(name: str) -> None:
    assert "maxlength" not in templates()[name], f"{name} : un texte trop long se compte, il ne se coupe pas"


def long_lines(files: dict[str, str]) -> list[str]:
    return [
        f"{path}:{number}"
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > COLUMNS
    ]


def test_style_sheets_keep_to_their_columns() -> None:
    sheets = {
        path: text for path, text in texts().items() if path.startswith("jalons/") and path.endswith(".css")
    }
    assert len(sheets) > 10
    assert long_lines({path: text for path, text in sheets.items() if "/vendor/" not in path}) == []


def test_templates_keep_to_their_columns() -> None:
    """A tag of Django stands on one line: `{% unwrap as … %}` holds the sentence that makes it long."""
    assert long_lines(templates()) == []
