"""What deserves a look on a site: states of the living conditions, warnings on a count, alerts. Nothing blocks."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jalons.core.values import Sum, format_date, format_number, plural
from jalons.sites.enums import Condition, DiagnosisStatus, Theme, TriState
from jalons.thresholds.enums import Limits

# A count that moves by this share and this many people since the one before is put in evidence.
JUMP_SHARE, JUMP_PEOPLE = 0.25, 10
# Two sources within this time that differ by more than this share are shown side by side.
DISAGREEMENT_DAYS, DISAGREEMENT_SHARE = 30, 0.10


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question of the assessment. `options` empty: oui, non, inconnu; else several may be chosen.

    `bad` and `improve` say which answers lower the state, with the words of the reason; for a question with
    options they hold when *all* that is chosen is in them. `key`: without an answer the state stays unknown.
    """

    code: str
    label: str
    bad: Mapping[str, str]
    improve: Mapping[str, str]
    options: tuple[tuple[str, str], ...] = ()
    key: bool = False

    @property
    def several(self) -> bool:
        return bool(self.options)


def ask(
    code: str,
    label: str,
    *,
    bad: Mapping[str, str] | None = None,
    improve: Mapping[str, str] | None = None,
    options: tuple[tuple[str, str], ...] = (),
    key: bool = False,
) -> Question:
    return Question(code, label, bad or {}, improve or {}, options, key)


YES, NO = TriState.YES.value, TriState.NO.value
SOURCES_OF_WATER = (
    ("fountain", "fontaine publique"),
    ("hydrant", "borne incendie"),
    ("bottles", "achat de bouteilles"),
    ("tank", "réservoir"),
    ("tap", "robinet connecté au réseau"),
    ("other", "autre"),
)
TOILETS = (("pit", "latrines"), ("chemical", "chimiques"), ("dry", "sèches"), ("flush", "à chasse d’eau"))
POWER = (
    ("generator", "groupe électrogène"),
    ("network", "réseau urbain"),
    ("building", "installation du bâti"),
)

QUESTIONS: dict[Theme, tuple[Question, ...]] = {
    Theme.WATER: (
        ask("access", "Les habitants ont-ils accès à l’eau ?", bad={NO: "pas d’accès à l’eau"}, key=True),
        ask(
            "sources",
            "D’où vient l’eau ?",
            bad={"bottles": "seulement des bouteilles achetées", "hydrant": "seulement une borne incendie"},
            options=SOURCES_OF_WATER,
        ),
        ask("continuous", "L’eau coule-t-elle en continu ?", improve={NO: "eau intermittente"}),
        ask("on_site", "Le point d’eau est-il sur le site ?", improve={NO: "pas d’eau sur le site"}),
        ask("near", "Est-il à moins de 200 m ?", bad={NO: "point d’eau à plus de 200 m"}),
        ask("unequal", "L’accès est-il inégal entre habitants ?", improve={YES: "accès inégal à l’eau"}),
        ask("stagnant", "Y a-t-il des eaux stagnantes ?", improve={YES: "eaux stagnantes"}),
    ),
    Theme.SANITATION: (
        ask(
            "working",
            "Y a-t-il des toilettes qui fonctionnent ?",
            bad={NO: "pas de toilettes en état"},
            key=True,
        ),
        ask("open_air", "Y a-t-il défécation à l’air libre ?", bad={YES: "défécation à l’air libre"}),
        ask(
            "types", "Quels types de toilettes ?", improve={"pit": "seulement des latrines"}, options=TOILETS
        ),
        ask("inside", "Sont-elles sur le site ?", improve={NO: "toilettes hors du site"}),
        ask("lit", "Sont-elles éclairées ?", improve={NO: "toilettes sans éclairage"}),
        ask("washing", "Peut-on se laver les mains ?", improve={NO: "pas de lavage des mains"}),
    ),
    Theme.ELECTRICITY: (
        ask("access", "Y a-t-il de l’électricité ?", bad={NO: "pas d’électricité"}, key=True),
        ask(
            "types",
            "D’où vient-elle ?",
            improve={"generator": "seulement un groupe électrogène"},
            options=POWER,
        ),
        ask(
            "unequal",
            "L’accès est-il inégal entre habitants ?",
            improve={YES: "accès inégal à l’électricité"},
        ),
    ),
    Theme.WASTE: (
        ask(
            "regular",
            "Les déchets sont-ils ramassés régulièrement ?",
            bad={NO: "pas de ramassage régulier"},
            key=True,
        ),
        ask("close", "Le point de collecte est-il proche ?", improve={NO: "collecte éloignée"}),
        ask("safe", "Y accède-t-on sans danger ?", improve={NO: "accès dangereux à la collecte"}),
        ask("piling", "Des déchets s’accumulent-ils ?", bad={YES: "accumulation de déchets"}),
        ask("bulky", "Y a-t-il des encombrants ?", improve={YES: "encombrants"}),
    ),
    Theme.PESTS: (
        ask(
            "presence",
            "Y a-t-il des nuisibles (rats, insectes) ?",
            bad={YES: "présence de nuisibles"},
            key=True,
        ),
    ),
    Theme.FIRE: (
        ask(
            "diagnostic",
            "Le SDIS a-t-il fait un diagnostic ?",
            improve={NO: "pas de diagnostic du SDIS"},
            key=True,
        ),
        ask(
            "measures",
            "Des mesures de prévention sont-elles en place ?",
            bad={NO: "aucune mesure contre l’incendie"},
        ),
    ),
}

Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The state of one theme and the reasons, worst first."""

    theme: Theme
    condition: Condition
    reasons: tuple[str, ...] = ()


def answer_to(question: Question, answers: Answers, theme: Theme) -> Any:
    """What was answered among what the question knows: codes in its order, « yes », « no », or nothing."""
    given = answers.get(theme.value)
    said = given.get(question.code) if isinstance(given, Mapping) else None
    if question.several:
        chosen = said if isinstance(said, list | tuple) else ()
        return [code for code, _ in question.options if code in chosen]
    return said if said in (YES, NO) else ""


def reasons_in(question: Question, answer: Any, worth: Mapping[str, str]) -> list[str]:
    """The reasons of one kind that an answer gives."""
    if question.several:
        return [worth[code] for code in answer] if all(code in worth for code in answer) else []
    return [worth[answer]] if answer in worth else []


def assess(theme: Theme, answers: Answers) -> Assessment:
    """The state of a theme from the answers `{theme: {question: answer}}`; deterministic, total."""
    given = {question: answer_to(question, answers, theme) for question in QUESTIONS[theme]}
    bad = [reason for question in given for reason in reasons_in(question, given[question], question.bad)]
    improve = [
        reason for question in given for reason in reasons_in(question, given[question], question.improve)
    ]
    if bad:
        return Assessment(theme, Condition.BAD, tuple(bad + improve))
    if improve:
        return Assessment(theme, Condition.TO_IMPROVE, tuple(improve))
    known = any(answer for question, answer in given.items() if question.key)
    return Assessment(theme, Condition.GOOD if known else Condition.UNKNOWN)


def assess_all(answers: Answers) -> list[Assessment]:
    return [assess(theme, answers) for theme in Theme]


def clean_answers(answers: Answers) -> dict[str, dict[str, Any]]:
    """Only what the questions know, unknown and empty answers left out: what is stored."""
    kept: dict[str, dict[str, Any]] = {}
    for theme, questions in QUESTIONS.items():
        of_theme = {question.code: answer_to(question, answers, theme) for question in questions}
        if any(of_theme.values()):
            kept[theme.value] = {code: answer for code, answer in of_theme.items() if answer}
    return kept


# --- warnings on a count ---------------------------------------------------------------------------------------

WHOLES = (
    ("people", ("households",), "Il y a plus de ménages que de personnes."),
    ("people", ("women",), "Il y a plus de femmes que de personnes."),
    ("people", ("minors",), "Il y a plus de mineurs que de personnes."),
    ("minors", ("girls",), "Il y a plus de filles mineures que de mineurs."),
    ("minors", ("minors_at_school",), "Il y a plus de mineurs scolarisés que de mineurs."),
    (
        "minors",
        ("minors_0_3", "minors_3_6", "minors_6_12", "minors_12_16", "minors_16_18"),
        "Les tranches d’âge font plus que le nombre de mineurs.",
    ),
)


def count_warnings(counts: Mapping[str, int | None]) -> list[tuple[str, str]]:
    """(field, French sentence) for each part greater than its whole. Unknown counts are never compared."""
    found = []
    for whole, parts, sentence in WHOLES:
        limit = counts.get(whole)
        total = sum(counts.get(part) or 0 for part in parts)
        if limit is not None and total > limit:
            found.append((parts[0], f"{sentence} ({format_number(total)} pour {format_number(limit)})"))
    return found


# --- which figure, and who disagrees ---------------------------------------------------------------------------


def disagreeing(figure: Any, surveys: Iterable[Any]) -> list[Any]:
    """The surveys of another source, close in time to the one in use, that differ by more than 10 %. Newest first."""
    if figure is None:
        return []
    close = [
        other
        for other in surveys
        if other.pk != figure.pk
        and not other.set_aside
        and other.people is not None
        and (other.source_kind, other.source_id) != (figure.source_kind, figure.source_id)
        and abs((other.valid_on - figure.valid_on).days) <= DISAGREEMENT_DAYS
        and abs(other.people - figure.people) > DISAGREEMENT_SHARE * figure.people
    ]
    return sorted(close, key=lambda other: (other.valid_on, other.reliability), reverse=True)


def why_used(figure: Any, surveys: Iterable[Any]) -> str:
    """Why this survey gives the figure, in one sentence."""
    same_day = [
        s for s in surveys if s.valid_on == figure.valid_on and s.people is not None and not s.set_aside
    ]
    if len(same_day) <= 1:
        return "C’est le recensement le plus récent."
    if len({s.reliability for s in same_day}) > 1:
        how = figure.get_reliability_display().lower()
        return f"Plusieurs recensements ce jour-là : celui-ci est le plus fiable ({how})."
    return "Plusieurs recensements de même fiabilité ce jour-là : celui-ci a été enregistré en dernier."


# --- alerts ----------------------------------------------------------------------------------------------------


class Level(StrEnum):
    LATE = "late"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Alert:
    """What to look at on a site: `text` says what, `why` adds the figures behind it."""

    level: Level
    text: str
    why: str = ""


def freshness(valid_on: dt.date | None, today: dt.date, limits: Limits) -> str:
    """« good » up to `survey_due`, « due » up to `survey_stale`, « late » beyond or when never counted."""
    if valid_on is None or today - valid_on > limits.survey_stale:
        return "late"
    return "due" if today - valid_on > limits.survey_due else "good"


def evacuation_alert(
    evacuation_on: dt.date | None, diagnosis: str | None, today: dt.date, limits: Limits
) -> list[Alert]:
    """An evacuation planned within `evacuation_soon` calls for a decision now."""
    if evacuation_on is None or evacuation_on > today + limits.evacuation_soon:
        return []
    when = "dépassée depuis le" if evacuation_on < today else "le"
    lacking = "" if diagnosis == DiagnosisStatus.DONE else ", sans diagnostic social"
    return [Alert(Level.LATE, f"Évacuation {when} {format_date(evacuation_on)}{lacking}")]


def conditions_alert(states: Mapping[Theme, Condition], minors: int | None) -> list[Alert]:
    bad = [Theme(theme).label.lower() for theme, state in states.items() if state == Condition.BAD]
    if not bad:
        return []
    why = f"{format_number(minors)} {plural(minors, 'mineur', 'mineurs')} sur le site" if minors else ""
    level = Level.LATE if Theme.WATER in [t for t, s in states.items() if s == Condition.BAD] else Level.DUE
    return [Alert(level, f"Conditions mauvaises\u00a0: {', '.join(bad)}", why)]


def jump_alert(figure: Any, surveys: Sequence[Any]) -> list[Alert]:
    """A count that moved a lot since the previous one that was in use."""
    before = [s for s in surveys if s.valid_on < figure.valid_on and s.people and not s.set_aside]
    if not before or figure.people is None:
        return []
    last = max(before, key=lambda s: (s.valid_on, s.reliability))
    moved = figure.people - last.people
    if abs(moved) < JUMP_PEOPLE or abs(moved) < JUMP_SHARE * last.people:
        return []
    share = round(100 * moved / last.people)
    sign = "+" if share > 0 else "−"
    why = f"de {format_number(last.people)} à {format_number(figure.people)} personnes"
    return [Alert(Level.DUE, f"{sign}{abs(share)} % depuis le {format_date(last.valid_on)}", why)]


def freshness_alert(figure: Any, today: dt.date, limits: Limits) -> list[Alert]:
    if figure is None:
        return [Alert(Level.DUE, "Jamais recensé")]
    if freshness(figure.valid_on, today, limits) != "late":
        return []
    days = (today - figure.valid_on).days
    since = f"{days // 30} mois" if days >= 60 else f"{days} jours"
    return [Alert(Level.DUE, f"Pas de recensement depuis {since}")]


def site_alerts(
    *,
    figure: Any,
    surveys: Sequence[Any],
    states: Mapping[Theme, Condition],
    evacuation_on: dt.date | None,
    diagnosis: str | None,
    today: dt.date,
    limits: Limits,
) -> list[Alert]:
    """Everything to look at on an open site, worst first. `evacuation_on` None when the reader may not know."""
    alerts = evacuation_alert(evacuation_on, diagnosis, today, limits)
    alerts += conditions_alert(states, figure.minors if figure else None)
    alerts += jump_alert(figure, surveys) if figure else []
    alerts += freshness_alert(figure, today, limits)
    return sorted(alerts, key=lambda alert: alert.level != Level.LATE)


def date_alerts(discords: Sequence[str]) -> list[Alert]:
    """Dates that do not agree, until one of the two is corrected."""
    return [Alert(Level.DUE, discord) for discord in discords]


# --- what to say once a count is recorded ----------------------------------------------------------------------


def survey_warnings(survey: Any, figure: Any, surveys: Sequence[Any]) -> list[str]:
    """What deserves a second look in a count that was just recorded, in French sentences.

    `figure`: the survey in use now; `surveys`: every known one of the site. Dates are in `chronology`.
    """
    told = [
        sentence for _, sentence in count_warnings({name: getattr(survey, name) for name in survey.COUNTS})
    ]
    if survey.people is None:
        told.append("Sans nombre de personnes, ce recensement ne donne pas le chiffre du site.")
    elif figure is not None and figure.pk != survey.pk:
        told.append(
            f"Le chiffre du site reste celui du {format_date(figure.valid_on)}. {why_used(figure, surveys)}"
        )
    moved = jump_alert(survey, surveys)
    told += [f"{alert.text} : {alert.why}. Vérifiez ce nombre." for alert in moved]
    others = disagreeing(survey, surveys) if survey.people is not None else []
    told += [
        f"Une autre source donne {format_number(other.people)} personnes au {format_date(other.valid_on)}."
        for other in others[:1]
    ]
    return told


def departure_warnings(people: Sum, households: Sum, figure: Any) -> list[str]:
    """What deserves a second look in where the people of a closing site went. `figure`: its last count."""
    if figure is None or not figure.people:
        return []
    everybody = f"{format_number(figure.people)} {plural(figure.people, 'personne', 'personnes')}"
    counted = f"du recensement du {format_date(figure.valid_on)}"
    if not people.known:
        return [f"On ne sait pas où sont allées les {everybody} {counted}."]
    told = []
    if people.total > figure.people:
        told.append(f"Les orientations font {people} personnes, plus que les {everybody} {counted}.")
    elif people.total < figure.people:
        told.append(f"Les orientations disent {people} sur {everybody} {counted}.")
    if households.known and figure.households and households.total > figure.households:
        told.append(
            f"Les orientations font {households} ménages, plus que les {format_number(figure.households)} {counted}."
        )
    return told
