"""Invented facts, and the reports made of them. `python -m tests.editions.twin 3` makes both in the base that the
environment names, and prints the SHA-256 of each file of the first three reports.
"""

import datetime as dt
import json
import os
import sys

import django

DAY = dt.date(2026, 6, 30)
TODAY = dt.date(2026, 7, 20)
ASKED = dt.datetime(2026, 7, 20, 10, tzinfo=dt.UTC)
# Which report, of which territory (none: of their structure), for whom, in which language.
REPORTS = (
    ("observatoire", "departement-59", "correspondant59", "fr"),
    ("bilan", "departement-59", "national", "en"),
    ("activite", "", "operateur-a", "fr"),
)


def digests(many: int) -> dict[str, str]:
    from jalons.accounts.models import User  # noqa: PLC0415  # once Django is ready
    from jalons.demonstration import world  # noqa: PLC0415
    from jalons.demonstration.people import DOMAIN  # noqa: PLC0415
    from tests.demonstration.conftest import make_communes  # noqa: PLC0415
    from tests.editions.making import make_edition  # noqa: PLC0415

    make_communes()
    world.build(today=TODAY, sites=24, surveys_a_site=3, actions=24, follow_ups=2)
    written = {}
    for kind, area, name, language in REPORTS[:many]:
        user = User.objects.get(email=f"{name}@{DOMAIN}")
        place = area or f"operateur-{user.active_memberships[0].organisation_id}"
        edition = make_edition(user, kind=kind, area=place, day=DAY, now=ASKED, language=language)
        written |= {f"{kind}.{row.format}": row.sha256 for row in edition.files.all()}
    return written


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalons.config.settings.test")
    django.setup()
    from jalons.core.tables import make_or_migrate  # noqa: PLC0415

    make_or_migrate()
    json.dump(digests(int(sys.argv[1])), sys.stdout)


if __name__ == "__main__":
    main()
