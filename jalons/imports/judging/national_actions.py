"""The national platform's export of actions: for each row, which dispositif, whose figures, which money, for a year."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.organisations import Directory, organisation_label
from jalons.actions.enums import ActionTheme, Block
from jalons.actions.models import Action
from jalons.actions.services import Money
from jalons.core.values import fold, format_date, french_spaces
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict, RowOutcome
from jalons.imports.judging.dispositifs import action_candidate, filled_by, writable_actions
from jalons.imports.judging.follow_ups import ToldFigure
from jalons.imports.judging.known_actions import described_cells
from jalons.imports.judging.national_plans import (
    CODE,
    COLUMNS,
    END,
    GOALS,
    GROUND,
    MAIN,
    NAME,
    OPERATORS,
    PLACE,
    START,
    THEME_OF_BLOCK,
    THEMES,
    WITHOUT,
    NationalPlan,
    NewAction,
    themes_in,
)
from jalons.imports.judging.national_year import NationalYear
from jalons.imports.judging.replies import LEAVE, NEW, Replies, Reply, answered_records
from jalons.imports.judging.verdicts import JudgedCell, JudgedLine, worst
from jalons.imports.matching.choosing import KnownNames, KnownThing, Written
from jalons.imports.permissions import own_territory
from jalons.imports.targets.records import TableRecord
from jalons.territories.models import Departement


class NationalJudge(NationalYear):
    """Judges every row in a constant number of queries."""

    def __init__(self, chosen: ChosenTable, by: Actor, replies: Replies, *, rehearsal: bool = False) -> None:
        self.chosen, self.by, self.replies = chosen, by, replies
        self.records = answered_records(chosen, replies)
        self.day = chosen.choices.day
        self.departements = {
            departement.pk: departement for departement in Departement.objects.order_by("pk")
        }
        self.by_words = {
            fold(words): departement
            for departement in self.departements.values()
            for words in (departement.pk, departement.name)
        }
        self.actions = writable_actions(by, Right.READ_ACTIONS, rehearsal=True)
        self.names = KnownNames(
            (
                KnownThing(key, (action.name,), action.departement_id, action.departement.name)
                for key, action in self.actions.items()
            ),
            shares_words=False,
        )
        self.by_name: dict[tuple[str, str], list[Action]] = defaultdict(list)
        for action in self.actions.values():
            self.by_name[action.departement_id, fold(action.name)].append(action)
        self.filled = filled_by(by, rehearsal=rehearsal)
        own = own_territory(by, Right.DECLARE_ACTION)
        self.declares = {code for code in self.departements if rehearsal or own.covers_departement(code)}
        self.reads_money = {action.pk for action in writable_actions(by, Right.READ_FUNDING).values()}
        self.writes_money = {action.pk for action in writable_actions(by, Right.WRITE_FUNDING).values()}
        money = own_territory(by, Right.WRITE_FUNDING)
        self.new_money = {code for code in self.departements if money.covers_departement(code)}
        self.directory = Directory()
        self.new: dict[tuple[str, str], NewAction] = {}
        self.taken: dict[object, int] = {}

    def reply(self, record: TableRecord) -> Reply:
        return self.replies.get(record.line, Reply())

    def lines(self) -> list[JudgedLine]:
        rows = [(record, *self.recognised(record)) for record in self.records]
        self.read_known({action.pk: action for _, action, _ in rows if action})
        lines = []
        for record, action, line in rows:
            if self.day is None:
                line.outcome, line.verdict = RowOutcome.CHOOSE, CellVerdict.DOUBTFUL
                line.why = french_spaces(
                    "de quelle année ? Dites la date du tableau, sur la page des colonnes"
                )
            elif line.outcome in (RowOutcome.THIS, RowOutcome.NEW):
                self.judge(record, line, action)
            lines.append(line)
        return lines

    # Which dispositif ---------------------------------------------------------------------------------------------

    def recognised(self, record: TableRecord) -> tuple[Action | None, JudgedLine]:
        name = " ".join(record.words(NAME).split())
        line = JudgedLine(record.line, name[:200], place=record.words(PLACE)[:120])
        line.outcome, line.verdict = RowOutcome.CHOOSE, CellVerdict.DOUBTFUL
        decision = self.reply(record).decision
        if decision == LEAVE:
            line.outcome, line.verdict = RowOutcome.LEFT, CellVerdict.SAME
            line.why = french_spaces("laissée de côté, comme vous l’avez choisi")
            return None, line
        if decision in self.actions:
            line.outcome, line.why = RowOutcome.THIS, french_spaces("le dispositif que vous avez choisi")
            return self.actions[decision], line
        code = record.words(CODE).strip().lower()
        if code in self.actions:
            line.outcome, line.why = RowOutcome.THIS, french_spaces("le code de Jalons")
            return self.actions[code], line
        departement = self.departement(record)
        if not name or departement is None:
            line.why = french_spaces(
                "ni nom ni code : rien ne désigne ce dispositif"
                if not name
                else "le département n’est pas connu"
            )
            return None, line
        line.place = departement.name
        return self.named(record, line, name, departement)

    def named(
        self, record: TableRecord, line: JudgedLine, name: str, departement: Departement
    ) -> tuple[Action | None, JudgedLine]:
        """By its exact name in the département; a near name, or several, are asked."""
        if self.reply(record).decision != NEW:
            same = self.by_name.get((departement.pk, fold(name)), [])
            if len(same) == 1:
                line.outcome, line.why = RowOutcome.THIS, french_spaces("le même nom dans le département")
                return same[0], line
            match = self.names.match(Written(name, departement.pk))
            near = same or [
                self.actions[thing.key] for thing in match.candidates if thing.group == departement.pk
            ]
            near = near or ([self.actions[match.key]] if match.key else [])
            if near:
                line.why = french_spaces("plusieurs portent ce nom" if same else "un nom qui ressemble")
                line.candidates = [action_candidate(action) for action in near]
                return None, line
        if departement.pk not in self.declares:
            line.outcome, line.verdict = RowOutcome.OUTSIDE, CellVerdict.REFUSED
            line.why = french_spaces(
                f"vous ne déclarez pas de dispositif dans ce département : {departement.name}"
            )
            return None, line
        line.outcome, line.why = RowOutcome.NEW, french_spaces("rien de connu sous ce nom")
        return None, line

    def departement(self, record: TableRecord) -> Departement | None:
        words = fold(record.words(PLACE))
        return self.by_words.get(words) or self.by_words.get(words.split(" ")[0] if words else "")

    # Whose figures ------------------------------------------------------------------------------------------------

    def reporter(self, record: TableRecord, line: JudgedLine, action: Action | None) -> Organisation | None:
        """The operator of the row; of several, the main one. Whoever is not surely known is asked."""
        names = [part.strip() for part in re.split(r"[\n;]", record.words(OPERATORS)) if part.strip()]
        key = OPERATORS if len(names) == 1 else MAIN
        words = names[0] if len(names) == 1 else record.words(MAIN) or (names[0] if names else "")
        if not words:
            return None
        if self.reply(record).fixes.get(key, "") == WITHOUT:
            return None
        operator = self.organisation(words, action)
        if operator is not None:
            return operator
        written = record.cells.get(key) or record.cells[OPERATORS]
        cell = JudgedCell(key, "Opérateur", written.reference, words, CellVerdict.DOUBTFUL)
        cell.rule = french_spaces(f"quelle structure est « {words} » ?")
        cell.options = [*(organisation_label(near) for near in self.directory.near(words)), WITHOUT]
        line.cells.append(cell)
        return None

    def organisation(self, words: str, action: Action | None) -> Organisation | None:
        """Of several of one name, the one that works in the dispositif."""
        named = self.directory.named(words)
        inside = [
            organisation for organisation in named if action and organisation.pk in self.operators[action.pk]
        ]
        return inside[0] if len(inside) == 1 else named[0] if len(named) == 1 else None

    # What comes of it ---------------------------------------------------------------------------------------------

    def judge(self, record: TableRecord, line: JudgedLine, action: Action | None) -> None:
        departement = action.departement if action else self.departement(record)
        assert departement is not None  # noqa: S101  # a new one has its département
        reporter = self.reporter(record, line, action)
        group = (action.public_id, "") if action else (departement.pk, fold(record.words(NAME)))
        new = None if action else self.new_action(record, line, departement, reporter, group)
        if action is not None:
            line.cells += described_cells(record, action, self.runs.get(action.pk))
        waits = any(cell.key in (OPERATORS, MAIN, START, THEMES) and cell.options for cell in line.cells)
        figures = self.year_figures(record, line, action, new, reporter)
        money = self.year_money(record, line, action, departement)
        line.verdict = worst(cell.verdict for cell in line.cells)
        if action is not None:
            line.place = action.departement.name
        if waits or (action is None and new is None):
            line.verdict = CellVerdict.DOUBTFUL
            return
        is_first = self.taken.setdefault((*group, "new"), line.line) == line.line
        if figures or money or (new is not None and is_first) or (new is not None and reporter):
            line.plan = NationalPlan(
                line.line,
                group,
                action,
                new,
                reporter,
                tuple(figures),
                tuple(money),
                self.blocks(new, action, reporter),
            )
            line.basis = self.basis(line, action, reporter, figures, money)
        elif line.verdict is CellVerdict.SAME:
            line.why = french_spaces(f"{line.why} : déjà connu")

    def blocks(
        self, new: NewAction | None, action: Action | None, reporter: Organisation | None
    ) -> tuple[Block, ...]:
        filled = self.filled.get(f"{action.public_id}-{reporter.pk}") if action and reporter else None
        return filled.blocks if filled else ()

    def new_action(
        self,
        record: TableRecord,
        line: JudgedLine,
        departement: Departement,
        reporter: Organisation | None,
        group: tuple[str, str],
    ) -> NewAction | None:
        """Its description, shown cell by cell on its first row; what is missing is asked."""
        known = self.new.get(group)
        if known is not None:
            if reporter is not None and reporter not in known.operators:
                known.operators.append(reporter)
            known.themes |= self.implied_themes(record)
            return known
        begins, ends = record.cells.get(START), record.cells.get(END)
        themes, unknown = themes_in(record.words(THEMES))
        themes |= self.implied_themes(record)
        line.cells.append(self.text_cell(record, NAME, "Nom", record.words(NAME)[:160]))
        starts_on = begins.cell.day if begins and not begins.cell.ask else None
        cell = self.text_cell(record, START, "Début", format_date(starts_on) if starts_on else "")
        if starts_on is None:
            cell.verdict, cell.raw = CellVerdict.DOUBTFUL, cell.raw or "non écrit"
            cell.rule = french_spaces((begins.cell.reason if begins else "") or "quand a-t-il commencé ?")
        line.cells.append(cell)
        planned_end = ends.cell.day if ends and not ends.cell.ask else None
        if planned_end and starts_on and planned_end < starts_on:
            late = self.text_cell(record, END, "Fin prévue", "")
            late.verdict, late.rule = CellVerdict.REFUSED, french_spaces("la fin précède le début")
            line.cells.append(late)
            planned_end = None
        elif planned_end:
            line.cells.append(self.text_cell(record, END, "Fin prévue", format_date(planned_end)))
        labels = ", ".join(theme.label for theme in ActionTheme if theme in themes)
        cell = self.text_cell(record, THEMES, "Champs d’intervention", labels)
        if unknown:
            cell.verdict = CellVerdict.DOUBTFUL
            cell.rule = french_spaces(f"pas un champ de Jalons : {', '.join(unknown)}")
        if not themes:
            cell.verdict, cell.options = CellVerdict.DOUBTFUL, [theme.label for theme in ActionTheme]
            cell.rule = cell.rule or french_spaces("sur quoi travaille-t-il ?")
        line.cells.append(cell)
        for key, label in ((GOALS, "Objectifs"), (GROUND, "Lieu")):
            if record.words(key):
                line.cells.append(self.text_cell(record, key, label, record.words(key)))
        if starts_on is None or not themes:
            return None
        operators = [reporter] if reporter else []
        new = NewAction(
            record.words(NAME)[:160], departement, starts_on, planned_end, themes, operators,
            record.words(GOALS)[:4000], record.words(GROUND)[:300],
        )  # fmt: skip
        self.new[group] = new
        return new

    def text_cell(self, record: TableRecord, key: str, label: str, after: str) -> JudgedCell:
        written = record.cells.get(key)
        reference, raw = (written.reference, written.raw.text) if written else ("", "")
        return JudgedCell(key, label, reference, raw, CellVerdict.NEW, after=after)

    def implied_themes(self, record: TableRecord) -> set[str]:
        """A figure of schooling says that a dispositif works on it."""
        themes = set()
        for key, record_cell in record.cells.items():
            column = COLUMNS.get(key)
            indicator = self.indicator(column.indicator) if column and column.indicator else None
            if indicator and record_cell.cell.number:
                theme = THEME_OF_BLOCK.get(Block(indicator.block))
                themes |= {theme.value} if theme else set()
        return themes

    # ---------------------------------------------------------------------------------------------------------------

    def basis(
        self,
        line: JudgedLine,
        action: Action | None,
        reporter: Organisation | None,
        figures: Sequence[ToldFigure],
        money: Sequence[Money],
    ) -> str:
        """What the row was compared with: when it is another, the row is asked again."""
        content = [action.public_id if action else "new", str(reporter.pk if reporter else 0)]
        content += [f"{cell.key} {cell.before} {cell.after}" for cell in line.cells]
        content += [str(line_of.line.pk) if line_of.line else "-" for line_of in money]
        content += [f"{figure.indicator.pk} {figure.on}" for figure in figures]
        return hashlib.sha256("|".join(content).encode()).hexdigest()
