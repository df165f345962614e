"""A document of the library: what is said of it, how far its processing is, and what came of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

DocumentStatus = Literal["waiting", "processing", "ready", "failed", "deleting"]

TAKEN_OVER_AFTER = timedelta(hours=1)
"""After this long a run that says nothing is taken for lost; a step with its retries takes less."""
WAITS_FOR = timedelta(days=1)
"""After this long a file is waited for no longer."""
_PENDING = frozenset({"waiting", "processing"})


class Description(NamedTuple):
    """What is said of a document; without a title the file's name stands for it."""

    title: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    language: str | None = None
    tags: frozenset[str] = frozenset()


class Extent(NamedTuple):
    """How much text was read; `pages` stays None for a format without pages."""

    pages: int | None = None
    passages: int | None = None
    characters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryDocument:
    """One file in one namespace.

    `listed_at` is its place in lists; `created_by` is its importer, while they have an account. `run` is the execution
    that works on it, and `run_at` when that last said so. `version` counts how often it was saved.
    """

    document_id: str
    namespace: str
    listed_at: str
    created_at: datetime
    updated_at: datetime
    file_name: str
    content_type: str
    size: int
    sha256: str
    status: DocumentStatus
    created_by: str | None = None
    description: Description = field(default_factory=Description)
    extent: Extent = field(default_factory=Extent)
    reason: str | None = None
    run: str | None = None
    run_at: datetime | None = None
    version: int = 0

    @property
    def shown_title(self) -> str:
        """What people know it by."""
        return self.description.title or self.file_name

    @property
    def passages_found(self) -> tuple[int, int]:
        """What it adds to its namespace's documents and passages: nothing before it is ready."""
        return (1, self.extent.passages or 0) if self.status == "ready" else (0, 0)

    def has_tag(self, tag: str | None) -> bool:
        """Whether it has this tag; every document has None."""
        return tag is None or tag in self.description.tags

    def is_of(self, run: str) -> bool:
        """Whether this run works on it."""
        return self.status == "processing" and self.run == run

    def is_given_up(self, now: datetime) -> bool:
        """Whether its file did not come for a day."""
        return self.status == "waiting" and self.updated_at <= now - WAITS_FOR

    def announced_again(self, newer: LibraryDocument) -> LibraryDocument:
        """Waiting for its file as another announcement describes it, unless the file is there and can be read."""
        if self.status not in {"waiting", "failed"}:
            return self
        return replace(
            newer,
            listed_at=self.listed_at,
            created_at=self.created_at,
            version=self.version,
        )

    def described(self, description: Description, now: datetime) -> LibraryDocument:
        """With something else said of it; one that is being removed stays as it is."""
        if self.status == "deleting":
            return self
        return replace(self, description=description, updated_at=now)

    def without_importer(self, user_id: str) -> LibraryDocument:
        """Not known to come from this person."""
        return replace(self, created_by=None) if self.created_by == user_id else self

    def removed(self, now: datetime) -> LibraryDocument:
        """Gone for everybody."""
        return self if self.status == "deleting" else replace(self, status="deleting", updated_at=now)

    def begun(self, run: str, now: datetime) -> LibraryDocument:
        """Being worked on by this run, unless that is done or another run does."""
        if not self._is_open_to(run, now):
            return self
        return replace(self, status="processing", run=run, run_at=now, updated_at=now)

    def put_back(self, run: str, now: datetime) -> LibraryDocument:
        """Waiting for its file again, which this run did not find."""
        return self._ended("waiting", now) if self.is_of(run) else self

    def read(self, run: str, title: str | None, language: str | None, extent: Extent) -> LibraryDocument:
        """With what this run read, and with the file's own title and language where nobody said them."""
        if not self.is_of(run):
            return self
        said = self.description
        description = said._replace(title=said.title or title, language=said.language or language)
        return replace(self, description=description, extent=extent)

    def ready(self, run: str, now: datetime) -> LibraryDocument:
        """Found from now on."""
        return self._ended("ready", now) if self.is_of(run) else self

    def failed(self, run: str, reason: str, now: datetime) -> LibraryDocument:
        """Not taken in by this run, for a reason that the app tells."""
        if not self._is_open_to(run, now):
            return self
        return replace(self._ended("failed", now), reason=reason, extent=Extent())

    def started_over(self, now: datetime) -> LibraryDocument:
        """To be taken in anew, as if its file had just come; one that is not ready stays as it is."""
        return replace(self._ended("waiting", now), extent=Extent()) if self.status == "ready" else self

    def _is_open_to(self, run: str, now: datetime) -> bool:
        """Whether there is work, and no other run that said so not long ago does it."""
        has_another = self.run not in {None, run} and self.run_at is not None and self.run_at > now - TAKEN_OVER_AFTER
        return self.status in _PENDING and not has_another

    def _ended(self, status: DocumentStatus, now: datetime) -> LibraryDocument:
        return replace(self, status=status, reason=None, updated_at=now, run=None, run_at=None)
