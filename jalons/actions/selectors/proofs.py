"""What a dispositif already shows of the resorption of a site: proposed to a person, who writes it or not."""

from collections.abc import Iterator

from django.urls import reverse

from jalons.actions.enums import ActionTheme
from jalons.actions.selectors.on_site import SiteAction, SiteActions
from jalons.core.values import fold
from jalons.sites.cards import StepProof
from jalons.sites.enums import StepKind, StepState

DIAGNOSES = {
    "diagnostic sociologique": StepKind.SOCIOLOGICAL,
    "diagnostic technique": StepKind.TECHNICAL,
    "diagnostic social": StepKind.SOCIAL,
}
# A dispositif on one of these themes that covers a site may be what opens there.
OPENS = {ActionTheme.HOUSING, ActionTheme.SAFETY}


def step_proofs(actions: SiteActions) -> Iterator[StepProof]:
    """A diagnosis, by the name of the dispositif; an opening, by the first one in progress on housing or safety."""
    lines = sorted(actions.lines, key=lambda line: line.since)
    for line in lines:
        yield from diagnosis_proof(line)
    opening = next((line for line in lines if may_open(line)), None)
    if opening is not None:
        words = f"le dispositif « {opening.action.name} » couvre ce site {opening.dates}"
        yield StepProof(StepKind.OPENING, StepState.DONE, opening.since, words, url_of(opening))


def may_open(line: SiteAction) -> bool:
    return line.until is None and bool(OPENS & set(line.action.themes)) and not diagnoses(line)


def diagnoses(line: SiteAction) -> list[StepKind]:
    name = fold(line.action.name)
    return [kind for words, kind in DIAGNOSES.items() if words in name]


def diagnosis_proof(line: SiteAction) -> Iterator[StepProof]:
    """Done on the day on which it ended there, else under way since it began."""
    for kind in diagnoses(line):
        state, day = (StepState.DONE, line.until) if line.until else (StepState.UNDER_WAY, line.since)
        words = f"le dispositif « {line.action.name} », {line.status} sur ce site"
        yield StepProof(kind, state, day, words, url_of(line))


def url_of(line: SiteAction) -> str:
    return reverse("actions:sheet", args=[line.action.public_id])
