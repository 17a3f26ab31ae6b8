"""The text of a convention: its identity, its parties, the law, its articles, the actions that it pays, its annex."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from jalons.conventions.dossier.printed_values import figure_of, figure_value, lines_of, paragraphs_of
from jalons.conventions.dossier.row_changes import RowChange
from jalons.conventions.dossier.year_fields import year_field
from jalons.conventions.enums import ConventionNature, ConventionState, LineKind, PartySide
from jalons.conventions.models import Convention
from jalons.conventions.models.printed import Printed, code_of
from jalons.core.forms import AmountField, FrenchDateField, FrenchNumberField, dress
from jalons.core.values import Value, french_spaces
from jalons.editing.block_forms import BlockForms, BlockMain, BlockRow
from jalons.editing.fact_forms import long_text, short_text
from jalons.editing.forms import Group, Shown, VersionedForm, as_chosen, in_words
from jalons.editing.rows import Rows
from jalons.territories.models import Departement

BULLETS = "Un alinéa par ligne. « - » en tête de ligne fait une puce, « # » un intertitre."
CHOOSE = ("", "Choisir")
AMOUNTS = {"global_amount": "global", "part_etat": "part_etat", "part_departement": "part_departement"}


class IdentityForm(VersionedForm):
    """Titles, year, amounts, payment, place and date of signature."""

    groups = (
        Group("", ("short_title", "title", "year", "departement", "nature", "state")),
        Group(
            "Montants",
            ("heading_amount", "global_amount", "part_etat", "part_departement"),
            "Tels qu’ils sont imprimés dans le texte. Jalons ne les calcule pas : il dit s’ils concordent.",
        ),
        Group("Texte", ("preamble", "schedule")),
        Group("Signature", ("place", "signed_on")),
    )

    short_title = forms.CharField(label="Titre court", max_length=120)
    title = forms.CharField(
        label="Titre imprimé",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": "500"}),
    )
    year = year_field(label="Année financée", required=False)
    departement = forms.ModelChoiceField(
        label="Département qui signe avec l’État",
        queryset=Departement.objects.none(),
        required=False,
        empty_label="Non renseigné",
        help_text="Celui qui la pilote : ses services et ceux de l’État sur son territoire la voient.",
    )
    nature = forms.ChoiceField(label="Nature", choices=ConventionNature.choices)
    state = forms.ChoiceField(
        label="État",
        choices=ConventionState.choices,
        help_text="Figer la version votée la dit « Votée » ; ici, vous pouvez corriger.",
    )
    heading_amount = AmountField(label="Montant en tête de la convention")
    global_amount = AmountField(label="Montant global")
    part_etat = AmountField(label="Part de l’État")
    part_departement = AmountField(label="Part du Département")
    preamble = long_text("Préambule", 20_000, BULLETS)
    schedule = long_text("Échéancier de versement", 2_000)
    place = short_text("Fait à", 120)
    signed_on = FrenchDateField(label="Signée le", required=False)

    def __init__(self, *args: Any, convention: Convention, proposed_state: str = "", **kwargs: Any) -> None:
        initial = self.initial_of(convention)
        if proposed_state:
            initial["state"] = proposed_state
        super().__init__(*args, initial=initial, **kwargs)
        self.convention = convention
        departement: Any = self.fields["departement"]
        departement.queryset = Departement.objects.order_by("name")
        self.before: dict[str, str] = {}
        for name, key in AMOUNTS.items():
            if rule := Printed.of(convention.amounts.get(key)).rule:
                self.before[name] = french_spaces(f"Règle écrite : {rule}")

    @staticmethod
    def initial_of(convention: Any) -> dict[str, Any]:
        plain = ("short_title", "title", "year", "nature", "state", "place", "signed_on")
        return {
            **{name: getattr(convention, name) for name in plain},
            "departement": convention.departement_id,
            "heading_amount": figure_value(convention.heading_amount),
            **{name: figure_value(convention.amounts.get(key)) for name, key in AMOUNTS.items()},
            "preamble": lines_of(convention.preamble),
            "schedule": convention.payment.get("schedule") or "",
            "expected_version": convention.version,
        }

    def sections(self) -> list[Shown]:
        return [
            Shown(
                french_spaces(group.legend),
                french_spaces(group.help),
                group.dense,
                tuple((self[name], self.before.get(name, "")) for name in group.names),
            )
            for group in self.groups
        ]

    def columns(self, convention: Convention) -> dict[str, Any]:
        """What the convention will hold. Needs `is_valid`."""
        cleaned = self.cleaned_data
        plain = ("short_title", "title", "year", "nature", "state", "place", "signed_on")
        amounts = dict(convention.amounts)
        for name, key in AMOUNTS.items():
            value: Value = cleaned[name]
            before = amounts.get(key)
            if name in self.before and value == Value.empty():
                continue  # a rule in words stays
            figure = figure_of(value, before)
            if figure is not None:
                amounts[key] = figure
            elif figure_value(before) != Value.empty():
                amounts.pop(key, None)
        payment = dict(convention.payment)
        if cleaned["schedule"] != (payment.get("schedule") or ""):
            payment["schedule"] = cleaned["schedule"]
        texts = all(isinstance(paragraph, str) for paragraph in convention.preamble or [""])
        return {
            **{name: cleaned[name] for name in plain},
            "departement": cleaned["departement"],
            "heading_amount": figure_of(cleaned["heading_amount"], convention.heading_amount),
            "amounts": amounts,
            "payment": payment,
            "preamble": paragraphs_of(cleaned["preamble"], convention.preamble, plain_texts=texts),
        }


ROW_FIELDS = ("seen", "version", "rank", "remove")
NEW: dict[str, Any] = {}


class TextRow(BlockRow):
    """A piece of the text. Its fields are read (amounts, dates, choices), and all of its columns are written."""

    merges = False

    rank = FrenchNumberField(label="Ordre", required=False, minimum=0, maximum=9999, decimals=0)
    remove = forms.BooleanField(label="Retirer", required=False)

    def names(self) -> Sequence[str]:
        return [name for name in self.fields if name not in ROW_FIELDS]

    def typed(self, name: str) -> Any:
        return self.cleaned_data.get(name)

    def in_full(self, name: str, value: Any) -> str:
        field = self.fields[name]
        return in_words(field, as_chosen(field, value))

    compared = in_full

    def in_short(self, name: str, value: Any) -> str:
        return "" if value in (None, "", Value.empty()) else self.in_full(name, value)

    def settle(self, current: Any, seen: Any, *, stale: bool) -> None:
        super().settle(current, seen, stale=stale)
        self.cleaned_data.update(self.taken)

    def initial_of(self, record: Any) -> dict[str, Any]:
        return self.fields_of(record) if record is not None else NEW

    def fields_of(self, record: Any) -> dict[str, Any]:
        raise NotImplementedError

    def record_values(self, record: Any) -> dict[str, Any]:
        """What the base will hold. Needs `settle`."""
        raise NotImplementedError

    def row_change(self) -> RowChange:
        values = {} if self.is_removed else self.record_values(self.record)
        return RowChange(self.record, values, self.is_removed)


class TextMain(BlockMain):
    def initial_of(self, record: Any) -> dict[str, Any]:
        return NEW


class TextRows(Rows):
    most = 300


class TextBlock(BlockForms):
    """Every piece of one kind. `proposed`: what the rows are opened with, rather than what stands."""

    main_class, rows_class = TextMain, TextRows

    def __init__(
        self,
        data: Any,
        row_class: type[TextRow],
        records: Sequence[Any],
        *,
        proposed: Sequence[Mapping[str, Any]] | None = None,
        **how: Any,
    ) -> None:
        self.row_class, self.proposed = row_class, proposed
        self.changed_rows: list[int] = []
        super().__init__(data, record=None, records=records, **how)

    def initial_rows(self, blank: BlockRow) -> list[dict[str, Any]]:
        return super().initial_rows(blank) if self.proposed is None else [dict(row) for row in self.proposed]

    def spare_rows(self, initial: Sequence[Any]) -> int:
        return 0 if initial else 1

    @property
    def stale_rows(self) -> list[int]:
        """The numbers of the rows that somebody else wrote, or moved. Needs `settle`."""
        rows = [row for row in self.filled if row.record is not None]
        return [row.number for row in rows if row.record.version != row.cleaned_data.get("version")]

    @property
    def must_ask(self) -> bool:
        return super().must_ask or bool(self.stale_rows)

    def asked_again(self, again: Any) -> Any:
        again.changed_rows = self.stale_rows
        return super().asked_again(again)

    def row_changes(self) -> list[RowChange]:
        return [row.row_change() for row in self.filled]


class PlainRow(TextRow):
    """A piece whose fields are its columns."""

    def fields_of(self, record: Any) -> dict[str, Any]:
        return {name: getattr(record, name) for name in self.names()}

    def record_values(self, record: Any) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names()}


class PartyRow(PlainRow):
    name = forms.CharField(
        label="Partie", max_length=300, help_text="Par exemple : L’État, Le Département du Nord."
    )
    role = short_text("Qualité", 120)
    side = forms.ChoiceField(label="De quelle part du financement ?", choices=[CHOOSE, *PartySide.choices])
    representative = short_text("Représentée par (fonction)", 300)
    signatory = short_text("Signataire (fonction)", 300, "Une fonction, jamais un nom de personne.")
    designation = short_text("Désignée ci-après", 120)
    signed_in = short_text("Fait à", 120)
    signed_on = FrenchDateField(label="Signée le", required=False)

    def fields_of(self, record: Any) -> dict[str, Any]:
        values = {name: getattr(record, name) for name in self.names() if name != "signed_in"}
        return {**values, "signed_in": record.place}

    def record_values(self, record: Any) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in self.names() if name != "signed_in"}
        return {**values, "place": self.cleaned_data["signed_in"]}


class ReferenceRow(PlainRow):
    raw = forms.CharField(
        label="Visa",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": "4000"}),
        help_text="Tel qu’imprimé, « Vu » compris.",
    )
    kind = short_text("Type", 80)
    reference = short_text("Référence", 200)
    placeholder = short_text(
        "Blanc à compléter", 200, "Ce que le texte laisse en blanc, par exemple « xxxx »."
    )


class ArticleRow(TextRow):
    mark = short_text("Numéro", 20)
    title = short_text("Titre", 300)
    paragraphs = long_text("Texte", 40_000, BULLETS)

    def fields_of(self, record: Any) -> dict[str, Any]:
        return {"mark": record.number, "title": record.title, "paragraphs": lines_of(record.paragraphs)}

    def record_values(self, record: Any) -> dict[str, Any]:
        cleaned = self.cleaned_data
        before = record.paragraphs if record is not None else []
        return {
            "number": cleaned["mark"],
            "title": cleaned["title"],
            "paragraphs": paragraphs_of(cleaned["paragraphs"], before),
        }


CODES = {
    "domaine_fonctionnel": "Domaine fonctionnel",
    "code_activite": "Code activité",
    "groupe_de_marchandises": "Groupe de marchandises",
}


class PlannedActionRow(TextRow):
    mark = short_text("Action n°", 20)
    label = long_text("Intitulé", 2_000)
    amount = AmountField(label="Part de l’État")
    sheet_number = short_text("Fiche n°", 20)
    domaine_fonctionnel = short_text("Domaine fonctionnel", 40)
    code_activite = short_text("Code activité", 40)
    groupe_de_marchandises = short_text("Groupe de marchandises", 40)

    def fields_of(self, record: Any) -> dict[str, Any]:
        return {
            "mark": record.number,
            "label": record.label,
            "amount": figure_value(record.amount),
            "sheet_number": record.sheet_number,
            **{name: code_of(record.codes.get(name)) for name in CODES},
        }

    def record_values(self, record: Any) -> dict[str, Any]:
        cleaned = self.cleaned_data
        codes = dict(record.codes) if record is not None else {}
        for name in CODES:
            if cleaned[name] != code_of(codes.get(name)):
                codes[name] = with_code(codes.get(name), cleaned[name], name)
        return {
            "number": cleaned["mark"],
            "label": cleaned["label"],
            "amount": figure_of(cleaned["amount"], record.amount if record is not None else None),
            "sheet_number": cleaned["sheet_number"],
            "codes": {name: code for name, code in codes.items() if code not in (None, "")},
        }


def with_code(before: Any, code: str, name: str) -> Any:
    """The code typed, in the shape of the one before; its label goes with it only while it is the same code."""
    if not code:
        return None
    return code if name == "groupe_de_marchandises" and not isinstance(before, dict) else {"code": code}


class AnnexRow(TextRow):
    """A line of the annex; `parts`: the shares of its table, in order, with their words."""

    kind = forms.ChoiceField(label="Type de ligne", choices=[CHOOSE, *LineKind.choices])
    mark = short_text("Fiche n°", 20)
    label = long_text("Intitulé", 2_000)

    def __init__(self, *args: Any, parts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = [part for part, _ in parts]
        for part, words in parts:
            field = AmountField(label=words)
            dress(field)
            self.fields[part] = field
        self.fields["label"].widget.attrs["rows"] = "2"

    def fields_of(self, record: Any) -> dict[str, Any]:
        return {
            "kind": record.kind,
            "mark": record.number,
            "label": record.label,
            **{part: figure_value(figure) for part, figure in record.figures.items()},
        }

    def record_values(self, record: Any) -> dict[str, Any]:
        cleaned = self.cleaned_data
        figures = dict(record.figures) if record is not None else {}
        for part in self.parts:
            figure = figure_of(cleaned.get(part) or Value.empty(), figures.get(part))
            if figure is not None or part in figures:
                figures[part] = figure
        same_kind = record is not None and record.kind == cleaned["kind"]
        return {
            "kind": cleaned["kind"],
            "kind_words": record.kind_words if same_kind else cleaned["kind"],
            "number": cleaned["mark"],
            "label": cleaned["label"],
            "figures": figures,
        }
