"""A batch of the daily plan, one picture after another: each is made ahead, or queued for its delivery at the hour."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from motiv8.accounts import repository as accounts
from motiv8.accounts.schedule import delivery_on
from motiv8.accounts.service import reschedule
from motiv8.aws import deliveries
from motiv8.aws.deliveries import Delivery
from motiv8.clock import rfc3339
from motiv8.errors import Unavailable
from motiv8.pipeline.compose import compose
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
_NOT_ITS_FAULT = (*AWS_ERRORS, Unavailable)


def serve_batch(batch: Batch, clock: Callable[[], datetime]) -> Served:
    """Make or queue each picture of a batch, and say which are to be tried again: for want of time, or of AWS.

    One that fails costs the others nothing: its failure is recorded, and a run an hour later tries it again. What is
    left after the last round is taken up by the next run, and so is all of it where this call dies.
    """
    before = batch["served"]["value"] if "served" in batch else None
    rounds = before["rounds"] + 1 if before else 1
    until = time.monotonic() + SECONDS
    left: list[PictureKey] = []
    due: list[Delivery] = []
    for order in before["left"] if before else batch["orders"]:
        if time.monotonic() >= until:
            left.append(order)
            continue
        try:
            due += _serve(order, batch, clock())
        except _NOT_ITS_FAULT as error:
            logger.warning("picture put back", portrait_id=order["portrait_id"], error=error_name(error))
            with suppress(*_NOT_ITS_FAULT):
                _put_back(order, batch["run"])
            left.append(order)
    left += _queue(due, clock())
    return {"more": bool(left) and rounds < ROUNDS, "rounds": rounds, "left": left}


def _serve(order: PictureKey, batch: Batch, now: datetime) -> list[Delivery]:
    """Make a picture if that is to be done, and return what is to be delivered now. Raises errors of AWS."""
    user_id, portrait_id = order["user_id"], order["portrait_id"]
    try:
        person = accounts.get(user_id)
        if person is None:
            # The row may be younger than the deletion's search for rows.
            repository.delete(user_id, portrait_id)
            return []
        picture = begin_daily(person, portrait_id, batch["run"], now)
        if picture is None or not _is_ready(picture, batch, now):
            return []
        return _due(person, picture, batch, now)
    except _NOT_ITS_FAULT:
        raise
    except Exception as error:  # noqa: BLE001 - what a person's row and files hold can fail in every way
        logger.error("picture not made", portrait_id=portrait_id, error=error_name(error))
        with isolated("person", user_id=user_id):
            record_portrait_failure(user_id, portrait_id, "internal_error", now)
        return []


def _is_ready(picture: Picture, batch: Batch, now: datetime) -> bool:
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
    outcome = compose(user_id, portrait_id, now)["outcome"]
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


def _queue(due: list[Delivery], now: datetime) -> list[PictureKey]:
    """Queue deliveries, and return those that could not be.

    What is sent is noted after that, so that a call that dies in between queues it once more and nothing is lost:
    the second message mails nothing.
    """
    try:
        refused = deliveries.send(due)
    except AWS_ERRORS as error:
        logger.warning("deliveries not queued", error=error_name(error))
        refused = due
    for each in due:
        if each not in refused:
            with suppress(*_NOT_ITS_FAULT):
                repository.change(each.user_id, each.portrait_id, lambda picture: picture.queued(now))
    return [{"user_id": each.user_id, "portrait_id": each.portrait_id} for each in refused]
