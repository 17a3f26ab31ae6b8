"""The questions on living conditions, and what the answers say of each theme."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jalons.sites.enums import Condition, Theme, TriState


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
        # It says nothing of the water, and lowers no state: rules of heat read it.
        ask("shade", "Y a-t-il de l’ombre, ou un lieu frais tout près ?"),
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
    answer = given.get(question.code) if isinstance(given, Mapping) else None
    if question.several:
        chosen = answer if isinstance(answer, list | tuple) else ()
        return [code for code, _ in question.options if code in chosen]
    return answer if answer in (YES, NO) else ""


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
    answered: dict[str, dict[str, Any]] = {}
    for theme, questions in QUESTIONS.items():
        of_theme = {question.code: answer_to(question, answers, theme) for question in questions}
        if any(of_theme.values()):
            answered[theme.value] = {code: answer for code, answer in of_theme.items() if answer}
    return answered
