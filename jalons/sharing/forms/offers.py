"""The filters of the directory of dispositifs, and what its actors show of one."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.actions.enums import ActionTheme
from jalons.actions.models import Action, ActionContact
from jalons.core.form_fields import PlainSelect
from jalons.core.forms import CodesField, FilterForm
from jalons.documents.models import Document
from jalons.editing.fact_forms import long_text, short_text
from jalons.editing.forms import Group
from jalons.editing.record_forms import RecordForm
from jalons.sharing.models.offer import LONGEST_SUMMARY
from jalons.sharing.selectors.offers import COMING, OVER, RUNNING, OfferFilter

ALL = ("", "Tous")
STATES = [("", "Tous"), (RUNNING, "En cours"), (COMING, "À venir"), (OVER, "Terminés")]
YES, NO = "oui", "non"


class OfferFilterForm(FilterForm):
    chip_names = {"q": "Recherche"}
    MAIN = "q theme departement"

    q = forms.CharField(label="Nom, opérateur ou mots", max_length=120)
    theme = forms.ChoiceField(label="Champ d’intervention", choices=[ALL, *ActionTheme.choices])
    departement = forms.ChoiceField(label="Département", choices=(), widget=PlainSelect)
    operateur = forms.ChoiceField(label="Opérateur", choices=(), widget=PlainSelect)
    etat = forms.ChoiceField(label="État", choices=STATES)

    def __init__(
        self,
        *args: Any,
        departements: Sequence[tuple[str, str]],
        operators: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departement"].choices = [ALL, *departements]  # type: ignore[attr-defined]
        self.fields["operateur"].choices = [ALL, *operators]  # type: ignore[attr-defined]

    def asked(self) -> OfferFilter:
        given = self.criteria()
        return OfferFilter(
            q=given.get("q", ""),
            theme=given.get("theme", ""),
            departement=given.get("departement", ""),
            operator=int(given["operateur"]) if given.get("operateur") else None,
            state=given.get("etat", ""),
        )


class OfferForm(RecordForm):
    """What everybody will read. By default nothing is shown."""

    groups = (
        Group("Le montrer ?", ("is_offered",)),
        Group("Ce que l’on en lira", ("title", "summary", "contact")),
        Group(
            "Les documents que vous donnez",
            ("documents",),
            "Chacun est à cocher. Un document coché se télécharge par toute personne qui a un compte : ni adresse de "
            "site, ni nom, ni liste de familles.",
        ),
    )

    is_offered = forms.ChoiceField(
        label="Montrer ce dispositif dans l’annuaire de France ?",
        choices=[(NO, "Non, personne d’autre n’en lit rien"), (YES, "Oui, avec ce qui est écrit ci-dessous")],
        widget=forms.RadioSelect,
        help_text="Le lira : toute personne qui a un compte Jalons, dans toute la France, associations comprises.",
    )
    title = short_text(
        "Nom montré", 160, "Le nom du dispositif peut dire où sont des personnes : changez-le s’il le faut."
    )
    summary = long_text(
        "Ce qu’il fait, en quelques phrases",
        LONGEST_SUMMARY,
        "Pour qui, comment, ce qui marche. Sans lieu de vie, sans nombre d’habitants, sans montant.",
    )
    contact = forms.ModelChoiceField(
        queryset=ActionContact.objects.none(),
        label="Qui peut-on appeler ?",
        required=False,
        empty_label="Personne n’est montré",
        help_text="Son nom, sa fonction, son adresse électronique et son téléphone seront lus. Demandez-lui d’abord.",
    )
    documents = CodesField(label="Documents")

    def __init__(
        self, data: Any = None, *, offer: Any, action: Action, documents: Sequence[Document], **kwargs: Any
    ) -> None:
        initial = self.initial_of(offer) | {"expected_version": offer.version}
        if not offer.version:
            initial["title"] = action.name
        super().__init__(data, initial=initial, **kwargs)
        self.fields["contact"].queryset = action.contacts.order_by("name", "pk")  # type: ignore[attr-defined]
        if documents:
            self.fields["documents"].choices = [(row.public_id, label_of(row)) for row in documents]  # type: ignore[attr-defined]
        else:
            del self.fields["documents"]

    @staticmethod
    def initial_of(stored: Any) -> dict[str, Any]:
        return {
            "is_offered": YES if stored.is_offered else NO,
            "title": stored.title,
            "summary": stored.summary,
            "contact": stored.contact_id,
            "documents": list(stored.documents),
        }

    def described(self) -> dict[str, Any]:
        words = super().described()
        documents = list(words.get("documents", ()))
        return {**words, "is_offered": words["is_offered"] == YES, "documents": documents}


def label_of(document: Document) -> str:
    return f"{document.title} ({document.described})"
