"""A variable that a template names and nobody gives is a mistake, not an empty text."""

import sys
from pathlib import Path
from types import FrameType

import django

DJANGO = Path(django.__file__).parent


class AbsentVariableError(AssertionError):
    pass


class AbsentVariable(str):
    """What Django formats with the name of an absent variable (`string_if_invalid`); raises instead.

    Django's own templates (forms, widgets) rely on absent variables being empty: they are let through.
    """

    def __new__(cls) -> "AbsentVariable":
        return super().__new__(cls, "«VARIABLE ABSENTE : %s»")

    def __mod__(self, variable: object) -> str:
        origin = rendering_template(sys._getframe(1))
        if DJANGO in Path(origin).parents:
            return ""
        raise AbsentVariableError(f"variable absente : « {variable} », dans le gabarit {origin}")


def rendering_template(frame: FrameType | None) -> str:
    """File of the template that is being rendered by the callers of `frame`."""
    while frame is not None:
        context = frame.f_locals.get("context")
        template = getattr(getattr(context, "render_context", None), "template", None)
        if template is not None:
            return str(template.origin)
        frame = frame.f_back
    return "inconnu"
