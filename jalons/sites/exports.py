"""What leaves of the sites: exactly the filtered list, as of a date, with the groups of columns one chooses."""

from collections.abc import Sequence
from typing import Any

from jalons.accounts.enums import Right
from jalons.core.queries import pairs_of
from jalons.exports.contract import GROUPS_PARAMETER, About, Export, ExportColumn, Params, Table
from jalons.exports.enums import ColumnKind
from jalons.sites.cards import SiteColumn, site_columns
from jalons.sites.enums import OrientationKind, ProcedureKind, Theme
from jalons.sites.export_rows import (
    CLOSING,
    COMMENTS,
    CONDITIONS,
    IDENTITY,
    OWNER,
    PEOPLE,
    PROCEDURES,
    export_rows,
)
from jalons.sites.forms.listing import read_list
from jalons.sites.models import Survey
from jalons.sites.resorption.exports import COLUMNS as RESORPTION_COLUMNS
from jalons.sites.selectors import filtered_sites, ordered_sites


def text(key: str, header: str, value: Any, group: str, **more: Any) -> ExportColumn:
    return ExportColumn(key, header, value, ColumnKind.TEXT, group=group, **more)


def day(key: str, header: str, value: Any, group: str, **more: Any) -> ExportColumn:
    return ExportColumn(key, header, value, ColumnKind.DATE, group=group, **more)


def count(name: str) -> ExportColumn:
    header = str(Survey._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return ExportColumn(
        name, header[:1].upper() + header[1:], lambda row: row.count(name), ColumnKind.VALUE, group=PEOPLE
    )


def condition(theme: Theme) -> ExportColumn:
    return text(theme.value, theme.label, lambda row: row.condition(theme), CONDITIONS)


def orientation(kind: str, label: str, name: str, unit: str) -> ExportColumn:
    header = f"{label.split(' avec ')[0]} ({unit})"
    value = lambda row: row.orientation(kind, name)  # noqa: E731  # a column is a getter
    return ExportColumn(f"{kind}_{name}", header, value, ColumnKind.VALUE, group=CLOSING)


IDENTIFICATION = (
    text("site", "Identifiant", lambda row: row.site.public_id, IDENTITY),
    text("nom", "Nom du site", lambda row: row.site.name, IDENTITY),
    text(
        "appellations", "Autres appellations", lambda row: [a.name for a in row.site.aliases.all()], IDENTITY
    ),
    text("adresse", "Adresse", lambda row: row.site.address, IDENTITY),
    text("precision", "Précision sur le lieu", lambda row: row.site.address_detail, IDENTITY),
    text("commune", "Commune", lambda row: row.commune.name, IDENTITY),
    text("insee", "Code INSEE", lambda row: row.commune.insee_code, IDENTITY),
    text("departement", "Département", lambda row: row.commune.departement.name, IDENTITY),
    text("epci", "Intercommunalité", lambda row: row.commune.epci.name if row.commune.epci else "", IDENTITY),
    ExportColumn("latitude", "Latitude", lambda row: row.site.latitude, ColumnKind.DECIMAL, group=IDENTITY),
    ExportColumn(
        "longitude", "Longitude", lambda row: row.site.longitude, ColumnKind.DECIMAL, group=IDENTITY
    ),
    text("type", "Type de site", lambda row: row.site.get_kind_display(), IDENTITY),
    text("origines", "Origines", lambda row: row.site.get_origins_display(), IDENTITY),
    text(
        "objectif",
        "Année visée pour la résorption",
        lambda row: str(row.site.resorption_target or ""),
        IDENTITY,
    ),
    day("installation", "Installation (ou connu depuis)", lambda row: row.occupation.valid_on, IDENTITY),
    text("statut", "Statut", lambda row: "Fermé" if row.closed else "Ouvert", IDENTITY),
)
HABITANTS = (
    day("recense_le", "Recensé le", lambda row: row.figure.valid_on if row.figure else None, PEOPLE),
    text("source", "Source", lambda row: row.figure.get_source_kind_display() if row.figure else "", PEOPLE),
    text(
        "structure",
        "Structure source",
        lambda row: str(row.figure.source or "") if row.figure else "",
        PEOPLE,
    ),
    text("saisie", "Saisi par", lambda row: str(row.figure.organisation) if row.figure else "", PEOPLE),
    text(
        "fiabilite",
        "Fiabilité",
        lambda row: row.figure.get_reliability_display() if row.figure else "",
        PEOPLE,
    ),
    *(count(name) for name in Survey.COUNTS),
)
VIE = (
    day(
        "conditions_le",
        "Conditions de vie au",
        lambda row: row.state.valid_on if row.state else None,
        CONDITIONS,
    ),
    *(condition(theme) for theme in Theme),
    text("raisons", "Ce qui est à améliorer", lambda row: row.reasons(), CONDITIONS),
    text(
        "diagnostic",
        "Diagnostic social",
        lambda row: row.diagnosis.get_status_display() if row.diagnosis else "",
        CONDITIONS,
    ),
)
FERMETURE = (
    day("ferme_le", "Fermé le", lambda row: row.occupation.ended_on if row.closed else None, CLOSING),
    text(
        "raison",
        "Raison",
        lambda row: row.occupation.get_closing_reason_display() if row.closed else "",
        CLOSING,
    ),
    text(
        "raison_detail",
        "Précision sur la fermeture",
        lambda row: row.occupation.closing_note if row.closed else "",
        CLOSING,
    ),
    *(
        orientation(kind, label, name, unit)
        for kind, label in OrientationKind.choices
        for name, unit in (("people", "personnes"), ("households", "ménages"))
    ),
)
JUSTICE = (
    text(
        "plainte",
        "Plainte du propriétaire",
        lambda row: row.step_words(ProcedureKind.COMPLAINT),
        PROCEDURES,
        right=Right.READ_JUSTICE,
    ),
    text(
        "decision",
        "Décision de justice",
        lambda row: row.step_words(ProcedureKind.DECISION),
        PROCEDURES,
        right=Right.READ_JUSTICE,
    ),
    text(
        "arrete",
        "Arrêté d’évacuation",
        lambda row: row.step_words(ProcedureKind.ORDER),
        PROCEDURES,
        right=Right.READ_JUSTICE,
    ),
    text(
        "cfp",
        "Concours de la force publique",
        lambda row: row.step_words(ProcedureKind.CFP),
        PROCEDURES,
        right=Right.READ_JUSTICE,
    ),
    day(
        "evacuation",
        "Évacuation prévue le",
        lambda row: row.evacuation(),
        PROCEDURES,
        right=Right.READ_JUSTICE,
    ),
    text(
        "proprietaire_type",
        "Type de propriétaire",
        lambda row: row.ownership.get_kind_display() if row.ownership else "",
        OWNER,
        right=Right.READ_OWNER,
    ),
    text(
        "proprietaire",
        "Propriétaire",
        lambda row: row.ownership.name if row.ownership else "",
        OWNER,
        right=Right.READ_OWNER,
    ),
)


def beside_column(column: SiteColumn) -> ExportColumn:
    """What an app above adds to each site: a group of its own, that one may leave out."""
    value = lambda row: [link.label for link in row.beside.get(column.key, ())]  # noqa: E731
    return text(column.key, column.header, value, column.header, right=column.right)


REMARKS = (text("commentaires", "Commentaires", lambda row: "\n".join(row.comments), COMMENTS),)

RULES = (
    "Chiffre d’un site : le recensement le plus récent ; à la même date, compté, puis déclaré, puis estimé.",
    "Un recensement écarté ne compte pas.",
    "Un site sans recensement n’est pas compté comme vide : ses habitants sont « ND ».",
)

ROW_MS, FORTY = 0.5, 40  # milliseconds of processor that a site takes, with so many columns
TITLES = {"open": "Sites ouverts", "closed": "Sites fermés", "any": "Sites ouverts ou fermés"}


def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table:
    """The very list of the address. Comments leave only when they are asked for by name."""
    asked = read_list(user, params)
    sites = filtered_sites(user, asked.filter, asked.at)
    sites = ordered_sites(user, sites, asked.filter)
    groups_asked = {value for name, value in pairs_of(params) if name == GROUPS_PARAMETER}
    chosen = [column for column in columns if column.group != COMMENTS or COMMENTS in groups_asked]
    groups = {column.group for column in chosen}
    return Table(
        title=TITLES[asked.filter.status],
        columns=chosen,
        rows=lambda: export_rows(user, sites, asked.at, groups),
        count=sites.count,
        row_ms=ROW_MS * len(chosen) / FORTY,
        about=About(
            perimeter=asked.territory,
            author=said_by(user),
            as_of=asked.at.valid,
            known_on=asked.at.known,
            filters=[chip.label for chip in asked.form.chips()],
            rules=RULES,
        ),
    )


def said_by(user: Any) -> str:
    """« Camille Nord, DDETS du Nord »."""
    organisations = dict.fromkeys(str(membership.organisation) for membership in user.active_memberships)
    return ", ".join([str(user), *organisations])


PAPER = (
    *("nom", "commune", "departement", "recense_le", "source"),
    *("people", "households", "women", "minors", "minors_at_school"),
)
SITES = Export(
    name="sites",
    label="Liste des sites",
    right=Right.EXPORT,
    every_column=(
        *IDENTIFICATION,
        *HABITANTS,
        *VIE,
        *(beside_column(column) for column in site_columns()),
        *RESORPTION_COLUMNS,
        *FERMETURE,
        *JUSTICE,
        *REMARKS,
    ),
    make=make,
    paper=PAPER,
)
