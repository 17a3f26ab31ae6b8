"""The twelve open measures, by their keys in the registry of figures: no other is, and no crossing of them."""

from jalons.figures.registry import Figure, figures
from jalons.public.disclosure.cells import NestedMeasure

# What is true on the last day of the half-year, then what happened in it. A part follows its whole.
MEASURES = (
    NestedMeasure("sites-ouverts", is_people=False),
    NestedMeasure("personnes", follows="sites-ouverts"),
    NestedMeasure("menages", follows="personnes", is_part=True),
    NestedMeasure("femmes", follows="personnes", is_part=True, rest="hommes"),
    NestedMeasure("mineurs", follows="personnes", is_part=True, rest="majeurs"),
    NestedMeasure("mineurs-scolarises", follows="mineurs", is_part=True, rest="mineurs-non-scolarises"),
    NestedMeasure("resorptions", is_people=False),
    NestedMeasure("evacuations", is_people=False),
    NestedMeasure("orientes-logement"),
    NestedMeasure("orientes-abri"),
    NestedMeasure("orientes-aucune"),
    NestedMeasure("personnes-reinstallees"),
)
BY_KEY = {measure.key: measure for measure in MEASURES}
KEYS = tuple(BY_KEY)
# Opened and closed sites are left out on purpose: with the open ones of two half-years, each would bound the other.


def definition(key: str) -> Figure:
    """Its label and its sentence, the same as on the screens."""
    return figures()[key]


def unit_of(key: str) -> str:
    if key == "menages":
        return "ménages"
    return "personnes" if BY_KEY[key].is_people else "sites"
