"""The pictures of a week together, stored as one sheet and as a film."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from motiv8.accounts import repository as accounts
from motiv8.aws import keys, storage
from motiv8.catalogue.dates import day_range
from motiv8.catalogue.locales import language_of
from motiv8.catalogue.translation import translated
from motiv8.portraits import week
from motiv8.settings import settings
from motiv8.studio import photo, provenance
from motiv8.studio.week import film, sheet

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.payloads import Composed


def make_week(user_id: str, sheet_id: str, now: datetime) -> Composed:
    """Make the sheet and the film that the id names. Outcomes: `sheet`; `gone` where the pictures are others by now."""
    found = week.SHEET_ID.fullmatch(sheet_id)
    person = accounts.get(user_id)
    if found is None or person is None:
        return {"outcome": "gone"}
    monday = week.first_day_of(found[1], person, now)
    pictures = [each for each in week.of_week(user_id, monday) if each.status == "ready"]
    media = settings().media_bucket
    files = [storage.get(media, keys.picture(user_id, each.portrait_id, ".jpg")) for each in pictures]
    if week.sheet_id(monday, pictures) != sheet_id or None in files:
        return {"outcome": "gone"}
    decoded = [photo.decode_own(file) for file in files if file is not None]
    locale = person.preferences.locale
    dated = day_range(monday, monday + timedelta(days=6), locale)
    last = sheet(decoded, translated("My week", language_of(locale)), dated)
    xmp = provenance.xmp("poster") if settings().mark_pictures else b""
    bodies = (photo.encode_jpeg(last, xmp), film(decoded, last, xmp))
    for ending, body, kind in zip(week.ENDINGS, bodies, ("image/jpeg", "image/webp"), strict=True):
        storage.put(media, keys.week(user_id, sheet_id, ending), body, kind)
    # One of them, or all, may have gone meanwhile.
    if accounts.get(user_id) is None or week.sheet_id(monday, week.of_week(user_id, monday)) != sheet_id:
        storage.delete(media, keys.week(user_id, sheet_id))
        return {"outcome": "gone"}
    return {"outcome": "sheet"}
