"""The Chromium of this machine, which the mail's preview and the browser tests drive."""

from __future__ import annotations

import shutil


def chromium() -> str:
    """Where it is. Raises RuntimeError."""
    for name in ("chromium", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise RuntimeError("Chromium is missing: apt-get install chromium")
