"""Tables of cells as the base keeps them, and what is written for everybody."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from jalons.core.values import fold
from jalons.figures.disclosure import CONFIDENTIAL
from jalons.figures.enums import AreaLevel
from jalons.public.disclosure.cells import Backing, OpenCell, OpenedTable, TableShape
from jalons.public.disclosure.protection import Protected
from jalons.public.measures import KEYS
from jalons.territories.models import Departement, Region


def counted_cells(protected: Protected, counted: Mapping[OpenCell, Backing]) -> dict[str, Any]:
    """By measure then area: the value, why it is hidden, how many in ten of the sites told."""
    values: dict[str, dict[str, int]] = {key: {} for key in KEYS}
    hidden: dict[str, dict[str, str]] = {key: {} for key in KEYS}
    coverage: dict[str, dict[str, int]] = {key: {} for key in KEYS}
    for cell, value in protected.table.values.items():
        values[cell.measure][cell.area] = value
        if cell in protected.why:
            hidden[cell.measure][cell.area] = str(protected.why[cell])
        else:
            coverage[cell.measure][cell.area] = tenths(counted[cell])
    guarded = sorted([cell.measure, cell.area] for cell in protected.table.guarded)
    return {"values": values, "hidden": hidden, "coverage": coverage, "guarded": guarded}


def tenths(backing: Backing) -> int:
    """How many percent of the sites told, by ten below: 99 % is « at least 90 % »."""
    return 10 * (10 * backing.known // backing.expected) if backing.expected else 100


def table_from(shape: TableShape, cells: Mapping[str, Any]) -> OpenedTable:
    """What an edition counted, in the areas of today; an area that it did not have is as if it were hidden."""
    values, hidden = {}, set()
    for cell in shape.cells():
        value = cells["values"].get(cell.measure, {}).get(cell.area)
        values[cell] = value or 0
        if value is None or cell.area in cells["hidden"].get(cell.measure, {}):
            hidden.add(cell)
    guarded = frozenset(OpenCell(measure, area) for measure, area in cells["guarded"])
    return OpenedTable(values, frozenset(hidden), guarded)


def open_content(shape: TableShape, cells: Mapping[str, Any], **about: Any) -> dict[str, Any]:
    """What everybody may read: no value that is hidden, no reason. `about`: dates, number of the edition."""
    figures: dict[str, dict[str, Any]] = {key: {} for key in KEYS}
    for key in KEYS:
        for area in shape.tree.walk(shape.tree.root):
            same = shape.tree.same(area)
            secret = same in cells["hidden"][key]
            figures[key][area] = (
                [CONFIDENTIAL, None] if secret else [cells["values"][key][same], cells["coverage"][key][same]]
            )
    return {**about, "areas": named_areas(shape), "figures": figures}


def named_areas(shape: TableShape) -> list[dict[str, str]]:
    """Written once and for all with the figures: a page that shows them reads nothing else."""
    names = {f"{AreaLevel.REGION}-{code}": name for code, name in Region.objects.values_list("code", "name")}
    departements = Departement.objects.values_list("code", "name")
    names |= {f"{AreaLevel.DEPARTEMENT}-{code}": name for code, name in departements}
    areas = [{"area": shape.tree.root, "level": "nation", "code": "", "name": "France", "within": ""}]
    for region in sorted(shape.tree.children[shape.tree.root], key=lambda area: fold(names[area])):
        areas.append(named(region, names, shape.tree.root))
        areas += [named(area, names, region) for area in shape.tree.children[region]]
    return areas


def named(area: str, names: Mapping[str, str], within: str) -> dict[str, str]:
    level, _, code = area.partition("-")
    return {"area": area, "level": level, "code": code, "name": names[area], "within": within}


def fingerprint_of(content: Mapping[str, Any]) -> str:
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
