"""Consent to the use of the face: which text is shown, and the record of who agreed to which. Pure.

New words are a new version, from which on nobody sends a photo before they agreed to it; a face in use stays, under the
text that it was given under. The same version in another language asks nobody again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from motiv8.accounts.consent_texts import TEXTS
from motiv8.clock import rfc3339
from motiv8.errors import ConsentedTooOften, ConsentRequired, ConsentTextOutdated, FieldError, Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motiv8.accounts.consent_texts import Text

UNRECORDED = "unrecorded"
"""In place of a version: consent from before versions were recorded."""
IMPORTED = "imported"
"""In place of a version: consent to the terms of the system that somebody came from."""
MOST = 50
"""Times that somebody may agree: the record is read with each request, and nothing of it is ever taken out."""


CURRENT = TEXTS[0]
"""In English; the version is the same in each language."""


class Record(NamedTuple):
    """One consent: to which text, and from when to when; of a consent without a known text the language is None."""

    version: str
    language: str | None
    given_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def text(self) -> Text | None:
        """The words that were agreed to, where they are ours."""
        return _find(self.version, self.language)


def current(language: str) -> Text:
    """The current text in a language; in English where there is none."""
    return _find(CURRENT.version, language) or CURRENT


def shown(version: str, language: str) -> Text:
    """The current text, by what the client says it has shown. Raises Invalid for none of ours, ConsentTextOutdated."""
    if version not in {each.version for each in TEXTS}:
        raise Invalid(FieldError("body.version", "version_unknown", "unknown version of the text"))
    if version != CURRENT.version:
        raise ConsentTextOutdated
    text = _find(version, language)
    if text is None:
        raise Invalid(FieldError("body.language", "language_unknown", "the text does not exist in this language"))
    return text


def _find(version: str, language: str | None) -> Text | None:
    return next((text for text in TEXTS if (text.version, text.language) == (version, language)), None)


@dataclass(frozen=True, slots=True)
class Consents:
    """All that somebody ever agreed to, as it is `stored`, and `since` when the consent that holds, if any, does.

    What is stored and is not a record stays there through every change.
    """

    stored: Any = None
    since: datetime | None = None

    def history(self) -> list[Record]:
        """Every consent, oldest first; what is not a record is left out."""
        return [record for entry in self._entries() if (record := _parse(entry)) is not None]

    @property
    def is_current(self) -> bool:
        """Whether the consent that holds, if any, is to the current text."""
        return self.since is not None and any(
            record.version == CURRENT.version for record in self.history() if record.withdrawn_at is None
        )

    def check_current(self) -> None:
        """Raise ConsentRequired unless the current text is agreed to."""
        if not self.is_current:
            raise ConsentRequired

    def given(self, record: Record) -> Consents:
        """With a consent more. Raises ConsentedTooOften."""
        entries = self._entries()
        if len(entries) >= MOST:
            raise ConsentedTooOften(MOST)
        return Consents([*entries, _entry(record)], record.given_at)

    def withdrawn(self, now: datetime) -> Consents:
        """With every consent that holds withdrawn."""
        return Consents([_closed(entry, now) for entry in self._entries()] or None, None)

    def _entries(self) -> Sequence[Any]:
        stored = self.stored
        entries = stored if isinstance(stored, list) else [] if stored is None else [stored]
        is_open = any(record.withdrawn_at is None for record in map(_parse, entries) if record is not None)
        if self.since is not None and not is_open:
            entries = [*entries, _entry(Record(UNRECORDED, None, self.since))]
        return entries


def _closed(entry: Any, now: datetime) -> Any:
    record = _parse(entry)
    if record is None or record.withdrawn_at is not None:
        return entry
    return _entry(record._replace(withdrawn_at=now))


def _entry(record: Record) -> dict[str, str | None]:
    return {
        "version": record.version,
        "language": record.language,
        "given_at": rfc3339(record.given_at),
        "withdrawn_at": rfc3339(record.withdrawn_at) if record.withdrawn_at else None,
    }


def _parse(entry: Any) -> Record | None:
    try:
        given_at, withdrawn_at = (
            entry[name] and datetime.fromisoformat(entry[name]).astimezone(UTC) for name in ("given_at", "withdrawn_at")
        )
        language = entry["language"] and str(entry["language"])
        return Record(str(entry["version"]), language, given_at, withdrawn_at) if given_at else None
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
