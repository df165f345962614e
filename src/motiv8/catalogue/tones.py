"""The tones: how a picture speaks."""

from __future__ import annotations

from typing import Literal

from motiv8.catalogue.entry import Entry

ToneName = Literal["motivate", "tease"]

TONES: dict[str, Entry] = {
    "motivate": Entry("Motivate", "Warm encouragement."),
    "tease": Entry("Tease", "A playful poke at your excuses."),
}
DEFAULT_TONE: ToneName = "motivate"
