"""What a layer may hold. What is drawn on a page is bounded apart, whatever the file weighs."""

from typing import Any

MOST_BYTES = 10 * 1024 * 1024  # of the file
MOST_FEATURES = 5_000
MOST_VERTICES = 100_000
MOST_LAYERS = 50  # of one organisation
MOST_SHOWN = 8  # layers drawn at once on a map
DRAWN_SHAPES = 300_000  # characters of the coordinates sent to a map
DRAWN_LAYER = 500_000  # bytes of all that is sent to a map for one layer


def reading_limits() -> dict[str, Any]:
    return {"features": MOST_FEATURES, "vertices": MOST_VERTICES, "drawn": DRAWN_SHAPES}
