"""What a picture is to look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motiv8.catalogue.formats import DEFAULT_FORMAT, FORMATS, Format
from motiv8.catalogue.modes import MODES, Mode, Palette

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Design:
    """What a picture is to look like: words of `MODES`, `TONES`, `THEMES` and `FORMATS`, and the date.

    A `marked` picture says in a corner and in its files what made it.
    """

    mode: str
    day: date
    tone: str = "motivate"
    theme: str = "dark"
    form: str = DEFAULT_FORMAT
    marked: bool = True

    @property
    def look(self) -> Mode:
        """The mode."""
        return MODES[self.mode]

    @property
    def palette(self) -> Palette:
        """The colours of ground and type."""
        return self.look.palette(self.theme)

    @property
    def sheet(self) -> Format:
        """The size, and what lies where on it."""
        return FORMATS[self.form]
