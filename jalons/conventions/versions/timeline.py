"""Who did what on a convention. What one person wrote at once in one kind of thing is told in one line."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from jalons.accounts.models import Organisation, User
from jalons.conventions import models as m
from jalons.conventions.models import Commitment, Convention
from jalons.core.ui import Change, Entry
from jalons.core.values import format_number, french_spaces
from jalons.history.models import Fact
from jalons.history.querysets import NOW, AsOf
from jalons.history.selectors import changes_between, told_fields

TOLD_ONE_BY_ONE = 3  # above, the pieces of a line are counted
RECORD_VERBS = {"+": "a créé", "~": "a modifié", "-": "a supprimé"}


@dataclass(frozen=True, slots=True)
class EntryKind:
    """A kind of thing. `path`: from it to the convention; `sheet`: to its sheet; `party`: to its Département."""

    model: type[Any]
    several: str
    describe: Callable[[Any], str]
    path: str = "convention"
    sheet: str = ""
    party: str = ""

    @property
    def is_fact(self) -> bool:
        return issubclass(self.model, Fact)

    def rows(self, convention: Convention, scope: "EntryScope") -> Any:
        """Every version, of what this reader sees."""
        manager = self.model.objects if self.is_fact else self.model.history
        rows = manager.filter(**{self.path: convention.pk})
        if scope.sheets is not None and self.sheet:
            rows = rows.filter(**{f"{self.sheet}__in": scope.sheets})
        if scope.parties is not None and self.party:
            rows = rows.filter(Q(**{self.party: None}) | Q(**{f"{self.party}__in": scope.parties}))
        return rows


@dataclass(frozen=True, slots=True)
class EntryScope:
    """None: everything."""

    sheets: frozenset[int] | None = None
    parties: frozenset[int] | None = None


def quoted(name: str, words: str) -> Callable[[Any], str]:
    """« l’article « OBJET » »."""

    def words_of(row: Any) -> str:
        text = str(getattr(row, name, "") or "")[:80]
        return f"{words} « {text} »" if text else words

    return words_of


def plain(words: str) -> Callable[[Any], str]:
    return lambda row: words


def on_sheet(
    model: type[Any], several: str, describe: Callable[[Any], str], path: str = "commitment"
) -> EntryKind:
    return EntryKind(model, several, describe, f"{path}__convention", path)


KINDS: Sequence[EntryKind] = (
    EntryKind(m.Convention, "conventions", plain("la convention"), "id"),
    EntryKind(m.Party, "parties", quoted("name", "la partie")),
    EntryKind(m.LegalReference, "visas", quoted("raw", "le visa")),
    EntryKind(m.Article, "articles", quoted("title", "l’article")),
    EntryKind(m.Clause, "clauses", quoted("text", "la clause")),
    EntryKind(m.PlannedAction, "actions de la convention", quoted("label", "l’action")),
    EntryKind(m.Commitment, "fiches", quoted("title", "la fiche"), sheet="id"),
    EntryKind(m.MissingSheet, "fiches sans page", quoted("label", "la fiche sans page")),
    EntryKind(m.Annex, "annexes financières", quoted("label", "l’annexe")),
    EntryKind(m.AnnexTable, "tableaux de l’annexe", quoted("title", "le tableau"), "annex__convention"),
    EntryKind(
        m.AnnexLine, "lignes de l’annexe", quoted("label", "la ligne d’annexe"), "table__annex__convention"
    ),
    EntryKind(m.Payment, "versements", quoted("label", "le versement"), party="party"),
    EntryKind(m.Amendment, "avenants", quoted("subject", "l’avenant")),
    EntryKind(m.ExecutionReport, "rapports d’exécution", plain("le rapport d’exécution"), party="party"),
    EntryKind(m.Seat, "places", plain("une place"), party="party"),
    EntryKind(m.Acknowledgement, "réponses à des alertes", quoted("message", "la réponse à l’alerte")),
    EntryKind(
        m.Deliberation,
        "délibérations",
        quoted("number", "la délibération"),
        "id__in",
        party="party",
    ),
    on_sheet(m.ResumeRow, "lignes de résumé", plain("une ligne de résumé")),
    on_sheet(m.SubAction, "actions mises en place", quoted("action", "l’action mise en place")),
    on_sheet(m.SubBudget, "sous-budgets", quoted("label", "le sous-budget")),
    on_sheet(m.BudgetLine, "lignes de budget", quoted("label", "la ligne de budget")),
    on_sheet(m.MatrixColumn, "colonnes d’indicateurs", quoted("header", "la colonne")),
    on_sheet(m.MatrixGroup, "sections d’indicateurs", quoted("label", "la section")),
    on_sheet(m.MatrixRow, "lignes d’indicateurs", quoted("label", "la ligne d’indicateur")),
    on_sheet(m.TrackingTable, "tableaux de suivi", quoted("title", "le tableau de suivi")),
    on_sheet(m.TrackingRow, "lignes de suivi", plain("une ligne de suivi"), "table__commitment"),
    on_sheet(m.Cell, "chiffres", lambda cell: f"le chiffre « {cell.row} », {cell.column}", "row__commitment"),
    on_sheet(
        m.BudgetAmount,
        "montants",
        lambda amount: f"un montant de « {amount.line} »",
        "line__commitment",
    ),
)


@dataclass
class Batch:
    """What one person did at once to one kind of thing. `ids`: of the versions, the newest last."""

    kind: int
    verb: str
    author: int | None
    organisation: int | None
    reason: str
    when: dt.datetime
    ids: list[int] = field(default_factory=list)


def batches_of(convention: Convention, scope: EntryScope, at: AsOf = NOW) -> list[Batch]:
    """Newest first, what was done since `at` left out. One light query a kind, whatever there is to tell."""
    batches: dict[Any, Batch] = {}
    for place, kind in enumerate(KINDS):
        for when, author, organisation, reason, verb, pk in versions(kind, convention, scope):
            if not at.had_seen(when):
                continue
            minute = when.replace(second=0, microsecond=0)
            key = (place, verb, author, organisation, reason, minute)
            batch = batches.get(key)
            if batch is None:
                batch = batches[key] = Batch(place, verb, author, organisation, reason, when)
            batch.when = max(batch.when, when)
            batch.ids.append(pk)
    for edition in convention.editions.all():
        if not at.had_seen(edition.frozen_at):
            continue
        verb = f"a figé la version {edition.number} « {edition.title} »"
        batches[key] = Batch(-1, verb, edition.frozen_by_id, edition.organisation_id, "", edition.frozen_at)
    return sorted(batches.values(), key=lambda batch: (batch.when, batch.kind), reverse=True)


def versions(kind: EntryKind, convention: Convention, scope: EntryScope) -> Iterable[tuple[Any, ...]]:
    """(when, author, organisation, reason, verb, primary key of the version)."""
    if kind.is_fact:
        return fact_versions(kind.rows(convention, scope))
    if kind.model is m.Deliberation:
        pks = convention.deliberations.values("pk")
        rows = m.Deliberation.history.filter(id__in=pks)
        if scope.parties is not None:
            rows = rows.filter(Q(party=None) | Q(party__in=scope.parties))
    else:
        rows = kind.rows(convention, scope)
    columns = rows.order_by("history_id").values_list(
        "history_date", "changed_by", "changed_for", "history_change_reason", "history_type", "history_id"
    )
    return [
        (when, author, organisation, reason or "", RECORD_VERBS[verb], pk)
        for when, author, organisation, reason, verb, pk in columns
    ]


def fact_versions(rows: Any) -> list[tuple[Any, ...]]:
    known: set[Any] = set()
    fact_versions = []
    columns = ("recorded_at", "author", "organisation", "reason", "withdrawn", "pk", "lineage")
    for when, author, organisation, reason, withdrawn, pk, lineage in rows.order_by(
        "recorded_at", "pk"
    ).values_list(*columns):
        verb = "a retiré" if withdrawn else "a corrigé" if lineage in known else "a renseigné"
        known.add(lineage)
        fact_versions.append((when, author, organisation, reason or "", verb, pk))
    return fact_versions


def entries_of(batches: Sequence[Batch], *, with_people: bool) -> list[Entry]:
    """A page of them in words: the organisation first, the person for those who may read it."""
    details = details_of(batches)
    organisations = Organisation.objects.in_bulk(
        [batch.organisation for batch in batches if batch.organisation]
    )
    people = User.objects.in_bulk([batch.author for batch in batches if batch.author]) if with_people else {}
    entries = []
    for batch in batches:
        organisation = organisations.get(batch.organisation or 0)
        person = people.get(batch.author or 0)
        named = str(person) if person and str(person) != str(organisation) else ""
        entries.append(
            Entry(
                when=batch.when,
                who=str(organisation or "Jalons"),
                organisation=named,
                what=french_spaces(what_of(batch, details)),
                changes=[change for pk in batch.ids for change in details.get((batch.kind, pk), ("", []))[1]],
                reason=batch.reason,
            )
        )
    return entries


def what_of(batch: Batch, details: Any) -> str:
    if batch.kind < 0:
        return batch.verb
    kind = KINDS[batch.kind]
    if len(batch.ids) > TOLD_ONE_BY_ONE:
        return f"{batch.verb} {format_number(len(batch.ids))} {kind.several}"
    names = [details[batch.kind, pk][0] for pk in batch.ids if (batch.kind, pk) in details]
    return f"{batch.verb} {', '.join(dict.fromkeys(names)) or kind.several}"


def details_of(batches: Sequence[Batch]) -> dict[tuple[int, int], tuple[str, list[Change]]]:
    """Words and changes of the versions that are told one by one: one query a kind."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for batch in batches:
        if batch.kind >= 0 and len(batch.ids) <= TOLD_ONE_BY_ONE:
            wanted[batch.kind] += batch.ids
    details = {}
    for place, pks in wanted.items():
        kind = KINDS[place]
        for pk, detail in (fact_details if kind.is_fact else record_details)(kind, pks).items():
            details[place, pk] = detail
    return details


def record_details(kind: EntryKind, pks: Sequence[int]) -> dict[int, tuple[str, list[Change]]]:
    history = kind.model.history
    subjects = history.filter(history_id__in=pks).values(kind.model._meta.pk.attname)
    fields = told_fields(kind.model)
    related = [
        concrete_field.name
        for concrete_field in kind.model._meta.concrete_fields
        if concrete_field.remote_field
    ]
    rows = history.filter(**{f"{kind.model._meta.pk.attname}__in": subjects})
    details, before = {}, None
    for row in rows.select_related(*related).order_by(kind.model._meta.pk.attname, "history_id"):
        same = before is not None and before.pk_of == row.__dict__[kind.model._meta.pk.attname]
        row.pk_of = row.__dict__[kind.model._meta.pk.attname]
        if row.history_id in pks:
            changed = same and row.history_type == "~"
            details[row.history_id] = (
                kind.describe(row),
                changes_between(before, row, fields) if changed else [],
            )
        before = row
    return details


def fact_details(kind: EntryKind, pks: Sequence[int]) -> dict[int, tuple[str, list[Change]]]:
    manager = kind.model.objects
    lineages = manager.filter(pk__in=pks).values("lineage")
    fields = told_fields(kind.model)
    related = [
        concrete_field.name
        for concrete_field in kind.model._meta.concrete_fields
        if concrete_field.remote_field
    ]
    details, before = {}, None
    rows = manager.filter(lineage__in=lineages).select_related(*related)
    for row in rows.order_by("lineage", "recorded_at", "pk"):
        if row.pk in pks:
            same = before is not None and before.lineage == row.lineage
            details[row.pk] = (kind.describe(row), changes_between(before, row, fields) if same else [])
        before = row
    return details


def scope_of(user: Any, convention: Convention, parties: frozenset[int] | None, *, whole: bool) -> EntryScope:
    """What this reader sees of the history: that of the sheets and of the Départements in sight."""
    if whole and parties is None:
        return EntryScope()
    seen = Commitment.objects.visible_to(user).filter(convention=convention)
    return EntryScope(frozenset(seen.values_list("pk", flat=True)), parties)
