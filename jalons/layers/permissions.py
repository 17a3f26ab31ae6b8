"""Who keeps a layer, in whose name, and with whom it may be shared."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership, Organisation
from jalons.accounts.permissions import membership_territory, territory_of
from jalons.editing.removed import AlreadyRemoved, signed
from jalons.history.services import Actor
from jalons.layers.models import LayerDraft, MapLayer
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Departement, Region, Scope
from jalons.territories.services import UnknownTerritory, scope_for

REFUSAL = "Droit nécessaire\u00a0: tenir des couches de carte, pour la structure qui tient celle-ci."


def keeping_memberships(user: Any) -> Iterator[Membership]:
    """Those that let a person keep layers, the one that they write for first."""
    for membership in user.active_memberships:
        if membership_territory(membership, Right.KEEP_LAYERS).organisations:
            yield membership


def keeping_actor(user: Any, organisation: Organisation | None = None) -> Actor:
    """In whose name a layer is kept: the organisation of the layer, else the first that may. 403 without any."""
    for membership in keeping_memberships(user):
        if organisation is None or membership.organisation_id == organisation.standing_id:
            return Actor(user, membership.organisation)
    raise PermissionDenied(REFUSAL)


def keeps(user: Any, layer: MapLayer) -> bool:
    """May this person edit, replace and withdraw it? Its organisation alone, or the one that it was merged into."""
    kept_for = territory_of(user, Right.KEEP_LAYERS).organisations
    return layer.organisation.standing_id in kept_for


def fetch_layer(user: Any, public_id: str) -> MapLayer:
    """A layer that one reads: 404 for any other, withdrawn ones too."""
    return get_object_or_404(all_related(MapLayer.objects.visible_to(user)), public_id=public_id)


def fetch_kept(user: Any, public_id: str) -> MapLayer:
    """A layer that one keeps: 404 when it cannot be read, 403 when it is another’s; once withdrawn, said in words."""
    layer = fetch_own(user, public_id)
    if layer.withdrawn_at is not None:
        who = signed(layer.changed_by, layer.changed_for, layer.withdrawn_at)
        raise AlreadyRemoved(f"Cette couche est déjà retirée. {who}", back=reverse("layers:list"))
    return layer


def fetch_own(user: Any, public_id: str) -> MapLayer:
    """The same, withdrawn or not."""
    layers = MapLayer.objects.visible_to(user) | MapLayer.objects.of_own(user)
    layer = get_object_or_404(all_related(layers), public_id=public_id)
    if not keeps(user, layer):
        raise PermissionDenied(REFUSAL)
    return layer


def all_related(layers: Any) -> Any:
    scope = [f"shared_with__{level}" for level in ("region", "departement", "epci", "commune")]
    return layers.select_related("organisation__merged_into", "changed_by", "changed_for", *scope)


def fetch_draft(user: Any, public_id: str) -> LayerDraft:
    """A file that waits; once it was saved or forgotten, said in words."""
    drafts = LayerDraft.objects.kept_by(user).select_related("organisation__merged_into", "layer", "author")
    draft = get_object_or_404(drafts, public_id=public_id)
    if draft.done_at is not None:
        back = reverse("layers:list")
        raise AlreadyRemoved("Ce fichier est déjà enregistré dans une couche, ou oublié.", back=back)
    return draft


# Sharing --------------------------------------------------------------------------------------------------------


def sharing_choices(by: Actor) -> list[tuple[str, str]]:
    """The territories with which a layer may be shared: those of the person for this organisation, and their
    départements; never wider. Keys are « departement:59 ».
    """
    choices: dict[str, str] = {}
    for membership in keeping_memberships(by.user):
        if membership.organisation_id == by.organisation.standing_id:
            for scope in membership.scopes.all():
                choices[scope_key(scope.level, scope.code)] = scope_words(scope)
                choices |= inside(scope)
    return list(choices.items())


def inside(scope: Scope) -> dict[str, str]:
    """The départements of a région; régions and départements of the nation."""
    if scope.level not in (ScopeLevel.NATION, ScopeLevel.REGION):
        return {}
    departements = Departement.objects.order_by("code").values_list("code", "name")
    choices: dict[str, str] = {}
    if scope.level == ScopeLevel.REGION:
        departements = departements.filter(region=scope.code)
    else:
        regions = Region.objects.order_by("name").values_list("code", "name")
        choices |= {scope_key(ScopeLevel.REGION, code): f"Région\u00a0: {name}" for code, name in regions}
    return choices | {
        scope_key(ScopeLevel.DEPARTEMENT, code): f"{name} ({code})" for code, name in departements
    }


def scope_key(level: str, code: str) -> str:
    return f"{level}:{code}"


def scope_words(scope: Scope) -> str:
    if scope.level == ScopeLevel.NATION:
        return "France entière"
    if scope.level == ScopeLevel.DEPARTEMENT:
        return f"{scope.label} ({scope.code})"
    return f"{ScopeLevel(scope.level).label}\u00a0: {scope.label}"


def scope_of_key(key: str) -> Scope | None:
    """The scope that a choice names, made on first use; None for « ma structure »."""
    level, _, code = key.partition(":")
    try:
        return scope_for(level, code) if level else None
    except (UnknownTerritory, ValueError):
        return None
