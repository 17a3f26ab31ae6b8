"""Who takes part in a dispositif: services, operators, partners, funders, people to call."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from jalons.accounts.organisations import Directory
from jalons.actions.enums import Block, ParticipationRole
from jalons.actions.forms.common import OrganisationRow, no_repeat
from jalons.actions.models import Participation
from jalons.actions.services import Part
from jalons.core.forms import CodesField, FrenchDateField, SubmissionKeyField, VersionField
from jalons.core.ui import Difference
from jalons.core.values import format_date
from jalons.editing.forms import FrenchForm, shown_again
from jalons.editing.rows import Bundle, Rows, row_differences, took_theirs
from jalons.sites.forms.common import today

TWO_MAIN = "Il y a un seul opérateur principal : décochez l’un des deux."
BLOCKS_HELP = "Tout le suivi, si rien n’est coché."


class StartingRow(OrganisationRow):
    """One that begins to take part. `on` is only asked once the dispositif is declared."""

    role = ParticipationRole.PARTNER

    on = FrenchDateField(
        label="À partir du", required=False, help_text="Aujourd’hui, si vous n’écrivez rien."
    )

    def __init__(self, *args: Any, dated: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not dated:
            del self.fields["on"]

    def place(self, number: int) -> None:
        super().place(number)
        if number > 1:
            self.fields["organisation"].label = f"{self.fields['organisation'].label} {number}"

    def part(self) -> Part:
        cleaned = self.cleaned_data
        return Part(cleaned["found"], self.role, cleaned.get("is_main", False), cleaned.get("blocks", ()))


class PilotRow(StartingRow):
    role = ParticipationRole.PILOT
    role_label = "Service pilote"


class OperatorRow(StartingRow):
    role = ParticipationRole.OPERATOR
    role_label = "Opérateur"

    is_main = forms.BooleanField(label="Opérateur principal", required=False)
    blocks = CodesField(label="Ce qu’il renseigne", choices=Block.choices, help_text=BLOCKS_HELP)


class PartnerRow(StartingRow):
    role_label = "Partenaire"


class FunderRow(StartingRow):
    role = ParticipationRole.FUNDER
    role_label = "Financeur"


class PartsForms(Bundle):
    """Newcomers of each role, in rows."""

    KINDS: Mapping[str, type[StartingRow]] = {
        "services": PilotRow,
        "operateurs": OperatorRow,
        "partenaires": PartnerRow,
        "financeurs": FunderRow,
    }

    def __init__(
        self,
        data: Any,
        *,
        directory: Directory,
        initial: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
        judged: bool = True,
        adding: str = "",
        dated: bool = False,
        spare: int = 1,
    ) -> None:
        given = initial or {}
        self.problems: list[str] = []
        self.rows = {
            name: Rows(
                kind,
                name,
                data,
                initial=given.get(name, ()),
                spare=0 if given.get(name) else spare,
                judged=judged,
                adding=adding == name,
                directory=directory,
                dated=dated,
            )
            for name, kind in self.KINDS.items()
        }

    def parts(self) -> Sequence[Any]:
        return list(self.rows.values())

    def non_form_errors(self) -> Sequence[str]:
        return self.problems

    def check(self, held: Sequence["HeldRow"] = ()) -> bool:
        """Says what is wrong between rows. `held`: those who take part already. Needs `is_valid`."""
        clear = True
        for name, rows in self.rows.items():
            role = self.KINDS[name].role
            going_on = [row.fact.participant_id for row in held if row.fact.role == role]
            clear &= no_repeat(rows.typed_rows(), going_on)
        staying = [row for row in held if not row.cleaned_data.get("ended_on")]
        main = [
            row
            for row in [*staying, *self.rows["operateurs"].typed_rows()]
            if row.cleaned_data.get("is_main")
        ]
        if len(main) > 1:
            main[-1].add_error("is_main", TWO_MAIN.replace(" :", "\u00a0:"))
            clear = False
        if not self.rows["services"].typed_rows() and not any(
            row.fact.role == ParticipationRole.PILOT for row in staying
        ):
            self.say_pilot()
            clear = False
        return clear

    def say_pilot(self) -> None:
        sentence = "Un dispositif a au moins un service pilote\u00a0: écrivez lequel."
        rows = self.rows["services"].forms
        if rows:
            rows[0].add_error("organisation", sentence)
        else:
            self.problems.append(sentence)

    def named(self) -> frozenset[tuple[int, str]]:
        """(organisation, role) of the rows as they stand, judged or not."""
        named_roles = set()
        for rows in self.rows.values():
            for row in rows:
                known = row.directory.named(str(row["organisation"].value() or ""))
                named_roles |= {(organisation.pk, str(row.role)) for organisation in known}
        return frozenset(named_roles)

    def typed_rows(self) -> list[StartingRow]:
        return [row for rows in self.rows.values() for row in rows.typed_rows()]


class HeldRow(FrenchForm):
    """One that takes part already. Its prefix holds the lineage: what was typed follows the fact, not the version."""

    seen = VersionField()
    is_main = forms.BooleanField(label="Opérateur principal", required=False)
    blocks = CodesField(label="Ce qu’il renseigne", choices=Block.choices, help_text=BLOCKS_HELP)
    ended_on = FrenchDateField(
        label="N’intervient plus à partir du",
        required=False,
        help_text="Laissez vide s’il intervient toujours.",
    )

    def __init__(self, data: Any, *, fact: Participation, judged: bool = True) -> None:
        self.fact = fact
        initial = {"seen": fact.pk, "is_main": fact.is_main, "blocks": list(fact.blocks)}
        prefix = f"part-{fact.lineage.hex}"
        # Someone who joined meanwhile was not in the page: nothing was typed about them.
        sent = data is not None and f"{prefix}-seen" in data
        super().__init__(data if sent and judged else None, prefix=prefix, initial=initial)
        if fact.role != ParticipationRole.OPERATOR:
            del self.fields["is_main"], self.fields["blocks"]
        self.cleaned_data = {**initial, "ended_on": None}
        if sent and not judged:
            shown_again(self, data)

    @property
    def is_right(self) -> bool:
        """Nothing sent about it is right too."""
        return not self.is_bound or self.is_valid()

    def clean_is_main(self) -> bool:
        return self.fact.is_main if self.took("is_main") else self.cleaned_data["is_main"]

    def clean_blocks(self) -> Any:
        return self.fact.blocks if self.took("blocks") else self.cleaned_data["blocks"]

    def took(self, name: str) -> bool:
        return took_theirs(self.data, str(self.prefix), name)

    def part(self) -> Part:
        cleaned = self.cleaned_data
        blocks = cleaned.get("blocks", self.fact.blocks)
        return Part(
            self.fact.participant, self.fact.role, cleaned.get("is_main", self.fact.is_main), tuple(blocks)
        )

    @property
    def is_stale(self) -> bool:
        return self.is_bound and self.cleaned_data.get("seen") != self.fact.pk

    def differences(self, seen: Any) -> list[Difference]:
        typed = {"is_main": self.part().is_main, "blocks": self.part().blocks}
        return row_differences(str(self.prefix), str(self.fact.participant), seen, self.fact, typed)

    @property
    def since(self) -> str:
        return format_date(self.fact.valid_on)


class ChangePartsForms(Bundle):
    """Who takes part: those who do, and the newcomers."""

    def __init__(
        self,
        data: Any,
        *,
        held: Sequence[Participation],
        directory: Directory,
        judged: bool = True,
        adding: str = "",
    ) -> None:
        self.main = KeyForm(data if judged else None)
        if data is not None and not judged:
            shown_again(self.main, data)
        self.held = [HeldRow(data, fact=fact, judged=judged) for fact in held]
        self.new = PartsForms(
            data,
            directory=directory,
            judged=judged,
            adding=adding,
            dated=True,
            spare=0 if data is None else 1,
        )

    def parts(self) -> Sequence[Any]:
        return [self.main, *self.held, self.new]

    def is_valid(self) -> bool:
        right = [self.main.is_valid(), self.new.is_valid(), *(row.is_right for row in self.held)]
        return all(right) and self.new.check(self.held)

    def begun(self) -> list[tuple[Part, Any]]:
        return [(row.part(), row.cleaned_data.get("on") or today()) for row in self.new.typed_rows()]

    def restated(self) -> list[tuple[Participation, Part]]:
        bound = [row for row in self.held if row.is_bound and not row.cleaned_data["ended_on"]]
        return [(row.fact, row.part()) for row in bound]

    def ended(self) -> list[tuple[Participation, Any]]:
        return [(row.fact, row.cleaned_data["ended_on"]) for row in self.held if row.cleaned_data["ended_on"]]


class KeyForm(FrenchForm):
    """Only what makes a sending unique."""

    submission_key = SubmissionKeyField()
