"""The check that every integration test makes of each answer finds what the document does not say."""

from __future__ import annotations

import pytest

from stand_in import api_document


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/v1/portraits/today", 418, ""),
        ("/v1/portraits/some-id", 409, '{"type": "urn:motiv8:problem:face-missing"}'),
        ("/v1/portraits/some-id/", 403, '{"type": "urn:motiv8:problem:consent-required"}'),
    ],
)
def test_an_answer_that_is_not_documented_fails(path: str, status: int, text: str) -> None:
    with pytest.raises(AssertionError, match="not documented"):
        api_document.check("GET", path, status, text)


def test_an_answer_that_is_documented_passes() -> None:
    api_document.check("GET", "/v1/portraits/some-id", 404, '{"type": "urn:motiv8:problem:not-found"}')
    api_document.check("GET", "/v1/portraits/today", 200, "{}")
    api_document.check("GET", "/v1/no-operation", 404, "")
