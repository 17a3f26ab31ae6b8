"""The national indicators: loaded from a file, locked, given another revision, never erased."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from jalons.actions.enums import Block
from jalons.core.values import Value
from jalons.indicators.enums import Nature, Relation, ValueType
from jalons.indicators.models import Indicator, Measurement
from jalons.indicators.selectors.asked import asked_indicators
from jalons.indicators.services import SOCLE, Loaded, load_socle
from tests.factories import Cast, make_action, make_follow_up, make_socle, organisation_of

pytestmark = pytest.mark.django_db
JANUARY, MARCH = dt.date(2020, 1, 31), dt.date(2020, 3, 31)
FILE = json.loads(SOCLE.read_text())["indicators"]
# Their label says it all to whoever works there.
OBVIOUS = {"femmes", "mineurs", "familles"}


def rewritten(folder: Path, change: Any) -> Path:
    rows = json.loads(json.dumps(FILE))
    path = folder / "socle.json"
    path.write_text(json.dumps({"indicators": change(rows)}))
    return path


def relabelled(rows: list[dict[str, Any]], code: str, **said: Any) -> list[dict[str, Any]]:
    return [{**row, **said} if row["code"] == code else row for row in rows]


def state() -> list[dict[str, Any]]:
    return list(Indicator.objects.order_by("pk").values())


def test_loading_twice_changes_nothing() -> None:
    first = load_socle()
    assert (first.created, first.retired) == (len(FILE), 0)
    before, history = state(), Indicator.history.count()
    assert load_socle() == Loaded(0, 0, 0, 0)
    assert state() == before
    assert Indicator.history.count() == history


def test_another_label_is_another_revision_and_old_figures_keep_theirs(cast: Cast, tmp_path: Path) -> None:
    make_socle()
    action = make_action(operators=[organisation_of(cast.operator_a)])
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30, femmes=12)
    path = rewritten(tmp_path, lambda rows: relabelled(rows, "personnes", label="Personnes accompagnées"))
    assert load_socle(path).revised == 1
    make_follow_up(action, MARCH, by=cast.operator_a, personnes=33)
    told = Measurement.objects.known().filter(series__indicator__code="personnes").order_by("valid_on")
    assert [(one.number, one.series.indicator.label, one.series.indicator.revision) for one in told] == [
        (30, "Personnes", 1),
        (33, "Personnes accompagnées", 2),
    ]
    women = Indicator.objects.national().get(code="femmes")
    assert women.revision == 1
    assert women.parent == Indicator.objects.get(code="personnes", revision=2)
    assert load_socle(path) == Loaded(0, 0, 0, 0)


def test_words_that_are_free_make_no_revision(tmp_path: Path) -> None:
    make_socle()
    path = rewritten(tmp_path, lambda rows: relabelled(rows, "personnes", help_text="Toutes."))
    assert load_socle(path) == Loaded(0, 0, 1, 0)
    people = Indicator.objects.national().get(code="personnes")
    assert (people.help_text, people.revision) == ("Toutes.", 1)


def test_what_leaves_the_file_is_retired_and_keeps_its_figures(cast: Cast, tmp_path: Path) -> None:
    make_socle()
    action = make_action(operators=[organisation_of(cast.operator_a)])
    make_follow_up(action, JANUARY, by=cast.operator_a, mediation_scolaire=7)
    without = rewritten(tmp_path, lambda rows: [row for row in rows if row["code"] != "mediation-scolaire"])
    found = load_socle(without)
    assert (found.created, found.revised, found.retired) == (0, 0, 1)
    asked = {one.code for block in asked_indicators(action) for one in block.indicators}
    assert "mediation-scolaire" not in asked
    assert Measurement.objects.known().get(series__indicator__code="mediation-scolaire").number == 7
    assert load_socle(without) == Loaded(0, 0, 0, 0)


def test_what_comes_back_into_the_file_is_asked_again(tmp_path: Path) -> None:
    make_socle()
    load_socle(rewritten(tmp_path, lambda rows: [row for row in rows if row["code"] != "wc"]))
    load_socle()
    assert Indicator.objects.national().filter(code="wc").count() == 1
    assert load_socle() == Loaded(0, 0, 0, 0)


def test_every_national_indicator_says_what_it_counts() -> None:
    socle = make_socle()
    wanting = [
        one.code
        for one in socle.values()
        if not one.help_text
        and not (one.parent and (one.label.lower() in OBVIOUS or one.parent.help_text))
        and len(one.label.split()) < 2
        and not one.unit
        and one.value_type != ValueType.CHOICE
    ]
    assert wanting == []
    assert [one.code for one in socle.values() if not one.unit and one.value_type == ValueType.NUMBER] == []


def test_no_two_indicators_of_one_place_have_the_same_label() -> None:
    labels = Counter((one.block, one.parent_id, one.label) for one in make_socle().values())
    assert [key for key, number in labels.items() if number > 1] == []


def test_rates_and_sums_have_their_parts() -> None:
    socle = make_socle()
    for one in socle.values():
        if one.value_type == ValueType.RATE:
            assert one.numerator is not None
            assert one.denominator is not None
            assert {one.numerator.code, one.denominator.code} <= socle.keys()
            assert one.numerator.block == one.denominator.block == one.block
        if one.value_type == ValueType.SUM:
            parts = [part for part in socle.values() if part.parent == one and part.relation == Relation.PART]
            assert len(parts) > 1, one.code
            assert {(part.unit, part.nature, part.block) for part in parts} == {
                (one.unit, one.nature, one.block)
            }
        if one.relation == Relation.AMONG and one.parent:
            assert (one.parent.nature, one.parent.block) == (one.nature, one.block)
        if one.limit:
            assert one.limit.nature == one.nature


def test_every_block_of_a_theme_asks_something() -> None:
    asked = {one.block for one in make_socle().values()}
    assert asked == {block for block in Block if block != Block.LOCAL}


def test_a_choice_is_told_by_its_code() -> None:
    electricity = make_socle()["electricite"]
    assert electricity.nature == Nature.STOCK
    assert electricity.value(None, words="partial") == Value.choice("partial", "En partie")
