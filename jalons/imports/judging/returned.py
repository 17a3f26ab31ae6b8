"""One cell of a workbook that left from here: what nobody changed stays, what both sides changed is asked."""

from collections.abc import Mapping

from jalons.core.values import french_spaces
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict
from jalons.imports.judging.replies import Replies, Reply
from jalons.imports.judging.verdicts import JudgedCell
from jalons.imports.targets.records import RecordCell, TableRecord
from jalons.imports.trips.back import ReturnedTable
from jalons.imports.trips.contents import text_of
from jalons.spreadsheets.comparing import Movement, movement, same
from jalons.spreadsheets.typed import Typed

MINE = ("Écrire « ", " » (votre fichier)")
THEIRS = ("Garder « ", " » (dans Jalons)")
NOTHING = "rien"
EXPORTED_ROW = "la ligne exportée"
ERASED = "une case vidée n’efface rien : écrivez « ND » si l’on ne sait plus"
UNTOUCHED = "pas changé dans votre fichier"
KEPT = "pas changé dans votre fichier ; changé dans Jalons depuis, et gardé"
BOTH = "changé dans votre fichier, et dans Jalons depuis l’export : choisissez"
GONE = "ce repère n’est pas celui d’une ligne que vous pouvez remplir : rien n’en est lu"


def option(frame: tuple[str, str], words: str) -> str:
    return french_spaces(f"{frame[0]}{words or NOTHING}{frame[1]}")


def words_in(frame: tuple[str, str], reply: str) -> str | None:
    """What a reply says between these words; None for another reply."""
    start, end = (french_spaces(words) for words in frame)
    is_so = reply.startswith(start) and reply.endswith(end)
    return reply[len(start) : len(reply) - len(end)] if is_so else None


class CellsThatMoved:
    """The three contents of each cell of the rows that left."""

    def __init__(self, chosen: ChosenTable, returned: ReturnedTable, replies: Replies) -> None:
        self.chosen, self.returned, self.replies = chosen, returned, replies

    def key(self, record: TableRecord) -> str:
        """That of the row that left; nothing for one that was added."""
        return self.returned.keys.get(record.row, "")

    def left(self, record: TableRecord) -> bool:
        return self.key(record) in self.returned.left.rows

    def records(self) -> list[TableRecord]:
        """The rows, with what was typed again; a choice between two sides is not typed."""
        records = self.chosen.records()
        for record in records:
            for key, reply in self.fixes(record).items():
                if key not in record.cells or words_in(THEIRS, reply) is not None:
                    continue
                mine = words_in(MINE, reply)
                if mine is None:
                    self.chosen.fix(record, key, reply)
                elif record.cells[key].cell.ask:
                    self.chosen.fix(record, key, mine)
        return records

    def fixes(self, record: TableRecord) -> Mapping[str, str]:
        return self.replies.get(record.line, Reply()).fixes

    def is_changed(self, record: TableRecord, key: str) -> bool:
        return (self.key(record), key) in self.returned.changes

    def untouched(self, told: RecordCell, record: TableRecord, label: str, now: object) -> JudgedCell | None:
        """The verdict of a cell that is not to be written, whatever it holds; None for one that somebody changed."""
        words = text_of(now)
        cell = JudgedCell(
            told.key, label, told.reference, told.raw.text, CellVerdict.SAME, before=words, after=words
        )
        exported = self.returned.exported(self.key(record), told.key)
        if not self.is_changed(record, told.key):
            cell.rule = french_spaces(UNTOUCHED if same(Typed(words), exported) else KEPT)
            return cell
        if told.cell.is_empty:
            cell.verdict, cell.rule, cell.after = CellVerdict.REFUSED, french_spaces(ERASED), ""
            return cell
        return None

    def asked(self, cell: JudgedCell, record: TableRecord, now: object) -> JudgedCell:
        """The same cell, judged as to be written, once it is compared with what Jalons said when it left."""
        exported = self.returned.exported(self.key(record), cell.key)
        moved = movement(
            in_file=True, here=not same(Typed(text_of(now)), exported), agree=cell.verdict is CellVerdict.SAME
        )
        if moved is not Movement.BOTH or cell.verdict not in (CellVerdict.NEW, CellVerdict.CHANGED):
            return cell
        cell.options = [option(MINE, cell.after), option(THEIRS, text_of(now))]
        reply = self.fixes(record).get(cell.key, "")
        if reply == cell.options[0]:
            cell.options, cell.rule = [], french_spaces("votre choix")
        elif reply == cell.options[1]:
            cell.options, cell.verdict = [], CellVerdict.SAME
            cell.after, cell.rule = cell.before, french_spaces("votre choix : ce que dit Jalons est gardé")
        else:
            cell.verdict, cell.rule = CellVerdict.DOUBTFUL, french_spaces(BOTH)
        return cell
