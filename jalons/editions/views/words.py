"""Les textes d’une édition, partie par partie."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import signed_in
from jalons.editing.conflicts import record_conflict_of
from jalons.editing.writing import record, typed
from jalons.editions.forms import ReportTextForm
from jalons.editions.models import ReportText
from jalons.editions.registry import report_kinds
from jalons.editions.selectors import figures_to_name, period_title, title_of, words_of
from jalons.editions.services.life import save_text
from jalons.editions.views.common import actor, written_edition
from jalons.history.services import Stale


@signed_in
@require_safe
def words(request: HttpRequest, public_id: str) -> HttpResponse:
    edition = written_edition(request, public_id)
    kind = report_kinds().get(edition.kind)
    if kind is None:
        raise Http404
    context = {
        "edition": edition,
        "title": title_of(edition),
        "period": period_title(edition),
        "parts": words_of(edition, kind),
    }
    return render(request, "editions/words.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, public_id: str, section: str) -> HttpResponse:
    """One section: two people who write at once see what each of them wrote."""
    edition = written_edition(request, public_id)
    kind = report_kinds().get(edition.kind)
    part = kind.section(section) if kind else None
    if part is None or not part.has_words:
        raise Http404
    stored = edition.texts.filter(section=section).first() or ReportText(edition=edition, section=section)
    form = ReportTextForm(typed(request), text=stored, title=part.title)
    conflict = None
    back = reverse("editions:words", args=[public_id])

    def save() -> ReportText:
        body = form.cleaned_data["body"]
        version = form.seen_version
        return save_text(
            edition=edition, section=section, body=body, by=actor(request, edition), expected_version=version
        )

    try:
        answer = record(request, form, save, message="Votre texte est enregistré.", to=back, blame="body")
    except Stale as stale:
        answer, conflict = None, record_conflict_of(ReportText, stale.current, form)
    context = {
        "edition": edition,
        "title": title_of(edition),
        "part": part,
        "form": form,
        "conflict": conflict,
        "back": back,
        "to_reread": stored.to_reread,
        "figures": figures_to_name(edition),
    }
    return answer or render(request, "editions/write.html", context, status=409 if conflict else 200)
