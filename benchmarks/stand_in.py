"""What both sides talk to while they are measured: a loopback server for DynamoDB and the sign-in keys, and a token."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "benchmark"
ISSUER = "https://issuer.example"
USER = "11111111-2222-3333-4444-555555555555"


def token_and_keys() -> tuple[str, str]:
    """A valid access token, and the key set (JSON) that verifies it."""
    key = RSAKey.generate_key()
    keys = {"keys": [key.as_dict(private=False, kid="one", alg="RS256")]}
    claims = {
        "sub": USER,
        "iss": ISSUER,
        "client_id": CLIENT_ID,
        "token_use": "access",
        "iat": int(time.time()),
        "exp": int(time.time()) + 3600,
    }
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key), json.dumps(keys)


@contextmanager
def server(keys: str) -> Iterator[str]:
    """A loopback server with these keys and tables that hold a person who came today alone; gives its address.

    It runs in a process of its own, so that none of its work is counted.
    """
    context = multiprocessing.get_context("spawn")
    told, tell = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(keys, tell), daemon=True)
    process.start()
    yield f"http://127.0.0.1:{told.recv()}"
    process.terminate()
    process.join()


def _serve(keys: str, tell: Connection) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet: two would wait for each other (Nagle and delayed ACK).
        wbufsize = -1

        def _answer(self, body: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def do_GET(self) -> None:
            self._answer(keys)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            today = datetime.now(UTC).date().isoformat()
            answers = {
                "UpdateItem": '{"Attributes": {"seen": {"N": "1"}}}',
                "GetItem": f'{{"Item": {{"seen_on": {{"S": "{today}"}}}}}}',
            }
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            self._answer(answers.get(operation, '{"Items": [], "Count": 0, "ScannedCount": 0}'))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        tell.send(listening.server_address[1])
        listening.serve_forever()


def environment(address: str) -> dict[str, str]:
    """What both sides read; the names of resources do not matter to the stand-in."""
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": address,
        "AWS_LAMBDA_FUNCTION_NAME": "benchmark",
        "MOTIV8_USERS_TABLE": "users",
        "MOTIV8_PORTRAITS_TABLE": "portraits",
        "MOTIV8_IDEMPOTENCY_TABLE": "idempotency",
        "MOTIV8_UPLOADS_BUCKET": "uploads",
        "MOTIV8_MEDIA_BUCKET": "media",
        "MOTIV8_USER_POOL_ID": "pool",
        "MOTIV8_USER_POOL_CLIENT_ID": CLIENT_ID,
        "MOTIV8_TOKEN_ISSUER": ISSUER,
        "MOTIV8_JWKS_URL": f"{address}/keys",
        "POWERTOOLS_LOG_LEVEL": "WARNING",
    }
