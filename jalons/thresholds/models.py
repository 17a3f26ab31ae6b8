"""What the national administration set. No row: the default of `enums.BOUNDS`."""

from django.db import models

from jalons.history.models import Record
from jalons.thresholds.enums import ThresholdCode


class Threshold(Record):
    code = models.CharField("seuil", max_length=30, choices=ThresholdCode, unique=True)
    days = models.PositiveSmallIntegerField("jours")

    class Meta:
        verbose_name = "seuil"

    def __str__(self) -> str:
        return self.get_code_display()
