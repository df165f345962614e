"""ETags and the requests that name them (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from motiv8.errors import PreconditionFailed

if TYPE_CHECKING:
    from pydantic import BaseModel

_OPAQUE_TAG = re.compile(r'"[^"]*"')


def entity_tag(answer: BaseModel, without: Any = None) -> str:
    """The ETag of an answer, made of all that it says but the fields `without` (as pydantic's `exclude` takes them)."""
    said = answer.model_dump_json(exclude=without)
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def is_named(tag: str, header: str) -> bool:
    """Whether an If-Match or If-None-Match names this tag, or any (`*`)."""
    # Whatever compresses an answer on its way may weaken the tag (W/"…"), which still names the same state.
    return header.strip() == "*" or tag in _OPAQUE_TAG.findall(header)


def check_match(tag: str, header: str | None) -> None:
    """Raises PreconditionFailed where there is an If-Match that names another state."""
    if header is not None and not is_named(tag, header):
        raise PreconditionFailed
