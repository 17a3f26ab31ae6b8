"""Reading the published texts. One that was never published is read as Jalons proposes it."""

from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from jalons.charter.enums import TextKind
from jalons.charter.models import Charter
from jalons.core.values import french_spaces

PROPOSED = Path(__file__).parent / "data"
# No HTML of the author goes through, and addresses that could run something are refused.
MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})


def current(kind: str) -> Charter | None:
    """The version in force; None when nothing was published."""
    return Charter.objects.filter(kind=kind).order_by("-number").select_related("published_by").first()


def versions(kind: str) -> list[Charter]:
    """Newest first, without their contents."""
    return list(Charter.objects.filter(kind=kind).defer("body").order_by("-number"))


def proposed(kind: str) -> str:
    """What Jalons proposes to publish, to be completed by whoever runs it."""
    return (PROPOSED / f"{TextKind(kind).value}.md").read_text()


def as_html(body: str) -> SafeString:
    """Titles begin at level 2: the page has its own."""
    return mark_safe(
        MARKDOWN.render(french_spaces(body))
    )  # `html` is off: the library escapes what it did not write
