"""People with a face and a picture on Fridays at six, as their rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from motiv8.aws.tables import UserRow

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
"""A Friday at six."""


def due_on_friday(user_id: str, **changes: Any) -> UserRow:
    """A person whose picture is due now, unless changed."""
    # Imported once the settings that they read are there.
    from motiv8.accounts.schedule import due_shard
    from motiv8.aws.tables import UserRow

    values: dict[str, Any] = {
        "email": f"{user_id}@example.com",
        "created_at": NOW - timedelta(days=9),
        "time_zone": "UTC",
        "delivery_hour": 6,
        "workout_days": {"fri"},
        "mode": "summit",
        "tone": "motivate",
        "mail_enabled": True,
        "selfie_id": "selfie",
        "selfie_status": "ready",
        "selfie_updated_at": NOW - timedelta(days=9),
        "face_selfie_id": "selfie",
        "embedding_key": f"faces/{user_id}/selfie.npy",
        "due_shard": due_shard(user_id),
        "next_due_at": NOW,
    }
    return UserRow(user_id, **values | changes)
