"""Giving a table of families, and saying what its columns are."""

from typing import Any

from django import forms

from jalons.core.forms import JalonsForm, dress
from jalons.core.values import french_spaces
from jalons.households.imports.columns import fields
from jalons.households.imports.content import ImportChoices, SheetChoices
from jalons.households.imports.services import OpenedImport
from jalons.imports.forms import GiveForm

NOT_TAKEN = "Ne pas reprendre"
Choices = list[tuple[str, str]]


class FamilyTableForm(GiveForm):
    """A file, or a pasted block; and which dispositif accompanies these families."""

    def __init__(self, *args: Any, actions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, writes=False, **kwargs)
        self.fields["dispositif"] = dispositif_field(actions)
        if len(actions) == 1:
            self.fields["dispositif"].initial = actions[0][0]
        self.fields["pasted"].help_text = "Copié d’un tableur, avec sa ligne d’en-têtes."


def dispositif_field(actions: Choices) -> forms.ChoiceField:
    field = forms.ChoiceField(
        label="Dispositif qui accompagne ces familles",
        required=False,
        choices=[("", "Aucun, ou plusieurs"), *actions],
        help_text="Leurs dates d’entrée et de sortie seront celles de ce dispositif.",
    )
    dress(field)
    return field


class FamilyColumnsForm(JalonsForm):
    """For each sheet: whether it is taken, what its rows are, and a field for each column."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    ROWS = (("people", "une personne"), ("families", "une famille entière"))
    GROUPS = (
        ("reference", "la colonne « Famille »"),
        ("heading", "un titre au-dessus de ses lignes"),
        ("name", "le même nom, sur des lignes qui se suivent"),
        ("row", "rien : chaque ligne est une famille"),
    )

    def __init__(
        self, *args: Any, held: OpenedImport, actions: Choices, sites: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        self.fields["version"].initial = held.stored.version
        self.fields["dispositif"] = dispositif_field(actions)
        self.fields["dispositif"].initial = held.choices.dispositif
        if held.families.restarts:
            self.add("together", forms.BooleanField(
                label="Une même référence dans deux onglets est la même famille",
                required=False,
                initial=held.choices.together,
            ))  # fmt: skip
        offered: Choices = [("", NOT_TAKEN), *((key, known.label) for key, known in fields().items())]
        for number, (table, chosen) in enumerate(zip(held.tables, held.choices.sheets, strict=True)):
            self.add(f"prise-{number}", forms.BooleanField(
                label="Reprendre cet onglet", required=False, initial=chosen.taken
            ))  # fmt: skip
            self.choice(f"lignes-{number}", "Chaque ligne est", self.ROWS, chosen.rows)
            groups = [(code, french_spaces(words)) for code, words in self.GROUPS]
            self.choice(f"groupe-{number}", "Une famille se reconnaît à", groups, chosen.group)
            self.choice(
                f"lieu-{number}", "Elles vivent toutes à", [("", "Je ne sais pas"), *sites], chosen.site
            )
            for heading in table.headings:
                if heading.column not in held.refused[number]:
                    label = french_spaces(f"Colonne {heading.letter} : {heading.words or 'sans titre'}")
                    self.choice(
                        f"colonne-{number}-{heading.column}",
                        label,
                        offered,
                        chosen.columns.get(heading.column, ""),
                    )

    def add(self, name: str, field: forms.Field) -> None:
        dress(field)
        self.fields[name] = field

    def choice(self, name: str, label: str, choices: Any, initial: str) -> None:
        self.add(name, forms.ChoiceField(label=label, choices=choices, required=False, initial=initial))

    def choices(self) -> ImportChoices:
        """What was chosen, over what had been; answers and decisions stay."""
        cleaned, before = self.cleaned_data, self.held.choices
        sheets = []
        for number, table in enumerate(self.held.tables):
            columns: dict[int, str] = {}
            for heading in table.headings:
                key = cleaned.get(f"colonne-{number}-{heading.column}", "")
                if key and key not in columns.values():
                    columns[heading.column] = key
            sheets.append(
                SheetChoices(
                    taken=cleaned[f"prise-{number}"],
                    columns=columns,
                    rows=cleaned[f"lignes-{number}"] or "people",
                    group=cleaned[f"groupe-{number}"] or "row",
                    site=cleaned[f"lieu-{number}"],
                )
            )
        return ImportChoices(
            sheets,
            cleaned["dispositif"],
            bool(cleaned.get("together", before.together)),
            before.answers,
            before.decisions,
            before.for_all,
        )
