"""A table of structures: for each row, which one, what is new of it, and whether it may be created."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import ValidationError
from rapidfuzz import fuzz, process

from jalons.accounts.enums import OrganisationKind, Right
from jalons.accounts.models import Organisation
from jalons.accounts.organisations import Directory, organisation_label
from jalons.accounts.permissions import EVERYWHERE
from jalons.accounts.siret import LENGTH, siret_digits, validate_siret
from jalons.core.values import fold, french_spaces
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict, RowOutcome
from jalons.imports.judging.communes import CommuneNames
from jalons.imports.judging.replies import LEAVE, NEW, Replies, Reply, answered_records
from jalons.imports.judging.territories import PlainScope, TerritoryNames
from jalons.imports.judging.verdicts import JudgedCell, JudgedLine, worst
from jalons.imports.permissions import own_territory
from jalons.imports.targets.fields import DATA
from jalons.imports.targets.records import TableRecord
from jalons.territories.enums import ScopeLevel

NAME, ACRONYM, KIND, SIRET, TERRITORY = "name", "acronym", "kind", "siret", "territory"
LONGEST = {NAME: 160, ACRONYM: 30}
RESEMBLING = 86  # of 100
MOST_CANDIDATES = 5
FILLED = (ACRONYM, SIRET)  # what a known structure takes when it has none
LEFT_ALONE = "un tableau ne change pas ce qui est écrit de la structure"


@dataclass(frozen=True, slots=True)
class OrganisationPlan:
    """A structure to create (`known` None), or what a known one still lacks."""

    line: int
    known: Organisation | None
    name: str = ""
    kind: str = ""
    scope: PlainScope | None = None
    details: Mapping[str, str] = field(default_factory=dict)  # acronym, siret


@cache
def kind_words() -> Mapping[str, OrganisationKind]:
    raw = json.loads((DATA / "organisation_kinds.json").read_text(encoding="utf-8"))
    words = {fold(word): OrganisationKind(code) for code, several in raw.items() for word in several}
    return {**words, **{fold(kind.label): kind for kind in OrganisationKind}}


def kind_named(words: str) -> OrganisationKind | None:
    return kind_words().get(fold(words)) if words else None


def kind_in_name(name: str) -> OrganisationKind | None:
    """« CCAS de Lille », « Préfecture du Nord »: what it is begins its name, and nothing else does."""
    folded = fold(name)
    kinds = {
        kind for words, kind in kind_words().items() if re.match(rf"{re.escape(words)}\b", folded) and words
    }
    return kinds.pop() if len(kinds) == 1 else None


class OrganisationJudge:
    """Judges every row in a constant number of queries."""

    def __init__(self, chosen: ChosenTable, by: Actor, replies: Replies, *, rehearsal: bool = False) -> None:
        self.chosen, self.replies = chosen, replies
        self.records = answered_records(chosen, replies)
        self.administered = EVERYWHERE if rehearsal else own_territory(by, Right.MANAGE_ACCOUNTS)
        self.territories = TerritoryNames(self.administered)
        self.communes = CommuneNames(self.administered, self.records)
        self.places = {record.row: self.communes.find(record) for record in self.records}
        self.communes_named = list({place.commune for place in self.places.values() if place.commune})
        self.directory = Directory()
        self.by_pk = {str(organisation.pk): organisation for organisation in self.directory.organisations}
        self.by_siret = {
            organisation.siret: organisation
            for organisation in self.directory.organisations
            if organisation.siret
        }
        self.taken: dict[object, int] = {}

    def reply(self, record: TableRecord) -> Reply:
        return self.replies.get(record.line, Reply())

    def lines(self) -> list[JudgedLine]:
        return [self.judged(record) for record in self.records]

    def judged(self, record: TableRecord) -> JudgedLine:
        name = " ".join(record.words(NAME).split())
        line = JudgedLine(record.line, name[:200], place=record.words("commune")[:120])
        if self.reply(record).decision == LEAVE:
            line.outcome, line.verdict = RowOutcome.LEFT, CellVerdict.SAME
            line.why = french_spaces("laissée de côté, comme vous l’avez choisi")
            return line
        siret = self.siret_cell(record, line)
        kind = self.kind_cell(record, line, name)
        scope, asked = self.scope(record, kind or "")
        known = self.recognised(record, line, name, siret, scope)
        if line.outcome is RowOutcome.THIS and known is not None:
            self.judge_known(record, line, known, siret)
        elif line.outcome is RowOutcome.NEW:
            self.judge_new(record, line, name, kind, siret, scope, asked)
        else:
            line.verdict = CellVerdict.DOUBTFUL
        return line

    # What it is ------------------------------------------------------------------------------------------------

    def cell(self, record: TableRecord, key: str, label: str, verdict: CellVerdict) -> JudgedCell:
        details = record.cells.get(key)
        reference, raw = (details.reference, details.raw.text) if details else ("", "")
        return JudgedCell(key, label, reference, raw, verdict)

    def siret_cell(self, record: TableRecord, line: JudgedLine) -> str:
        """The number, when it is one; what is wrong with it is asked or refused here."""
        digits = siret_digits(record.words(SIRET))
        if not digits:
            return ""
        cell = self.cell(record, SIRET, "SIRET", CellVerdict.REFUSED)
        try:
            validate_siret(digits)
        except ValidationError as error:
            cell.rule = french_spaces(" ".join(error.messages))
        else:
            return digits
        padded = digits.zfill(LENGTH)
        if digits.isdecimal() and len(digits) == LENGTH - 1 and is_siret(padded):
            cell.verdict, cell.suggest = CellVerdict.DOUBTFUL, padded
            cell.rule = french_spaces("13 chiffres : le tableur a peut-être ôté le zéro du début")
        line.cells.append(cell)
        return ""

    def kind_cell(self, record: TableRecord, line: JudgedLine, name: str) -> OrganisationKind | None:
        written = self.reply(record).fixes.get(KIND) or record.words(KIND)
        return kind_named(written) if written else kind_in_name(name)

    def scope(self, record: TableRecord, kind: str) -> tuple[PlainScope | None, list[str]]:
        """Where it works; else the answers between which to choose, none when nothing is written."""
        written = self.reply(record).fixes.get(TERRITORY) or record.words(TERRITORY)
        if written:
            scopes = self.territories.named.get(fold(written), [])
            if not scopes and (place := self.communes.named(written, "")).commune:
                scopes = [self.territories.commune(place.commune)]
            return (scopes[0], []) if len(scopes) == 1 else (None, [scope.words for scope in scopes])
        commune = self.places[record.row].commune
        if commune is not None:
            return self.territories.around(commune, kind), []
        if record.words("commune") or record.words("insee"):
            return None, []
        return self.territories.only(), []

    # Which one -------------------------------------------------------------------------------------------------

    def recognised(
        self, record: TableRecord, line: JudgedLine, name: str, siret: str, scope: PlainScope | None
    ) -> Organisation | None:
        decision = self.reply(record).decision
        if chosen := self.by_pk.get(decision):
            line.outcome, line.why = RowOutcome.THIS, french_spaces("la structure que vous avez choisie")
            return chosen
        if siret and (known := self.by_siret.get(siret)):
            line.outcome, line.why = RowOutcome.THIS, french_spaces("le même SIRET")
            return known
        if not name:
            line.why = french_spaces("sans nom")
            return None
        named = self.directory.named(name)
        here = [
            organisation
            for organisation in named
            if scope is None or departement_of(organisation) in ("", scope.departement)
        ]
        if decision != NEW and len(here) == 1 and not (siret and here[0].siret):
            line.outcome, line.why = RowOutcome.THIS, french_spaces("le même nom")
            return here[0]
        near = list(
            {organisation.pk: organisation for organisation in [*named, *self.near(name, scope)]}.values()
        )
        if near and decision != NEW:
            line.candidates = [
                organisation_candidate(organisation) for organisation in near[:MOST_CANDIDATES]
            ]
            line.why = french_spaces(self.why_asked(here, siret))
            return None
        line.outcome, line.why = RowOutcome.NEW, french_spaces("rien de connu sous ce nom")
        return None

    def why_asked(self, here: list[Organisation], siret: str) -> str:
        if len(here) == 1 and siret:
            return "le même nom, et un autre SIRET : est-ce la même ?"
        return "plusieurs portent ce nom" if len(here) > 1 else "un nom qui ressemble, ou le même ailleurs"

    def near(self, name: str, scope: PlainScope | None) -> list[Organisation]:
        """Those of the same département, or of no one, whose name shares its words or nearly its letters."""
        where = scope.departement if scope else ""
        alike: dict[int, Organisation] = {}
        for scorer in (fuzz.token_set_ratio, fuzz.ratio):
            rows = process.extract(
                fold(name), self.near_names(where), scorer=scorer, score_cutoff=RESEMBLING, limit=8
            )
            alike |= {
                organisation.pk: organisation
                for _, _, key in rows
                if (organisation := self.by_pk[key.partition(" ")[0]])
            }
        return list(alike.values())

    def near_names(self, departement: str) -> Mapping[str, str]:
        """« 12 name », « 12 acronym »: the names of a département, or of all when it is not known."""
        cached = self.__dict__.setdefault("_near_names", {})
        if departement not in cached:
            some = [
                organisation
                for organisation in self.directory.organisations
                if not departement or departement_of(organisation) in ("", departement)
            ]
            cached[departement] = {
                f"{organisation.pk} {column}": fold(getattr(organisation, column))
                for organisation in some
                for column in (NAME, ACRONYM)
                if len(getattr(organisation, column)) > 3
            }
        names: Mapping[str, str] = cached[departement]
        return names

    # What comes of it ------------------------------------------------------------------------------------------

    def judge_known(self, record: TableRecord, line: JudgedLine, known: Organisation, siret: str) -> None:
        details = {ACRONYM: record.words(ACRONYM), SIRET: siret, KIND: ""}
        written = record.words(KIND)
        if (kind := kind_named(written)) and kind != known.kind:
            details[KIND] = kind.label
        changed = {}
        administers = self.territories.holds(scope_of(known))
        for key, label in ((ACRONYM, "Sigle"), (SIRET, "SIRET"), (KIND, "Type")):
            if not details[key]:
                continue
            before = known.get_kind_display() if key == KIND else getattr(known, key)
            cell = self.cell(record, key, label, CellVerdict.SAME)
            cell.before = cell.after = before
            if key in FILLED and not before and administers and len(details[key]) <= LONGEST.get(key, LENGTH):
                cell.verdict, cell.after = CellVerdict.NEW, details[key]
                changed[key] = details[key]
            elif fold(details[key]) != fold(before):
                cell.rule = french_spaces(LEFT_ALONE)
            line.cells.append(cell)
        line.verdict = worst(cell.verdict for cell in line.cells)
        line.place = known.territory.label
        if changed and self.is_first(line, known.pk):
            line.plan = OrganisationPlan(line.line, known, details=changed)
            line.basis = f"{known.pk} {known.version}"
        elif line.verdict is CellVerdict.SAME:
            line.why = french_spaces(f"{line.why} : déjà connue, « {organisation_label(known)} »")[:300]

    def judge_new(
        self,
        record: TableRecord,
        line: JudgedLine,
        name: str,
        kind: OrganisationKind | None,
        siret: str,
        scope: PlainScope | None,
        asked: list[str],
    ) -> None:
        line.cells.insert(0, self.new_cell(record, NAME, "Nom", name))
        if acronym := record.words(ACRONYM):
            line.cells.append(self.new_cell(record, ACRONYM, "Sigle", acronym))
        line.cells.append(self.new_kind(record, kind))
        line.cells.append(self.new_scope(record, scope, asked))
        if siret:
            line.cells.append(self.new_cell(record, SIRET, "SIRET", siret))
        if scope is not None:
            line.place = scope.words
            if not self.territories.holds(scope, self.communes_named):
                line.outcome, line.verdict = RowOutcome.OUTSIDE, CellVerdict.REFUSED
                line.why = french_spaces(f"vous n’administrez pas ce territoire : {scope.words}")
                return
        line.verdict = worst(cell.verdict for cell in line.cells)
        too_long = any(cell.verdict is CellVerdict.REFUSED and cell.key in LONGEST for cell in line.cells)
        if kind is None or scope is None or too_long:
            return
        if not (self.is_first(line, siret) and self.is_first(line, (fold(name), scope.level, scope.code))):
            return
        details = {key: words for key, words in ((ACRONYM, acronym), (SIRET, siret)) if words}
        line.plan = OrganisationPlan(line.line, None, name, kind, scope, details)
        content = "|".join([name, kind, scope.words, *details.values()])
        line.basis = hashlib.sha256(content.encode()).hexdigest()

    def new_cell(self, record: TableRecord, key: str, label: str, words: str) -> JudgedCell:
        cell = self.cell(record, key, label, CellVerdict.NEW)
        cell.after = words
        most = LONGEST.get(key)
        if most and len(words) > most:
            cell.verdict, cell.rule = CellVerdict.REFUSED, french_spaces(f"trop long : {most} signes au plus")
        return cell

    def new_kind(self, record: TableRecord, kind: OrganisationKind | None) -> JudgedCell:
        cell = self.cell(record, KIND, "Type", CellVerdict.NEW)
        if kind is not None:
            cell.after = kind.label
            cell.rule = "" if record.words(KIND) else french_spaces("d’après son nom")
            return cell
        written = record.words(KIND)
        cell.verdict, cell.raw = CellVerdict.DOUBTFUL, cell.raw or "non écrit"
        cell.rule = french_spaces(f"« {written} » n’est pas un type connu" if written else "que fait-elle ?")
        cell.options = [kind.label for kind in OrganisationKind]
        return cell

    def new_scope(self, record: TableRecord, scope: PlainScope | None, asked: list[str]) -> JudgedCell:
        key = TERRITORY
        cell = self.cell(record, key, "Territoire", CellVerdict.NEW)
        written = record.words(TERRITORY)
        if scope is not None:
            cell.after = scope.words
            place = self.places[record.row].commune
            cell.rule = (
                ""
                if written
                else french_spaces(
                    f"d’après sa commune, {place.name}" if place else "celui que vous administrez"
                )
            )
            return cell
        cell.verdict, cell.options = CellVerdict.DOUBTFUL, asked
        cell.raw = cell.raw or record.words("commune") or "non écrit"
        why = self.places[record.row].why if record.words("commune") or record.words("insee") else ""
        cell.rule = french_spaces(
            "plusieurs territoires s’appellent ainsi"
            if asked
            else f"« {written} » n’est pas un territoire connu"
            if written
            else why or "où intervient-elle ? Un département, une intercommunalité, une commune"
        )
        return cell

    def is_first(self, line: JudgedLine, key: object) -> bool:
        """Two rows that say the same structure: the second is asked."""
        first = self.taken.setdefault(key, line.line) if key else line.line
        if first == line.line:
            return True
        line.verdict = CellVerdict.DOUBTFUL
        line.why = french_spaces(f"la même structure que la ligne {first}")
        return False


def is_siret(digits: str) -> bool:
    try:
        validate_siret(digits)
    except ValidationError:
        return False
    return True


def departement_of(organisation: Organisation) -> str:
    """Where it stands: "" for the nation and a region, which are everybody's."""
    territory = organisation.territory
    if territory.departement_id:
        return str(territory.departement_id)
    return str(territory.commune.departement_id) if territory.commune else ""


def scope_of(organisation: Organisation) -> PlainScope:
    territory = organisation.territory
    return PlainScope(
        ScopeLevel(territory.level), territory.code, territory.label, departement_of(organisation)
    )


def organisation_candidate(organisation: Organisation) -> dict[str, str]:
    siret = f"SIRET {organisation.siret}" if organisation.siret else ""
    return {
        "key": str(organisation.pk),
        "name": organisation_label(organisation),
        "where": siret,
        "closed": "",
    }
