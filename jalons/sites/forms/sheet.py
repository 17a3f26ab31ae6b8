"""What the sheet asks: at which date to look."""

from typing import Any

from jalons.core.forms import FilterForm, FrenchDateField
from jalons.core.ui import KNOWN_PARAMETER, VALID_PARAMETER


class PastForm(FilterForm):
    """« Voir la fiche à une autre date »: its two fields are the parameters of a past view."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[VALID_PARAMETER] = FrenchDateField(
            label="La situation au",
            required=False,
            not_after=lambda today: today,
            help_text="jj/mm/aaaa, par exemple 01/01/2026",
        )
        self.fields[KNOWN_PARAMETER] = FrenchDateField(
            label="Telle que Jalons la connaissait le",
            required=False,
            not_after=lambda today: today,
            help_text="Facultatif\u00a0: pour retrouver les chiffres d’un ancien rapport.",
        )
