"""Sentences of ours in an answer, in the person's language."""

from __future__ import annotations

LANGUAGES = ("en", "de", "es", "fr")

_NOTHING = {
    "en": "The library says nothing about this.",
    "de": "Die Bibliothek sagt dazu nichts.",
    "es": "La biblioteca no dice nada sobre esto.",
    "fr": "La bibliothèque ne dit rien à ce sujet.",
}


def language_of(locale: str) -> str:
    """The language of a locale (`de-AT`) that our sentences are written in; English where there is none."""
    language = locale.partition("-")[0].lower()
    return language if language in LANGUAGES else "en"


def nothing_found(language: str) -> str:
    """That the library does not answer the question."""
    return _NOTHING[language]
