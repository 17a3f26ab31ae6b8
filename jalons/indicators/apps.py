from django.apps import AppConfig

from jalons.actions.sheet.stories import register_story
from jalons.figures.declared import register_figures


class IndicatorsConfig(AppConfig):
    name = "jalons.indicators"
    label = "indicators"
    verbose_name = "Indicateurs"

    def ready(self) -> None:
        register_story("jalons.indicators.story.follow_story")
        register_figures("jalons.indicators.figures.FAMILIES")
