"""What is cut from botocore's data in an image is missed by no client of ours."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.session import Session
from botocore.stub import Stubber

from motiv8.aws.service_data import cut, services

WHOLE = Path(botocore.__file__).parent / "data"
REGIONS = ("us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Botocore's data after the cut; of the services that go, a few are there before."""
    folder = tmp_path_factory.mktemp("data")
    for file in WHOLE.glob("*.json"):
        shutil.copy(file, folder)
    for name in services() | {"ec2", "s3control"}:
        shutil.copytree(WHOLE / name, folder / name)
    cut(folder)
    return folder


def _sessions(data: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Session, Session]:
    monkeypatch.setattr("botocore.loaders.Loader.BUILTIN_DATA_PATH", str(WHOLE))
    monkeypatch.setattr("botocore.loaders.Loader.CUSTOMER_DATA_PATH", str(data / "none"))
    whole, less = Session(), Session()
    less.get_component("data_loader")._search_paths = [str(data)]
    return whole, less


def _client(session: Session, service: str, region: str) -> Any:
    return session.create_client(service, region, aws_access_key_id="a", aws_secret_access_key="b")


def test_no_other_service_is_left(data: Path) -> None:
    assert {each.name for each in data.iterdir() if each.is_dir()} == services() >= {"dynamodb", "s3", "sqs", "sesv2"}


@pytest.mark.parametrize("service", sorted(services()))
def test_a_client_has_the_same_operations_and_endpoints(
    data: Path, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    whole, less = _sessions(data, monkeypatch)
    for region in REGIONS:
        expected, made = (_client(session, service, region) for session in (whole, less))
        assert made.meta.endpoint_url == expected.meta.endpoint_url
        assert made.meta.method_to_api_mapping == expected.meta.method_to_api_mapping
        assert made._request_signer.region_name == expected._request_signer.region_name
        assert made._request_signer.signing_name == expected._request_signer.signing_name


def test_pages_are_read(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, less = _sessions(data, monkeypatch)
    client = _client(less, "s3", REGIONS[0])
    with Stubber(client) as aws:
        aws.add_response("list_object_versions", {"IsTruncated": False, "Versions": [{"Key": "a", "VersionId": "1"}]})
        [page] = client.get_paginator("list_object_versions").paginate(Bucket="media", Prefix="a")
    assert page["Versions"] == [{"Key": "a", "VersionId": "1"}]


def test_a_second_cut_changes_nothing(data: Path) -> None:
    def state() -> dict[Path, int]:
        return {file: file.stat().st_size for file in data.rglob("*") if file.is_file()}

    before = state()
    cut(data)
    assert state() == before
