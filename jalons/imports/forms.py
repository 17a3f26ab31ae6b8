"""Giving a table, and saying which column is which."""

from typing import Any

from django import forms
from django.conf import settings

from jalons.core.forms import FrenchDateField, JalonsForm
from jalons.core.values import french_spaces
from jalons.documents.checks import size_in_words, too_large
from jalons.documents.forms import UploadField
from jalons.imports.choices import Choices, ChosenTable
from jalons.imports.enums import HOME_ONLY, AbsentChoice, TargetKind
from jalons.imports.judging.absents import AbsentSite
from jalons.imports.reading.table import SheetTable
from jalons.sites.enums import ClosingReason, Reliability, SourceKind

KINDS = ("xlsx", "ods", "csv", "txt")
LONGEST_PASTED = 500_000  # characters
NOT_TAKEN = "Ne pas reprendre"
TAKEN = [choice for choice in TargetKind.choices if choice[0] not in HOME_ONLY]
ASKED: dict[str, tuple[str, ...]] = {
    TargetKind.SITES: ("on", "source_kind", "reliability"),
    TargetKind.CONDITIONS: ("on", "source_kind", "reliability"),
    TargetKind.INDICATORS: ("about", "on"),
    TargetKind.FUNDING: (),
    TargetKind.ORGANISATIONS: (),
    TargetKind.ACTIONS: ("on",),
    TargetKind.DESCRIPTIONS: (),
}


class GiveForm(JalonsForm):
    """A file, or a pasted block. `dropped`: the file was too large and did not arrive."""

    file = UploadField(label="Fichier", required=False)
    dispositif = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    pasted = forms.CharField(
        label="Ou collez le tableau",
        required=False,
        max_length=LONGEST_PASTED,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Copié d’un tableur ou d’un courriel, avec sa ligne d’en-têtes.",
    )
    rehearsal = forms.BooleanField(
        label="Essayer sans rien écrire",
        required=False,
        help_text="Vous verrez tout ce qui se passerait ; rien ne pourra être enregistré.",
    )

    def __init__(self, *args: Any, dropped: bool = False, writes: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped, self.writes = dropped, writes
        self.fields[
            "file"
        ].help_text = f"XLSX, ODS ou CSV. {size_in_words(settings.DOCUMENT_MAX_BYTES)} au plus."
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.ods,.csv,.txt"
        if not writes:
            del self.fields["rehearsal"]

    def clean(self) -> dict[str, Any]:
        read = self.cleaned_data
        if self.dropped:
            self.errors.pop("file", None)
            self.add_error("file", too_large())
        elif "file" in read and not read["file"] and not read.get("pasted", "").strip():
            self.add_error("file", "Choisissez un fichier, ou collez un tableau.")
        elif read.get("file") and read["file"].kind not in KINDS:
            self.add_error(
                "file", french_spaces("Ce n’est pas un tableau : donnez un fichier .xlsx, .ods ou .csv.")
            )
        return read

    @property
    def is_rehearsal(self) -> bool:
        return not self.writes or bool(self.cleaned_data.get("rehearsal"))


class ColumnsForm(JalonsForm):
    """What the table is, its date, its source, and a field for each column."""

    sheet = forms.TypedChoiceField(label="Feuille", coerce=int)
    target = forms.ChoiceField(
        label="Ce tableau contient",
        choices=TAKEN,
    )
    on = FrenchDateField(
        label="Date de la situation",
        required=False,
        not_after=lambda today: today,
        help_text="Pour les lignes qui n’ont pas leur propre date.",
    )
    source_kind = forms.ChoiceField(label="Qui a observé ?", choices=SourceKind)
    reliability = forms.TypedChoiceField(label="Fiabilité", choices=Reliability, coerce=int)
    hidden_rows = forms.BooleanField(label="Reprendre aussi les lignes masquées", required=False)
    about = forms.ChoiceField(
        label="Dispositif", required=False, help_text="Avec la structure dont c’est le suivi."
    )

    def __init__(
        self,
        *args: Any,
        tables: list[SheetTable],
        chosen: ChosenTable,
        filled: list[tuple[str, str]],
        reads_money: bool = True,
        **kwargs: Any,
    ) -> None:
        """`reads_money`: a table of funding is only for who reads funding."""
        super().__init__(*args, **kwargs)
        self.chosen = chosen
        if not reads_money:
            offered = [choice for choice in TAKEN if choice[0] != TargetKind.FUNDING]
            self.fields["target"].choices = offered  # type: ignore[attr-defined]
        self.fields["about"].choices = [("", "Choisir…"), *filled]  # type: ignore[attr-defined]
        for name in sorted({name for names in ASKED.values() for name in names} - set(self.asked)):
            del self.fields[name]
        sheets = [(number, sheet_words(table)) for number, table in enumerate(tables) if table.layout]
        self.fields["sheet"].choices = sheets  # type: ignore[attr-defined]
        taken = [("", NOT_TAKEN)] + [(key, field.label) for key, field in chosen.target.fields.items()]
        for guess in chosen.columns:
            if guess.refused:
                continue
            name = column_name(guess.column)
            self.fields[name] = forms.ChoiceField(
                label=french_spaces(
                    f"Colonne {guess.heading.letter} : {guess.heading.words or 'sans titre'}"
                ),
                choices=taken,
                required=False,
                initial=guess.field,
            )
            self.fields[name].widget.attrs["class"] = "form-select"
        if not chosen.hidden():
            del self.fields["hidden_rows"]

    @property
    def asked(self) -> tuple[str, ...]:
        """What is asked of the whole file, by what the table is."""
        return ASKED[self.chosen.target.kind]

    def choices(self) -> Choices:
        read = self.cleaned_data
        before = self.chosen.choices
        columns = {
            str(guess.column): read[column_name(guess.column)]
            for guess in self.chosen.columns
            if not guess.refused
        }
        return Choices(
            sheet=read["sheet"],
            columns=columns,
            on=read["on"].isoformat() if read.get("on") else "",
            source_kind=read.get("source_kind", before.source_kind),
            reliability=read.get("reliability", before.reliability),
            about=read.get("about", before.about),
            hidden_rows=read.get("hidden_rows", False),
            rules=before.rules,
            absent=before.absent,
            trip=before.trip,
            left_on=before.left_on,
            notes=before.notes,
        )

    def clean(self) -> dict[str, Any]:
        read = self.cleaned_data
        seen: dict[str, str] = {}
        for guess in self.chosen.columns:
            name = column_name(guess.column)
            key = read.get(name, "")
            if (
                key in seen
                and not self.chosen.target.fields[key].periodic
                and not self.chosen.target.fields[key].yearly
            ):
                self.add_error(name, french_spaces(f"La colonne {seen[key]} est déjà prise pour cela."))
            elif key:
                seen[key] = guess.heading.letter
        is_same = read.get("target") == self.chosen.target.kind
        if is_same and "about" in self.fields and not read.get("about") and "action" not in seen:
            self.add_error("about", "Choisissez le dispositif dont c’est le suivi.")
        return read


class AbsentForm(JalonsForm):
    """What becomes of one site that the table does not name."""

    choice = forms.ChoiceField(
        label="Ce site",
        required=False,
        choices=[("", "Laisser tel quel"), *AbsentChoice.choices],
        widget=forms.RadioSelect(attrs={"class": "j-inline"}),
    )
    on = FrenchDateField(label="Fermé le", required=False, not_after=lambda today: today)
    reason = forms.ChoiceField(
        label="Raison", required=False, choices=[("", "À choisir"), *ClosingReason.choices]
    )

    def __init__(self, *args: Any, absent: AbsentSite, **kwargs: Any) -> None:
        super().__init__(*args, prefix=absent.site.public_id, **kwargs)
        self.absent = absent
        shut = set() if absent.may_close else {AbsentChoice.CLOSED.value}
        shut |= set() if absent.figure else {AbsentChoice.STILL.value}
        choice: Any = self.fields["choice"]
        choice.choices = [one for one in choice.choices if one[0] not in shut]
        if not absent.may_close:
            del self.fields["on"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        read = self.cleaned_data
        if read.get("choice") == AbsentChoice.CLOSED:
            if "on" in read and not read["on"]:
                self.add_error("on", "Écrivez la date de la fermeture.")
            if not read.get("reason"):
                self.add_error("reason", "Choisissez une raison, ou « Raison inconnue ».")
        return read

    @property
    def closes(self) -> bool:
        """Its date and reason are looked at."""
        return self["choice"].value() == AbsentChoice.CLOSED

    def answer(self) -> dict[str, str]:
        """As it is kept with the choices of the batch; nothing when the site is left as it is."""
        read = self.cleaned_data
        if read["choice"] == AbsentChoice.CLOSED:
            return {"choice": read["choice"], "on": read["on"].isoformat(), "reason": read["reason"]}
        return {"choice": read["choice"]} if read["choice"] else {}


def sheet_words(table: SheetTable) -> str:
    return f"{table.title or 'Tableau'}{' (masquée)' if table.is_hidden else ''}"


def column_name(column: int) -> str:
    return f"colonne-{column}"
