"""How far the resorptions of a territory are prepared, and which sites can be fitted out: two queries."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from jalons.figures.readings import FigureReading, Tally
from jalons.figures.registry import ONE_SITE, Family, Figure, FigureQuestion, SharedSums
from jalons.sites.enums import StepKind, StepState, StepStatus, Suitability
from jalons.sites.figures.rows import open_sites
from jalons.sites.figures.stocks import stock
from jalons.sites.models import PreparatoryStep
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.resorption.selectors import BEGUN, having_step, of_status

KNOWN_ANSWERS = (Suitability.YES, Suitability.NO, Suitability.TO_STUDY)


def step_key(kind: StepKind) -> str:
    return f"etape-{kind.value.replace('_', '-')}"


def read_resorptions(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    sites = suited(open_sites(asked), asked).order_by()
    return resorption_readings(asked, sites.aggregate(**resorption_sums(asked)))


def standing_steps(asked: FigureQuestion) -> Any:
    return PreparatoryStep.objects.in_force_as_known(asked.at).order_by()


def suited(sites: SiteQuerySet, asked: FigureQuestion) -> SiteQuerySet:
    return sites.with_suitability(asked.at)


def resorption_sums(asked: FigureQuestion) -> dict[str, Any]:
    here = standing_steps(asked).filter(site=OuterRef("pk"))
    targeted, begun = Q(resorption_target__isnull=False), Q(Exists(here))
    late = Exists(here.filter(of_status(StepStatus.LATE, asked.at.day)))
    return {
        "sites": Count("pk"),
        "targeted": Count("pk", filter=targeted),
        "begun": Count("pk", filter=begun),
        "concerned": Count("pk", filter=targeted | begun),
        "late": Count("pk", filter=late),
        "suitable": Count("pk", filter=Q(suitability__answer=Suitability.YES)),
        "suitable_known": Count("pk", filter=Q(suitability__answer__in=KNOWN_ANSWERS)),
        "looked_on": Max("suitability__valid_on"),
    }


def resorption_readings(asked: FigureQuestion, sums: Mapping[str, Any]) -> Mapping[str, FigureReading]:
    """One query more, for the steps."""
    steps = standing_steps(asked).filter(site__in=open_sites(asked).order_by().values("pk"))
    done = {
        kind: Tally(count, known_of, sums["concerned"])
        for kind, count, known_of in steps.values("kind")
        .annotate(done=Count("pk", filter=Q(state=StepState.DONE)), known_of=Count("pk"))
        .values_list("kind", "done", "known_of")
    }
    nobody = Tally(0, 0, sums["concerned"])
    return {
        "resorption-objectif": FigureReading(Tally.of_all(sums["targeted"])),
        "resorption-commencee": FigureReading(Tally.of_all(sums["begun"])),
        "resorption-retard": FigureReading(Tally.of_all(sums["late"])),
        "amenageables": FigureReading(
            Tally(sums["suitable"], sums["suitable_known"], sums["sites"]), sums["looked_on"]
        ),
        **{step_key(kind): FigureReading(done.get(kind, nobody)) for kind in StepKind},
    }


def suitable_sites(asked: FigureQuestion) -> SiteQuerySet:
    return open_sites(asked).with_suitability(asked.at).filter(suitability__answer=Suitability.YES)


def of_step(kind: StepKind) -> Figure:
    words = kind.label.lower()
    return stock(
        step_key(kind),
        f"Étape faite : {words}",
        f"Les sites ouverts où l’étape « {words} » est faite, parmi ceux qui ont un objectif ou une étape.",
        rows=lambda asked: having_step(open_sites(asked), kind=kind, status=StepStatus.DONE, at=asked.at),
        asks={"statut": "ouverts", "etape": kind.value, "etat": StepStatus.DONE.value},
        covers=("site renseigné", "sites renseignés"),
    )


RESORPTIONS = Family(
    "resorptions",
    (
        stock(
            "resorption-objectif",
            "Sites avec un objectif de résorption",
            "Les sites ouverts pour lesquels une année de résorption est visée.",
            rows=lambda asked: open_sites(asked).filter(resorption_target__isnull=False),
            asks={"statut": "ouverts", "objectif": "on"},
            covers=None,
        ),
        stock(
            "resorption-commencee",
            "Résorptions en préparation",
            "Les sites ouverts où quelqu’un a dit où en est au moins une des neuf étapes de la résorption.",
            rows=lambda asked: having_step(open_sites(asked), at=asked.at),
            asks={"statut": "ouverts", "etat": BEGUN},
            covers=None,
        ),
        stock(
            "resorption-retard",
            "Résorptions avec une étape en retard",
            "Les sites ouverts où une étape prévue ou en cours n’est pas faite à sa date prévue.",
            rows=lambda asked: having_step(open_sites(asked), status=StepStatus.LATE, at=asked.at),
            asks={"statut": "ouverts", "etat": StepStatus.LATE.value},
            covers=None,
        ),
        stock(
            "amenageables",
            "Sites aménageables",
            "Les sites ouverts dits aménageables, parmi ceux dont la réponse est connue ou à étudier.",
            rows=suitable_sites,
            asks={"statut": "ouverts", "amenageable": Suitability.YES.value},
            covers=ONE_SITE,
        ),
        *(of_step(kind) for kind in StepKind),
    ),
    read_resorptions,
    SharedSums(open_sites, suited, resorption_sums, resorption_readings),
)

FAMILIES = (RESORPTIONS,)
