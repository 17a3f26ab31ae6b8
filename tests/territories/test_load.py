"""Loading an edition of the territories, again, and then a newer one."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from jalons.territories.models import Commune, Departement, Epci, Place, ReferenceLoad, Region
from jalons.territories.selectors import commune_from_insee, search_places
from jalons.territories.services import load_reference
from tests.territories.conftest import commune, write_edition

pytestmark = pytest.mark.django_db


def run(source):
    out = StringIO()
    call_command("load_territories", source=source, stdout=out)
    return out.getvalue().strip()


def snapshot():
    models = (Region, Departement, Epci, Commune, Place, ReferenceLoad)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def test_the_command_says_what_it_loaded(source):
    counts = "2 régions, 3 départements, 2 intercommunalités, 6 communes."
    assert run(source) == f"Territoires chargés\u00a0: {counts}"
    before = snapshot()
    assert run(source) == f"Territoires déjà à jour\u00a0: {counts}"
    assert snapshot() == before


def test_rows_say_what_the_files_say(loaded):
    lille = Commune.objects.select_related("departement__region", "epci").get(pk="59350")
    assert (lille.name, lille.population, lille.ended) == ("Lille", 238246, False)
    assert (lille.departement.name, lille.departement.region.name) == ("Nord", "Hauts-de-France")
    assert (lille.epci.name, lille.epci.get_kind_display()) == ("Métropole Européenne de Lille", "Métropole")
    assert Commune.objects.get(pk="59009").name == "Villeneuve-d’Ascq"
    unknown = Commune.objects.get(pk="97502")
    assert (unknown.population, unknown.epci) == (None, None)


def test_a_newer_edition_renames_adds_and_keeps_what_disappeared(loaded, edition):
    edition["communes"][0]["nom"] = "Lille-en-Flandre"
    edition["communes"] = [row for row in edition["communes"] if row["code"] not in ("62001", "59009")]
    edition["communes"].append(commune("59777", "Neuville", anciensCodes=["59009"]))
    del edition["epcis"][1]
    report = load_reference(node_modules=write_edition(loaded, edition))
    assert (report.changed, report.communes, report.ended, report.epcis) == (True, 5, 2, 1)
    assert Commune.objects.get(pk="59350").name == "Lille-en-Flandre"
    assert set(Commune.objects.filter(ended=True).values_list("pk", flat=True)) == {"62001", "59009"}
    assert Epci.objects.get(pk="200069029").ended
    assert search_places("lillers") == []
    assert commune_from_insee("59009").pk == "59777"
    assert commune_from_insee("62001").pk == "62001"


def test_a_commune_that_comes_back_is_not_ended_any_more(loaded, edition):
    removed = edition["communes"].pop(4)
    load_reference(node_modules=write_edition(loaded, edition))
    assert Commune.objects.get(pk=removed["code"]).ended
    edition["communes"].append(removed)
    load_reference(node_modules=write_edition(loaded, edition))
    assert not Commune.objects.get(pk=removed["code"]).ended


def test_a_load_that_fails_changes_nothing(loaded, edition, monkeypatch):
    before = snapshot()
    edition["communes"][0]["nom"] = "Autre"
    write_edition(loaded, edition)
    monkeypatch.setattr(ReferenceLoad.objects, "update_or_create", lambda **values: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load_reference(node_modules=loaded)
    assert snapshot() == before


def test_missing_packages_are_explained(tmp_path):
    with pytest.raises(CommandError, match="Lancez d’abord make install"):
        run(tmp_path)


def test_a_damaged_file_is_explained(source):
    next(source.glob("@etalab/**/epci.json")).write_text("{")
    with pytest.raises(CommandError, match=r"epci\.json » est abîmé\. Relancez make install"):
        run(source)
