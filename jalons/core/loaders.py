"""How templates are read: their indentation is for who writes them, and is not sent."""

import re

from django.template.base import Origin
from django.template.loaders.app_directories import Loader as AppDirectories

# Lines stay where they are, so that an error still names the right one.
INDENTATION = re.compile(r"\n[ \t]+")


class Loader(AppDirectories):
    """Templates of pages without the spaces that begin their lines; those of mails as they are."""

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return INDENTATION.sub("\n", contents) if origin.name.endswith(".html") else contents
