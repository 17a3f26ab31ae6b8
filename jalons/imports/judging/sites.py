"""A table of sites: for each row, which site, which date, what changes, and what would be written."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.core.values import format_date, french_spaces
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict, RowOutcome
from jalons.imports.judging.candidates import site_candidates
from jalons.imports.judging.closings import RowClosing, closing_cells, closing_of, closing_refusal
from jalons.imports.judging.communes import CommuneNames, FoundCommune, commune_words
from jalons.imports.judging.descriptions import DESCRIBED, described, installed_on, judge_description
from jalons.imports.judging.known import KnownFacts, names_of, sites_around
from jalons.imports.judging.replies import LEAVE, NEW, Replies, Reply, answered_records
from jalons.imports.judging.site_plans import SitePlan
from jalons.imports.judging.values import ANSWERS, judge_answer, judge_count
from jalons.imports.judging.verdicts import JudgedCell, JudgedLine, worst
from jalons.imports.matching.choosing import Written
from jalons.imports.permissions import own_territory
from jalons.imports.reading.typed import Meaning
from jalons.imports.targets.records import TableRecord
from jalons.sites.models import LivingConditions, Site, Survey
from jalons.sites.nearby import distance

NEAR_METRES = 300
LONGEST_NOTE = 1000
AHEAD = dt.timedelta(days=1)  # an evening overseas is tomorrow in Paris
PLACE = ("code", "insee", "postcode", "commune", "name", "address", "latitude", "longitude")


class SiteJudge:
    """Judges every row of a table in a constant number of queries.

    `rehearsal`: as for someone who may write wherever they read; nothing comes of it.
    """

    def __init__(self, chosen: ChosenTable, by: Actor, replies: Replies, *, rehearsal: bool = False) -> None:
        self.chosen, self.by, self.replies = chosen, by, replies
        self.records = self.answered()
        reads = territory_of(by.user, Right.READ_SITES)
        self.updates = reads if rehearsal else own_territory(by, Right.UPDATE_SITE)
        self.declares = reads if rehearsal else own_territory(by, Right.DECLARE_SITE)
        self.closes = reads if rehearsal else own_territory(by, Right.CLOSE_SITE)
        self.communes = CommuneNames((self.updates | self.declares) or reads, self.records)
        self.places = {record.row: self.communes.find(record) for record in self.records}
        found = {place.commune.pk for place in self.places.values() if place.commune}
        self.sites = sites_around(by.user, found)
        self.names = names_of(self.sites)
        self.taken: dict[tuple[str, ...], int] = {}
        self.doubles: dict[int, int] = {}  # line of a site and day that an earlier line has
        self.addresses: dict[tuple[str, ...], str | None] = {}  # of new sites; None: of a closed one

    def answered(self) -> list[TableRecord]:
        return answered_records(self.chosen, self.replies)

    def reply(self, record: TableRecord) -> Reply:
        return self.replies.get(record.line, Reply())

    def lines(self) -> list[JudgedLine]:
        lines = [self.recognised(record) for record in self.records]
        days = {record.row: self.day_of(record) for record in self.records}
        sites = [line.site for line in lines if line.site]
        self.facts = KnownFacts(sites, [day for day in days.values() if day], self.by)
        for line, record in zip(lines, self.records, strict=True):
            self.judge(line, record, days[record.row])
        self.doubt_firsts({line.line: line for line in lines})
        return lines

    def doubt_firsts(self, lines: Mapping[int, JudgedLine]) -> None:
        """Of two rows that count one site differently on one day, neither is taken before somebody has chosen."""
        for second, first in self.doubles.items():
            line, other = lines[first], lines[second]
            is_chosen = bool(self.replies.get(first, Reply()).decision)
            if line.plan is not None and not is_chosen and counted_in(line) != counted_in(other):
                line.plan, line.verdict = None, CellVerdict.DOUBTFUL
                line.why = french_spaces(
                    f"le même site et la même date que la ligne {second}, avec d’autres chiffres"
                )

    # Which site ------------------------------------------------------------------------------------------------

    def recognised(self, record: TableRecord) -> JudgedLine:
        place = self.places[record.row]
        label = record.words("name") or record.words("address") or record.words("code")
        line = JudgedLine(record.line, label[:200], place=str(place.commune or record.words("commune")))
        line.commune = place.commune
        decision = self.reply(record).decision
        if decision == LEAVE:
            line.outcome, line.why = (
                RowOutcome.LEFT,
                french_spaces("laissée de côté, comme vous l’avez choisi"),
            )
            return line
        if decision in self.sites:
            line.site, line.outcome = self.sites[decision], RowOutcome.THIS
            line.why = french_spaces("le site que vous avez choisi")
            return line
        self.match(line, record, place, forced=decision == NEW)
        return line

    def match(self, line: JudgedLine, record: TableRecord, place: FoundCommune, *, forced: bool) -> None:
        if place.commune is None and not record.words("code"):
            line.outcome, line.why = RowOutcome.CHOOSE, commune_words(place.why)
            return
        written = Written(
            record.words("name"),
            place.commune.pk if place.commune else "",
            record.words("address"),
            record.words("code").strip().lower(),
            self.within_sight(record),
        )
        match = self.names.match(written)
        line.outcome, line.why = match.outcome, french_spaces(match.why)
        if match.outcome is RowOutcome.THIS:
            line.site = self.sites[match.key]
        line.point = point_of(record)
        line.candidates = site_candidates([self.sites[one.key] for one in match.candidates], line.point)
        if record.twin is not None and line.site is not None:
            line.candidates, line.outcome = site_candidates([line.site], line.point), RowOutcome.CHOOSE
            line.site, line.why = (
                None,
                french_spaces(f"les mêmes chiffres que {self.twin_words(record.twin)}"),
            )
        elif line.site is not None and self.is_to_confirm(record):
            line.candidates, line.outcome = site_candidates([line.site], line.point), RowOutcome.CHOOSE
            line.site, line.why = (
                None,
                french_spaces("ligne barrée, ou qui dit une fermeture : fermez le site à part"),
            )
        if forced:
            line.site, line.outcome, line.why = (
                None,
                RowOutcome.NEW,
                french_spaces("un nouveau site, à votre avis"),
            )

    def twin_words(self, row: int) -> str:
        return self.chosen.table.places.get(row) or f"la ligne {row + 1}"

    def is_to_confirm(self, record: TableRecord) -> bool:
        """A struck row, or one that tells a closing; the closings of the national platform are not doubtful."""
        is_national = bool(self.chosen.table.context.unsaid) and self.closing(record) is not None
        return record.is_struck or (bool(record.closed_on) and not is_national)

    def within_sight(self, record: TableRecord) -> frozenset[str]:
        point = point_of(record)
        if point is None:
            return frozenset()
        near = {
            key: distance(*point, site.latitude, site.longitude)
            for key, site in self.sites.items()
            if site.latitude is not None
        }
        return frozenset(key for key, metres in near.items() if metres is not None and metres <= NEAR_METRES)

    # Which day, and what changes -----------------------------------------------------------------------------------

    def day_of(self, record: TableRecord) -> dt.date | None:
        """When its people were counted: at the latest the day before the site was closed."""
        day, closing = self.written_day(record), self.closing(record)
        if closing is None:
            return day
        return closing.eve if day is None or day > closing.eve else day

    def closing(self, record: TableRecord) -> RowClosing | None:
        return closing_of(record, self.reply(record))

    def written_day(self, record: TableRecord) -> dt.date | None:
        observed_on = record.cells.get("observed_on")
        if observed_on is None or observed_on.cell.is_empty or observed_on.cell.emptiness is not None:
            return self.chosen.choices.day
        return observed_on.cell.day

    def judge(self, line: JudgedLine, record: TableRecord, day: dt.date | None) -> None:
        if day is not None and "observed_on" in record.cells:
            line.place = f"{line.place} · {format_date(day)}".removeprefix(" · ")
        self.judge_values(line, record, day)
        verdicts = [cell.verdict for cell in line.cells]
        refusal = self.refusal(line, record, day)
        if refusal:
            line.verdict, line.why = refusal[0], french_spaces(refusal[1])
            return
        assert day is not None  # noqa: S101  # `refusal` said so
        undecided = [cell for cell in line.cells if cell.verdict is CellVerdict.DOUBTFUL]
        line.verdict = worst(verdicts)
        if any(cell.key == "people" for cell in undecided):
            return  # the number of people is what a count is about: the row waits
        plan = self.plan(line, record, day)
        if plan.site is not None and not plan.counts and plan.answers is None and plan.closing is None:
            line.verdict, line.why = CellVerdict.SAME, french_spaces("rien à enregistrer : aucun chiffre")
            return
        line.plan = plan
        line.basis = self.basis(line, day)

    def refusal(
        self, line: JudgedLine, record: TableRecord, day: dt.date | None
    ) -> tuple[CellVerdict, str] | None:
        """Why the row is not written; None when it may be."""
        if line.outcome is RowOutcome.LEFT:
            return CellVerdict.SAME, line.why
        if line.outcome is RowOutcome.CHOOSE:
            return CellVerdict.DOUBTFUL, line.why
        if day is None:
            observed_on = record.cells.get("observed_on")
            return (
                CellVerdict.DOUBTFUL,
                observed_on.cell.reason if observed_on and observed_on.cell.ask else "la date n’est pas dite",
            )
        if day > self.chosen.today + AHEAD:
            return CellVerdict.REFUSED, f"le {format_date(day)} est à venir"
        if record.closing_words and not self.reply(record).decision and self.closing(record) is None:
            return CellVerdict.DOUBTFUL, f"« {record.closing_words[:80]} » : ce site est-il ouvert ?"
        if line.site is None:
            return self.refusal_of_new(line, record, day)
        return self.refusal_of_known(line, record, line.site, day)

    def refusal_of_new(
        self, line: JudgedLine, record: TableRecord, day: dt.date
    ) -> tuple[CellVerdict, str] | None:
        if line.commune is None:
            return CellVerdict.DOUBTFUL, line.why
        if not self.declares.covers(line.commune):
            return CellVerdict.REFUSED, f"vous ne pouvez pas déclarer de site à {line.commune.name}"
        if not record.words("name") and not record.words("address"):
            return CellVerdict.REFUSED, "ni nom ni adresse : rien ne désigne ce site"
        if closing := self.closing(record):
            may_close = self.closes.covers(line.commune)
            refusal = closing_refusal(closing, installed_on(record), self.chosen.today, may_close=may_close)
            if refusal:
                return refusal
        elif record.closed_on:
            closed = format_date(record.closed_on)
            if self.reply(record).decision != NEW:
                return (
                    CellVerdict.DOUBTFUL,
                    f"la remarque dit une fermeture le {closed} : ce site est-il ouvert ?",
                )
        group = (line.commune.pk, line.label.casefold())
        is_closed = self.closing(record) is not None or bool(record.closed_on)
        address = None if is_closed else record.words("address").casefold()
        if group in self.addresses and (address is None or address != self.addresses[group]):
            return self.twice(group, line)
        self.addresses[group] = address
        self.taken.setdefault(group, line.line)
        return self.twice((*group, day.isoformat()), line)

    def refusal_of_known(
        self, line: JudgedLine, record: TableRecord, site: Site, day: dt.date
    ) -> tuple[CellVerdict, str] | None:
        line.commune = site.commune
        if not self.updates.covers(site.commune):
            return CellVerdict.REFUSED, f"vous ne pouvez pas écrire sur les sites de {site.commune.name}"
        known: Any = site
        if closing := self.closing(record):
            if known.ended_on == closing.on:
                return CellVerdict.SAME, f"déjà fermé le {format_date(closing.on)}"
            may_close = self.closes.covers(site.commune) and not known.ended_on
            opened = known.opened_on if known.is_dated else None
            if not known.ended_on and (
                refusal := closing_refusal(closing, opened, self.chosen.today, may_close=may_close)
            ):
                return refusal
        if known.ended_on and known.ended_on <= day:
            return CellVerdict.REFUSED, f"ce site est fermé depuis le {format_date(known.ended_on)}"
        if known.is_dated and day < known.opened_on:
            return (
                CellVerdict.REFUSED,
                f"ce site est installé depuis le {format_date(known.opened_on)} seulement",
            )
        return self.twice((site.public_id, day.isoformat()), line)

    def twice(self, key: tuple[str, ...], line: JudgedLine) -> tuple[CellVerdict, str] | None:
        first = self.taken.setdefault(key, line.line)
        if first == line.line:
            return None
        self.doubles[line.line] = first
        return CellVerdict.DOUBTFUL, f"le même site et la même date que la ligne {first}"

    def judge_values(self, line: JudgedLine, record: TableRecord, day: dt.date | None) -> None:
        figure = self.facts.figure(line.site, day) if line.site and day else None
        state = self.facts.state(line.site, day) if line.site and day else None
        known = self.facts.mine(line.site, day) if line.site and day else None
        if (closing := self.closing(record)) and line.outcome in (RowOutcome.THIS, RowOutcome.NEW):
            line.cells += closing_cells(record, closing, "ouvert" if line.site else "")
        for key, told in record.cells.items():
            label = self.chosen.target.fields[told.guess.field].label
            if key in Survey.COUNTS:
                line.cells.append(judge_count(told, label, figure))
            elif key in ANSWERS:
                line.cells.append(judge_answer(told, label, state))
            elif key in DESCRIBED and not told.cell.is_empty:
                line.cells.append(judge_description(told, label, line.site))
            elif told.cell.ask or (key == "note" and not told.cell.is_empty):
                verdict = CellVerdict.DOUBTFUL if told.cell.ask and key != "note" else CellVerdict.NEW
                if key == "note" and known is not None and known.note == told.cell.text[:LONGEST_NOTE]:
                    verdict = CellVerdict.SAME
                after = format_date(told.cell.day) if told.cell.day else told.cell.text
                reason = told.cell.reason or told.cell.note
                cell = JudgedCell(
                    key, label, told.reference, told.raw.text, verdict, after=after, rule=reason
                )
                cell.suggest = "" if told.cell.suggest is None else str(told.cell.suggest)
                line.cells.append(cell)

    def plan(self, line: JudgedLine, record: TableRecord, day: dt.date) -> SitePlan:
        assert line.commune is not None  # noqa: S101  # the caller checked
        figure = self.facts.figure(line.site, day) if line.site else None
        mine = self.facts.mine(line.site, day) if line.site else None
        state = self.facts.state(line.site, day) if line.site else None
        told = {key: record.cells[key].cell for key in Survey.COUNTS if key in record.cells}
        counts = {key: cell.value for key, cell in told.items() if not cell.is_empty and not_asked(cell)}
        verdicts = {cell.key: cell.verdict for cell in line.cells}
        unchanged = bool(counts) and all(verdicts[key] is CellVerdict.SAME for key in counts)
        written_name = record.words("name")
        plan = SitePlan(
            line.line,
            day,
            line.site,
            line.commune,
            written_name[:120],
            record.words("address")[:200],
            point_of(record),
            counts=counts,
            survey=mine,
            again=figure if unchanged else None,
            answers=self.answers(record, state),
            state=state,
            note=record.words("note")[:LONGEST_NOTE],
            described=described(record),
            installed_on=installed_on(record),
            closing=self.closing(record),
        )
        if line.site and self.reply(record).decision == line.site.public_id:
            plan.alias = written_name[:120]  # next month it is recognised by itself
        return plan

    def answers(
        self, record: TableRecord, state: LivingConditions | None
    ) -> dict[str, dict[str, Any]] | None:
        """The assessment in force with what the row says; None when it says nothing."""
        told = {
            key: record.cells[key].cell.meaning
            for key in ANSWERS
            if key in record.cells and record.cells[key].cell.meaning in (Meaning.YES, Meaning.NO)
        }
        if not told:
            return None
        answers: dict[str, dict[str, Any]] = {
            theme: dict(given) for theme, given in (state.answers if state else {}).items()
        }
        for key, meaning in told.items():
            theme, question = ANSWERS[key]
            answers.setdefault(theme, {})[question] = meaning.value
        return answers

    def basis(self, line: JudgedLine, day: dt.date) -> str:
        """What the row was compared with: another version of any of it, and the row is asked again."""
        if line.site is None:
            return f"new {line.commune.pk if line.commune else ''}"
        facts = (
            self.facts.figure(line.site, day),
            self.facts.mine(line.site, day),
            self.facts.state(line.site, day),
        )
        return " ".join([line.site.public_id, *(str(fact.pk) if fact else "-" for fact in facts)])


def counted_in(line: JudgedLine) -> dict[str, str]:
    return {cell.key: cell.after for cell in line.cells if cell.key in Survey.COUNTS and cell.after}


def not_asked(cell: Any) -> bool:
    return not cell.ask


def point_of(record: TableRecord) -> tuple[float, float] | None:
    told = [
        record.cells[key].cell.number if key in record.cells else None for key in ("latitude", "longitude")
    ]
    latitude, longitude = told
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return float(latitude), float(longitude)
