from django.apps import AppConfig

from jalons.core import periodic
from jalons.imports.enums import TargetKind
from jalons.imports.targets import described, fields, national


class ImportsConfig(AppConfig):
    name = "jalons.imports"
    label = "imports"
    verbose_name = "Reprise de tableaux"

    def ready(self) -> None:
        fields.MADE[TargetKind.ACTIONS] = national.national_target
        fields.MADE[TargetKind.DESCRIPTIONS] = described.described_target
        periodic.register(periodic.Job(60, "Reprises interrompues", "jalons.imports.jobs.give_back"))
        periodic.register(periodic.Job(61, "Aperçus oubliés", "jalons.imports.jobs.forget_previews"))
        periodic.register(
            periodic.Job(62, "Fichiers de tableaux oubliés", "jalons.imports.jobs.forget_files")
        )
