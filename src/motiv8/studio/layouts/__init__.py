"""How person, place and type share a sheet: a file for each of `catalogue.layouts`, all with the same functions."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from motiv8.catalogue.layouts import LAYOUTS
from motiv8.studio.affordances import affordances
from motiv8.studio.noise import generator
from motiv8.studio.placement import floating, hidden

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from motiv8.studio.affordances import Affordances
    from motiv8.studio.design import Design
    from motiv8.studio.placement import Arrangement

FRAMED = ("bust", "close-up", "print")
"""The layouts whose picture stands without its type, as a frame wants it."""
_COARSE = 0.45
"""Faces with less detail than this are not shown larger than the photo has them."""
_LARGE = ("close-up", "split")
_MOST_FAULT = 0.04
"""What of the photo's cuts, or of the eyes, nose and mouth beyond the part that shows them, nobody notices."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What a layout puts together: `cutout` is `uint8[1350, 1080, 4]` RGBA, `scene` is `uint8[H, 1080, 3]` RGB."""

    cutout: np.ndarray
    scene: np.ndarray
    line: str
    design: Design
    arranged: Arrangement

    @property
    def height(self) -> int:
        """The sheet's, in pixels."""
        return self.design.sheet.height


class Layout(Protocol):
    """What the file of a layout has."""

    def arranged(self, afforded: Affordances, design: Design) -> Arrangement:
        """Where the person goes, and where they show."""

    def picture(self, sheet: Sheet) -> np.ndarray:
        """The sheet without what `letter` adds: `uint8[H, 1080, 3]`. Raises CannotBeSet."""

    def letter(self, image: Image.Image, sheet: Sheet) -> None:
        """Set the type. Raises CannotBeSet."""


def layout(name: str) -> Layout:
    """The layout of a name. Raises KeyError for one that the catalogue lacks."""
    if name not in LAYOUTS:
        raise KeyError(name)
    return cast("Layout", import_module(f"motiv8.studio.layouts.{name.replace('-', '_')}"))


def suitable(cutout: np.ndarray, design: Design) -> list[str]:
    """The layouts that a photo affords: nothing that it cut off shows, and no coarse face is shown large.

    At least one: that in which least shows.
    """
    afforded = affordances(cutout)
    names = FRAMED if design.tone == "tease" else tuple(LAYOUTS)
    faults = {each: _fault(each, afforded, design) for each in names}
    found = [each for each in names if faults[each] <= _MOST_FAULT]
    return found or [min(names, key=lambda each: faults[each])]


def _fault(name: str, afforded: Affordances, design: Design) -> float:
    """How much of what should not show does: of the photo's cuts, and of a face that the layout cuts or enlarges."""
    arranged = layout(name).arranged(afforded, design)
    coarse = 0.5 if name in _LARGE and afforded.fineness < _COARSE else 0.0
    return max(floating(afforded, arranged), hidden(arranged), coarse)


def choose(cutout: np.ndarray, design: Design, seed: int, turn: int = 0, wish: str | None = None) -> str:
    """The layout for a person (`seed`) on the design's date: all that suit take turns.

    No two days in a row are alike unless the photo affords a single one. `turn` tells the pictures of one day from
    each other. A `wish` is granted where the photo affords it.
    """
    order = suitable(cutout, design)
    if wish in order:
        return wish
    generator("layouts", design.tone, seed).shuffle(order)
    return order[(design.day.toordinal() + turn) % len(order)]
