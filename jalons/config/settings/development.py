"""`make run`: the product as people will see it, on this machine, plus the page of components."""

from jalons.config.settings.base import *  # noqa: F403
from jalons.config.settings.base import env

DEBUG = env.bool("JALONS_DEBUG", False)
COMPONENTS_PAGE = True
