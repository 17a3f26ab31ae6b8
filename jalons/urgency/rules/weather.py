"""While heat or cold lasts in a département, the sites that nothing protects from it."""

from collections.abc import Iterator, Mapping

from jalons.accounts.enums import Right
from jalons.core.values import join_and
from jalons.sites.enums import Condition, Theme
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


def find(ground: SitesInView) -> Iterator[Rise]:
    """Heat: no water, or no shade. Cold: no electricity, or people who sleep in tents, cars or on mattresses."""
    if not ground.weather:
        return
    lacking: Mapping[WeatherKind, Mapping[str, set[int]]] = {
        WeatherKind.HEAT: {
            "eau": {row.site for row in ground.conditions if row.water == Condition.BAD},
            "ombre": without_shade(ground),
        },
        WeatherKind.COLD: {
            "électricité": {row.site for row in ground.conditions if row.electricity == Condition.BAD},
            "abri en dur": {site for site, figure in ground.figures.items() if figure.sleeps_rough},
        },
    }
    for site, departement in ground.sites.items():
        for alert in ground.weather.get(departement, ()):
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
