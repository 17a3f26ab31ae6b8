"""Forms of the words of a sheet: résumé, actions, paragraphs."""

from typing import Any

from django import forms

from jalons.conventions.dossier.bullets import from_text, narrative_from, narrative_text, to_text
from jalons.conventions.dossier.row_changes import RowChange
from jalons.conventions.models import ResumeRow, SubAction
from jalons.conventions.sheets import page
from jalons.conventions.sheets.forms import HeadersMain
from jalons.editing.block_forms import BlockForms, BlockMain, BlockRow, area, line

BULLETS = "Une ligne par élément : « - » pour une puce, « -- » pour une sous-puce. Une ligne vide garde l’alignement."


class ResumeMain(HeadersMain):
    attribute, defaults = "resume_headers", page.RESUME_HEADERS


class WordsRow(BlockRow):
    """A row whose columns are words."""

    def record_values(self) -> dict[str, Any]:
        """What changes in the record. Needs `settle`."""
        raise NotImplementedError

    def row_change(self) -> RowChange:
        return RowChange(self.record, {} if self.is_removed else self.record_values(), self.is_removed)


class WordsBlock(BlockForms):
    def row_changes(self) -> list[RowChange]:
        return [row.row_change() for row in self.filled]


class ResumeForm(WordsRow):
    columns = ("description", "start_words", "duration_words")

    description = area("Description de l’action", 4, BULLETS)
    start_words = line("Date de mise en place")
    duration_words = line("Durée")

    def initial_of(self, record: Any) -> dict[str, Any]:
        if record is None:
            return {}
        return {
            "description": to_text(record.description),
            "start_words": record.start_words,
            "duration_words": record.duration_words,
        }

    def record_values(self) -> dict[str, Any]:
        record_values = self.values_to_save()
        if "description" in record_values:
            record_values["description"] = from_text(
                record_values["description"], getattr(self.record, "description", None)
            )
        return record_values


class ResumeBlock(WordsBlock):
    main_class, row_class = ResumeMain, ResumeForm
    model = ResumeRow


class ActionsMain(HeadersMain):
    attribute, defaults, beside = "sub_action_headers", page.ACTION_HEADERS, ("objective_heading",)

    objective_heading = line("Titre du tableau", 200)

    def initial_of(self, record: Any) -> dict[str, Any]:
        return {**super().initial_of(record), "objective_heading": page.objective_heading(record)}


class ActionForm(WordsRow):
    columns = ("action", "progress", "calendar", "partners", "is_new")
    cells_of_words = ("progress", "calendar", "partners")
    word = "Action"

    action = area("Action mise en place", 6)
    progress = area("État d’avancement", 6)
    calendar = area("Calendrier", 6)
    partners = area("Partenaires", 6)
    is_new = forms.BooleanField(label="Nouveau", required=False)

    def __init__(self, *args: Any, headers: Any = page.ACTION_HEADERS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, header in zip(self.columns, headers, strict=False):
            self.fields[name].label = header

    def initial_of(self, record: Any) -> dict[str, Any]:
        if record is None:
            return {}
        words = {name: to_text(getattr(record, name)) for name in self.cells_of_words}
        return {"action": record.action, **words, "is_new": bool(record.is_new)}

    def record_values(self) -> dict[str, Any]:
        record_values = self.values_to_save()
        for name in self.cells_of_words:
            if name in record_values:
                record_values[name] = from_text(record_values[name], getattr(self.record, name, None))
        if "action" in record_values:
            record_values["action"] = record_values["action"].replace("\r\n", "\n").strip()
            before = dict(getattr(self.record, "kept", None) or {})
            # What the transcription knew of the former words.
            record_values["kept"] = {
                name: value for name, value in before.items() if name not in ("action_items", "label")
            }
        return record_values


class ActionsBlock(WordsBlock):
    main_class, row_class = ActionsMain, ActionForm
    model = SubAction


class NarrativeMain(BlockMain):
    columns = ("heading", "text")

    heading = line("Titre", 200)
    text = area("Texte", 22, "Une ligne par paragraphe ; « - » au début d’une ligne pour une puce.", 60_000)

    def initial_of(self, record: Any) -> dict[str, Any]:
        narrative = record.narrative or {}
        return {"heading": str(narrative.get("heading") or ""), "text": narrative_text(narrative)}


class NarrativeBlock(BlockForms):
    main_class = NarrativeMain

    def commitment(self) -> dict[str, Any]:
        values, stands = self.main.values_to_save(), self.main.initial_of(self.record)
        if not values:
            return {}
        heading, text = ((values.get(name, stands[name]) or "") for name in ("heading", "text"))
        return {"narrative": narrative_from(heading.strip(), text, self.record.narrative)}
