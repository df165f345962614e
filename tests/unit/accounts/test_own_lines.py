"""A line of one's own: whatever is taken can be set in each typeface, and what cannot is refused with the reason."""

from __future__ import annotations

import random

import pytest
from benchmarks.letters import FILE, table
from pydantic_core import PydanticCustomError

from motiv8.accounts.own_lines import LONGEST, checked, parse
from motiv8.catalogue.letters import widths
from motiv8.catalogue.modes import MODES
from motiv8.studio.placement import MARGIN, WIDTH
from motiv8.studio.typefaces import typeface_for
from motiv8.studio.typography import block


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("Run", "Run"),
        ("  Leg day,\n  again ", "Leg day, again"),
        ("Σήμερα τρέχω", "Σήμερα τρέχω"),
        ("Σ Ж 7 Ф", "Σ Ж 7 Ф"),
        ("Cafe\u0301 danach?", "Café danach?"),
        ("„Größe“ kommt von Übung, täglich!", "„Größe“ kommt von Übung, täglich!"),
    ],
)
def test_it_is_taken_with_single_spaces_and_composed_letters(given: str, line: str) -> None:
    assert checked(given) == line


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ("", "line_empty", "leave the day out"),
        (" \n ", "line_empty", "leave the day out"),
        ("a " * LONGEST, "line_too_long", "80 characters"),
        ("a\x00b", "control_character", "control characters"),
        ("a\u202eb", "right_to_left", "right to left"),
        ("שלום", "right_to_left", "right to left"),
        ("قف وتحرك", "right_to_left", "right to left"),
        ("Lauf 🏃", "letter_missing", "🏃"),
        ("走れ", "letter_missing", "走"),
        ("a\u200db", "letter_missing", "U+200D"),
        ("x\u0334", "letter_missing", "U+0334"),
        ("W" * LONGEST, "line_too_wide", "two lines"),
        ("a " + "Donaudampfschifffahrtsgesellschaft" * 2, "line_too_wide", "two lines"),
    ],
)
def test_what_cannot_be_set_is_refused_with_the_reason(given: str, code: str, said: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        checked(given)
    assert refused.value.type == code
    assert said in refused.value.message()


_SAMPLE = {chr(code) for first, last in ((0x20, 0x100), (0x391, 0x3CF), (0x410, 0x450)) for code in range(first, last)}
_TYPEFACES = sorted({mode.typeface for mode in MODES.values()})


def test_the_letters_and_their_widths_are_those_of_the_typefaces() -> None:
    assert FILE.read_text(encoding="utf-8") == table(), "make letters"
    assert typeface_for("".join(sorted(_SAMPLE & widths().keys())), "plain") == "plain"


def test_what_is_taken_can_be_set_in_each_typeface_and_layout() -> None:
    rng = random.Random(8)  # noqa: S311 - the same lines each time
    letters, tried = sorted(_SAMPLE & widths().keys() - {" "}), 0
    while tried < 60:
        words = ("".join(rng.choices(letters, k=rng.randint(1, 16))) for _ in range(rng.randint(1, 9)))
        try:
            line = checked(" ".join(words))
        except PydanticCustomError:
            continue
        tried += 1
        for typeface in _TYPEFACES:
            chosen = typeface_for(line, typeface)
            assert " ".join(block(line, chosen, WIDTH - 2 * MARGIN, (45, 45)).lines) == line
            # The narrowest column.
            assert block(line, chosen, 422, (16, 16), most_lines=8, height=700)


@pytest.mark.parametrize("stored", [None, "x", 7, ["mon"], {"mon": 7}, {"someday": "Run"}, {"mon": "a\x00"}])
def test_what_is_no_line_in_a_row_is_left_out(stored: object) -> None:
    assert parse(stored) == {}
    assert parse({"tue": "Run"} | (stored if isinstance(stored, dict) else {})) == {"tue": "Run"}
