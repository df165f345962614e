"""AWS in process (moto), fresh for each test, and requests through the real handler."""

from __future__ import annotations

import email
import gzip
import hashlib
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

# Settings are read once, and table names when the tables' models are imported: both before anything of ours is.
os.environ |= {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "motiv8",
    "MOTIV8_ENVIRONMENT": "test",
    "MOTIV8_USERS_TABLE": "users-test",
    "MOTIV8_PORTRAITS_TABLE": "portraits-test",
    "MOTIV8_IDEMPOTENCY_TABLE": "idempotency-test",
    "MOTIV8_UPLOADS_BUCKET": "uploads-test",
    "MOTIV8_MEDIA_BUCKET": "media-test",
    "MOTIV8_PORTRAIT_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:portrait-test",
    "MOTIV8_EXPORT_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:export-test",
    "MOTIV8_DELETE_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:delete-test",
    "MOTIV8_DOCUMENTS_TABLE": "documents-test",
    "MOTIV8_NAMESPACES_TABLE": "namespaces-test",
    "MOTIV8_CONVERSATIONS_TABLE": "conversations-test",
    "MOTIV8_LIBRARY_BUCKET": "library-test",
    "MOTIV8_LIBRARY_SEARCH_FUNCTION": "library-search-test",
    "MOTIV8_COACH_FUNCTION": "coach-test",
    "MOTIV8_DOCUMENT_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:document-test",
    "MOTIV8_SOCKET_ENDPOINT": "https://sockets.execute-api.us-east-1.amazonaws.com/test",
    "MOTIV8_SENDER_ADDRESS": "motiv8@example.com",
    "MOTIV8_LINK_SECRET_ARN": "links-test",
    "MOTIV8_PUBLIC_URL": "https://api.example",
    "MOTIV8_DAILY_QUOTA": "3",
    "MOTIV8_DELIVERY_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/deliveries-test",
}
os.environ.pop("AWS_ENDPOINT_URL", None)

import boto3
import moto.cognitoidp
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from moto import mock_aws
from moto.utilities.utils import load_resource
from pynamodb.expressions.update import Action

from motiv8 import tokens
from motiv8.accounts import consent, rows, sign_ins
from motiv8.api import auth, fair_share, system
from motiv8.aws import clients, coach, library_search, secrets
from motiv8.aws.conversation_tables import ConversationRow
from motiv8.aws.library_tables import DocumentRow, NamespaceRow
from motiv8.aws.tables import PortraitRow, UserRow
from motiv8.entrypoints import api
from motiv8.library import namespace_repository
from motiv8.library import service as library
from motiv8.pipeline import make_scene
from motiv8.settings import settings
from motiv8.studio import photo, selfie
from motiv8.telemetry import logger
from stand_in import api_document
from stand_in.aws_calls import AwsCalls
from stand_in.moto_account import MotoAccount, forget_everything
from stand_in.user_pool import complete_user_pools

POOL_KEY = RSAKey.generate_key()
# What moto signs the tokens of its own user pools with.
_MOTO_KEYS = json.loads(
    gzip.decompress((Path(moto.cognitoidp.__file__).parent / "resources" / "jwks-public.json.gz").read_bytes())
)["keys"]
SAMPLE = Path(__file__).parents[2] / "samples" / "astronaut.jpg"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as the gateway gets it."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Context:
    """Lambda's context."""

    function_name = "test"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:test"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 10_000


Call = Callable[..., Answer]


@pytest.fixture
def lambda_context() -> Context:
    return Context()


@pytest.fixture
def noon() -> datetime:
    """Friday, 20 November 2026, 12:00 UTC."""
    return NOON


@pytest.fixture(scope="session", autouse=True)
def moto_key() -> Iterator[None]:
    """Moto's own key, read once: reading it for every user pool would take longer than all else that a test sets up."""
    key_file = load_resource("cognitoidp/resources/jwks-private.json")
    read_anew = RSAKey.import_key
    key = read_anew(key_file)

    def read(value: Any) -> RSAKey:
        return key if value == key_file else read_anew(value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RSAKey, "import_key", read)
        yield


@pytest.fixture(scope="session", autouse=True)
def moto_user_pools() -> Iterator[None]:
    """Moto's user pools do what our code needs of Cognito's."""
    with complete_user_pools():
        yield


@pytest.fixture(scope="module", autouse=True)
def moto_answers() -> Iterator[None]:
    """Moto answers all clients; to begin with, it does so once for each file takes a fifth of what each test would."""
    with mock_aws():
        yield


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fresh tables, buckets, secret, sender and state machine; nothing kept from the test before."""
    # Clients are kept from test to test, as from request to request: moto answers them all.
    auth.key_set.cache_clear()
    fair_share.windows.cache_clear()
    system.readiness.cache_clear()
    secrets.link_secret.cache_clear()
    make_scene._shared.cache_clear()
    ours = POOL_KEY.as_dict(private=False, kid="one")
    # The function that searches is not there in process.
    monkeypatch.setattr(library_search, "answers_probe", lambda: True)
    monkeypatch.setattr(coach, "check_callable", lambda: None)
    monkeypatch.setattr(auth, "_fetch_keys", lambda: [ours, *_MOTO_KEYS])
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    account = _account()
    account.restore()
    for name, value in account.variables.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


@cache
def _account() -> MotoAccount:
    """An account with all that each test begins with: copying it takes a tenth of making it."""
    forget_everything()
    settings.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        variables = _create_user_pool()
        for name, value in variables.items():
            patch.setenv(name, value)
        settings.cache_clear()
        _create_resources()
        sign_ins.note(
            tokens.sign({"origin_jti": "session-1"}, "Cognito's own key", "HS256"), datetime(2100, 1, 1, tzinfo=UTC)
        )
    return MotoAccount(variables)


def _create_user_pool() -> dict[str, str]:
    """A pool like the template's; its ids are moto's to choose."""
    pool = clients.cognito().create_user_pool(
        PoolName="motiv8-test",
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        Policies={
            "PasswordPolicy": {
                "MinimumLength": 10,
                "RequireUppercase": False,
                "RequireLowercase": False,
                "RequireNumbers": False,
                "RequireSymbols": False,
            }
        },
    )["UserPool"]["Id"]
    client = clients.cognito().create_user_pool_client(
        UserPoolId=pool,
        ClientName="motiv8-test",
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        ReadAttributes=["email"],
    )["UserPoolClient"]["ClientId"]
    return {"MOTIV8_USER_POOL_ID": pool, "MOTIV8_USER_POOL_CLIENT_ID": client}


def _create_resources() -> None:
    UserRow.create_table(billing_mode="PAY_PER_REQUEST")
    for table in (PortraitRow, DocumentRow, NamespaceRow, ConversationRow):
        table.create_table(billing_mode="PAY_PER_REQUEST")
    clients.dynamodb().create_table(
        TableName=settings().idempotency_table,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for bucket in (settings().uploads_bucket, settings().media_bucket):
        clients.s3().create_bucket(Bucket=bucket)
        clients.s3().put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    clients.secrets_manager().create_secret(Name="links-test", SecretString="a secret for links")
    clients.ses().create_email_identity(EmailIdentity=settings().sender_address)
    _create_machine("portrait-test")


def _create_machine(name: str) -> None:
    clients.step_functions().create_state_machine(
        name=name,
        definition=json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}),
        roleArn="arn:aws:iam::123456789012:role/test",
    )


@pytest.fixture
def sign() -> Callable[..., str]:
    """Make a token, of a session that was begun just now; claims, key and its id can be anything."""

    def make(key: RSAKey = POOL_KEY, kid: str = "one", **changes: Any) -> str:
        claims = {
            "sub": "user-1",
            "iss": settings().token_issuer,
            "client_id": settings().user_pool_client_id,
            "token_use": "access",
            "origin_jti": "session-1",
            "iat": int(time.time()),
            "exp": int(time.time()) + 600,
        } | changes
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": kid}, kept, key)

    return make


@pytest.fixture
def pool_key() -> RSAKey:
    """The key that signs our tokens."""
    return POOL_KEY


@pytest.fixture
def call(sign: Callable[..., str]) -> Call:
    """Send a request through the one handler; `user` signs it, `token` says exactly what is sent.

    Whatever is answered must be documented.
    """

    def send(
        method: str,
        path: str,
        body: object = None,
        *,
        user: str | None = None,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        address: str | None = None,
    ) -> Answer:
        given = {"Content-Type": "application/json"} | (headers or {})
        if user or token:
            given["Authorization"] = f"Bearer {token or sign(sub=user)}"
        event = {
            "httpMethod": method,
            "path": path,
            "headers": given,
            "queryStringParameters": query,
            "multiValueQueryStringParameters": {name: [value] for name, value in (query or {}).items()} or None,
            "requestContext": {
                "requestId": "gateway-request",
                "stage": "test",
                "path": f"/test{path}",
                "identity": {"sourceIp": address},
            },
            "body": body if isinstance(body, str | None) else json.dumps(body),
            "isBase64Encoded": False,
        }
        answer = api.handler(event, Context())  # type: ignore[arg-type]  # as much of a context as is looked at
        api_document.check(method, path, answer["statusCode"], answer["body"])
        return Answer(answer["statusCode"], answer["headers"], answer["body"])

    return send


@pytest.fixture
def make_user() -> Callable[..., UserRow]:
    """Store a person with a face in use, who wants pictures at 6:00 UTC on weekdays; anything can be changed."""

    def make(user_id: str = "user-1", *, now: datetime = NOON, rescheduled: bool = True, **changes: Any) -> UserRow:
        values: dict[str, Any] = {
            "email": f"{user_id}@example.com",
            "created_at": NOON,
            "consent_at": NOON,
            "time_zone": "UTC",
            "delivery_hour": 6,
            "workout_days": {"mon", "tue", "wed", "thu", "fri"},
            "mode": "summit",
            "tone": "motivate",
            "mail_enabled": True,
            "selfie_id": "selfie-1",
            "selfie_status": "ready",
            "selfie_updated_at": NOON,
            "face_selfie_id": "selfie-1",
            "embedding_key": f"faces/{user_id}/selfie-1.npy",
        } | changes
        if values["consent_at"]:
            record = consent.Record(consent.CURRENT.version, consent.CURRENT.language, values["consent_at"])
            values = {"consents": consent.Consents().given(record).stored} | values
        row = UserRow(user_id, **values)
        if rescheduled and "next_due_at" not in changes:
            person = rows.read(row)
            rows.write(row, person, person.rescheduled(now))
        row.save(add_version_condition=False)
        return row

    return make


@pytest.fixture
def make_portrait() -> Callable[..., PortraitRow]:
    """Store a picture's row; ready unless changed."""

    def make(portrait_id: str = "2026-11-20-daily", user_id: str = "user-1", **changes: Any) -> PortraitRow:
        values: dict[str, Any] = {
            "date": portrait_id[:10],
            "trigger": "daily" if portrait_id.endswith("daily") else "asked",
            "status": "ready",
            "mode": "summit",
            "tone": "motivate",
            "line": "Show up.",
            "alt_text": "You, on a mountain.",
            "attempts": 1,
            "mail_status": "sent",
            "created_at": NOON,
            "ready_at": NOON,
        } | changes
        row = PortraitRow(user_id, portrait_id, **values)
        row.save()
        return row

    return make


@pytest.fixture
def make_document(noon: datetime) -> Callable[..., DocumentRow]:
    """Store a document's row and its namespace; ready, with three passages, unless changed."""

    def make(data: bytes = b"Lift with your legs.", namespace: str = "general", **changes: Any) -> DocumentRow:
        sha256 = hashlib.sha256(data).hexdigest()
        identifier = library.document_id(namespace, sha256)
        values: dict[str, Any] = {
            "namespace": namespace,
            "listed_at": f"2026-11-20T12:00:00Z#{identifier}",
            "created_at": noon,
            "updated_at": noon,
            "created_by": "somebody",
            "file_name": "lifting.txt",
            "content_type": "text/plain",
            "size": len(data),
            "sha256": sha256,
            "title": "Lifting",
            "status": "ready",
            "passages": 3,
            "characters": 20,
        } | changes
        row = DocumentRow(identifier, **values)
        row.save()
        namespace_repository.ensure(namespace)
        if row.status == "ready":
            counts: list[Action] = [NamespaceRow.documents.add(1), NamespaceRow.passages.add(row.passages)]
            NamespaceRow(namespace).update(actions=counts)
        return row

    return make


@pytest.fixture
def person() -> Callable[[str], UserRow]:
    """Read a person's row as it now is."""

    def read(user_id: str = "user-1") -> UserRow:
        return UserRow.get(user_id, consistent_read=True)

    return read


@pytest.fixture
def objects() -> Callable[[str], list[str]]:
    """The keys in a bucket, old versions and delete markers included."""

    def read(bucket: str) -> list[str]:
        answer = clients.s3().list_object_versions(Bucket=bucket)
        return sorted(each["Key"] for each in [*answer.get("Versions", ()), *answer.get("DeleteMarkers", ())])

    return read


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the logger writes, as it would reach CloudWatch."""
    written = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", written)
    return written


@pytest.fixture
def cognito() -> Iterator[AwsCalls]:
    """The user pool as our code reaches it."""
    with AwsCalls(clients.cognito()) as calls:
        yield calls


@pytest.fixture
def ses() -> Iterator[AwsCalls]:
    """SES as our code reaches it."""
    with AwsCalls(clients.ses()) as calls:
        yield calls


@pytest.fixture
def step_functions() -> Iterator[AwsCalls]:
    """Step Functions as our code reaches it."""
    with AwsCalls(clients.step_functions()) as calls:
        yield calls


@pytest.fixture
def machines() -> None:
    """The machines `export` and `delete`, with nothing in them."""
    for name in ("export", "delete"):
        _create_machine(f"{name}-test")


@pytest.fixture
def mails(ses: AwsCalls) -> list[EmailMessage]:
    """What SES is given from here on, without what it refuses."""
    sent: list[EmailMessage] = []

    def note(call: dict[str, Any]) -> None:
        sent.append(email.message_from_bytes(call["Content"]["Raw"]["Data"], policy=policy.default))

    ses.before("send_email", note)
    return sent


@pytest.fixture(scope="session")
def sample() -> bytes:
    """The sample photo."""
    return SAMPLE.read_bytes()


@pytest.fixture(scope="session")
def cutout(sample: bytes) -> bytes:
    """The person of the sample photo, as the pipeline stores it."""
    return photo.encode_cutout(selfie.extract(sample).cutout)
