"""What a row of the national export of actions becomes, and the words of its columns."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from jalons.accounts.models import Organisation
from jalons.actions.enums import ActionTheme, Block
from jalons.actions.models import Action
from jalons.actions.services import Money
from jalons.core.values import fold
from jalons.imports.judging.dispositifs import Filled
from jalons.imports.judging.follow_ups import ToldFigure
from jalons.indicators.national import NATIONAL_COLUMNS, NationalColumn
from jalons.territories.models import Departement

NAME, CODE, MAIN, OPERATORS, PLACE = "nom", "id", "operateur_principal", "operateurs", "departement"
START, END, THEMES, GOALS, GROUND = "debut", "fin", "champs", "objectifs", "lieu"
WITHOUT = "sans opérateur connu : ses chiffres attendent"
COLUMNS: Mapping[str, NationalColumn] = {column.key: column for column in NATIONAL_COLUMNS}
THEME_WORDS = (
    (ActionTheme.HEALTH, re.compile(r"\bsante\b")),
    (ActionTheme.SCHOOL, re.compile(r"\b(education|scolari\w+|ecole)\b")),
    (ActionTheme.WORK, re.compile(r"\b(emploi|formation|insertion professionnelle)\b")),
    (ActionTheme.HOUSING, re.compile(r"\b(logement|hebergement|relogement)\b")),
    (ActionTheme.SAFETY, re.compile(r"\b(stabilisation|securisation|amenagement)\b")),
    (ActionTheme.RIGHTS, re.compile(r"\bdroits?\b")),
    (ActionTheme.MEDIATION, re.compile(r"\b(mediation|animation|coordination)\b")),
)
THEME_OF_BLOCK = {block: block.theme for block in Block if block.theme is not None}


@dataclass
class NewAction:
    """A dispositif that a table declares: what its rows say of it, put together."""

    name: str
    departement: Departement
    starts_on: dt.date
    planned_end: dt.date | None
    themes: set[str]
    operators: list[Organisation] = field(default_factory=list)
    goals: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True)
class NationalPlan:
    """What a row writes. `new`: the dispositif that it declares first, shared by the rows of one `group`."""

    line: int
    group: tuple[str, str]
    known: Action | None
    new: NewAction | None
    reporter: Organisation | None
    figures: tuple[ToldFigure, ...] = ()
    money: tuple[Money, ...] = ()
    blocks: tuple[Block, ...] = ()


def themes_in(words: str) -> tuple[set[str], list[str]]:
    """The themes that a cell names, and the words that are none of them."""
    themes: set[str] = set()
    unknown = []
    for part in re.split(r"[,;\n]", words):
        folded = fold(part)
        named = {theme.value for theme in ActionTheme if fold(theme.label) == folded}
        named = named or {theme.value for theme, pattern in THEME_WORDS if pattern.search(folded)}
        themes |= named
        if folded and not named:
            unknown.append(part.strip())
    return themes, unknown


def filled_in(plan: NationalPlan, action: Action) -> Filled:
    assert plan.reporter is not None  # noqa: S101  # a plan with figures has one
    return Filled(action, plan.reporter, plan.blocks)
