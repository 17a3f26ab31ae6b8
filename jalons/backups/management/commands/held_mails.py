"""`manage.py held_mails`: after a restoration, what waits for someone's word before it leaves, or never does."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jalons.backups.queues import all_held, queues
from jalons.backups.services.restoring import resume_mails
from jalons.core.values import plural

ALL = "tous"


class Command(BaseCommand):
    help = (
        "Courriels « à confirmer »\u00a0: ils attendaient dans la sauvegarde restaurée, ou ont été refaits depuis, "
        "et sont peut-être déjà partis. Sans option, les montre."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        names: dict[str, Any] = {"nargs": "+", "metavar": "NOM", "default": []}
        what.add_argument(
            "--send", help="les laisse partir au prochain passage (« tous », ou des noms)", **names
        )
        what.add_argument("--resume", action="store_true", help="tout est vu\u00a0: les envois reprennent")
        what.add_argument("--drop", help="ne partiront jamais (« tous », ou des noms)", **names)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["resume"]:
            self.stdout.write(
                "Les envois reprennent." if resume_mails() else "Les envois n’étaient pas arrêtés."
            )
            return
        held = all_held()
        asked = options["send"] or options["drop"]
        if not asked:
            for mail in held:
                self.stdout.write(f"{mail.key}  {mail.label}")
            self.stdout.write(f"{len(held)} {plural(len(held), 'courriel', 'courriels')} à confirmer.")
            return
        known = {mail.key for mail in held}
        keys = sorted(known) if asked == [ALL] else asked
        if unknown := sorted(set(keys) - known):
            raise CommandError(f"Pas à confirmer\u00a0: {', '.join(unknown)}.")
        done = sum(
            queue.release_held(keys) if options["send"] else queue.drop_held(keys) for queue in queues()
        )
        what = plural(done, "courriel partira", "courriels partiront")
        never = plural(done, "courriel ne partira pas", "courriels ne partiront pas")
        self.stdout.write(f"{done} {what if options['send'] else never}.")
