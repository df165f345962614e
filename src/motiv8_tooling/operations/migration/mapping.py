"""What the old system's rows mean here. Pure: rows in, accounts and reasons out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from email_validator import EmailNotValidError, validate_email
from ulid import ULID

from motiv8.accounts.schedule import DEFAULT_WORKOUT_DAYS
from motiv8.catalogue.modes import DEFAULT_MODE, MODES
from motiv8.catalogue.weekdays import WEEK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from motiv8_tooling.operations.migration.report import Report
    from motiv8_tooling.operations.migration.source import OldPicture, OldUser

# What people call our places; the old system let its team name modes freely.
_MODE_NAMES = {
    "mountain": "summit",
    "mountains": "summit",
    "peak": "summit",
    "hiking": "summit",
    "running": "track",
    "run": "track",
    "stadium": "track",
    "sport": "track",
    "gym": "track",
    "sea": "sunrise",
    "ocean": "sunrise",
    "beach": "sunrise",
    "morning": "sunrise",
    "city": "city-night",
    "night": "city-night",
    "urban": "city-night",
    "northern-lights": "aurora",
    "dunes": "desert",
    "woods": "forest",
    "nature": "forest",
    "minimal": "bold",
    "poster": "bold",
    "abstract": "bold",
}
_FIRST_YEAR = 1970
_FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {full[:letters]: day for day, full in zip(WEEK, _FULL_DAYS, strict=True) for letters in range(3, len(full) + 1)}


@dataclass(frozen=True, slots=True)
class PlannedPicture:
    """A picture that belongs here; its id is made of the old one's, so that it is brought once."""

    old_id: str
    portrait_id: str
    day: date
    made_at: datetime
    mode: str
    file: str


@dataclass(slots=True)
class PlannedAccount:
    """A person as they will be here."""

    old_id: str
    email: str
    google_id: str | None
    apple_id: str | None
    workout_days: frozenset[str]
    mode: str
    tone: str
    created_at: datetime
    selfie: str | None
    pictures: list[PlannedPicture] = field(default_factory=list)


def plan(users: list[OldUser], pictures: Iterable[OldPicture], report: Report, now: datetime) -> list[PlannedAccount]:
    """Whom to bring, with what. What cannot be brought, or only changed, is reported with its reason."""
    accounts: dict[str, PlannedAccount] = {}
    owners: dict[str, PlannedAccount] = {}
    seen: set[str] = set()
    # Of two accounts with one email the one that was used last is brought.
    for user in sorted(
        users, key=lambda each: moment(each.updated_at) or datetime.min.replace(tzinfo=UTC), reverse=True
    ):
        old_id = str(user.id)
        if old_id in seen:
            report.add("account", old_id, "skipped", "another account has the same id; the one used last is brought")
            continue
        seen.add(old_id)
        email = _email(user.email)
        if email is None:
            report.add("account", old_id, "skipped", "it has no email that mail can be sent to")
        elif email in accounts:
            first = accounts[email]
            owners[old_id] = first
            report.add("account", old_id, "skipped", f"user {first.old_id} has the same email; its pictures go there")
        else:
            accounts[email] = owners[old_id] = _account(user, old_id, email, report, now)
    _drop_shared_sign_ins(accounts.values(), report)
    # Of two people with one id nobody can tell whose a picture is, and nobody must get another's.
    ids = Counter(str(user.id) for user in users)
    shared = {old_id for old_id, count in ids.items() if count > 1}
    _hand_out(pictures, owners, shared, seen, report)
    # In the old system's order, so that a second run reads like the first.
    position = {str(user.id): number for number, user in reversed(list(enumerate(users)))}
    return sorted(accounts.values(), key=lambda each: position[each.old_id])


def _account(user: OldUser, old_id: str, email: str, report: Report, now: datetime) -> PlannedAccount:
    days = workout_days(user.workout_days)
    if days is None:
        report.add("account", old_id, "changed", "its workout days cannot be read: Monday to Friday")
    created = moment(user.created_at)
    if created is None:
        report.add("account", old_id, "changed", "when it was made cannot be read: now")
    return PlannedAccount(
        old_id=old_id,
        email=email,
        google_id=_text(user.google_id),
        apple_id=_text(user.apple_id),
        workout_days=days or DEFAULT_WORKOUT_DAYS,
        mode=_known_mode(user.mode, old_id, report),
        tone="tease" if _is_true(user.anti_motivation_mode) else "motivate",
        created_at=created or now,
        selfie=_text(user.selfie_filename),
    )


def _known_mode(value: Any, old_id: str, report: Report) -> str:
    found = mode(value)
    if found is not None:
        return found
    if _text(value):
        report.add("account", old_id, "changed", f"the mode {_text(value)!r} is not known here: {DEFAULT_MODE}")
    return DEFAULT_MODE


def _drop_shared_sign_ins(accounts: Iterable[PlannedAccount], report: Report) -> None:
    """One Google or Apple account signs in to one person: whom it leads to is not ours to guess."""
    holders: dict[tuple[str, str], list[PlannedAccount]] = {}
    for account in accounts:
        for provider, subject in (("google_id", account.google_id), ("apple_id", account.apple_id)):
            if subject:
                holders.setdefault((provider, subject), []).append(account)
    for (provider, _), several in holders.items():
        if len(several) > 1:
            for account in several:
                setattr(account, provider, None)
                title = provider.removesuffix("_id").title()
                report.add(
                    "sign-in", account.old_id, "skipped", f"two users have one {title} account; neither is linked"
                )


def _hand_out(
    pictures: Iterable[OldPicture], owners: dict[str, PlannedAccount], shared: set[str], users: set[str], report: Report
) -> None:
    """Give each picture to its owner's plan, or report why it goes to nobody."""
    seen: set[str] = set()
    for picture in pictures:
        old_id, user_id = str(picture.id), str(picture.user_id)
        owner = owners.get(user_id)
        if old_id in seen:
            why: str | None = "another picture has the same id; the first one is brought"
        elif user_id in shared:
            why = "two users have its user's id: whose it is cannot be told"
        elif owner is None:
            why = "its user is not brought" if user_id in users else "there is no such user"
        else:
            why = _add_picture(picture, owner)
        if why is not None:
            report.add("picture", old_id, "skipped", why)
        seen.add(old_id)


def _add_picture(picture: OldPicture, owner: PlannedAccount) -> str | None:
    """Plan one picture of this person; returns why it cannot be brought, None where it can."""
    made_at = _made_at(picture.generated_at_millis)
    day = calendar_day(picture.generation_date) or (made_at.date() if made_at else None)
    file = _text(picture.s3_key)
    if day is None:
        return "it has neither a date nor a time"
    if file is None:
        return "the database names no file for it"
    moment_made = made_at or datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    old_id = str(picture.id)
    owner.pictures.append(
        PlannedPicture(
            old_id=old_id,
            portrait_id=portrait_id(old_id, day, moment_made),
            day=day,
            made_at=moment_made,
            mode=mode(picture.mode) or owner.mode,
            file=file,
        )
    )
    return None


def portrait_id(old_id: str, day: date, made_at: datetime) -> str:
    """`{date}-{ulid}` whose random part is a hash of the old id: the same picture has the same id in every run."""
    millis = int(made_at.timestamp() * 1000)
    return f"{day}-{ULID.from_bytes(millis.to_bytes(6) + hashlib.sha256(old_id.encode()).digest()[:10])}".lower()


def selfie_id(old_id: str) -> str:
    """A selfie's id, written as a ULID, that is the same in every run."""
    return str(ULID.from_bytes(hashlib.sha256(f"selfie {old_id}".encode()).digest()[:16])).lower()


def workout_days(value: Any) -> frozenset[str] | None:
    """Days of ours from a JSON list of English names (from three letters on), or an object of names and booleans.

    None where a day cannot be read for certain (numbers among them: some weeks begin on Sunday), or none is named.
    """
    if isinstance(value, str | bytes):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    names = [name for name, wanted in value.items() if wanted] if isinstance(value, dict) else value
    if not isinstance(names, list) or not names:
        return None
    days = {_DAYS.get(str(name).strip().lower()) for name in names}
    return frozenset(day for day in days if day) if None not in days else None


def mode(value: Any) -> str | None:
    """The mode of ours that an old name stands for."""
    name = (_text(value) or "").lower().replace("_", "-").replace(" ", "-")
    return name if name in MODES else _MODE_NAMES.get(name)


def moment(value: Any) -> datetime | None:
    """A moment in UTC from what databases give; one without a zone is UTC. None for what is none since 1970."""
    try:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        read = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return read if read.year >= _FIRST_YEAR else None


def calendar_day(value: Any) -> date | None:
    """A date from what databases give. None for what is none since 1970."""
    try:
        read = date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return None
    return read if read.year >= _FIRST_YEAR else None


def _made_at(millis: Any) -> datetime | None:
    try:
        made = datetime.fromtimestamp(int(millis) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return made if made.timestamp() > 0 else None


def _email(value: Any) -> str | None:
    try:
        return validate_email(_text(value) or "", check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def _text(value: Any) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None


def _is_true(value: Any) -> bool:
    return str(value).strip().lower() in {"1", "true", "t", "yes", "on"}
