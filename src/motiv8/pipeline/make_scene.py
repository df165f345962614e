"""The scene that everybody with a mode, theme and format shares on a date."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from motiv8.aws import keys, storage
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.engines.engine import made_by
from motiv8.settings import settings
from motiv8.studio import photo
from motiv8.studio.design import Design

if TYPE_CHECKING:
    import numpy as np

    from motiv8.payloads import SceneMade


def make_scene(design: Design, engine: str) -> SceneMade:
    """Make and store the scene unless it is there; `made` says which."""
    if storage.exists(settings().media_bucket, keys.scene(*_words(design, engine))):
        return {"made": False}
    _make(design, engine)
    return {"made": True}


def shared_scene(design: Design, engine: str) -> np.ndarray:
    """The scene of a design, `uint8[H, 1080, 3]` RGB, made now where there is none yet; not to be written to.

    Everybody gets the stored one, read back, so that no picture depends on who came first.
    """
    with _ONE_AT_A_TIME:
        return _shared(Design(design.mode, design.day, theme=design.theme, form=design.form), engine)


_ONE_AT_A_TIME = Lock()
"""Held while a scene is fetched or made, so that pictures that are made at once fetch, or pay for, it once."""


# Batches ask for the same again and again: 4 to 6 MB each, and what is stored under a key never changes.
@lru_cache(maxsize=len(MODES) * len(THEMES) * len(FORMATS))
def _shared(design: Design, engine: str) -> np.ndarray:
    stored = storage.get(settings().media_bucket, keys.scene(*_words(design, engine)))
    return photo.decode_own(stored or _make(design, engine))


def _make(design: Design, engine: str) -> bytes:
    # Stored under the engine's name whoever made it: nobody asks again for what was refused or timed out today.
    made, _ = made_by(engine, "scene", lambda each: each.scene(design))
    encoded = photo.encode_scene(made)
    storage.put(settings().media_bucket, keys.scene(*_words(design, engine)), encoded, "image/webp")
    return encoded


def _words(design: Design, engine: str) -> tuple[str, str, str, str, str]:
    return design.day.isoformat(), engine, design.mode, design.theme, design.form
