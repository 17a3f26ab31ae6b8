"""What every part of a convention has: its place, and what its file said that Jalons only keeps."""

from django.db import models

from jalons.history.models import Record


class Piece(Record):
    """A part of a convention, in the order in which it is printed.

    `kept`: keys of the exchange file that have no column here (unknown ones, cross references of the
    transcription) and the way empty ones were written, so that an export gives back what an import received.
    """

    position = models.PositiveIntegerField("ordre", default=0)
    kept = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class Droppable(Piece):
    """A part that bears facts: taken out of the page, it stays in the base with them (`dropped`)."""

    dropped = models.BooleanField("ôtée", default=False, editable=False)

    class Meta(Piece.Meta):
        abstract = True
