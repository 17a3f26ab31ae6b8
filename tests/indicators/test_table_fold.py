"""L’onglet « Suivi » se lit vite : lignes à zéro repliées, la phrase que l’on copie, corriger depuis le tableau."""

import datetime as dt
import re

import pytest
from django.test import Client

from jalons.actions.models import FollowUp
from jalons.core.values import Value
from jalons.indicators.selectors.table import follow_table
from jalons.indicators.services import FollowUpContent, correct_follow_up
from jalons.indicators.sheet.content import followed_rows, head
from jalons.indicators.sheet.sentence import public_sentence
from tests.factories import BACKEND, Cast, actor, make_action, make_follow_up, make_socle, organisation_of
from tests.front import on_one_line

pytestmark = pytest.mark.django_db
SOCLE = True
JANUARY, FEBRUARY, MARCH = dt.date(2020, 1, 31), dt.date(2020, 2, 29), dt.date(2020, 3, 31)
EXITS = {"sorties_positives": 2, "abandons": 0, "abandons_femmes": 0, "abandons_mineurs": 0, "exclusions": 0}


@pytest.fixture
def action(cast: Cast):
    make_socle()
    return make_action(operators=[organisation_of(cast.operator_a)])


def signed(person) -> Client:
    client = Client()
    client.force_login(person, BACKEND)
    return client


def page(person, action, end: str = "") -> str:
    return on_one_line(signed(person).get(f"/dispositifs/{action.public_id}/suivi/{end}").content.decode())


def rows_of(action):
    follow = follow_table(action)
    heads = [head(column, follow) for column in follow.columns]
    return [row for block in follow.blocks for row in followed_rows(block, follow, heads).rows]


def folded(action) -> set[str]:
    return {row.line.indicator.code for row in rows_of(action) if row.is_zero}


def minor(action) -> set[str]:
    return {row.line.indicator.code for row in rows_of(action) if row.is_minor}


def sentence(action, reporter: int | None = None) -> str:
    return public_sentence(follow_table(action, reporter=reporter)).replace("\u00a0", " ")


def test_details_at_zero_in_every_column_fold(cast: Cast, action) -> None:
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9, **EXITS)
    make_follow_up(action, FEBRUARY, by=cast.operator_a, personnes=9, **EXITS)
    assert folded(action) == {"abandons", "abandons-femmes", "abandons-mineurs", "exclusions"}
    text = page(cast.operator_a, action).replace("\u00a0", " ")
    assert "Montrer aussi 4 lignes à zéro" in text
    # They are in the page, in their place: nothing is lost on paper or for an old browser.
    assert len(re.findall(r'<tr class="sub[^"]* j-zero"', text)) == 4


@pytest.mark.parametrize("told", [{"abandons_femmes": Value.nd()}, {"abandons_femmes": 1, "abandons": 1}])
def test_a_detail_that_says_something_stays_with_its_parents(cast: Cast, action, told) -> None:
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9, **{**EXITS, **told})
    make_follow_up(action, FEBRUARY, by=cast.operator_a, personnes=9, **EXITS)
    assert folded(action) == {"abandons-mineurs", "exclusions"}


def test_a_zero_that_nobody_told_stays(cast: Cast, action) -> None:
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9, **EXITS)
    make_follow_up(action, FEBRUARY, by=cast.operator_a, personnes=9, exclusions=0, abandons=0)
    assert folded(action) == {"exclusions"} or folded(action) == set()
    assert "abandons-femmes" not in folded(action)


def test_a_corrected_zero_stays(cast: Cast, action) -> None:
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9, **{**EXITS, "exclusions": 3})
    make_follow_up(action, FEBRUARY, by=cast.operator_a, personnes=9, **EXITS)
    report = FollowUp.objects.known().get(valid_on=JANUARY)
    indicators = {one.indicator_id: one.indicator for one in series_of(action)}
    values = {
        pk: Value.of(EXITS[key])
        for pk, one in indicators.items()
        if (key := one.code.replace("-", "_")) in EXITS
    }
    told = FollowUpContent(on=JANUARY, values=values)
    correct_follow_up(
        follow_up=report, content=told, indicators=indicators, by=actor(cast.operator_a), reason="mal lu"
    )
    assert "exclusions" not in folded(action)


def series_of(action):
    return action.series.select_related("indicator")


def test_an_operator_who_told_nothing_then_does_not_unfold(cast: Cast) -> None:
    make_socle()
    both = [organisation_of(cast.operator_a), organisation_of(cast.operator_b)]
    action = make_action(operators=both)
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9, **EXITS)
    assert "exclusions" in folded(action)
    # The other reported, and left these figures out: that is an unknown.
    make_follow_up(action, JANUARY, by=cast.operator_b, personnes=4)
    assert folded(action) == set()


def test_a_movement_at_zero_folds_too(cast: Cast, action) -> None:
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9, entrees=0, sorties_positives=2)
    assert folded(action) == {"entrees"}
    make_follow_up(action, FEBRUARY, by=cast.operator_a, personnes=9, entrees=1, sorties_positives=2)
    assert folded(action) == set()


def test_the_details_of_movements_and_of_other_blocks_fold(cast: Cast, action) -> None:
    told = {"femmes": 4, "entrees": 3, "entrees_femmes": 1, "sorties_positives": 2, "scolarisables": 3}
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9, maternelle=1, **told)
    # Who is followed, and how people leave, are read at once.
    assert minor(action) == {"entrees-femmes", "maternelle"}
    text = page(cast.operator_a, action).replace("\u00a0", " ")
    assert text.count("Montrer aussi 1 ligne de détail") == 2
    assert re.search(r'<tr class="sub j-zero"><th scope="row">[^<]*(femmes|Femmes)', text)


def test_a_detail_that_is_corrected_is_read(cast: Cast, action) -> None:
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9, entrees=3, entrees_femmes=1)
    report = FollowUp.objects.known().get()
    indicators = {one.indicator_id: one.indicator for one in series_of(action)}
    counts = {"personnes": 9, "entrees": 3, "entrees-femmes": 2}
    values = {pk: Value.of(counts[one.code]) for pk, one in indicators.items() if one.code in counts}
    told = FollowUpContent(on=JANUARY, values=values)
    correct_follow_up(
        follow_up=report, content=told, indicators=indicators, by=actor(cast.operator_a), reason="mal lu"
    )
    assert minor(action) == set()


def test_a_block_where_nothing_happened_says_so(cast: Cast) -> None:
    make_socle()
    action = make_action(operators=[organisation_of(cast.operator_a)], themes=["housing"])
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9, recours_dalo=0)
    work = page(cast.operator_a, action).split('id="housing"')
    assert "Rien de nouveau sur ces dates" in work[1].split("</section>")[0]
    assert "Rien de nouveau sur ces dates" not in work[0]


# --- the sentence ----------------------------------------------------------------------------------------------


def test_the_sentence_that_people_copy(cast: Cast, action) -> None:
    make_follow_up(action, FEBRUARY, by=cast.operator_a, menages=7, personnes=32, femmes=10, mineurs=15)
    told = "Au 29 févr. 2020 : 7 ménages, 32 personnes dont 10 femmes (31 %) et 15 mineurs (47 %)."
    assert sentence(action) == told
    text = page(cast.correspondent59, action).replace("\u00a0", " ")
    assert f'id="phrase">{told}</span>' in text
    assert 'data-copy="phrase" hidden' in text


def test_the_sentence_says_what_is_missing(cast: Cast, action) -> None:
    make_follow_up(action, FEBRUARY, by=cast.operator_a, menages=1, personnes=1, femmes=Value.nd())
    assert (
        sentence(action) == "Au 29 févr. 2020 : 1 ménage, 1 personne dont un nombre de femmes non connu (ND)."
    )


def test_no_sentence_when_people_are_unknown(cast: Cast, action) -> None:
    make_follow_up(action, FEBRUARY, by=cast.operator_a, menages=7, personnes=Value.nd())
    assert sentence(action) == ""


def test_the_sentence_takes_the_last_date_known_in_full(cast: Cast) -> None:
    make_socle()
    both = [organisation_of(cast.operator_a), organisation_of(cast.operator_b)]
    action = make_action(operators=both)
    make_follow_up(action, MARCH, by=cast.operator_a, personnes=30)
    assert sentence(action) == "En mars 2020 (1 opérateur sur 2) : au moins 30 personnes."
    make_follow_up(action, FEBRUARY, by=cast.operator_a, personnes=29)
    make_follow_up(action, FEBRUARY, by=cast.operator_b, personnes=11)
    assert sentence(action) == "En février 2020 : 40 personnes."


# --- correcting ------------------------------------------------------------------------------------------------


def test_correcting_from_the_column_the_block_and_the_menu(cast: Cast, action) -> None:
    for day in (JANUARY, FEBRUARY):
        make_follow_up(action, day, by=cast.operator_a, personnes=9)
    report = FollowUp.objects.known().get(valid_on=FEBRUARY)
    base = f"/dispositifs/{action.public_id}/suivi/"
    text = page(cast.operator_a, action)
    assert f'href="{base}{report.lineage}/">Corriger' in text
    assert f'href="{base}corriger/?partie=public">' in text
    assert f'href="{base}corriger/">Corriger un point de suivi' in text
    # The block is kept until the form.
    choice = page(cast.operator_a, action, "corriger/?partie=public")
    assert f'href="{base}{report.lineage}/#public">29 février 2020' in choice
    assert choice.count("#public") == 2
    answer = signed(cast.operator_a).get(f"{base}corriger/?mois=2020-02&partie=public")
    assert answer.url == f"{base}{report.lineage}/#public"


def test_who_may_not_correct_sees_no_way_to(cast: Cast, action) -> None:
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9)
    assert "orriger" not in page(cast.correspondent59, action, "?au=2020-02-01").split("<main")[1]
    assert signed(cast.operator_b).get(f"/dispositifs/{action.public_id}/suivi/corriger/").status_code in (
        403,
        404,
    )


@pytest.mark.parametrize(
    "query", ["?mois=2020-13", "?mois=x", "?partie=nulle", "?partie=%00", "?mois=2020-02"]
)
def test_what_the_choice_cannot_read_filters_nothing_or_says_none(cast: Cast, action, query: str) -> None:
    for day in (JANUARY, MARCH):
        make_follow_up(action, day, by=cast.operator_a, personnes=9)
    text = page(cast.operator_a, action, f"corriger/{query}")
    if query == "?mois=2020-02":
        assert "pas de point de suivi" in text
    else:
        assert "31 mars 2020" in text
    assert "#nulle" not in text


def test_several_operators_choose_within_the_month(cast: Cast) -> None:
    make_socle()
    action = make_action(operators=[organisation_of(cast.operator_a), organisation_of(cast.operator_b)])
    for person in (cast.operator_a, cast.operator_b):
        make_follow_up(action, JANUARY, by=person, personnes=9)
    base = f"/dispositifs/{action.public_id}/suivi/corriger/?mois=2020-01"
    assert f'href="{base}"' in page(cast.correspondent59, action)
    assert page(cast.correspondent59, action, "corriger/?mois=2020-01").count("31 janvier 2020") == 2


def test_the_reason_is_beside_the_button(cast: Cast, action) -> None:
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=9)
    report = FollowUp.objects.known().get()
    text = page(cast.operator_a, action, f"{report.lineage}/")
    assert "Pourquoi cette correction" in text.split('class="f-bar"')[1].split("Enregistrer")[0]
    assert text.count("Pourquoi cette correction") == 1
