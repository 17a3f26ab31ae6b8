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
TO_IMPROVE = (Condition.BAD, Condition.TO_IMPROVE)
ASSESSED = (*TO_IMPROVE, Condition.GOOD)


def read_sites(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """People, sizes, freshness of the open sites: one query."""
    chosen = asked.chosen is not None
    sites = open_sites(asked) if chosen else counted(open_sites(asked), asked)
    return site_readings(asked, sites.order_by().aggregate(**site_sums(asked)))


def read_page(asked: FigureQuestion, page: slice) -> tuple[Mapping[str, FigureReading], list[int]]:
    """The same of the ordered list of `asked`, with the keys of one of its pages: its rows are read once for both. As
    it was known, the survey of each site is chosen site by site: that is done once. Beyond its end: one query more.
    """
    columns = site_sums(asked)
    windows = {f"of_{name}": Window(column) for name, column in columns.items()}
    rows = list(open_sites(asked).annotate(**windows).values_list("pk", *windows)[page])
    if rows:
        whole = dict(zip(columns, rows[0][1:], strict=True))
    elif page.start:
        return read_sites(asked), []
    else:  # no row at all
        whole = {name: 0 if isinstance(column, Count) else None for name, column in columns.items()}
    return site_readings(asked, whole), [pk for pk, *_ in rows]


def site_sums(asked: FigureQuestion) -> dict[str, Any]:
    """The sizes are not asked of a list, which has its own."""
    both = Q(figure__minors_at_school__isnull=False, figure__minors__isnull=False)
    names = (*SUMMED.values(), "minors_at_school")
    sizes = {} if asked.chosen is not None else SIZES
    return {
        "sites": Count("pk"),
        "stale": Count("pk", filter=stale_condition("6", asked.at.day)),
        "latest": Max("figure__valid_on"),
        "schooled": SqlSum("figure__minors_at_school", filter=both),
        "schoolable": SqlSum("figure__minors", filter=both),
        "schooled_known": Count("pk", filter=both),
        **{name: SqlSum(f"figure__{name}") for name in names},
        **{f"{name}_known": Count(f"figure__{name}") for name in names},
        **{f"size_{size}": Count("pk", filter=size_condition(size)) for size in sizes},
    }


def site_readings(asked: FigureQuestion, sums: Mapping[str, Any]) -> Mapping[str, FigureReading]:
    count, latest = sums["sites"], sums["latest"]

    def total_of(name: str) -> FigureReading:
        worth = Sum.from_counts(sums[name] or 0, known=sums[f"{name}_known"], expected=count)
        return FigureReading(worth, latest)

    share = Ratio(sums["schooled"] or 0, sums["schoolable"] or 0, sums["schooled_known"], count)
    return {
        "sites-ouverts": FigureReading(Tally.of_all(count), latest),
        **{key: total_of(name) for key, name in SUMMED.items()},
        SCHOOLED: total_of("minors_at_school"),
        "scolarisation": FigureReading(share, latest),
        "sans-recensement": FigureReading(Tally.of_all(sums["stale"])),
        **{
            f"taille-{size}": FigureReading(Tally.of_all(sums[f"size_{size}"]), latest)
            for size in SIZES
            if f"size_{size}" in sums
        },
    }


def read_conditions(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """The living conditions and the social diagnoses of the open sites: one query."""
    sites = described(open_sites(asked), asked).order_by()
    return condition_readings(asked, sites.aggregate(**condition_sums(asked)))


def counted(sites: SiteQuerySet, asked: FigureQuestion) -> SiteQuerySet:
    return sites.with_figure(asked.at)


def described(sites: SiteQuerySet, asked: FigureQuestion) -> SiteQuerySet:
    return sites.with_state(asked.at).with_diagnosis(asked.at)


def condition_sums(asked: FigureQuestion) -> dict[str, Any]:
    status_known = ~Q(diagnosis__status=DiagnosisStatus.UNKNOWN) & Q(diagnosis__isnull=False)
    return {
        "sites": Count("pk"),
        "latest": Max("state__valid_on"),
        "diagnosed_on": Max("diagnosis__valid_on"),
        "diagnosed": Count("pk", filter=Q(diagnosis__status=DiagnosisStatus.DONE)),
        "diagnosed_known": Count("pk", filter=status_known),
        **{f"{theme}_bad": Count("pk", filter=Q(**{f"state__{theme}__in": TO_IMPROVE})) for theme in Theme},
        **{f"{theme}_known": Count("pk", filter=Q(**{f"state__{theme}__in": ASSESSED})) for theme in Theme},
    }


def condition_readings(asked: FigureQuestion, sums: Mapping[str, Any]) -> Mapping[str, FigureReading]:
    count = sums["sites"]
    tallies = {
        f"conditions-{theme}": FigureReading(
            Tally(sums[f"{theme}_bad"], sums[f"{theme}_known"], count), sums["latest"]
        )
        for theme in Theme
    }
    diagnoses = Tally(sums["diagnosed"], sums["diagnosed_known"], count)
    return {**tallies, "diagnostics": FigureReading(diagnoses, sums["diagnosed_on"])}


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
            stock("menages", "Ménages", "Les ménages des sites ouverts, d’après le recensement retenu."),
            stock("femmes", "Femmes", "Les femmes des sites ouverts, d’après le recensement retenu."),
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
            *(of_size(size) for size in SIZES),
        ),
        read_sites,
        SharedSums(open_sites, counted, site_sums, site_readings),
    ),
    Family(
        "conditions",
        (
            *(of_theme(theme) for theme in Theme),
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
        read_conditions,
        SharedSums(open_sites, described, condition_sums, condition_readings),
    ),
)
