"""Environments, accounts and parameters."""

from __future__ import annotations

import pytest

from motiv8.operations import environment as module
from motiv8.operations.environment import Environment, environment, parameters
from motiv8.operations.errors import OperationError
from motiv8.operations.package import load_template


@pytest.mark.parametrize(
    ("name", "kind"), [("dev", "dev"), ("prod", "prod"), ("dev-pr-12", "dev-pr"), ("restore-3", "restore")]
)
def test_an_environment_goes_by_its_kind_and_names_its_stacks(name: str, kind: str) -> None:
    given = environment(name)
    assert given.kind == kind
    assert given.stack == f"motiv8-{name}"
    assert given.artifacts_stack == f"motiv8-artifacts-{name}"


@pytest.mark.parametrize("name", ["", "staging", "dev-pr-0", "dev-pr-01", "dev\n", "local", "Prod", "dev-pr-1.5"])
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(OperationError, match="no environment"):
        environment(name)


def test_what_is_given_now_goes_over_the_file_and_that_over_what_the_stack_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIV8_PARAMETERS", "DailyQuota=7 AlarmAddress=ops@example.com")
    given = parameters(Environment("dev"), ["DailyQuota=9"], {"LogLevel": "ERROR", "DomainName": "api.example.com"})
    assert given == {
        "DomainName": "api.example.com",
        "LogLevel": "DEBUG",
        "CorsOrigin": "*",
        "AlarmAddress": "ops@example.com",
        "DailyQuota": "9",
    }


def test_prod_names_what_it_misses() -> None:
    given = ["CorsOrigin=https://app.example.com", "AlarmAddress=ops@example.com"]
    with pytest.raises(OperationError, match="prod needs SenderAddress"):
        parameters(Environment("prod"), given, {})


def test_the_file_sets_parameters_that_there_are() -> None:
    known = load_template()["Parameters"]
    for name in ("dev", "dev-pr-1", "restore-1"):
        assert set(parameters(Environment(name), [], {})) <= set(known)


class _Identity:
    def __init__(self, arn: str) -> None:
        self._arn = arn

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012", "Arn": self._arn}


class TestBoundary:
    @pytest.mark.parametrize("kind", ["pull-requests", "prod"])
    def test_githubs_roles_set_the_boundary_without_which_they_may_make_no_role(
        self, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        arn = f"arn:aws-cn:sts::123456789012:assumed-role/motiv8-github-{kind}/GitHubActions"
        monkeypatch.setattr(module, "client", lambda _: _Identity(arn))
        assert Environment("dev-pr-7").boundary == {
            "PermissionsBoundary": f"arn:aws-cn:iam::123456789012:policy/motiv8-github-{kind}-boundary"
        }

    @pytest.mark.parametrize("who", ["assumed-role/Administrator/me", "assumed-role/x-motiv8-github-prod/me", "root"])
    def test_anybody_else_deploys_without_or_with_their_own(self, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "client", lambda _: _Identity(f"arn:aws:sts::123456789012:{who}"))
        assert Environment("dev").boundary == {}
