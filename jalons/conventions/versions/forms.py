"""Freezing a version, opening an amendment."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.conventions.models import Amendment, Deliberation, Edition
from jalons.core.forms import FrenchDateField, FrenchNumberField
from jalons.editing.fact_forms import short_text
from jalons.editing.forms import Group
from jalons.editing.record_forms import RecordForm

COLUMNS = ("number", "subject", "dated", "base", "deliberation")


class FreezeForm(RecordForm):
    """`expected_version` is the revision of the convention under the eyes. `blocked`: errors are left."""

    title = forms.CharField(label="Nom de la version", max_length=200)
    reason = forms.CharField(
        label="Pourquoi ces erreurs restent",
        max_length=500,
        help_text="Ce motif acquitte chacune des erreurs ci-dessus. Il reste visible avec elles.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    groups = (Group("", ("title", "reason")),)

    def __init__(self, data: Any = None, *, revision: int, title: str, blocked: bool, **kwargs: Any) -> None:
        super().__init__(data, initial={"title": title, "expected_version": revision}, **kwargs)
        if not title:
            del self.fields["title"]
        if not blocked:
            del self.fields["reason"]


class AmendmentForm(RecordForm):
    number = FrenchNumberField(label="Numéro", minimum=1, maximum=999, decimals=0)
    subject = forms.CharField(label="Objet", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    dated = FrenchDateField(label="Date", required=False)
    base = forms.ModelChoiceField(
        label="Version de départ",
        queryset=Edition.objects.none(),
        empty_label=None,
        help_text="L’avenant montre ce qui change depuis cette version.",
    )
    deliberation = forms.ModelChoiceField(
        label="Délibération",
        queryset=Deliberation.objects.none(),
        required=False,
        empty_label="Pas encore votée",
    )
    reason = short_text("Pourquoi ce changement ?", 300, "Facultatif. Visible dans l’historique.")

    groups = (Group("", (*COLUMNS, "reason")),)

    def __init__(
        self,
        data: Any = None,
        *,
        amendment: Amendment,
        editions: Sequence[Edition],
        deliberations: Sequence[Deliberation],
        **kwargs: Any,
    ) -> None:
        initial = self.initial_of(amendment) | {"expected_version": amendment.version}
        super().__init__(data, initial=initial, **kwargs)
        base: Any = self.fields["base"]
        base.queryset = Edition.objects.defer("content").filter(pk__in=[edition.pk for edition in editions])
        base.label_from_instance = edition_words
        vote: Any = self.fields["deliberation"]
        vote.queryset = Deliberation.objects.filter(
            pk__in=[deliberation.pk for deliberation in deliberations]
        )
        if amendment.pk is None:
            del self.fields["reason"]

    @staticmethod
    def initial_of(amendment: Any) -> dict[str, Any]:
        values = {name: getattr(amendment, name) for name in ("number", "subject", "dated")}
        return {**values, "base": amendment.base_id, "deliberation": amendment.deliberation_id}


def edition_words(edition: Edition) -> str:
    return f"Version {edition.number} – {edition.title}"
