"""Several Départements, several beneficiaries: no false error, and nobody loses sight of a convention."""

import copy
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from jalons.conventions.alerts.rules import check
from jalons.conventions.alerts.rules.tracking import line_words
from jalons.conventions.dossier.content import Tracking
from jalons.conventions.models import Convention, TrackingRow, TrackingTable
from jalons.territories.models import Departement
from tests.conventions.alerts.checking import dossier_of, found
from tests.conventions.samples import money, sample, two_departements
from tests.forms import form_to

Json = dict[str, Any]


def shared(**amounts: Any) -> Json:
    told = two_departements()
    told["conventions"][0]["amounts"] |= amounts
    return told


def errors(told: Json, rule: str) -> list[str]:
    return [each.message for each in found(told, rule) if each.level == "error"]


def test_a_departement_that_does_not_say_its_part_may_bring_the_rest() -> None:
    assert errors(shared(part_cd59=money(100_000)), "parity") == []
    both = shared(part_cd59=money(60_000), part_cd62=money(50_000))
    assert len(errors(both, "parity")) == 1, "les deux parts connues ne font pas celle de l’État"


def test_a_beneficiary_without_an_amount_is_no_gap() -> None:
    split = two_departements()["conventions"][0]["amounts"]["split_part_etat"]
    unknown = [split[0], {**split[1], "raw": "à préciser", "amount": None}]
    assert errors(shared(split_part_etat=unknown), "announced_amounts") == []
    short = [split[0], {**split[1], **money(40_000)}]
    assert len(errors(shared(split_part_etat=short), "announced_amounts")) == 1


def test_an_assembly_authorises_what_its_own_departement_brings() -> None:
    told = shared(part_cd59=money(120_000), part_cd62=money(70_000))
    for vote, amount in zip(told["deliberation"], (120_000, 70_000), strict=True):
        vote["authorised_amounts"] = [
            {"convention": "partage-2022", **money(amount), "meaning": "part du Département"}
        ]
    assert authorised_errors(told) == []
    wrong = copy.deepcopy(told)
    wrong["deliberation"][1]["authorised_amounts"][0] |= money(50_000)
    assert len(authorised_errors(wrong)) == 1, "la part de l’État n’est pas celle du Département"


def authorised_errors(told: Json) -> list[str]:
    """As once it is stored: each Département that signs is recognised."""
    dossier = dossier_of(told)
    signing = [party for party in dossier.parties if party.side == "departement"]
    for party, (code, name) in zip(signing, (("59", "Nord"), ("62", "Pas-de-Calais")), strict=True):
        party.departement = Departement(code=code, name=name)
    return [each.message for each in check(dossier) if each.rule == "authorised_amount"]


def test_the_heading_may_be_that_of_one_beneficiary() -> None:
    told = sample()
    told["conventions"][0]["amounts"]["split_part_etat"] = [
        {"party": "Département du Nord", **money(120_000)},
        {"party": "CCAS de Lille", **money(30_000)},
    ]
    told["conventions"][0]["heading_amount"] = money(120_000)
    assert errors(told, "heading_amount") == []
    told["conventions"][0]["heading_amount"] = money(110_000)
    assert len(errors(told, "heading_amount")) == 1


def test_a_row_is_named_by_its_columns_until_it_is_alone() -> None:
    table = TrackingTable(columns=[{"key": key} for key in ("lieu", "public", "heures")])
    cells = [
        ("Lille", "Femmes", 3),
        ("Lille", "Hommes", 3),
        ("Douai", "Femmes", 3),
        ("Lens", "", 1),
        ("Lens", "", 1),
    ]
    rows = [
        TrackingRow(position=place, cells=dict(zip(("lieu", "public", "heures"), each, strict=True)))
        for place, each in enumerate(cells)
    ]
    names = [line_words(Tracking(table, rows), row) for row in rows]
    assert names == ["Lille, Femmes", "Lille, Hommes", "Douai", "Lens, ligne 4", "Lens, ligne 5"]


def nameless() -> Json:
    """Its signatory does not hold the name of the Département."""
    told = sample("anonyme-2022")
    for party in told["conventions"][0]["parties"]:
        if party["role"] == "Département":
            party["organisation"] = "Le Conseil départemental"
    return told


def imported(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_convention", str(path), "--wet-run", *options, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_departement_is_asked_at_the_import_then_given(cast: Any, tmp_path: Path) -> None:
    path = tmp_path / "anonyme.json"
    path.write_text(json.dumps(nameless()), encoding="utf-8")
    assert "--departement CODE" in imported(path)
    seen = Convention.objects.visible_to(cast.council)
    assert not seen.filter(slug="anonyme-2022").exists()
    with pytest.raises(CommandError, match="aucun Département"):
        imported(path, "--departement", "999")
    assert "--departement CODE" not in imported(path, "--departement", "59")
    convention = seen.get(slug="anonyme-2022")
    assert convention.departement_id == "59"
    assert convention.parties.get(side="departement").departement_id == "59"
    assert convention.seats.filter(role="pilot").count() == 1
    before = convention.version
    assert "rien n’a changé" in imported(path, "--departement", "59")
    convention.refresh_from_db()
    assert (convention.version, convention.departement_id) == (before, "59")


@pytest.mark.django_db
def test_the_departement_is_changed_on_screen(cast: Any, convention: Convention) -> None:
    client = Client()
    client.force_login(cast.council, "jalons.accounts.backends.SessionBackend")
    url = f"/conventions/{convention.slug}/texte/identite/"
    page = form_to(client.get(url), url)
    assert page.values["departement"] == ["59"]
    assert client.post(url, page.filled({"departement": "62"})).status_code == 302
    convention.refresh_from_db()
    assert convention.departement_id == "62"
