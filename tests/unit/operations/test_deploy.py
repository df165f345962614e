"""What an image is named by, and where the API answers."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from motiv8.operations import deploy
from motiv8.operations.errors import OperationError


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, in place of the project's."""
    (tmp_path / "file").write_text("one")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, env=os.environ)  # noqa: S603, S607
    monkeypatch.setattr(deploy, "PROJECT", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("repository")
def test_a_clean_tree_is_named_by_its_commit() -> None:
    assert len(deploy.commit(clean=True)) == 40
    assert deploy.commit(clean=False) == deploy.commit(clean=True)


def test_changes_give_a_name_of_their_own_and_are_refused_where_the_tree_must_be_clean(repository: Path) -> None:
    clean = deploy.commit(clean=True)
    (repository / "file").write_text("two")
    first = deploy.commit(clean=False)
    (repository / "file").write_text("three")
    assert first.startswith(f"{clean}-dirty-")
    assert deploy.commit(clean=False) != first
    with pytest.raises(OperationError, match=r"commit or stash your changes \(file\)"):
        deploy.commit(clean=True)


def test_without_git_a_tag_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy, "PROJECT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(OperationError, match="give --tag"):
        deploy.commit(clean=False)


def test_the_api_answers_at_the_stacks_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    outputs = {"ApiId": "abc", "ApiStage": "dev", "ApiUrl": "https://abc.execute-api.eu-central-1.amazonaws.com/dev"}
    assert deploy.api_url(outputs) == outputs["ApiUrl"]
    assert deploy.api_url({}) == ""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    assert deploy.api_url(outputs) == "http://127.0.0.1:4566/_aws/execute-api/abc/dev"
