"""Fields of a template of convention (« {montant_etat} ») and what the data of this one say for each."""

import re
from collections.abc import Mapping

from jalons.conventions.dossier.clause_days import clause_day, period_days
from jalons.conventions.dossier.content import TOTAL, Dossier
from jalons.conventions.dossier.ledger import COUNCIL, STATE, announced, councils, heading
from jalons.core.values import format_euros, format_long_date, join_and

FIELD = re.compile(r"\{\s*([a-z0-9_]+)\s*\}", re.IGNORECASE)


def fields_of(dossier: Dossier) -> Mapping[str, str]:
    """Name of each field that this convention can fill, and its words. What it does not know is not there."""
    own, year = dossier.convention, dossier.year
    words_by_field = {"titre": own.title, "titre_court": own.short_title, "lieu": own.place}
    if year is not None:
        words_by_field |= {
            "annee": str(year),
            "annee_precedente": str(year - 1),
            "annee_suivante": str(year + 1),
        }
    for name, day in zip(("date_debut", "date_fin"), period_days(dossier.clauses, year), strict=True):
        if day is not None:
            words_by_field[name] = format_long_date(day.on)
    if own.signed_on is not None:
        words_by_field["date_signature"] = format_long_date(own.signed_on)
    words_by_field |= amounts(dossier)
    words_by_field |= {
        f"echeance_{clause.name}": format_long_date(day.on)
        for clause in dossier.clauses
        if (day := clause_day(clause, year))
    }
    departements = [
        party.departement.name if party.departement else party.name for party in councils(dossier)
    ]
    words_by_field["departement"] = departements[0] if len(departements) == 1 else ""
    words_by_field["departements"] = join_and(departements)
    words_by_field["nombre_fiches"] = str(
        len({str(n) for sheet in dossier.mothers for n in sheet.commitment.numbers}) or ""
    )
    return {name: words for name, words in words_by_field.items() if words}


def amounts(dossier: Dossier) -> dict[str, str]:
    announced_amounts = announced(dossier)
    announced_amounts.setdefault(STATE, heading(dossier))
    amounts = {}
    for share, euros in announced_amounts.items():
        if euros is not None:
            name = {TOTAL: "global"}.get(share, share.replace(":", "_"))
            amounts[f"montant_{name}"] = format_euros(euros)
    if (
        "montant_global" not in amounts
        and {STATE, COUNCIL} <= announced_amounts.keys()
        and None not in announced_amounts.values()
    ):
        amounts["montant_global"] = format_euros(
            sum(euros for euros in announced_amounts.values() if euros is not None)
        )
    return amounts


def filled(text: str, fields: Mapping[str, str]) -> str:
    """The text with its fields; one that is not known is left as it stands, to be seen."""
    return FIELD.sub(lambda match: fields.get(match[1].lower(), match[0]), text)
