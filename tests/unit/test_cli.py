"""The command: what it makes, and how it says no."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from moto import mock_aws
from PIL import Image

from motiv8_tooling import cli
from motiv8_tooling.command_line import FAILED, OK, REJECTED, USAGE

PROJECT = Path(__file__).parents[2]
SAMPLE = str(PROJECT / "samples" / "astronaut.jpg")


def _one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("motiv8: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("ending", ["jpg", "jpeg"])
def test_a_photo_becomes_a_picture(tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / f"out.{ending}"
    arguments = ["portrait", SAMPLE, "-o", str(made), "--mode", "track", "--date", "2026-11-20", "--json"]
    assert cli.main(arguments) == OK
    facts = json.loads(capsys.readouterr().out)
    assert facts["output"] == str(made)
    assert facts["line"] in facts["alt_text"]
    with Image.open(made) as picture:
        assert picture.size == (1080, 1350)


def test_the_same_words_make_the_same_picture(tmp_path: Path) -> None:
    for name in ("one.jpg", "two.jpg"):
        cli.main(["portrait", SAMPLE, "-o", str(tmp_path / name), "--date", "2026-11-20", "--tone", "tease"])
    assert (tmp_path / "one.jpg").read_bytes() == (tmp_path / "two.jpg").read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["portrait"],
        ["portrait", SAMPLE],
        ["portrait", SAMPLE, "-o", "out.jpg", "--date", "yesterday"],
        ["local"],
        ["daily", "--date", "2026-13-01"],
    ],
)
def test_words_that_are_off_exit_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == USAGE
    _one_line(capsys)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--mode", "moonwalk"], "summit, track"),
        (["--tone", "angry"], "motivate, tease"),
        (["-o", "out.bmp"], ".jpg"),
    ],
)
def test_an_unknown_choice_names_the_known_ones(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["portrait", SAMPLE, "-o", str(tmp_path / "out.jpg"), *options]) == USAGE
    assert said in _one_line(capsys)
    assert list(tmp_path.iterdir()) == []


def test_a_photo_that_will_not_do_exits_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "wall.png"
    Image.new("RGB", (400, 400), "white").save(empty)
    assert cli.main(["portrait", str(empty), "-o", str(tmp_path / "out.jpg")]) == REJECTED
    assert "face" in _one_line(capsys)
    assert not (tmp_path / "out.jpg").exists()


@pytest.mark.parametrize(
    "arguments", [["portrait", "absent.jpg", "-o", "out.jpg"], ["portrait", SAMPLE, "-o", "/absent/out.jpg"]]
)
def test_a_file_that_is_not_there_is_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == FAILED
    assert "absent" in _one_line(capsys)


@pytest.mark.parametrize("arguments", [["local", "down"], ["local", "mail"], ["local", "logs"], ["daily"]])
def test_without_a_running_stack_it_says_how_to_start_one(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--home", str(tmp_path), *arguments]) == FAILED
    assert "make run" in _one_line(capsys)


def test_resetting_throws_the_state_away(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "state").mkdir(parents=True)
    assert cli.main(["--home", str(home), "local", "reset"]) == OK
    assert not home.exists()


def test_a_demo_refuses_a_file_that_is_no_photo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a photo")
    assert cli.main(["demo", str(text)]) == FAILED
    assert "JPEG" in _one_line(capsys)


def test_help_lists_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "exit codes" in capsys.readouterr().out


def test_a_daily_run_on_aws_is_started_on_that_environments_machine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        assert cli.main(["daily", "--environment", "dev-pr-7", "--date", "2026-11-20"]) == FAILED
        said = _one_line(capsys)
    assert "eu-central-1" in said
    assert "motiv8-daily-dev-pr-7" in said
