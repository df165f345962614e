"""Attributes of rows that pynamodb does not have."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import Attribute, JSONAttribute
from pynamodb.constants import STRING

from motiv8.clock import rfc3339


class MomentAttribute(Attribute[datetime]):
    """A UTC moment kept as RFC 3339 text to the second, so that order as text is order in time."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        """Write it as `2026-11-20T06:00:00Z`."""
        return rfc3339(value)

    def deserialize(self, value: str) -> datetime:
        """Read it back."""
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


class RecordAttribute(JSONAttribute):
    """JSON that stops nobody where it is none: it is read as text then."""

    def get_value(self, value: dict[str, Any]) -> str:
        """What is stored, whatever its type."""
        return str(value.get(self.attr_type, value))

    def deserialize(self, value: str) -> Any:
        """Read it."""
        try:
            return json.loads(value)
        except ValueError:
            return value
