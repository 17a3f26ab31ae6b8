"""What leaves of the dispositifs: one row a dispositif and year, with the figures of that year."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Min

from jalons.accounts.enums import Right
from jalons.actions.enums import ActionPlace, Block, FundingType, ParticipationRole
from jalons.actions.forms.listing import read_list
from jalons.actions.models import Intervention
from jalons.actions.selectors.listing import filtered_actions, ordered_actions
from jalons.core import clock
from jalons.core.values import Ratio, Sum, Value
from jalons.exports.contract import About, Export, ExportColumn, Params, Table
from jalons.exports.enums import ColumnKind
from jalons.indicators.enums import AcrossTime, Relation, ValueType
from jalons.indicators.forms.export import AskedYears, read_years
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.year import YearFigure, socle_of_years
from jalons.indicators.selectors.year_rows import Wanted, YearRow, year_rows
from jalons.sites.exports import said_by
from jalons.territories.models import Departement

IDENTITY, PLACES, MONEY, FOLLOW = "Présentation", "Lieux", "Financements", "Équipe et suivi"
AMOUNTS = (("planned", "prévu"), ("committed", "engagé"), ("executed", "exécuté"))

RULES = (
    "Une ligne par dispositif et par année où il a fonctionné, telle qu’elle est à la fin de cette année.",
    "Stock (à la date)\u00a0: la dernière valeur connue à la fin de l’année, des opérateurs qui interviennent alors.",
    "Flux (pendant la période)\u00a0: la somme des périodes qui finissent dans l’année, chaque jour compté une fois.",
    "Un flux ne dit rien des mois sans point de suivi\u00a0: voir la colonne «\u00a0Dernier point de suivi\u00a0».",
    "Plusieurs opérateurs\u00a0: leurs chiffres s’additionnent\u00a0; s’il en manque\u00a0: «\u00a0≥\u00a0».",
    "Un taux n’est jamais une moyenne\u00a0: il se calcule sur le numérateur et le dénominateur donnés à côté.",
    "«\u00a0/\u00a0»\u00a0: ce dispositif ne suit pas cet indicateur, ou n’utilise pas ce financement cette année-là.",
)


def text(key: str, header: str, value: Callable[[Any], object], group: str, **more: Any) -> ExportColumn:
    return ExportColumn(key, header, value, ColumnKind.TEXT, group=group, **more)


def day(key: str, header: str, value: Callable[[Any], object], group: str, **more: Any) -> ExportColumn:
    return ExportColumn(key, header, value, ColumnKind.DATE, group=group, **more)


def who(role: ParticipationRole) -> Callable[[YearRow], object]:
    return lambda row: row.who(role)


def amount(name: str, label: str, kind: str = "") -> ExportColumn:
    of = f"{FundingType(kind).label}\u00a0: " if kind else "Total des financements\u00a0: "
    return ExportColumn(
        f"{kind or 'total'}_{name}",
        f"{of}{label}",
        lambda row: row.amount(name, kind),
        ColumnKind.EUROS,
        right=Right.READ_FUNDING,
        group=MONEY,
    )


def grounds(row: YearRow) -> list[str]:
    return [
        ", ".join(filter(None, (ground.name, ground.address, ground.commune.name))) for ground in row.grounds
    ]


def other_places(row: YearRow) -> list[str]:
    kinds = [ActionPlace(kind).label for kind in row.action.place_kinds]
    return [*kinds, row.action.place_note] if row.action.place_note else kinds


PRESENTATION = (
    text("dispositif", "Identifiant", lambda row: row.action.public_id, ""),
    text("nom", "Nom du dispositif", lambda row: row.action.name, ""),
    text("annee", "Année", lambda row: str(row.year), ""),
    text("departement", "Département", lambda row: row.action.departement.name, IDENTITY),
    text("etat", "État", lambda row: row.state, IDENTITY, note="à la fin de l’année, ou au jour du fichier"),
    day("debut", "Début", lambda row: row.run.valid_on, IDENTITY),
    day("fin_prevue", "Fin prévue", lambda row: row.run.planned_end, IDENTITY),
    day("fin", "Fermé le", lambda row: row.closed_on, IDENTITY),
    text("themes", "Champs d’intervention", lambda row: row.action.get_themes_display(), IDENTITY),
    text("objectifs", "Objectifs", lambda row: row.action.objectives, IDENTITY),
    text("pilotes", "Pilotes", who(ParticipationRole.PILOT), IDENTITY),
    text(
        "operateurs",
        "Opérateurs",
        who(ParticipationRole.OPERATOR),
        IDENTITY,
        note="l’opérateur principal en tête",
    ),
    text("partenaires", "Partenaires", who(ParticipationRole.PARTNER), IDENTITY),
    text(
        "sites",
        "Sites",
        lambda row: [site.name for site in row.sites],
        PLACES,
        note="couverts pendant l’année",
    ),
    text(
        "communes", "Communes", lambda row: row.communes, PLACES, note="des sites et des terrains d’insertion"
    ),
    text("terrains", "Terrains d’insertion", grounds, PLACES),
    text("autres_lieux", "Autres lieux", other_places, PLACES),
)
FINANCEMENTS = (
    *(amount(name, label, kind) for kind in FundingType.values for name, label in AMOUNTS),
    *(amount(name, label) for name, label in AMOUNTS),
)
SUIVI = (
    ExportColumn(
        "etp",
        "Équipe (ETP)",
        lambda row: row.team,
        ColumnKind.VALUE,
        group=FOLLOW,
        note="en équivalents temps plein, à la fin de l’année\u00a0; les interventions ponctuelles ne comptent pas",
    ),
    text("rythme", "Rythme du suivi", lambda row: row.action.get_rhythm_display(), FOLLOW),
    ExportColumn(
        "points",
        "Points de suivi",
        lambda row: row.reports,
        ColumnKind.INTEGER,
        group=FOLLOW,
        note="dans l’année",
    ),
    day("dernier_point", "Dernier point de suivi", lambda row: row.last_report, FOLLOW, note="dans l’année"),
)


# --- the figures -----------------------------------------------------------------------------------------------


def header(indicator: Indicator) -> str:
    """« Entrées, dont femmes », « Enfants scolarisés : Maternelle »: a label alone would be said several times."""
    label, parent = indicator.label, indicator.parent
    if parent is None or label.lower().startswith(parent.label.lower()):
        return label
    if indicator.relation == Relation.AMONG:
        return f"{header(parent)}, dont {label[:1].lower()}{label[1:]}"
    return f"{header(parent)}\u00a0: {label}"


def columns_of(indicator: Indicator, *, former: bool) -> list[ExportColumn]:
    """The column of an indicator; a rate has its numerator and denominator beside it, to be computed again."""
    name = header(indicator) + (f" (intitulé n°\u00a0{indicator.revision})" if former else "")
    key, group = f"{indicator.code}-{indicator.revision}", Block(indicator.block).label
    read: Callable[[YearRow], object] = lambda row: exported_figure(row.figure(indicator))  # noqa: E731  # a getter
    columns = [ExportColumn(key, name, read, ColumnKind.VALUE, group=group, note=note(indicator))]
    if indicator.value_type == ValueType.RATE:
        for part, label in (("numerator", "numérateur"), ("denominator", "dénominateur")):
            columns.append(
                ExportColumn(
                    f"{key}-{part}",
                    f"{name}\u00a0: {label}",
                    lambda row, part=part: part_of(row.figure(indicator), part),  # type: ignore[misc]
                    ColumnKind.DECIMAL,
                    group=group,
                    note=getattr(indicator, part).label,
                )
            )
    return columns


def note(indicator: Indicator) -> str:
    """« personnes, pendant l’année. Les personnes entrées… »."""
    when = "pendant l’année" if indicator.across_time == AcrossTime.SUM else "à la fin de l’année"
    counted = ", ".join(filter(None, (indicator.unit, when)))
    return f"{counted}. {indicator.help_text}" if indicator.help_text else counted


def exported_figure(year_figure: YearFigure | None) -> Sum | Value | str:
    """A rate that does not cover everybody says so, and is no number: « 62 % (1 opérateur sur 2) »."""
    if year_figure is None:
        return Value.empty()
    figure = year_figure.figure
    if not isinstance(figure, Ratio):
        return figure
    if year_figure.is_complete or not figure.known:
        return figure.value if figure.known or figure.expected else Value.na()
    sentence = f"≥\u00a0{figure.value}" if year_figure.partial and figure.value.number else str(figure.value)
    if figure.known == figure.expected:
        return sentence
    return f"{sentence} ({figure.known} opérateur{'s' if figure.known > 1 else ''} sur {figure.expected})"


def part_of(year_figure: YearFigure | None, part: str) -> object:
    figure = year_figure.figure if year_figure else None
    if isinstance(figure, Ratio):
        return getattr(figure, part) if figure.known else Value.nd() if figure.expected else Value.na()
    return Value.na()


def socle_columns(indicators: Sequence[Indicator]) -> list[ExportColumn]:
    newest = {
        indicator.code: indicator.revision
        for indicator in sorted(indicators, key=lambda indicator: indicator.revision)
    }
    ordered = [indicator for block in Block for indicator in indicators if indicator.block == block]
    return [
        column
        for indicator in ordered
        for column in columns_of(
            indicator, former=indicator.revision < newest[indicator.code] or bool(indicator.retired_on)
        )
    ]


# --- the export ------------------------------------------------------------------------------------------------


# Money may be added up over dispositifs and years; people of two years may not.
PAPER = (
    *("nom", "annee", "departement", "etat", "fin_prevue", "operateurs", "themes"),
    *("dernier_point", "total_planned", "total_executed"),
)


def actions_export(params: Params) -> Export:
    """The export as an address asks for it: its columns are those of the socle of the years asked."""
    years = read_years(params)
    indicators = socle_of_years(*years.bounds(first_year()))

    def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table:
        groups = {column.group for column in columns}
        wanted = [indicator for indicator in indicators if Block(indicator.block).label in groups]
        return table(user, params, columns, years, wanted)

    return Export(
        name="dispositifs",
        label="Liste des dispositifs",
        right=Right.EXPORT,
        every_column=(*PRESENTATION, *FINANCEMENTS, *SUIVI, *socle_columns(indicators)),
        make=make,
        paper=PAPER,
    )


ROW_MS = 3.0  # milliseconds of processor that a year of a dispositif takes


def first_year() -> int:
    """The year in which the oldest dispositif began, this year without any."""
    first = Intervention.objects.known().aggregate(first=Min("valid_on"))["first"]
    return first.year if first else clock.today().year


def table(
    user: Any,
    params: Params,
    columns: Sequence[ExportColumn],
    years: AskedYears,
    indicators: Sequence[Indicator],
) -> Table:
    """The very list of the address, and a sheet a département when there are several."""
    asked = read_list(user, params)
    chosen = asked.filter.with_status("any") if years.every_status else asked.filter
    actions = filtered_actions(user, chosen, asked.at)
    keys = ordered_actions(user, actions, asked.filter.sort, asked.at).values_list("pk", "intervention__pk")
    departements = Departement.objects.filter(pk__in=actions.order_by().values("departement"))
    parts = list(departements.order_by("code").values_list("name", flat=True))
    money = any(column.right == Right.READ_FUNDING for column in columns)
    wanted = Wanted(years.years, indicators, money)
    return Table(
        title="Tous",
        columns=columns,
        rows=lambda: year_rows(user, list(keys), wanted, asked.at),
        about=About(
            perimeter=asked.territory,
            author=said_by(user),
            as_of=asked.at.valid,
            known_on=asked.at.known,
            filters=[status_words(chosen.status), years.words, *(chip.label for chip in asked.form.chips())],
            rules=RULES,
        ),
        located=lambda row: row.action,
        count=lambda: actions.count() * len(years.years or range(first_year(), clock.today().year + 1)),
        row_ms=ROW_MS,
        parts=parts if len(parts) > 1 else (),
        part=lambda row: row.action.departement.name,
    )


STATUS_WORDS = {
    "running": "Dispositifs en cours",
    "ended": "Dispositifs terminés",
    "coming": "Dispositifs à venir",
    "any": "Dispositifs en cours, terminés et à venir",
}


def status_words(status: str) -> str:
    return STATUS_WORDS[status]
