"""What code needs of AWS is found through the functions that it names, with the resource that it is needed on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from checks.reachable_code import ReachableCode
from checks.used_permissions import Permission, used_permissions

Used = Callable[[str], set[Permission]]
OTHER = """
    from motiv8.aws import clients
    from motiv8.settings import settings

    def look(): clients.s3().head_bucket(Bucket=settings().uploads_bucket)
    def again(): look() or again()
    def stop(): clients.step_functions().stop_execution(executionArn="x")
"""


@pytest.fixture
def used(tmp_path: Path) -> Used:
    """What `start` of a repository with this text uses."""

    def of(text: str) -> set[Permission]:
        modules = {"aws/clients": "", "settings": "", "other": OTHER, "accounts/repository": text}
        for name, content in modules.items():
            path = tmp_path / "motiv8" / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(content), encoding="utf-8")
        return used_permissions(ReachableCode(tmp_path, "motiv8"), "motiv8.accounts.repository:start")

    return of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from motiv8.other import look\ndef start(): look()", {("s3:ListBucket", "UploadsBucket")}),
        ("from motiv8 import other\ndef start(): other.again()", {("s3:ListBucket", "UploadsBucket")}),
        ("def start():\n    from motiv8.other import stop\n    stop()", {("states:StopExecution", "Executions")}),
        (
            "from motiv8.other import look\nALL = [look]\ndef start(): run(ALL)",
            {("s3:ListBucket", "UploadsBucket")},
        ),
        ("def start(row): row.save()", {("dynamodb:PutItem", "UsersTable")}),
        ("def start(): UserRow.due.query(1)", {("dynamodb:Query", "UsersTable/index/due")}),
        (
            "def start(): storage.exists(settings().library_bucket, keys.original(1))",
            {("s3:GetObject", "LibraryBucket/originals/*"), ("s3:ListBucket", "LibraryBucket")},
        ),
        ("from motiv8.other import look\ndef start(): pass", set()),
        ("def start(): pass\nrouter = Router()", set()),
    ],
    ids=[
        "of a function",
        "of one that calls itself, by its module",
        "imported late, on what a service has one of",
        "of a value that is named",
        "of a row",
        "of a table's index",
        "of an object, by its folder",
        "imported and not named",
        "of nothing",
    ],
)
def test_what_is_used_is_found(used: Used, text: str, expected: set[Permission]) -> None:
    assert used(text) == expected
