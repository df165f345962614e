"""What an image is named by, and where the API answers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from motiv8_tooling.operations import artifacts, deploy, images, revision, web
from motiv8_tooling.operations.changes import Applied, Change
from motiv8_tooling.operations.environment import Environment
from motiv8_tooling.operations.errors import OperationError


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, in place of the project's."""
    (tmp_path / "file").write_text("one")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, env=os.environ)  # noqa: S603, S607
    monkeypatch.setattr(revision, "PROJECT", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("repository")
def test_a_clean_tree_is_named_by_its_commit() -> None:
    assert len(revision.commit(clean=True)) == 40
    assert revision.commit(clean=False) == revision.commit(clean=True)


def test_changes_give_a_name_of_their_own_and_are_refused_where_the_tree_must_be_clean(repository: Path) -> None:
    clean = revision.commit(clean=True)
    (repository / "file").write_text("two")
    first = revision.commit(clean=False)
    (repository / "file").write_text("three")
    assert first.startswith(f"{clean}-dirty-")
    assert revision.commit(clean=False) != first
    with pytest.raises(OperationError, match=r"commit or stash your changes \(file\)"):
        revision.commit(clean=True)


def test_without_git_a_tag_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "PROJECT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(OperationError, match="Give --tag"):
        revision.commit(clean=False)


class Deployed:
    """A stack that serves, with the web app."""

    OUTPUTS: ClassVar = {"WebBucketName": "web", "WebDistributionId": "d", "WebUrl": "https://x"}

    def outputs(self) -> dict[str, str]:
        return self.OUTPUTS

    def __init__(self, *_: object) -> None: ...

    def described(self) -> dict[str, str]:
        return {"StackStatus": "UPDATE_COMPLETE"}

    def parameters(self) -> dict[str, str]:
        return {"WebApp": "true", "DeployFunctions": "true", "Tier": "dev", "Release": "r"}

    def check_usable(self) -> None: ...

    def protect(self, *, on: bool) -> None: ...


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An account in which all goes well; what is done in it, in order."""
    done: list[str] = []

    def note(name: str, answer: object = None) -> Callable[..., Any]:
        def call(*_: object, **__: object) -> Any:
            done.append(name)
            return answer

        return call

    applied = Applied((Change("Modify", "AWS::Lambda::Function", "F", "False", ()),), Deployed.OUTPUTS)
    for module, name, answer in (
        (web, "build", None),
        (web, "upload", 3),
        (artifacts, "record", None),
        (images, "check_exist", None),
        (deploy, "roll_out", (applied, "r2")),
        (deploy, "check_serving", None),
    ):
        monkeypatch.setattr(module, name, note(name, answer))
    for name in ("check_account", "check_region", "check_buckets", "_check_sender", "_obstacle", "client"):
        monkeypatch.setattr(deploy, name, lambda *_: None)
    monkeypatch.setattr(deploy, "Stack", Deployed)
    return done


def _order() -> deploy.Order:
    given = Environment("dev")
    given.__dict__.update(account="111122223333", region="eu-central-1", tier="dev", boundary={})
    return deploy.Order(given, phases=("functions",), tag="two")


class TestWebApp:
    def test_it_is_built_before_the_change_set_and_the_release_is_on_record_before_the_upload(
        self, account: list[str]
    ) -> None:
        deploy.deploy(_order(), lambda _: None)
        assert account == ["build", "check_exist", "roll_out", "check_serving", "record", "upload"]

    def test_an_upload_that_dies_half_way_leaves_the_record(
        self, account: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def die(*_: object) -> int:
            raise OperationError("the line is down")

        monkeypatch.setattr(web, "upload", die)
        with pytest.raises(OperationError, match="the line is down"):
            deploy.deploy(_order(), lambda _: None)
        assert account[-1] == "record"

    def test_one_that_cannot_be_built_stops_before_anything_changes(
        self, account: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: object) -> None:
            raise OperationError("cannot be built")

        monkeypatch.setattr(web, "build", refuse)
        with pytest.raises(OperationError, match="cannot be built"):
            deploy.deploy(_order(), lambda _: None)
        assert account == []


def test_the_api_answers_at_the_stacks_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    outputs = {"ApiId": "abc", "ApiStage": "dev", "ApiUrl": "https://abc.execute-api.eu-central-1.amazonaws.com/dev"}
    assert deploy.api_url(outputs) == outputs["ApiUrl"]
    assert deploy.api_url({}) == ""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    assert deploy.api_url(outputs) == "http://127.0.0.1:4566/_aws/execute-api/abc/dev"
