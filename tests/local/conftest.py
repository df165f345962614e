"""People who sign up on the local stack as they would with a phone."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from motiv8.local.person import Person
from motiv8.local.stack import Stack
from stand_in.photos import SAMPLE

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def sample() -> bytes:
    """The sample photo."""
    return SAMPLE.read_bytes()


@pytest.fixture
def somebody(stack: Stack) -> Callable[..., Person]:
    """Somebody new, signed in and with consent given."""

    def sign_up(time_zone: str = "UTC") -> Person:
        person = Person(stack.front.url, f"person-{next(_NUMBERS)}@example.com")
        person.register(time_zone)
        person.sign_in()
        person.expect("PATCH", "/v1/me", {"biometric_consent": True})
        return person

    return sign_up


@pytest.fixture
def with_face(somebody: Callable[..., Person], sample: bytes) -> Callable[..., Person]:
    """Somebody new whose selfie is ready."""

    def upload(time_zone: str = "UTC") -> Person:
        person = somebody(time_zone)
        assert person.upload(sample, "image/jpeg").status_code == 204
        person.wait_for_selfie()
        return person

    return upload
