"""HEAD, and requests that name what a client has: If-None-Match and If-Match."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from motiv8 import clock
from motiv8.accounts import service
from motiv8.aws.tables import UserRow
from motiv8.portraits import repository
from stand_in import api_document

Call = Callable[..., Any]
Make = Callable[..., Any]
PICTURE = "2026-11-20-daily"
CONDITIONAL = ["/v1/me", "/v1/portraits", f"/v1/portraits/{PICTURE}", "/v1/modes"]
GETS = [path for method, path in api_document.OPERATIONS if method == "GET"]


pytestmark = pytest.mark.usefixtures("machines")


@pytest.fixture(autouse=True)
def somebody(make_user: Make, make_portrait: Make) -> None:
    """user-1 has a face and a picture."""
    make_user()
    make_portrait(PICTURE)


@pytest.mark.parametrize("path", [*GETS, "/docs", "/openapi.json", "/v1/nothing", "/v1/auth/register"])
def test_head_is_answered_like_get_without_a_body(call: Call, path: str) -> None:
    path = path.replace("{portrait_id}", PICTURE).replace("{", "").replace("}", "")
    got, head = (call(method, path, user="user-1") for method in ("GET", "HEAD"))
    assert head.status == got.status
    assert head.text == ""
    assert head.headers.keys() == got.headers.keys()
    assert head.headers["Content-Type"] == got.headers["Content-Type"]


def test_head_needs_the_same_token_as_get(call: Call) -> None:
    assert call("HEAD", "/v1/me").status == 401


@pytest.mark.parametrize("path", CONDITIONAL)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_the_present_answer_is_sent_no_body(call: Call, method: str, path: str) -> None:
    tag = call("GET", path, user="user-1").headers["ETag"]
    for known in (tag, f"W/{tag}", f'"another", {tag}', "*"):
        again = call(method, path, user="user-1", headers={"If-None-Match": known})
        assert (again.status, again.text, again.headers["ETag"]) == (304, "", tag)
        assert "Content-Type" not in again.headers
    assert call(method, path, user="user-1", headers={"If-None-Match": '"another"'}).status == 200


@pytest.mark.parametrize("path", CONDITIONAL[1:3])
def test_a_link_that_is_signed_anew_is_no_change(call: Call, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    links = iter(range(100))
    monkeypatch.setattr("motiv8.aws.storage.presigned_get", lambda *_: f"https://media.example/{next(links)}")
    first, second = (call("GET", path, user="user-1") for _ in range(2))
    assert first.text != second.text
    assert first.headers["ETag"] == second.headers["ETag"]


def test_whatever_else_a_picture_says_is_a_change(call: Call) -> None:
    def tags() -> list[str]:
        return [call("GET", path, user="user-1").headers["ETag"] for path in CONDITIONAL[1:3]]

    before = tags()
    repository.change("user-1", PICTURE, lambda picture: picture.with_mail("refused"))
    assert not set(before) & set(tags())


def test_pages_are_told_apart(call: Call, make_portrait: Make) -> None:
    make_portrait("2026-11-19-daily")
    pages = [call("GET", "/v1/portraits", user="user-1", query={"limit": limit}) for limit in ("1", "2")]
    assert pages[0].headers["ETag"] != pages[1].headers["ETag"]


def test_what_is_not_there_is_404_whatever_is_named(call: Call) -> None:
    answer = call("GET", "/v1/portraits/2026-11-19-daily", user="user-1", headers={"If-None-Match": "*"})
    assert answer.status == 404


def test_an_account_is_another_once_its_next_delivery_is(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    first = call("GET", "/v1/me", user="user-1")
    later = clock.now() + timedelta(days=7)
    monkeypatch.setattr(clock, "now", lambda: later)
    second = call("GET", "/v1/me", user="user-1", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status == 200
    assert second.json["next_delivery_at"] != first.json["next_delivery_at"]


def test_a_change_to_the_account_that_was_read_is_made_and_gives_the_next_tag(call: Call) -> None:
    tag = call("GET", "/v1/me", user="user-1").headers["ETag"]
    changed = call("PATCH", "/v1/me", {"tone": "tease"}, user="user-1", headers={"If-Match": tag})
    assert changed.status == 200
    assert changed.headers["ETag"] == call("GET", "/v1/me", user="user-1").headers["ETag"] != tag


def test_a_change_to_an_account_that_is_another_meanwhile_is_412(call: Call, person: Make) -> None:
    tag = call("GET", "/v1/me", user="user-1").headers["ETag"]
    call("PATCH", "/v1/me", {"tone": "tease"}, user="user-1")
    refused = call("PATCH", "/v1/me", {"mode": "desert"}, user="user-1", headers={"If-Match": tag})
    assert (refused.status, refused.json["type"]) == (412, "urn:motiv8:problem:precondition-failed")
    assert person().mode == "summit"
    assert call("PATCH", "/v1/me", {"mode": "desert"}, user="user-1", headers={"If-Match": "*"}).status == 200


def test_somebody_who_is_faster_by_a_moment_is_not_overwritten(
    call: Call, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = call("GET", "/v1/me", user="user-1").headers["ETag"]
    save = UserRow.save

    def other_first(row: UserRow, *arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(UserRow, "save", save)
        service.change_preferences("user-1", {"tone": "tease"}, clock.now())
        return save(row, *arguments, **named)

    monkeypatch.setattr(UserRow, "save", other_first)
    refused = call("PATCH", "/v1/me", {"mode": "desert"}, user="user-1", headers={"If-Match": tag})
    assert refused.status == 412
    assert (person().mode, person().tone) == ("summit", "tease")
