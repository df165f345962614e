"""The metadata file: what is said of each document, in CSV or JSON, checked by the API's own rules."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from motiv8.library.models import DocumentChange
from motiv8_tooling.command_line import printable
from motiv8_tooling.operations.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FIELDS = ("title", "author", "url", "published", "language", "tags")
COLUMNS = ("file", *FIELDS)
_READ_FROM_THE_DOCUMENT = frozenset({"title", "language"})
"""What the document itself may say: left empty, it stays as it is."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class BadMetadata(OperationError):
    """The metadata cannot be used; each mistake is one line."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__(printable(mistakes[0]))
        self.mistakes = [printable(mistake) for mistake in mistakes]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of one file; null removes what the library has. `place` says where it stands."""

    place: str
    file: str
    description: dict[str, Any]


def read(path: Path) -> list[Entry]:
    """The entries of a metadata file. Raises BadMetadata with every mistake, and OSError."""
    ending = path.suffix.lower()
    if ending not in {".csv", ".tsv", ".json"}:
        raise BadMetadata([f"{path.name}: the metadata must be a .csv or .json file"])
    text = _decoded(path.read_bytes(), path.name)
    mistakes: list[str] = []
    rows = _of_json(text, path.name) if ending == ".json" else _of_csv(text, path.name, mistakes)
    entries: list[Entry] = []
    places: dict[str, str] = {}
    for place, row in rows:
        try:
            entry = _entry(f"{path.name}, {place}", row)
        except ValueError as error:
            mistakes.append(str(error))
            continue
        if (first := places.setdefault(entry.file, place)) != place:
            mistakes.append(f"{entry.place}: {entry.file} stands in {first} already")
        entries.append(entry)
    if mistakes:
        raise BadMetadata(mistakes)
    return entries


def _decoded(data: bytes, name: str) -> str:
    encoding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        wrong = f"{name}, line {line}: this is not {'UTF-16' if encoding == 'utf-16' else 'UTF-8'}"
        raise BadMetadata([f"{wrong}; save the file as UTF-8 (in Excel: CSV UTF-8)"]) from error


def _of_csv(text: str, name: str, mistakes: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row with its place. Raises BadMetadata."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    header: list[str] | None = None
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip().lower() for cell in cells]
                _check_columns(header, name)
                continue
            if len(cells) > len(header):
                mistakes.append(f"{name}, line {lines.line_num}: more cells than columns; quote cells with a delimiter")
                continue
            yield f"line {lines.line_num}", dict(zip(header, cells, strict=False))
    except csv.Error as error:
        raise BadMetadata([f"{name}, line {lines.line_num}: not valid CSV ({error})"]) from error
    if header is None:
        raise BadMetadata([f"{name}: the file is empty; its first line names the columns ({', '.join(COLUMNS)})"])


def _delimiter(text: str) -> str:
    """What the first line is divided by: spreadsheets write commas, semicolons or tabs."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _check_columns(header: list[str], name: str) -> None:
    if unknown := [column for column in header if column not in COLUMNS]:
        raise BadMetadata([f"{name}: unknown column {unknown[0]!r}; there are {', '.join(COLUMNS)}"])
    if "file" not in header:
        raise BadMetadata([f"{name}: the column `file` is missing"])
    if len(set(header)) < len(header):
        raise BadMetadata([f"{name}: a column is there twice: {', '.join(header)}"])


def _of_json(text: str, name: str) -> Iterable[tuple[str, Any]]:
    """Each entry with its place. Raises BadMetadata."""
    try:
        # Pairs, since a file that is named twice would be lost in a dictionary.
        found = json.loads(text, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        raise BadMetadata([f"{name}, line {error.lineno}: not valid JSON ({error.msg})"]) from error
    except (RecursionError, ValueError) as error:
        raise BadMetadata([f"{name}: not valid JSON"]) from error
    if isinstance(found, _Pairs):
        if any(not isinstance(each, _Pairs) or "file" in dict(each) for _, each in found):
            raise BadMetadata([f'{name}: an object must be of the form {{"guide.pdf": {{"title": …}}, …}}'])
        return [(f"entry {number}", _Pairs([("file", file), *each])) for number, (file, each) in enumerate(found, 1)]
    if not isinstance(found, list):
        raise BadMetadata([f'{name}: a list of entries is expected, such as [{{"file": "guide.pdf", "title": …}}]'])
    return [(f"entry {number}", each) for number, each in enumerate(found, 1)]


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it stands there."""


def _entry(place: str, row: Any) -> Entry:
    """One checked entry. Raises ValueError with the line that says what is wrong."""
    if isinstance(row, _Pairs):
        if len(dict(row)) < len(row):
            raise ValueError(f"{place}: a field is there twice")
        row = dict(row)
    if not isinstance(row, dict):
        raise ValueError(f"{place}: an object is expected")
    if unknown := [field for field in row if field not in COLUMNS]:
        raise ValueError(f"{place}: unknown field {unknown[0]!r}; there are {', '.join(COLUMNS)}")
    file = row.get("file")
    if not isinstance(file, str) or not file.strip():
        raise ValueError(f"{place}: the name of the file is missing")
    name = normalized(file.strip().replace("\\", "/").removeprefix("./"))
    try:
        given = {field: _value(field, row[field]) for field in FIELDS if field in row}
        known = {field: value for field, value in given.items() if value is not None}
        checked = DocumentChange.model_validate(known).model_dump(include=set(known))
    except ValidationError as error:
        wrong = error.errors()[0]
        message = wrong["msg"].removeprefix("Value error, ")
        raise ValueError(f"{place} ({name}): {wrong['loc'][0]}: {message}") from error
    except ValueError as error:
        raise ValueError(f"{place} ({name}): {error}") from error
    removed = {field: None for field, value in given.items() if value is None and field not in _READ_FROM_THE_DOCUMENT}
    return Entry(place, name, checked | removed)


def _value(field: str, cell: Any) -> Any:
    """A cell as the API takes it; None where it is empty, but a list for tags. Raises ValueError."""
    if field == "tags":
        if cell is None:
            return []
        return [tag for tag in re.split(r"[\s,;|]+", cell) if tag] if isinstance(cell, str) else cell
    if field == "published" and isinstance(cell, int) and not isinstance(cell, bool):
        cell = str(cell)
    if isinstance(cell, str):
        cell = cell.strip() or None
    if field == "published" and isinstance(cell, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        try:
            date.fromisoformat(cell)
        except ValueError:
            raise ValueError(f"published: there is no day {cell}") from None
    return cell


def normalized(name: str) -> str:
    """A file's name in one spelling: systems write the same accents in two ways."""
    return unicodedata.normalize("NFC", name)
