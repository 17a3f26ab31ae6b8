"""The filters of the list of dispositifs, shared by the list, its figures and the export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.actions.enums import ActionTheme
from jalons.actions.selectors.listing import (
    DUES,
    PLACES,
    SORTS,
    ActionFilter,
    default_sort,
    fills,
    home_of,
    operators_seen,
    shown_territory,
)
from jalons.core.form_fields import PlainSelect
from jalons.core.forms import Chip
from jalons.core.ui import ORDER_PARAMETER
from jalons.figures.forms import FigureFilterForm
from jalons.figures.registry import figure_choices
from jalons.history.querysets import AsOf
from jalons.sites.forms.listing import ALL, EVERYWHERE
from jalons.sites.selectors import names_of
from jalons.territories.models import Departement

# `?statut=` → status
STATUS = {"en-cours": "running", "termines": "ended", "a-venir": "coming", "tous": "any"}
ORDERS = {
    "nom": "Nom",
    "-debut": "Début, du plus récent au plus ancien",
    "debut": "Début, du plus ancien au plus récent",
    "fin": "Fin, de la plus proche à la plus lointaine",
    "-fin": "Fin, de la plus lointaine à la plus proche",
}
BY_DUE = {"priorite": "Ce que je remplis d’abord", "echeance": "Suivi le plus en retard d’abord"}


class ActionFilterForm(FigureFilterForm):
    """Bound to the address. `criteria_for_list` gives the `ActionFilter`; what cannot be read filters nothing."""

    chip_names = {"q": "Recherche", "suivi": "Suivi"}
    MAIN = "q theme au"

    q = forms.CharField(label="Commune, département, nom, adresse", max_length=120)
    theme = forms.ChoiceField(label="Champ d’intervention", choices=[ALL, *ActionTheme.choices])
    departement = forms.ChoiceField(label="Département", choices=(), widget=PlainSelect)
    operateur = forms.ChoiceField(label="Opérateur", choices=(), widget=PlainSelect)
    suivi = forms.ChoiceField(
        label="Suivi des indicateurs",
        choices=[("", "Peu importe"), *((code, state.label) for code, state in DUES.items())],
    )
    lieu = forms.ChoiceField(label="Lieu", choices=[ALL, *PLACES.items()])
    tri = forms.ChoiceField(label="Trier par", choices=(), widget=PlainSelect)
    miens = forms.BooleanField(label="Mes dispositifs\u00a0: ceux où ma structure intervient")

    favoris = forms.BooleanField(label="Seulement mes favoris")

    def __init__(
        self,
        *args: Any,
        past: bool,
        fills: bool,
        has_structure: bool,
        at_home: bool,
        seen: Territory,
        departements: Mapping[str, str],
        operators: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at_home = at_home
        if past:  # what is due is that of today
            del self.fields["suivi"]
        if not has_structure:
            del self.fields["miens"]
        everywhere = [("", "Mon territoire"), (EVERYWHERE, "Toute la France")] if at_home else [ALL]
        choices = [
            (code, f"{code} · {name}")
            for code, name in departements.items()
            if seen.everywhere or code in seen.departements
        ]
        self.choose("departement", [*everywhere, *choices])
        self.choose("operateur", [ALL, *((str(pk), name) for pk, name in operators)])
        by_due = {} if past else {code: BY_DUE[code] for code in BY_DUE if fills or code != "priorite"}
        self.choose(ORDER_PARAMETER, list({**by_due, **ORDERS}.items()))

    def choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def chips(self) -> list[Chip]:
        """An order takes nothing out of the list: it is no filter."""
        return [chip for chip in super().chips() if chip.name != ORDER_PARAMETER]

    def criteria_for_list(self, *, status: str, sort: str) -> ActionFilter:
        criteria = self.criteria()
        departement = criteria.get("departement", "")
        dues = criteria.get("suivi", "")
        return ActionFilter(
            q=criteria.get("q", ""),
            departement="" if departement == EVERYWHERE else departement,
            # A search looks everywhere one may see; without one, the list opens on one's own territory.
            at_home=self.at_home
            and not any(
                (departement, self.area, *(criteria.get(name) for name in ("q", "miens", "favoris")))
            ),
            **self.figure_criteria(),
            favourites=bool(criteria.get("favoris")),
            mine=bool(criteria.get("miens")),
            status=status,
            theme=criteria.get("theme", ""),
            operator=int(criteria["operateur"]) if criteria.get("operateur") else None,
            dues=DUES[dues].value if dues else "",
            place=criteria.get("lieu", ""),
            sort=sort,
        )


@dataclass(frozen=True, slots=True)
class AskedActions:
    """What an address asks of the list: the list and the export read it alike. `territory` is in words."""

    form: ActionFilterForm
    filter: ActionFilter
    at: AsOf
    complaints: list[str]
    territory: str


def read_list(user: Any, params: Mapping[str, Any]) -> AskedActions:
    at, complaints = AsOf.read(params)
    departements = dict(Departement.objects.order_by("code").values_list("code", "name"))
    status = STATUS.get(str(params.get("statut", "")), "running")
    sort = str(params.get(ORDER_PARAMETER, ""))
    may_fill = not at.is_past and fills(user)
    unusable = set(BY_DUE) if at.is_past else set() if may_fill else {"priorite"}
    if sort.removeprefix("-") not in SORTS or sort.removeprefix("-") in unusable:
        sort = default_sort(status, fills=may_fill)
    data = params.copy()  # type: ignore[attr-defined]  # a QueryDict, or a dict
    data[ORDER_PARAMETER] = sort  # the order in use is the one shown as chosen
    form = ActionFilterForm(
        data,
        past=at.is_past,
        fills=may_fill,
        has_structure=bool(user.organisation_ids),
        at_home=bool(home_of(user)),
        seen=territory_of(user, Right.READ_ACTIONS),
        departements=departements,
        operators=operators_seen(user),
        figure_choices=figure_choices("actions:list", user),
    )
    asked = form.criteria_for_list(status=status, sort=sort)
    if asked.area:
        words = asked.area.label if asked.area.is_place else "Dispositifs d’un opérateur"
    else:
        words = names_of(shown_territory(user, asked.departement, at_home=asked.at_home), departements)
    return AskedActions(form, asked, at, complaints, words)
