"""The form under a thread."""

from typing import Any

from django import forms
from django.conf import settings

from jalons.core.forms import JalonsForm, SubmissionKeyField
from jalons.discussions.services import NOTHING, plain_text


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
        self.fields["text"].widget.attrs["maxlength"] = str(settings.COMMENT_MAX_LENGTH)

    def clean_text(self) -> str:
        return plain_text(self.cleaned_data["text"])
