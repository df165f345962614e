"""Dates on pictures and in mails, as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from motiv8.catalogue.dates import day_and_month


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en-GB", "Sunday, 1 November"),
        ("en-US", "Sunday, November 1"),
        ("de", "Sonntag, 1. November"),
        ("de-CH", "Sonntag, 1. November"),
        ("es", "domingo, 1 de noviembre"),
        ("fr-FR", "dimanche 1er novembre"),
        # Ours are four languages, and the words around it are English then.
        ("ja", "Sunday, 1 November"),
        ("de-XX", "Sonntag, 1. November"),
        ("", "Sunday, 1 November"),
    ],
)
def test_the_date_on_a_picture_is_written_in_the_language_of_its_line(locale: str, written: str) -> None:
    assert day_and_month(date(2026, 11, 1), locale) == written
