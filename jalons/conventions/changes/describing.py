"""What a piece of a convention says, in words, item by item: so that two versions of it can be compared and shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import models

from jalons.conventions.dossier.copies import RECORD_MACHINERY
from jalons.conventions.models import BudgetAmount, Cell
from jalons.conventions.models.matrix import typed
from jalons.conventions.models.printed import PLAIN_BULLET, as_number, items_of
from jalons.core.values import (
    Emptiness,
    Kind,
    Number,
    Value,
    exact,
    format_date,
    format_euros,
    format_number,
    format_value,
)

# What bears no meaning of its own: machinery, what is derived from words that are compared, and what Jalons adds.
SILENT = frozenset(
    [
        *RECORD_MACHINERY,
        *("position", "kept", "dropped"),
        *("unamended", "unamended_since"),
        *("slug", "key", "state", "source", "revision", "previous", "departement", "organisation"),
        *("family", "side", "listed", "party", "action", "indicator", "commitment", "convention", "table"),
        *("annex", "deliberation", "parent", "group"),
    ]
)
# Relations and columns that a name above hides and that do speak, by model.
SPOKEN = {"SubAction": frozenset(["action"])}
HIDDEN = {"AnnexLine": frozenset(["kind_words"]), "Convention": frozenset(["nature"])}
# Keys of the exchange format, where no column has a French name for them.
WORDS = {
    "global": "montant global",
    "split_part_etat": "part de l’État par Département",
    "programme": "programme",
    "mission": "mission",
    "action": "action",
    "sous_action": "sous-action",
    "domaine_fonctionnel": "domaine fonctionnel",
    "code_activite": "code activité",
    "groupe_de_marchandises": "groupe de marchandises",
    "beneficiary": "bénéficiaire",
    "beneficiaries": "bénéficiaires",
    "authorising_officer": "ordonnateur",
    "accountant": "comptable",
    "schedule": "échéancier",
    "instalments": "nombre de versements",
    "condition": "condition",
    "rule": "règle",
    "code": "code",
    "label": "intitulé",
    "year": "année",
    "party": "partie",
    "text": "texte",
    "date": "date",
    "committee": "commission",
    "received": "reçue le",
    "reference": "référence",
    "in_office": "en exercice",
    "listed_present": "présents sur la liste",
    "listed_represented": "représentés sur la liste",
    "listed_excused": "excusés sur la liste",
    "listed_absent": "absents sur la liste",
    "max_proxies_per_member": "procurations par élu, au plus",
    "checked_at": "vérifié à",
    "present": "présents",
    "proxies": "procurations",
    "joined_during_discussion": "arrivés pendant la discussion",
    "left_for_good_giving_proxy": "partis en donnant procuration",
    "left_temporarily": "sortis un moment",
    "time": "heure du vote",
    "absent_without_proxy": "absents sans procuration",
    "did_not_vote": "n’ont pas pris part au vote",
    "voted": "votants",
    "abstention": "abstentions",
    "expressed": "suffrages exprimés",
    "majority": "majorité",
    "for": "pour",
    "against": "contre",
    "groups_for": "groupes pour",
    "groups_against": "groupes contre",
    "groups_abstention": "groupes en abstention",
    "proposes": "proposés",
    "autorises": "autorisés",
    "deja_contractes": "déjà contractés",
    "headings": "titres",
    "paragraphs": "paragraphes",
}
PARTS = {"total": "Total", "part_etat": "État", "part_departement": "Département"}


def part_words(part: str) -> str:
    """Who brings a share of the money: « État », « Département », « CD 62 », « Fonds social européen »."""
    if part in PARTS:
        return PARTS[part]
    name = part.removeprefix("part_").replace("_", " ").strip()
    if name[:2] == "cd" and name[2:].strip().isalnum() and any(map(str.isdigit, name[2:])):
        return f"CD {name[2:].strip().upper()}"
    return name[:1].upper() + name[1:] if name else "Autre"


def key_words(key: str) -> str:
    """A key of the exchange format, as a person reads it."""
    if key == "total" or key.startswith("part_"):
        return f"part {part_words(key)}" if key != "total" else "total"
    return WORDS.get(key, key.replace("_", " "))


@dataclass(frozen=True, slots=True)
class DescribedPart:
    """`words`: as shown; `printed`: as written, when it may differ; `number`: exact, in `unit`."""

    words: str
    printed: str = ""
    number: Number | None = None
    unit: str = ""
    is_money: bool = False

    def __bool__(self) -> bool:
        return bool(self.words)


NOTHING = DescribedPart("")


def said_of(piece: Any) -> dict[str, DescribedPart]:
    """Everything that the columns of a piece say, by name in French; what says nothing is left out."""
    parts: dict[str, DescribedPart] = {}
    for field in columns_of(piece.__class__):
        value = getattr(piece, field.name)
        name = str(field.verbose_name)
        if isinstance(field, models.JSONField):
            for said_name, part in spread(name, value):
                parts[unused(said_name, parts)] = part
        elif value not in (None, ""):
            # A code is never read by anybody: its words are.
            words = dict(field.flatchoices).get(value, value)
            parts[name] = scalar(
                str(words) if field.choices else value, is_money=isinstance(field, models.DecimalField)
            )
    return {name: part for name, part in parts.items() if part}


def unused(name: str, parts: dict[str, DescribedPart]) -> str:
    number = 2
    chosen = name
    while chosen in parts:
        chosen, number = f"{name} ({number})", number + 1
    return chosen


@lru_cache(64)  # the columns of a model never change
def columns_of(model: Any) -> tuple[Any, ...]:
    spoken = SPOKEN.get(model.__name__, frozenset())
    silent = SILENT | HIDDEN.get(model.__name__, frozenset())
    return tuple(
        field
        for field in model._meta.concrete_fields
        if field.name in spoken or (field.name not in silent and not field.is_relation)
    )


def scalar(value: Any, *, is_money: bool = False) -> DescribedPart:
    if isinstance(value, bool):
        return DescribedPart("oui" if value else "non")
    if hasattr(value, "isoformat"):
        return DescribedPart(format_date(value))
    if isinstance(value, str):
        return DescribedPart(" ".join(value.split()) and value.strip())
    number = exact(value)
    if is_money:
        return DescribedPart(format_euros(number), number=number, is_money=True)
    # A year or a count of months is a name here: never grouped by thousands.
    return DescribedPart(str(number).replace(".", ","), number=number)


def spread(name: str, json_value: Any) -> Iterator[tuple[str, DescribedPart]]:
    """What a JSON value says: one item, or one for each thing that it holds."""
    if json_value in (None, "", [], {}):
        return
    if isinstance(json_value, dict):
        if is_figure(json_value):
            yield name, figure(json_value)
        elif "raw" in json_value or "text" in json_value:
            yield (
                name,
                DescribedPart(
                    str(json_value.get("raw") or json_value.get("text") or "").strip(),
                    bullets(json_value.get("items")),
                ),
            )
        else:
            for key, value in json_value.items():
                yield from spread(f"{name}, {key_words(key)}", value)
    elif isinstance(json_value, list):
        yield from spread_list(name, json_value)
    else:
        yield name, scalar(json_value)


def bullets(items: Any) -> str:
    """The aligned bullets of a cell, one a line, those of the second level set back."""
    return "\n".join(
        f"{'  ' * (item.get('level') or 0)}{item.get('bullet') or PLAIN_BULLET} {item.get('text') or ''}"
        for item in items_of({"items": items})
    )


def spread_list(name: str, items: list[Any]) -> Iterator[tuple[str, DescribedPart]]:
    if all(not isinstance(item, dict | list) for item in items):
        yield name, DescribedPart(", ".join(str(item) for item in items if item not in (None, "")))
        return
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict) and is_figure(item):
            whose = item.get("party") or item.get("label") or number
            yield f"{name}, {whose}", figure(item)
        else:
            yield from spread(f"{name}, {number}", item)


def is_figure(values: dict[str, Any]) -> bool:
    amount = values.get("amount")
    return "amount" in values and (amount is None or (isinstance(amount, int | float) and amount is not True))


def figure(values: dict[str, Any] | None) -> DescribedPart:
    """An amount of the exchange format, `{"raw", "amount"}`."""
    if not values:
        return NOTHING
    raw, amount = str(values.get("raw") or "").strip(), values.get("amount")
    if amount is None:
        return DescribedPart(raw, is_money=True)
    return DescribedPart(format_euros(exact(amount)), raw, exact(amount), is_money=True)


def amount_said(amount: BudgetAmount | None) -> DescribedPart:
    if amount is None:
        return NOTHING
    if amount.amount is None:
        return DescribedPart(amount.raw.strip() or format_value(amount.value), is_money=True)
    return DescribedPart(
        format_euros(exact(amount.amount)), amount.raw.strip(), exact(amount.amount), is_money=True
    )


def cell_said(cell: Cell | None) -> dict[str, DescribedPart]:
    """The value of a cell, typed, and what stands beside it. An absent cell and an empty one say the same."""
    if cell is None:
        return {}
    value = cell.value
    is_composite = value.kind is Kind.COMPOSITE
    number = None if is_composite else cell.figure
    parts = {
        "": DescribedPart(
            format_value(value), cell.raw.strip(), number, cell.unit, value.kind is Kind.AMOUNT
        ),
        "parties": DescribedPart(parts_words(cell.parts), parts_printed(cell.parts)),
        "note": DescribedPart(cell.note.strip()),
        "source": DescribedPart(cell.source.strip()),
    }
    if is_composite and cell.figure is not None:
        # It may change while the words that bear it do not.
        parts["nombre principal"] = DescribedPart(format_number(cell.figure), number=cell.figure)
    if value.emptiness is Emptiness.EMPTY:
        # A cell whose nature nobody said may bear words all the same.
        parts[""] = DescribedPart(cell.raw.strip(), number=cell.figure, unit=cell.unit)
    return {name: part for name, part in parts.items() if part}


def parts_words(parts: list[dict[str, Any]]) -> str:
    """« dont filles 12 ; DTML 58 »."""
    texts = []
    for part in parts or ():
        number = part.get("number")
        number_words = format_number(exact(number)) if number is not None else part.get("raw") or ""
        inner = parts_words(part.get("parts") or [])
        words = [
            part.get("relation"),
            part.get("label"),
            number_words,
            part.get("unit"),
            part.get("qualifier"),
        ]
        texts.append(" ".join(str(word) for word in words if word) + (f" ({inner})" if inner else ""))
    return " ; ".join(texts)


def parts_printed(parts: list[dict[str, Any]]) -> str:
    texts = [
        f"{part.get('raw') or ''} {parts_printed(part.get('parts') or [])}".strip() for part in parts or ()
    ]
    return " ; ".join(text for text in texts if text)


def plain_cell(cell: Any) -> DescribedPart:
    """A cell of a tracking table: a plain value or a typed one."""
    if isinstance(cell, dict):
        value = typed(
            str(cell.get("kind") or "text"),
            str(cell.get("raw") or ""),
            cell.get("number"),
            cell.get("unit") or "",
            cell.get("qualifier") or "",
            cell.get("parts"),
        )
        if value.emptiness is Emptiness.EMPTY:
            return NOTHING
        return DescribedPart(format_value(value), str(cell.get("raw") or ""), value.number, value.unit)
    if cell is None or cell == "":
        return NOTHING
    if as_number(cell) is not None:
        return DescribedPart(format_value(Value.of(exact(cell))), number=exact(cell))
    return scalar(cell)
