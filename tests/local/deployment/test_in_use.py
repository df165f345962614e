"""A deployment in use: the smoke test, a restore, the check of new versions, the logs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.emulator import ACCOUNT, REGION, free_port
from stand_in.cloud import (
    PROJECT,
    Cloud,
    one_line,
    sign_in,
)
from stand_in.image import lay_out
from stand_in.runtime import Runtime


class TestSmokeTest:
    def test_it_goes_from_sign_up_to_picture_and_leaves_nobody_behind(self, dev: Cloud) -> None:
        before = dev.client("dynamodb").scan(TableName="users-dev")["Count"]
        done = dev.script("smoke-test", dev.url("dev"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.splitlines()[-1] == "works"
        assert "a picture came" in done.stdout
        users = dev.client("cognito-idp").list_users(UserPoolId=dev.pool("dev"))["Users"]
        emails = [each["Value"] for user in users for each in user["Attributes"] if each["Name"] == "email"]
        assert not [email for email in emails if "smoke" in email]
        wait_for(lambda: dev.client("dynamodb").scan(TableName="users-dev")["Count"] == before, seconds=60, pause=0.5)

    def test_it_reads_the_key_that_clients_need(self, dev: Cloud) -> None:
        done = dev.deploy("dev", "--tag", "one", "--parameter=RequireApiKey=true")
        assert done.returncode == 0, done.stdout + done.stderr
        [key] = dev.client("apigateway").get_api_keys(nameQuery="motiv8-dev", includeValues=True)["items"]
        assert httpx.get(f"{dev.url('dev')}/v1/modes", timeout=60).status_code == 403
        done = dev.script("smoke-test", dev.url("dev"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert key["value"] not in done.stdout + done.stderr
        assert dev.deploy("dev", "--tag", "one", "--parameter=RequireApiKey=false").returncode == 0

    def test_an_api_that_does_not_answer_fails_in_one_line(self, dev: Cloud) -> None:
        said = one_line(dev.script("smoke-test", f"http://127.0.0.1:{free_port()}/dev"))
        assert "does not work" in said
        assert "is not a URL" in one_line(dev.script("smoke-test", "dev"))


class TestRestore:
    def test_tables_and_buckets_come_back_as_they_were(self, dev: Cloud) -> None:
        self._wait_for_deletions(dev)
        person = sign_in(dev, "dev", "restored@example.com")
        s3 = dev.client("s3")
        media = f"motiv8-media-dev-{ACCOUNT}-{REGION}"
        s3.put_object(Bucket=media, Key="pictures/kept.jpg", Body=b"as it was")
        s3.put_object(Bucket=media, Key="pictures/deleted-later.jpg", Body=b"as it was")
        time.sleep(1.1)  # S3 tells versions apart by the second
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        time.sleep(1.1)
        s3.put_object(Bucket=media, Key="pictures/kept.jpg", Body=b"spoilt")
        s3.put_object(Bucket=media, Key="pictures/new.jpg", Body=b"too late")
        s3.delete_object(Bucket=media, Key="pictures/deleted-later.jpg")
        done = dev.script("restore", "dev", moment, "restore-1", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
        restored = f"motiv8-media-restore-1-{ACCOUNT}-{REGION}"
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=restored, Prefix="pictures/")["Contents"]]
        assert "pictures/new.jpg" not in keys
        for key in ("pictures/kept.jpg", "pictures/deleted-later.jpg"):
            assert s3.get_object(Bucket=restored, Key=key)["Body"].read() == b"as it was"
        rows = {
            table: dev.client("dynamodb").scan(TableName=table)["Count"] for table in ("users-dev", "users-restore-1")
        }
        assert rows["users-restore-1"] == rows["users-dev"] > 0
        assert not [each for each in dev.client("dynamodb").list_tables()["TableNames"] if "-at-" in each]
        assert dev.pool("restore-1") is None
        # The people of the lost stack sign in at the new one: it uses their pool.
        keys_address = f"--parameter=JwksUrl={dev.keys('dev')}"
        done = dev.deploy("restore-1", "--tag", "one", keys_address)
        assert done.returncode == 0, done.stdout + done.stderr
        there = Person(dev.url("restore-1"), person.email)
        there.sign_in()
        assert there.expect("GET", "/v1/me")["email"] == "restored@example.com"
        assert "already exists" in one_line(dev.script("restore", "dev", moment, "restore-1", "--yes"))

    @staticmethod
    def _wait_for_deletions(cloud: Cloud) -> None:
        """Smoke tests leave people behind for seconds, who would be in one table and not in its copy."""
        tables = cloud.client("dynamodb")

        def nobody_leaves() -> bool:
            return not [row for row in tables.scan(TableName="users-dev")["Items"] if "deletion_id" in row]

        wait_for(nobody_leaves, seconds=60, pause=0.5)

    def test_one_that_serves_prods_people_is_protected_as_prod_is(self, dev: Cloud) -> None:
        words = ("restore-1", ACCOUNT, "--phase", "base", "--tag", "one")
        prods = ("--parameter=Tier=prod", "--parameter=CorsOrigin=https://app.example.com")
        # The embedded AWS calls every change of a bucket conditional.
        buckets = ("LibraryBucket", "MediaBucket", "UploadsBucket")
        kept = [f"--may-replace={each}" for each in buckets]
        named = ", ".join(f"{each} (CorsConfiguration)" for each in buckets)
        assert f"This may replace {named}, which" in one_line(dev.deploy(*words, *prods))
        done = dev.deploy(*words, *prods, *kept)
        assert done.returncode == 0, done.stdout + done.stderr
        table = dev.client("dynamodb").describe_table(TableName="users-restore-1")["Table"]
        assert table["DeletionProtectionEnabled"]
        said = one_line(dev.script("teardown", "restore-1", "--yes"))
        assert "restore-1 is protected (motiv8-restore-1, users-restore-1, portraits-restore-1, documents-" in said
        assert "restore-1 needs the account" in one_line(dev.deploy("restore-1", "--phase", "base", "--tag", "one"))
        unasked = dev.script("rollback", "restore-1", "--to", "one")
        assert "needs a confirmation" in one_line(unasked) or "already serves one" in one_line(unasked)
        assert dev.deploy(*words, "--yes", "--parameter=Tier=dev").returncode == 0
        done = dev.script("teardown", "restore-1", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
        assert dev.names("restore-1") == []

    @pytest.mark.parametrize(
        ("moment", "said"),
        [
            ("yesterday", "is not a time"),
            ("2026-01-01T00:00:00", "no time zone"),
            ("2020-01-01T00:00:00Z", "cannot be restored"),
        ],
    )
    def test_a_moment_that_cannot_be_had_is_refused(self, dev: Cloud, moment: str, said: str) -> None:
        assert said in one_line(dev.script("restore", "dev", moment, "restore-1", "--yes"))

    def test_it_never_goes_over_an_environment_in_use(self, dev: Cloud) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert "an environment of its own" in one_line(dev.script("restore", "dev", now, "prod", "--yes"))


class TestTheCheckAfterADeployment:
    @pytest.fixture
    def code_deploy(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """An address that takes CodeDeploy's calls, which the embedded AWS does not have, and what it was told."""
        told: list[dict[str, Any]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                asked = self.headers["X-Amz-Target"].endswith("GetDeployment")
                group = "motiv8-dev-StudioFunctionDeploymentGroup-1A2B3C4D5E6F"
                answer = json.dumps({"deploymentInfo": {"deploymentGroupName": group}} if asked else {}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_address[1]}", told
            server.shutdown()

    def _check(self, cloud: Cloud, environment: str, code_deploy: str, folder: Path) -> Any:
        lay_out("Dockerfile.api-handler", folder)
        variables = {
            "MOTIV8_ENVIRONMENT": environment,
            "AWS_ENDPOINT_URL": cloud.emulator.url,
            "AWS_ENDPOINT_URL_CODEDEPLOY": code_deploy,
        }
        event = json.loads((PROJECT / "events" / "deployment-check.json").read_text())
        with Runtime(
            "api-handler", "motiv8.entrypoints.deployment_check.handler", folder / "src", variables
        ) as runtime:
            return runtime.invoke(event)

    def test_it_succeeds_when_the_function_that_was_deployed_works_whatever_the_others_do(
        self, dev: Cloud, code_deploy: tuple[str, list[dict[str, Any]]], tmp_path: Path
    ) -> None:
        address, told = code_deploy
        functions = dev.client("lambda")
        live = functions.get_alias(FunctionName="motiv8-courier-dev", Name="live")["FunctionVersion"]
        functions.delete_alias(FunctionName="motiv8-courier-dev", Name="live")
        try:
            answer = self._check(dev, "dev", address, tmp_path)
        finally:
            functions.create_alias(FunctionName="motiv8-courier-dev", Name="live", FunctionVersion=live)
        assert answer == {"status": "Succeeded", "checks": {"studio": True}}
        assert [each.get("status") for each in told] == [None, "Succeeded"]
        assert told[1]["deploymentId"] == "d-EXAMPLE123"

    def test_it_fails_when_that_one_does_not(
        self, dev: Cloud, code_deploy: tuple[str, list[dict[str, Any]]], tmp_path: Path
    ) -> None:
        functions = dev.client("lambda")
        live = functions.get_alias(FunctionName="motiv8-studio-dev", Name="live")["FunctionVersion"]
        functions.delete_alias(FunctionName="motiv8-studio-dev", Name="live")
        try:
            answer = self._check(dev, "dev", code_deploy[0], tmp_path)
        finally:
            functions.create_alias(FunctionName="motiv8-studio-dev", Name="live", FunctionVersion=live)
        assert answer["checks"] == {"studio": False}
        assert [each.get("status") for each in code_deploy[1]] == [None, "Failed"]


def test_logs_carry_the_correlation_id_from_the_request_to_the_mail(dev: Cloud) -> None:
    person = sign_in(dev, "dev", "followed@example.com")
    person.agree()
    person.upload((PROJECT / "samples" / "astronaut.jpg").read_bytes(), "image/jpeg")
    person.wait_for_selfie()
    answer = person.call("POST", "/v1/portraits", {}, {"X-Correlation-Id": "followed-from-the-phone"})
    person.wait_for_portrait(answer.headers["Location"])

    def delivered() -> list[dict[str, Any]] | None:
        lines = [json.loads(line) for line in dev.fleet.logs().splitlines() if line.startswith("{")]
        followed = [each for each in lines if each.get("correlation_id") == "followed-from-the-phone"]
        return followed if any(each.get("step") == "deliver" for each in followed) else None

    followed = wait_for(delivered, seconds=20, pause=0.2)
    assert {each["step"] for each in followed if "step" in each} == {"load_portrait", "compose", "deliver"}
    [request] = [each for each in followed if each["message"] == "answered"]
    assert (request["method"], request["path"], request["status"]) == ("POST", "/v1/portraits", 202)
    assert "followed@example.com" not in dev.fleet.logs()
