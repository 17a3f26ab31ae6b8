"""The filters of the directory, and what one shows of oneself."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jalons.accounts.enums import Role
from jalons.accounts.models import Organisation
from jalons.actions.enums import ActionTheme
from jalons.core.form_fields import PlainSelect
from jalons.core.forms import FilterForm, JalonsForm
from jalons.core.values import fold
from jalons.directory.models import EXPERTISE_LENGTH, DirectoryCard, Expertise
from jalons.directory.selectors import DirectoryFilter
from jalons.directory.services import Choice

ALL = ("", "Tous")
MOST_EXPERTISES = 12


class DirectoryForm(FilterForm):
    chip_names = {"q": "Recherche"}
    MAIN = "q departement theme"

    q = forms.CharField(label="Nom ou structure", max_length=120)
    departement = forms.ChoiceField(label="Département", choices=(), widget=PlainSelect)
    theme = forms.ChoiceField(label="Champ d’intervention", choices=[ALL, *ActionTheme.choices])
    role = forms.ChoiceField(label="Rôle (de ceux qui le montrent)", choices=[ALL, *Role.choices])
    domaine = forms.ChoiceField(label="Domaine de compétence", choices=(), widget=PlainSelect)

    def __init__(
        self,
        *args: Any,
        departements: Sequence[tuple[str, str]],
        expertises: Sequence[Expertise],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choose("departement", [ALL, *departements])
        self.choose("domaine", [ALL, *((str(expertise.pk), expertise.label) for expertise in expertises)])

    def choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def asked(self, organisations: frozenset[int] | None = None) -> DirectoryFilter:
        given = self.criteria()
        return DirectoryFilter(
            q=given.get("q", ""),
            departement=given.get("departement", ""),
            theme=given.get("theme", ""),
            role=given.get("role", ""),
            expertise=int(given["domaine"]) if given.get("domaine") else None,
            organisations=organisations,
        )


class ExpertisesField(forms.CharField):
    """Free domains, separated by commas. The value is a tuple of labels, without repetition."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"max_length": 900, "required": False, "widget": forms.Textarea(attrs={"rows": 2}), **kwargs}
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace(";", ",").replace("\n", ",")
        labels: dict[str, str] = {}
        for part in text.split(","):
            if fold(part):  # the first of two spellings
                labels.setdefault(fold(part), " ".join(part.split()))
        for label in labels.values():
            if len(label) > EXPERTISE_LENGTH:
                raise ValidationError(
                    f"«\u00a0{label[:30]}…\u00a0» est trop long\u00a0: {EXPERTISE_LENGTH} caractères au plus."
                )
        if len(labels) > MOST_EXPERTISES:
            raise ValidationError(f"Donnez au plus {MOST_EXPERTISES} domaines.")
        return tuple(labels.values())


class CardForm(JalonsForm):
    """One’s own card, then the domains of each organisation where one works."""

    show_email = forms.BooleanField(label="Mon adresse électronique", required=False)
    phone = forms.CharField(
        label="Mon téléphone",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    show_phone = forms.BooleanField(label="Montrer mon téléphone", required=False)
    show_role = forms.BooleanField(label="Mon rôle dans Jalons", required=False)
    expertises = ExpertisesField(
        label="Mes domaines de compétence",
        help_text="Séparés par des virgules : droit au séjour, scolarisation, romani…",
    )
    show_expertises = forms.BooleanField(label="Montrer mes domaines de compétence", required=False)

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = organisations
        for organisation in organisations:
            self.fields[f"structure-{organisation.pk}"] = ExpertisesField(label=f"Domaines de {organisation}")
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["class"] = "form-control"

    def choice(self) -> Choice:
        given = self.cleaned_data
        return Choice(**{name: given[name] for name in Choice.__dataclass_fields__})

    def of_organisations(self) -> dict[int, tuple[str, ...]]:
        return {
            organisation.pk: self.cleaned_data[f"structure-{organisation.pk}"]
            for organisation in self.organisations
        }


def initial_card(card: DirectoryCard | None, expertises: Mapping[str, str]) -> dict[str, Any]:
    """`expertises`: the domains in words, by name of field."""
    current = card or DirectoryCard()
    names = ("show_email", "phone", "show_phone", "show_role", "show_expertises")
    return {**{name: getattr(current, name) for name in names}, **expertises}
