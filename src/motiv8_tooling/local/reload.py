"""A change under `src/` is live at once: the functions' workers are replaced by fresh ones."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

from watchfiles import PythonFilter, watch

from motiv8_tooling.local.provisioning import ENVIRONMENT, PROJECT, client, deployed, entry_points

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from motiv8_tooling.local.emulator import Emulator


def refresh(emulator: Emulator, change: int) -> None:
    """Give each function new code, which differs by a comment: the emulator then starts it afresh."""
    functions = client("lambda", emulator)
    lines = {f"motiv8-{name}-{ENVIRONMENT}": line for name, line in entry_points().items()}
    for name in lines.keys() & deployed(functions).keys():
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as package:
            package.writestr("index.py", f"{lines[name]}# change {change}\n")
        functions.update_function_code(FunctionName=name, ZipFile=archive.getvalue())


class Reloader:
    """Watches a folder in a thread and refreshes the functions on every change in it."""

    def __init__(
        self, emulator: Emulator, announce: Callable[[str], None], folder: Path = PROJECT / "src" / "motiv8"
    ) -> None:
        self._stop = Event()
        self._thread = Thread(target=self._watch, args=(emulator, announce, folder), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(5)

    def _watch(self, emulator: Emulator, announce: Callable[[str], None], folder: Path) -> None:
        for number, changes in enumerate(
            watch(folder, watch_filter=PythonFilter(), stop_event=self._stop, debounce=200), start=1
        ):
            refresh(emulator, number)
            names = sorted({Path(path).name for _, path in changes})
            announce(f"reloaded: {', '.join(names)}")
