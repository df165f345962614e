"""The `motiv8` command of the team."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import available_timezones

from motiv8.catalogue.formats import DEFAULT_FORMAT, FORMATS
from motiv8.catalogue.modes import DEFAULT_MODE, MODES
from motiv8.catalogue.themes import DEFAULT_THEME, THEMES
from motiv8.catalogue.tones import DEFAULT_TONE, TONES
from motiv8_tooling import library_command
from motiv8_tooling.command_line import EXIT_CODES, FAILED, OK, REJECTED, USAGE, date_of, say
from motiv8_tooling.local import command as local
from motiv8_tooling.local.command import choose_stack
from motiv8_tooling.operations import command as operations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROJECT = Path(__file__).parents[2]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"motiv8: {message} (motiv8 --help)", file=sys.stderr)  # noqa: T201 - a command's voice
        raise SystemExit(USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        code: int = given.run(given)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - whatever it is, the person gets one line and not our stack
        return _fail(error)
    return code


def _fail(error: Exception) -> int:
    rejected = type(error).__name__ in {"PhotoRejected", "SelfieRejected"}
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, OSError) and error.filename:
        text = f"{error.filename}: {error.strerror}"
    print(f"motiv8: {text}", file=sys.stderr)  # noqa: T201
    return REJECTED if rejected else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="motiv8",
        description="A selfie becomes a daily motivational picture of the person in it.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--home", type=Path, default=PROJECT / ".motiv8", help="where the local stack keeps its state (.motiv8)"
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    local.add_to(commands)
    _add_portrait(commands)
    _add_import(commands)
    library_command.add_to(commands)
    operations.add_to(commands)
    return parser


def _add_portrait(commands: Any) -> None:
    portrait = commands.add_parser("portrait", help="make a picture from a photo, without AWS")
    portrait.add_argument("photo", type=Path)
    portrait.add_argument("-o", "--output", type=Path, required=True, help=".jpg")
    portrait.add_argument("--mode", default=DEFAULT_MODE, help=", ".join(MODES))
    portrait.add_argument("--tone", default=DEFAULT_TONE, help=", ".join(TONES))
    portrait.add_argument("--theme", default=DEFAULT_THEME, help=", ".join(THEMES))
    portrait.add_argument("--format", default=DEFAULT_FORMAT, help=", ".join(FORMATS))
    portrait.add_argument("--unmarked", action="store_true", help='without "made with motiv8"')
    portrait.add_argument("--line", help="your own text, in Latin, Greek or Cyrillic letters")
    portrait.add_argument("--date", type=date_of, default=None, help="YYYY-MM-DD (default: today, UTC)")
    portrait.add_argument("--seed", type=int, default=0, help="another number gives another line")
    portrait.add_argument("--json", action="store_true")
    portrait.set_defaults(run=_portrait)


def _add_import(commands: Any) -> None:
    importing = commands.add_parser(
        "import", help="import people from the old system; a dry run unless --apply (docs/moving-over.md)"
    )
    importing.add_argument("--database", required=True, help="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
    importing.add_argument("--files", required=True, help="a folder, or s3://BUCKET/PREFIX")
    importing.add_argument(
        "--environment", help="dev, prod or dev-pr-N on AWS, with your credentials (default: the local stack)"
    )
    importing.add_argument(
        "--apply", action="store_true", help="write the data (default: a dry run, which changes nothing)"
    )
    importing.add_argument(
        "--consent-given", action="store_true", help="people have agreed to the use of their faces: import selfies too"
    )
    importing.add_argument("--time-zone", default="UTC", help="time zone of the imported people (default UTC)")
    importing.add_argument(
        "--no-invitations", action="store_true", help="send no invitations yet; a later run without this option does"
    )
    importing.add_argument("--report", type=Path, help="write the outcome of each item as JSON")
    importing.set_defaults(run=_import)


def _import(given: argparse.Namespace) -> int:
    from motiv8_tooling.operations.errors import explained
    from motiv8_tooling.operations.migration.run import run

    if given.time_zone not in available_timezones():
        raise RuntimeError(f"{given.time_zone!r} is not a time zone; use one such as Europe/Berlin")
    with explained():
        choose_stack(given)
        from motiv8_tooling.operations.migration.importer import Options

        options = Options(given.apply, given.consent_given, not given.no_invitations, given.time_zone)
        report = run(given.database, given.files, options, say)
    if given.report:
        given.report.write_text(json.dumps(report.as_json(applied=given.apply), indent=2), encoding="utf-8")
    say(report.as_text())
    if not given.apply:
        say("This was a dry run: nothing was written. Run it again with --apply.")
    return FAILED if report.failed else OK


@contextmanager
def _native_messages_silenced() -> Iterator[None]:
    """LiteRT writes an INFO line to file descriptor 2 for each model, and has no switch for it."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _portrait(given: argparse.Namespace) -> int:
    from motiv8.clock import now
    from motiv8.studio import rendering, selfie
    from motiv8.studio.design import Design

    asked = (
        ("mode", given.mode, MODES),
        ("tone", given.tone, TONES),
        ("theme", given.theme, THEMES),
        ("format", given.format, FORMATS),
    )
    for what, word, known in asked:
        if word not in known:
            print(f"motiv8: unknown {what} {word!r}; choose from {', '.join(known)}", file=sys.stderr)  # noqa: T201
            return USAGE
    if given.output.suffix.lower() not in {".jpg", ".jpeg"}:
        print("motiv8: the output must be a .jpg file", file=sys.stderr)  # noqa: T201
        return USAGE
    photo = given.photo.read_bytes()
    with _native_messages_silenced():
        extraction = selfie.extract(photo)
    design = Design(given.mode, given.date or now().date(), given.tone, given.theme, given.format, not given.unmarked)
    made = rendering.render(extraction.cutout, design, given.seed, line=given.line)
    given.output.write_bytes(made.jpeg)
    facts = {"output": str(given.output), "line": made.line, "alt_text": made.alt_text}
    say(json.dumps(facts) if given.json else f"{given.output}: {made.line}")
    return OK


if __name__ == "__main__":
    raise SystemExit(main())
