"""Running the rules after a change is saved: never while the base waits for us.

A change writes a `PendingCheck` in its own transaction. Once that is committed, the rules are run on what the base
says, without any lock, and what they find is written in a transaction of its own, short. See ADR 0031.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from jalons.conventions.alerts.engine import concerned
from jalons.conventions.alerts.rules import Finding, check, rules
from jalons.conventions.changes.drift import Drift, measured_drift, write_drift
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.enums import AlertScope
from jalons.conventions.models import Alert, Commitment, Convention, PendingCheck
from jalons.core.values import format_number, plural

# Somebody saved while we were reading: read again, so many times. Who saved last reads for all those before.
TURNS = 3


@dataclass(frozen=True, slots=True)
class CheckExtent:
    """What is run again. `sheets`: rules on one sheet, on these alone; `scopes`: rules of these. None: all.

    What is left out has found the same as before, so that the alerts are those of a full run.
    """

    sheets: frozenset[str] | None = None
    scopes: frozenset[str] | None = None

    def __or__(self, other: "CheckExtent") -> "CheckExtent":
        return CheckExtent(joined(self.sheets, other.sheets), joined(self.scopes, other.scopes))


EVERYTHING = CheckExtent()


def joined(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    return None if left is None or right is None else left | right


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a run found, not written yet. `keys`: the sheets that it looked at (None: all)."""

    convention: Convention
    dossier: Dossier
    findings: Sequence[Finding]
    scopes: frozenset[str] | None
    keys: Collection[str] | None
    drift: Drift


def ask_check(
    *,
    convention: Convention,
    sheets: Iterable[Commitment] | None = None,
    scopes: Sequence[AlertScope] | None = None,
) -> None:
    """The rules that a change may concern are run once it is committed. In the transaction of the change."""
    PendingCheck.objects.create(
        convention=convention,
        sheets=None if sheets is None else sorted({sheet.key for sheet in sheets}),
        scopes=None if scopes is None else sorted({AlertScope(scope).value for scope in scopes}),
    )
    convention_pk = convention.pk

    def run_then() -> None:
        run_pending(convention_pk)

    # Robust: what was saved is saved. A failure goes to the journal, and the mark stays for the next one.
    transaction.on_commit(run_then, robust=True)


def run_pending(convention_pk: int) -> bool:
    """Run what is pending of a convention. False when others save too fast: the last of them does it for all."""
    for _ in range(TURNS):
        pending = list(PendingCheck.objects.filter(convention=convention_pk))
        if not pending:
            return True
        convention = Convention.objects.get(pk=convention_pk)
        dossier = read_dossier(convention)
        if not Convention.objects.filter(pk=convention_pk, revision=convention.revision).exists():
            continue  # parts of what was read are older than others
        extent = extent_of(pending)
        write_pending(run(convention, dossier, extent), pending)
        return True
    return False


def run_all_pending() -> str:
    """The periodic job: what a process that stopped, or a failure, left to check."""
    waiting = Convention.objects.filter(pk__in=PendingCheck.objects.order_by().values("convention"))
    done = [run_pending(convention_pk) for convention_pk in waiting.values_list("pk", flat=True)]
    count = sum(done)
    return f"{format_number(count)}\u00a0{plural(count, 'convention contrôlée', 'conventions contrôlées')}."


def extent_of(pending: Iterable[PendingCheck]) -> CheckExtent:
    """All that several changes ask for, in one run."""
    extents = [
        CheckExtent(
            None if pending_check.sheets is None else frozenset(pending_check.sheets),
            None if pending_check.scopes is None else frozenset(pending_check.scopes),
        )
        for pending_check in pending
    ]
    whole = extents[0]
    for extent in extents[1:]:
        whole |= extent
    return whole


@transaction.atomic
def write_pending(result: CheckResult, pending: Sequence[PendingCheck]) -> None:
    """Write what was found, unless somebody who read later than us already did: then our last mark is gone."""
    Convention.objects.select_for_update().get(pk=result.convention.pk)
    if PendingCheck.objects.filter(pk=pending[-1].pk).exists():
        PendingCheck.objects.filter(pk__in=[pending_check.pk for pending_check in pending]).delete()
        write(result)


def run_whole(dossier: Dossier) -> CheckResult:
    """What all the rules find, for who is about to decide by it: `write_whole` writes it with what is decided."""
    return run(dossier.convention, dossier, EVERYTHING)


@transaction.atomic
def write_whole(result: CheckResult) -> None:
    """In the place of all that was found before, and of what was still to be run.

    The caller holds the convention, and its revision is the one that was read.
    """
    PendingCheck.objects.filter(convention=result.convention).delete()
    write(result)


def check_again(*, convention: Convention) -> None:
    """All the rules again, because somebody asks for it."""
    with transaction.atomic():
        ask_check(convention=convention)


def run(convention: Convention, dossier: Dossier, extent: CheckExtent) -> CheckResult:
    """Writes nothing; reads the base for nothing but the version that was voted."""
    wanted = None
    if extent.scopes is not None:
        wanted = frozenset(concerned(AlertScope(scope) for scope in extent.scopes))
    keys = None if extent.sheets is None else families(dossier, extent.sheets)
    findings = check(dossier, sheets=keys, scopes=wanted)
    return CheckResult(convention, dossier, findings, wanted, keys, measured_drift(convention, dossier))


def write(result: CheckResult) -> None:
    """In the place of what these rules had found before."""
    old = Alert.objects.filter(convention=result.convention)
    if result.scopes is not None:
        old = old.filter(scope__in=result.scopes)
    if result.keys is not None:
        # A rule on the whole convention was run again, whatever the sheet that its alerts speak of.
        whole = [rule.identifier for rule in rules() if rule.on_sheet is None]
        changed = [sheet.commitment for sheet in result.dossier.sheets if sheet.key in result.keys]
        old = old.filter(rule__in=whole) | old.filter(commitment__in=changed)
    old.delete()
    by_key = {sheet.key: sheet.commitment for sheet in result.dossier.sheets}
    Alert.objects.bulk_create(
        [alert_of(finding, result.convention, by_key.get(finding.sheet)) for finding in result.findings],
        batch_size=500,
    )
    write_drift(convention=result.convention, drift=result.drift)


def families(dossier: Dossier, keys: Collection[str]) -> set[str]:
    """These sheets, their mothers and the themes of both."""
    mothers = {sheet.parent_key or sheet.key for sheet in dossier.sheets if sheet.key in keys}
    return {sheet.key for sheet in dossier.sheets if (sheet.parent_key or sheet.key) in mothers}


def alert_of(finding: Finding, convention: Convention, commitment: Commitment | None) -> Alert:
    return Alert(
        convention=convention,
        commitment=commitment,
        rule=finding.rule,
        scope=finding.scope,
        level=finding.level,
        where=finding.where[:400],
        expected=finding.expected[:400],
        found=finding.found[:400],
        gap=finding.gap,
        message=finding.message,
        fingerprint=finding.fingerprint,
    )
