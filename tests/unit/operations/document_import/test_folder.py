"""Which files of a folder are documents."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from motiv8.catalogue.document_formats import MAX_BYTES
from motiv8_tooling.operations.document_import.folder import look_into
from motiv8_tooling.operations.document_import.metadata import BadMetadata, Entry
from motiv8_tooling.operations.errors import OperationError


def test_documents_are_found_in_folders_below_and_get_what_is_said_of_them(tmp_path: Path) -> None:
    for name in ("plans/one.PDF", "two.md", "metadata.json", ".hidden.md", ".git/readme.md", "~$two.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    said = [Entry("metadata.json, entry 1", "plans/one.PDF", {"title": "One"})]
    content = look_into(tmp_path, said, [tmp_path / "metadata.json"])
    assert [(each.name, each.format.title, each.description) for each in content.files] == [
        ("plans/one.PDF", "PDF", {"title": "One"}),
        ("two.md", "Markdown", {}),
    ]
    assert content.skipped == {}


def test_names_that_a_mac_wrote_are_found(tmp_path: Path) -> None:
    (tmp_path / "U\u0308bungen.md").write_text("text")
    [file] = look_into(tmp_path, [Entry("x", "\u00dcbungen.md", {"title": "Ü"})]).files
    assert file.description == {"title": "Ü"}


def test_what_is_left_out_has_its_reason(tmp_path: Path) -> None:
    (tmp_path / "notes.pages").write_text("text")
    (tmp_path / "nothing.md").touch()
    (tmp_path / "link.md").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "pipe.md")
    with (tmp_path / "large.pdf").open("wb") as large:
        large.truncate(MAX_BYTES + 1)
    skipped = look_into(tmp_path, []).skipped
    assert {name: why.partition(";")[0].partition(" (")[0] for name, why in skipped.items()} == {
        "notes.pages": "not a format that the library reads",
        "nothing.md": "empty",
        "link.md": "a symbolic link",
        "pipe.md": "not a file",
        "large.pdf": "larger than 50 MB",
    }


def test_metadata_of_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(BadMetadata, match=r"m\.csv, line 2: .* has no file \.\./secret\.md"):
        look_into(tmp_path, [Entry("m.csv, line 2", "../secret.md", {})])


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="there is no such folder"):
        look_into(tmp_path / "no", [])
