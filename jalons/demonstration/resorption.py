"""How far resorptions are prepared: well on its way, just begun, nearly open, forgotten, stopped or gone to its end."""

from jalons.demonstration.chance import SEED, Chance
from jalons.demonstration.sites import Teller
from jalons.history.services import Actor
from jalons.sites.enums import (
    ClosingReason,
    DiagnosisStatus,
    SiteConstraint,
    SourceKind,
    StepKind,
    StepState,
    Suitability,
)
from jalons.sites.models import PreparatoryStep, SiteSuitability, SocialDiagnosis

# Days before today, or before the site closed, in the order of `StepKind`: done (`d`), under way since (`w`), foreseen
# for (`f`, a day to come when negative), not needed (`n`). None: nobody wrote anything.
Scenario = tuple[tuple[str, int] | None, ...]
ON_ITS_WAY: Scenario = (
    ("d", 240), ("d", 200), ("d", 170), ("d", 120), ("f", 21), ("w", 40), ("f", -45), ("f", -75), ("f", -120),
)  # fmt: skip
JUST_BEGUN: Scenario = (("d", 60), ("w", 30), None, ("f", -30), None, None, ("f", -60), None, None)
NEARLY_OPEN: Scenario = (
    ("d", 330), ("d", 300), ("d", 290), ("d", 250), ("n", 240), ("d", 60), ("d", 45), ("w", 20), ("f", -15),
)  # fmt: skip
OVER: Scenario = (
    ("d", 420), ("d", 400), ("d", 390), ("d", 360), ("d", 300), ("d", 200), ("d", 150), ("d", 120), ("d", 90),
)  # fmt: skip
SCENARIOS: tuple[Scenario | None, ...] = (ON_ITS_WAY, JUST_BEGUN, NEARLY_OPEN, None)
# The days between the day on which a step was first foreseen and the day on which it was done.
NOTICE = 35
NOT_NEEDED = "La métropole porte déjà le marché."
ANSWERS = (
    (Suitability.TO_STUDY, (SiteConstraint.WATER, SiteConstraint.PROPERTY), "Étude demandée à la métropole."),
    (Suitability.YES, (SiteConstraint.ELECTRICITY,), "Branchement de chantier possible depuis la rue."),
    (Suitability.NO, (SiteConstraint.FLOOD, SiteConstraint.POLLUTION), "Ancienne friche, en zone inondable."),
    (Suitability.YES, (), ""),
)


def preparation(tell: Teller) -> None:
    """For the sites that have a target. Thrown with dice of their own: the rest of the world stays what it was."""
    site, plan = tell.story.site, tell.plan
    if site.resorption_target is None or plan.freshness == "never":
        return
    usual, tell.chance = tell.chance, Chance(f"{SEED} route {site.public_id}")
    which = tell.chance.randrange(len(SCENARIOS))
    scenario = OVER if plan.reason == ClosingReason.RESORBED else SCENARIOS[which]
    if scenario is not None:
        for kind, planned_step in zip(StepKind, scenario, strict=True):
            if planned_step is not None:
                say_steps(tell, kind, *planned_step)
        answer, constraints, note = ANSWERS[which]
        looked = SiteSuitability(
            site=site,
            valid_on=tell.day(since(tell, 100)),
            answer=answer,
            constraints=constraints,  # type: ignore[misc]  # a tuple: see `CodesField`
            source_kind=SourceKind.STATE,
            source=tell.state.organisation,
            note=note,
        )
        tell.say(looked, tell.state)
    tell.chance = usual


def since(tell: Teller, ago: int) -> int:
    """As many days before the last one of the site, and after it was known."""
    return min(ago + (tell.plan.closed or 0), tell.plan.known - 1)


def say_steps(tell: Teller, kind: StepKind, how: str, ago: int) -> None:
    """One step: first foreseen, then done on its day; or as far as it went."""
    by = leader(tell, kind)
    if kind == StepKind.SOCIAL and how == "d":
        done = [fact for fact in tell.story.of(SocialDiagnosis) if fact.status == DiagnosisStatus.DONE]
        if done:  # the diagnosis that the sheet of the site tells: the same day
            say(tell, kind, StepState.DONE, (tell.calendar.today - done[-1].valid_on).days, by)
            return
    if how == "d":
        if since(tell, ago + NOTICE) > since(tell, ago):
            say(tell, kind, StepState.FORESEEN, since(tell, ago + NOTICE), by, planned=ago - 7)
        say(tell, kind, StepState.DONE, since(tell, ago), by)
    elif how == "w":
        say(tell, kind, StepState.UNDER_WAY, since(tell, ago), by, planned=-(ago // 2))
    elif how == "n":
        say(tell, kind, StepState.NOT_NEEDED, since(tell, ago), by, note=NOT_NEEDED)
    else:
        say(tell, kind, StepState.FORESEEN, since(tell, 80), by, planned=ago)


def leader(tell: Teller, kind: StepKind) -> Actor:
    """The operator meets the families; the State and the town hall do the rest."""
    if kind in (StepKind.SOCIOLOGICAL, StepKind.SOCIAL, StepKind.INFORMING, StepKind.CONTRACTS):
        return tell.operator
    town = tell.cast.town(tell.plan.commune)
    return town if town and kind in (StepKind.TECHNICAL, StepKind.FITTING_OUT) else tell.state


def say(
    tell: Teller,
    kind: StepKind,
    state: StepState,
    ago: int,
    leading: Actor,
    *,
    planned: int | None = None,
    note: str = "",
) -> None:
    step = PreparatoryStep(
        site=tell.story.site,
        kind=kind,
        state=state,
        valid_on=tell.day(ago),
        planned_on=None if planned is None else tell.day(planned + (tell.plan.closed or 0)),
        led_by=leading.organisation,
        led_by_person=leading.user if kind in (StepKind.POLITICAL, StepKind.SOCIAL) else None,
        note=note,
    )
    tell.say(step, tell.state)
