"""The form of a follow-up: what is asked, pre-filled with what was told the last time."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from jalons.actions.enums import Block, Difficulty, Job
from jalons.actions.services import Worker
from jalons.core.forms import CodesField, FrenchDateField
from jalons.core.values import Value, fold, format_date, format_number, format_value, french_spaces
from jalons.editing.fact_forms import CARRIED, FactForm, long_text
from jalons.indicators.checks import (
    Computed,
    Warning,
    completed,
    computed,
    detail_label,
    follow_up_warnings,
    zero_of,
)
from jalons.indicators.enums import Relation
from jalons.indicators.forms.figures import (
    WholeFteField,
    field_name,
    fields_of,
    initial_of,
    value_in,
    whole_name,
)
from jalons.indicators.forms.lines import BlockShown, FigureLine, FormTeam
from jalons.indicators.forms.offered import Offered, offered_before, says
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.asked import AskedBlock
from jalons.indicators.selectors.last import Filling
from jalons.indicators.services import FollowUpContent
from jalons.sites.forms.common import today, today_at_most

SPARE_JOBS = 2
MAX_COMMENT = 2000
# What a draft never holds: what only carries the form.
NOT_TYPED = {*CARRIED, "csrfmiddlewaretoken", "seen_warnings", "offered"}
MAX_DRAFT = 60_000  # characters: thirty long comments


class FollowUpForm(FactForm):
    """One report. `filling`: what is asked and what was told before; `offers_same`: « rien n’a changé » is proposed."""

    on = FrenchDateField(
        label="Quelle est la date d’actualisation des données ?",
        help_text="",  # the box shows today, written as dates are; on a phone the first figure needs the room
        not_after=today_at_most,
        initial=today,
    )
    touched = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    offered = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    seen_warnings = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(self, *args: Any, filling: Filling, offers_same: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filling, self.offers_same = filling, offers_same
        self.restored: frozenset[str] = frozenset()
        self.told_values: dict[int, Value] = {}
        self.page_offer: Offered | None = None
        self.glanced: Mapping[int, Value] = {}
        self.day: dt.date | None = None  # as it was read, even when it is refused afterwards
        if offers_same and filling.last:
            label = "Rien d’autre n’a changé : tout reprendre"
            self.add_field("same_all", forms.BooleanField(required=False, label=label))
            if filling.previous and filling.after_a_gap(today()):
                label = f"Aucun mouvement depuis le {format_date(filling.previous.valid_on)} : écrire 0"
                self.add_field("no_movement", forms.BooleanField(required=False, label=label))
        for block in filling.blocks:
            self.add_block(block)
        self.add_team()
        if "reason" in self.fields:
            self.fields["reason"] = self.fields.pop("reason")  # asked last
        self.prefilled = self.prefill() if offers_same else {}
        self.initial = {**self.prefilled, **self.initial}

    # --- fields

    def add_block(self, block: AskedBlock) -> None:
        code, label = block.block, str(block.block.label)
        if self.offers_same and self.filling.told_before(block):
            words = "Rien n’a changé dans cette partie"
            self.add_field(f"same_{code}", forms.BooleanField(required=False, label=words))
        for indicator in block.entered:
            for name, made in fields_of(indicator).items():
                self.add_field(name, made)
        self.add_field(f"comment_{code}", long_text(f"Commentaire : {label}", MAX_COMMENT))
        if Block(block.block).asks_difficulties:
            choices = [(difficulty.value, str(difficulty.label)) for difficulty in Difficulty]
            self.add_field("difficulties", CodesField(label="Difficultés rencontrées", choices=choices))
            note = forms.CharField(label="Autre : préciser", required=False, max_length=200)
            self.add_field("difficulty_note", note)

    def add_team(self) -> None:
        if not self.offers_same:  # a correction of figures leaves the team alone
            return
        jobs = [("", "Choisir un métier"), *((job.value, str(job.label)) for job in Job)]
        for place in range(len(self.filling.team) + SPARE_JOBS):
            self.add_field(f"job_{place}", forms.ChoiceField(label="Métier", choices=jobs, required=False))
            note = forms.CharField(label="Précision", required=False, max_length=80)
            self.add_field(f"job_note_{place}", note)
            self.add_field(
                f"fte_{place}",
                WholeFteField(label="ETP", required=False, minimum=0, maximum=999, decimals=2),
            )

    def prefill(self) -> dict[str, Any]:
        """Stocks as they were told the last time. A flow said again would invent facts."""
        initial: dict[str, Any] = {}
        for pk, indicator in self.filling.indicators.items():
            if not indicator.is_flow and pk in self.filling.last:
                initial |= initial_of(indicator, self.filling.last[pk].value)
        previous = self.filling.previous
        if previous is not None and "difficulties" in self.fields:
            initial |= {
                "difficulties": tuple(previous.difficulties),
                "difficulty_note": previous.difficulty_note,
            }
        for place, worker in enumerate(self.filling.team):
            fte = WholeFteField.OCCASIONAL if worker.fte is None else worker.fte
            initial |= {f"job_{place}": worker.job, f"fte_{place}": fte, f"job_note_{place}": worker.job_note}
        return initial

    # --- what was typed before

    def differing(self, data: QueryDict) -> dict[str, list[str]]:
        """What was typed and is not already in a fresh form: what a draft holds."""
        typed_by_name: dict[str, list[str]] = {}
        fresh = {name for name in self.fields if name not in NOT_TYPED}
        # Nothing ticked any more sends nothing: that is a change too, when some were.
        sent = {name for name in fresh if name in data or isinstance(self.fields[name], CodesField)}
        for name in sorted(sent):
            typed = [text.replace("\x00", "") for text in data.getlist(name)]
            if typed != self.shown_texts(name):
                typed_by_name[name] = typed
        return typed_by_name

    def shown_texts(self, name: str) -> list[str]:
        """What the browser sends of a field that nobody touched."""
        initial = self.get_initial_for_field(self.fields[name], name)
        if isinstance(initial, list | tuple):
            return [str(item) for item in initial]
        prepared = self.fields[name].prepare_value(initial)
        return ["" if prepared is None else str(prepared)]

    def restore(self, typed: Mapping[str, Sequence[str]]) -> None:
        """Put back what was typed elsewhere (a draft, another form), not judged yet."""
        for name, texts in typed.items():
            if name in self.fields and name not in NOT_TYPED:
                several = isinstance(self.fields[name], CodesField)
                self.initial[name] = list(texts) if several else "".join(texts[-1:])
        self.restored = frozenset(typed)

    # --- reading

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.day = self.cleaned_data.get("on")
        for pk, indicator in self.filling.indicators.items():
            if field_name(indicator) in self.errors or whole_name(indicator) in self.errors:
                continue
            try:
                self.told_values[pk] = value_in(indicator, self.cleaned_data)
            except ValidationError as error:
                self.add_error(whole_name(indicator), error)
        for name in [name for name in self.fields if name.startswith("job_") and name[4:].isdigit()]:
            self.check_job(name.removeprefix("job_"))
        other = Difficulty.OTHER in self.cleaned_data.get("difficulties", ())
        if other and self.cleaned_data.get("difficulty_note") == "":
            self.add_error("difficulty_note", "Dites en quelques mots laquelle.")
        return self.cleaned_data

    def check_job(self, place: str) -> None:
        job, fte = self.cleaned_data.get(f"job_{place}"), self.cleaned_data.get(f"fte_{place}")
        if job and fte is None and f"fte_{place}" not in self.errors:
            self.add_error(f"fte_{place}", "Indiquez un nombre d’ETP, ou «\u00a0ponctuel\u00a0».")
        if fte is not None and not job and f"job_{place}" not in self.errors:
            self.add_error(f"job_{place}", "Choisissez le métier.")

    @property
    def same_blocks(self) -> set[str]:
        """The blocks that were said to have nothing else new."""
        every = bool(self.cleaned_data.get("same_all"))
        codes = (block.block for block in self.filling.blocks if f"same_{block.block}" in self.fields)
        return {code for code in codes if every or self.cleaned_data.get(f"same_{code}")}

    def values(self) -> dict[int, Value]:
        """What was typed and could be read, with the zeros of the blocks where nothing else changed.

        After a gap longer than the rhythm, a movement stays empty unless the person says that there was none.
        """
        values = dict(self.told_values)
        moved = not self.cleaned_data.get("no_movement")
        if moved and self.offers_same and self.day and self.filling.after_a_gap(self.day):
            return values
        same = self.same_blocks
        for block in self.filling.blocks:
            if block.block in same:
                values = completed(block.indicators, values)
        return values

    def report(self) -> FollowUpContent:
        """The `Told` of the service. Needs `is_valid`."""
        values = self.values()
        given = self.from_register(values)
        touched = set(self.cleaned_data["touched"].split())
        again = {
            pk
            for pk, indicator in self.filling.indicators.items()
            if self.is_again(indicator, values)
            and pk not in given
            and not touched & {field_name(indicator), whole_name(indicator)}
        }
        difficulties = self.cleaned_data.get("difficulties", ())
        note = self.cleaned_data.get("difficulty_note", "")
        return FollowUpContent(
            on=self.cleaned_data["on"],
            values=values,
            unchanged=frozenset(again) if self.offers_same else frozenset(),
            unchanged_blocks=tuple(code for code in Block if code in self.unchanged_blocks(values)),
            comments=self.comments(),
            difficulties=difficulties,
            difficulty_note=note if Difficulty.OTHER in difficulties else "",
            from_register=given,
        )

    def from_register(self, values: Mapping[int, Value]) -> frozenset[int]:
        """Of what is sent, the numbers that a register offered for this very report."""
        numbers = offered_before(
            self.cleaned_data.get("offered", ""),
            action=self.filling.action.pk,
            reporter=self.filling.reporter.pk,
            on=self.cleaned_data["on"],
        )
        return frozenset(pk for pk, number in numbers.items() if pk in values and says(values[pk], number))

    def comments(self) -> dict[str, str]:
        return {
            str(block.block): self.cleaned_data.get(f"comment_{block.block}", "")
            for block in self.filling.blocks
        }

    def is_again(self, indicator: Indicator, values: Mapping[int, Value]) -> bool:
        """A stock said as the last time."""
        before = self.filling.last.get(indicator.pk)
        return not indicator.is_flow and before is not None and values.get(indicator.pk) == before.value

    def unchanged_blocks(self, values: Mapping[int, Value]) -> set[str]:
        """Of the blocks said unchanged, those where no figure says otherwise."""
        return {
            block.block
            for block in self.filling.blocks
            if block.block in self.same_blocks
            and all(
                self.is_again(indicator, values)
                or values.get(indicator.pk, Value.empty()) in (Value.empty(), zero_of(indicator))
                for indicator in block.entered
                if indicator.is_flow or indicator.pk in self.filling.last
            )
        }

    def team(self) -> list[Worker] | None:
        """The team that was typed, or None when it is the one of the last time."""
        rows = [
            Worker(
                self.cleaned_data[name],
                None
                if self.cleaned_data[f"fte_{place}"] == WholeFteField.OCCASIONAL
                else self.cleaned_data[f"fte_{place}"],
                self.cleaned_data[f"job_note_{place}"],
            )
            for name in self.fields
            if (match := re.fullmatch(r"job_(\d+)", name)) and self.cleaned_data[name]
            for place in match.groups()
        ]
        return None if rows == list(self.filling.team) else rows

    # --- showing

    def glance(self) -> dict[int, Value]:
        """The values as they are on the page: typed when something was, else those that it opened with."""
        if self.is_bound:
            self.is_valid()
            return self.values()
        opened = FollowUpForm(self.as_data(), filling=self.filling, offers_same=self.offers_same)
        opened.is_valid()
        return opened.values()

    def as_data(self) -> QueryDict:
        data = QueryDict(mutable=True)
        for name in self.fields:
            if name not in NOT_TYPED:
                data.setlist(name, [text for text in self.shown_texts(name) if text not in ("", "False")])
        return data

    def every_indicator(self) -> list[Indicator]:
        return [indicator for block in self.filling.blocks for indicator in block.indicators]

    def computed(self, values: Mapping[int, Value]) -> Computed:
        return computed(self.every_indicator(), values)

    def warnings(self, values: Mapping[int, Value]) -> list[Warning]:
        return follow_up_warnings(self.every_indicator(), values, self.filling.last)

    def shown_blocks(
        self, values: Mapping[int, Value], offered: Offered | None = None
    ) -> Iterator[BlockShown]:
        self.page_offer, self.glanced = offered, values
        sums = self.computed(values)
        before = self.filling.previous.comments if self.filling.previous else {}
        for block in self.filling.blocks:
            code = block.block
            same = self[f"same_{code}"] if f"same_{code}" in self.fields else None
            difficult = ("difficulties", "difficulty_note") if Block(code).asks_difficulties else ()
            yield BlockShown(
                code,
                tuple(self.lines_of(block, None, sums)),
                same,
                self[f"comment_{code}"],
                tuple((self[name], self.carried_difficulties(name)) for name in difficult),
                any(indicator.is_flow for indicator in block.entered),
                str(before.get(str(code), "")),
            )

    def lines_of(self, block: AskedBlock, parent: Indicator | None, sums: Computed) -> Iterator[FigureLine]:
        among = {indicator.pk for indicator in block.indicators}
        for indicator in block.indicators:
            above = indicator.parent_id if indicator.parent_id in among else None
            if above != (parent.pk if parent else None):
                continue
            names = [name for name in (field_name(indicator), whole_name(indicator)) if name in self.fields]
            inside = tuple(self.lines_of(block, indicator, sums))
            fold_them = indicator.is_flow and not indicator.is_computed
            folded = tuple(line for line in inside if fold_them and line.indicator.relation == Relation.AMONG)
            yield FigureLine(
                indicator,
                detail_label(indicator),
                f"{parent.label}, " if parent and indicator.relation == Relation.AMONG else "",
                tuple(self[name] for name in names),
                self.hint(indicator, parent),
                self.carried(indicator),
                sums.words(indicator.pk),
                tuple(line for line in inside if line not in folded),
                folded,
                any(
                    bound.errors or bound.value() or line.offered for line in folded for bound in line.bounds
                ),
                self.page_offer.line(indicator, self.glanced.get(indicator.pk, Value.empty()))
                if self.page_offer and not indicator.is_computed
                else None,
            )

    def hint(self, indicator: Indicator, parent: Indicator | None) -> str:
        """« contrats · 31/01 : 3 »: the unit where the label does not say it, the last value of a flow."""
        parts = []
        label_words = fold(f"{indicator.label} {parent.label if parent else ''}")
        if indicator.unit and fold(indicator.unit) not in label_words and not parent:
            parts.append(indicator.unit)
        last = self.filling.last.get(indicator.pk)
        if last and (indicator.is_flow or not self.offers_same):
            parts.append(french_spaces(f"{format_date(last.on)} : {format_value(last.value)}"))
        return " · ".join(parts)

    def carried(self, indicator: Indicator) -> str:
        """« repris du 31/01/2020 » while the boxes hold what was told before."""
        names = [name for name in (field_name(indicator), whole_name(indicator)) if name in self.prefilled]
        last = self.filling.last.get(indicator.pk)
        if not names or last is None or set(names) & self.restored:
            return ""
        if self.is_bound and any(self[name].value() != self.shown_texts(name)[0] for name in names):
            return ""
        return f"repris du {format_date(last.on)}"

    def carried_difficulties(self, name: str) -> str:
        previous = self.filling.previous
        if name != "difficulties" or previous is None or not self.prefilled.get(name) or self.is_bound:
            return ""
        return "" if name in self.restored else f"reprises du {format_date(previous.valid_on)}"

    def shown_team(self) -> FormTeam:
        rows = [
            (self[name], self[f"job_note_{name[4:]}"], self[f"fte_{name[4:]}"])
            for name in self.fields
            if re.fullmatch(r"job_\d+", name)
        ]
        names = {bound.name for row in rows for bound in row}
        wrong = self.is_bound and names & set(self.errors)
        jobs = [
            f"{Job(worker.job).label} ({'ponctuel' if worker.fte is None else f'{format_number(worker.fte)} ETP'})"
            for worker in self.filling.team
        ]
        return FormTeam(rows, french_spaces(", ".join(jobs)), bool(wrong or names & self.restored))
