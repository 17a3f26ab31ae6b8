"""What a sheet is: the target whose fields its columns are, with the reason."""

from dataclasses import dataclass

from jalons.core.values import fold, french_spaces, join_and
from jalons.imports.reading.layout import RowKind
from jalons.imports.reading.table import SheetTable
from jalons.imports.targets.fields import ImportTarget, targets
from jalons.imports.targets.mapping import ColumnGuess, guess_columns
from jalons.imports.targets.stages import band_year, is_side

LISTS = frozenset(
    [
        "liste",
        "listes",
        "parametres",
        "menu",
        "menus",
        "legende",
        "notice",
        "nomenclature",
        "nomenclatures",
        "lisez",
    ]
)
SUMMARY = ("synthese", "recapitulatif", "recap", "bilan", "total")


@dataclass(frozen=True, slots=True)
class Recognised:
    """`target` None: nothing that Jalons takes. `left_out`: why the sheet is not taken by default, in French."""

    target: ImportTarget | None
    columns: tuple[ColumnGuess, ...] = ()
    reason: str = ""
    left_out: str = ""

    @property
    def is_taken(self) -> bool:
        return self.target is not None and not self.left_out


def recognise(table: SheetTable) -> Recognised:
    if table.layout is None:
        return Recognised(None, left_out="aucun tableau sur cette feuille")
    scored = [scored_target(table, target) for target in targets()]
    score, _, target, columns = max(scored, key=lambda item: item[:2])
    if not score:
        return Recognised(None, left_out="aucune colonne que Jalons connaisse")
    mapped = [target.fields[guess.field].label for guess in columns if guess.field]
    reason = french_spaces(f"Colonnes reconnues : {join_and(list(dict.fromkeys(mapped)))}.")
    return Recognised(target, columns, reason, left_out=why_left_out(table, target, columns))


def scored_target(
    table: SheetTable, target: ImportTarget
) -> tuple[int, int, ImportTarget, tuple[ColumnGuess, ...]]:
    columns = tuple(guess_columns(table, target))
    keys = {guess.field for guess in columns if guess.field}
    score = sum(target.fields[key].weight for key in keys)
    complete = not target.missing(keys | said_above(table, target))
    return score if complete else score // 3, -targets().index(target), target, columns


def said_above(table: SheetTable, target: ImportTarget) -> set[str]:
    """What has no column and stands alone above its rows: the dispositif of a table of funding."""
    sections = table.layout.sections.values() if table.layout else ()
    is_said = 0 < len(sections) == len(table.rows()) and not any(
        band_year(section) or is_side(section) for section in set(sections)
    )
    return {"action"} & set(target.fields) if is_said else set()


def why_left_out(table: SheetTable, target: ImportTarget, columns: tuple[ColumnGuess, ...]) -> str:
    if table.is_hidden:
        return "feuille masquée dans le classeur"
    missing = target.missing({guess.field for guess in columns} | said_above(table, target))
    if missing:
        return french_spaces(f"il manque la colonne « {missing[0]} »")
    if {guess.field for guess in columns} - {""} == {"name"}:
        return french_spaces("une seule colonne reconnue : « Nom du site »")
    if set(fold(table.title).split()) & LISTS:
        return "une liste de choix, ou une notice"
    titles = fold(" ".join([table.title, *table.texts(RowKind.TITLE)]))
    if any(word in titles.split() for word in SUMMARY):
        return "une synthèse : ses chiffres sont déjà dans les autres feuilles"
    return ""
