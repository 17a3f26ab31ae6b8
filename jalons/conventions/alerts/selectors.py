"""The alerts of a convention as a page shows them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Value, When

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can, territory_of
from jalons.conventions.alerts.rules import rules
from jalons.conventions.dossier.content import Sheet
from jalons.conventions.dossier.places import cut, sheet_words
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import Acknowledgement, Alert, Commitment, Convention, PendingCheck
from jalons.core.values import format_euros, format_number, plural

OPEN, ANSWERED, EVERY = "a-traiter", "acquittees", "toutes"
STATES = {OPEN: "À traiter", ANSWERED: "Acquittées", EVERY: "Toutes"}
BY_CAUSE, BY_SHEET, BY_SCOPE = "cause", "fiche", "domaine"
# Of the filter by sheet: what is of no sheet.
WHOLE = "convention"
RANKS = {AlertLevel.ERROR: 0, AlertLevel.WARNING: 1, AlertLevel.INFO: 2}


@dataclass(frozen=True, slots=True)
class AlertFilter:
    level: str = ""
    scope: str = ""
    sheet: str = ""
    state: str = OPEN
    by: str = BY_CAUSE

    @property
    def by_scope(self) -> bool:
        return self.by == BY_SCOPE

    @property
    def by_cause(self) -> bool:
        """Only of what is still open: an answer is read beside its own alert."""
        return self.by == BY_CAUSE and self.state == OPEN

    @property
    def is_bare(self) -> bool:
        return not (self.level or self.scope or self.sheet) and self.state == OPEN


@dataclass(frozen=True, slots=True)
class AlertCounts:
    """Those that nobody answered for, by level, and those that somebody did."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class AlertRow:
    """`where`: without the name of the sheet under which it stands. `gap`: in words. `answer`: why it stays."""

    alert: Alert
    where: str
    gap: str
    answer: Acknowledgement | None
    may_answer: bool

    @property
    def sheet(self) -> Commitment | None:
        return self.alert.commitment


@dataclass
class AlertGroup:
    """`sheet`: the one that it is about; None for the whole convention or for a subject."""

    title: str
    sheet: Commitment | None = None
    rows: list[AlertRow] = field(default_factory=list)

    @property
    def caption(self) -> str:
        """« 3 alertes »."""
        return f"{len(self.rows)} {plural(len(self.rows), 'alerte', 'alertes')}"


def is_being_checked(convention: Convention) -> bool:
    """Was something saved whose rules are still to be run? The alerts are then those of before."""
    return PendingCheck.objects.filter(convention=convention).exists()


def alerts_of(user: Any, convention: Convention) -> Any:
    """Those of the common text and of the sheets that one sees, `answered` or not."""
    answers = Acknowledgement.objects.filter(
        convention=OuterRef("convention"), fingerprint=OuterRef("fingerprint"), withdrawn=False
    )
    seen = Commitment.objects.filter(convention=convention).visible_to(user)
    mine = Q(commitment=None) | Q(commitment__in=seen.values("pk"))
    return Alert.objects.filter(mine, convention=convention).annotate(answered=Exists(answers))


def counts_of(alerts: Any) -> AlertCounts:
    rows = alerts.order_by().values_list("level", "answered").annotate(count=Count("pk"))
    count_by_level = {(level, answered): count for level, answered, count in rows}
    return AlertCounts(
        count_by_level.get((AlertLevel.ERROR, False), 0),
        count_by_level.get((AlertLevel.WARNING, False), 0),
        count_by_level.get((AlertLevel.INFO, False), 0),
        sum(count for (_, answered), count in count_by_level.items() if answered),
    )


def filtered(alerts: Any, criteria: AlertFilter) -> Any:
    """In the order of the page: by sheet or by subject, the most serious first."""
    if criteria.level:
        alerts = alerts.filter(level=criteria.level)
    if criteria.scope:
        alerts = alerts.filter(scope=criteria.scope)
    if criteria.sheet:
        alerts = alerts.filter(
            Q(commitment=None) if criteria.sheet == WHOLE else Q(commitment__public_id=criteria.sheet)
        )
    if criteria.state != EVERY:
        alerts = alerts.filter(answered=criteria.state == ANSWERED)
    rank = Case(
        *(When(level=level, then=Value(at)) for level, at in RANKS.items()), output_field=IntegerField()
    )
    subject = Case(
        *(When(scope=scope, then=Value(at)) for at, scope in enumerate(AlertScope)),
        output_field=IntegerField(),
    )
    whole_first = Case(When(commitment=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    by_sheet = (whole_first, "commitment__position", "commitment__pk")
    order = (subject, rank, *by_sheet) if criteria.by_scope else (*by_sheet, rank)
    return alerts.select_related("commitment__parent", "commitment__party").order_by(*order, "pk")


def sheets_with_alerts(convention: Convention, alerts: Any) -> list[tuple[str, str]]:
    """(address, words) of the sheets that have some, in their order."""
    sheet_pks = alerts.exclude(commitment=None).order_by().values("commitment")
    sheets = (
        convention.commitments.filter(pk__in=sheet_pks).select_related("parent").order_by("position", "pk")
    )
    return [(sheet.public_id, words_of(sheet)) for sheet in sheets]


def words_of(sheet: Commitment) -> str:
    return sheet_words(Sheet(sheet, parent_key=sheet.parent.key if sheet.parent else ""), sheet.quiet_title)


def groups(
    user: Any, convention: Convention, alerts: Sequence[Alert], criteria: AlertFilter
) -> list[AlertGroup]:
    """The alerts of a page, ready to be shown."""
    answers = answers_to(convention, alerts)
    groups: list[AlertGroup] = []
    for alert, answerable in may_answer_each(user, convention, alerts):
        sheet = alert.commitment
        if sheet is not None:
            sheet.convention = convention  # which spells its title
        title = AlertScope(alert.scope).label if criteria.by_scope else group_title(sheet)
        of_group = None if criteria.by_scope else sheet
        if not groups or (groups[-1].title, groups[-1].sheet) != (title, of_group):
            groups.append(AlertGroup(title, of_group))
        where = alert.where
        if of_group is not None:
            where = without_sheet(where, of_group)
        groups[-1].rows.append(
            AlertRow(alert, capitalised(where), gap_words(alert), answers.get(alert.fingerprint), answerable)
        )
    return groups


def may_answer_each(
    user: Any, convention: Convention, alerts: Sequence[Alert]
) -> Iterator[tuple[Alert, bool]]:
    """Each with whether this person answers for it. Two queries, however many they are."""
    fills = sheets_filled_by(user, convention, alerts)
    leads = can(user, Right.WRITE_CONVENTION, convention)
    for alert in alerts:
        yield alert, leads if alert.commitment_id is None else alert.commitment_id in fills


def without_sheet(where: str, sheet: Commitment) -> str:
    """What stands after the name of the sheet, with that of its Département or not."""
    theme = f", thème « {cut(sheet.title or sheet.key, 60)} »" if sheet.parent_id else ""
    pattern = rf"{re.escape(sheet.number_words)}(?: \([^)]*\))?{re.escape(theme)}, "
    match = re.match(pattern, where)
    return where[match.end() :] if match is not None else where


def group_title(sheet: Commitment | None) -> str:
    if sheet is None:
        return "Convention entière"
    words = words_of(sheet)
    return words if sheet.parent_id or not sheet.title else f"{words} – {sheet.quiet_title}"


def capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def answers_to(convention: Convention, alerts: Iterable[Alert]) -> dict[str, Acknowledgement]:
    marks = [alert.fingerprint for alert in alerts]
    acknowledgements = Acknowledgement.objects.filter(
        convention=convention, fingerprint__in=marks, withdrawn=False
    )
    return {
        answer.fingerprint: answer for answer in acknowledgements.select_related("changed_by", "changed_for")
    }


def sheets_filled_by(user: Any, convention: Convention, alerts: Iterable[Alert]) -> set[int]:
    """The sheets of these alerts that this person may fill."""
    pks = {alert.commitment_id for alert in alerts if alert.commitment_id is not None}
    sheets = Commitment.objects.filter(convention=convention, pk__in=pks)
    return set(sheets.in_territory(territory_of(user, Right.FILL_COMMITMENT)).values_list("pk", flat=True))


def gap_words(alert: Alert) -> str:
    """« 1 288 238 € », « −2 »; « » without one."""
    if alert.gap is None:
        return ""
    return format_euros(alert.gap) if of_money(alert) else format_number(alert.gap)


def of_money(alert: Alert) -> bool:
    return (alert.expected or alert.found).endswith("€") or alert.found.endswith("€")


def may_answer(user: Any, convention: Convention, sheet: Commitment | None) -> bool:
    """Who fills a sheet answers for it; who leads the convention answers for what is of no sheet."""
    if sheet is None:
        return can(user, Right.WRITE_CONVENTION, convention)
    return can(user, Right.FILL_COMMITMENT, sheet)


def rule_label(identifier: str) -> str:
    """What the rule wants, in French; « » for a rule that this version does not have any more."""
    return next((rule.label for rule in rules() if rule.identifier == identifier), "")
