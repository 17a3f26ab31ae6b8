"""What a report recorded to be the same again: who asked, of what, known when; its files and the words of people."""

import datetime as dt
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from jalons.accounts.models import Organisation
from jalons.core.fields import PublicIdField
from jalons.core.values import local_day
from jalons.editions.enums import EditionStage, ReportFormat, ReportLanguage
from jalons.editions.querysets import EditionQuerySet
from jalons.history.models import Record

LONGEST_WORDS, LONGEST_COVER = 6000, 300
STORED_IN = "reports"  # folder of the private storage; one shelf by the two first letters of a name


def stored_logo(logo: models.Model, name: str) -> str:
    token = secrets.token_hex(16)
    return f"logos/{token[:2]}/{token}"


class TerritoryLogo(models.Model):
    """The logo at the head of the reports of a territory, as Jalons drew it again. Rows and files stay: an edition that
    was made with one is made with it again.
    """

    area = models.CharField("territoire", max_length=40)
    file = models.FileField("image", upload_to=stored_logo, editable=False)
    sha256 = models.CharField("empreinte", max_length=64, db_index=True)
    width = models.PositiveSmallIntegerField("largeur")
    height = models.PositiveSmallIntegerField("hauteur")
    alt = models.CharField("ce qu’elle montre", max_length=150)
    added_at = models.DateTimeField("posé le", default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="posé par"
    )
    removed_at = models.DateTimeField("retiré le", null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="retiré par",
    )

    class Meta:
        verbose_name = "logo d’un territoire"
        verbose_name_plural = "logos de territoires"
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(removed_at__isnull=True), name="editions_one_logo"
            )
        ]

    def __str__(self) -> str:
        return self.alt


class ReportEdition(models.Model):
    """One report of a territory and of a period. `at`: the date of the stocks; `known_at`: its one instant.

    `rights`: where its author held each right, then. `template`: of the report, which grows with its layout. `values`:
    every figure and every cell, to be compared with those of another edition. `previous`: the edition that it was made
    again from. `differs`: the formats that do not come out the same any more, when they were last made again.
    """

    public_id = PublicIdField()
    kind = models.CharField("rapport", max_length=30)
    area = models.CharField("territoire", max_length=40)
    area_label = models.CharField("nom du territoire", max_length=200)
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    at = models.DateField("au")
    known_at = models.DateTimeField("connu le")
    language = models.CharField("langue", max_length=2, choices=ReportLanguage, default=ReportLanguage.FRENCH)
    options = models.JSONField("choix", default=dict)
    template = models.PositiveSmallIntegerField("modèle")
    logo = models.ForeignKey(
        TerritoryLogo, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="logo"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    author_words = models.CharField("demandée par", max_length=300)
    rights = models.JSONField("droits de l’auteur", default=dict)
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="followers", verbose_name="refaite d’après"
    )
    stage = models.CharField("état", max_length=9, choices=EditionStage, default=EditionStage.MAKING)
    asked_at = models.DateTimeField("demandée le", default=timezone.now, editable=False)
    made_at = models.DateTimeField("faite le", null=True)
    pulse_at = models.DateTimeField("signe de vie", null=True, editable=False)
    attempts = models.PositiveSmallIntegerField("tentatives", default=0)
    failure = models.CharField("arrêt", max_length=500, blank=True)
    values = models.JSONField("valeurs", default=dict)
    published_at = models.DateTimeField("publiée le", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="publiée par",
    )
    checked_at = models.DateTimeField("refaite à l’identique le", null=True)
    differs = models.JSONField("formats qui diffèrent", default=list)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition d’un rapport"
        verbose_name_plural = "éditions de rapports"
        indexes = [
            models.Index(fields=["author", "-asked_at"], name="editions_by_author"),
            models.Index(fields=["kind", "area", "-asked_at"], name="editions_by_area"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.area_label} · {self.last_day:%d/%m/%Y}"

    @property
    def is_provisional(self) -> bool:
        """The period was not over when it was asked for."""
        return self.last_day > self.at

    @property
    def is_open(self) -> bool:
        """Its words may still be changed: nobody published it, even if its last files are still to be written."""
        return self.published_at is None and self.stage in (EditionStage.DRAFT, EditionStage.STOPPED)

    @property
    def known_on(self) -> dt.date:
        return local_day(self.known_at)


def stored_path(report_file: models.Model, name: str) -> str:
    """A random name: the private storage says nothing of what it holds."""
    token = secrets.token_hex(16)
    return f"{STORED_IN}/{token[:2]}/{token}"


class ReportFile(models.Model):
    """A file of an edition, given byte for byte for ever."""

    edition = models.ForeignKey(ReportEdition, on_delete=models.CASCADE, related_name="files")
    format = models.CharField("format", max_length=4, choices=ReportFormat)
    sha256 = models.CharField("empreinte", max_length=64)
    size = models.PositiveBigIntegerField("taille")  # bytes
    file = models.FileField("fichier", upload_to=stored_path, editable=False)

    class Meta:
        verbose_name = "fichier d’un rapport"
        verbose_name_plural = "fichiers de rapports"
        constraints = [models.UniqueConstraint(fields=["edition", "format"], name="editions_file_once")]

    def __str__(self) -> str:
        return f"{self.edition_id}.{self.format}"


class ReportText(Record):
    """What people wrote for a section. `to_reread`: it comes from the edition before, and nobody has read it again."""

    edition = models.ForeignKey(ReportEdition, on_delete=models.CASCADE, related_name="texts")
    section = models.CharField("partie", max_length=40)
    body = models.TextField("texte", max_length=LONGEST_WORDS, blank=True)
    to_reread = models.BooleanField("à relire", default=False)

    objects = models.Manager["ReportText"]()

    class Meta:
        verbose_name = "texte d’un rapport"
        verbose_name_plural = "textes de rapports"
        constraints = [models.UniqueConstraint(fields=["edition", "section"], name="editions_text_once")]

    def __str__(self) -> str:
        return self.section


class ReportAccess(models.Model):
    """Somebody who reads an edition, and nothing more. `may_write`: its words. `read_at`: when they read it."""

    edition = models.ForeignKey(ReportEdition, on_delete=models.CASCADE, related_name="accesses")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="report_accesses",
        verbose_name="lecteur",
    )
    may_write = models.BooleanField("peut écrire", default=False)
    given_at = models.DateTimeField("donné le", default=timezone.now, editable=False)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="donné par"
    )
    read_at = models.DateTimeField("relue le", null=True)

    class Meta:
        verbose_name = "lecteur d’un rapport"
        verbose_name_plural = "lecteurs de rapports"
        constraints = [models.UniqueConstraint(fields=["edition", "user"], name="editions_access_once")]

    def __str__(self) -> str:
        return str(self.user)


class PeriodClosing(models.Model):
    """An edition stays the account of a half-year of a territory: no other is published until it is opened again.

    What is frozen is that edition; the figures of the screens go on with what is known.
    """

    area = models.CharField("territoire", max_length=40)
    first_day = models.DateField("premier jour")
    edition = models.ForeignKey(
        ReportEdition, on_delete=models.PROTECT, related_name="closings", verbose_name="édition"
    )
    closed_at = models.DateTimeField("clos le", default=timezone.now, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="clos par"
    )
    reopened_at = models.DateTimeField("rouvert le", null=True, editable=False)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="rouvert par",
    )
    reason = models.CharField("motif de la réouverture", max_length=300, blank=True)

    class Meta:
        verbose_name = "clôture d’un semestre"
        verbose_name_plural = "clôtures de semestres"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "first_day"],
                condition=models.Q(reopened_at__isnull=True),
                name="editions_closed_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} · {self.first_day:%d/%m/%Y}"


class ContributionNudge(models.Model):
    """A structure was asked for what it owes to a half-year: once a week, by somebody or by the weekly reminders."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    first_day = models.DateField("premier jour du semestre")
    week = models.DateField("semaine du")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="auteur"
    )
    sent_at = models.DateTimeField("envoyée le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "relance du semestre"
        verbose_name_plural = "relances du semestre"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "first_day", "week"], name="editions_one_nudge_a_week"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.week:%d/%m/%Y}"


class ContributionRound(models.Model):
    """The reminders of a week were written in the outbox: never again."""

    week = models.DateField("semaine du", unique=True)
    done_at = models.DateTimeField("faite le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "tournée de rappels du semestre"
        verbose_name_plural = "tournées de rappels du semestre"

    def __str__(self) -> str:
        return f"{self.week:%d/%m/%Y}"


def described_options(sections: list[str], cover: str) -> dict[str, Any]:
    """What a territory may choose, and nothing else."""
    return {"sections": sections, "cover": cover}
