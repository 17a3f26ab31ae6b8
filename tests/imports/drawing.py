"""The tables that we drew ourselves, from the interviews and the guide, before any reading code existed.

`python -m tests.imports.drawing` writes them again in `layouts/`, each with what a careful reader says is in it
(`.expected.json`). Each cell below stands with what must be read in it.
"""

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.imports.writing import DrawnSheet, Formula, write_csv, write_ods, write_text, write_xlsx

LAYOUTS = Path(__file__).parent / "layouts"
DASH = "a dash: zero, not known, or not applicable? the file does not say"


@dataclass(frozen=True)
class Cell:
    raw: Any
    type: str
    told: dict[str, Any] = field(default_factory=dict)


def number(raw: Any, value: float, **told: Any) -> Cell:
    return Cell(raw, "number", {"value": value, **told})


def doubt(raw: Any, reason: str, **told: Any) -> Cell:
    return Cell(raw, "doubtful", {"reason": reason, "ask": True, **told})


def day(raw: Any, value: str, **told: Any) -> Cell:
    return Cell(raw, "date", {"value": value, **told})


def yes(raw: str) -> Cell:
    return Cell(raw, "yes", {"value": True})


def no(raw: str) -> Cell:
    return Cell(raw, "no", {"value": False})


ND, NA = Cell("ND", "nd"), Cell("/", "not_applicable")
HYPHEN = Cell("-", "dash", {"ask": True, "reason": DASH})


def cell(told: Any) -> Cell:
    if isinstance(told, Cell):
        return told
    if told is None:
        return Cell(None, "empty")
    if isinstance(told, dt.date):
        return day(told, told.isoformat())
    if isinstance(told, Formula):
        return number(told, told.value)
    return Cell(told, "text", {"value": told.strip()}) if isinstance(told, str) else number(told, told)


@dataclass
class Line:
    """One row of data: its cells, and which site, dispositif, indicator or structure it speaks of."""

    cells: list[Any]
    target: dict[str, Any]
    hidden: bool = False


@dataclass
class Other:
    """A row that is not data: title, header, total, note, blank."""

    what: str
    cells: list[Any]


@dataclass
class Sheet:
    name: str
    columns: list[str]  # field of each column; nothing for one that is not a field
    rows: list[Line | Other]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)
    hidden: bool = False

    def drawn(self) -> DrawnSheet:
        rows = [
            [raw_of(cell(told)) for told in row.cells] if isinstance(row, Line) else [*row.cells]
            for row in self.rows
        ]
        hidden = {n for n, row in enumerate(self.rows) if isinstance(row, Line) and row.hidden}
        return DrawnSheet(
            self.name,
            rows,
            merges=self.merges,
            hidden_rows=hidden,
            percents=self.percents,
            hidden=self.hidden,
        )

    def expected(self) -> dict[str, Any]:
        letters = [chr(65 + column) for column in range(len(self.columns))]
        lines, others, headers = [], [], []
        for number_, row in enumerate(self.rows, 1):
            if isinstance(row, Other):
                others.append({"row": number_, "what": row.what})
                headers += [number_] if row.what.startswith("header") else []
                continue
            values = {}
            for letter, name, told in zip(letters, self.columns, row.cells, strict=True):
                if name:
                    one = cell(told)
                    values[name] = {
                        "cell": f"{letter}{number_}",
                        "raw": plain(one.raw),
                        "type": one.type,
                        **one.told,
                    }
            lines.append({"row": number_, "target": row.target, "values": values, "hidden_row": row.hidden})
            if "closed_on" in row.target:
                lines[-1]["closed_on"] = row.target["closed_on"]
        return {
            "name": self.name,
            "state": "hidden" if self.hidden else "visible",
            "is_data": bool(lines),
            "header_rows": headers,
            "columns": {letter: name for letter, name in zip(letters, self.columns, strict=True) if name},
            "not_rows": others,
            "rows": lines,
            **self.told,
        }


def raw_of(one: Cell) -> Any:
    return one.raw


def plain(raw: Any) -> Any:
    if isinstance(raw, Formula):
        return raw.value
    return raw.isoformat() if isinstance(raw, dt.date) else raw


def known(name: str) -> dict[str, Any]:
    return {"kind": "existing", "name": name, "ask": False}


def new(**told: Any) -> dict[str, Any]:
    return {"kind": "new", "ask": False, **told}


BLANK = Other("blank", [])


# A correspondent's list, typed month after month and sent as text: no merged cell, the commune written once ---------

CENSUS = Sheet(
    "recensement",
    [
        "insee", "commune", "name", "address", "observed_on", "source", "people", "women", "minors", "households",
        "kind", "latitude", "longitude", "note",
    ],
    [
        Other("title", ["DDETS 13 - Recensement des campements - 2e semestre 2026"]),
        BLANK,
        Other(
            "header",
            [
                "Code INSEE", "Ville", "Nom du campement", "Lieu", "Date visite", "Source", "Nb pers", "dont femmes",
                "dont enf.", "Nb familles", "Type", "Lat.", "Long.", "Obs",
            ],
        ),
        Line(
            [
                "13055", "Marseille", "Bd de l'Usine", "12 bd de l'Usine", day("07/10/2026", "2026-10-07"), "Ville",
                number("64", 64), number("19", 19), number("31", 31), number("14", 14), "Terrain",
                number("43,3012", 43.3012), number("5,3905", 5.3905), None,
            ],
            known("Boulevard de l’Usine"),
        ),
        Line(
            [
                "13203", "Marseille 3e", "Caserne", "rue du Ravin", day("7 octobre 2026", "2026-10-07"), "association",
                doubt("env. 35", "approximation", suggest=35), ND, ND, number("9", 9), "Bâti", None, None,
                "accès refusé",
            ],
            known("Ancienne caserne"),
        ),
        Line(
            [
                "13001", "Aix en Provence", "Pont de fer", None, day("08/10/2026", "2026-10-08"), "Gendarmerie",
                doubt("1.200", "1 200 (dot for thousands) or 1,2?", suggest=1200), HYPHEN, number("0", 0), NA,
                "Terrain", None, None, None,
            ],
            new(),
        ),
        BLANK,
        Line(
            [
                "13117", "Vitrolles", "Zone des Estroublans", None,
                doubt("03-04-26", "two readings: 3 April 2026 or 26 April 2003"), "maraude",
                number("12 personnes", 12), number("5", 5), number("4", 4), number("3", 3), "Terrain", None, None,
                "2 couples + 1 famille",
            ],
            new(),
        ),
        Line(
            [
                "13055", "Marseille", "rue Mure", None, day("12/10/26", "2026-10-12"), "Ville",
                doubt("trentaine", "approximation in words", suggest=30), None, None, None, "Squat", None, None,
                "\u00e0 revoir",
            ],
            {"kind": "ambiguous", "ask": True, "candidates": ["Immeuble, rue Mûre", "Jardin de la rue Mûre"]},
        ),
        Other("total", ["", "TOTAL", "", "", "", "", "76", "24", "35", "26", "", "", "", ""]),
        Other("note", ["Source : visites des communes et de la gendarmerie, sans double compte"]),
    ],
    told={
        "known_sites": [
            {"name": "Boulevard de l’Usine", "address": "12 boulevard de l’Usine", "insee": "13055"},
            {"name": "Ancienne caserne", "address": "4 rue du Ravin", "insee": "13055"},
            {"name": "Immeuble, rue Mûre", "address": "", "insee": "13055"},
            {"name": "Jardin de la rue Mûre", "address": "", "insee": "13055"},
        ],
    },
)  # fmt: skip

# An operator's follow-up: indicators down, months across, in a workbook of LibreOffice -----------------------------

FOLLOWED = Sheet(
    "Suivi 2026",
    ["indicator", "unit", "2026-07", "2026-08", "2026-09", "", "comment"],
    [
        Other("title", ["MOUS – suivi mensuel – année 2026"]),
        Other("subtitle", ["Opérateur : Association Passerelles ; tableau tenu par la coordinatrice"]),
        Other("header", ["Indicateur", "Unité", "Mois", "", "", "Total", "Commentaire"]),
        Other("header", ["", "", "juil. 26", "août 26", "sept. 26", "", ""]),
        Line(["Ménages suivis", "ménages", 14, 15, 15, None, None], {"kind": "existing", "indicator": "Ménages"}),
        Line(["Personnes suivies", "pers.", 52, 55, number("56 pers.", 56), None, "+ 1 naissance"], known("Personnes")),
        Line(["   dont mineurs", None, 24, 26, 26, None, None], known("dont mineurs")),
        Line(["Entrées en logement", "ménages", 1, NA, HYPHEN, Formula(1.0), None], known("Entrées en logement")),
        Line(
            ["Enfants scolarisés", "enfants", 18, doubt("18 ?", "question mark after the number", suggest=18), ND,
             None, "rentrée en cours"],
            known("Enfants scolarisés"),
        ),
        Line(["Taux de scolarisation", "%", None, None, number(0.75, 75, unit="%"), None, None], new()),
        Line(
            ["Contrats de travail signés", "contrats", 2, 0,
             doubt("3 à 4", "range", low=3, high=4), Formula(2.0), None],
            known("Contrats de travail signés"),
        ),
        Other("note", ["Les sorties ne sont pas suivies ici (voir tableau du SIAO)"]),
    ],
    merges=[(0, 0, 0, 6), (1, 0, 1, 6), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 4), (2, 5, 3, 5), (2, 6, 3, 6)],
    percents={(9, 4)},
)  # fmt: skip

# A mediator's grid of living conditions, on a workbook made on an old Macintosh (dates from 1904) ------------------

LIVING = Sheet(
    "Conditions",
    ["commune", "name", "observed_on", "water", "toilets", "electricity", "waste", "pests", "people", "note"],
    [
        Other("title", ["Médiation eau-hygiène – tournée de juin 2026"]),
        Other("blank", []),
        Other(
            "header",
            ["Communes", "Lieu de vie", "Passage", "Accès eau", "WC", "Élec.", "Collecte OM", "Rats", "Nb hab.", "Rq"],
        ),
        Line(
            ["Lille", "Talus de l’échangeur", dt.date(2026, 6, 9), yes("oui"), no("non"), yes("O"), yes("x"),
             yes("OUI"), 42, None],
            known("Talus de l’échangeur"),
        ),
        Line(
            [Cell("", "text", {"value": "Lille"}),
             "Terrain vague du stade", dt.date(2026, 6, 9), no("non"), no("N"), ND, no("pas de collecte"),
             HYPHEN, 28, "bennes demandées"],
            known("Terrain vague du stade"),
        ),
        Line(
            ["Roubaix", "Hangar des jardins", day("16/06/2026", "2026-06-16"),
             doubt("oui sauf WE", "neither yes nor no"), doubt("2", "a number in a column of yes and no"), None,
             yes("oui"), no("non"), doubt(dt.date(2026, 10, 12), "a range turned into a date", low=10, high=12), None],
            known("Hangar des jardins"),
            hidden=True,
        ),
        Other("note", ["Visites faites avec l’équipe mobile de l’ARS"]),
    ],
    merges=[(0, 0, 0, 9), (3, 0, 4, 0)],
    told={
        "known_sites": [
            {"name": "Talus de l’échangeur", "address": "21 rue du Canal", "insee": "59350"},
            {"name": "Terrain vague du stade", "address": "121 chemin de la Carrière", "insee": "59350"},
            {"name": "Hangar des jardins", "address": "106 rue du Gazomètre", "insee": "59512"},
        ],
    },
)  # fmt: skip
DRAFT = Sheet(
    "ne pas diffuser",
    [],
    [Other("scratch", ["à trier", "Lille", 12]), Other("scratch", ["", "", 14])],
    hidden=True,
)

# A préfecture's list of structures ----------------------------------------------------------------------------------

STRUCTURES = Sheet(
    "Structures",
    ["name", "kind", "siret", "commune", "email", "phone"],
    [
        Other("blank", []),
        Other("header", ["Structure", "Catégorie", "N° SIRET", "Commune", "Mail générique", "Tél. standard"]),
        Line(["Association Passerelles", "Association", "775 672 272 00112", "Lille", "contact@exemple.org",
              "03 20 00 00 00"], new()),
        Line(["CCAS de Roubaix", "Collectivité", None, "Roubaix", None, "0320000001"], new()),
        Line(["DDETS du Nord", "État", ND, "Lille", "ddets@exemple.gouv.fr", None], new()),
    ],
)  # fmt: skip

# A table pasted from a message: two lines of headers, blank columns, a total without a word -------------------------

PASTED = Sheet(
    "bloc collé",
    ["", "commune", "name", "", "people", "minors", "observed_on"],
    [
        Other("header", ["", "Commune", "Campement", "", "Occupants", "", "Vu le"]),
        Other("header", ["", "", "", "", "Total", "dont mineurs", ""]),
        Line(["", "Bobigny", "Quai nord", "", number("18", 18), number("7", 7), day("03/11/2026", "2026-11-03")],
             new()),
        Line(["", "Bobigny", "Quai sud", "", number("1 004", 1004), number("9", 9), day("4 nov. 2026", "2026-11-04")],
             new()),
        Line(["", "Stains", "Friche rue Jean-Durand", "", doubt("4 fam.", "families in a column of people"), NA,
              day("05/11/2026", "2026-11-05")], new()),
        Other("total", ["", "", "", "", "1022", "16", ""]),
    ],
)  # fmt: skip


def tables() -> dict[str, tuple[str, list[Sheet], bytes]]:
    """By name of file: what it is, its sheets, its bytes."""
    return {
        "2_recensement_ddets.csv": (
            "sites",
            [CENSUS],
            write_csv(CENSUS.drawn(), encoding="cp1252"),
        ),
        "3_suivi_mensuel.ods": ("indicators", [FOLLOWED], write_ods([FOLLOWED.drawn()])),
        "4_conditions_de_vie.xlsx": (
            "conditions",
            [LIVING, DRAFT],
            write_xlsx([LIVING.drawn(), DRAFT.drawn()], from_1904=True),
        ),
        "5_structures.xlsx": ("organisations", [STRUCTURES], write_xlsx([STRUCTURES.drawn()])),
        "7_bloc_colle.txt": ("sites", [PASTED], write_text(PASTED.drawn(), "\t").encode()),
    }


def write_layouts(drawn: dict[str, tuple[str, list[Sheet], bytes]]) -> None:
    for name, (kind, sheets, content) in drawn.items():
        (LAYOUTS / name).write_bytes(content)
        expected = {"file": name, "kind": kind, "sheets": [sheet.expected() for sheet in sheets]}
        told = json.dumps(expected, ensure_ascii=False, indent=1)
        (LAYOUTS / f"{name}.expected.json").write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_layouts(tables())
