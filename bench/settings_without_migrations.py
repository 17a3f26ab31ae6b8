"""To make the tables of a base at once, as the models say."""

from bench.settings import *  # noqa: F403


class NoMigrations:
    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: object) -> None:
        return None


MIGRATION_MODULES = NoMigrations()
