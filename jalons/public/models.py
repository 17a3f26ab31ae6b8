"""Editions of the open figures. What is public is written apart from what is counted: an open page reads that alone."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from jalons.accounts.models import Organisation, User
from jalons.public.enums import EditionState


class OpenEdition(models.Model):
    """Half-years counted and protected together. `beside`: the last edition that was out when it was prepared: the
    audit holds beside those, and no other. `verdict`: what the audit tells (`preparing.verdict_of`).

    `pulse_at`: when the worker last said that it is at work; `attempts`: how often the work was begun.
    """

    number = models.PositiveIntegerField("édition", unique=True)
    state = models.CharField("état", max_length=9, choices=EditionState, default=EditionState.PREPARING)
    first = models.CharField("premier semestre", max_length=7)
    last = models.CharField("dernier semestre", max_length=7)
    known_on = models.DateField("ce que l’on savait le")
    beside = models.PositiveIntegerField("après l’édition", default=0)
    verdict = models.JSONField("contrôle", default=dict)
    failure = models.CharField("arrêt", max_length=300, blank=True)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="demandée par"
    )
    asked_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    asked_at = models.DateTimeField("demandée le", default=timezone.now, editable=False)
    pulse_at = models.DateTimeField("signe de vie", null=True, editable=False)
    attempts = models.PositiveSmallIntegerField("tentatives", default=0)
    published_at = models.DateTimeField("publiée le", null=True)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="publiée par"
    )
    withdrawn_at = models.DateTimeField("retirée le", null=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="retirée par"
    )
    withdrawal_reason = models.CharField("motif du retrait", max_length=300, blank=True)

    class Meta:
        verbose_name = "édition des chiffres ouverts"
        verbose_name_plural = "éditions des chiffres ouverts"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Édition {self.number}"


class CountedHalfYear(models.Model):
    """What an edition counted of a half-year, hidden figures included: for the audit of later ones, never for a page
    that is open to all. `cells`: see `storing`.
    """

    edition = models.ForeignKey(OpenEdition, on_delete=models.CASCADE, related_name="counted")
    half_year = models.CharField("semestre", max_length=7)
    cells = models.JSONField("chiffres comptés")

    class Meta:
        verbose_name = "semestre compté"
        verbose_name_plural = "semestres comptés"
        constraints = [
            models.UniqueConstraint(fields=["edition", "half_year"], name="public_counted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}, {self.half_year}"


class OpenHalfYear(models.Model):
    """What everybody may read of a half-year, « c » in place of what is hidden. Written when an edition is published,
    never changed; `is_out` falls when the edition is withdrawn. `fingerprint`: SHA-256 of `content`.
    """

    edition = models.ForeignKey(OpenEdition, on_delete=models.PROTECT, related_name="opened")
    half_year = models.CharField("semestre", max_length=7)
    content = models.JSONField("chiffres ouverts")
    fingerprint = models.CharField("empreinte", max_length=64)
    is_out = models.BooleanField("publié", default=True)

    class Meta:
        verbose_name = "semestre ouvert"
        verbose_name_plural = "semestres ouverts"
        constraints = [
            models.UniqueConstraint(fields=["edition", "half_year"], name="public_opened_once"),
        ]
        indexes = [models.Index(fields=["half_year", "-edition"], name="public_by_half_year")]

    def __str__(self) -> str:
        return f"{self.edition_id}, {self.half_year}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("what is out is known for ever")
