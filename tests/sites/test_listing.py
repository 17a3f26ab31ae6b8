"""The list as a person sees it: what it shows, sorts, sums and lets go, for whom and as of when."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalons.core.values import Value
from jalons.discussions.services import add_comment
from jalons.exports.models import Download
from jalons.sites.models import Site
from jalons.sites.services import Observation, add_survey
from tests import factories
from tests.factories import BACKEND, DUNKERQUE, LILLE, MARSEILLE, ROUBAIX, Cast, actor

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def counted(site: Site, days: int, cast: Cast, **counts: int | None) -> None:
    values = {name: Value.of(count) if count is not None else Value.nd() for name, count in counts.items()}
    observation = Observation(days_ago(days), "operator", 3, counts=values)
    add_survey(site=site, observation=observation, by=actor(cast.correspondent59))


@pytest.fixture
def world(cast: Cast) -> dict[str, Site]:
    sites = {
        "canal": factories.make_site("Friche du canal", ROUBAIX, kind="land"),
        "gare": factories.make_site("Ancienne gare", LILLE, kind="building"),
        "port": factories.make_site("Quai du port", DUNKERQUE),
        "sud": factories.make_site("Traverse des pins", MARSEILLE),
        "clos": factories.make_site("Rue close", LILLE, closed=days_ago(20)),
    }
    counted(sites["canal"], 50, cast, people=80, minors=30, minors_at_school=10)
    counted(sites["canal"], 5, cast, people=112, minors=None)
    counted(sites["gare"], 10, cast, people=9, minors=4, minors_at_school=2)
    factories.make_survey(sites["sud"], days_ago(200), 300)
    factories.make_alias(sites["gare"], "Le triage")
    factories.make_conditions(sites["canal"], days_ago(30), answers={"water": {"access": "no"}}, water=1)
    return sites


def listed(client: Client, user: Any, query: str = "") -> list[str]:
    """Names of the sites of the first page, in order."""
    client.force_login(user, BACKEND)
    page = client.get(f"/sites/?{query}")
    assert page.status_code == 200
    return [row.site.name for row in page.context["rows"]]


def text(client: Client, user: Any, query: str = "") -> str:
    client.force_login(user, BACKEND)
    html = client.get(f"/sites/?{query}").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=canal", ["Friche du canal"]),
        ("q=FRICHE+CANÀL", ["Friche du canal"]),
        ("q=triage", ["Ancienne gare"]),
        ("q=roubaix", ["Friche du canal"]),
        ("q=59100", ["Friche du canal"]),
        ("q=59512", ["Friche du canal"]),
        ("q=Bouches-du-Rhône", ["Traverse des pins"]),
        ("q=nord&tri=nom", ["Ancienne gare", "Friche du canal", "Quai du port"]),
        ("q=introuvable", []),
        ("departement=13", ["Traverse des pins"]),
        ("departement=tous&taille=small", ["Ancienne gare"]),
        ("departement=tous&taille=large&tri=-personnes", ["Traverse des pins", "Friche du canal"]),
        ("departement=tous&taille=unknown", ["Quai du port"]),
        ("departement=tous&type=building", ["Ancienne gare"]),
        ("departement=tous&conditions=water", ["Friche du canal"]),
        ("departement=tous&maj=6&tri=nom", ["Quai du port", "Traverse des pins"]),
        ("departement=tous&maj=never", ["Quai du port"]),
        ("statut=fermes", ["Rue close"]),
        (
            "taille=n-importe-quoi&tri=rien&page=999&departement=ZZ&tri=nom",
            ["Ancienne gare", "Friche du canal"],
        ),
    ],
)
def test_filters(client: Client, cast: Cast, world: dict[str, Site], query: str, names: list[str]) -> None:
    found = listed(client, cast.correspondent59, query)
    assert found == names or ("n-importe-quoi" in query and set(names) <= set(found))


def test_the_list_opens_on_ones_own_territory(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    assert "Traverse des pins" not in listed(client, cast.correspondent59)
    assert "Traverse des pins" in listed(client, cast.correspondent59, "departement=tous")
    assert "Traverse des pins" in listed(client, cast.national)
    assert "Traverse des pins" not in listed(client, cast.operator_a, "departement=13")


def test_the_past_as_we_know_it(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    today, before = (
        text(client, cast.correspondent59),
        text(client, cast.correspondent59, f"au={days_ago(30)}"),
    )
    assert "112" in today
    assert "80 30" in before
    assert "Vous regardez la situation" in before
    assert "Déclarer un site" not in before
    assert "Rue close" in before, "un site fermé depuis était ouvert alors"


@pytest.mark.parametrize(
    "query", ["au=31/02/2020", "au=demain", "connu-le=9999-99-99", "au=%00", "au=" + "9" * 500]
)
def test_a_date_that_makes_no_sense_is_said(
    client: Client, cast: Cast, world: dict[str, Site], query: str
) -> None:
    client.force_login(cast.correspondent59, BACKEND)
    page = client.get(f"/sites/?{query}")
    assert page.status_code == 200
    assert page.context["complaints"], "rien ne dit que la date n’a pas été comprise"
    assert not page.context["at"].is_past


def test_sums_say_what_they_cover(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    words = text(client, cast.correspondent59)
    assert "≥ 121" in words, "112 + 9, et un site jamais recensé"
    assert "2 sites recensés sur 3" in words
    assert "≥ 4" in words, "les mineurs du canal sont ND"
    assert "50 %" in words
    assert "2 sur 4, 1 site de 3" in words


def test_an_evacuation_weighs_only_for_who_may_know(
    client: Client, cast: Cast, world: dict[str, Site]
) -> None:
    urgent = "departement=59&tri=-priorite"
    readers = (cast.correspondent59, cast.operator_a, cast.observer, cast.mairie)
    before = {reader: listed(client, reader, urgent) for reader in readers}
    factories.make_procedure(world["port"], days_ago(3), kind="evacuation", evacuation_on=days_ago(-20))
    after = listed(client, cast.correspondent59, urgent)
    assert after.index("Quai du port") < before[cast.correspondent59].index("Quai du port")
    assert "Évacuation" in text(client, cast.correspondent59, urgent)
    for reader in readers[1:]:
        assert "Évacuation" not in text(client, reader, urgent)
        assert listed(client, reader, urgent) == before[reader]
        assert "evacuation" not in client.get("/sites/").context["form"].fields


def test_what_calls_for_somebody_comes_after_the_list(
    client: Client, cast: Cast, world: dict[str, Site]
) -> None:
    """In the lines of the page, of the sites that one sees, as when the list is ordered by it."""
    factories.make_procedure(world["port"], days_ago(3), kind="evacuation", evacuation_on=days_ago(-20))
    elsewhere = factories.make_site("Joliette", MARSEILLE)
    for reader, knows in ((cast.correspondent59, True), (cast.operator_a, False)):
        client.force_login(reader, BACKEND)
        page = client.get("/sites/?departement=59")
        assert page.context["reasons_url"]
        assert f'id="presse-{world["port"].public_id}"' in page.content.decode()
        later = client.get(
            page.context["reasons_url"] + f",{elsewhere.public_id}", headers={"HX-Request": "true"}
        ).content.decode()
        asked = {*(row.site.public_id for row in page.context["rows"]), elsewhere.public_id}
        seen = Site.objects.visible_to(reader).filter(public_id__in=asked).values_list("public_id", flat=True)
        assert {*re.findall(r'id="presse-(\w+)" hx-swap-oob', later)} == {*seen}
        assert ("Évacuation" in later) is knows
        at_once = client.get("/sites/?departement=59&tri=-priorite")
        assert not at_once.context["reasons_url"]
        assert ("Évacuation" in at_once.content.decode()) is knows
    assert client.get("/sites/ce-qui-presse/").status_code == 302
    assert not client.get("/sites/?statut=fermes").context.get("reasons_url")


def test_queries_do_not_grow(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    def queries(query: str) -> int:
        client.force_login(cast.correspondent59, BACKEND)
        client.get(f"/sites/?{query}")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(f"/sites/?{query}")
        return len(caught)

    before = [
        queries(""),
        queries(f"au={days_ago(30)}"),
        queries(f"au={days_ago(30)}&connu-le={days_ago(1)}"),
    ]
    for number in range(6):
        site = factories.make_site(f"Terrain {number}", LILLE)
        counted(site, 40, cast, people=20)
        counted(site, 4, cast, people=40, minors=3)
        factories.make_conditions(site, days_ago(8), water=1)
        factories.make_procedure(site, days_ago(8), evacuation_on=days_ago(-8))
    after = [queries(""), queries(f"au={days_ago(30)}"), queries(f"au={days_ago(30)}&connu-le={days_ago(1)}")]
    assert before == after
    assert max(after) <= 17


def rows_of(client: Client, user: Any, query: str) -> list[dict[str, str]]:
    client.force_login(user, BACKEND)
    answer = client.get(f"/sites/export?format=csv&{query}")
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = csv.DictReader(io.StringIO(body), delimiter=";")
    heads = list(rows.fieldnames or [])
    assert len(heads) == len(set(heads)), "deux colonnes de même titre"
    return list(rows)


def test_the_export_is_the_list(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    for query in ("", "departement=tous&tri=-personnes", "q=lille", f"au={days_ago(30)}", "statut=fermes"):
        names = [row["Nom du site"] for row in rows_of(client, cast.correspondent59, query)]
        assert names == listed(client, cast.correspondent59, query)
    row = rows_of(client, cast.correspondent59, "q=canal")[0]
    assert (row["Personnes"], row["Mineurs"], row["Ménages"], row["Eau"]) == ("112", "ND", "", "Mauvais")
    assert rows_of(client, cast.correspondent59, f"q=canal&au={days_ago(30)}")[0]["Personnes"] == "80"


def test_the_export_holds_what_one_may_read(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    factories.make_procedure(world["port"], days_ago(3), kind="complaint", note="dépôt de plainte")
    assert "Plainte du propriétaire" in rows_of(client, cast.correspondent59, "")[0]
    assert "Plainte du propriétaire" not in rows_of(client, cast.operator_a, "")[0]
    client.force_login(cast.observer, BACKEND)
    assert client.get("/sites/export?format=csv").status_code == 403
    client.force_login(cast.correspondent59, BACKEND)
    assert client.get("/sites/export?format=exe").status_code == 404
    # Own territory only, even when the list goes beyond it.
    rows = rows_of(client, cast.correspondent59, "departement=tous")
    assert {row["Plainte du propriétaire"] for row in rows if row["Nom du site"] == "Traverse des pins"} == {
        "accès réservé"
    }


def test_comments_leave_only_when_asked(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    add_comment(subject=world["canal"], text="=Point d’eau\nréparé", by=actor(cast.correspondent59))
    assert "Commentaires" not in rows_of(client, cast.correspondent59, "q=canal")[0]
    row = rows_of(client, cast.correspondent59, "q=canal&colonnes=Commentaires&colonnes=Identification")[0]
    assert "Point d’eau" in row["Commentaires"]
    assert "Personnes" not in row


def test_each_download_leaves_a_trace(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    rows_of(client, cast.correspondent59, "q=canal")
    trace = Download.objects.get()
    assert trace.user == cast.correspondent59
    assert trace.rows == 1


def test_empty_lists_say_what_to_do(client: Client, cast: Cast) -> None:
    assert "Aucun site n’est encore déclaré" in text(client, cast.correspondent59)
    assert "Retirez un filtre" in text(client, cast.correspondent59, "q=rien")
    assert "Déclarer" not in text(client, cast.observer)


def test_the_choice_of_columns(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    client.force_login(cast.operator_a, BACKEND)
    page = client.get("/sites/exporter/?q=canal")
    html = page.content.decode()
    assert "Procédures" not in html
    assert 'name="q" value="canal"' in html
    assert page.context["count"] == 1


# --- the dispositifs of each site ------------------------------------------------------------------------------


def test_each_site_says_its_dispositifs(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    canal = world["canal"]
    action = factories.make_action("Médiation du canal", sites=[canal])
    factories.make_action("Terminé", sites=[canal], ended_on=days_ago(10))
    client.force_login(cast.correspondent59, BACKEND)
    page = client.get("/sites/?q=canal")
    assert f'<a href="/dispositifs/{action.public_id}/">Médiation du canal</a>' in page.content.decode()
    assert "Terminé" not in page.content.decode()
    assert "aucun" in text(client, cast.correspondent59, "q=gare")
    rows = list(csv.DictReader(io.StringIO(exported(client, "q=canal")), delimiter=";"))
    assert rows[0]["Dispositifs"] == "Médiation du canal"
    then = f"q=canal&au={days_ago(20):%d/%m/%Y}"
    rows = list(csv.DictReader(io.StringIO(exported(client, then)), delimiter=";"))
    assert "Terminé" in rows[0]["Dispositifs"]


def exported(client: Client, query: str) -> str:
    answer = client.get(f"/sites/export?format=csv&{query}")
    return b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def test_a_dispositif_out_of_reach_has_no_name(client: Client, cast: Cast, world: dict[str, Site]) -> None:
    """It covers the site all the same: « aucun » would be false."""
    secret = factories.make_action("Nom réservé", "13", sites=[world["canal"]])
    client.force_login(cast.mairie, BACKEND)
    html = client.get("/sites/?q=canal").content.decode()
    assert "Nom réservé" not in html
    assert secret.public_id not in html
    assert "un dispositif que vous ne pouvez pas voir" in html
    assert "Nom réservé" not in exported(client, "q=canal")


def test_an_empty_tab_leads_to_the_one_that_answers(
    client: Client, cast: Cast, world: dict[str, Site]
) -> None:
    words = text(client, cast.correspondent59, "q=close")
    assert "Aucun site ouvert ne répond à cette recherche, mais des sites fermés y répondent." in words
    assert "statut=fermes" in client.get("/sites/?q=close").context["elsewhere"].url
    assert "mais des sites ouverts y répondent" in text(client, cast.correspondent59, "q=gare&statut=fermes")
    assert "une autre orthographe" in text(client, cast.correspondent59, "q=introuvable")
    client.force_login(cast.correspondent59, BACKEND)
    assert "mais des sites fermés y répondent" in client.get("/carte/?q=close").content.decode()
