"""Sign-ups that nobody confirmed within three days are removed."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from motiv8.accounts import repository
from motiv8.aws.user_pool import directory
from motiv8.pipeline.isolation import isolated

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.payloads import Purged

KEPT = timedelta(days=3)
MOST = 500
"""Sign-ups that one run removes; the next hour's goes on."""


def purge_sign_ups(now: datetime) -> Purged:
    """Remove accounts and rows of sign-ups that were not confirmed in time; how many."""
    purged = 0
    for user_id in islice(directory.unconfirmed(now - KEPT), MOST):
        with isolated("sign-up", user_id=user_id):
            # The list lags: somebody may just have confirmed.
            if directory.is_unconfirmed(user_id):
                # The row first: without one no code confirms the account.
                repository.delete(user_id)
                directory.delete(user_id)
                purged += 1
    return {"purged": purged}
