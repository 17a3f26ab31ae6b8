from collections.abc import Iterable, Iterator

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

UNUSED = ["*.rtl.*", "bootstrap-*", "bootstrap.css*", "*-src.*"]


class PackagesFinder(FileSystemFinder):
    """Files of the npm packages but the variants that no page names: collecting takes 4 s instead of 34."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        return iter(super().list([*(ignore_patterns or []), *UNUSED]))
