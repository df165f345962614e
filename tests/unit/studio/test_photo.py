"""What phones send, and what somebody may try to send."""

from __future__ import annotations

import base64
import contextlib
import io
import re
import struct
import zlib
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from motiv8.catalogue.rejections import Rejection
from motiv8.studio import photo
from motiv8.studio.rejection import PhotoRejected
from stand_in.photos import from_a_phone, labelled, read


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _heic(*images: Image.Image, **options: Any) -> bytes:
    file = pillow_heif.HeifFile()
    for image in images:
        file.add_from_pillow(image)
    buffer = io.BytesIO()
    file.save(buffer, quality=90, **options)
    return buffer.getvalue()


def _corner() -> Image.Image:
    """Four colours, one in each corner, that tell which way is up."""
    pixels = np.zeros((120, 160, 3), np.uint8)
    pixels[:60, :80], pixels[:60, 80:] = (250, 0, 0), (0, 250, 0)
    pixels[60:, :80], pixels[60:, 80:] = (0, 0, 250), (250, 250, 250)
    return Image.fromarray(pixels)


def _near(one: np.ndarray, other: np.ndarray, tolerance: float = 6) -> bool:
    return one.shape == other.shape and float(np.abs(one.astype(int) - other.astype(int)).mean()) < tolerance


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_usual_formats_are_read(kind: str) -> None:
    assert _near(photo.decode(_saved(_corner(), kind)), np.asarray(_corner()))


def test_a_progressive_jpeg_is_read() -> None:
    assert _near(photo.decode(_saved(_corner(), "JPEG", progressive=True)), np.asarray(_corner()))


# 64 x 48, red growing to the right and green downwards; Pillow reads arithmetic coding but does not write it.
ARITHMETIC_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQ"
    "YEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//yQARCAAwAEAD"
    "ASIAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/ALKHwbivZ3p4VH/m0Xn+H0AObV6rB+oeTkolmmDLw0H5VFKWDvc5PgTmyC3maAKO"
    "wvs1PJjHIpmTqJ803WfwNEXILB/kyt02k/k8WLimMhJtGGcFo6xDX2htTphmbxItefPK60/IDPOmih7KgqigRtbl2TWEo2+KjbuE7h9k0qkiWtvP"
    "TP/Z"
)


def test_an_arithmetic_coded_jpeg_is_read() -> None:
    assert b"\xff\xc9" in ARITHMETIC_JPEG
    image = photo.decode(ARITHMETIC_JPEG)
    assert image.shape == (48, 64, 3)
    assert image[5, 60, 0] > 200 > 50 > image[5, 2, 0]


def test_of_an_animation_the_first_picture_is_read() -> None:
    others = [Image.new("RGB", (160, 120), colour) for colour in ("white", "black")]
    for kind in ("WEBP", "PNG"):
        data = _saved(_corner(), kind, save_all=True, append_images=others, duration=50)
        assert _near(photo.decode(data), np.asarray(_corner()))


def test_a_heic_is_read() -> None:
    assert _near(photo.decode(_heic(_corner())), np.asarray(_corner()))


def test_of_a_heic_with_several_pictures_the_primary_one_is_read() -> None:
    data = _heic(_corner().convert("L").convert("RGB"), _corner(), primary_index=1)
    assert _near(photo.decode(data), np.asarray(_corner()))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_comes_out_upright(orientation: int) -> None:
    upright = _corner()
    undo = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert _near(photo.decode(_saved(undo, "JPEG", exif=exif, quality=95)), np.asarray(upright))


@pytest.mark.parametrize("name", ["from a phone", *labelled("twelve-megapixels.jpg")])
def test_twelve_megapixels_come_out_at_working_size_and_upright(name: str) -> None:
    data = from_a_phone(4032) if name == "from a phone" else read(name)
    assert photo.decode(data).shape == (2016, 1512, 3)


@pytest.mark.parametrize("size", [(1, 900), (900, 1), (1, 1)])
def test_a_picture_one_pixel_wide_is_read(size: tuple[int, int]) -> None:
    assert photo.decode(_saved(Image.new("RGB", size, "red"), "PNG")).shape == (size[1], size[0], 3)


def test_cmyk_is_converted() -> None:
    red = photo.decode(_saved(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG"))
    assert _near(red, np.full((64, 64, 3), (254, 0, 0)))


def test_sixteen_bits_are_scaled_and_not_clipped() -> None:
    wide = np.linspace(0, 65535, 256, dtype=np.uint16).reshape(16, 16)
    read = photo.decode(_saved(Image.fromarray(wide), "PNG"))
    assert _near(read[..., 0], np.arange(256, dtype=np.uint8).reshape(16, 16), 1)


def test_transparency_is_laid_on_white() -> None:
    clear = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    assert (photo.decode(_saved(clear, "PNG")) == 255).all()
    palette = clear.convert("P", palette=Image.Palette.ADAPTIVE)
    palette.info["transparency"] = 0
    assert photo.decode(_saved(palette, "PNG", transparency=0)).min() == 255


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA"])
def test_other_modes_become_rgb(mode: str) -> None:
    assert photo.decode(_saved(_corner().convert(mode), "PNG")).shape == (120, 160, 3)


def test_another_colour_space_is_converted_and_a_broken_profile_ignored() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    for profile in (b"nonsense", lab, ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()):
        data = _saved(_corner(), "JPEG", icc_profile=profile, quality=95)
        assert photo.decode(data).shape == (120, 160, 3)


def _display_p3() -> bytes:
    """The sRGB profile with Display P3's primaries (D50) in place of its own, and another name."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    primaries = {
        b"rXYZ": (0.5151, 0.2412, -0.0011),
        b"gXYZ": (0.2920, 0.6922, 0.0419),
        b"bXYZ": (0.1571, 0.0666, 0.7841),
    }
    for entry in range(struct.unpack_from(">I", profile, 128)[0]):
        tag, offset, _ = struct.unpack_from(">4sII", profile, 132 + 12 * entry)
        if tag in primaries:
            struct.pack_into(">3i", profile, offset + 8, *(round(value * 65536) for value in primaries[tag]))
    return bytes(profile).replace(b"sRGB", b"P3P3").replace("sRGB".encode("utf-16-be"), "P3P3".encode("utf-16-be"))


def test_a_phones_wide_colours_are_brought_to_srgb() -> None:
    wide = Image.new("RGB", (64, 64), (200, 100, 80))
    read = photo.decode(_saved(wide, "PNG", icc_profile=_display_p3()))
    assert _near(read, np.full((64, 64, 3), (215, 93, 73)), 3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_broken_exif_data_is_ignored(kind: str) -> None:
    for exif in (b"Exif\0\0garbage", b"Exif\0\0II*\0"):
        assert photo.decode(_saved(_corner(), kind, exif=exif)).shape == (120, 160, 3)


@pytest.mark.parametrize("size", [(3000, 1200), (1200, 3000)])
def test_a_large_picture_comes_out_at_working_size(size: tuple[int, int]) -> None:
    assert max(photo.decode(_saved(Image.new("RGB", size), "PNG")).shape) == photo.WORKING_SIDE


@pytest.mark.parametrize("name", ["from a phone", *labelled("exif-6.jpg")])
def test_nothing_of_the_exif_data_comes_out(name: str) -> None:
    data = from_a_phone() if name == "from a phone" else read(name)
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825), "the photo carries GPS tags"
    image = photo.decode(data)
    for made in (photo.encode_jpeg(image), photo.encode_webp(image), photo.encode_webp(photo.thumbnail(image))):
        assert b"Exif" not in made
        assert not Image.open(io.BytesIO(made)).getexif()


def _bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge, with next to no data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def _animation() -> bytes:
    frames = [Image.new("P", (40, 40), colour) for colour in (0, 1, 2)]
    return _saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text, renamed .jpg",
        b"\xff\xd8\xff\xe0" + b"\0" * 50,
        _saved(_corner(), "JPEG")[:400],
        _saved(_corner(), "PNG")[:200],
        _saved(_corner(), "WEBP")[:100],
        _heic(_corner())[:500],
        _animation(),
        _saved(_corner(), "BMP"),
        _saved(_corner(), "TIFF"),
        _bomb(30_000, 30_000),
        _bomb(8_000, 8_000),
        _bomb(2_000_000_000, 2),
        _saved(Image.new("1", (8_000, 8_000)), "PNG"),
        _saved(_corner(), "JPEG") + b"\0" * (20 * 1024 * 1024),
    ],
    ids=[
        "empty", "text", "head-of-jpeg", "cut-jpeg", "cut-png", "cut-webp", "cut-heic", "animated-gif", "bmp", "tiff",
        "900-megapixels", "64-megapixels", "odd-bomb", "whole-64-megapixels", "over-20-mb",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_rejected(data: bytes) -> None:
    with pytest.raises(PhotoRejected) as rejected:
        photo.decode(data)
    assert rejected.value.reason is Rejection.UNREADABLE
    assert "JPEG" in rejected.value.sentence


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_broken_files_give_a_picture_or_a_reason_and_nothing_else(kind: str) -> None:
    whole = _saved(_corner(), kind)
    rng = np.random.default_rng(8)
    for _ in range(80):
        broken = bytearray(whole)
        for place in rng.integers(0, len(whole), rng.integers(1, 9)):
            broken[place] = rng.integers(256)
        with contextlib.suppress(PhotoRejected):
            assert photo.decode(bytes(broken)).dtype == np.uint8


def _with_scans(count: int) -> bytes:
    """A progressive JPEG whose first scan is there `count` times more."""
    data = _saved(_corner(), "JPEG", progressive=True)
    start = data.index(b"\xff\xda")
    end = start + 2 + re.search(rb"\xff[^\x00\xd0-\xd7]", data[start + 2 :]).start()  # type: ignore[union-attr]
    return data[:start] + data[start:end] * count + data[start:]


@pytest.mark.parametrize("count", [1, 20])
def test_a_jpeg_with_as_many_scans_as_encoders_write_is_read(count: int) -> None:
    assert _near(photo.decode(_with_scans(count)), np.asarray(_corner()), 12)


@pytest.mark.parametrize("count", [40, 4000])
def test_a_jpeg_with_more_scans_than_any_encoder_writes_is_refused_before_it_is_decoded(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("decoded"))
    with pytest.raises(PhotoRejected) as rejected:
        photo.decode(_with_scans(count))
    assert rejected.value.reason == Rejection.UNREADABLE


def test_what_looks_like_scans_in_metadata_and_after_the_end_does_not_count() -> None:
    exif = b"Exif\x00\x00" + b"\xff\xda\x00\x04xx" * 200
    data = _saved(_corner(), "JPEG", exif=exif) + b"\xff\xda\x00\x04xx" * 200
    assert _near(photo.decode(data), np.asarray(_corner()))


def test_a_stored_cut_out_comes_back_with_its_alpha(person: np.ndarray) -> None:
    back = photo.decode_own(photo.encode_cutout(person))
    assert np.abs(back[..., 3].astype(np.int16) - person[..., 3]).max() <= 1
    solid = person[..., 3] == 255
    assert np.abs(back[solid].astype(np.int16) - person[solid]).mean() < 4
