"""Fusionner deux sites déclarés deux fois."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import fetch
from jalons.core.values import format_date, format_long_date, format_number, french_spaces, join_and, plural
from jalons.editing.writing import record, typed
from jalons.history.chronology import discords
from jalons.sites.chronology import WORDINGS, facts_of_sheet, life_of
from jalons.sites.forms.describe import MergeForm, MergeSearchForm
from jalons.sites.models import Site, Survey
from jalons.sites.nearby import nearby_sites
from jalons.sites.pages import actor_on, on_site, sheet_url
from jalons.sites.selectors import Sheet, search, site_sheet
from jalons.sites.services import merge_sites, missing_words
from jalons.sites.views.declare import where_words

MOST_FOUND = 20
FORESEEN = "Des dates ne s’accorderont pas."
FORESEEN_IF_CLOSED = "Si le site reste fermé, des dates ne s’accorderont pas."
NONE_OF = {
    "Appellations": "aucune autre",
    "Dernier recensement": "non recensé",
    "Recensements": "aucun",
    "Journal": "rien d’écrit",
    "Procédures": "aucune",
}
TAKEN = {
    "address": "l’adresse",
    "address_detail": "la précision sur le lieu",
    "latitude": "le point sur la carte",
    "kind": "le type de site",
    "origins": "les origines",
    "resorption_target": "l’année visée",
}


@on_site(Right.MERGE_SITES)
def merge(request: HttpRequest, site: Site) -> HttpResponse:
    """The site of the address is the one that is kept; `avec` names the other, first to be chosen."""
    asked = request.POST.get("other") or request.GET.get("avec", "")
    if not asked:
        return choose_other(request, site)
    # A merged one is let through: the same sending, twice, is answered below by what the first did.
    sites = Site.objects.exclude(pk=site.pk).select_related("commune__departement")
    other = fetch(request.user, sites, Right.MERGE_SITES, public_id=asked if asked.isalnum() else "")
    if request.method == "GET" and other.merged_into_id is not None:
        messages.info(request, f"«\u00a0{other.name}\u00a0» est déjà fusionné.")
        return redirect(sheet_url(site))
    survivor, gone = site_sheet(request.user, site), site_sheet(request.user, other)
    form = MergeForm(
        typed(request),
        closed_on=survivor.closed_on if gone.is_open else None,
        initial={"other": other.public_id, "keep_open": lived_in_since(survivor, gone)},
    )
    done = record(
        request,
        form,
        lambda: merge_sites(
            survivor=site,
            duplicate=other,
            by=actor_on(request, site, Right.MERGE_SITES),
            reason=form.cleaned_data["reason"],
            keep_open=form.cleaned_data.get("keep_open", False),
        ),
        message=f"«\u00a0{other.name}\u00a0» est fusionné dans «\u00a0{site.name}\u00a0».",
        to=sheet_url(site),
    )
    return done or render(request, "sites/merge.html", comparison(survivor, gone, form))


def choose_other(request: HttpRequest, site: Site) -> HttpResponse:
    mine = Site.objects.writable_by(request.user, Right.MERGE_SITES).standing().exclude(pk=site.pk)
    form = MergeSearchForm(request.GET or None)
    text = form.criteria().get("q", "") if form.is_bound else ""
    matching = candidates(mine, text) if text else []
    names = [site.name, site.address, *site.aliases.values_list("name", flat=True)]
    near = nearby_sites(
        request.user,
        commune=site.commune_id,
        names=names,
        latitude=site.latitude,
        longitude=site.longitude,
        excluding=site.pk,
    )
    allowed = set(mine.filter(pk__in=[neighbour.site.pk for neighbour in near]).values_list("pk", flat=True))
    close = [(neighbour, where_words(neighbour)) for neighbour in near if neighbour.site.pk in allowed]
    context = {"site": site, "form": form, "text": text, "found": matching, "near": close}
    return render(request, "sites/merge_choice.html", {**context, "sheet_url": sheet_url(site)})


def candidates(sites: Any, text: str) -> Sequence[Site]:
    """Sites that may be merged and answer to a name, an address, or the end of the address of their sheet."""
    code = text.strip().rstrip("/").rsplit("/", 1)[-1]
    matching = search(sites, text) | sites.filter(public_id=code)
    return matching.select_related("commune").distinct().order_by("search_text", "pk")[:MOST_FOUND]


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison; empty words: nothing is written."""

    label: str
    mine: str
    other: str

    @property
    def missing(self) -> str:
        return NONE_OF.get(self.label, "non renseigné")


def lived_in_since(sheet: Sheet, gone: Sheet) -> bool:
    """Were people counted on the duplicate once the kept site was closed?"""
    figure = gone.figure
    return bool(sheet.closed_on and figure and figure.people and figure.valid_on >= sheet.closed_on)


def comparison(sheet: Sheet, gone: Sheet, form: MergeForm) -> dict[str, Any]:
    site, other = sheet.site, gone.site
    lines = [
        Compared(label, mine, theirs)
        for (label, mine), (_, theirs) in zip(telling_facts(sheet), telling_facts(gone), strict=True)
    ]
    return {
        "site": site,
        "other": other,
        "form": form,
        "caption": f"«\u00a0{site.name}\u00a0» est conservé, «\u00a0{other.name}\u00a0» le rejoint",
        "lines": lines,
        "outcome": outcome(sheet, gone),
        "differs": sheet.is_open != gone.is_open,
        "kept_is_open": sheet.is_open,
        "closed_words": closed_words(sheet, gone),
        "discords": foreseen_discords(sheet, gone),
        "discords_title": FORESEEN_IF_CLOSED if "keep_open" in form.fields else FORESEEN,
        "sheet_url": sheet_url(site),
        "swap_url": f"{reverse('sites:merge', args=[other.public_id])}?avec={site.public_id}",
        "choice_url": reverse("sites:merge", args=[site.public_id]),
    }


def closed_words(sheet: Sheet, gone: Sheet) -> str:
    """« Le site conservé est fermé depuis le 1er juin 2026, mais… », when the other one is open."""
    if sheet.closed_on is None or not gone.is_open:
        return ""
    sentence = (
        f"Le site conservé est fermé depuis le {format_long_date(sheet.closed_on)}, mais l’autre est ouvert"
    )
    if lived_in_since(sheet, gone):
        sentence += f" : {figure_words(gone.figure)}"
    return french_spaces(
        f"{sentence}. Sans la case ci-dessous, il reste fermé et quitte la liste des sites ouverts."
    )


def foreseen_discords(survivor: Sheet, gone: Sheet) -> list[str]:
    """The dates that will not agree once the facts of the duplicate are on the kept site, if it stays as it is."""
    facts = [*facts_of_sheet(survivor), *facts_of_sheet(gone)]
    starts = [sheet.occupation for sheet in (survivor, gone) if sheet.occupation]
    life = life_of(survivor.occupation)
    if starts:
        oldest = min(starts, key=lambda start: start.valid_on)
        life = replace(life, begins=oldest.valid_on if oldest.start_is_known else None)
    return discords(life, facts, WORDINGS)


def telling_facts(sheet: Sheet) -> list[tuple[str, str]]:
    """What tells whether two sites are one, in words."""
    site = sheet.site
    lines = [
        ("Adresse", site.address),
        ("Précision sur le lieu", site.address_detail),
        ("Commune", site.commune.name),
        ("Type de site", site.get_kind_display()),
        ("Appellations", ", ".join(alias.name for alias in sheet.aliases)),
        ("Situation", situation(sheet)),
        ("Dernier recensement", figure_words(sheet.figure)),
        ("Recensements", counted(len(sheet.surveys), "recensement", "recensements")),
        ("Journal", counted(len(sheet.events), "événement", "événements")),
    ]
    if sheet.procedures is not None:
        lines.append(("Procédures", counted(len(sheet.procedures), "étape", "étapes")))
    return lines


def counted(number: int, text: str, several: str) -> str:
    return f"{number} {plural(number, text, several)}" if number else ""


def situation(sheet: Sheet) -> str:
    occupation = sheet.occupation
    if occupation is None:
        return ""
    since = format_date(occupation.valid_on)
    start = f"installé depuis le {since}" if occupation.start_is_known else f"connu depuis le {since}"
    if sheet.is_open or occupation.ended_on is None:
        return f"Ouvert, {start}"
    return f"Fermé le {format_date(occupation.ended_on)}, {start}"


def figure_words(figure: Survey | None) -> str:
    if figure is None or figure.people is None:
        return ""
    people = f"{format_number(figure.people)} {plural(figure.people, 'personne', 'personnes')}"
    return f"{people}, le {format_date(figure.valid_on)} ({figure.get_source_kind_display()})"


def outcome(survivor: Sheet, gone: Sheet) -> list[str]:
    """What the merge does, said before it is done."""
    names = f"«\u00a0{gone.site.name}\u00a0»"
    lines = []
    moved = counted(len(gone.surveys), "recensement", "recensements")
    if moved:
        lines.append(f"Passent sur le site conservé, avec leur source et leur auteur\u00a0: {moved}.")
    best = max(
        (sheet.figure for sheet in (survivor, gone) if sheet.figure),
        key=lambda item: (item.valid_on, item.reliability, item.recorded_at),
        default=None,
    )
    if best is not None:
        lines.append(f"Le chiffre du site sera\u00a0: {figure_words(best)}. Rien n’est additionné.")
    lines.append(f"{names} devient une appellation, et l’adresse de sa fiche mène au site conservé.")
    taken = [
        TAKEN[name] for name in missing_words(survivor=survivor.site, duplicate=gone.site) if name in TAKEN
    ]
    if taken:
        lines.append(f"Ce que le site conservé ne disait pas est repris\u00a0: {join_and(taken)}.")
    starts = [sheet.occupation.valid_on for sheet in (survivor, gone) if sheet.occupation]
    if survivor.occupation and min(starts) < survivor.occupation.valid_on:
        lines.append(f"Le site est connu depuis le {format_long_date(min(starts))}.")
    lines.append("L’historique des deux sites reste lisible, tel qu’il était connu avant la fusion.")
    return lines
