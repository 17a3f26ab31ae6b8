"""The commune that a row names: by its INSEE code, its postcode and name, its name, within a territory."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from jalons.accounts.permissions import Territory
from jalons.core.values import fold, french_spaces
from jalons.imports.targets.records import TableRecord
from jalons.territories.enums import PlaceKind
from jalons.territories.models import Commune, Place
from jalons.territories.selectors import communes_from_insee

_CODE_AFTER = re.compile(r"\(\s*(?:insee\s*:?\s*)?(\d[\dabAB]\d{3})\s*\)\s*$", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")
_POSTCODE_BEFORE = re.compile(r"^\s*(\d{5})\s*[-–,]?\s+(?=\D)", re.ASCII)
_TOWN = re.compile(r"^(?:la |le )?(?:ville|commune|mairie) (?:de la |du |des |de l |de |d )?")
_QUARTER = re.compile(r" (?:nord|sud|est|ouest|centre|centre ville)$")
_PARTS = re.compile(r"\s*[-–/,]\s*")
NEAR, SHORTEST = 90, 7  # of 100; letters of a name that may be misspelt
NAMED = (PlaceKind.COMMUNE, PlaceKind.FORMER)


@dataclass(frozen=True, slots=True)
class FoundCommune:
    """`commune` None: `why` says so, in French."""

    commune: Commune | None
    why: str = ""


class CommuneNames:
    """Names of the communes of some territories, former ones and arrondissements with them. Three queries."""

    def __init__(self, territory: Territory, records: Iterable[TableRecord]) -> None:
        records = list(records)
        self.answers: dict[
            tuple[str, ...], FoundCommune
        ] = {}  # the same few places come back from row to row
        codes = {code for record in records if (code := insee_of(record))}
        self.by_code = communes_from_insee(codes)
        in_brackets = codes - set(self.by_code)
        wanted = {
            fold(words) for words in {record.words("commune") or suggested(record) for record in records}
        } - {""}
        self.by_name: dict[str, dict[str, Commune]] = {}
        self.postcodes: dict[str, set[str]] = {}
        self.elsewhere: set[str] = set()  # what is the name of communes of other territories only
        if wanted:
            with_postcodes = any(
                record.words("postcode") or _POSTCODE_BEFORE.match(record.words("commune"))
                for record in records
            )
            self.read_names(territory, wanted, bool(in_brackets) or with_postcodes)

    def read_names(self, territory: Territory, wanted: Iterable[str], with_postcodes: bool) -> None:
        kinds = (*NAMED, PlaceKind.POSTCODE) if with_postcodes else NAMED
        places = Place.objects.filter(kind__in=kinds, commune__isnull=False)
        if not territory.everywhere:
            places = places.filter(territory.q("commune"))
        for place in places.select_related("commune__departement").order_by("pk"):
            commune = place.commune
            if commune is None:
                continue
            if place.kind == PlaceKind.POSTCODE:
                self.postcodes.setdefault(place.code, set()).add(commune.pk)
            elif place.whole:
                self.by_name.setdefault(place.folded, {})[commune.pk] = commune
        if unknown := {folded_name(words) for words in wanted} - set(self.by_name):
            other = Place.objects.filter(kind__in=NAMED, whole=True, folded__in=unknown)
            self.elsewhere |= set(other.order_by().values_list("folded", flat=True))

    def find(self, record: TableRecord) -> FoundCommune:
        written = (
            record.words("insee"),
            record.words("commune"),
            suggested(record),
            record.words("postcode"),
        )
        if written not in self.answers:
            self.answers[written] = self.looked_for(record)
        return self.answers[written]

    def looked_for(self, record: TableRecord) -> FoundCommune:
        code = insee_of(record)
        if code:
            commune = self.by_code.get(code)
            if commune is None and (match := _BRACKETS.search(record.words("commune"))) and code in match[1]:
                return self.named(_BRACKETS.sub("", record.words("commune")), code)
            return FoundCommune(commune, "" if commune else f"aucune commune n’a le code « {code} »")
        words = record.words("commune") or suggested(record)
        if not words:
            return FoundCommune(None, "la commune n’est pas dite")
        whole = self.named(words, record.words("postcode"))
        if whole.commune is None and _BRACKETS.search(words):
            bare = self.named(_BRACKETS.sub("", words), record.words("postcode"))
            return bare if bare.commune else whole
        return whole

    def named(self, words: str, postcode: str) -> FoundCommune:
        if match := _POSTCODE_BEFORE.match(words):
            words, postcode = words[match.end() :], postcode or match[1]
        folded = _TOWN.sub("", folded_name(words))
        found = self.by_name.get(folded) or self.in_parts(words, folded) or self.abbreviated(folded)
        found = found or self.misspelt(folded)
        if len(found) > 1 and postcode:
            found = {
                pk: commune
                for pk, commune in found.items()
                if pk in self.postcodes.get(postcode.strip(), set())
            }
        if len(found) == 1:
            return FoundCommune(next(iter(found.values())))
        if found:
            return FoundCommune(None, f"plusieurs communes s’appellent « {words} » : donnez le code INSEE")
        return FoundCommune(None, f"« {words} » n’est pas une commune de votre territoire")

    def in_parts(self, words: str, folded: str) -> dict[str, Commune]:
        """« Lille - Hellemmes », « Lille Sud »: several names of one commune, or a side of it."""
        names = map(folded_name, _PARTS.split(words))
        parts = [self.by_name.get(name) or self.abbreviated(name) for name in names]
        if len(parts) > 1 and all(parts) and len({pk for part in parts for pk in part}) == 1:
            return parts[0]
        bare = _QUARTER.sub("", folded)
        return self.by_name.get(bare, {}) if bare != folded else {}

    def misspelt(self, folded: str) -> dict[str, Commune]:
        """« villeneuve d asq »: of as many words as one name only, and the name of no other commune of France."""
        if len(folded) < SHORTEST or folded in self.elsewhere:
            return {}
        near = process.extract(
            folded, list(self.by_name), scorer=fuzz.ratio, score_cutoff=NEAR, processor=None, limit=3
        )
        names = [name for name, *_ in near if name.count(" ") == folded.count(" ")]
        return self.by_name[names[0]] if len(names) == 1 else {}

    def abbreviated(self, folded: str) -> dict[str, Commune]:
        """« faches thum » for Faches-Thumesnil: each word begins the one of the name, and only one name fits."""
        parts = folded.split()
        if not parts or len(folded) < 4:
            return {}
        found: dict[str, Commune] = {}
        for name, communes in self.by_name.items():
            words = name.split()
            if len(words) >= len(parts) and all(
                word.startswith(part) for word, part in zip(words, parts, strict=False)
            ):
                found |= communes
        return found


def folded_name(words: str) -> str:
    return " ".join(fold(words).replace(".", " ").split())


def insee_of(record: TableRecord) -> str:
    """With the zero that a spreadsheet drops, or in brackets after a name; nothing for what is no code."""
    code = record.words("insee").strip().upper()
    if not code and (match := _CODE_AFTER.search(record.words("commune"))):
        code = match[1].upper()
    code = code.zfill(5) if code.isdigit() and len(code) == 4 else code
    return code if len(code) == 5 and code.isalnum() else ""


def suggested(record: TableRecord) -> str:
    """A commune accepted from the row above."""
    commune = record.cells.get("commune")
    return commune.cell.text if commune and not commune.cell.ask else ""


def commune_words(why: str) -> str:
    return french_spaces(f"Commune : {why}")
