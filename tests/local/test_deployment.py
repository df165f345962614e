"""The shipped scripts, end to end: the real template on the embedded AWS, images on Lambda's own runtime."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from motiv8.local.deploy import client, embedded_template
from motiv8.local.emulator import ACCOUNT, CREDENTIALS, REGION, Emulator, free_port
from motiv8.local.person import Person
from stand_in.fleet import Fleet
from stand_in.image import lay_out
from stand_in.runtime import Runtime

PROJECT = Path(__file__).parents[2]
ENVIRONMENTS = ("dev", "dev-pr-7", "dev-pr-8", "dev-pr-9", "prod", "restore-1")
FUNCTIONS = ("api-handler", "courier", "studio")
PROD = (
    *("CorsOrigin=https://app.example.com", "AlarmAddress=ops@example.com"),
    *("SenderAddress=hello@example.com", "SenderDomain=example.com"),
)


@dataclass
class Cloud:
    """The embedded AWS as an account, seen through the scripts."""

    emulator: Emulator
    fleet: Fleet
    folder: Path
    environment: dict[str, str]

    def script(self, name: str, *words: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a script to its end."""
        return subprocess.run(  # noqa: S603 - a script of ours
            [PROJECT / "scripts" / f"{name}.sh", *words],
            env=self.environment | environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def deploy(self, environment: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run deploy-phased.sh with the template that the embedded AWS can run."""
        template = str(self.folder / "template.json")
        keys = [f"--parameter=JwksUrl={self.keys(environment)}"] if self.pool(environment) else []
        # The last one counts, and a test may bring its own.
        given = [] if any(each.startswith("--template") for each in words) else [f"--template={template}"]
        return self.script("deploy-phased", environment, *words, *given, *keys, **variables)

    def client(self, service: str) -> Any:
        return client(service, self.emulator)

    def outputs(self, environment: str) -> dict[str, str]:
        stacks = self.client("cloudformation").describe_stacks(StackName=f"motiv8-{environment}")["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stacks[0]["Outputs"]}

    def pool(self, environment: str) -> str | None:
        pools = self.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        return next((each["Id"] for each in pools if each["Name"] == f"motiv8-{environment}"), None)

    def keys(self, environment: str) -> str:
        return f"{self.emulator.url}/{self.pool(environment)}/.well-known/jwks.json"

    def url(self, environment: str) -> str:
        return f"{self.emulator.url}/_aws/execute-api/{self.outputs(environment)['ApiId']}/{environment}"

    def release(self, environment: str) -> str:
        """What the API says that it is."""
        answer: dict[str, str] = httpx.get(f"{self.url(environment)}/health", timeout=60).raise_for_status().json()
        return answer["release"]

    def names(self, environment: str) -> list[str]:
        """Everything of one environment that the account lists, by name."""
        tables = self.client("dynamodb").list_tables()["TableNames"]
        buckets = [each["Name"] for each in self.client("s3").list_buckets()["Buckets"]]
        repositories = [each["repositoryName"] for each in self.client("ecr").describe_repositories()["repositories"]]
        functions = [each["FunctionName"] for each in self.client("lambda").list_functions()["Functions"]]
        machines = [each["name"] for each in self.client("stepfunctions").list_state_machines()["stateMachines"]]
        roles = [each["RoleName"] for each in self.client("iam").list_roles()["Roles"]]
        pools = [each["Name"] for each in self.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]]
        secrets = [each["Name"] for each in self.client("secretsmanager").list_secrets()["SecretList"]]
        groups = [each["logGroupName"] for each in self.client("logs").describe_log_groups()["logGroups"]]
        queues = self.client("sqs").list_queues().get("QueueUrls", [])
        topics = [each["TopicArn"] for each in self.client("sns").list_topics()["Topics"]]
        alarms = [each["AlarmName"] for each in self.client("cloudwatch").describe_alarms()["MetricAlarms"]]
        rules = [each["Name"] for each in self.client("events").list_rules()["Rules"]]
        schedules = [each["Name"] for each in self.client("scheduler").list_schedules()["Schedules"]]
        stacks = [
            each["StackName"]
            for each in self.client("cloudformation").list_stacks()["StackSummaries"]
            if each["StackStatus"] != "DELETE_COMPLETE"
        ]
        mail = self.client("sesv2").list_configuration_sets()["ConfigurationSets"]
        everything = [
            *(tables + buckets + repositories + functions + machines + roles + pools + secrets + groups + mail),
            *(queues + topics + alarms + rules + schedules + stacks),
        ]
        return sorted(name for name in everything if _belongs(name, environment))


def _belongs(name: str, environment: str) -> bool:
    """By its whole name, so that dev-pr-7 does not count as dev."""
    bare = name.removesuffix(f"-{ACCOUNT}-{REGION}")
    others = [each for each in ENVIRONMENTS if each != environment and environment in each]
    return environment in bare and not any(other in bare for other in others)


def _unmarked(names: list[str], environment: str) -> list[str]:
    """Without the environment and what CloudFormation adds to a role's name."""
    return sorted(re.sub(r"-[0-9A-F]{8,}$", "", name.replace(environment, "")) for name in names)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An empty account, with `docker` stood in for."""
    folder = tmp_path_factory.mktemp("cloud")
    home = folder / "docker"
    (home / "images").mkdir(parents=True)
    programs = folder / "bin"
    programs.mkdir()
    docker = programs / "docker"
    docker.write_text(f'#!/bin/sh\nPYTHONPATH={PROJECT}/tests exec {sys.executable} -m stand_in.docker "$@"\n')
    docker.chmod(0o755)
    (folder / "template.json").write_text(json.dumps(embedded_template()))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with Fleet(lambda image: home / "images" / quote(image, safe=""), {"AWS_ENDPOINT_URL": url}) as fleet:
        functions = {f"motiv8-{name}-{each}": fleet.url for name in FUNCTIONS for each in ENVIRONMENTS}
        with Emulator(folder / "aws", port, wait_scale=0.1, image_functions=functions) as emulator:
            fleet.functions = client("lambda", emulator)
            environment = {
                **CREDENTIALS,
                "PATH": f"{programs}:{os.environ['PATH']}",
                "HOME": os.environ["HOME"],
                "AWS_ENDPOINT_URL": url,
                "STAND_IN_DOCKER_HOME": str(home),
            }
            yield Cloud(emulator, fleet, folder, environment)


@pytest.fixture(scope="module")
def dev(cloud: Cloud) -> Cloud:
    """The account with dev deployed, phase by phase, serving the image `one`."""
    for phase in ("base", "images", "functions"):
        done = cloud.deploy("dev", "--phase", phase, "--tag", "one")
        assert done.returncode == 0, done.stdout + done.stderr
    return cloud


def _one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode not in (0, 130)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("motiv8: ")
    return lines[0]


@contextmanager
def _requests_throughout(url: str) -> Iterator[list[int]]:
    """The statuses of requests that are sent one after the other for as long as the block runs."""
    statuses: list[int] = []
    stop = threading.Event()

    def send() -> None:
        with httpx.Client(timeout=60) as http:
            while not stop.is_set():
                statuses.append(http.get(f"{url}/v1/modes").status_code)
                stop.wait(0.1)  # below the stage's rate limit

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield statuses
    finally:
        stop.set()
        sender.join()


@contextmanager
def _sandbox(cloud: Cloud) -> Iterator[None]:
    """SES as a new account has it."""
    ses = cloud.client("sesv2")
    account = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.com"}
    ses.put_account_details(**account, ProductionAccessEnabled=False)
    try:
        yield
    finally:
        ses.put_account_details(**account, ProductionAccessEnabled=True)


def _sign_in(cloud: Cloud, environment: str, email: str) -> Person:
    person = Person(cloud.url(environment), email)
    person.register()
    person.sign_in()
    return person


def _template_with(cloud: Cloud, change: Callable[[dict[str, Any]], None]) -> str:
    template = json.loads((cloud.folder / "template.json").read_text())
    change(template)
    path = cloud.folder / "changed.json"
    path.write_text(json.dumps(template))
    return str(path)


def _break(template: dict[str, Any]) -> None:
    template["Resources"]["Broken"] = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "SecureString", "Value": "CloudFormation makes none of this type"},
    }


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
            for name in ("api-handler", "studio")
            for each in dev.client("ecr").list_images(repositoryName=f"motiv8-{name}-dev")["imageIds"]
        ]
        assert {"api-handler-dev-one", "studio-dev-one"} <= set(tags)

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
        assert "--phase base first" in _one_line(cloud.deploy("restore-1", "--phase", "images", "--tag", "one"))
        assert "--phase base first" in _one_line(cloud.deploy("restore-1", "--phase", "functions", "--tag", "one"))

    def test_a_tag_without_images_is_refused_before_anything_is_touched(self, dev: Cloud) -> None:
        before = dev.release("dev")
        said = _one_line(dev.deploy("dev", "--phase", "functions", "--tag", "never-built"))
        assert "no image api-handler-dev-never-built" in said
        assert dev.release("dev") == before

    def test_a_container_that_is_not_healthy_is_not_pushed(self, dev: Cloud) -> None:
        done = dev.deploy("dev", "--phase", "images", "--tag", "broken", STAND_IN_DOCKER_BREAKS="1")
        assert "not healthy, nothing was pushed: " in _one_line(done)
        listed = dev.client("ecr").list_images(repositoryName="motiv8-api-handler-dev")["imageIds"]
        assert "api-handler-dev-broken" not in [each["imageTag"] for each in listed]


class TestUpdates:
    def test_no_request_fails_and_no_data_is_lost(self, dev: Cloud) -> None:
        person = _sign_in(dev, "dev", "throughout@example.com")
        before = dev.release("dev")
        with _requests_throughout(dev.url("dev")) as statuses:
            done = dev.deploy("dev", "--tag", "two")
        assert done.returncode == 0, done.stderr
        assert "~ ApiHandlerFunction (AWS::Lambda::Function)" in done.stdout
        assert len(statuses) > 20
        assert set(statuses) == {200}
        assert dev.release("dev") != before
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
        with _requests_throughout(dev.url("dev")) as statuses:
            done = dev.deploy("dev", f"--template={_template_with(dev, _break)}", "--tag", "three")
        said = _one_line(done)
        assert "UPDATE_ROLLBACK_COMPLETE" in said
        assert "Broken (AWS::SSM::Parameter): " in said
        assert set(statuses) == {200}
        assert dev.release("dev") == before

    def test_each_attempt_at_the_same_commit_publishes_versions_of_its_own(self, dev: Cloud) -> None:
        def fail_last(template: dict[str, Any]) -> None:
            _break(template)
            template["Resources"]["Broken"] |= {
                "DependsOn": "ApiHandlerFunctionAliaslive",
                "Condition": "DeployFunctions",
            }

        words = (f"--template={_template_with(dev, fail_last)}", "--tag", "three")
        serving = dev.release("dev")
        for _ in range(2):
            assert "Broken (AWS::SSM::Parameter): " in _one_line(dev.deploy("dev", *words))
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
        done = dev.deploy("dev", f"--template={_template_with(dev, rename)}", "--tag", "two", "--phase", "functions")
        assert "replace or remove UsersTable" in _one_line(done)
        assert dev.release("dev") == before
        assert "users-dev" in dev.client("dynamodb").list_tables()["TableNames"]

    def test_a_template_that_is_none_is_refused(self, dev: Cloud, tmp_path: Path) -> None:
        broken = tmp_path / "broken.yaml"
        broken.write_text("Resources: [")
        assert "no YAML" in _one_line(dev.deploy("dev", f"--template={broken}", "--tag", "two", "--phase", "base"))


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
        with _sandbox(dev):
            done = dev.deploy("dev", "--tag", "two", "--phase", "functions")
        assert done.returncode == 0, done.stderr
        [said] = [line for line in done.stdout.splitlines() if "about 50 a day" in line]
        assert "ask for production access" in said
        assert self._pool(dev)["EmailConfiguration"] == {"EmailSendingAccount": "COGNITO_DEFAULT"}
        assert "EmailMessage" not in self._pool(dev).get("VerificationMessageTemplate", {})

    def test_an_address_outside_its_domain_is_refused_before_anything_changes(self, cloud: Cloud) -> None:
        words = ("--parameter=SenderAddress=a@example.org", "--parameter=SenderDomain=example.com")
        said = _one_line(cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x", *words))
        assert "SenderAddress=a@example.org is not of SenderDomain=example.com" in said

    @staticmethod
    def _pool(cloud: Cloud) -> dict[str, Any]:
        pool: dict[str, Any] = cloud.client("cognito-idp").describe_user_pool(UserPoolId=cloud.pool("dev"))["UserPool"]
        return pool


class TestRollback:
    def test_it_goes_back_step_by_step_and_never_to_what_it_left(self, cloud: Cloud) -> None:
        for tag in ("red", "green", "blue"):
            done = cloud.deploy("dev-pr-7", "--tag", tag)
            assert done.returncode == 0, done.stdout + done.stderr
        assert self._serving(cloud) == "blue"
        with _requests_throughout(cloud.url("dev-pr-7")) as statuses:
            done = cloud.script("rollback", "dev-pr-7")
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == "dev-pr-7 serves green"
        # First what serves, then the stack, which is told that nothing may go by way of CodeDeploy.
        assert done.stdout.index("api-handler serves version") < done.stdout.index("~ ApiHandlerFunction")
        assert "the new versions serve at once" in done.stdout
        assert set(statuses) == {200}
        assert self._serving(cloud) == "green"
        assert self._in_line(cloud)
        assert cloud.script("rollback", "dev-pr-7").returncode == 0
        assert self._serving(cloud) == "red"
        assert "served nothing before red" in _one_line(cloud.script("rollback", "dev-pr-7"))
        assert cloud.script("rollback", "dev-pr-7", "--to", "blue").returncode == 0
        assert self._serving(cloud) == "blue"

    def test_a_tag_that_is_not_there_is_refused(self, dev: Cloud) -> None:
        assert "There is no image" in _one_line(dev.script("rollback", "dev", "--to", "never-built"))

    def test_nothing_deployed_is_nothing_to_roll_back(self, cloud: Cloud) -> None:
        assert "serves nothing yet" in _one_line(cloud.script("rollback", "restore-1"))

    def test_an_update_that_hangs_stops_nobody_and_is_cancelled(self, cloud: Cloud) -> None:
        assert cloud.deploy("dev-pr-7", "--tag", "red").returncode == 0
        assert cloud.deploy("dev-pr-7", "--tag", "green").returncode == 0
        cloudformation = cloud.client("cloudformation")
        template = cloudformation.get_template(StackName="motiv8-dev-pr-7", TemplateStage="Original")["TemplateBody"]
        template["Resources"]["Handle"] = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
        template["Resources"]["Never"] = {
            "Type": "AWS::CloudFormation::WaitCondition",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "40"},
        }
        bucket = f"motiv8-artifacts-dev-pr-7-{ACCOUNT}-{REGION}"
        cloud.client("s3").put_object(Bucket=bucket, Key="templates/hangs.json", Body=json.dumps(template).encode())
        cloudformation.update_stack(
            StackName="motiv8-dev-pr-7",
            TemplateURL=f"https://s3.{REGION}.amazonaws.com/{bucket}/templates/hangs.json",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        assert self._status(cloud) == "UPDATE_IN_PROGRESS"
        assert "UPDATE_IN_PROGRESS" in _one_line(cloud.deploy("dev-pr-7", "--tag", "fix"))
        done = cloud.script("rollback", "dev-pr-7", "--to", "red")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "the update that runs is cancelled" in done.stdout
        assert self._serving(cloud) == "red"
        assert self._in_line(cloud)

    def test_a_stack_that_is_stuck_is_told_later(self, cloud: Cloud) -> None:
        # Aliases moved past CloudFormation, as the first half of a rollback leaves them.
        assert cloud.deploy("dev-pr-7", "--tag", "red").returncode == 0
        assert cloud.deploy("dev-pr-7", "--tag", "green").returncode == 0
        functions = cloud.client("lambda")
        for name in FUNCTIONS:
            alias = functions.get_alias(FunctionName=f"motiv8-{name}-dev-pr-7", Name="live")
            before = str(int(alias["FunctionVersion"]) - 1)
            functions.update_alias(FunctionName=f"motiv8-{name}-dev-pr-7", Name="live", FunctionVersion=before)
        assert self._serving(cloud) == "red"
        assert not self._in_line(cloud)
        broken = _template_with(cloud, _break)
        failed = cloud.deploy("dev-pr-7", "--tag", "green", f"--template={broken}")
        assert "UPDATE_ROLLBACK_COMPLETE" in _one_line(failed)
        # CloudFormation restores what it knows of, which is what was rolled back from.
        assert self._serving(cloud) == "red"
        done = cloud.deploy("dev-pr-7", "--tag", "green")
        assert done.returncode == 0, done.stdout + done.stderr
        assert self._serving(cloud) == "green"
        assert self._in_line(cloud)

    @staticmethod
    def _status(cloud: Cloud) -> str:
        [stack] = cloud.client("cloudformation").describe_stacks(StackName="motiv8-dev-pr-7")["Stacks"]
        status: str = stack["StackStatus"]
        return status

    @staticmethod
    def _in_line(cloud: Cloud) -> bool:
        """Whether CloudFormation knows of what serves."""
        [stack] = cloud.client("cloudformation").describe_stacks(StackName="motiv8-dev-pr-7")["Stacks"]
        parameters = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
        return bool(parameters["Release"] == cloud.release("dev-pr-7"))

    @staticmethod
    def _serving(cloud: Cloud) -> str:
        functions = cloud.client("lambda")
        name = "motiv8-api-handler-dev-pr-7"
        version = functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
        uri: str = functions.get_function(FunctionName=name, Qualifier=version)["Code"]["ImageUri"]
        return uri.rpartition("-")[2]


class TestEnvironmentsBesideEachOther:
    def test_a_pull_requests_stack_shares_nothing_with_dev_and_is_taken_down_whole(self, dev: Cloud) -> None:
        assert dev.deploy("dev-pr-7", "--tag", "last").returncode == 0
        person = _sign_in(dev, "dev-pr-7", "reviewer@example.com")
        person.expect("PATCH", "/v1/me", {"biometric_consent": True})
        person.upload((PROJECT / "samples" / "astronaut.jpg").read_bytes(), "image/jpeg")
        person.wait_for_selfie()
        mine, theirs = dev.names("dev-pr-7"), dev.names("dev")
        assert len(mine) > 40
        assert not set(mine) & set(theirs)
        alarms = {each["AlarmName"] for each in dev.client("cloudwatch").describe_alarms()["MetricAlarms"]}
        assert alarms & set(theirs)
        # An alarm costs as much in a preview, where it wakes nobody.
        assert not alarms & set(mine)
        assert _unmarked(mine, "dev-pr-7") == _unmarked([each for each in theirs if each not in alarms], "dev")
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
        assert paths == ["/v1/*", "/health*", "/docs*", "/openapi.json"]
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
        assert "prod is not torn down" in _one_line(cloud.script("teardown", "prod", "--yes"))

    def test_nothing_is_torn_down_unasked(self, dev: Cloud) -> None:
        assert "needs a confirmation" in _one_line(dev.script("teardown", "dev"))
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
        with _sandbox(cloud):
            done = cloud.deploy("prod", ACCOUNT, "--yes", *given, **repository)
        assert "prod cannot mail: SES mails to verified addresses alone" in _one_line(done)

    def test_a_changed_tree_is_refused(self, cloud: Cloud, repository: dict[str, str]) -> None:
        Path(repository["GIT_WORK_TREE"], "README").write_text("changed")
        said = _one_line(cloud.deploy("prod", ACCOUNT, "--yes", **repository))
        assert "clean tree: commit or stash your changes (README) first" in said

    def test_images_of_another_commit_are_refused(self, cloud: Cloud, repository: dict[str, str]) -> None:
        said = _one_line(cloud.deploy("prod", ACCOUNT, "--yes", "--tag", "one", **repository))
        assert "check out one first" in said

    def test_a_missing_account_is_refused(self, cloud: Cloud) -> None:
        assert "prod needs the account" in _one_line(cloud.deploy("prod", "--yes"))

    def test_another_account_is_refused(self, cloud: Cloud) -> None:
        said = _one_line(cloud.deploy("prod", "123456789012", "--yes"))
        assert "credentials are for account 000000000000, not 123456789012" in said

    def test_without_confirmation_nothing_is_done(self, cloud: Cloud, repository: dict[str, str]) -> None:
        given = [word for each in (*PROD, "DailyQuota=9") for word in ("--parameter", each)]
        before = cloud.client("cloudformation").describe_stacks(StackName="motiv8-prod")["Stacks"]
        done = cloud.deploy("prod", ACCOUNT, "--phase", "functions", *given, **repository)
        assert "needs a confirmation" in _one_line(done)
        assert cloud.client("cloudformation").describe_stacks(StackName="motiv8-prod")["Stacks"] == before

    def test_what_prod_needs_is_named(self, cloud: Cloud) -> None:
        said = _one_line(
            cloud.deploy("prod", ACCOUNT, "--yes", "--phase", "base", "--tag", "x", "--parameter", "CorsOrigin=")
        )
        assert "prod needs CorsOrigin" in said


class TestTheFirstDeployment:
    def test_one_that_fails_leaves_nothing_behind_that_the_next_one_meets(self, cloud: Cloud) -> None:
        def fail_last(template: dict[str, Any]) -> None:
            _break(template)
            kept = [name for name, each in template["Resources"].items() if "DeletionPolicy" in each]
            template["Resources"]["Broken"]["DependsOn"] = [
                name for name in kept if "Condition" not in template["Resources"][name]
            ]

        cloud.script("teardown", "dev-pr-8", "--yes")
        said = _one_line(
            cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x", f"--template={_template_with(cloud, fail_last)}")
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
        said = _one_line(cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x"))
        assert "left behind user pool motiv8-dev-pr-8 and secret motiv8-links-dev-pr-8" in said
        assert "nothing was done" in said
        cloud.client("cognito-idp").delete_user_pool(UserPoolId=cloud.pool("dev-pr-8"))
        cloud.client("secretsmanager").delete_secret(SecretId="motiv8-links-dev-pr-8", ForceDeleteWithoutRecovery=True)
        # The embedded AWS takes over tables alone; what is in the way is named.
        said = _one_line(cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x"))
        assert "MediaBucket: " in said
        assert "An earlier stack left it behind" in said
        cloud.client("cloudformation").delete_stack(StackName="motiv8-dev-pr-8")
        for name in ("uploads", "media", "web"):
            cloud.client("s3").delete_bucket(Bucket=f"motiv8-{name}-dev-pr-8-{ACCOUNT}-{REGION}")
        for name in ("api-handler", "studio"):
            cloud.client("ecr").delete_repository(repositoryName=f"motiv8-{name}-dev-pr-8", force=True)
        done = cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x")
        assert done.returncode == 0, done.stdout + done.stderr
        for name in ("UsersTable", "PortraitsTable"):
            assert f"> {name} (" in done.stdout
        assert "detect-stack-drift" in done.stdout
        assert cloud.client("dynamodb").scan(TableName="users-dev-pr-8")["Count"] == 1
        assert cloud.script("teardown", "dev-pr-8", "--yes").returncode == 0


class TestBadInput:
    def test_words_that_are_missing_or_unknown_exit_with_2(self, cloud: Cloud) -> None:
        for name in ("deploy-phased", "smoke-test", "rollback", "teardown", "restore"):
            done = cloud.script(name)
            assert done.returncode == 2
            assert "required" in _one_line(done)
        assert cloud.script("deploy-phased", "dev", "--phase", "four").returncode == 2

    @pytest.mark.parametrize("name", ["staging", "dev-pr-", "dev-pr-x", "PROD", "local", "dev-pr-7;ls"])
    def test_an_environment_that_is_none_is_refused(self, cloud: Cloud, name: str) -> None:
        for script in ("deploy-phased", "rollback", "teardown"):
            assert "is no environment: use dev, prod, dev-pr-N" in _one_line(cloud.script(script, name))

    def test_a_parameter_that_is_none_is_refused(self, cloud: Cloud) -> None:
        said = _one_line(cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x", "--parameter", "Colour=red"))
        assert "no parameter Colour" in said
        said = _one_line(cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "x", "--parameter", "Colour"))
        assert "use Name=Value" in said

    def test_credentials_that_are_missing_or_wrong_are_explained(self, cloud: Cloud) -> None:
        said = _one_line(cloud.deploy("dev", AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="x"))
        assert "does not know these credentials" in said
        none = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"}
        said = _one_line(cloud.script("rollback", "dev", HOME="/nowhere", **none))
        assert "no AWS credentials" in said

    def test_a_stack_that_never_came_to_be_says_how_to_go_on(self, cloud: Cloud) -> None:
        cloudformation = cloud.client("cloudformation")
        refused = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "SecureString", "Value": "x"}}
        broken = {"Resources": {"Broken": refused}}
        cloud.script("teardown", "dev-pr-8", "--yes")
        cloudformation.create_stack(StackName="motiv8-dev-pr-8", TemplateBody=json.dumps(broken))
        said = _one_line(cloud.deploy("dev-pr-8", "--tag", "one"))
        assert "Stack motiv8-dev-pr-8 is in ROLLBACK_COMPLETE: " in said
        assert "scripts/teardown.sh" in said
        assert cloud.script("teardown", "dev-pr-8", "--yes").returncode == 0
        assert cloud.deploy("dev-pr-8", "--phase", "base", "--tag", "one").returncode == 0


class TestSmokeTest:
    def test_it_goes_from_sign_up_to_picture_and_leaves_nobody_behind(self, dev: Cloud) -> None:
        before = dev.client("dynamodb").scan(TableName="users-dev")["Count"]
        done = dev.script("smoke-test", dev.url("dev"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.splitlines()[-1] == "works"
        assert "a picture came" in done.stdout
        users = dev.client("cognito-idp").list_users(UserPoolId=dev.pool("dev"))["Users"]
        emails = [each["Value"] for user in users for each in user["Attributes"] if each["Name"] == "email"]
        assert not [email for email in emails if "smoke" in email]
        give_up = time.monotonic() + 60
        while dev.client("dynamodb").scan(TableName="users-dev")["Count"] != before:
            assert time.monotonic() < give_up
            time.sleep(0.5)

    def test_it_reads_the_key_that_clients_need(self, dev: Cloud) -> None:
        done = dev.deploy("dev", "--tag", "one", "--parameter=RequireApiKey=true")
        assert done.returncode == 0, done.stdout + done.stderr
        [key] = dev.client("apigateway").get_api_keys(nameQuery="motiv8-dev", includeValues=True)["items"]
        assert httpx.get(f"{dev.url('dev')}/v1/modes", timeout=60).status_code == 403
        done = dev.script("smoke-test", dev.url("dev"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert key["value"] not in done.stdout + done.stderr
        assert dev.deploy("dev", "--tag", "one", "--parameter=RequireApiKey=false").returncode == 0

    def test_an_api_that_does_not_answer_fails_in_one_line(self, dev: Cloud) -> None:
        said = _one_line(dev.script("smoke-test", f"http://127.0.0.1:{free_port()}/dev"))
        assert "does not work" in said
        assert "is no address" in _one_line(dev.script("smoke-test", "dev"))


class TestRestore:
    def test_tables_and_buckets_come_back_as_they_were(self, dev: Cloud) -> None:
        person = _sign_in(dev, "dev", "restored@example.com")
        s3 = dev.client("s3")
        media = f"motiv8-media-dev-{ACCOUNT}-{REGION}"
        s3.put_object(Bucket=media, Key="pictures/kept.jpg", Body=b"as it was")
        s3.put_object(Bucket=media, Key="pictures/deleted-later.jpg", Body=b"as it was")
        time.sleep(1.1)  # S3 tells versions apart by the second
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        time.sleep(1.1)
        s3.put_object(Bucket=media, Key="pictures/kept.jpg", Body=b"spoilt")
        s3.put_object(Bucket=media, Key="pictures/new.jpg", Body=b"too late")
        s3.delete_object(Bucket=media, Key="pictures/deleted-later.jpg")
        done = dev.script("restore", "dev", moment, "restore-1", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
        restored = f"motiv8-media-restore-1-{ACCOUNT}-{REGION}"
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=restored, Prefix="pictures/")["Contents"]]
        assert "pictures/new.jpg" not in keys
        for key in ("pictures/kept.jpg", "pictures/deleted-later.jpg"):
            assert s3.get_object(Bucket=restored, Key=key)["Body"].read() == b"as it was"
        rows = {
            table: dev.client("dynamodb").scan(TableName=table)["Count"] for table in ("users-dev", "users-restore-1")
        }
        assert rows["users-restore-1"] == rows["users-dev"] > 0
        assert not [each for each in dev.client("dynamodb").list_tables()["TableNames"] if "-at-" in each]
        assert dev.pool("restore-1") is None
        # The people of the lost stack sign in at the new one: it uses their pool.
        keys_address = f"--parameter=JwksUrl={dev.keys('dev')}"
        done = dev.deploy("restore-1", "--tag", "one", keys_address)
        assert done.returncode == 0, done.stdout + done.stderr
        there = Person(dev.url("restore-1"), person.email)
        there.sign_in()
        assert there.expect("GET", "/v1/me")["email"] == "restored@example.com"
        assert "is there already" in _one_line(dev.script("restore", "dev", moment, "restore-1", "--yes"))

    def test_one_that_serves_prods_people_is_protected_as_prod_is(self, dev: Cloud) -> None:
        words = ("restore-1", ACCOUNT, "--phase", "base", "--tag", "one")
        prods = ("--parameter=Tier=prod", "--parameter=CorsOrigin=https://app.example.com")
        # The embedded AWS calls every change of a bucket conditional.
        kept = ("--may-replace=MediaBucket", "--may-replace=UploadsBucket")
        assert "This may replace MediaBucket (CorsConfiguration), UploadsBucket" in _one_line(
            dev.deploy(*words, *prods)
        )
        done = dev.deploy(*words, *prods, *kept)
        assert done.returncode == 0, done.stdout + done.stderr
        table = dev.client("dynamodb").describe_table(TableName="users-restore-1")["Table"]
        assert table["DeletionProtectionEnabled"]
        said = _one_line(dev.script("teardown", "restore-1", "--yes"))
        assert "restore-1 is protected (motiv8-restore-1, users-restore-1, portraits-restore-1)" in said
        assert "restore-1 needs the account" in _one_line(dev.deploy("restore-1", "--phase", "base", "--tag", "one"))
        unasked = dev.script("rollback", "restore-1", "--to", "one")
        assert "needs a confirmation" in _one_line(unasked) or "serves one already" in _one_line(unasked)
        assert dev.deploy(*words, "--yes", "--parameter=Tier=dev").returncode == 0
        done = dev.script("teardown", "restore-1", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
        assert dev.names("restore-1") == []

    @pytest.mark.parametrize(
        ("moment", "said"),
        [
            ("yesterday", "is no moment"),
            ("2026-01-01T00:00:00", "no time zone"),
            ("2020-01-01T00:00:00Z", "out of reach"),
        ],
    )
    def test_a_moment_that_cannot_be_had_is_refused(self, dev: Cloud, moment: str, said: str) -> None:
        assert said in _one_line(dev.script("restore", "dev", moment, "restore-1", "--yes"))

    def test_it_never_goes_over_an_environment_in_use(self, dev: Cloud) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert "an environment of its own" in _one_line(dev.script("restore", "dev", now, "prod", "--yes"))


class TestTheCheckAfterADeployment:
    @pytest.fixture
    def code_deploy(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """An address that takes CodeDeploy's calls, which the embedded AWS does not have, and what it was told."""
        told: list[dict[str, Any]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                asked = self.headers["X-Amz-Target"].endswith("GetDeployment")
                group = "motiv8-dev-StudioFunctionDeploymentGroup-1A2B3C4D5E6F"
                answer = json.dumps({"deploymentInfo": {"deploymentGroupName": group}} if asked else {}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_address[1]}", told
            server.shutdown()

    def _check(self, cloud: Cloud, environment: str, code_deploy: str, folder: Path) -> Any:
        lay_out("Dockerfile.api-handler", folder)
        variables = {
            "MOTIV8_ENVIRONMENT": environment,
            "AWS_ENDPOINT_URL": cloud.emulator.url,
            "AWS_ENDPOINT_URL_CODEDEPLOY": code_deploy,
        }
        event = json.loads((PROJECT / "events" / "deployment-check.json").read_text())
        with Runtime("api-handler", "motiv8.deployment_check.handler", folder / "src", variables) as runtime:
            return runtime.invoke(event)

    def test_it_succeeds_when_the_function_that_was_deployed_works_whatever_the_others_do(
        self, dev: Cloud, code_deploy: tuple[str, list[dict[str, Any]]], tmp_path: Path
    ) -> None:
        address, told = code_deploy
        functions = dev.client("lambda")
        live = functions.get_alias(FunctionName="motiv8-courier-dev", Name="live")["FunctionVersion"]
        functions.delete_alias(FunctionName="motiv8-courier-dev", Name="live")
        try:
            answer = self._check(dev, "dev", address, tmp_path)
        finally:
            functions.create_alias(FunctionName="motiv8-courier-dev", Name="live", FunctionVersion=live)
        assert answer == {"status": "Succeeded", "checks": {"studio": True}}
        assert [each.get("status") for each in told] == [None, "Succeeded"]
        assert told[1]["deploymentId"] == "d-EXAMPLE123"

    def test_it_fails_when_that_one_does_not(
        self, dev: Cloud, code_deploy: tuple[str, list[dict[str, Any]]], tmp_path: Path
    ) -> None:
        functions = dev.client("lambda")
        live = functions.get_alias(FunctionName="motiv8-studio-dev", Name="live")["FunctionVersion"]
        functions.delete_alias(FunctionName="motiv8-studio-dev", Name="live")
        try:
            answer = self._check(dev, "dev", code_deploy[0], tmp_path)
        finally:
            functions.create_alias(FunctionName="motiv8-studio-dev", Name="live", FunctionVersion=live)
        assert answer["checks"] == {"studio": False}
        assert [each.get("status") for each in code_deploy[1]] == [None, "Failed"]


def test_logs_carry_the_correlation_id_from_the_request_to_the_mail(dev: Cloud) -> None:
    person = _sign_in(dev, "dev", "followed@example.com")
    person.expect("PATCH", "/v1/me", {"biometric_consent": True})
    person.upload((PROJECT / "samples" / "astronaut.jpg").read_bytes(), "image/jpeg")
    person.wait_for_selfie()
    answer = person.call("POST", "/v1/portraits", {}, {"X-Correlation-Id": "followed-from-the-phone"})
    person.wait_for_portrait(answer.headers["Location"])
    for _ in range(100):
        lines = [json.loads(line) for line in dev.fleet.logs().splitlines() if line.startswith("{")]
        followed = [each for each in lines if each.get("correlation_id") == "followed-from-the-phone"]
        if any(each.get("step") == "deliver" for each in followed):
            break
        time.sleep(0.2)
    assert {each["step"] for each in followed if "step" in each} == {"load_portrait", "compose", "deliver"}
    [request] = [each for each in followed if each["message"] == "answered"]
    assert (request["method"], request["path"], request["status"]) == ("POST", "/v1/portraits", 202)
    assert "followed@example.com" not in dev.fleet.logs()
