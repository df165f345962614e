"""Which environment, in which account, with which parameters."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterable

PROJECT = Path(__file__).parents[3]
# The services of the template's resources, by the SDK's names for them.
SERVICES = {
    "apigateway": "API Gateway",
    "apigatewayv2": "API Gateway's WebSocket APIs",
    "batch": "Batch",
    "cloudwatch": "CloudWatch",
    "codedeploy": "CodeDeploy",
    "cognito-idp": "Cognito",
    "dynamodb": "DynamoDB",
    "ecr": "ECR",
    "events": "EventBridge",
    "kms": "KMS",
    "lambda": "Lambda",
    "logs": "CloudWatch Logs",
    "s3": "S3",
    "scheduler": "EventBridge Scheduler",
    "secretsmanager": "Secrets Manager",
    "sesv2": "SES",
    "sns": "SNS",
    "sqs": "SQS",
    "stepfunctions": "Step Functions",
    "wafv2": "WAF",
    "xray": "X-Ray",
}
_NAME = re.compile(r"dev|prod|dev-pr-[1-9][0-9]*|restore-[1-9][0-9]*")


@dataclass(frozen=True)
class Environment:
    """One environment of the caller's account; every resource carries its name."""

    name: str

    @property
    def kind(self) -> str:
        """The part of `environments.toml` that it goes by: dev, dev-pr, prod or restore."""
        return re.sub(r"-[0-9]+$", "", self.name)

    @property
    def stack(self) -> str:
        """The stack of everything."""
        return f"motiv8-{self.name}"

    @property
    def artifacts_stack(self) -> str:
        """The stack of the bucket that it is deployed from."""
        return f"motiv8-artifacts-{self.name}"

    @property
    def edge_stack(self) -> str:
        """The stack of the firewall before CloudFront."""
        return f"motiv8-edge-{self.name}"

    @cached_property
    def _caller(self) -> dict[str, str]:
        found: dict[str, str] = client("sts").get_caller_identity()
        return found

    @cached_property
    def account(self) -> str:
        """The caller's account."""
        return self._caller["Account"]

    @cached_property
    def boundary(self) -> dict[str, str]:
        """The parameter that GitHub's roles must set, since they may make roles within their boundary alone.

        Nothing for other callers; the names are those of infra/github-oidc.yaml.
        """
        named = re.fullmatch(
            r"arn:([\w-]+):sts::([0-9]+):assumed-role/(motiv8-github-(?:pull-requests|prod))/.*", self._caller["Arn"]
        )
        return {"PermissionsBoundary": "arn:{}:iam::{}:policy/{}-boundary".format(*named.groups())} if named else {}

    @cached_property
    def region(self) -> str:
        """The caller's region."""
        region: str = client("cloudformation").meta.region_name
        return region

    @cached_property
    def tier(self) -> str:
        """preview, dev or prod: that of the stack, or where there is none yet, of its kind."""
        if self.name == "prod":
            return "prod"
        deployed = Stack(client("cloudformation"), self.stack, lambda _: None).parameters()
        tier: str = deployed.get("Tier") or of_kind(self.kind).get("Tier", "dev")
        return tier

    def bucket(self, purpose: str) -> str:
        """A bucket's name."""
        return bucket_name(purpose, self.name, self.account, self.region)

    @property
    def artifacts_bucket(self) -> str:
        """Templates and the list of deployments."""
        return self.bucket("artifacts")

    @property
    def buckets(self) -> list[str]:
        """Those of the stack."""
        return [self.bucket(purpose) for purpose in ("uploads", "media", "library", "web")]

    @property
    def names(self) -> dict[str, str]:
        """What the names of resources are made of, as templates call it."""
        return {"EnvironmentName": self.name, "AWS::AccountId": self.account, "AWS::Region": self.region}

    @property
    def tags(self) -> dict[str, str]:
        """On every resource; the budget counts by `environment`."""
        return {"project": "motiv8", "environment": self.name}


def environment(name: str) -> Environment:
    """The environment of that name. Raises OperationError."""
    if not _NAME.fullmatch(name):
        raise OperationError(f"{name!r} is not an environment. Use dev, prod, dev-pr-N or restore-N (N is a number).")
    return Environment(name)


@cache
def sdk_session() -> boto3.Session:
    """The caller's own; it is made once, with what it reads of the SDK's data."""
    return boto3.Session()


@cache
def client(service: str, region: str | None = None) -> Any:
    """The client with the caller's own credentials, region and (for rehearsals) AWS_ENDPOINT_URL.

    It is made once, since that takes as long as a call.
    """
    return sdk_session().client(service, region_name=region)  # type: ignore[call-overload]  # any service by name


def bucket_name(purpose: str, environment: str, account: str, region: str) -> str:
    """A bucket's name. With account and region, since the names of all the world's buckets are one list."""
    return f"motiv8-{purpose}-{environment}-{account}-{region}"


def check_account(given: Environment, account: str | None) -> None:
    """That the credentials are for the account that was named; the tier prod must name it. Raises OperationError."""
    if account is None and given.tier == "prod":
        raise OperationError(f"{given.name} needs the account: scripts/deploy-phased.sh {given.name} $AWS_ACCOUNT_ID")
    if account is not None and not re.fullmatch(r"[0-9]{12}", account):
        raise OperationError(f"{account!r} is not an AWS account number, which has 12 digits.")
    if account is not None and account != given.account:
        raise OperationError(
            f"These credentials are for account {given.account}, not {account}: change AWS_PROFILE, nothing was done."
        )


def missing_services(region: str) -> dict[str, list[str]]:
    """The services that the template uses and the region lacks, as far as the SDK knows: name → the regions with it.

    A region that the SDK does not know at all is newer than the SDK, and lacks nothing.
    """
    known = sdk_session()
    partition = known.get_partition_for_region(region)
    if region not in known.get_available_regions("lambda", partition):
        return {}
    having = {called: known.get_available_regions(service, partition) for service, called in SERVICES.items()}
    # No list at all is that of a service without regions, such as CloudFront.
    return {called: regions for called, regions in having.items() if regions and region not in regions}


def check_region(region: str) -> None:
    """That the region has every service that the template uses. Raises OperationError."""
    for called, regions in missing_services(region).items():
        near = [each for each in regions if each.partition("-")[0] == region.partition("-")[0]]
        others = ", ".join(near or regions)
        raise OperationError(f"{region} has no {called}: nothing was done. Set AWS_REGION to another one: {others}.")


def check_buckets(given: Environment) -> None:
    """That no bucket name is taken by another account. Raises OperationError."""
    s3 = client("s3")
    for bucket in [given.artifacts_bucket, *given.buckets]:
        try:
            s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=given.account)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == 404:
                continue
            if status != 403:
                raise
            raise OperationError(
                f"The bucket name {bucket} is taken by another account, or your role may not s3:ListBucket on it: "
                "nothing was done. Choose another environment name or region."
            ) from error


def parameters(given: Environment, words: Iterable[str], kept: dict[str, str]) -> dict[str, str]:
    """The template's parameters: what the stack has, over it environments.toml, over it what was given now.

    `words` are `Name=Value`; MOTIV8_PARAMETERS holds more of them. Raises OperationError.
    """
    usual = of_kind(given.kind)
    required = usual.pop("required", [])
    named = dict(_split(word) for word in [*os.environ.get("MOTIV8_PARAMETERS", "").split(), *words])
    values: dict[str, str] = kept | usual | named
    missing = [name for name in required if not values.get(name)]
    if missing:
        raise OperationError(
            f"{given.name} needs {', '.join(missing)}: give --parameter {missing[0]}=… or set MOTIV8_PARAMETERS."
        )
    return values


def of_kind(kind: str) -> dict[str, Any]:
    """What environments.toml sets for a kind of environment."""
    of_kinds = tomllib.loads((PROJECT / "environments.toml").read_text(encoding="utf-8"))
    found: dict[str, Any] = of_kinds[kind]
    return found


def keep(kind: str, values: dict[str, str]) -> None:
    """Set parameters of a kind of environment in environments.toml, in place of what it sets for them."""
    file = PROJECT / "environments.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    first = lines.index(f"[{kind}]") + 1
    end = next((number for number in range(first, len(lines)) if lines[number].startswith("[")), len(lines))
    others = [line for line in lines[first:end] if line.partition(" =")[0] not in values]
    lines[first:end] = [f'{name} = "{value}"' for name, value in values.items()] + others
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _split(word: str) -> tuple[str, str]:
    name, separator, value = word.partition("=")
    if not separator or not name:
        raise OperationError(f"{word!r} is not a parameter. Use Name=Value.")
    return name, value
