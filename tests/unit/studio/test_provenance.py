"""What a file says about what made it."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any, get_args

import c2pa
import numpy as np
import pytest
from PIL import Image

from motiv8.catalogue.engines import EngineName
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.tones import TONES
from motiv8.studio import provenance, rendering
from motiv8.studio.design import Design
from stand_in.certificate import credentials
from stand_in.pixels import differing

KIND = {"jpeg": "image/jpeg", "thumbnail": "image/webp"}


@pytest.fixture(scope="module")
def made(person: np.ndarray) -> rendering.PictureFiles:
    return rendering.render(person, Design("bold", date(2026, 11, 20)), 1)


def _xmp(file: bytes) -> dict[str, Any]:
    with Image.open(io.BytesIO(file)) as image:
        read = image.getxmp()
    return read["xmpmeta"]["RDF"]["Description"] if read else {}


@pytest.mark.parametrize("name", KIND)
def test_each_file_says_what_made_it_and_of_what(made: rendering.PictureFiles, name: str) -> None:
    said = _xmp(getattr(made, name))
    assert said["CreatorTool"] == "motiv8"
    assert said["DigitalSourceType"].endswith("/compositeSynthetic")
    assert said["description"]["Alt"]["li"]["text"] == provenance.MADE_WITH


def test_each_engine_has_a_kind_of_source_of_its_own() -> None:
    assert len({provenance.source_type(each) for each in get_args(EngineName)}) == len(get_args(EngineName))
    assert provenance.source_type("crayons") == provenance.source_type("bedrock")


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("form", FORMATS)
def test_an_unmarked_picture_says_nothing_in_the_corner_nor_in_the_file(
    person: np.ndarray, tone: str, form: str
) -> None:
    day = date(2026, 11, 20)
    marked = rendering.render(person, Design("summit", day, tone, form=form), 1)
    bare = rendering.render(person, Design("summit", day, tone, form=form, marked=False), 1)
    assert not any(_xmp(each) for each in (bare.jpeg, bare.thumbnail))
    with Image.open(io.BytesIO(marked.jpeg)) as one, Image.open(io.BytesIO(bare.jpeg)) as other:
        differ = differing(np.asarray(one), np.asarray(other), 40)
    rows = np.flatnonzero(differ.any(axis=1))
    assert rows.size, "there was no mark"
    assert rows[-1] - rows[0] < 40, "more than the mark is gone"


@pytest.mark.parametrize("kind", KIND)
def test_a_signed_file_is_the_same_picture_with_credentials_that_hold(made: rendering.PictureFiles, kind: str) -> None:
    file = getattr(made, kind)
    signed = provenance.sign(file, KIND[kind], "diffusion", credentials())
    assert len(signed) - len(file) < 8_000
    with Image.open(io.BytesIO(file)) as before, Image.open(io.BytesIO(signed)) as after:
        assert np.array_equal(np.asarray(before), np.asarray(after))
    assert _xmp(signed)["CreatorTool"] == "motiv8"
    read = c2pa.Reader(KIND[kind], io.BytesIO(signed))
    # Valid, though by an authority that is on nobody's list.
    assert read.get_validation_state() == "Valid"
    said = json.loads(read.json())
    manifest = said["manifests"][said["active_manifest"]]
    assert manifest["claim_generator_info"][0]["name"] == "motiv8"
    [actions] = [each["data"]["actions"] for each in manifest["assertions"]]
    assert actions[0]["action"] == "c2pa.created"
    assert actions[0]["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert "thumbnail" not in manifest


def test_a_changed_pixel_breaks_the_credentials(made: rendering.PictureFiles) -> None:
    signed = bytearray(provenance.sign(made.jpeg, "image/jpeg", "poster", credentials()))
    signed[-2000] ^= 0xFF
    assert c2pa.Reader("image/jpeg", io.BytesIO(bytes(signed))).get_validation_state() == "Invalid"


@pytest.mark.parametrize(
    "wrong",
    [
        provenance.Credentials("no certificate", "no key"),
        provenance.Credentials(credentials().certificate_chain, credentials().private_key),
        credentials(days=-3),
    ],
    ids=["nonsense", "another key", "ended"],
)
def test_a_key_that_cannot_sign_is_said_without_showing_it(
    made: rendering.PictureFiles, wrong: provenance.Credentials
) -> None:
    with pytest.raises(provenance.NotSigned) as refused:
        provenance.sign(made.jpeg, "image/jpeg", "poster", wrong)
    assert "PRIVATE" not in str(refused.value)
    assert "PRIVATE" not in repr(wrong)
