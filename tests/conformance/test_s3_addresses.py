"""Addresses that clients get name the bucket's own host in its region.

Without virtual addressing botocore presigns for the global host. Outside us-east-1 S3 answers there with a redirect
(307) until DNS knows the new bucket, which breaks signature and CORS, and in newer regions with an error for ever:
https://github.com/boto/boto3/issues/1982, https://github.com/boto/boto3/issues/3015,
https://github.com/boto/boto3/pull/4768, https://github.com/boto/botocore/pull/3081 (us-east-1),
https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.stub import Stubber

from motiv8.aws import storage
from motiv8_tooling.operations import artifacts
from motiv8_tooling.operations.environment import Environment

pytestmark = pytest.mark.usefixtures("credentials")
BUCKET = "motiv8-uploads-dev-123456789012"
REGIONS = ("eu-central-1", "ap-south-2", "us-east-1")


def _presigned(key: str) -> list[str]:
    return [
        storage.presigned_get(BUCKET, key),
        storage.presigned_post(BUCKET, key, "image/jpeg", 1024, 20_000_000)[0],
    ]


@pytest.mark.parametrize("region", REGIONS)
def test_presigned_requests_name_the_buckets_host_in_its_region(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    for address in _presigned("uploads/x/y"):
        assert (urlsplit(address).scheme, urlsplit(address).netloc) == (
            "https",
            f"{BUCKET}.s3.{region}.amazonaws.com",
        )


def test_the_embedded_aws_is_addressed_by_path(
    monkeypatch: pytest.MonkeyPatch, forget_clients: Callable[[], None]
) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    for host in ("127.0.0.1:4566", "host.docker.internal:4566"):
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}")
        forget_clients()
        for address in _presigned("uploads/x/y"):
            assert urlsplit(address).netloc == host
            assert urlsplit(address).path.startswith(f"/{BUCKET}")


@pytest.mark.parametrize("region", REGIONS)
def test_cloudformation_reads_templates_from_the_region(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    client = boto3.client("s3", region_name=region)
    monkeypatch.setattr(artifacts, "client", lambda _: client)
    environment = Environment("dev")
    monkeypatch.setitem(environment.__dict__, "account", "123456789012")
    monkeypatch.setitem(environment.__dict__, "region", region)
    with Stubber(client) as s3:
        s3.add_response("put_object", {})
        address = artifacts.store_template(environment, {}, "abc")
    bucket = f"motiv8-artifacts-dev-123456789012-{region}"
    assert address == f"https://s3.{region}.amazonaws.com/{bucket}/templates/abc.json"
