"""The pages that edit the lists of the text: parties, references, articles, actions, annex."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.conventions.changes.block_pages import BlockPage
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.money_only import read_money
from jalons.conventions.dossier.pages import actor_on, convention_url, form_page, on_convention
from jalons.conventions.enums import AlertScope
from jalons.conventions.models import AnnexLine, Article, Convention, LegalReference, Party, PlannedAction
from jalons.conventions.text.addresses import text_url
from jalons.conventions.text.annex_from_sheets import changed, parts_of, proposed, row_initial
from jalons.conventions.text.forms import (
    AnnexRow,
    ArticleRow,
    PartyRow,
    PlannedActionRow,
    ReferenceRow,
    TextBlock,
    TextRow,
)
from jalons.conventions.text.services import draft_annex, write_pieces
from jalons.conventions.text.views import part_head
from jalons.core import ui
from jalons.core.values import french_spaces
from jalons.editing.conflicts import MEANWHILE, Conflict

REDO, DRAFT = "refaire", "preparer"


@dataclass
class PiecesPage:
    """A page that edits all the pieces of one kind."""

    right: Right
    model: type[Any]
    row: type[TextRow]
    title: str
    intro: str
    add: str
    done: str
    anchor: str
    scopes: Sequence[AlertScope] | None = None


def pieces_page(
    request: HttpRequest,
    convention: Convention,
    page: PiecesPage,
    pieces: Sequence[Any],
    *,
    fixed: Mapping[str, Any] | None = None,
    proposals: Sequence[Mapping[str, Any]] | None = None,
    options: Mapping[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """Shows the rows, or writes them all. 409 with what changed when somebody wrote one of them meanwhile."""
    current = list(pieces)

    def renew() -> None:
        current[:] = page.model.objects.filter(pk__in=[piece.pk for piece in pieces])

    block_page = BlockPage(
        convention,
        convention,
        page.right,
        lambda data, **how: TextBlock(data, page.row, current, proposed=proposals, row=options, **how),
        lambda block, by: write_pieces(
            convention=convention,
            model=page.model,
            rows=block.row_changes(),
            by=by,
            fixed=fixed,
            scopes=page.scopes,
        ),
        lambda block: text_url(convention, page.anchor),
        renew,
        text=True,
        done=page.done,
        nothing=page.done,
    )
    answer, forms, pledge = block_page.answer(request)
    if answer is not None:
        return answer
    return form_page(
        request,
        convention,
        forms,
        title=page.title,
        submit="Enregistrer",
        back=text_url(convention, page.anchor),
        template="conventions/dossier/pieces.html",
        conflict=pieces_conflict(forms),
        pledge=pledge,
        intro=page.intro,
        add=page.add,
        rows=list(forms.rows),
        full=forms.rows.full,
        **context,
    )


def pieces_conflict(forms: TextBlock) -> Conflict | None:
    """What somebody else wrote meanwhile, in words and field by field."""
    sentences = [f"La ligne {number} a changé." for number in forms.changed_rows]
    sentences += [
        f"La ligne {row.number} a été retirée : si vous validez, elle sera ajoutée de nouveau."
        for row in forms.taken_out
    ]
    return Conflict(MEANWHILE, french_spaces(" ".join(sentences)), forms.asked) if sentences else None


PARTIES = PiecesPage(
    Right.WRITE_CONVENTION,
    Party,
    PartyRow,
    "Parties et signatures",
    "Une ligne par signataire. Écrivez des fonctions, jamais des noms de personnes.",
    "Ajouter une partie",
    "Les parties sont enregistrées.",
    "parties",
)
REFERENCES = PiecesPage(
    Right.WRITE_CONVENTION,
    LegalReference,
    ReferenceRow,
    "Visas",
    "Dans l’ordre où ils sont imprimés.",
    "Ajouter un visa",
    "Les visas sont enregistrés.",
    "visas",
    [AlertScope.STRUCTURE],
)
ARTICLES = PiecesPage(
    Right.WRITE_CONVENTION,
    Article,
    ArticleRow,
    "Articles",
    "Un alinéa par ligne. « - » en tête de ligne fait une puce, « # » un intertitre.",
    "Ajouter un article",
    "Les articles sont enregistrés.",
    "articles",
    [AlertScope.STRUCTURE],
)
ACTIONS = PiecesPage(
    Right.WRITE_CONVENTION,
    PlannedAction,
    PlannedActionRow,
    "Actions financées",
    "Les actions de l’article sur le versement, avec leurs imputations. Les zéros des codes sont gardés.",
    "Ajouter une action",
    "Les actions financées sont enregistrées.",
    "versement",
    [AlertScope.MONEY, AlertScope.STRUCTURE],
)
ANNEX = PiecesPage(
    Right.WRITE_CONVENTION_MONEY,
    AnnexLine,
    AnnexRow,
    "Annexe financière",
    "Les lignes telles qu’elles s’impriment, sous-totaux et totaux compris. Jalons dit s’ils tombent juste.",
    "Ajouter une ligne",
    "L’annexe financière est enregistrée.",
    "annexe",
    [AlertScope.MONEY, AlertScope.STRUCTURE],
)


@on_convention(Right.WRITE_CONVENTION)
def edit_parties(request: HttpRequest, convention: Convention) -> HttpResponse:
    return pieces_page(request, convention, PARTIES, list(convention.parties.all()))


@on_convention(Right.WRITE_CONVENTION)
def edit_references(request: HttpRequest, convention: Convention) -> HttpResponse:
    return pieces_page(request, convention, REFERENCES, list(convention.legal_references.all()))


@on_convention(Right.WRITE_CONVENTION)
def edit_articles(request: HttpRequest, convention: Convention) -> HttpResponse:
    return pieces_page(request, convention, ARTICLES, list(convention.articles.all()))


@on_convention(Right.WRITE_CONVENTION)
def edit_payment_actions(request: HttpRequest, convention: Convention) -> HttpResponse:
    planned = list(convention.planned_actions.filter(listed=False))
    return pieces_page(request, convention, ACTIONS, planned)


@on_convention(Right.WRITE_CONVENTION_MONEY)
def edit_annex(request: HttpRequest, convention: Convention) -> HttpResponse:
    dossier = read_money(request.user, convention).dossier
    tables = [table for annex in dossier.annexes for table in annex.tables]
    if not tables:
        return first_annex(request, convention, dossier)
    table_key = request.GET.get("tableau", "")
    table = next((table for table in tables if str(table.table.pk) == table_key), tables[0])
    parts = [(part, part_head(part, dossier)) for part in parts_of(table, dossier)]
    redo = REDO in request.GET
    lines = proposed(table, dossier) if redo else []
    here = reverse("conventions:edit_annex", args=[convention.slug])
    return pieces_page(
        request,
        convention,
        ANNEX,
        table.lines,
        fixed={"table": table.table},
        proposals=[row_initial(line, place) for place, line in enumerate(lines, 1)] if redo else None,
        options={"parts": parts},
        tabs=[
            ui.Tab(
                convention.quiet(tab.table.title) or f"Tableau {place}",
                f"{here}?tableau={tab.table.pk}",
                tab.table.pk == table.table.pk,
            )
            for place, tab in enumerate(tables, 1)
        ],
        redo_url=f"{here}?tableau={table.table.pk}&{REDO}=1",
        redone=redo,
        preview=changed(lines, parts),
        incomplete=any(any(line.sums.lacks.values()) for line in lines if line.sums is not None),
        preview_columns=PREVIEW,
    )


PREVIEW = (
    ui.Column("Ligne"),
    ui.Column("Part"),
    ui.Column("Imprimé", numeric=True),
    ui.Column("D’après les fiches", numeric=True),
)


def first_annex(request: HttpRequest, convention: Convention, dossier: Dossier) -> HttpResponse:
    """A convention without annex: one is made from its sheets."""
    if request.method == "POST":
        by = actor_on(request, convention, Right.WRITE_CONVENTION_MONEY)
        made = draft_annex(convention=convention, dossier=dossier, by=by)
        sentence = (
            "L’annexe est préparée d’après les fiches : relisez-la, puis complétez-la. Un total auquel il manque "
            "le montant d’une fiche est laissé vide."
            if made
            else "Ajoutez d’abord une fiche avec un numéro et un budget : l’annexe en sera tirée."
        )
        (messages.success if made else messages.warning)(request, french_spaces(sentence))
        return redirect(reverse("conventions:edit_annex", args=[convention.slug]))
    context = {
        "convention": convention,
        "convention_url": convention_url(convention),
        "text_url": text_url(convention),
    }
    return render(request, "conventions/text/annex_first.html", context)
