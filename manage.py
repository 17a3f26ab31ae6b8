#!/usr/bin/env python
"""Lance les commandes d'administration de Jalons."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalons.config.settings.development")
    execute_from_command_line(sys.argv)
