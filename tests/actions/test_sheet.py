"""The sheet of a dispositif and its tab « Administration »: who reads what, as of which date, what may be done."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalons.accounts.enums import Right, Role
from jalons.actions.enums import FundingType, ParticipationRole
from jalons.actions.models import Action, FundingLine
from jalons.actions.selectors.sheet import action_sheet, as_described, run_of
from jalons.actions.services import (
    Money,
    Part,
    Worker,
    close_action,
    save_contact,
    set_money,
    set_parts,
    set_team,
    update_action,
)
from jalons.actions.sheet.content import duration_words
from jalons.actions.sheet.money import money_years, spending_words
from jalons.core.values import Value
from jalons.discussions.services import add_comment
from jalons.history.querysets import AsOf
from tests import factories as make

pytestmark = pytest.mark.django_db
SOCLE = True
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
START = TODAY - dt.timedelta(days=300)
WRITES = ("modifier", "fermer", "suivi/nouveau", "intervenants", "financements", "equipe", "contacts/nouveau")


def opened(user: Any, action: Action, path: str = "") -> Any:
    client = Client()
    client.force_login(user, make.BACKEND)
    return client.get(f"/dispositifs/{action.public_id}/{path}")


def page(user: Any, action: Action, path: str = "") -> str:
    """The text of a page, with ordinary spaces."""
    response = opened(user, action, path)
    assert response.status_code == 200, response
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def action(cast: make.Cast) -> Action:
    """Begun 300 days ago in Lille, with an operator that has told nothing yet."""
    make.make_socle()
    return make.make_action(
        "MOUS Lille",
        starts_on=START,
        planned_end=dt.date(TODAY.year + 1, 12, 31),
        by=make.actor(cast.correspondent59),
        operators=[make.organisation_of(cast.operator_a)],
        sites=[make.make_site("Rue du Moulin", latitude=50.63, longitude=3.05)],
        objectives="Scolariser les enfants.",
    )


# --- what the sheet says ---------------------------------------------------------------------------------------


def test_the_head_says_since_when_and_what_is_missing(cast: make.Cast, action: Action) -> None:
    text = page(cast.correspondent59, action)
    assert "En cours depuis le" in text
    assert "par DDETS du Nord" in text
    assert "Suivi en retard" in text
    assert "Il manque : tout le suivi (opérateur Les amis de Lille)" in text
    make.make_follow_up(action, TODAY, by=cast.operator_a, personnes=30, elementaire=3)
    text = page(cast.correspondent59, action)
    assert "Suivi en retard" not in text
    assert "par Les amis de Lille" in text, "le dernier à écrire est l’opérateur"


def test_comments_are_counted_and_one_jump_away(cast: make.Cast, action: Action) -> None:
    add_comment(subject=action, text="Un point d’eau.", by=make.actor(cast.operator_a))
    text = page(cast.correspondent59, action)
    assert "1 commentaire<" in text
    assert f"/dispositifs/{action.public_id}/#commentaires" in text
    assert "Un point d’eau." in text


def test_planned_length_is_computed() -> None:
    assert duration_words(dt.date(2020, 1, 1), dt.date(2020, 12, 31)) == "12\u00a0mois"
    assert duration_words(dt.date(2020, 1, 15), dt.date(2020, 6, 20)) == "environ 5\u00a0mois"
    assert duration_words(dt.date(2020, 1, 1), dt.date(2020, 1, 1)) == "1\u00a0jour"
    assert duration_words(dt.date(2020, 1, 1), dt.date.max)


def test_a_site_out_of_sight_is_counted_not_named(cast: make.Cast, action: Action) -> None:
    far = make.make_site("Chemin secret", make.MARSEILLE)
    far_action = make.make_action("Deux villes", sites=[far, make.make_site("Rue proche")])
    text = page(cast.operator_a, far_action)
    assert "Rue proche" in text
    assert "Chemin secret" not in text
    assert "et 1 site hors de votre territoire" in text
    assert "Chemin secret" not in page(cast.operator_a, far_action, "historique/")


def test_team_is_the_last_told_by_each(cast: make.Cast, action: Action) -> None:
    by, reporter = make.actor(cast.operator_a), make.organisation_of(cast.operator_a)
    for day, job in ((START, "mediator"), (TODAY - 10 * DAY, "interpreter")):
        set_team(action=action, reporter=reporter, on=day, team=[Worker(job)], by=by)
    text = page(cast.correspondent59, action)
    assert "Interprète" in text
    assert "Médiateur" not in text
    assert "Médiateur" in page(cast.correspondent59, action, f"?au={START + DAY}")


# --- funding ---------------------------------------------------------------------------------------------------


@pytest.fixture
def funded(action: Action) -> Action:
    amounts = {"planned": Value.amount(123_457), "committed": Value.amount(98_765)}
    lines = [
        Money(2020, FundingType.DEDICATED, note="BOP imaginaire", amounts=amounts),
        Money(2020, FundingType.LOCAL, amounts={"planned": Value.amount(123_457)}),
    ]
    set_money(action=action, lines=lines, by=make.departement_author("59"), on=dt.date(2020, 1, 1))
    return action


def test_funding_is_told_with_its_shares_and_its_holes(cast: make.Cast, funded: Action) -> None:
    text = page(cast.correspondent59, funded)
    assert "123 457 €" in text
    assert "soit 50 %" in text
    assert "246 914 €" in text
    assert "≥ 98 765 € (1 non renseigné)" in text
    assert "à remplir, attendu depuis mars 2021" in text
    assert "Qui peut lire ceci" in text


@pytest.mark.parametrize("path", ["", "administration/", "historique/", "fiche.docx"])
def test_without_the_right_no_page_reads_the_money(cast: make.Cast, funded: Action, path: str) -> None:
    for user, allowed in ((cast.operator_a, False), (cast.correspondent59, True)):
        with CaptureQueriesContext(connection) as seen:
            answer = opened(user, funded, path)
        assert answer.status_code == 200
        asked = " ".join(query["sql"] for query in seen.captured_queries)
        assert (FundingLine._meta.db_table in asked) == allowed, path
        if not path.endswith("docx") and not allowed:
            text = answer.content.decode()
            assert "imaginaire" not in text
            # Whole amounts: a page also tells hours to the microsecond.
            assert not re.search(r"123\D?457|98\D?765", text)


def test_a_grant_on_one_s_own_dispositif_opens_the_money(cast: make.Cast, funded: Action) -> None:
    friend = make.make_user(
        Role.OPERATOR,
        make.LILLE,
        organisation=make.organisation_of(cast.operator_a),
        grants=[Right.READ_FUNDING],
    )
    assert "123 457 €" in page(friend, funded)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2020, 6, 1), "à remplir en janvier-février 2021"),
        (dt.date(2021, 2, 28), "à remplir avant le 1er mars 2021"),
        (dt.date(2021, 3, 1), "à remplir, attendu depuis mars 2021"),
    ],
)
def test_when_spending_is_asked(day: dt.date, words: str) -> None:
    assert spending_words(2020, day) == words


def test_an_unknown_amount_is_never_zero() -> None:
    lines = [
        FundingLine(year=2020, kind=FundingType.STATE, planned=None, blanks={"planned": "nd"}),
        FundingLine(year=2020, kind=FundingType.LOCAL, planned=200, executed=0),
    ]
    (year,) = money_years(lines, TODAY)
    assert [line.planned.words for line in year.lines] == ["ND", "200\u00a0€"]
    assert not year.lines[1].planned.share, "la part d’un total inconnu n’est pas connue"
    assert year.totals.planned.words.startswith("≥")
    assert year.lines[1].executed.words == "0\u00a0€"
    assert year.totals.committed.missing


# --- what may be done ------------------------------------------------------------------------------------------


def test_buttons_are_those_of_the_rights(cast: make.Cast, action: Action) -> None:
    base = f"/dispositifs/{action.public_id}/"
    for user, held in (
        (cast.correspondent59, set(WRITES)),
        (cast.operator_a, {"suivi/nouveau", "equipe"}),
        (cast.observer, set()),
    ):
        text = page(user, action)
        assert {name for name in WRITES if f'href="{base}{name}/"' in text} == held, user
        assert (f'{base}fiche.pdf"' in text) == (user != cast.observer)


def test_nothing_is_written_from_the_past(cast: make.Cast, action: Action) -> None:
    for path in (f"?au={TODAY}", f"?connu-le={TODAY}", f"administration/?au={TODAY}"):
        text = page(cast.correspondent59, action, path)
        base = f"/dispositifs/{action.public_id}/"
        assert not [name for name in (*WRITES, "echeances/nouvelle") if f'href="{base}{name}/"' in text], path
        assert "Ajouter le commentaire" not in text
        assert f"{base}suivi/?{path.partition('?')[2]}" in text, "les onglets gardent la date"


# --- both axes of time -----------------------------------------------------------------------------------------


def test_who_takes_part_depends_on_the_date(cast: make.Cast, action: Action) -> None:
    writer = make.actor(cast.correspondent59)
    other = make.make_organisation("Croix du Nord", "59")
    parts = [Part(writer.organisation, ParticipationRole.PILOT), Part(other, ParticipationRole.OPERATOR)]
    set_parts(action=action, parts=parts, on=TODAY - 10 * DAY, by=writer)
    names = {
        day: {str(part.participant) for part in sheet_on(cast, action, AsOf(day)).parts}
        for day in (TODAY - 20 * DAY, TODAY)
    }
    assert names[TODAY - 20 * DAY] == {"DDETS du Nord", "Les amis de Lille"}
    assert names[TODAY] == {"DDETS du Nord", "Croix du Nord"}


def sheet_on(cast: make.Cast, action: Action, at: AsOf) -> Any:
    run = run_of(action, at)
    assert run is not None
    return action_sheet(cast.correspondent59, action, at, run)


def test_records_are_those_known_then(cast: make.Cast, action: Action) -> None:
    contact = make.make_contact(action, "Camille Exemple")
    yesterday = timezone.now() - DAY
    for history in (Action.history, type(contact).history):
        history.update(history_date=yesterday)
    type(run_of(action)).objects.update(recorded_at=yesterday)  # type: ignore[union-attr]
    writer = make.actor(cast.correspondent59)
    update_action(action=action, by=writer, expected_version=action.version, name="Autre nom")
    contact.name = "Sacha Modèle"
    save_contact(contact=contact, by=writer)
    before = sheet_on(cast, action, AsOf(known=TODAY - DAY))
    assert before.described.name == "MOUS Lille"
    assert [one.name for one in before.contacts] == ["Camille Exemple"]
    assert as_described(action, AsOf(valid=TODAY - DAY)).name == "Autre nom"
    contact.delete()
    assert [one.name for one in sheet_on(cast, action, AsOf(known=TODAY - DAY)).contacts] == [
        "Camille Exemple"
    ]
    assert sheet_on(cast, action, AsOf(known=TODAY)).contacts == []
    assert "Camille Exemple" in page(cast.correspondent59, action, f"?connu-le={TODAY - DAY}")


def test_before_it_began_and_before_it_was_known(cast: make.Cast, action: Action) -> None:
    assert "n’avait pas commencé au" in page(cast.correspondent59, action, f"?au={START - DAY}")
    for path in ("", "administration/"):
        unknown = page(cast.correspondent59, action, f"{path}?connu-le={TODAY - DAY}")
        assert "personne n’avait encore déclaré ce dispositif" in unknown


def test_one_to_come_is_shown_as_planned(cast: make.Cast) -> None:
    site = make.make_site("Rue à venir")
    action = make.make_action("Bientôt", starts_on=TODAY + 30 * DAY, sites=[site])
    text = page(cast.correspondent59, action)
    assert "Commence le" in text
    assert "Rue à venir" in text
    assert "Remplir le suivi" not in text


def test_funding_as_of_a_date(cast: make.Cast, funded: Action) -> None:
    assert sheet_on(cast, funded, AsOf(valid=TODAY)).funding
    line = FundingLine.objects.known().filter(action=funded).latest("pk")
    FundingLine.objects.filter(pk=line.pk).update(valid_on=TODAY)
    assert len(sheet_on(cast, funded, AsOf()).funding) == 2
    assert len(sheet_on(cast, funded, AsOf(TODAY - DAY)).funding) == 1


def test_a_closed_one_shows_its_account(cast: make.Cast, action: Action) -> None:
    writer = make.actor(cast.correspondent59)
    close_action(action=action, by=writer, ended_on=TODAY - 5 * DAY, final_account="Douze ménages relogés.")
    text = page(cast.correspondent59, action)
    assert "Fermé depuis le" in text
    assert "Douze ménages relogés." in text
    assert "Remplir le suivi" not in text
    assert f"/dispositifs/{action.public_id}/rouvrir/" in text
    before = page(cast.correspondent59, action, f"?au={TODAY - 6 * DAY}")
    assert "En cours depuis le" in before
    assert "Douze ménages" not in before


# --- administration --------------------------------------------------------------------------------------------


def test_administration_tells_who_stands_where(cast: make.Cast, action: Action) -> None:
    text = page(cast.observer, action, "administration/")
    assert "En retard depuis le" in text
    assert "aucun point de suivi" in text
    assert "Deux fois par an" in text
    assert "campagne nationale de la Dihal" in text
    assert "echeances/nouvelle" not in text


def test_rights_are_those_of_the_accounts(cast: make.Cast, action: Action) -> None:
    text = page(cast.correspondent59, action, "administration/")
    assert "remplir le suivi d’un dispositif" in text
    operator = text.split("Les amis de Lille</b> · Opérateur")[1].split("</li>")[0]
    assert "remplir le suivi" in operator
    assert "financements" not in operator
    assert "modifier" not in operator


# --- cost ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "administration/", "historique/"])
def test_queries_do_not_grow(cast: make.Cast, action: Action, path: str) -> None:
    more(cast, action, 1)
    few = cost(cast, action, path)
    more(cast, action, 4)
    assert cost(cast, action, path) == few


def cost(cast: make.Cast, action: Action, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        page(cast.correspondent59, action, path)
    return len(seen)


def more(cast: make.Cast, action: Action, count: int) -> None:
    """`count` of everything that a dispositif holds."""
    writer, by = make.actor(cast.correspondent59), make.actor(cast.operator_a)
    year = 2000 + FundingLine.objects.count() * 3
    organisations = [make.make_organisation() for _ in range(count)]
    kept = [Part(one.participant, one.role) for one in sheet_on(cast, action, AsOf()).parts]
    joining = [Part(one, ParticipationRole.OPERATOR) for one in organisations]
    set_parts(action=action, parts=[*kept, *joining], on=START, by=writer)
    for number, organisation in enumerate(organisations):
        make.make_contact(action, f"Contact {number}", organisation)
        make.make_insertion_site(action, f"Terrain {number}")
        make.make_funding(action, year + number)
        make.make_deadline(action, TODAY + (10 + year % 50 + number) * DAY)
        set_team(action=action, reporter=organisation, on=START, team=[Worker("mediator")], by=by)
        make.make_follow_up(action, TODAY - DAY, by=cast.operator_a, reporter=organisation, personnes=3)
        add_comment(subject=action, text="Vu.", by=writer)
