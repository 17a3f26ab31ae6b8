"""Indicators, the series that follow them on a dispositif, and what was measured."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from jalons.accounts.models import Organisation
from jalons.actions.enums import Block, block_choices
from jalons.actions.models import Action
from jalons.core.fields import PublicIdField
from jalons.core.values import Emptiness, Kind, Number, Value, fold
from jalons.core.values.numbers import exact
from jalons.history.models import Record, Standing
from jalons.indicators.aggregation import Period, without_overlap
from jalons.indicators.enums import (
    AcrossPlaces,
    AcrossTime,
    Direction,
    Measure,
    Nature,
    Provenance,
    Relation,
    ValueType,
)
from jalons.indicators.querysets import IndicatorQuerySet, MeasurementQuerySet, SeriesQuerySet
from jalons.territories.models import Departement

# Units, folded, of what is counted by heads or by households.
PEOPLE = frozenset(
    f"{word}{ending}"
    for word in (
        "personne",
        "menage",
        "famille",
        "enfant",
        "mineur",
        "jeune",
        "eleve",
        "femme",
        "homme",
        "adulte",
        "habitant",
    )
    for ending in ("", "s")
)


class Indicator(Record):
    """What is measured and how it adds up.

    The national ones (the « socle ») have a `code` and come from `data/socle.json`: another label or unit is
    another `revision`, and the figures told under the former one keep it. A local one was made for an `action`;
    `shared` proposes it to the other dispositifs of its département.
    """

    public_id = PublicIdField()
    code = models.SlugField("code", max_length=40, blank=True, db_index=False)
    revision = models.PositiveSmallIntegerField("version", default=1)
    label = models.CharField("intitulé", max_length=400)
    counted = models.CharField("ce qui est compté", max_length=160, blank=True)
    unit = models.CharField("unité", max_length=30, blank=True)
    help_text = models.CharField("aide", max_length=400, blank=True)
    block = models.CharField("partie du suivi", max_length=8, choices=block_choices, default=Block.LOCAL)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    value_type = models.CharField("type de valeur", max_length=8, choices=ValueType, default=ValueType.NUMBER)
    nature = models.CharField("stock ou flux", max_length=5, choices=Nature, default=Nature.STOCK)
    direction = models.CharField("sens", max_length=7, choices=Direction, default=Direction.NEUTRAL)
    choices = models.JSONField("réponses possibles", default=list, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="détail de",
    )
    relation = models.CharField("lien avec le total", max_length=5, choices=Relation, blank=True)
    limit = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="au plus"
    )
    numerator = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="numérateur"
    )
    denominator = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dénominateur"
    )
    across_time = models.CharField(
        "calcul dans le temps", max_length=4, choices=AcrossTime, default=AcrossTime.LAST
    )
    across_places = models.CharField(
        "calcul entre dispositifs", max_length=4, choices=AcrossPlaces, default=AcrossPlaces.SUM
    )
    action = models.ForeignKey(
        Action,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name="créé pour",
    )
    departement = models.ForeignKey(
        Departement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="département",
    )
    shared = models.BooleanField("proposé aux autres dispositifs du département", default=True)
    retired_on = models.DateField("abandonné le", null=True, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "indicateur"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "revision"], condition=~Q(code=""), name="indicators_indicator_code"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, relation="") | (Q(parent__isnull=False) & ~Q(relation="")),
                name="indicators_indicator_relation",
                violation_error_message="Un détail dit ce qu’il est pour le total.",
            ),
            models.CheckConstraint(
                condition=~Q(value_type=ValueType.RATE)
                | Q(numerator__isnull=False, denominator__isnull=False),
                name="indicators_indicator_rate",
                violation_error_message="Un taux a un numérateur et un dénominateur.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_national(self) -> bool:
        return bool(self.code)

    @property
    def heading(self) -> str:
        """In a table, under its parent: « dont femmes »."""
        if self.relation != Relation.AMONG:
            return self.label
        return f"dont {self.label[:1].lower()}{self.label[1:]}"

    @property
    def is_computed(self) -> bool:
        return ValueType(self.value_type).is_computed

    @property
    def is_flow(self) -> bool:
        return self.nature == Nature.FLOW

    @property
    def counts_people(self) -> bool:
        """A number of people or of families: from 1 to 4 it may name one of them."""
        return self.value_type == ValueType.NUMBER and fold(self.unit) in PEOPLE

    def value(
        self, number: Number | None, *, denominator: Number | None = None, words: str = "", state: str = ""
    ) -> Value:
        """The typed value of the columns of a measurement. Pure; whole decimals become integers."""
        if state:
            return Value(Emptiness(state))
        kind = ValueType(self.value_type)
        if kind == ValueType.CHOICE and words:
            return Value.choice(words, dict(self.choices).get(words, words))
        if words:
            return Value.text(words)
        if number is None:
            return Value.empty()
        figure = exact(number)
        if kind in (ValueType.SHARE, ValueType.RATE):
            if denominator is None:  # an objective says « 80 % » of nobody yet
                return Value.percent(figure)
            return Value.percent(numerator=figure, denominator=exact(denominator))
        if kind == ValueType.AMOUNT:
            return Value.amount(figure)
        if kind == ValueType.DURATION:
            return Value.duration(figure, self.unit)
        return plain(figure)


@lru_cache(4096)
def plain(number: Number) -> Value:
    """A count as a value. A page asks for a thousand of them, and most are the same."""
    return Value.of(number)


def was_counted(fact: Any) -> bool:
    """A figure was told, or « 1 à 4 » in its place. `fact`: a measurement, or a row of one."""
    return fact.number is not None or fact.state == Emptiness.FEW


def is_counted(value: Value) -> bool:
    return value.number is not None or value.emptiness is Emptiness.FEW


def columns_of(value: Value) -> dict[str, Any]:
    """What a measurement stores of a value. ValueError for one that it cannot hold (a composite)."""
    columns: dict[str, Any] = {"number": None, "denominator": None, "words": "", "state": ""}
    if value.emptiness:
        return {**columns, "state": value.emptiness.value}
    if value.kind is Kind.PERCENT and value.numerator is not None and value.denominator is not None:
        return {**columns, "number": Decimal(value.numerator), "denominator": Decimal(value.denominator)}
    if value.kind is Kind.CHOICE:
        return {**columns, "words": value.code}
    if value.kind is Kind.TEXT:
        return {**columns, "words": value.words}
    if value.number is None or value.kind is Kind.COMPOSITE:
        raise ValueError(f"a measurement cannot hold {value.kind}")
    return {**columns, "number": Decimal(value.number)}


class Series(models.Model):
    """An indicator followed on a dispositif, by one who fills it in.

    Without reporter: the indicator for the dispositif as a whole, which says that it is asked (`asked`) and
    bears its objectives.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="series", db_index=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="series", db_index=False)
    reporter = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="opérateur"
    )
    asked = models.BooleanField("demandé", default=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = "série"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "indicator", "reporter"],
                condition=Q(reporter__isnull=False),
                name="indicators_series_once",
            ),
            models.UniqueConstraint(
                fields=["action", "indicator"],
                condition=Q(reporter__isnull=True),
                name="indicators_series_whole_once",
            ),
        ]
        indexes = [models.Index(fields=["indicator", "action"], name="indicators_series_by_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.action}"


class Measurement(Standing):
    """One value of a series, at a date or for a period that ends on it.

    Known by `number` (a share also by `denominator`), by `words` (a text, the code of a choice), or by the
    `state` that says why there is none. `counts`: for a flow, whether it is one of the periods to add up (see
    `aggregation.without_overlap`); computed at every write. `unchanged`: said again without a new count.
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="measurements", db_index=False)
    since = models.DateField("période depuis le", null=True, blank=True)
    measure = models.SmallIntegerField("nature de la valeur", choices=Measure, default=Measure.ACTUAL)
    number = models.DecimalField("valeur", max_digits=14, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField("sur", max_digits=14, decimal_places=2, null=True, blank=True)
    words = models.CharField("réponse", max_length=500, blank=True)
    state = models.CharField("absence de valeur", max_length=5, blank=True)
    unchanged = models.BooleanField("inchangé", default=False)
    note = models.CharField("commentaire", max_length=500, blank=True)
    provenance = models.CharField(
        "provenance", max_length=8, choices=Provenance, blank=True, default=Provenance.TYPED
    )
    source = models.CharField("source", max_length=160, blank=True)
    counts = models.BooleanField("s’additionne", default=False, editable=False)

    SUBJECT = "series"
    RANK = ("measure",)
    CONTENDS = Q(measure__gt=Measure.OBJECTIVE)
    DERIVED = {"counts": False}
    DERIVED_FROM = ("since", "number", "state", "measure")

    objects = MeasurementQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Standing.Meta):
        verbose_name = "relevé"
        constraints = [
            *Standing.Meta.constraints,
            models.UniqueConstraint(
                fields=["series", "valid_on", "measure"],
                condition=Q(superseded_at__isnull=True, withdrawn=False),
                name="indicators_measurement_once",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(since__lte=models.F("valid_on")),
                name="indicators_measurement_period",
                violation_error_message="La période finit avant de commencer.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["series", "holds_until", "valid_on", "number"], name="indicators_measure_standing"
            ),
            models.Index(
                fields=["series", "valid_on", "number"],
                condition=Q(counts=True),
                name="indicators_measure_flow",
            ),
            models.Index(fields=["series", "recorded_at"], name="indicators_measure_known"),
        ]

    @property
    def value(self) -> Value:
        """Typed; read with its series and its indicator."""
        indicator = self.series.indicator
        return indicator.value(self.number, denominator=self.denominator, words=self.words, state=self.state)

    @classmethod
    def derive(cls, contenders: Sequence[Any]) -> dict[int, dict[str, Any]]:
        """Which flows to add up, series by series. A flow told without a period is that of its day."""
        flows = [fact for fact in contenders if fact.since is not None]
        derived: dict[int, dict[str, Any]] = {}
        for _, facts in groupby(
            sorted(flows, key=lambda fact: fact.series_id), key=lambda fact: fact.series_id
        ):
            # Of two told for the same days the last is kept: the one that stands, which is ranked first.
            of_series = list(facts)[::-1]
            periods = [Period(fact.since, fact.valid_on, was_counted(fact)) for fact in of_series]
            derived |= {of_series[index].pk: {"counts": True} for index in without_overlap(periods)}
        return derived


class FollowUpDraft(models.Model):
    """What a person typed in a follow-up and did not send yet. Theirs only; gone once it is sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    reporter = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    typed = models.JSONField(default=dict)  # name of a field: list of what was typed
    saved_at = models.DateTimeField("enregistré le", auto_now=True)

    class Meta:
        verbose_name = "brouillon de suivi"
        constraints = [
            models.UniqueConstraint(fields=["user", "action", "reporter"], name="indicators_draft_once")
        ]

    def __str__(self) -> str:
        return f"{self.action} · {self.saved_at:%d/%m/%Y}"
