"""Which language a person is spoken to in, and the locale where nobody chose one."""

from typing import Literal, get_args

Language = Literal["en", "de", "es", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

DEFAULT_LOCALE = "en-GB"


def language_of(locale: str) -> Language:
    """The language of a locale (BCP 47, such as `de-AT`); English for one that we do not speak."""
    first = locale.partition("-")[0].lower()
    return next((language for language in LANGUAGES if language == first), "en")
