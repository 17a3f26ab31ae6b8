"""The whole register, in files to read and for a machine. In memory alone: nothing of it touches a disk."""

import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from jalons.core.values import format_date, plural
from jalons.core.values.text import clean
from jalons.exports.writers.cells import looks_like_formula
from jalons.exports.writers.xlsx import fitting
from jalons.households.families.content import FollowedFamily
from jalons.households.families.enums import FamilyLink, Sex
from jalons.households.families.stored import to_json
from jalons.households.sheets.display import NAMELESS, fact_words
from jalons.households.sheets.kinds import FACT_SHEETS
from jalons.sites.enums import Origin

LINKS, SEXES, ORIGINS = dict(FamilyLink.choices), dict(Sex.choices), dict(Origin.choices)
SHEETS: dict[str, Sequence[tuple[str, int]]] = {
    "Ménages": [("Référence", 11), ("Personnes", 10), ("Dernier contact", 15), ("À revoir le", 13)],
    "Personnes": [
        ("Référence", 11),
        ("Prénom", 20),
        ("Nom", 20),
        ("Année de naissance", 18),
        ("Sexe", 16),
        ("Lien", 24),
        ("Ressortissants", 24),
    ],
    "Faits": [
        ("Référence", 11),
        ("Personne", 28),
        ("Fait", 28),
        ("Précision", 32),
        ("Depuis le", 12),
        ("Jusqu’au", 12),
        ("À revoir le", 12),
        ("Texte", 60),
    ],
}


@dataclass(frozen=True, slots=True)
class WholeRegister:
    """Each household by its reference, with all its versions; `lost`: those that nobody can read any more."""

    organisation: str
    today: dt.date
    families: list[tuple[str, FollowedFamily]] = field(repr=False)
    lost: list[str] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    def files(self) -> dict[str, bytes]:
        """By the name they have in the archive, where names are in clear."""
        return {
            "LISEZ-MOI.txt": self.notice().encode(),
            "registre.xlsx": self.workbook(),
            "registre.json": self.document(),
        }

    def notice(self) -> str:
        count = len(self.families)
        lines = [
            f"Registre des familles de {self.organisation}, au {format_date(self.today)}.",
            f"{count} {plural(count, 'ménage', 'ménages')}.",
            "",
            "registre.xlsx : ce que l’on sait aujourd’hui, pour un tableur.",
            "registre.json : tout, y compris ce qui a été corrigé, avec ses dates, pour un autre logiciel.",
            "Dans le JSON, « recorded » et « superseded » disent quand une version a été écrite, puis remplacée ;",
            "« since » et « until » disent quand elle est vraie, le dernier jour non compris.",
            "« author » est le numéro de compte de qui a écrit ; « names » donne le nom des sites et des dispositifs.",
            "",
            "Une fois extraits, ces fichiers ne sont plus protégés : effacez-les après usage.",
        ]
        if self.lost:
            lines += ["", f"Illisibles (clé détruite ou absente) : {', '.join(self.lost)}."]
        return "\r\n".join(lines) + "\r\n"

    def document(self) -> bytes:
        """Household by household: the whole tree at once would take ten times what it says."""
        about = {
            "organisation": self.organisation,
            "date": self.today.isoformat(),
            "names": dict(self.names),
            "unreadable": self.lost,
        }
        head = json.dumps(about, ensure_ascii=False, indent=1).encode().removesuffix(b"\n}")
        households = b",\n".join(
            json.dumps(
                {"reference": reference, "id": family.id, **json.loads(to_json(family))},
                ensure_ascii=False,
                indent=1,
            ).encode()
            for reference, family in self.families
        )
        return head + b',\n "households": [\n' + households + b"\n]}\n"

    def workbook(self) -> bytes:
        file = io.BytesIO()
        options = {
            "in_memory": True,  # its temporary files would be in clear on the disk
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        workbook = xlsxwriter.Workbook(file, options)
        paper = SealedPaper(workbook)
        known = [(reference, family.as_known()) for reference, family in self.families]
        for title, rows in zip(
            SHEETS, (household_rows(known), person_rows(known), fact_rows(known, self.names)), strict=True
        ):
            paper.write(title, rows)
        workbook.close()
        return file.getvalue()


class SealedPaper:
    """Writes rows into a workbook; a text is never run as a formula, even once its cell is edited."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.header = workbook.add_format({"bold": True, "bottom": 1})
        self.day = workbook.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self.quoted = workbook.add_format({"quote_prefix": True})

    def write(self, title: str, rows: Iterable[Sequence[Any]]) -> None:
        sheet = self.workbook.add_worksheet(title)
        for column, (head, width) in enumerate(SHEETS[title]):
            sheet.write_string(0, column, head, self.header)
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for rank, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, dt.date) and value.year >= 1900:  # spreadsheets know no day before
                    sheet.write_datetime(rank, column, value, self.day)
                    continue
                if isinstance(value, dt.date):
                    value = format_date(value)
                if isinstance(value, int):
                    sheet.write_number(rank, column, value)
                elif value:
                    text = fitting(clean(value))
                    sheet.write_string(rank, column, text, self.quoted if looks_like_formula(text) else None)


Known = list[tuple[str, FollowedFamily]]


def household_rows(known: Known) -> Iterable[Sequence[Any]]:
    for reference, family in known:
        yield reference, len(family.people), family.last_contact, family.review_on


def person_rows(known: Known) -> Iterable[Sequence[Any]]:
    for reference, family in known:
        for person in family.people:
            yield (
                reference,
                person.given_name,
                person.family_name,
                person.year_of_birth,
                SEXES.get(person.sex, ""),
                LINKS.get(person.link, ""),
                ORIGINS.get(person.origin, ""),
            )


def fact_rows(known: Known, names: Mapping[str, str]) -> Iterable[Sequence[Any]]:
    for reference, family in known:
        people = {person.id: person.name or NAMELESS for person in family.people}
        for fact in sorted(family.facts, key=lambda fact: fact.since or dt.date.min):
            yield (
                reference,
                people.get(fact.person, ""),
                FACT_SHEETS[fact.kind].title,
                fact_words(fact, names),
                fact.since,
                fact.until,
                fact.reviewed,
                fact.text,
            )
