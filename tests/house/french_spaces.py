"""The words of a template, apart from what is between: tags of HTML, tags of Django, comments, scripts.

French sets « : ; ! ? » and the inside of guillemets with a space that no line may break on.
"""

import re
from collections.abc import Iterator

NO_BREAK = "\N{NO-BREAK SPACE}"
NOT_WORDS = re.compile(
    r"""\{\#.*?\#\} | \{%\s*comment\b.*?endcomment\s*%\} | \{%.*?%\} | \{\{.*?\}\}
      | <!--.*?--> | <(script|style|textarea|pre)\b.*?</\1> | <!?/?[a-zA-Z](?:\{%.*?%\}|\{\{.*?\}\}|[^>])*>""",
    re.DOTALL | re.VERBOSE,
)
BREAKABLE = re.compile(r" (?=[:;!?»](?:[\s)]|$))|(?<=«) ")


def words(source: str) -> Iterator[tuple[bool, str]]:
    """(are they words?, piece): all the pieces of `source`, in order."""
    end = 0
    for between in NOT_WORDS.finditer(source):
        yield True, source[end : between.start()]
        yield False, between[0]
        end = between.end()
    yield True, source[end:]


def set_in_french(source: str) -> str:
    """`source` with its words set right; what is not words is left as it is."""
    return "".join(BREAKABLE.sub(NO_BREAK, piece) if is_words else piece for is_words, piece in words(source))
