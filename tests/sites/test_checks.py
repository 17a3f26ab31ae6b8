"""What deserves a look: the states of living conditions, warnings, disagreements. Nothing ever fails or blocks."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalons.core.values import Sum, Value, total
from jalons.sites import checks, warnings
from jalons.sites import questions as questions_checks
from jalons.sites.checks import disagreeing
from jalons.sites.enums import Condition, Theme
from jalons.sites.questions import QUESTIONS, assess, assess_all, clean_answers
from jalons.sites.warnings import count_warnings

DAY = dt.date(2021, 3, 10)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["yes", "no", "pit"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
codes = st.sampled_from(["bottles", "hydrant", "tap", "pit", "flush", "generator", "network", "intrus"])
answer = st.sampled_from(["yes", "no", "unknown", "", None]) | st.lists(codes, max_size=3) | json
questions = st.sampled_from(sorted({one.code for some in QUESTIONS.values() for one in some} | {"intrus"}))
themes = st.sampled_from([*(theme.value for theme in Theme), "intrus"])
answers = st.dictionaries(themes, st.dictionaries(questions, answer, max_size=5) | json, max_size=6)


@given(answers)
def test_any_answers_have_states(told: Any) -> None:
    found = assess_all(told)
    assert [one.theme for one in found] == list(Theme)
    assert found == assess_all(told)
    for one in found:
        assert bool(one.reasons) == (one.condition in (Condition.BAD, Condition.TO_IMPROVE))


@given(answers)
def test_cleaning_twice_changes_nothing_and_cleaning_changes_no_state(told: Any) -> None:
    kept = clean_answers(told)
    assert clean_answers(kept) == kept
    assert assess_all(kept) == assess_all(told)
    for theme, given_ in kept.items():
        known = {question.code: question for question in QUESTIONS[Theme(theme)]}
        assert given_
        for code, said in given_.items():
            assert said in ("yes", "no") or set(said) <= {option for option, _ in known[code].options}


@pytest.mark.parametrize(
    ("theme", "given_", "condition", "reasons"),
    [
        (Theme.WATER, {}, Condition.UNKNOWN, ()),
        (Theme.WATER, {"access": "unknown"}, Condition.UNKNOWN, ()),
        (Theme.WATER, {"on_site": "yes"}, Condition.UNKNOWN, ()),
        (Theme.WATER, {"access": "yes"}, Condition.GOOD, ()),
        (Theme.WATER, {"access": "no"}, Condition.BAD, ("pas d’accès à l’eau",)),
        (
            Theme.WATER,
            {"access": "yes", "sources": ["bottles"]},
            Condition.BAD,
            ("seulement des bouteilles achetées",),
        ),
        (Theme.WATER, {"access": "yes", "sources": ["bottles", "tap"]}, Condition.GOOD, ()),
        (Theme.WATER, {"access": "yes", "continuous": "no"}, Condition.TO_IMPROVE, ("eau intermittente",)),
        (
            Theme.WATER,
            {"continuous": "no", "near": "no"},
            Condition.BAD,
            ("point d’eau à plus de 200 m", "eau intermittente"),
        ),
        (
            Theme.SANITATION,
            {"working": "yes", "types": ["pit"]},
            Condition.TO_IMPROVE,
            ("seulement des latrines",),
        ),
        (Theme.FIRE, {"diagnostic": "no"}, Condition.TO_IMPROVE, ("pas de diagnostic du SDIS",)),
        (Theme.PESTS, {"presence": "no"}, Condition.GOOD, ()),
    ],
)
def test_states_and_reasons(
    theme: Theme, given_: dict[str, Any], condition: Condition, reasons: tuple[str, ...]
) -> None:
    assert assess(theme, {theme.value: given_}) == questions_checks.Assessment(theme, condition, reasons)


# Counts --------------------------------------------------------------------------------------------------------

counts = st.dictionaries(
    st.sampled_from(
        ["people", "households", "women", "minors", "girls", "minors_at_school", "minors_0_3", "minors_3_6"]
    ),
    st.none() | st.integers(0, 50),
)


@given(counts)
def test_a_part_is_warned_about_exactly_when_it_is_more_than_its_whole(told: dict[str, int | None]) -> None:
    warned = {name for name, _ in count_warnings(told)}
    for whole, parts in (
        ("people", ["households"]),
        ("people", ["women"]),
        ("people", ["minors"]),
        ("minors", ["girls"]),
        ("minors", ["minors_at_school"]),
        ("minors", ["minors_0_3", "minors_3_6"]),
    ):
        limit = told.get(whole)
        more = limit is not None and sum(told.get(part) or 0 for part in parts) > limit
        assert (parts[0] in warned) == more


def test_a_warning_gives_both_figures() -> None:
    ((field, sentence),) = count_warnings({"people": 10, "women": 12})
    assert field == "women"
    assert sentence == "Il y a plus de femmes que de personnes. (12 pour 10)"


def survey(pk: int, day: int, people: int | None, **more: Any) -> Any:
    said = {
        "pk": pk,
        "valid_on": DAY + dt.timedelta(days=day),
        "people": people,
        "reliability": 2,
        "set_aside": False,
        "source_kind": "operator",
        "source_id": 1,
        "minors": None,
        "COUNTS": ("people",),
        **more,
    }
    return SimpleNamespace(get_reliability_display=lambda: "Déclaré", **said)


@pytest.mark.parametrize(
    ("other", "disagrees"),
    [
        (survey(2, 30, 111, source_id=2), True),
        (survey(2, -30, 89, source_id=2), True),
        (survey(2, 31, 200, source_id=2), False),
        (survey(2, -31, 200, source_id=2), False),
        (survey(2, 0, 110, source_id=2), False),
        (survey(2, 0, 90, source_id=2), False),
        (survey(2, 0, 111, source_id=2), True),
        (survey(2, 0, 200), False),  # the same source
        (survey(2, 0, 200, source_kind="police"), True),
        (survey(2, 0, None, source_id=2), False),
        (survey(2, 0, 200, source_id=2, set_aside=True), False),
    ],
)
def test_another_source_disagrees_within_thirty_days_and_beyond_ten_percent(
    other: Any, disagrees: bool
) -> None:
    figure = survey(1, 0, 100)
    assert disagreeing(figure, [figure, other]) == ([other] if disagrees else [])


def test_without_a_figure_nobody_disagrees() -> None:
    assert disagreeing(None, [survey(1, 0, 10)]) == []


@pytest.mark.parametrize(
    ("before", "after", "jumps"),
    [
        (100, 125, True),
        (100, 124, False),
        (100, 75, True),
        (20, 29, False),
        (20, 30, True),
        (None, 90, False),
        (0, 90, False),
    ],
)
def test_a_jump_is_a_quarter_and_ten_people(before: int | None, after: int, jumps: bool) -> None:
    figure = survey(2, 60, after)
    assert bool(checks.jump_words(figure, [survey(1, 0, before), figure])) == jumps


def test_what_is_said_of_a_count_once_recorded() -> None:
    old, new = survey(1, 0, 100), survey(2, 60, 160)
    assert warnings.survey_warnings(new, new, [old, new]) == [
        "+60 % depuis le 10/03/2021 : de 100 à 160 personnes. Vérifiez ce nombre."
    ]
    (unused,) = warnings.survey_warnings(old, new, [old, new])
    assert unused.startswith("Le chiffre du site reste celui du 09/05/2021.")
    (blank,) = warnings.survey_warnings(survey(3, 90, None), new, [new])
    assert "Sans nombre de personnes" in blank


# Orientations --------------------------------------------------------------------------------------------------


def people(*counts_: int | None) -> Sum:
    return total([Value.nd() if count is None else Value.of(count) for count in counts_])


@pytest.mark.parametrize(
    ("went", "said"),
    [
        (people(), "On ne sait pas où sont allées les 100 personnes"),
        (people(None), "On ne sait pas où sont allées les 100 personnes"),
        (people(60, 30), "Les orientations disent 90 sur 100 personnes"),
        (people(60, 50), "Les orientations font 110 personnes, plus que les 100 personnes"),
        (people(60, 40), ""),
    ],
)
def test_orientations_are_compared_with_the_last_count(went: Sum, said: str) -> None:
    figure = survey(1, 0, 100, households=None)
    found = warnings.departure_warnings(went, people(), figure)
    assert [sentence.startswith(said) for sentence in found] == ([True] if said else [])
    assert warnings.departure_warnings(went, people(), None) == []


def test_more_households_than_counted_is_told() -> None:
    figure = survey(1, 0, 100, households=20)
    assert len(warnings.departure_warnings(people(100), people(21), figure)) == 1
    assert warnings.departure_warnings(people(100), people(20), figure) == []
