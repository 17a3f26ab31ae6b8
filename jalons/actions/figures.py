"""The figures of dispositifs: how many run, what they cover, what they cost."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Case, Count, Q, TextField, When
from django.db.models import Sum as SqlSum
from django.db.models import Value as SqlValue
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.actions.models import Action
from jalons.actions.querysets import ActionQuerySet
from jalons.actions.selectors.coverage import coverage_of, coverage_ratio, coverage_sums
from jalons.actions.selectors.spending import funding_lines
from jalons.core.values import Emptiness, Ratio, Sum, Value, value_from
from jalons.core.values.numbers import exact, rounded
from jalons.figures.readings import FigureReading, Tally
from jalons.figures.registry import ONE_SITE, Family, Figure, FigureQuestion, SharedSums
from jalons.sites.figures.rows import open_sites
from jalons.sites.querysets import SiteQuerySet

AMOUNTS = {"prevu": "planned", "engage": "committed", "execute": "executed"}


# Which rows --------------------------------------------------------------------------------------------------


def actions_of(asked: FigureQuestion, *, ever: bool = False) -> ActionQuerySet:
    """The dispositifs of the area that the person may see, or those that a list chose; whatever their dates."""
    actions = Action.objects.visible_to(asked.user)
    if asked.chosen is not None:
        # By their keys: the search has joins of its own. A search by name may look beyond the territory.
        return actions.filter(pk__in=asked.chosen.order_by().values("pk"))
    return actions.of_area(asked.area, at=asked.at, ever=ever)


def running(asked: FigureQuestion) -> ActionQuerySet:
    return actions_of(asked).in_progress(asked.at)


def sites_around(asked: FigureQuestion) -> SiteQuerySet:
    return open_sites(replace(asked, chosen=None))


def readable_money(asked: FigureQuestion) -> ActionQuerySet:
    """Those of which the person may read the funding."""
    return actions_of(asked, ever=True).writable_by(asked.user, Right.READ_FUNDING)


def funded(asked: FigureQuestion) -> ActionQuerySet:
    """Those with a line of funding for the year of the date."""
    lines = funding_lines(asked.at).filter(year=asked.at.day.year).order_by()
    return readable_money(asked).declared(asked.at).filter(pk__in=lines.values("action"))


# What they add up to -----------------------------------------------------------------------------------------


def read_running(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """One query."""
    return {"dispositifs": FigureReading(Tally.of_all(running(asked).order_by().count()))}


def read_coverage(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """One query."""
    only = actions_of(asked) if asked.chosen is not None else None
    return coverage_readings(coverage_of(sites_around(asked), asked.at, only))


def coverage_readings(covered: Ratio) -> Mapping[str, FigureReading]:
    return {
        "sites-couverts": FigureReading(covered),
        "sites-sans-dispositif": FigureReading(Tally.of_all(int(covered.rest))),
    }


def read_money(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """The amounts of the year that the person may read: two queries."""
    lines = funding_lines(asked.at).filter(year=asked.at.day.year)
    lines = lines.filter(action__in=readable_money(asked).declared(asked.at).order_by().values("pk"))
    totals, spent = amounts_told(lines)
    readable = territory_of(asked.user, Right.READ_FUNDING)
    within = Q() if readable.everywhere else Action.objects.all().where(readable)
    count = running(asked).order_by().aggregate(all=Count("pk"), read=Count("pk", filter=within))
    return {
        **{key: FigureReading(totals[name]) for key, name in AMOUNTS.items()},
        "execution": FigureReading(spent),
        "financements-lisibles": FigureReading(Tally(count["read"], count["all"], count["all"])),
    }


def amounts_told(lines: Any) -> tuple[dict[str, Sum], Ratio]:
    """The sum of each amount, and what was executed of what was planned where a line gives both: one query.

    The database adds up the lines that lack the same amounts for the same reasons: a few groups.
    """
    names = tuple(AMOUNTS.values())
    reasons = {f"{name}_blank": blank_of(name) for name in names}
    groups = (
        lines.order_by()
        .annotate(**reasons)
        .values(*reasons)
        .annotate(lines=Count("pk"), **{f"{name}_sum": SqlSum(name) for name in names})
    )
    totals, spent = dict.fromkeys(names, Sum()), Ratio()
    for group in groups:
        count = group["lines"]
        parts = {name: total_of(group[f"{name}_sum"], group[f"{name}_blank"], count) for name in names}
        totals = {name: totals[name] + part for name, part in parts.items()}
        top, bottom = parts["executed"], parts["planned"]
        if top.known and bottom.known:
            spent += Ratio(top.total, bottom.total, known=count, expected=count)
        elif top.expected and bottom.expected:
            spent += Ratio(expected=count)
    return totals, spent


def blank_of(name: str) -> Case:
    """Why an amount is not there: « empty » when nobody said; nothing where it is there."""
    return Case(
        When(Q(**{f"{name}__isnull": False}), then=SqlValue("")),
        default=Coalesce(KT(f"blanks__{name}"), SqlValue(Emptiness.EMPTY.value)),
        output_field=TextField(),
    )


def total_of(euros: Any, blank: str, lines: int) -> Sum:
    """Of lines that all give the amount, or lack it for the same reason. In cents: SQLite adds floats."""
    if not blank:
        return Sum(exact(rounded(exact(euros), 2)), known=lines)
    return Sum(**{Emptiness(blank).value: lines})


def amount(euros: Any, blank: str | None) -> Value:
    return Value.amount(euros) if euros is not None else value_from(None, blank)


# Their definitions -------------------------------------------------------------------------------------------


def of_money(key: str, label: str, sentence: str) -> Figure:
    return Figure(
        key=key,
        label=label,
        sentence=sentence,
        right=Right.READ_FUNDING,
        rows=funded,
        opens="actions:list",
        covers=("ligne de financement", "lignes de financement"),
        euros=key in AMOUNTS,
    )


FAMILIES = (
    Family(
        "dispositifs",
        (
            Figure(
                key="dispositifs",
                label="Dispositifs en cours",
                sentence="Les dispositifs commencés et pas encore terminés à cette date.",
                right=Right.READ_ACTIONS,
                rows=running,
                opens="actions:list",
                asks={"statut": "en-cours"},
            ),
        ),
        read_running,
    ),
    Family(
        "couverture",
        (
            Figure(
                key="sites-couverts",
                label="Sites couverts par un dispositif",
                sentence="La part des sites ouverts qu’au moins un dispositif en cours couvre.",
                right=Right.READ_SITES,
                rows=lambda asked: sites_around(asked).covered(asked.at),
                asks={"statut": "ouverts", "dispositif": "covered"},
                covers=ONE_SITE,
            ),
            Figure(
                key="sites-sans-dispositif",
                label="Sites sans dispositif",
                sentence="Les sites ouverts qu’aucun dispositif en cours ne couvre.",
                right=Right.READ_SITES,
                rows=lambda asked: sites_around(asked).uncovered(asked.at),
                asks={"statut": "ouverts", "dispositif": "uncovered"},
            ),
        ),
        read_coverage,
        SharedSums(
            open_sites,
            lambda sites, asked: sites,
            lambda asked: coverage_sums(asked.at),
            lambda asked, sums: coverage_readings(coverage_ratio(sums)),
        ),
    ),
    Family(
        "argent",
        (
            of_money("prevu", "Prévu", "Les montants prévus pour l’année de la date, en euros."),
            of_money("engage", "Engagé", "Les montants engagés pour l’année de la date, en euros."),
            of_money("execute", "Exécuté", "Les montants exécutés pour l’année de la date, en euros."),
            of_money(
                "execution",
                "Part exécutée du prévu",
                "L’exécuté sur le prévu, là où une ligne donne les deux.",
            ),
            Figure(
                key="financements-lisibles",
                label="Dispositifs dont vous pouvez lire les financements",
                sentence="Les dispositifs en cours dont vos droits vous laissent lire les financements.",
                right=Right.READ_FUNDING,
                rows=lambda asked: running(asked).writable_by(asked.user, Right.READ_FUNDING),
                opens="actions:list",
                covers=("dispositif en cours", "dispositifs en cours"),
            ),
        ),
        read_money,
    ),
)
