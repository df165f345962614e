"""AWS clients of each test's own, since each has an account of its own."""

from __future__ import annotations

import pytest

from motiv8_tooling.operations.environment import client, sdk_session
from stand_in.sdk_data import keep_what_is_read

keep_what_is_read()


@pytest.fixture(autouse=True)
def clients_of_its_own() -> None:
    """No client of the commands is an earlier test's."""
    client.cache_clear()
    sdk_session.cache_clear()
