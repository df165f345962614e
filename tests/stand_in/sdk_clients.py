"""AWS clients of each test's own, since each has an account of its own."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from botocore.loaders import JSONFileLoader

from motiv8_tooling.operations.environment import client, sdk_session

_load = cache(JSONFileLoader().load_file)


def _load_once(_: JSONFileLoader, file_path: str) -> Any:
    return _load(file_path)


# Each session reads the SDK's data anew.
JSONFileLoader.load_file = _load_once  # type: ignore[assignment, method-assign]


@pytest.fixture(autouse=True)
def clients_of_its_own() -> None:
    """No client of the commands is an earlier test's."""
    client.cache_clear()
    sdk_session.cache_clear()
