"""A dispositif that somebody would like, or a diagnosis that they order: apart from the dispositifs until accepted."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jalons.accounts.models import Organisation, User
from jalons.actions.enums import ActionTheme
from jalons.actions.models import Action
from jalons.core.fields import CodesField, PublicIdField
from jalons.history.models import Record
from jalons.proposals.enums import SIGNS, ProposalKind, ProposalPart, ProposalState
from jalons.proposals.querysets import ActionProposalQuerySet
from jalons.sites.models import Site
from jalons.territories.models import Departement

if TYPE_CHECKING:
    from jalons.accounts.permissions import Territory

LONGEST_WHY, LONGEST_ANSWER = 2000, 1000


class ActionProposal(Record):
    """Sent by `proposer` to `pilot`, about some sites of one département. No figure, list or export reads it.

    `action`: the dispositif that it became; there is one when, and only when, the state says so. What was asked does
    not change once it is sent; `answer` is the reason of a refusal, or a word that goes with an acceptance.
    """

    public_id = PublicIdField()
    kind = models.CharField("ce qui est proposé", max_length=12, choices=ProposalKind)
    departement = models.ForeignKey(
        Departement, on_delete=models.PROTECT, related_name="proposals", verbose_name="département"
    )
    sites = models.ManyToManyField(Site, related_name="proposals", verbose_name="sites")
    themes = CodesField("champs d’intervention", choices=ActionTheme, blank=True)
    wanted_on = models.DateField("pour quand", null=True, blank=True)
    why = models.TextField("pourquoi", max_length=LONGEST_WHY)
    proposer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="proposals_sent", verbose_name="proposé par"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="auteur")
    pilot = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="proposals_received", verbose_name="destinataire"
    )
    created_at = models.DateTimeField("envoyée le", default=timezone.now, editable=False)
    state = models.CharField("état", max_length=10, choices=ProposalState, default=ProposalState.SENT)
    answer = models.TextField("réponse", max_length=LONGEST_ANSWER, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True, editable=False)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="répondue par"
    )
    answered_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="répondue pour"
    )
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, related_name="proposals", verbose_name="dispositif"
    )

    objects = ActionProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "dispositif proposé"
        verbose_name_plural = "dispositifs proposés"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProposalState.DECLARED, action__isnull=False)
                | (~Q(state=ProposalState.DECLARED) & Q(action__isnull=True)),
                name="proposals_declared_has_its_action",
            )
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="proposals_waiting"),
            models.Index(fields=["departement", "state"], name="proposals_by_departement"),
        ]

    def __str__(self) -> str:
        """Without any site: whoever reads this may not read them."""
        return f"{self.label} proposé à {self.pilot}"

    @property
    def label(self) -> str:
        """« Diagnostic social »."""
        return self.get_kind_display().removeprefix("Un ").capitalize()

    @property
    def sign(self) -> str:
        return SIGNS[ProposalState(self.state)]

    @property
    def is_sent(self) -> bool:
        return self.state == ProposalState.SENT

    @property
    def is_agreed(self) -> bool:
        return self.state == ProposalState.AGREED

    @property
    def parts(self) -> frozenset[tuple[int, str]]:
        return frozenset(
            [
                (self.proposer.standing_id, ProposalPart.PROPOSER),
                (self.pilot.standing_id, ProposalPart.RECIPIENT),
                (self.proposer_id, ProposalPart.PROPOSER),
                (self.pilot_id, ProposalPart.RECIPIENT),
            ]
        )

    def within(self, territory: "Territory") -> bool:
        """Does a right that holds on `territory` hold here? See `ActionProposalQuerySet.in_territory`."""
        if territory.everywhere or self.departement_id in territory.departements:
            return True
        return any(
            organisation in territory.organisations and part in territory.parts
            for organisation, part in self.parts
        )
