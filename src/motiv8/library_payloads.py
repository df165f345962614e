"""What the machines `document` and `library` are started with, what their steps are given, and what the steps answer.

The definitions, events and steps are tested against these types as against those of `motiv8.payloads`.
"""

# Without `from __future__ import annotations`: at run time a TypedDict must know which of its keys are required.
from typing import Literal, NotRequired, TypedDict

DocumentTask = Literal["read", "index", "remove", "probe"]
"""Take a document in from its file, tell the index of its title and tags, or remove all of it.

`probe` has the index know the passage by which it is known to answer.
"""


class DocumentOrder(TypedDict):
    """Starts the machine `document`: a task, or `name` with the `key` of the file that came, `originals/{document}`."""

    task: Literal[DocumentTask, "name"]
    correlation_id: str
    document_id: NotRequired[str]
    key: NotRequired[str]


class LibraryOrder(TypedDict):
    """Starts the machine `library`: nothing from the schedule; after a restore, `rebuild` whatever its value."""

    rebuild: NotRequired[bool]


class LibraryStep(TypedDict):
    """Given to every step of the library's worker."""

    step: str
    correlation_id: str


class DocumentStep(LibraryStep):
    """Given to a step that works on one document."""

    document_id: str


class DocumentRunStep(DocumentStep):
    """Given to a step that works on a document for one execution, `run`."""

    run: str


class FailedDocument(DocumentRunStep):
    """Given to `record_document_failure`."""

    reason: Literal["unreadable", "internal_error"]


class DocumentsStep(LibraryStep):
    """Given to a step that goes through all documents, some at a call: on from `after`, or from the start."""

    after: NotRequired[str | None]


class TakenIn(TypedDict):
    """How far a document is; `reason` says why it `failed`.

    `running` while another execution works on it, `missing` when there is no file, `gone` when it is removed.
    """

    outcome: Literal["read", "embedded", "more", "ready", "failed", "waiting", "running", "missing", "gone"]
    reason: NotRequired[str]


class Removed(TypedDict):
    """What became of a document that was to be removed; one that nobody marked for it is `kept`."""

    outcome: Literal["removed", "kept"]


class Indexed(TypedDict):
    """The answer of `index_probe`."""

    outcome: Literal["indexed"]


class GoneThrough(TypedDict):
    """How far a step that goes through all documents is, and `after` which one the next call goes on."""

    outcome: Literal["done", "more"]
    after: str | None


class Reindexed(TypedDict):
    """Whether passages of another model are left, and how many."""

    outcome: Literal["done", "more"]
    left: int


class Compacted(TypedDict):
    """What the index holds once it is up to date."""

    outcome: Literal["compacted"]
    passages: int
    waiting: int
    versions: int


LIBRARY_ORDERS: dict[str, type] = {"document": DocumentOrder, "library": LibraryOrder}
"""Machine → what starts it."""
