"""Accepting the charter; writing the next version of a text."""

from typing import Any

from django import forms

from jalons.core.forms import JalonsForm, SubmissionKeyField


class AcceptForm(JalonsForm):
    number = forms.IntegerField(widget=forms.HiddenInput)
    accepted = forms.BooleanField(
        label="J’ai lu cette charte et je m’engage à la respecter.",
        error_messages={"required": "Cochez la case pour accepter, ou déconnectez-vous."},
    )


class PublishForm(JalonsForm):
    submission_key = SubmissionKeyField()
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    body = forms.CharField(
        label="Texte",
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text="Une ligne vide sépare les paragraphes ; « ## » commence un titre, « - » une liste, "
        "« [mot](adresse) » fait un lien.",
    )
    what_changed = forms.CharField(
        label="Ce qui change",
        max_length=300,
        required=False,
        help_text="Montré à ceux qui avaient lu le précédent.",
    )

    def __init__(self, *args: Any, first: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["what_changed"]
