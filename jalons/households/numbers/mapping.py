"""What a register counts for the local indicators of its organisation: chosen by it, said in one sentence."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from jalons.core.values import french_spaces
from jalons.households.families.conditions import (
    AMONG,
    CONDITIONS,
    MINORS,
    NOW,
    SINCE,
    WOMEN,
    CountedCode,
    read_code,
)
from jalons.households.families.enums import FactKind
from jalons.households.families.rules import AGE, RULES
from jalons.households.models import MappedIndicator
from jalons.households.sheets.kinds import FACT_SHEETS
from jalons.indicators.enums import Nature, ValueType
from jalons.indicators.models import Indicator

AMONG_WORDS = {"": "Tout le monde", WOMEN: "Femmes et filles", MINORS: "Moins de 18 ans"}
AMONG_RULES = {
    "": "",
    WOMEN: " Parmi elles, celles dont la fiche dit « femme ou fille ».",
    MINORS: f" Parmi elles, celles de moins de 18 ans. {AGE}",
}
WHEN = {Nature.STOCK.value: NOW, Nature.FLOW.value: SINCE}
NOTHING = ("", "Rien, nous l’écrivons")

Grouped = list[tuple[str, Any]]


def fact_words(code: CountedCode) -> str:
    """« Travail : CDI »."""
    sheet = FACT_SHEETS[code.kind]
    value = dict(sheet.choices).get(code.value, "")
    return f"{sheet.title} : {value}" if value else sheet.title


def rule_in_words(code: CountedCode) -> str:
    """What is counted, in one sentence."""
    if code.figure:
        return french_spaces(RULES[code.figure] + AMONG_RULES[code.among])
    if code.counts_people:
        whose = "Les personnes présentes" if code.when == NOW else "Les personnes"
    else:
        whose = "Les ménages présents" if code.when == NOW else "Les ménages"
    when = "ce jour-là" if code.when == NOW else "depuis le dernier envoi"
    sentence = f"{whose} dont la fiche dit « {fact_words(code)} » {when}, chacune une fois."
    return french_spaces(
        (sentence if code.counts_people else sentence.replace("chacune", "chacun")) + AMONG_RULES[code.among]
    )


def title_of(code: CountedCode, labels: Mapping[str, str]) -> str:
    """`labels`: of the socle, by code."""
    base = labels.get(code.figure, code.figure) if code.figure else fact_words(code)
    return french_spaces(f"{base}, {AMONG_WORDS[code.among].lower()}" if code.among else base)


def figure_choices(nature: str, socle: Iterable[tuple[str, str, str]]) -> Grouped:
    """Of the nature of an indicator: a stock counts what is true at the date, a flow what happened since the last time.

    `socle`: code, label and nature of each figure that a register counts.
    """
    when = WHEN[nature]
    conditions = [
        CountedCode(when=when, kind=kind, value=value)
        for kind, values in CONDITIONS[when].items()
        for value in values
    ]
    return [
        NOTHING,
        ("Les chiffres du suivi", [(code, label) for code, label, own in socle if own == nature]),
        (
            "Ce qui est noté sur les fiches",
            [(str(code), french_spaces(fact_words(code))) for code in conditions],
        ),
    ]


def socle_figures() -> list[tuple[str, str, str]]:
    """« Entrées, femmes » : a part is named with its whole. One query."""
    rows = Indicator.objects.national().filter(code__in=RULES)
    return [
        (code, f"{parent}, {label.lower()}" if parent else label, nature)
        for code, label, parent, nature in rows.order_by("block", "position", "pk").values_list(
            "code", "label", "parent__label", "nature"
        )
    ]


def local_indicators(actions: Any) -> list[Indicator]:
    """Those that these dispositifs are asked for and that are typed as numbers. One query."""
    rows = Indicator.objects.filter(
        code="",
        retired_on__isnull=True,
        value_type=ValueType.NUMBER,
        series__action__in=actions,
        series__reporter__isnull=True,
        series__asked=True,
    )
    return [*rows.distinct().order_by("label", "pk")]


def mapped_rows(organisation_id: int, indicators: Iterable[int] | None = None) -> list[MappedIndicator]:
    """One query."""
    rows = MappedIndicator.objects.filter(organisation=organisation_id)
    return [*(rows if indicators is None else rows.filter(indicator__in=indicators)).order_by("indicator")]


def code_for(figure: str, part: str) -> CountedCode | None:
    """What two fields say together; None when nobody can be counted so. Of households, there is no part."""
    base = read_code(figure)
    if base is None or part not in AMONG:
        return None
    code = base._replace(among=part if base.counts_people else "")
    return read_code(str(code))


@transaction.atomic
def choose_figures(*, organisation_id: int, chosen: Mapping[int, str], by: Any, at: Any) -> int:
    """By indicator; an empty code for nothing. Returns how many changed: a row left as it is keeps its date."""
    known = {
        row.indicator_id: row
        for row in MappedIndicator.objects.select_for_update().filter(organisation=organisation_id)
    }
    changed = 0
    for indicator_id, code in chosen.items():
        row = known.get(indicator_id)
        if (row.code if row else "") == code:
            continue
        changed += 1
        if not code:
            MappedIndicator.objects.filter(organisation=organisation_id, indicator=indicator_id).delete()
            continue
        MappedIndicator.objects.update_or_create(
            organisation_id=organisation_id,
            indicator_id=indicator_id,
            defaults={"code": code, "chosen_by": by, "chosen_at": at},
        )
    return changed


def reads_everything(codes: Iterable[CountedCode]) -> bool:
    """Visits, goals and contracts are in a part of the summary that the socle does not read."""
    return any(
        code.kind in (FactKind.VISIT, FactKind.GOAL, FactKind.CONTRACT, FactKind.INFORMATION)
        for code in codes
    )
