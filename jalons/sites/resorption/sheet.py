"""What the sheet of a site says of its resorption: on the screen, and in the document to take away."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from jalons.core.values import format_date, format_long_date, join_and
from jalons.exports.document import Block, Grid, Head, Heading, Paragraph
from jalons.sites.cards import ShownCard, StepProof
from jalons.sites.enums import DiagnosisStatus, StepKind, StepState, StepStatus
from jalons.sites.models import SiteSuitability
from jalons.sites.resorption.progress import Preparation, StepLine

SETTLED = (StepStatus.DONE, StepStatus.NOT_NEEDED)
SHOWS = {StepState.DONE: "faite le", StepState.UNDER_WAY: "en cours depuis le"}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step on the line; `url` is empty for who may not write it."""

    line: StepLine
    url: str = ""

    @property
    def label(self) -> str:
        return self.line.kind.label

    @property
    def status(self) -> StepStatus:
        return self.line.status


@dataclass(frozen=True, slots=True)
class StepProposal:
    """A step that something already recorded shows to be taken; `url` opens its form, filled in."""

    proof: StepProof
    url: str

    @property
    def step(self) -> str:
        return StepKind(self.proof.kind).label

    @property
    def words(self) -> str:
        return f"{SHOWS[StepState(self.proof.state)]} {format_date(self.proof.day)}"


@dataclass(frozen=True, slots=True)
class ResorptionBlock:
    """`shown_steps` in order; `update_url`, `suitability_url` are empty for who may not write."""

    preparation: Preparation
    shown_steps: Sequence[ShownStep]
    proposals: Sequence[StepProposal]
    suitability: SiteSuitability | None
    target: str = ""
    suitability_url: str = ""

    @property
    def constraints(self) -> str:
        """« réseau d’eau et propriété », empty without any."""
        labels = self.suitability.get_constraints_display() if self.suitability else []
        return join_and([label.lower().removesuffix(" (préciser)") for label in labels])

    @property
    def suitability_source(self) -> str:
        """« au 3 mars 2026, selon la DDETS du Nord (service de l’État) »."""
        return suitability_source(self.suitability) if self.suitability else ""


def suitability_source(fact: SiteSuitability) -> str:
    kind = fact.get_source_kind_display()
    source = (
        f"{fact.source} ({kind[:1].lower()}{kind[1:]})" if fact.source else f"{kind[:1].lower()}{kind[1:]}"
    )
    return f"Au {format_long_date(fact.valid_on)}, selon {source}. Enregistré par {fact.organisation}."


def resorption_block(sheet: Any, cards: Iterable[ShownCard], *, writes: bool) -> ResorptionBlock | None:
    """For a `selectors.Sheet`; None when nothing is said of the resorption of this site. No query."""
    if not sheet.tells_resorption:
        return None
    where = sheet.site.public_id
    urls = {kind: reverse("sites:step_set", args=[where, kind.value]) if writes else "" for kind in StepKind}
    return ResorptionBlock(
        preparation=sheet.preparation,
        shown_steps=[ShownStep(line, urls[line.kind]) for line in sheet.preparation.lines],
        proposals=list(proposals(sheet, cards, urls)) if writes else [],
        suitability=sheet.suitability,
        target=str(sheet.site.resorption_target or ""),
        suitability_url=reverse("sites:suitability_set", args=[where]) if writes else "",
    )


def proposals(sheet: Any, cards: Iterable[ShownCard], urls: dict[StepKind, str]) -> Iterator[StepProposal]:
    """What the cards and the social diagnosis of the site prove, of steps nobody said to be settled: one for each."""
    proofs = [*diagnosis_proofs(sheet), *(proof for card in cards for proof in card.proofs())]
    lines = {line.kind: line for line in sheet.preparation.lines}
    proposed: set[str] = set()
    for proof in proofs:
        line = lines[StepKind(proof.kind)]
        known = line.status in SETTLED or (line.step is not None and line.step.state == proof.state)
        if known or proof.kind in proposed or proof.day > sheet.at.day:
            continue
        proposed.add(proof.kind)
        asked = urlencode({"situation": proof.state, "depuis": proof.day.isoformat()})
        yield StepProposal(proof, f"{urls[StepKind(proof.kind)]}?{asked}")


def diagnosis_proofs(sheet: Any) -> Iterator[StepProof]:
    diagnosis = sheet.diagnosis
    if diagnosis is not None and diagnosis.status == DiagnosisStatus.DONE:
        by = f" par {diagnosis.led_by}" if diagnosis.led_by else ""
        words = f"un diagnostic social réalisé{by} est noté sur cette fiche"
        yield StepProof(StepKind.SOCIAL, StepState.DONE, diagnosis.valid_on, words)


# The document ----------------------------------------------------------------------------------------------


def resorption_blocks(block: ResorptionBlock) -> Iterator[Block]:
    yield Heading("Résorption")
    target = f"Objectif de résorption\u00a0: {block.target}. " if block.target else ""
    yield Paragraph(f"{target}{block.preparation.summary}.")
    if block.preparation.begun:
        heads = (Head("Étape", weight=1.6), Head("Où en est-elle\u00a0?"), Head("Date", weight=1.6),
                 Head("Qui s’en occupe\u00a0?", weight=1.6), Head("Précision", weight=2))  # fmt: skip
        rows = [
            (
                line.kind.label,
                line.status.label,
                line.when or None,
                line.who or None,
                ". ".join(filter(None, [line.misplaced, line.note])) or None,
            )
            for line in block.preparation.lines
        ]
        yield Grid(heads, rows, caption="Étapes préparatoires")
    if block.suitability:
        limits = f" (contraintes\u00a0: {block.constraints})" if block.constraints else ""
        note = f" {block.suitability.note}" if block.suitability.note else ""
        answer = block.suitability.get_answer_display().lower()
        yield Paragraph(f"Aménageable\u00a0: {answer}{limits}. {block.suitability_source}{note}")
