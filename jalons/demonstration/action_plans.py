"""What happens to each dispositif, decided before anything is written: who, where, from when to when, how diligent."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jalons.actions.enums import THEME_BLOCKS, ActionTheme, Block, Rhythm
from jalons.demonstration.chance import Calendar, Chance, data
from jalons.demonstration.plans import SHARES

# Those of `data/actions.json`, then drawn ones that differ from one another; beyond, all of one shape: the bench
# counts on so many follow-ups and so many series for each.
VARIED = 40
RHYTHMS = {Rhythm.MONTHLY: 5, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 2}
STATES = {"due": 60, "good": 20, "late": 12, "partial": 5, "never": 2}
# With the public, health and any two of them make forty indicators.
REGULAR = (ActionTheme.SCHOOL, ActionTheme.WORK, ActionTheme.HOUSING)
MONTH = 30.44  # days


@dataclass(slots=True)
class Filler:
    """An operator of a dispositif and how it fills in. `since` and `until` are in days before today.

    `state` is where it stands today: `due` fills in until the last deadline, `good` until the next one if it is
    near, `late` leaves out the `skip` last ones, `partial` a block of the last, `never` all.
    """

    key: str
    main: bool = False
    blocks: tuple[str, ...] = ()
    state: str = "due"
    skip: int = 1
    since: int | None = None
    until: int | None = None


@dataclass(slots=True)
class ActionPlan:
    """The fate of one dispositif. `started`, `closed`, `reopened` are in days before today; `months` foreseen."""

    name: str
    departement: str
    commune: str
    themes: tuple[str, ...]
    started: int
    pilots: tuple[str, ...]
    operators: list[Filler]
    rhythm: str = Rhythm.MONTHLY
    closed: int | None = None
    reopened: int | None = None
    months: int = 24
    partners: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    sites: int = 0
    families: int = 15
    locals: int = 0
    grounds: tuple[dict[str, Any], ...] = ()
    place_kinds: tuple[str, ...] = ()
    place_note: str = ""
    objectives: str = ""
    due_in: int | None = None  # a deadline of its own
    corrections: int = 0
    varied: bool = True
    what: str = field(default="", repr=False)  # why it is in the demonstration, for who reads the file

    @property
    def blocks(self) -> tuple[Block, ...]:
        asked = {THEME_BLOCKS[ActionTheme(theme)] for theme in self.themes if theme in THEME_BLOCKS}
        own = {Block.LOCAL} if self.locals else set()
        return tuple(block for block in Block if block in asked | own | {Block.PUBLIC})

    @property
    def closed_for_good(self) -> int | None:
        return None if self.reopened else self.closed


def action_plans(
    chance: Chance, calendar: Calendar, *, actions: int, follow_ups: int
) -> Iterator[ActionPlan]:
    """One plan a dispositif. `follow_ups`: how many each one has with a monthly rhythm."""
    names: set[str] = set()
    for number in range(actions):
        if number < len(data("actions")):
            plan = plan_of(data("actions")[number], calendar)
        elif number < VARIED:
            while (plan := drawn(chance)).name in names:
                pass
        else:
            plan = regular(chance, number, follow_ups)
        names.add(plan.name)
        yield plan


def plan_of(row: dict[str, Any], calendar: Calendar) -> ActionPlan:
    """From a line of the file. `since`: [years ago, month], on its first day."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
    }
    given["operators"] = [filler(operator) for operator in row["operators"]]
    if since := given.pop("since", None):
        day = dt.date(calendar.today.year - since[0], since[1], 1)
        given["started"] = (calendar.today - day).days
    return ActionPlan(**given)


def filler(row: dict[str, Any]) -> Filler:
    since = {"since": row["from"]} if "from" in row else {}
    rest = {name: value for name, value in row.items() if name not in ("from", "blocks")}
    return Filler(blocks=tuple(row.get("blocks", ())), **rest, **since)


def drawn(chance: Chance) -> ActionPlan:
    """A dispositif unlike the others, in the operators' own départements."""
    commune = drawn_commune(chance)
    themes = chance.sample(
        [theme for theme in ActionTheme if theme != ActionTheme.MEDIATION], chance.randint(1, 3)
    )
    started = chance.randint(90, 1000)
    closed = chance.randint(10, started - 80) if started > 300 and chance.happens(0.3) else None
    departement = commune["departement"]
    return ActionPlan(
        name=name_of(chance, themes[0], commune),
        departement=departement,
        commune=commune["code"],
        themes=tuple(theme for theme in ActionTheme if theme in themes),
        started=started,
        closed=closed,
        rhythm=chance.weighted(RHYTHMS),
        months=chance.choice((12, 24, 36)),
        pilots=(f"ddets_{departement}",),
        operators=[
            Filler(commune["operator"], main=True, state=chance.weighted(STATES), skip=chance.randint(1, 2))
        ],
        funders=(f"cd_{departement}",) if chance.happens(0.5) else (),
        sites=chance.choice((0, 1, 1, 2, 3)),
        families=chance.randint(5, 25),
        locals=1 if chance.happens(0.25) else 0,
        place_kinds=("territory",) if chance.happens(0.2) else (),
        corrections=1 if chance.happens(0.25) else 0,
    )


def regular(chance: Chance, number: int, follow_ups: int) -> ActionPlan:
    """A monthly dispositif with forty indicators in all, shared out between one to three operators."""
    commune = drawn_commune(chance)
    chosen = chance.sample(REGULAR, 2)
    themes = (ActionTheme.HEALTH, *(theme for theme in REGULAR if theme in chosen))
    closed = chance.randint(10, 400) if chance.happens(0.2) else None
    # Two months more than what is filled in, for the deadlines left out.
    started = (closed or 0) + round((follow_ups + 3) * MONTH) + chance.randint(0, 700)
    keys = [
        f"bulk_{commune['departement']}_{chance.randrange(OPERATORS)}"
        for _ in range(chance.choice((1, 1, 2, 3)))
    ]
    keys = list(dict.fromkeys(keys))
    blocks = [Block.PUBLIC, *(THEME_BLOCKS[theme] for theme in themes)]
    state = chance.weighted({"due": 80, "good": 10, "late": 10})
    return ActionPlan(
        name=f"{name_of(chance, themes[-1], commune)} {number}",
        departement=commune["departement"],
        commune=commune["code"],
        themes=themes,
        started=started,
        closed=closed,
        pilots=(f"ddets_{commune['departement']}",),
        operators=[
            Filler(
                key,
                main=place == 0,
                # One alone has no part of its own: all of it.
                blocks=tuple(blocks[place :: len(keys)]) if len(keys) > 1 else (),
                state=state if place == 0 else "due",
            )
            for place, key in enumerate(keys)
        ],
        funders=(f"cd_{commune['departement']}",),
        sites=chance.choice((0, 1, 2)),
        families=chance.randint(5, 25),
        varied=False,
    )


# How many invented operators a département has, for the dispositifs of the bench.
OPERATORS = 40


def drawn_commune(chance: Chance) -> dict[str, Any]:
    departement = chance.weighted(SHARES)
    near = [row for row in data("communes") if row["departement"] == departement]
    return chance.choices(near, weights=[row["weight"] for row in near])[0]


def name_of(chance: Chance, theme: str, commune: dict[str, Any]) -> str:
    of = f"d’{commune['name']}" if commune["name"][0] in "AEIO" else f"de {commune['name']}"
    pattern: str = chance.choice(data("action_words")["names"][theme])
    return pattern.format(of=of, at=f"à {commune['name']}").replace("de La ", "de la ")
