"""`make letters`: which letters the type on pictures has and how wide they are, for the catalogue's letters.toml."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from pathlib import Path

from motiv8.catalogue import letters
from motiv8.studio.typefaces import FALLBACK, TYPEFACES, advances, letters_of

FILE = Path(letters.__file__).with_suffix(".toml")
HEAD = """\
# The letters that our type has, by their width in its widest typeface, in hundredths of the type's size. `make letters`
# measures them, anew where typefaces change.
"""
_OF_LINES = ("plain", "book", "poster", "elegant", "geometric", "caption")
_STEP = 5


def main() -> None:
    """Write the table anew."""
    FILE.write_text(table(), encoding="utf-8")


def table() -> str:
    """Each letter that the typeface with the most letters has, in the widest of those in which lines are set."""
    cuts = {(cut.family, cut.weight) for name in _OF_LINES for cut in TYPEFACES[name].cuts}
    by_width: dict[int, list[str]] = defaultdict(list)
    for letter in sorted(
        frozenset.intersection(*(letters_of(cut.family, cut.weight) for cut in TYPEFACES[FALLBACK].cuts))
    ):
        widest = max(advances(letter, *cut)[0][1] for cut in cuts if letter in letters_of(*cut))
        by_width[_STEP * math.ceil(100 * widest / _STEP - 1e-6)].append(letter)
    rows = (
        f"{width} = {json.dumps(''.join(found), ensure_ascii=False)}\n" for width, found in sorted(by_width.items())
    )
    return HEAD + "".join(rows)


if __name__ == "__main__":
    main()
