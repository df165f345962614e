"""A person's photo: how far the one sent last is, and which one's face is in use. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

TAKEN_OVER_AFTER = timedelta(minutes=15)
"""After this long a run that took a photo on is taken for lost; with its retries an extraction takes less."""
_PENDING = frozenset({"waiting", "processing"})


@dataclass(frozen=True, slots=True)
class Photo:
    """The photo sent last, and the face in use, which stays while a newer photo is pending or was rejected.

    `status` is `waiting`, `processing`, `ready` or `rejected`; `run` is the execution that has the photo in work. All
    is None where no photo was sent.
    """

    selfie_id: str | None = None
    status: str | None = None
    reason: str | None = None
    content_type: str | None = None
    updated_at: datetime | None = None
    run: str | None = None
    face_selfie_id: str | None = None
    embedding_key: str | None = None

    @property
    def has_face(self) -> bool:
        """Whether pictures can be made."""
        return self.embedding_key is not None

    @property
    def is_pending(self) -> bool:
        """Whether something must still happen to the photo."""
        return self.status in _PENDING

    @property
    def pending_since(self) -> datetime | None:
        """Since when the photo is as it is, while something must still happen to it."""
        return self.updated_at if self.is_pending else None

    def awaits(self, selfie_id: str) -> bool:
        """Whether this is the photo that something must still happen to."""
        return self.selfie_id == selfie_id and self.is_pending

    def is_of_another_run(self, run: str, now: datetime) -> bool:
        """Whether another run took the photo on, and not so long ago that it must be lost."""
        since = self.updated_at
        return self.run not in {None, run} and since is not None and since > now - TAKEN_OVER_AFTER

    def with_upload(self, selfie_id: str, content_type: str, now: datetime) -> Photo:
        """Waiting for a new photo, which takes the place of the one sent before."""
        return replace(self._now("waiting", now), selfie_id=selfie_id, content_type=content_type)

    def taken_on(self, run: str, now: datetime) -> Photo:
        """In work by this run."""
        return replace(self._now("processing", now), run=run)

    def accepted(self, embedding_key: str, now: datetime) -> Photo:
        """Done: this photo's face is the one in use."""
        return replace(self._now("ready", now), face_selfie_id=self.selfie_id, embedding_key=embedding_key)

    def rejected(self, reason: str, now: datetime) -> Photo:
        """Of no use, for a reason of the catalogue or `internal_error`."""
        return replace(self._now("rejected", now), reason=reason)

    def never_came(self, now: datetime) -> Photo:
        """Waited for no longer: the photo of the face in use, if any, is the current one again."""
        if self.face_selfie_id is None:
            return Photo(embedding_key=self.embedding_key)
        return replace(self._now("ready", now), selfie_id=self.face_selfie_id)

    def _now(self, status: str, now: datetime) -> Photo:
        return replace(self, status=status, reason=None, run=None, updated_at=now)
