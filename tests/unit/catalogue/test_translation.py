"""Every message that people read exists in each language, and is said in the one that a request asks for."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from motiv8.accounts.own_lines import REFUSALS
from motiv8.api import field_messages, problems
from motiv8.api.features import FEATURES
from motiv8.catalogue import answer_failures, formats, layouts, modes, rejections, themes, tones
from motiv8.catalogue.locales import LANGUAGES, Language
from motiv8.catalogue.translation import preferred, translated, translations
from motiv8.coach.summaries import NAMES
from motiv8.errors import Problem
from motiv8.library.models import MESSAGES as LIBRARY_MESSAGES
from motiv8.portraits.models import MESSAGES
from motiv8.words import Words

SOURCE = Path(problems.__file__).parents[1]
_FOLDERS = (
    *("accounts", "api", "aws/user_pool", "coach", "emails", "library", "notifications", "portraits", "selfies"),
    *("tool_servers", "usage"),
)
SPOKEN = (
    *("errors.py", "coach/errors.py", "library/errors.py", "notifications/errors.py"),
    *(f"{folder}/*.py" for folder in _FOLDERS),
)
OTHERS = [language for language in LANGUAGES if language != "en"]
# What only the developer of a client comes upon.
NOT_FOR_PEOPLE = {
    "The body is not UTF-8 text.",
    "This address is not open to clients. Use the address of the web app.",
}


def _kinds(base: type[Problem]) -> Iterator[type[Problem]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


@cache
def _sentences() -> set[str]:
    """The literal words that the code gives to problems and answers, and the sources of those with values."""
    names = {kind.__name__ for kind in _kinds(Problem)} | {"super().__init__"}
    found: set[Any] = set()
    for path in (path for pattern in SPOKEN for path in SOURCE.glob(pattern)):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            literals = (
                [each.value for each in call.args if isinstance(each, ast.Constant)]
                if isinstance(call, ast.Call)
                else []
            )
            if not literals or not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func).removeprefix("errors.")
            if name in names:
                found.add(literals[0])
            elif name == "_message":
                found |= set(literals)
            elif name in {"FieldError", "said", "Words"}:
                found.add(literals[-1])
    return {each for each in found if isinstance(each, str) and (" " in each or each == "wrong")} - NOT_FOR_PEOPLE


def _messages() -> set[str]:
    choices: list[dict[str, Any]] = [dict(each) for each in (modes.MODES, tones.TONES, themes.THEMES, layouts.LAYOUTS)]
    entries = [each for named in choices for each in named.values()]
    shown = {words for each in entries for words in (each.title, each.description)}
    shown |= {mode.place for mode in modes.MODES.values()}
    shown |= {words for form in formats.FORMATS.values() for words in (form.title, form.use) if words}
    shown |= {kind.title for kind in _kinds(Problem) if kind.__module__.startswith("motiv8.")}
    of_fields = {*REFUSALS.values(), *field_messages.MESSAGES.values()}
    of_fields |= {*NAMES.values(), "on", "off", "as your settings say"}
    failures = [each.values() for each in (rejections.SENTENCES, MESSAGES, LIBRARY_MESSAGES, answer_failures.SENTENCES)]
    return shown | {words for each in failures for words in each} | of_fields | _sentences()


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_there(language: Language) -> None:
    for load in FEATURES.values():
        load()
    assert len(_sentences()) > 60
    assert _messages() - set(translations(language)) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_values_of_its_source(language: Language) -> None:
    for english, words in translations(language).items():
        assert _values(english) == _values(words), english
        assert english.count("`") == words.count("`"), english
        assert words == words.strip() != ""


def _values(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_values_are_said_in_the_language_too() -> None:
    words = Words("{width} x {height}{use}.", width=1, height=2, use=", for feeds and email")
    assert words == "1 x 2, for feeds and email."
    assert translated(words, "de") == "1 x 2, für Feeds und E-Mail."
    assert translated("not in any catalogue", "de") == "not in any catalogue"
    # What a value holds is no place for others.
    assert translated(Words("{letter} cannot be set", letter="{x}"), "de") == "{x} cannot be set"


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("ja, fr;q=0.5, es;q=0.7", "es"),
        ("fr, es", "fr"),
        ("de;q=0", "en"),
        ("ja", "en"),
        ("*", "en"),
        ("DE-de", "de"),
        ("de;q=x, fr;q=0.1", "fr"),
        (";;;,,=", "en"),
        ("de;q=nan, es;q=0.2", "es"),
    ],
)
def test_the_language_that_is_liked_best_is_spoken(asked: str, language: str) -> None:
    assert preferred(asked) == language
