"""A count: who made it, when, how, and what it found. The same questions when a site is declared and counted again."""

from typing import Any

from django import forms

from jalons.accounts.models import Organisation
from jalons.core.forms import CountField, FrenchDateField, dress
from jalons.core.values import french_spaces
from jalons.editing.fact_forms import one_of
from jalons.editing.forms import Group, Shown
from jalons.sites.enums import Reliability, SourceKind
from jalons.sites.forms.common import today, today_at_most
from jalons.sites.models import Survey
from jalons.sites.provenance import contradicts, kinds_of
from jalons.sites.services import Observation

SOURCE_FIELDS = ("observed_on", "source_kind", "source", "reliability")
PEOPLE_FIELDS = ("people", "households", "women", "minors", "girls", "minors_at_school")
AGE_FIELDS = ("minors_0_3", "minors_3_6", "minors_6_12", "minors_12_16", "minors_16_18")
DWELLING_FIELDS = ("caravans", "huts", "tents", "cars", "mattresses")
COUNT_HELP = "Écrivez ND si vous ne savez pas, / si c’est sans objet. Une case vide reste « non renseigné »."
SOURCE_GROUP = Group("Qui a compté, et quand ?", SOURCE_FIELDS)
PEOPLE_GROUP = Group("Habitants", PEOPLE_FIELDS, COUNT_HELP, dense=True)
AGE_GROUP = Group("Mineurs par âge", AGE_FIELDS, dense=True)
DWELLING_GROUP = Group("Habitat", DWELLING_FIELDS, dense=True)
PAIR_HELP = "Celle qui a vu le site, qui n’est pas toujours la vôtre."


class OrganisationSelect(forms.Select):
    """Each option carries the kinds of source that its organisation can be, for the page to propose it or not."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        organisation = getattr(option["value"], "instance", None)
        if organisation is not None:
            option["attrs"]["data-kinds"] = " ".join(sorted(kinds_of(organisation)))
        return option


class OrganisationField(forms.ModelChoiceField):  # type: ignore[type-arg]
    widget = OrganisationSelect

    def label_from_instance(self, obj: Any) -> str:
        return obj.name if not obj.acronym else f"{obj.acronym} – {obj.name}"


class CountingFields(forms.Form):
    """The date, the kind of source, the organisation and the reliability of a count.

    The kind and the organisation must agree: a count that says « Mairie » and bears the name of a State service
    would later contradict another count of that same service. A pair that does not is sent back with the
    organisation proposed again.
    """

    observed_on = FrenchDateField(label="Date de l’observation", not_after=today_at_most, initial=today)
    source_kind = one_of(SourceKind, french_spaces("Qui a observé ?"))
    source = OrganisationField(
        label="Structure qui a observé",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Autre, ou inconnue",
        help_text=PAIR_HELP,
    )
    reliability = one_of(
        Reliability,
        french_spaces("Comment ces chiffres sont-ils connus ?"),
        best_last=True,
        initial=Reliability.DECLARED,
        help_text=french_spaces(
            "Compté : vous avez compté. Déclaré : on vous l’a dit. Estimé : un ordre de grandeur."
        ),
    )

    def add_counts(self) -> None:
        for name in Survey.COUNTS:
            label = str(Survey._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            field = CountField(label=label[:1].upper() + label[1:])
            dress(field)
            self.fields[name] = field

    def section(self, group: Group) -> Shown:
        """A group of questions as a page writes it."""
        fields = tuple((self[name], "") for name in group.names)
        return Shown(french_spaces(group.legend), french_spaces(group.help), group.dense, fields)

    @property
    def source_section(self) -> Shown:
        return self.section(SOURCE_GROUP)

    @property
    def people_section(self) -> Shown:
        return self.section(PEOPLE_GROUP)

    @property
    def folded_sections(self) -> list[Shown]:
        return [self.section(AGE_GROUP), self.section(DWELLING_GROUP)]

    def observation(self) -> Observation:
        """What was typed. Needs `is_valid`."""
        typed = self.cleaned_data
        return Observation(
            observed_on=typed["observed_on"],
            source_kind=typed["source_kind"],
            reliability=typed["reliability"] or Reliability.DECLARED,
            source=typed["source"],
            counts={name: typed[name] for name in Survey.COUNTS},
            note=typed.get("note", ""),
        )

    def clean(self) -> Any:
        super().clean()
        kind, source = self.cleaned_data.get("source_kind"), self.cleaned_data.get("source")
        if kind and source and contradicts(kind, source):
            self.add_error("source", wrong_pair(kind, source))
            self._propose_source(kind)
        return self.cleaned_data

    def _propose_source(self, kind: str) -> None:
        """Puts in the field the only organisation that fits, or none: what was there contradicts the kind."""
        field: Any = self.fields["source"]
        fitting = [organisation for organisation in field.queryset if kind in kinds_of(organisation)]
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("source")] = str(fitting[0].pk) if len(fitting) == 1 else ""
        self.data = data


def wrong_pair(kind: str, source: Organisation) -> str:
    label = SourceKind(kind).label
    return french_spaces(
        f"« {label} » et « {source} » ne vont pas ensemble. "
        "Vérifiez la structure proposée maintenant, ou changez qui a observé."
    )
