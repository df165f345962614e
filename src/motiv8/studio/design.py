"""What a picture is to look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motiv8.catalogue.dates import day_and_month, weekday
from motiv8.catalogue.formats import DEFAULT_FORMAT, FORMATS, Format
from motiv8.catalogue.locales import DEFAULT_LOCALE, language_of
from motiv8.catalogue.modes import MODES, Mode, Palette
from motiv8.studio.noise import generator

if TYPE_CHECKING:
    from datetime import date

    from motiv8.catalogue.locales import Language


@dataclass(frozen=True, slots=True)
class Design:
    """What a picture is to look like: words of `MODES`, `TONES`, `THEMES`, `FORMATS` and `LAYOUTS`, and the date.

    A `marked` picture says in a corner and in its files what made it. `locale` says how the date is written, and
    `streak` how many workout days in a row the person has had a picture on, with this one. Without a `layout`,
    `rendering.render` chooses one that the photo affords, and `composition.compose` draws the classic one.
    """

    mode: str
    day: date
    tone: str = "motivate"
    theme: str = "dark"
    form: str = DEFAULT_FORMAT
    marked: bool = True
    locale: str = DEFAULT_LOCALE
    streak: int = 0
    layout: str | None = None

    @property
    def look(self) -> Mode:
        """The mode."""
        return MODES[self.mode]

    @property
    def palette(self) -> Palette:
        """The colours of ground and type."""
        return self.look.palette(self.theme)

    @property
    def field(self) -> Palette:
        """The colours of a plain field with type: as on the ground, or on other dates the ground's on the accent."""
        ground, _, accent = self.palette
        inverse = generator("field", self.mode, self.day.isoformat()).random() < 0.5
        return Palette(accent, ground, ground) if inverse else self.palette

    @property
    def language(self) -> Language:
        """The language of what is written on and about the picture."""
        return language_of(self.locale)

    @property
    def dated(self) -> str:
        """The date as it stands on the picture."""
        return day_and_month(self.day, self.locale)

    @property
    def weekday(self) -> str:
        """The day of the week, in the picture's language."""
        return weekday(self.day, self.locale)

    @property
    def sheet(self) -> Format:
        """The size, and what lies where on it."""
        return FORMATS[self.form]
