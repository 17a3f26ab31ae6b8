"""Numbers that a register offers beside the boxes, and small numbers: taken, refused, sent, corrected, withheld."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.actions.models import Action, FollowUp
from jalons.core.values import Sum, Value
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import NOW, AsOf
from jalons.indicators import offers
from jalons.indicators.enums import Provenance
from jalons.indicators.figures import HOUSED, read_flows
from jalons.indicators.models import Indicator, Measurement
from jalons.indicators.offers import OfferedNumber, OfferQuestion, RegisterOffer
from jalons.indicators.selectors.table import follow_table
from jalons.indicators.selectors.year import year_figures
from tests.factories import Cast, make_action, make_follow_up, make_socle, organisation_of
from tests.front import tight
from tests.indicators.test_fill import boxes, client_of, figures, opened, page, send

pytestmark = pytest.mark.django_db
SOCLE = True
JANUARY, FEBRUARY, MARCH = dt.date(2020, 1, 31), dt.date(2020, 2, 29), dt.date(2020, 3, 31)
REGISTER: dict[str, Any] = {}


def fake_register(request: Any, question: OfferQuestion) -> RegisterOffer | None:
    """Offers what the test wrote in `REGISTER`, by code, for fact structure."""
    if question.reporter.pk != REGISTER.get("structure"):
        return None
    if REGISTER.get("closed"):
        return RegisterOffer("votre registre", closed_url="/registre/ouvrir/")
    by_code = {fact.code: pk for pk, fact in question.indicators.items()}
    numbers = {
        moment: {
            by_code[code]: OfferedNumber(number, f"Les {code} du registre.", "/registre/qui/")
            for code, number in REGISTER["numbers"](moment).items()
        }
        for moment in question.moments
    }
    return RegisterOffer("votre registre", numbers, settled_until=REGISTER.get("settled"))


@pytest.fixture
def socle(cast: Cast) -> dict[str, Indicator]:
    return make_socle()


@pytest.fixture
def action(cast: Cast, socle: dict[str, Indicator]) -> Action:
    return make_action("MOUS de Lille", operators=[organisation_of(cast.operator_a)], themes=["housing"])


@pytest.fixture
def register(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.setattr(offers, "_providers", [f"{__name__}.fake_register"])
    REGISTER.update(
        structure=organisation_of(cast.operator_a).pk,
        numbers=lambda moment: {"personnes": 34, "femmes": 3} | ({"entrees": 2} if moment.since else {}),
    )
    yield REGISTER
    REGISTER.clear()


def plain_text(page_text: str) -> str:
    """One kind of space, so that a sentence is looked for as it reads."""
    return " ".join(tight(page_text).split())


def provenances(action: Action, on: dt.date) -> dict[str, str]:
    facts = Measurement.objects.known().filter(series__action=action, valid_on=on)
    return {fact.series.indicator.code: fact.provenance for fact in facts}


def pressed(client: Client, action: Action, form: dict[str, Any], **button: str) -> str:
    answer = client.post(page(action, "offers"), form | button)
    assert answer.status_code == 200
    return answer.content.decode()


def test_offered_taken_and_sent(
    cast: Cast, action: Action, socle: dict[str, Indicator], register: dict[str, Any]
) -> None:
    """Without a script: seen, all taken with fact button, fact of them written otherwise, sent."""
    client = client_of(cast.operator_a)
    text = plain_text(client.get(page(action)).content.decode())
    assert "34 d’après votre registre" in text
    assert "Les personnes du registre." in text
    assert "/registre/qui/" in text
    form = opened(client, page(action)) | {"on": "29/2/2020"}
    everything = pressed(client, action, form, reprendre_nombre="tous")
    box = f"v{socle['personnes'].pk}"
    assert f'name="{box}" value="34"' in everything
    # The date was typed before the button: what is offered is for that date, and only so is it signed.
    token = everything.partition('name="offered" value="')[2].partition('"')[0]
    sent = form | boxes(socle, personnes=34, femmes="1 à 4", entrees=5) | {"offered": token}
    assert client.post(page(action), sent).status_code == 302
    assert figures(action, FEBRUARY)["personnes"][0] == 34
    assert provenances(action, FEBRUARY) == {
        "personnes": Provenance.REGISTER,
        "femmes": Provenance.REGISTER,  # the register says 3
        "entrees": Provenance.TYPED,  # it says 2
    }


def test_one_number_taken_leaves_the_rest_as_typed(
    cast: Cast, action: Action, socle: dict[str, Indicator], register: dict[str, Any]
) -> None:
    client = client_of(cast.operator_a)
    form = opened(client, page(action)) | boxes(socle, personnes=12)
    text = pressed(client, action, form, reprendre_nombre=f"v{socle['femmes'].pk}")
    assert f'name="v{socle["femmes"].pk}" value="3"' in text
    assert f'name="v{socle["personnes"].pk}" value="12"' in text
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("token", ["", "forged", "WzEsMiwiMjAyMC0wMi0yOSIse31d:1abcde:forged"])
def test_a_token_that_nobody_signed_says_nothing(
    cast: Cast, action: Action, socle: dict[str, Indicator], register: dict[str, Any], token: str
) -> None:
    send(client_of(cast.operator_a), action, socle, on="29/2/2020", personnes=34, offered=token)
    assert provenances(action, FEBRUARY) == {"personnes": Provenance.TYPED}


def test_the_token_of_another_date_says_nothing(
    cast: Cast, action: Action, socle: dict[str, Indicator], register: dict[str, Any]
) -> None:
    """The page opened on today's numbers; the person writes another date and sends at once."""
    form = opened(client_of(cast.operator_a), page(action))
    assert form["offered"] != [""]
    send(client_of(cast.operator_a), action, socle, on="29/2/2020", personnes=34)
    assert provenances(action, FEBRUARY) == {"personnes": Provenance.TYPED}


def test_nobody_else_sees_an_offer_and_a_closed_register_says_where_to_open_it(
    cast: Cast, action: Action, register: dict[str, Any]
) -> None:
    """The pilot fills in for the operator: the same bytes as if there were no register."""
    other = client_of(cast.correspondent59)
    address = f"{page(action)}?pour={register['structure']}"
    before = other.get(address).content.decode()
    assert "votre registre" not in plain_text(before)
    assert 'id="registre"' not in before
    register["closed"] = True
    text = plain_text(client_of(cast.operator_a).get(page(action)).content.decode())
    assert 'href="/registre/ouvrir/"' in text
    assert "d’après votre registre" not in text


def test_a_family_corrected_in_the_past_offers_a_reasoned_correction(
    cast: Cast, action: Action, socle: dict[str, Indicator], register: dict[str, Any]
) -> None:
    client = client_of(cast.operator_a)
    form = opened(client, page(action)) | {"on": "29/2/2020"}
    text = pressed(client, action, form)
    token = text.partition('name="offered" value="')[2].partition('"')[0]
    client.post(page(action), form | boxes(socle, personnes=34, femmes="1 à 4") | {"offered": token})
    same = plain_text(client.get(page(action)).content.decode())
    assert "Depuis votre dernier envoi" not in same
    # The register now counts two more people then, and as many women: « 1 à 4 » still says it.
    register["numbers"] = lambda moment: {"personnes": 36, "femmes": 4}
    text = plain_text(client.get(page(action)).content.decode())
    assert "Depuis votre dernier envoi, votre registre a changé au 29/02/2020" in text
    assert "Personnes : + 2 (envoyé : 34)" in text
    assert "Femmes : " not in text.partition("Depuis votre dernier envoi")[2].partition("</ul>")[0]
    report = FollowUp.objects.known().get(valid_on=FEBRUARY)
    address = page(action, "correct", report.lineage)
    assert address in text
    correcting = opened(client, address)
    taken = client.post(address, correcting | {"reprendre_nombre": "tous"}).content.decode()
    assert f'name="v{socle["personnes"].pk}" value="36"' in taken
    assert FollowUp.objects.known().get(valid_on=FEBRUARY).pk == report.pk  # a button records nothing
    more = boxes(socle, personnes=36) | {"reason": "Une famille ajoutée au registre"}
    assert client.post(address, correcting | more).status_code == 302
    fact = Measurement.objects.known().get(series__indicator__code="personnes", valid_on=FEBRUARY)
    assert (fact.number, fact.provenance) == (36, Provenance.REGISTER)
    # Families erased since: what they counted then is not compared any more.
    register["numbers"] = lambda moment: {"personnes": 20}
    register["settled"] = FEBRUARY
    assert "Depuis votre dernier envoi" not in plain_text(client.get(page(action)).content.decode())


# --- small numbers ---------------------------------------------------------------------------------------------


def test_a_small_number_says_who_will_read_it_and_may_be_withheld(
    cast: Cast, action: Action, socle: dict[str, Indicator]
) -> None:
    client = client_of(cast.operator_a)
    form = opened(client, page(action))
    quiet = client.post(page(action, "warnings"), form | boxes(socle, personnes=5, femmes=0))
    assert "désigner une famille" not in plain_text(quiet.content.decode()).partition('id="verifier"')[2]
    asked = client.post(page(action, "warnings"), form | boxes(socle, personnes=4, femmes=1))
    text = plain_text(asked.content.decode()).partition('id="verifier"')[2]
    assert "Ces chiffres peuvent désigner une famille" in text
    assert "Qui les lira :" in text
    assert reverse("readership:readers", args=["dispositif", action.public_id]) in text
    narrowed = pressed(
        client, action, form | boxes(socle, personnes=9, femmes=1), en_fourchette=f"v{socle['femmes'].pk}"
    )
    assert f'name="v{socle["femmes"].pk}" value="1 à\u00a04"' in narrowed
    assert send(client, action, socle, on="29/2/2020", personnes=9, femmes="1 à 4").status_code == 302
    women = Measurement.objects.known().get(series__indicator__code="femmes")
    assert (women.number, women.state, women.value) == (None, "few", Value.few())
    # It is said again the next time as it was, not as a number.
    assert opened(client, page(action))[f"v{socle['femmes'].pk}"] == ["1 à\u00a04"]
    table = plain_text(client.get(page(action, "table")).content.decode())
    assert "1 à 4" in table
    file: Any = client.get(page(action, "table_export") + "?format=csv")
    assert "1 à\u00a04" in b"".join(file.streaming_content).decode("utf-8-sig")


def test_only_what_counts_people_is_withheld(cast: Cast, action: Action, socle: dict[str, Indicator]) -> None:
    refused = send(
        client_of(cast.operator_a), action, socle, on="29/2/2020", demandes_logement_social="1 à 4"
    )
    counts = socle["demandes-logement-social"].counts_people
    assert refused.status_code == (302 if counts else 200)


def test_sums_keep_both_bounds_everywhere(cast: Cast, action: Action, socle: dict[str, Indicator]) -> None:
    """A flow told three months, once as « 1 à 4 »: the year, the table of a month, the figure of the territory."""
    operator = organisation_of(cast.operator_a)
    other = make_action("Autre", operators=[operator], themes=["housing"])
    for where, day, number in (
        (action, JANUARY, 6),
        (action, FEBRUARY, Value.few()),
        (action, MARCH, 3),
        (other, MARCH, Value.few()),
    ):
        make_follow_up(where, day, by=cast.operator_a, **{HOUSED.replace("-", "_"): number})
    flows = Measurement.objects.known().filter(series__indicator__code=HOUSED)
    assert all(flow.counts for flow in flows)
    for at in (NOW, AsOf(MARCH)):  # chosen when written, chosen again
        worth = read_flows(FigureQuestion(cast.national, at, since=dt.date(2020, 1, 1)))[HOUSED].worth
        assert isinstance(worth, Sum)
        assert (worth.total, worth.known, worth.few) == (9, 1, 2)
        assert str(worth) == "11 à\u00a017"
    line = next(
        line for block in follow_table(action).blocks for line in block.lines if line.indicator.code == HOUSED
    )
    assert [cell.words for cell in line.cells] == ["6", "1 à\u00a04", "3"]
    assert [cell.complete for cell in line.cells] == [6, None, 3]
    year = year_figures([action.pk, other.pk], 2020)
    assert str(year.of(action.pk, socle[HOUSED]).figure) == "10 à\u00a013"
    assert str(year.of(other.pk, socle[HOUSED]).figure) == "1 à\u00a04"
    assert not year.of(action.pk, socle[HOUSED]).is_complete
