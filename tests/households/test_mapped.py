"""Local indicators that a register counts: chosen by its team, offered to the follow-up, read behind the number."""

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from jalons.households.models import MappedIndicator
from jalons.households.numbers.mapping import rule_in_words
from tests.factories import Cast, make_action, make_indicator, make_socle, organisation_of
from tests.households.families.test_conditions import CODES
from tests.households.opening import client_of, opened_for
from tests.households.test_claims import family_in, form_of, plain_text

pytestmark = pytest.mark.django_db
PAGE = "/registre/indicateurs/"


def sent(page: Any, **chosen: str) -> dict[str, str]:
    """As the form was opened, with what somebody chooses in it."""
    seen = re.search(r'name="seen" value="([^"]*)"', page.content.decode())
    return {
        "seen": seen[1] if seen else "",
        **{name.replace("_", "-"): code for name, code in chosen.items()},
    }


def test_a_local_indicator_is_counted_by_the_register(cast: Cast) -> None:
    make_socle()
    organisation = organisation_of(cast.operator_a)
    action = make_action("MOUS", operators=[organisation], starts_on=dt.date(2026, 1, 1))
    homes = make_indicator(action, "Femmes accompagnées", nature="stock", unit="personnes")
    visits = make_indicator(action, "Familles rencontrées", nature="flow")
    other = make_indicator(make_action("Ailleurs", operators=[organisation_of(cast.operator_b)]), "Autre")
    register = opened_for(cast.operator_a, cast.colleague_a)
    client, colleague = client_of(cast.operator_a, register), client_of(cast.colleague_a, register)
    family_in(register, action)
    fill = reverse("indicators:fill", args=[action.public_id])
    dated = {"on": "30/6/2026"}
    offers = reverse("indicators:offers", args=[action.public_id])
    taken = form_of(client, fill) | dated | {"reprendre_nombre": "tous"}
    boxes = [f'name="v{homes.pk}" value="1"', f'name="v{visits.pk}" value="1"']
    assert [box in plain_text(client.post(offers, taken)) for box in boxes] == [False, False], (
        "rien de choisi"
    )

    page, seen_by_colleague = client.get(PAGE), colleague.get(PAGE)
    text = plain_text(page)
    assert "Femmes accompagnées" in text
    assert "Autre" not in re.sub(r"<option[^>]*>[^<]*", "", text), "l’indicateur d’une autre structure"
    assert f'name="figure-{other.pk}"' not in text
    # A stock counts what is true at the date, a flow what happened: neither is proposed for the other.
    lists = re.findall(r"<select.*?</select>", text)
    assert ('value="now--work"' in lists[0], 'value="now--work"' in lists[2]) != (True, True)
    chosen = {
        f"figure_{homes.pk}": "personnes", f"among_{homes.pk}": "femmes",
        f"figure_{visits.pk}": "since--visit", f"among_{visits.pk}": "femmes",
    }  # fmt: skip
    assert client.post(PAGE, sent(page, **chosen)).status_code == 302
    rows = {row.indicator_id: row.code for row in MappedIndicator.objects.all()}
    assert rows == {homes.pk: "personnes--femmes", visits.pk: "since--visit"}, "un ménage n’a pas de sexe"
    wrong = sent(client.get(PAGE), **{**chosen, f"figure_{homes.pk}": "entrees"})
    assert "j-summary" in plain_text(client.post(PAGE, wrong)), "un flux ne fait pas un stock"

    # The second of two people is told, and may send again.
    late = colleague.post(PAGE, sent(seen_by_colleague, **{**chosen, f"figure_{visits.pk}": ""}))
    assert "a changé ces choix pendant que vous écriviez" in plain_text(late)
    assert MappedIndicator.objects.count() == 2
    again = sent(late, **{**chosen, f"figure_{visits.pk}": "", f"among_{visits.pk}": ""})
    assert colleague.post(PAGE, again).status_code == 302
    assert MappedIndicator.objects.count() == 1
    client.post(PAGE, sent(client.get(PAGE), **chosen))

    offered = plain_text(client.post(offers, taken))
    assert [box in offered for box in boxes] == [True, True]
    assert "Parmi elles, celles dont la fiche dit" in offered
    assert f"{reverse('households:counted', args=['personnes--femmes'])}?dispositif=" in offered
    assert 'href="/registre/indicateurs/"' in offered
    asked = {"dispositif": action.public_id, "au": "2026-06-30", "depuis": "2026-01-01"}
    behind = plain_text(client.get(reverse("households:counted", args=["personnes--femmes"]), asked))
    assert "Ana Popescu" in behind
    assert "Ion Popescu" not in behind
    met = plain_text(client.get(reverse("households:counted", args=["since--visit"]), asked))
    assert "le ménage" in met
    assert client.get(reverse("households:counted", args=["since--religion"]), asked).status_code == 404

    # A code of a later Jalons is offered to nobody; another structure's choices are its own.
    MappedIndicator.objects.filter(indicator=homes).update(code="later--thing")
    assert boxes[0] not in plain_text(client.post(offers, taken))
    stranger = client_of(cast.operator_b, opened_for(cast.operator_b))
    assert "Femmes accompagnées" not in plain_text(stranger.get(PAGE))
    stranger.post(PAGE, sent(stranger.get(PAGE), **{f"figure_{homes.pk}": "menages"}))
    assert set(MappedIndicator.objects.values_list("organisation", flat=True)) == {organisation.pk}
    for reader in (cast.national, cast.correspondent59):
        assert client_of(reader, register).get(PAGE).status_code == 404


def test_rules_are_sentences() -> None:
    for code in CODES:
        assert re.fullmatch(r"Les (personnes|ménages) [^{}]+\.", rule_in_words(code)), code
