"""`motiv8 library import` and `search` on the real routes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from motiv8.aws.library_tables import DocumentRow
from motiv8.catalogue.document_failures import SENTENCES
from motiv8_tooling.cli import main
from stand_in.library_cloud import LIFTING, METADATA, SLEEP, LibraryCloud


def _rows() -> dict[str, DocumentRow]:
    return {row.file_name: row for row in DocumentRow.scan()}


def test_a_folder_comes_in_with_what_the_metadata_says(cloud: LibraryCloud, run: Any, folder: Path) -> None:
    (folder / "notes.pages").write_bytes(b"x")
    told = run("--namespace", "plans")
    assert told["code"] == 0
    assert told["outcomes"] == {"lifting.txt": "new", "sleep.md": "new", "notes.pages": "skipped"}
    rows = _rows()
    assert {name: (row.namespace, row.title, row.author, row.published) for name, row in rows.items()} == {
        "lifting.txt": ("plans", "Lifting", "A coach", None),
        "sleep.md": ("plans", "Sleep", None, "2026"),
    }
    assert rows["lifting.txt"].tags == {"back"}
    assert sorted(cloud.uploads.values()) == sorted([LIFTING, SLEEP])


def test_running_it_again_asks_once_and_changes_nothing(cloud: LibraryCloud, run: Any) -> None:
    run()
    told = run()
    assert (told["code"], set(told["outcomes"].values())) == (0, {"there already"})
    assert cloud.requests == [("GET", "/v1/documents")]


def test_changed_metadata_describes_documents_anew(cloud: LibraryCloud, run: Any, folder: Path) -> None:
    run()
    changed = [METADATA[0] | {"title": "Lifting well", "author": None}, {"file": "sleep.md"}]
    (folder / "metadata.json").write_text(json.dumps(changed))
    told = run()
    assert told["outcomes"] == {"lifting.txt": "changed", "sleep.md": "there already"}
    assert [each["why"] for each in told["files"] if each["outcome"] == "changed"] == ["title, author"]
    assert [method for method, _ in cloud.writes()] == ["PATCH"]
    row = _rows()["lifting.txt"]
    assert row.author is None
    assert (row.title, row.tags) == ("Lifting well", {"back"})
    assert set(run()["outcomes"].values()) == {"there already"}


def test_a_dry_run_reads_everything_and_writes_nothing(
    cloud: LibraryCloud, run: Any, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "blank.html").write_text("<html><body></body></html>")
    told = run("--dry-run")
    assert told["outcomes"] == {"lifting.txt": "new", "sleep.md": "new", "blank.html": "failed"}
    assert (told["code"], told["applied"]) == (1, False)
    assert cloud.writes() == []
    assert "This was a dry run: nothing was written." in capsys.readouterr().out
    assert not list(DocumentRow.scan())


def test_a_document_that_cannot_be_read_says_what_to_do_and_is_not_sent_again(cloud: LibraryCloud, run: Any) -> None:
    cloud.becomes[LIFTING] = {"status": "failed", "reason": "no_text"}
    for sent in (1, 0):
        cloud.uploads.clear()
        told = run()
        assert (told["code"], told["outcomes"]["lifting.txt"]) == (1, "failed")
        assert [each["why"] for each in told["files"] if each["why"]] == [SENTENCES["no_text"]]
        assert list(cloud.uploads.values()).count(LIFTING) == sent


def test_what_failed_by_no_fault_of_the_file_is_sent_again(cloud: LibraryCloud, run: Any) -> None:
    cloud.becomes[LIFTING] = {"status": "failed", "reason": "internal_error"}
    assert run()["outcomes"]["lifting.txt"] == "failed"
    del cloud.becomes[LIFTING]
    assert run()["outcomes"] == {"lifting.txt": "new", "sleep.md": "there already"}


def test_an_import_that_was_killed_before_an_upload_goes_on(run: Any, call: Any, sign: Any) -> None:
    body = {
        "namespace": "general",
        "file_name": "lifting.txt",
        "content_type": "text/plain",
        "size": len(LIFTING),
        "sha256": hashlib.sha256(LIFTING).hexdigest(),
    }
    call("POST", "/v1/documents", body, token=sign(sub="importer", **{"cognito:groups": ["importers"]}))
    told = run()
    assert (told["code"], set(told["outcomes"].values())) == (0, {"new"})
    assert {row.status for row in _rows().values()} == {"ready"}


def test_the_same_content_under_two_names_comes_in_once(run: Any, folder: Path) -> None:
    (folder / "a-copy.txt").write_bytes(LIFTING)
    told = run("--parallel", "1")
    assert told["outcomes"]["lifting.txt"] == "skipped"
    assert len(_rows()) == 2


def test_an_import_need_not_wait(cloud: LibraryCloud, run: Any) -> None:
    told = run("--no-wait")
    assert set(told["outcomes"].values()) == {"new"}
    assert all(path == "/v1/documents" for _, path in cloud.requests)


def test_mistakes_in_the_metadata_are_a_line_each_and_nothing_is_sent(
    cloud: LibraryCloud, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metadata = tmp_path / "metadata.csv"
    metadata.write_text("file,published\nlifting.txt,soon\nsleep.md,late\n")
    words = ["library", "import", str(folder), "--metadata", str(metadata), "--api", "https://api.example"]
    assert main(words) == 1
    said = capsys.readouterr().err.splitlines()
    assert [each.partition(": published")[0] for each in said] == [
        "motiv8: metadata.csv, line 2 (lifting.txt)",
        "motiv8: metadata.csv, line 3 (sleep.md)",
    ]
    assert cloud.grants == []


@pytest.mark.usefixtures("cloud")
def test_a_wrong_password_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MOTIV8_PASSWORD", "wrong")
    assert main(["library", "import", str(folder), "--api", "https://api.example"]) == 1
    assert capsys.readouterr().err == "motiv8: The email or password is wrong.\n"


@pytest.mark.parametrize("address", ["http://api.example", "ftp://api.example", "api.example"])
def test_a_password_goes_over_https_alone(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["library", "search", "x", "--api", address])
    assert ended.value.code == 2
    assert "is not an https:// address" in capsys.readouterr().err


def test_a_search_prints_passages_with_their_place(
    run: Any, index: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    capsys.readouterr()
    index.append(
        {
            "passage_id": "p-1",
            "document_id": _rows()["lifting.txt"].document_id,
            "text": "Lift with your legs.",
            "heading": "The lift",
            "page_from": 2,
            "page_to": 2,
            "score": 0.5,
            "highlights": [[0, 4]],
        }
    )
    assert main(["library", "search", "How do I lift?", "--tag", "back", "--api", "https://api.example"]) == 0
    assert capsys.readouterr().out == "1. Lifting · page 2 · The lift (0.5000)\n   Lift with your legs.\n"
    assert main(["library", "search", "lift", "--json", "--api", "https://api.example"]) == 0
    assert json.loads(capsys.readouterr().out)["passages"][0]["text"] == "Lift with your legs."
