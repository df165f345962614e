"""The embedded AWS as an account that the shipped scripts deploy to, images on Lambda's own runtime."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from motiv8_tooling.client.person import Person
from motiv8_tooling.client.tls import authorities
from motiv8_tooling.local.emulator import ACCOUNT, REGION, Emulator
from motiv8_tooling.local.provisioning import client
from stand_in.commands import Commands
from stand_in.docker import Docker
from stand_in.fleet import Fleet

PROJECT = Path(__file__).parents[2]
ENVIRONMENTS = ("dev", "dev-pr-7", "dev-pr-8", "dev-pr-9", "prod", "restore-1")
_SECONDS = 300
FUNCTIONS = ("api-handler", "courier", "studio", "library-worker", "library-search", "coach", "socket")
PROD = (
    *("CorsOrigin=https://app.example.com", "AlarmAddress=ops@example.com"),
    *("SenderAddress=hello@example.com", "SenderDomain=example.com"),
)


@dataclass
class Cloud:
    """The embedded AWS as an account, seen through the scripts."""

    emulator: Emulator
    docker: Docker
    fleet: Fleet
    folder: Path
    environment: dict[str, str]
    commands: Commands
    # A folder for each script that has been run as it is; from then on its command is.
    proven: Path

    def script(self, name: str, *words: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a script to its end; the first time in a run of tests by itself, then its command."""
        try:
            (self.proven / name).mkdir(parents=True)
        except FileExistsError:
            return self.commands.run(name, words, self.environment | environment, given, _SECONDS)
        return subprocess.run(
            [PROJECT / "scripts" / f"{name}.sh", *words],
            env=self.environment | environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
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


def unmarked(names: list[str], environment: str) -> list[str]:
    """Without the environment and what CloudFormation adds to a role's name."""
    return sorted(re.sub(r"-[0-9A-F]{8,}$", "", name.replace(environment, "")) for name in names)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a script that failed said: one line on standard error."""
    assert done.returncode not in (0, 130)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("motiv8: ")
    return lines[0]


@contextmanager
def requests_throughout(url: str) -> Iterator[list[tuple[int, str]]]:
    """Status and release of the answers to requests that are sent one after the other, until after the block's end."""
    answers: list[tuple[int, str]] = []
    stop = threading.Event()

    def send() -> None:
        with httpx.Client(timeout=60, verify=authorities()) as http:
            stopped = False
            while not stopped:
                stopped = stop.wait(0.1) if answers else False  # below the stage's rate limit
                answer = http.get(f"{url}/health")
                answers.append((answer.status_code, answer.json().get("release", "")))

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield answers
    finally:
        stop.set()
        sender.join()


@contextmanager
def sandbox(cloud: Cloud) -> Iterator[None]:
    """SES as a new account has it."""
    ses = cloud.client("sesv2")
    account = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.com"}
    ses.put_account_details(**account, ProductionAccessEnabled=False)
    try:
        yield
    finally:
        ses.put_account_details(**account, ProductionAccessEnabled=True)


def sign_in(cloud: Cloud, environment: str, email: str) -> Person:
    """Somebody new in an environment."""
    person = Person(cloud.url(environment), email)
    person.register()
    person.sign_in()
    return person


def template_with(cloud: Cloud, change: Callable[[dict[str, Any]], None]) -> str:
    """The path of the template with a change."""
    template = json.loads((cloud.folder / "template.json").read_text())
    change(template)
    path = cloud.folder / "changed.json"
    path.write_text(json.dumps(template))
    return str(path)


def add_broken_resource(template: dict[str, Any]) -> None:
    """Have the template fail at the end."""
    template["Resources"]["Broken"] = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "SecureString", "Value": "CloudFormation makes none of this type"},
    }
