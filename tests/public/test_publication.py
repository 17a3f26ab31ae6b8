"""From sites to what everybody reads: counted as on the screens, prepared, published, withdrawn."""

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.figures.areas import find_area
from jalons.figures.disclosure import WholeCountry
from jalons.figures.registry import FigureQuestion, families, read_family
from jalons.history.querysets import AsOf
from jalons.public import limits
from jalons.public.counting import contributions_of, country
from jalons.public.disclosure.cells import OpenCell, backings
from jalons.public.enums import EditionState
from jalons.public.half_years import HalfYear
from jalons.public.jobs import give_back, prepare_edition, progress_of
from jalons.public.measures import KEYS
from jalons.public.models import CountedHalfYear, OpenEdition, OpenHalfYear
from jalons.public.services import EditionRefused, ask_edition, publish_edition, withdraw_edition
from jalons.public.verdicts import hidden_groups
from jalons.sites.enums import ClosingReason, OrientationKind
from jalons.sites.models import Orientation, Resettlement, Survey
from tests import factories
from tests.factories import ARRAS, BACKEND, LILLE, MARSEILLE, ROUBAIX, Cast

pytestmark = pytest.mark.django_db
TODAY = dt.date(2020, 8, 1)
SPRING = HalfYear(2020, 1)
PLACES = {LILLE: 4, ROUBAIX: 4, ARRAS: 1, MARSEILLE: 6}
LIVE = ("jalons_sites_", "sites_", "actions_", "indicators_", "public_countedhalfyear")


@pytest.fixture
def written(cast: Cast) -> Cast:
    """Sites of three organisations in three départements, counted; three closed in the spring."""
    by = [factories.actor(factories.make_user("operator", "FR", name=f"Plume {n}")) for n in range(3)]
    number = 0
    for code, many in PLACES.items():
        for _ in range(many):
            number += 1
            who = by[number % 3]
            site = factories.make_site(f"{code} {number}", code, by=who, opened=dt.date(2019, 1, 1))
            known = {"households": 5, "women": 8, "minors": 9, "minors_at_school": 4}
            factories.make_survey(site, dt.date(2019, 9, 1), 20 + number, by=who, **known)
            if number <= 3:
                closing = factories.close_site(
                    site, dt.date(2020, 3, number), reason=ClosingReason.RESORBED, by=who
                )
                Orientation.objects.create(occupation=closing, kind=OrientationKind.HOUSING, people=7)
            if number == 5:
                factories.make_fact(
                    Resettlement,
                    site,
                    dt.date(2020, 2, 1),
                    by=who,
                    origin=factories.make_site(code=code),
                    people=4,
                )
    return cast


@pytest.fixture
def edition(written: Cast) -> OpenEdition:
    return prepared(written, SPRING)


def prepared(cast: Cast, first: HalfYear, last: HalfYear | None = None) -> OpenEdition:
    # What was recorded today is known tomorrow.
    known_on = dt.date.today() + dt.timedelta(days=1)
    by = factories.actor(cast.national)
    edition = ask_edition(first=first, last=last or first, known_on=known_on, by=by)
    prepare_edition.enqueue(edition.pk)
    edition.refresh_from_db()
    return edition


def values_of(measure: str) -> dict[str, Any]:
    return {
        area: value
        for area, (value, _) in OpenHalfYear.objects.get(is_out=True).content["figures"][measure].items()
    }


def test_what_is_counted_is_what_the_screens_say(written: Cast) -> None:
    shape = country()
    known_on = dt.date.today() + dt.timedelta(days=1)
    counted = backings(shape, contributions_of(SPRING, known_on))
    areas = {"nation": "nation", "departement-59": "departement-59", "region-93": "region-93"}
    checked = 0
    for text in areas.values():
        asked = FigureQuestion(
            WholeCountry(),
            AsOf(SPRING.last_day, known_on),
            find_area(text),
            SPRING.first_day,  # type: ignore[arg-type]
        )
        readings = {key: value for name in families() for key, value in read_family(name, asked).items()}
        for key in KEYS:
            number = readings[key].number
            assert counted[OpenCell(key, shape.tree.same(text))].value == (number or 0), (key, text)
            checked += bool(number)
    assert checked > 15


def test_an_edition_is_prepared_then_published(edition: OpenEdition, cast: Cast) -> None:
    assert edition.state == EditionState.READY
    assert not OpenHalfYear.objects.exists(), "nothing is open before it is published"
    publish_edition(edition=edition, by=factories.actor(cast.national))
    people = values_of("personnes")
    assert people["nation"] == sum(20 + number for number in range(4, 16))
    assert people["departement-62"] == "c", "one site"
    assert people["departement-93"] == "c", "nobody: it looks the same"
    assert values_of("sites-ouverts")["nation"] == 13
    assert {area for area, value in values_of("resorptions").items() if value != "c"} <= {
        "nation",
        "region-32",
    }
    with pytest.raises(EditionRefused, match="déjà été publiée"):
        publish_edition(edition=edition, by=factories.actor(cast.national))
    with pytest.raises(TypeError):
        OpenHalfYear.objects.get().delete()


def test_two_people_prepare_and_publish_at_once(edition: OpenEdition, cast: Cast) -> None:
    """The second edition was audited beside what was out before the first one: it has to be prepared again."""
    by = factories.actor(cast.national)
    other = prepared(cast, SPRING)
    publish_edition(edition=edition, by=by)
    with pytest.raises(EditionRefused, match="Préparez-la de nouveau"):
        publish_edition(edition=other, by=by)
    other.refresh_from_db()
    assert (other.state, other.published_at) == (EditionState.READY, None)
    again = prepared(cast, SPRING)
    publish_edition(edition=again, by=by)
    assert again.beside == edition.number


def test_what_is_withdrawn_stays_known(edition: OpenEdition, cast: Cast, client: Client) -> None:
    by = factories.actor(cast.national)
    publish_edition(edition=edition, by=by)
    withdraw_edition(edition=edition, reason="Un site compté deux fois.", by=by)
    assert client.get("/public/chiffres.json").status_code == 404
    assert "Aucune édition" in client.get("/public/").content.decode()
    again = prepared(cast, SPRING)
    assert again.beside == edition.number
    assert again.verdict["figures"] > 0
    with pytest.raises(EditionRefused):
        withdraw_edition(edition=edition, reason="Encore.", by=by)


def test_a_refused_or_stopped_edition_is_not_published(edition: OpenEdition, cast: Cast) -> None:
    by = factories.actor(cast.national)
    OpenEdition.objects.filter(pk=edition.pk).update(state=EditionState.REFUSED)
    with pytest.raises(EditionRefused, match="contrôle"):
        publish_edition(edition=edition, by=by)
    stopped = ask_edition(first=SPRING, last=SPRING, known_on=TODAY, by=by)
    with pytest.raises(EditionRefused, match="en préparation"):
        ask_edition(first=SPRING, last=SPRING, known_on=TODAY, by=by)
    progress_of(stopped).ask_to_stop()
    prepare_edition.enqueue(stopped.pk)
    stopped.refresh_from_db()
    assert (stopped.state, "demande" in stopped.failure) == (EditionState.FAILED, True)
    with pytest.raises(EditionRefused, match="pas terminé"):
        ask_edition(first=SPRING, last=HalfYear(2020, 2), known_on=TODAY, by=by)


def test_a_killed_worker_gives_one_edition(written: Cast) -> None:
    by = factories.actor(written.national)
    edition = ask_edition(first=SPRING, last=SPRING, known_on=TODAY, by=by)
    long_ago = edition.asked_at - dt.timedelta(hours=1)
    OpenEdition.objects.filter(pk=edition.pk).update(pulse_at=long_ago, attempts=1)
    assert "1 rendues" in give_back()
    edition.refresh_from_db()
    assert edition.state == EditionState.READY
    assert CountedHalfYear.objects.filter(edition=edition).count() == 1
    OpenEdition.objects.filter(pk=edition.pk).update(
        state=EditionState.PREPARING, pulse_at=long_ago, attempts=2
    )
    assert "1 en échec" in give_back()


@pytest.fixture
def online(edition: OpenEdition, cast: Cast) -> OpenEdition:
    return publish_edition(edition=edition, by=factories.actor(cast.national))


def test_page_csv_and_json_say_the_same(online: OpenEdition, client: Client) -> None:
    page = client.get("/public/?mesure=personnes&niveau=departement").content.decode()
    told = json.loads(client.get("/public/chiffres.json?semestre=2020-S1").content)
    lines = list(
        csv.DictReader(
            io.StringIO(client.get("/public/chiffres.csv").content.decode("utf-8-sig")), delimiter=";"
        )
    )
    content = OpenHalfYear.objects.get().content["figures"]
    assert len(lines) == len(told["chiffres"]) == sum(len(areas) for areas in content.values())
    for line, figure in zip(lines, told["chiffres"], strict=True):
        area = "-".join(filter(None, (figure["niveau"], figure["code"])))
        assert content[figure["mesure"]][area] == [figure["valeur"], figure["couverture_au_moins"]]
        assert line["valeur"] == str(figure["valeur"])
    assert {figure["niveau"] for figure in told["chiffres"]} == {"nation", "region", "departement"}
    assert [row["mesure"] for row in told["mesures"]] == list(KEYS)
    assert told["connu_le"] == online.known_on.isoformat()
    assert "Lille" not in page
    assert client.get("/public/carte.svg?mesure=autre").status_code == 404
    assert client.get("/public/?semestre=2019-S1").status_code == 404


def test_open_pages_read_nothing_but_what_is_published(online: OpenEdition, client: Client) -> None:
    """No site, no count, no dispositif; nor what the edition counted, hidden figures included."""
    for path in (
        "/",
        "/public/",
        "/public/chiffres.csv",
        "/public/chiffres.json",
        "/public/methode/",
        "/public/carte.svg",
    ):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        sent = [query["sql"] for query in queries.captured_queries]
        assert len(sent) <= 5, (path, sent)
        assert not [sql for sql in sent if any(f'"{table}' in sql for table in LIVE)], path


def test_who_asks_too_fast_waits(online: OpenEdition, client: Client, settings: Any) -> None:
    """One visitor, and no other; nothing is read for them."""
    settings.OPEN_PAGES_A_MINUTE = 3
    limits.visits.until = 0.0
    url = "/public/"
    answers = [client.get(url, REMOTE_ADDR="203.0.113.7") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert "csv" in answers[-1].content.decode()
    assert client.get(url, REMOTE_ADDR="203.0.113.8").status_code == 200
    counter = limits.VisitCounter()
    assert [counter.too_many("a", most=1, now=now) for now in (0.0, 59.0, 60.0)] == [False, True, False]


def test_copies_may_be_kept_and_no_cookie_is_set(online: OpenEdition, client: Client, cast: Cast) -> None:
    for path in ("/public/", "/public/chiffres.csv", "/public/chiffres.json"):
        answer = client.get(path)
        assert answer["Cache-Control"] == "public, max-age=300", path
        assert not answer.cookies, path
        again = client.get(path, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
    withdraw_edition(edition=online, reason="Erreur.", by=factories.actor(cast.national))
    assert client.get("/public/", headers={"if-none-match": answer["ETag"]}).status_code == 200
    client.force_login(cast.national, BACKEND)
    assert client.get("/public/")["Cache-Control"] == "private, no-store"


def test_a_later_change_of_the_sites_changes_nothing_open(online: OpenEdition, client: Client) -> None:
    before = client.get("/public/chiffres.json").content
    site = Survey.objects.first().site  # type: ignore[union-attr]
    factories.make_survey(site, dt.date(2020, 5, 1), 5_000)
    assert client.get("/public/chiffres.json").content == before


def test_the_screens_say_what_is_hidden_and_why(edition: OpenEdition, cast: Cast, client: Client) -> None:
    client.force_login(cast.national, BACKEND)
    page = client.get(f"/administration/chiffres-ouverts/{edition.number}/?semestre=2020-S1").content.decode()
    assert "Le contrôle n’a rien retrouvé" in page
    assert "moins de onze" in page
    assert "moins de trois sites" in page
    counted = CountedHalfYear.objects.get(edition=edition).cells["hidden"]
    groups = hidden_groups(edition, "2020-S1")
    many = sum(len(group.areas) * len(labels.split(", ")) for group in groups for _, labels in group.reasons)
    assert many == sum(len(areas) for areas in counted.values()) > 10 * len(groups), (
        "the same ones stand together"
    )
    assert all(area in page for group in groups for area in group.areas)
    answer = client.post(
        f"/administration/chiffres-ouverts/{edition.number}/publier/", typed(client, edition)
    )
    assert answer.status_code == 302
    edition.refresh_from_db()
    assert edition.state == EditionState.PUBLISHED


def typed(client: Client, edition: OpenEdition) -> dict[str, str]:
    form = client.get(f"/administration/chiffres-ouverts/{edition.number}/publier/").context["form"]
    return {"submission_key": str(form["submission_key"].value())}
