"""Reprendre le tableau de familles que l’équipe tient déjà. Rien du fichier n’est gardé en clair, pas même son nom."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.core import clock, ui
from jalons.core.confined import UnreadFile
from jalons.core.values import fold, join_and, plural
from jalons.documents.uploads import dropped_files
from jalons.households.enums import ImportState, RegisterAct
from jalons.households.imports.columns import fields, guess_family_columns
from jalons.households.imports.content import ImportChoices
from jalons.households.imports.forms import FamilyColumnsForm, FamilyTableForm
from jalons.households.imports.matching import known_families, verdicts
from jalons.households.imports.preview import (
    DECISIONS,
    MOST_DOUBTS,
    counts_of,
    counts_words,
    doubt_lines,
    preview_page,
)
from jalons.households.imports.sample import sample_workbook
from jalons.households.imports.services import (
    DAYS_HELD,
    ChangedSince,
    ImportMoved,
    NoFamilyRead,
    OpenedImport,
    apply_import,
    choose,
    drop_import,
    open_import,
    take_in,
    undo_import,
)
from jalons.households.imports.values import answer_reading
from jalons.households.journal import note_act
from jalons.households.models import RegisterImport
from jalons.households.permissions import Opened, in_register
from jalons.households.retention.services import months_kept
from jalons.households.sheets.selectors import own_actions, site_choices
from jalons.households.sheets.services import FamilyRefused, FamilySave
from jalons.households.vault import UnreadableSeal
from jalons.imports.reading.files import read_content
from jalons.imports.reading.remembered import forgetting

MOVED = "Quelqu’un a changé ce tableau entre-temps\u00a0: voici où il en est. Rien n’a été écrit."
COLUMNS = [ui.Column("Famille"), ui.Column("Personnes"), ui.Column("Ce qu’elle devient")]
COLUMN_COLUMNS = [ui.Column("Colonne"), ui.Column("Premières valeurs"), ui.Column("Dans le registre")]


def save_now(request: HttpRequest, opened: Opened, token: str = "") -> FamilySave:
    return FamilySave(opened.register, str(request.user.pk), timezone.now(), clock.today(), token)


def own_import(opened: Opened, import_id: UUID) -> RegisterImport:
    rows = RegisterImport.objects.filter(organisation=opened.organisation.pk).select_related("author")
    stored = rows.filter(pk=import_id).first()
    if stored is None:
        raise Http404
    return stored


def opened_import(opened: Opened, stored: RegisterImport, *, whole: bool = False) -> OpenedImport | None:
    """None once its key went: the key of the register was renewed, or restored from another day."""
    try:
        return open_import(opened.register, stored, clock.today(), whole=whole)
    except UnreadableSeal:
        return None


def lost_page(request: HttpRequest, opened: Opened, stored: RegisterImport) -> HttpResponse:
    return render(request, "households/imports/lost.html", {"opened": opened, "stored": stored})


def site_codes(sites: list[tuple[str, str]]) -> dict[str, str]:
    """By folded name; two sites of one name are asked."""
    names = [fold(name) for _, name in sites]
    return {fold(name): code for code, name in sites if names.count(fold(name)) == 1}


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
@forgetting()
def give(request: HttpRequest, opened: Opened) -> HttpResponse:
    actions = own_actions(opened.register, request.user)
    sent: tuple[Any, ...] = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FamilyTableForm(*sent, actions=actions, dropped="file" in dropped_files(request))
    if form.is_bound and form.is_valid():
        try:
            stored = taken_in(request, opened, form.cleaned_data)
            return redirect("households:import_columns", stored.pk)
        except (UnreadFile, NoFamilyRead) as error:
            form.add_error("file" if form.cleaned_data["file"] else "pasted", str(error))
    held = RegisterImport.objects.filter(organisation=opened.organisation.pk).select_related("author")
    context = {
        "opened": opened,
        "form": form,
        "held": held.order_by("-created_at", "pk")[:20],
        "days": DAYS_HELD,
    }
    return render(request, "households/imports/give.html", context)


def taken_in(request: HttpRequest, opened: Opened, given: dict[str, Any]) -> RegisterImport:
    if given["file"]:
        upload = given["file"]
        upload.file.seek(0)
        kind, content = upload.kind.value, upload.file.read()
    else:
        kind, content = "txt", given["pasted"].encode()
    sites = site_choices(opened.register, request.user, set())
    return take_in(
        save_now(request, opened),
        read_content(content, kind),
        user=request.user,
        sites=site_codes(sites),
        dispositif=given["dispositif"],
    )


@require_safe
@in_register
def sample(request: HttpRequest, opened: Opened) -> HttpResponse:
    sites = site_choices(opened.register, request.user, set())
    content = sample_workbook(sites[0][1] if sites else "", clock.today())
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = 'attachment; filename="modele-familles.xlsx"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
@forgetting()
def columns(request: HttpRequest, opened: Opened, import_id: UUID) -> HttpResponse:
    stored = own_import(opened, import_id)
    held = opened_import(opened, stored, whole=True)
    if held is None:
        return lost_page(request, opened, stored)
    if stored.state != ImportState.READ:
        return redirect("households:import_preview", stored.pk)
    sites = site_choices(opened.register, request.user, set())
    form = FamilyColumnsForm(
        request.POST or None, held=held, actions=own_actions(opened.register, request.user), sites=sites
    )
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            choose(
                opened.register,
                stored.pk,
                version,
                form.choices(),
                sites=site_codes(sites),
                today=clock.today(),
            )
        except ImportMoved:
            messages.warning(request, MOVED)
        return redirect("households:import_preview", stored.pk)
    note_act(request, opened.organisation.pk, RegisterAct.LIST)
    context = {
        "opened": opened,
        "form": form,
        "stored": stored,
        "sheets": sheet_lines(held, form),
        "columns": COLUMN_COLUMNS,
    }
    return render(request, "households/imports/columns.html", context)


def sheet_lines(held: OpenedImport, form: FamilyColumnsForm) -> list[dict[str, Any]]:
    """For each sheet: its choices, then its columns with a reason and samples, or why one is refused."""
    lines = []
    for number, table in enumerate(held.tables):
        rows = []
        for guess in guess_family_columns(table):
            name = f"colonne-{number}-{guess.column}"
            rows.append(
                {
                    "guess": guess,
                    "bound": form[name] if name in form.fields else None,
                    "refused": held.refused[number].get(guess.column, ""),
                    "samples": " · ".join(sample[:40] for sample in guess.samples),
                }
            )
        lines.append(
            {
                "title": table.title,
                "count": len(table.rows()),
                "controls": [form[f"{name}-{number}"] for name in ("prise", "lignes", "groupe", "lieu")],
                "rows": rows,
                "warnings": table.context.warnings,
            }
        )
    return lines


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
@forgetting()
def preview(request: HttpRequest, opened: Opened, import_id: UUID) -> HttpResponse:
    stored = own_import(opened, import_id)
    held = opened_import(opened, stored)
    if held is None:
        return lost_page(request, opened, stored)
    sites = site_choices(opened.register, request.user, set())
    typed: dict[int, str] = {}
    errors: set[int] = set()
    if request.method == "POST":
        choices, typed, errors = chosen(request, held, {code for code, _ in sites})
        reads_again = choices.answers != held.choices.answers
        if not errors:
            try:
                choose(
                    opened.register,
                    stored.pk,
                    version_of(request),
                    choices,
                    sites=site_codes(sites),
                    today=clock.today(),
                    reads_again=reads_again,
                )
            except ImportMoved:
                messages.warning(request, MOVED)
            return redirect("households:import_preview", stored.pk)
    note_act(request, opened.organisation.pk, RegisterAct.LIST)
    context = preview_context(request, opened, held)
    labels = {key: known.label for key, known in fields().items()}
    context |= {
        "doubts": doubt_lines(held.families.doubts, labels, sites, typed, errors),
        "more_doubts": max(0, len(held.families.doubts) - MOST_DOUBTS),
        "errors": errors,
    }
    return render(request, "households/imports/preview.html", context)


def version_of(request: HttpRequest) -> int:
    """Zero, which no table has, for what is no number."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def chosen(
    request: HttpRequest, held: OpenedImport, sites: set[str]
) -> tuple[ImportChoices, dict[int, str], set[int]]:
    """What was answered on the page, over what had been; and the answers that cannot be, by their number."""
    answers, decisions = dict(held.choices.answers), dict(held.choices.decisions)
    typed: dict[int, str] = {}
    errors: set[int] = set()
    for number, doubt in enumerate(held.families.doubts[:MOST_DOUBTS]):
        answer = request.POST.get(f"sens-{number}", "").strip()[:200]
        if not answer:
            continue
        typed[number] = answer
        try:
            if doubt.field == "site" and answer not in sites and answer != "-":
                raise ValueError
            answer_reading(doubt.field, answer, clock.today())
        except ValueError:
            errors.add(number)
            continue
        answers[doubt.key] = answer
    for number, read in enumerate(held.families.families):
        decision = request.POST.get(f"famille-{number}", "")
        if decision in DECISIONS:
            decisions[read.key] = decision
    for_all = request.POST.get("pour-toutes", held.choices.for_all)
    choices = ImportChoices(
        held.choices.sheets,
        held.choices.dispositif,
        held.choices.together,
        answers,
        decisions,
        for_all if for_all in DECISIONS else "",
    )
    return choices, typed, errors


def preview_context(request: HttpRequest, opened: Opened, held: OpenedImport) -> dict[str, Any]:
    stored, today = held.stored, clock.today()
    context: dict[str, Any] = {
        "opened": opened,
        "stored": stored,
        "held": held,
        "applied": stored.state == ImportState.APPLIED,
        "days": DAYS_HELD,
        "columns": COLUMNS,
        "decisions": [*DECISIONS.items()],
        "refused": [why for reasons in held.refused for why in reasons.values()],
    }
    if context["applied"]:
        return context | {"created": len(held.result["created"]), "changed": len(held.result["changed"])}
    decided = verdicts(
        held.families.families,
        held.choices,
        known_families(opened.register),
        today=today,
        months=months_kept(opened.organisation.pk),
    )
    counts = counts_of(decided)
    page, lines = preview_page(opened.register, decided, request.GET.get("page"), today)
    return context | {"counts": counts, "counts_words": counts_words(counts), "page": page, "lines": lines}


@require_POST
@in_register
@forgetting()
def apply(request: HttpRequest, opened: Opened, import_id: UUID) -> HttpResponse:
    stored = own_import(opened, import_id)
    save = save_now(request, opened, token=f"import {stored.pk}")
    was = stored.state
    try:
        applied = apply_import(save, stored.pk, version_of(request))
    except ImportMoved:
        messages.warning(request, MOVED)
    except FamilyRefused as refused:
        messages.error(
            request,
            f"Rien n’est enregistré. {' '.join(refused.sentences)} Choisissez de ne pas remplacer ce ménage, ou "
            "corrigez votre tableau et donnez-le de nouveau.",
        )
    else:
        if was != ImportState.APPLIED:
            count = applied.households
            note_act(request, opened.organisation.pk, RegisterAct.IMPORTED, households=count)
            words = plural(count, "famille enregistrée", "familles enregistrées")
            messages.success(request, f"{count} {words}.")
    return redirect("households:import_preview", stored.pk)


@require_POST
@in_register
def undo(request: HttpRequest, opened: Opened, import_id: UUID) -> HttpResponse:
    stored = own_import(opened, import_id)
    try:
        count = undo_import(save_now(request, opened), stored.pk, version_of(request))
    except ImportMoved:
        messages.warning(request, MOVED)
    except ChangedSince as changed:
        count, some = len(changed.references), changed.references[:8]
        more = [f"{count - 8} {plural(count - 8, 'autre', 'autres')}"] if count > 8 else []
        what = plural(
            count,
            "a changé depuis, ou n’est plus là. Corrigez sa fiche",
            "ont changé depuis, ou ne sont plus là. Corrigez leurs fiches une à une",
        )
        messages.warning(request, f"Rien n’est annulé\u00a0: {join_and([*some, *more])} {what}.")
    else:
        note_act(request, opened.organisation.pk, RegisterAct.UNDONE, households=count)
        messages.success(
            request, "Le registre est comme avant ce tableau. Corrigez-le, puis enregistrez de nouveau."
        )
    return redirect("households:import_preview", stored.pk)


@require_POST
@in_register
def drop(request: HttpRequest, opened: Opened, import_id: UUID) -> HttpResponse:
    stored = own_import(opened, import_id)
    drop_import(stored.pk, opened.organisation.pk)
    messages.success(request, "Le tableau est effacé. Ce qui en était enregistré reste dans le registre.")
    return redirect("households:import_start")
