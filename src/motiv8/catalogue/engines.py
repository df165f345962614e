"""The engines, and what their pictures are made of."""

from __future__ import annotations

from typing import Literal

EngineName = Literal["poster", "bedrock", "diffusion"]

ENGINES: dict[str, str] = {
    # A photo before a scene that is drawn; before one by a model; and a person who is painted by a model.
    "poster": "compositeSynthetic",
    "bedrock": "compositeWithTrainedAlgorithmicMedia",
    "diffusion": "trainedAlgorithmicMedia",
}
"""Name → IPTC's digital source type, http://cv.iptc.org/newscodes/digitalsourcetype/"""
