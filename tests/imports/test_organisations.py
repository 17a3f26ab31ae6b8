"""A table of structures: created once, near names asked, taken back unless they serve."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.accounts.enums import OrganisationKind
from jalons.accounts.models import Organisation
from jalons.history.services import Actor, save_record
from jalons.imports.enums import BatchState, CellVerdict, RowOutcome
from jalons.imports.models import ImportBatch
from jalons.imports.reading.texts import read_pasted
from jalons.imports.services import give_file, prepare, reply_to_lines
from jalons.territories.models import Region
from tests import factories
from tests.imports.test_applying import applied, line, undone

pytestmark = pytest.mark.django_db
GOOD, OTHER = "73282932000074", "55208131766522"
TABLE = f"""Structure\tSigle\tType\tSIRET\tVille\tTél
Toit pour tous\tTPT\tAssociation\t{GOOD}\tLille\t03 20 00 00 00
CCAS de Roubaix\t\t\t\tRoubaix\t
Les amis de Lile\t\tAssociation\t\tLille\t
Solidarité Nord\tSN\tAssociation\t{OTHER}\tLille\t
Maison des femmes\t\tfoyer\t\tLille\t
Secours du Sud\t\tAssociation\t\tMarseille\t
Toit pour tous\t\tAssociation\t\tLille\t
Atelier du port\t\tAssociation\t123 456\tLille\t
"""


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.local_admin)


def given(by: Actor, text: str = TABLE, **told: Any) -> ImportBatch:
    content, sheets = text.encode(), [read_pasted(text)]
    batch = give_file(name="structures.txt", kind="txt", content=content, sheets=sheets, by=by, **told)
    return prepare(batch=batch, by=by)


def names() -> list[tuple[Any, ...]]:
    rows = Organisation.objects.select_related("territory").order_by("pk")
    return [(one.name, one.acronym, one.kind, one.siret, one.territory.label) for one in rows]


def test_each_row_says_what_would_come_of_it(by: Actor) -> None:
    before = names()
    batch = given(by)
    assert batch.target == "organisations"
    first = line(batch, 2)
    assert (first.outcome, first.verdict, first.is_written) == (RowOutcome.NEW, CellVerdict.NEW, True)
    assert first.cell("territory")["after"] == "Nord (59)"
    town = line(batch, 3)
    assert (town.cell("kind")["after"], town.cell("territory")["after"]) == (
        OrganisationKind.COMMUNE.label,
        "Roubaix (59512)",
    )
    near = line(batch, 4)
    assert (near.outcome, near.is_written) == (RowOutcome.CHOOSE, False)
    assert [one["name"] for one in near.candidates] == ["Les amis de Lille – Métropole Européenne de Lille"]
    known = line(batch, 5)
    assert (known.outcome, known.verdict, known.is_written) == (RowOutcome.THIS, CellVerdict.NEW, True)
    assert (known.cell("acronym")["after"], known.cell("siret")["after"]) == ("SN", OTHER)
    unknown = line(batch, 6).cell("kind")
    assert (unknown["verdict"], line(batch, 6).is_written) == (CellVerdict.DOUBTFUL, False)
    assert OrganisationKind.HEALTH.label in unknown["options"]
    assert not line(batch, 7).is_written  # another département
    assert line(batch, 8).why.endswith("la ligne 2")
    assert line(batch, 9).cell("siret")["verdict"] == CellVerdict.REFUSED
    assert line(batch, 9).is_written
    assert names() == before


def test_what_is_applied_is_known_next_time_then_taken_back(by: Actor) -> None:
    before = names()
    batch = given(by)
    fixes = {6: {"kind": OrganisationKind.HEALTH.label}}
    batch = reply_to_lines(batch=batch, by=by, decisions={4: "new"}, fixes=fixes)
    batch = applied(batch, by)
    assert (batch.state, batch.failure, batch.done) == (BatchState.APPLIED, "", 6)
    told = {row[0]: row[1:] for row in names()}
    assert told["Toit pour tous"] == ("TPT", "association", GOOD, "Nord")
    assert told["Solidarité Nord"][:3] == ("SN", "association", OTHER)
    assert told["Maison des femmes"][1] == "health"
    created = Organisation.objects.get(name="Toit pour tous")
    assert created.history.latest().history_change_reason.startswith("tableau du ")
    again = given(by)
    kept = again.lines.filter(line__in=(2, 3, 4, 5, 6))
    assert set(kept.values_list("verdict", "is_written")) == {(CellVerdict.SAME, False)}
    assert undone(batch, by).left == []
    assert names() == before


def test_a_structure_that_serves_or_that_somebody_changed_stays(by: Actor) -> None:
    batch = applied(given(by), by)
    serves = Organisation.objects.get(name="Toit pour tous")
    factories.make_user("operator", "59", organisation=serves)
    changed = Organisation.objects.get(name="CCAS de Roubaix")
    changed.acronym = "CCAS"
    save_record(record=changed, by=by)
    left = " ".join(undone(batch, by).left)
    assert "Toit pour tous" in left or "TPT" in left
    assert "CCAS" in left
    assert set(Organisation.objects.filter(pk__in=(serves.pk, changed.pk))) == {serves, changed}
    assert not Organisation.objects.filter(name="Atelier du port").exists()


def test_another_siret_or_the_same_name_elsewhere_is_asked(by: Actor) -> None:
    known = Organisation.objects.get(name="Solidarité Nord")
    known.siret = GOOD
    save_record(record=known, by=None)
    text = f"Structure\tType\tSIRET\tVille\nSolidarité Nord\tAssociation\t{OTHER}\tLille\n"
    text += f"Autre nom\tAssociation\t{GOOD}\tLille\nSolidarité Sud\tAssociation\t\tLille\n"
    batch = given(by, text)
    assert [line(batch, number).outcome for number in (2, 3, 4)] == [
        RowOutcome.CHOOSE,
        RowOutcome.THIS,
        RowOutcome.CHOOSE,
    ]
    assert not batch.lines.filter(is_written=True).exists()


def test_a_lost_zero_and_a_territory_of_two_levels_are_asked(by: Actor) -> None:
    region = Region.objects.create(pk="98", name="Nord")
    lost = "5420120000018"
    text = f"Structure\tType\tSIRET\tTerritoire\nToit du Nord\tAssociation\t{lost}\tNord\n"
    batch = given(by, text)
    number, place = line(batch, 2).cell("siret"), line(batch, 2).cell("territory")
    assert (number["verdict"], number["suggest"]) == (CellVerdict.DOUBTFUL, f"0{lost}")
    assert (place["verdict"], len(place["options"]), region.pk) == (CellVerdict.DOUBTFUL, 2, "98")
    assert not line(batch, 2).is_written
    fixes = {2: {"siret": f"0{lost}", "territory": "Nord (59)"}}
    assert line(reply_to_lines(batch=batch, by=by, decisions={}, fixes=fixes), 2).is_written


def test_only_who_manages_accounts_writes(by: Actor, cast: Any, client: Client) -> None:
    other = factories.actor(cast.correspondent59)
    batch = given(other)
    assert not batch.lines.filter(is_written=True).exists()
    client.force_login(cast.correspondent59, factories.BACKEND)
    assert client.post(reverse("imports:apply", args=[batch.public_id])).status_code == 403
    # An administrator who reads no site gives a table, and reads no table of sites of a colleague.
    client.force_login(cast.local_admin, factories.BACKEND)
    assert client.get(reverse("imports:start")).status_code == 200
    given_page = client.post(reverse("imports:start"), {"pasted": TABLE}, follow=True)
    assert "Structures" in given_page.content.decode()
    sites = "Commune\tSite\tPers.\tVu le\nLille\tRue du Moulin\t41\t02/01/2020\n"
    hidden = give_file(
        name="s.txt", kind="txt", content=sites.encode(), sheets=[read_pasted(sites)], by=other
    )
    assert client.get(reverse("imports:batch", args=[hidden.public_id])).status_code == 404


def test_the_price_does_not_grow_with_the_rows(by: Actor, django_assert_max_num_queries: Any) -> None:
    rows = "".join(f"Association numéro {number} du quartier\tAssociation\tLille\n" for number in range(60))
    with django_assert_max_num_queries(32):
        batch = given(by, f"Structure\tType\tVille\n{rows}")
    assert batch.lines.count() == 60


def test_hostile_cells_are_judged_never_a_crash(by: Actor, client: Client) -> None:
    wide = "N" * 400
    cells = [
        wide,
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "１２３４５６７８９０１２３４",
        "-",
        "(",
        "x\u200b",
        "🙂",
    ]
    rows = "".join(
        f"{name}\t{sign}\t{kind}\t{number}\t{place}\n"
        for name, sign, kind, number, place in zip(
            cells,
            cells[1:] + cells[:1],
            cells[2:] + cells[:2],
            cells[3:] + cells[:3],
            cells[4:] + cells[:4],
            strict=True,
        )
    )
    batch = given(by, f"Structure\tSigle\tType\tSIRET\tTerritoire\n{rows}")
    assert not batch.lines.filter(is_written=True).exists()
    kinds = "".join(
        f"{name}\t{sign}\tAssociation\t\tNord (59)\n" for name, sign in zip(cells, cells[::-1], strict=True)
    )
    batch = applied(given(by, f"Structure\tSigle\tType\tSIRET\tTerritoire\n{kinds}"), by)
    assert (batch.state, batch.failure) == (BatchState.APPLIED, "")
    assert not Organisation.objects.filter(name=wide).exists()
    client.force_login(by.user, factories.BACKEND)
    page = client.get(reverse("administration:organisations")).content.decode()
    assert "<script>alert" not in page
    assert undone(batch, by).left == []
