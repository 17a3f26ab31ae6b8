"""What is true of the open sites on a day: people, sizes, freshness, living conditions, social diagnoses."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Count, Max, Q, Window
from django.db.models import Sum as SqlSum

from jalons.accounts.enums import Right
from jalons.core.values import Ratio, Sum
from jalons.figures.readings import FigureReading, Tally
from jalons.figures.registry import ONE_SITE, Family, Figure, FigureQuestion, SharedSums
from jalons.sites.enums import Condition, DiagnosisStatus, Theme
from jalons.sites.figures.rows import open_sites
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.selectors.filtering import SIZES, size_condition, stale_condition

SUMMED = {"personnes": "people", "menages": "households", "femmes": "women", "mineurs": "minors"}
SCHOOLED = "mineurs-scolarises"
TOLD = {**SUMMED, SCHOOLED: "minors_at_school"}
TO_IMPROVE = (Condition.BAD, Condition.TO_IMPROVE)
ASSESSED = (*TO_IMPROVE, Condition.GOOD)


def read_sites(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """People, freshness of the open sites: one query."""
    return site_readings(asked, counted(open_sites(asked), asked).order_by().aggregate(**site_sums(asked)))


def read_makeup(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """Households, women, sizes of the open sites: one query."""
    sites = counted(open_sites(asked), asked).order_by()
    return makeup_readings(asked, sites.aggregate(**makeup_sums(asked)))


def read_list(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """What the sites that a list chose, which have their count, add up to: one query."""
    return list_readings(asked, open_sites(asked).order_by().aggregate(**list_columns(asked)))


def list_columns(asked: FigureQuestion) -> dict[str, Any]:
    """The sizes are not asked of a list, which has its own."""
    return {**site_sums(asked), **people_sums("households", "women")}


def list_readings(asked: FigureQuestion, sums: Mapping[str, Any]) -> Mapping[str, FigureReading]:
    return {**site_readings(asked, sums), **people_readings(sums, "menages", "femmes")}


def read_page(asked: FigureQuestion, page: slice) -> tuple[Mapping[str, FigureReading], list[int]]:
    """The same of the ordered list of `asked`, with the keys of one of its pages: its rows are read once for both. As
    it was known, the survey of each site is chosen site by site: that is done once. Beyond its end: one query more.
    """
    columns = list_columns(asked)
    windows = {f"of_{name}": Window(column) for name, column in columns.items()}
    rows = list(open_sites(asked).annotate(**windows).values_list("pk", *windows)[page])
    if rows:
        whole = dict(zip(columns, rows[0][1:], strict=True))
    elif page.start:
        return read_list(asked), []
    else:  # no row at all
        whole = {name: 0 if isinstance(column, Count) else None for name, column in columns.items()}
    return list_readings(asked, whole), [pk for pk, *_ in rows]


# What every family of counts adds up.
COUNTED = {"sites": Count("pk"), "latest": Max("figure__valid_on")}


def people_sums(*names: str) -> dict[str, Any]:
    return {
        **{name: SqlSum(f"figure__{name}") for name in names},
        **{f"{name}_known": Count(f"figure__{name}") for name in names},
    }


def people_readings(sums: Mapping[str, Any], *keys: str) -> dict[str, FigureReading]:
    def total_of(name: str) -> Sum:
        return Sum.from_counts(sums[name] or 0, known=sums[f"{name}_known"], expected=sums["sites"])

    return {key: FigureReading(total_of(TOLD[key]), sums["latest"]) for key in keys}


def site_sums(asked: FigureQuestion) -> dict[str, Any]:
    both = Q(figure__minors_at_school__isnull=False, figure__minors__isnull=False)
    return {
        **COUNTED,
        **people_sums("people", "minors", "minors_at_school"),
        "stale": Count("pk", filter=stale_condition("6", asked.at.day)),
        "schooled": SqlSum("figure__minors_at_school", filter=both),
        "schoolable": SqlSum("figure__minors", filter=both),
        "schooled_known": Count("pk", filter=both),
    }


def site_readings(asked: FigureQuestion, sums: Mapping[str, Any]) -> Mapping[str, FigureReading]:
    count, latest = sums["sites"], sums["latest"]
    share = Ratio(sums["schooled"] or 0, sums["schoolable"] or 0, sums["schooled_known"], count)
    return {
        "sites-ouverts": FigureReading(Tally.of_all(count), latest),
        **people_readings(sums, "personnes", "mineurs", SCHOOLED),
        "scolarisation": FigureReading(share, latest),
        "sans-recensement": FigureReading(Tally.of_all(sums["stale"])),
    }


def makeup_sums(asked: FigureQuestion) -> dict[str, Any]:
    sizes = {f"size_{size}": Count("pk", filter=size_condition(size)) for size in SIZES}
    return {**COUNTED, **people_sums("households", "women"), **sizes}


def makeup_readings(asked: FigureQuestion, sums: Mapping[str, Any]) -> Mapping[str, FigureReading]:
    return {
        **people_readings(sums, "menages", "femmes"),
        **{
            f"taille-{size}": FigureReading(Tally.of_all(sums[f"size_{size}"]), sums["latest"])
            for size in SIZES
        },
    }


def counted(sites: SiteQuerySet, asked: FigureQuestion) -> SiteQuerySet:
    return sites.with_figure(asked.at)


def described(sites: SiteQuerySet, asked: FigureQuestion) -> SiteQuerySet:
    return sites.with_state(asked.at)


def diagnosed(sites: SiteQuerySet, asked: FigureQuestion) -> SiteQuerySet:
    return sites.with_diagnosis(asked.at)


def diagnosis_sums(asked: FigureQuestion) -> dict[str, Any]:
    status_known = ~Q(diagnosis__status=DiagnosisStatus.UNKNOWN) & Q(diagnosis__isnull=False)
    return {
        "sites": COUNTED["sites"],
        "diagnosed_on": Max("diagnosis__valid_on"),
        "diagnosed": Count("pk", filter=Q(diagnosis__status=DiagnosisStatus.DONE)),
        "diagnosed_known": Count("pk", filter=status_known),
    }


def diagnosis_readings(asked: FigureQuestion, sums: Mapping[str, Any]) -> Mapping[str, FigureReading]:
    diagnoses = Tally(sums["diagnosed"], sums["diagnosed_known"], sums["sites"])
    return {"diagnostics": FigureReading(diagnoses, sums["diagnosed_on"])}


def read_diagnoses(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """One query."""
    sites = diagnosed(open_sites(asked), asked).order_by()
    return diagnosis_readings(asked, sites.aggregate(**diagnosis_sums(asked)))


def condition_sums(*themes: Theme) -> dict[str, Any]:
    return {
        "sites": COUNTED["sites"],
        "described_on": Max("state__valid_on"),
        **{f"{theme}_bad": Count("pk", filter=Q(**{f"state__{theme}__in": TO_IMPROVE})) for theme in themes},
        **{f"{theme}_known": Count("pk", filter=Q(**{f"state__{theme}__in": ASSESSED})) for theme in themes},
    }


def condition_readings(sums: Mapping[str, Any], *themes: Theme) -> Mapping[str, FigureReading]:
    return {
        f"conditions-{theme}": FigureReading(
            Tally(sums[f"{theme}_bad"], sums[f"{theme}_known"], sums["sites"]), sums["described_on"]
        )
        for theme in themes
    }


STOCK = Figure(
    key="",
    label="",
    sentence="",
    right=Right.READ_SITES,
    rows=open_sites,
    asks={"statut": "ouverts"},
    covers=("site recensé", "sites recensés"),
)


def stock(key: str, label: str, sentence: str, **more: Any) -> Figure:
    return replace(STOCK, key=key, label=label, sentence=sentence, **more)


def of_size(size: str) -> Figure:
    words = SIZES[size].lower()
    return stock(
        f"taille-{size}",
        f"Sites de taille : {words}",
        f"Les sites ouverts dont le nombre d’habitants, au recensement retenu, est dans la tranche : {words}.",
        rows=lambda asked: open_sites(asked).with_figure(asked.at).filter(size_condition(size)),
        asks={"statut": "ouverts", "taille": size},
        covers=None,
    )


def of_theme(theme: Theme) -> Figure:
    words = theme.label.lower()
    return stock(
        f"conditions-{theme}",
        f"{theme.label} : à améliorer",
        f"Les sites ouverts où l’état « {words} » est mauvais ou à améliorer, à la dernière visite.",
        rows=lambda asked: open_sites(asked).with_state(asked.at).to_improve(theme),
        asks={"statut": "ouverts", "conditions": str(theme)},
        covers=("site décrit", "sites décrits"),
    )


def of_conditions(name: str, *themes: Theme) -> Family:
    """Some of the six, in one query."""

    def sums(asked: FigureQuestion) -> dict[str, Any]:
        return condition_sums(*themes)

    def readings(asked: FigureQuestion, columns: Mapping[str, Any]) -> Mapping[str, FigureReading]:
        return condition_readings(columns, *themes)

    def read(asked: FigureQuestion) -> Mapping[str, FigureReading]:
        sites = described(open_sites(asked), asked).order_by()
        return readings(asked, sites.aggregate(**sums(asked)))

    figures = tuple(of_theme(theme) for theme in themes)
    return Family(name, figures, read, SharedSums(open_sites, described, sums, readings))


STOCKS: tuple[Family, ...] = (
    Family(
        "sites",
        (
            stock(
                "sites-ouverts",
                "Sites ouverts",
                "Les sites installés et pas encore fermés à cette date.",
                covers=None,
            ),
            stock(
                "personnes",
                "Personnes",
                "Les habitants des sites ouverts, d’après le recensement retenu de chaque site.",
            ),
            stock("mineurs", "Mineurs", "Les mineurs des sites ouverts, d’après le recensement retenu."),
            stock(
                SCHOOLED,
                "Mineurs scolarisés",
                "Les mineurs scolarisés des sites ouverts, d’après le recensement retenu.",
            ),
            stock(
                "scolarisation",
                "Part des mineurs scolarisés",
                "Les mineurs scolarisés sur les mineurs, là où le recensement donne les deux.",
                covers=ONE_SITE,
            ),
            stock(
                "sans-recensement",
                "Sites sans recensement récent",
                "Les sites ouverts jamais recensés, ou dont le recensement dépasse le seuil d’ancienneté.",
                rows=lambda asked: (
                    open_sites(asked).with_figure(asked.at).filter(stale_condition("6", asked.at.day))
                ),
                asks={"statut": "ouverts", "maj": "6"},
                covers=None,
            ),
        ),
        read_sites,
        SharedSums(open_sites, counted, site_sums, site_readings),
    ),
    Family(
        "composition",
        (
            stock("menages", "Ménages", "Les ménages des sites ouverts, d’après le recensement retenu."),
            stock("femmes", "Femmes", "Les femmes des sites ouverts, d’après le recensement retenu."),
            *(of_size(size) for size in SIZES),
        ),
        read_makeup,
        SharedSums(open_sites, counted, makeup_sums, makeup_readings),
    ),
    of_conditions("conditions", Theme.WATER, Theme.SANITATION, Theme.FIRE),
    of_conditions("autres-conditions", Theme.ELECTRICITY, Theme.WASTE, Theme.PESTS),
    Family(
        "diagnostics",
        (
            stock(
                "diagnostics",
                "Diagnostics sociaux réalisés",
                "Les sites ouverts où un diagnostic social des habitants est réalisé.",
                rows=lambda asked: (
                    open_sites(asked).with_diagnosis(asked.at).filter(diagnosis__status=DiagnosisStatus.DONE)
                ),
                asks={"statut": "ouverts", "diagnostic": DiagnosisStatus.DONE.value},
                covers=("site renseigné", "sites renseignés"),
            ),
        ),
        read_diagnoses,
        SharedSums(open_sites, diagnosed, diagnosis_sums, diagnosis_readings),
    ),
)
