"""The layouts: how person, place and type share a sheet."""

from __future__ import annotations

from typing import Literal

from motiv8.catalogue.entry import Entry

LayoutName = Literal["bust", "close-up", "print", "depth", "split", "cover", "medal"]

LAYOUTS: dict[str, Entry] = {
    "bust": Entry("Classic", "Head and shoulders in front of the place, the words below."),
    "close-up": Entry("Close-up", "Your face fills the sheet, the words lie over it."),
    "print": Entry("Print", "Dots of ink on coloured paper, like a concert poster."),
    "depth": Entry("Depth", "The day in large letters behind your head."),
    "split": Entry("Split", "You on one side, the words on the other."),
    "cover": Entry("Cover", "The front page of a magazine about you."),
    "medal": Entry("Medal", "You in a medal that counts your streak."),
}
DEFAULT_LAYOUT: LayoutName = "bust"
