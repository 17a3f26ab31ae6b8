"""« Qui peut voir quoi ? » says what the matrix says; « Mon compte » says what one may do."""

import ast
import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jalons.accounts import selectors
from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.models import User
from jalons.accounts.permissions import MATRIX
from jalons.accounts.rights import Rights, register_rights
from tests.factories import AMP, BACKEND, LILLE, MEL, Cast, make_membership, make_user

WORDS = {
    Reach.ALL: "partout",
    Reach.DEPARTEMENT: "son département",
    Reach.SCOPE: "son territoire",
    Reach.DEPARTEMENT_OWN: "son département et ses dispositifs",
    Reach.SCOPE_OWN: "son territoire et ses dispositifs",
    Reach.OWN: "ses dispositifs",
    Reach.GRANTED: "si accordé",
    Reach.OWN_GRANTED: "ses dispositifs, si accordé",
    Reach.NONE: "– non",
}


# What « own » means, by title of the table, where it is not a dispositif.
OWN_WORDS = {
    "Conventions": "conventions",
    "Couches de carte": "couches",
    "Dispositifs proposés": "propositions",
    "Registre des familles": "registres",
    "Annuaire des dispositifs et bonnes pratiques": "pages",
}


def words_of(right: Right, reach: Reach) -> str:
    title = next(title for title, rights in selectors.GROUPS.items() if right in rights)
    return WORDS[reach].replace("dispositifs", OWN_WORDS.get(title, "dispositifs"))


class Cells(HTMLParser):
    """Words of the cells of a table, by right and role; whether a sign stands beside them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.here: tuple[str, str] | None = None
        self.words: dict[tuple[str, str], str] = {}
        self.signed: set[tuple[str, str]] = set()
        self.heads: list[str] = []
        self.in_head = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "td":
            self.here = (str(given["data-right"]), str(given["data-role"]))
            self.words[self.here] = ""
        elif tag == "th" and given.get("scope") == "col":
            self.in_head = True
            self.heads.append("")
        elif tag == "svg" and self.here:
            self.signed.add(self.here)

    def handle_endtag(self, tag: str) -> None:
        if tag == "td" and self.here:
            self.words[self.here] = " ".join(self.words[self.here].split())
            self.here = None
        self.in_head = self.in_head and tag != "th"

    def handle_data(self, data: str) -> None:
        if self.here:
            self.words[self.here] += data
        elif self.in_head:
            self.heads[-1] += data


@pytest.mark.django_db
def test_the_table_is_the_matrix_cell_by_cell(client: Client) -> None:
    answer = client.get("/qui-peut-voir-quoi/")
    cells = Cells(answer.content.decode())
    said = {
        (right.value, role.value): words_of(right, MATRIX[right].get(role, Reach.NONE))
        for right in Right
        for role in Role
    }
    assert cells.words == said
    assert cells.heads == ["Droit", *(role.label for role in Role)]
    assert cells.signed == {key for key, words in said.items() if words != "– non"}, (
        "la couleur ne dit rien seule"
    )


@pytest.mark.django_db
def test_a_change_of_the_matrix_changes_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MATRIX, Right.ATTACH, {Role.OBSERVER: Reach.ALL})
    cells = Cells(client.get("/qui-peut-voir-quoi/").content.decode())
    assert cells.words["attach", "observer"] == "partout"
    assert cells.words["attach", "operator"] == "– non"


def test_a_right_is_declared_once() -> None:
    before = dict(MATRIX)
    with pytest.raises(ValueError, match="already declared"):
        register_rights(
            Rights(order=99, title="Ailleurs", reaches={Right.ATTACH: {Role.OBSERVER: Reach.ALL}})
        )
    assert before == MATRIX
    assert set(MATRIX) == set(Right), "un droit que personne ne déclare ne se demande pas"


def test_the_registry_knows_no_application() -> None:
    """What is a dispositif or a convention is for their applications to say: only names of rights are listed here."""
    accounts = Path(selectors.__file__).parent
    for name in ("rights", "permissions", "selectors"):
        tree = ast.parse((accounts / f"{name}.py").read_text())
        words = " ".join(
            node.id if isinstance(node, ast.Name) else str(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Name)
            or (isinstance(node, ast.Constant) and "\n" not in str(node.value) and "«" not in str(node.value))
        )
        assert not re.search("dispositif|convention|participation", words, re.IGNORECASE), name


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", ["Aucune donnée ethnique", "donnés nommément", "gardé à part", "territoire d’une personne"]
)
def test_the_page_explains(client: Client, words: str) -> None:
    assert words in client.get("/qui-peut-voir-quoi/").content.decode()


def test_each_thing_a_cell_says_is_explained() -> None:
    lines = [line for group in selectors.rights_table() for line in group.lines]
    said = {saying for line in lines for cell in line.cells for saying in cell.says}
    assert set(selectors.rights_legend()) == said
    assert [line.right for line in lines] == list(Right), "un droit est oublié, ou n’est pas à sa place"


def test_a_line_says_what_its_own_dispositifs_are() -> None:
    own = {line.right: line.own for group in selectors.rights_table() for line in group.lines}
    assert own[Right.EDIT_ACTION] == "ceux dont sa structure est pilote"
    assert own[Right.READ_FUNDING] == "ceux dont sa structure est pilote, opérateur ou financeur"
    assert own[Right.READ_ACTIONS] == "ceux où sa structure intervient"
    assert own[Right.READ_SITES] == own[Right.DECLARE_ACTION] == ""


def test_who_can_names_every_role_that_may() -> None:
    words = selectors.who_can(Right.READ_JUSTICE)
    assert words == (
        "administration nationale (partout), correspondant départemental (son territoire) et les personnes à "
        "qui ce droit est donné nommément"
    )
    assert selectors.who_can(Right.READ_FUNDING) == (
        "administration nationale (partout), correspondant départemental (son territoire), collectivité ou autre "
        "service de l’État (ses dispositifs, dont sa structure est pilote, opérateur ou financeur) et les "
        "personnes à qui ce droit est donné nommément"
    )


def rights_of(user: User) -> dict[Right, str]:
    return {row.right: row.where for row in selectors.my_rights(User.objects.get(pk=user.pk))}


def test_my_rights_in_words(cast: Cast) -> None:
    mine = rights_of(cast.operator_a)
    assert mine[Right.READ_SITES] == "Nord"
    assert mine[Right.UPDATE_SITE] == "Métropole Européenne de Lille"
    assert mine[Right.MERGE_SITES] == ""
    assert rights_of(cast.national)[Right.READ_SITES] == "partout en France"
    assert rights_of(cast.mairie)[Right.UPDATE_SITE] == "Lille"
    assert set(rights_of(cast.nobody).values()) == {""}


def test_a_part_of_a_named_departement_is_not_named(cast: Cast) -> None:
    user = cast.operator_a
    make_membership(user, Role.CONTRIBUTOR, "59", LILLE, AMP)
    assert rights_of(user)[Right.READ_SITES] == "Nord et Métropole d’Aix-Marseille-Provence"


@pytest.mark.django_db
@pytest.mark.parametrize("memberships", [1, 4])
def test_my_account_costs_the_same_whatever_one_holds(
    client: Client, memberships: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    user = make_user()
    for code in ["13", "93", "83", "62"][:memberships]:
        make_membership(user, Role.OPERATOR, "59", LILLE, MEL, "R32", code, grants=[Right.READ_JUSTICE])
    client.force_login(user, BACKEND)
    with django_assert_max_num_queries(16):
        assert client.get("/mon-compte/").status_code == 200


def test_my_account_says_memberships_and_personal_rights(client: Client, cast: Cast) -> None:
    user = cast.operator_a
    make_membership(
        user, Role.CONTRIBUTOR, "59", grants=[Right.READ_JUSTICE], refused=[Right.COMMENT],
        ends_on=dt.date(2199, 12, 31),
    )  # fmt: skip
    make_membership(user, Role.OBSERVER, "FR", ends_on=dt.date(2020, 1, 1))
    client.force_login(user, BACKEND)
    page = re.sub(r"\s+", " ", client.get("/mon-compte/").content.decode())
    for words in (
        "sacha.amis@exemple.test", "Les amis de Lille", "depuis le 01/01/2019", "jusqu’au 31/12/2199",
        "du 01/01/2019 au 01/01/2020, terminé", "France entière",
        "Lire les procédures : accordé", "Commenter : retiré", "Se déconnecter",
    ):  # fmt: skip
        assert words in page, words


def test_without_a_membership_one_is_told_what_to_do(client: Client, cast: Cast) -> None:
    client.force_login(cast.nobody, BACKEND)
    assert "rattaché à aucune structure" in client.get("/mon-compte/").content.decode()
