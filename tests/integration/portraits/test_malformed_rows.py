"""Garbage in one picture's row leaves the person's other pictures in the list, and goes with the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from motiv8.aws.tables import PortraitRow
from motiv8.settings import settings
from stand_in.garbage import GARBAGE, spoil

Call = Callable[..., Any]
Make = Callable[..., Any]
VALUES: list[dict[str, Any] | None] = [*GARBAGE, None]


@pytest.mark.parametrize("attribute", sorted(set(PortraitRow.get_attributes()) - {"user_id", "portrait_id"}))
def test_the_others_are_listed(call: Call, make_user: Make, make_portrait: Make, attribute: str) -> None:
    make_user()
    make_portrait("2026-11-01-daily")
    for number, value in enumerate(VALUES):
        bad = f"2026-11-{number + 2:02}-daily"
        make_portrait(bad)
        spoil(settings().portraits_table, {"user_id": {"S": "user-1"}, "portrait_id": {"S": bad}}, attribute, value)
    answer = call("GET", "/v1/portraits", user="user-1", query={"limit": "100"})
    assert answer.status == 200
    assert "2026-11-01-daily" in [picture["portrait_id"] for picture in answer.json["portraits"]]
