"""The `motiv8` command of the team."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import time
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo, available_timezones

from motiv8.operations import command as operations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROJECT = Path(__file__).parents[2]
OK, FAILED, USAGE, REJECTED = 0, 1, 2, 3
_EXIT_CODES = """exit codes:
  0  done
  1  it failed; one line on standard error says why
  2  the command's words are off
  3  the photo will not do; one line says what to do about it
"""


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


_LOGGED = ("api-handler", "courier", "export", "studio", "sign-up", "tokens")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="motiv8",
        description="A selfie becomes a daily motivational picture of the person in it.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--home", type=Path, default=PROJECT / ".motiv8", help="where the local stack keeps its state (.motiv8)"
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    local = commands.add_parser("local", help="the stack on this machine").add_subparsers(required=True, metavar="what")
    up = local.add_parser("up", help="start it in the foreground; Ctrl-C stops all of it")
    up.add_argument("--port", type=_port, default=8000, help="the front's port (default 8000)")
    up.set_defaults(run=_up)
    local.add_parser("down", help="stop the one that runs").set_defaults(run=_down)
    local.add_parser("reset", help="throw its state away").set_defaults(run=_reset)
    mail = local.add_parser("mail", help="list the mails that it caught")
    mail.add_argument("--json", action="store_true")
    mail.set_defaults(run=_mail)
    logs = local.add_parser("logs", help="print the functions' logs")
    logs.add_argument("function", nargs="?", choices=_LOGGED)
    logs.set_defaults(run=_logs)

    env = local.add_parser("env", help="print what `sam local --env-vars` needs to use it")
    env.add_argument("--host", default="127.0.0.1", help="by which name a container reaches this machine")
    env.set_defaults(run=_env)

    daily = commands.add_parser("daily", help="run the daily machine now")
    daily.add_argument("--date", type=_date, help="for everybody whose workout day it is")
    daily.add_argument("--email", help="for this person alone, whatever the day")
    daily.add_argument(
        "--environment", help="dev, prod or dev-pr-N on AWS, with your credentials (default: the local stack)"
    )
    daily.add_argument("--json", action="store_true")
    daily.set_defaults(run=_daily)

    portrait = commands.add_parser("portrait", help="make a picture from a photo, without AWS")
    portrait.add_argument("photo", type=Path)
    portrait.add_argument("-o", "--output", type=Path, required=True, help=".jpg or .webp")
    portrait.add_argument("--mode", default="summit")
    portrait.add_argument("--tone", default="motivate")
    portrait.add_argument("--theme", default="dark", help="dark or light")
    portrait.add_argument("--format", default="portrait", help="portrait, story or square")
    portrait.add_argument("--unmarked", action="store_true", help='without "made with motiv8"')
    portrait.add_argument("--line", help="words of your own: Latin, Greek or Cyrillic")
    portrait.add_argument("--date", type=_date, default=None, help="YYYY-MM-DD (default: today, UTC)")
    portrait.add_argument("--seed", type=int, default=0, help="whose line it is")
    portrait.add_argument("--json", action="store_true")
    portrait.set_defaults(run=_portrait)

    bring = commands.add_parser(
        "import", help="bring people over from the old system; a dry run unless --apply (docs/moving-over.md)"
    )
    bring.add_argument("--database", required=True, help="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
    bring.add_argument("--files", required=True, help="a folder, or s3://BUCKET/PREFIX")
    bring.add_argument(
        "--environment", help="dev, prod or dev-pr-N on AWS, with your credentials (default: the local stack)"
    )
    bring.add_argument("--apply", action="store_true", help="write; without it all is looked at, and nothing changed")
    bring.add_argument(
        "--consent-given", action="store_true", help="people agreed to the use of their faces: bring selfies, too"
    )
    bring.add_argument("--time-zone", default="UTC", help="in which they live, until they say otherwise (UTC)")
    bring.add_argument("--no-invitations", action="store_true", help="mail nobody yet; a later run without it does")
    bring.add_argument("--report", type=Path, help="write what became of each thing as JSON")
    bring.set_defaults(run=_import)

    operations.add_to(commands)

    demo = commands.add_parser("demo", help="play the main job once on a stack of its own")
    demo.add_argument("photo", type=Path, nargs="?")
    demo.add_argument("--folder", type=Path, default=PROJECT / "demo", help="where picture and mail are saved")
    demo.set_defaults(run=_demo)
    return parser


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date, YYYY-MM-DD") from None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port, 1 to 65535")
    return int(text)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command's voice


def _running(home: Path) -> dict[str, str]:
    """What the running local stack wrote down of itself. Raises RuntimeError when none runs."""
    try:
        note: dict[str, str] = json.loads((home / "running.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        note = {}
    # One that was killed could not take its note away.
    if not note or not _alive(int(note["pid"])):
        raise RuntimeError("No local stack is running: start it with `make run`.")
    return note


def _is_running(home: Path) -> bool:
    try:
        return bool(_running(home))
    except RuntimeError:
        return False


def _up(given: argparse.Namespace) -> int:
    from motiv8.local.reload import Reloader
    from motiv8.local.stack import running

    if _is_running(given.home):
        raise RuntimeError("The local stack is running already; `motiv8 local down` stops it.")
    if (given.home / "running.json").exists():
        _say("the last local stack was killed; starting it anew")
    _stop_as_by_ctrl_c()
    with running(given.home, keep=True, front_port=given.port, announce=_say) as stack:
        note = {"pid": str(os.getpid()), "emulator": stack.emulator.url, "front": stack.front.url}
        note["daily"] = stack.outputs["DailyStateMachineArn"]
        try:
            (given.home / "running.json").write_text(json.dumps(note), encoding="utf-8")
            _say(f"app    {stack.front.url}\nAPI    {stack.front.url}/v1")
            _say(f"docs   {stack.front.url}/docs\ninbox  {stack.front.url}/_local/inbox")
            _say("a change under src/ is live at once; Ctrl-C stops everything")
            with Reloader(stack.emulator, _say):
                # Not signal.pause(): a signal that comes just before it would not end it.
                while True:
                    time.sleep(0.5)
                    stack.restart_if_dead()
        except KeyboardInterrupt:
            _say("stopping; state is kept")
        finally:
            (given.home / "running.json").unlink(missing_ok=True)
    return OK


def _stop_as_by_ctrl_c() -> None:
    # `motiv8 local down` and a closed terminal stop us like Ctrl-C, to which a shell's background jobs are born deaf.
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.default_int_handler)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _down(given: argparse.Namespace) -> int:
    pid = int(_running(given.home)["pid"])
    os.kill(pid, signal.SIGTERM)
    while _alive(pid):
        time.sleep(0.1)
    _say("stopped")
    return OK


def _reset(given: argparse.Namespace) -> int:
    if _is_running(given.home):
        raise RuntimeError("The local stack is running: stop it first (`motiv8 local down`).")
    shutil.rmtree(given.home, ignore_errors=True)
    _say("the local state is gone")
    return OK


def _mail(given: argparse.Namespace) -> int:
    from motiv8.local.mailbox import Mailbox

    mails = Mailbox(given.home / "mail", _running(given.home)["emulator"]).all()
    if given.json:
        listed = [
            {"to": each.to, "subject": each.subject, "text": each.text, "file": each.name or None} for each in mails
        ]
        _say(json.dumps(listed, indent=2))
    for each in [] if given.json else mails:
        _say(f"{datetime.fromtimestamp(each.sent_at, ZoneInfo('UTC')):%H:%M:%S}  {each.to}  {each.subject}")
        _say(f"          {given.home / 'mail' / each.name if each.name else ' '.join(each.text.split())}")
    return OK


def _logs(given: argparse.Namespace) -> int:
    logs = _local_client("logs", given.home)
    groups = {each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]}
    for name in [given.function] if given.function else _LOGGED:
        group = f"/aws/lambda/motiv8-{name}-local"
        if group not in groups:
            continue
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
            for event in page["events"]:
                _say(f"{name:12}{event['message'].rstrip()}")
    return OK


def _env(given: argparse.Namespace) -> int:
    from motiv8.local.deploy import variables

    found = variables(_local_client("lambda", given.home), _running(given.home)["emulator"])
    _say(json.dumps(found, indent=2).replace("//127.0.0.1:", f"//{given.host}:"))
    return OK


def _local_client(service: str, home: Path) -> Any:
    from motiv8.local.deploy import client
    from motiv8.local.emulator import Emulator

    port = int(_running(home)["emulator"].rpartition(":")[2])
    return client(service, Emulator(home, port))


def _daily(given: argparse.Namespace) -> int:
    from motiv8.local.daily import daily_machine, run_daily

    order = {"date": given.date.isoformat()} if given.date else {}
    if given.email:
        # What a machine is given stays in its history: ids alone.
        order["user_id"] = _user_id(given) or ""
    if order.get("user_id") == "":
        summary = {"due": 0, "served": 0, "failed": 0}
    elif given.environment:
        summary = run_daily(*daily_machine(given.environment), order)
    else:
        summary = run_daily(_local_client("stepfunctions", given.home), _running(given.home)["daily"], order)
    _say(json.dumps(summary) if given.json else "due {due}, served {served}, failed {failed}".format(**summary))
    return OK if not summary["failed"] else FAILED


def _user_id(given: argparse.Namespace) -> str | None:
    """Whose email it is in the environment's user pool, if anybody's."""
    from motiv8.operations.errors import explained

    with explained():
        _use_stack(given)
        from motiv8.aws import user_pool

        account = user_pool.find(given.email)
    return account.user_id if account else None


def _use_stack(given: argparse.Namespace) -> None:
    """Have the modules of the backend work on the environment that was named, or on the local stack."""
    from motiv8.operations.environment import client, environment
    from motiv8.operations.migration.run import use_stack

    if given.environment:
        use_stack(client("lambda"), environment(given.environment).name)
    else:
        use_stack(_local_client("lambda", given.home), "local", _embedded(_running(given.home)))


def _import(given: argparse.Namespace) -> int:
    from motiv8.operations.errors import explained
    from motiv8.operations.migration.run import run

    if given.time_zone not in available_timezones():
        raise RuntimeError(f"{given.time_zone!r} is no time zone, such as Europe/Berlin")
    with explained():
        _use_stack(given)
        from motiv8.operations.migration.bring import Options

        options = Options(given.apply, given.consent_given, not given.no_invitations, given.time_zone)
        report = run(given.database, given.files, options, _say)
    if given.report:
        given.report.write_text(json.dumps(report.as_json(applied=given.apply), indent=2), encoding="utf-8")
    _say(report.as_text())
    if not given.apply:
        _say("This was a dry run: nothing was written. Run it again with --apply.")
    return FAILED if report.failed else OK


def _embedded(note: dict[str, str]) -> dict[str, str]:
    """The variables that lead to the local stack; mail goes to its inbox."""
    return {
        "AWS_ENDPOINT_URL": note["emulator"],
        "AWS_ENDPOINT_URL_SESV2": note["front"],
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


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
    from motiv8.catalogue.formats import FORMATS
    from motiv8.catalogue.modes import MODES
    from motiv8.catalogue.themes import THEMES
    from motiv8.catalogue.tones import TONES
    from motiv8.clock import now
    from motiv8.studio import portrait, selfie
    from motiv8.studio.poster import Design

    asked = (
        ("mode", given.mode, tuple(MODES)),
        ("tone", given.tone, TONES),
        ("theme", given.theme, THEMES),
        ("format", given.format, tuple(FORMATS)),
    )
    for what, word, known in asked:
        if word not in known:
            print(f"motiv8: no {what} {word!r}; there are {', '.join(known)}", file=sys.stderr)  # noqa: T201
            return USAGE
    if given.output.suffix.lower() not in {".jpg", ".jpeg", ".webp"}:
        print("motiv8: the output is a .jpg or a .webp", file=sys.stderr)  # noqa: T201
        return USAGE
    photo = given.photo.read_bytes()
    with _native_messages_silenced():
        extraction = selfie.extract(photo)
    design = Design(given.mode, given.date or now().date(), given.tone, given.theme, given.format, not given.unmarked)
    made = portrait.render(extraction.cutout, design, given.seed, line=given.line)
    given.output.write_bytes(made.webp if given.output.suffix.lower() == ".webp" else made.jpeg)
    facts = {"output": str(given.output), "line": made.line, "alt_text": made.alt_text}
    _say(json.dumps(facts) if given.json else f"{given.output}: {made.line}")
    return OK


def _demo(given: argparse.Namespace) -> int:
    from motiv8.local.demo import SAMPLE, run

    _stop_as_by_ctrl_c()
    run(given.photo or SAMPLE, given.folder, _say)
    return OK


if __name__ == "__main__":
    raise SystemExit(main())
