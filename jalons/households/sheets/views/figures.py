"""Les chiffres de l’équipe, sur la période qu’elle veut : pour son rapport d’activité."""

import datetime as dt
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalons.core import clock, ui
from jalons.households.enums import RegisterAct
from jalons.households.families.enums import Attendance, ExitReason, GoalState, VisitKind
from jalons.households.families.figures import family_figures
from jalons.households.families.own import OwnFigures, own_figures
from jalons.households.families.rules import RULES, SUMS
from jalons.households.families.spans import household_spans
from jalons.households.families.stored import families_of
from jalons.households.journal import note_act
from jalons.households.permissions import Opened, in_register
from jalons.households.sheets.forms import PeriodForm
from jalons.households.sheets.selectors import all_families, own_actions
from jalons.indicators.models import Indicator

GOALS = {"decided": "Décidés pendant la période", **dict(GoalState.choices)}


@require_safe
@in_register
def figures(request: HttpRequest, opened: Opened) -> HttpResponse:
    today = clock.today()
    form = PeriodForm(
        request.GET or None,
        actions=own_actions(opened.register, request.user),
        initial={"first": dt.date(today.year, 1, 1), "last": today},
    )
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    first, last = asked.get("first") or dt.date(today.year, 1, 1), asked.get("last") or today
    action = asked.get("action") or None
    families = list(families_of(all_families(opened.register), action))
    family_spans = [
        s for f in families for s in household_spans(f, action) if s.since <= last and s.until >= first
    ]
    own = own_figures(families, action, first, last)
    counts = family_figures(families, action, last, first - dt.timedelta(days=1))
    labels = socle_labels()
    note_act(request, opened.organisation.pk, RegisterAct.LIST)
    context = {
        "opened": opened,
        "form": form,
        "first": first,
        "last": last,
        "any": any(family_spans),
        "columns": [ui.Column("Chiffre"), ui.Column("Nombre", numeric=True)],
        "tables": own_tables(own),
        "own": own,
        "socle": [
            (labels[code], counts[code]) for code in [*RULES, *SUMS] if code in labels and counts[code].value
        ],
    }
    return render(request, "households/sheets/figures.html", context)


def socle_labels() -> dict[str, str]:
    """« Entrées, femmes » : a part is named with its whole, or the table would say « Femmes » five times."""
    rows = Indicator.objects.filter(code__in=[*RULES, *SUMS]).values_list("code", "label", "parent__label")
    return {code: f"{parent}, {label.lower()}" if parent else label for code, label, parent in rows}


def own_tables(own: OwnFigures) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (
            "Personnes sorties, par motif",
            rows_of(own.exits, {**dict(ExitReason.choices), "": "Motif non renseigné"}),
        ),
        ("Objectifs décidés avec les familles", rows_of(own.goals, GOALS)),
        (
            "Enfants inscrits, assiduité au dernier jour",
            rows_of(own.attendance, {**dict(Attendance.choices), "": "Inconnue"}),
        ),
        ("Visites et notes", rows_of(own.visits, dict(VisitKind.choices))),
    ]


def rows_of(counts: Mapping[str, int], labels: Mapping[str, str]) -> list[tuple[str, int]]:
    return [(str(labels[code]), count) for code, count in counts.items()]
