"""The form that says a past report better."""

from typing import Any

from jalons.actions.enums import Block
from jalons.actions.models import FollowUp
from jalons.core.values import Value
from jalons.indicators.forms.figures import initial_of
from jalons.indicators.forms.fill import FollowUpForm
from jalons.indicators.models import Measurement
from jalons.indicators.selectors.last import Filling, told_with, value_of
from jalons.indicators.services import FollowUpContent


class CorrectionForm(FollowUpForm):
    """`version`: the report under the person's eyes; `figures`: what it told, by indicator."""

    def __init__(
        self, *args: Any, filling: Filling, version: FollowUp, figures: dict[int, Measurement], **kwargs: Any
    ) -> None:
        self.figures, self.version = figures, version
        super().__init__(*args, filling=filling, offers_same=False, correcting=True, **kwargs)
        self.initial = {**self.initial, **self.said_in(version, figures)}
        self.fields[
            "reason"
        ].help_text = ""  # beside the button there is room for one line; the page says it above

    def said_in(self, version: FollowUp, figures: dict[int, Measurement]) -> dict[str, Any]:
        values: dict[str, Any] = {
            "on": version.valid_on,
            "seen": version.pk,
            "difficulties": tuple(version.difficulties),
            "difficulty_note": version.difficulty_note,
        }
        for block in self.filling.blocks:
            values[f"comment_{block.block}"] = version.comments.get(str(block.block), "")
        for pk, indicator in self.filling.indicators.items():
            values |= initial_of(indicator, value_of(figures[pk]) if pk in figures else Value.empty())
        return {name: value for name, value in values.items() if name in self.fields}

    def initial_of(self, fact: FollowUp) -> dict[str, Any]:
        """The fields as another version says them: what a conflict compares."""
        return self.said_in(fact, told_with(fact))

    def report(self) -> FollowUpContent:
        """What was typed; « inchangé » stays on what is left as it was."""
        content = super().report()
        again = {
            pk
            for pk, figure in self.figures.items()
            if figure.unchanged and content.values.get(pk) == value_of(figure)
        }
        blocks = {
            block.block
            for block in self.filling.blocks
            if block.block in self.version.unchanged
            and all(
                content.values.get(indicator.pk, Value.empty())
                == (value_of(self.figures[indicator.pk]) if indicator.pk in self.figures else Value.empty())
                for indicator in block.entered
            )
        }
        return FollowUpContent(
            on=content.on,
            values=content.values,
            unchanged=frozenset(again),
            unchanged_blocks=tuple(block for block in Block if block in blocks),
            comments=content.comments,
            difficulties=content.difficulties,
            difficulty_note=content.difficulty_note,
            from_register=content.from_register,
        )
