"""What the forms of this app share: an organisation by its name, territories as people write them."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from jalons.accounts.enums import OrganisationKind, Role
from jalons.accounts.forms import EMAIL_ATTRIBUTES, lowered
from jalons.accounts.models import Organisation
from jalons.accounts.organisations import Directory
from jalons.accounts.siret import looks_like_siret, siret_digits, validate_siret
from jalons.core.forms import EmailField, JalonsForm, SubmissionKeyField, dress
from jalons.core.values import french_spaces, without_unseen
from jalons.joining.permissions import NATIONAL_ROLES, WIDE_LEVELS
from jalons.joining.territory import read_scope, scope_words
from jalons.territories.models import Scope

NONE_OF_THESE = "none"
INCOMPLETE = "Cette adresse n’est pas complète. Elle ressemble à prenom.nom@exemple.fr."
CORRESPONDENT_SCOPE = (
    "Un correspondant départemental agit sur un département ou une région entière\u00a0: changez le rôle ou le "
    "territoire."
)


class AddressField(EmailField):
    """An e-mail address, kept in lower case and without what copying brings along."""

    def __init__(self, **kwargs: Any) -> None:
        given = {
            "label": "Adresse électronique",
            "max_length": 254,
            "error_messages": {"invalid": INCOMPLETE},
        }
        super().__init__(**{**given, "widget": forms.EmailInput(attrs=EMAIL_ATTRIBUTES), **kwargs})

    def clean(self, value: Any) -> str:
        return lowered(super().clean(value))


class LineField(forms.CharField):
    """One line of words, without the unseen signs of a copy; spaces in a row are one."""

    def to_python(self, value: Any) -> str:
        return " ".join(without_unseen(str(super().to_python(value) or "")).split())


class SiretField(forms.CharField):
    """A SIRET with or without its spaces; empty when it is not known."""

    def __init__(self, **kwargs: Any) -> None:
        given = {
            "label": "SIRET",
            "required": False,
            "max_length": 40,
            "help_text": "Facultatif, 14 chiffres. Il évite d’inscrire deux fois la même structure.",
            "widget": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        }
        super().__init__(**{**given, **kwargs})

    def clean(self, value: Any) -> str:
        digits = siret_digits(super().clean(value))
        if digits:
            validate_siret(digits)
        return digits


class TerritoryField(forms.CharField):
    """The value is a `Scope`, or None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        given = {
            "label": "Territoire",
            "max_length": 200,
            "widget": forms.TextInput(
                attrs={"data-combobox-url": reverse_lazy("joining:territories"), "autocomplete": "off"}
            ),
        }
        super().__init__(**{**given, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return scope_words(value) if isinstance(value, Scope) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return read_scope(text) if text else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or "") != (data or ""))


class OrganisationForm(JalonsForm):
    """Names an organisation that Jalons knows, or describes one that it does not.

    `cleaned_data["chosen"]` is the organisation, or None for a new one. When the name is nearly that of others, they
    are offered as `meant`: nobody has to type it the way Jalons does.
    """

    organisation = LineField(label="Structure", max_length=160, help_text="Son nom, son sigle ou son SIRET.")
    not_listed = forms.BooleanField(label="Elle n’y est pas", required=False)
    organisation_kind = forms.ChoiceField(
        label="Type de structure",
        required=False,
        choices=[("", "Si elle n’y est pas, choisissez"), *OrganisationKind.choices],
    )
    siret = SiretField()
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].widget.attrs |= {
            "data-combobox-url": reverse_lazy("joining:organisations"),
            "autocomplete": "off",
        }
        self.offer_near()

    @cached_property
    def directory(self) -> Directory:
        return Directory()

    @property
    def typed_name(self) -> str:
        value = self["organisation"].value() if self.is_bound else ""
        return " ".join(without_unseen(str(value or "")).split())

    @property
    def new_is_open(self) -> bool:
        """Are the fields of an organisation that Jalons does not know to be shown unfolded?"""
        names = ("not_listed", "organisation_kind", "siret")
        unknown = self.typed_name and self["organisation"].errors  # the error sends there
        return (
            bool(unknown) or "meant" in self.fields or any(self[n].value() or self[n].errors for n in names)
        )

    def offer_near(self) -> None:
        near = self.near_names()
        if not near:
            return
        choices = [(str(organisation.pk), self.directory.labels[organisation.pk]) for organisation in near]
        self.fields["meant"] = forms.ChoiceField(
            label="Est-ce l’une de celles-ci\u00a0?",
            required=False,
            widget=forms.RadioSelect,
            choices=[*choices, (NONE_OF_THESE, "Aucune\u00a0: elle n’y est pas")],
        )
        dress(self.fields["meant"])
        names = list(self.fields)
        names.remove("meant")
        names.insert(names.index("organisation") + 1, "meant")
        self.order_fields(names)

    def near_names(self) -> list[Organisation]:
        """Nothing when the name is exact, or when it is a SIRET."""
        text = self.typed_name
        if not text or looks_like_siret(text) or len(self.directory.named(text)) == 1:
            return []
        return self.directory.near(text, 6)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("organisation", "")
        cleaned["chosen"] = self.chosen(text, cleaned) if text else None
        if text and cleaned["chosen"] is None and not self.errors.get("organisation"):
            self.check_new(text, cleaned)
        return cleaned

    def chosen(self, text: str, cleaned: dict[str, Any]) -> Organisation | None:
        meant = cleaned.get("meant", "")
        if meant and meant != NONE_OF_THESE:
            return next(
                organisation for organisation in self.directory.organisations if str(organisation.pk) == meant
            )
        named = self.directory.named(text)
        if len(named) == 1:
            return named[0]
        # Its number says that it is known, under whatever name it was typed.
        return next(
            (
                organisation
                for organisation in self.directory.organisations
                if organisation.siret and organisation.siret == cleaned.get("siret")
            ),
            None,
        )

    def check_new(self, text: str, cleaned: dict[str, Any]) -> None:
        """Says what is missing for an organisation that nobody knows."""
        if looks_like_siret(text):
            digits = siret_digits(text)
            try:
                validate_siret(digits)
            except ValidationError as error:
                self.add_error("organisation", error)
                return
            self.add_error(
                "organisation",
                french_spaces(
                    "Jalons ne connaît pas ce SIRET : écrivez le nom de la structure, et le SIRET plus bas."
                ),
            )
            return
        if not (cleaned.get("not_listed") or cleaned.get("meant") == NONE_OF_THESE):
            self.add_error("organisation", french_spaces(self.why_not(text)))
        elif not cleaned.get("organisation_kind"):
            self.add_error(
                "organisation_kind", "Dites ce qu’est cette structure\u00a0: choisissez dans la liste."
            )

    def why_not(self, text: str) -> str:
        quoted = text if len(text) <= 60 else f"{text[:60]}…"
        if "meant" in self.fields:
            return (
                f"« {quoted} » n’est pas le nom exact d’une structure. Choisissez-la ci-dessous, ou dites qu’elle n’y "
                "est pas."
            )
        box = self.fields["not_listed"].label
        return (
            f"Jalons ne connaît pas de structure « {quoted} ». Vérifiez le nom, ou cochez « {box} » plus bas."
        )


PLACES = 4


class TerritoriesMixin:
    """Up to four territories, each in its own field, so that each has its own suggestions."""

    fields: dict[str, forms.Field]

    def add_territories(self, scopes: Sequence[Scope] = (), *, count: int = PLACES) -> None:
        for number in range(1, max(count, len(scopes) + 1) + 1):
            initial = scopes[number - 1] if number <= len(scopes) else None
            name = f"territory_{number}"
            label = "Territoire" if number == 1 else f"Territoire {number}"
            self.fields[name] = TerritoryField(label=label, required=number == 1, initial=initial)
            if number == 1:
                self.fields[
                    name
                ].help_text = "Un département, une intercommunalité, une commune ou une région."
            dress(self.fields[name])

    @property
    def other_territories(self) -> str:
        """The names of all but the first."""
        return " ".join(
            name for name in self.fields if name.startswith("territory_") and name != "territory_1"
        )

    @property
    def others_are_open(self) -> bool:
        bound = [self[name] for name in self.other_territories.split()]  # type: ignore[index]  # of a form
        return any(bound_field.value() or bound_field.errors for bound_field in bound)


def scopes_in(cleaned: dict[str, Any]) -> list[Scope]:
    """The territories of a form, each once, in the order in which they were written."""
    scopes = [value for name, value in cleaned.items() if name.startswith("territory_") and value]
    return list({scope.pk: scope for scope in scopes}.values())


def given_roles(*, everywhere: bool) -> list[tuple[str, str]]:
    """The roles that an administrator may give: the national ones are for the national administration."""
    return [(role.value, str(role.label)) for role in Role if everywhere or role not in NATIONAL_ROLES]


def scope_trouble(role: str, scopes: Sequence[Scope]) -> str:
    """Why this role cannot be held over these territories; empty when it can."""
    if role == Role.CORRESPONDENT and any(scope.level not in WIDE_LEVELS for scope in scopes):
        return CORRESPONDENT_SCOPE
    return ""
