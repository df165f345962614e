"""Type: sizes and cuts, kerning, lines that break where a reader pauses, punctuation that hangs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw

from motiv8.catalogue.locales import LANGUAGES
from motiv8.catalogue.modes import MODES
from motiv8.studio.lines import lines
from motiv8.studio.placement import MARGIN, WIDTH
from motiv8.studio.typefaces import TYPEFACES, CannotBeSet, cut, font, length, typeface_for
from motiv8.studio.typography import SCALE, block, contrast, write

MEASURE = WIDTH - 2 * MARGIN
OF_LINES = sorted({mode.typeface for mode in MODES.values()})


def _broken(text: str, typeface: str = "plain", measure: int = MEASURE, most_lines: int = 2) -> list[str]:
    return block(text, typeface, measure, (91, 16), most_lines).lines


def _ink(text: str, typeface: str, size: int, *, centred: bool = False) -> tuple[int, int]:
    """The first and the last column of a line's ink that is written at 500."""
    image = Image.new("RGB", (1000, 300))
    write(ImageDraw.Draw(image), (500, 200), text, typeface, size, (255, 255, 255), centred=centred)
    columns = np.flatnonzero(np.asarray(image)[..., 0].max(axis=0) > 100)
    return int(columns[0]), int(columns[-1])


def test_modes_have_at_least_three_display_families() -> None:
    assert {cut(typeface, 128).family for typeface in OF_LINES} >= {"anton", "dm-serif", "red-hat"}


def test_sizes_are_of_one_scale() -> None:
    assert all(larger == pytest.approx(2 * smaller, abs=1) for smaller, larger in zip(SCALE, SCALE[6:], strict=False))
    for typeface in OF_LINES:
        for text in ("Go.", "Show up. The rest will follow.", "Selbstverständlichkeiten sind Gewohnheiten."):
            assert block(text, typeface, MEASURE, (114, 45)).size in SCALE


@pytest.mark.parametrize("name", TYPEFACES)
def test_larger_type_is_set_tighter(name: str) -> None:
    cuts = TYPEFACES[name].cuts
    assert cuts[0].smallest == 0
    for smaller, larger in pairwise(cuts):
        assert smaller.smallest < larger.smallest
        assert smaller.tracking >= larger.tracking or smaller.family != larger.family
    assert cuts[0].tracking > 0


@pytest.mark.parametrize("name", OF_LINES)
@pytest.mark.parametrize("size", [45, 57, 72, 81, 91, 128])
def test_no_stroke_is_too_fine_to_be_read_on_a_picture(name: str, size: int) -> None:
    _, family, weight, _ = cut(name, size)
    mask = font(family, weight, size).getmask("o")
    middle = np.asarray(mask, np.float32).reshape(mask.size[::-1])[:, mask.size[0] // 2] / 255
    # The top of an o is its finest stroke.
    assert middle[: len(middle) // 2].sum() >= 1.5


@pytest.mark.parametrize("name", OF_LINES)
def test_letters_are_kerned(name: str) -> None:
    for pair in ("AV", "To"):
        assert length(pair, name, 128) < sum(length(letter, name, 128) for letter in pair)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Show up. The rest will follow.", ["Show up.", "The rest will follow."]),
        ("7 in a row. Quietly impressive.", ["7 in a row.", "Quietly impressive."]),
        ("Erst der Weg, dann das Ziel.", ["Erst der Weg,", "dann das Ziel."]),
        ("Climb at the speed of breath.", ["Climb at the", "speed of breath."]),
        ("You have time for what you begin.", ["You have time", "for what you begin."]),
        ("Go.", ["Go."]),
    ],
)
def test_a_line_breaks_where_a_reader_pauses_and_evenly(text: str, broken: list[str]) -> None:
    assert _broken(text) == broken


@pytest.mark.parametrize("measure", [348, 420, 696])
def test_a_column_breaks_where_a_reader_pauses(measure: int) -> None:
    broken = _broken("Make the effort. Keep the feeling.", "geometric", measure, 8)
    assert any(line.endswith("effort.") for line in broken)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_alone_on_the_last_line_where_another_break_is_as_wide(language: str) -> None:
    for line in lines(language)["motivate"]["any"][::12]:
        for measure in (420, MEASURE):
            typeface = "elegant"
            broken = _broken(line, typeface, measure, 2 if measure == MEASURE else 8)
            assert " ".join(broken) == line
            widths = [length(each, typeface, 64) for each in broken]
            if len(line.split()) > 4 and len(broken) > 1 and " " not in broken[-1]:
                assert widths[-1] > 0.4 * max(widths), broken


def test_a_word_is_never_broken_and_a_text_that_does_not_fit_is_refused() -> None:
    with pytest.raises(CannotBeSet, match="does not fit"):
        block("word " * 60, "plain", 900, (57, 45))
    with pytest.raises(CannotBeSet, match="does not fit"):
        block("M" * 60, "plain", 900, (57, 45))


@pytest.mark.parametrize("name", OF_LINES)
def test_stems_stand_on_the_margin_and_quotes_hang_beyond_it(name: str) -> None:
    plain, _ = _ink("Los geht es", name, 91)
    assert plain == pytest.approx(500, abs=1)
    quoted, _ = _ink("\u201eLos geht es\u201c", name, 91)
    assert quoted < plain - 12


@pytest.mark.parametrize("name", OF_LINES)
def test_a_full_stop_does_not_move_a_centred_line(name: str) -> None:
    (left, _), (dotted, _) = (_ink(text, name, 91, centred=True) for text in ("Finish", "Finish."))
    assert abs(left - dotted) <= 3


@pytest.mark.parametrize("name", ["plain", "book"])
@pytest.mark.parametrize(
    "text",
    [
        "Größe, naïveté, Łódź \u2014 çok güzel!",
        "Καλημέρα, κόσμε",
        "Доброе утро, їжаче",
        "e\u0301 decomposed",
        "100 % · 5 > 3 \u201cquoted\u201d",
    ],
)
def test_latin_greek_and_cyrillic_can_be_set(name: str, text: str) -> None:
    assert typeface_for(text, name) == name
    assert block(text, name, 912, (91, 45)).lines


@pytest.mark.parametrize("name", OF_LINES)
def test_the_letters_of_our_languages_and_their_neighbours_are_in_every_typeface(name: str) -> None:
    assert typeface_for("ÄÖÜäöüß ÀÂÇÉÈÊËÎÏÔŒÙÛàâçéèêëîïôœùû ÁÉÍÓÚÑáéíóúñ¿¡ ŁłŃńŻż ŘřŮů ÅåØøÆæ", name) == name


def test_a_letter_that_a_typeface_lacks_takes_another_typeface() -> None:
    assert typeface_for("STRAẞE Ə", "geometric") == "plain"
    assert typeface_for("Вперёд", "poster") == "plain"


@pytest.mark.parametrize("text", ["Go 💪", "©️ me ☀", "שלום", "你好", "a\u200db", "two\nlines", "\u202eevil", "\ue000"])
def test_emoji_control_characters_and_other_scripts_are_refused(text: str) -> None:
    with pytest.raises(CannotBeSet, match=r"Latin, Greek or Cyrillic|leave out"):
        typeface_for(text, "plain")


def test_contrast_is_as_wcag_defines_it() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
