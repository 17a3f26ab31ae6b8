"""Les financements et l’équipe."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.organisations import Directory
from jalons.accounts.permissions import can, check
from jalons.accounts.selectors import readers_in_words
from jalons.actions.deadlines import spending_asked
from jalons.actions.forms.money import FundingForms, YearForm, totals_of
from jalons.actions.models import Action, FundingLine
from jalons.actions.services import remove_money, set_money
from jalons.actions.views.common import actor_on, form_page, on_action, sheet_url
from jalons.actions.views.declare import COUNT, told_from
from jalons.core.ui import Difference, Tab
from jalons.core.values import french_spaces
from jalons.editing.conflicts import Conflict, told_by
from jalons.editing.fact_forms import ReasonForm
from jalons.editing.forms import reopen
from jalons.editing.refusals import Refused
from jalons.editing.removed import fact_or_removed
from jalons.editing.rows import ADD
from jalons.editing.writing import MEANWHILE, already_sent, record, typed, write_and_tell
from jalons.history.selectors import fact_entries, timeline
from jalons.history.services import Stale
from jalons.sites.forms.common import today

TAKEN_AWAY = (Right.WRITE_FUNDING, Right.READ_FUNDING, Right.EXPORT)
FUNDER = [f"funder__territory__{level}" for level in ("commune", "departement", "epci", "region")]


@on_action(Right.WRITE_FUNDING)
def funding(request: HttpRequest, action: Action) -> HttpResponse:
    check(request.user, Right.READ_FUNDING, action)
    year = asked_year(request, action)
    lines = lines_of(action, year)
    judged = not {ADD, COUNT} & set(request.POST)
    forms = funding_forms(typed(request), lines, judged=judged, adding=ADD in request.POST)
    if COUNT in request.POST:
        return render(request, "actions/_totals.html", {"totals": totals_of(forms.rows.forms), "oob": True})
    differences: Sequence[Difference] = ()
    sending = request.method == "POST" and judged
    if sending and (done := already_sent(request, forms.key)):
        return done
    if sending and forms.is_valid():
        differences, gone = stale_rows(action, year, forms, lines)
        if not differences and not gone:
            try:
                return save_funding(request, action, year, forms)
            except Stale:
                lines = lines_of(action, year)
                differences, gone = stale_rows(action, year, forms, lines)
                if not differences and not gone:
                    messages.warning(request, MEANWHILE)
                    forms = funding_again(request, forms, lines)
            except Refused as refusal:
                forms.main.add_error(None, french_spaces(str(refusal)))
        if differences or gone:
            forms = funding_again(request, forms, lines)
    return show_funding(request, action, year, forms, differences)


def funding_forms(data: Any, lines: Sequence[FundingLine], **options: Any) -> FundingForms:
    return FundingForms(data, lines=lines, directory=Directory(), **options)


def lines_of(action: Action, year: int) -> list[FundingLine]:
    lines = FundingLine.objects.known().filter(action=action, year=year)
    return list(lines.select_related("author", "organisation", *FUNDER).order_by("recorded_at", "pk"))


def years_of(action: Action) -> list[int]:
    years = FundingLine.objects.known().filter(action=action).order_by("year")
    return list(years.values_list("year", flat=True).distinct())


def asked_year(request: HttpRequest, action: Action) -> int:
    """The year of the address; else, in January and February, that of which the spending is asked; else this one."""
    form = YearForm(request.GET)
    if form.is_valid():
        return form.cleaned_data["annee"]
    day = today()
    spent = spending_asked(day)
    return spent if spent in years_of(action) else day.year


def stale_rows(
    action: Action, year: int, forms: FundingForms, lines: Sequence[FundingLine]
) -> tuple[list[Difference], bool]:
    """What someone else wrote in the lines that this person changed; was one of them withdrawn?"""
    versions = FundingLine.objects.filter(action=action, year=year, withdrawn=False).in_bulk(forms.seen())
    current = {line.lineage: line for line in lines}
    differences, gone = [], False
    for row in forms.rows.typed_rows():
        row.settle(versions, current)
        if row.is_stale:
            differences += row.differences()
            gone |= row.line is None
    return differences, gone


def save_funding(request: HttpRequest, action: Action, year: int, forms: FundingForms) -> HttpResponse:
    by = actor_on(request, action, Right.WRITE_FUNDING)
    return write_and_tell(
        request,
        forms.key,
        lambda: set_money(
            action=action,
            lines=forms.money_of(year),
            by=by,
            on=told_from(year),
            reason=forms.main.cleaned_data["reason"],
        ),
        message=f"Les financements de {year} sont enregistrés.",
        to=sheet_url(action),
    )


def funding_again(request: HttpRequest, forms: FundingForms, lines: Sequence[FundingLine]) -> FundingForms:
    """What was typed, over the versions that stand now; a line withdrawn meanwhile would be a new one."""
    seen = {}
    for row in forms.rows.typed_rows():
        if row.version is not None:
            seen[f"{row.prefix}-seen"] = str(row.line.pk) if row.line else ""
            if row.line is None:
                kind = row.version.get_kind_display()
                sentence = (
                    f"La ligne « {kind} » a été retirée entre-temps : videz-la, ou validez pour l’ajouter."
                )
                messages.warning(request, french_spaces(sentence))
    form = forms.main
    reopen(form, **seen)
    return funding_forms(form.data, lines)


def show_funding(
    request: HttpRequest, action: Action, year: int, forms: FundingForms, differences: Sequence[Difference]
) -> HttpResponse:
    rows = list(forms.rows)
    spent = spending_asked(today())
    totals = totals_of(rows)
    context = {
        "action": action,
        "sheet_url": sheet_url(action),
        "year": year,
        "forms": forms,
        "rows": shown_rows(action, rows, totals.shares),
        "totals": totals,
        "differences": differences,
        "tabs": year_tabs(action, year),
        "other": YearForm(),
        "spending": year == spent,
        "spending_url": funding_url(action, spent) if spent and spent != year else "",
        "spending_year": spent,
        "edits_elsewhere": all(can(request.user, right, action) for right in TAKEN_AWAY),
        "readers": readers_in_words(Right.READ_FUNDING, action),
        "versions": timeline(
            fact_entries(
                FundingLine.objects.filter(action=action, year=year),
                label=lambda line: f"le financement « {line.get_kind_display()} »",
                dated=False,
            )
        ),
    }
    return render(request, "actions/funding.html", context, status=409 if differences else 200)


def shown_rows(action: Action, rows: Sequence[Any], shares: Sequence[str]) -> list[tuple[Any, str, str]]:
    """Each row with its share of what is planned, and where it is withdrawn when it is already there."""
    seen = {str(row["seen"].value() or "") for row in rows} - {""}
    lines = FundingLine.objects.filter(action=action, pk__in=[int(pk) for pk in seen if is_key(pk)])
    lineages = {str(pk): lineage for pk, lineage in lines.values_list("pk", "lineage")}
    shown_rows = []
    for row, part in zip(rows, shares, strict=True):
        lineage = lineages.get(str(row["seen"].value()))
        url = reverse("actions:funding_remove", args=[action.public_id, lineage]) if lineage else ""
        shown_rows.append((row, part, url))
    return shown_rows


def is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def funding_url(action: Action, year: int) -> str:
    return f"{reverse('actions:funding', args=[action.public_id])}?annee={year}"


def year_tabs(action: Action, year: int) -> list[Tab]:
    """The years of which something is told, this one and the next."""
    this = today().year
    years = sorted({*years_of(action), year, this, this + 1})
    return [Tab(str(other), funding_url(action, other), other == year) for other in years]


@on_action(Right.WRITE_FUNDING)
def funding_remove(request: HttpRequest, action: Action, lineage: uuid.UUID) -> HttpResponse:
    check(request.user, Right.READ_FUNDING, action)
    versions = FundingLine.objects.filter(action=action, lineage=lineage)
    line = fact_or_removed(
        versions.select_related("funder"), back=sheet_url(action), words="Cette ligne est déjà retirée."
    )
    form = ReasonForm(typed(request), initial={"seen": line.pk}, label="Pourquoi la retirer ?")
    conflict: Conflict | None = None
    seen = form.data.get("seen") if form.is_bound else None
    if seen and seen != str(line.pk):
        conflict = Conflict("Cette ligne a été modifiée entre-temps", told_by(line))
        form.reopened_on(line.pk)
    answer = None
    if conflict is None:
        by = actor_on(request, action, Right.WRITE_FUNDING)
        answer = record(
            request,
            form,
            lambda: remove_money(line=line, by=by, reason=form.cleaned_data["reason"]),
            message=f"La ligne de financement de {line.year} est retirée.",
            to=sheet_url(action),
        )
    funder = f", {line.funder}" if line.funder else ""
    return answer or form_page(
        request,
        action,
        form,
        conflict=conflict,
        title="Retirer une ligne de financement",
        submit="Retirer la ligne",
        danger="danger",
        intro=f"{line.get_kind_display()}{funder}, {line.year}. {amounts_in_words(line)}",
        readers=readers_in_words(Right.READ_FUNDING, action),
    )


def amounts_in_words(line: FundingLine) -> str:
    amounts = [
        f"{FundingLine._meta.get_field(name).verbose_name} : {line.value(name)}"  # type: ignore[union-attr]
        for name in FundingLine.AMOUNTS
    ]
    words = ", ".join(amounts)
    return french_spaces(f"{words[:1].upper()}{words[1:]}.")
