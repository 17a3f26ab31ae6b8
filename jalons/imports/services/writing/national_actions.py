"""The rows of the national export of actions: dispositifs declared, reports of a year, its money."""

from collections.abc import Sequence

from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, Intervention, Participation
from jalons.actions.services import Part, declare_action, set_money
from jalons.core import clock
from jalons.core.progress import Steps, Tell
from jalons.history.services import Actor
from jalons.imports.judging.money import true_from
from jalons.imports.judging.national_plans import NationalPlan, NewAction, filled_in
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services.writing.follow_ups import write_report
from jalons.imports.services.writing.kept import imported, source_words


def write_national_actions(
    batch: ImportBatch, plans: Sequence[NationalPlan], by: Actor, tell: Tell
) -> list[ImportedFact]:
    facts: list[ImportedFact] = []
    declared: dict[tuple[str, str], Action] = {}
    steps = Steps(tell, len(plans))
    for plan in plans:
        action = plan.known or declared.get(plan.group)
        if action is None:
            assert plan.new is not None  # noqa: S101  # the judge says which
            action = declared[plan.group] = declare(plan.new, by)
            facts += declaration_of(batch, plan.line, action)
        if plan.figures:
            rows = [(plan.line, figure) for figure in plan.figures]
            facts += write_report(batch, filled_in(plan, action), plan.figures[0].on, rows, by)
        if plan.money:
            on = true_from(plan.money[0].year, clock.today())
            source = source_words(batch, plan.line)
            written = set_money(action=action, lines=plan.money, by=by, on=on, source=source)
            facts += [imported(batch, plan.line, fact, previous) for fact, previous in written]
        steps.add()
    return facts


def declare(new: NewAction, by: Actor) -> Action:
    """Its pilot is the structure in whose name the table is given, as on the page where a dispositif is declared."""
    operators = [
        Part(operator, ParticipationRole.OPERATOR, is_main=not place)
        for place, operator in enumerate(new.operators)
    ]
    return declare_action(
        by=by,
        name=new.name,
        departement=new.departement,
        starts_on=new.starts_on,
        planned_end=new.planned_end,
        themes=sorted(new.themes),
        parts=[Part(by.organisation, ParticipationRole.PILOT), *operators],
        objectives=new.goals,
        place_note=new.ground,
    )


def declaration_of(batch: ImportBatch, line: int, action: Action) -> list[ImportedFact]:
    facts = [
        *Intervention.objects.known().filter(action=action),
        *Participation.objects.known().filter(action=action).order_by("pk"),
    ]
    return [imported(batch, line, fact, None) for fact in facts]
