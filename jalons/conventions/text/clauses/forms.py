"""A clause and its deadline, as they are typed."""

from typing import Any

from jalons.conventions.dossier.clause_days import ClauseDay
from jalons.conventions.models import Clause
from jalons.core.forms import FrenchDateField
from jalons.core.values import format_long_date, french_spaces
from jalons.editing.fact_forms import long_text, short_text
from jalons.editing.forms import Group
from jalons.editing.record_forms import RecordForm

COLUMNS = ("due_on", "article", "text")


class ClauseForm(RecordForm):
    """`otherwise`: the day that the words or the usage give when none is written for this convention."""

    due_on = FrenchDateField(label="Échéance pour cette convention", required=False)
    article = short_text("Article", 20)
    text = long_text("Ce que le texte impose", 10_000)
    reason = short_text("Pourquoi ce changement ?", 300, "Facultatif. Visible dans l’historique.")

    groups = (Group("", ("due_on", "article", "text", "reason")),)

    def __init__(
        self, data: Any = None, *, clause: Clause, otherwise: ClauseDay | None, **kwargs: Any
    ) -> None:
        initial = self.initial_of(clause) | {"expected_version": clause.version}
        super().__init__(data, initial=initial, **kwargs)
        words = "jj/mm/aaaa. Laissez vide s’il n’y en a pas."
        if otherwise is not None:
            words = f"jj/mm/aaaa. Laissez vide pour le {format_long_date(otherwise.on)} ({otherwise.source})."
        self.fields["due_on"].help_text = french_spaces(words)
        if clause.pk is None:
            del self.fields["reason"]

    @staticmethod
    def initial_of(clause: Any) -> dict[str, Any]:
        return {name: getattr(clause, name) for name in COLUMNS}
