"""What to do next on a convention, for one person: one action, with why and by when."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can, territory_of
from jalons.conventions.dossier.clause_days import report_day
from jalons.conventions.dossier.signatures import PROPOSED_STATE, signature_to_confirm
from jalons.conventions.enums import ConventionState, ReportState
from jalons.conventions.models import Commitment, Convention
from jalons.conventions.overview.calendar import LATE
from jalons.conventions.overview.selectors import Overview
from jalons.core.values import format_long_date, format_number, french_spaces, plural


@dataclass(frozen=True, slots=True)
class NextStep:
    """`url` empty: nothing to press, the sentence says what is awaited."""

    title: str
    why: str
    action: str = ""
    url: str = ""


def next_step(user: Any, convention: Convention, seen: Overview, today: dt.date) -> NextStep:
    """The next step of the year, for who leads, who fills, who reads for the State, then for anybody."""
    step: NextStep | None = None
    if can(user, Right.WRITE_CONVENTION, convention):
        step = for_the_pilot(convention, seen, today)
    elif fills(user, convention):
        step = for_who_fills(user, convention, seen)
    elif can(user, Right.VALIDATE_CONVENTION, convention):
        step = for_the_state(convention, seen)
    if step is None:
        step = for_anybody(seen)
    return NextStep(french_spaces(step.title), french_spaces(step.why), step.action, step.url)


def page(name: str, convention: Convention) -> str:
    return reverse(f"conventions:{name}", args=[convention.slug])


def fills(user: Any, convention: Convention) -> bool:
    territory = territory_of(user, Right.FILL_FIGURES)
    return any(
        seat.organisation_id in territory.organisations and seat.role in territory.parts
        for seat in convention.seats.all()
    )


def for_the_pilot(convention: Convention, seen: Overview, today: dt.date) -> NextStep | None:
    if (on := signature_to_confirm(convention, seen.dossier.parties)) is not None:
        return NextStep(
            "Dire la convention « Signée »",
            f"Elle porte une signature du {format_long_date(on)} : vérifiez, puis enregistrez l’état proposé.",
            "Vérifier l’état",
            f"{page('edit_identity', convention)}?{PROPOSED_STATE}={ConventionState.SIGNED}",
        )
    if convention.state == ConventionState.DRAFT:
        return while_written(convention, seen, today)
    if report_is_due(seen, convention, today):
        on = report_due(seen, convention)
        when = f" avant le {format_long_date(on)}" if on else ""
        return NextStep(
            "Préparer le rapport d’exécution",
            f"Le rapport d’exécution se transmet aux préfets{when}. {cells_words(seen)}",
            "Ouvrir le rapport",
            page("report", convention),
        )
    if convention.state == ConventionState.VOTED:
        return NextStep(
            "Noter les signatures",
            "La convention est votée : dites quand et où chaque partie l’a signée.",
            "Noter les signatures",
            page("edit_parties", convention),
        )
    if convention.state == ConventionState.SIGNED and not any(
        payment.paid_on for payment in seen.dated.payments
    ):
        return NextStep(
            "Noter le versement de l’État",
            "La convention est signée : notez le versement attendu, puis sa date quand il est fait.",
            "Ouvrir les versements",
            page("payments", convention),
        )
    return None


def while_written(convention: Convention, seen: Overview, today: dt.date) -> NextStep:
    """The sheets, then what does not add up, then the figures, then the vote, and what it voted is frozen."""
    if not seen.dossier.sheets:
        return NextStep(
            "Ajouter la première fiche-action",
            "La convention n’a pas encore de fiche : chacune porte ses actions, son budget et ses objectifs.",
            "Ajouter une fiche",
            page("add_sheet", convention),
        )
    if any(
        deliberation.session_on and deliberation.session_on <= today
        for deliberation in seen.dated.deliberations
    ):
        return NextStep(
            "Figer la version votée",
            "L’assemblée s’est prononcée : figez ce qu’elle a voté, ses documents ne changeront plus.",
            "Ouvrir les versions",
            page("amendments", convention),
        )
    if seen.alerts.errors:
        count = seen.alerts.errors
        sentence = f"{format_number(count)} {plural(count, 'erreur', 'erreurs')}"
        return NextStep(
            f"Corriger ou expliquer {sentence}",
            "Rien n’est bloqué, mais une erreur doit être corrigée ou expliquée avant de transmettre la convention.",
            "Voir les alertes",
            page("alerts", convention),
        )
    if seen.filled.missing:
        line = next((sheet_line for sheet_line in every_line(seen) if sheet_line.filled.missing), None)
        url = sheet_page("grid", line.commitment) if line else page("overview", convention)
        return NextStep(
            "Compléter les chiffres de l’année",
            cells_words(seen),
            "Remplir les chiffres",
            url,
        )
    return NextStep(
        "Inscrire la délibération",
        "Les fiches sont complètes : il reste à faire voter la convention par l’assemblée.",
        "Ouvrir les délibérations",
        page("deliberations", convention),
    )


def for_who_fills(user: Any, convention: Convention, seen: Overview) -> NextStep | None:
    """Their first sheet with empty cells."""
    for line in every_line(seen):
        if line.filled.missing and may_fill(user, line.commitment):
            count = line.filled.missing
            words = plural(count, "case vide", "cases vides")
            return NextStep(
                "Remplir vos chiffres",
                f"{line.commitment.number_words} : {format_number(count)} {words} dans les colonnes de l’année. "
                "Si vous ne savez pas, écrivez « ND ».",
                "Remplir les chiffres",
                sheet_page("grid", line.commitment),
            )
    return None


def may_fill(user: Any, commitment: Commitment) -> bool:
    """A seat on this sheet, whatever rows it is limited to. Whether each row is theirs, the grid says."""
    territory = territory_of(user, Right.FILL_FIGURES)
    return any(
        seat.organisation_id in territory.organisations
        and seat.role in territory.parts
        and seat.covers(commitment)
        and not seat.breakdown
        for seat in commitment.convention.seats.all()
    )


def for_the_state(convention: Convention, seen: Overview) -> NextStep | None:
    if any(report.state == ReportState.FILLED for report in seen.dated.reports):
        return NextStep(
            "Relire le rapport d’exécution",
            "Le rapport est complété : il attend votre relecture avant le vote.",
            "Ouvrir le rapport",
            page("report", convention),
        )
    if convention.state == ConventionState.DRAFT and seen.alerts:
        return NextStep(
            "Relire la convention",
            "Les alertes disent ce qui ne concorde pas encore entre les fiches, l’annexe, le texte et le vote.",
            "Voir les alertes",
            page("alerts", convention),
        )
    return None


def for_anybody(seen: Overview) -> NextStep:
    coming = seen.next_deadline
    if coming is None:
        return NextStep("Rien n’est attendu", "Aucune échéance n’est à venir sur cette convention.")
    if seen.over:
        late = sum(deadline.state == LATE for deadline in seen.deadlines)
        noted = plural(
            late, "échéance n’est pas notée comme tenue", "échéances ne sont pas notées comme tenues"
        )
        why = f"{format_number(late)} {noted}." if late else "Toutes ses échéances sont notées comme tenues."
        return NextStep("L’année de cette convention est passée", why)
    return NextStep(f"Prochaine échéance : {format_long_date(coming.on)}", f"{coming.label}, {coming.away}.")


def every_line(seen: Overview) -> list[Any]:
    return [sheet_line for line in seen.lines for sheet_line in (line, *line.themes)]


def cells_words(seen: Overview) -> str:
    count = seen.filled.missing
    if not count:
        return "Toutes les cases de l’année sont remplies."
    words = plural(count, "case de l’année est encore vide", "cases de l’année sont encore vides")
    return f"{format_number(count)} {words}."


def report_due(seen: Overview, convention: Convention) -> dt.date | None:
    if seen.dated.reports:
        return min(report.due_on for report in seen.dated.reports)
    due = report_day(seen.dossier.clauses, convention.year)
    return due.on if due else None


def report_is_due(seen: Overview, convention: Convention, today: dt.date) -> bool:
    """From the end of the year until every report is sent."""
    if convention.end is None or today <= convention.end or report_due(seen, convention) is None:
        return False
    states = ReportState.values
    sent = states.index(ReportState.SENT)
    return not seen.dated.reports or any(states.index(report.state) < sent for report in seen.dated.reports)


def sheet_page(name: str, commitment: Commitment) -> str:
    return reverse(f"conventions:{name}", args=[commitment.convention.slug, commitment.public_id])
