"""What the forms of dispositifs share: rows of one kind, organisations by their name, two people in one form."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.urls import reverse_lazy

from jalons.accounts.models import Organisation
from jalons.accounts.organisations import Directory
from jalons.core.values import french_spaces, join_or
from jalons.editing.rows import RowForm

# --- organisations ---------------------------------------------------------------------------------------------


class OrganisationRow(RowForm):
    """A row that names an organisation. `cleaned_data["found"]` is the organisation, or None."""

    organisation = forms.CharField(label="Structure", required=False, max_length=260)

    required_organisation: ClassVar[bool] = True
    role_label: ClassVar[str] = "Structure"

    def __init__(self, *args: Any, directory: Directory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directory = directory
        self.fields["organisation"].label = french_spaces(self.role_label)
        self.fields["organisation"].widget.attrs |= {
            "data-combobox-url": reverse_lazy("actions:organisations"),
            "autocomplete": "off",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("organisation", "")
        cleaned["found"] = None
        if text:
            cleaned["found"] = self.named_organisation(text)
        elif self.required_organisation and "organisation" in cleaned:
            self.add_error("organisation", "Écrivez le nom de la structure, ou videz toute la ligne.")
        return cleaned

    def named_organisation(self, text: str) -> Organisation | None:
        named = self.directory.named(text)
        if len(named) == 1:
            return named[0]
        self.add_error("organisation", french_spaces(self.why_not(text, named)))
        return None

    def why_not(self, text: str, named: Sequence[Organisation]) -> str:
        labels = self.directory.labels
        if named:
            which = join_or([f"« {labels[organisation.pk]} »" for organisation in named[:4]])
            return f"Plusieurs structures s’appellent ainsi : écrivez {which}."
        near = [f"« {labels[organisation.pk]} »" for organisation in self.directory.search(text, 3)]
        meant = f" Vouliez-vous dire {join_or(near)} ?" if near else ""
        quoted = text if len(text) <= 60 else f"{text[:60]}…"
        return (
            f"Jalons ne connaît pas de structure « {quoted} ».{meant} Pour en ajouter une, écrivez à la personne "
            "qui gère les comptes de votre territoire."
        )


def no_repeat(rows: Iterable[OrganisationRow], already: Iterable[int] = ()) -> bool:
    """Says which rows name an organisation named before them. `already`: primary keys named elsewhere."""
    seen = set(already)
    clear = True
    for row in rows:
        organisation = row.cleaned_data.get("found")
        if organisation is not None and organisation.pk in seen:
            row.add_error(
                "organisation", f"{organisation} est déjà dans cette liste\u00a0: videz cette ligne."
            )
            clear = False
        elif organisation is not None:
            seen.add(organisation.pk)
    return clear
