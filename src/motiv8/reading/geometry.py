"""What stands where on a page: boxes, runs of characters, sheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Box(NamedTuple):
    """A place on a page, in points from its upper left corner."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Its height."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2

    def with_(self, other: Box) -> Box:
        """The box around both."""
        return Box(
            min(self.left, other.left),
            max(self.right, other.right),
            min(self.top, other.top),
            max(self.bottom, other.bottom),
        )

    def beside(self, other: Box, gap: float) -> bool:
        """Whether the other stands on the same line, no farther than `gap` times the height."""
        apart = max(other.left - self.right, self.left - other.right)
        return self.same_line(other) and apart <= gap * max(self.height, other.height)

    def same_line(self, other: Box) -> bool:
        """Whether the middle of one is within the other's height."""
        return self.top <= other.middle <= self.bottom or other.top <= self.middle <= other.bottom


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side. `turned` is text that does not run along the page's lines."""

    text: str
    box: Box
    size: float
    bold: bool
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is found."""

    height: float
    runs: list[Run]
