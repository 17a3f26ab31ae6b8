"""A file of the exchange format → dossiers in memory, with everything that is wrong in it. Nothing is written."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jalons.conventions.dossier.content import (
    AnnexContent,
    BudgetRow,
    DeliberationContent,
    Dossier,
    File,
    Sheet,
    TableContent,
    Tracking,
)
from jalons.conventions.dossier.owners import give_owners
from jalons.conventions.enums import ConventionNature, Family, LineKind, PartySide
from jalons.conventions.exchange import shapes
from jalons.conventions.exchange.codec import EMPTY, GENERATED, Log
from jalons.conventions.models import BudgetAmount, Commitment, MatrixRow, PlannedAction, SubBudget
from jalons.core.values import Kind, fold

SCHEMA = "jalons-conventions/1"
LARGEST = 50 * 1024 * 1024
DEEPEST = 60
TOO_DEEP = f"Le fichier emboîte trop d’objets les uns dans les autres ({DEEPEST} niveaux au plus)."
LONGEST_NAME = 60  # of a clause, of a part
# Ten times the largest convention: what holds more is not one, and would take minutes to say so.
MOST_VALUES = 500_000
MOST_CONVENTIONS, MOST_SHEETS = 200, 5_000
HALF = re.compile("[\ud800-\udfff]")
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)
TOP = frozenset(
    [
        "meta",
        "deliberation",
        "conventions",
        "fiches",
        "annexes_financieres",
        "fiches_without_sheet",
        "territory_codes",
    ]
)
# Of the file itself: whether its deliberation was an object or a list.
DELIBERATIONS_LISTED = "@deliberations"


class Unreadable(Exception):
    """Not a JSON file at all: `str()` says why, in French."""


@dataclass
class Reading:
    """What a file says (`file`), what is wrong in it and what is not known of it (`log`)."""

    file: File
    log: Log

    @property
    def is_sound(self) -> bool:
        return not self.log.problems


def load(content: bytes) -> Any:
    """The JSON of a file. Raises `Unreadable`: too large, not UTF-8, cut, nested without end, keys said twice."""
    if len(content) > LARGEST:
        raise Unreadable(
            f"Le fichier pèse plus de {LARGEST // 1024 // 1024} Mo : ce n’est pas une convention."
        )
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"Le fichier n’est pas en UTF-8 (octet {error.start}). Enregistrez-le en UTF-8, sans le convertir."
        ) from None
    if not words.strip():
        raise Unreadable("Le fichier est vide.")
    try:
        content_read = json.loads(words, object_pairs_hook=once_each, parse_constant=refuse_constant)
    except Unreadable:
        raise
    except json.JSONDecodeError as error:
        cut = error.pos >= len(words.rstrip()) or error.msg.startswith("Unterminated string")
        why = (
            "le fichier s’arrête trop tôt, il a sans doute été coupé"
            if cut
            else "ce n’est pas du JSON valide"
        )
        raise Unreadable(f"Ligne {error.lineno}, colonne {error.colno} : {why}.") from None
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None
    except ValueError:  # an integer of thousands of digits
        raise Unreadable("Le fichier contient un nombre démesuré.") from None
    place = too_deep_in(content_read)
    if place is not None:
        raise Unreadable(f"{TOO_DEEP} Voyez « {place} ».")
    return content_read


def too_deep_in(content: Any) -> str | None:
    """The key, or the rank, at the root of more than `DEEPEST` levels; None when there is none.

    Python's own reader gives up too, at a depth that changes with its version.
    """
    top = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    stack: list[tuple[str, Any, int]] = [(str(name), value, 1) for name, value in top]
    for _ in range(MOST_VALUES):
        if not stack:
            break
        place, value, depth = stack.pop()
        if depth > DEEPEST:
            return place
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        stack += [(place, part, depth + 1) for part in inside]
    return None


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        twice = next(name for name, number in Counter(name for name, _ in pairs).items() if number > 1)
        raise Unreadable(f"La clé « {twice} » est écrite deux fois dans le même objet : laquelle garder ?")
    return told


def refuse_constant(name: str) -> Any:
    raise Unreadable(f"« {name} » n’est pas un nombre.")


def read_file(content: bytes) -> Reading:
    """Raises `Unreadable`; what is readable and wrong is in `log.problems`."""
    return read(load(content))


def read(told: Any) -> Reading:
    """The same for what was already loaded (a frozen edition)."""
    log = Log()
    if not isinstance(told, dict):
        log.wrong("", "un objet JSON", told)
        return Reading(File(), log)
    if strange(told, log):
        return Reading(File(), log)
    meta = told.get("meta")
    if not isinstance(meta, dict) or meta.get("schema") != SCHEMA:
        found = meta.get("schema") if isinstance(meta, dict) else meta
        log.wrong("meta.schema", f"« {SCHEMA} »", found)
        return Reading(File(), log)
    reader = Reader(log)
    return Reading(reader.file(told), log)


def strange(told: Any, log: Log) -> bool:
    """Texts and numbers that no database takes, wherever they are; what is nested without end."""
    stack: list[tuple[str, Any, int]] = [("", told, 0)]
    count = 0
    while stack:
        path, value, depth = stack.pop()
        count += 1
        if count > MOST_VALUES:
            log.wrong("", f"{MOST_VALUES} valeurs au plus", "davantage")
            break
        if depth > DEEPEST:
            log.wrong(path[:200], f"{DEEPEST} niveaux au plus", "davantage")
        elif isinstance(value, dict):
            stack += [(f"{path}.{name}" if path else name, each, depth + 1) for name, each in value.items()]
            if not all(map(sound, value)):
                log.wrong(path, "des clés sans caractère nul ni moitié de caractère", "une clé impossible")
        elif isinstance(value, list):
            stack += [(f"{path}[{index}]", each, depth + 1) for index, each in enumerate(value)]
        elif isinstance(value, str):
            if not sound(value):
                log.wrong(
                    path, "un texte sans caractère nul ni moitié de caractère", "un caractère impossible"
                )
        elif isinstance(value, float) and not math.isfinite(value):
            log.wrong(path, "un nombre fini", value)
        elif isinstance(value, int) and abs(value) >= 10**18:
            log.wrong(path, "un nombre de 18 chiffres au plus", "un nombre démesuré")
    return bool(log.problems)


def sound(text: str) -> bool:
    """Neither NUL nor half a character: SQLite, PostgreSQL and UTF-8 take it."""
    return "\x00" not in text and HALF.search(text) is None


class Reader:
    """Reads the objects of one file, noting in `log` what does not fit."""

    def __init__(self, log: Log) -> None:
        self.log = log

    def file(self, told: dict[str, Any]) -> File:
        file = File(kept={name: value for name, value in told.items() if name not in CONVENTION_PARTS})
        for name in told:
            if name not in TOP:
                self.log.unheard("", name)
        for name in CONVENTION_PARTS:
            if name in told and told[name] in EMPTY:
                file.kept[name] = told[name]
        for name, most in (("conventions", MOST_CONVENTIONS), ("fiches", MOST_SHEETS)):
            if isinstance(told.get(name), list) and len(told[name]) > most:
                self.log.wrong(name, f"une liste de {most} au plus", told[name])
                return file
        for path, each in self.items(told, "conventions"):
            file.dossiers.append(self.convention(each, path, len(file.dossiers)))
        self.unique([(f"conventions[{n}].id", each.convention.slug) for n, each in enumerate(file.dossiers)])
        if not file.dossiers:
            self.log.wrong("conventions", "au moins une convention", told.get("conventions"))
            return file
        self.sheets(told, file)
        self.missing(told, file)
        self.annexes(told, file)
        self.deliberations(told, file)
        for dossier in file.dossiers:
            give_owners(dossier)
        return file

    # What any list shares ------------------------------------------------------------------------------

    def items(self, told: dict[str, Any], name: str, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """The objects of a list, with their paths. What is none is dropped, unless a whole part of the file is."""
        here = f"{path}.{name}" if path else name
        listed = told.get(name)
        say = self.log.drop if path else self.log.misfit
        if listed is None:
            return
        if not isinstance(listed, list):
            say(here, "une liste", listed)
            return
        for index, each in enumerate(listed):
            if isinstance(each, dict):
                yield f"{here}[{index}]", each
            else:
                say(f"{here}[{index}]", "un objet", each)

    def unique(self, named: list[tuple[str, str]]) -> None:
        seen: dict[str, str] = {}
        for path, name in named:
            if name and name in seen:
                self.log.wrong(path, f"un identifiant qui n’est pas déjà celui de {seen[name]}", name)
            seen.setdefault(name, path)

    def named(self, found: Any, column: str, key: str, told: dict[str, Any], fallback: str) -> None:
        """Gives a name to what the file did not name."""
        if not getattr(found, column):
            setattr(found, column, fallback)
            if told.get(key) in EMPTY:
                found.kept = {**found.kept, GENERATED: {key: fallback}}

    def dossier_of(self, told: dict[str, Any], path: str, file: File) -> Dossier | None:
        """The convention that an object names; the only one when it names none."""
        name = told.get("convention")
        if name in EMPTY and len(file.dossiers) == 1:
            if name is not None:
                self.log.drop(f"{path}.convention", "le nom d’une convention", name)
            return file.dossiers[0]
        found = file.dossier(name) if isinstance(name, str) else None
        if found is None:
            known = ", ".join(each.convention.slug for each in file.dossiers)
            self.log.wrong(f"{path}.convention", f"une convention du fichier ({known})", name)
        return found

    # Conventions ---------------------------------------------------------------------------------------

    def convention(self, told: dict[str, Any], path: str, position: int) -> Dossier:
        log = self.log
        convention = shapes.CONVENTION.read(told, path, log)
        if not SLUG.fullmatch(convention.slug):
            log.wrong(f"{path}.id", "un identifiant de lettres, chiffres et tirets", told.get("id"))
        convention.short_title = convention.short_title or convention.title[:120] or convention.slug
        if told.get("short_title") in EMPTY:
            convention.kept = {**convention.kept, GENERATED: {"short_title": convention.short_title}}
        convention.nature = nature_of(convention.nature_words)
        dossier = Dossier(convention)
        signature = told.get("signature")
        if isinstance(signature, dict) and signature:
            shapes.SIGNATURE.read(signature, f"{path}.signature", log, into=convention)
        elif signature not in EMPTY:
            log.drop(f"{path}.signature", "un objet", signature)
        for here, each in self.items(told, "parties", path):
            party = shapes.PARTY.read(each, here, log)
            party.side = side_of(party.role, party.name)
            dossier.parties.append(self.placed(party, dossier.parties, convention))
        for here, each in self.items(told, "legal_references", path):
            reference = shapes.REFERENCE.read(each, here, log)
            dossier.references.append(self.placed(reference, dossier.references, convention))
        for here, each in self.items(told, "articles", path):
            article = shapes.ARTICLE.read(each, here, log)
            dossier.articles.append(self.placed(article, dossier.articles, convention))
        self.clauses(told, path, dossier)
        self.payment(told, path, dossier)
        for here, each in self.items(told, "actions", path):
            action = shapes.LISTED.read(each, here, log)
            action.listed = True
            dossier.actions.append(self.placed(action, dossier.actions, convention))
        return dossier

    def placed(self, found: Any, among: list[Any], convention: Any = None) -> Any:
        found.position = len(among)
        if convention is not None:
            found.convention = convention
        return found

    def clauses(self, told: dict[str, Any], path: str, dossier: Dossier) -> None:
        clauses = told.get("clauses")
        if clauses in EMPTY:
            return
        if not isinstance(clauses, dict):
            self.log.drop(f"{path}.clauses", "un objet", clauses)
            return
        for name, each in clauses.items():
            if not isinstance(each, dict):
                self.log.drop(f"{path}.clauses.{name}", "un objet {text, article, deadline}", each)
                continue
            clause = shapes.CLAUSE.read(each, f"{path}.clauses.{name}", self.log)
            if len(name) > LONGEST_NAME:
                self.log.drop(f"{path}.clauses", f"des noms de {LONGEST_NAME} caractères au plus", name)
            clause.name = name[:LONGEST_NAME]
            dossier.clauses.append(self.placed(clause, dossier.clauses, dossier.convention))

    def payment(self, told: dict[str, Any], path: str, dossier: Dossier) -> None:
        payment = told.get("payment")
        if payment in EMPTY:
            return
        if not isinstance(payment, dict):
            self.log.drop(f"{path}.payment", "un objet", payment)
            return
        dossier.convention.payment = {name: each for name, each in payment.items() if name != "actions"}
        if "actions" in payment and payment["actions"] in EMPTY:
            dossier.convention.payment["actions"] = payment["actions"]
        for here, each in self.items(payment, "actions", f"{path}.payment"):
            action: PlannedAction = shapes.PLANNED.read(each, here, self.log)
            action.codes = {
                name: each[name] for name in shapes.CODES if name in each and each[name] not in EMPTY
            }
            dossier.actions.append(self.placed(action, dossier.actions, dossier.convention))

    # Sheets --------------------------------------------------------------------------------------------

    def sheets(self, told: dict[str, Any], file: File) -> None:
        parents: list[tuple[str, Sheet, Dossier, Any]] = []
        names: list[tuple[str, str]] = []
        for path, each in self.items(told, "fiches"):
            dossier = self.dossier_of(each, path, file)
            if dossier is None:
                continue
            sheet = self.sheet(each, path, dossier)
            names.append((f"{path}.id", sheet.key))
            parents.append((path, sheet, dossier, each.get("parent")))
            dossier.sheets.append(sheet)
        self.unique(names)
        # By the key that the file gives; of two sheets with one key, refused above, the first.
        mothers = {
            (id(dossier), sheet.key): sheet for dossier in file.dossiers for sheet in reversed(dossier.sheets)
        }
        for path, sheet, dossier, parent in parents:
            if parent in EMPTY:
                continue
            mother = mothers.get((id(dossier), parent)) if isinstance(parent, str) else None
            if mother is None or mother is sheet:
                self.log.wrong(f"{path}.parent", "l’identifiant d’une autre fiche de la convention", parent)
                continue
            sheet.parent_key = mother.key
            sheet.commitment.parent = mother.commitment
        ends: set[int] = set()
        for path, sheet, _dossier, parent in parents:
            if turns_round(sheet.commitment, ends):
                self.log.wrong(f"{path}.parent", "une fiche mère qui n’est pas sous celle-ci", parent)
                return

    def sheet(self, told: dict[str, Any], path: str, dossier: Dossier) -> Sheet:
        log = self.log
        commitment = shapes.SHEET.read(told, path, log)
        self.named(
            commitment, "key", "id", told, f"{dossier.convention.slug}-fiche-{len(dossier.sheets) + 1}"
        )
        if told.get("convention") in EMPTY:
            commitment.kept = {**commitment.kept, "@convention": None}
        commitment.family = family_of(commitment.family_words)
        self.placed(commitment, dossier.sheets, dossier.convention)
        sheet = Sheet(commitment)
        for here, each in self.items(told, "resume", path):
            row = shapes.RESUME.read(each, here, log)
            row.commitment = commitment
            sheet.resume.append(self.placed(row, sheet.resume))
        for here, each in self.items(told, "sub_actions", path):
            action = shapes.SUB_ACTION.read(each, here, log)
            action.commitment = commitment
            sheet.sub_actions.append(self.placed(action, sheet.sub_actions))
        for here, each in self.items(told, "budget", path):
            sheet.budget.append(self.budget(each, here, sheet))
        for here, each in self.items(told, "sub_budgets", path):
            self.sub_budget(each, here, sheet, None)
        self.table(told, path, sheet)
        for here, each in self.items(told, "tracking_tables", path):
            sheet.tracking.append(self.tracking(each, here, sheet))
        return sheet

    def budget(self, told: dict[str, Any], path: str, sheet: Sheet) -> BudgetRow:
        line = shapes.BUDGET.read(told, path, self.log)
        line.commitment = sheet.commitment
        row = BudgetRow(self.placed(line, sheet.budget))
        for name, each in told.items():
            if shapes.is_part(name, each) and isinstance(each, dict):
                amount: BudgetAmount = shapes.AMOUNT.read(each, f"{path}.{name}", self.log)
                if len(name) > LONGEST_NAME:
                    self.log.wrong(path, f"des parts nommées en {LONGEST_NAME} caractères au plus", name)
                amount.line, amount.part = line, name[:LONGEST_NAME]
                row.amounts[amount.part, amount.stage] = amount
        return row

    def sub_budget(self, told: dict[str, Any], path: str, sheet: Sheet, parent: SubBudget | None) -> None:
        found = shapes.SUB_BUDGET.read(told, path, self.log)
        found.commitment, found.parent = sheet.commitment, parent
        sheet.sub_budgets.append(self.placed(found, sheet.sub_budgets))
        for here, each in self.items(told, "dont", path):
            self.sub_budget(each, here, sheet, found)

    def tracking(self, told: dict[str, Any], path: str, sheet: Sheet) -> Tracking:
        table = shapes.TRACKING.read(told, path, self.log)
        table.commitment = sheet.commitment
        tracking = Tracking(self.placed(table, sheet.tracking))
        for here, each in self.items(told, "rows", path):
            row = shapes.TRACKING_ROW.read(each, here, self.log)
            row.table = table
            tracking.rows.append(self.placed(row, tracking.rows))
        for here, _ in self.items(told, "columns", path):
            del here  # each column is an object
        return tracking

    # Indicators ----------------------------------------------------------------------------------------

    def table(self, told: dict[str, Any], path: str, sheet: Sheet) -> None:
        table = told.get("indicator_table")
        if table in EMPTY:
            return
        here = f"{path}.indicator_table"
        if not isinstance(table, dict):
            self.log.drop(here, "un objet", table)
            return
        shapes.TABLE.read(table, here, self.log, into=sheet.commitment)
        for where, each in self.items(table, "columns", here):
            column = shapes.COLUMN.read(each, where, self.log)
            column.commitment = sheet.commitment
            self.named(column, "key", "key", each, f"colonne-{len(sheet.columns) + 1}")
            sheet.columns.append(self.placed(column, sheet.columns))
        self.unique([(f"{here}.columns[{n}].key", each.key) for n, each in enumerate(sheet.columns)])
        for where, each in self.items(table, "groups", here):
            group = shapes.GROUP.read(each, where, self.log)
            group.commitment = sheet.commitment
            self.named(group, "key", "key", each, f"section-{len(sheet.groups) + 1}")
            sheet.groups.append(self.placed(group, sheet.groups))
        self.unique([(f"{here}.groups[{n}].key", each.key) for n, each in enumerate(sheet.groups)])
        names: list[tuple[str, str]] = []
        for where, each in self.items(table, "indicators", here):
            self.row(each, where, sheet, None, names)
        self.unique(names)

    def row(
        self,
        told: dict[str, Any],
        path: str,
        sheet: Sheet,
        parent: MatrixRow | None,
        names: list[tuple[str, str]],
    ) -> None:
        log = self.log
        row: MatrixRow = shapes.ROW.read(told, path, log)
        row.commitment, row.parent = sheet.commitment, parent
        self.named(row, "key", "id", told, f"{sheet.key}-i{len(sheet.rows) + 1}")
        names.append((f"{path}.id", row.key))
        breakdown = told.get("breakdown")
        if isinstance(breakdown, dict) and breakdown:
            shapes.BREAKDOWN.read(breakdown, f"{path}.breakdown", log, into=row)
        elif breakdown not in EMPTY:
            log.drop(f"{path}.breakdown", "un objet {dimension, value}", breakdown)
        if told.get("group") is not None:
            row.group = next((each for each in sheet.groups if each.key == told["group"]), None)
            if row.group is None:
                log.drop(f"{path}.group", "une section de ce tableau", told["group"])
        sheet.rows.append(self.placed(row, sheet.rows))
        self.values(told, path, sheet, row)
        for here, each in self.items(told, "children", path):
            self.row(each, here, sheet, row, names)

    def values(self, told: dict[str, Any], path: str, sheet: Sheet, row: MatrixRow) -> None:
        values = told.get("values")
        if values in EMPTY:
            return
        if not isinstance(values, dict):
            self.log.drop(f"{path}.values", "un objet {colonne: cellule}", values)
            return
        nothing: dict[str, Any] = {}
        for key, each in values.items():
            column = next((one for one in sheet.columns if one.key == key), None)
            if column is None:
                keys = ", ".join(one.key for one in sheet.columns)
                self.log.drop(f"{path}.values.{key}", f"une colonne de ce tableau ({keys})", key)
            elif each in EMPTY:
                nothing[key] = each
            elif not isinstance(each, dict):
                self.log.drop(f"{path}.values.{key}", "une cellule {raw, kind…}", each)
            else:
                cell = shapes.CELL.read(each, f"{path}.values.{key}", self.log)
                if not cell.kind and cell.raw and each.get("kind") not in EMPTY:
                    cell.kind = Kind.TEXT.value  # an unknown kind: what is printed is kept as it stands
                cell.row, cell.column = row, column
                sheet.cells[row.key, key] = cell
        if nothing:
            row.kept = {**row.kept, "@values": nothing}

    # What stands beside the sheets -----------------------------------------------------------------------

    def missing(self, told: dict[str, Any], file: File) -> None:
        for path, each in self.items(told, "fiches_without_sheet"):
            dossier = self.dossier_of(each, path, file)
            if dossier is not None:
                found = shapes.MISSING.read(each, path, self.log)
                if each.get("convention") in EMPTY:
                    found.kept = {**found.kept, "@convention": None}
                dossier.missing.append(self.placed(found, dossier.missing, dossier.convention))

    def annexes(self, told: dict[str, Any], file: File) -> None:
        for path, each in self.items(told, "annexes_financieres"):
            dossier = self.dossier_of(each, path, file)
            if dossier is None:
                continue
            annex = shapes.ANNEX.read(each, path, self.log)
            self.named(annex, "key", "id", each, f"annexe-{len(dossier.annexes) + 1}")
            if each.get("convention") in EMPTY:
                annex.kept = {**annex.kept, "@convention": None}
            content = AnnexContent(self.placed(annex, dossier.annexes, dossier.convention))
            for here, one in self.items(each, "tables", path):
                table = shapes.ANNEX_TABLE.read(one, here, self.log)
                table.annex = annex
                printed = TableContent(self.placed(table, content.tables))
                for where, row in self.items(one, "rows", here):
                    line = shapes.ANNEX_LINE.read(row, where, self.log)
                    line.table, line.kind = table, line_kind_of(line.kind_words)
                    printed.lines.append(self.placed(line, printed.lines))
                content.tables.append(printed)
            dossier.annexes.append(content)
        for dossier in file.dossiers:
            self.unique([("annexes_financieres.id", each.annex.key) for each in dossier.annexes])

    def deliberations(self, told: dict[str, Any], file: File) -> None:
        given = told.get("deliberation")
        if given in EMPTY:
            return
        listed = isinstance(given, list)
        file.kept[DELIBERATIONS_LISTED] = listed
        for path, each in self.items({"deliberation": given if listed else [given]}, "deliberation"):
            here = path if listed else "deliberation"
            content = self.deliberation(each, here, len(file.deliberations))
            file.deliberations.append(content)
            named = {amount.convention_key for amount in content.amounts}
            concerned = [one for one in file.dossiers if one.convention.slug in named]
            for dossier in concerned or file.dossiers:
                dossier.deliberations.append(content)
            # Without a number, it is not the one of another file.
            of = (concerned or file.dossiers)[0].convention.slug
            order = f" {len(file.deliberations)}" if len(file.deliberations) > 1 else ""
            self.named(content.deliberation, "number", "number", each, f"Sans numéro{order} ({of})"[:80])
        self.unique(
            [
                (
                    f"deliberation[{n}].number",
                    f"{each.deliberation.number} {each.deliberation.assembly}".strip(),
                )
                for n, each in enumerate(file.deliberations)
            ]
        )

    def deliberation(self, told: dict[str, Any], path: str, position: int) -> DeliberationContent:
        log = self.log
        found = shapes.DELIBERATION.read(told, path, log)
        found.position = position
        content = DeliberationContent(found)
        for here, each in self.items(told, "authorised_amounts", path):
            amount = shapes.AUTHORISED.read(each, here, log)
            amount.deliberation = found
            figure = {name: each[name] for name in ("raw", "amount") if each.get(name) is not None}
            amount.figure = shapes.AUTHORISED.figure(figure, here, log) or {}
            content.amounts.append(self.placed(amount, content.amounts))
        accounting = told.get("accounting")
        if accounting in EMPTY:
            return content
        if not isinstance(accounting, dict):
            log.drop(f"{path}.accounting", "un objet", accounting)
            return content
        shapes.ACCOUNTING.read(accounting, f"{path}.accounting", log, into=found)
        for here, each in self.items(accounting, "lines", f"{path}.accounting"):
            line = shapes.ACCOUNTING_LINE.read(each, here, log)
            line.deliberation = found
            content.lines.append(self.placed(line, content.lines))
        return content


CONVENTION_PARTS = ("deliberation", "conventions", "fiches", "annexes_financieres", "fiches_without_sheet")


def turns_round(commitment: Commitment, ends: set[int]) -> bool:
    """Is a sheet under itself, however far? `ends` keeps those known not to be, so that each is walked once."""
    above, seen = commitment.parent, {id(commitment)}
    while above is not None and id(above) not in ends:
        if id(above) in seen:
            return True
        seen.add(id(above))
        above = above.parent
    ends |= seen
    return False


def nature_of(words: str) -> str:
    folded = fold(words)
    if "avenant" in folded.split(" ") and not folded.startswith("convention"):
        return ConventionNature.AMENDMENT
    return ConventionNature.INITIAL if "initiale" in folded else ConventionNature.ANNUAL


def side_of(role: str, name: str) -> str:
    """Whose money a signatory brings."""
    folded = f"{fold(role)} {fold(name)}"
    if re.search(r"\betat\b", folded):
        return PartySide.STATE
    return PartySide.DEPARTEMENT if "departement" in folded else PartySide.OTHER


def family_of(words: str) -> str:
    folded = fold(words)
    if "socle" in folded:
        return Family.SOCLE
    return Family.INITIATIVE if "initiative" in folded else Family.OTHER


LINE_KINDS = {kind.value: kind for kind in LineKind}


def line_kind_of(words: str) -> str:
    return LINE_KINDS.get(words, LineKind.OTHER)
