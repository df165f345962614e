"""Once a day every account is looked at: whoever is gone at Cognito goes here, and deletions that stopped go on.

So do the faces of people who do not come any more.

Anybody may call Cognito's `DeleteUser` with their own token, and none of our code runs then. Nobody is erased because
Cognito is out of order or is another pool: docs/adr/031-every-account-is-reviewed-once-a-day.md.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from motiv8.accounts import repository
from motiv8.accounts.service import hour_of
from motiv8.aws import machines
from motiv8.aws.user_pool import directory
from motiv8.payloads import AccountReview
from motiv8.pipeline.inactive_face import see_to_inactive_face
from motiv8.pipeline.isolation import isolated
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.payloads import OrphansErased

HOUR, MINUTES = 3, 15
"""The hour (UTC) whose first run looks: the one within its first minutes."""
SECONDS = 45.0
"""How long one call looks; the machine calls again where the last one stopped."""
MOST_SUSPECTS = 200
"""Accounts that one day erases: their ids lie in the state of the machine, which holds 256 KB."""
FEW, LARGEST_SHARE = 3, 0.05
"""Accounts that may be gone in a day, whichever is more: where more are, it is not that people left."""


@dataclass(slots=True)
class Review:
    """How far it is; what one call answers and the next is given."""

    more: bool = False
    after: str | None = None
    checked: int = 0
    missing: int = 0
    suspects: list[str] = field(default_factory=list)


def review_accounts(now: datetime, before: AccountReview | None, correlation_id: str) -> AccountReview:
    """Look at some more accounts; `more` says that there are others, `suspects` whom Cognito does not know."""
    review = Review(**before) if before else Review()
    until = time.monotonic() + SECONDS
    review.more = now.hour == HOUR and now.minute < MINUTES
    while review.more:
        user_ids, review.after = repository.page(review.after)
        people = {person.user_id: person for person in repository.several(user_ids)}
        for user_id in user_ids:
            with isolated("account", user_id=user_id):
                # Of a row that cannot be read the id is good enough.
                deletion_id = people[user_id].deletion_id if user_id in people else None
                if deletion_id is not None:
                    machines.start_deletion(user_id, deletion_id, hour_of(now), correlation_id)
                    continue
                review.checked += 1
                if not directory.exists(user_id):
                    review.missing += 1
                    review.suspects += [user_id] if len(review.suspects) < MOST_SUSPECTS else []
                elif user_id in people:
                    see_to_inactive_face(people[user_id], now)
        review.more = review.after is not None
        if time.monotonic() >= until:
            break
    return AccountReview(
        more=review.more,
        after=review.after,
        checked=review.checked,
        missing=review.missing,
        suspects=review.suspects,
    )


def erase_orphans(
    now: datetime, review: AccountReview, correlation_id: str, *, confirmed: bool = False
) -> OrphansErased:
    """Begin the deletion of those whom Cognito still does not know; of nobody where too many are missing.

    A member of the team who has seen that they are gone for good may say so (`confirmed`).
    """
    found = Review(**review)
    unlikely = found.missing > max(FEW, LARGEST_SHARE * found.checked) or found.missing == found.checked
    if unlikely and not confirmed:
        logger.error("orphaned accounts held back", missing=found.missing, checked=found.checked)
        count("OrphansHeldBack", found.missing)
        return {"erased": 0, "held_back": found.missing}
    erased = 0
    for user_id in found.suspects:
        with isolated("orphaned account", user_id=user_id):
            # By two operations, of which the second finds also who came by a provider alone.
            if directory.exists(user_id) or directory.is_listed(user_id):
                continue
            deletion_id = repository.begin_deletion(user_id, str(uuid4()))
            machines.start_deletion(user_id, deletion_id, hour_of(now), correlation_id)
            erased += 1
    logger.info("orphaned accounts erased", erased=erased, missing=found.missing, checked=found.checked)
    return {"erased": erased, "held_back": 0}
