"""Whether an image holds all that a picture needs: decoders, models, fonts, encoders."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import numpy as np

from motiv8.studio import cutout, face, identity, photo, provenance, rendering
from motiv8.studio.design import Design

_SIDE = 512


def run() -> None:
    """Send a picture of nobody through every stage; whatever is missing or broken raises what it raises."""
    nobody = np.random.default_rng(0).integers(0, 256, (_SIDE, _SIDE, 3), np.uint8)
    image = photo.decode(photo.encode_jpeg(nobody))
    centre = _SIDE / 2
    landmarks = np.array([[-40, -30], [40, -30], [0, 10], [0, 40], [-70, -20], [70, -20]], np.float32) + centre
    face.detect_all(image)
    somewhere = face.Face((centre - 90, centre - 90, 180, 180), landmarks, 1.0, 0.0)
    identity.embed(image, somewhere)
    person = cutout.cut_out(image, somewhere)
    with suppress(provenance.NotSigned):
        # Nobody's key signs nothing, but the library is there.
        provenance.sign(b"", "image/jpeg", "poster", provenance.Credentials("", ""))
    for mode in ("summit", "bold", "city-night"):
        # One for each family of type.
        rendering.render(person, Design(mode, date(2026, 1, 1)), 0)
