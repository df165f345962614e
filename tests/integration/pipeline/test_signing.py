"""Pictures are signed where there is a key, and made all the same where it fails."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import c2pa
import pytest
from PIL import Image

from motiv8.aws import clients, keys, secrets, storage
from motiv8.pipeline.compose import compose
from motiv8.pipeline.load_portrait import load_portrait
from motiv8.settings import settings
from stand_in.certificate import credentials

Make = Callable[..., Any]
DAILY = "2026-11-20-daily"


@pytest.fixture
def made(somebody: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., dict[str, bytes]]]:
    """Make a picture with a secret's text and other variables of the environment; its files by their endings."""

    def make(secret: str | None = None, **variables: str) -> dict[str, bytes]:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        if secret is not None:
            answer = clients.secrets_manager().create_secret(Name="pictures", SecretString=secret)
            monkeypatch.setenv("MOTIV8_CREDENTIALS_SECRET_ARN", answer["ARN"])
        settings.cache_clear()
        secrets.content_credentials.cache_clear()
        somebody()
        load_portrait("user-1", DAILY, "daily", "portrait", None, "run", noon)
        assert compose("user-1", DAILY, noon) == {"outcome": "ready"}
        media = settings().media_bucket
        found = {each: storage.get(media, keys.picture("user-1", DAILY, each)) for each in keys.PICTURE_ENDINGS}
        return {ending: file for ending, file in found.items() if file}

    yield make
    monkeypatch.undo()
    settings.cache_clear()
    secrets.content_credentials.cache_clear()


def _signed(file: bytes, content_type: str) -> bool:
    try:
        return bool(c2pa.Reader(content_type, io.BytesIO(file)).get_validation_state() == "Valid")
    except c2pa.C2paError.ManifestNotFound:
        return False


def _tool(file: bytes) -> str | None:
    with Image.open(io.BytesIO(file)) as image:
        read = image.getxmp()
    return read["xmpmeta"]["RDF"]["Description"]["CreatorTool"] if read else None


def test_with_a_key_the_picture_is_signed(made: Callable[..., dict[str, bytes]]) -> None:
    files = made(json.dumps(asdict(credentials())))
    assert _signed(files[".jpg"], "image/jpeg")
    assert [_tool(file) for file in files.values()] == ["motiv8"] * 2


def test_without_a_key_they_carry_xmp_alone(made: Callable[..., dict[str, bytes]]) -> None:
    files = made()
    assert not _signed(files[".jpg"], "image/jpeg")
    assert [_tool(file) for file in files.values()] == ["motiv8"] * 2


def test_an_unmarked_environment_leaves_nothing_in_the_files(made: Callable[..., dict[str, bytes]]) -> None:
    files = made(json.dumps(asdict(credentials())), MOTIV8_MARK_PICTURES="false")
    assert not _signed(files[".jpg"], "image/jpeg")
    assert [_tool(file) for file in files.values()] == [None] * 2


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("not JSON", "no JSON with certificate_chain and private_key"),
        ('{"private_key": "x"}', "no JSON with certificate_chain and private_key"),
        (json.dumps(asdict(credentials(days=-3))), "not signed"),
    ],
    ids=["not JSON", "no chain", "ended"],
)
def test_a_key_that_fails_costs_nobody_their_picture(
    made: Callable[..., dict[str, bytes]],
    logged: io.StringIO,
    capsys: pytest.CaptureFixture[str],
    secret: str,
    says: str,
) -> None:
    files = made(secret)
    assert set(files) == set(keys.PICTURE_ENDINGS)
    assert not _signed(files[".jpg"], "image/jpeg")
    assert says in logged.getvalue()
    assert "PRIVATE" not in logged.getvalue()
    assert "PicturesUnsigned" in capsys.readouterr().out


def test_a_secret_that_is_gone_costs_nobody_their_picture(
    made: Callable[..., dict[str, bytes]], logged: io.StringIO
) -> None:
    files = made(MOTIV8_CREDENTIALS_SECRET_ARN="arn:aws:secretsmanager:us-east-1:123456789012:secret:gone")
    assert set(files) == set(keys.PICTURE_ENDINGS)
    assert "ResourceNotFoundException" in logged.getvalue()
