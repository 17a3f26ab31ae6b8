"""Two people described one site at the same time: what each wrote, side by side, and what was chosen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jalons.core.values import format_number

PREFIX = "choice_"
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Field:
    """What is chosen as one; `words` says it of a site, or of a line of its history."""

    name: str
    label: str
    columns: tuple[str, ...]
    words: Callable[[Any], str]


def point_words(site: Any) -> str:
    if site.latitude is None or site.longitude is None:
        return ""
    return f"{format_number(round(site.latitude, 5))} ; {format_number(round(site.longitude, 5))}"


FIELDS = (
    Field("name", "Nom du site", ("name",), lambda site: site.name),
    Field("address", "Adresse", ("address",), lambda site: site.address),
    Field("commune", "Commune", ("commune",), lambda site: site.commune.name),
    Field("address_detail", "Précision sur le lieu", ("address_detail",), lambda site: site.address_detail),
    Field("point", "Point sur la carte", ("latitude", "longitude"), point_words),
    Field("kind", "Type de site", ("kind",), lambda site: site.get_kind_display()),
    Field("origins", "Origines", ("origins",), lambda site: ", ".join(site.get_origins_display())),
    Field(
        "resorption_target",
        "Année visée pour la résorption",
        ("resorption_target",),
        lambda site: str(site.resorption_target or ""),
    ),
)


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One field on which the proposal differs from what is stored. Empty words: nothing is written.

    `chosen` is what is proposed at first: the side that changed; where both did, what is stored.
    """

    name: str
    label: str
    seen: str
    stored: str
    proposed: str
    chosen: str


def conflict_rows(*, seen: Any | None, stored: Any, proposed: Any) -> list[ConflictRow]:
    """`seen` is None when nobody knows which version the person had under their eyes."""
    rows = []
    for field in FIELDS:
        if same(field, stored, proposed):
            continue
        only_mine = seen is not None and same(field, seen, stored)
        rows.append(
            ConflictRow(
                name=f"{PREFIX}{field.name}",
                label=field.label,
                seen=field.words(seen) if seen is not None else "",
                stored=field.words(stored),
                proposed=field.words(proposed),
                chosen=MINE if only_mine else THEIRS,
            )
        )
    return rows


def same(field: Field, one: Any, other: Any) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in field.columns)


def choices_of(data: Mapping[str, str]) -> list[str]:
    """The columns for which the person keeps what is stored."""
    kept = [field for field in FIELDS if data.get(f"{PREFIX}{field.name}") == THEIRS]
    return [name for field in kept for name in field.columns]
