"""An open half-year as the page, the csv and the JSON say it. Reads its content, written when it was published."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.core.values import format_number
from jalons.figures.disclosure import CONFIDENTIAL
from jalons.figures.enums import AreaLevel
from jalons.figures.registry import Figure
from jalons.public.half_years import HalfYear
from jalons.public.measures import KEYS, definition, unit_of
from jalons.public.selectors import content_of, half_years_out

# In this order, the first four that are open.
WELCOMED = ("sites-ouverts", "personnes", "mineurs", "resorptions", "orientes-logement", "menages")
HEROES = 4
HIDDEN_WORDS = "non diffusé"
LEVELS = {
    AreaLevel.REGION: "Régions",
    AreaLevel.DEPARTEMENT: "Départements",
}


@dataclass(frozen=True, slots=True)
class OpenArea:
    area: str
    level: str
    code: str
    name: str
    within: str


@dataclass(frozen=True, slots=True)
class OpenFigure:
    """`value`: None where « c » stands. `coverage`: percent of the sites that told, by ten below."""

    measure: str
    area: OpenArea
    value: int | None
    coverage: int | None

    @property
    def is_hidden(self) -> bool:
        return self.value is None

    @property
    def text(self) -> str:
        return CONFIDENTIAL if self.value is None else format_number(self.value)

    @property
    def coverage_words(self) -> str:
        if self.coverage is None:
            return HIDDEN_WORDS
        if self.coverage == 100:
            return "tous les sites ont répondu"
        return (
            f"au moins {self.coverage}\u00a0% des sites ont répondu"
            if self.coverage
            else ("moins de 10\u00a0% des sites ont répondu")
        )


@dataclass(frozen=True)
class OpenPages:
    """`content`: see `storing.open_content`."""

    content: Mapping[str, Any]

    @property
    def areas(self) -> dict[str, OpenArea]:
        return {row["area"]: OpenArea(**row) for row in self.content["areas"]}

    def figure(self, measure: str, area: OpenArea) -> OpenFigure:
        value, coverage = self.content["figures"][measure][area.area]
        return OpenFigure(measure, area, None if value == CONFIDENTIAL else value, coverage)

    def of_level(self, measure: str, level: str) -> list[OpenFigure]:
        return [self.figure(measure, area) for area in self.areas.values() if area.level == level]

    def of_area(self, area: OpenArea) -> list[OpenFigure]:
        return [self.figure(measure, area) for measure in KEYS]

    def values_by_departement(self, measure: str, *, by_region: bool) -> dict[str, int | None]:
        """By code of département, for a map: its own figure, or that of its région."""
        areas = self.areas
        return {
            area.code: self.figure(measure, areas[area.within] if by_region else area).value
            for area in areas.values()
            if area.level == AreaLevel.DEPARTEMENT
        }

    @property
    def half_year(self) -> HalfYear | None:
        return HalfYear.parse(self.content["half_year"])

    @property
    def published_on(self) -> dt.date:
        return dt.date.fromisoformat(self.content["published_on"])

    @property
    def known_on(self) -> dt.date:
        return dt.date.fromisoformat(self.content["known_on"])

    @property
    def nation(self) -> list[tuple[Figure, OpenFigure]]:
        """The first figures of the whole country, with what each counts; hidden ones where too few are open."""
        area = self.areas[str(AreaLevel.NATION)]
        first = sorted((self.figure(key, area) for key in WELCOMED), key=lambda figure: figure.is_hidden)[
            :HEROES
        ]
        return [(definition(figure.measure), figure) for figure in first]

    def figures(self) -> Iterator[OpenFigure]:
        areas = self.areas.values()
        for measure in KEYS:
            for area in areas:
                yield self.figure(measure, area)


def nation_figures() -> OpenPages | None:
    """The last half-year that is out, for the welcome page: two queries, one when there is nothing."""
    out = half_years_out()
    return OpenPages(content_of(out[0])) if out else None


def json_of(pages: OpenPages, methods: str) -> dict[str, Any]:
    """What the page « Méthode » documents: names of fields are for ever."""
    content = pages.content
    return {
        "licence": "Licence Ouverte 2.0 (Etalab)",
        "methode": methods,
        "edition": content["edition"],
        "semestre": content["half_year"],
        "connu_le": content["known_on"],
        "publie_le": content["published_on"],
        "mesures": [
            {
                "mesure": key,
                "libelle": definition(key).label,
                "definition": definition(key).sentence,
                "nature": "flux" if definition(key).is_flow else "stock",
                "unite": unit_of(key),
            }
            for key in KEYS
        ],
        "chiffres": [dict(zip(HEADS, line, strict=True)) for line in lines_of(pages)],
    }


HEADS = ("semestre", "mesure", "niveau", "code", "territoire", "valeur", "couverture_au_moins", "edition")


def lines_of(pages: OpenPages) -> Iterator[Sequence[Any]]:
    """One line for each measure and area. A value is a number, or « c »; a code is text: « 01 »."""
    content = pages.content
    for figure in pages.figures():
        yield (
            content["half_year"],
            figure.measure,
            figure.area.level,
            figure.area.code,
            figure.area.name,
            CONFIDENTIAL if figure.value is None else figure.value,
            figure.coverage,
            content["edition"],
        )
