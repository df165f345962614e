"""Three phases, updates without a failed request, and what is refused before anything changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from motiv8_tooling.local.emulator import ACCOUNT
from stand_in.cloud import (
    FUNCTIONS,
    Cloud,
    add_broken_resource,
    one_line,
    requests_throughout,
    sandbox,
    sign_in,
    template_with,
)


class TestThreePhases:
    def test_each_says_what_it_will_change_and_what_it_did(self, cloud: Cloud) -> None:
        summary = cloud.folder / "summary.json"
        done = cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "one", f"--summary={summary}")
        assert done.returncode == 0, done.stderr
        assert "phase 1, base: dev-pr-8, account 000000000000" in done.stdout
        assert "+ UsersTable (AWS::DynamoDB::Table)" in done.stdout
        assert "CREATE_COMPLETE         UsersTable" in done.stdout
        assert "CREATE_COMPLETE         ApiHandlerFunction" not in done.stdout
        written = json.loads(summary.read_text())
        assert (written["environment"], written["tag"], written["url"]) == ("dev-pr-8", "one", "")
        assert [(each["name"], each["result"]) for each in written["phases"]] == [("base", "done")]

    def test_images_are_proven_healthy_and_tagged_by_environment_and_commit(self, dev: Cloud) -> None:
        tags = [
            each["imageTag"]
            for name in ("api-handler", "library", "studio")
            for each in dev.client("ecr").list_images(repositoryName=f"motiv8-{name}-dev")["imageIds"]
        ]
        assert {"api-handler-dev-one", "library-dev-one", "studio-dev-one"} <= set(tags)

    def test_all_of_them_again_change_nothing(self, dev: Cloud) -> None:
        dev.deploy("dev", "--tag", "again")
        before = dev.release("dev")
        done = dev.deploy("dev", "--tag", "again")
        assert done.returncode == 0, done.stderr
        assert [line for line in done.stdout.splitlines() if line.endswith(": unchanged")] == [
            "phase 1, base: unchanged",
            "phase 2, images: unchanged",
            "phase 3, functions: unchanged",
        ]
        assert dev.release("dev") == before

    def test_the_base_alone_leaves_what_serves_alone(self, dev: Cloud) -> None:
        before = dev.outputs("dev")["ApiId"], dev.release("dev")
        done = dev.deploy("dev", "--phase", "base", "--tag", "other", "--parameter", "MonthlyBudget=0")
        assert done.returncode == 0, done.stderr
        assert (dev.outputs("dev")["ApiId"], dev.release("dev")) == before

    def test_a_phase_that_misses_the_one_before_says_so(self, cloud: Cloud) -> None:
        assert "--phase base first" in one_line(cloud.deploy("restore-1", "--phase", "images", "--tag", "one"))
        assert "--phase base first" in one_line(cloud.deploy("restore-1", "--phase", "functions", "--tag", "one"))

    def test_a_tag_without_images_is_refused_before_anything_is_touched(self, dev: Cloud) -> None:
        before = dev.release("dev")
        said = one_line(dev.deploy("dev", "--phase", "functions", "--tag", "never-built"))
        assert "no image api-handler-dev-never-built" in said
        assert dev.release("dev") == before

    def test_a_container_that_is_not_healthy_is_not_pushed(self, dev: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dev.docker, "breaks", True)
        done = dev.deploy("dev", "--phase", "images", "--tag", "broken")
        assert "not healthy, nothing was pushed: " in one_line(done)
        listed = dev.client("ecr").list_images(repositoryName="motiv8-api-handler-dev")["imageIds"]
        assert "api-handler-dev-broken" not in [each["imageTag"] for each in listed]


class TestUpdates:
    def test_no_request_fails_and_no_data_is_lost(self, dev: Cloud) -> None:
        person = sign_in(dev, "dev", "throughout@example.com")
        before = dev.release("dev")
        with requests_throughout(dev.url("dev")) as answers:
            done = dev.deploy("dev", "--tag", "two")
        assert done.returncode == 0, done.stderr
        assert "~ ApiHandlerFunction (AWS::Lambda::Function)" in done.stdout
        assert dev.release("dev") != before
        assert set(answers) == {(200, before), (200, dev.release("dev"))}
        assert person.expect("GET", "/v1/me")["email"] == "throughout@example.com"

    def test_what_serves_is_a_published_version_behind_the_alias(self, dev: Cloud) -> None:
        functions = dev.client("lambda")
        for name in FUNCTIONS:
            alias = functions.get_alias(FunctionName=f"motiv8-{name}-dev", Name="live")
            assert alias["FunctionVersion"].isdecimal()
            version = functions.get_function(FunctionName=f"motiv8-{name}-dev", Qualifier=alias["FunctionVersion"])
            assert version["Configuration"]["Environment"]["Variables"]["MOTIV8_RELEASE"] == dev.release("dev")

    def test_a_changed_parameter_gets_to_what_serves(self, dev: Cloud) -> None:
        before = dev.release("dev")
        dev.deploy("dev", "--tag", "two")
        done = dev.deploy("dev", "--tag", "two", "--parameter", "DailyQuota=3")
        assert done.returncode == 0, done.stderr
        assert dev.release("dev") != before
        alias = dev.client("lambda").get_alias(FunctionName="motiv8-api-handler-dev", Name="live")
        configuration = dev.client("lambda").get_function_configuration(
            FunctionName="motiv8-api-handler-dev", Qualifier=alias["FunctionVersion"]
        )
        assert configuration["Environment"]["Variables"]["MOTIV8_DAILY_QUOTA"] == "3"

    def test_a_template_that_fails_names_resource_and_reason_and_the_old_version_serves(self, dev: Cloud) -> None:
        before = dev.release("dev")
        with requests_throughout(dev.url("dev")) as answers:
            done = dev.deploy("dev", f"--template={template_with(dev, add_broken_resource)}", "--tag", "three")
        said = one_line(done)
        assert "UPDATE_ROLLBACK_COMPLETE" in said
        assert "Broken (AWS::SSM::Parameter): " in said
        assert set(answers) == {(200, before)}
        assert dev.release("dev") == before

    def test_each_attempt_at_the_same_commit_publishes_versions_of_its_own(self, dev: Cloud) -> None:
        def fail_last(template: dict[str, Any]) -> None:
            add_broken_resource(template)
            template["Resources"]["Broken"] |= {
                "DependsOn": "ApiHandlerFunctionAliaslive",
                "Condition": "DeployFunctions",
            }

        words = (f"--template={template_with(dev, fail_last)}", "--tag", "three")
        serving = dev.release("dev")
        for _ in range(2):
            assert "Broken (AWS::SSM::Parameter): " in one_line(dev.deploy("dev", *words))
            assert dev.release("dev") == serving
        versions = dev.client("lambda").list_versions_by_function(FunctionName="motiv8-api-handler-dev")["Versions"]
        releases = [each["Environment"]["Variables"]["MOTIV8_RELEASE"] for each in versions]
        published = [each for each in releases[1:] if each != serving]
        assert len(published) == len(set(published))
        # The two attempts have the same content, which is told by the ten digits at the end.
        assert len({each[4:] for each in published}) < len(published)

    def test_a_template_that_would_lose_data_is_refused(self, dev: Cloud) -> None:
        def rename(template: dict[str, Any]) -> None:
            template["Resources"]["UsersTable"]["Properties"]["TableName"] = {"Fn::Sub": "people-${EnvironmentName}"}

        before = dev.release("dev")
        done = dev.deploy("dev", f"--template={template_with(dev, rename)}", "--tag", "two", "--phase", "functions")
        assert "replace or remove UsersTable" in one_line(done)
        assert dev.release("dev") == before
        assert "users-dev" in dev.client("dynamodb").list_tables()["TableNames"]

    def test_a_template_that_is_none_is_refused(self, dev: Cloud, tmp_path: Path) -> None:
        broken = tmp_path / "broken.yaml"
        broken.write_text("Resources: [")
        assert "not valid YAML" in one_line(
            dev.deploy("dev", f"--template={broken}", "--tag", "two", "--phase", "base")
        )


class TestMail:
    def test_cognito_mails_through_ses_once_ses_lets_it_and_by_itself_until_then(self, dev: Cloud) -> None:
        assert dev.deploy("dev", "--tag", "two").returncode == 0
        assert self._pool(dev)["EmailConfiguration"] == {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/motiv8@example.com",
            "From": "motiv8 <motiv8@example.com>",
            "ConfigurationSet": "motiv8-dev",
        }
        assert self._pool(dev)["VerificationMessageTemplate"]["EmailSubject"] == "Your motiv8 code"
        with sandbox(dev):
            done = dev.deploy("dev", "--tag", "two", "--phase", "functions")
        assert done.returncode == 0, done.stderr
        [said] = [line for line in done.stdout.splitlines() if "about 50 a day" in line]
        assert "ask for production access" in said
        assert self._pool(dev)["EmailConfiguration"] == {"EmailSendingAccount": "COGNITO_DEFAULT"}
        assert "EmailMessage" not in self._pool(dev).get("VerificationMessageTemplate", {})

    def test_an_address_outside_its_domain_is_refused_before_anything_changes(self, cloud: Cloud) -> None:
        words = ("--parameter=SenderAddress=a@example.org", "--parameter=SenderDomain=example.com")
        said = one_line(cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x", *words))
        assert "SenderAddress=a@example.org does not belong to SenderDomain=example.com" in said

    @staticmethod
    def _pool(cloud: Cloud) -> dict[str, Any]:
        pool: dict[str, Any] = cloud.client("cognito-idp").describe_user_pool(UserPoolId=cloud.pool("dev"))["UserPool"]
        return pool


class TestBadInput:
    def test_words_that_are_missing_or_unknown_exit_with_2(self, cloud: Cloud) -> None:
        for name in ("deploy-phased", "smoke-test", "rollback", "teardown", "restore"):
            done = cloud.script(name)
            assert done.returncode == 2
            assert "required" in one_line(done)
        assert cloud.script("deploy-phased", "dev", "--phase", "four").returncode == 2

    @pytest.mark.parametrize("name", ["staging", "dev-pr-", "dev-pr-x", "PROD", "local", "dev-pr-7;ls"])
    def test_an_environment_that_is_none_is_refused(self, cloud: Cloud, name: str) -> None:
        for script in ("deploy-phased", "rollback", "teardown"):
            assert "is not an environment. Use dev, prod, dev-pr-N" in one_line(cloud.script(script, name))

    def test_a_parameter_that_is_none_is_refused(self, cloud: Cloud) -> None:
        said = one_line(cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x", "--parameter", "Colour=red"))
        assert "no parameter Colour" in said
        said = one_line(cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x", "--parameter", "Colour"))
        assert "Use Name=Value" in said

    def test_credentials_that_are_missing_or_wrong_are_explained(self, cloud: Cloud) -> None:
        said = one_line(cloud.deploy("dev", AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="x"))
        assert "does not know these credentials" in said
        none = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"}
        said = one_line(cloud.script("rollback", "dev", HOME="/nowhere", **none))
        assert "no AWS credentials" in said

    def test_a_stack_that_never_came_to_be_says_how_to_go_on(self, cloud: Cloud) -> None:
        cloudformation = cloud.client("cloudformation")
        refused = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "SecureString", "Value": "x"}}
        broken = {"Resources": {"Broken": refused}}
        cloud.script("teardown", "dev-pr-8", "--yes")
        cloudformation.create_stack(StackName="motiv8-dev-pr-8", TemplateBody=json.dumps(broken))
        said = one_line(cloud.deploy("dev-pr-8", "--tag", "one"))
        assert "Stack motiv8-dev-pr-8 is in ROLLBACK_COMPLETE: " in said
        assert "scripts/teardown.sh" in said
        assert cloud.script("teardown", "dev-pr-8", "--yes").returncode == 0
        assert cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "one").returncode == 0
