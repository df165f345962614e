"""One run of an import: files go in side by side, while the documents that the library works on are waited for."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

from motiv8_tooling.client.person import ApiError
from motiv8_tooling.client.service_user import SignInFailed, Unreachable
from motiv8_tooling.operations.document_import.importer import Importer, NoImporter
from motiv8_tooling.operations.document_import.report import ImportedFile, ImportReport

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from motiv8_tooling.client.service_user import ServiceUser
    from motiv8_tooling.operations.document_import.folder import DocumentFile, FolderContent
    from motiv8_tooling.operations.document_import.progress import Progress

_ASKED_AT_ONCE = 8
_ASKED_A_SECOND = 5.0
"""Of the ten requests a second that the API answers for each person; the rest is for bringing files in."""
_LONGEST_WAIT = 0.5
_PATIENCE = 15 * 60.0
_STOPPED = "stopped; the same command goes on where this one ended"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import; without `apply` nothing is written, without `wait` no document is waited for."""

    namespace: str
    apply: bool = True
    wait: bool = True
    parallel: int = 4


def run(
    user: ServiceUser,
    content: FolderContent,
    options: ImportOptions,
    progress: Progress,
    clock: Callable[[], float] = time.monotonic,
) -> ImportReport:
    """Bring all files in. What stops the import midway stands in the report. Raises ApiError before that."""
    report = ImportReport(options.apply)
    report.files += [ImportedFile(name, "skipped", why) for name, why in content.skipped.items()]
    importer = Importer(user, options.namespace, options.apply)
    importer.look()
    _Run(importer, report, options, progress, clock).over(content.files)
    progress.end()
    return report


class _Run:
    def __init__(
        self,
        importer: Importer,
        report: ImportReport,
        options: ImportOptions,
        progress: Progress,
        clock: Callable[[], float],
    ) -> None:
        self._importer, self._report, self._options = importer, report, options
        self._progress, self._clock = progress, clock
        # What is worked on there, the one that was not asked about for the longest time first.
        self._waiting: deque[ImportedFile] = deque()
        self._running: set[Future[tuple[ImportedFile, bool]]] = set()
        self._changed_at = self._ask_at = clock()

    def over(self, files: list[DocumentFile]) -> None:
        stopped = Event()
        # Whatever a thread waits for, it ends when the run does.
        self._importer.user.pause = stopped.wait
        with ThreadPoolExecutor(self._options.parallel) as threads:
            self._running = {threads.submit(self._importer.bring, file) for file in files}
            try:
                self._follow()
            except (NoImporter, SignInFailed, Unreachable) as error:
                self._report.stopped = f"{error} Files that are not in the report were not brought in."
            except KeyboardInterrupt:
                self._report.stopped, self._report.interrupted = _STOPPED, True
            finally:
                stopped.set()
                threads.shutdown(cancel_futures=True)
        for each in self._running:
            if not each.cancelled() and each.exception() is None:
                self._note(*each.result())
        # They are in, and the library goes on by itself.
        self._report.files += self._waiting

    def _follow(self) -> None:
        while self._running or self._waiting:
            if self._running:
                done, _ = wait(self._running, timeout=_LONGEST_WAIT, return_when=FIRST_COMPLETED)
                for each in done:
                    self._note(*each.result())
                    self._running.discard(each)
            else:
                time.sleep(max(0.0, self._ask_at - self._clock()))
            if self._waiting and self._clock() >= self._ask_at:
                self._ask()
            if self._waiting and self._clock() - self._changed_at > _PATIENCE:
                self._give_up()
            self._tell()

    def _note(self, file: ImportedFile, is_pending: bool) -> None:
        self._changed_at = self._clock()
        if is_pending and self._options.wait:
            self._waiting.append(file)
        else:
            self._report.files.append(file)

    def _give_up(self) -> None:
        why = f"is still being processed after {_PATIENCE / 60:.0f} minutes; run the import again later"
        self._report.files += [replace(each, outcome="failed", why=why) for each in self._waiting]
        self._waiting.clear()

    def _ask(self) -> None:
        asked = min(_ASKED_AT_ONCE, len(self._waiting))
        self._ask_at = self._clock() + asked / _ASKED_A_SECOND
        for _ in range(asked):
            file = self._waiting.popleft()
            try:
                document = self._importer.settled(file.document_id or "")
            except (SignInFailed, Unreachable):
                self._waiting.append(file)
                raise
            except ApiError as error:
                self._note(replace(file, outcome="failed", why=str(error)), False)
                continue
            if document is None:
                self._waiting.append(file)
            elif document["status"] == "failed":
                self._note(replace(file, outcome="failed", why=document["message"]), False)
            else:
                self._note(file, False)

    def _tell(self) -> None:
        looked_at = len(self._report.files) + len(self._waiting)
        failed = sum(file.outcome == "failed" for file in self._report.files)
        self._progress.tell(looked_at, failed, len(self._waiting))
