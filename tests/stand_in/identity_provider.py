"""An identity provider as Google is one: it signs in whoever it was told to, and hands out id tokens."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from motiv8_tooling.local.emulator import free_port
from motiv8_tooling.local.local_stack import LocalStack, running
from motiv8_tooling.local.provisioning import client

PAGES = "https://motiv8-local-000000000000.auth.us-east-1.amazoncognito.com"


@dataclass
class IdentityProvider:
    """Where it listens, whom it signs in (the claims of the id token), and where Cognito's pages really are."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)
    pages: str = ""


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """One on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            back = {"code": "from-google", "state": query["state"][0]}
            self.send_response(302)
            # The pages' own domain is AWS's; here they are the embedded one's.
            callback = query["redirect_uri"][0].replace(PAGES, provider.pages)
            self.send_header("Location", f"{callback}?{urlencode(back)}")
            self.end_headers()

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            assert form["code"] == ["from-google"]
            parts = ({"alg": "none"}, {"iss": provider.url, **provider.claims})
            token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
            body = json.dumps({"id_token": f"{token}.x", "access_token": "x"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = IdentityProvider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def stack_with_google(folder: Path) -> Iterator[tuple[LocalStack, IdentityProvider]]:
    """A stack with Google set up, and who is Google; the embedded AWS speaks to it as to any OpenID provider."""
    port = free_port()
    parameters = {
        "GoogleClientId": "google-client",
        "GoogleSecretArn": "arn:aws:secretsmanager:x",
        "CallbackUrls": f"http://127.0.0.1:{port}/",
    }
    with (
        identity_provider() as google,
        running(folder, keep=False, front_port=port, wait_scale=0.1, parameters=parameters) as stack,
    ):
        google.pages = stack.emulator.url
        client("cognito-idp", stack.emulator).create_identity_provider(
            UserPoolId=stack.outputs["UserPoolId"],
            ProviderName="Google",
            ProviderType="OIDC",
            ProviderDetails={
                "client_id": "google-client",
                "client_secret": "secret",
                "authorize_scopes": "openid email",
                "oidc_issuer": google.url,
                "authorize_url": f"{google.url}/authorize",
                "token_url": f"{google.url}/token",
                "attributes_request_method": "GET",
            },
            AttributeMapping={"username": "sub", "email": "email", "email_verified": "email_verified"},
        )
        yield stack, google
