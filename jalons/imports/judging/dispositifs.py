"""The dispositifs that a table may speak of, and who fills them in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import territory_of
from jalons.actions.enums import Block
from jalons.actions.models import Action, Intervention
from jalons.actions.selectors.dues import FILLING, asked_blocks, local_followed, parts_of, reporters_of
from jalons.history.services import Actor
from jalons.imports.enums import RowOutcome
from jalons.imports.matching.choosing import KnownNames, KnownThing, RowMatch, Written
from jalons.imports.permissions import own_territory

HERE = ""  # names of dispositifs are compared whatever the département


@dataclass(frozen=True, slots=True)
class Filled:
    """A dispositif as one structure fills it in. `blocks`: its part of the follow-up."""

    action: Action
    reporter: Organisation
    blocks: tuple[Block, ...]

    @property
    def key(self) -> str:
        return f"{self.action.public_id}-{self.reporter.pk}"

    @property
    def label(self) -> str:
        return f"{self.action.name} · {self.reporter}"


def writable_actions(by: Actor, right: Right, *, rehearsal: bool = False) -> dict[str, Action]:
    """By public id: where this person may write for the structure; where they read, for a rehearsal."""
    where = territory_of(by.user, Right.READ_ACTIONS) if rehearsal else own_territory(by, right)
    actions = Action.objects.declared().visible_to(by.user).in_territory(where).select_related("departement")
    return {action.public_id: action for action in actions.order_by("name", "pk")}


def filled_by(by: Actor, *, rehearsal: bool = False) -> dict[str, Filled]:
    """What this person may fill in, by key: their own part, and that of others where they may edit the dispositif."""
    actions = writable_actions(by, Right.FOLLOW_ACTION, rehearsal=rehearsal)
    pks = [action.pk for action in actions.values()]
    edited = Action.objects.filter(pk__in=pks).in_territory(own_territory(by, Right.EDIT_ACTION))
    for_all = set(edited.values_list("pk", flat=True))
    parts, local = parts_of(pks, role__in=FILLING), local_followed(pks)
    found: dict[str, Filled] = {}
    for action in actions.values():
        blocks = asked_blocks(action, local=action.pk in local)
        for reporter in reporters_of(action, parts.get(action.pk, ()), blocks):
            mine = reporter.organisation.pk == by.organisation.standing_id
            if mine or rehearsal or action.pk in for_all:
                filled = Filled(action, reporter.organisation, reporter.blocks)
                found[filled.key] = filled
    return found


class NamedActions:
    """The dispositifs by what people call them."""

    def __init__(self, actions: Mapping[str, Action]) -> None:
        self.actions = actions
        self.names = KnownNames(
            (
                KnownThing(key=key, names=(action.name,), group=HERE, group_label=action.departement.name)
                for key, action in actions.items()
            ),
            shares_words=True,
        )

    def match(self, words: str) -> RowMatch:
        return self.names.match(Written(words, HERE, key=words.strip().lower()))

    def found(self, match: RowMatch) -> Action | None:
        return self.actions[match.key] if match.outcome is RowOutcome.THIS else None


def runs_of(actions: Iterable[Action]) -> dict[int, Intervention]:
    """When each dispositif runs, as known now."""
    runs = Intervention.objects.known().filter(action__in=[action.pk for action in actions])
    return {run.action_id: run for run in runs}


def action_candidate(action: Action) -> dict[str, str]:
    return {"key": action.public_id, "name": action.name, "where": action.departement.name, "closed": ""}
