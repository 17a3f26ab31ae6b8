"""The pages of families, as a social worker goes through them."""

import datetime as dt
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.core import clock
from jalons.households.enums import RegisterAct
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.models import Household, RegisterMember, RegisterReading
from jalons.households.sheets.selectors import read_household
from jalons.households.sheets.services import FamilySave, change_family, create_family
from jalons.households.views import journal
from jalons.sites.models import Resettlement
from tests.factories import make_action, make_site, organisation_of
from tests.households.opening import client_of, opened_for

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
LIST, NEW = "/registre/menages/", "/registre/menages/nouveau/"


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def hidden(answer: Any, name: str) -> str:
    """The value of a hidden field: a browser sends it back."""
    match = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    return match[1] if match else ""


def family_in(register: Any, name: str, *facts: FamilyFact) -> UUID:
    family = edits.with_member(
        FollowedFamily(""), FamilyMember("ana", 1990, "f", "reference", name, "Popescu"), NOW
    )
    for fact in facts:
        family = edits.with_fact(family, fact, NOW)
    save = FamilySave(register, "1", NOW, dt.date(2026, 11, 2))
    return create_family(save, uuid4(), family).pk


def content_of(register: Any, household_id: UUID) -> FollowedFamily:
    family = read_household(register, household_id)[1]
    assert family is not None
    return family


def test_a_new_family_its_visit_its_school_and_its_exit(cast: Any) -> None:
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    site = make_site(name="Rue des Prés")
    action = make_action("Passerelle", operators=[organisation_of(cast.operator_a)], sites=[site])
    assert "Aucune famille" in text_of(client.get(LIST))

    page = client.get(NEW)
    new = {
        "household": hidden(page, "household"), "submission_key": hidden(page, "submission_key"),
        "site": site.public_id,
        "action": action.public_id, "entered": "03/02/2026", "contact": "we_went", "contact_on": "1/2/2026",
        "personne-0-given_name": "Мария", "personne-0-year_of_birth": "1991", "personne-0-sex": "f",
        "personne-0-link": "reference", "personne-1-given_name": "Ion", "personne-1-year_of_birth": "1990",
        "personne-1-link": "child",
    }  # fmt: skip
    refused = client.post(NEW, {**new, "personne-1-year_of_birth": "né en 90"})
    begun = [member.is_begun for member in refused.context["form"].members]
    assert begun == [True, True, False, False, False], "la personne à corriger n’est pas repliée"
    assert refused.content.count(b'h-more" open') == 1
    address = client.post(NEW, new)["Location"]
    assert client.post(NEW, new)["Location"] == address
    household = Household.objects.get()
    sheet = text_of(client.get(address))
    for words in (
        "M-0001",
        "Мария",
        "Rue des Prés",
        action.name,
        "Cet enfant est né avant un de ses parents",
    ):
        assert words in sheet

    key = hidden(client.get(address), "submission_key")
    visit = {
        "submission_key": key,
        "value": "on_site",
        "text": "Famille rom, vaccins faits",
        "since": "hier",
        "next_on": "31/12/2099",
    }
    first = client.post(address, visit)
    assert client.post(address, visit).status_code == 302
    family = content_of(register, household.pk)
    assert [f.text for f in family.by_kind["visit"]] == ["Famille rom, vaccins faits"]
    assert family.review_on == dt.date(2099, 12, 31)
    # The word is asked about on the sheet, and is in no address nor message.
    assert "rom" not in first["Location"].replace("home", "")
    assert "désigne une origine" in text_of(client.get(first["Location"]))
    assert "désigne une origine" not in text_of(client.get(address))

    child = next(p for p in family.people if p.given_name == "Ion")
    school = f"{address}ajouter/school/"
    assert "selected>Ion" in client.get(school, {"personne": child.id}).content.decode()
    client.post(
        school,
        {"person": child.id, "value": "college", "since": "01/09/2025", "submission_key": str(uuid4())},
    )
    fact = content_of(register, household.pk).by_kind["school"][0]
    assert (fact.person, fact.value, fact.since) == (child.id, "college", dt.date(2025, 9, 1))
    assert "collège" in text_of(client.get(address))

    goal = {"value": "done", "since": "01/02/2026", "text": "Vacciner", "submission_key": str(uuid4())}
    client.post(f"{address}ajouter/goal/", goal)
    assert content_of(register, household.pk).by_kind["goal"][0].until == clock.today()

    entry = content_of(register, household.pk).by_kind["dispositif"][0]
    page = client.get(f"{address}faits/{entry.id}/")
    out = {
        "seen": entry.recorded.isoformat(),
        "value": action.public_id,
        "since": "03/02/2026",
        "until": "02/02/2026",
        "detail": "housing",
    }  # type: ignore[union-attr]
    assert "avant le début" in text_of(client.post(f"{address}faits/{entry.id}/", out))
    assert client.post(f"{address}faits/{entry.id}/", {**out, "until": "30/06/2026"}).status_code == 302
    known = content_of(register, household.pk).as_known().by_kind["dispositif"]
    assert [(f.until, f.detail) for f in known] == [(dt.date(2026, 6, 30), "housing")]
    assert "Мария" not in text_of(client.get(LIST))
    assert "Мария" in text_of(client.post(LIST, {"view": "sorties"}))
    acts = set(RegisterReading.objects.values_list("act", flat=True))
    assert acts == {"list", "sheet", "changed"}


def test_what_is_refused_stays_in_the_form_and_nowhere_else(cast: Any) -> None:
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    address = f"{LIST}{family_in(register, 'Ana')}/"
    nir = "1 85 05 78 006 084 91"
    refused = client.post(address, {"value": "phone", "text": nir, "since": "hier"})
    assert "numéro de sécurité sociale" in text_of(refused)
    assert nir in text_of(refused)
    refused = client.post(f"{address}personnes/nouvelle/", {"year_of_birth": "2999", "given_name": "A" * 30})
    assert "dans l’avenir" in text_of(refused)
    for wrong in ("12345678901234567890", "dix", "-4"):
        assert client.post(f"{address}personnes/nouvelle/", {"year_of_birth": wrong}).status_code == 200
    assert [p.given_name for p in content_of(register, UUID(address.split("/")[-2])).people] == ["Ana"]
    long = "é" * 20_480
    assert client.post(address, {"value": "note", "text": long, "since": "hier"}).status_code == 302


def test_two_people_on_one_piece_and_what_is_erased(cast: Any) -> None:
    register = opened_for(cast.operator_a, cast.colleague_a)
    first, second = client_of(cast.operator_a, register), client_of(cast.colleague_a, register)
    work = FamilyFact("w", "work", "ana", value="fixed_term", since=dt.date(2026, 1, 1), text="Usine")
    household = family_in(register, "Ana", work)
    address = f"{LIST}{household}/"
    fact, person = f"{address}faits/w/", f"{address}personnes/ana/"
    seen = {"fact": hidden(second.get(fact), "seen"), "person": hidden(second.get(person), "seen")}
    sent = {
        "person": "ana",
        "value": "permanent",
        "since": "01/01/2026",
        "text": "Usine",
        "seen": seen["fact"],
    }
    assert first.post(fact, sent).status_code == 302
    page = second.post(fact, {**sent, "value": "insertion", "text": "Garage"})
    assert "Enregistré : CDI. Vous proposez : Contrat d’insertion." in text_of(page).replace("\u00a0", " ")
    again = {**sent, "value": "insertion", "text": "Garage", "seen": hidden(page, "seen")}
    assert second.post(fact, again).status_code == 302
    known = content_of(register, household).as_known()
    assert [f.text for f in known.by_kind["work"]] == ["Garage"]

    assert first.post(person, {"given_name": "Anna", "seen": seen["person"]}).status_code == 302
    page = second.post(person, {"given_name": "Ana-Maria", "seen": seen["person"]})
    assert "Enregistré : Anna. Vous proposez : Ana-Maria." in text_of(page).replace("\u00a0", " ")

    assert first.post(fact, {"act": "retirer", "kind": "work"}).status_code == 302
    assert "retiré pendant que vous écriviez" in text_of(second.post(fact, {**again, "kind": "work"}))
    note = FamilyFact("n", "visit", value="note", text="secret")
    other = family_in(register, "Zoé", note)
    assert first.post(f"{LIST}{other}/faits/n/", {"act": "effacer", "kind": "visit"}).status_code == 302
    assert content_of(register, other).facts == ()
    assert first.post(person, {"act": "effacer"}).status_code == 302
    assert content_of(register, household).people == ()
    assert first.get(person).status_code == 404


def test_the_same_queries_for_few_and_many(cast: Any) -> None:
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    counts = []
    for number in (2, 8):
        sites = [make_site() for _ in range(number)]
        ids = [
            family_in(
                register,
                "Ana",
                FamilyFact("s", "site", value=site.public_id),
                FamilyFact("v", "visit", text="x"),
            )
            for site in sites
        ]
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
            assert client.get(f"{LIST}{ids[0]}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_stranger_a_forged_number_and_a_locked_register_see_nothing(cast: Any) -> None:
    register, other = opened_for(cast.operator_a), opened_for(cast.operator_b)
    household = family_in(register, "Ana", FamilyFact("w", "work", "ana", value="other"))
    address = f"{LIST}{household}/"
    stranger = client_of(cast.operator_b, other)
    pages = [address, f"{address}ajouter/school/", f"{address}faits/w/", f"{address}personnes/ana/",
             f"{address}personnes/nouvelle/"]  # fmt: skip
    for page in pages:
        assert stranger.get(page).status_code == 404
        assert stranger.post(page, {"given_name": "X", "value": "phone", "since": "hier"}).status_code == 404
    assert "Popescu" not in text_of(stranger.get(LIST))
    assert "Popescu" not in text_of(stranger.post(LIST, {"query": "popescu"}))
    client = client_of(cast.operator_a, register)
    for page in (
        f"{address}ajouter/religion/",
        f"{address}faits/zzz/",
        f"{address}personnes/zzz/",
        f"{LIST}{uuid4()}/",
    ):
        assert client.get(page).status_code == 404
    assert client.get(address)["Cache-Control"].count("no-store") == 1
    assert content_of(register, household).people[0].given_name == "Ana"
    Household.objects.filter(pk=household).update(content=b"forged", summary=b"forged")
    assert "Clé détruite ou absente" in text_of(client.get(address))
    assert client.post(address, {"value": "phone", "since": "hier"}).status_code in (200, 404)
    assert "Illisible" in text_of(client.post(LIST, {"view": "illisibles"}))
    signed_in = Client()
    signed_in.force_login(cast.operator_a)
    assert "Popescu" not in text_of(signed_in.get(LIST))
    assert clock.today() >= NOW.date()


def test_every_page_that_says_something_of_a_family_is_a_reading(cast: Any) -> None:
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    site = make_site(name="Rue des Prés")
    action = make_action("Passerelle", operators=[organisation_of(cast.operator_a)], sites=[site])
    work, stay = FamilyFact("w", "work", "ana", value="other"), FamilyFact("s", "site", value=site.public_id)
    for path in ("faits/w/", "personnes/ana/", "personnes/nouvelle/", "ajouter/school/", "droits/"):
        household = family_in(register, "Ana", work, stay)
        for _ in range(2):
            client.get(f"{LIST}{household}/{path}")
        assert [*RegisterReading.objects.filter(household=household).values_list("act", flat=True)] == [
            RegisterAct.SHEET
        ], path
    readings = RegisterReading.objects.count()
    assert "Popescu" in text_of(client.get(f"{LIST}parties/?site={site.public_id}"))
    assert RegisterReading.objects.count() == readings + 1
    counted = f"/registre/nombres/entrees/?dispositif={action.public_id}&au=2026-11-30&depuis="
    assert client.get(f"{counted}2026-01-01").status_code == 200
    assert client.get(f"{counted}0001-01-01").status_code == 404
    # One that cannot be read is erased all the same, from its page; its number and its form are of nobody else.
    Household.objects.filter(pk=household).update(content=b"forged")
    claims = f"{LIST}{household}/droits/"
    assert claims in client.get(f"{LIST}{household}/").content.decode()
    page = text_of(client.get(claims))
    assert "Effacer cette famille" in page
    assert "Copie à lire" not in page
    assert client.post(claims, {"why": "mistake", "reference": "M-0005"}).status_code == 302
    late = {"household": str(household), "submission_key": str(uuid4())}
    assert client.post(NEW, late).status_code == 404, "effacée, elle ne revient pas"
    following = family_in(register, "Ion")
    assert Household.objects.get(pk=following).reference == "M-0006"


def test_the_journal_looks_at_the_latest_readings(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST_RECENT", 3)
    client = client_of(cast.operator_a, opened_for(cast.operator_a))
    RegisterMember.objects.update(responsible=True)
    for act in [RegisterAct.LIST] * 3 + [RegisterAct.REFUSED] * 3:
        RegisterReading.objects.create(
            organisation=organisation_of(cast.operator_a), user=cast.operator_a, act=act
        )
    assert "3 codes refusés" in text_of(client.get("/registre/journal/"))


def test_many_families_leave_on_one_day(cast: Any) -> None:
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    left, joined = make_site(name="Rue des Prés"), make_site(name="Quai Neuf")
    make_action("Passerelle", operators=[organisation_of(cast.operator_a)], sites=[left, joined])
    stay = FamilyFact("s", "site", since=dt.date(2025, 1, 1), value=left.public_id)
    gone, still = family_in(register, "Ana", stay), family_in(register, "Zoé", stay)
    page = f"{LIST}parties/"
    assert "Rue des Prés (2 familles)" in text_of(client.get(page))
    address = f"{page}?site={left.public_id}"
    asked = client.get(address)
    assert asked.content.decode().count("checked") == 2
    sent = {"households": [str(gone)], "on": "03/03/2026", "destination": joined.public_id}
    sent["submission_key"] = hidden(asked, "submission_key")
    done = client.post(address, sent)
    assert client.post(address, sent).status_code == 200
    assert "1 famille, 1 personne, parties le" in text_of(done)
    assert "il peut désigner une famille" in text_of(done)
    stays = {f.value: (f.since, f.until) for f in content_of(register, gone).as_known().by_kind["site"]}
    day = dt.date(2026, 3, 3)
    assert stays == {left.public_id: (dt.date(2025, 1, 1), day), joined.public_id: (day, None)}
    assert len(content_of(register, still).facts) == 1
    # The site learns two numbers, once, and only if somebody sends them.
    assert Resettlement.objects.count() == 0
    key = hidden(done, "submission_key")
    numbers = {"origin": left.public_id, "destination": joined.public_id, "on": "03/03/2026", "people": "1",
               "households": "1", "submission_key": key}  # fmt: skip
    for _ in range(2):
        assert client.post(f"{page}reinstallation/", numbers).status_code == 302
    link = Resettlement.objects.get()
    assert (link.people, link.households, link.note) == (1, 1, "")
    forged = {**sent, "households": [str(uuid4())], "submission_key": str(uuid4())}
    assert client.post(address, forged).status_code == 200
    assert client.post(f"{page}reinstallation/", {**numbers, "origin": "zzz"}).status_code == 404


def test_the_sheet_as_it_was_known(cast: Any) -> None:
    """What was corrected and withdrawn since is read, on the screen; what was erased is not."""
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    work = FamilyFact("w", "work", "ana", value="fixed_term", since=dt.date(2026, 1, 1), text="Usine")
    secret = FamilyFact("s", "visit", value="note", since=dt.date(2026, 1, 5), text="Ecrit par erreur")
    household = family_in(register, "Ana", work, secret)
    later, again = NOW + dt.timedelta(days=5), NOW + dt.timedelta(days=9)
    save = FamilySave(register, "1", later, later.date())
    ended = dt.date(2026, 3, 31)
    change_family(save, household, lambda f: edits.correct_fact(f, "w", later, text="Atelier", until=ended))
    change_family(save, household, lambda f: edits.erase_fact(f, "s"))
    change_family(save, household, lambda f: edits.withdraw_fact(f, "w", again))
    address = f"{LIST}{household}/"

    def page(**dates: str) -> str:
        return text_of(client.get(address, {name.replace("_", "-"): day for name, day in dates.items()}))

    first, second = page(connu_le="2026-11-03"), page(connu_le="2026-11-08")
    assert ("Usine" in first, "Atelier" in first) == (True, False)
    assert ("Usine" in second, "Atelier" in second) == (False, True)
    # What was recorded within that day, in Paris, was known on it.
    assert "Usine" in page(connu_le="2026-11-02")
    assert "ne savait encore rien" in page(connu_le="2026-11-01")
    assert "Ecrit par erreur" not in first + second
    today = page()
    assert "Atelier" not in today
    assert "savait à une autre date" in today
    html = client.get(address, {"connu-le": "08/11/2026"}).content.decode()
    assert "Vous regardez la situation" in text_of(client.get(address, {"connu-le": "2026-11-08"}))
    assert "CDD" in html
    for way in (
        "Noter une visite",
        "/faits/w/",
        "/personnes/ana/",
        "/ajouter/",
        "Réunir",
        "Droits de la famille",
    ):
        assert way not in html, "le passé se lit, et ne s’écrit pas"
    assert "dans le futur" in page(connu_le="2099-01-01")
    assert "Noter une visite" in page(connu_le="pas une date")
    assert RegisterReading.objects.filter(act=RegisterAct.SHEET, household=household).count() == 9
