"""What is done by the clock: each app registers its jobs in `ready()`, `manage.py periodic` runs them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.module_loading import import_string

Run = Callable[[], str]


class JobFailed(Exception):
    """A job did not do all it should, for a reason that it can tell: one French sentence."""


@dataclass(frozen=True, slots=True)
class Job:
    """`run` does the work and answers what it did, in one French sentence; `JobFailed` when it could not.

    It may be named instead (« jalons.discussions.notifications.send_mails »): an `apps.py` cannot import what
    imports models. Two runs at the same time, on one machine or several, must do no harm and there is no lock:
    a job either takes each thing with a conditional UPDATE, or writes under a unique key.
    """

    order: int
    name: str
    run: Run | str


_jobs: dict[str, Job] = {}


def register(job: Job) -> None:
    """Adds a job, in place of one of the same name."""
    _jobs[job.name] = job


def jobs() -> list[Job]:
    """In the order in which they run."""
    return sorted(_jobs.values(), key=lambda job: (job.order, job.name))


def run(job: Job) -> str:
    work: Run = import_string(job.run) if isinstance(job.run, str) else job.run
    return work()
