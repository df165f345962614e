"""Text as it is stored: composed characters, plain spaces, nothing that cannot be seen."""

from __future__ import annotations

import re
import unicodedata

# Controls, lone surrogates, characters of private use, and marks without a width or of direction. Joiners (U+200C,
# U+200D) stay: scripts and emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
# Ligatures, and the forms of Arabic letters that are a matter of how they are drawn.
_FORMS = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefe]+")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_LEADERS = re.compile(r"(?:\s*\.){4,}\s*")
_SPACES = re.compile(r"\s+")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad] ?\n\s*(?=[^\W\d_])")


def lines(text: str) -> list[str]:
    """The lines of a text, whatever they end with."""
    return _LINE_ENDS.sub("\n", text).split("\n")


def clean(text: str) -> str:
    """The text on one line."""
    text = _FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _UNSEEN.sub("", _LINE_ENDS.sub(" ", text))).strip())


def without_leaders(text: str) -> str:
    """The text on one line, without the dots that lead from an entry to its page number."""
    return clean(_LEADERS.sub(" ", text))


def join(lines: list[str]) -> str:
    """Lines of one paragraph as one, with words put together that were broken at a line's end."""
    text = "\n".join(line.strip() for line in lines)
    return clean(_BROKEN_WORD.sub(_mended, text))


def _mended(found: re.Match[str]) -> str:
    # "Jean-\nPaul" and "COVID-\nTests" keep their hyphen; a word broken in two goes on in a small letter.
    following = found.string[found.end()]
    return "" if following.islower() and found.string[found.start() - 1].islower() else "-"


def is_right_to_left(text: str) -> bool:
    """Whether most of the letters are of a script written from right to left."""
    return sum(map(is_turned, text)) * 2 > sum(map(str.isalpha, text))


def is_turned(character: str) -> bool:
    """Whether the character is of a script written from right to left."""
    return character > "\u0590" and unicodedata.bidirectional(character) in {"R", "AL"}
