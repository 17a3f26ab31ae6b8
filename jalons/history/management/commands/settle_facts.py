"""`manage.py settle_facts` : recalcule, de tous les faits, ce que chaque écriture en déduit (depuis quand et jusqu’à
quand un fait vaut, à quoi un recensement se compare). Rejouée, elle ne change rien.
"""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from jalons.core.values import format_number
from jalons.history.models import Standing
from jalons.history.services import settle_subjects

BATCH = 500  # subjects


class Command(BaseCommand):
    help = "Recalcule ce qui se déduit des faits."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            if issubclass(model, Standing):
                subjects = model._default_manager.order_by().values_list(f"{model.SUBJECT}_id", flat=True)
                keys = sorted(set(subjects.distinct()))
                for start in range(0, len(keys), BATCH):
                    settle_subjects(model, keys[start : start + BATCH])
                self.stdout.write(f"{model._meta.verbose_name_plural} : {format_number(len(keys))} sujets")
