"""Dossiers read from a file → the base. What is already there and says the same is left alone."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jalons.accounts.enums import OrganisationCategory, OrganisationKind
from jalons.accounts.models import Organisation, User
from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.content import AnnexContent, DeliberationContent, Dossier, File, Sheet
from jalons.conventions.dossier.dropping import REASON, depth_of
from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.exchange.writing import canonical, write_file
from jalons.conventions.importing.councils import (
    give_departements,
    give_parties,
    give_party,
    resolve,
    seat_pilots,
)
from jalons.conventions.importing.identity import link_indicators
from jalons.conventions.importing.merging import (
    Merger,
    Stored,
    by_key,
    by_position,
    key_or_position,
    save_if_changed,
)
from jalons.conventions.models import BudgetAmount, Cell, Commitment, Convention, Deliberation, Source
from jalons.conventions.text.clauses.services import move_reports, report_day_of
from jalons.history.models import Record
from jalons.history.services import Actor, save_record
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Departement
from jalons.territories.services import scope_for

# Whose account signs what a file says when nobody is named: it cannot sign in.
TRANSCRIBER = "reprise@jalons.invalid"


def transcriber() -> Actor:
    """In whose name a file is written when the command names nobody."""
    user = User.objects.filter(email=TRANSCRIBER).first()
    if user is None:
        user = User(email=TRANSCRIBER, name="Reprise de données", is_active=False)
        user.set_unusable_password()
        save_record(record=user, by=None) if isinstance(user, Record) else user.save()
    nation = scope_for(ScopeLevel.NATION)
    organisation = Organisation.objects.filter(name="Reprise de données", territory=nation).first()
    if organisation is None:
        organisation = Organisation(
            name="Reprise de données",
            kind=OrganisationKind.OTHER,
            category=OrganisationCategory.PARTNER,
            territory=nation,
        )
        save_record(record=organisation, by=None)
    return Actor(user, organisation)


@dataclass(frozen=True, slots=True)
class KnownConventions:
    """What the base says of the conventions of a file, read with nobody waiting for us to write.

    `before` by identifier; `is_same`: it says what the file says.
    """

    before: dict[str, File | None]
    is_same: bool

    def stands(self) -> bool:
        """Does the base still say so? The conventions are locked, so that the answer holds until the end."""
        locked = Convention.objects.select_for_update().filter(slug__in=self.before).order_by("pk")
        read = {slug: file.dossiers[0].convention.revision for slug, file in self.before.items() if file}
        return read == {convention.slug: convention.revision for convention in locked}


def known_of(file: File) -> KnownConventions:
    before = {dossier.convention.slug: file_of(dossier.convention.slug) for dossier in file.dossiers}
    return KnownConventions(before, all(before.values()) and same(file, before))


def store_file(
    *,
    file: File,
    by: Actor,
    name: str = "",
    content: bytes = b"",
    departements: Sequence[Departement] = (),
) -> Stored:
    """Write what a sound file says. Idempotent; all or nothing. Raises `Conflict`.

    `departements`: whose the conventions are, for those of which no signatory is named as its Département is.
    """
    known = known_of(file)
    source = Source(
        name=name[:200] or "fichier",
        digest=hashlib.sha256(content).hexdigest(),
        kept=file.kept,
        read_by=by.user,
    )
    with transaction.atomic():
        return write_known(
            file, known if known.stands() else known_of(file), source=source, departements=departements, by=by
        )


def write_known(
    file: File, known: KnownConventions, *, source: Source, departements: Sequence[Departement], by: Actor
) -> Stored:
    stored, before = Stored(), known.before
    if known.is_same:
        stored.conventions = [
            known_file.dossiers[0].convention for known_file in before.values() if known_file
        ]
        for convention in stored.conventions:
            stored.changed += give_departements(convention=convention, departements=departements, by=by)
        return stored
    source.save()
    merger = DossierMerger(by, stored)
    for dossier in file.dossiers:
        stands = before[dossier.convention.slug]
        merger.dossier(dossier, stands.dossiers[0] if stands else None, source)
    for content_ in file.deliberations:
        merger.deliberation(content_, file)
    for convention in stored.conventions:
        stored.changed += give_departements(convention=convention, departements=departements, by=by)
        touched(convention=convention)
    return stored


def same(file: File, before: dict[str, File | None]) -> bool:
    """Does the base, written as a file, say what this file says?"""
    stored = File(kept=file.kept)
    for known in before.values():
        if known is None:
            return False
        stored.dossiers += known.dossiers
        if known.kept != file.kept:
            return False
        stored.deliberations += [
            deliberation for deliberation in known.deliberations if not is_among(deliberation, stored)
        ]
    return canonical(write_file(stored)) == canonical(write_file(file))


def is_among(content: DeliberationContent, file: File) -> bool:
    return any(deliberation.deliberation.pk == content.deliberation.pk for deliberation in file.deliberations)


class DossierMerger(Merger):
    """Brings stored dossiers to what a file says."""

    def dossier(self, wanted: Dossier, known: Dossier | None, source: Source) -> None:
        report_before = report_day_of(known.convention) if known else None
        known = known or Dossier(Convention())
        convention = self.single(wanted.convention, known.convention if known.convention.pk else None)
        convention.source = source
        parties = self.listed(wanted.parties, known.parties, by_position)
        resolve(convention, parties, self.by)
        save_record(record=convention, by=self.by, reason=REASON)
        for party in parties:
            save_if_changed(party, self.by)
        self.listed(wanted.references, known.references, by_position)
        self.listed(wanted.articles, known.articles, by_position)
        self.listed(wanted.clauses, known.clauses, lambda clause: clause.name)
        move_reports(convention=convention, before=report_before, by=self.by)
        self.listed(wanted.actions, known.actions, by_position)
        self.sheets(wanted, known)
        self.listed(wanted.missing, known.missing, by_position)
        self.annexes(wanted.annexes, known.annexes)
        seat_pilots(convention, parties, self.by)
        give_parties(wanted, parties, self.twins, self.by)
        link_indicators(wanted, convention, self.twins, self.by)
        self.stored.conventions.append(convention)

    def sheets(self, wanted: Dossier, known: Dossier) -> None:
        stored = {sheet.key: sheet.commitment for sheet in known.sheets}
        depths = {sheet.key: depth_of(sheet.commitment) for sheet in wanted.sheets}
        # A mother is written before its themes; one that is gone, removed after them.
        gone = [commitment for key, commitment in stored.items() if key not in depths]
        for depth in sorted(set(depths.values())):
            level = [sheet.commitment for sheet in wanted.sheets if depths[sheet.key] == depth]
            self.listed(
                level, [stored[commitment.key] for commitment in level if commitment.key in stored], by_key
            )
        for commitment in sorted(gone, key=depth_of, reverse=True):
            self.remove(commitment)
        pairs = [(sheet, known.by_key.get(sheet.key) or Sheet(Commitment())) for sheet in wanted.sheets]
        self.across(pairs, lambda sheet: sheet.resume, by_position)
        self.across(pairs, lambda sheet: sheet.sub_actions, by_position)
        self.nested(pairs, lambda sheet: sheet.sub_budgets)
        self.across(pairs, lambda sheet: [row.line for row in sheet.budget], by_position)
        self.across(pairs, lambda sheet: sheet.columns, by_key)
        self.across(pairs, lambda sheet: sheet.groups, by_key)
        self.nested(pairs, lambda sheet: sheet.rows)
        self.across(pairs, lambda sheet: [tracking.table for tracking in sheet.tracking], by_position)
        self.across(
            pairs,
            lambda sheet: [row for tracking in sheet.tracking for row in tracking.rows],
            lambda row: (row.table.position, row.position),
        )
        self.facts(
            [amount for sheet, _ in pairs for amount in amounts_of(sheet)],
            {
                (amount.line_id, amount.part, amount.stage): amount
                for _, sheet in pairs
                for amount in amounts_of(sheet)
            },
            lambda amount: (self.twins[id(amount.line)].pk, amount.part, amount.stage),
            BudgetAmount,
        )
        self.facts(
            [cell for sheet, _ in pairs for cell in sheet.cells.values()],
            {(cell.row_id, cell.column_id): cell for _, sheet in pairs for cell in sheet.cells.values()},
            lambda cell: (self.twins[id(cell.row)].pk, self.twins[id(cell.column)].pk),
            Cell,
        )

    def across(
        self,
        pairs: Sequence[tuple[Sheet, Sheet]],
        of: Callable[[Sheet], list[Any]],
        key: Callable[[Any], Any],
    ) -> None:
        """A list of every sheet at once."""
        wanted = [(sheet.key, piece) for sheet, _ in pairs for piece in of(sheet)]
        known = {(sheet.key, key(piece)): piece for sheet, stored in pairs for piece in of(stored)}
        self.merge([piece for _, piece in wanted], [(name, key(piece)) for name, piece in wanted], known)

    def nested(self, pairs: Sequence[tuple[Sheet, Sheet]], of: Callable[[Sheet], list[Any]]) -> None:
        """A list whose rows may stand under others: one depth after the other. A row may have changed depth."""
        rows = [((sheet.key, key_or_position(piece)), piece) for sheet, _ in pairs for piece in of(sheet)]
        known = {
            (sheet.key, key_or_position(piece)): piece for sheet, stored in pairs for piece in of(stored)
        }
        depths = {id(piece): depth_of(piece) for _, piece in rows}
        for depth in sorted(set(depths.values())):
            level = [(key, piece) for key, piece in rows if depths[id(piece)] == depth]
            keys = [key for key, _ in level]
            self.merge(
                [piece for _, piece in level], keys, {key: known.pop(key) for key in keys if key in known}
            )
        for gone in sorted(known.values(), key=depth_of, reverse=True):
            self.remove(gone)

    def annexes(self, wanted: list[AnnexContent], known: list[AnnexContent]) -> None:
        self.listed([content.annex for content in wanted], [content.annex for content in known], by_key)
        tables = [table.table for content in wanted for table in content.tables]
        stored = [table.table for content in known for table in content.tables]
        self.listed(tables, stored, lambda table: (table.annex.key, table.position))
        lines = [line for content in wanted for line in content.lines]
        stored_lines = [line for content in known for line in content.lines]
        self.listed(
            lines, stored_lines, lambda line: (line.table.annex.key, line.table.position, line.position)
        )

    def deliberation(self, wanted: DeliberationContent, file: File) -> None:
        slugs = [dossier.convention.slug for dossier in file.dossiers if wanted in dossier.deliberations]
        conventions = [convention for convention in self.stored.conventions if convention.slug in slugs]
        existing = Deliberation.objects.filter(
            number=wanted.deliberation.number, assembly=wanted.deliberation.assembly
        ).first()
        deliberation = self.single(wanted.deliberation, existing)
        deliberation.conventions.add(*conventions)
        give_party(deliberation, conventions, self.by)
        known_amounts = list(existing.authorised_amounts.all()) if existing else []
        known_lines = list(existing.accounting_lines.all()) if existing else []
        self.listed(wanted.amounts, known_amounts, by_position)
        self.listed(wanted.lines, known_lines, by_position)


def amounts_of(sheet: Sheet) -> Iterable[BudgetAmount]:
    for row in sheet.budget:
        yield from row.amounts.values()
