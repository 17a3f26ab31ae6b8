"""How the indicators of a sheet are laid out, for a screen and on paper alike: heads on two levels, sections."""

from collections.abc import Iterator, Sequence

from jalons.conventions.dossier.content import Sheet
from jalons.conventions.models import MatrixColumn, MatrixGroup, MatrixRow


def head_groups(columns: Sequence[MatrixColumn]) -> list[tuple[str, list[MatrixColumn]]]:
    """Neighbours that have a sub-header each share their header; any other column stands alone under its own."""
    groups: list[tuple[str, list[MatrixColumn]]] = []
    for column in columns:
        if groups and column.subheader and groups[-1][1][-1].subheader and groups[-1][0] == column.header:
            groups[-1][1].append(column)
        else:
            groups.append((column.header, [column]))
    return groups


def printed_lines(sheet: Sheet) -> Iterator[MatrixRow | MatrixGroup]:
    """Rows in order, each section before its rows; a section without row stands where it was written."""
    waiting = list(sheet.groups)
    current = ""
    for row in sheet.rows:
        top = row
        while top.parent is not None:
            top = top.parent
        if top.group is not None and top.group.key != current:
            current = top.group.key
            if any(group.key == current for group in waiting):
                while (group := waiting.pop(0)).key != current:
                    yield group
            yield top.group
        yield row
    yield from waiting
