"""The texts owed to families and to the CNIL: whole, set in French, and true of what the code does."""

import pytest

from jalons.charter.selectors import as_html
from jalons.households.families.content import FamilyMember
from jalons.households.models import ADVISED_MONTHS
from jalons.households.papers.documents import REGISTER_DOCUMENTS
from jalons.households.retention.dates import ANNOUNCED_DAYS
from jalons.households.session import IDLE_SECONDS


@pytest.mark.parametrize("document", REGISTER_DOCUMENTS, ids=lambda document: document.slug)
def test_each_text_is_whole(document) -> None:
    html = as_html(document.text)
    assert "<h2>" in html or "<table>" in html
    assert "|" not in html  # a table that was not read as one
    assert " :" not in html


def test_what_they_promise_is_what_is_done() -> None:
    texts = {document.slug: document.text for document in REGISTER_DOCUMENTS}
    assert (ADVISED_MONTHS, ANNOUNCED_DAYS, IDLE_SECONDS) == (24, 60, 15 * 60)
    assert "Vingt-quatre mois" in texts["confidentialite"]
    assert "quinze minutes" in texts["confidentialite"]
    # « Jamais » : no field of a person holds it.
    assert not {"religion", "ethnicity", "nir", "nationality"} & set(FamilyMember._fields)
