"""Each entry is whole, and every name that a request may give has one."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from motiv8.catalogue import engines, formats, modes, rejections, themes, tones
from motiv8.catalogue.locales import LANGUAGES
from motiv8.studio.lines import lines
from motiv8.studio.scene import painter

NAMED = [
    (modes.ModeName, modes.MODES, modes.DEFAULT_MODE),
    (tones.ToneName, tones.TONES, tones.DEFAULT_TONE),
    (themes.ThemeName, themes.THEMES, themes.DEFAULT_THEME),
    (formats.FormatName, formats.FORMATS, formats.DEFAULT_FORMAT),
]


@pytest.mark.parametrize(("names", "entries", "default"), NAMED)
def test_a_name_that_a_request_may_give_has_an_entry_with_a_title_and_a_sentence(
    names: Any, entries: dict[str, Any], default: str
) -> None:
    assert get_args(names) == tuple(entries)
    assert default in entries
    for entry in entries.values():
        assert entry.title
        assert entry.description.endswith(".")


def test_each_engine_says_what_its_pictures_are_made_of() -> None:
    assert get_args(engines.EngineName) == tuple(engines.ENGINES)


def test_each_rejection_has_a_sentence_of_its_own() -> None:
    assert set(rejections.SENTENCES) == set(rejections.Rejection)
    assert len(set(rejections.SENTENCES.values())) == len(rejections.SENTENCES)


def test_the_studio_can_paint_each_mode_and_speak_in_each_tone() -> None:
    assert len({painter(mode) for mode in modes.MODES}) == len(modes.MODES)
    for language in LANGUAGES:
        assert set(lines(language)) == set(tones.TONES)
