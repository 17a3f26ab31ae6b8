"""A survey in words: its source, and one sentence for each thing that it says."""

from jalons.core.values import format_long_date, format_number, join_and, plural, ratio
from jalons.sites.models import Survey

AGES = (
    ("minors_0_3", "de moins de 3 ans"),
    ("minors_3_6", "de 3 à 6 ans"),
    ("minors_6_12", "de 6 à 12 ans"),
    ("minors_12_16", "de 12 à 16 ans"),
    ("minors_16_18", "de 16 à 18 ans"),
)
DWELLINGS = (
    ("caravans", "caravane", "caravanes"),
    ("huts", "habitat autoconstruit", "habitats autoconstruits"),
    ("tents", "tente", "tentes"),
    ("cars", "voiture", "voitures"),
    ("mattresses", "matelas", "matelas"),
)


def source_words(survey: Survey) -> str:
    """« Diagnostic d’un opérateur, Les amis de Lille »."""
    kind = survey.get_source_kind_display()
    return f"{kind}, {survey.source}" if survey.source else kind


def how_words(survey: Survey) -> str:
    """« compté », or that nobody counted again."""
    how = survey.get_reliability_display().lower()
    return f"{how}, sans nouveau comptage" if survey.unchanged else how


def survey_sentences(survey: Survey) -> list[str]:
    """A survey in words, one sentence each; what was not said is left out, what is unknown is named."""
    said = (
        people_sentence(survey),
        ages_sentence(survey),
        school_sentence(survey),
        dwellings_sentence(survey),
        unknown_sentence(survey),
        survey.note and f"Commentaire\u00a0: {survey.note}",
    )
    return [sentence for sentence in said if sentence]


def counted(number: int, text: str, several: str) -> str:
    return f"{format_number(number)} {plural(number, text, several)}"


def people_sentence(survey: Survey) -> str:
    day = format_long_date(survey.valid_on)
    if survey.people is None:
        return f"Le {day}, le nombre de personnes n’est pas connu."
    if survey.people == 0:
        return f"Le {day}, il n’y avait personne sur le site."
    sentence = f"Le {day}, {counted(survey.people, 'personne', 'personnes')}"
    if survey.households is not None:
        sentence += f" en {counted(survey.households, 'ménage', 'ménages')}"
    parts = []
    if survey.women is not None:
        parts.append(counted(survey.women, "femme", "femmes"))
    if survey.minors is not None:
        girls = "" if survey.girls is None else f" (dont {counted(survey.girls, 'fille', 'filles')})"
        parts.append(counted(survey.minors, "mineur", "mineurs") + girls)
    return f"{sentence}, dont {join_and(parts)}." if parts else f"{sentence}."


def ages_sentence(survey: Survey) -> str:
    parts = [
        f"{format_number(getattr(survey, field))} {label}"
        for field, label in AGES
        if getattr(survey, field) is not None
    ]
    return f"Âge des mineurs\u00a0: {join_and(parts)}." if parts else ""


def school_sentence(survey: Survey) -> str:
    number = survey.minors_at_school
    if number is None:
        return ""
    if number == 0:
        return "Aucun mineur n’est scolarisé."
    share = ratio(survey.value("minors_at_school"), survey.value("minors"))
    part = f" ({share})" if share.number is not None else ""
    return f"{counted(number, 'mineur est scolarisé', 'mineurs sont scolarisés')}{part}."


def dwellings_sentence(survey: Survey) -> str:
    parts = [
        counted(getattr(survey, field), one, several)
        for field, one, several in DWELLINGS
        if getattr(survey, field)
    ]
    return f"On y voit {join_and(parts)}." if parts else ""


def unknown_sentence(survey: Survey) -> str:
    """The counts that were asked for and that nobody could give."""
    unknown = [
        str(Survey._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in Survey.COUNTS
        if survey.value(name).emptiness == "nd"
    ]
    return f"Non disponible (ND)\u00a0: {join_and(unknown)}." if unknown else ""
