"""What is observed on a site: a count, the living conditions, a diagnosis, an event, the owner."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from jalons.core.forms import CodesField, FrenchDateField, TriStateField
from jalons.core.values import Value, format_date, format_number, french_spaces
from jalons.editing.fact_forms import FactForm, long_text, one_of, short_text
from jalons.editing.forms import Group, in_words
from jalons.sites.enums import DiagnosisStatus, EventKind, OwnerKind, Theme
from jalons.sites.forms.common import today, today_at_most
from jalons.sites.forms.counting import (
    AGE_GROUP,
    DWELLING_GROUP,
    PEOPLE_GROUP,
    SOURCE_GROUP,
    CountingFields,
)
from jalons.sites.models import LivingConditions, Survey
from jalons.sites.questions import QUESTIONS, Question

# What a declaration asks in the same words, and brings along when the site turns out to be known.
ALONG = ("observed_on", "source_kind", "source", "reliability", *Survey.COUNTS)


def brought_along(query: Mapping[str, str]) -> dict[str, str]:
    """What the address of a new survey already says, as it was typed."""
    return {name: query[name][:60] for name in ALONG if query.get(name)}


class SurveyForm(CountingFields, FactForm):
    """One count. `organisations`: those that may be its source."""

    groups = (SOURCE_GROUP, PEOPLE_GROUP, AGE_GROUP, DWELLING_GROUP, Group("", ("note",)))

    note = long_text("Commentaire", 1000, "Jamais de nom de personne.")

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = organisations  # type: ignore[attr-defined]
        self.add_counts()

    def initial_of(self, fact: Survey) -> dict[str, Any]:
        return survey_initial(fact)


def survey_initial(survey: Survey) -> dict[str, Any]:
    return {
        "observed_on": survey.valid_on,
        "source_kind": survey.source_kind,
        "source": survey.source,
        "reliability": survey.reliability,
        "note": survey.note,
        "seen": survey.pk,
        **counts_of(survey),
    }


def counts_of(survey: Survey) -> dict[str, Value]:
    return {name: survey.value(name) for name in Survey.COUNTS}


def last_counts(survey: Survey | None) -> dict[str, str]:
    """« La dernière fois : 36 » for each count that was given, ND included."""
    if survey is None:
        return {}
    values = {name: value for name, value in counts_of(survey).items() if value.to_text()}
    return {name: french_spaces(f"La dernière fois : {spoken(value)}") for name, value in values.items()}


def spoken(value: Value) -> str:
    return format_number(value.number) if value.number is not None else str(value)


# --- living conditions -----------------------------------------------------------------------------------------


def answer_name(theme: Theme, question: Question) -> str:
    return f"{theme.value}_{question.code}"


def answer_field(question: Question) -> forms.Field:
    if question.several:
        return CodesField(
            label=question.label, choices=[(code, label.capitalize()) for code, label in question.options]
        )
    return TriStateField(label=question.label)


class ConditionsForm(FactForm):
    """An assessment: one group a theme, written from `checks.QUESTIONS`."""

    groups: ClassVar[tuple[Group, ...]] = (
        Group("", ("observed_on",)),
        *(
            Group(theme.label, tuple(answer_name(theme, question) for question in questions))
            for theme, questions in QUESTIONS.items()
        ),
        Group("", ("note",)),
    )

    observed_on = FrenchDateField(label="Date de la visite", not_after=today_at_most, initial=today)
    note = long_text("Commentaire", 1000, "Jamais de nom de personne.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for theme, questions in QUESTIONS.items():
            for question in questions:
                self.add_field(answer_name(theme, question), answer_field(question))

    def answers(self) -> dict[str, dict[str, Any]]:
        """`{theme: {question: answer}}` as `checks.assess` reads it. Needs `is_valid`."""
        return {
            theme.value: {
                question.code: self.cleaned_data.get(answer_name(theme, question)) for question in questions
            }
            for theme, questions in QUESTIONS.items()
        }

    def initial_of(self, fact: LivingConditions) -> dict[str, Any]:
        return conditions_initial(fact)

    def recall(self, conditions: LivingConditions) -> None:
        """Writes under each field what was answered the last time."""
        when = format_date(conditions.valid_on)
        self.before = {
            name: french_spaces(f"Le {when} : {in_words(self.fields[name], answer).lower()}")
            for name, answer in initial_answers(conditions).items()
        }


def initial_answers(conditions: LivingConditions) -> dict[str, Any]:
    """The answers that were given, by name of field."""
    return {
        answer_name(theme, question): conditions.answers[theme.value][question.code]
        for theme, questions in QUESTIONS.items()
        for question in questions
        if question.code in (conditions.answers.get(theme.value) or {})
    }


def conditions_initial(conditions: LivingConditions) -> dict[str, Any]:
    """Every field of the form, so that an answer left unknown can be told from another."""
    empty: dict[str, Any] = {
        answer_name(theme, question): [] if question.several else "unknown"
        for theme, questions in QUESTIONS.items()
        for question in questions
    }
    values = {"observed_on": conditions.valid_on, "note": conditions.note, "seen": conditions.pk}
    return {**empty, **initial_answers(conditions), **values}


def answers_in_words(conditions: LivingConditions) -> dict[str, str]:
    """Question → answer, for the history of an assessment."""
    given = initial_answers(conditions)
    return {
        f"{theme.label}, {question.label}": in_words(answer_field(question), given[name])
        for theme, questions in QUESTIONS.items()
        for question in questions
        if (name := answer_name(theme, question)) in given
    }


# --- small facts -----------------------------------------------------------------------------------------------


class DiagnosisForm(FactForm):
    groups = (Group("", ("status", "on", "led_by", "note")),)

    status = one_of(DiagnosisStatus, "Où en est le diagnostic social des habitants ?")
    on = FrenchDateField(
        label="Date",
        not_after=today_at_most,
        initial=today,
        help_text="Réalisé : le jour du diagnostic. Sinon : le jour où vous l’avez su.",
    )
    led_by = short_text("Par qui ?", 160, "La structure qui le réalise ou l’a réalisé.")
    note = long_text("Précision", 500, "Par exemple : prévu au printemps. Jamais de nom d’habitant.")

    @staticmethod
    def shown_of(diagnosis: Any) -> dict[str, Any]:
        """What the form shows of the diagnosis in force. Its date is that of another observation."""
        return {"status": diagnosis.status, "led_by": diagnosis.led_by, "note": diagnosis.note}

    def initial_of(self, fact: Any) -> dict[str, Any]:
        return self.shown_of(fact)


class EventForm(FactForm):
    groups = (Group("", ("kind", "on", "description")),)

    kind = one_of(EventKind, "Que s’est-il passé ?")
    on = FrenchDateField(label="Date", not_after=today_at_most, initial=today)
    description = long_text("Description", 1000, "Les faits, sans nom de personne.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == EventKind.OTHER and "description" in cleaned and not cleaned["description"]:
            self.add_error("description", "Dites en quelques mots ce qui s’est passé.")
        return cleaned


class OwnerForm(FactForm):
    groups = (Group("", ("kind", "name", "on", "note")),)

    kind = one_of(OwnerKind, "Type de propriétaire")
    name = short_text("Propriétaire", 200, "La collectivité, la société ou la personne propriétaire.")
    on = FrenchDateField(
        label="Date",
        not_after=today_at_most,
        initial=today,
        help_text="Depuis quand il est propriétaire, ou le jour où vous l’avez su.",
    )
    note = long_text("Précision", 500)

    @staticmethod
    def shown_of(owner: Any) -> dict[str, Any]:
        """What the form shows of the owner in force. Its date is that of another observation."""
        return {"kind": owner.kind, "name": owner.name, "note": owner.note}

    def initial_of(self, fact: Any) -> dict[str, Any]:
        return self.shown_of(fact)
