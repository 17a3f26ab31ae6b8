"""What arrives from a browser, before any form sees it."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, SkipFile
from django.urls import Resolver404, resolve

TOO_LARGE = "too_large_files"


class LimitedUpload(FileUploadHandler):
    """Drops a file as soon as those of the request pass `DOCUMENT_MAX_BYTES`; the rest of the form is kept.

    First of `FILE_UPLOAD_HANDLERS`: nothing that is too large is written on the disk. The names of the fields
    whose file was dropped are in `request.too_large_files`.
    """

    received = 0  # bytes, of all the files of this request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.DOCUMENT_MAX_BYTES:
            dropped = dropped_files(self.request)
            dropped.add(str(self.field_name))
            setattr(self.request, TOO_LARGE, dropped)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None  # the next handlers hold the file


class SealedUpload(MemoryFileUploadHandler):
    """What is sent to a page whose view is `sealed` (the register of families) stays in memory, whatever its size."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        request: Any = self.request
        try:
            view = resolve(request.path_info).func
        except Resolver404:
            view = None
        self.activated = bool(getattr(view, "sealed", False))


def dropped_files(request: Any) -> set[str]:
    """The fields of this POST whose file was too large."""
    request.POST  # noqa: B018  # reading the form is what drops them
    return getattr(request, TOO_LARGE, set())
