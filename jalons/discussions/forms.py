"""The form under a thread, and the choice of e-mails."""

from collections.abc import Set
from typing import Any

from django import forms
from django.conf import settings

from jalons.core.forms import JalonsForm, SubmissionKeyField, dress
from jalons.discussions.services import NOTHING, plain_text
from jalons.discussions.topics import topics


class CommentForm(JalonsForm):
    text = forms.CharField(
        label="Écrire un commentaire",
        help_text=(
            "Toutes les personnes qui voient cette fiche le liront. N’écrivez ni le nom ni la situation d’un habitant."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Its own ids: the form stands on pages that have others.
        super().__init__(*args, **{"auto_id": "commentaire-%s", **kwargs})
        self.fields["text"].error_messages["required"] = NOTHING
        # Counted by the service, in the words of the product and once line ends are settled.
        self.fields["text"].validators = []
        self.fields["text"].widget.attrs["data-most"] = str(settings.COMMENT_MAX_LENGTH)

    def clean_text(self) -> str:
        return plain_text(self.cleaned_data["text"])


class MailChoicesForm(JalonsForm):
    """One checkbox a topic, ticked for those that are received."""

    def __init__(self, *args: Any, muted: Set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.already, self.codes = muted, [topic.code for topic in topics()]
        for topic in topics():
            self.fields[topic.code] = forms.BooleanField(
                label=f"Recevoir {topic.label}",
                help_text=topic.help,
                required=False,
                initial=topic.code not in muted,
            )
            dress(self.fields[topic.code])

    def muted(self) -> set[str]:
        """The topics that are refused. One that the page did not show yet, when it was opened, stays as it was."""
        sent: Any = self.data
        shown = set(sent.getlist("shown"))
        unticked = {code for code in self.codes if not self.cleaned_data[code]}
        return {code for code in self.codes if code in (unticked if code in shown else self.already)}
