"""Un tableau donné : ses colonnes, ses lignes, ce qui en a été enregistré."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.decorators import requires_any
from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.core import ui
from jalons.core.progress import JobProgress
from jalons.core.values import format_date, format_number, french_spaces, local_day, plural
from jalons.exports.enums import Format
from jalons.exports.responses import respond
from jalons.history.services import Actor
from jalons.imports.choices import DAMAGED, HOME, Choices
from jalons.imports.enums import BatchState, CellVerdict, TargetKind
from jalons.imports.exports import corrections_export
from jalons.imports.forms import ColumnsForm
from jalons.imports.jobs import NOTHING_DONE, run_batch
from jalons.imports.models import ImportBatch
from jalons.imports.permissions import GIVES, WRITES_OF, may_write
from jalons.imports.progress import progress_of
from jalons.imports.selectors import (
    RULES,
    column_rows,
    columns_to_decide,
    counts_of,
    filled_choices,
    key_of,
    lines_of,
    shown_lines,
)
from jalons.imports.services import ask_to_apply, ask_to_undo, choose, prepare, reply_to_lines
from jalons.imports.services.drafts import all_tables, chosen_of
from jalons.imports.services.undoing import may_be_undone
from jalons.imports.trips.shown import shown_trip

PER_PAGE = 25
LONGEST_DECISION = 10  # characters of a public id
ACTION_TARGETS = (TargetKind.INDICATORS, TargetKind.FUNDING, TargetKind.ACTIONS, TargetKind.DESCRIPTIONS)
SITE_TARGETS = (TargetKind.SITES, TargetKind.CONDITIONS)
# What a row may create, and where what was written is then read.
CREATED: dict[str, str] = {
    **dict.fromkeys(SITE_TARGETS, "un nouveau site"),
    TargetKind.ORGANISATIONS: "une nouvelle structure",
    TargetKind.ACTIONS: "un nouveau dispositif",
}
PAGES: dict[str, str] = {
    **dict.fromkeys(SITE_TARGETS, "sites:list"),
    **dict.fromkeys(ACTION_TARGETS, "actions:list"),
    TargetKind.ORGANISATIONS: "administration:organisations",
}
PAGE_WORDS: dict[str, str] = {
    **dict.fromkeys(SITE_TARGETS, "Voir les sites"),
    **dict.fromkeys(ACTION_TARGETS, "Voir les dispositifs"),
    TargetKind.ORGANISATIONS: "Voir les structures",
}
WORKING = (BatchState.APPLYING, BatchState.UNDOING)
STARTED = "Ce tableau est déjà enregistré, ou en train de l’être."


def batch_of(request: HttpRequest, public_id: str) -> ImportBatch:
    batches = ImportBatch.objects.visible_to(request.user).select_related(
        "author", "organisation__merged_into"
    )
    return get_object_or_404(batches, public_id=public_id)


def actor(request: HttpRequest, batch: ImportBatch) -> Actor:
    return Actor(request.user, batch.organisation.merged_into or batch.organisation)


def check_writes(request: HttpRequest, batch: ImportBatch) -> None:
    if not may_write(request.user, batch.target):
        rights = " ou ".join(Right(right).label.lower() for right in WRITES_OF.get(batch.target, ()))
        raise PermissionDenied(french_spaces(f"Droit nécessaire : {rights}."))


@requires_any(*GIVES)
@require_safe
def batch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where it stands: its result, or the step that waits."""
    batch = batch_of(request, public_id)
    if batch.state == BatchState.DRAFT:
        return redirect("imports:columns", public_id)
    if batch.state == BatchState.READY:
        return redirect("imports:lines", public_id)
    working = batch.state in WORKING
    is_undoing = batch.state == BatchState.UNDOING
    progress = progress_of(batch) if working else None
    context = {
        "batch": batch,
        "working": working,
        "is_undoing": is_undoing,
        "is_undone": batch.state == BatchState.UNDONE,
        "advance_label": "Annulation" if is_undoing else "Écriture",
        "nothing_done": NOTHING_DONE[BatchState.UNDOING if is_undoing else BatchState.APPLYING],
        "advance": progress.read() if progress else None,
        "advance_words": words_of_advance(progress, counts_of(batch)["written"]) if progress else "",
        "stopping": progress.is_stopping if progress else False,
        "may_stop": working and may_write(request.user, batch.target),
        "may_undo": may_be_undone(batch) and may_write(request.user, batch.target),
        "counts": counts_of(batch),
        "written_words": words_of_done(batch.done),
        "target_page": reverse(PAGES[batch.target]),
        "target_words": PAGE_WORDS[batch.target],
    }
    answer = render(request, "imports/batch.html", context)
    if working:
        answer["Refresh"] = "3"
    return answer


@requires_any(*GIVES)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, public_id: str) -> HttpResponse:
    batch = batch_of(request, public_id)
    if not batch.is_open:
        messages.info(request, STARTED)
        return redirect("imports:batch", public_id)
    if batch.choices.get("trip") == HOME:
        return redirect("imports:lines", public_id)
    reads_money = has(request.user, Right.READ_FUNDING)
    if request.POST.get("target") == TargetKind.FUNDING and not reads_money:
        raise PermissionDenied(french_spaces(f"Droit nécessaire : {Right.READ_FUNDING.label.lower()}."))
    chosen = chosen_of(batch)
    tables = all_tables(batch)
    choices = chosen.choices
    initial = {
        "sheet": choices.sheet, "target": batch.target, "on": choices.day, "source_kind": choices.source_kind,
        "reliability": choices.reliability, "hidden_rows": choices.hidden_rows, "about": choices.about,
    }  # fmt: skip
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        tables=tables,
        chosen=chosen,
        filled=filled_choices(actor(request, batch), chosen, rehearsal=batch.rehearsal),
        reads_money=reads_money,
        initial=initial,
    )
    if form.is_bound and form.is_valid():
        return columns_chosen(request, batch, form)
    context = {
        "batch": batch,
        "form": form,
        "rows": column_rows(chosen, form),
        "chosen": chosen,
        "warnings": [*chosen.table.context.warnings, *chosen.table.gaps],
        "hidden": chosen.hidden(),
        "missing": missing_words(chosen),
        "damaged": choices.trip == DAMAGED,
        "row_count": len(chosen.table.rows()),
        "columns": [ui.Column(label) for label in ("Colonne du fichier", "Premières valeurs", "Dans Jalons")],
    }
    return render(request, "imports/columns.html", context)


def missing_words(chosen: Any) -> list[str]:
    return list(chosen.target.missing({guess.field for guess in chosen.columns if guess.field}))


def columns_chosen(request: HttpRequest, import_batch: ImportBatch, form: ColumnsForm) -> HttpResponse:
    read = form.cleaned_data
    before = Choices.from_json(import_batch.choices)
    is_other = read["sheet"] != before.sheet or read["target"] != import_batch.target
    batch = choose(batch=import_batch, choices=form.choices(), target=read["target"])
    if is_other:
        messages.info(request, french_spaces("Les colonnes ont été relues : vérifiez-les."))
        return redirect("imports:columns", import_batch.public_id)
    missing = missing_words(chosen_of(batch))
    if missing:
        messages.warning(request, french_spaces(f"Dites quelle colonne est « {missing[0]} »."))
        return redirect("imports:columns", import_batch.public_id)
    prepare(batch=batch, by=actor(request, batch))
    messages.success(
        request, french_spaces("Voici ce qu’il adviendrait de chaque ligne : rien n’est encore écrit.")
    )
    return redirect("imports:lines", import_batch.public_id)


@requires_any(*GIVES)
@require_http_methods(["GET", "HEAD", "POST"])
def lines(request: HttpRequest, public_id: str) -> HttpResponse:
    batch = batch_of(request, public_id)
    is_trip = batch.choices.get("trip") == HOME
    if batch.state == BatchState.DRAFT and is_trip:
        return redirect("imports:start")  # its rows were never judged: it is given again
    if batch.state == BatchState.DRAFT:
        return redirect("imports:columns", public_id)
    if not batch.is_open:
        messages.info(request, STARTED)
        return redirect("imports:batch", public_id)
    verdict = request.GET.get("verdict", "")
    if request.method == "POST":
        replied(request, batch)
        return redirect(request.get_full_path())
    page = Paginator(lines_of(batch, verdict), PER_PAGE).get_page(request.GET.get(ui.PAGE_PARAMETER))
    counts, to_decide = counts_of(batch), columns_to_decide(batch)
    shown = shown_lines(page.object_list)  # type: ignore[arg-type]
    context = {
        "batch": batch,
        "page": page,
        "lines": shown,
        "may_answer": bool(to_decide) or any(line.asks for line in shown),
        "counts": counts,
        "tabs": line_tabs(public_id, counts, verdict),
        "to_decide": to_decide,
        "about_sites": batch.target in SITE_TARGETS,
        "creates": CREATED.get(batch.target, ""),
        "rules": RULES,
        "writes": not batch.rehearsal and may_write(request.user, batch.target),
        "written_words": words_of_written(counts["written"]),
        "absent_words": absent_words(batch),
        "trip": shown_trip(batch),
        "parent": ("Reprendre un tableau", reverse("imports:start"))
        if is_trip
        else ("Les colonnes", reverse("imports:columns", args=[public_id])),
        "may_apply": bool(counts["written"] or batch.choices.get("absent")),
    }
    return render(request, "imports/lines.html", context)


def words_of_advance(progress: JobProgress, rows: int) -> str:
    """« 60 %, sur 10 000 lignes »."""
    advance = progress.read()
    words = f"{format_number(rows)} {plural(rows, 'ligne', 'lignes')}"
    return french_spaces(f"{advance.percent} %, sur {words}") if advance else ""


def words_of_done(number: int) -> str:
    return french_spaces(
        f"{format_number(number)} {plural(number, 'ligne enregistrée', 'lignes enregistrées')}"
    )


def words_of_written(number: int) -> str:
    return french_spaces(
        f"{format_number(number)} {plural(number, 'ligne sera enregistrée', 'lignes seront enregistrées')}"
    )


def absent_words(import_batch: ImportBatch) -> str:
    """« 3 réponses notées », of the sites that the table does not name."""
    number = len(import_batch.choices.get("absent", {}))
    return f"{number} {plural(number, 'réponse notée', 'réponses notées')}" if number else ""


def line_tabs(public_id: str, counts: dict[str, int], verdict: str) -> list[ui.Tab]:
    url = reverse("imports:lines", args=[public_id])
    tabs = [ui.Tab("Toutes", url, current=not verdict, count=counts["all"])]
    for one in (*CellVerdict, None):
        code, label = (one.value, one.label) if one else ("moved", "Changées entre-temps")
        if counts[code]:
            tabs.append(ui.Tab(label, f"{url}?verdict={code}", current=verdict == code, count=counts[code]))
    return tabs


def replied(request: HttpRequest, import_batch: ImportBatch) -> None:
    """Decisions « site-14 », values « valeur-14-people », rules « regle-people »: only of rows of this batch."""
    known = set(import_batch.lines.values_list("line", flat=True))
    decisions: dict[int, str] = {}
    fixes: dict[int, dict[str, str]] = {}
    rules: dict[str, str] = {}
    for name, typed in request.POST.items():
        kind, _, rest = name.partition("-")
        number, _, key = rest.partition("-")
        if kind == "regle" and rest and typed in {code for code, _ in RULES}:
            rules[key_of(rest)] = str(typed)
        elif number.isdecimal() and len(number) < 9 and int(number) in known:
            if kind == "site" and not key and len(str(typed)) <= LONGEST_DECISION and str(typed).isalnum():
                decisions[int(number)] = str(typed)
            elif kind == "valeur" and key and str(typed).strip():
                fixes.setdefault(int(number), {})[key_of(key)] = str(typed).replace("\0", "")
    reply_to_lines(
        batch=import_batch, by=actor(request, import_batch), decisions=decisions, fixes=fixes, rules=rules
    )
    messages.success(request, "Les lignes ont été relues avec vos réponses.")


@requires_any(*GIVES)
@require_POST
def apply(request: HttpRequest, public_id: str) -> HttpResponse:
    batch = batch_of(request, public_id)
    check_writes(request, batch)
    if batch.rehearsal:
        raise PermissionDenied("C’est un essai : rien ne peut être enregistré.")
    if ask_to_apply(batch=batch):
        work(request, batch)
    else:
        messages.info(request, STARTED)
    return redirect("imports:batch", public_id)


@requires_any(*GIVES)
@require_POST
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    batch = batch_of(request, public_id)
    check_writes(request, batch)
    if ask_to_undo(batch=batch):
        work(request, batch)
    else:
        messages.info(request, french_spaces("Ce tableau ne peut pas, ou plus, être annulé."))
    return redirect("imports:batch", public_id)


@requires_any(*GIVES)
@require_POST
def stop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asks the worker to stop: it does so until the instant before everything is written at once."""
    batch = batch_of(request, public_id)
    check_writes(request, batch)
    if batch.state in WORKING:
        progress_of(batch).ask_to_stop()
        messages.success(
            request,
            french_spaces("L’arrêt est demandé : s’il arrive à temps, tout reste comme avant."),
        )
    else:
        messages.info(request, french_spaces("Ce travail est déjà fini."))
    return redirect("imports:batch", public_id)


def work(request: HttpRequest, import_batch: ImportBatch) -> None:
    """To the worker; what was asked is kept already."""
    user: Any = request.user
    messages.success(request, french_spaces("C’est demandé : cette page dit où cela en est."))
    run_batch.enqueue(import_batch.pk, user.pk, import_batch.organisation_id)


@requires_any(*GIVES)
@require_safe
def corrections(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """« Lignes à corriger »: what was not taken, with its own columns and the reason."""
    batch = batch_of(request, public_id)
    if not batch.has_file:
        return no_file(request, batch)
    export = corrections_export(batch, str(request.user))
    return respond(export, request.user, {"tableau": batch.public_id}, Format.XLSX)  # type: ignore[arg-type]


@requires_any(*GIVES)
@require_safe
def original(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file as it was given, to the byte."""
    batch = batch_of(request, public_id)
    if not batch.has_file:
        return no_file(request, batch)
    name = (
        batch.file_name
        if "." in batch.file_name
        else f"tableau-{format_date(local_day(batch.created_at))}.txt"
    )
    answer = HttpResponse(bytes(batch.content), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, name.replace("/", "-")) or "attachment"
    return answer


def no_file(request: HttpRequest, import_batch: ImportBatch) -> HttpResponse:
    messages.info(request, french_spaces("Ce fichier n’est plus gardé : 90 jours ont passé."))
    return redirect("imports:batch", import_batch.public_id)
