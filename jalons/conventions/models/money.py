"""The financial annexes as printed, what the assembly voted, and what was paid."""

from django.db import models

from jalons.conventions.enums import LineKind
from jalons.conventions.models.base import Piece
from jalons.conventions.models.printed import euros
from jalons.conventions.models.text import Convention, Party
from jalons.conventions.querysets import DeliberationQuerySet
from jalons.core.fields import PublicIdField
from jalons.core.values import Number


class Annex(Piece):
    """A financial annex: its title and its tables."""

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="annexes")
    key = models.CharField("identifiant", max_length=120)
    label = models.CharField("annexe", max_length=120, blank=True)
    title = models.CharField("titre", max_length=500, blank=True)
    subtitle = models.CharField("sous-titre", max_length=500, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "annexe financière"
        verbose_name_plural = "annexes financières"

    def __str__(self) -> str:
        return self.label or self.title


class AnnexTable(Piece):
    """A table of an annex, with its printed headers."""

    annex = models.ForeignKey(Annex, on_delete=models.PROTECT, related_name="tables")
    key = models.CharField("identifiant", max_length=120, blank=True)
    title = models.CharField("titre", max_length=500, blank=True)
    headers = models.JSONField("en-têtes", default=list, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "tableau financier"
        verbose_name_plural = "tableaux financiers"

    def __str__(self) -> str:
        return self.title or self.key


class AnnexLine(Piece):
    """A printed line, whatever its sums. `figures`: by part (`part_etat`, `part_cd59`, `total`), an amount or null."""

    table = models.ForeignKey(AnnexTable, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField("type de ligne", max_length=14, choices=LineKind, default=LineKind.OTHER)
    kind_words = models.CharField("type imprimé", max_length=40, blank=True)
    label = models.TextField("intitulé", blank=True)
    number = models.CharField("numéro de fiche", max_length=20, blank=True)
    action_number = models.CharField("action", max_length=40, blank=True)
    axis = models.CharField("axe", max_length=200, blank=True)
    recall = models.CharField("rappel", max_length=200, blank=True)  # fourth printed column
    figures = models.JSONField("montants", default=dict, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "ligne d’annexe"
        verbose_name_plural = "lignes d’annexe"

    def __str__(self) -> str:
        return self.label[:120]

    def euros(self, part: str) -> Number | None:
        return euros(self.figures.get(part))


class Deliberation(Piece):
    """A vote of an assembly. Several conventions may be approved by one, and one may need several.

    `membership`, `quorum`, `vote`, `report`: as in the exchange format; never a councillor's name.
    """

    public_id = PublicIdField()
    conventions = models.ManyToManyField(Convention, related_name="deliberations", blank=True)
    number = models.CharField("numéro", max_length=80)
    assembly = models.CharField("assemblée", max_length=200, blank=True)
    party = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliberations",
        verbose_name="partie",
    )
    agenda_item = models.CharField("point de l’ordre du jour", max_length=40, blank=True)
    convoked_on = models.DateField("convocation", null=True, blank=True)
    session_on = models.DateField("séance", null=True, blank=True)
    posted_on = models.DateField("affichage", null=True, blank=True)
    place = models.CharField("lieu", max_length=120, blank=True)
    subject = models.TextField("objet", blank=True)
    decision = models.CharField("résultat", max_length=300, blank=True)
    decisions = models.JSONField("décisions", default=list, blank=True)
    committee = models.JSONField("avis de la commission", null=True, blank=True)
    receipt = models.JSONField("réception en préfecture", null=True, blank=True)
    membership = models.JSONField("composition", null=True, blank=True)
    quorum = models.JSONField("quorum", null=True, blank=True)
    vote = models.JSONField("vote", null=True, blank=True)
    report = models.JSONField("rapport", null=True, blank=True)
    accounting_system = models.CharField("logiciel comptable", max_length=80, blank=True)
    accounting_columns = models.JSONField("colonnes comptables", default=list, blank=True)

    objects = DeliberationQuerySet.as_manager()

    class Meta(Piece.Meta):
        verbose_name = "délibération"
        constraints = [
            models.UniqueConstraint(fields=["number", "assembly"], name="conventions_deliberation_once"),
        ]

    def __str__(self) -> str:
        return self.number


class AuthorisedAmount(Piece):
    """What the assembly allows for one convention, which may be absent from Jalons (`convention_key`)."""

    deliberation = models.ForeignKey(
        Deliberation, on_delete=models.PROTECT, related_name="authorised_amounts"
    )
    convention_key = models.CharField("convention", max_length=80, blank=True)
    figure = models.JSONField("montant", default=dict, blank=True)
    meaning = models.CharField("ce que couvre le montant", max_length=300, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "montant autorisé"
        verbose_name_plural = "montants autorisés"

    @property
    def euros(self) -> Number | None:
        return euros(self.figure)


class AccountingLine(Piece):
    """A line of the accounts of the deliberation. `figures`: by column, an amount or null."""

    deliberation = models.ForeignKey(Deliberation, on_delete=models.PROTECT, related_name="accounting_lines")
    operation = models.CharField("opération", max_length=80, blank=True)
    envelope = models.CharField("enveloppe", max_length=80, blank=True)
    figures = models.JSONField("montants", default=dict, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "ligne comptable"
        verbose_name_plural = "lignes comptables"

    @property
    def proposed(self) -> Number | None:
        return euros(self.figures.get("proposes"))


class Payment(Piece):
    """An instalment paid, or to be paid. Budget codes are text: their zeros are kept."""

    public_id = PublicIdField()
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="payments")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bénéficiaire"
    )
    label = models.CharField("versement", max_length=200)
    due_on = models.DateField("attendu le", null=True, blank=True)
    paid_on = models.DateField("versé le", null=True, blank=True)
    amount = models.DecimalField("montant", max_digits=14, decimal_places=2)
    budget_code = models.CharField("imputation", max_length=80, blank=True)
    note = models.CharField("note", max_length=300, blank=True)

    class Meta(Piece.Meta):
        verbose_name = "versement"

    def __str__(self) -> str:
        return self.label
