"""Importers and readers, documents in any state, and a function that searches a list."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from motiv8.aws import clients
from motiv8.settings import settings
from motiv8_tooling.cli import main
from motiv8_tooling.operations.document_import import run as import_run
from stand_in.library_cloud import LIFTING, METADATA, SLEEP, LibraryCloud

Send = Callable[..., Any]


@pytest.fixture(autouse=True)
def library() -> None:
    """A fresh bucket, and a machine that does nothing."""
    clients.s3().create_bucket(Bucket=settings().library_bucket)
    clients.s3().put_bucket_versioning(Bucket=settings().library_bucket, VersioningConfiguration={"Status": "Enabled"})
    clients.step_functions().create_state_machine(
        name="document-test",
        definition=json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}),
        roleArn="arn:aws:iam::123456789012:role/test",
    )


@pytest.fixture
def send(call: Send, sign: Callable[..., str]) -> Send:
    """Send a request as somebody in these groups of Cognito."""

    def request(method: str, path: str, body: object = None, *, groups: tuple[str, ...] = (), **more: Any) -> Any:
        return call(method, path, body, token=sign(sub="somebody", **{"cognito:groups": list(groups)}), **more)

    return request


@pytest.fixture
def as_importer(send: Send) -> Send:
    """Send a request as an importer."""
    return lambda method, path, body=None, **more: send(method, path, body, groups=("importers",), **more)


@pytest.fixture
def announced() -> Callable[..., dict[str, Any]]:
    """The body of a POST /v1/documents; anything can be changed."""

    def body(data: bytes = b"Lift with your legs.", **changes: Any) -> dict[str, Any]:
        return {
            "namespace": "general",
            "file_name": "lifting.txt",
            "content_type": "text/plain",
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        } | changes

    return body


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the function that searches finds, whatever is asked; the last entry of `asked` is the question."""
    passages: list[dict[str, Any]] = []

    def invoke(FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert FunctionName == settings().library_search_function
        question = json.loads(Payload)
        found = [each for each in passages if each.pop("namespace", "general") in question["namespaces"]]
        return {"Payload": io.BytesIO(json.dumps({"passages": found}).encode())}

    monkeypatch.setattr(clients.search_function(), "invoke", invoke)
    return passages


@pytest.fixture
def cloud(call: Any, sign: Any, monkeypatch: pytest.MonkeyPatch) -> LibraryCloud:
    there = LibraryCloud(call, sign)
    real = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **_: real(transport=httpx.MockTransport(there)))
    monkeypatch.setenv("MOTIV8_EMAIL", "importer@example.com")
    monkeypatch.setenv("MOTIV8_PASSWORD", "right")
    monkeypatch.setattr(import_run, "_ASKED_A_SECOND", 1_000)
    return there


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "guides"
    made.mkdir()
    (made / "lifting.txt").write_bytes(LIFTING)
    (made / "sleep.md").write_bytes(SLEEP)
    (made / "metadata.json").write_text(json.dumps(METADATA))
    return made


@pytest.fixture
def run(cloud: LibraryCloud, folder: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Run the import with these words; returns the report with the exit code."""

    def act(*words: str) -> dict[str, Any]:
        cloud.requests.clear()
        cloud.grants.clear()
        report = tmp_path / "report.json"
        told = ["--metadata", str(folder / "metadata.json"), "--report", str(report), "--api", "https://api.example"]
        code = main(["library", "import", str(folder), *told, *words])
        result: dict[str, Any] = json.loads(report.read_text())
        return result | {"code": code, "outcomes": {each["file"]: each["outcome"] for each in result["files"]}}

    return act
