"""A day asked of every dispositif."""

from jalons.actions.forms.closing import furthest, today_at_most
from jalons.core.forms import FrenchDateField, JalonsForm, SubmissionKeyField
from jalons.editing.fact_forms import short_text


class CommonDeadlineForm(JalonsForm):
    submission_key = SubmissionKeyField()
    due_on = FrenchDateField(
        label="À remplir avant le",
        help_text="jj/mm/aaaa. Demandé à tous les dispositifs de France, en plus de leur rythme.",
        not_before=today_at_most,
        not_after=furthest,
    )
    label = short_text("Pour quoi ?", 120, "Par exemple : bilan semestriel.")
