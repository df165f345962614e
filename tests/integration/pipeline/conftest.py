"""A real face, extracted once, and shortcuts to the steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from motiv8.aws import keys, storage
from motiv8.settings import settings


@pytest.fixture
def somebody(make_user: Callable[..., Any], cutout: bytes) -> Callable[..., Any]:
    """A person whose face is stored."""

    def make(user_id: str = "user-1", **changes: Any) -> Any:
        storage.put(settings().media_bucket, keys.cutout(user_id, "selfie-1"), cutout, "image/webp")
        return make_user(user_id, **changes)

    return make


@pytest.fixture
def lines() -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    """Read what a plan asks for."""

    def read(plan: dict[str, Any]) -> list[dict[str, Any]]:
        body = storage.get(plan["plan_bucket"], plan["plan_key"]) or b""
        return [json.loads(line) for line in body.splitlines()]

    return read
