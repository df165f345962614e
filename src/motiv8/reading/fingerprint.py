"""A number that texts of nearly the same words share but for a few bits (SimHash)."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b
from itertools import pairwise

_BITS = 64
_NEAR = 3
# A byte's bits apart, so that adding up many bytes counts each bit.
_LANE = 32
_LANES = [sum((byte >> bit & 1) << _LANE * bit for bit in range(8)) for byte in range(256)]
_WORDS = re.compile(r"[^\W_]+")
_NUMBERS = re.compile(r"\d+")
# Scripts that write no spaces between words: their characters count as words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def fingerprint(text: str) -> int:
    """The text's 64 bits. Case, punctuation and spacing do not count; texts whose numbers differ share nothing."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = _WORDS.findall(_UNSPACED.sub(lambda found: f" {found[0]} ", plain))
    pairs = [" ".join(pair) for pair in pairwise(words)] or words
    simhash = 0
    for place, column in enumerate(zip(*map(_hash, pairs), strict=True)):
        lanes = sum(map(_LANES.__getitem__, column))
        for bit in range(8):
            ones = lanes >> _LANE * bit & (1 << _LANE) - 1
            simhash |= (ones * 2 > len(pairs)) << 8 * place + bit
    # Two weeks of a plan may differ by their numbers alone.
    return simhash ^ int.from_bytes(_hash(" ".join(_NUMBERS.findall(plain))), "little")


def near(one: int, other: int) -> bool:
    """Whether two fingerprints are of texts that say nearly the same."""
    return (one ^ other).bit_count() <= _NEAR


class Seen:
    """Fingerprints met so far."""

    def __init__(self) -> None:
        self._by_band: list[dict[int, list[int]]] = [{} for _ in range(_NEAR + 1)]

    def add(self, value: int) -> bool:
        """Whether one near to it was met before; if not it is kept."""
        # Two that differ in three bits are the same in one of four quarters.
        width = _BITS // len(self._by_band)
        keys = [value >> width * band & (1 << width) - 1 for band in range(len(self._by_band))]
        for key, band in zip(keys, self._by_band, strict=True):
            if any(near(value, other) for other in band.get(key, ())):
                return True
        for key, band in zip(keys, self._by_band, strict=True):
            band.setdefault(key, []).append(value)
        return False


def _hash(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=_BITS // 8).digest()
