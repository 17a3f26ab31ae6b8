from django.apps import AppConfig

from jalons.core import periodic


class ImportsConfig(AppConfig):
    name = "jalons.imports"
    label = "imports"
    verbose_name = "Reprise de tableaux"

    def ready(self) -> None:
        periodic.register(periodic.Job(60, "Reprises interrompues", "jalons.imports.jobs.give_back"))
        periodic.register(periodic.Job(61, "Aperçus oubliés", "jalons.imports.jobs.forget_previews"))
        periodic.register(
            periodic.Job(62, "Fichiers de tableaux oubliés", "jalons.imports.jobs.forget_files")
        )
