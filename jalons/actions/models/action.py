"""A dispositif, and what lasts in it: dates, who takes part, sites, contacts."""

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from jalons.accounts.models import Organisation
from jalons.actions.enums import (
    THEME_BLOCKS,
    ActionPlace,
    ActionTheme,
    Block,
    ParticipationRole,
    Rhythm,
    block_choices,
)
from jalons.actions.querysets import ActionQuerySet, ActionSiteQuerySet, RunningQuerySet
from jalons.core.fields import CodesField, PublicIdField
from jalons.history.models import Fact, Record
from jalons.sites.models import Site
from jalons.territories.models import Commune, Departement

if TYPE_CHECKING:
    from jalons.accounts.permissions import Territory


class Action(Record):
    """A dispositif: what it is called, what it aims at and how it is followed. What happens is in facts."""

    public_id = PublicIdField()
    name = models.CharField("nom du dispositif", max_length=160)
    search_text = models.CharField(max_length=400, editable=False)  # folded: name and département
    departement = models.ForeignKey(
        Departement, on_delete=models.PROTECT, related_name="actions", verbose_name="département"
    )
    themes = CodesField("champs d’intervention", choices=ActionTheme)
    objectives = models.TextField("objectifs", max_length=4000, blank=True)
    place_kinds = CodesField("autres lieux d’intervention", choices=ActionPlace, blank=True)
    place_note = models.CharField("précision sur le lieu", max_length=300, blank=True)
    rhythm = models.CharField("rythme du suivi", max_length=12, choices=Rhythm, default=Rhythm.HALF_YEARLY)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "dispositif"

    def __str__(self) -> str:
        return self.name

    @cached_property
    def parts(self) -> frozenset[tuple[int, str]]:
        """Who takes part today: (organisation, role)."""
        rows = self.participations.known().filter(Participation.going_on())
        return frozenset(rows.values_list("participant_id", "role"))

    @cached_property
    def communes(self) -> tuple[Commune, ...]:
        """Where its sites and insertion sites stand today."""
        links = ActionSite.objects.known().filter(ActionSite.going_on(), action=self)
        # Two sets put together: an « or » of the two would have a database go through every commune of France.
        communes, grounds = Commune.objects.order_by(), self.insertion_sites.order_by()
        of_sites = communes.filter(pk__in=links.values("site__commune"))
        return tuple(of_sites.union(communes.filter(pk__in=grounds.values("commune"))))

    def within(self, territory: "Territory") -> bool:
        """Does a right that holds on `territory` hold on this dispositif? See `ActionQuerySet.in_territory`."""
        if territory.everywhere or self.departement_id in territory.departements:
            return True
        if territory.organisations and any(
            organisation in territory.organisations and role in territory.parts
            for organisation, role in self.parts
        ):
            return True
        # Of places, only those below the département: a whole département has the dispositifs declared in it.
        return any(
            commune.epci_id in territory.epcis or commune.insee_code in territory.communes
            for commune in (self.communes if territory.epcis or territory.communes else ())
        )

    @property
    def theme_blocks(self) -> tuple[Block, ...]:
        """The blocks of its themes, in the order in which they are filled in; the public is always there."""
        own_blocks = {THEME_BLOCKS[ActionTheme(theme)] for theme in self.themes if theme in THEME_BLOCKS}
        return tuple(block for block in Block if block == Block.PUBLIC or block in own_blocks)


class Lasting(Fact):
    """A fact true from `valid_on` to `ended_on` (excluded), or still going on without it."""

    ended_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = RunningQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Fact.Meta):
        abstract = True
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("valid_on")),
                name="%(app_label)s_%(class)s_forwards",
                violation_error_message="La fin précède le début.",
            ),
        ]

    @staticmethod
    def going_on() -> Q:
        return Q(ended_on__isnull=True)


class Intervention(Lasting):
    """The time a dispositif runs: from `valid_on` to `ended_on`. One current version a dispositif.

    A closing is a correction that sets `ended_on`, with the final account; reopening clears both.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="interventions", db_index=False)
    planned_end = models.DateField("fin prévue", null=True, blank=True)
    final_account = models.TextField("bilan final", max_length=8000, blank=True)

    ACTS = {"ended_on": ("a fermé", "a rouvert")}

    class Meta(Lasting.Meta):
        verbose_name = "intervention"
        indexes = [
            models.Index(
                fields=["action", "valid_on", "ended_on"],
                condition=Q(superseded_at__isnull=True, withdrawn=False),
                name="actions_intervention_current",
            ),
            models.Index(fields=["action", "recorded_at"], name="actions_intervention_known"),
        ]


class Participation(Lasting):
    """What an organisation does in a dispositif, from when to when. Rights on the dispositif depend on it.

    `blocks`: the part of the follow-up that an operator fills in; none means all of it.
    """

    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, related_name="participations", db_index=False
    )
    participant = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="participations", verbose_name="structure"
    )
    role = models.CharField("rôle", max_length=10, choices=ParticipationRole)
    is_main = models.BooleanField("opérateur principal", default=False)
    blocks = CodesField("ce qu’il renseigne", choices=block_choices, blank=True)

    ACTS = {"ended_on": ("a mis fin à", "a repris")}

    class Meta(Lasting.Meta):
        verbose_name = "participation"
        constraints = [
            *Lasting.Meta.constraints,
            models.UniqueConstraint(
                fields=["action", "participant", "role"],
                condition=Q(superseded_at__isnull=True, withdrawn=False, ended_on__isnull=True),
                name="actions_participation_once",
                violation_error_message="Cette structure a déjà ce rôle dans le dispositif.",
            ),
        ]
        indexes = [
            models.Index(fields=["action", "role", "participant"], name="actions_participation_by"),
        ]


class ActionContact(Record):
    """A person to call about a dispositif, in one of its organisations."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="contacts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    name = models.CharField("nom", max_length=120)
    duty = models.CharField("fonction", max_length=120, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)

    class Meta:
        verbose_name = "contact"

    def __str__(self) -> str:
        return self.name


class ActionSite(Lasting):
    """A site that a dispositif covers, from when to when."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="site_links", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="action_links", db_index=False)

    ACTS = {"ended_on": ("a sorti du dispositif", "a remis dans le dispositif")}

    objects = ActionSiteQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Lasting.Meta):
        verbose_name = "site d’un dispositif"
        constraints = [
            *Lasting.Meta.constraints,
            models.UniqueConstraint(
                fields=["action", "site"],
                condition=Q(superseded_at__isnull=True, withdrawn=False, ended_on__isnull=True),
                name="actions_site_once",
                violation_error_message="Ce site est déjà dans le dispositif.",
            ),
        ]
        indexes = [
            models.Index(fields=["action", "site"], name="actions_site_by_action"),
            models.Index(fields=["site", "valid_on", "ended_on", "action"], name="actions_site_by_site"),
        ]


class InsertionSite(Record):
    """A « terrain d’insertion »: ground set up by a dispositif, drawn differently from sites."""

    public_id = PublicIdField()
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="insertion_sites")
    name = models.CharField("nom du terrain", max_length=120, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    address_detail = models.CharField("précision sur le lieu", max_length=300, blank=True)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="insertion_sites", verbose_name="commune"
    )
    latitude = models.FloatField(
        "latitude", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        "longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    opened_on = models.DateField("ouvert le", null=True, blank=True)
    closed_on = models.DateField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "terrain d’insertion"
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="actions_insertion_point_is_whole",
                violation_error_message="Il manque la latitude ou la longitude.",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.address or str(self.commune)
