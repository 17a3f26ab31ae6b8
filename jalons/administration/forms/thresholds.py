"""Setting a delay from which Jalons says something."""

from typing import Any

from django import forms

from jalons.administration.selectors.referentials import ThresholdLine
from jalons.editing.forms import VersionedForm


class ThresholdForm(VersionedForm):
    days = forms.IntegerField(label="Nombre de jours")
    reason = forms.CharField(
        label="Pourquoi ce changement\u00a0?", max_length=300, help_text="Visible dans l’historique."
    )

    def __init__(self, data: Any = None, *, line: ThresholdLine, **kwargs: Any) -> None:
        seen = line.row.version if line.row else 0
        super().__init__(data, initial={"days": line.days, "expected_version": seen}, **kwargs)
        bounds = line.bounds
        self.fields[
            "days"
        ].help_text = f"De {bounds.least} à {bounds.most}. Sans réglage\u00a0: {bounds.default}."
