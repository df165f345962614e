"""What the coach's tools do: what the API would let the same person do, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from motiv8.accounts import repository as accounts
from motiv8.accounts.models import ProfileChange
from motiv8.coach.summaries import NAMES
from motiv8.coach.tools import TOOLS, ToolContext
from motiv8.errors import FaceMissing, QuotaUsedUp
from motiv8.portraits import repository as portraits

ULID = "01jd4y6m3k9v8w2x1z0a5b7c9d"


pytestmark = pytest.mark.usefixtures("machines")


@pytest.fixture
def context(make_user: Callable[..., Any], noon: datetime) -> ToolContext:
    make_user("ann")
    return ToolContext("ann", frozenset(), None, noon, ULID, "corr")


def run(name: str, context: ToolContext, **arguments: Any) -> dict[str, Any]:
    tool = TOOLS[name]
    return tool.run(context, tool.arguments.model_validate(arguments))


def test_those_that_change_something_say_so() -> None:
    assert [name for name, tool in TOOLS.items() if tool.changes] == ["change_settings", "request_picture"]


def test_settings_are_read_without_email_or_photo(context: ToolContext) -> None:
    said = run("get_settings", context)
    assert (said["mode"], said["delivery_hour"], said["today"]) == ("summit", 6, "2026-11-20")
    assert not {"email", "user_id", "photo"} & set(said)


def test_what_is_asked_for_is_said_in_the_persons_language() -> None:
    change, picture = TOOLS["change_settings"], TOOLS["request_picture"]
    everything = {"mode": "forest", "tone": "tease", "theme": "light", "format": "story", "locale": "fr"} | {
        "time_zone": "UTC",
        "delivery_hour": 7,
        "workout_days": ["mon"],
        "mail_enabled": True,
        "own_lines": {"tue": "Los!"},
    }
    given = change.arguments.model_validate(everything)
    assert set(everything) == set(NAMES) == set(ProfileChange.model_fields)
    said = change.summary(given, "de")
    assert said.startswith("Deine Einstellungen ändern: ")
    parts = set(said.removeprefix("Deine Einstellungen ändern: ").removesuffix(".").split("; "))
    assert {"Ort: Wald", "Ton: Necken", "Farben: Hell", "Uhrzeit: 7", "E-Mails: an", "Sprache: fr"} < parts
    assert {"Trainingstage: Montag", "Zeitzone: UTC"} < parts
    assert any(part.endswith("Dienstag: Los!") for part in parts)
    assert len(parts) == len(everything)
    assert picture.summary(picture.arguments.model_validate({}), "de").startswith("Jetzt ein neues Bild machen (so wie")


def test_settings_change_as_the_summary_says(context: ToolContext) -> None:
    tool = TOOLS["change_settings"]
    given = tool.arguments.model_validate({"delivery_hour": 7, "workout_days": ["tue", "mon"], "mail_enabled": False})
    summary = "Change your settings: delivery hour: 7; workout days: Monday, Tuesday; emails: off."
    assert tool.summary(given, "en") == summary
    said = tool.run(context, given)
    assert (said["delivery_hour"], said["workout_days"], said["mail_enabled"]) == (7, ["mon", "tue"], False)
    stored = accounts.get("ann")
    assert stored is not None
    assert stored.schedule.delivery_hour == 7


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("change_settings", {}),
        ("change_settings", {"delivery_hour": 24}),
        ("change_settings", {"delivery_hour": "7"}),
        ("change_settings", {"email": "eve@example.com"}),
        ("change_settings", {"time_zone": "Mars/Olympus"}),
        ("change_settings", {"mode": None}),
        ("request_picture", {"engine": "bedrock"}),
        ("request_picture", {"user_id": "eve"}),
        ("get_settings", {"user_id": "eve"}),
        ("search_library", {"query": ""}),
        ("search_library", {"query": "a", "limit": 1000}),
        ("search_library", {"query": "a", "namespace": "secret"}),
        ("list_pictures", {"limit": 0}),
    ],
)
def test_arguments_that_are_none_are_refused(name: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TOOLS[name].arguments.model_validate(arguments)


def test_a_picture_is_asked_for_once_however_often_the_operation_comes(context: ToolContext) -> None:
    first = run("request_picture", context, mode="forest")
    again = run("request_picture", replace(context, now=context.now + timedelta(hours=13)), mode="forest")
    assert (first["picture"]["mode"], first["picture"]["status"]) == ("forest", "queued")
    assert again["picture"]["portrait_id"] == first["picture"]["portrait_id"] == f"2026-11-20-{ULID}"
    assert len(portraits.between("ann", None, None, None, None)) == 1


def test_a_picture_needs_a_face_and_something_left_of_the_quota(
    context: ToolContext, make_user: Callable[..., Any]
) -> None:
    make_user("ann", face_selfie_id=None, embedding_key=None)
    with pytest.raises(FaceMissing):
        run("request_picture", context)
    make_user("ann")
    for number in range(3):
        run("request_picture", replace(context, operation_id=f"{ULID[:-1]}{number}"))
    with pytest.raises(QuotaUsedUp):
        run("request_picture", context)


def test_pictures_are_told_in_words(context: ToolContext) -> None:
    assert run("get_todays_picture", context) == {"picture": None}
    run("request_picture", context)
    assert run("get_todays_picture", context)["picture"]["date"] == "2026-11-20"
    [picture] = run("list_pictures", context)["pictures"]
    assert not any("url" in name for name in picture)
