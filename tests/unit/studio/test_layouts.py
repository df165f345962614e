"""Layouts: what the photo cut off never shows, days take turns, and type can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from benchmarks.look_measures import least_contrast
from PIL import Image

from motiv8.accounts.own_lines import checked
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.layouts import LAYOUTS
from motiv8.catalogue.modes import MODES
from motiv8.studio import cutout, layers, scene
from motiv8.studio.affordances import affordances
from motiv8.studio.design import Design
from motiv8.studio.face import find
from motiv8.studio.layouts import FRAMED, Sheet, choose, layout, suitable
from motiv8.studio.placement import WIDTH, Arrangement
from motiv8.studio.typography import LEAST_CONTRAST, contrast
from stand_in.photos import PORTRAITS, labelled_set
from stand_in.pixels import differing

DAY = date(2026, 11, 20)
WIDEST = "M" * 21
"""One more would be refused as an own line."""
LONG = "Selbstverständlichkeiten sind Gewohnheiten, die geblieben sind."
LINE = "Fresh air is waiting for you."
MOST_SHOWN = 0.08
"""The share of a photo's cut edges that may be seen: soft hair is taken for one."""


def _shown(person: np.ndarray, arranged: Arrangement) -> float:
    """The share of the cut-out's outermost rows and columns of photo that can be seen, measured on its mask.

    Independent of what layouts are chosen by: the mask itself is placed on the sheet.
    """
    small = person[::4, ::4, 3] > 128
    rows, columns = np.flatnonzero(small.any(axis=1)), np.flatnonzero(small.any(axis=0))
    edges = []
    # A photo's lower border cuts straight through the body: a wide last row.
    last = small[rows[-1]]
    if last.sum() > 20:
        edges += [(4 * x, 4 * rows[-1]) for x in np.flatnonzero(last)]
    for column in (columns[0], columns[-1]):
        # A straight side: as long as a shoulder is high, which no outline is.
        side = np.flatnonzero(small[:, column])
        if side.size > 35:
            edges += [(4 * column, 4 * y) for y in side]
    if not edges:
        return 0.0
    points = arranged.placement.on_sheet(np.array(edges, np.float32))
    return float(arranged.window.shows(points).mean())


def _check_nothing_floats(person: np.ndarray) -> None:
    afforded = affordances(person)
    for form in FORMATS:
        for tone in ("motivate", "tease"):
            design = Design("summit", DAY, tone, form=form)
            for name in suitable(person, design):
                arranged = layout(name).arranged(afforded, design)
                assert _shown(person, arranged) <= MOST_SHOWN, (name, form, tone)
                assert 0.25 * WIDTH < arranged.placement.x < 0.83 * WIDTH, "nobody is left over at a side"


@pytest.mark.parametrize("name", PORTRAITS)
def test_nothing_that_a_portrait_cuts_off_shows_in_any_layout_that_it_affords(
    cut_out: Callable[[str], np.ndarray], name: str
) -> None:
    _check_nothing_floats(cut_out(name))


@pytest.mark.parametrize("name", PORTRAITS[:6])
def test_a_photo_cropped_at_hair_and_chin_goes_to_layouts_that_want_it(
    decoded: Callable[[str], np.ndarray], name: str
) -> None:
    image = decoded(name)
    x, y, width, height = find(image).box
    rows = slice(max(0, round(y - 0.35 * height)), round(y + 1.15 * height))
    columns = slice(max(0, round(x - 0.5 * width)), round(x + 1.5 * width))
    crop = np.ascontiguousarray(image[rows, columns])
    person = cutout.cut_out(crop, find(crop))
    assert set(suitable(person, Design("summit", DAY))) <= {"close-up", "medal", "print", "split"}
    _check_nothing_floats(person)


@labelled_set
def test_nothing_floats_in_any_labelled_photo(photos: list[Any], cut_out: Callable[[str], np.ndarray]) -> None:
    singles = [each.file for each in photos if each.faces == 1]
    for name in singles:
        _check_nothing_floats(cut_out(name))
    assert len(singles) == 50


@pytest.mark.parametrize("tone", ["motivate", "tease"])
@pytest.mark.parametrize("form", FORMATS)
def test_no_two_days_in_a_row_have_the_same_layout_and_all_that_suit_come(
    person: np.ndarray, form: str, tone: str
) -> None:
    days = [DAY + timedelta(number) for number in range(14)]
    chosen = [choose(person, Design("summit", day, tone, form=form), 7) for day in days]
    assert all(one != other for one, other in pairwise(chosen))
    assert set(chosen) == set(suitable(person, Design("summit", DAY, tone, form=form)))
    assert set(chosen) <= set(FRAMED) or tone == "motivate"


def test_the_same_input_chooses_the_same_and_another_person_begins_elsewhere(person: np.ndarray) -> None:
    design = Design("summit", DAY)
    assert choose(person, design, 1) == choose(person, design, 1)
    assert len({choose(person, design, seed) for seed in range(12)}) > 2


def test_a_wish_is_granted_where_the_photo_affords_it(person: np.ndarray) -> None:
    design = Design("summit", DAY)
    assert {choose(person, design, 1, wish=name) for name in LAYOUTS} >= {"close-up", "medal", "print"}
    assert choose(person, replace(design, tone="tease"), 1, wish="medal") in FRAMED


def test_a_good_portrait_affords_every_layout(person: np.ndarray) -> None:
    assert len(suitable(person, Design("summit", DAY))) >= 6


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("form", FORMATS)
def test_each_layout_fills_each_format_with_type_that_lies_within_the_sheet_and_can_be_read(
    person: np.ndarray, name: str, form: str
) -> None:
    number = 3 * list(LAYOUTS).index(name) + list(FORMATS).index(form)
    mode, theme = list(MODES)[number % len(MODES)], ("light", "dark")[number % 2]
    design = Design(mode, DAY, theme=theme, form=form, layout=name, streak=365)
    place = scene.make(design.mode, design.day, design.theme, design.form)
    sheet = Sheet(person, place, LINE, design, layout(name).arranged(affordances(person), design))
    bare = layout(name).picture(sheet)
    image = Image.fromarray(bare)
    layout(name).letter(image, sheet)
    made = np.asarray(image)
    assert made.shape == (FORMATS[form].height, WIDTH, 3)
    changed = differing(made, bare, 60)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    assert rows.size
    assert columns[0] >= 40
    assert columns[-1] <= WIDTH - 40
    assert rows[-1] <= FORMATS[form].height - 20
    # `make bench-looks` measures all modes and themes.
    assert least_contrast(sheet, bare) >= LEAST_CONTRAST


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_longest_words_that_we_take_can_be_set_in_every_layout(person: np.ndarray, mode: str, theme: str) -> None:
    place = np.zeros((1350, WIDTH, 3), np.uint8)
    # What is drawn does not matter here.
    for name in ("split", "cover", "medal"):
        design = Design(mode, DAY, theme=theme, layout=name, locale="de")
        arranged = layout(name).arranged(affordances(person), design)
        sheet = Sheet(person, place, LONG, design, arranged)
        layout(name).letter(Image.fromarray(place), sheet)
        layout(name).letter(Image.fromarray(place), replace(sheet, line=checked(WIDEST)))


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("mode", MODES)
def test_type_can_be_read_on_a_plain_field_of_each_date(mode: str, theme: str) -> None:
    fields = {Design(mode, DAY + timedelta(number), theme=theme).field for number in range(12)}
    assert len(fields) == 2
    for ground, ink, accent in fields:
        assert contrast(ink, ground) >= LEAST_CONTRAST
        assert contrast(accent, ground) >= LEAST_CONTRAST


def test_a_layout_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(KeyError):
        layout("utils")


def test_the_colour_of_the_ground_lies_under_type_that_lies_over_the_person() -> None:
    design = Design("summit", DAY)
    white = np.full((1350, WIDTH, 3), 255, np.uint8)
    shaded = layers.drawn(white, [layers.shade(design, 860, 1020, 0.93)])
    assert np.abs(shaded[1100:].astype(np.int16) - design.palette.ground).max() < 25
