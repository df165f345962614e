"""`motiv8 import` as the team runs it, into the deployed stack."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import ApiError, Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import PROJECT, client
from stand_in.old_system import PICTURE, USER, picture, write_sqlite
from stand_in.processes import below

RESET_CODE = "654321"
EMAIL = "brought@example.com"


def _import(stack: LocalStack, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    note = {"pid": os.getpid(), "emulator": stack.emulator.url, "front": stack.front.url, "daily": "-"}
    (home / "running.json").write_text(json.dumps(note))
    return subprocess.run(  # noqa: S603 - a program of ours
        [sys.executable, "-m", "motiv8_tooling.cli", "--home", str(home), "import", *words],
        capture_output=True,
        text=True,
        check=False,
    )


def test_people_move_over_and_sign_in(stack: LocalStack, tmp_path: Path, sample: bytes) -> None:
    files = tmp_path / "files"
    for name, data in {"uploads/ada.jpg": sample, "generated/1/2024-05-03.png": picture()}.items():
        (files / name).parent.mkdir(parents=True)
        (files / name).write_bytes(data)
    database = write_sqlite(tmp_path / "motiv8.db", [USER | {"email": EMAIL}], [PICTURE])
    words = ("--database", database, "--files", str(files), "--consent-given")
    report = tmp_path / "report.json"

    dry = _import(stack, tmp_path, *words)
    assert (dry.returncode, dry.stderr) == (0, "")
    assert "This was a dry run" in dry.stdout
    person = Person(stack.front.url, EMAIL)
    with pytest.raises(ApiError):
        person.sign_in()

    done = _import(stack, tmp_path, *words, "--apply", "--report", str(report))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(report.read_text())["counts"]["picture"]["brought"] == 1
    assert EMAIL not in report.read_text() + done.stdout
    [invitation] = [mail for mail in stack.mailbox.all() if mail.to == EMAIL]
    assert invitation.subject == "motiv8 has moved: choose a password"
    assert f"{stack.front.url}/#/set-password" in stack.mailbox.read(invitation.name).as_string()

    person.expect("POST", "/v1/auth/password/forgot", {"email": EMAIL})
    person.expect("POST", "/v1/auth/password/reset", _new_password(person))
    person.sign_in()
    assert person.wait_for_selfie()["face_in_use"] is True
    [portrait] = person.expect("GET", "/v1/portraits")["portraits"]
    assert portrait["date"] == "2024-05-03"
    assert httpx.get(portrait["image_url"]).content[:2] == b"\xff\xd8"
    # With the face and the workout days of before, the next picture is on its way.
    assert person.expect("GET", "/v1/me")["next_delivery_at"] is not None
    person.wait_for_portrait(person.call("POST", "/v1/portraits", {}).headers["Location"])


def _new_password(person: Person) -> dict[str, str]:
    return {"email": person.email, "code": RESET_CODE, "password": person.password}


def test_google_accounts_are_linked_where_google_is_set_up(stack: LocalStack, tmp_path: Path) -> None:
    cognito = client("cognito-idp", stack.emulator)
    pool = stack.outputs["UserPoolId"]
    details = {"client_id": "x", "client_secret": "y", "authorize_scopes": "openid email"}
    cognito.create_identity_provider(
        UserPoolId=pool, ProviderName="Google", ProviderType="Google", ProviderDetails=details
    )
    try:
        user = USER | {"email": "google@example.com", "google_id": "g-1", "selfie_filename": None}
        database = write_sqlite(tmp_path / "motiv8.db", [user], [])
        words = ("--database", database, "--files", str(tmp_path), "--apply", "--no-invitations")
        for _ in range(2):
            assert _import(stack, tmp_path, *words).returncode == 0
        found = cognito.list_users(UserPoolId=pool, Filter='email = "google@example.com"')["Users"]
        [identities] = [each["Value"] for each in found[0]["Attributes"] if each["Name"] == "identities"]
        assert [(each["providerName"], each["userId"]) for each in json.loads(identities)] == [("Google", "g-1")]
    finally:
        cognito.delete_identity_provider(UserPoolId=pool, ProviderName="Google")


def test_what_will_not_do_is_one_line(stack: LocalStack, tmp_path: Path) -> None:
    for words, said in (
        (("--database", "sqlite:///no.db", "--files", "."), "motiv8: no.db: there is no such file.\n"),
        (("--database", "x", "--files", ".", "--time-zone", "Berlin"), "is not a time zone"),
        (("--files", "."), "--database"),
    ):
        done = _import(stack, tmp_path, *words)
        assert done.returncode != 0
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_database_ends_with_a_test_run_that_is_killed() -> None:
    program = """
import os, signal
from stand_in.old_system import postgresql
with postgresql() as url:
    print(url, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    tests = {"PYTHONPATH": str(PROJECT / "tests")}
    killed = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], env=os.environ | tests, capture_output=True, text=True, check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    port = urlsplit(killed.stdout.strip()).port
    wait_for(lambda: not any(f"port={port}" in command for command in below(os.getpid()).values()), seconds=20)
