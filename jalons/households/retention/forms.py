"""How long households are kept, and why if it is long."""

from django import forms

from jalons.core.forms import JalonsForm
from jalons.core.number_fields import FrenchNumberField
from jalons.households.models import ADVISED_MONTHS
from jalons.households.retention.services import LONGEST_MONTHS


class RetentionForm(JalonsForm):
    months = FrenchNumberField(
        label="Mois après le dernier contact",
        help_text=f"{ADVISED_MONTHS} au plus d’après la CNIL (délibération 2023-095), sauf raison écrite.",
        minimum=1,
        maximum=LONGEST_MONTHS,
        decimals=0,
    )
    reason = forms.CharField(
        label="Raison, au-delà de 24 mois",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
