"""The Chromium of this machine, which the mail's preview and the browser tests drive."""

from __future__ import annotations

import shutil

_WITHOUT_WINDOWS = "chromium-headless-shell"
_WHOLE = ("chromium", "google-chrome")


def chromium(*, whole: bool = False) -> str:
    """Where it is; `whole` with all that surrounds the pages, such as notifications. Raises RuntimeError.

    The one without windows, where there is one, takes a quarter of the time.
    """
    for name in _WHOLE if whole else (_WITHOUT_WINDOWS, *_WHOLE):
        if found := shutil.which(name):
            return found
    raise RuntimeError("Chromium is missing: apt-get install chromium")
