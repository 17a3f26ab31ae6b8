"""Documents to print, sign and send."""

from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.documents.make import PARTS, make
from jalons.conventions.dossier.pages import actor_on, convention_url, on_convention, tab_context
from jalons.conventions.dossier.past import at_words
from jalons.conventions.dossier.readers import open_sheets
from jalons.conventions.models import Convention, ExecutionReport
from jalons.conventions.versions.edition_files import EditionPrint, edition_file
from jalons.conventions.versions.editions import EditionAltered
from jalons.conventions.versions.printed import Version, printed_dossier, version_words, versions_of
from jalons.core import ui
from jalons.core.forms import JalonsForm
from jalons.exports.contract import About
from jalons.exports.enums import Format
from jalons.exports.responses import file_name, send
from jalons.history.querysets import AsOf

FORMATS = (Format.DOCX, Format.PDF)
WHAT = {
    "convention": "Parties, visas, préambule, articles, actions financées et signatures.",
    "engagements": "Par famille et par axe, la part de chacun.",
    "fiches": "Toutes les fiches, chacune sur ses pages.",
    "annexe-financiere": "Recalculée d’après les fiches, avec toutes les colonnes de l’annexe imprimée.",
    "matrice": "Tous les indicateurs, en paysage.",
    "rapport": "Bilan financier, résultats, exécution budgétaire, matrice complétée, bilan global.",
    "avenant": "Ancien et nouveau, montant par montant.",
    "complet": "Le texte et toutes ses annexes, en un seul fichier.",
}
ON = ("1", "on")
COLUMNS = (ui.Column("Document"), ui.Column("Aperçu"), ui.Column("Télécharger"))


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of the list."""

    label: str
    what: str
    preview: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A version and the documents that it gives."""

    title: str
    remark: str
    working: bool
    offers: tuple[Offer, ...]


@on_convention(Right.READ_CONVENTIONS, past=True)
def documents(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    versions = versions_of(request.user, convention, at)
    # The version that the address names comes first, then the working one and the last frozen one.
    versions.sort(key=lambda version: not version.code or version.code != request.GET.get("version"))
    form = RemarksForm(request.GET)
    shelves = [shelf_of(convention, version, at, form.asked) for version in versions]
    context: dict[str, object] = {
        **tab_context(request, convention, "conventions:documents", at),
        "form": form,
        "columns": COLUMNS,
        "shelves": shelves[:2],
        "older": shelves[2:],
        "may_export": can(request.user, Right.EXPORT, convention),
        "extract": open_sheets(request.user, convention) is not None,
        "no_edition": len(versions) == 1,
    }
    return render(request, "conventions/documents/documents.html", context)


class RemarksForm(JalonsForm):
    """What an act laid before an assembly does not hold, unless asked."""

    remarques = forms.BooleanField(
        label="Ajouter les remarques de Jalons",
        help_text="Écarts avec l’annexe imprimée, montants repris faute de budget, fiches sans page. Jamais dans un "
        "document soumis au vote.",
        required=False,
    )

    @property
    def asked(self) -> bool:
        return self.data.get("remarques") in ON


def shelf_of(convention: Convention, version: Version, at: AsOf, remarks: bool) -> Shelf:
    offers: list[Offer] = []
    for part in version.parts(list(PARTS)):
        if part == "rapport":
            offers.extend(
                offer_of(convention, version, part, report, at=at, remarks=remarks)
                for report in version.reports or (None,)
            )
        else:
            offers.append(offer_of(convention, version, part, None, at=at, remarks=remarks))
    if version.edition is None and at.known:
        sentence = f"Ce qui était écrit alors : chaque page porte la mention « {at_words(at)} »."
    elif version.edition is None:
        sentence = "Ce qui est écrit à cet instant : chaque page porte la mention « version de travail »."
    else:
        sentence = "Figée : un document déjà donné ressort à l’identique, octet pour octet."
    return Shelf(version.title, sentence, version.edition is None, tuple(offers))


def offer_of(
    convention: Convention,
    version: Version,
    part: str,
    report: ExecutionReport | None,
    *,
    at: AsOf,
    remarks: bool,
) -> Offer:
    label = PARTS[part]
    if part == "avenant" and version.amendment is not None:
        label = str(version.amendment)
    if report is not None and report.party is not None:
        label = f"{label} – {report.party.name}"
    parameters: dict[str, str] = {"document": part, "version": version.code, **at.params()}
    if report is not None:
        parameters["rapport"] = str(report.public_id)
    if remarks:
        parameters["remarques"] = "1"
    parameters = {name: value for name, value in parameters.items() if value}
    address = reverse("conventions:document", args=[convention.slug])
    files = tuple(
        (fmt.value, f"{address}?{urlencode({**parameters, 'format': fmt.value})}") for fmt in FORMATS
    )
    preview = f"{address}?{urlencode({**parameters, 'format': Format.PDF.value, 'apercu': '1'})}"
    return Offer(label, WHAT[part], preview, files)


@on_convention(Right.EXPORT, past=True)
def document(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    """The file asked for; opened in the page if `apercu=1`. 404 for what the version does not give."""
    part, code = request.GET.get("document", ""), request.GET.get("format", "")
    version = version_asked(request, convention, at)
    if code not in {fmt.value for fmt in FORMATS} or part not in version.parts(list(PARTS)):
        raise Http404(f"document\u00a0: {part} {code}")
    fmt = Format(code)
    try:
        content, about = printed(request, convention, version, part, fmt, at)
    except EditionAltered:
        return render(
            request,
            "conventions/documents/altered.html",
            {"convention": convention, "convention_url": convention_url(convention), "version": version},
            status=409,
        )
    response = send(
        content,
        user=actor_on(request, convention, Right.EXPORT).user,
        right=Right.EXPORT,
        name=part,
        label=PARTS[part],
        about=about,
        fmt=fmt,
        params=request.GET,
    )
    if request.GET.get("apercu") == "1" and fmt is Format.PDF:
        response["Content-Disposition"] = (
            content_disposition_header(False, file_name(part, about, fmt)) or "inline"
        )
    return response


def printed(
    request: HttpRequest, convention: Convention, version: Version, part: str, fmt: Format, at: AsOf
) -> tuple[bytes, About]:
    report, remarks = report_asked(request, version), request.GET.get("remarques") in ON
    keys = open_sheets(request.user, convention)
    words = version_words(version, at, whole=keys is None)

    def made() -> bytes:
        dossier, whole = printed_dossier(request.user, convention, version.edition, at)
        before = (
            printed_dossier(request.user, convention, version.base)[0] if version.base is not None else None
        )
        return make(
            dossier,
            part,
            fmt.value,
            title_version=words,
            before=before,
            report=report,
            amendment=version.amendment,
            whole=whole,
            remarks=remarks,
        )

    if version.edition is None:
        content = made()
    else:
        order = EditionPrint(
            version.edition,
            part,
            fmt.value,
            words,
            base=version.base,
            sheets=keys,
            report=report,
            amendment=version.amendment,
            remarks=remarks,
        )
        content = edition_file(order, made)
    perimeter = f"{convention.short_title} {f'version {version.code}' if version.code else 'travail'}"
    return content, About(
        perimeter, "", as_of=version.day or at.valid, known_on=None if version.edition else at.known
    )


def version_asked(request: HttpRequest, convention: Convention, at: AsOf) -> Version:
    code = request.GET.get("version", "")
    version = next(
        (version for version in versions_of(request.user, convention, at) if version.code == code), None
    )
    if version is None:
        raise Http404(f"version\u00a0: {code}")
    return version


def report_asked(request: HttpRequest, version: Version) -> ExecutionReport | None:
    """The report named in the address, else the only one that this person sees."""
    wanted = request.GET.get("rapport", "")
    if wanted:
        return next((report for report in version.reports if report.public_id == wanted), None)
    return version.reports[0] if len(version.reports) == 1 else None
