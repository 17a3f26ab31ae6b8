"""Dossiers read from a file → the base. What is already there and says the same is left alone."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from jalons.accounts.enums import ConventionRole, OrganisationCategory, OrganisationKind
from jalons.accounts.models import Organisation, User
from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.content import AnnexContent, DeliberationContent, Dossier, File, Sheet
from jalons.conventions.dossier.dates import cell_day
from jalons.conventions.dossier.dropping import REASON, depth_of, drop
from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.enums import PartySide
from jalons.conventions.exchange.writing import canonical, write_file
from jalons.conventions.importing.identity import link_indicators
from jalons.conventions.models import (
    BudgetAmount,
    Cell,
    Commitment,
    Convention,
    Deliberation,
    Party,
    Seat,
    Source,
)
from jalons.conventions.models.base import Droppable
from jalons.conventions.text.clauses.services import move_reports, report_day_of
from jalons.core.values import fold
from jalons.history.models import Fact, Record
from jalons.history.services import Actor, correct_all, create_records, enter_all, save_record
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Departement
from jalons.territories.services import scope_for

# Whose account signs what a file says when nobody is named: it cannot sign in.
TRANSCRIBER = "reprise@jalons.invalid"
MACHINERY = {"id", "public_id", "version", "changed_at", "changed_by", "changed_for"}
FACT_MACHINERY = {
    "id",
    "lineage",
    "recorded_at",
    "superseded_at",
    "withdrawn",
    "reason",
    "author",
    "organisation",
}
# Relations that Jalons made, which no file says.
OURS = {
    "previous",
    "action",
    "party",
    "indicator",
    "source",
    "state",
    "revision",
    "unamended",
    "unamended_since",
}
RESOLVED = {"organisation", "departement"}


class Conflict(Exception):
    """What the file lacks and Jalons cannot drop: `str()` says it in French."""


@dataclass
class Stored:
    """What an import changed. All zero: the base already said the same."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    conventions: list[Convention] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.created or self.changed or self.removed)


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
class Known:
    """What the base says of the conventions of a file, read with nobody waiting for us to write.

    `before` by identifier; `is_same`: it says what the file says.
    """

    before: dict[str, File | None]
    is_same: bool

    def stands(self) -> bool:
        """Does the base still say so? The conventions are locked, so that the answer holds until the end."""
        locked = Convention.objects.select_for_update().filter(slug__in=self.before).order_by("pk")
        read = {slug: file.dossiers[0].convention.revision for slug, file in self.before.items() if file}
        return read == {each.slug: each.revision for each in locked}


def known_of(file: File) -> Known:
    before = {dossier.convention.slug: file_of(dossier.convention.slug) for dossier in file.dossiers}
    return Known(before, all(before.values()) and same(file, before))


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
    file: File, known: Known, *, source: Source, departements: Sequence[Departement], by: Actor
) -> Stored:
    stored, before = Stored(), known.before
    if known.is_same:
        stored.conventions = [each.dossiers[0].convention for each in before.values() if each]
        for convention in stored.conventions:
            stored.changed += give_departements(convention=convention, departements=departements, by=by)
        return stored
    source.save()
    merger = Merger(by, stored)
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
        stored.deliberations += [each for each in known.deliberations if not is_among(each, stored)]
    return canonical(write_file(stored)) == canonical(write_file(file))


def is_among(content: DeliberationContent, file: File) -> bool:
    return any(each.deliberation.pk == content.deliberation.pk for each in file.deliberations)


class Merger:
    """Brings stored dossiers to what a file says, list by list."""

    def __init__(self, by: Actor, stored: Stored) -> None:
        self.by = by
        self.stored = stored
        self.twins: dict[int, Any] = {}  # id of what was read → what stands in the base

    def dossier(self, wanted: Dossier, known: Dossier | None, source: Source) -> None:
        report_before = report_day_of(known.convention) if known else None
        known = known or Dossier(Convention())
        convention = self.one(wanted.convention, known.convention if known.convention.pk else None)
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
        gone = [each for key, each in stored.items() if key not in depths]
        for depth in sorted(set(depths.values())):
            level = [sheet.commitment for sheet in wanted.sheets if depths[sheet.key] == depth]
            self.listed(level, [stored[each.key] for each in level if each.key in stored], by_key)
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
        self.across(pairs, lambda sheet: [each.table for each in sheet.tracking], by_position)
        self.across(
            pairs,
            lambda sheet: [row for each in sheet.tracking for row in each.rows],
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
        wanted = [(sheet.key, each) for sheet, _ in pairs for each in of(sheet)]
        known = {(sheet.key, key(each)): each for sheet, stored in pairs for each in of(stored)}
        self.merge([each for _, each in wanted], [(name, key(each)) for name, each in wanted], known)

    def nested(self, pairs: Sequence[tuple[Sheet, Sheet]], of: Callable[[Sheet], list[Any]]) -> None:
        """A list whose rows may stand under others: one depth after the other. A row may have changed depth."""
        rows = [((sheet.key, key_or_position(each)), each) for sheet, _ in pairs for each in of(sheet)]
        known = {(sheet.key, key_or_position(each)): each for sheet, stored in pairs for each in of(stored)}
        depths = {id(each): depth_of(each) for _, each in rows}
        for depth in sorted(set(depths.values())):
            level = [(key, each) for key, each in rows if depths[id(each)] == depth]
            keys = [key for key, _ in level]
            self.merge(
                [each for _, each in level], keys, {key: known.pop(key) for key in keys if key in known}
            )
        for gone in sorted(known.values(), key=depth_of, reverse=True):
            self.remove(gone)

    def annexes(self, wanted: list[AnnexContent], known: list[AnnexContent]) -> None:
        self.listed([each.annex for each in wanted], [each.annex for each in known], by_key)
        tables = [table.table for each in wanted for table in each.tables]
        stored = [table.table for each in known for table in each.tables]
        self.listed(tables, stored, lambda table: (table.annex.key, table.position))
        lines = [line for each in wanted for line in each.lines]
        stored_lines = [line for each in known for line in each.lines]
        self.listed(
            lines, stored_lines, lambda line: (line.table.annex.key, line.table.position, line.position)
        )

    def deliberation(self, wanted: DeliberationContent, file: File) -> None:
        slugs = [dossier.convention.slug for dossier in file.dossiers if wanted in dossier.deliberations]
        conventions = [each for each in self.stored.conventions if each.slug in slugs]
        found = Deliberation.objects.filter(
            number=wanted.deliberation.number, assembly=wanted.deliberation.assembly
        ).first()
        deliberation = self.one(wanted.deliberation, found)
        deliberation.conventions.add(*conventions)
        give_party(deliberation, conventions, self.by)
        known_amounts = list(found.authorised_amounts.all()) if found else []
        known_lines = list(found.accounting_lines.all()) if found else []
        self.listed(wanted.amounts, known_amounts, by_position)
        self.listed(wanted.lines, known_lines, by_position)

    # The three ways of writing ---------------------------------------------------------------------------

    def one(self, wanted: Any, known: Any | None) -> Any:
        return self.merge([wanted], [0], {} if known is None else {0: known})[0]

    def listed(self, wanted: Sequence[Any], known: Sequence[Any], key: Callable[[Any], Any]) -> list[Any]:
        return self.merge(wanted, [key(each) for each in wanted], {key(each): each for each in known})

    def merge(self, wanted: Sequence[Any], keys: Sequence[Any], known: dict[Any, Any]) -> list[Any]:
        """The stored objects, in the order wanted. What is no more wanted is removed, with its line of history."""
        left, new, found = dict(known), [], []
        for each, key in zip(wanted, keys, strict=True):
            stands = left.pop(key, None)
            self.twins[id(each)] = stands if stands is not None else each
            found.append(self.twins[id(each)])
            if stands is None:
                self.relate(each)
                new.append(each)
            elif changes := self.differences(each, stands):
                for name, value in changes.items():
                    setattr(stands, name, value)
                save_record(record=stands, by=self.by, reason=REASON)
                self.stored.changed += 1
        for gone in reversed(list(left.values())):
            self.remove(gone)
        create_records(records=new, by=self.by, reason=REASON)
        self.stored.created += len(new)
        return found

    def relate(self, wanted: Any) -> None:
        """Its relations, to what stands in the base instead of what was read."""
        for field_ in wanted._meta.concrete_fields:
            if field_.is_relation and field_.is_cached(wanted):
                related = getattr(wanted, field_.name)
                if related is not None:
                    setattr(wanted, field_.name, self.twins.get(id(related), related))

    def differences(self, wanted: Any, stands: Any) -> dict[str, Any]:
        changes = {}
        for field_ in wanted._meta.concrete_fields:
            name = field_.name
            if name in MACHINERY | OURS | RESOLVED | FACT_MACHINERY:
                continue
            if field_.is_relation:
                related = getattr(wanted, name) if field_.is_cached(wanted) else None
                value = self.twins.get(id(related), related)
                if (value.pk if value is not None else None) != getattr(stands, field_.attname):
                    changes[name] = value
            elif getattr(wanted, name) != getattr(stands, name):
                changes[name] = getattr(wanted, name)
        return changes

    def remove(self, gone: Any) -> None:
        self.stored.removed += 1
        if isinstance(gone, Droppable):
            drop(gone, self.by)
            return
        gone.changed_by, gone.changed_for = self.by.user, self.by.organisation
        gone._change_reason = REASON
        try:
            gone.delete()
        except ProtectedError:
            raise Conflict(
                f"« {gone} » ({gone._meta.verbose_name}) n’est plus dans le fichier, mais d’autres données de Jalons "
                "s’y rattachent : retirez-les d’abord, ou remettez-la dans le fichier."
            ) from None

    def facts(
        self, wanted: Sequence[Any], known: dict[Any, Any], key: Callable[[Any], Any], model: type[Fact]
    ) -> None:
        """Facts are entered, corrected or withdrawn, never rewritten."""
        left, new, changed = dict(known), [], []
        for each in wanted:
            stands = left.pop(key(each), None)
            self.relate(each)
            each.valid_on = fact_day(each)
            if stands is None:
                new.append(each)
            elif changes := self.differences(each, stands):
                changed.append((stands, changes))
        enter_all(facts=new, by=self.by)
        correct_all(changes=changed, by=self.by, reason=REASON)
        gone = [(each, {"withdrawn": True}) for each in left.values()]
        correct_all(changes=gone, by=self.by, reason=REASON)
        self.stored.created += len(new)
        self.stored.changed += len(changed)
        self.stored.removed += len(gone)


def by_position(found: Any) -> Any:
    return found.position


def by_key(found: Any) -> Any:
    return found.key


def key_or_position(found: Any) -> Any:
    return getattr(found, "key", None) or found.position


def amounts_of(sheet: Sheet) -> Iterable[BudgetAmount]:
    for row in sheet.budget:
        yield from row.amounts.values()


def fact_day(fact: Any) -> Any:
    if isinstance(fact, Cell):
        return cell_day(fact.column)
    convention = fact.line.commitment.convention
    return cell_day(fact.line, otherwise=convention.year, start=True)


def save_if_changed(party: Party, by: Actor) -> None:
    stored = Party.objects.values_list("organisation_id", "departement_id").get(pk=party.pk)
    if stored != (party.organisation_id, party.departement_id):
        save_record(record=party, by=by, reason=REASON)


def resolve(convention: Convention, parties: Sequence[Party], by: Actor) -> None:
    """Which département and which structure of Jalons a Département that signs is."""
    # The longest names first: « Haute-Loire » holds « Loire ».
    departements = sorted(Departement.objects.all(), key=lambda each: -len(each.name))
    for party in parties:
        if party.side != PartySide.DEPARTEMENT or party.departement_id:
            continue
        party.departement = next((each for each in departements if mentions(party.name, each.name)), None)
        if party.departement is not None and party.organisation_id is None:
            party.organisation = council_of(party.departement, by)
    codes = [party.departement for party in parties if party.departement is not None]
    if convention.departement_id is None and codes:
        convention.departement = codes[0]
    convention.__dict__.pop("departement_codes", None)


@transaction.atomic
def give_departements(*, convention: Convention, departements: Sequence[Departement], by: Actor) -> int:
    """Says whose a convention is when its signatories do not: its parties, in their order, then itself.

    Those who lead it receive their seat, as when they are recognised. Answers how many things changed.
    """
    if not departements:
        return 0
    parties = list(convention.parties.all())
    signing = [party for party in parties if party.side == PartySide.DEPARTEMENT]
    known = {party.departement_id for party in signing}
    left = [each for each in departements if each.pk not in known]
    changed = 0
    for party, departement in zip((each for each in signing if not each.departement_id), left, strict=False):
        party.departement = departement
        party.organisation = party.organisation or council_of(departement, by)
        save_record(record=party, by=by, reason=REASON)
        changed += 1
    if convention.departement_id is None:
        convention.departement = departements[0]
        convention.__dict__.pop("departement_codes", None)
        save_record(record=convention, by=by, reason=REASON)
        changed += 1
    if changed:
        seat_pilots(convention, parties, by)
    return changed


def words_of(text: str) -> list[str]:
    return fold(text).replace("-", " ").replace("’", "'").replace("'", " ").split()


def mentions(text: str, name: str) -> bool:
    """Do the words of `name` follow one another in `text`?"""
    told, wanted = words_of(text), words_of(name)
    return any(told[start : start + len(wanted)] == wanted for start in range(len(told)))


def council_of(departement: Departement, by: Actor) -> Organisation:
    """The conseil départemental, made on first use."""
    territory = scope_for(ScopeLevel.DEPARTEMENT, departement.code)
    found = Organisation.objects.filter(kind=OrganisationKind.DEPARTEMENT, territory=territory).first()
    if found is None:
        found = Organisation(
            name=f"Conseil départemental – {departement.name}",
            kind=OrganisationKind.DEPARTEMENT,
            category=OrganisationCategory.LOCAL,
            territory=territory,
        )
        save_record(record=found, by=by, reason=REASON)
    return found


def seat_pilots(convention: Convention, parties: Sequence[Party], by: Actor) -> None:
    """A Département that signs leads its part of the convention."""
    councils = {party.organisation_id: party for party in parties if party.organisation_id}
    for organisation, party in councils.items():
        Seat.objects.filter(convention=convention, organisation=organisation).exists() or save_record(
            record=Seat(
                convention=convention,
                organisation_id=organisation,
                role=ConventionRole.PILOT,
                party=party if len(councils) > 1 else None,
            ),
            by=by,
            reason=REASON,
        )


def give_parties(wanted: Dossier, parties: Sequence[Party], twins: dict[int, Any], by: Actor) -> None:
    """With several Départements, whose each sheet is: as the list of actions that a Département signs says."""
    councils = [party for party in parties if party.departement_id]
    if len({party.departement_id for party in councils}) < 2:
        return
    said = {action.sheet_key: action.departement_words for action in wanted.actions if action.sheet_key}
    for sheet in wanted.sheets:
        commitment = twins[id(sheet.commitment)]
        words = sheet.commitment.kept.get("departement") or said.get(sheet.key) or ""
        party = next((each for each in councils if names(each, str(words))), None)
        if party is not None and commitment.party_id is None:
            commitment.party = party
            save_record(record=commitment, by=by, reason=REASON)


def give_party(deliberation: Deliberation, conventions: Sequence[Convention], by: Actor) -> None:
    """With several Départements, whose vote it is: as the name of the assembly says."""
    parties = Party.objects.filter(convention__in=conventions).exclude(departement=None)
    councils = list(parties.select_related("departement"))
    if deliberation.party_id or len({party.departement_id for party in councils}) < 2:
        return
    deliberation.party = next((each for each in councils if names(each, deliberation.assembly)), None)
    if deliberation.party is not None:
        save_record(record=deliberation, by=by, reason=REASON)


def names(party: Party, words: str) -> bool:
    """Do these words mean the Département of this party: « 62 », « Pas-de-Calais », « Département du Nord »?"""
    departement = party.departement
    if departement is None or not words.strip():
        return False
    return departement.code.lower() in words_of(words) or mentions(words, departement.name)
