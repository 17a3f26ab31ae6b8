"""Declaring a dispositif: one page, little of which is required."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.accounts.models import Organisation
from jalons.accounts.organisations import Directory, organisation_label
from jalons.actions.forms.contacts import ContactRow
from jalons.actions.forms.describe import GroundForm, SitesForm, WordsForm
from jalons.actions.forms.money import PlannedRow, YearForm, totals_of
from jalons.actions.forms.parts import PartsForms
from jalons.editing.forms import shown_again
from jalons.editing.rows import Bundle, Rows
from jalons.sites.forms.common import today
from jalons.territories.models import Departement


class DeclareActionForm(WordsForm):
    departement = forms.ChoiceField(label="Département")

    def __init__(self, *args: Any, departements: Sequence[Departement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departements = {departement.pk: departement for departement in departements}
        choices = [(departement.pk, departement.name) for departement in departements]
        field: Any = self.fields["departement"]
        if len(departements) == 1:
            field.choices, field.initial, field.widget = choices, choices[0][0], forms.HiddenInput()
        else:
            field.choices = [("", "Choisir"), *choices]

    @property
    def chosen(self) -> Departement | None:
        """The one that is chosen so far, if it can be read."""
        return self.departements.get(str(self["departement"].value() or ""))


class DeclareForms(Bundle):
    """Everything that the page asks. `money` is None for who may not write funding there."""

    money: Rows | None = None
    year: YearForm | None = None

    def __init__(
        self,
        data: Any,
        *,
        user: Any,
        departements: Sequence[Departement],
        own: Organisation,
        initial: dict[str, Any],
        with_money: bool,
        judged: bool = True,
        adding: str = "",
    ) -> None:
        self.data, self.judged, self.adding = data, judged, adding
        self.directory = Directory()
        self.main = self.part_form(DeclareActionForm, departements=departements, initial=initial)
        self.sites = self.part_form(SitesForm, initial={"sites": initial.get("sites", [])})
        codes = [departement.pk for departement in departements]
        self.ground = self.part_form(
            GroundForm, user=user, departements=codes, optional=True, prefix="terrain"
        )
        operators = [{"organisation": name} for name in initial.get("operateurs", ())]
        self.takers = PartsForms(
            data,
            directory=self.directory,
            initial={"services": [{"organisation": organisation_label(own)}], "operateurs": operators},
            judged=judged,
            adding=adding,
        )
        self.contacts = self.several(ContactRow, "contacts")
        if with_money:
            self.year = self.part_form(YearForm, initial={"annee": today().year})
            self.money = self.several(PlannedRow, "financements", spare=2)

    def part_form(self, form_class: Any, *, initial: dict[str, Any] | None = None, **options: Any) -> Any:
        form = form_class(self.data if self.judged else None, initial=dict(initial or {}), **options)
        return form if self.judged or self.data is None else shown_again(form, self.data)

    def several(self, kind: Any, name: str, spare: int = 1) -> Rows:
        return Rows(
            kind,
            name,
            self.data,
            spare=spare,
            judged=self.judged,
            adding=self.adding == name,
            directory=self.directory,
        )

    def parts(self) -> Sequence[Any]:
        money = [self.year, self.money] if self.money is not None else []
        return [self.main, self.sites, self.ground, self.takers, self.contacts, *money]

    def is_valid(self) -> bool:
        right = super().is_valid()
        if not self.takers.is_valid():
            return False
        right &= self.takers.check()
        organisations = [row.cleaned_data["found"] for row in self.takers.typed_rows()]
        if right:
            answers = [row.settle(organisations) for row in self.contacts.typed_rows()]
            right = all(answers)
        return right and self.ground_is_there()

    def ground_is_there(self) -> bool:
        place = self.ground.cleaned_data.get("place")
        chosen = self.main.cleaned_data["departement"]
        if place is None or place.departement_id == chosen:
            return True
        name = self.main.departements[chosen].name
        self.ground.add_error("commune", f"{place.name} n’est pas dans le département choisi ({name}).")
        return False

    @property
    def has_ground(self) -> bool:
        return self.ground.cleaned_data.get("place") is not None

    @property
    def totals(self) -> Any:
        return totals_of(self.money.forms) if self.money is not None else None
