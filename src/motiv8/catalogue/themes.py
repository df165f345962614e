"""The themes: dark or light."""

from __future__ import annotations

from typing import Literal

from motiv8.catalogue.entry import Entry

ThemeName = Literal["dark", "light"]

THEMES: dict[str, Entry] = {
    "dark": Entry("Dark", "Deep colours, light text."),
    "light": Entry("Light", "Soft bright colours, dark text."),
}
DEFAULT_THEME: ThemeName = "dark"
