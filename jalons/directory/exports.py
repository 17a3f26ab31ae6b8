"""The directory as a table: what each person shows, and nothing else."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.directory.forms import DirectoryForm
from jalons.directory.selectors import Person, expertises_in_use, filtered_people, people_lines
from jalons.exports.contract import About, Export, ExportColumn, Params, Table
from jalons.sites.exports import said_by
from jalons.territories.models import Departement

BATCH = 500
ROW_MS = 0.5  # of processor


def departement_choices() -> list[tuple[str, str]]:
    rows = Departement.objects.order_by("code").values_list("code", "name")
    return [(code, f"{code} · {name}") for code, name in rows]


def form_for(params: Params) -> DirectoryForm:
    return DirectoryForm(params, departements=departement_choices(), expertises=expertises_in_use())


def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table:
    form = form_for(params)
    people = filtered_people(user, form.asked())
    return Table(
        title="Annuaire",
        columns=columns,
        rows=lambda: rows(user, people),
        count=people.count,
        row_ms=ROW_MS,
        about=About(
            perimeter="Annuaire",
            author=said_by(user),
            filters=[chip.label for chip in form.chips()],
            rules=("Chaque personne choisit ce qu’elle montre ; ne diffusez pas cette liste.",),
        ),
    )


def rows(user: Any, people: QuerySet[User]) -> Iterator[Person]:
    keys = list(people.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        users = User.objects.in_bulk(keys[start : start + BATCH])
        yield from people_lines(user, [users[key] for key in keys[start : start + BATCH]])


DIRECTORY = Export(
    name="annuaire",
    label="Annuaire",
    right=Right.EXPORT,
    every_column=(
        ExportColumn("nom", "Nom", lambda row: row.name),
        ExportColumn("structures", "Structures", lambda row: [post.organisation for post in row.posts]),
        ExportColumn("territoires", "Territoires", lambda row: [post.territories for post in row.posts]),
        ExportColumn("role", "Rôle", lambda row: [post.role for post in row.posts if post.role]),
        ExportColumn("courriel", "Adresse électronique", lambda row: row.email),
        ExportColumn("telephone", "Téléphone", lambda row: row.phone),
        ExportColumn("domaines", "Domaines de compétence", lambda row: list(row.expertises)),
    ),
    make=make,
)
