"""`manage.py periodic`: what is done by the clock, called every few minutes by systemd or cron."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from jalons.core.periodic import Job, JobFailed, jobs, run
from jalons.core.values import plural

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Fait ce qui doit l’être régulièrement (envoi des courriels…), une ligne par tâche. À appeler toutes les "
        "cinq minutes\u00a0; deux passages à la fois ne se gênent pas."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        planned = jobs()
        failed = [job.name for job in planned if not self.does(job)]
        if failed:
            count = f"{len(failed)} {plural(len(failed), 'tâche', 'tâches')} sur {len(planned)}"
            raise CommandError(f"{count} en échec\u00a0: {', '.join(failed)}.")

    def does(self, job: Job) -> bool:
        """One job, whose failure neither stops nor hides the others."""
        try:
            outcome, done = run(job), True
        except JobFailed as error:
            outcome, done = f"échec. {error}", False
        except Exception:
            logger.exception("Tâche périodique « %s »", job.name)
            outcome, done = "échec, la cause est dans le journal.", False
        self.stdout.write(f"{job.name}\u00a0: {outcome}")
        self.stdout.flush()
        # The next job does not inherit a connection that this one broke. Called inside a transaction, we keep ours.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        return done
