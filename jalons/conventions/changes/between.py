"""What changes from one version of a convention to another: amount by amount, sheet by sheet. Pure: no query.

Both versions are dossiers, read from the base, from a file or from a frozen edition. Pieces are matched by their key,
by their name when they have none, then by their place.
"""

from jalons.conventions.changes.beside_between import annex_changes, vote_changes
from jalons.conventions.changes.change import Area, Change
from jalons.conventions.changes.sheets_between import sheet_changes
from jalons.conventions.changes.text_between import text_changes
from jalons.conventions.dossier.content import Dossier


def changes(before: Dossier, after: Dossier) -> list[Change]:
    """What `after` says otherwise than `before`, in the order of the document: text, sheets, annexes, votes."""
    return [
        *text_changes(before, after),
        *sheet_changes(before, after),
        *annex_changes(before, after),
        *vote_changes(before, after),
    ]


def amended(before: Dossier, after: Dossier) -> list[Change]:
    """The changes that an amendment says: what is followed up is none of its business."""
    return [change for change in changes(before, after) if not change.follow_up]


def contracted(before: Dossier, after: Dossier) -> list[Change]:
    """The changes of what was voted: objectives, amounts, words. The vote itself is told after it took place."""
    return [change for change in amended(before, after) if change.area is not Area.DELIBERATION]
