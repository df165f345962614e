"""What an import does when tokens, groups, networks and files change in the middle of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from motiv8.aws.library_tables import DocumentRow
from motiv8_tooling.cli import main
from motiv8_tooling.operations.document_import.progress import Progress
from stand_in.library_cloud import LIFTING, LibraryCloud


@pytest.mark.parametrize("parallel", ["1", "4"])
def test_a_token_that_ends_in_the_middle_is_renewed_once(
    cloud: LibraryCloud, run: Any, folder: Path, parallel: str
) -> None:
    for number in range(8):
        (folder / f"{number}.txt").write_bytes(b"Text number %d." % number)

    def end(request: httpx.Request) -> None:
        if request.url.path.startswith("/v1/documents") and cloud.uploads and len(cloud.grants) == 1:
            # The router refuses it from the first upload on.
            request.headers["Authorization"] = f"Bearer {cloud.sign(sub='importer', exp=int(time.time()) - 10)}"

    cloud.interfere = end
    told = run("--parallel", parallel)
    assert (told["code"], set(told["outcomes"].values()), len(list(DocumentRow.scan()))) == (0, {"new"}, 10)
    assert cloud.grants == ["password", "refresh_token"]


def test_an_account_that_lost_its_group_stops_the_import(
    cloud: LibraryCloud, run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def lose(request: httpx.Request) -> None:
        if request.method == "POST" and request.url.path == "/v1/documents" and cloud.uploads:
            token = cloud.sign(sub="importer", **{"cognito:groups": []})
            request.headers["Authorization"] = f"Bearer {token}"

    cloud.interfere = lose
    told = run("--parallel", "1")
    assert (told["code"], told["outcomes"]) == (1, {"lifting.txt": "new"})
    said = capsys.readouterr().err
    assert "Only people in the group `importers` may do this" in said
    assert len(said.splitlines()) == 1


def test_an_account_without_the_group_is_told_so_before_anything_is_read(
    cloud: LibraryCloud, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.groups = []
    assert main(["library", "import", str(folder), "--api", "https://api.example"]) == 1
    assert capsys.readouterr().err == (
        "motiv8: importer@example.com is not in the group importers: whoever runs motiv8 puts the account into it"
        " (docs/library.md).\n"
    )
    assert cloud.requests == []


def test_busy_answers_and_a_network_that_comes_and_goes_are_waited_out(
    cloud: LibraryCloud, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motiv8_tooling.client.service_user._FIRST_PAUSE", 0.001)
    trouble: list[httpx.Response | Exception] = [
        httpx.Response(429, headers={"Retry-After": "0"}),
        httpx.ConnectError("refused"),
        httpx.Response(503, headers={"Retry-After": "0"}),
        httpx.ReadTimeout("slow"),
    ]

    def fail(_: httpx.Request) -> httpx.Response | None:
        if not trouble or not cloud.requests:
            return None
        first = trouble.pop()
        if isinstance(first, Exception):
            raise first
        return first

    cloud.interfere = fail
    assert set(run()["outcomes"].values()) == {"new"}
    assert not trouble


def test_a_network_that_stays_away_stops_the_import(
    cloud: LibraryCloud, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motiv8_tooling.client.service_user._FIRST_PAUSE", 0.001)

    def fail(request: httpx.Request) -> None:
        if request.url.host != "api.example":
            raise httpx.ConnectError("refused", request=request)

    cloud.interfere = fail
    told = run()
    assert told["code"] == 1
    assert "cannot be reached: refused" in told["stopped"]


def test_ctrl_c_ends_with_a_report_and_the_next_run_goes_on(
    cloud: LibraryCloud, run: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Progress, "tell", _interrupt)
        told = run("--parallel", "1")
    assert told["code"] == 130
    assert "stopped; the same command goes on" in capsys.readouterr().err
    assert run()["code"] == 0
    assert len(cloud.uploads) == 2


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_file_that_changes_while_it_is_uploaded_fails_alone(cloud: LibraryCloud, run: Any, folder: Path) -> None:
    def refuse(request: httpx.Request) -> httpx.Response | None:
        if request.url.host == "api.example" or LIFTING not in request.content:
            return None
        (folder / "lifting.txt").write_bytes(b"Something else.")
        return httpx.Response(400, text="<Error><Code>BadDigest</Code></Error>")

    cloud.interfere = refuse
    told = run()
    assert told["outcomes"] == {"lifting.txt": "failed", "sleep.md": "new"}
    assert [each["why"] for each in told["files"] if each["why"]] == [
        "the file changed while it was uploaded; run the import again"
    ]
