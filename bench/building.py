"""Fills an empty base, in one process: `python -m bench.building`, then the options of `manage.py demonstration`."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.core.management import call_command

from jalons.core.tables import make_or_migrate


def build(options: list[str]) -> None:
    make_or_migrate()
    call_command("load_territories")
    call_command("demonstration", *options)


if __name__ == "__main__":
    build(sys.argv[1:])
