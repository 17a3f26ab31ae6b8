"""« Qui a fait quoi »: what is told of facts and records, and in what order."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.template import engines

from jalons.core.ui import Change, Entry
from jalons.history.querysets import AsOf
from jalons.history.selectors import fact_entries, history_entries, record_entries, timeline
from jalons.history.services import correct, save_record, withdraw
from jalons.sites.models import LivingConditions, Occupation, Site, SiteAlias, Survey
from jalons.sites.services import remove_alias, set_survey_aside, take_survey_back
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.date(2019, 12, 12)
NOON = dt.datetime(2020, 1, 11, 12, tzinfo=ZoneInfo("Europe/Paris"))
HOUR = dt.timedelta(hours=1)


def surveys_of(site: Site) -> list[Entry]:
    return fact_entries(Survey.objects.filter(site=site), label="le recensement")


def test_a_survey_is_told_from_its_first_word_to_its_last() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    survey = factories.make_survey(site, DAY, 1108, reliability=2, recorded_at=NOON)
    fixed = correct(
        fact=survey,
        by=author,
        reason="deux caravanes oubliées",
        at=NOON + HOUR,
        people=1112,
        households=26,
        minors=None,
        blanks={"minors": "nd"},
        reliability=3,
        valid_on=DAY + dt.timedelta(days=1),
    )
    withdraw(fact=fixed, by=author, reason="autre site", at=NOON + 2 * HOUR)
    added, corrected, withdrawn = surveys_of(site)

    assert (added.when, added.who, added.organisation) == (NOON, str(author.user), str(author.organisation))
    assert (added.what, added.changes) == ("a ajouté le recensement du 12 décembre 2019", ())
    assert corrected.what == "a corrigé le recensement du 12 décembre 2019"
    assert corrected.changes == [
        Change("Date", "12/12/2019", "13/12/2019"),
        Change("Fiabilité", "Déclaré", "Compté"),
        Change("Personnes", "1\u202f108", "1\u202f112"),
        Change("Ménages", "", "26"),
        Change("Mineurs", "", "ND"),
    ]
    assert corrected.reason == "deux caravanes oubliées"
    assert withdrawn.what == "a retiré le recensement du 13 décembre 2019"
    assert (withdrawn.changes, withdrawn.reason) == ([], "autre site")


def test_acts_have_their_own_verb() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    survey = factories.make_survey(site, DAY)
    aside = set_survey_aside(survey=survey, by=author, reason="doublon")
    take_survey_back(survey=aside, by=author, reason="pas un doublon")
    assert [entry.what.split(" le ")[0] for entry in surveys_of(site)] == [
        "a ajouté",
        "a écarté",
        "a repris",
    ]
    factories.close_site(site, dt.date(2020, 2, 1))
    closed = fact_entries(
        Occupation.objects.filter(site=site), label="le site", dated=False, added="a déclaré habité"
    )
    assert [entry.what for entry in closed] == ["a déclaré habité le site", "a fermé le site"]
    assert Change("Fermé le", "", "01/02/2020") in closed[1].changes


def test_a_fact_that_came_from_another_site_keeps_its_story() -> None:
    left, kept = factories.make_site("Doublon"), factories.make_site("Gardé")
    survey = factories.make_survey(left, DAY)
    correct(fact=survey, by=factories.an_author(left), reason="fusion", site=kept)
    assert [entry.what[:9] for entry in surveys_of(kept)] == ["a ajouté ", "a corrigé"]
    assert surveys_of(kept)[1].changes == [Change("Site", "Doublon", "Gardé")]


def test_what_is_not_a_column_can_be_told() -> None:
    site = factories.make_site()
    first = factories.make_conditions(site, DAY, answers={"tap": "yes"})
    correct(fact=first, by=factories.an_author(site), reason="", answers={"tap": "no", "pump": "yes"})
    entries = fact_entries(
        LivingConditions.objects.filter(site=site),
        label="les conditions de vie",
        also=lambda version: {f"Réponse {name}": text for name, text in version.answers.items()},
    )
    assert entries[1].changes == [Change("Réponse tap", "yes", "no"), Change("Réponse pump", "", "yes")]


def test_a_record_is_told_field_by_field() -> None:
    site = factories.make_site("Rue du Général", kind="land", resorption_target=2025)
    author = factories.an_author(site)
    site.name, site.kind, site.origins, site.latitude, site.longitude = (
        "Rue Neuve", "building", ("french", "other"), 50.5, 3.25,
    )  # fmt: skip
    site.resorption_target, site.commune = 2026, factories.commune(factories.ROUBAIX)
    save_record(record=site, by=author, reason="mal situé")
    save_record(record=site, by=author)  # nothing changed: nothing to tell
    created, changed = record_entries(site)
    assert (created.what, created.changes) == ("a créé la fiche", [])
    assert (changed.what, changed.reason) == ("a modifié la fiche", "mal situé")
    assert (changed.who, changed.organisation) == (str(author.user), str(author.organisation))
    assert changed.changes == [
        Change("Nom du site", "Rue du Général", "Rue Neuve"),
        Change("Commune", "Lille", "Roubaix"),
        Change("Latitude", "", "50,5"),
        Change("Longitude", "", "3,25"),
        Change("Type de site", "Terrain", "Immeuble bâti"),
        Change("Origines", "", "Ressortissants français et Extracommunautaires"),
        Change("Année visée pour la résorption", "2025", "2026"),
    ]


def test_removed_records_are_told_once_with_their_reason() -> None:
    site = factories.make_site()
    alias = factories.make_alias(site, "La friche")
    remove_alias(alias=alias, by=factories.an_author(site))
    entries = history_entries(
        SiteAlias.history.filter(site=site), label=lambda row: f"l’appellation « {row.name} »"
    )
    assert [(entry.what, entry.reason) for entry in entries] == [
        ("a créé l’appellation « La friche »", ""),
        ("a supprimé l’appellation « La friche »", "appellation retirée"),
    ]


def test_what_the_server_did_has_no_person() -> None:
    organisation = factories.make_organisation("Les amis de Lille")
    assert (record_entries(organisation)[0].who, record_entries(organisation)[0].organisation) == ("", "")


def test_newest_first_and_nothing_written_after_the_day_looked_at() -> None:
    a_day = Entry(DAY, "", "journée")
    noon, later = Entry(NOON, "", "midi"), Entry(NOON + HOUR, "", "treize heures")
    same = Entry(NOON, "", "midi aussi")
    assert timeline([noon, same, later], [a_day]) == [later, same, noon, a_day]
    assert timeline([noon, later], [a_day], limit=2) == [later, noon]
    assert timeline([noon, later], [a_day], at=AsOf(known=DAY)) == [a_day]
    assert timeline([noon], at=AsOf(valid=DAY)) == [noon]


def test_as_many_queries_for_one_fact_as_for_many(django_assert_num_queries) -> None:
    site = factories.make_site()
    for number in range(6):
        survey = factories.make_survey(site, DAY, number, source=factories.make_organisation())
        correct(fact=survey, by=factories.actor(factories.make_user("operator", "59")), reason="", people=9)
        save_record(record=site, by=factories.actor(factories.make_user("operator", "59")))
        site.name = f"Nom {number}"
    with django_assert_num_queries(2):
        entries = timeline(surveys_of(site), record_entries(site))
        page = engines["django"].from_string("{% timeline entries %}").render({"entries": entries})
    assert page.count("<li><p><b>") == len(entries) == 12 + 6
