"""What a family may ask, and the numbers that its register gives: the pages, as a member goes through them."""

import datetime as dt
import json
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from jalons.actions.models import Action
from jalons.households.enums import ErasureReason, RegisterAct
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.models import (
    Household,
    HouseholdKey,
    RegisterErasure,
    RegisterMember,
    RegisterReading,
    RegisterRetention,
)
from jalons.households.sheets.services import FamilySave, create_family
from jalons.indicators.enums import Provenance
from jalons.indicators.models import Measurement
from tests.factories import Cast, make_action, make_socle, organisation_of
from tests.households.opening import client_of, opened_for
from tests.indicators.test_fill import opened as form_of

pytestmark = pytest.mark.django_db
SOCLE = True
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
JUNE = dt.date(2026, 6, 30)


def family_in(register: Any, action: Action | None = None, token: str = "") -> Household:
    family = FollowedFamily("")
    for person in (
        FamilyMember("ana", 1990, "f", "reference", "Ana", "Popescu"),
        FamilyMember("ion", 2016, "m", "child", "Ion", "Popescu"),
    ):
        family = edits.with_member(family, person, NOW)
    facts = [
        FamilyFact("v", "visit", since=dt.date(2026, 3, 1), value="home", text="Ana cherche un travail"),
        FamilyFact("s", "school", "ion", since=dt.date(2025, 9, 1), value="elementaire"),
    ]
    if action is not None:
        facts.append(FamilyFact("d", "dispositif", since=dt.date(2026, 1, 10), value=action.public_id))
    for fact in facts:
        family = edits.with_fact(family, fact, NOW)
    return create_family(FamilySave(register, "1", NOW, dt.date(2026, 3, 2), token), uuid4(), family)


def acts() -> list[str]:
    return list(RegisterReading.objects.order_by("pk").values_list("act", flat=True))


def plain_text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_family_reads_what_is_written_and_has_it_erased(cast: Cast) -> None:
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    household, other = family_in(register), family_in(register)
    page = reverse("households:claims", args=[household.pk])
    text = plain_text(client.get(page))
    assert "La famille n’a pas encore été informée" in text
    assert "1er mars 2028" in text  # the month when it goes by itself: 24 months after the last visit

    copy = client.post(reverse("households:access", args=[household.pk, "json"]))
    assert copy["Content-Disposition"] == 'attachment; filename="M-0001.json"'
    document = json.loads(copy.content)
    assert {person["given_name"] for person in document["people"]} == {"Ana", "Ion"}
    assert "Ana cherche un travail" in copy.content.decode()
    assert '"author"' not in copy.content.decode()
    printed = client.post(reverse("households:access", args=[household.pk, "pdf"]))
    assert printed.content.startswith(b"%PDF")
    assert client.post(reverse("households:access", args=[household.pk, "docx"])).status_code == 404
    assert acts().count(RegisterAct.TAKEN) == 2

    wrong = client.post(page, {"why": "asked", "reference": "M-0002"})
    assert wrong.status_code == 200
    assert Household.objects.count() == 2
    for _ in range(2):  # sent twice
        answer = client.post(page, {"why": "asked", "reference": "m-0001"})
        assert answer.status_code in (302, 404)
    assert list(Household.objects.values_list("pk", flat=True)) == [other.pk]
    assert list(HouseholdKey.objects.values_list("household", flat=True)) == [other.pk]
    erasure = RegisterErasure.objects.get()
    assert (erasure.number, erasure.why) == (1, ErasureReason.ASKED)
    assert acts().count(RegisterAct.ERASED) == 1


def test_another_organisation_reads_and_erases_nothing(cast: Cast) -> None:
    household = family_in(opened_for(cast.operator_a))
    stranger = client_of(cast.operator_b, opened_for(cast.operator_b))
    page = reverse("households:claims", args=[household.pk])
    copy = reverse("households:access", args=[household.pk, "json"])
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, {"why": "asked", "reference": "M-0001"}).status_code == 404
    assert stranger.post(copy).status_code == 404
    assert Household.objects.count() == 1


def test_the_duration_is_read_by_members_and_chosen_by_a_responsible_one(cast: Cast) -> None:
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    household = family_in(register)
    page = reverse("households:retention")
    assert "24 mois" in plain_text(client.get(page))
    assert client.post(page, {"months": "12"}).status_code == 403
    RegisterMember.objects.update(responsible=True)
    refused = client.post(page, {"months": "30", "reason": " "})
    assert refused.status_code == 200
    assert "écrivez la raison" in plain_text(refused)
    assert not RegisterRetention.objects.exists()
    assert client.post(page, {"months": "12"}).status_code == 302
    household.refresh_from_db()
    assert household.erase_on == dt.date(2027, 3, 1)
    assert "12 mois" in plain_text(client.get(page))


def test_the_follow_up_is_filled_from_the_register(cast: Cast) -> None:
    """Offered, read behind the number, taken, sent, corrected later; and nobody else sees anything of it."""
    socle = make_socle()
    organisation = organisation_of(cast.operator_a)
    action = make_action("MOUS", operators=[organisation], themes=["school"], starts_on=dt.date(2026, 1, 1))
    register = opened_for(cast.operator_a)
    client = client_of(cast.operator_a, register)
    family_in(register, action)
    family_in(register)  # accompanied by no dispositif: counted nowhere here
    fill = reverse("indicators:fill", args=[action.public_id])
    form = form_of(client, fill) | {"on": "30/6/2026"}
    offered = client.post(
        reverse("indicators:offers", args=[action.public_id]), form | {"reprendre_nombre": "tous"}
    )
    text = plain_text(offered)
    assert "2 d’après votre registre" in text
    boxes = {code: f'name="v{socle[code].pk}" value="{number}"' for code, number in
             {"personnes": 2, "menages": 1, "mineurs": 1, "elementaire": 1, "entrees": 2}.items()}  # fmt: skip
    assert [code for code, box in boxes.items() if box not in text] == []
    assert "Popescu" not in text
    behind = reverse("households:counted", args=["personnes"])
    assert f"{behind}?dispositif={action.public_id}&amp;au=2026-06-30" in text
    asked = {"dispositif": action.public_id, "au": "2026-06-30", "depuis": "2026-01-01"}
    listed = plain_text(client.get(behind, asked))
    assert "Ana Popescu" in listed
    assert "M-0002" not in listed
    assert client.get(behind, asked | {"au": "hier"}).status_code == 404
    assert client.get(reverse("households:counted", args=["religion"]), asked).status_code == 404

    token = text.partition('name="offered" value="')[2].partition('"')[0]
    sent = form | {f"v{socle[code].pk}": str(number) for code, number in
                   {"personnes": 2, "menages": 1, "elementaire": 1}.items()}  # fmt: skip
    assert client.post(fill, sent | {"offered": token}).status_code == 302
    assert set(Measurement.objects.values_list("provenance", flat=True)) == {Provenance.REGISTER}
    # One more family in the past: the next follow-up says it.
    family_in(register, action)
    later = plain_text(client.get(fill))
    assert "votre registre a changé au 30/06/2026" in later
    assert "Personnes : + 2 (envoyé : 2)" in later
    # Locked, by another browser of the same person: where to open it, and no number.
    locked = client_of(cast.operator_a, register)
    locked.cookies.clear()
    locked.force_login(cast.operator_a)
    shut = plain_text(locked.get(fill))
    assert reverse("households:open") in shut
    assert "d’après votre registre" not in shut
    for reader in (cast.national, cast.correspondent59, cast.operator_b):
        other = client_of(reader, register)
        answer = other.get(f"{fill}?pour={organisation.pk}")
        assert "votre registre" not in plain_text(answer)
        assert other.get(behind, asked).status_code in (403, 404)
