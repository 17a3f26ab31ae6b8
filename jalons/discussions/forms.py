"""The form under a thread, the choice of e-mails, what one follows."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from jalons.core.form_fields import CodesField, PlainSelect
from jalons.core.forms import FilterForm, JalonsForm, SubmissionKeyField, dress
from jalons.discussions.enums import ActivityKind, Frequency, NewsKind
from jalons.discussions.readers import ReaderList
from jalons.discussions.services import NOBODY, NOTHING, Audience, plain_text
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

    def __init__(self, *args: Any, mention_url: str = "", **kwargs: Any) -> None:
        # Its own ids: the form stands on pages that have others.
        super().__init__(*args, **{"auto_id": "commentaire-%s", **kwargs})
        self.fields["text"].error_messages["required"] = NOTHING
        # Counted by the service, in the words of the product and once line ends are settled.
        self.fields["text"].validators = []
        self.fields["text"].widget.attrs["data-most"] = str(settings.COMMENT_MAX_LENGTH)
        if mention_url:
            self.fields["text"].widget.attrs["data-mentions-url"] = mention_url

    def clean_text(self) -> str:
        return plain_text(self.cleaned_data["text"])

    @property
    def audience(self) -> Audience | None:
        return None


EVERYONE, SOME = "tous", "certains"


class RestrictedCommentForm(CommentForm):
    """The same, with who will read it: organisations and people among `readers`, those who may read the thing."""

    audience_kind = forms.ChoiceField(
        label="Qui le lira ?",
        choices=[
            (EVERYONE, "Toutes les personnes qui voient cette fiche"),
            (SOME, "Seulement les structures et les personnes que je coche"),
        ],
        widget=forms.RadioSelect,
        initial=SOME,
    )
    organisations = CodesField(
        label="Structures",
        help_text="Toutes les personnes qui y travaillent et voient cette fiche, aujourd’hui et plus tard.",
    )
    people = CodesField(label="Personnes")

    def __init__(self, *args: Any, readers: ReaderList, author: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = "N’écrivez ni le nom ni la situation d’un habitant."
        choices: Any = {name: self.fields[name] for name in ("organisations", "people")}
        choices["organisations"].choices = [
            (str(pk), str(organisation)) for pk, organisation in readers.organisations.items()
        ]
        choices["people"].choices = [
            (str(pk), label) for pk, label in readers.labels().items() if pk != author
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = given.get("organisations") or given.get("people")
        if given.get("audience_kind") == SOME and not chosen and not self.errors:
            raise ValidationError(NOBODY)
        return given

    @property
    def audience(self) -> Audience | None:
        given = self.cleaned_data
        if given["audience_kind"] == EVERYONE:
            return None
        return Audience([int(pk) for pk in given["organisations"]], [int(pk) for pk in given["people"]])


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
        on_page = set(sent.getlist("shown"))
        unticked = {code for code in self.codes if not self.cleaned_data[code]}
        return {code for code in self.codes if code in (unticked if code in on_page else self.already)}


class FollowForm(JalonsForm):
    """How often to hear of something, and of what."""

    frequency = forms.ChoiceField(
        label="Recevoir les nouvelles",
        choices=Frequency.choices,
        widget=forms.RadioSelect,
        initial=Frequency.WEEKLY,
        help_text="« Jamais » fait taire cette fiche, même si vous suivez son territoire ou son thème.",
    )
    events = CodesField(label="De quoi ?", choices=NewsKind.choices, initial=NewsKind.values)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("frequency") != Frequency.NEVER and not given.get("events"):
            self.add_error("events", "Cochez au moins une sorte de nouvelles, ou choisissez « Jamais ».")
        return given


class FollowMoreForm(FollowForm):
    """The same for a territory or a theme, chosen in lists."""

    what = forms.ChoiceField(label="Territoire ou thème à suivre", choices=(), widget=PlainSelect)
    field_order = ("what", "frequency", "events")

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", "Choisissez"), *choices]  # type: ignore[attr-defined]


WHOLE = "tous"  # `?departement=`: all that one sees


class ActivityForm(FilterForm):
    MAIN = "departement type"
    chip_names = {"type": "Seulement"}

    departement = forms.ChoiceField(label="Territoire", choices=(), widget=PlainSelect)
    type = forms.ChoiceField(label="Ce qui s’est passé", choices=[("", "Tout"), *ActivityKind.choices])

    def __init__(self, *args: Any, departements: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(code, f"{code} · {name}") for code, name in departements.items()]
        every = [("", "Mon territoire"), (WHOLE, "Tout ce que je peux voir"), *places]
        self.fields["departement"].choices = every  # type: ignore[attr-defined]
