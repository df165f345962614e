"""The one place that makes AWS clients: one botocore session for the process, each client at its first use."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config
from botocore.session import Session, get_session

from motiv8.settings import endpoint_of, settings

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient
    from mypy_boto3_codedeploy import CodeDeployClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_stepfunctions import SFNClient

_CONFIG = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
)
_IMAGE_CONFIG = _CONFIG.merge(Config(read_timeout=60, retries={"mode": "standard", "total_max_attempts": 1}))
# Presigned requests must be signed with version 4: newer regions and KMS-encrypted objects refuse older ones. They must
# name the bucket's host in its region: the global one redirects, which breaks the signature and CORS.
_S3_CONFIG = _CONFIG.merge(
    Config(signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"})
)
# The embedded AWS has no host name for each bucket.
_EMBEDDED_S3_CONFIG = _CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}))
# The longest pause within a model's stream, which is the time that the person looks at nothing; a second try would be
# paid for as well.
_CHAT_CONFIG = _CONFIG.merge(Config(read_timeout=30, retries={"mode": "standard", "total_max_attempts": 1}))
# For what a request had better do without than wait for.
_AT_ONCE_CONFIG = _CONFIG.merge(
    Config(connect_timeout=0.5, read_timeout=0.5, retries={"mode": "standard", "total_max_attempts": 2})
)
# API Gateway waits for 29 seconds, the API's function runs for 28.
_SEARCH_CONFIG = _CONFIG.merge(
    Config(connect_timeout=1, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1})
)
# A repeated SendEmail could mail the same picture twice (docs/adr/001-a-mail-goes-out-at-most-once.md).
_MAIL_CONFIG = _CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))


@cache
def session() -> Session:
    """The process's one botocore session: its model data is loaded once for all clients."""
    return get_session()


ONE_AT_A_TIME = Lock()
"""Held while a client is made: a session of botocore's makes one for one thread at a time."""


@cache
def _client(service: str, config: Config, region: str | None = None, endpoint: str | None = None) -> Any:
    with ONE_AT_A_TIME:
        return session().create_client(
            service,
            region_name=region or settings().region,
            endpoint_url=endpoint or endpoint_of(service),
            config=config,
        )


def bedrock() -> BedrockRuntimeClient:
    """Image models, in their own region; one try, since each is paid for, and no longer than a scene may take."""
    return cast("BedrockRuntimeClient", _client("bedrock-runtime", _IMAGE_CONFIG, settings().bedrock_region))


def chat_models() -> BedrockRuntimeClient:
    """Chat models, in their own region; one try, since what breaks off is paid for."""
    return cast("BedrockRuntimeClient", _client("bedrock-runtime", _CHAT_CONFIG, settings().coach_region))


def code_deploy() -> CodeDeployClient:
    """Deployments."""
    return cast("CodeDeployClient", _client("codedeploy", _CONFIG))


def functions() -> LambdaClient:
    """Lambda; it waits as long as the slowest function may take."""
    return cast("LambdaClient", _client("lambda", _CONFIG.merge(Config(read_timeout=150))))


def search_function() -> LambdaClient:
    """Lambda for the function that searches: one try, within the time that a request has."""
    return cast("LambdaClient", _client("lambda", _SEARCH_CONFIG))


def coach_function() -> LambdaClient:
    """Lambda for the function that writes answers: one try, since two calls for one answer interrupt each other."""
    return cast("LambdaClient", _client("lambda", _SEARCH_CONFIG))


def cognito() -> CognitoIdentityProviderClient:
    """Cognito user pools."""
    return cast("CognitoIdentityProviderClient", _client("cognito-idp", _CONFIG))


def s3() -> S3Client:
    """Object storage."""
    return cast("S3Client", _client("s3", _EMBEDDED_S3_CONFIG if settings().endpoint_url else _S3_CONFIG))


def secrets_manager() -> SecretsManagerClient:
    """Secrets."""
    return cast("SecretsManagerClient", _client("secretsmanager", _CONFIG))


def ses() -> SESV2Client:
    """Mail; one try, since nobody can tell whether one that got no answer went out."""
    return cast("SESV2Client", _client("sesv2", _MAIL_CONFIG))


def sqs() -> Any:
    """Queues."""
    return _client("sqs", _CONFIG)


def sockets() -> ApiGatewayManagementApiClient:
    """The WebSocket API, at its own address; whoever does not get an event asks for it, so nothing waits for one."""
    client = _client("apigatewaymanagementapi", _AT_ONCE_CONFIG, endpoint=settings().socket_endpoint)
    return cast("ApiGatewayManagementApiClient", client)


def step_functions() -> SFNClient:
    """State machines."""
    return cast("SFNClient", _client("stepfunctions", _CONFIG))


def dynamodb() -> Any:
    """DynamoDB for Powertools' idempotency store; tables of our own are in `motiv8.aws.tables`."""
    return _client("dynamodb", _CONFIG)


def dynamodb_at_once() -> Any:
    """DynamoDB, for an answer within a second or none."""
    return _client("dynamodb", _AT_ONCE_CONFIG)
