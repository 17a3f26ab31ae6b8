"""Writing the text of a convention: opening one, its identity, its parties, its articles, its annex."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from jalons.accounts.models import Organisation
from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.clause_days import REPORTING, TERMINATION, usual_day_of_year
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.ledger import share_of, share_words
from jalons.conventions.dossier.row_changes import RowChange, save_rows
from jalons.conventions.enums import AlertScope, ConventionNature, ConventionRole, PartySide
from jalons.conventions.models import (
    Annex,
    AnnexLine,
    AnnexTable,
    Article,
    Clause,
    Convention,
    Party,
    Seat,
)
from jalons.conventions.text.annex_from_sheets import new_tables, parts_of
from jalons.core.values import Number, format_euros
from jalons.history.services import Actor, create_records, save_record
from jalons.territories.models import Departement

# What every convention of this kind has: name, article, MM-DD, text.
STANDARD_CLAUSES: Sequence[tuple[str, str, str, str]] = (
    ("duration", "5", "", "La présente convention est conclue pour une durée d’un an."),
    (
        TERMINATION,
        "6",
        usual_day_of_year(TERMINATION),
        "La convention peut être dénoncée par l’une ou l’autre des parties, au plus tard le 31 décembre.",
    ),
    (
        REPORTING,
        "2.3",
        usual_day_of_year(REPORTING),
        "Un rapport d’exécution est transmis au plus tard le 31 mars de l’exercice suivant.",
    ),
    (
        "parity",
        "2",
        "",
        "La contractualisation suppose à minima une égalité des parties et des engagements.",
    ),
)
STANDARD_ARTICLES: Sequence[tuple[str, str]] = (
    ("1", "Objet de la convention"),
    ("2", "Engagements réciproques du Département et de l’État"),
    ("3", "Évaluation"),
    ("4", "Modalités de versement des crédits"),
    ("5", "Durée de la convention et renouvellement"),
    ("6", "Dénonciation de la convention"),
    ("7", "Litige"),
)


@transaction.atomic
def open_convention(
    *,
    short_title: str,
    year: int,
    departement: Departement,
    pilot: Organisation,
    by: Actor,
    council: str = "",
    state_signatory: str = "",
    council_signatory: str = "",
) -> Convention:
    """An empty convention with its two parties, its pilot, the clauses and the titles that all of them have."""
    convention = Convention(
        slug=free_slug(short_title, departement),
        short_title=short_title,
        year=year,
        nature=ConventionNature.ANNUAL,
        departement=departement,
    )
    save_record(record=convention, by=by)
    own = pilot if pilot.territory.departement_id == departement.pk else None
    parties = [
        Party(
            convention=convention,
            position=0,
            role="État",
            name="L’État",
            side=PartySide.STATE,
            signatory=state_signatory,
            side_words="d’une part",
        ),
        Party(
            convention=convention,
            position=1,
            role="Département",
            name=council or f"Le Département – {departement.name}",
            side=PartySide.DEPARTEMENT,
            signatory=council_signatory,
            side_words="d’autre part",
            departement=departement,
            organisation=own,
        ),
    ]
    create_records(records=parties, by=by)
    seat = Seat(convention=convention, organisation=pilot, role=ConventionRole.PILOT)
    save_record(record=seat, by=by)
    clauses = [
        Clause(convention=convention, position=place, name=name, article=article, deadline=day, text=text)
        for place, (name, article, day, text) in enumerate(STANDARD_CLAUSES)
    ]
    create_records(records=clauses, by=by)
    articles = [
        Article(convention=convention, position=place, number=number, title=title)
        for place, (number, title) in enumerate(STANDARD_ARTICLES)
    ]
    create_records(records=articles, by=by)
    touched(convention=convention)
    return convention


def free_slug(short_title: str, departement: Departement) -> str:
    """« calpae-2027 », « calpae-2027-59 », « calpae-2027-59-2 »…

    Two people who open one at once do it one after the other: the second finds the name of the first taken.
    """
    Departement.objects.select_for_update(no_key=True).get(pk=departement.pk)
    base = slugify(short_title)[:60] or "convention"
    taken = set(Convention.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken and base != "nouvelle":
        return base
    base = f"{base}-{departement.code.lower()}"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def change_convention(
    *,
    convention: Convention,
    changes: Mapping[str, Any],
    by: Actor,
    expected_version: int | None,
    reason: str = "",
    scopes: Sequence[AlertScope] | None = None,
) -> Convention:
    """Change the convention itself. Raises `Stale`."""
    for name, value in changes.items():
        setattr(convention, name, value)
    convention.__dict__.pop("departement_codes", None)
    save_record(record=convention, by=by, reason=reason, expected_version=expected_version)
    touched(convention=convention, scopes=scopes)
    return convention


@transaction.atomic
def write_pieces(
    *,
    convention: Convention,
    model: type[Any],
    rows: Sequence[RowChange],
    by: Actor,
    fixed: Mapping[str, Any] | None = None,
    scopes: Sequence[AlertScope] | None = None,
) -> bool:
    """The pieces of one kind as a page left them, in their new order. Returns whether anything changed.

    `fixed`: columns of the new ones (`{"convention": convention}` by default). All or nothing; raises `Stale`.
    """
    changed = save_rows(model, fixed or {"convention": convention}, rows, by)
    if changed:
        touched(convention=convention, scopes=scopes)
    return changed


@transaction.atomic
def draft_annex(*, convention: Convention, dossier: Dossier, by: Actor) -> Annex | None:
    """A financial annex made from the sheets, for a convention that has none. None without any sheet, or with one."""
    Convention.objects.select_for_update().get(pk=convention.pk)
    tables = new_tables(dossier)
    if not tables or Annex.objects.filter(convention=convention).exists():
        return None
    parts = parts_of(None, dossier)
    heads = ["", *(part_words(part, dossier) for part in parts)]
    annex = Annex(
        convention=convention, key="annexe-financiere", label="Annexe financière", year=convention.year
    )
    save_record(record=annex, by=by)
    for place, (title, lines) in enumerate(tables):
        table = AnnexTable(annex=annex, key=slugify(title), title=title, headers=heads, position=place)
        save_record(record=table, by=by)
        rows = [
            AnnexLine(
                table=table,
                position=row,
                kind=line.kind,
                kind_words=line.kind,
                number=line.number,
                label=line.label,
                figures={part: figure(line.amounts.get(part)) for part in parts},
            )
            for row, line in enumerate(lines)
        ]
        create_records(records=rows, by=by)
    touched(convention=convention, scopes=[AlertScope.MONEY, AlertScope.STRUCTURE])
    return annex


def part_words(part: str, dossier: Dossier) -> str:
    words = share_words(share_of(part, dossier), dossier)
    return words[:1].upper() + words[1:]


def figure(amount: Number | None) -> dict[str, Any] | None:
    if amount is None:
        return None
    plain = int(amount) if amount == int(amount) else float(amount)
    return {"raw": format_euros(amount), "amount": plain}
