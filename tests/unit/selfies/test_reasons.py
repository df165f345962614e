"""Every reason of the studio has its sentence in the API."""

from motiv8.selfies.reasons import REASONS
from motiv8.studio.rejection import SENTENCES, Reason


def test_the_api_says_what_the_studio_says() -> None:
    assert {reason: REASONS[reason] for reason in Reason} == SENTENCES


def test_one_reason_is_our_own() -> None:
    assert set(REASONS) - {str(reason) for reason in Reason} == {"internal_error"}
