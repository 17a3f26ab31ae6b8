"""A table of follow-up, from its block to the reports of a dispositif and back."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.actions.models import Action, FollowUp, Participation
from jalons.core.values import Value
from jalons.history.services import Actor, correct
from jalons.imports.choices import Choices
from jalons.imports.enums import BatchState, CellVerdict, RowOutcome
from jalons.imports.matching.indicators import match_indicator, named
from jalons.imports.models import ImportBatch
from jalons.imports.reading.texts import read_pasted
from jalons.imports.services import choose, give_file, prepare, reply_to_lines
from jalons.imports.services.drafts import chosen_of
from jalons.indicators.enums import ValueType
from jalons.indicators.models import Measurement
from tests import factories
from tests.forms import form_to
from tests.imports.test_applying import applied, line, undone
from tests.worlds import stored

pytestmark = pytest.mark.django_db
SOCLE = True
TABLE = """Indicateur\tUnité\tjuillet 2026\taoût 2026\tseptembre 2026
Ménages suivis\tménages\t14\t15\t15
Personnes suivies\tpers.\t52\tND\t56 pers.
dont mineurs\t\t24\t26\t~26
Entrées en logement\tménages\t1\t/\t0
Sorties\tpersonnes\t3\t2\t1
Truc local\t\t1\t2\t3
"""
JULY, AUGUST, SEPTEMBER = dt.date(2026, 7, 31), dt.date(2026, 8, 31), dt.date(2026, 9, 30)


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.operator_a)


def new_followed(cast: Any) -> Action:
    operator = factories.organisation_of(cast.operator_a)
    return factories.make_action("MOUS Lille", operators=[operator], themes=["housing"])


stored_followed, followed = stored(new_followed)


def given(by: Actor, action: Action | None, text: str = TABLE) -> ImportBatch:
    batch = give_file(
        name="suivi.txt",
        kind="txt",
        content=text.encode(),
        sheets=[read_pasted(text)],
        by=by,
        about=action.public_id if action else "",
    )
    return prepare(batch=batch, by=by)


def told(action: Action) -> dict[tuple[str, dt.date], str]:
    facts = Measurement.objects.known().filter(series__action=action).select_related("series__indicator")
    return {(fact.series.indicator.code, fact.valid_on): str(fact.value) for fact in facts}


def test_each_row_says_what_would_come_of_it(by: Actor, followed: Action) -> None:
    factories.make_follow_up(followed, JULY, by=by.user, menages=14, personnes=50)
    batch = given(by, followed)
    assert (batch.target, batch.state) == ("indicators", BatchState.READY)
    assert [(one.outcome, one.verdict) for one in batch.lines.order_by("line")] == [
        (RowOutcome.THIS, CellVerdict.NEW),
        (RowOutcome.THIS, CellVerdict.CHANGED),
        (RowOutcome.THIS, CellVerdict.DOUBTFUL),  # ~26
        (RowOutcome.THIS, CellVerdict.NEW),
        (RowOutcome.THIS, CellVerdict.REFUSED),  # Jalons adds it up by itself
        (RowOutcome.CHOOSE, CellVerdict.DOUBTFUL),
    ]
    people = line(batch, 3)
    july = people.cells[0]
    assert (july["verdict"], july["before"], july["after"]) == (CellVerdict.CHANGED, "50", "52")
    assert july["who"].startswith(str(by.user))
    assert FollowUp.objects.count() == 1  # nothing is written before it is asked


def test_what_is_applied_completes_the_reports(by: Actor, followed: Action) -> None:
    before = factories.make_follow_up(
        followed, JULY, by=by.user, menages=14, femmes=20, comments={"public": "calme"}
    )
    batch = applied(given(by, followed), by)
    assert (batch.state, batch.failure) == (BatchState.APPLIED, "")
    figures = told(followed)
    assert figures["menages", JULY] == "14"
    assert figures["femmes", JULY] == "20"  # not in the table: it stays
    assert (figures["personnes", JULY], figures["personnes", AUGUST]) == ("52", "ND")
    assert (figures["mineurs", AUGUST], ("mineurs", SEPTEMBER) in figures) == ("26", False)
    assert figures["logement-menages", AUGUST] == "sans objet"
    [july] = FollowUp.objects.known().filter(action=followed, valid_on=JULY)
    assert (july.lineage, july.comments) == (before.lineage, {"public": "calme"})
    assert set(july.blocks) == {"public", "housing"}
    [august] = FollowUp.objects.known().filter(action=followed, valid_on=AUGUST)
    assert (august.since, august.reporter) == (dt.date(2026, 8, 1), by.organisation)
    moved = Measurement.objects.known().get(
        series__action=followed, series__indicator__code="logement-menages", valid_on=SEPTEMBER
    )
    assert (moved.since, moved.source.startswith("tableau du ")) == (dt.date(2026, 9, 1), True)


def test_what_is_undone_is_as_before(by: Actor, followed: Action) -> None:
    factories.make_follow_up(followed, JULY, by=by.user, menages=14, personnes=50)
    before = told(followed)
    batch = undone(applied(given(by, followed), by), by)
    assert (batch.state, batch.left) == (BatchState.UNDONE, [])
    assert told(followed) == before
    assert list(FollowUp.objects.known().filter(action=followed).values_list("valid_on", flat=True)) == [JULY]


def test_what_a_colleague_corrected_since_is_kept(by: Actor, followed: Action, cast: Any) -> None:
    batch = applied(given(by, followed), by)
    fact = Measurement.objects.known().get(
        series__action=followed, series__indicator__code="menages", valid_on=JULY
    )
    colleague = factories.actor(cast.colleague_a)
    correct(fact=fact, by=colleague, reason="recompté", number=13)
    batch = undone(batch, by)
    assert told(followed) == {("menages", JULY): "13"}
    assert [str(colleague.user) in sentence for sentence in batch.left] == [True]


def test_a_report_sent_meanwhile_is_asked_again(by: Actor, followed: Action) -> None:
    batch = given(by, followed)
    factories.make_follow_up(followed, AUGUST, by=by.user, menages=12)
    batch = applied(batch, by)
    assert (batch.state, batch.lines.get(line=2).moved) == (BatchState.READY, True)
    assert told(followed) == {("menages", AUGUST): "12"}


def test_the_indicator_is_chosen_and_the_rest_waits(by: Actor, followed: Action) -> None:
    batch = given(by, followed, "Indicateur\tjuillet 2026\nFamilles\t9\nMénages\tdouze")
    families = line(batch, 2)
    assert (families.outcome, families.is_written) == (RowOutcome.CHOOSE, False)
    names = {one["name"] for one in families.candidates}
    assert "Ménages" in names
    key = next(one["key"] for one in families.candidates if one["name"] == "Ménages")
    batch = reply_to_lines(batch=batch, by=by, decisions={2: key}, fixes={})
    assert line(batch, 2).is_written
    # The same indicator and date, one line below: asked, even once it is a number.
    batch = reply_to_lines(batch=batch, by=by, decisions={}, fixes={3: {"value 2026-07-31": "12"}})
    assert (line(batch, 3).verdict, line(batch, 3).is_written) == (CellVerdict.DOUBTFUL, False)


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("juillet 2015", "3", "ne commence que le"),
        ("décembre 2099", "3", "à venir"),
        ("juillet 2026", "-3", "négatif"),
        ("juillet 2026", "2,5", "entier"),
        ("juillet 2026", "9999999", "1\u202f000\u202f000"),
    ],
)
def test_what_the_form_refuses_is_refused_here(
    by: Actor, followed: Action, column: str, cell: str, reason: str
) -> None:
    batch = given(by, followed, f"Indicateur\t{column}\tjuin 2026\nMénages\t{cell}\t4")
    refused = line(batch, 2).cells[0]
    assert refused["verdict"] in (CellVerdict.REFUSED, CellVerdict.DOUBTFUL)
    assert reason in refused["rule"] or refused["verdict"] == CellVerdict.DOUBTFUL
    assert ("menages", dt.date(2026, 6, 30)) in told_after(batch, by, followed)


def told_after(batch: ImportBatch, by: Actor, action: Action) -> dict[tuple[str, dt.date], str]:
    applied(batch, by)
    return told(action)


def test_another_structure_is_not_written_for(by: Actor, followed: Action, cast: Any) -> None:
    """An operator of another dispositif of the same département reads it, and fills in nothing of it."""
    other = factories.actor(cast.operator_b)
    batch = given(other, followed)
    assert not batch.lines.filter(is_written=True).exists()
    assert {one.why for one in batch.lines.all()} == {"dites de quel dispositif parle ce tableau"}
    forged = Choices.from_json(batch.choices).to_json() | {
        "about": f"{followed.public_id}-{by.organisation.pk}"
    }
    batch.choices = forged
    batch.save()
    assert not prepare(batch=batch, by=other).lines.filter(is_written=True).exists()


def test_a_correspondent_fills_in_for_the_operator(by: Actor, followed: Action, cast: Any) -> None:
    correspondent = factories.actor(cast.correspondent59)
    applied(given(correspondent, followed), correspondent)
    assert set(FollowUp.objects.values_list("reporter", "organisation")) == {
        (by.organisation.pk, correspondent.organisation.pk)
    }


def test_a_row_may_name_its_dispositif(by: Actor, followed: Action) -> None:
    second = factories.make_action("Médiation Roubaix", operators=[by.organisation])
    text = (
        "Dispositif\tIndicateur\tDate\tValeur\nMOUS Lille\tMénages\t31/07/2026\t4\n"
        "Médiation Roubaix\tMénages\t31/07/2026\t7\nInconnu\tMénages\t31/07/2026\t1"
    )
    batch = applied(given(by, None, text), by)
    assert (told(followed), told(second)) == ({("menages", JULY): "4"}, {("menages", JULY): "7"})
    assert not batch.lines.get(line=4).is_written


def test_the_number_of_questions_to_the_base_is_that_of_one_row(
    by: Actor, followed: Action, django_assert_max_num_queries: Any
) -> None:
    rows = "\n".join(f"Ménages\t{number}" for number in range(200))
    with django_assert_max_num_queries(45):
        given(by, followed, f"Indicateur\tjuillet 2026\n{rows}")


def test_the_door_of_the_follow_up_names_the_dispositif(
    by: Actor, followed: Action, cast: Any, client: Client
) -> None:
    factories.make_action("Médiation Roubaix", operators=[by.organisation])
    client.force_login(by.user, factories.BACKEND)
    page = client.get(reverse("indicators:table", args=[followed.public_id])).content.decode()
    door = f"{reverse('imports:start')}?dispositif={followed.public_id}"
    assert door in page
    assert f'value="{followed.public_id}"' in client.get(door).content.decode()
    answer = client.post(door, {"pasted": TABLE, "dispositif": followed.public_id}, follow=True)
    batch = ImportBatch.objects.get()
    assert batch.choices["about"] == f"{followed.public_id}-{by.organisation.pk}"
    columns = reverse("imports:columns", args=[batch.public_id])
    assert answer.redirect_chain[-1][0] == columns
    told_columns = dict(form_to(answer, columns).values)
    refused = client.post(columns, {**told_columns, "about": ""})
    assert "Choisissez le dispositif dont c’est le suivi." in refused.content.decode()
    assert client.post(columns, told_columns, follow=True).status_code == 200
    typed = {"valeur-4-value.2026-09-30": "26"}
    lines = reverse("imports:lines", args=[batch.public_id])
    client.post(lines, typed)
    assert batch.lines.get(line=4).cell("value 2026-09-30")["after"] == "26"
    client.force_login(cast.observer, factories.BACKEND)
    assert door not in client.get(reverse("indicators:table", args=[followed.public_id])).content.decode()


KNOWN = [
    named("p", "Personnes", "personnes"),
    named("f", "Femmes", "femmes", "p", "Personnes"),
    named("e", "Entrées", "entrees"),
    named("ef", "Femmes", "entrees-femmes", "e", "Entrées"),
]


@pytest.mark.parametrize(
    ("words", "above", "key"),
    [
        ("Personnes", "", "p"),
        ("Nb de personnes suivies", "", "p"),
        ("PERSONNES :", "", "p"),
        ("Persones", "", "p"),
        ("- dont femmes", "p", "f"),
        ("dont femmes", "e", "ef"),
        ("Entrées femmes", "", "ef"),
        ("Femmes", "", ""),  # of which?
        ("Chats", "", ""),
        ("", "", ""),
    ],
)
def test_indicators_by_their_words(words: str, above: str, key: str) -> None:
    assert match_indicator(words, KNOWN, above).key == key


def test_the_part_of_another_structure_is_refused(by: Actor, cast: Any) -> None:
    shared = factories.make_action("MOUS Lille", operators=[by.organisation], themes=["housing", "school"])
    part = Participation.objects.known().get(action=shared, participant=by.organisation)
    correct(fact=part, by=by, reason="", blocks=("school",))
    batch = given(by, shared, "Indicateur\tjuillet 2026\taoût 2026\nMénages\t4\t5\nMaternelle\t3\t2")
    assert (line(batch, 2).verdict, line(batch, 2).is_written) == (CellVerdict.REFUSED, False)
    assert "ne remplit pas cette partie" in line(batch, 2).why
    assert line(batch, 3).is_written


def test_a_name_that_says_nothing_is_chosen_in_a_list(by: Actor, followed: Action, client: Client) -> None:
    batch = given(by, followed, "Indicateur\tjuillet 2026\taoût 2026\nTruc local\t4\t5")
    client.force_login(by.user, factories.BACKEND)
    page = client.get(reverse("imports:lines", args=[batch.public_id])).content.decode()
    assert '<select class="form-select" id="site-2" name="site-2">' in page
    assert "un nouveau site" not in page


def test_a_year_is_dated_its_last_day_when_it_is_accepted(by: Actor, followed: Action) -> None:
    text = "Indicateur\tUnité\t2024\tBilan 2025\tCible 2026\nMénages suivis\tménages\t9\t14\t20\n"
    batch = given(by, followed, text)
    assert batch.lines.get().cells == []  # a year says no day by itself
    chosen = chosen_of(batch)
    assert [guess.key for guess in chosen.columns if guess.field] == ["indicator", "unit"]
    assert "31 décembre 2025" in chosen.columns[3].why
    accepted = replace(chosen.choices, columns={"2": "value", "3": "value"})
    prepare(batch=choose(batch=batch, choices=accepted, target="indicators"), by=by)
    applied(ImportBatch.objects.get(pk=batch.pk), by)
    figures = told(followed)
    assert figures == {("menages", dt.date(2024, 12, 31)): "9", ("menages", dt.date(2025, 12, 31)): "14"}
    of_2025 = FollowUp.objects.known().get(action=followed, valid_on=dt.date(2025, 12, 31))
    assert of_2025.since == dt.date(2025, 1, 1)


def test_a_choice_and_a_share_are_read(by: Actor, followed: Action) -> None:
    factories.make_indicator(
        followed, "Accès au terrain", ValueType.CHOICE, choices=[["facile", "Facile"], ["dur", "Difficile"]]
    )
    factories.make_indicator(followed, "Enfants vaccinés", ValueType.SHARE)
    text = (
        "Indicateur\tjuin 2026\tjuillet 2026\taoût 2026\tseptembre 2026\n"
        "Accès au terrain\tdifficile\tmoyen\tND\t\n"
        "Enfants vaccinés\t12 sur 15\t9/12\t75 %\t20 sur 15\n"
    )
    batch = given(by, followed, text)
    way, share = (line(batch, number).cells for number in (2, 3))
    assert [(cell["verdict"], cell["after"]) for cell in way][::2] == [("new", "Difficile"), ("new", "ND")]
    assert (way[1]["verdict"], way[1]["options"]) == ("doubtful", ["Facile", "Difficile"])
    assert [cell["verdict"] for cell in share[:3]] == ["new", "new", "doubtful"]
    assert "12 sur 15" in share[2]["rule"]
    reply_to_lines(batch=batch, by=by, decisions={}, fixes={2: {"value 2026-07-31": "Facile"}})
    applied(ImportBatch.objects.get(pk=batch.pk), by)
    facts = Measurement.objects.known().filter(series__action=followed).select_related("series__indicator")
    values = {(fact.series.indicator.label, fact.valid_on.month): fact.value for fact in facts}
    assert values["Accès au terrain", 6] == Value.choice("dur", "Difficile")
    assert values["Accès au terrain", 7] == Value.choice("facile", "Facile")
    assert values["Enfants vaccinés", 6] == Value.percent(numerator=12, denominator=15)
    again = given(by, followed, text)
    assert {cell["verdict"] for cell in line(again, 3).cells[:2]} == {"same"}
