"""What an assembly voted, as it is typed: counts, groups, amounts, accounting lines."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.conventions.models import Convention, Deliberation, Party
from jalons.conventions.votes.arithmetic import GroupVote, groups_of
from jalons.conventions.votes.vote_rows import (
    AllowedRow,
    GroupRow,
    LineRow,
    amount_initial,
    day_of,
    plain,
)
from jalons.core.forms import CodesField, FrenchDateField, FrenchNumberField, dress
from jalons.editing.fact_forms import long_text, short_text
from jalons.editing.forms import Group, shown_again
from jalons.editing.record_forms import RecordForm
from jalons.editing.rows import Bundle, Rows

# (column, key of the exchange format, label)
COUNTS: Sequence[tuple[str, str, str]] = (
    ("membership", "in_office", "Membres en exercice"),
    ("membership", "listed_present", "Présents sur la liste"),
    ("membership", "listed_represented", "Représentés sur la liste"),
    ("membership", "listed_excused", "Excusés sur la liste"),
    ("membership", "listed_absent", "Absents sur la liste"),
    ("quorum", "present", "Présents au contrôle du quorum"),
    ("quorum", "proxies", "Procurations au contrôle du quorum"),
    ("vote", "present", "Présents au vote"),
    ("vote", "proxies", "Procurations"),
    ("vote", "absent_without_proxy", "Absents sans procuration"),
    ("vote", "did_not_vote", "N’ont pas pris part au vote"),
    ("vote", "voted", "Votants"),
    ("vote", "abstention", "Abstentions"),
    ("vote", "expressed", "Suffrages exprimés"),
    ("vote", "majority", "Majorité requise"),
    ("vote", "for", "Pour"),
    ("vote", "against", "Contre"),
)
TEXTS: Sequence[tuple[str, str, str]] = (
    ("committee", "committee", "Commission"),
    ("receipt", "reference", "Numéro de réception en préfecture"),
    ("quorum", "checked_at", "Heure du contrôle du quorum"),
    ("vote", "time", "Heure du vote"),
)
DAYS: Sequence[tuple[str, str, str]] = (
    ("committee", "date", "Avis de la commission"),
    ("receipt", "received", "Réception en préfecture"),
)
PLAIN = (
    "number",
    "assembly",
    "agenda_item",
    "subject",
    "place",
    "decision",
    "convoked_on",
    "session_on",
    "posted_on",
)


def name_of(column: str, key: str) -> str:
    return f"{column}_{key}"


def names(column: str, table: Sequence[tuple[str, str, str]] = COUNTS) -> tuple[str, ...]:
    return tuple(name_of(table_column, key) for table_column, key, _ in table if table_column == column)


class DeliberationForm(RecordForm):
    """The deliberation itself. `initial_of` says the fields of any version of one."""

    number = forms.CharField(label="Numéro de la délibération", max_length=80)
    assembly = short_text("Assemblée", 200, "Par exemple « Conseil départemental du Nord ».")
    party = forms.ModelChoiceField(
        label="De quel Département", queryset=Party.objects.none(), required=False, empty_label="De tous"
    )
    agenda_item = short_text("Point de l’ordre du jour", 40)
    subject = long_text("Objet", 4000)
    place = short_text("Lieu de la séance", 120)
    convoked_on = FrenchDateField(label="Convocation", required=False)
    session_on = FrenchDateField(
        label="Séance",
        required=False,
        help_text="Une date passée est normale : on vote souvent après le début de l’année financée.",
    )
    posted_on = FrenchDateField(label="Affichage", required=False)
    decision = short_text("Résultat", 300, "Par exemple « DECIDE à l’unanimité ».")
    decisions = long_text(
        "Ce qui est décidé", 20000, "Une décision par paragraphe, une ligne vide entre deux."
    )
    conventions = CodesField(label="Conventions approuvées", required=True)
    reason = short_text("Pourquoi ce changement ?", 300, "Facultatif. Visible dans l’historique.")

    groups = (
        Group("La délibération", ("number", "assembly", "party", "agenda_item", "place", "subject", "conventions")),
        Group(
            "Les dates",
            ("convoked_on", "committee_date", "committee_committee", "session_on", "receipt_received",
             "receipt_reference", "posted_on"),
        ),
        Group("La décision", ("decision", "decisions")),
    )  # fmt: skip
    counted = (
        Group("Les membres", names("membership"), dense=True),
        Group("Le quorum", ("quorum_checked_at", *names("quorum")), dense=True),
        Group("Le vote", ("vote_time", *names("vote")), dense=True),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        deliberation: Deliberation,
        parties: Sequence[Party],
        offered: Sequence[Convention],
        **kwargs: Any,
    ) -> None:
        self.deliberation, self.offered = deliberation, offered
        initial = self.initial_of(deliberation) | {"expected_version": deliberation.version}
        initial["conventions"] = tuple(kwargs.pop("approved"))
        super().__init__(data, initial=initial, **kwargs)
        for column, key, label in COUNTS:
            self.add(
                name_of(column, key),
                FrenchNumberField(label=label, required=False, minimum=0, maximum=5000, decimals=0),
            )
        for column, key, label in TEXTS:
            self.add(name_of(column, key), short_text(label, 300))
        for column, key, label in DAYS:
            self.add(name_of(column, key), FrenchDateField(label=label, required=False))
        self.fields["conventions"].choices = [  # type: ignore[attr-defined]
            (convention.slug, convention.short_title) for convention in offered
        ]
        if len(parties) > 1:
            self.fields["party"].queryset = Party.objects.filter(pk__in=[party.pk for party in parties])  # type: ignore[attr-defined]
        else:
            del self.fields["party"]
        if deliberation.pk is None:
            del self.fields["reason"]

    def add(self, name: str, field: forms.Field) -> None:
        dress(field)
        self.fields[name] = field

    def shown_counts(self) -> Any:
        return self.in_groups(self.counted)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        number, assembly = cleaned.get("number"), cleaned.get("assembly", "")
        twins = Deliberation.objects.filter(number=number, assembly=assembly).exclude(pk=self.deliberation.pk)
        if number and twins.exists():
            self.add_error(
                "number",
                "Cette assemblée a déjà une délibération de ce numéro dans Jalons\u00a0: modifiez-la, et cochez-y "
                "cette convention.",
            )
        return cleaned

    @staticmethod
    def initial_of(record: Any) -> dict[str, Any]:
        """The fields, as a deliberation or a line of its history says them."""
        initial = {name: getattr(record, name) for name in PLAIN}
        initial["decisions"] = "\n\n".join(str(decision) for decision in record.decisions or ())
        initial["party"] = record.party_id
        for column, key, _ in (*COUNTS, *TEXTS, *DAYS):
            initial[name_of(column, key)] = (getattr(record, column) or {}).get(key)
        for column, key, _ in DAYS:
            initial[name_of(column, key)] = day_of(initial[name_of(column, key)])
        return initial

    def columns(self) -> dict[str, Any]:
        """What `save_deliberation` takes. Needs `is_valid`."""
        cleaned = self.cleaned_data
        columns: dict[str, Any] = {name: cleaned[name] for name in PLAIN}
        if "party" in cleaned:
            columns["party"] = cleaned["party"]
        if plain(cleaned["decisions"]) != plain(self.initial["decisions"]):
            columns["decisions"] = [
                decision for decision in map(str.strip, plain(cleaned["decisions"]).split("\n\n")) if decision
            ]
        for column, key, _ in (*COUNTS, *TEXTS, *DAYS):
            value = cleaned[name_of(column, key)]
            columns.setdefault(column, {})[key] = value.isoformat() if isinstance(value, dt.date) else value
        return columns

    def approved(self) -> list[Convention]:
        """Those that were ticked, and those that this person could not see."""
        ticked = set(self.cleaned_data["conventions"])
        return [convention for convention in self.offered if convention.slug in ticked]

    def counts(self) -> dict[str, dict[str, Any]]:
        """What can be read so far of the counts, for live totals."""
        counts: dict[str, dict[str, Any]] = {"membership": {}, "quorum": {}, "vote": {}}
        for column, key, _ in COUNTS:
            name = name_of(column, key)
            try:
                counts[column][key] = self.fields[name].clean(self[name].value())
            except forms.ValidationError:
                counts[column][key] = None
        return counts


class DeliberationForms(Bundle):
    """The deliberation, its groups, its amounts and its accounting lines, sent together."""

    def __init__(
        self,
        data: Any,
        *,
        deliberation: Deliberation,
        parties: Sequence[Party],
        offered: Sequence[Convention],
        approved: Sequence[str],
        slug: str,
        judged: bool = True,
        adding: str = "",
    ) -> None:
        self.main = DeliberationForm(
            data if judged else None,
            deliberation=deliberation,
            parties=parties,
            offered=offered,
            approved=approved,
        )
        if not judged and data is not None:
            shown_again(self.main, data)
        titles = {convention.slug: convention.short_title for convention in offered}
        stored = deliberation.pk is not None
        groups = [
            {"name": group.name, "side": group.side, "voices": group.number}
            for group in groups_of(deliberation.vote)
        ]
        amounts = [
            {
                "convention": titles.get(authorised_amount.convention_key, authorised_amount.convention_key),
                "amount": amount_initial(authorised_amount.figure),
                "meaning": authorised_amount.meaning,
            }
            for authorised_amount in (deliberation.authorised_amounts.all() if stored else ())
        ]
        if not stored:
            amounts = [{"convention": titles.get(slug, slug)}]
        lines = [
            {
                "operation": accounting_line.operation,
                "envelope": accounting_line.envelope,
                **{name: amount_initial(accounting_line.figures.get(name)) for name in LineRow.AMOUNTS},
            }
            for accounting_line in (deliberation.accounting_lines.all() if stored else ())
        ]
        self.groups = Rows(GroupRow, "groupe", data, initial=groups, judged=judged, adding=adding == "groupe")
        self.amounts = Rows(
            AllowedRow,
            "montant",
            data,
            initial=amounts,
            judged=judged,
            adding=adding == "montant",
            offered=offered,
        )
        self.lines = Rows(LineRow, "ligne", data, initial=lines, judged=judged, adding=adding == "ligne")

    def parts(self) -> Sequence[Any]:
        return (self.main, self.groups, self.amounts, self.lines)

    def so_far(self) -> dict[str, Any]:
        """What can be read before it is judged: counts, groups, amounts."""
        groups = []
        for row in self.groups:
            name = str(row["name"].value() or "").strip()
            try:
                voices = row.fields["voices"].clean(row["voices"].value())
            except forms.ValidationError:
                voices = None
            if name:
                groups.append(GroupVote(str(row["side"].value() or "groups_for"), name, voices))
        return {
            **self.main.counts(),
            "groups": groups,
            "authorised": [row.so_far("amount") for row in self.amounts],
            "proposed": [row.so_far("proposes") for row in self.lines],
        }
