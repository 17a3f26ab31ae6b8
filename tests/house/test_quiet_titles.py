"""Titles printed in capitals are read as sentences, on every page of a convention; documents and forms keep them."""

import html
import re

import pytest

from jalons.conventions.models import Article, Commitment, MatrixGroup
from tests.house.convention_pages import CONVENTION_PAGES
from tests.house.pages import World
from tests.house.test_permissions import allowed, signed_in, url

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.first_database(reason="les mots des pages, que la base ne change pas"),
]
TITLES = {
    Commitment: ("title", "GARANTIE D'ACTIVITE DES FAMILLES", "Garantie d'activité des familles"),
    Article: ("title", "DUREE DE LA GARANTIE", "Durée de la garantie"),
    MatrixGroup: ("label", "ACTIVITE DES FAMILLES", "Activité des familles"),
}
# Old → new: the words that were voted and those that are written, as they are printed.
QUOTING = {"conventions:amendment", "conventions:drift"}
SPELLED = [{"text": "La garantie d’activité est donnée pour la durée de la convention."}]
# What is typed again, what changed, the words of the fiche beside those of the annex: as they are printed.
AS_PRINTED = re.compile(
    r'<textarea.*?</textarea>|value="[^"]*"|<details class="f-labels">.*?</details>|<(del|ins)\b.*?</\1>',
    re.DOTALL,
)


def test_no_page_of_a_convention_shouts(still: World) -> None:
    for model, (field, printed, _) in TITLES.items():
        model.objects.update(**{field: printed})
    Article.objects.update(paragraphs=SPELLED)
    shouting, quiet = [], set()
    for page in CONVENTION_PAGES:
        if not page.reads or page.name in QUOTING:
            continue
        answer = signed_in(allowed(still, page)).get(url(page, still))
        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        text = html.unescape(AS_PRINTED.sub("", answer.content.decode()))
        shouting += [(page.name, printed) for _, printed, _ in TITLES.values() if printed in text]
        quiet |= {read for _, _, read in TITLES.values() if read in text}
    assert not shouting, shouting
    assert quiet == {read for _, _, read in TITLES.values()}
