"""Where the machine's Chromium is. Only the standard library, for `scripts/test`."""

import os
import shutil

# The shell draws the same pages without a window: a quarter less work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Path of Chromium: `JALONS_CHROMIUM` when set, else what PATH holds."""
    return os.environ.get("JALONS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
