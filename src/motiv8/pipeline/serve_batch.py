"""A batch of the daily plan, some pictures at once: each is made ahead, or queued for its delivery at the hour."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from motiv8.accounts import repository as accounts
from motiv8.accounts.schedule import delivery_on
from motiv8.accounts.service import reschedule
from motiv8.aws import deliveries
from motiv8.aws.deliveries import Delivery
from motiv8.clock import rfc3339
from motiv8.errors import Unavailable
from motiv8.pipeline.compose import make_picture
from motiv8.pipeline.isolation import AWS_ERRORS, error_name, isolated
from motiv8.pipeline.record_failure import record_portrait_failure
from motiv8.portraits import repository
from motiv8.portraits.picture import MOST_ATTEMPTS
from motiv8.portraits.service import begin_daily
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.daily_payloads import Batch, PictureKey, Served
    from motiv8.portraits.picture import Picture

SECONDS = 60.0
"""After this long no other picture is begun: one may take a minute, and the function has two."""
ROUNDS = 4
"""How often a batch is gone through, within the five minutes that an EXPRESS execution has."""
AT_ONCE = 4
"""Pictures at once: while some wait for AWS, others have the processor. Each takes some 30 MB."""
_NOT_ITS_FAULT = (*AWS_ERRORS, Unavailable)


class _BrokenOff(Exception):
    """Whoever made the picture last ended without a word."""


class _Served(NamedTuple):
    """What came of an order: deliveries for the queue, or that it is left, or to be tried alone."""

    order: PictureKey
    due: tuple[Delivery, ...] = ()
    is_left: bool = False
    is_suspect: bool = False


def serve_batch(batch: Batch, clock: Callable[[], datetime]) -> Served:
    """Make or queue each picture of a batch, and say which are to be tried again: for want of time, or of AWS.

    One that fails costs the others nothing: its failure is recorded, and a run an hour later tries it again. What is
    left after the last round is taken up by the next run, and so is all of it where this call dies. One that a call
    broke off at is made after the others and alone, so that a picture that ends the process takes no other with it.
    """
    before = batch["served"]["value"] if "served" in batch else None
    rounds = before["rounds"] + 1 if before else 1
    work = _Work(batch, clock, time.monotonic() + SECONDS)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # Where one raises what ends the process, those that wait are not begun.
        served = list(pool.map(work.serve, before["left"] if before else batch["orders"]))
        served = [work.serve(each.order, alone=True) if each.is_suspect else each for each in served]
        left = [each.order for each in served if each.is_left]
        left += _queue([delivery for each in served for delivery in each.due], clock(), pool)
    return {"more": bool(left) and rounds < ROUNDS, "rounds": rounds, "left": left}


@dataclass(frozen=True, slots=True)
class _Work:
    """A batch, and until when pictures of it are begun."""

    batch: Batch
    clock: Callable[[], datetime]
    until: float

    def serve(self, order: PictureKey, *, alone: bool = False) -> _Served:
        """Serve one order; nothing that goes wrong with it is raised."""
        if time.monotonic() >= self.until:
            return _Served(order, is_left=True)
        try:
            return _Served(order, due=tuple(_serve(order, self.batch, self.clock(), alone=alone)))
        except _BrokenOff:
            return _Served(order, is_suspect=True)
        except _NOT_ITS_FAULT as error:
            logger.warning("picture put back", portrait_id=order["portrait_id"], error=error_name(error))
            with suppress(*_NOT_ITS_FAULT):
                _put_back(order, self.batch["run"])
            return _Served(order, is_left=True)


def _serve(order: PictureKey, batch: Batch, now: datetime, *, alone: bool) -> list[Delivery]:
    """Make a picture if that is to be done, and return what is to be delivered now.

    Raises errors of AWS, and _BrokenOff for a picture that is to be made `alone`.
    """
    user_id, portrait_id = order["user_id"], order["portrait_id"]

    def check(picture: Picture) -> None:
        if picture.was_broken_off(now, batch["run"]) and not alone:
            raise _BrokenOff

    try:
        person = accounts.get(user_id)
        if person is None:
            # The row may be younger than the deletion's search for rows.
            repository.delete(user_id, portrait_id)
            return []
        picture = begin_daily(person, portrait_id, batch["run"], now, check=check)
        if picture is None or not _is_ready(person, picture, batch, now):
            return []
        return _due(person, picture, batch, now)
    except (*_NOT_ITS_FAULT, _BrokenOff):
        raise
    except Exception as error:  # noqa: BLE001 - what a person's row and files hold can fail in every way
        logger.error("picture not made", portrait_id=portrait_id, error=error_name(error))
        with isolated("person", user_id=user_id):
            record_portrait_failure(user_id, portrait_id, "internal_error", now)
        return []


def _is_ready(person: Person, picture: Picture, batch: Batch, now: datetime) -> bool:
    """Whether the picture is ready, made now where it is this run's."""
    user_id, portrait_id = picture.user_id, picture.portrait_id
    if picture.status == "ready":
        return True
    if picture.status == "failed":
        reschedule(user_id, now, date.fromisoformat(picture.date))
        return False
    if picture.is_held(now, batch["run"]):
        return False
    if picture.attempts > MOST_ATTEMPTS and not batch["ordered"]:
        # Nothing came of it each time, not even a failure: it ends the process that makes it.
        record_portrait_failure(user_id, portrait_id, "internal_error", now)
        return False
    outcome = make_picture(picture, person, now)
    if outcome == "no_selfie":
        record_portrait_failure(user_id, portrait_id, "no_selfie", now)
    return outcome == "ready"


def _due(person: Person, picture: Picture, batch: Batch, now: datetime) -> list[Delivery]:
    """The delivery, if it is time for it and nothing speaks against it: a message in the queue, or a refusal."""
    hour = delivery_on(person.schedule, date.fromisoformat(picture.date))
    is_paused = picture.lease_run is None and not picture.is_free(now)
    if picture.is_held(now, batch["run"]) or (not batch["ordered"] and (is_paused or (hour or now) > now)):
        return []
    group = "ordered" if batch["ordered"] or hour is None else rfc3339(hour)
    return [Delivery(person.user_id, picture.portrait_id, group)]


def _put_back(order: PictureKey, run: str) -> None:
    repository.change(order["user_id"], order["portrait_id"], lambda picture: picture.put_back(run))


def _queue(due: list[Delivery], now: datetime, pool: ThreadPoolExecutor) -> list[PictureKey]:
    """Queue deliveries, and return those that could not be.

    What is sent is noted after that, so that a call that dies in between queues it once more and nothing is lost:
    the second message mails nothing.
    """
    try:
        refused = deliveries.send(due)
    except AWS_ERRORS as error:
        logger.warning("deliveries not queued", error=error_name(error))
        refused = due

    def note(each: Delivery) -> None:
        with suppress(*_NOT_ITS_FAULT):
            repository.change(each.user_id, each.portrait_id, lambda picture: picture.queued(now))

    list(pool.map(note, [each for each in due if each not in refused]))
    return [{"user_id": each.user_id, "portrait_id": each.portrait_id} for each in refused]
