"""What was written between the instants of two editions, and what each difference comes from."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.actions.models import Action, ActionSite, FollowUp, FundingLine, Intervention, Participation
from jalons.core.ui import Entry
from jalons.editions.making.values import ValueChange
from jalons.editions.models import ReportEdition
from jalons.figures.areas import find_area
from jalons.figures.registry import families
from jalons.history.querysets import AsOf
from jalons.history.selectors import fact_entries, history_entries, moment_of
from jalons.indicators.models import Measurement, Series
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    PreparatoryStep,
    Resettlement,
    Site,
    SiteSuitability,
    SocialDiagnosis,
    Survey,
)

MOST = 500  # corrections on the page
NAMED = 3  # of which a line of the table says the author and the reason

OF_SITES: dict[Any, str] = {
    Survey: "le recensement",
    Occupation: "l’occupation",
    LivingConditions: "les conditions de vie",
    SocialDiagnosis: "le diagnostic social",
    Resettlement: "la réinstallation",
    PreparatoryStep: "l’étape de résorption",
    SiteSuitability: "la possibilité d’aménager",
}
OF_ACTIONS: dict[Any, str] = {
    Intervention: "les dates",
    Participation: "la structure",
    ActionSite: "le site couvert",
    FollowUp: "le suivi",
}
SITES, ACTIONS = frozenset([*OF_SITES, Site]), frozenset([*OF_ACTIONS, Measurement, Action])
# What each family of figures is counted from.
FAMILIES: dict[str, frozenset[Any]] = {
    "sites": frozenset([Survey, Occupation]),
    "composition": frozenset([Survey, Occupation]),
    "conditions": frozenset([LivingConditions, Occupation]),
    "autres-conditions": frozenset([LivingConditions, Occupation]),
    "diagnostics": frozenset([SocialDiagnosis, Occupation]),
    "mouvements": frozenset([Occupation]),
    "reinstallations": frozenset([Resettlement, Occupation, Survey]),
    "orientations": frozenset([Occupation]),
    "resorptions": frozenset([PreparatoryStep, SiteSuitability, Occupation, Site]),
    "dispositifs": frozenset([Intervention]),
    "couverture": frozenset([Intervention, ActionSite, Occupation]),
    "argent": frozenset([FundingLine, Intervention, Participation]),
    "suivi": frozenset([Measurement, FollowUp, Intervention]),
}
# The tables whose rows are neither a site nor a dispositif.
TABLES: dict[str, frozenset[Any]] = {
    "territoires": frozenset([Survey, Occupation]),
    "couverture": frozenset([Survey, Occupation]),
    "argent-types": frozenset([FundingLine]),
    "indicateurs": frozenset([Measurement, FollowUp]),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """`number`: its place in the list. `kind`: the model of what was written; `subject`: the address of its sheet."""

    number: int
    kind: Any
    subject: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """`causes`: every correction that may have moved this value."""

    change: ValueChange
    causes: Sequence[Correction] = field(default_factory=tuple)

    @property
    def named(self) -> Sequence[Correction]:
        return self.causes[:NAMED]

    @property
    def others(self) -> Sequence[Correction]:
        return self.causes[NAMED:]


def corrections_between(older: ReportEdition, newer: ReportEdition, user: Any) -> list[Correction]:
    """Newest first, of what `user` reads in this territory: whoever was given an edition reads nothing more of it.

    One query a kind of fact, two for the records.
    """
    area = find_area(newer.area)
    if area is None:
        return []
    sites = Site.objects.visible_to(user).of_area(area, user=user).order_by().values("pk")
    visible = Action.objects.visible_to(user).of_area(area, at=AsOf(newer.at), ever=True)
    actions = visible.order_by().values("pk")
    money = visible.writable_by(user, Right.READ_FUNDING).order_by().values("pk")
    start, end = older.known_at, newer.known_at
    written: list[tuple[Any, list[Entry]]] = []
    for model, words in OF_SITES.items():
        path = "origin" if model is Resettlement else "site"
        facts = written_within(model, start, end, **{f"{path}__in": sites})
        written.append((model, fact_entries(facts, label=label_of(words, path), url=sheet_of(path))))
    for model, words in OF_ACTIONS.items():
        facts = written_within(model, start, end, action__in=actions)
        if model is ActionSite:
            facts = facts.filter(site__in=Site.objects.visible_to(user).order_by().values("pk"))
        written.append((model, fact_entries(facts, label=label_of(words, "action"), url=sheet_of("action"))))
    funding = written_within(FundingLine, start, end, action__in=money)
    written.append(
        (
            FundingLine,
            fact_entries(funding, label=label_of("le financement", "action"), url=sheet_of("action")),
        )
    )
    written.append((Measurement, list(measured(start, end, actions))))
    for record, rows, words in ((Site, sites, "la fiche de"), (Action, actions, "la fiche de")):
        written.append((record, described_between(record, rows, start, end, words)))
    entries = [(kind, entry) for kind, some in written for entry in some if start <= moment_of(entry) < end]
    entries.sort(key=lambda pair: moment_of(pair[1]), reverse=True)
    return [
        Correction(number=number, kind=kind, subject=entry.url, entry=entry)
        for number, (kind, entry) in enumerate(entries[:MOST], start=1)
    ]


def written_within(model: Any, start: Any, end: Any, **where: Any) -> Any:
    return model.objects.filter(recorded_at__gte=start, recorded_at__lt=end, **where).order_by()


def measured(start: Any, end: Any, actions: Any) -> Iterator[Entry]:
    """What was told of indicators; the names of series and of dispositifs in one query."""
    facts = written_within(Measurement, start, end, series__action__in=actions)
    rows = Series.objects.filter(pk__in=facts.values("series")).select_related("action", "indicator")
    series = {row.pk: row for row in rows}
    yield from fact_entries(
        facts,
        label=lambda fact: (
            f"«\u00a0{series[fact.series_id].indicator}\u00a0» de «\u00a0{series[fact.series_id].action.name}\u00a0»"
        ),
        url=lambda fact: reverse("actions:sheet", args=[series[fact.series_id].action.public_id]),
    )


def described_between(record: Any, rows: Any, start: Any, end: Any, words: str) -> list[Entry]:
    """The records themselves: a name, a commune, a target."""
    page = "sites:sheet" if record is Site else "actions:sheet"
    moved = record.history.filter(history_date__gte=start, history_date__lt=end, id__in=rows)
    return history_entries(
        record.history.filter(id__in=moved.order_by().values("id")),
        label=lambda row: f"{words} «\u00a0{row.name}\u00a0»",
        url=lambda row: reverse(page, args=[row.public_id]),
    )


def label_of(words: str, path: str) -> Callable[[Any], str]:
    return lambda version: f"{words} de «\u00a0{getattr(version, path).name}\u00a0»"


def sheet_of(path: str) -> Callable[[Any], str]:
    page = "actions:sheet" if path == "action" else "sites:sheet"
    return lambda version: reverse(page, args=[getattr(version, path).public_id])


# What a difference comes from ----------------------------------------------------------------------------


def explained(changes: Iterable[ValueChange], corrections: Sequence[Correction]) -> list[ExplainedChange]:
    """Each difference with the corrections of what it is counted from; of its own site or dispositif, for a row."""
    kinds = {figure.key: FAMILIES[family.name] for family in families().values() for figure in family.figures}
    return [ExplainedChange(change, causes_of(change, kinds, corrections)) for change in changes]


def causes_of(
    change: ValueChange, kinds: dict[str, frozenset[Any]], corrections: Sequence[Correction]
) -> list[Correction]:
    table, is_row, row = change.key.partition("/")
    if not is_row:
        counted = kinds.get(change.key, frozenset())
        return [correction for correction in corrections if correction.kind in counted]
    name = next((name for name in TABLES if table == name or table.startswith(f"{name}-")), "")
    if name and not is_thing(row, corrections):
        return [correction for correction in corrections if correction.kind in TABLES[name]]
    return [correction for correction in corrections if correction.subject and is_of(correction, row)]


def is_thing(row: str, corrections: Sequence[Correction]) -> bool:
    return any(is_of(correction, row) for correction in corrections)


def is_of(correction: Correction, row: str) -> bool:
    """« suivi-abc » is a row of the dispositif « abc »."""
    return bool(row) and row.rpartition("-")[2] == correction.subject.rstrip("/").rpartition("/")[2]
