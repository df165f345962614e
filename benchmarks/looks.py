"""`make bench-looks`: how alike two days are, how well type can be read, and how people stand on their sheets."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.look_measures import halo, halo_of_cutout, least_contrast
from benchmarks.table import show
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.layouts import LAYOUTS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.studio import composition, photo, scene, selfie
from motiv8.studio.affordances import affordances
from motiv8.studio.design import Design
from motiv8.studio.layouts import Sheet, layout, suitable
from motiv8.studio.placement import WIDTH, floating
from motiv8.studio.rejection import PhotoRejected

if TYPE_CHECKING:
    from motiv8.studio.placement import Arrangement

PORTRAITS = Path(__file__).parents[1] / "tests" / "photos"
DAY = date(2026, 11, 20)
LINE = "Fresh air is waiting for you."
TITLE = """How people stand on their sheets
Affords it: photos that get the layout; covers: the part of the sheet on which the person shows; aside: how far from the
middle, in shares of the width; floats: the part of a photo's cuts that can be seen; halo: by how many of 255 levels the
person's edge is lighter than both its sides, a tenth of it at least, before a city at night"""
HEADER = (
    *("layout", "affords it", "covers, median", "covers, least", "of", "aside, most", "of", "floats, most", "of"),
    *("halo, median", "halo, most", "of"),
)
TYPE_TITLE = """How type can be read, and how alike days are
Contrast: the WCAG ratio of date and line against the pixels that they lie on, where it is least, over all modes,
themes and formats; days alike: bits of 192 in which the two days next in turn differ, the least (an edited copy has
under 10)"""
TYPE_HEADER = ("layout", "contrast, median", "contrast, least", "of", "days alike, bits", "of")


def main() -> None:
    """A row a layout, worst cases named; the folders or photos are the arguments, or the project's portraits."""
    people = {path.stem: cut for path in _photos() if (cut := _cut(path)) is not None}
    suits = {name: suitable(cut, Design("summit", DAY)) for name, cut in people.items()}
    show(TITLE, HEADER, [_standing(name, people, suits) for name in LAYOUTS])
    show(TYPE_TITLE, TYPE_HEADER, [_typed(name, people, suits) for name in LAYOUTS])
    own = {who: halo_of_cutout(cut) for who, cut in people.items()}
    worst = max(own, key=own.__getitem__)
    print(f"halo of the cut-outs alone: {np.median(list(own.values())):.0f}, most {own[worst]:.0f} ({worst})")


def _standing(name: str, people: dict[str, np.ndarray], suits: dict[str, list[str]]) -> tuple[str, ...]:
    given = [who for who in people if name in suits[who]]
    if not given:
        return (name, f"0 of {len(people)}", *("-",) * (len(HEADER) - 2))
    design = Design("summit", DAY, layout=name)
    afforded = {who: affordances(people[who]) for who in given}
    arranged = {who: layout(name).arranged(afforded[who], design) for who in given}
    middle = float(np.median([each.placement.x for each in arranged.values()]))
    covers = {who: _covered(people[who], arranged[who], design.sheet.height) for who in given}
    aside = {who: abs(arranged[who].placement.x - middle) / WIDTH for who in given}
    floats = {who: floating(afforded[who], arranged[who]) for who in given}
    night = replace(design, mode="city-night")
    place = scene.make(night.mode, DAY)
    halos = {who: halo(Sheet(people[who], place, LINE, night, arranged[who])) for who in given}
    least = min(given, key=covers.__getitem__)
    return (
        *(name, f"{len(given)} of {len(people)}", f"{np.median(list(covers.values())):.0%}"),
        *(f"{covers[least]:.0%}", least, *_most(aside, "{:.0%}"), *_most(floats, "{:.1%}")),
        *(f"{np.median(list(halos.values())):.0f}", *_most(halos, "{:.0f}")),
    )


def _most(values: dict[str, float], form: str) -> tuple[str, str]:
    most = max(values, key=values.__getitem__)
    return form.format(values[most]), most


def _typed(name: str, people: dict[str, np.ndarray], suits: dict[str, list[str]]) -> tuple[str, ...]:
    given = [who for who in people if name in suits[who]]
    if not given:
        return (name, *("-",) * (len(TYPE_HEADER) - 1))
    ratios = {}
    for number, (mode, theme, form) in enumerate(product(MODES, THEMES, FORMATS)):
        who = given[number % len(given)]
        design = Design(mode, DAY, theme=theme, form=form, layout=name, streak=12)
        arranged = layout(name).arranged(affordances(people[who]), design)
        sheet = Sheet(people[who], scene.make(mode, DAY, theme, form), LINE, design, arranged)
        ratios[f"{mode}, {theme}, {form}, {who}"] = least_contrast(sheet, layout(name).picture(sheet))
    least = min(ratios, key=ratios.__getitem__)
    mode, bits = _days_alike(people[given[0]], name)
    return (name, f"{np.median(list(ratios.values())):.1f}", f"{ratios[least]:.1f}", least, str(bits), mode)


def _photos() -> list[Path]:
    given = [Path(each) for each in sys.argv[1:]] or [PORTRAITS]
    return [path for each in given for path in (sorted(each.glob("*.jp*g")) if each.is_dir() else [each])]


def _cut(path: Path) -> np.ndarray | None:
    image = Image.fromarray(photo.decode(path.read_bytes()))
    if image.width < 400:
        # The portraits of members of Congress are smaller than a selfie may be.
        image = image.resize((image.width * 3, image.height * 3), Image.Resampling.LANCZOS)
    try:
        return selfie.extract(photo.encode_jpeg(np.asarray(image))).cutout
    except PhotoRejected as rejected:
        print(f"{path.name}: {rejected.reason}")
        return None


def _covered(cutout: np.ndarray, arranged: Arrangement, height: int) -> float:
    y, x = np.nonzero(cutout[::8, ::8, 3] > 128)
    points = arranged.placement.on_sheet(np.stack([x, y], axis=1).astype(np.float32) * 8)
    shown = arranged.window.shows(points) & (points[:, 1] < height)
    return float(shown.sum() * (8 * arranged.placement.scale) ** 2 / (WIDTH * height))


def _days_alike(cutout: np.ndarray, name: str) -> tuple[str, int]:
    """The mode in which a picture of two days, as far apart as the layout's turns, differs least; and by how much."""
    apart = {}
    for mode in MODES:
        days = (DAY, DAY + timedelta(len(LAYOUTS)))
        one, other = (
            _hash(composition.compose(cutout, scene.make(mode, day), LINE, Design(mode, day, layout=name)))
            for day in days
        )
        apart[mode] = int((one != other).sum())
    least = min(apart, key=apart.__getitem__)
    return least, apart[least]


def _hash(image: np.ndarray) -> np.ndarray:
    """Difference hash (Krawetz 2013) of luma and both chromas: `bool[192]`."""
    small = [each.resize((9, 8), Image.Resampling.BOX) for each in Image.fromarray(image).convert("YCbCr").split()]
    planes = [np.asarray(each, np.int16) for each in small]
    return np.concatenate([(each[:, 1:] > each[:, :-1]).ravel() for each in planes])


if __name__ == "__main__":
    main()
