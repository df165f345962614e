"""Environments, accounts and parameters."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from motiv8_tooling.operations import environment as module
from motiv8_tooling.operations.environment import (
    SERVICES,
    Environment,
    check_account,
    check_buckets,
    check_region,
    environment,
    parameters,
    sdk_session,
)
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.package import load_template


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
    with pytest.raises(OperationError, match="not an environment"):
        environment(name)


def test_what_is_given_now_goes_over_the_file_and_that_over_what_the_stack_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIV8_PARAMETERS", "DailyQuota=7 AlarmAddress=ops@example.com")
    given = parameters(Environment("dev"), ["DailyQuota=9"], {"LogLevel": "ERROR", "DomainName": "api.example.com"})
    assert given == {
        "Tier": "dev",
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


class TestRegion:
    def test_one_without_a_service_of_the_template_is_refused_with_others_nearby(self) -> None:
        # SES is in fewer regions than Lambda; botocore's data says in which.
        session = sdk_session()
        without = sorted(set(session.get_available_regions("lambda")) - set(session.get_available_regions("sesv2")))
        assert without
        for region in without:
            with pytest.raises(OperationError, match=f"{region} has no SES: nothing was done. Set AWS_REGION to "):
                check_region(region)

    @pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-southeast-2"])
    def test_one_with_all_of_them_will_do(self, region: str) -> None:
        check_region(region)

    def test_one_that_is_newer_than_the_sdk_is_let_through(self) -> None:
        check_region("eu-west-99")

    def test_every_service_of_the_template_is_looked_for(self) -> None:
        # By the part of the resource's type that names the service, where the SDK calls it otherwise.
        called = {"cognito": "cognito-idp", "ses": "sesv2", "serverless": "lambda"}
        # Everywhere, without regions, or in any account's region: budgets, CloudFront, Route 53, IAM, EC2's networks.
        everywhere = {"budgets", "cloudfront", "route53", "iam", "ec2"}
        types = {each["Type"].split("::")[1].lower() for each in load_template()["Resources"].values()}
        assert {called.get(each, each) for each in types} - everywhere <= set(SERVICES)


class TestBuckets:
    @staticmethod
    def _stub(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
        class S3:
            @staticmethod
            def head_bucket(Bucket: str, ExpectedBucketOwner: str) -> None:  # noqa: N803 - the SDK's words
                assert Bucket.endswith("-111122223333-eu-central-1")
                assert ExpectedBucketOwner == "111122223333"
                if status != 200:
                    answer = {"Error": {"Code": str(status)}, "ResponseMetadata": {"HTTPStatusCode": status}}
                    raise ClientError(answer, "HeadBucket")  # type: ignore[arg-type]  # as HEAD answers, without a body

        monkeypatch.setattr(module, "client", lambda _: S3())

    def _given(self) -> Environment:
        given = Environment("dev")
        given.__dict__.update(account="111122223333", region="eu-central-1")
        return given

    @pytest.mark.parametrize("status", [200, 404])
    def test_our_own_and_free_names_will_do(self, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stub(monkeypatch, status)
        check_buckets(self._given())

    def test_a_name_that_somebody_else_took_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stub(monkeypatch, 403)
        with pytest.raises(OperationError, match="motiv8-artifacts-dev-111122223333-eu-central-1 is taken by another"):
            check_buckets(self._given())


class TestTier:
    @staticmethod
    def _stub(monkeypatch: pytest.MonkeyPatch, **deployed: str) -> None:
        class Deployed:
            def __init__(self, *_: object) -> None: ...

            @staticmethod
            def parameters() -> dict[str, str]:
                return deployed

        monkeypatch.setattr(module, "client", lambda _: None)
        monkeypatch.setattr(module, "Stack", Deployed)

    @pytest.mark.parametrize(
        ("name", "tier"), [("prod", "prod"), ("dev", "dev"), ("dev-pr-7", "preview"), ("restore-1", "dev")]
    )
    def test_each_kind_has_its_own(self, name: str, tier: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stub(monkeypatch)
        assert Environment(name).tier == tier

    def test_a_stack_has_the_one_that_it_was_deployed_with(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stub(monkeypatch, Tier="prod")
        assert Environment("restore-1").tier == "prod"
        with pytest.raises(OperationError, match="restore-1 needs the account"):
            check_account(Environment("restore-1"), None)
