"""Environments beside each other, prod, and a first deployment that fails."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from motiv8_tooling.local.emulator import ACCOUNT, REGION
from stand_in.cloud import (
    PROD,
    PROJECT,
    Cloud,
    add_broken_resource,
    one_line,
    sandbox,
    sign_in,
    template_with,
    unmarked,
)


class TestEnvironmentsBesideEachOther:
    def test_a_pull_requests_stack_shares_nothing_with_dev_and_is_taken_down_whole(self, dev: Cloud) -> None:
        # With its pool there, the second one knows the address of its keys.
        for words in (("--phase", "base"), ()):
            assert dev.deploy("dev-pr-7", "--tag", "last", *words).returncode == 0
        person = sign_in(dev, "dev-pr-7", "reviewer@example.com")
        person.agree()
        person.upload((PROJECT / "samples" / "astronaut.jpg").read_bytes(), "image/jpeg")
        person.wait_for_selfie()
        mine, theirs = dev.names("dev-pr-7"), dev.names("dev")
        assert len(mine) > 40
        assert not set(mine) & set(theirs)
        alarms = {each["AlarmName"] for each in dev.client("cloudwatch").describe_alarms()["MetricAlarms"]}
        assert alarms & set(theirs)
        # An alarm costs as much in a preview, where it wakes nobody.
        assert not alarms & set(mine)
        assert unmarked(mine, "dev-pr-7") == unmarked([each for each in theirs if each not in alarms], "dev")
        done = dev.script("teardown", "dev-pr-7", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
        assert dev.names("dev-pr-7") == []
        assert dev.names("dev") == theirs
        assert dev.release("dev")
        again = dev.script("teardown", "dev-pr-7", "--yes")
        assert again.returncode == 0
        assert "nothing is left of dev-pr-7" in again.stdout

    def test_the_web_app_is_put_beside_the_api_and_taken_down_with_it(self, dev: Cloud) -> None:
        words = ("--tag", "last", "--parameter=WebApp=true")
        first = dev.deploy("dev-pr-8", *words)
        assert first.returncode == 0, first.stdout + first.stderr
        outputs, s3 = dev.outputs("dev-pr-8"), dev.client("s3")
        page = s3.get_object(Bucket=outputs["WebBucketName"], Key="index.html")
        assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")
        [script] = re.findall(r'src="/(assets/[^"]+[.]js)"', page["Body"].read().decode())
        stored = s3.get_object(Bucket=outputs["WebBucketName"], Key=script)
        assert stored["ContentType"].startswith("text/javascript")
        assert "immutable" in stored["CacheControl"]
        cloudfront = dev.client("cloudfront")
        config = cloudfront.get_distribution(Id=outputs["WebDistributionId"])["Distribution"]["DistributionConfig"]
        paths = [each["PathPattern"] for each in config["CacheBehaviors"]["Items"]]
        assert paths == ["/v1/*", "/health*", "/mcp", "/docs*", "/openapi.json"]
        again = dev.deploy("dev-pr-8", *words)
        assert "0 files changed" in again.stdout
        off = dev.deploy("dev-pr-8", "--tag", "last", "--parameter=WebApp=false")
        assert off.returncode == 0, off.stdout + off.stderr
        assert "WebUrl" not in dev.outputs("dev-pr-8")
        on = dev.deploy("dev-pr-8", *words)
        assert on.returncode == 0, on.stdout + on.stderr
        assert "0 files changed" in on.stdout
        done = dev.script("teardown", "dev-pr-8", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
        assert dev.names("dev-pr-8") == []

    def test_behind_cloudfront_the_firewall_is_cloudfronts_and_the_api_answers_nobody_else(self, dev: Cloud) -> None:
        words = ("--tag", "closed", "--parameter=WebApp=true", "--parameter=EnableWaf=true")
        # With its pool there, the address of its keys is the same in each deployment that follows.
        assert dev.deploy("dev-pr-9", "--phase", "base", *words).returncode == 0
        first = dev.deploy("dev-pr-9", *words)
        assert first.returncode == 0, first.stdout + first.stderr
        [firewall] = dev.client("wafv2").list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
        assert dev.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"] == []
        outputs = dev.outputs("dev-pr-9")
        found = dev.client("cloudfront").get_distribution(Id=outputs["WebDistributionId"])["Distribution"]
        assert found["DistributionConfig"]["WebACLId"] == firewall["ARN"]
        secret = dev.client("secretsmanager").get_secret_value(SecretId="motiv8-origin-dev-pr-9")["SecretString"]
        direct = httpx.get(f"{dev.url('dev-pr-9')}/v1/modes", timeout=60)
        assert (direct.status_code, direct.headers["Content-Type"]) == (403, "application/problem+json")
        by_cloudfront = httpx.get(f"{dev.url('dev-pr-9')}/v1/modes", headers={"x-motiv8-origin": secret}, timeout=60)
        assert by_cloudfront.status_code == 200
        # Nothing waits for the secret a second time.
        again = dev.deploy("dev-pr-9", *words)
        assert "phase 3, functions: unchanged" in again.stdout
        opened = dev.deploy("dev-pr-9", *words[:-1], "--parameter=EnableWaf=false")
        assert opened.returncode == 0, opened.stdout + opened.stderr
        assert dev.client("wafv2").list_web_acls(Scope="CLOUDFRONT")["WebACLs"] == []
        assert httpx.get(f"{dev.url('dev-pr-9')}/v1/modes", timeout=60).status_code == 200
        assert dev.deploy("dev-pr-9", *words).returncode == 0
        done = dev.script("teardown", "dev-pr-9", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
        assert dev.names("dev-pr-9") == []
        assert dev.client("wafv2").list_web_acls(Scope="CLOUDFRONT")["WebACLs"] == []

    def test_prod_is_never_torn_down(self, cloud: Cloud) -> None:
        assert "prod cannot be torn down" in one_line(cloud.script("teardown", "prod", "--yes"))

    def test_nothing_is_torn_down_unasked(self, dev: Cloud) -> None:
        assert "needs a confirmation" in one_line(dev.script("teardown", "dev"))
        assert dev.release("dev")


class TestProd:
    @pytest.fixture
    def repository(self, tmp_path: Path) -> dict[str, str]:
        """A working tree of its own for git, so that it does not matter what this one looks like."""
        variables = {"GIT_DIR": str(tmp_path / ".git"), "GIT_WORK_TREE": str(tmp_path)}
        # The same commit for each test.
        dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-11-20T06:00:00Z")
        (tmp_path / "README").write_text("motiv8")
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
            identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
            subprocess.run(["git", *identity, *words], env=os.environ | variables | dates, check=True)  # noqa: S603, S607
        return variables

    def test_it_is_deployed_with_account_confirmation_and_a_clean_tree(
        self, cloud: Cloud, repository: dict[str, str]
    ) -> None:
        given = [word for each in PROD for word in ("--parameter", each)]
        done = cloud.deploy("prod", ACCOUNT, "--yes", *given, **repository)
        assert done.returncode == 0, done.stdout + done.stderr
        assert cloud.release("prod")
        stage = cloud.client("apigateway").get_stage(restApiId=cloud.outputs("prod")["ApiId"], stageName="prod")
        assert stage["tracingEnabled"]
        [stack] = cloud.client("cloudformation").describe_stacks(StackName="motiv8-prod")["Stacks"]
        assert stack["EnableTerminationProtection"]
        assert cloud.client("dynamodb").describe_table(TableName="users-prod")["Table"]["DeletionProtectionEnabled"]

    def test_its_functions_wait_for_a_sender_that_mails(self, cloud: Cloud, repository: dict[str, str]) -> None:
        given = [word for each in PROD for word in ("--parameter", each)]
        with sandbox(cloud):
            done = cloud.deploy("prod", ACCOUNT, "--yes", *given, **repository)
        assert "prod cannot send email: SES mails to verified addresses alone" in one_line(done)

    def test_a_changed_tree_is_refused(self, cloud: Cloud, repository: dict[str, str]) -> None:
        Path(repository["GIT_WORK_TREE"], "README").write_text("changed")
        said = one_line(cloud.deploy("prod", ACCOUNT, "--yes", **repository))
        assert "clean tree: commit or stash your changes (README) first" in said

    def test_images_of_another_commit_are_refused(self, cloud: Cloud, repository: dict[str, str]) -> None:
        said = one_line(cloud.deploy("prod", ACCOUNT, "--yes", "--tag", "one", **repository))
        assert "check out one first" in said

    def test_a_missing_account_is_refused(self, cloud: Cloud) -> None:
        assert "prod needs the account" in one_line(cloud.deploy("prod", "--yes"))

    def test_another_account_is_refused(self, cloud: Cloud) -> None:
        said = one_line(cloud.deploy("prod", "123456789012", "--yes"))
        assert "credentials are for account 000000000000, not 123456789012" in said

    def test_without_confirmation_nothing_is_done(self, cloud: Cloud, repository: dict[str, str]) -> None:
        given = [word for each in (*PROD, "DailyQuota=9") for word in ("--parameter", each)]
        before = cloud.client("cloudformation").describe_stacks(StackName="motiv8-prod")["Stacks"]
        done = cloud.deploy("prod", ACCOUNT, "--phase", "functions", *given, **repository)
        assert "needs a confirmation" in one_line(done)
        assert cloud.client("cloudformation").describe_stacks(StackName="motiv8-prod")["Stacks"] == before

    def test_what_prod_needs_is_named(self, cloud: Cloud) -> None:
        said = one_line(
            cloud.deploy("prod", ACCOUNT, "--yes", "--phase", "base", "--tag", "x", "--parameter", "CorsOrigin=")
        )
        assert "prod needs CorsOrigin" in said


class TestTheFirstDeployment:
    def test_one_that_fails_leaves_nothing_behind_that_the_next_one_meets(self, cloud: Cloud) -> None:
        def fail_last(template: dict[str, Any]) -> None:
            add_broken_resource(template)
            kept = [name for name, each in template["Resources"].items() if "DeletionPolicy" in each]
            template["Resources"]["Broken"]["DependsOn"] = [
                name for name in kept if "Condition" not in template["Resources"][name]
            ]

        cloud.script("teardown", "dev-pr-8", "--yes")
        said = one_line(
            cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x", f"--template={template_with(cloud, fail_last)}")
        )
        assert "ROLLBACK_COMPLETE" in said
        # The bucket that it is deployed from is a stack of its own, which came to be.
        assert [name for name in cloud.names("dev-pr-8") if "artifacts" not in name] == ["motiv8-dev-pr-8"]
        cloud.client("cloudformation").delete_stack(StackName="motiv8-dev-pr-8")
        done = cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x")
        assert done.returncode == 0, done.stdout + done.stderr

    def test_what_a_deleted_stack_kept_is_taken_over_or_named(self, cloud: Cloud) -> None:
        assert cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x").returncode == 0
        cloud.client("dynamodb").put_item(TableName="users-dev-pr-8", Item={"user_id": {"S": "somebody"}})
        cloud.client("cloudformation").delete_stack(StackName="motiv8-dev-pr-8")
        said = one_line(cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x"))
        kept = "user pool motiv8-dev-pr-8 and function motiv8-tokens-dev-pr-8 and secret motiv8-links-dev-pr-8"
        assert f"left behind {kept}" in said
        assert "nothing was done" in said
        cloud.client("cognito-idp").delete_user_pool(UserPoolId=cloud.pool("dev-pr-8"))
        cloud.client("lambda").delete_function(FunctionName="motiv8-tokens-dev-pr-8")
        cloud.client("secretsmanager").delete_secret(SecretId="motiv8-links-dev-pr-8", ForceDeleteWithoutRecovery=True)
        # The embedded AWS takes over tables alone; what is in the way is named.
        said = one_line(cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x"))
        assert "MediaBucket: " in said
        assert "An earlier stack left it behind" in said
        cloud.client("cloudformation").delete_stack(StackName="motiv8-dev-pr-8")
        for name in ("uploads", "media", "library", "web"):
            cloud.client("s3").delete_bucket(Bucket=f"motiv8-{name}-dev-pr-8-{ACCOUNT}-{REGION}")
        for name in ("api-handler", "library", "studio"):
            cloud.client("ecr").delete_repository(repositoryName=f"motiv8-{name}-dev-pr-8", force=True)
        done = cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x")
        assert done.returncode == 0, done.stdout + done.stderr
        for name in ("UsersTable", "PortraitsTable"):
            assert f"> {name} (" in done.stdout
        assert "detect-stack-drift" in done.stdout
        assert cloud.client("dynamodb").scan(TableName="users-dev-pr-8")["Count"] == 1
        assert cloud.script("teardown", "dev-pr-8", "--yes").returncode == 0
