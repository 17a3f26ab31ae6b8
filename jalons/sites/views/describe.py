"""Dire ce qu’est un site : sa description, ses appellations, sa date d’installation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jalons.accounts.enums import Right
from jalons.core.ui import Difference, choice_name
from jalons.core.values import format_long_date, format_number
from jalons.editing.writing import record, typed, write_and_tell
from jalons.history.conflicts import conflict, settled
from jalons.history.services import Stale
from jalons.sites.forms.describe import AliasForm, EditSiteForm, InstallationForm
from jalons.sites.forms.place import territory_words
from jalons.sites.models import Occupation, Site, SiteAlias, Survey
from jalons.sites.pages import actor_on, on_site, sheet_url
from jalons.sites.services import add_alias, correct_installation, occupation_of, remove_alias, update_site

# Columns that make one answer.
POINT = ("latitude", "longitude")


@on_site(Right.UPDATE_SITE)
def edit(request: HttpRequest, site: Site) -> HttpResponse:
    form = EditSiteForm(typed(request), site=site, user=request.user)
    if form.is_bound and form.is_valid():
        described = settled(site, form.described(), choices(request))
        if site.version == form.seen_version and not form.differs(described):
            messages.info(request, "Rien n’a été modifié.")
            return redirect(sheet_url(site))
        try:
            return save_edit(request, site, form, described, form.seen_version)
        except Stale as stale:
            return edit_again(request, form, described, stale.current)
    return show_edit(request, site, form)


def save_edit(
    request: HttpRequest, site: Site, form: EditSiteForm, described: dict[str, Any], version: int
) -> HttpResponse:
    def write() -> None:
        update_site(
            site=site,
            by=actor_on(request, site, Right.UPDATE_SITE),
            expected_version=version,
            reason=form.cleaned_data["reason"],
            **described,
        )

    key = form.cleaned_data["submission_key"]
    return write_and_tell(request, key, write, message="Le site est modifié.", to=sheet_url(site))


def edit_again(
    request: HttpRequest, form: EditSiteForm, described: dict[str, Any], current: Any
) -> HttpResponse:
    """Someone saved meanwhile: each field that differs is for this person to choose, over what is stored now."""
    site = Site.objects.select_related("commune__departement").get(pk=current.pk)
    seen = site.history.filter(version=form.seen_version).order_by("history_id").first()
    differing = one_point(conflict(site, form.seen_version, described), seen, site, described)
    form.reopened_on(site.version)
    if not differing:
        messages.warning(
            request,
            "Quelqu’un d’autre a enregistré ce site entre-temps, sans rien contredire\u00a0: validez de nouveau.",
        )
    return show_edit(request, site, form, differences=differing)


def one_point(
    differences: Sequence[Difference], seen: Any, stored: Site, described: Mapping[str, Any]
) -> list[Difference]:
    """Latitude and longitude are chosen together. `seen` is the line of history on which the form was opened."""
    halves = [difference for difference in differences if difference.field in POINT]
    others = [difference for difference in differences if difference.field not in POINT]
    if halves:
        whole = replace(
            halves[0],
            field=POINT[0],
            label="Point sur la carte",
            seen=point_words(seen.latitude, seen.longitude) if seen else "",
            theirs=point_words(stored.latitude, stored.longitude),
            mine=point_words(described["latitude"], described["longitude"]),
            keep_mine=any(half.keep_mine for half in halves),
        )
        others.append(whole)
    return others


def choices(request: HttpRequest) -> dict[str, str]:
    made = {name: str(value) for name, value in request.POST.items()}
    together, alone = (choice_name(name) for name in POINT)
    return {**made, alone: made.get(together, "")}


def point_words(latitude: float | None, longitude: float | None) -> str:
    if latitude is None or longitude is None:
        return ""
    return f"{format_number(round(latitude, 5))} ; {format_number(round(longitude, 5))}"


def show_edit(
    request: HttpRequest,
    site: Site,
    form: EditSiteForm,
    *,
    alias_form: AliasForm | None = None,
    differences: Sequence[Difference] = (),
) -> HttpResponse:
    context = {
        "site": site,
        "form": form,
        "differences": differences,
        "aliases": list(site.aliases.order_by("name", "pk")),
        "alias_form": alias_form or AliasForm(),
        "back_to": "edit",
        "territory": f"Votre territoire\u00a0: {territory_words(form.territory)}.",
        "sheet_url": sheet_url(site),
    }
    return render(request, "sites/edit.html", context, status=409 if differences else 200)


# --- other names -----------------------------------------------------------------------------------------------


def after_alias(request: HttpRequest, site: Site) -> HttpResponse:
    """Back to where the names were shown."""
    to_sheet = request.POST.get("back_to") == "sheet"
    page = sheet_url(site) if to_sheet else reverse("sites:edit", args=[site.public_id])
    return redirect(f"{page}#appellations")


@require_POST
@on_site(Right.UPDATE_SITE)
def alias_add(request: HttpRequest, site: Site) -> HttpResponse:
    form = AliasForm(request.POST)
    if not form.is_valid():
        return show_edit(request, site, EditSiteForm(site=site, user=request.user), alias_form=form)
    name, known = form.cleaned_data["name"], site.aliases.count()
    add_alias(
        site=site,
        name=name,
        used_by=form.cleaned_data["used_by"],
        by=actor_on(request, site, Right.UPDATE_SITE),
    )
    if site.aliases.count() > known:
        messages.success(request, f"Appellation «\u00a0{name}\u00a0» ajoutée.")
    else:
        messages.info(request, f"Ce site porte déjà l’appellation «\u00a0{name}\u00a0».")
    return after_alias(request, site)


@require_POST
@on_site(Right.UPDATE_SITE)
def alias_remove(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    alias = SiteAlias.objects.filter(site=site, pk=pk).first()
    if alias is None:
        messages.info(request, "Cette appellation est déjà retirée.")
    else:
        remove_alias(alias=alias, by=actor_on(request, site, Right.UPDATE_SITE))
        messages.success(request, f"Appellation «\u00a0{alias.name}\u00a0» retirée.")
    return after_alias(request, site)


# --- since when ------------------------------------------------------------------------------------------------


@on_site(Right.UPDATE_SITE)
def installation(request: HttpRequest, site: Site) -> HttpResponse:
    occupation = occupation_of(site)
    form = InstallationForm(typed(request), initial=told_installation(occupation))
    status = 200
    try:
        done = record(
            request,
            form,
            lambda: write_installation(request, site, form, occupation),
            message="La date d’installation est corrigée.",
            to=sheet_url(site),
            blame="installed",
        )
    except Stale:
        done, form, status = None, installation_changed(request, site), 409
    context = {"site": site, "form": form, "occupation": occupation_of(site), "sheet_url": sheet_url(site)}
    return done or render(request, "sites/installation.html", context, status=status)


def told_installation(occupation: Occupation) -> dict[str, Any]:
    return {
        "installed": occupation.starts_text or (occupation.valid_on if occupation.start_is_known else ""),
        "seen": occupation.pk,
    }


def write_installation(request: HttpRequest, site: Site, form: InstallationForm, seen: Occupation) -> None:
    read = form.cleaned_data
    if read["seen"] not in (None, seen.pk):
        raise Stale(seen)
    correct_installation(
        site=site,
        by=actor_on(request, site, Right.UPDATE_SITE),
        on=read["start"] or first_count(site) or seen.valid_on,
        known=read["start"] is not None,
        text="" if read["unknown"] else read["installed"],
        reason=read["reason"],
        seen=seen,
    )


def first_count(site: Site) -> Any:
    """The date of the oldest survey, from which a site of unknown age is known."""
    dates = Survey.objects.known().filter(site=site).order_by("valid_on")
    return dates.values_list("valid_on", flat=True).first()


def installation_changed(request: HttpRequest, site: Site) -> InstallationForm:
    """What was typed, over the date that someone else wrote meanwhile."""
    now = occupation_of(site)
    data = request.POST.copy()
    data["seen"] = str(now.pk)
    form = InstallationForm(data, initial=told_installation(now))
    starts_text = now.starts_text or (format_long_date(now.valid_on) if now.start_is_known else "inconnue")
    form.add_error(
        None,
        f"{now.author} ({now.organisation}) a corrigé cette date entre-temps\u00a0: elle est maintenant "
        f"«\u00a0{starts_text}\u00a0». Vérifiez la vôtre, puis validez à nouveau si c’est la bonne.",
    )
    return form
