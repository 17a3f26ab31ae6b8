"""Filling in a follow-up: what the page proposes, what it records, what it asks to check, what it never loses."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jalons.actions.models import Action, FollowUp
from jalons.core.values import Value
from jalons.indicators.models import FollowUpDraft, Indicator, Measurement
from tests.factories import (
    BACKEND,
    Cast,
    make_action,
    make_follow_up,
    make_indicator,
    make_socle,
    organisation_of,
)
from tests.forms import form_to
from tests.front import tight

pytestmark = pytest.mark.django_db
SOCLE = True
JANUARY, FEBRUARY = dt.date(2020, 1, 31), dt.date(2020, 2, 29)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def page(action: Action, name: str = "fill", *more: Any) -> str:
    return reverse(f"indicators:{name}", args=[action.public_id, *more])


@pytest.fixture
def socle(cast: Cast) -> dict[str, Indicator]:
    return make_socle()


@pytest.fixture
def action(cast: Cast, socle: dict[str, Indicator]) -> Action:
    return make_action("MOUS de Lille", operators=[organisation_of(cast.operator_a)])


@pytest.fixture
def told(cast: Cast, action: Action) -> FollowUp:
    return make_follow_up(
        action, JANUARY, by=cast.operator_a, personnes=30, femmes=12, entrees=4, scolarisables=10, college=6
    )


def opened(client: Client, address: str) -> dict[str, Any]:
    """The form as the browser would send it."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return dict(form_to(answer, address.partition("?")[0]).values)


def boxes(socle: dict[str, Indicator], **figures: Any) -> dict[str, str]:
    return {f"v{socle[code.replace('_', '-')].pk}": str(figure) for code, figure in figures.items()}


def figures(action: Action, on: dt.date) -> dict[str, tuple[Any, bool]]:
    found = Measurement.objects.known().filter(series__action=action, valid_on=on)
    return {one.series.indicator.code: (one.number, one.unchanged) for one in found}


def test_it_opens(cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]) -> None:
    form = opened(client_of(cast.operator_a), page(action))
    assert form[f"v{socle['personnes'].pk}"] == ["30"]
    assert form[f"v{socle['entrees'].pk}"] == [""]


def send(client: Client, action: Action, socle: dict[str, Indicator], name: str = "fill", **more: Any) -> Any:
    """The page as it opens, with figures by code typed over, sent."""
    codes = {code for code in more if code.replace("_", "-") in socle}
    form = opened(client, page(action, name))
    form |= boxes(socle, **{code: more.pop(code) for code in codes}) | more
    return client.post(page(action, name), form)


# --- what is recorded ------------------------------------------------------------------------------------------


def test_what_is_left_is_said_again_and_flows_stay_unknown(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    answer = send(client_of(cast.operator_a), action, socle, on="29/2/2020", personnes=32)
    assert answer.status_code == 302, answer.content.decode()
    assert figures(action, FEBRUARY) == {
        "personnes": (32, False),
        "femmes": (12, True),
        "scolarisables": (10, True),
        "college": (6, True),
    }
    report = FollowUp.objects.known().get(valid_on=FEBRUARY)
    assert (report.since, report.unchanged) == (dt.date(2020, 2, 1), ())


def test_a_recount_that_finds_the_same_is_not_unchanged(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    recounted = f"v{socle['personnes'].pk}"
    send(client_of(cast.operator_a), action, socle, on="29/2/2020", touched=recounted)
    assert figures(action, FEBRUARY)["personnes"] == (30, False)
    assert figures(action, FEBRUARY)["femmes"] == (12, True)


def test_nothing_changed_in_a_part_writes_its_zeros(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    send(client_of(cast.operator_a), action, socle, on="29/2/2020", same_public="on", college=7)
    found = figures(action, FEBRUARY)
    assert found["personnes"] == (30, True)
    assert {found[code][0] for code in ("entrees", "abandons", "exclusions-mineurs")} == {0}
    assert found["college"] == (7, False)
    assert FollowUp.objects.known().get(valid_on=FEBRUARY).unchanged == ("public",)


def test_nothing_else_changed_keeps_what_was_typed_and_invents_no_detail(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    send(client_of(cast.operator_a), action, socle, on="29/2/2020", same_all="on", personnes=33, entrees=3)
    found = figures(action, FEBRUARY)
    assert found["personnes"] == (33, False)
    assert found["entrees"] == (3, False)
    # Three came in: who they are is not known. Nobody left: nor did any woman.
    assert "entrees-femmes" not in found
    assert found["abandons-femmes"] == (0, False)
    assert FollowUp.objects.known().get(valid_on=FEBRUARY).unchanged == ("school",)


def test_every_type_of_value(cast: Cast, socle: dict[str, Indicator]) -> None:
    action = make_action(operators=[organisation_of(cast.operator_a)], themes=["safety"])
    share = make_indicator(action, "Familles suivies", "share", "stock")
    money = make_indicator(action, "Aides versées", "amount", "flow")
    words = make_indicator(action, "Ambiance", "text", "stock")
    answer = send(
        client_of(cast.operator_a),
        action,
        socle,
        on="29/2/2020",
        personnes="ND",
        femmes="/",
        mineurs="–",
        electricite="partial",
        **{
            f"v{share.pk}": "8",
            f"v{share.pk}_sur": "12",
            f"v{money.pk}": "1 250,50 €",
            f"v{words.pk}": "Calme",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    told = {
        one.series.indicator.label: one.series.indicator.value(
            one.number, denominator=one.denominator, words=one.words, state=one.state
        )
        for one in Measurement.objects.known().select_related("series__indicator")
    }
    assert told == {
        "Personnes": Value.nd(),
        "Femmes": Value.na(),
        "Mineurs": Value.dash(),
        "Accès à l’électricité": Value.choice("partial", "En partie"),
        "Familles suivies": Value.percent(numerator=8, denominator=12),
        "Aides versées": Value.amount(1250.5),
        "Ambiance": Value.text("Calme"),
    }


@pytest.mark.parametrize("typed", ["douze", "-4", "1,5", "9" * 30, "=1+1", "3 mois", "12 %", "١٢"])
def test_a_figure_that_cannot_be_read_is_given_back(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator], typed: str
) -> None:
    answer = send(client_of(cast.operator_a), action, socle, on="29/2/2020", personnes=typed, college=9)
    assert answer.status_code == 200
    again = form_to(answer, page(action)).values
    assert again[f"v{socle['personnes'].pk}"] == [typed]
    assert again[f"v{socle['college'].pk}"] == ["9"]
    assert "à corriger" in answer.content.decode()
    assert FollowUp.objects.known().count() == 1


@pytest.mark.parametrize(("part", "whole"), [("4", ""), ("", "4"), ("ND", "4"), ("0", "0")])
def test_half_a_share_is_refused(
    cast: Cast, action: Action, socle: dict[str, Indicator], part: str, whole: str
) -> None:
    share = make_indicator(action, "Familles suivies", "share", "stock")
    more = {f"v{share.pk}": part, f"v{share.pk}_sur": whole}
    answer = send(client_of(cast.operator_a), action, socle, on="29/2/2020", **more)
    assert answer.status_code == 200
    assert not FollowUp.objects.exists()


def test_an_empty_report_is_not_recorded(cast: Cast, action: Action, socle: dict[str, Indicator]) -> None:
    answer = send(client_of(cast.operator_a), action, socle, on="29/2/2020")
    assert "rien à enregistrer" in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_difficulties_and_their_precision(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    client = client_of(cast.operator_a)
    said = {"on": "29/2/2020", "difficulties": ["canteen", "other"]}
    assert "Dites en quelques mots laquelle" in send(client, action, socle, **said).content.decode()
    assert not FollowUp.objects.filter(valid_on=FEBRUARY).exists()
    assert send(client, action, socle, **said, difficulty_note="Le car").status_code == 302
    report = FollowUp.objects.known().get(valid_on=FEBRUARY)
    assert (report.difficulties, report.difficulty_note) == (("canteen", "other"), "Le car")
    assert opened(client, page(action))["difficulties"] == ["canteen", "other"]


def test_the_team_is_written_when_it_changed(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    client = client_of(cast.operator_a)
    send(
        client, action, socle, on="29/2/2020", job_0="mediator", fte_0="0,75", job_1="head", fte_1="ponctuel"
    )
    lines = {line.job: line.fte for line in action.staff_lines.all()}
    assert lines == {"mediator": Value.of(0.75).number, "head": None}
    send(client, action, socle, on="1/3/2020")
    assert action.staff_lines.count() == 2


def test_sending_twice_records_once(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    client = client_of(cast.operator_a)
    form = opened(client, page(action)) | {"on": "29/2/2020"}
    assert client.post(page(action), form).status_code == 302
    assert client.post(page(action), form).status_code == 302
    assert FollowUp.objects.known().count() == 2


# --- warnings --------------------------------------------------------------------------------------------------


def check(client: Client, action: Action, **typed: Any) -> str:
    form = opened(client, page(action)) | typed
    answer = client.post(page(action, "warnings"), form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"femmes": 40}, "Personnes, dont femmes : 40, c’est plus que « Personnes » (30)."),
        ({"menages": 31}, "Ménages : 31, c’est plus que « Personnes » (30)."),
        (
            {"personnes": 35, "entrees": 4, "sorties_positives": 2, "abandons": 0, "exclusions": 0},
            "Personnes : 30 le 31/01/2020 + 4 entrées − 2 sorties = 32, et vous dites 35.",
        ),
        ({"personnes": 75}, "Personnes : 75, contre 30 le 31/01/2020."),
        ({"college": 13}, "Enfants scolarisés : 13, c’est plus que « Enfants de 3 à 16 ans » (10)."),
    ],
)
def test_what_deserves_a_second_look(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator], typed: Any, sentence: str
) -> None:
    client = client_of(cast.operator_a)
    assert "à vérifier</p>" not in tight(check(client, action))
    assert sentence in check(client, action, **boxes(socle, **typed))
    # It never blocks, and is said once more after a sending that did not see it.
    answer = send(client, action, socle, on="29/2/2020", **typed)
    assert answer.status_code == 302
    after = client.get(answer["Location"]).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert sentence in after
    assert "Corriger ce point de suivi" in after


def test_the_totals_follow(cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]) -> None:
    seen = check(client_of(cast.operator_a), action, **boxes(socle, college=4, elementaire=4), same_all="on")
    assert "≥ 8 (3 non renseignés)" in seen
    assert "80 % (8 sur 10)" in seen
    assert FollowUp.objects.count() == 1


def test_warnings_without_javascript_give_the_page_back(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    """Also where one lands after signing in again, when the session ended before a check."""
    client = client_of(cast.operator_a)
    answer = client.post(page(action, "warnings"), opened(client, page(action)) | boxes(socle, femmes=40))
    assert form_to(answer, page(action)).values[f"v{socle['femmes'].pk}"] == ["40"]


# --- drafts ----------------------------------------------------------------------------------------------------


def test_a_draft_comes_back_to_its_author_alone(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    client, box = client_of(cast.operator_a), f"v{socle['personnes'].pk}"
    form = opened(client, page(action)) | {box: "33", "comment_school": "Le car ne vient plus\x00."}
    kept = client.post(page(action, "draft"), form, headers={"HX-Request": "true"})
    assert "Brouillon enregistré à" in kept.content.decode()
    draft = FollowUpDraft.objects.get()
    # What was there before is not in it: it may change meanwhile.
    assert draft.typed == {box: ["33"], "comment_school": ["Le car ne vient plus."]}
    again = client.get(page(action))
    assert "Vous aviez commencé" in again.content.decode()
    assert form_to(again, page(action)).values[box] == ["33"]
    other = client_of(cast.colleague_a).get(page(action))
    assert "car ne vient plus" not in other.content.decode()
    assert form_to(other, page(action)).values[box] == ["30"]
    client.post(page(action), opened(client, page(action)) | {"on": "29/2/2020"})
    assert not FollowUpDraft.objects.exists()
    assert figures(action, FEBRUARY)["personnes"] == (33, False)


def test_a_draft_is_forgotten_when_asked(cast: Cast, action: Action, told: FollowUp) -> None:
    client = client_of(cast.operator_a)
    client.post(page(action, "draft"), opened(client, page(action)) | {"comment_public": "À revoir"})
    assert FollowUpDraft.objects.count() == 1
    client.post(page(action, "draft"), {"effacer": "1"})
    assert not FollowUpDraft.objects.exists()


def test_a_draft_that_comes_after_the_report_is_not_kept(cast: Cast, action: Action, told: FollowUp) -> None:
    client = client_of(cast.operator_a)
    form = opened(client, page(action)) | {"on": "29/2/2020", "comment_public": "Calme"}
    client.post(page(action), form)
    client.post(page(action, "draft"), form)
    assert not FollowUpDraft.objects.exists()


def test_a_draft_too_long_is_given_back(cast: Cast, action: Action, told: FollowUp) -> None:
    client, long = client_of(cast.operator_a), "é" * 70_000
    answer = client.post(page(action, "draft"), opened(client, page(action)) | {"comment_public": long})
    assert not FollowUpDraft.objects.exists()
    assert long in answer.content.decode()
    assert "trop long" in answer.content.decode()


def test_a_session_that_ends_keeps_what_was_typed(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    form = opened(client_of(cast.operator_a), page(action)) | boxes(socle, personnes=33)
    answer = Client().post(page(action), form)
    assert answer.status_code == 401
    assert "33" in form_to(answer, "/connexion/").values["kept"][0]


# --- for whom --------------------------------------------------------------------------------------------------


def test_each_operator_fills_in_its_own_part(cast: Cast, socle: dict[str, Indicator]) -> None:
    both = [organisation_of(cast.operator_a), organisation_of(cast.operator_b)]
    action = make_action(operators=both)
    mine, theirs = client_of(cast.operator_a), f"{page(action)}?pour={both[1].pk}"
    assert mine.get(page(action)).status_code == 200
    assert mine.get(theirs).status_code == 403
    assert mine.get(f"{page(action)}?pour=999999").status_code == 404
    assert mine.get(f"{page(action)}?pour=x' OR 1=1").status_code == 404
    pilot = client_of(cast.correspondent59)
    chosen = pilot.get(page(action)).content.decode()
    assert "Pour quelle structure" in chosen
    assert str(both[0]) in chosen
    assert str(both[1]) in chosen
    form = opened(pilot, theirs) | boxes(socle, personnes=8) | {"on": "29/2/2020"}
    assert pilot.post(theirs, form).status_code == 302
    report = FollowUp.objects.get()
    assert (report.reporter, report.organisation) == (both[1], organisation_of(cast.correspondent59))


def test_the_second_of_two_colleagues_loses_nothing(
    cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]
) -> None:
    first, second = client_of(cast.operator_a), client_of(cast.colleague_a)
    form = opened(second, page(action)) | boxes(socle, personnes=40, entrees=8) | {"on": "29/2/2020"}
    send(first, action, socle, on="29/2/2020", personnes=36, mineurs=11)
    answer = second.post(page(action), form)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Un point de suivi existe déjà au 29/02/2020" in text
    assert ">36<" in text
    assert ">40<" in text
    assert form_to(answer, page(action)).values[f"v{socle['entrees'].pk}"] == ["8"]
    lineage = FollowUp.objects.known().get(valid_on=FEBRUARY).lineage
    touched = " ".join(boxes(socle, personnes=40, entrees=8))
    taken = second.post(page(action, "correct", lineage), form | {"reprendre": "1", "touched": touched})
    correction = dict(form_to(taken, page(action, "correct", lineage)).values)
    # What the second typed, over what the first had said; nothing is judged before it is sent.
    assert correction[f"v{socle['personnes'].pk}"] == ["40"]
    assert correction[f"v{socle['mineurs'].pk}"] == ["11"]
    assert "à corriger" not in taken.content.decode()
    done = second.post(page(action, "correct", lineage), correction | {"reason": "compté à deux"})
    assert done.status_code == 302
    found = figures(action, FEBRUARY)
    assert (found["personnes"][0], found["entrees"][0], found["mineurs"][0]) == (40, 8, 11)


# --- « Rien n’a changé » ---------------------------------------------------------------------------------------


def test_nothing_changed_in_one_click(cast: Cast, action: Action, told: FollowUp) -> None:
    client = client_of(cast.operator_a)
    seen = client.get(page(action, "unchanged")).content.decode()
    assert "30" in seen
    assert "dont femmes" in seen
    still = {**opened(client, page(action, "unchanged")), "no_movement": "on"}  # the last point is years old
    assert client.post(page(action, "unchanged"), still).status_code == 302
    report = FollowUp.objects.known().latest("valid_on")
    assert (report.valid_on, report.unchanged) == (timezone.localdate(), ("public", "school"))
    found = figures(action, report.valid_on)
    assert found["personnes"] == (30, True)
    assert found["entrees"][0] == 0
    again = client.post(page(action, "unchanged"), {"submission_key": str(uuid.uuid4())})
    assert "existe déjà" in again.content.decode()


def test_nothing_to_say_again(cast: Cast, action: Action) -> None:
    client = client_of(cast.operator_a)
    assert "Rien n’a encore été renseigné" in client.get(page(action, "unchanged")).content.decode()
    assert client.post(page(action, "unchanged"), {}).status_code == 200
    assert not FollowUp.objects.exists()


# --- the cost --------------------------------------------------------------------------------------------------


def test_the_page_asks_a_constant_number_of_queries(
    cast: Cast, action: Action, socle: dict[str, Indicator]
) -> None:

    client = client_of(cast.operator_a)
    counts = []
    for month in (1, 2, 3):
        make_follow_up(
            action, dt.date(2020, month, 28), by=cast.operator_a, personnes=30, femmes=12, college=month
        )
        with CaptureQueriesContext(connection) as seen:
            client.get(page(action))
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] < 40
