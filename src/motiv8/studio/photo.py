"""Photos in and pictures out: decoding what phones send, within limits, and encoding what we give."""

from __future__ import annotations

import io
import re
import struct
from functools import cache

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from motiv8.catalogue.rejections import Rejection
from motiv8.studio.rejection import PhotoRejected

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 52_000_000
"""A 50-megapixel sensor gives up to 50.3 million; more is refused from the header, before anything is decoded."""
WORKING_SIDE = 2048
"""Longest side, in pixels, of what we work on: enough for a head of a quarter of 1350, and quick."""
THUMBNAIL_WIDTH = 480

MOST_SCANS = 32
"""Scans of a JPEG. Each goes over the whole photo; encoders write 1 to 14, and a small file can hold thousands
(libjpeg-turbo, "Two Issues with the JPEG Standard", 2018)."""

_SMALLEST_DECODED_SIDE = 1500

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


def decode(data: bytes) -> np.ndarray:
    """A photo as `uint8[H, W, 3]` sRGB, upright, its longest side at most WORKING_SIDE.

    Takes JPEG, PNG, WebP and HEIF in any colour mode. Nothing of the EXIF data comes along.
    Raises PhotoRejected(UNREADABLE) for everything else, for broken files, and for what is over the limits.
    """
    # Metadata can look like scans too; only where there is much of it is the file taken apart.
    if len(data) > MOST_BYTES or (data.count(b"\xff\xda") > MOST_SCANS and _jpeg_scans(data) > MOST_SCANS):
        raise PhotoRejected(Rejection.UNREADABLE)
    _register_heif()
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise PhotoRejected(Rejection.UNREADABLE)
            return np.asarray(_upright_rgb(image))
    except PhotoRejected:
        raise
    except Exception as error:
        raise PhotoRejected(Rejection.UNREADABLE) from error


# Within a scan, 0xFF is followed by 0x00 or a restart marker; anything else is the next marker (ITU-T T.81, B.1.1).
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


def _jpeg_scans(data: bytes) -> int:
    """How many scans a JPEG holds, 0 for another file; counting ends beyond MOST_SCANS."""
    scans, at = 0, 2
    while data[:2] == b"\xff\xd8" and scans <= MOST_SCANS and (found := _MARKER.search(data, at)):
        kind = found[1][0]
        if kind == _END_OF_IMAGE:
            break
        scans += kind == _START_OF_SCAN
        # A segment carries its length, in which whatever looks like a marker is none.
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
    return scans


def _upright_rgb(image: Image.Image) -> Image.Image:
    # JPEG can be decoded at 1/2, 1/4 or 1/8 at once, at a fraction of time and memory; Pillow takes the smallest that
    # is not below what is asked for.
    factor = max(image.size) / _SMALLEST_DECODED_SIDE
    image.draft("RGB", (max(1, int(image.width / factor)), max(1, int(image.height / factor))))
    profile = image.info.get("icc_profile")
    orientation = _orientation(image)
    small = _shrunk(_rgb(image))
    small = _to_srgb(small, profile)
    method = _TRANSPOSED.get(orientation)
    return small if method is None else small.transpose(method)


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; a photo whose EXIF data is broken counts as upright."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except (OSError, SyntaxError, TypeError, ValueError, struct.error):
        return 1


# EXIF 2.32, tag 0x0112.
_TRANSPOSED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # 16 bits a pixel: Pillow's own conversion would clip where it should scale.
        wide = np.asarray(image).astype(np.uint32)
        return Image.fromarray((wide >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")
    # A photo that is RGB already would only be copied.
    return image if image.mode == "RGB" else image.convert("RGB")


def _shrunk(image: Image.Image) -> Image.Image:
    factor = max(image.size) / WORKING_SIDE
    if factor <= 1:
        return image
    size = (max(1, round(image.width / factor)), max(1, round(image.height / factor)))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """From the photo's colour space (phones: Display P3); a profile that cannot be used is as good as none."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def decode_own(data: bytes) -> np.ndarray:
    """A file that we encoded ourselves, as `uint8[H, W, 3]` RGB or `uint8[H, W, 4]` RGBA."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def encode_jpeg(image: np.ndarray, xmp: bytes = b"") -> bytes:
    """`uint8[H, W, 3]` RGB as progressive JPEG, quality 86, with an XMP packet unless it is empty."""
    # As close to the picture as WebP of quality 82 (37.5 dB, both), in half the time; a third larger.
    return _encode(image, "JPEG", xmp, quality=86, progressive=True, optimize=True)


def encode_webp(image: np.ndarray, xmp: bytes = b"") -> bytes:
    """`uint8[H, W, 3]` RGB as WebP, quality 82, with an XMP packet unless it is empty."""
    # Method 2 takes 1.8 times as long for files that are 6 % smaller and no closer to the picture (36.7 dB, both).
    return _encode(image, "WEBP", xmp, quality=82, method=1)


def encode_scene(image: np.ndarray) -> bytes:
    """`uint8[H, W, 3]` RGB as WebP, quality 82, for many to read: as small as it comes in twice the time."""
    return _encode(image, "WEBP", b"", quality=82, method=2)


def encode_cutout(image: np.ndarray) -> bytes:
    """`uint8[H, W, 4]` RGBA as WebP, quality 82, its alpha within one level."""
    # Alpha without any loss takes 130 ms more.
    return _encode(image, "WEBP", b"", quality=82, method=1, alpha_quality=90)


def thumbnail(image: np.ndarray) -> np.ndarray:
    """A picture, `uint8[H, W, 3]`, at THUMBNAIL_WIDTH pixels of width."""
    height = round(image.shape[0] * THUMBNAIL_WIDTH / image.shape[1])
    return np.asarray(Image.fromarray(image).resize((THUMBNAIL_WIDTH, height), Image.Resampling.HAMMING))


def covering(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """The image's middle, as large as it fills width and height: `uint8[height, width, 3]`."""
    scale = max(width / image.shape[1], height / image.shape[0])
    wide, high = width / scale, height / scale
    left, top = (image.shape[1] - wide) / 2, (image.shape[0] - high) / 2
    box = (left, top, left + wide, top + high)
    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.LANCZOS, box=box))


def _encode(image: np.ndarray, kind: str, xmp: bytes, **options: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind, xmp=xmp, **options)
    return buffer.getvalue()


@cache
def _register_heif() -> None:
    pillow_heif.register_heif_opener()
