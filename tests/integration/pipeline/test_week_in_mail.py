"""The mail of a week's last picture has the week's sheet; whatever becomes of the sheet, picture and mail are there."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from PIL import Image

from motiv8.aws import clients, keys, storage
from motiv8.pipeline import compose as compose_module
from motiv8.pipeline import make_week
from motiv8.pipeline.compose import compose
from motiv8.pipeline.deliver import deliver
from motiv8.portraits import repository
from motiv8.settings import settings
from motiv8.studio.rendering import PictureFiles

Make = Callable[..., Any]
BEFORE, FRIDAY = "2026-11-18-daily", "2026-11-20-daily"


def _jpeg(shade: int) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (54, 68), (shade, 90, 120)).save(body, "JPEG")
    return body.getvalue()


@pytest.fixture(autouse=True)
def _quick_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a picture looks like is nothing to the sheet."""
    file = _jpeg(80)
    files = PictureFiles(file, file, "Show up.", "You, on a mountain.", None)
    monkeypatch.setattr(compose_module, "_make", lambda *_: (files, "poster"))
    monkeypatch.setenv("MOTIV8_APP_URL", "https://app.example")
    settings.cache_clear()


@pytest.fixture
def friday(somebody: Make, make_portrait: Make, noon: datetime) -> Make:
    """Make and mail Friday's picture of somebody who has one of Wednesday; returns the pictures in the mail."""

    def make(mails: list[EmailMessage], between: Callable[[], object] = lambda: None, **changes: Any) -> list[bytes]:
        somebody(**changes)
        make_portrait(BEFORE)
        storage.put(settings().media_bucket, keys.picture("user-1", BEFORE, ".jpg"), _jpeg(40), "image/jpeg")
        make_portrait(FRIDAY, status="making", mail_status="waiting", ready_at=None)
        assert compose("user-1", FRIDAY, noon) == {"outcome": "ready"}
        between()
        assert deliver("user-1", FRIDAY, noon) == {"mail": "sent"}
        [mail] = mails
        return [part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "image/jpeg"]  # type: ignore[misc]

    return make


def _plain(mails: list[EmailMessage]) -> str:
    part = mails[0].get_body(("plain",))
    return str(part.get_content()) if part else ""


def _sheets() -> list[str]:
    found = clients.s3().list_objects_v2(Bucket=settings().media_bucket, Prefix=keys.week("user-1"))
    return [each["Key"] for each in found.get("Contents", ())]


def test_the_last_picture_of_a_week_brings_its_sheet(friday: Make, mails: list[EmailMessage]) -> None:
    _, sheet = friday(mails, locale="de")
    [key] = _sheets()
    assert sheet == storage.get(settings().media_bucket, key)
    with Image.open(io.BytesIO(sheet)) as opened:
        assert opened.size == (1080, 1350)
    assert "Bilder der Woche auf einem Blatt: 16.\N{EN DASH}22. Nov." in _plain(mails)
    assert "https://app.example/#/week/2026-W47" in _plain(mails)


@pytest.mark.parametrize(
    "changes",
    [{"workout_days": {"wed", "fri", "sun"}}, {"workout_days": {"fri", "sat"}}],
    ids=["before Sunday", "before Saturday"],
)
def test_a_picture_that_another_follows_in_the_week_comes_alone(
    friday: Make, mails: list[EmailMessage], changes: dict[str, Any]
) -> None:
    assert len(friday(mails, **changes)) == 1
    assert _sheets() == []


def test_one_picture_is_no_week(somebody: Make, make_portrait: Make, mails: list[EmailMessage], noon: datetime) -> None:
    somebody()
    make_portrait(FRIDAY, status="making", mail_status="waiting", ready_at=None)
    compose("user-1", FRIDAY, noon)
    deliver("user-1", FRIDAY, noon)
    assert len(mails) == 1
    assert _sheets() == []


def test_a_picture_that_was_asked_for_brings_no_sheet(somebody: Make, make_portrait: Make, noon: datetime) -> None:
    asked = "2026-11-20-01hasked00000000000000000a"
    somebody()
    make_portrait(BEFORE)
    make_portrait(asked, status="making", ready_at=None)
    assert compose("user-1", asked, noon) == {"outcome": "ready"}
    assert _sheets() == []


@pytest.mark.parametrize("error", [RuntimeError("any"), ConnectionClosedError(endpoint_url="s3")])
def test_a_sheet_that_cannot_be_made_costs_neither_picture_nor_mail(
    friday: Make,
    mails: list[EmailMessage],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
) -> None:
    def fail(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(make_week, "sheet", fail)
    assert len(friday(mails)) == 1
    picture = repository.get("user-1", FRIDAY)
    assert picture is not None
    assert (picture.status, picture.mail_status, picture.attempts) == ("ready", "sent", 1)
    assert "SheetsLeftOut" in capsys.readouterr().out


def test_a_sheet_that_cannot_be_read_costs_no_mail(
    friday: Make, mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise ConnectionClosedError(endpoint_url="dynamodb")

    # Only the sheet looks at the pictures of several days.
    assert len(friday(mails, lambda: monkeypatch.setattr(repository, "between", fail))) == 1


def test_a_picture_that_is_deleted_is_in_no_mail(
    friday: Make, mails: list[EmailMessage], call: Callable[..., Any]
) -> None:
    assert len(friday(mails, lambda: call("DELETE", f"/v1/portraits/{BEFORE}", user="user-1"))) == 1
