"""An account of its own for each file, so that files can run beside each other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from motiv8_tooling.local.emulator import CREDENTIALS, Emulator, free_port
from motiv8_tooling.local.provisioning import client, embedded_template
from stand_in.cloud import (
    ENVIRONMENTS,
    FUNCTIONS,
    Cloud,
)
from stand_in.commands import Commands
from stand_in.docker import Docker
from stand_in.fleet import Fleet


def _of_this_run(folders: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this run share."""
    own = folders.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An empty account, with `docker` stood in for."""
    folder = tmp_path_factory.mktemp("cloud")
    (folder / "template.json").write_text(json.dumps(embedded_template()))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    # Of all tests in this run: their images are made from the same code.
    shared = _of_this_run(tmp_path_factory)
    with (
        Docker(folder, shared / "layers", shared / "answers") as docker,
        Fleet(docker.images, {"AWS_ENDPOINT_URL": url}) as fleet,
    ):
        functions = {f"motiv8-{name}-{each}": fleet.url for name in FUNCTIONS for each in ENVIRONMENTS}
        with Emulator(folder / "aws", port, wait_scale=0.1, image_functions=functions) as emulator:
            fleet.functions, docker.registry = client("lambda", emulator), client("ecr", emulator)
            environment = {
                **CREDENTIALS,
                "PATH": f"{docker.programs}:{os.environ['PATH']}",
                "HOME": os.environ["HOME"],
                "AWS_ENDPOINT_URL": url,
            }
            with Commands(folder) as commands:
                yield Cloud(emulator, docker, fleet, folder, environment, commands, shared / "proven")


@pytest.fixture(scope="module")
def dev(cloud: Cloud) -> Cloud:
    """The account with dev deployed, phase by phase, serving the image `one`."""
    for phase in ("base", "images", "functions"):
        done = cloud.deploy("dev", "--phase", phase, "--tag", "one")
        assert done.returncode == 0, done.stdout + done.stderr
    return cloud
