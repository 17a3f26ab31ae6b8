"""Worlds at the edge of what people expect: everything begins later, is over, or was never told.

An edge bends the ordinary world of the table of pages (`tests.house.world`). It goes through the models, so that a
model, like a page, added tomorrow is met there without being named. `EDGES` are played by the suite on every page;
`emptied()` gives one more edge for each model, which `make fuzz` draws from.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone

from jalons.accounts.models import Grant, Membership
from jalons.actions.models import Action, ActionSite, Intervention, Participation
from jalons.conventions.models import BudgetAmount, BudgetLine, Cell, Convention, MatrixColumn, MatrixRow
from jalons.history.models import Fact
from jalons.sites.enums import ClosingReason
from jalons.sites.models import Occupation, Site
from tests.house.world import World

DOMAIN = ("jalons_sites", "actions", "indicators", "conventions", "documents", "discussions")


@dataclass(frozen=True)
class Edge:
    name: str
    bend: Callable[[World], None]
    # The namespaces of the pages that it may change; none: all of them.
    around: tuple[str, ...] = ()

    def touches(self, name: str) -> bool:
        return not self.around or name.split(":")[0] in self.around


def later() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=20)


def yesterday() -> dt.date:
    return timezone.localdate() - dt.timedelta(days=1)


def domain_models() -> list[type[models.Model]]:
    """Those of the domain, without the histories of records."""
    wanted = [model for label in DOMAIN for model in apps.get_app_config(label).get_models()]
    return [model for model in wanted if not model.__name__.startswith("Historical")]


def facts() -> list[type[models.Model]]:
    return [model for model in domain_models() if issubclass(model, Fact)]


def holds(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def move(start: dt.date, *chosen: type[models.Model]) -> None:
    """Every row begins on `start` or after, in the order it had, and is not over."""
    for model in chosen:
        open_end = {"ended_on": None} if holds(model, "ended_on") else {}
        open_end |= {"closing_reason": ""} if holds(model, "closing_reason") else {}
        dates = model._default_manager.order_by().values_list("valid_on", flat=True).distinct()
        for rank, day in enumerate(sorted(dates)):
            rows = model._default_manager.filter(valid_on=day, pk__in=moved(model, start))
            rows.update(valid_on=start + dt.timedelta(days=rank), **open_end)


def moved(model: type[models.Model], start: dt.date) -> list[int]:
    return list(model._default_manager.filter(valid_on__lt=start).values_list("pk", flat=True))


def wipe(model: type[models.Model], **where: object) -> bool:
    """Delete rows, with what hangs on them; False when something above forbids it."""
    try:
        with transaction.atomic():
            model._default_manager.filter(**where).delete()
    except (ProtectedError, RestrictedError, IntegrityError):
        return False
    return True


def wipe_all(chosen: list[type[models.Model]]) -> None:
    """Delete every row that may be, the rows that others hang on last."""
    left = chosen
    while left:
        refused = [model for model in left if not wipe(model)]
        if len(refused) == len(left):
            return
        left = refused


def all_later(world: World) -> None:
    move(later(), *facts())


def told_nothing(world: World) -> None:
    """Sites, dispositifs and conventions are declared, and nothing else."""
    declared = (Site, Occupation, Action, Intervention, Participation, ActionSite, Convention)
    wipe_all([model for model in domain_models() if model not in declared])


def all_over(world: World) -> None:
    for model in facts():
        if holds(model, "ended_on"):
            why = {"closing_reason": ClosingReason.OTHER} if holds(model, "closing_reason") else {}
            model._default_manager.filter(valid_on__lt=yesterday()).update(ended_on=yesterday(), **why)


def no_frame(world: World) -> None:
    """A convention without year, département, parties or dates."""
    dated = [field.name for field in Convention._meta.concrete_fields if isinstance(field, models.DateField)]
    dated = [name for name in dated if Convention._meta.get_field(name).null]
    Convention.objects.update(year=None, departement=None, **dict.fromkeys(dated))
    world.convention.parties.all().delete()


def empty_tables(world: World) -> None:
    """Sheets whose tables have columns and no row, or the reverse."""
    first, *others = world.convention.commitments.order_by("position")
    Cell.objects.all().delete()
    for depth in (False, True):  # the rows under others first
        MatrixRow.objects.filter(commitment=first, parent__isnull=depth).delete()
    MatrixColumn.objects.filter(commitment__in=others).delete()
    BudgetAmount.objects.all().delete()
    BudgetLine.objects.all().delete()


ACTIONS = ("home", "actions", "indicators", "maps", "reports")
SITES = ("home", "sites", "maps", "reports", "actions", "discussions", "documents")
CONVENTIONS = ("home", "conventions")
EDGES = [
    Edge("dispositif à venir", lambda w: move(later(), Intervention, Participation, ActionSite), ACTIONS),
    Edge("participants à venir", lambda w: move(later(), Participation), ACTIONS),
    Edge("participants partis", lambda w: Participation.objects.update(ended_on=yesterday()), ACTIONS),
    Edge("personne ne participe", lambda w: wipe_all([Participation]), ACTIONS),
    Edge("site à venir", lambda w: move(later(), Occupation), SITES),
    Edge("tout à venir", all_later),
    Edge("tout fini", all_over),
    Edge("rien n’est dit", told_nothing),
    Edge("convention sans cadre", no_frame, CONVENTIONS),
    Edge("tableaux vides", empty_tables, CONVENTIONS),
    Edge("habilitations à venir", lambda w: Membership.objects.update(starts_on=later()), ("home",)),
    Edge("habilitations finies", lambda w: Membership.objects.update(ends_on=yesterday()), ("home",)),
    Edge("droits donnés à venir", lambda w: Grant.objects.update(starts_on=later()), SITES),
]
# What Jalons makes with the thing itself: a site without occupation does not exist.
ALWAYS = (Site, Occupation, Action, Intervention, Convention)


def emptied() -> Iterator[Edge]:
    """One edge for each model: not a row of it."""
    for model in domain_models():
        if model not in ALWAYS:
            yield Edge(f"aucun {model._meta.label}", lambda w, model=model: wipe(model))
