"""The API's words and the studio's are the same; the API image has no studio to ask."""

from motiv8.portraits import vocabulary
from motiv8.studio import formats, modes
from motiv8.studio.lines import LINES


def test_the_api_offers_the_modes_that_the_studio_has() -> None:
    assert {name: title for name, (title, _) in vocabulary.MODES.items()} == {
        name: mode.title for name, mode in modes.MODES.items()
    }


def test_the_api_offers_the_tones_that_the_studio_has() -> None:
    assert tuple(vocabulary.TONES) == modes.TONES == tuple(LINES)


def test_the_api_offers_the_themes_and_formats_that_the_studio_has() -> None:
    assert tuple(vocabulary.THEMES) == formats.THEMES
    assert list(vocabulary.FORMATS) == list(formats.FORMATS)


def test_the_defaults_are_on_offer() -> None:
    assert vocabulary.DEFAULT_THEME in vocabulary.THEMES
    assert vocabulary.DEFAULT_FORMAT in vocabulary.FORMATS
    assert vocabulary.DEFAULT_MODE in vocabulary.MODES
    assert vocabulary.DEFAULT_TONE in vocabulary.TONES
