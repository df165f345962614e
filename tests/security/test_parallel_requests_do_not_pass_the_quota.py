"""The quota holds for whoever sends many requests at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from motiv8.local.person import Person

QUOTA = 20
"""Of the local stack (`motiv8.local.stack`)."""


def test_of_50_requests_at_once_just_as_many_are_taken_as_the_quota_allows(with_face: Callable[..., Person]) -> None:
    person = with_face()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: person.call("POST", "/v1/portraits", {}), range(50)))
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {202, 429, 503}, statuses
    # What the crowd did not get in time is still free, and no more.
    while person.call("POST", "/v1/portraits", {}).status_code == 202:
        statuses[202] += 1
    assert statuses[202] == QUOTA
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code != 202)
