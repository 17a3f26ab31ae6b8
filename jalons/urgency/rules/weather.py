"""While heat or cold lasts in a département, the sites that nothing protects from it."""

from collections.abc import Iterator, Mapping

from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.core.values import join_and
from jalons.sites.enums import Theme
from jalons.sites.models import LivingConditions
from jalons.sites.questions import NO
from jalons.urgency.enums import RuleWeight, WeatherKind
from jalons.urgency.ground import SitesInView
from jalons.urgency.models import WeatherAlert
from jalons.urgency.rule import AlertRule, Rise


def without_shade(ground: SitesInView) -> set[int]:
    """The last answer on shade is no. Only where it is hot: one query, none elsewhere."""
    hot = [code for code, alerts in ground.weather.items() if any(a.kind == WeatherKind.HEAT for a in alerts)]
    if not hot:
        return set()
    rows = ground.standing(LivingConditions, Right.READ_SITES).filter(
        site__commune__departement__in=hot, **{f"answers__{Theme.WATER.value}__shade": NO}
    )
    return set(rows.values_list("site_id", flat=True))


def sleeping_rough(ground: SitesInView) -> set[int]:
    """Where somebody sleeps in a tent, in a car or on a mattress. Only while it is cold somewhere."""
    if not any(alert.kind == WeatherKind.COLD for alerts in ground.weather.values() for alert in alerts):
        return set()
    rough = Q(figure__tents__gt=0) | Q(figure__cars__gt=0) | Q(figure__mattresses__gt=0)
    return set(ground.counted_sites().filter(rough).values_list("pk", flat=True))


def find(ground: SitesInView) -> Iterator[Rise]:
    """Heat: no water, or no shade. Cold: no electricity, or people who sleep in tents, cars or on mattresses."""
    if not ground.weather:
        return
    lacking: Mapping[WeatherKind, Mapping[str, set[int]]] = {
        WeatherKind.HEAT: {
            "eau": {site for site, _ in ground.where_bad(Theme.WATER)},
            "ombre": without_shade(ground),
        },
        WeatherKind.COLD: {
            "électricité": {site for site, _ in ground.where_bad(Theme.ELECTRICITY)},
            "abri en dur": sleeping_rough(ground),
        },
    }
    for site, row in ground.sites.items():
        for alert in ground.weather.get(row.departement, ()):
            words = [word for word, sites in lacking[WeatherKind(alert.kind)].items() if site in sites]
            if words:
                yield Rise(site, alert.valid_on, (alert, words))


def words(detail: tuple[WeatherAlert, list[str]]) -> str:
    alert, lacking = detail
    level = alert.get_level_display().lower()
    return f"{alert.get_kind_display().lower()} (vigilance {level}), sans {join_and(lacking)}"


RULE = AlertRule(
    code="weather",
    sentence="Canicule ou grand froid",
    meaning="Un épisode est en cours dans le département, et rien ne protège du chaud (eau, ombre) ou du froid.",
    right=Right.READ_SITES,
    weight=RuleWeight.FIRST,
    find=find,
    words=words,
    anchor="conditions",
)
