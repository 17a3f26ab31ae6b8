"""One word for one thing: titles of one pattern, the same question in the same words, no second vocabulary."""

import re
from importlib import import_module
from typing import Any

import pytest

from tests.house.tree import python_files, templates, texts

TITLE = re.compile(r"{% block title %}(.*?){% endblock %}", re.DOTALL)
# Two pages that ask the same: what is declared, then changed; what is planned, then followed.
PAIRS = [
    ("jalons.sites.forms.describe.DeclareSiteForm", "jalons.sites.forms.describe.EditSiteForm"),
    ("jalons.sites.forms.describe.DeclareSiteForm", "jalons.sites.forms.observe.SurveyForm"),
    ("jalons.actions.forms.declare.DeclareActionForm", "jalons.actions.forms.describe.EditActionForm"),
    ("jalons.actions.forms.money.PlannedRow", "jalons.actions.forms.money.MoneyRow"),
    ("jalons.actions.forms.contacts.ContactRow", "jalons.actions.forms.contacts.ContactForm"),
    ("jalons.indicators.forms.fill.FollowUpForm", "jalons.indicators.forms.correct.CorrectionForm"),
    (
        "jalons.conventions.overview.listing_forms.NewConventionForm",
        "jalons.conventions.text.forms.IdentityForm",
    ),
    ("jalons.conventions.sheets.forms.NewSheetForm", "jalons.conventions.sheets.forms.LabelsMain"),
]
# (word, what is said instead, where it stays: it names a cell of a spreadsheet or of a printed table there)
WORDS = [
    (
        "cellule",
        "case",
        (
            "exports/",
            "conventions/workbook/",
            "conventions/exchange/",
            "conventions/importing/",
            "conventions/models/",
            "conventions/migrations/",
            "conventions/management/",
            "spreadsheets/",
            "imports/",
            "core/confined/",
            "figures/pasting",  # the block as it was copied from a spreadsheet
        ),
    ),
]
# The two questions about a reason: a fact is corrected, a description is changed.
REASONS = {"Pourquoi cette correction ?", "Pourquoi ce changement ?"}
# Where the question is about something else than a correction: what it is about.
OTHER_REASONS = {
    "BackForm",  # a report taken back
    "RemoveForm",  # a seat taken away
    "ReviewForm",  # what is to be written again
    "FreezeForm",  # errors that stay
    "WithdrawForm",  # a document
    "WithdrawLayerForm",  # a layer of the map
    "WithdrawEditionForm",  # open figures already published
    "MergeForm",  # why two sites are one
    "RetentionForm",  # why families are kept longer than advised
    "RefuseForm",  # a request for access
    "AddMembershipForm",  # why somebody joins
    "GrantForm",  # why a right is given
    "ReasonForm",  # why a membership, a right or an account ends
}


def named(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_title_says_what_then_of_what(name: str) -> None:
    """« Historique : Rue du Moulin – Jalons », the most precise first, as tabs of a browser cut the end."""
    for title in TITLE.findall(templates()[name]):
        bare = re.sub(r"{{.*?}}", "x", title)
        if "{{" in title and "{%" not in title:
            assert "\u00a0: " in bare or " : " in bare, f"{name} : « Quoi : de quoi », pas « {title} »"
        if name != "core/base.html":
            assert " – " not in bare, f"{name} : le tiret sépare la page de Jalons, pas la page de son objet"


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=lambda path: path.rpartition(".")[2])
def test_the_same_question_in_the_same_words(first: str, second: str) -> None:
    one, other = named(first).base_fields, named(second).base_fields
    shared = [name for name in one if name in other and not one[name].widget.is_hidden]
    assert shared, "ces deux formulaires ne demandent plus rien en commun"
    for name in shared:
        assert worded(one[name]) == worded(other[name]), f"{name} : deux mots pour une question"


def worded(field: Any) -> str:
    return str(field.label).replace("\u00a0", " ")


@pytest.mark.parametrize(("word", "instead", "stays"), WORDS, ids=[word for word, _, _ in WORDS])
def test_no_second_word_for_one_thing(word: str, instead: str, stays: tuple[str, ...]) -> None:
    found = [
        f"{path}:{number}"
        for path, text in texts().items()
        if path.startswith("jalons/") and path.endswith((".py", ".html", ".js", ".txt"))
        if not any(place in path for place in stays)
        for number, line in enumerate(text.splitlines(), start=1)
        # An address of the product keeps its name, and a spreadsheet has cells.
        if re.search(rf"\b{word}s?\b(?!/)", line, re.IGNORECASE) and "tableur" not in line
    ]
    assert found == [], f"dites « {instead} »"


def test_reasons_are_asked_in_two_ways_only() -> None:
    asked = re.compile(
        r"class (\w+)|reason = (?:forms\.CharField\(\s*label=|short_text\(|line\()\"([^\"]+)\""
    )
    for path, text in python_files("jalons").items():
        if "/forms" not in path:
            continue
        holder = ""
        for found in asked.finditer(text):
            holder = found[1] or holder
            label = (found[2] or "").replace("\\u00a0", " ").replace("\u00a0", " ")
            if label and holder not in OTHER_REASONS:
                assert label in REASONS, f"{path}, {holder} : « {label} »"
