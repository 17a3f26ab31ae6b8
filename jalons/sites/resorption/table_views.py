"""Les étapes de plusieurs sites, dans un seul tableau : une étape ou plusieurs, une ligne pour chacune d’un site."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.core.values import french_spaces, join_and, plural
from jalons.editing.writing import record, typed
from jalons.sites.enums import StepKind
from jalons.sites.forms.counting import OrganisationField
from jalons.sites.forms.describe import sources_for
from jalons.sites.models import PreparatoryStep
from jalons.sites.resorption.table import (
    COLUMNS,
    SEEN,
    StepKey,
    StepsTableForm,
    StepsWrittenMeanwhile,
    last_known_steps,
    meanwhile_words,
    places_of,
    sites_a_page,
    sites_sent,
    sites_to_prepare,
    steps_seen,
    write_table,
    written_words,
)
from jalons.territories.models import Departement

GONE = "Un site de ce tableau ne se modifie plus ici : il a été fermé, fusionné, ou vous n’en avez plus le droit."


@requires(Right.UPDATE_SITE)
def steps_table(request: HttpRequest) -> HttpResponse:
    """Some steps of the sites of a territory. What was sent is judged on the sites that were sent."""
    user: Any = request.user
    kinds = kinds_asked(request)
    mine = departements_of(user)
    departement = request.GET.get("departement", "")
    departement = departement if departement in mine else ""
    pages = Paginator(sites_to_prepare(user, departement), sites_a_page(kinds))
    page = pages.get_page(request.GET.get("page"))
    gone = False
    if request.method == "POST":
        sent = sites_sent(request.POST, kinds)
        sites = list(sites_to_prepare(user).filter(public_id__in=sent))
        gone = len(sites) < len(sent)
    else:
        sites = list(page.object_list)
    organisations = [
        (row.pk, OrganisationField.label_from_instance(None, row))  # type: ignore[arg-type]
        for row in sources_for(territory_of(user, Right.UPDATE_SITE))
    ]
    data = typed(request)
    places = places_of(sites, kinds)
    seen = last_known_steps(places) if data is None else steps_seen(data, places)
    here = reverse("sites:steps_table") + address(kinds, departement, page.number)

    def form_of(data: Any, steps: Mapping[StepKey, PreparatoryStep], **kwargs: Any) -> StepsTableForm:
        return StepsTableForm(
            data, places=places, steps=steps, organisations=organisations, user=user, **kwargs
        )

    form, written = form_of(data, seen), ""
    if gone and form.is_bound:
        form.add_error(None, GONE)
    answer = None
    try:
        answer = record(request, form, lambda: write_table(user, form), message=message_of, to=here)
    except StepsWrittenMeanwhile as meanwhile:
        newer = {key: step for key, step in {**seen, **meanwhile.steps}.items() if step}
        again = with_versions_seen(request, form, meanwhile)
        form = form_of(again, newer, disputed=meanwhile.steps)
        written = written_words(form, meanwhile.steps)
        for place in places:
            if place.key in meanwhile.steps:
                form.add_error(place.name("state"), meanwhile_words(meanwhile.steps[place.key]))
    context = {
        "form": form,
        "written": written,
        "heads": [label for _, label in COLUMNS],
        "here": here,
        **other_tables(kinds, departement, mine, page),
    }
    return answer or render(request, "sites/steps_table.html", context, status=409 if written else 200)


def other_tables(
    kinds: Sequence[StepKind], departement: str, mine: Mapping[str, str], page: Any
) -> dict[str, Any]:
    """What this table is of, and the ways to another: other steps, another département, the next sites."""
    number = page.number
    return {
        "caption": join_and([step.label for step in kinds]),
        "steps": [(step.label, address([step], departement), [step] == kinds) for step in StepKind],
        "choices": [(step.value, step.label, step in kinds) for step in StepKind],
        "departement": departement,
        "departements": [
            (name, address(kinds, code), code == departement)
            for code, name in ({"": "Tous", **mine} if len(mine) > 1 else {}).items()
        ],
        "newer_url": address(kinds, departement, number - 1) if page.has_previous() else "",
        "older_url": address(kinds, departement, number + 1) if page.has_next() else "",
    }


def kinds_asked(request: HttpRequest) -> list[StepKind]:
    """In their order; the first of the nine when nothing is asked, or nothing known."""
    asked = request.GET.getlist("etape")
    return [kind for kind in StepKind if kind in asked] or [next(iter(StepKind))]


def address(kinds: Sequence[StepKind], departement: str, page: int = 1) -> str:
    pairs = {
        "etape": [kind.value for kind in kinds],
        "departement": departement,
        "page": page if page > 1 else "",
    }
    return f"?{urlencode({name: value for name, value in pairs.items() if value}, doseq=True)}"


def departements_of(user: Any) -> dict[str, str]:
    """Where a person may write in a whole département, by code."""
    territory = territory_of(user, Right.UPDATE_SITE)
    rows = Departement.objects.order_by("code").values_list("code", "name")
    return {code: name for code, name in rows if territory.covers_departement(code)}


def with_versions_seen(request: HttpRequest, form: StepsTableForm, meanwhile: StepsWrittenMeanwhile) -> Any:
    """What was typed, over what stands now: sent again, it is written."""
    data = request.POST.copy()
    for place in form.places:
        if place.key in meanwhile.steps:
            step = meanwhile.steps[place.key]
            data[place.name(SEEN)] = str(step.pk) if step else ""
    return data


def message_of(count: int) -> str:
    if not count:
        return "Rien n’avait changé : rien n’est enregistré."
    return french_spaces(f"Enregistré : {count} {plural(count, 'étape', 'étapes')}.")
