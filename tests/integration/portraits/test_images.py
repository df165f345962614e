"""Stable addresses of images: a client that has an image by its address never needs it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from motiv8.portraits import routes
from motiv8.portraits.models import Portrait

Call = Callable[..., Any]
Make = Callable[..., Any]
PICTURE = "2026-11-20-daily"
PATHS = ("image_path", "thumbnail_path")
FIVE_MINUTES = 300


@pytest.fixture(autouse=True)
def somebody(make_user: Make, make_portrait: Make) -> None:
    """user-1 has a picture, user-2 has none."""
    make_user()
    make_user("user-2")
    make_portrait(PICTURE)


def _view(call: Call) -> dict[str, Any]:
    view: dict[str, Any] = call("GET", f"/v1/portraits/{PICTURE}", user="user-1").json
    return view


@pytest.mark.parametrize("path", PATHS)
def test_an_address_leads_to_the_image_which_may_be_kept_for_good(call: Call, path: str) -> None:
    view = _view(call)
    answer = call("GET", view[path], user="user-1")
    assert (answer.status, answer.text) == (307, "")
    image = urlsplit(answer.headers["Location"])
    assert image.path == urlsplit(view[path.replace("_path", "_url")]).path
    query = parse_qs(image.query)
    assert query["response-cache-control"] == ["private, max-age=31536000, immutable"]
    assert query["X-Amz-Expires"] == [str(FIVE_MINUTES)]


def test_a_kept_redirect_never_leads_to_an_address_that_holds_no_longer(call: Call) -> None:
    keep = call("GET", _view(call)["image_path"], user="user-1").headers["Cache-Control"]
    scope, _, seconds = keep.partition(", max-age=")
    assert scope == "private"
    assert 0 < int(seconds) <= FIVE_MINUTES - 60


def test_an_address_stays_the_same_and_is_in_the_list_too(call: Call) -> None:
    first, second = _view(call), _view(call)
    [listed] = call("GET", "/v1/portraits", user="user-1").json["portraits"]
    assert [first[path] for path in PATHS] == [second[path] for path in PATHS] == [listed[path] for path in PATHS]


def test_a_picture_that_takes_the_place_of_another_has_other_addresses(call: Call, make_portrait: Make) -> None:
    before = _view(call)
    call("DELETE", f"/v1/portraits/{PICTURE}", user="user-1")
    assert call("GET", before["image_path"], user="user-1").status == 404
    make_portrait(PICTURE, ready_at=datetime(2026, 11, 20, 13, tzinfo=UTC))
    after = _view(call)
    assert not {before[path] for path in PATHS} & {after[path] for path in PATHS}
    assert call("GET", before["image_path"], user="user-1").status == 404


def test_nobody_else_finds_it_and_nobody_without_a_token(call: Call) -> None:
    path = _view(call)["image_path"]
    assert call("GET", path, user="user-2").status == 404
    assert call("GET", path).status == 401


@pytest.mark.parametrize(
    "name", ["x.jpg", ".jpg", "1795176000.png", "1795176000.jpg.webp", "None.jpg", "1795176000", "..%2fuser-2"]
)
def test_any_other_name_is_404(call: Call, name: str) -> None:
    assert _view(call)["image_path"].endswith("/1795176000.jpg")
    assert call("GET", f"/v1/portraits/{PICTURE}/images/{name}", user="user-1").status == 404


def test_a_repeated_request_whose_answer_is_from_before_there_were_addresses_is_answered(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask() -> Any:
        return call("POST", "/v1/portraits", {}, user="user-1", headers={"Idempotency-Key": "from-before"})

    with monkeypatch.context() as before:
        shown = routes._portrait
        before.setattr(routes, "_portrait", lambda picture: _Before(shown(picture)))
        first = ask()
    assert ask().json == first.json


class _Before:
    def __init__(self, portrait: Portrait) -> None:
        self._portrait = portrait

    def model_dump(self) -> dict[str, Any]:
        return self._portrait.model_dump(exclude=set(PATHS))


@pytest.mark.parametrize("status", ["queued", "making", "failed"])
def test_a_picture_that_is_not_ready_has_none(call: Call, make_portrait: Make, status: str) -> None:
    make_portrait("2026-11-19-daily", status=status, ready_at=None)
    view = call("GET", "/v1/portraits/2026-11-19-daily", user="user-1").json
    assert [view[path] for path in PATHS] == [None] * len(PATHS)
    assert call("GET", "/v1/portraits/2026-11-19-daily/images/None.jpg", user="user-1").status == 404
