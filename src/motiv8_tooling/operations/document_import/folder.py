"""The folder: which of its files are documents, and what the metadata says of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from motiv8.catalogue.document_formats import DOCUMENT_FORMATS, MAX_BYTES, DocumentFormat, of_file
from motiv8_tooling.operations.document_import.metadata import BadMetadata, Entry, normalized
from motiv8_tooling.operations.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_HIDDEN = (".", "~$")
"""How names begin that systems hide, and those of the files that Word makes while a document is open."""
_READ = ", ".join(ending for form in DOCUMENT_FORMATS.values() for ending in form.endings)


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file that is going to be brought in, with what is said of it: nothing where the metadata has no entry."""

    name: str
    path: Path
    format: DocumentFormat
    description: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class FolderContent:
    """The documents by name, and what is left out, with the reason."""

    files: list[DocumentFile] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


def look_into(folder: Path, entries: Iterable[Entry], but_not: Iterable[Path] = ()) -> FolderContent:
    """What a folder and those below it hold, without hidden files and those of `but_not`.

    Raises OperationError when it is not a folder, and BadMetadata for entries of files that are not there.
    """
    if not folder.is_dir():
        raise OperationError(f"{folder}: there is no such folder")
    said = {entry.file: entry for entry in entries}
    own = {each.resolve() for each in but_not}
    content = FolderContent()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if any(part.startswith(_HIDDEN) for part in inside.parts) or path.is_dir() or path.resolve() in own:
            continue
        name = normalized(inside.as_posix())
        entry = said.pop(name, None)
        if why := _why_not(path):
            content.skipped[name] = why
        elif document := of_file(path.name):
            content.files.append(DocumentFile(name, path, document, entry.description if entry else {}))
    if said:
        raise BadMetadata([f"{entry.place}: {folder} has no file {entry.file}" for entry in said.values()])
    return content


def _why_not(path: Path) -> str:
    """Why a file is left out; empty where it is not."""
    if path.is_symlink():
        return "a symbolic link; put the file itself into the folder"
    if not path.is_file():
        return "not a file"
    if of_file(path.name) is None:
        return f"not a format that the library reads ({_READ})"
    size = path.stat().st_size
    if size == 0:
        return "empty"
    if size > MAX_BYTES:
        return f"larger than {MAX_BYTES // 1_000_000} MB; split it into parts"
    return ""
