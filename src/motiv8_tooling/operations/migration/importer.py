"""Bringing one person after the other: each step can be repeated, and a run that was cut off goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from motiv8.accounts import repository
from motiv8.accounts.consent import IMPORTED, Record
from motiv8.accounts.federation import PROVIDERS
from motiv8.accounts.person import Origin
from motiv8.accounts.service import new_person
from motiv8.aws import keys, mail, storage
from motiv8.aws.user_pool import directory
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.themes import DEFAULT_THEME
from motiv8.emails.invitation import compose_invitation
from motiv8.portraits import repository as portraits
from motiv8.portraits.picture import Picture
from motiv8.selfies import service as selfies
from motiv8.settings import settings
from motiv8.studio import photo
from motiv8.studio.rejection import PhotoRejected
from motiv8_tooling.operations.migration.files import find
from motiv8_tooling.operations.migration.mapping import PlannedAccount, PlannedPicture, selfie_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import numpy as np

    from motiv8.accounts.person import Person
    from motiv8_tooling.operations.migration.files import Files
    from motiv8_tooling.operations.migration.report import Report, What

_SIGNATURES = ((b"\xff\xd8", "image/jpeg"), (b"\x89PNG", "image/png"), (b"RIFF", "image/webp"))


@dataclass(frozen=True, slots=True)
class Options:
    """What the team decided: `consent` that people agreed to the use of their faces in the old system."""

    apply: bool
    consent: bool
    invite: bool
    time_zone: str


class Importer:
    """Brings planned accounts; without `apply` it looks at everything and writes nothing."""

    def __init__(self, place: Files, report: Report, options: Options, now: Callable[[], datetime]) -> None:
        self._place = place
        self._report = report
        self._options = options
        self._now = now
        self._providers = directory.providers()

    def import_account(self, account: PlannedAccount) -> None:
        """One person with all that is theirs. What AWS refuses is reported; running again brings it."""
        try:
            self._bring(account)
        except (ClientError, BotoCoreError, PynamoDBException) as error:
            self._report.add("account", account.old_id, "failed", f"{type(error).__name__}; run the import again")

    def _bring(self, account: PlannedAccount) -> None:
        found = directory.find(account.email)
        if found is not None and not found.confirmed:
            why = "somebody began to sign up with its email and has not entered the code: run the import again later"
            self._report.add("account", account.old_id, "skipped", why)
            return
        if found is not None and repository.deletion(found.user_id) is not None:
            self._report.add("account", account.old_id, "skipped", "its email's account here is being deleted")
            return
        user_id, person = self._account(account, found)
        ours = person is None or person.origin.legacy_id == account.old_id
        linked = self._sign_ins(account, user_id, ours=ours)
        for picture in account.pictures:
            self._picture(picture, account, user_id)
        self._selfie(account, user_id, person)
        if ours:
            self._invitation(account, user_id, person, linked)

    def _account(self, account: PlannedAccount, found: directory.Account | None) -> tuple[str, Person | None]:
        """The person and their id; in a dry run neither is there for somebody new."""
        person = repository.get(found.user_id) if found else None
        if person is not None:
            if person.origin.legacy_id == account.old_id:
                self._report.add("account", account.old_id, "there already")
            else:
                why = "there is an account with its email: settings and photo stay as they are here"
                self._report.add("account", account.old_id, "changed", why)
            return person.user_id, person
        self._report.add("account", account.old_id, "brought")
        if not self._options.apply:
            return found.user_id if found else "", None
        if found is None:
            user_id = directory.invite(account.email, self._options.time_zone)
        else:
            # A run was cut off between the two.
            user_id = found.user_id
            if not found.has_password:
                directory.set_unknown_password(user_id)
        person = self._person(account, user_id)
        repository.create(person)
        return user_id, person

    def _person(self, account: PlannedAccount, user_id: str) -> Person:
        person = new_person(user_id, account.email, self._options.time_zone, account.created_at)
        agreed = Record(IMPORTED, None, account.created_at)
        return replace(
            person,
            schedule=person.schedule.moved_to(workout_days=account.workout_days),
            preferences=person.preferences.changed(mode=account.mode, tone=account.tone),
            consents=person.consents.given(agreed) if self._options.consent else person.consents,
            origin=Origin(account.old_id),
        )

    def _sign_ins(self, account: PlannedAccount, user_id: str, *, ours: bool) -> list[str]:
        """The providers that sign this person in here; the old system's word links no account that it did not bring."""
        linked = []
        for name, subject in (("google", account.google_id), ("apple", account.apple_id)):
            provider = PROVIDERS[name]
            if subject is None:
                continue
            if not ours:
                why = f"signing in with {name.title()} links it, by its verified email"
                self._report.add("sign-in", account.old_id, "skipped", why)
            elif provider not in self._providers:
                why = f"{name.title()} is not set up in this environment: set it up and run the import again"
                self._report.add("sign-in", account.old_id, "skipped", why)
            elif not self._options.apply or directory.link(user_id, provider, subject):
                self._report.add("sign-in", account.old_id, "brought")
                linked.append(name.title())
            else:
                why = f"its {name.title()} account signs in to another account here"
                self._report.add("sign-in", account.old_id, "skipped", why)
        return linked

    def _picture(self, picture: PlannedPicture, account: PlannedAccount, user_id: str) -> None:
        if user_id and portraits.get(user_id, picture.portrait_id) is not None:
            self._report.add("picture", picture.old_id, "there already")
            return
        found = self._file("picture", picture.old_id, picture.file, "generated")
        if found is None:
            return
        if self._options.apply:
            self._store(picture, account, user_id, found[1])
        self._report.add("picture", picture.old_id, "brought")

    def _file(self, what: What, old_id: str, name: str, folder: str) -> tuple[bytes, np.ndarray] | None:
        """A file as it is and decoded (`uint8[H, W, 3]`); None with a line in the report where that cannot be."""
        data = find(self._place, name, folder)
        if data is None:
            self._report.add(what, old_id, "skipped", "its file is not there")
            return None
        try:
            return data, photo.decode(data)
        except PhotoRejected:
            self._report.add(what, old_id, "skipped", "its file is not a picture that can be read")
            return None

    def _store(self, picture: PlannedPicture, account: PlannedAccount, user_id: str, image: np.ndarray) -> None:
        """The files first, then the row that names them."""
        bodies = (photo.encode_jpeg(image), photo.encode_webp(photo.thumbnail(image)))
        for ending, body in zip(keys.PICTURE_ENDINGS, bodies, strict=True):
            content_type = "image/jpeg" if ending == ".jpg" else "image/webp"
            storage.put(settings().media_bucket, keys.picture(user_id, picture.portrait_id, ending), body, content_type)
        portraits.create(
            Picture(
                user_id=user_id,
                portrait_id=picture.portrait_id,
                date=picture.day.isoformat(),
                trigger="imported",
                status="ready",
                mode=picture.mode,
                tone=account.tone,
                theme=DEFAULT_THEME,
                format=_nearest_format(image),
                alt_text=f"A picture of you of {picture.day.isoformat()}.",
                mail_status="off",
                created_at=picture.made_at,
                ready_at=picture.made_at,
            )
        )

    def _selfie(self, account: PlannedAccount, user_id: str, person: Person | None) -> None:
        if account.selfie is None:
            return
        new_id = selfie_id(account.old_id)
        if person is not None and self._is_sent(new_id, user_id, person):
            self._report.add("selfie", account.old_id, "there already")
            return
        if why := self._why_no_selfie(new_id, person):
            self._report.add("selfie", account.old_id, "skipped", why)
            return
        found = self._file("selfie", account.old_id, account.selfie, "uploads")
        if found is None:
            return
        if self._options.apply:
            data = found[0]
            content_type = _content_type(data)
            selfies.begin_upload(user_id, new_id, content_type, self._now())
            # The bucket's event has the face taken out of it, as for any upload.
            storage.put(settings().uploads_bucket, keys.upload(user_id, new_id), data, content_type)
        self._report.add("selfie", account.old_id, "brought")

    @staticmethod
    def _is_sent(new_id: str, user_id: str, person: Person) -> bool:
        """Whether an earlier run brought this photo to its end, or its file is still there."""
        if person.photo.selfie_id != new_id:
            return False
        return person.photo.status != "waiting" or storage.exists(
            settings().uploads_bucket, keys.upload(user_id, new_id)
        )

    def _why_no_selfie(self, new_id: str, person: Person | None) -> str | None:
        if person is not None and person.photo.selfie_id not in (None, new_id):
            return "the person has sent a photo here"
        if (self._options.consent) if person is None else person.consents.since is not None:
            return None
        return "no consent to the use of the face is recorded (--consent-given); the app asks for it"

    def _invitation(self, account: PlannedAccount, user_id: str, person: Person | None, linked: list[str]) -> None:
        if not self._options.invite:
            return
        if person is not None and person.origin.invited_at is not None:
            self._report.add("invitation", account.old_id, "there already")
            return
        if self._options.apply:
            # Noted before it is sent, so that nobody is told twice.
            self._note_invitation(user_id, self._now())
            sender, app_url = settings().sender_address, settings().app_url
            language = person.preferences.language if person else "en"
            try:
                mail.send(compose_invitation(sender, account.email, app_url, linked, language), user_id)
            except mail.MailRefused as refused:
                self._note_invitation(user_id, None)
                why = f"the mail was refused ({refused.code}): run the import again"
                self._report.add("invitation", account.old_id, "failed", why)
                return
        self._report.add("invitation", account.old_id, "brought")

    @staticmethod
    def _note_invitation(user_id: str, at: datetime | None) -> None:
        repository.change(user_id, lambda person: replace(person, origin=person.origin._replace(invited_at=at)))


def _nearest_format(image: np.ndarray) -> str:
    """The format whose shape is most like the picture's."""
    ratio = image.shape[0] / image.shape[1]
    return min(FORMATS, key=lambda name: abs(FORMATS[name].height / FORMATS[name].width - ratio))


def _content_type(data: bytes) -> str:
    return next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), "image/heic")
