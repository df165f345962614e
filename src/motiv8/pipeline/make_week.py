"""The pictures of a week together, stored as one sheet and as a film."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from motiv8.accounts import repository as accounts
from motiv8.aws import keys, storage
from motiv8.catalogue.dates import day_range
from motiv8.catalogue.translation import translated
from motiv8.pipeline.isolation import sheet_optional
from motiv8.portraits import week
from motiv8.settings import settings
from motiv8.studio import photo, provenance
from motiv8.studio.week import film, sheet

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.payloads import Composed
    from motiv8.portraits.picture import Picture


def make_week(user_id: str, sheet_id: str, now: datetime) -> Composed:
    """Make the sheet and the film that the id names. Outcomes: `sheet`; `gone` where the pictures are others by now."""
    found = week.SHEET_ID.fullmatch(sheet_id)
    person = accounts.get(user_id)
    if found is None or person is None:
        return {"outcome": "gone"}
    monday = week.first_day_of(found[1], person, now)
    pictures = [each for each in week.of_week(user_id, monday) if each.status == "ready"]
    is_made = week.sheet_id(monday, pictures) == sheet_id and _make(person, pictures, sheet_id, with_film=True)
    return {"outcome": "sheet" if is_made else "gone"}


def add_sheet(person: Person, picture: Picture) -> None:
    """Make the sheet that goes with the mail of this picture, if one does; what goes wrong is nothing to the picture.

    The film takes four times as long, and is made for those who want to see it.
    """
    with sheet_optional(portrait_id=picture.portrait_id):
        pictures = week.mailed_with(picture, person)
        sheet_id = week.sheet_id(week.monday_of(date.fromisoformat(picture.date)), pictures)
        if sheet_id is not None:
            _make(person, pictures, sheet_id, with_film=False)


def _make(person: Person, pictures: list[Picture], sheet_id: str, *, with_film: bool) -> bool:
    """Whether it was made: False where the pictures are others by now."""
    user_id = person.user_id
    media = settings().media_bucket
    files = [storage.get(media, keys.picture(user_id, each.portrait_id, ".jpg")) for each in pictures]
    if None in files:
        return False
    decoded = [photo.decode_own(file) for file in files if file is not None]
    locale = person.preferences.locale
    monday = week.monday_of(date.fromisoformat(pictures[0].date))
    dated = day_range(monday, monday + timedelta(days=6), locale)
    last = sheet(decoded, translated("My week", person.preferences.language), dated)
    xmp = provenance.xmp("poster") if settings().mark_pictures else b""
    bodies = [photo.encode_jpeg(last, xmp), *([film(decoded, last, xmp)] if with_film else [])]
    for body, ending, kind in zip(bodies, week.ENDINGS, ("image/jpeg", "image/webp"), strict=False):
        storage.put(media, keys.week(user_id, sheet_id, ending), body, kind)
    # One of them, or all, may have gone meanwhile.
    if accounts.get(user_id) is None or week.sheet_id(monday, week.of_week(user_id, monday)) != sheet_id:
        storage.delete(media, keys.week(user_id, sheet_id))
        return False
    return True
