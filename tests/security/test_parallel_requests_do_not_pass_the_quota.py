"""The quotas hold for whoever sends many requests at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from motiv8_tooling.client.person import Person

PICTURES, PHOTOS = 20, 10
"""Pictures of the local stack (`motiv8_tooling.local.local_stack`), photos as template.yaml has them."""


def _ask_for(person: Person, path: str, body: dict[str, str], taken: int) -> int:
    """How many of 50 requests at once are taken, with those after them until one is refused."""
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: person.call("POST", path, body), range(50)))
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {taken, 429, 503}, statuses
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code != taken)
    # What the crowd did not get in time is still free, and no more.
    while person.call("POST", path, body).status_code == taken:
        statuses[taken] += 1
    return statuses[taken]


def test_of_50_pictures_asked_for_at_once_just_the_quota_is_taken(with_face: Callable[..., Person]) -> None:
    assert _ask_for(with_face(), "/v1/portraits", {}, 202) == PICTURES


def test_of_50_uploads_asked_for_at_once_just_the_quota_is_taken(somebody: Callable[..., Person]) -> None:
    assert _ask_for(somebody(), "/v1/selfies", {"content_type": "image/jpeg"}, 201) == PHOTOS
