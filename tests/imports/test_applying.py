"""A table of sites, from its file to its facts and back: everything or nothing, nothing of others undone."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jalons.history.querysets import AsOf
from jalons.history.services import Actor
from jalons.imports import jobs
from jalons.imports.choices import Choices
from jalons.imports.enums import BatchState, CellVerdict, RowOutcome
from jalons.imports.models import ImportBatch, ImportedFact, ImportLine, ImportMapping
from jalons.imports.reading.texts import read_pasted
from jalons.imports.services import (
    answer_absents,
    apply_now,
    ask_to_apply,
    ask_to_undo,
    choose,
    give_file,
    prepare,
    reply_to_lines,
    undo_now,
)
from jalons.imports.services.drafts import chosen_of
from jalons.sites.exports import SITES
from jalons.sites.models import LivingConditions, Occupation, Site, SiteAlias, Survey
from tests import factories
from tests.worlds import stored

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 9, 28)
TABLE = """Commune\tSite\tAdresse\tPers.\tMineurs\tEau\tVu le
Lille\tRue du Moulin\t\t42\t19\toui\t28/09/2026
Lille\tmoulin (rue)\t\t42\t19\t\t30/09/2026
Roubaix\tFriche du canal\tquai\t12 pers.\tND\tnon\t28/09/2026
Lille\tTalus\t\t~30\t\t\t28/09/2026
Marseille\tCalanque\t\t8\t\t\t28/09/2026
"""


def given(by: Actor, text: str = TABLE, **told: Any) -> ImportBatch:
    batch = give_file(
        name="observatoire.txt", kind="txt", content=text.encode(), sheets=[read_pasted(text)], by=by, **told
    )
    return prepare(batch=batch, by=by)


def applied(batch: ImportBatch, by: Actor) -> ImportBatch:
    assert ask_to_apply(batch=batch)
    apply_now(batch=batch, by=by)
    batch.refresh_from_db()
    return batch


def undone(batch: ImportBatch, by: Actor) -> ImportBatch:
    assert ask_to_undo(batch=batch)
    undo_now(batch=batch, by=by)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.correspondent59)


def new_mill(cast: Any) -> Site:
    site = factories.make_site("Rue du Moulin")
    factories.make_survey(site, dt.date(2026, 6, 1), 40)
    return site


stored_mill, mill = stored(new_mill)


def line(batch: ImportBatch, number: int) -> ImportLine:
    return batch.lines.get(line=number)


def verdicts(batch: ImportBatch, number: int) -> dict[str, str]:
    return {cell["key"]: cell["verdict"] for cell in line(batch, number).cells}


def exported(user: Any) -> list[Any]:
    """Everything that the list of sites takes away."""
    book = SITES.build(user, {})
    return [
        [column.value(row) for column in book.columns(table)] for table in book.tables for row in table.rows()
    ]


def test_each_row_says_what_would_come_of_it(by: Actor, mill: Site) -> None:
    batch = given(by)
    assert (batch.target, batch.state) == ("sites", BatchState.READY)
    first = line(batch, 2)
    assert (first.outcome, first.site, first.verdict) == (
        RowOutcome.THIS,
        mill.public_id,
        CellVerdict.CHANGED,
    )
    assert first.cell("people")["before"] == "40"
    assert first.cell("people")["who"].startswith(str(Survey.objects.get(site=mill).author))
    assert verdicts(batch, 2)["water"] == CellVerdict.NEW
    assert line(batch, 4).outcome == RowOutcome.NEW
    assert (line(batch, 5).verdict, line(batch, 5).is_written) == (CellVerdict.DOUBTFUL, False)
    assert line(batch, 6).verdict == CellVerdict.DOUBTFUL  # another département's commune
    assert Survey.objects.count() == 1  # nothing is written before it is asked


def test_what_is_applied_says_where_it_comes_from(by: Actor, mill: Site) -> None:
    batch = applied(given(by), by)
    assert (batch.state, batch.done) == (BatchState.APPLIED, 3)
    survey = Survey.objects.in_force(AsOf(valid=DAY)).get(site=mill)
    assert (survey.people, survey.minors, survey.organisation) == (42, 19, by.organisation)
    assert survey.reason.startswith("tableau du ")
    assert survey.reason.endswith(", ligne\u00a02") or survey.reason.endswith(", ligne 2")
    assert LivingConditions.objects.get(site=mill).answers == {"water": {"access": "yes"}}
    new = Site.objects.get(name="Friche du canal")
    assert (new.address, new.commune_id) == ("quai", factories.ROUBAIX)
    told = Survey.objects.get(site=new)
    assert (told.people, str(told.value("minors"))) == (12, "ND")
    # Two days later the same figures: the date is renewed.
    assert Survey.objects.known().filter(site=mill).count() == 3


def test_what_is_undone_leaves_the_lists_as_they_were(by: Actor, mill: Site) -> None:
    before = exported(by.user)
    batch = applied(given(by), by)
    assert exported(by.user) != before
    batch = undone(batch, by)
    assert (batch.state, batch.left) == (BatchState.UNDONE, [])
    assert exported(by.user) == before
    assert Survey.objects.filter(site=mill).count() > 1  # the history keeps both


def test_the_same_day_is_corrected_and_given_back(by: Actor, cast: Any) -> None:
    site = factories.make_site("Quai du Canal")
    survey = factories.make_survey(site, DAY, 40, by=factories.actor(cast.correspondent59))
    batch = applied(given(by, "Commune\tSite\tPers.\tVu le\nLille\tQuai du Canal\t41\t28/09/2026"), by)
    [corrected] = Survey.objects.known().filter(site=site)
    assert (corrected.people, corrected.lineage) == (41, survey.lineage)
    undone(batch, by)
    [again] = Survey.objects.known().filter(site=site)
    assert (again.people, again.lineage) == (40, survey.lineage)


def test_what_a_colleague_wrote_since_is_asked_again(by: Actor, mill: Site, cast: Any) -> None:
    batch = given(by)
    factories.make_survey(mill, dt.date(2026, 9, 1), 55)
    batch = applied(batch, by)
    assert batch.state == BatchState.READY
    assert "rien n’a été enregistré" in batch.failure
    assert [one.line for one in batch.lines.filter(moved=True)] == [2, 3]
    assert not ImportedFact.objects.exists()
    assert not Site.objects.filter(name="Friche du canal").exists()
    assert applied(batch, by).state == BatchState.APPLIED


def test_what_a_colleague_changed_since_is_kept_and_named(by: Actor, mill: Site) -> None:
    batch = applied(given(by), by)
    new = Site.objects.get(name="Friche du canal")
    factories.make_survey(new, dt.date(2026, 10, 10), 14)
    batch = undone(batch, by)
    assert any("Friche du canal" in sentence for sentence in batch.left)
    assert Occupation.objects.known().filter(site=new).exists()
    assert [survey.people for survey in Survey.objects.known().filter(site=new)] == [14]


def test_what_one_may_not_write_any_more_is_kept_and_named(by: Actor, mill: Site) -> None:
    """Whoever undoes it, with the rights of that day."""
    before = Survey.objects.known().filter(site=mill).count()
    batch = applied(given(by), by)
    written = Survey.objects.known().filter(site=mill).count()
    assert written > before
    [membership] = by.user.memberships.all()
    membership.scopes.set([factories.scope(factories.ROUBAIX)])
    batch = undone(batch, Actor(type(by.user).objects.get(pk=by.user.pk), by.organisation))
    assert Survey.objects.known().filter(site=mill).count() == written
    assert any("Rue du Moulin" in sentence and "plus le droit" in sentence for sentence in batch.left)
    new = Site.objects.get(name="Friche du canal")  # in Roubaix
    assert not Occupation.objects.known().filter(site=new).exists()


def test_a_person_decides_row_by_row_or_for_a_column(by: Actor, mill: Site) -> None:
    batch = given(by)
    reply_to_lines(
        batch=batch, by=by, decisions={4: "leave", 5: mill.public_id}, fixes={}, rules={"people": "suggest"}
    )
    assert line(batch, 4).outcome == RowOutcome.LEFT
    told = line(batch, 5)
    assert (told.site, told.is_written) == (mill.public_id, False)  # the same site and day as row 2
    reply_to_lines(batch=batch, by=by, decisions={}, fixes={5: {"observed_on": "29/09/2026"}})
    assert line(batch, 5).is_written
    batch = applied(batch, by)
    assert Survey.objects.get(site=mill, valid_on=dt.date(2026, 9, 29)).people == 30
    assert SiteAlias.objects.get(site=mill).name == "Talus"
    assert (
        given(by, "Commune\tSite\tPers.\tVu le\nLille\tTALUS\t9\t02/10/2026").lines.get().site
        == mill.public_id
    )
    undone(batch, by)
    assert not SiteAlias.objects.filter(site=mill).exists()


def test_a_value_typed_again_is_read_like_the_file(by: Actor, mill: Site) -> None:
    batch = given(by)
    reply_to_lines(batch=batch, by=by, decisions={}, fixes={5: {"people": "25"}})
    assert line(batch, 5).cell("people")["after"] == "25"
    reply_to_lines(batch=batch, by=by, decisions={}, fixes={5: {"people": "20-25"}})
    assert verdicts(batch, 5)["people"] == CellVerdict.DOUBTFUL


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Lille\tRue du Moulin\t12\t01/01/2099", "à venir"),
        ("Lille\tRue Close\t12\t28/09/2026", "fermé depuis"),
        ("Arras\tFriche\t12\t28/09/2026", "n’est pas une commune de votre territoire"),
        ("Lille\t\t12\t28/09/2026", "rien ne désigne"),
    ],
)
def test_rows_that_cannot_be_written_say_why(by: Actor, mill: Site, row: str, words: str) -> None:
    factories.make_site("Rue Close", closed=dt.date(2020, 1, 1))
    batch = given(by, f"Commune\tSite\tPers.\tVu le\nLille\tRue du Moulin\t40\t27/09/2026\n{row}")
    told = line(batch, 3)
    assert words in told.why
    assert not told.is_written


def test_two_counts_of_one_day_wait_for_a_choice(by: Actor, mill: Site) -> None:
    """Neither is taken by itself; the one that is chosen is, once the other is left."""
    text = TABLE.splitlines()[0] + "\n"
    text += "".join(f"Lille\tRue du Moulin\t\t{people}\t9\t\t28/09/2026\n" for people in (42, 45))
    batch = given(by, text)
    assert [(line.is_written, line.verdict) for line in batch.lines.order_by("line")] == [
        (False, CellVerdict.DOUBTFUL), (False, CellVerdict.DOUBTFUL),
    ]  # fmt: skip
    assert "ligne 3, avec d’autres chiffres" in batch.lines.get(line=2).why
    batch = reply_to_lines(batch=batch, by=by, decisions={3: "leave"}, fixes={})
    assert [line.is_written for line in batch.lines.order_by("line")] == [True, False]


def test_who_may_not_write_may_try(cast: Any, mill: Site) -> None:
    by = factories.actor(cast.contributor)
    batch = given(by, rehearsal=True)
    assert line(batch, 2).is_written  # what would happen
    assert not ask_to_apply(batch=batch)
    batch = given(by)
    assert not batch.lines.filter(is_written=True).exists()


def test_the_columns_chosen_come_back_the_next_month(by: Actor, mill: Site) -> None:
    text = "Commune\tSite\tGens\tVu le\nLille\tRue du Moulin\t40\t27/09/2026"
    batch = given(by, text)
    guesses = {guess.heading.words: guess for guess in chosen_of(batch).columns}
    assert guesses["Gens"].field == ""
    choices = Choices.from_json(batch.choices)
    columns = {"0": "commune", "1": "name", "2": "people", "3": "observed_on"}
    told = Choices(sheet=choices.sheet, columns=columns, on=choices.on, source_kind=choices.source_kind)
    prepare(batch=choose(batch=batch, choices=told, target="sites"), by=by)
    assert ImportMapping.objects.count() == 1
    again = {guess.heading.words: guess for guess in chosen_of(given(by, text.replace("09", "10"))).columns}
    assert (again["Gens"].field, again["Gens"].reason) == ("people", "saved")


# The worker ---------------------------------------------------------------------------------------------------


def test_a_killed_worker_is_followed_once_then_fails_aloud(by: Actor, mill: Site, monkeypatch: Any) -> None:
    """What the transaction began left nothing: the batch waits, silent, until `periodic` gives it back."""
    batch = given(by)
    assert ask_to_apply(batch=batch)
    assert jobs.give_back() == "Aucune reprise interrompue."
    silent = timezone.now() - jobs.SILENCE - dt.timedelta(seconds=1)
    ImportBatch.objects.update(pulse_at=silent, attempts=1)
    jobs.give_back()
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED
    second = given(by, TABLE.replace("28/09", "05/10"))
    assert ask_to_apply(batch=second)
    ImportBatch.objects.filter(pk=second.pk).update(pulse_at=silent, attempts=jobs.MOST_ATTEMPTS)
    jobs.give_back()
    second.refresh_from_db()
    assert (second.state, "interrompu deux fois" in second.failure) == (BatchState.READY, True)


def test_a_batch_is_applied_and_undone_once(by: Actor, mill: Site) -> None:
    batch = given(by)
    assert ask_to_apply(batch=batch)
    assert not ask_to_apply(batch=batch)
    apply_now(batch=batch, by=by)
    surveys = Survey.objects.count()
    apply_now(batch=batch, by=by)  # the same work, given twice
    assert Survey.objects.count() == surveys
    batch.refresh_from_db()
    ImportBatch.objects.update(applied_at=timezone.now() - dt.timedelta(days=91))
    batch.refresh_from_db()
    assert not ask_to_undo(batch=batch)


def test_a_failure_in_the_middle_writes_nothing(by: Actor, mill: Site, monkeypatch: Any) -> None:
    """The sites and the counts are written, then the assessments fail: nothing of it stays."""
    batch = given(by)

    def failing(**told: Any) -> Any:
        assert Survey.objects.count() > 1
        raise RuntimeError

    monkeypatch.setattr("jalons.imports.services.writing.sites.add_assessments", failing)
    assert ask_to_apply(batch=batch)
    with pytest.raises(RuntimeError):
        apply_now(batch=batch, by=by)
    assert Survey.objects.count() == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLYING


def test_previews_are_forgotten_after_a_week(by: Actor, mill: Site) -> None:
    batch, other = given(by), applied(given(by), by)
    ImportBatch.objects.update(created_at=timezone.now() - dt.timedelta(days=8))
    jobs.forget_previews()
    assert list(ImportBatch.objects.values_list("pk", flat=True)) == [other.pk]
    assert not ImportLine.objects.filter(batch=batch.pk).exists()


def test_what_the_table_does_not_name(by: Actor, mill: Site, cast: Any, client: Client) -> None:
    """Still there, closed or left: written with the rows, and taken back with them."""
    still, gone, left, counted = (factories.make_site(name) for name in ("Pré", "Quai", "Ru", "Val"))
    for site in (still, gone, left):
        factories.make_survey(site, dt.date(2026, 6, 1), 12)
    factories.make_survey(counted, dt.date(2026, 10, 2), 3)
    elsewhere = factories.make_site("Calanque", factories.MARSEILLE)
    before = exported(by.user)
    batch = given(by)
    client.force_login(by.user, factories.BACKEND)
    url = reverse("imports:absents", args=[batch.public_id])
    page = client.get(url)
    assert {form.absent.site for form in page.context["rows"]} == {still, gone, left}
    assert elsewhere.name not in page.content.decode()
    typed = {
        f"{still.public_id}-choice": "still",
        f"{gone.public_id}-choice": "closed",
        f"{gone.public_id}-on": "",
    }
    refused = client.post(url, typed).content.decode()
    assert "Écrivez la date de la fermeture." in refused
    assert "Choisissez une raison" in refused
    typed |= {f"{gone.public_id}-on": "15/09/2026", f"{gone.public_id}-reason": "voluntary"}
    answer = client.post(url, typed, follow=True)
    assert "2 réponses notées" in answer.content.decode()
    stranger = Client()
    stranger.force_login(cast.correspondent13, factories.BACKEND)
    assert stranger.post(url, {f"{gone.public_id}-choice": ""}).status_code == 404
    batch.refresh_from_db()
    assert set(batch.choices["absent"]) == {still.public_id, gone.public_id}
    batch = applied(batch, by)
    assert (batch.state, batch.failure) == (BatchState.APPLIED, "")
    assert Occupation.objects.known().get(site=gone).ended_on == dt.date(2026, 9, 15)
    survey = Survey.objects.in_force(AsOf(valid=dt.date(2026, 9, 30))).get(site=still)
    assert (survey.people, survey.valid_on) == (12, dt.date(2026, 9, 30))
    assert Survey.objects.known().filter(site=left).count() == 1
    assert undone(batch, by).left == []
    assert exported(by.user) == before


def test_a_site_closed_meanwhile_is_no_longer_absent(by: Actor, mill: Site) -> None:
    gone = factories.make_site("Quai")
    factories.make_survey(gone, dt.date(2026, 6, 1), 12)
    batch = answer_absents(batch=given(by), answers={gone.public_id: {"choice": "still"}})
    factories.close_site(gone, dt.date(2026, 9, 1))
    batch = applied(batch, by)
    assert batch.state == BatchState.READY
    assert "« Quai », absent de ce tableau, a changé" in batch.failure
    assert Survey.objects.filter(site=mill).count() == 1


def test_who_may_not_close_does_not_close(cast: Any, mill: Site) -> None:
    """An operator without the grant updates sites and closes none, whatever is posted."""
    by = factories.actor(cast.operator_a)
    gone = factories.make_site("Quai")
    factories.make_survey(gone, dt.date(2026, 6, 1), 12)
    answers = {gone.public_id: {"choice": "closed", "on": "2026-09-15", "reason": "other"}}
    batch = applied(answer_absents(batch=given(by), answers=answers), by)
    assert "Vous ne pouvez pas fermer" in batch.failure
    assert Occupation.objects.known().get(site=gone).ended_on is None


def test_the_file_goes_once_it_cannot_be_undone(by: Actor, mill: Site, client: Client) -> None:
    batch = applied(given(by), by)
    jobs.forget_files()
    assert ImportBatch.objects.get().has_file
    ImportBatch.objects.update(applied_at=timezone.now() - dt.timedelta(days=91))
    assert jobs.forget_files() == "1 fichier oublié après 90 jours."
    assert jobs.forget_files() == "0 fichier oublié après 90 jours."
    client.force_login(by.user, factories.BACKEND)
    for name in ("original", "corrections"):
        answer = client.get(reverse(f"imports:{name}", args=[batch.public_id]), follow=True)
        assert "Ce fichier n’est plus gardé" in answer.content.decode()
    assert Survey.objects.filter(site=mill).count() > 1
